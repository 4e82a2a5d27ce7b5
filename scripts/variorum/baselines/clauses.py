"""Clauses by punctuation, conjunctions and verbs of saying, for want of a parser.

A clause is kept if it has a word that can be a finite verb. What stands in quotation marks is cut from what tells who
said it (GUIDELINES 4.2).
"""

import re
from collections.abc import Iterator

import msgspec

from variorum.baselines.statements import SAID
from variorum.baselines.stretches import sentences_of, trimmed

_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|should|do|does|did|cannot|won|made|"
    r"became|become|began|took|gave|got|went|came|left|led|saw|sent|built|bought|sold|cost|costs|held|kept|found|ran|"
    r"runs|says|said|told|grew|rose|fell|drew|set|put|lost|met|met|wrote|spent|broke|brought|taught|thought|born|"
    r"[a-z]{3,}ed|[a-z]{3,}(?:[bcdfgklmnprtvwyz]|he|te|de|ke|le|ne|ve|se|ce|ge)s)\b|n['’]t\b|['’](?:re|ve|ll|m)\b"
)
_CUT = re.compile(
    r"(?P<cut>;\s+|\s+[–—]\s+|"
    r",?\s+(?:but|while|whereas|although|though|because(?! of)|after|before|when|if|until)\s+(?=\S+\s+\S)|"
    r",\s+(?:and|so|or)\s+|,\s+(?=(?:who|which|whose|where)\b)|\s+and\s+(?=(?:\w+\s+)?(?:is|are|was|were|has|have|had|will|"
    r"[a-z]{3,}ed|makes|took|made|became|began|went|sold|bought|employs|counts)\b))",
    re.IGNORECASE,
)
_AUXILIARY = r"(?:is|are|was|were|will|has|have|had|may|might|could|would|can|cannot)"
_LAST = re.compile(rf"(?:,|[,.!?]?[”\"])\s+(?P<who>[^,“”\"]{{1,80}}?)\s+(?P<cue>{SAID})\b(?!\s+at\b)[^,“”\"]*$")
_LAST_TURNED = re.compile(rf"[,”\"]\s*(?P<cue>{SAID})\s+(?P<who>[^“”\"]{{1,90}})$")
_FIRST = re.compile(
    rf"^(?P<who>(?:[^\s,“\"]+[ \n,]+){{1,8}}?)(?P<cue>{SAID})"
    rf"(?:(?:\s+(?!that\b)[^\s“\"]+){{0,8}}?\s+that\s+|:\s*(?=[“\"])|"
    rf",?\s+(?=[“\"])|(?:\s+(?:him|her|them|us|reporters))?\s+(?=[^,.;“\"]*\b{_AUXILIARY}\b))"
)
_ACCORDING = re.compile(r"(?P<cue>according to)\s+(?P<who>[^,.]+)", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]?")
_EDGE = ' \t\r\n,;:–—.“”"‘()…!'


class Clause(msgspec.Struct, frozen=True):
    """A clause `[start, end)`; the cue that marks its source and where the source is to be looked for."""

    start: int
    end: int
    cue: tuple[int, int] | None = None
    who: tuple[int, int] | None = None


def clauses(text: str, low: int, high: int) -> Iterator[Clause]:
    """The clauses of one paragraph in text order."""
    cue: Clause | None = None
    for start, end in sentences_of(text, low, high):
        opened = text[start] in '“"'
        source, parts = _attributed(text, start, end)
        if source is None and opened and cue is not None:
            source, parts = cue, [(start, end)]  # a quotation that runs on keeps its source (GUIDELINES 4.5)
        cue = source if opened or (source and _QUOTED.search(text, start, end)) else None
        for part in parts:
            for cut in _cut(text, *part):
                yield Clause(*cut, source.cue if source else None, source.who if source else None)


def _attributed(text: str, start: int, end: int) -> tuple[Clause | None, list[tuple[int, int]]]:
    """Who is the source of a sentence, and what is left of the sentence without that."""
    sentence = text[start:end]
    for pattern in (_ACCORDING, _LAST_TURNED, _LAST, _FIRST):
        found = pattern.search(sentence)
        if found is None:
            continue
        cue = (start + found.start("cue"), start + found.end("cue"))
        who = (start + found.start("who"), start + found.end("who"))
        kept = [(start, start + found.start()), (start + found.end(), end)]
        if any(_is_clause(text[a:b]) for a, b in kept):
            return Clause(start, end, cue, who), [part for part in kept if _is_clause(text[part[0] : part[1]])]
    quoted = _QUOTED.search(sentence)
    middle = re.search(rf"\b{SAID}\b", sentence[quoted.end() :]) if quoted else None
    if quoted and middle and sentence.lstrip()[:1] in '“"':
        at = start + quoted.end() + middle.start()
        again = _QUOTED.search(text, at, end)
        parts = [(start, start + quoted.end()), *([again.span()] if again else [])]
        source = Clause(start, end, (at, at + len(middle[0])), (start + quoted.end(), again.start() if again else end))
        return source, parts
    return None, [(start, end)]


def _is_clause(stretch: str) -> bool:
    return _VERB.search(stretch) is not None and len(stretch.split()) > 1


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch cut between clauses; a piece without a verb stays with what stands before it."""
    pieces: list[tuple[int, int]] = []
    at = start
    for found in [*_CUT.finditer(text, start, end), None]:
        stop, following = (found.start(), found.end()) if found else (end, end)
        if found and ("not only" in text[at:stop] and "but" in found[0]):
            continue
        if found and not (_is_clause(text[at:stop]) and _is_clause(text[following : _next(text, following, end)])):
            continue
        pieces.append((at, stop))
        at = following
    for low, high in pieces:
        while low < high and text[low] in _EDGE:
            low += 1
        while high > low and text[high - 1] in _EDGE and not text[low:high].endswith("U.S."):
            high -= 1
        yield from trimmed(text, low, high)


def _next(text: str, start: int, end: int) -> int:
    found = _CUT.search(text, start, end)
    return found.start() if found else end
