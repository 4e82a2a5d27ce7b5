"""Which entity of gold a predicted entity is. Ids of two sets have no common meaning, but their mentions stand in one
text: entities correspond one-to-one, so that as many mentions as can be lie in entities that correspond.

A mention is the same on both sides if document, start and end are, as for the scores of entities. An entity without a
mention in common with any corresponds to none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from variorum.assignment import Edges, heaviest
from variorum.records import Mention

Place = tuple[str, int, int]


def mentions_of(mentions: Iterable[Mention] | None) -> dict[str, set[Place]]:
    """The places of the mentions of each entity."""
    found: defaultdict[str, set[Place]] = defaultdict(set)
    for mention in mentions or ():
        if mention.entity_id is not None:
            found[mention.entity_id].add((mention.doc_id, mention.start, mention.end))
    return dict(found)


def corresponding(gold: dict[str, set[Place]], predicted: dict[str, set[Place]]) -> dict[str, str]:
    """Gold's entity by predicted entity. Of equally good choices the one whose ids come first."""
    at: defaultdict[Place, list[str]] = defaultdict(list)
    for entity, places in gold.items():
        for place in places:
            at[place].append(entity)
    shared = Counter((wanted, said) for said, places in predicted.items() for p in places for wanted in at.get(p, ()))
    pairs = sorted(shared)
    left, right = ({name: number for number, name in enumerate(sorted(set(side)))} for side in _columns(pairs))
    edges = Edges(np.array([left[a] for a, _ in pairs], np.int64), np.array([right[b] for _, b in pairs], np.int64))
    chosen = heaviest(edges, [np.array([shared[pair] for pair in pairs], np.int64)])
    return {pairs[i][1]: pairs[i][0] for i in chosen.tolist()}


def _columns(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [a for a, _ in pairs], [b for _, b in pairs]
