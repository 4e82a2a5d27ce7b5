"""Mentions by majority on span and type; entities by majority of links between the mentions that were kept."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from variorum.adjudication.ballot import Ballot, Needs, clusters, unique
from variorum.adjudication.votes import Names, Sets, settle_fields, voters_by_document
from variorum.records import Entity, Mention, entity_id

MENTION = {"level": Needs.MAJORITY, "value": Needs.MAJORITY}
ENTITY = {"type": Needs.MAJORITY, "name": Needs.NOTHING}


def settle_mentions(sets: Sets, ballot: Ballot) -> tuple[list[Mention], Names]:
    """The mentions without entities yet, in text order; and the canonical ids of all mentions, kept or not."""
    names: Names = {}
    found: dict[tuple[str, int, int], dict[int, Mention]] = defaultdict(dict)
    for index, each in enumerate(sets):
        for m in each.mentions or ():
            names[index, m.mention_id] = f"{m.doc_id}-m{m.start}-{m.end}"
            found[m.doc_id, m.start, m.end][index] = m
    voters = voters_by_document(sets, "mentions")
    kept = (_mention(found[key], voters[key[0]], ballot) for key in sorted(found, key=lambda k: (k[0], k[1], -k[2])))
    return [mention for mention in kept if mention], names


def _mention(found: Mapping[int, Mention], voters: Sequence[int], ballot: Ballot) -> Mention | None:
    votes = [found[index].type if index in found else None for index in voters]
    first = next(iter(found.values()))
    name = f"{first.doc_id}-m{first.start}-{first.end}"
    label = ballot.settle("mention", (name,), votes, str | None)
    if label is None:
        return None
    alike = [m for m in found.values() if m.type == label] or list(found.values())
    fields = settle_fields("mention", (name,), alike, MENTION, ballot)
    return msgspec.structs.replace(first, mention_id=name, type=label, entity_id=None, **fields)


def settle_entities(
    sets: Sets, mentions: Sequence[Mention], mention_names: Names, ballot: Ballot
) -> tuple[list[Mention], list[Entity], Names]:
    """The mentions with their entities, the entities, and the canonical ids of all entities."""
    kept = {m.mention_id for m in mentions}
    labelled: list[dict[str, str]] = [
        {
            name: m.entity_id
            for m in each.mentions or ()
            if m.entity_id and (name := mention_names[i, m.mention_id]) in kept
        }
        for i, each in enumerate(sets)
    ]
    order = {m.mention_id: at for at, m in enumerate(mentions)}
    groups = sorted(clusters("entity", labelled, ballot), key=lambda group: min(order[name] for name in group))
    entities = _named([_entity(group, sets, labelled, ballot) for group in groups])
    member = {name: e.entity_id for e, group in zip(entities, groups, strict=True) for name in group}
    names = _entity_names(sets, labelled, member)
    entities += _unmentioned(sets, names, {e.entity_id for e in entities})
    linked = [msgspec.structs.replace(m, entity_id=member.get(m.mention_id)) for m in mentions]
    return linked, sorted(entities, key=lambda e: e.entity_id), names


def _entity(group: Sequence[str], sets: Sets, labelled: Sequence[Mapping[str, str]], ballot: Ballot) -> Entity:
    """What the sources call the entity of these mentions; each has a vote, for the one it gave to most of them."""
    votes = []
    for each, labels in zip(sets, labelled, strict=True):
        used = Counter(labels[name] for name in group if name in labels)
        described = {e.entity_id: e for e in each.entities or ()}
        votes += [described[chosen] for chosen, _ in used.most_common(1) if chosen in described]
    fields = settle_fields("entity", (group[0],), votes, ENTITY, ballot)
    return Entity(entity_id="", name=fields.get("name") or "", type=fields.get("type") or "")


def _named(entities: Sequence[Entity]) -> list[Entity]:
    ids = unique(entity_id(e.name) for e in entities)
    return [msgspec.structs.replace(e, entity_id=name) for e, name in zip(entities, ids, strict=True)]


def _entity_names(sets: Sets, labelled: Sequence[Mapping[str, str]], member: Mapping[str, str]) -> Names:
    """Where each source's entity went: to the entity that holds most of its mentions, or by name if none was kept."""
    names: Names = {}
    for index, each in enumerate(sets):
        homes: dict[str, Counter[str]] = defaultdict(Counter)
        for mention, own in sorted(labelled[index].items()):
            homes[own][member[mention]] += 1
        for e in each.entities or ():
            names[index, e.entity_id] = next((h for h, _ in homes[e.entity_id].most_common(1)), entity_id(e.name))
    return names


def _unmentioned(sets: Sets, names: Names, known: set[str]) -> list[Entity]:
    """Entities that claims are about though no mention of them was kept."""
    used = {(i, own) for i, each in enumerate(sets) for claim in each.claims or () for own in claim.entities}
    rest: dict[str, Entity] = {}
    for index, each in enumerate(sets):
        for e in each.entities or ():
            name = names[index, e.entity_id]
            if name not in known and (index, e.entity_id) in used:
                rest.setdefault(name, msgspec.structs.replace(e, entity_id=name))
    return list(rest.values())
