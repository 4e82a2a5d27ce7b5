"""How many spans two annotators both have: F1, or Dice's coefficient, 2 |A ∩ B| / (|A| + |B|) (Dice 1945).

F1 of one annotator against the other is the same number whichever is taken for gold. By part (a type, an article) it is
the matched spans of the part on both sides over all of the part on both sides, so that no side is preferred there
either. Spans are matched one-to-one: as many as can be, then with the greatest overlap (`variorum.matching`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.agreement.coefficients import quotient
from variorum.agreement.report import ALL
from variorum.agreement.sheets import Columns, Entry, Function, column, mean, total
from variorum.assignment import Edges, heaviest
from variorum.overlaps import Intervals, Ints, overlapping

NEITHER = "none of the annotators has any"
THOUSAND = 1000
Matched = tuple[Ints, Ints]  # indexes on either side


class Marks(NamedTuple):
    """What one annotator marked: the unit of each, and by axis (type, article …) its part's number, -1 for none."""

    unit: Ints
    parts: Mapping[str, Ints]

    def only(self, mask: NDArray[np.bool_]) -> "Marks":
        return Marks(self.unit[mask], {axis: codes[mask] for axis, codes in self.parts.items()})


class Between(NamedTuple):
    """Two annotators: their names, what each marked, and what is matched, by criterion."""

    names: tuple[str, str]
    left: Marks
    right: Marks
    matched: Mapping[str, Matched]


def matchings(left: Intervals, right: Intervals, types: tuple[Ints, Ints]) -> dict[str, Matched]:
    """The best matching of single spans under each criterion, without a record for each: see `variorum.matching`."""
    a, b = overlapping(left, right)
    same_span = (left.start[a] == right.start[b]) & (left.end[a] == right.end[b])
    same_type = types[0][a] == types[1][b]
    shared = np.minimum(left.end[a], right.end[b]) - np.maximum(left.start[a], right.start[b])
    union = (left.end - left.start)[a] + (right.end - right.start)[b] - shared
    overlap = (THOUSAND * shared) // np.maximum(union, 1)
    criteria = {"exact+type": same_span & same_type, "exact": same_span, "overlap": np.ones(len(a), dtype=bool)}
    return {name: _best(a[mask], b[mask], overlap[mask], same_type[mask]) for name, mask in criteria.items()}


def _best(a: Ints, b: Ints, overlap: Ints, same_type: NDArray[np.bool_]) -> Matched:
    chosen = heaviest(Edges(a, b), [np.ones(len(a), np.int64), overlap, same_type.astype(np.int64)])
    return a[chosen], b[chosen]


def add(columns: Columns, task: str, each: Between, names: Mapping[str, Sequence[str]]) -> None:
    """The counts of two annotators; `names` are those of the parts, by axis."""
    pair = _pair(task, each.names)
    for side, marks in zip(("first", "second"), (each.left, each.right), strict=True):
        columns.add(f"{pair}|{side}", marks.unit)
        _add_side(columns, f"{pair}|size|", marks, names)
        for criterion, ends in each.matched.items():
            _add_side(columns, f"{pair}|{criterion}|", _picked(marks, ends[side == "second"]), names)


def _picked(marks: Marks, at: Ints) -> Marks:
    return Marks(marks.unit[at], {axis: codes[at] for axis, codes in marks.parts.items()})


def _add_side(columns: Columns, prefix: str, marks: Marks, names: Mapping[str, Sequence[str]]) -> None:
    columns.add(prefix + ALL, marks.unit)
    for axis, codes in marks.parts.items():
        columns.add_by(f"{prefix}{axis}=", marks.unit, codes, names[axis])


def _pair(task: str, names: tuple[str, ...]) -> str:
    return "|".join((task, "/".join(names)))


def entries(
    columns: Columns,
    task: str,
    pairs: Sequence[tuple[str, str]],
    criteria: Sequence[str],
    sources: tuple[str, ...],
    shown: str | None = None,
) -> Iterator[Entry]:
    """F1 of each pair of annotators, and the mean over pairs if there are more than one, overall and by part."""
    parts = _parts(columns, task, pairs)
    for criterion in criteria:
        for of in parts:
            functions = [_f1(task, names, criterion, of) for names in pairs]
            sizes = [column(f"{_pair(task, names)}|size|{of}") for names in pairs]
            if len(pairs) > 1:
                yield Entry(shown or task, criterion, "f1", of, sources, mean(functions), NEITHER, total(sizes))
            for names, function, size in zip(pairs, functions, sizes, strict=True):
                counts = _counts(task, names, criterion, of)
                yield Entry(shown or task, criterion, "f1", of, names, function, NEITHER, size, counts)


def _parts(columns: Columns, task: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """All, then the parts by name."""
    prefixes = [f"{_pair(task, names)}|size|" for names in pairs]
    found = {name[len(p) :] for p in prefixes for name in columns.names if name.startswith(p)} - {ALL}
    return [ALL, *sorted(found)]


def _f1(task: str, names: tuple[str, str], criterion: str, of: str) -> Function:
    pair = _pair(task, names)
    got, size = column(f"{pair}|{criterion}|{of}"), column(f"{pair}|size|{of}")
    return lambda sums: quotient(got(sums), size(sums))


def _counts(task: str, names: tuple[str, str], criterion: str, of: str) -> dict[str, Function]:
    pair = _pair(task, names)
    if of != ALL:
        return {}
    both = column(f"{pair}|{criterion}|{of}")
    return {
        "both": lambda sums: both(sums) / 2,
        "first": column(f"{pair}|first"),
        "second": column(f"{pair}|second"),
    }
