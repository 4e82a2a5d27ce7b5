"""The bootstrap over items: how sure a coefficient is if items were drawn anew.

Items with equal labels are interchangeable, so a resample of N items is a multinomial draw over their profiles: the
same distribution as drawing N items with replacement, at a cost that does not depend on N once the profiles are counted
(Efron and Tibshirani 1993, chapters 6 and 13). Spans and pairs are not drawn item by item but with their paragraphs or
claims (`variorum.agreement.sheets`), since items of one paragraph or one claim are not independent.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.agreement.coefficients import MISSING, Coefficient, Floats, alpha
from variorum.overlaps import Ints
from variorum.scoring.config import RESAMPLES, SEED
from variorum.scoring.intervals import percentiles

BINS = 1_000_000  # profiles that are counted in place, without sorting
BLOCK = 262_144  # items at a time


class Profiles(NamedTuple):
    """The different rows of labels, and how many items have each."""

    labels: Ints  # profiles by annotators
    items: Ints


class Estimate(NamedTuple):
    """A coefficient with its 95 % percentile interval; None where undefined."""

    value: float | None
    low: float | None
    high: float | None


def profiles(columns: Sequence[NDArray[np.integer]], size: int) -> Profiles:
    """The profiles of items whose labels are given as one column an annotator: 0 to `size` - 1, or -1 for missing.

    ValueError for other labels, or columns of different lengths.
    """
    base = size + 1
    if len({len(column) for column in columns}) > 1:
        raise ValueError("annotators have different numbers of items; a missing label is -1")
    if any(len(column) and not MISSING <= column.min() <= column.max() < size for column in columns):
        raise ValueError(f"labels are {MISSING} (missing) to {size - 1}")
    if base ** len(columns) > BINS:
        found, items = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
        return Profiles(found.astype(np.int64), items.astype(np.int64))
    counts = np.zeros(base ** len(columns), np.int64)
    for start in range(0, len(columns[0]) if columns else 0, BLOCK):
        code = np.zeros(len(columns[0][start : start + BLOCK]), np.int32)
        for column in columns:
            code *= base
            code += column[start : start + BLOCK] + 1
        counts += np.bincount(code, minlength=len(counts))
    present = np.flatnonzero(counts)
    digits = [present // base ** (len(columns) - 1 - at) % base - 1 for at in range(len(columns))]
    return Profiles(np.stack(digits, axis=1) if digits else np.zeros((len(present), 0), np.int64), counts[present])


def replicates(found: Profiles, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """How many items have each profile in each resample: resamples by profiles."""
    total = int(found.items.sum())
    if not total:
        return np.zeros((resamples, len(found.items)))
    return np.random.default_rng(seed).multinomial(total, found.items / total, size=resamples).astype(float)


def estimate(
    found: Profiles, size: int, coefficient: Coefficient = alpha, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """A coefficient of these items and its interval, items being drawn independently."""
    value = float(coefficient(found.labels, found.items.astype(float), size))
    if np.isnan(value):
        return Estimate(None, None, None)
    spread = percentiles(coefficient(found.labels, replicates(found, resamples, seed), size)) if resamples else None
    low, high = spread or (None, None)
    return Estimate(value, low, high)
