"""Pairs of given claims by rules: one topic and differing values clash, one topic and the same values agree.

What no value tells is tried by two more rules: one of the two is negated, or the two differ in a single name. Conflicts
of another sort are missed by construction. The thresholds and weights are those that
`python benchmarks/tune_baselines.py` chooses on the invented articles (annotations/invented); the articles of the
benchmark were not looked at.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from numpy.typing import NDArray

from variorum.baselines.comparing import ASPECTS, Comparison, a_birthday_apart, compare, inexact
from variorum.baselines.task import Task
from variorum.baselines.topics import candidates
from variorum.records import CONFLICT, Pair, Value, pair_id

Similarity = Callable[[Sequence["Side"], Sequence[tuple[int, int]]], NDArray[Any]]


CHOSEN = "on the invented articles (benchmarks/tune_baselines.py), never on those of the benchmark"


class Thresholds(msgspec.Struct, frozen=True):
    """How alike two propositions must be: to clash in a value, to clash in a word, to agree."""

    value: float
    wording: float
    agreement: float


class Weights(msgspec.Struct, frozen=True):
    """Logistic regression of "contradiction or tension" on the evidence, for the score."""

    constant: float
    similarity: float
    clash: float
    fitting: float
    negated: float
    name: float


class Side(msgspec.Struct, frozen=True):
    """One proposition as the rules see it."""

    claim_id: str
    proposition: str
    words: tuple[str, ...]
    values: tuple[Value, ...]
    negative: bool


class Evidence(msgspec.Struct, frozen=True):
    """What speaks for or against a conflict of two sides."""

    similarity: float
    comparison: Comparison
    negated: bool
    names: tuple[str, str, str] | None

    @property
    def clash(self) -> tuple[Value, Value] | None:
        """The two values that clash. None if dates differ along with other values (each holds at its own time)."""
        clashes = self.comparison.clashes
        moved = "date" in self.comparison.kinds and len(self.comparison.kinds) > 1
        return clashes[0] if clashes and not moved and not a_birthday_apart(*clashes[0]) else None

    @property
    def features(self) -> tuple[float, ...]:
        """In the order of `Weights`, after the constant."""
        other = self.clash is None
        return (
            self.similarity,
            float(not other),
            float(self.comparison.fitting > 0),
            float(other and self.negated),
            float(other and self.names is not None),
        )


def settings(limits: Thresholds) -> dict[str, str | int | float | bool | None]:
    """The thresholds as settings of a baseline."""
    return msgspec.structs.asdict(limits)


def evidence(a: Side, b: Side, similarity: float) -> Evidence:
    """Compare two sides."""
    return Evidence(
        similarity, compare(a.values, b.values), a.negative != b.negative, differing_names(a.proposition, b.proposition)
    )


def differing_names(a: str, b: str) -> tuple[str, str, str] | None:
    """The word before and the two names, if two propositions are the same but for one name.

    >>> differing_names("She was born in Ghent.", "She was born in Port Lorne.")
    ('in', 'Ghent', 'Port Lorne')
    """
    left, right = a.rstrip(" .").split(), b.rstrip(" .").split()
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    stop = 0
    while stop < min(len(left), len(right)) - start and left[-1 - stop] == right[-1 - stop]:
        stop += 1
    x, y = left[start : len(left) - stop], right[start : len(right) - stop]
    named = all(part and len(part) <= 4 and all(word[:1].isupper() for word in part) for part in (x, y))
    return (left[start - 1] if start else "", " ".join(x), " ".join(y)) if named and start + stop >= 2 else None


def relation(found: Evidence, limits: Thresholds) -> str:
    """The relation that the evidence tells."""
    if found.clash and found.similarity >= limits.value:
        return "tension" if inexact(*found.clash) else "contradiction"
    if (found.negated or found.names) and not found.comparison.clashes and found.similarity >= limits.wording:
        return "contradiction"
    return "agreement" if not found.comparison.clashes and found.similarity >= limits.agreement else "neutral"


def probability(found: Evidence, weights: Weights) -> float:
    """The probability of contradiction or tension, to six digits."""
    constant, *others = msgspec.structs.astuple(weights)
    at = constant + sum(weight * feature for weight, feature in zip(others, found.features, strict=True))
    return round(1 / (1 + math.exp(-at)), 6)


def pairs(
    task: Task, sides: Sequence[Side], similarity: Similarity, limits: Thresholds, weights: Weights
) -> Iterator[Pair]:
    """Judge every pair that the task asks about, and every candidate; one that is neutral unasked is left out."""
    ordered, aspects = sorted(sides, key=lambda side: side.claim_id), task.schema.names("aspect")
    asked = set(_places(task.asked, ordered))
    found = sorted(asked.union(candidates([side.words for side in ordered])))
    for (i, j), cosine in zip(found, similarity(ordered, found).tolist(), strict=True):
        a, b = ordered[i], ordered[j]
        pair = _pair(a, b, evidence(a, b, cosine), limits, weights, aspects)
        if pair.relation != "neutral" or (i, j) in asked:
            yield pair


def _places(asked: Sequence[tuple[str, str]], sides: Sequence[Side]) -> Iterator[tuple[int, int]]:
    """Where the claims of each pair stand; without pairs that lack one."""
    places = {side.claim_id: i for i, side in enumerate(sides)}
    for a, b in asked:
        if a in places and b in places and a != b:
            yield min(places[a], places[b]), max(places[a], places[b])


def _pair(a: Side, b: Side, found: Evidence, limits: Thresholds, weights: Weights, aspects: Sequence[str]) -> Pair:
    told = relation(found, limits)
    aspect, values = _clash(found) if told in CONFLICT else (None, (None, None))
    return Pair(
        pair_id=pair_id(a.claim_id, b.claim_id),
        claim_a=a.claim_id,
        claim_b=b.claim_id,
        relation=told,
        aspect=aspect if aspect in aspects else None,
        value_a=values[0],
        value_b=values[1],
        score=probability(found, weights),
    )


def _clash(found: Evidence) -> tuple[str, tuple[Value | None, Value | None]]:
    """The aspect and the two values of a conflict."""
    if found.clash:
        return ASPECTS[found.clash[0].kind], found.clash
    if found.names:
        before, a, b = found.names
        place = before.casefold() in ("in", "at", "from", "to", "near", "on", "off")
        return "location" if place else "identity", (Value(kind="text", value=a), Value(kind="text", value=b))
    return "state", (None, None)
