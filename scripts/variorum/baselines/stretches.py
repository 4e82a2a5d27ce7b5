"""What of an article is read: the stretches between furniture, their paragraphs, their sentences; all half-open."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from variorum.corpus import Document

WORD = re.compile(r"\w+(?:[.'’&-]\w+)*")  # with what joins its parts: U.S, O'Neil, R&D
_SENTENCE_END = re.compile(r"[.!?。؟][\"'”’»)\]]*(?=\s)|\n\s*\n")
# After these a full stop ends no sentence: titles, and single capitals as in "U.S." or "J. Smith".
_SHORTENED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Capt|St|No|vs|e\.g|i\.e)|\b[A-Z])\.$")


def stretches(document: Document) -> Iterator[tuple[int, int]]:
    """The stretches of a text between furniture."""
    cuts = sorted((block.start, block.end) for block in document.source.furniture)
    for (_, start), (end, _) in pairwise([(0, 0), *cuts, (len(document.text), len(document.text))]):
        if start < end:
            yield start, end


def paragraphs(document: Document) -> Iterator[tuple[int, int]]:
    """The stretches, cut where a paragraph starts, without white space at either end."""
    starts = sorted({block.start for block in document.source.paragraphs})
    for low, high in stretches(document):
        cuts = [low, *(start for start in starts if low < start < high), high]
        for start, end in pairwise(cuts):
            yield from trimmed(document.text, start, end)


def sentences(document: Document) -> Iterator[tuple[int, int]]:
    """Sentences: up to a full stop and white space, or to an empty line; without white space at either end."""
    for low, high in stretches(document):
        yield from _between(
            document.text, low, high, (found.end() for found in _SENTENCE_END.finditer(document.text, low, high))
        )


def sentences_of(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, not cut after an abbreviated title or an initial."""
    found = _SENTENCE_END.finditer(text, low, high)
    ends = (each.end() for each in found if not _SHORTENED.search(text[max(low, each.end() - 6) : each.end()]))
    yield from _between(text, low, high, ends)


def _between(text: str, low: int, high: int, ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    for start, end in pairwise([low, *ends, high]):
        yield from trimmed(text, start, end)


def trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without white space at either end; nothing if nothing is left."""
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    end -= len(stretch) - len(stretch.rstrip())
    if start < end:
        yield start, end
