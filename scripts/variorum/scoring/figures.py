"""Figures: functions of sums, and why one is undefined. A quotient of nothing by nothing is no number: nan here, None
in a report.

A `Formula` gives its figures for single sums and for arrays of replicates alike.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from variorum.scoring.tables import Floats, Sums

NOTHING = {
    "precision": "the prediction has none",
    "recall": "gold has none",
    "f1": "neither side has any",
}
Function = Callable[[Sums], dict[str, Floats]]


class Formula(NamedTuple):
    """How figures follow from sums; `undefined` says why a figure can be missing; `shown` are sums worth printing."""

    function: Function
    undefined: dict[str, str]
    shown: dict[str, Callable[[Sums], Floats]]


def quotient(above: Floats, below: Floats) -> Floats:
    """above / below, nan where there is nothing below."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)


def f1(precision: Floats, recall: Floats) -> Floats:
    """2 P R / (P + R) (van Rijsbergen 1979); 0 if nothing is right, undefined if neither side has anything."""
    p, r = np.nan_to_num(precision), np.nan_to_num(recall)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(p + r > 0, 2 * p * r / (p + r), 0)
    lost = np.isnan(precision) & np.isnan(recall) | (np.isnan(precision) & (r > 0)) | (np.isnan(recall) & (p > 0))
    return np.where(lost, np.nan, mean)


def prf(right: Floats, predicted: Floats, found: Floats, wanted: Floats) -> dict[str, Floats]:
    """P = right / predicted, R = found / wanted and F1: `right` is credit as the prediction counts it, `found` as gold
    does; the two are the same number unless items are told apart by a property of their own side."""
    precision, recall = quotient(right, predicted), quotient(found, wanted)
    return {"precision": precision, "recall": recall, "f1": f1(precision, recall)}


def credited(right: str, predicted: str, found: str, wanted: str) -> Formula:
    """Precision, recall and F1 from four columns."""
    return Formula(lambda s: prf(s[right], s[predicted], s[found], s[wanted]), NOTHING, {})


def detected(tp: str, fp: str, fn: str) -> Formula:
    """Precision, recall and F1 from hits, false alarms and misses."""
    shown = {"tp": lambda s: s[tp], "fp": lambda s: s[fp], "fn": lambda s: s[fn]}
    return Formula(lambda s: prf(s[tp], s[tp] + s[fp], s[tp], s[tp] + s[fn]), NOTHING, shown)


def share(name: str, right: str, of: str, why: str) -> Formula:
    """One quotient of two columns."""
    shown = {"right": lambda s: s[right], "of": lambda s: s[of]}
    return Formula(lambda s: {name: quotient(s[right], s[of])}, {name: why}, shown)


def macro(parts: Sequence[Formula]) -> Formula:
    """The mean of each figure over the parts in which it is defined."""

    def function(sums: Sums) -> dict[str, Floats]:
        each = [part.function(sums) for part in parts]
        return {name: mean([figures[name] for figures in each]) for name in NOTHING}

    return Formula(function, NOTHING, {})


def mean(values: Sequence[Floats]) -> Floats:
    """The mean of those that are defined; nan if none is."""
    stacked = np.stack([np.asarray(value, dtype=float) for value in values]) if values else np.full((1,), np.nan)
    defined = ~np.isnan(stacked)
    return quotient(np.nansum(stacked, axis=0), defined.sum(axis=0))
