"""Identity: which mentions annotators take for the same entity, within articles and across them.

MUC, B-cubed, CEAF-e, LEA (`variorum.coreference`) and the CoNLL average, for each pair of annotators, as F1: the same
number whichever of the two is taken for gold. Twice: over the mentions of each (`all-mentions`: a mention that only one
has counts against both) and over those that both have with an entity (`shared-mentions`), where the question is
identity alone (Hirschman et al. 1998 separate the two steps).

Unit of intervals: the paragraph. Entities and their alignment (CEAF-e) are held fixed; each entity's part in a sum is
spread evenly over its mentions, and mentions come and go with their paragraphs. So nothing is aligned again in a
resample.
"""

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from variorum import coreference
from variorum.agreement.material import Material
from variorum.agreement.mentions import ARTICLES
from variorum.agreement.report import ALL, Result
from variorum.agreement.sheets import Columns, Entry, Function, column, mean, results, total
from variorum.coreference import COLUMNS, Partition
from variorum.overlaps import Ints, grouped
from variorum.scoring.columns import coded, codes, outside, places
from variorum.scoring.entities import formulas
from variorum.scoring.figures import Formula

TASKS = ("within", "across")
MATCHES = ("all-mentions", "shared-mentions")
OF_ARTICLES = "conll"


class Linked(NamedTuple):
    """The mentions of one set that have an entity, as columns."""

    document: Ints
    start: Ints
    end: Ints
    unit: Ints
    entity: Ints


def measured(found: Material, sets: str) -> Iterator[Result]:
    """All figures of the layer. ValueError if a mention is in two entities of one annotator."""
    linked = {at: _linked(found, at) for at in found.having("mentions")}
    columns, pairs = Columns(), []
    for a, b in found.pairs("mentions"):
        common = found.common((a, b))
        sides = [_in(linked[at], common) for at in (a, b)]
        pair = found.names((a, b))
        pairs.append(pair)
        _add(columns, pair, sides, found)
    table = columns.table("entities", found.units.unit, found.units.names)
    articles = tuple(found.documents) if found.config.details and len(found.documents) <= ARTICLES else ()
    every = _entries(columns, pairs, found.names(sorted(linked)), articles)
    yield from results("entities", table, every, found.config, sets)


def _linked(found: Material, at: int) -> Linked:
    mentions = [m for m in found.sets[at].mentions or () if m.entity_id is not None and m.doc_id in found.documents]
    where = places(mentions, found.documents, codes()).spans
    entity = coded(map(attrgetter("entity_id"), mentions), codes().__getitem__, len(mentions))
    keep = outside(where, found.documents, found.layout.furniture)
    unit = found.units.at(where.document, where.start)
    return Linked(*(each[keep] for each in (*where, unit, entity)))


def _in(each: Linked, documents: Ints) -> Linked:
    mask = np.isin(each.document, documents)
    return Linked(*(column[mask] for column in each))


def _add(columns: Columns, pair: tuple[str, ...], sides: list[Linked], found: Material) -> None:
    """The counts of two annotators, under both matches and both tasks."""
    mention = _numbers(sides)
    shared = np.intersect1d(mention[0], mention[1])
    for match in MATCHES:
        kept = [np.ones(len(m), dtype=bool) if match == MATCHES[0] else np.isin(m, shared) for m in mention]
        some = [Linked(*(each[mask] for each in side)) for side, mask in zip(sides, kept, strict=True)]
        numbers = [m[mask] for m, mask in zip(mention, kept, strict=True)]
        for side, linked in zip(("first", "second"), some, strict=True):
            columns.add(f"{'/'.join(pair)}|{match}|{side}", linked.unit)
        for task in TASKS:
            _add_task(columns, f"{'/'.join(pair)}|{match}|{task}", numbers, some, task, found)


def _numbers(sides: list[Linked]) -> list[Ints]:
    """Numbers of mentions, the same for the same place."""
    order, starts = grouped(*(np.concatenate(each) for each in zip(*(side[:3] for side in sides), strict=True)))
    first = np.zeros(len(order), np.int64)
    first[starts] = 1
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(first) - 1
    return np.split(numbers, [len(sides[0].document)])


def _add_task(
    columns: Columns, prefix: str, mentions: list[Ints], sides: list[Linked], task: str, found: Material
) -> None:
    """Sums by entity, spread over the entity's mentions."""
    parts = [
        coreference.partition(mention, side.entity if task == "across" else _by_document(side))
        for mention, side in zip(mentions, sides, strict=True)
    ]
    overlap = coreference.overlap(*parts)
    sizes = [len(overlap.left_size), len(overlap.right_size)]
    sums = coreference.tables(overlap, np.arange(sizes[0]), np.arange(sizes[1]), max(sizes))
    by_article = task == "within" and found.config.details and len(found.documents) <= ARTICLES
    for at, name in enumerate(COLUMNS):
        which = int("precision" in name)
        part, side = parts[which], sides[which]
        size = (overlap.left_size, overlap.right_size)[which]
        place = _place(part, mentions[which])
        share = (sums[: len(size), at] / np.maximum(size, 1))[part.entity]
        columns.add(f"{prefix}|all|{name}", side.unit[place], share)
        if by_article and not name.startswith("lea"):
            _add_articles(columns, prefix, name, side, place, share, found)


def _add_articles(
    columns: Columns, prefix: str, name: str, side: Linked, place: Ints, share: object, found: Material
) -> None:
    for doc_id, number in found.documents.items():
        mask = side.document[place] == number
        columns.add(f"{prefix}|article={doc_id}|{name}", side.unit[place][mask], np.asarray(share)[mask])


def _place(part: Partition, mention: Ints) -> Ints:
    """Where each mention of a partition stands among the mentions it was made of."""
    order = np.argsort(mention, kind="stable")
    found: Ints = order[np.searchsorted(mention[order], part.mention)]
    return found


def _by_document(side: Linked) -> Ints:
    return side.document * (int(side.entity.max(initial=0)) + 1) + side.entity


def _entries(
    columns: Columns, pairs: list[tuple[str, ...]], sources: tuple[str, ...], articles: tuple[str, ...]
) -> Iterator[Entry]:
    for task in TASKS:
        for match in MATCHES:
            for name, _, formula in formulas():
                parts = [f"article={each}" for each in articles] if (task, name) == ("within", OF_ARTICLES) else []
                for of in (ALL, *parts):
                    yield from _of(task, match, name, of, formula, pairs, sources)


def _of(
    task: str,
    match: str,
    name: str,
    of: str,
    formula: Formula,
    pairs: list[tuple[str, ...]],
    sources: tuple[str, ...],
) -> Iterator[Entry]:
    """The figures of one measure: the mean over pairs, and each pair."""
    functions = [_f1(f"{'/'.join(pair)}|{match}|{task}|{of}|", formula) for pair in pairs]
    sizes = [[column(f"{'/'.join(pair)}|{match}|{side}") for side in ("first", "second")] for pair in pairs]
    why = formula.undefined["f1"].replace("the prediction", "one").replace("gold", "the other")
    if len(pairs) > 1:
        n = total(function for size in sizes for function in size)
        yield Entry(task, match, name, of, sources, mean(functions), why, n)
    for pair, function, size in zip(pairs, functions, sizes, strict=True):
        counts = dict(zip(("first", "second"), size, strict=True))
        yield Entry(task, match, name, of, pair, function, why, total(size), counts)


def _f1(prefix: str, formula: Formula) -> Function:
    each = {name: column(prefix + name) for name in COLUMNS}
    return lambda sums: formula.function({name: function(sums) for name, function in each.items()})["f1"]
