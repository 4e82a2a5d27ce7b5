"""Which mentions are one entity: those that have its name, and within an article those that are linked as the same.

The name of one mention is the name of all that are linked with it, however far along the links; so in a chain one name
is enough. What is typed holds for the mention it is typed for. Linked mentions with the names of two entities are a
problem, as is a mention that has neither a name nor a link to one that does.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from variorum.label_studio.results import At, Region
from variorum.problems import Problem, several, shown
from variorum.records import Entity, entity_id

_ENTITY = re.compile(r"(.*\S)\s+\[(e-[^\s\"\[\]]*)\]", re.DOTALL)


class Use(msgspec.Struct, frozen=True):
    """One mention's word on its entity."""

    entity: Entity
    at: At


def entity_text(entity: Entity) -> str:
    """How an entity is named in a text field: its name, and its id only if that does not follow from the name.

    >>> entity_text(Entity(entity_id="e-deckhand-07", name="deckhand", type="PERSON"))
    'deckhand [e-deckhand-07]'
    """
    plain = entity.entity_id == entity_id(entity.name) and not _ENTITY.fullmatch(entity.name)
    return entity.name if plain else f"{entity.name} [{entity.entity_id}]"


def named_entity(text: str) -> tuple[str, str]:
    """The id and the name of the entity that a text field names; the inverse of `entity_text`.

    >>> named_entity("North Line")
    ('e-north-line', 'North Line')
    """
    explicit = _ENTITY.fullmatch(text)
    return (explicit[2], explicit[1]) if explicit else (entity_id(text), text)


# --- within an article ---------------------------------------------------------------------------------------


def uses(
    regions: Sequence[Region], links: Iterable[tuple[str, str]], problems: list[Problem]
) -> Iterator[tuple[str, Use]]:
    """The entity of each region (by region id), from its name or, by `links`, from that of another region.

    `regions` are the mentions that need an entity, and both ends of each link are among them. A problem for each chain
    of links with two names, and for each with none: its regions are then left out.
    """
    for chain in _chains(regions, links):
        names = Counter(named_entity(text)[0] for region in chain if (text := region.answer("entity")))
        if len(names) > 1:
            message = f"mentions that are linked as the same have the names of several entities: {several(names)}"
            problems.append(chain[0].at.problem("identity-conflict", message))
        if not names:
            message = f"this {chain[0].label} has no entity: type its name, or link it with a mention that has one"
            problems.append(chain[0].at.problem("missing-answer", message))
            continue
        usual = names.most_common(1)[0][0]
        example = next(r for r in chain if (text := r.answer("entity")) and named_entity(text)[0] == usual)
        for region in chain:
            yield region.region_id, _use(region, example)


def _use(region: Region, example: Region) -> Use:
    """A region's word on its entity; one without a name speaks as its example does."""
    speaks = region if region.answer("entity") else example
    own_id, name = named_entity(str(speaks.answer("entity")))
    of_type = region.answer("entity_type") or speaks.answer("entity_type") or region.label
    return Use(Entity(entity_id=own_id, name=name, type=of_type), region.at)


def _chains(regions: Sequence[Region], links: Iterable[tuple[str, str]]) -> Iterator[list[Region]]:
    """The regions in groups that are linked, however far along; each and all in the order given."""
    parent = {region.region_id: region.region_id for region in regions}
    for one, other in links:
        parent[_root(parent, other)] = _root(parent, one)
    groups: dict[str, list[Region]] = defaultdict(list)
    for region in regions:
        groups[_root(parent, region.region_id)].append(region)
    yield from groups.values()


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        parent[node] = node = parent[parent[node]]
    return node


# --- across articles -----------------------------------------------------------------------------------------


def entities(used: Iterable[Use], problems: list[Problem]) -> Iterator[Entity]:
    """Each entity once; where mentions do not agree on its name or type, the more frequent one, and a problem."""
    by_id: Mapping[str, list[Use]] = defaultdict(list)
    for use in used:
        by_id[use.entity.entity_id].append(use)
    for same in by_id.values():
        usual = Counter(use.entity for use in same).most_common(1)[0][0]
        for field in ("name", "type"):
            if other := next((use for use in same if getattr(use.entity, field) != getattr(usual, field)), None):
                values = several(dict.fromkeys(shown(getattr(use.entity, field)) for use in same))
                message = f"mentions of {usual.entity_id} do not agree on its {field}: {values}"
                problems.append(other.at.problem("entity-conflict", message))
        yield usual
