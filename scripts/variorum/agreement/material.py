"""What the layers are measured on: the sets, under different names, and what is known of the texts."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from variorum.agreement.report import Config
from variorum.overlaps import Ints
from variorum.records import AnnotationSet
from variorum.schema import Schema
from variorum.scoring.columns import Units, units
from variorum.scoring.config import Layout

Texts = Mapping[str, str]  # doc_id -> the whole text


class Material(NamedTuple):
    """Two or more sets with different sources, and the documents that at least two of them cover, numbered."""

    sets: tuple[AnnotationSet, ...]
    documents: dict[str, int]
    layout: Layout
    texts: Texts
    schema: Schema
    config: Config
    homes: Mapping[str, str]  # claim_id -> doc_id, of the claims that pairs are about
    units: Units  # paragraphs, or documents where paragraphs are unknown

    def having(self, layer: str) -> list[int]:
        """Which sets have a layer."""
        return [at for at, each in enumerate(self.sets) if getattr(each, layer) is not None]

    def covered(self, at: int) -> Ints:
        """The numbers of the documents that a set covers."""
        found = {self.documents[d.doc_id] for d in self.sets[at].documents if d.doc_id in self.documents}
        return np.array(sorted(found), np.int64)

    def common(self, sets: Sequence[int]) -> Ints:
        """The numbers of the documents that all of these sets cover."""
        found = self.covered(sets[0])
        for at in sets[1:]:
            found = np.intersect1d(found, self.covered(at))
        return found

    def pairs(self, layer: str) -> list[tuple[int, int]]:
        """All pairs of sets that have a layer and a document in common."""
        return [pair for pair in combinations(self.having(layer), 2) if len(self.common(pair))]

    def categories(self, label_set: str, used: Iterable[str | None]) -> tuple[str, ...]:
        """The labels that the schema declares, then others that are used, by name."""
        declared = self.schema.names(label_set)
        return (*declared, *sorted({name for name in used if name is not None} - set(declared)))

    def names(self, sets: Sequence[int]) -> tuple[str, ...]:
        """The sources of these sets."""
        return tuple(self.sets[at].source for at in sets)


class Knowledge(NamedTuple):
    """What is known beside the sets: furniture and paragraphs, the texts, the labels, and what each source is."""

    schema: Schema
    layout: Layout = Layout()
    texts: Texts = MappingProxyType({})
    annotators: Mapping[str, str] = MappingProxyType({})  # source -> kind
    homes: Mapping[str, str] = MappingProxyType({})  # claim_id -> doc_id


def material(sets: Sequence[AnnotationSet], known: Knowledge, config: Config) -> Material:
    """The material of these sets; their sources must differ."""
    seen: dict[str, int] = {}
    for each in sets:
        for doc_id in {d.doc_id for d in each.documents}:
            seen[doc_id] = seen.get(doc_id, 0) + 1
    shared = sorted(doc_id for doc_id, count in seen.items() if count > 1)
    documents = {doc_id: number for number, doc_id in enumerate(shared)}
    paragraphs = units(shared, known.layout, "auto")
    return Material(tuple(sets), documents, known.layout, known.texts, known.schema, config, known.homes, paragraphs)
