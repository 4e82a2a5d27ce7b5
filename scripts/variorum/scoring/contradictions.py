"""Contradictions, closed task: of the claim pairs gold judged, which are a conflict, and what about them.

A gold pair the prediction leaves out counts as neutral, and so does an answer `unclear`; pairs gold never judged, or
judged `unclear`, are not scored. Beyond detection and correlation (`variorum.scoring.relations`):

    ranking       average precision for contradiction or tension, where all predicted pairs have scores; a pair left out
                  has score 0
    false alarms  share of look-alikes (gold's agreement or neutral pairs with a `reason`) called a conflict
    aspect        share of hits with gold's aspect          hits: conflicts called contradiction or tension
    values        share of gold's two values on hits that are the same: kind, unit, comparator, and value, decimals
                  compared as numbers, phrases without regard to case
    conflicts     share of conflicts (`conflict_id`) of which any pair is called a conflict

Intervals resample claims: a pair weighs the product of its two claims. Conflicts are units of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from variorum.overlaps import Ints
from variorum.records import Pair, Value
from variorum.scoring.columns import coded, codes
from variorum.scoring.figures import Formula, share
from variorum.scoring.relations import CELLS, JUDGEMENT, NEUTRAL, NUMBER, RELATIONS, detection, hits, is_conflict, twins
from variorum.scoring.tables import Floats, Ranking, Table


class Judged(NamedTuple):
    """Pairs as columns: the numbers of their two claims, the smaller first, one key for both, and the relation."""

    pairs: Sequence[Pair]
    first: Ints
    second: Ints
    key: Ints
    relation: Ints


def judged(pairs: Sequence[Pair], claims: Mapping[str, int]) -> Judged:
    """The columns of those pairs whose two claims have numbers. ValueError if two claims are judged twice."""
    try:  # the usual case, no claim without a number, is the fast one
        known, ends = pairs, _ends(pairs, claims)
    except KeyError:
        known = [pair for pair in pairs if pair.claim_a in claims and pair.claim_b in claims]
        ends = _ends(known, claims)
    return columns(known, ends, len(claims))


def columns(pairs: Sequence[Pair], ends: Sequence[Ints], size: int) -> Judged:
    """The columns of pairs whose two claims have these numbers, below `size`. ValueError if two claims are judged
    twice."""
    first, second = np.minimum(*ends), np.maximum(*ends)
    relation = coded(map(attrgetter("relation"), pairs), JUDGEMENT.__getitem__, len(pairs))
    key = first * size + second
    twins(pairs, key)
    return Judged(pairs, first, second, key, relation)


def _ends(pairs: Sequence[Pair], claims: Mapping[str, int]) -> list[Ints]:
    names = attrgetter("claim_a"), attrgetter("claim_b")
    return [coded(map(name, pairs), claims.__getitem__, len(pairs)) for name in names]


def claims_and_ends(pairs: Sequence[Pair]) -> tuple[list[str], list[Ints]]:
    """The claims that pairs are about, in the order in which they are first seen; where in it each pair's two are."""
    seen = codes()
    ends = _ends(pairs, seen)
    return list(seen), ends


def numbered(pairs: Sequence[Pair]) -> tuple[dict[str, int], Judged]:
    """The claims that pairs are about, numbered in the order of their ids, and the columns of the pairs."""
    claims, ends = claims_and_ends(pairs)
    number = {claim: at for at, claim in enumerate(sorted(claims))}
    rank = coded(claims, number.__getitem__, len(claims))
    return number, columns(pairs, [rank[end] for end in ends], len(number))


def in_order(found: Judged) -> Judged:
    """The pairs in the order of their keys."""
    order = np.argsort(found.key, kind="stable")
    pairs = [found.pairs[i] for i in order.tolist()]
    return Judged(pairs, *(column[order] for column in found[1:]))


def claims_of(pairs: Sequence[Pair]) -> set[str]:
    """The claims that any of the pairs is about."""
    return set(map(attrgetter("claim_a"), pairs)) | set(map(attrgetter("claim_b"), pairs))


class Aligned(NamedTuple):
    """Gold's judged pairs in the order of their claims' ids, and what is predicted for each; None if left out.

    `unjudged` are the predicted pairs that gold never judged.
    """

    claims: tuple[str, ...]
    names: list[str]
    gold: Judged
    said: Ints
    predicted: list[Pair | None]
    unjudged: list[Pair]


def aligned(predicted: Sequence[Pair], gold: Sequence[Pair]) -> Aligned:
    """Gold's pairs, without those answered `unclear`, beside the predicted ones."""
    number, wanted = numbered([pair for pair in gold if pair.relation in NUMBER])
    known, found = in_order(wanted), judged(predicted, number)
    at = np.searchsorted(known.key, found.key)
    hit = np.flatnonzero(known.key[np.minimum(at, len(known.key) - 1)] == found.key) if len(known.key) else at[:0]
    which = np.full(len(known.key), -1)
    which[at[hit]] = hit
    said = np.where(which < 0, NEUTRAL, np.append(found.relation, -1)[which])
    said[said < 0] = NEUTRAL
    answers: list[Pair | None] = [*found.pairs, None]
    answers = [answers[i] for i in which.tolist()]
    answered = set(map(id, answers)) if len(hit) < len(predicted) else None
    unjudged = [] if answered is None else [pair for pair in predicted if id(pair) not in answered]
    return Aligned(tuple(number), [pair.pair_id for pair in known.pairs], known, said, answers, unjudged)


# --- tables --------------------------------------------------------------------------------------------------


def table(found: Aligned) -> Table:
    """Counts by pair: one cell of the confusion matrix, and what is known of look-alikes and hits."""
    size = len(found.said)
    entries = [_cells(found), *_look_alikes(found), *_hits(found)]
    names = (*CELLS, "look-alikes", "false alarms", "aspect of", "aspect right", "values of", "values right")
    return Table(
        "contradictions",
        "claim",
        found.claims,
        found.names,
        names,
        _sparse(entries, size, len(names)),
        found.gold.first,
        found.gold.second,
    )


Entries = tuple[Ints, Ints, Floats]  # rows, columns, values


def _sparse(entries: Sequence[Entries], rows: int, columns: int) -> object:
    from scipy.sparse import csc_array

    row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    return csc_array((value, (row, column)), shape=(rows, columns))


def _entries(rows: Ints, column: int, values: Floats | None = None) -> Entries:
    return rows, np.full(len(rows), column), np.ones(len(rows)) if values is None else values


def _cells(found: Aligned) -> Entries:
    size = len(found.said)
    return np.arange(size), found.gold.relation * len(RELATIONS) + found.said, np.ones(size)


def _look_alikes(found: Aligned) -> Iterator[Entries]:
    reason = np.fromiter((pair.reason is not None for pair in found.gold.pairs), bool, len(found.said))
    alike = reason & ~is_conflict(found.gold.relation)
    yield _entries(np.flatnonzero(alike), len(CELLS))
    yield _entries(np.flatnonzero(alike & is_conflict(found.said)), len(CELLS) + 1)


def _hits(found: Aligned) -> Iterator[Entries]:
    both = np.flatnonzero(is_conflict(found.gold.relation) & is_conflict(found.said))
    rows = [(found.gold.pairs[i], found.predicted[i]) for i in both.tolist()]
    counts = [(a, b) for a, b in rows if b is not None]
    said = (np.array([aspect(a, b) for a, b in counts]), np.array([values(a, b) for a, b in counts]))
    for number, each in enumerate(said):
        for column, tally in enumerate(each.reshape(-1, 2).T):
            yield _entries(both, len(CELLS) + 2 + 2 * number + column, tally.astype(float))


def aspect(gold: Pair, predicted: Pair) -> tuple[int, int]:
    """Whether gold has an aspect, and whether the prediction has the same."""
    return int(gold.aspect is not None), int(gold.aspect is not None and gold.aspect == predicted.aspect)


def values(gold: Pair, predicted: Pair) -> tuple[int, int]:
    """How many values gold has, and how many of them the prediction has on the same claim."""
    if gold.value_a is None and gold.value_b is None:
        return 0, 0
    said = {predicted.claim_a: predicted.value_a, predicted.claim_b: predicted.value_b}
    pairs = [(v, said.get(c)) for c, v in ((gold.claim_a, gold.value_a), (gold.claim_b, gold.value_b)) if v is not None]
    return len(pairs), sum(normal(wanted) == normal(other) for wanted, other in pairs)


def normal(value: Value | None) -> tuple[object, ...] | None:
    """A value as it is compared."""
    if value is None:
        return None
    written: object = value.value.casefold().strip() if value.kind == "text" else value.value
    if value.kind in ("money", "quantity"):
        written = tuple(map(_number, value.value.split("/")))
    return value.kind, written, (value.unit or "").casefold(), value.comparator


def _number(written: str) -> Decimal | str:
    try:
        return Decimal(written)
    except InvalidOperation:
        return written


def conflicts(found: Aligned) -> Table:
    """How many conflicts there are, and of how many any pair is called one; a conflict is a row."""
    called = np.flatnonzero(is_conflict(found.gold.relation)).tolist()
    rows = [i for i in called if found.gold.pairs[i].conflict_id is not None]
    names, number = np.unique([str(found.gold.pairs[i].conflict_id) for i in rows], return_inverse=True)
    hit = np.bincount(number.reshape(-1), is_conflict(found.said[rows]), minlength=len(names)) > 0
    counts = np.stack((np.ones(len(names)), hit.astype(float)), axis=1)
    ids = tuple(names.tolist())
    return Table("conflicts", "conflict", ids, ids, ("conflicts", "found"), counts, np.arange(len(ids)))


def ranking(found: Aligned) -> Ranking | str:
    """The scores of gold's pairs; or why there is no ranking."""
    scores = [pair and pair.score for pair in found.predicted]
    lacking, answers = scores.count(None), len(scores) - found.predicted.count(None)
    unscored = lacking - (len(scores) - answers)
    if unscored or not answers:
        return "no pair has a score" if unscored == answers else f"{unscored} of the pairs have no score"
    score = np.array([value or 0.0 for value in scores] if lacking else scores, dtype=float)
    positive = np.asarray(is_conflict(found.gold.relation))
    return Ranking("ranking", "claim", found.claims, found.names, score, positive, found.gold.first, found.gold.second)


# --- the figures ---------------------------------------------------------------------------------------------


def formulas() -> Iterator[tuple[str, str, str, Formula]]:
    """(task, match, average, formula) of every score of the table of pairs."""
    yield from detection()
    alarms = share("rate", "false alarms", "look-alikes", "gold has no look-alikes")
    yield "false-alarms", "contradiction+tension", "micro", alarms
    yield from hits()


def conflict_formula() -> Formula:
    """Of the table of conflicts."""
    return share("recall", "found", "conflicts", "gold has no conflicts")


def ranking_formula() -> Formula:
    """Of the ranking."""
    why = "gold has no contradiction and no tension"
    return Formula(lambda s: {"average_precision": s["average precision"]}, {"average_precision": why}, {})
