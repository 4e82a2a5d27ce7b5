"""Holders, cues and content of claims, as spans and as tokens, whichever claims they belong to: what PolNeAR reports of
source, cue and content (Newell et al. 2018).

    holder-spans, cue-spans    F1 of all spans used as holder or cue: exact, any overlap
    content-tokens, holder-tokens, cue-tokens    coefficients on tokens: inside or not

Unit of intervals: the paragraph.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from variorum.agreement import labelled, spans
from variorum.agreement.claims import Side, compared, kinds_of
from variorum.agreement.labelled import Labelled, Scheme
from variorum.agreement.material import Material
from variorum.agreement.report import Result
from variorum.agreement.sheets import Columns, Entry, results
from variorum.agreement.spans import Between, Marks
from variorum.agreement.tokens import intervals, painted, tokens
from variorum.overlaps import Intervals
from variorum.records import Claim, Span

Places = list[tuple[int, int, int]]  # document, start, end
TASKS = ("holder-spans", "cue-spans")
CRITERIA = ("exact", "overlap")


def measured(found: Material, sets: str) -> Iterator[Result]:
    """All figures of this page."""
    sides = compared(found, kinds_of(found))
    yield from _spans(found, sides, sets)
    yield from _tokens(found, sides, sets)


def _places(found: Material, side: Side, part: str) -> Places:
    """All spans of a claim's part, each once, in text order."""
    every = {(claim.doc_id, *ends) for claim in side.claims for ends in _ends(side, claim, part)}
    return sorted((found.documents[doc_id], start, end) for doc_id, start, end in every)


def _ends(side: Side, claim: Claim, part: str) -> list[tuple[int, int]]:
    if part == "holder":
        where = side.holder(claim)
        return [where] if where else []
    pieces: Sequence[Span] = claim.spans if part == "content" else (claim.cue,) if claim.cue else ()
    return [(span.start, span.end) for span in pieces]


def _spans(found: Material, sides: dict[int, Side], sets: str) -> Iterator[Result]:
    """F1 of holders and cues."""
    columns, entries = Columns(), list[Entry]()
    pairs = [(found.sets[a].source, found.sets[b].source) for a, b in found.pairs("claims")]
    for task in TASKS:
        places = {at: intervals(_places(found, side, task.partition("-")[0])) for at, side in sides.items()}
        for (a, b), pair in zip(found.pairs("claims"), pairs, strict=True):
            spans.add(columns, task, _between(found, (a, b), pair, places), {})
        entries += spans.entries(columns, task, pairs, CRITERIA, found.names(sorted(sides)))
    table = columns.table("claim parts", found.units.unit, found.units.names)
    yield from results("claims", table, entries, found.config, sets)


def _between(found: Material, sets: tuple[int, int], pair: tuple[str, str], places: dict[int, Intervals]) -> Between:
    common = found.common(sets)
    left, right = (_in(places[at], common) for at in sets)
    none = np.zeros(len(left.start), np.int64), np.zeros(len(right.start), np.int64)
    matched = spans.matchings(left, right, none)
    marks = [Marks(found.units.at(side.document, side.start), {}) for side in (left, right)]
    return Between(pair, marks[0], marks[1], {name: matched[name] for name in CRITERIA})


def _in(each: Intervals, documents: object) -> Intervals:
    mask = np.isin(each.document, np.asarray(documents))
    return Intervals(*(column[mask] for column in each))


def _tokens(found: Material, sides: dict[int, Side], sets: str) -> Iterator[Result]:
    where = tokens(found)
    if not len(where.unit):
        return
    sources = found.names(sorted(sides))
    for part in ("content", "holder", "cue"):
        rows = []
        for at, side in sides.items():
            places = intervals(_places(found, side, part))
            rows.append(painted(where, places, np.ones(len(places.start), np.int64), found.covered(at).tolist()))
        sheet = labelled.sheet(part, Labelled(np.stack(rows), found.units.unit, found.units.names, where.unit))
        scheme = [Scheme("marked", ("outside", "inside"), focus=1)]
        every = labelled.entries(sheet, f"{part}-tokens", scheme, sources)
        yield from results("claims", sheet.table, every, found.config, sets)
