"""Rules of mentions: level, entity, no stretch labelled twice, no two that cross."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator

from variorum.checks.rule import PEOPLE, Finding, Rule, Subject, by_id
from variorum.records import Mention
from variorum.values import VALUE_KINDS

_VALUES = ", ".join(VALUE_KINDS)

RULES = by_id(
    Rule(id="level-missing", stage="records", summary="A mention has a level, unless it is a value.", roles=PEOPLE),
    Rule(id="level-on-value", stage="records", summary=f"A value ({_VALUES}) has no level.", roles=PEOPLE),
    Rule(
        id="entity-missing",
        stage="records",
        summary="In a set with an entities layer a mention has an entity_id, unless its type is a value.",
        roles=PEOPLE,
    ),
    Rule(id="entity-on-value", stage="records", summary=f"A value ({_VALUES}) has no entity_id.", roles=PEOPLE),
    Rule(
        id="twin-mention",
        stage="records",
        summary="The same stretch of a document is labelled once.",
        roles=PEOPLE,
    ),
    Rule(
        id="crossing-mentions",
        stage="records",
        summary="Two mentions are nested or apart; they never cross.",
        roles=PEOPLE,
    ),
)


def check_mentions(subject: Subject) -> Iterator[Finding]:
    """Each mention by itself: level and entity."""
    linked = subject.set.entities is not None
    for i, mention in enumerate(subject.mentions):
        place = f"$.mentions[{i}]"
        if mention.type in VALUE_KINDS:
            if mention.level is not None:
                yield Finding("level-on-value", place, f"a {mention.type} mention has no level")
            if mention.entity_id is not None:
                yield Finding("entity-on-value", place, f"a {mention.type} mention has no entity_id")
            continue
        if mention.level is None:
            yield Finding("level-missing", place, f"a {mention.type} mention needs a level")
        if linked and mention.entity_id is None:
            yield Finding("entity-missing", place, f"a {mention.type} mention needs an entity_id")


def check_overlaps(subject: Subject) -> Iterator[Finding]:
    """Mentions beside one another, document by document."""
    placed: dict[str, list[tuple[int, Mention]]] = defaultdict(list)
    for i, mention in enumerate(subject.mentions):
        if 0 <= mention.start < mention.end:
            placed[mention.doc_id].append((i, mention))
    for mentions in placed.values():
        # Longer ones first where they start together, so that whatever is open when a mention starts came before it.
        mentions.sort(key=lambda item: (item[1].start, -item[1].end, item[0]))
        yield from _twins(mentions)
        yield from _crossings(mentions)


def _twins(mentions: list[tuple[int, Mention]]) -> Iterator[Finding]:
    first: dict[tuple[int, int], int] = {}
    for i, mention in mentions:
        other = first.setdefault((mention.start, mention.end), i)
        if other != i:
            message = f"[{mention.start}:{mention.end}] is labelled by $.mentions[{other}] already"
            yield Finding("twin-mention", f"$.mentions[{i}]", message)


def _crossings(mentions: list[tuple[int, Mention]]) -> Iterator[Finding]:
    """A sweep from left to right over the mentions that are open, kept in order of their ends: O(n log n)."""
    opened: list[tuple[int, int, int]] = []  # end, start, index
    for i, mention in mentions:
        del opened[: bisect_left(opened, (mention.start + 1,))]
        crossed = bisect_left(opened, (mention.end,))
        if crossed:
            end, start, other = opened[0]
            more = f" and {crossed - 1} more" if crossed > 1 else ""
            message = f"[{mention.start}:{mention.end}] crosses $.mentions[{other}] at [{start}:{end}]{more}"
            yield Finding("crossing-mentions", f"$.mentions[{i}]", message)
        insort(opened, (mention.end, mention.start, i))
