"""What gold is made of (`annotations/rounds.json`), and the adjudicator's decisions (`annotations/decisions/`)."""

from typing import Any

from variorum.records import Record


class Rounds(Record, frozen=True):
    """The rounds that make gold, and its version: the one place where the version of the dataset stands."""

    version: str
    articles: str
    pairs: tuple[str, ...]


class Decision(Record, frozen=True):
    """One decision: of which item, what holds (any JSON value), why, and who decided."""

    item: str
    ids: tuple[str, ...]
    choice: Any
    reason: str
    decided_by: str


class Decisions(Record, frozen=True):
    decisions: tuple[Decision, ...]
