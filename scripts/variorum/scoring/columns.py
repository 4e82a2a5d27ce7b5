"""Records as columns of numbers, and the units that intervals resample."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.overlaps import Intervals, Ints
from variorum.records import AnnotationSet, Mention
from variorum.scoring.config import Blocks, Layout

Codes = defaultdict[Any, int]
NOWHERE = "(outside)"


def codes() -> Codes:
    """Numbers 0, 1, … for values, in the order in which they are first seen."""
    return defaultdict(count().__next__)


def coded(values: Iterable[Any], number: Callable[[Any], int], size: int) -> Ints:
    """A column of the numbers of values."""
    return np.fromiter(map(number, values), np.int64, size)


class Units(NamedTuple):
    """Units that are resampled, by place. Documents have numbers; those of document d start at `base[d]`.

    `starts` holds where each unit begins within its document, all documents one after the other.
    """

    unit: str
    names: tuple[str, ...]
    base: Ints
    starts: Ints
    stride: int

    def at(self, document: Ints, start: Ints) -> Ints:
        """The unit that each place lies in: the last that begins at or before it, else the document's first."""
        if len(self.names) == len(self.base):
            return document
        keys = np.repeat(np.arange(len(self.base)), np.diff(np.append(self.base, len(self.names)))) * self.stride
        found = np.searchsorted(keys + self.starts, document * self.stride + start, side="right") - 1
        return np.maximum(found, self.base[document])


def units(documents: Sequence[str], layout: Layout, unit: str) -> Units:
    """Paragraphs of the documents that have any outside furniture, documents elsewhere; documents only on request."""
    if unit == "document" or not layout.paragraphs:
        zeros = np.zeros(len(documents), np.int64)
        return Units("document", tuple(documents), np.arange(len(documents)), zeros, 1)
    blocks = [_paragraphs(doc_id, layout) for doc_id in documents]
    names = tuple(f"{d}:{start}" for d, each in zip(documents, blocks, strict=True) for start in each)
    base = np.cumsum([0, *map(len, blocks)])[:-1]
    starts = np.array([start for each in blocks for start in each], np.int64)
    return Units("paragraph", names, base, starts, 2**40)


def _paragraphs(doc_id: str, layout: Layout) -> list[int]:
    """Where the paragraphs begin that are not furniture altogether; 0 for a document without paragraphs."""
    furniture = layout.furniture.get(doc_id, ())
    found = [start for start, end in layout.paragraphs.get(doc_id, ()) if not within(start, end, furniture)]
    return sorted(found) or [0]


def within(start: int, end: int, blocks: Sequence[tuple[int, int]]) -> bool:
    """Whether a stretch lies in one block."""
    return any(low <= start and end <= high for low, high in blocks)


def scored_documents(gold: AnnotationSet, *others: AnnotationSet) -> tuple[str, ...]:
    """The documents that are scored: those gold lists; if it lists none, those that either side labels."""
    if gold.documents:
        return tuple(sorted({d.doc_id for d in gold.documents}))
    layers = (layer for each in (gold, *others) for layer in (each.mentions, each.claims))
    return tuple(sorted({record.doc_id for layer in layers for record in layer or ()}))


class Places(NamedTuple):
    """Where the mentions of a set are, as columns."""

    spans: Intervals
    type: Ints
    level: Ints

    def only(self, mask: NDArray[np.bool_]) -> "Places":
        if mask.all():
            return self
        spans = Intervals(*(column[mask] for column in self.spans))
        return Places(spans, self.type[mask], self.level[mask])

    def joined(self, others: "Places") -> "Places":
        """These, then others."""
        spans = Intervals(*map(np.concatenate, zip(self.spans, others.spans, strict=True)))
        kinds = ((self.type, others.type), (self.level, others.level))
        return Places(spans, *map(np.concatenate, kinds))


class Unplaced(NamedTuple):
    """A prediction that could not be located in the text: its document, and its type if it is a mention; for listings
    of errors its id, its words, and why."""

    doc_id: str
    type: str = ""
    record_id: str = ""
    quote: str = ""
    why: str = "quote not found"


def unplaced_mentions(found: Sequence[Unplaced], documents: Mapping[str, int], types: Codes) -> Places:
    """The columns of mentions without a place; each counts at the beginning of its document."""
    known = [each for each in found if each.doc_id in documents]
    document = coded((each.doc_id for each in known), documents.__getitem__, len(known))
    kind = coded((each.type for each in known), types.__getitem__, len(known))
    nothing = np.zeros(len(known), np.int64)
    return Places(Intervals(document, nothing, nothing), kind, nothing)


def places(
    mentions: Sequence[Mention], documents: Mapping[str, int], types: Codes, levels: Codes | None = None
) -> Places:
    """The columns of mentions; a mention of a document that has no number gets -1 for it. Levels only on request."""
    size = len(mentions)
    start = np.fromiter(map(attrgetter("start"), mentions), np.int64, size)
    end = np.fromiter(map(attrgetter("end"), mentions), np.int64, size)
    document = _documents(mentions, documents)
    kind = coded(map(attrgetter("type"), mentions), types.__getitem__, size)
    level: Ints = np.zeros(size, np.int64)
    if levels is not None:
        level = coded(map(attrgetter("level"), mentions), levels.__getitem__, size)
    return Places(Intervals(document, start, end), kind, level)


def _documents(mentions: Sequence[Mention], documents: Mapping[str, int]) -> Ints:
    """The usual case, no unknown document, is the fast one."""
    doc_ids = attrgetter("doc_id")
    try:
        return coded(map(doc_ids, mentions), documents.__getitem__, len(mentions))
    except KeyError:
        return coded(map(doc_ids, mentions), lambda doc_id: documents.get(doc_id, -1), len(mentions))


def outside(spans: Intervals, documents: Mapping[str, int], furniture: Blocks) -> NDArray[np.bool_]:
    """Which spans do not lie inside furniture."""
    keep = np.ones(len(spans.start), dtype=bool)
    for doc_id in furniture.keys() & documents.keys():
        inside = np.flatnonzero(spans.document == documents[doc_id])
        for low, high in furniture[doc_id]:
            keep[inside[(spans.start[inside] >= low) & (spans.end[inside] <= high)]] = False
    return keep
