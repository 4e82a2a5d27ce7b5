"""Quotes: verbatim words, as people and models give them, turned into offsets.

A span may come as `quote` (+ `occurrence`, counted from 0 over the whole text, overlapping places included) instead of
`start` and `end`. That is settled here, on plain JSON values, before records are made. Only exact words match.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

import msgspec

from variorum.problems import Problem, json_path, shown

UNRESOLVED = -1  # stands for both offsets of a span whose quote is not settled; the schema forbids it in a file
SINGLE_MARKS = "'‘’‚‛`´ʼ‹›′"
DOUBLE_MARKS = '"“”„‟«»″'
_AROUND = 24  # characters of context on either side
_SHOWN_PLACES = 4
_NEAREST_WORDS = 24
_MOST_HELPED = 200  # the search for what is near takes a millisecond; a broken file may have a hundred thousand quotes

Place = tuple[str | int, ...]


class Resolved(msgspec.Struct, frozen=True):
    """A set (plain JSON) without quotes: `count` spans were settled; the others have `UNRESOLVED` offsets."""

    value: dict[str, Any]
    count: int
    problems: tuple[Problem, ...]


class _Failure(msgspec.Struct, frozen=True):
    rule: str
    message: str


def resolve(value: dict[str, Any], texts: Mapping[str, str], claim_documents: Mapping[str, str], file: str) -> Resolved:
    """Offsets for all quotes of a set: of mentions, of spans and cue of claims, of span_a and span_b of pairs.

    `texts`: the text by doc_id. `claim_documents`: the doc_id by claim_id, for claims that another set holds; the set's
    own claims come before them. What is no span stays as it is; a quote from a document without a text stays
    unresolved, without a problem (that the document is unknown is one already). The value passed in is not changed.
    """
    problems: list[Problem] = []
    count = 0

    def settle(span: dict[str, Any], doc_id: object, place: Place) -> dict[str, Any]:
        nonlocal count
        text = texts.get(doc_id) if isinstance(doc_id, str) else None
        if not isinstance(span.get("quote"), str) or not span["quote"]:
            return span
        helped = len(problems) < _MOST_HELPED
        found = _locate(text, span["quote"], span.get("occurrence"), helped) if text is not None else None
        if isinstance(found, _Failure):
            problems.append(Problem(file, json_path(place), found.rule, found.message))
        count += isinstance(found, int)
        return _with_offsets(span, found if isinstance(found, int) else UNRESOLVED)

    own = {c["claim_id"]: c.get("doc_id") for c in _objects(value, "claims") if isinstance(c.get("claim_id"), str)}
    documents = {**claim_documents, **own}
    layers = {
        "mentions": lambda record, place: settle(record, record.get("doc_id"), place),
        "claims": lambda record, place: _claim(record, place, settle),
        "contradictions": lambda record, place: _pair(record, place, settle, documents),
    }
    settled = {name: _layer(value, name, each) for name, each in layers.items() if isinstance(value.get(name), list)}
    return Resolved({**value, **settled}, count, tuple(problems))


_Settle = Callable[[dict[str, Any], object, Place], dict[str, Any]]


def _objects(value: dict[str, Any], layer: str) -> Iterator[dict[str, Any]]:
    records = value.get(layer)
    return (record for record in records if isinstance(record, dict)) if isinstance(records, list) else iter(())


def _layer(value: dict[str, Any], name: str, each: Callable[[dict[str, Any], Place], dict[str, Any]]) -> list[Any]:
    return [each(item, (name, i)) if isinstance(item, dict) else item for i, item in enumerate(value[name])]


def _claim(claim: dict[str, Any], place: Place, settle: _Settle) -> dict[str, Any]:
    doc_id, new = claim.get("doc_id"), dict(claim)
    if isinstance(spans := claim.get("spans"), list):
        each = enumerate(spans)
        new["spans"] = [settle(s, doc_id, (*place, "spans", i)) if isinstance(s, dict) else s for i, s in each]
    if isinstance(cue := claim.get("cue"), dict):
        new["cue"] = settle(cue, doc_id, (*place, "cue"))
    return new


def _pair(pair: dict[str, Any], place: Place, settle: _Settle, documents: Mapping[str, object]) -> dict[str, Any]:
    new = dict(pair)
    for side in ("a", "b"):
        claim_id, span = pair.get(f"claim_{side}"), pair.get(f"span_{side}")
        if isinstance(span, dict):
            doc_id = documents.get(claim_id) if isinstance(claim_id, str) else None
            new[f"span_{side}"] = settle(span, doc_id, (*place, f"span_{side}"))
    return new


def _with_offsets(span: dict[str, Any], start: int) -> dict[str, Any]:
    """The span with start, end and text in place of quote and occurrence."""
    quote = span["quote"]
    rest = {key: value for key, value in span.items() if key not in ("quote", "occurrence", "start", "end", "text")}
    if start == UNRESOLVED:
        return {**rest, "start": UNRESOLVED, "end": UNRESOLVED}
    return {**rest, "start": start, "end": start + len(quote), "text": quote}


# --- places --------------------------------------------------------------------------------------------------


def places(text: str, quote: str) -> tuple[int, ...]:
    """Where a quote stands in a text, in order; places may overlap.

    >>> places("banana", "ana")
    (1, 3)
    """
    return _places(text, quote)


@lru_cache(maxsize=65536)
def _places(text: str, quote: str) -> tuple[int, ...]:
    found, at = [], text.find(quote)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return tuple(found)


def _locate(text: str, quote: str, occurrence: object, helped: bool) -> int | _Failure:
    found = places(text, quote)
    if not found:
        return _Failure("quote-not-found", _not_found(text, quote) if helped else f"{shown(quote)} is not in the text")
    if occurrence is None:
        return found[0] if len(found) == 1 else _Failure("quote-ambiguous", _ambiguous(text, quote, found))
    if not isinstance(occurrence, int) or not 0 <= occurrence < len(found):
        last = "the only occurrence is 0" if len(found) == 1 else f"occurrences are 0 to {len(found) - 1}"
        message = f"{shown(quote)} stands {_times(len(found))} in the text ({last}), record says {shown(occurrence)}"
        return _Failure("quote-occurrence", message)
    return found[occurrence]


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _ambiguous(text: str, quote: str, found: tuple[int, ...]) -> str:
    first = (f"{i}: {_context(text, at, at + len(quote))}" for i, at in enumerate(found[:_SHOWN_PLACES]))
    more = "; …" if len(found) > _SHOWN_PLACES else ""
    return f"{shown(quote)} stands {_times(len(found))} in the text; add occurrence – {'; '.join(first)}{more}"


def _context(text: str, start: int, end: int) -> str:
    """The passage with a little before and after it."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return f"{'…' if low else ''}{shown(text[low:high], 160)}{'…' if high < len(text) else ''}"


# --- help with what is not found ------------------------------------------------------------------------------


class _Folded(msgspec.Struct, frozen=True):
    """A text with white space, quotation marks and case folded, and the place of each character in the original."""

    text: str
    offsets: tuple[int, ...]


@cache
def _marks() -> dict[str, str]:
    return {**dict.fromkeys(SINGLE_MARKS, "'"), **dict.fromkeys(DOUBLE_MARKS, '"')}


@lru_cache(maxsize=256)
def _fold(text: str, case: bool) -> _Folded:
    kept: list[tuple[str, int]] = []
    for offset, character in enumerate(text):
        folded = " " if character.isspace() else _marks().get(character, character)
        if folded == " " and kept and kept[-1][0] == " ":
            continue
        # Only characters that stay one character are lowered, or the offsets would be off.
        lower = folded.lower()
        kept.append((lower if case and len(lower) == 1 else folded, offset))
    return _Folded("".join(c for c, _ in kept), (*(offset for _, offset in kept), len(text)))


def _not_found(text: str, quote: str) -> str:
    if len(quote) > 4 * len(text):
        return f"{shown(quote)} is not in the text and longer than it"
    folded = _fold(text, False)
    key = _fold(quote, False).text
    if (at := folded.text.find(key.strip() or key)) >= 0:
        exact = text[folded.offsets[at] : folded.offsets[at + len(key.strip() or key)]]
        return f"{shown(quote)} is not in the text; the exact words there are {shown(exact, 400)}"
    return f"{shown(quote)} is not in the text{_nearest(text, quote)}"


def _nearest(text: str, quote: str) -> str:
    """The passage that shares the longest run of words with the quote, case aside."""
    folded = _fold(text, True)
    words = _fold(quote, True).text[:400].split()[:_NEAREST_WORDS]
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            run = " ".join(words[first : first + size])
            if (at := folded.text.find(run)) >= 0 and len(run) > 3:
                return f"; nearest is {_context(text, folded.offsets[at], folded.offsets[at + len(run)])}"
    return ", nor is anything near it"
