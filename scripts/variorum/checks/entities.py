"""Rules of entities: ids, names, types, and that something mentions them."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from variorum.checks.rule import PEOPLE, Finding, Rule, Subject, by_id
from variorum.problems import several, shown
from variorum.records import entity_id

RULES = by_id(
    Rule(
        id="unmentioned-entity",
        stage="records",
        summary="In a set with a mentions layer every entity has a mention.",
        roles=PEOPLE,
    ),
    Rule(
        id="duplicate-entity-name",
        stage="records",
        summary="No two entities have the same name (case and white space aside).",
        roles=PEOPLE,
    ),
    Rule(
        id="entity-id",
        stage="records",
        summary="In an annotator's set entity_id is e- and the slug of the name.",
        why="The slug is the name in lower case, everything that is not a letter or a digit turned into one hyphen.",
        roles=("annotator",),
    ),
    Rule(
        id="entity-type",
        stage="records",
        summary="The type of an entity is the type of at least one of its mentions.",
        roles=PEOPLE,
    ),
)


def check_entities(subject: Subject) -> Iterator[Finding]:
    """Each entity with its mentions, and names beside one another."""
    types: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in subject.mentions:
        if mention.entity_id is not None:
            types[mention.entity_id][mention.type] += 1
    named: dict[str, int] = {}
    for i, entity in enumerate(subject.set.entities or ()):
        place = f"$.entities[{i}]"
        if (other := named.setdefault(" ".join(entity.name.casefold().split()), i)) != i:
            message = f"{shown(entity.name)} is the name of $.entities[{other}] already"
            yield Finding("duplicate-entity-name", place, message)
        if entity.entity_id != (wanted := entity_id(entity.name)):
            message = f"the id for {shown(entity.name)} is {shown(wanted)}, record says {shown(entity.entity_id)}"
            yield Finding("entity-id", f"{place}.entity_id", message)
        if subject.set.mentions is not None:
            yield from _mentioned(place, entity.entity_id, entity.type, types)


def _mentioned(place: str, name: str, kind: str, types: dict[str, Counter[str]]) -> Iterator[Finding]:
    if name not in types:
        yield Finding("unmentioned-entity", place, f"no mention has entity_id {shown(name)}")
    elif kind not in types[name]:
        message = f"the type is {kind}, but its mentions are {several(sorted(types[name]))}"
        yield Finding("entity-type", f"{place}.type", message)
