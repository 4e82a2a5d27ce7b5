"""Coefficients of agreement between annotators who gave items labels, some of them perhaps missing.

Items with the same labels count alike, so all coefficients are functions of *profiles* (the different rows of labels)
and of how many items have each: `labels` is profiles by annotators, the number of a category or -1 for a missing label;
`weights` has the number of items with each profile in its last axis, one row for each replicate of a bootstrap if there
are any. Labels are 0 to `size` - 1 and `size` is the number of declared categories, whether or not they occur.

Notation: n_uc is how many annotators gave item u the category c, m_u how many labels it has; sums over items are
weighted. Only items with two labels or more can agree (pairable). Where a formula divides by nothing the value is nan;
`REASONS` says what that means.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from variorum.overlaps import Ints

Floats = NDArray[np.float64]
Coefficient = Callable[[Ints, Floats, int], Floats]
MISSING = -1
NOT_PAIRED = "no item has two labels"
ONE_CATEGORY = "all labels are of one category, so that nothing can be told from chance"


def quotient(above: Any, below: Any) -> Floats:
    """above / below, nan where there is nothing below."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.asarray(below) > 0, np.asarray(above) / below, np.nan)


def tally(labels: Ints, size: int) -> Floats:
    """n_uc: profiles by categories."""
    return np.stack([(labels == category).sum(axis=1) for category in range(size)], axis=1).astype(float)


def paired(labels: Ints, weights: Floats) -> Floats:
    """How many items have two labels or more."""
    return np.asarray(weights[..., (labels != MISSING).sum(axis=1) >= 2].sum(axis=-1))


def _pairable(labels: Ints, weights: Floats, size: int) -> tuple[Floats, Floats, Floats]:
    """n_uc, m_u and weights of the pairable profiles."""
    n = tally(labels, size)
    m = n.sum(axis=1)
    keep = m >= 2
    return n[keep], m[keep], weights[..., keep]


def observed_agreement(labels: Ints, weights: Floats, size: int) -> Floats:
    """P = mean over pairable items of sum_c n_uc (n_uc - 1) / (m_u (m_u - 1)): the share of equal pairs of labels.

    Fleiss 1971, equations 2 and 3; for two annotators the share of items with equal labels.
    """
    n, m, w = _pairable(labels, weights, size)
    return quotient(w @ ((n * (n - 1)).sum(axis=1) / (m * (m - 1))), w.sum(axis=-1))


def alpha(labels: Ints, weights: Floats, size: int) -> Floats:
    """Krippendorff's alpha, nominal: 1 - (n - 1) sum_u sum_{c≠k} [n_uc n_uk / (m_u - 1)] / sum_{c≠k} n_c n_k.

    n_c counts the labels c of pairable items, n all of these. Krippendorff 2004, chapter 11; 2011, section D.
    """
    n, m, w = _pairable(labels, weights, size)
    total = w @ n
    observed = w @ ((m**2 - (n**2).sum(axis=1)) / (m - 1))
    number = total.sum(axis=-1)
    return np.asarray(1 - (number - 1) * quotient(observed, number**2 - (total**2).sum(axis=-1)))


Distances = Callable[[Floats], Floats]  # from the totals n_c to squared distances of categories, (..., size, size)


def alpha_by(distances: Distances) -> Coefficient:
    """Krippendorff's alpha with another metric: 1 - (n - 1) sum o_ck δ²_ck / sum n_c n_k δ²_ck, where the coincidences
    are o_ck = sum_u n_uc (n_uk - [c = k]) / (m_u - 1). Krippendorff 2011, sections C and E."""

    def coefficient(labels: Ints, weights: Floats, size: int) -> Floats:
        n, m, w = _pairable(labels, weights, size)
        coincidences = (n[:, :, None] * (n[:, None, :] - np.eye(size))) / (m - 1)[:, None, None]
        observed = (w @ coincidences.reshape(len(n), -1)).reshape(*w.shape[:-1], size, size)
        total = w @ n
        squared = distances(total)
        expected = (total[..., :, None] * total[..., None, :] * squared).sum(axis=(-2, -1))
        return np.asarray(1 - (total.sum(axis=-1) - 1) * quotient((observed * squared).sum(axis=(-2, -1)), expected))

    return coefficient


def ordinal(total: Floats) -> Floats:
    """δ²_ck = (sum_{g=c..k} n_g - (n_c + n_k) / 2)²: the labels that lie between two ranks."""
    rank = np.cumsum(total, axis=-1) - total / 2
    return np.asarray((rank[..., :, None] - rank[..., None, :]) ** 2)


def interval(values: Floats) -> Distances:
    """δ²_ck = (c - k)², of the values of the categories."""
    return lambda total: np.asarray((values[:, None] - values[None, :]) ** 2)


def cohen(labels: Ints, weights: Floats, size: int) -> Floats:
    """Cohen's kappa of two annotators, (p_o - p_e) / (1 - p_e) with p_e = sum_c p_1c p_2c over items both labelled.

    Cohen 1960, equation 1. ValueError if there are not two annotators.
    """
    if labels.shape[1] != 2:
        raise ValueError(f"Cohen's kappa is of two annotators, these are {labels.shape[1]}")
    both = (labels != MISSING).all(axis=1)
    first, second, w = labels[both, 0], labels[both, 1], weights[..., both]
    number = w.sum(axis=-1)
    categories = np.arange(size)
    chance = ((w @ (first[:, None] == categories)) * (w @ (second[:, None] == categories))).sum(axis=-1)
    # Multiplied by the squared number of items, so that whole numbers are compared and not their quotients.
    return quotient(number * (w @ (first == second).astype(float)) - chance, number**2 - chance)


def _shares(labels: Ints, weights: Floats, size: int) -> Floats:
    """π_c = mean over the items with any label of n_uc / m_u (Gwet 2014, section 2.5: single labels count here)."""
    n = tally(labels, size)
    m = n.sum(axis=1)
    any_label = m > 0
    w = weights[..., any_label]
    return quotient(w @ (n[any_label] / m[any_label, None]), w.sum(axis=-1)[..., None])


def fleiss(labels: Ints, weights: Floats, size: int) -> Floats:
    """Fleiss' kappa, (P - P_e) / (1 - P_e) with P_e = sum_c π_c².

    Fleiss 1971, equations 2 to 7; where labels are missing as in Gwet 2014, section 2.5.
    """
    observed = observed_agreement(labels, weights, size)
    chance = (_shares(labels, weights, size) ** 2).sum(axis=-1)
    return quotient(observed - chance, np.where(1 - chance > 1e-12, 1 - chance, 0))


def ac1(labels: Ints, weights: Floats, size: int) -> Floats:
    """Gwet's AC1, (P - P_e) / (1 - P_e) with P_e = sum_c π_c (1 - π_c) / (q - 1), q declared categories.

    Gwet 2008, equations 6 and 18; made for rare categories, where kappa and alpha collapse. With one category in use it
    is 1, for chance agreement is taken to be nothing then.
    """
    if size < 2:
        return np.full(weights.shape[:-1], np.nan)
    share = _shares(labels, weights, size)
    chance = (share * (1 - share)).sum(axis=-1) / (size - 1)
    return quotient(observed_agreement(labels, weights, size) - chance, 1 - chance)


def specific(category: int) -> Coefficient:
    """Specific agreement on a category c: sum_u n_uc (n_uc - 1) / (m_u - 1) over sum_u n_uc, pairable items.

    The chance that another annotator says c where one does. For two annotators 2a / (2a + b + c): Dice 1945; Fleiss
    1975; Cicchetti and Feinstein 1990 (p_pos).
    """

    def coefficient(labels: Ints, weights: Floats, size: int) -> Floats:
        n, m, w = _pairable(labels, weights, size)
        own = n[:, category]
        return quotient(w @ (own * (own - 1) / (m - 1)), w @ own)

    return coefficient


COEFFICIENTS: dict[str, Coefficient] = {
    "alpha": alpha,
    "fleiss": fleiss,
    "ac1": ac1,
    "raw": observed_agreement,
}
REASONS = {
    "alpha": ONE_CATEGORY,
    "fleiss": ONE_CATEGORY,
    "cohen": ONE_CATEGORY,
    "ac1": "there is one category only, so that nothing can be told from chance",
    "raw": NOT_PAIRED,
    "specific": "no item with two labels has this one",
}
