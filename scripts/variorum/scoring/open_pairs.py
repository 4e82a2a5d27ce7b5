"""Contradictions, open task: pairs of the system's own claims.

The system's claims are matched with gold's (Jaccard .5, one-to-one, `variorum.matching`), and a predicted pair is read
as the pair of the two gold claims that its claims are matched with. It counts only if both are; a pair of matched
claims that gold never judged is not scored, and listed. What is lost is split:

    missed, claims       gold pairs with a claim that the system does not have
    missed, relation     gold pairs whose two claims it has, without the relation
    wrong, claims        predicted pairs with a claim that gold does not have
    wrong, relation      predicted pairs of gold's claims for which gold says something else

`reach` is the share of gold's conflicts whose two claims the system has, the ceiling of its recall. Relations of pairs
that are within reach are scored as in the closed task under `given-claims`. Intervals resample claims, gold's and the
system's unmatched ones; a pair weighs the product of its two claims.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from variorum.assignment import Mask
from variorum.overlaps import Ints
from variorum.records import CONFLICT, Pair
from variorum.scoring.claims import BASE, Sides
from variorum.scoring.columns import coded
from variorum.scoring.contradictions import claims_and_ends, claims_of, columns, in_order
from variorum.scoring.figures import NOTHING, Formula, prf, share
from variorum.scoring.relations import NEUTRAL, NUMBER, TARGETS
from variorum.scoring.tables import Floats, Sums, Table

OUTCOMES = ("hit", "missed, claims", "missed, relation", "wrong, claims", "wrong, relation")


class Opened(NamedTuple):
    """All pairs, gold's first, as columns: relations (-1 where a side has no such pair), whether both of gold's claims
    are matched, and the names and numbers of claims. `gold` and `predicted` are the records of each row, None where a
    side has none. `unjudged` are the predicted pairs that gold never judged."""

    claims: tuple[str, ...]
    names: list[str]
    first: Ints
    second: Ints
    wanted: Ints
    said: Ints
    reached: Mask
    unjudged: tuple[str, ...]
    gold: list[Pair | None]
    predicted: list[Pair | None]


def opened(predicted: Sequence[Pair], gold: Sequence[Pair], found: Sides) -> Opened:
    """The pairs of both sides brought together through their claims.

    A claim of the system that no claim of gold matches gets a name that no id has, for ids have no blanks.
    """
    rows = zip(*(column.tolist() for column in found.matches[BASE]), strict=True)
    gold_of = {found.predicted[j].item_id: found.gold[i].item_id for i, j in rows}
    answered = [pair for pair in gold if pair.relation in NUMBER]
    (known, wanted_ends), (theirs, said_ends) = claims_and_ends(answered), claims_and_ends(predicted)
    own = [gold_of.get(claim) or f"predicted {claim}" for claim in theirs]
    of_gold = sorted({*known, *gold_of.values(), *(claims_of(gold) if len(answered) < len(gold) else ())})
    claims = (*of_gold, *sorted(set(own).difference(of_gold)))
    number = {claim: at for at, claim in enumerate(claims)}
    wanted_at, said_at = (coded(each, number.__getitem__, len(each)) for each in (known, own))
    g = in_order(columns(answered, [wanted_at[end] for end in wanted_ends], len(claims)))
    p = in_order(columns(predicted, [said_at[end] for end in said_ends], len(claims)))
    lost = p.second >= len(of_gold)
    at = np.minimum(np.searchsorted(g.key, p.key), max(len(g.key) - 1, 0))
    hit = ~lost & (g.key[at] == p.key) if len(g.key) else np.zeros(len(p.key), dtype=bool)
    said = np.full(len(g.key), -1)
    which = np.full(len(g.key), len(p.pairs))
    which[at[hit]] = np.flatnonzero(hit)
    alone = [p.pairs[i] for i in np.flatnonzero(lost).tolist()]
    relation = np.where(p.relation < 0, NEUTRAL, p.relation)
    said[at[hit]] = relation[hit]
    reached = np.isin(np.arange(len(claims)), coded(gold_of.values(), number.__getitem__, len(gold_of)))
    return Opened(
        claims,
        [pair.pair_id for pair in g.pairs] + [f"predicted {pair.pair_id}" for pair in alone],
        np.concatenate((g.first, p.first[lost])),
        np.concatenate((g.second, p.second[lost])),
        np.concatenate((g.relation, np.full(int(lost.sum()), -1))),
        np.concatenate((said, relation[lost])),
        np.concatenate((reached[g.first] & reached[g.second], np.zeros(int(lost.sum()), dtype=bool))),
        tuple(sorted(p.pairs[i].pair_id for i in np.flatnonzero(~lost & ~hit))),
        [*g.pairs, *([None] * len(alone))],
        [*map([*p.pairs, None].__getitem__, which.tolist()), *alone],
    )


def table(found: Opened) -> Table:
    """Outcomes by pair, for each target."""
    columns: dict[str, Floats] = {}
    for target, relations in TARGETS.items():
        numbers = [NUMBER[name] for name in relations]
        wanted, said = np.isin(found.wanted, numbers), np.isin(found.said, numbers)
        outcomes = _outcomes(wanted, said, found.wanted >= 0, found.reached)
        columns |= {f"{target} {name}": mask.astype(float) for name, mask in zip(OUTCOMES, outcomes, strict=True)}
    counts = np.stack(list(columns.values()), axis=1)
    return Table("open pairs", "claim", found.claims, found.names, tuple(columns), counts, found.first, found.second)


def _outcomes(wanted: Mask, said: Mask, judged: Mask, reached: Mask) -> tuple[Mask, ...]:
    """The rows of each outcome, in the order of `OUTCOMES`."""
    missed, wrong = wanted & ~said, said & ~wanted
    return wanted & said, missed & ~reached, missed & reached, wrong & ~judged, wrong & judged


def formulas() -> Iterator[tuple[str, str, str, Formula]]:
    """(task, match, average, formula) of every score."""
    for target in TARGETS:
        yield "open", target, "micro", _formula(target, claims=True)
        yield "given-claims", target, "micro", _formula(target, claims=False)
        why = f"gold has no {' or '.join(CONFLICT) if '+' in target else target}"
        yield "reach", target, "micro", _reach(target, why)


def _formula(target: str, claims: bool) -> Formula:
    kinds = ("claims", "relation") if claims else ("relation",)

    def count(sums: Sums, what: str) -> Floats:
        return sum((sums[f"{target} {what}, {kind}"] for kind in kinds), np.zeros(()))

    def function(sums: Sums) -> dict[str, Floats]:
        hit = sums[f"{target} hit"]
        return prf(hit, hit + count(sums, "wrong"), hit, hit + count(sums, "missed"))

    names = [name for name in OUTCOMES if claims or "claims" not in name]
    shown: dict[str, Any] = {name: (lambda s, n=name: s[f"{target} {n}"]) for name in names}
    return Formula(function, NOTHING, shown)


def _reach(target: str, why: str) -> Formula:
    def total(sums: Sums, *names: str) -> Floats:
        return sum((sums[f"{target} {name}"] for name in names), np.zeros(()))

    def function(sums: Sums) -> dict[str, Floats]:
        part = {"r": total(sums, "hit", "missed, relation"), "of": total(sums, *OUTCOMES[:3])}
        return share("recall", "r", "of", why).function(part)

    return Formula(function, {"recall": why}, {})
