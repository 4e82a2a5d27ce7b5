"""Entities: MUC, B-cubed, CEAF-e, LEA (`variorum.coreference`) and the CoNLL average, per article and across articles.

A mention of one side is a mention of the other if document, start and end are the same; types and levels play no part.
Mentions without entity_id (values) are not in any entity. `within`: the mentions of an entity in one article are an
entity of their own; `across`: entities are as they are. A span labelled twice with one entity counts once (twins are
merged); with two entities there is no partition to score. The unit of intervals is the group: entities of either side
that share mentions, directly or by way of others, for all measures are sums over these.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

import numpy as np

from variorum import coreference
from variorum.coreference import MEASURES, Partition
from variorum.overlaps import Ints, grouped
from variorum.records import Mention
from variorum.scoring.columns import Places, coded, codes, outside, places
from variorum.scoring.config import Layout
from variorum.scoring.figures import NOTHING, Formula, f1, mean, prf
from variorum.scoring.tables import Floats, Sums, Table

TASKS = ("within", "across")
CONLL = ("muc", "b_cubed", "ceaf_e")
GROUP, JOINT = "group", "joint-group"  # of gold and a prediction; of gold and two predictions that are compared
Linked = tuple[Places, Ints]


def linked(mentions: Sequence[Mention], documents: Mapping[str, int], layout: Layout) -> Linked:
    """The places and entities of the mentions that have an entity, in the documents that are scored."""
    having = [mention for mention in mentions if mention.entity_id is not None and mention.doc_id in documents]
    where = places(having, documents, codes())
    entity = coded(map(attrgetter("entity_id"), having), codes().__getitem__, len(having))
    keep = outside(where.spans, documents, layout.furniture)
    return where.only(keep), entity[keep]


def tables(gold: Linked, predicted: Linked, beside: Linked | None = None) -> Iterator[Table]:
    """One table a task. Groups also follow the entities of `beside`, a second prediction to compare with, and are then
    another unit: the same rows for both predictions, but not those of a prediction alone.

    coreference.NoPartition if a mention is in two entities of one side.
    """
    sides = (gold, predicted) if beside is None else (gold, predicted, beside)
    mention = _numbers([np.concatenate(column) for column in zip(*(each[0].spans for each in sides), strict=True)])
    mentions = np.split(mention, np.cumsum([len(entity) for _, entity in sides])[:-1])
    for task in TASKS:
        parts = [coreference.partition(m, _entity(task, each)) for m, each in zip(mentions, sides, strict=True)]
        yield _table(task, parts, GROUP if beside is None else JOINT)


def _numbers(columns: Sequence[Ints]) -> Ints:
    """The same number for rows that are equal in all columns."""
    order, starts = grouped(*columns)
    first = np.zeros(len(order), np.int64)
    first[starts] = 1
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(first) - 1
    return numbers


def _entity(task: str, side: Linked) -> Ints:
    """The number of the entity of each mention; within documents the document is part of it."""
    where, entity = side
    return entity if task == "across" else where.spans.document * (int(entity.max(initial=0)) + 1) + entity


def _table(task: str, parts: Sequence[Partition], unit: str) -> Table:
    gold, predicted = parts[:2]
    overlap = coreference.overlap(gold, predicted)
    group = _groups(parts)
    sides = []
    for part in (gold, predicted):
        of_entity = np.zeros(int(part.entity.max(initial=-1)) + 1, np.int64)
        of_entity[part.entity] = group[part.mention]
        sides.append(of_entity)
    n_groups = int(group.max(initial=-1)) + 1
    names = tuple(map(str, range(n_groups)))
    counts = coreference.tables(overlap, sides[0], sides[1], n_groups)
    return Table(f"entities {task}", unit, names, names, coreference.COLUMNS, counts, np.arange(n_groups))


def _groups(parts: Sequence[Partition]) -> Ints:
    """The number of the group of each mention: mentions of one entity of any side are in one group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_mentions = max((int(part.mention.max(initial=-1)) + 1 for part in parts), default=0)
    sizes = [int(part.entity.max(initial=-1)) + 1 for part in parts]
    offsets = n_mentions + np.cumsum([0, *sizes])[:-1]
    ends = np.concatenate([part.entity + offset for part, offset in zip(parts, offsets, strict=True)])
    mention = np.concatenate([part.mention for part in parts])
    total = n_mentions + sum(sizes)
    graph = coo_array((np.ones(len(ends)), (mention, ends)), shape=(total, total))
    label = connected_components(graph, directed=False)[1].astype(np.int64) if total else np.zeros(0, np.int64)
    return label[:n_mentions]


# --- the figures ---------------------------------------------------------------------------------------------


def formulas() -> Iterator[tuple[str, str, Formula]]:
    """(match, average, formula) of every score."""
    yield from ((measure, "micro", _formula(measure)) for measure in MEASURES)
    yield "conll", "macro", Formula(_conll, {"f1": "no two mentions are linked and there is nothing else"}, {})


def _formula(measure: str) -> Formula:
    return Formula(lambda sums: _prf(sums, measure), NOTHING | UNLINKED.get(measure, {}), {})


UNLINKED = {
    "muc": {
        "precision": "the prediction links no two mentions",
        "recall": "gold links no two mentions",
        "f1": "neither side links two mentions",
    }
}


def _prf(sums: Sums, measure: str) -> dict[str, Floats]:
    """The two quotients have numerators of their own, as the measures define them."""
    (found, wanted), (right, predicted) = (
        (sums[f"{measure} {side} got"], sums[f"{measure} {side} of"]) for side in coreference.SIDES
    )
    figures = prf(right, predicted, found, wanted)
    return figures | {"f1": f1(figures["precision"], figures["recall"])}


def _conll(sums: Sums) -> dict[str, Floats]:
    """The mean F1 of MUC, B-cubed and CEAF-e (Pradhan et al. 2012), of those that are defined: where neither side links
    two mentions MUC says nothing, and a perfect answer without links gets 1."""
    return {"f1": mean([_prf(sums, measure)["f1"] for measure in CONLL])}
