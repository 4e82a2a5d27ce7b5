"""Which items of several annotators are one and the same, and which of their entities.

Each set in turn is matched with the first items of the groups so far, as adjudication does: so an item of the last
annotator stands beside those that it would be put to the vote with.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from variorum.assignment import Edges, heaviest
from variorum.matching import Criterion, Item, match
from variorum.records import AnnotationSet

Group = dict[int, str]  # index of the set -> the id of its item


def groups(sets: Sequence[Sequence[Item]], criterion: Criterion) -> list[Group]:
    """The groups in text order of their first items."""
    found: list[Group] = []
    heads: list[Item] = []
    for index, items in enumerate(sets):
        numbered = [item._replace(item_id=f"{at:09}") for at, item in enumerate(heads)]
        home = {each.right.item_id: int(each.left.item_id) for each in match(numbered, items, criterion)}
        for item in sorted(items, key=place):
            if item.item_id in home:
                found[home[item.item_id]][index] = item.item_id
            else:
                found.append({index: item.item_id})
                heads.append(item)
    order = sorted(range(len(found)), key=lambda at: place(heads[at]))
    return [found[at] for at in order]


def place(item: Item) -> tuple[str, int, int, str, str, str]:
    """Where an item comes in text order; of two at one place the one with the lesser type, text, id."""
    return item.doc_id, item.intervals[0][0], item.intervals[-1][1], item.type, item.text, item.item_id


def aligned_entities(sets: Sequence[AnnotationSet], mentions: Sequence[Group]) -> list[dict[str, str]]:
    """For each set, what its entities are called in the first set: entities of the two are paired one-to-one so that as
    many of their mentions as can be are the same (`mentions` are the groups). One without partner keeps its id if the
    first has no other entity of that id, else it is marked as its own.
    """
    own = [{m.mention_id: m.entity_id for m in each.mentions or () if m.entity_id is not None} for each in sets]
    every = [sorted(set(entities.values())) for entities in own]
    names = [{entity: entity for entity in entities} for entities in every[:1]]
    for at in range(1, len(sets)):
        both = [group for group in mentions if 0 in group and at in group]
        linked = [(own[0].get(group[0]), own[at].get(group[at])) for group in both]
        shared = Counter((a, b) for a, b in linked if a is not None and b is not None)
        partner = _partners(shared)
        free = set(every[0]) - set(partner.values())
        alone = {entity: entity if entity in free else f"{sets[at].source}:{entity}" for entity in every[at]}
        names.append(alone | partner)
    return names


def _partners(shared: Mapping[tuple[str, str], int]) -> dict[str, str]:
    """From an entity of the other set to its partner in the first."""
    pairs = sorted(shared)
    left, right = (sorted({pair[side] for pair in pairs}) for side in (0, 1))
    numbers = [{name: at for at, name in enumerate(side)} for side in (left, right)]
    edges = Edges(
        np.array([numbers[0][a] for a, _ in pairs], np.int64), np.array([numbers[1][b] for _, b in pairs], np.int64)
    )
    chosen = heaviest(edges, [np.array([shared[pair] for pair in pairs], np.int64)]).tolist() if pairs else []
    return {pairs[at][1]: pairs[at][0] for at in chosen}
