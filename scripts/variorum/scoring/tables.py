"""Counts in tables: rows that can be resampled, columns that are added up, and figures that are made of the sums.

Every figure of every layer is a function of sums over rows, so a corpus score is a sum, the score of parts adds up, and
an interval comes from weighting the rows. A row belongs to one unit (a paragraph, a document), or to two (a pair
belongs to its two claims): then its weight is the product of theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.overlaps import Ints

Floats = NDArray[np.float64]
Sums = Mapping[str, Floats]  # by column; one number, or one for each replicate
Resampler = Callable[[Floats], Floats]


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
        """From weights of units by replicates to the weighted sum of every column: replicates by columns."""
        if self.second is not None:
            return self._product()
        if _is_range(self.first):
            return lambda weights: np.asarray((self.counts.T @ weights).T)
        return lambda weights: np.asarray((self.counts.T @ weights[self.first]).T)

    def _product(self) -> Resampler:
        """sum over rows of weight[first] · count · weight[second]: for all columns at once, one below the other, a
        sparse matrix between two weight vectors."""
        from scipy.sparse import csc_array, csr_array

        assert self.second is not None
        counts = csc_array(self.counts)
        column = np.repeat(np.arange(len(self.names)), np.diff(counts.indptr))
        ends = column * len(self.units) + self.first[counts.indices]
        line, place = np.unique(ends, return_inverse=True)
        between = csr_array((counts.data, (place, self.second[counts.indices])), shape=(len(line), len(self.units)))
        first, of = line % max(len(self.units), 1), line // max(len(self.units), 1)
        total = csr_array((np.ones(len(line)), (of, np.arange(len(line)))), shape=(len(self.names), len(line)))
        return lambda weights: np.asarray((total @ ((between @ weights) * weights[first])).T)

    def named(self, sums: Floats) -> dict[str, Floats]:
        """Sums by the names of their columns."""
        return dict(zip(self.names, np.moveaxis(sums, -1, 0), strict=True))


def _is_range(numbers: Ints) -> bool:
    return bool(np.array_equal(numbers, np.arange(len(numbers))))


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
        found = average_precision(self.score, self.positive, np.ones((len(self.score), 1)))
        return {"average precision": found[0], "positive": np.asarray(float(self.positive.sum()))}

    def resampler(self) -> Resampler:
        """From weights of claims by replicates to the average precision of each."""
        order = np.argsort(-self.score, kind="stable")
        first, second = self.first[order], self.second[order]
        score, positive = self.score[order], self.positive[order]

        def resample(weights: Floats) -> Floats:
            drawn = weights.astype(np.uint16)  # no unit is drawn 256 times, and small numbers are gathered faster
            return ranked_precision(score, positive, drawn[first] * drawn[second])[:, None]

        return resample

    def named(self, sums: Floats) -> dict[str, Floats]:
        return {"average precision": sums[..., 0]}


def average_precision(score: Floats, positive: NDArray[np.bool_], weight: NDArray[Any]) -> Floats:
    """The average precision for each column of weights (rows by replicates); nan if no positive row has weight."""
    order = np.argsort(-score, kind="stable")
    return ranked_precision(score[order], positive[order], weight[order])


def ranked_precision(score: Floats, positive: NDArray[np.bool_], weight: NDArray[Any]) -> Floats:
    """The same for rows that are in order already, highest score first.

    Only thresholds with a positive row add to the sum, so the rows between them are added up first.
    """
    if not positive.any():
        return np.full(weight.shape[1], np.nan)
    new = np.append(True, score[1:] != score[:-1])
    threshold = np.cumsum(new) - 1
    counts = np.zeros(threshold[-1] + 1, dtype=bool)
    counts[threshold[positive]] = True
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(score))[counts]
    above = np.add.reduceat(weight[: ends[-1]], np.append(0, ends[:-1]), axis=0, dtype=np.float64)
    right = np.add.reduceat(weight[positive], _positions(positive, starts[counts]), axis=0, dtype=np.float64)
    retrieved = np.cumsum(above, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(retrieved > 0, np.cumsum(right, axis=0) / retrieved, 0)
        return np.asarray((right * precision).sum(axis=0) / right.sum(axis=0))


def _positions(positive: NDArray[np.bool_], starts: Ints) -> Ints:
    """Where each threshold begins among the positive rows."""
    before: Ints = np.append(0, np.cumsum(positive))[starts]
    return before


Sheet = Table | Ranking
