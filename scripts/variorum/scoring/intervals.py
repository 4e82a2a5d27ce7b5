"""Intervals by the bootstrap: units are drawn anew with replacement, and the figures computed from the weighted sums.

Percentile intervals of 95 % (Efron and Tibshirani 1993, chapter 13). A replicate is a column of weights: how often
each unit was drawn, multinomial with equal chances. Where rows belong to two units (pairs of claims) a row weighs the
product of the two, so that all pairs of one claim come and go together. All intervals are conditional on these
articles: units are drawn from them, not articles from a population.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from variorum.scoring.config import LEVEL
from variorum.scoring.tables import Draws, Floats, Sheet

AT_ONCE = 128  # replicates, as long as
CELLS = 40_000_000  # weights are enough for them


def replicates(sheets: Sequence[Sheet], resamples: int, seed: int) -> list[dict[str, Floats]]:
    """The sums of tables in each of the replicates, the same draws for all tables of the same units.

    The same seed and number of units give the same draws.
    """
    found: dict[int, dict[str, Floats]] = {}
    for units in dict.fromkeys(sheet.units for sheet in sheets):
        some = {at: sheet.resampler() for at, sheet in enumerate(sheets) if sheet.units == units}
        with threadpool_limits(1, "blas"):  # a product takes milliseconds; threads would wait for one another longer
            parts = [[resample(each) for resample in some.values()] for each in draws(len(units), resamples, seed)]
        for at, sums in zip(some, zip(*parts, strict=True), strict=True):
            found[at] = sheets[at].named(np.concatenate(sums))
    return [found[at] for at in range(len(sheets))]


def draws(n_units: int, resamples: int, seed: int) -> Iterator[Draws]:
    """How often each unit is drawn, replicates by units, some replicates at a time.

    Eight bits will do: with 256 units or more none is drawn 256 times in the lifetime of anything. In memory the
    replicates of one unit lie side by side, as `sums_of_products` wants them.
    """
    generator = np.random.default_rng(seed)
    at_once = max(1, min(AT_ONCE, CELLS // max(n_units, 1)))
    for start in range(0, resamples, at_once):
        weights = np.zeros((min(at_once, resamples - start), n_units), np.uint8)
        for replicate in weights:
            drawn = generator.integers(n_units, size=n_units, dtype=np.int32)
            np.add.at(replicate, drawn.astype(np.intp), np.uint8(1))
        yield np.ascontiguousarray(weights.T).T


def percentiles(values: Floats) -> tuple[float, float] | None:
    """The interval of replicates of a figure; None if it is undefined in half of them or more."""
    defined = values[~np.isnan(values)]
    if 2 * len(defined) <= len(values):
        return None
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(defined, (tail, 100 - tail))
    return float(low), float(high)
