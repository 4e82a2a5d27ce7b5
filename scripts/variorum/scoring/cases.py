"""One item that both sides have, or only one, and how spans differ: what all listings of errors are made of."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from variorum.records import Record
from variorum.scoring.columns import Unplaced

Texts = Mapping[str, str]  # doc_id -> the whole text
Spans = Collection[tuple[int, int]]
MARKS = "⟦ ⟧ gold's span, ⟨ ⟩ the predicted one where it is another"
AROUND = 40
FEW = 12
NONE = "(none)"
_WORD = re.compile(r"\w+")


class Case(Record, frozen=True, kw_only=True):
    """One item that both sides have, or only one: `outcome` is hit, near miss, miss or false alarm.

    `what` names what is wrong; `gold` and `predicted` are ids, `gold_label` and `predicted_label` what they say;
    `context` is the text around, with spans as `marked` sets them (`MARKS`).
    """

    layer: str
    outcome: str
    what: tuple[str, ...] = ()
    doc_id: str | None = None
    gold: str | None = None
    predicted: str | None = None
    gold_label: str | None = None
    predicted_label: str | None = None
    gold_span: tuple[int, int] | None = None
    predicted_span: tuple[int, int] | None = None
    context: str | None = None


def outcome(gold: Any, predicted: Any, what: tuple[str, ...]) -> str:
    """The outcome of what each side has, None if nothing."""
    if gold is None or predicted is None:
        return "false alarm" if gold is None else "miss"
    return "near miss" if what else "hit"


def both_and_rest(gold: list[Any], predicted: list[Any], pairs: list[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The pairs, then what only gold has, then what only the prediction has; each side told apart by identity."""
    yield from pairs
    taken = {id(item) for pair in pairs for item in pair}
    yield from ((item, None) for item in gold if id(item) not in taken)
    yield from ((None, item) for item in predicted if id(item) not in taken)


def boundary(gold: set[tuple[int, int]], predicted: set[tuple[int, int]], text: str | None) -> str | None:
    """How two sets of spans differ: not at all (None), `wrong`, or off by little, with a word for how little."""
    edges = sorted(_marks(gold) ^ _marks(predicted))
    if not edges:
        return None
    stretches = list(zip(edges[::2], edges[1::2], strict=True))
    if text is not None:
        return _small(stretches, text) or "wrong"
    return f"off by up to {FEW} characters" if sum(end - start for start, end in stretches) <= FEW else "wrong"


def _small(stretches: list[tuple[int, int]], text: str) -> str | None:
    """What some stretches of text hold, if it is one word or less."""
    words = [found for start, end in stretches for found in _WORD.finditer(text, start, end)]
    if len(words) > 1:
        return None
    if words:
        start, end = words[0].span()
        inside = _WORD.match(text[max(0, start - 1) : start]) or _WORD.match(text[end : end + 1])
        return "off by part of a word" if inside else "off by a word"
    blank = not "".join(text[start:end] for start, end in stretches).strip()
    return "off by white space" if blank else "off by punctuation"


def _marks(spans: set[tuple[int, int]]) -> set[int]:
    """Where the spans begin and end; two that touch have no edge between them. The marks that two sets do not share,
    in order, are the ends of the stretches in which they differ."""
    marks: set[int] = set()
    end = -1
    for start, stop in sorted(spans):
        if start > end:
            marks |= {start, stop}
        elif stop > end:
            marks = (marks - {end}) | {stop}
        end = max(end, stop)
    return marks


def marked(text: str | None, gold: Spans, predicted: Spans = ()) -> str | None:
    """Spans with their surroundings, line ends as blanks: gold's in ⟦ ⟧, the predicted ones in ⟨ ⟩ if they are others.

    >>> marked("The old Harbour Gazette wrote", [(0, 23)], [(4, 23)])
    '⟦The ⟨old Harbour Gazette⟩⟧ wrote'
    """
    if text is None:
        return None
    sides = (gold, predicted if set(predicted) != set(gold) else ())
    spans = [(start, end, side) for side, each in enumerate(sides) for start, end in each]
    opening = [(start, 1, -end, side, "⟦⟨"[side]) for start, end, side in spans]  # the longer one first
    closing = [(end, 0, -start, -side, "⟧⟩"[side]) for start, end, side in spans]  # what was opened last first
    at = max(0, min(start for start, *_ in spans) - AROUND)
    parts: list[str] = []
    for place, *_, mark in sorted(opening + closing):
        parts += text[at:place], mark
        at = place
    return re.sub(r"\s+", " ", "".join((*parts, text[at : at + AROUND]))).strip()


def unplaced_cases(layer: str, found: Iterable[Unplaced], renaming: Mapping[str, str | None]) -> Iterator[Case]:
    """Predictions whose quotes could not be located, under the names of the label map; the quote is the context."""
    for each in found:
        name = renaming.get(each.type, each.type)
        if name is not None:
            yield Case(
                layer=layer,
                outcome="false alarm",
                what=(each.why,),
                doc_id=each.doc_id,
                predicted=each.record_id or None,
                predicted_label=name or None,
                context=each.quote or None,
            )
