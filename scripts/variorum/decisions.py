"""What gold is made of (`annotations/rounds.json`), and the adjudicator's decisions (`annotations/decisions/`)."""

from collections.abc import Iterable, Iterator
from typing import Any

from variorum.records import Record


class KnownAnswers(Record, frozen=True):
    """Where annotators judged pairs with known answers: a corpus inside annotations/, whose gold is the key."""

    corpus: str
    round: str


class Rounds(Record, frozen=True):
    """The rounds that make gold, and its version: the one place where the version of the dataset stands.

    The other rounds show how good it is: the screening lists, second looks at gold's pairs, known answers.
    """

    version: str
    articles: str
    pairs: tuple[str, ...]
    screening: str | None = None
    second_looks: tuple[str, ...] = ()
    known_answers: KnownAnswers | None = None


class Decision(Record, frozen=True):
    """One decision: of which item, what holds (any JSON value), why, and who decided."""

    item: str
    ids: tuple[str, ...]
    choice: Any
    reason: str
    decided_by: str


class Decisions(Record, frozen=True):
    decisions: tuple[Decision, ...]


About = tuple[str, tuple[str, ...]]  # item and ids


def about(decision: Decision) -> About:
    """What a decision is about. A link has two ends and no direction, so that its ids are in order here."""
    return decision.item, tuple(sorted(decision.ids))


def repeated(decisions: Iterable[Decision]) -> Iterator[tuple[int, int]]:
    """Where a decision is about the same as an earlier one: the places of the first one and of the other, from 0."""
    first: dict[About, int] = {}
    for place, decision in enumerate(decisions):
        if (earlier := first.setdefault(about(decision), place)) != place:
            yield earlier, place
