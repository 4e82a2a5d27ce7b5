"""The lines of a screening list: how a person writes down one pair of claims, and a line read strictly.

    4-9                                        left claim 4 and right claim 9: an agreement
    4-9 rounding                               the same, and why it is no conflict although it looks like one
    4-9 quantity | quantity 40 [guest] "40 guests" | quantity >55 [guest] "over 55" | Two counts. | dinner-guests

A conflict has five parts: the pair and its aspect, the left side, the right side, why in one sentence, the name of the
conflict. A side is a value and, in quotation marks, the words of the claim's evidence that clash:

    KIND COMPARATOR VALUE [UNIT] @ANCHOR SOURCE "WORDS" #N

Only the words are needed: without a value the words are it, without a kind it is text; #2 means the second place where
the words stand in the evidence. `to_line` and `from_line` are inverse for every pair that lines can carry.
"""

import re
from collections.abc import Sequence

import msgspec

from variorum.problems import shown
from variorum.records import Anchor, Span, Value

_COMPARATORS = "=<>~"
_PAIR = re.compile(r"(\d{1,6})\s*[-–—]\s*(\d{1,6})(?:\s+(\S+))?")
_BAR = re.compile(r"\s+\|\s+")
_WORDS = re.compile(r"""(?P<value>.*?)\s*["“](?P<words>.+)["”](?:\s*\#(?P<place>\d{1,6}))?""", re.DOTALL)
_ANCHOR = re.compile(r"(?P<rest>.*?)\s+@(?P<date>\S+)\s+(?P<source>\S+)", re.DOTALL)
_UNIT = re.compile(r"(?P<rest>.*?)\s+\[(?P<unit>[^\[\]]+)\]", re.DOTALL)


class BadLineError(Exception):
    """A line that is no entry of a list; the message says why."""


class Side(msgspec.Struct, frozen=True):
    """What one of the two claims says where they clash: a value, and its words with their offsets in the document."""

    value: Value
    span: Span


class Line(msgspec.Struct, frozen=True):
    """One entry: the numbers of the two claims, and what goes with the relation it is listed under."""

    left: int
    right: int
    label: str | None = None
    sides: tuple[Side, Side] | None = None
    rationale: str | None = None
    conflict_id: str | None = None


class Evidence(msgspec.Struct, frozen=True):
    """The text from the first to the last word of a claim's evidence, and where in the document it begins."""

    text: str
    base: int


Claims = Sequence[Evidence]  # claim number n stands at n - 1


# --- reading -------------------------------------------------------------------------------------------------


def no_conflict(text: str, claims: tuple[Claims, Claims], reasons: Sequence[str]) -> Line:
    """An entry of the list of agreements or look-alikes. BadLineError if it is none."""
    return _pair(text, claims, "reason", reasons)


def conflict(text: str, claims: tuple[Claims, Claims], aspects: Sequence[str], kinds: Sequence[str]) -> Line:
    """An entry of a list of conflicts. BadLineError if it is none."""
    parts = _BAR.split(text)
    if len(parts) != 5 or not all(part.strip() for part in parts):
        raise BadLineError('a conflict is LEFT-RIGHT ASPECT | left "words" | right "words" | why | its name')
    line = _pair(parts[0], claims, "aspect", aspects)
    if line.label is None:
        raise BadLineError(f"after the numbers comes the aspect: {', '.join(aspects)}")
    left = _side(parts[1], "left", claims[0][line.left - 1], kinds)
    right = _side(parts[2], "right", claims[1][line.right - 1], kinds)
    return Line(line.left, line.right, line.label, (left, right), parts[3].strip(), parts[4].strip())


def _pair(text: str, claims: tuple[Claims, Claims], what: str, labels: Sequence[str]) -> Line:
    found = _PAIR.fullmatch(text.strip())
    if found is None:
        raise BadLineError(f"it does not begin as LEFT-RIGHT, such as 4-9, with at most one {what} after it")
    left, right, label = int(found[1]), int(found[2]), found[3]
    for number, side, name in ((left, claims[0], "left"), (right, claims[1], "right")):
        if not 1 <= number <= len(side):
            raise BadLineError(f"there is no claim {number} on the {name}, only 1 to {len(side)}")
    if label is not None and label not in labels:
        raise BadLineError(f"{shown(label)} is no {what}: {', '.join(labels)}")
    return Line(left, right, label)


def _side(text: str, name: str, evidence: Evidence, kinds: Sequence[str]) -> Side:
    found = _WORDS.fullmatch(text.strip())
    if found is None:
        raise BadLineError(f'on the {name} the words that clash are missing: "…"')
    span = _span(found["words"], int(found["place"]) if found["place"] else None, name, evidence)
    return Side(to_value(found["value"], " ".join(found["words"].split()), kinds), span)


def _span(words: str, place: int | None, name: str, evidence: Evidence) -> Span:
    """The words in the evidence; a line break there may be a blank in the line."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    # Looking ahead finds places that overlap as well.
    places = [(m.start(), m.end(1)) for m in re.finditer(f"(?=({pattern}))", evidence.text)] if pattern else []
    if not places:
        raise BadLineError(f"the evidence on the {name} has no words {shown(words)}")
    if place is None and len(places) > 1:
        raise BadLineError(f"{shown(words)} stands {len(places)} times in the evidence on the {name}: add #1, #2 …")
    if not 1 <= (place or 1) <= len(places):
        raise BadLineError(f"{shown(words)} stands {len(places)} times in the evidence on the {name}: no #{place}")
    start, end = places[(place or 1) - 1]
    return Span(start=evidence.base + start, end=evidence.base + end, text=evidence.text[start:end])


def to_value(text: str, words: str, kinds: Sequence[str]) -> Value:
    """The value that a text says, whose value is `words` if it gives none; the inverse of `value_text`."""
    anchored = _ANCHOR.fullmatch(text)
    anchor = Anchor(date=anchored["date"], source=anchored["source"]) if anchored else None
    rest = anchored["rest"] if anchored else text
    measured = _UNIT.fullmatch(rest)
    unit, rest = (measured["unit"], measured["rest"]) if measured else (None, rest)
    first, _, after = rest.partition(" ")
    kind, rest = (first, after.strip()) if first in kinds else ("text", rest)
    comparator, rest = (rest[0], rest[1:].strip()) if rest[:1] in tuple(_COMPARATORS) else ("=", rest)
    return Value(kind=kind, value=rest or words, unit=unit, comparator=comparator, anchor=anchor)


# --- writing -------------------------------------------------------------------------------------------------


def to_line(line: Line, claims: tuple[Claims, Claims]) -> str:
    """A pair as an entry of the list of its relation."""
    pair = f"{line.left}-{line.right}" + (f" {line.label}" if line.label else "")
    if line.sides is None:
        return pair
    left, right = line.sides
    sides = [_written(left, claims[0][line.left - 1]), _written(right, claims[1][line.right - 1])]
    return " | ".join([pair, *sides, line.rationale or "", line.conflict_id or ""])


def value_text(value: Value) -> str:
    """A value as it stands in a line.

    >>> value_text(Value(kind="quantity", value="40", unit="guest", comparator=">"))
    'quantity >40 [guest]'
    """
    needs = value.comparator != "=" or value.value[:1] in tuple(_COMPARATORS)
    parts = [value.kind, f"{value.comparator if needs else ''}{value.value}"]
    parts += [f"[{value.unit}]"] if value.unit else []
    parts += [f"@{value.anchor.date} {value.anchor.source}"] if value.anchor else []
    return " ".join(parts)


def _written(side: Side, evidence: Evidence) -> str:
    start = side.span.start - evidence.base
    words = evidence.text[max(start, 0) : side.span.end - evidence.base]
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    places = [m.start() for m in re.finditer(f"(?={pattern})", evidence.text)] if pattern else []
    place = f" #{places.index(start) + 1}" if len(places) > 1 and start in places else ""
    return f'{value_text(side.value)} "{" ".join(words.split())}"{place}'
