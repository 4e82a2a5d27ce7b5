"""Mentions: which spans annotators mark, and what they call those that they both mark.

    spans    F1 of each pair of annotators: same span and type, same span, any overlap; by type, level and article
    types    coefficients on the types of the spans that two annotators or more mark alike (same start and end)
    levels   the same on levels
    tokens   coefficients on tokens (`variorum.agreement.tokens`): marked or not, and with which type

Unit of intervals: the paragraph.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from variorum.agreement import labelled, spans
from variorum.agreement.coefficients import MISSING
from variorum.agreement.labelled import Labelled, Scheme
from variorum.agreement.material import Material
from variorum.agreement.report import Result
from variorum.agreement.sheets import Columns, results
from variorum.agreement.spans import Between, Marks
from variorum.agreement.tokens import Tokens, painted, tokens
from variorum.overlaps import Ints
from variorum.scoring.columns import Codes, Places, codes, outside, places

CRITERIA = ("exact+type", "exact", "overlap")
ARTICLES = 50  # up to so many articles there are figures of each


class Marked(NamedTuple):
    """The mentions of one set as columns, and the names that the numbers of types and levels stand for."""

    places: Places
    marks: Marks


def measured(found: Material, sets: str) -> Iterator[Result]:
    """All figures of the layer."""
    having = found.having("mentions")
    types, levels = _codes(found, having)
    marked = {at: _marked(found, at, types, levels) for at in having}
    names = {"type": tuple(types), "level": tuple(map(str, levels)), "article": tuple(found.documents)}
    yield from _spans(found, marked, names, sets)
    sources = found.names(having)
    for axis in ("type", "level"):
        if len(names[axis]) > (axis == "level"):
            yield from _kinds(found, marked, axis, names[axis], sources, sets)
    where = tokens(found)
    if len(where.unit):
        yield from _tokens(found, marked, where, names["type"], sources, sets)


def _codes(found: Material, having: Sequence[int]) -> tuple[Codes, Codes]:
    """Numbers of types and levels, in the order of the schema; the level 0 is for having none."""
    mentions = [mention for at in having for mention in found.sets[at].mentions or ()]
    types, levels = codes(), codes()
    for name in found.categories("entity_type", {mention.type for mention in mentions}):
        types[name]
    for level in (None, *found.categories("level", {mention.level for mention in mentions})):
        levels[level]
    return types, levels


def _marked(found: Material, at: int, types: Codes, levels: Codes) -> Marked:
    """The mentions of a set outside furniture, in documents that others cover, too."""
    mine = places(found.sets[at].mentions or (), found.documents, types, levels)
    mine = mine.only(mine.spans.document >= 0)
    mine = mine.only(outside(mine.spans, found.documents, found.layout.furniture))
    unit = found.units.at(mine.spans.document, mine.spans.start)
    parts: dict[str, Ints] = {}
    if found.config.details:
        parts = {"type": mine.type, "level": np.where(mine.level > 0, mine.level, -1)}
        if len(found.documents) <= ARTICLES:
            parts["article"] = mine.spans.document
    return Marked(mine, Marks(unit, parts))


def _spans(
    found: Material, marked: dict[int, Marked], names: dict[str, tuple[str, ...]], sets: str
) -> Iterator[Result]:
    columns, pairs = Columns(), []
    for a, b in found.pairs("mentions"):
        common = found.common((a, b))
        left, right = (_in(marked[at], common) for at in (a, b))
        matched = spans.matchings(left.places.spans, right.places.spans, (left.places.type, right.places.type))
        pair = (found.sets[a].source, found.sets[b].source)
        spans.add(columns, "spans", Between(pair, left.marks, right.marks, matched), names)
        pairs.append(pair)
    table = columns.table("mentions", found.units.unit, found.units.names)
    every = spans.entries(columns, "spans", pairs, CRITERIA, found.names(found.having("mentions")))
    yield from results("mentions", table, every, found.config, sets)


def _in(each: Marked, documents: Ints) -> Marked:
    mask = np.isin(each.places.spans.document, documents)
    return each if mask.all() else Marked(each.places.only(mask), each.marks.only(mask))


def _kinds(
    found: Material,
    marked: dict[int, Marked],
    axis: str,
    names: Sequence[str],
    sources: tuple[str, ...],
    sets: str,
) -> Iterator[Result]:
    """Types, or levels, of the spans that are the same."""
    chosen = [(each.places.spans, getattr(each.places, axis)) for each in marked.values()]
    keys = np.concatenate([np.stack(where) for where, _ in chosen], axis=1)
    different, number = np.unique(keys, axis=1, return_inverse=True)
    labels = np.full((len(chosen), different.shape[1]), MISSING, np.int64)
    ends = np.cumsum([0, *(len(kind) for _, kind in chosen)])
    for row, (_, kind) in enumerate(chosen):
        at = number.reshape(-1)[ends[row] : ends[row + 1]]
        order = np.argsort(-kind, kind="stable")  # of several at one span the first type counts
        labels[row, at[order]] = kind[order] - (axis == "level")
    shown = tuple(names[1:]) if axis == "level" else tuple(names)
    unit = found.units.at(different[0], different[1])
    sheet = labelled.sheet(axis, Labelled(labels, found.units.unit, found.units.names, unit))
    every = labelled.entries(sheet, f"{axis}s", [Scheme("exact", shown)], sources)
    yield from results("mentions", sheet.table, every, found.config, sets)


def _tokens(
    found: Material,
    marked: dict[int, Marked],
    where: Tokens,
    types: tuple[str, ...],
    sources: tuple[str, ...],
    sets: str,
) -> Iterator[Result]:
    rows = [
        painted(where, each.places.spans, each.places.type + 1, found.covered(at).tolist())
        for at, each in marked.items()
    ]
    sheet = labelled.sheet("tokens", Labelled(np.stack(rows), found.units.unit, found.units.names, where.unit))
    inside = np.ones(len(types) + 1, np.int64)
    inside[0] = 0
    schemes = [Scheme("marked", ("outside", "inside"), inside, focus=1), Scheme("type", ("outside", *types))]
    every = labelled.entries(sheet, "tokens", schemes, sources)
    yield from results("mentions", sheet.table, every, found.config, sets)
