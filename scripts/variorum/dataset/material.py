"""What a dataset is made of, with the texts or without them."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

import msgspec

from variorum import reuse
from variorum.contrast.records import Contrast
from variorum.corpus import STAND_IN, Document
from variorum.dataset.citation import Citation
from variorum.decisions import Decision, Rounds
from variorum.records import AnnotationSet, Annotator
from variorum.schema import Schema
from variorum.validity import Tests

BLOCK = 256  # code points; the blocks of a text are hashed one by one, so that a text that differs differs somewhere


class Measured(msgspec.Struct, frozen=True):
    """What only the text of a document can tell.

    `blocks`: SHA-256 of each `BLOCK` code points. `shares`: for each entry of `copied_from`, which part of its words,
    and of the other document's, lies in the runs.
    """

    blocks: tuple[str, ...]
    shares: tuple[tuple[float, float], ...]


class Material(msgspec.Struct, frozen=True):
    """Articles, label sets, gold, all annotators' sets, those with gold's pairs; how they came about; the reports.

    `earlier` are sets whose claims the pairs of past rounds are about, `decisions` the adjudicator's by round,
    `agreement` and `validity` the reports as JSON text, `tests` what the second rests on, `datasheet` its Markdown,
    `contrast` the pairs that were edited, if any were.
    Without `has_texts` the texts are stand-ins of the right length, and `measured` has what they would tell.
    """

    documents: Mapping[str, Document]
    schema: Schema
    gold: AnnotationSet
    annotators: tuple[AnnotationSet, ...] = ()
    pair_sets: tuple[AnnotationSet, ...] = ()
    earlier: tuple[AnnotationSet, ...] = ()
    version: str = "0.0.0"
    sources: tuple[Annotator, ...] = ()
    rounds: Rounds | None = None
    decisions: Mapping[str, tuple[Decision, ...]] = {}
    agreement: str | None = None
    validity: str | None = None
    tests: Tests = Tests()
    datasheet: str | None = None
    contrast: Contrast | None = None
    citation: Citation = Citation()
    has_texts: bool = True
    measured: Mapping[str, Measured] = {}


def measured(material: Material) -> Mapping[str, Measured]:
    """What the texts tell, by doc_id: measured if they are there, else as it was recorded."""
    if not material.has_texts:
        return material.measured
    return {key: _measured(document, material.documents) for key, document in material.documents.items()}


def _measured(document: Document, documents: Mapping[str, Document]) -> Measured:
    shares = []
    for entry in document.source.copied_from:
        other = documents[entry.doc_id]
        here = reuse.share(document.text, document.source.furniture, entry.runs)
        there = reuse.share(other.text, other.source.furniture, map(reuse.swapped, entry.runs))
        shares.append((float(here), float(there)))
    return Measured(blocks(document.text), tuple(shares))


def blocks(text: str) -> tuple[str, ...]:
    """SHA-256 of each `BLOCK` code points of a text, the last of which may be shorter."""
    return tuple(sha256(text[at : at + BLOCK].encode()).hexdigest() for at in range(0, len(text), BLOCK))


def without_texts(material: Material) -> Material:
    """The same without any text: nothing that is made of it can hold a word of one, unless an annotator repeated it."""
    return msgspec.structs.replace(
        material,
        documents={
            key: Document(each.source, STAND_IN * each.source.n_chars) for key, each in material.documents.items()
        },
        has_texts=False,
        measured=measured(material),
    )


def with_texts(material: Material, texts: Mapping[str, str]) -> Material:
    """The same with these texts by doc_id: the inverse of `without_texts`. KeyError if one is missing."""
    documents = {key: Document(each.source, texts[key]) for key, each in material.documents.items()}
    return msgspec.structs.replace(material, documents=documents, has_texts=True, measured={})


def repeated(strings: Iterable[str], material: Material, n: int) -> list[tuple[str, str]]:
    """Which of the strings hold `n` words in a row of an article, and the article's id; titles are left aside."""
    texts = {key: document.text for key, document in material.documents.items()}
    titles = sorted({document.source.title for document in material.documents.values()}, key=len, reverse=True)
    grams = {key: _grams(text, n) for key, text in texts.items()}
    found = []
    for string in strings:
        own = frozenset().union(*(_grams(piece, n) for piece in _pieces(string, titles)))
        found += [(string, key) for key in texts if not own.isdisjoint(grams[key])]
    return found


def _pieces(string: str, titles: Iterable[str]) -> list[str]:
    """What is left of a string between the titles in it."""
    pieces = [string]
    for title in titles:
        pieces = [part for piece in pieces for part in piece.split(title)]
    return pieces


def _grams(text: str, n: int) -> frozenset[tuple[str, ...]]:
    keys = [word.key for word in reuse.words(text)]
    return frozenset(tuple(keys[at : at + n]) for at in range(len(keys) - n + 1))
