"""Text reuse as it is shown: which passages stand in two articles, what was changed inside them, and which conflicts
stand in or next to them: the facts that changed on the way.

Runs (`variorum.reuse`) that follow each other closely in both articles are one passage; what stands between them on
either side is what was changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from variorum import reuse
from variorum.corpus import Document
from variorum.explorer.pairs import Shown
from variorum.records import Record
from variorum.sources import CopiedFrom, Run

GAP = 160  # code points; runs that are no farther apart in either article are one passage
NEAR = 120  # code points; a claim this close to a passage stands next to it
SAME, CHANGED, AROUND, CLASH = "same", "changed", "around", "clash"


class Piece(Record, frozen=True):
    """A stretch of a passage: the same in both articles, changed, around it, or what clashes."""

    kind: str
    text: str


class Passage(Record, frozen=True):
    """A passage in the copy and in the original, with a few words around, and the conflicts in or next to it."""

    start: int
    end: int
    other_start: int
    other_end: int
    here: tuple[Piece, ...]
    there: tuple[Piece, ...]
    conflicts: tuple[Shown, ...]


class Ribbon(Record, frozen=True):
    """Where a run lies in both articles, in thousandths of their lengths."""

    here: tuple[int, int]
    there: tuple[int, int]
    changed: bool


class Copy(Record, frozen=True):
    """All that one article shares with another; `share` of its words outside furniture, in per cent."""

    doc_id: str
    title: str
    other_id: str
    other_title: str
    direction: str
    share: int
    passages: tuple[Passage, ...]
    ribbons: tuple[Ribbon, ...]

    @property
    def changed(self) -> int:
        """How many passages have a conflict in or next to them."""
        return sum(bool(each.conflicts) for each in self.passages)


def copies(documents: Mapping[str, Document], pairs: Sequence[Shown]) -> list[Copy]:
    """Every pair of articles that share words, by the article that they are listed on."""
    between = defaultdict[frozenset[str], list[Shown]](list)
    for each in pairs:
        if each.is_conflict:
            between[frozenset((each.a.doc_id, each.b.doc_id))].append(each)
    return [
        _copy(document, documents[entry.doc_id], entry, between[frozenset((document.doc_id, entry.doc_id))])
        for document in documents.values()
        for entry in document.source.copied_from
        if entry.doc_id in documents
    ]


def _copy(document: Document, other: Document, entry: CopiedFrom, conflicts: Iterable[Shown]) -> Copy:
    near = [(pair, *_sides(pair, document.doc_id)) for pair in conflicts]
    passages = tuple(_passage(list(runs), document, other, near) for runs in chained(entry.runs))
    changed = [each for each in passages if each.conflicts]
    return Copy(
        doc_id=document.doc_id,
        title=document.source.title,
        other_id=other.doc_id,
        other_title=other.source.title,
        direction=entry.direction,
        share=round(100 * reuse.share(document.text, document.source.furniture, entry.runs)),
        passages=passages,
        ribbons=tuple(_ribbon(run, document, other, changed) for run in entry.runs),
    )


Place = tuple[list[tuple[int, int]], tuple[int, int] | None]  # a claim's spans, and what of it clashes


def _sides(pair: Shown, doc_id: str) -> tuple[Place, Place]:
    """Where the claims of a pair are, that of the copy first."""
    a, b = (
        ([(s.start, s.end) for s in side.claim.spans], (side.clash.start, side.clash.end) if side.clash else None)
        for side in (pair.a, pair.b)
    )
    return (a, b) if pair.a.doc_id == doc_id else (b, a)


def chained(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Runs that follow each other at no more than `GAP` code points on both sides, together."""
    chain: list[Run] = []
    for run in sorted(runs, key=lambda each: (each.start, each.other_start)):
        if chain and not _follows(chain[-1], run):
            yield chain
            chain = []
        chain.append(run)
    if chain:
        yield chain


def _follows(one: Run, other: Run) -> bool:
    return 0 <= other.start - one.end <= GAP and 0 <= other.other_start - one.other_end <= GAP


def _passage(
    runs: list[Run], document: Document, other: Document, near: Iterable[tuple[Shown, Place, Place]]
) -> Passage:
    ends = runs[0].start, runs[-1].end
    others = runs[0].other_start, runs[-1].other_end
    found = [each for each in near if _touches(each[1][0], ends) and _touches(each[2][0], others)]
    here = [clash for _, (_, clash), _ in found if clash]
    there = [clash for _, _, (_, clash) in found if clash]
    return Passage(
        *ends,
        *others,
        tuple(pieces(document.text, [(r.start, r.end) for r in runs], here)),
        tuple(pieces(other.text, [(r.other_start, r.other_end) for r in runs], there)),
        tuple(pair for pair, _, _ in found),
    )


def _touches(spans: Iterable[tuple[int, int]], ends: tuple[int, int]) -> bool:
    return any(start < ends[1] + NEAR and end > ends[0] - NEAR for start, end in spans)


def pieces(text: str, runs: list[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """A passage cut where its runs, and the spans that clash, begin and end, with what stands around it."""
    first, last = min([runs[0][0], *(s for s, _ in spans)]), max([runs[-1][1], *(e for _, e in spans)])
    start, end = _back(text, first), _on(text, last)
    cuts = sorted({start, end, runs[0][0], runs[-1][1], *(at for each in (*runs, *spans) for at in each)})
    for a, b in pairwise(cuts):
        inside = runs[0][0] <= a and b <= runs[-1][1]
        if any(s <= a and b <= e for s, e in spans):
            kind = CLASH
        elif any(s <= a and b <= e for s, e in runs):
            kind = SAME
        else:
            kind = CHANGED if inside and text[a:b].strip(" ,.;:\r\n\t\"'“”‘’") else AROUND
        yield Piece(kind, text[a:b])


def _back(text: str, at: int) -> int:
    """Where a few words before a place begin."""
    low = max(0, at - 60)
    space = text.find(" ", low, at)
    return low if low == 0 or space < 0 else space + 1


def _on(text: str, at: int) -> int:
    high = min(len(text), at + 60)
    space = text.rfind(" ", at, high)
    return high if high == len(text) or space < 0 else space


def _ribbon(run: Run, document: Document, other: Document, changed: Iterable[Passage]) -> Ribbon:
    """The run in thousandths of the lengths of the articles."""
    here, there = len(document.text), len(other.text)
    return Ribbon(
        (1000 * run.start // here, 1000 * run.end // here),
        (1000 * run.other_start // there, 1000 * run.other_end // there),
        any(p.start <= run.start and run.end <= p.end and p.other_start <= run.other_start for p in changed),
    )
