"""Counts in tables: rows that can be resampled, columns that are added up, and figures that are made of the sums.

Every figure of every layer is a function of sums over rows, so a corpus score is a sum, the score of parts adds up, and
an interval comes from weighting the rows. A row belongs to one unit (a paragraph, a document), or to two (a pair
belongs to its two claims): then its weight is the product of theirs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.overlaps import Ints

Floats = NDArray[np.float64]
Sums = Mapping[str, Floats]  # by column; one number, or one for each replicate


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

    def resampled(self, weights: Floats) -> Floats:
        """The weighted sum of every column, for weights of units by replicates: an array of replicates by columns."""
        if self.second is None:
            by_row = weights if len(self.rows) == len(weights) and _is_range(self.first) else weights[self.first]
            return np.asarray((self.counts.T @ by_row).T)
        return np.stack([self._product(column, weights) for column in range(len(self.names))], axis=1)

    def _product(self, column: int, weights: Floats) -> Floats:
        """sum over rows of weight[first] · count · weight[second], as a sparse matrix between two weight vectors."""
        from scipy.sparse import csr_array

        assert self.second is not None
        rows, values = _nonzero(self.counts, column)
        ends, place = np.unique(self.first[rows], return_inverse=True)
        between = csr_array((values, (place, self.second[rows])), shape=(len(ends), len(self.units)))
        return np.asarray(((between @ weights) * weights[ends]).sum(axis=0), dtype=float)

    def named(self, sums: Floats) -> dict[str, Floats]:
        """Sums by the names of their columns."""
        return dict(zip(self.names, np.moveaxis(sums, -1, 0), strict=True))


def _is_range(numbers: Ints) -> bool:
    return bool(np.array_equal(numbers, np.arange(len(numbers))))


def _nonzero(counts: Any, column: int) -> tuple[Ints, Floats]:
    if isinstance(counts, np.ndarray):
        rows = np.flatnonzero(counts[:, column])
        return rows, counts[rows, column]
    start, end = counts.indptr[column : column + 2]
    return counts.indices[start:end], counts.data[start:end]


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

    def resampled(self, weights: Floats) -> Floats:
        """The average precision of each replicate."""
        order = np.argsort(-self.score, kind="stable")
        weight = weights[self.first[order]] * weights[self.second[order]]
        return ranked_precision(self.score[order], self.positive[order], weight)[:, None]

    def named(self, sums: Floats) -> dict[str, Floats]:
        return {"average precision": sums[..., 0]}


def average_precision(score: Floats, positive: NDArray[np.bool_], weight: Floats) -> Floats:
    """The average precision for each column of weights (rows by replicates); nan if no positive row has weight."""
    order = np.argsort(-score, kind="stable")
    return ranked_precision(score[order], positive[order], weight[order])


def ranked_precision(score: Floats, positive: NDArray[np.bool_], weight: Floats) -> Floats:
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
    above = np.add.reduceat(weight[: ends[-1]], np.append(0, ends[:-1]), axis=0)
    right = np.add.reduceat(weight[positive], _positions(positive, starts[counts]), axis=0)
    retrieved = np.cumsum(above, axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(retrieved > 0, np.cumsum(right, axis=0) / retrieved, 0)
        return np.asarray((right * precision).sum(axis=0) / right.sum(axis=0))


def _positions(positive: NDArray[np.bool_], starts: Ints) -> Ints:
    """Where each threshold begins among the positive rows."""
    before: Ints = np.append(0, np.cumsum(positive))[starts]
    return before


Sheet = Table | Ranking
