"""Items that annotators labelled, each with at most one label of an annotator: coefficients over all and by pair.

Items with the same labels (and in the same part, such as a stratum) are one column of a table, so that every
coefficient under every recoding of the labels follows from the same sums.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from variorum.agreement.coefficients import (
    COEFFICIENTS,
    MISSING,
    NOT_PAIRED,
    REASONS,
    Coefficient,
    Floats,
    cohen,
    paired,
    specific,
)
from variorum.agreement.report import ALL
from variorum.agreement.sheets import Entry, Function
from variorum.overlaps import Ints
from variorum.scoring.tables import Sums, Table

WIDEST = 2**62


class Labelled(NamedTuple):
    """Labels (annotators by items, -1 for missing), the unit or the two units of each item, and its part, numbered."""

    labels: Ints
    unit: str
    units: Sequence[str]
    first: Ints
    second: Ints | None = None
    part: Ints | None = None


class Sheet(NamedTuple):
    """The table, and the labels and the part that each of its columns stands for."""

    table: Table
    labels: Ints  # columns by annotators
    part: Ints


class Scheme(NamedTuple):
    """How labels are compared: the names of the categories, what each label becomes (None: itself), and the category
    whose specific agreement is asked for."""

    match: str
    names: tuple[str, ...]
    recode: Ints | None = None
    focus: int | None = None


def sheet(key: str, found: Labelled) -> Sheet:
    """The items counted by labels, part and unit."""
    from scipy.sparse import csc_array

    part = np.zeros(found.labels.shape[1], np.int64) if found.part is None else found.part
    rows, number = _different(np.vstack((found.labels, part)))
    names = tuple(map(str, range(len(rows))))
    ones = np.ones(len(number))
    if found.second is None:
        counts = csc_array((ones, (found.first, number)), shape=(len(found.units), len(rows)))
        at = np.arange(len(found.units))
        table = Table(key, found.unit, tuple(found.units), tuple(found.units), names, counts, at)
    else:
        counts = csc_array((ones, (np.arange(len(number)), number)), shape=(len(number), len(rows)))
        items = list(map(str, range(len(number))))
        table = Table(key, found.unit, tuple(found.units), items, names, counts, found.first, found.second)
    return Sheet(table, rows[:, :-1], rows[:, -1])


def _different(columns: Ints) -> tuple[Ints, Ints]:
    """The different columns of a matrix, as rows, and the number of each column's."""
    code = np.zeros(columns.shape[1], np.int64)
    width = 1
    for row in columns:
        base = int(row.max(initial=-1)) + 2
        width *= base
        if width > WIDEST:
            found, number = np.unique(columns, axis=1, return_inverse=True)
            return found.T, number.reshape(-1)
        code = code * base + row + 1
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    return columns[:, first].T, number.reshape(-1)


def entries(
    found: Sheet, task: str, schemes: Sequence[Scheme], sources: tuple[str, ...], of: str = ALL, part: int | None = None
) -> Iterator[Entry]:
    """Every coefficient under every scheme, over all annotators and, if there are more than two, for each pair."""
    groups = [tuple(range(len(sources)))]
    if len(sources) > 2:
        groups += list(combinations(range(len(sources)), 2))
    where = np.arange(len(found.part)) if part is None else np.flatnonzero(found.part == part)
    for scheme in schemes:
        for group in groups:
            view = _View(found.labels[where][:, list(group)], where, scheme)
            yield from view.entries(task, of, tuple(sources[at] for at in group), COHEN if len(group) == 2 else {})


def pooled(found: Sheet, task: str, schemes: Sequence[Scheme], sources: tuple[str, ...]) -> Iterator[Entry]:
    """Every coefficient over items that two annotators labelled, whichever two of the sources these were. Without
    Cohen's kappa, in which it would matter who is who."""
    for scheme in schemes:
        yield from _View(found.labels, np.arange(len(found.part)), scheme).entries(task, ALL, sources, {})


COHEN: dict[str, Coefficient] = {"cohen": cohen}


class _View:
    """The columns of some annotators and one part, under one scheme."""

    def __init__(self, labels: Ints, where: Ints, scheme: Scheme) -> None:
        if scheme.recode is not None:
            labels = np.append(scheme.recode, MISSING)[labels]  # -1, missing, is the last
        some = (labels != MISSING).any(axis=1)
        self.labels, self.where = labels[some], [str(at) for at in where[some]]
        self.names, self.scheme = scheme.names, scheme

    def entries(self, task: str, of: str, between: tuple[str, ...], more: dict[str, Coefficient]) -> Iterator[Entry]:
        """An entry for every coefficient."""
        functions = COEFFICIENTS | more
        if self.scheme.focus is not None:
            functions["specific"] = specific(self.scheme.focus)
        for name, coefficient in functions.items():
            why = REASONS[name] if self.any_paired else NOT_PAIRED
            function, counts = self.function(coefficient), self.counts()
            yield Entry(task, self.scheme.match, name, of, between, function, why, self.n, counts)

    @property
    def any_paired(self) -> bool:
        return bool(((self.labels != MISSING).sum(axis=1) >= 2).any())

    def weights(self, sums: Sums) -> Floats:
        """The number of items in each of the columns."""
        if not self.where:
            shape = next(iter(sums.values()), np.zeros(())).shape
            return np.zeros((*shape, 0))
        return np.stack([sums[name] for name in self.where], axis=-1)

    def function(self, coefficient: Coefficient) -> Function:
        return lambda sums: coefficient(self.labels, self.weights(sums), len(self.names))

    def n(self, sums: Sums) -> Floats:
        """The items with two labels or more."""
        return paired(self.labels, self.weights(sums))

    def counts(self) -> dict[str, Function]:
        """How many labels of each category the pairable items have, unless there are too many categories to list."""
        if len(self.names) > 5:
            return {}
        keep = (self.labels != MISSING).sum(axis=1) >= 2
        given = {name: (self.labels == at).sum(axis=1) * keep for at, name in enumerate(self.names)}
        return {name: self._labels(n.astype(float)) for name, n in given.items()}

    def _labels(self, given: Floats) -> Function:
        return lambda sums: np.asarray(self.weights(sums) @ given)
