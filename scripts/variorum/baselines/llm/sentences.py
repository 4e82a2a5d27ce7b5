"""The sentences of an article outside its furniture: what a model is shown at a time."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from variorum.corpus import Document

# A sentence ends at a full stop with white space and then what can begin one; after an initial, a title or "U.S." not.
_END = re.compile(r"[.!?。؟]['\"”’»)\]]*(?=\s+['\"“‘«(\[]*[^\W_a-z])|\n\s*\n")
_NO_END = re.compile(r"(?:\b[^\W\d_]|\b(?:[^\W\d_]\.)+[^\W\d_]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|Jr|Gen|Sen|Rep|No))\.$")

_LONGEST_ABBREVIATION = 16  # characters


class Sentence(msgspec.Struct, frozen=True):
    """A stretch of an article, half-open. `text` is as long as the stretch: every white space in it is one blank."""

    doc_id: str
    start: int
    end: int
    text: str

    @property
    def item(self) -> str:
        return f"{self.doc_id} [{self.start}:{self.end}]"


def sentences(document: Document) -> Iterator[Sentence]:
    """The sentences in order; none crosses furniture or the edge of a paragraph."""
    for low, high in _stretches(document):
        for start, end in _split(document.text, low, high):
            stretch = document.text[start:end]
            if any(c.isalnum() for c in stretch):
                yield Sentence(document.doc_id, start, end, re.sub(r"\s", " ", stretch))


def _stretches(document: Document) -> Iterator[tuple[int, int]]:
    """What lies between furniture, cut where paragraphs begin and end."""
    furniture = [(block.start, block.end) for block in document.source.furniture]
    edges = {at for block in document.source.paragraphs for at in (block.start, block.end)}
    edges |= {0, len(document.text)} | {at for block in furniture for at in block}
    for low, high in pairwise(sorted(edges)):
        if not any(start < high and low < end for start, end in furniture):
            yield low, high


def _split(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    ends = [found.end() for found in _END.finditer(text, low, high) if not _no_end(text, low, found.end())]
    for start, end in pairwise([low, *ends, high]):
        if part := text[start:end].strip():
            start = text.index(part, start)
            yield start, start + len(part)


def _no_end(text: str, low: int, end: int) -> bool:
    return _NO_END.search(text[max(low, end - _LONGEST_ABBREVIATION) : end]) is not None


def all_sentences(documents: Iterable[Document]) -> tuple[Sentence, ...]:
    return tuple(sentence for document in documents for sentence in sentences(document))
