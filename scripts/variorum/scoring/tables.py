"""Counts in tables: rows that can be resampled, columns that are added up, and figures that are made of the sums.

Every figure of every layer is a function of sums over rows, so a corpus score is a sum, the score of parts adds up, and
an interval comes from weighting the rows. A row belongs to one unit (a paragraph, a document), or to two (a pair
belongs to its two claims): then its weight is the product of theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from variorum.overlaps import Ints

Floats = NDArray[np.float64]
Sums = Mapping[str, Floats]  # by column; one number, or one for each replicate
Draws = NDArray[Any]  # whole numbers: how often units are drawn, one row a replicate
Resampler = Callable[[Draws], Floats]
SINGLE = 2**24  # whole numbers below this are exact in single precision
FEW = 1000  # different counts of a column
PAIRS = 8192  # pairs whose products are made at a time, so that they stay near the processor
LONG = 64  # pairs


class Table(NamedTuple):
    """Named columns of counts.

    `rows` are keys that mean the same in every table of the same gold, so that two systems can be compared. `first` and
    `second` number the unit, or the two units, of each row; without `second` a row has one unit.
    """

    key: str
    unit: str
    units: tuple[str, ...]
    rows: Sequence[str]
    names: tuple[str, ...]
    counts: Any  # rows by columns: an array, or a scipy sparse array where most is 0
    first: Ints
    second: Ints | None = None

    def sums(self) -> dict[str, Floats]:
        """The sum of every column."""
        return self.named(np.asarray(self.counts.sum(axis=0), dtype=float))

    def resampler(self) -> Resampler:
        """From draws (replicates by units) to the weighted sum of every column: replicates by columns."""
        if self.second is not None:
            return self._paired(self.second)
        counts = self.counts if isinstance(self.counts, np.ndarray) else self.counts.toarray()
        kind = np.float32 if _exact_in_single(counts, len(self.units)) else np.float64
        turned, own = counts.T.astype(kind), _is_range(self.first)

        def resample(draws: Draws) -> Floats:
            weights = draws if own else draws[:, self.first]
            return np.asarray((turned @ weights.T.astype(kind)).T, dtype=float)

        return resample

    def _paired(self, second: Ints) -> Resampler:
        """sum over rows of weight[first] · count · weight[second]. Rows of equal counts are brought together first, so
        that a replicate is one sum for each of the few kinds of rows that there are."""
        kind = row_kinds(self.counts)
        if kind is None:
            ends = self.first, second
            return lambda draws: np.stack([self.counts.T @ _products(_widened(each), *ends) for each in draws])
        order = np.argsort(kind, kind="stable")
        starts = np.flatnonzero(np.diff(kind[order], prepend=-1))
        ends = self.first[order], second[order]
        counts = self.counts if isinstance(self.counts, np.ndarray) else self.counts.tocsr()
        kinds = counts[order[starts]]

        def resample(draws: Draws) -> Floats:
            if not len(order):
                return np.zeros((len(draws), len(self.names)))
            return np.asarray(sums_of_products(draws, *ends, starts) @ kinds)

        return resample

    def named(self, sums: Floats) -> dict[str, Floats]:
        """Sums by the names of their columns."""
        return dict(zip(self.names, np.moveaxis(sums, -1, 0), strict=True))


def _is_range(numbers: Ints) -> bool:
    return bool(np.array_equal(numbers, np.arange(len(numbers))))


def _exact_in_single(counts: Floats, n_units: int) -> bool:
    """Whether sums over units drawn `n_units` times in all have no rounding in single precision: counts are halves."""
    halves = 2 * counts
    return bool(n_units * np.abs(halves).max(initial=0) < SINGLE and np.array_equal(halves, np.rint(halves)))


def row_kinds(counts: Any) -> Ints | None:
    """The same number for rows of equal counts; None if there are too many different counts to tell so."""
    from scipy.sparse import csc_array

    columns = csc_array(counts)
    kind, kinds = np.zeros(columns.shape[0], np.int64), 1
    for low, high in pairwise(columns.indptr.tolist()):
        values, digit = np.unique(columns.data[low:high], return_inverse=True)
        if kinds * (len(values) + 1) > 2**62 or len(values) > FEW:
            return None
        kind[columns.indices[low:high]] += kinds * (digit.reshape(-1) + 1)
        kinds *= len(values) + 1
    return np.asarray(np.unique(kind, return_inverse=True)[1])


def _widened(draws: Draws) -> Draws:
    """Draws in a type that their products fit into: eight bits hold 15², sixteen 255²."""
    return draws if draws.max(initial=0) < 16 else draws.astype(np.uint16)


def _products(draws: Draws, first: Ints, second: Ints) -> Draws:
    """How often pairs are drawn whose two units are drawn so often; units, and so pairs, are the first axis."""
    product = np.take(draws, first, axis=0, mode="clip")
    product *= np.take(draws, second, axis=0, mode="clip")
    return product


def sums_of_products(draws: Draws, first: Ints, second: Ints, starts: Ints) -> Floats:
    """sum of draw[first] · draw[second] over each group of pairs: replicates by groups. Groups begin at `starts`, the
    first at 0.

    What all replicates drew of a unit lies side by side, so that it is looked up once for all of them.
    """
    by_unit = _widened(np.ascontiguousarray(draws.T))
    sums = np.zeros((len(starts), len(draws)))
    for low in range(0, len(first), PAIRS):
        product = _products(by_unit, first[low : low + PAIRS], second[low : low + PAIRS])
        group, after = np.searchsorted(starts, low, side="right") - 1, np.searchsorted(starts, low + len(product))
        begins = np.maximum(starts[group:after] - low, 0)
        sums[group:after] += _summed(product, begins)
    return np.ascontiguousarray(sums.T)


def _summed(product: Draws, begins: Ints) -> Any:
    """The sums of groups of rows; long groups one by one, which is faster than `reduceat` by two or three times."""
    if len(begins) * LONG > len(product):
        return np.add.reduceat(product, begins, axis=0, dtype=np.uint32)
    return [part.sum(axis=0, dtype=np.uint32) for part in np.split(product, begins[1:])]


class Ranking(NamedTuple):
    """Judged pairs with scores; its one sum is the average precision, which no sum over rows can give.

    AP = sum over thresholds n of (R_n - R_(n-1)) P_n, equal scores being one threshold: scikit-learn's
    `average_precision_score`, without interpolation (Manning et al. 2008, section 8.4).
    """

    key: str
    unit: str
    units: tuple[str, ...]
    rows: Sequence[str]
    score: Floats
    positive: NDArray[np.bool_]
    first: Ints
    second: Ints

    def sums(self) -> dict[str, Floats]:
        """The average precision, and how many pairs are positive."""
        found = average_precision(self.score, self.positive, np.ones((1, len(self.score))))
        return {"average precision": found[0], "positive": np.asarray(float(self.positive.sum()))}

    def resampler(self) -> Resampler:
        """From draws of claims (replicates by claims) to the average precision of each."""
        ranks = Ranks.of(self.score, self.positive)
        first, second = self.first[ranks.rows], self.second[ranks.rows]

        right = first[ranks.right], second[ranks.right]

        def resample(draws: Draws) -> Floats:
            above = sums_of_products(draws, first, second, ranks.starts)
            return ranks.precision(above, sums_of_products(draws, *right, ranks.right_starts))[:, None]

        return resample

    def named(self, sums: Floats) -> dict[str, Floats]:
        return {"average precision": sums[..., 0]}


class Ranks(NamedTuple):
    """Rows in order, highest score first, down to the last positive one.

    `starts` holds where those thresholds end that have a positive row (only these add to the average precision), each
    being the beginning of the next; `right` the positive rows, `right_starts` where each threshold begins among them.
    """

    rows: Ints
    starts: Ints
    right: Ints
    right_starts: Ints

    @classmethod
    def of(cls, score: Floats, positive: NDArray[np.bool_]) -> Self:
        """Equal scores are one threshold."""
        order = np.argsort(-score, kind="stable")
        score, positive = score[order], positive[order]
        right = np.flatnonzero(positive)
        new = np.append(True, score[1:] != score[:-1])
        threshold = np.cumsum(new) - 1
        counting, right_starts = np.unique(threshold[right], return_index=True)
        ends = np.append(np.flatnonzero(new)[1:], len(score))[counting]
        last = int(ends[-1]) if len(ends) else 0
        return cls(order[:last], np.append(0, ends)[:-1], right, right_starts)

    def precision(self, above: Floats, right: Floats) -> Floats:
        """The average precision of each replicate, from the weights of all rows and of the positive ones at each
        threshold (replicates by thresholds); nan where no positive row has weight."""
        retrieved = np.cumsum(above, axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(retrieved > 0, np.cumsum(right, axis=1) / retrieved, 0)
            return np.asarray((right * precision).sum(axis=1) / right.sum(axis=1))


def average_precision(score: Floats, positive: NDArray[np.bool_], weights: NDArray[Any]) -> Floats:
    """The average precision for each row of weights (replicates by rows); nan if no positive row has weight."""
    ranks = Ranks.of(score, positive)
    ordered = weights[:, ranks.rows]
    above, right = (
        np.add.reduceat(each, starts, axis=1, dtype=np.float64) if len(starts) else np.zeros((len(weights), 0))
        for each, starts in ((ordered, ranks.starts), (ordered[:, ranks.right], ranks.right_starts))
    )
    return ranks.precision(above, right)


Sheet = Table | Ranking
