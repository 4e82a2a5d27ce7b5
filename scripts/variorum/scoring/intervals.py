"""Intervals by the bootstrap: units are drawn anew with replacement, and the figures computed from the weighted sums.

Percentile intervals of 95 % (Efron and Tibshirani 1993, chapter 13). A replicate is a column of weights: how often
each unit was drawn, multinomial with equal chances. Where rows belong to two units (pairs of claims) a row weighs the
product of the two, so that all pairs of one claim come and go together. All intervals are conditional on these
articles: units are drawn from them, not articles from a population.
"""

from collections.abc import Iterator

import numpy as np

from variorum.scoring.config import LEVEL
from variorum.scoring.tables import Floats, Sheet

CELLS = 8_000_000  # weights held in memory at a time


def replicates(sheet: Sheet, resamples: int, seed: int) -> dict[str, Floats]:
    """The sums of a table in each of the replicates; the same seed and number of units give the same draws."""
    resample = sheet.resampler()
    parts = [resample(weights) for weights in draws(len(sheet.units), resamples, seed)]
    return sheet.named(np.concatenate(parts))


def draws(n_units: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Weights of units by replicates, some replicates at a time."""
    generator = np.random.default_rng(seed)
    at_once = max(1, min(resamples, CELLS // max(n_units, 1)))
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        weights = np.empty((n_units, size))
        for replicate in range(size):
            weights[:, replicate] = np.bincount(generator.integers(n_units, size=n_units), minlength=n_units)
        yield weights


def percentiles(values: Floats) -> tuple[float, float] | None:
    """The interval of replicates of a figure; None if it is undefined in half of them or more."""
    defined = values[~np.isnan(values)]
    if 2 * len(defined) <= len(values):
        return None
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(defined, (tail, 100 - tail))
    return float(low), float(high)
