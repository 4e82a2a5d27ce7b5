"""Quotes: verbatim words, as people and models give them, turned into offsets.

A span may come as `quote` (+ `occurrence`, counted from 0 over the whole text, overlapping places included) instead of
`start` and `end`. That is settled here, on plain JSON values, before records are made. Only exact words match, unless
the caller asks for folding (`variorum.folding`): then, where the exact words settle nothing, the folded ones may, and
each time is told. Offsets refer to the untouched text either way.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from variorum import folding
from variorum.problems import WARNING, Problem, json_path, shown

UNRESOLVED = -1  # stands for both offsets of a span whose quote is not settled; the schema forbids it in a file
_AROUND = 24  # characters of context on either side
_SHOWN_PLACES = 4
_NEAREST_WORDS = 24
_MOST_COMPARED = 400  # characters of a quote
_MOST_HELPED = 200  # the search for what is near takes a millisecond; a broken file may have a hundred thousand quotes

Place = tuple[str | int, ...]


class Resolved(msgspec.Struct, frozen=True):
    """A set (plain JSON) without quotes: `count` spans were settled; the others have `UNRESOLVED` offsets.

    `folded` has a warning for each of the `count` that was settled by folding.
    """

    value: dict[str, Any]
    count: int
    problems: tuple[Problem, ...]
    folded: tuple[Problem, ...] = ()


class _Found(NamedTuple):
    start: int
    end: int
    folded: bool = False


class _Failure(msgspec.Struct, frozen=True):
    rule: str
    message: str


def resolve(
    value: dict[str, Any],
    texts: Mapping[str, str],
    claim_documents: Mapping[str, str],
    file: str,
    fold: bool = False,
) -> Resolved:
    """Offsets for all quotes of a set: of mentions, of spans and cue of claims, of span_a and span_b of pairs.

    `texts`: the text by doc_id. `claim_documents`: the doc_id by claim_id, for claims that another set holds; the set's
    own claims come before them. What is no span stays as it is; a quote from a document without a text stays
    unresolved, without a problem (that the document is unknown is one already). The value passed in is not changed.
    """
    problems: list[Problem] = []
    folded: list[Problem] = []
    count = 0

    def settle(span: dict[str, Any], doc_id: object, place: Place) -> dict[str, Any]:
        nonlocal count
        text = texts.get(doc_id) if isinstance(doc_id, str) else None
        if not isinstance(span.get("quote"), str) or not span["quote"]:
            return span
        helped = len(problems) < _MOST_HELPED
        found = _locate(text, span["quote"], span.get("occurrence"), fold, helped) if text is not None else None
        if isinstance(found, _Failure):
            problems.append(Problem(file, json_path(place), found.rule, found.message))
        if not isinstance(found, _Found) or text is None:
            return {**_without_quote(span), "start": UNRESOLVED, "end": UNRESOLVED}
        count += 1
        words = text[found.start : found.end]
        if found.folded:
            message = f"{shown(span['quote'])} was read as {shown(words)} at [{found.start}:{found.end}]"
            folded.append(Problem(file, json_path(place), "quote-folded", message, WARNING))
        return {**_without_quote(span), "start": found.start, "end": found.end, "text": words}

    own = {c["claim_id"]: c.get("doc_id") for c in _objects(value, "claims") if isinstance(c.get("claim_id"), str)}
    documents = {**claim_documents, **own}
    layers = {
        "mentions": lambda record, place: settle(record, record.get("doc_id"), place),
        "claims": lambda record, place: _claim(record, place, settle),
        "contradictions": lambda record, place: _pair(record, place, settle, documents),
    }
    settled = {name: _layer(value, name, each) for name, each in layers.items() if isinstance(value.get(name), list)}
    return Resolved({**value, **settled}, count, tuple(problems), tuple(folded))


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


def _without_quote(span: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in span.items() if key not in ("quote", "occurrence", "start", "end", "text")}


# --- places --------------------------------------------------------------------------------------------------


def places(text: str, quote: str) -> tuple[int, ...]:
    """Where a quote stands in a text, in order; places may overlap.

    >>> places("banana", "ana")
    (1, 3)
    """
    found, at = [], text.find(quote)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + 1)
    return tuple(found)


def _locate(text: str, quote: str, occurrence: object, fold: bool, helped: bool) -> _Found | _Failure:
    exact = _exact(text, quote)
    chosen = _chosen(text, quote, exact, occurrence, helped)
    if not fold or isinstance(chosen, _Found) or chosen.rule == "quote-ambiguous":
        return chosen
    # A folded place is looked for if there is no exact one, or not as many as the occurrence asks for.
    near = _near(text, quote)
    again = _chosen(text, quote, near, occurrence, helped) if near else chosen
    return again if isinstance(again, _Found) or not exact else chosen


@lru_cache(maxsize=65536)
def _exact(text: str, quote: str) -> tuple[_Found, ...]:
    return tuple(_Found(at, at + len(quote)) for at in places(text, quote))


@lru_cache(maxsize=65536)
def _near(text: str, quote: str) -> tuple[_Found, ...]:
    return tuple(_Found(start, end, True) for start, end in folding.places(text, quote))


def _chosen(text: str, quote: str, found: tuple[_Found, ...], occurrence: object, helped: bool) -> _Found | _Failure:
    """The place that is meant, of those where a quote stands."""
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


def _ambiguous(text: str, quote: str, found: tuple[_Found, ...]) -> str:
    first = (f"{i}: {_context(text, each.start, each.end)}" for i, each in enumerate(found[:_SHOWN_PLACES]))
    more = "; …" if len(found) > _SHOWN_PLACES else ""
    return f"{shown(quote)} stands {_times(len(found))} in the text; add occurrence – {'; '.join(first)}{more}"


def _context(text: str, start: int, end: int) -> str:
    """The passage with a little before and after it."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return f"{'…' if low else ''}{shown(text[low:high], 160)}{'…' if high < len(text) else ''}"


# --- help with what is not found ------------------------------------------------------------------------------


def _not_found(text: str, quote: str) -> str:
    if len(quote) > 4 * len(text):
        return f"{shown(quote)} is not in the text and longer than it"
    if near := folding.places(text, quote):
        start, end = near[0]
        return f"{shown(quote)} is not in the text; the exact words there are {shown(text[start:end], 400)}"
    return f"{shown(quote)} is not in the text{_nearest(text, quote)}"


def _nearest(text: str, quote: str) -> str:
    """The passage that shares the longest run of words with the quote, case aside."""
    folded = folding.fold(text, case=True)
    words = folding.fold(quote[:_MOST_COMPARED], case=True).text.split()[:_NEAREST_WORDS]
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            run = " ".join(words[first : first + size])
            if (at := folded.text.find(run)) >= 0 and len(run) > 3:
                return f"; nearest is {_context(text, folded.starts[at], folded.ends[at + len(run) - 1])}"
    return ", nor is anything near it"
