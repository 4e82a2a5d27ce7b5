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
from variorum.matching import Criterion, match
from variorum.overlaps import Ints
from variorum.records import Pair, pair_id
from variorum.scoring.claims import BASE, Sides
from variorum.scoring.figures import NOTHING, Formula, prf, share
from variorum.scoring.relations import CONFLICT, NEUTRAL, NUMBER, TARGETS
from variorum.scoring.tables import Floats, Sums, Table

OUTCOMES = ("hit", "missed, claims", "missed, relation", "wrong, claims", "wrong, relation")


class Row(NamedTuple):
    """One pair: its name, its two claims, gold's relation and the predicted one (None where a side has no such pair),
    and whether all its claims are matched."""

    name: str
    claims: tuple[str, str]
    wanted: int | None
    said: int | None
    reached: bool


class Opened(NamedTuple):
    """All pairs of both sides, sorted by name, and the predicted pairs of gold's claims that gold never judged."""

    rows: tuple[Row, ...]
    unjudged: tuple[str, ...]


def opened(predicted: Sequence[Pair], gold: Sequence[Pair], found: Sides) -> Opened:
    """The pairs of both sides brought together through their claims."""
    matches = match(found.gold, found.predicted, Criterion.parse(BASE))
    gold_of = {m.right.item_id: m.left.item_id for m in matches}
    reached = {m.left.item_id for m in matches}
    mapped = {_key(*ends): p for p in predicted if None not in (ends := _through(p, gold_of))}
    judged = {pair_id(p.claim_a, p.claim_b): p for p in gold}
    rows = [_gold_row(key, p, mapped.get(key), reached) for key, p in judged.items() if p.relation in NUMBER]
    rows += [_lost_row(p, gold_of) for p in predicted if None in _through(p, gold_of)]
    unjudged = sorted(p.pair_id for key, p in mapped.items() if key not in judged or judged[key].relation not in NUMBER)
    return Opened(tuple(sorted(rows, key=lambda row: row.name)), tuple(unjudged))


def _through(pair: Pair, gold_of: dict[str, str]) -> tuple[str | None, str | None]:
    return gold_of.get(pair.claim_a), gold_of.get(pair.claim_b)


def _key(a: str | None, b: str | None) -> str:
    return pair_id(a or "", b or "")


def _gold_row(key: str, pair: Pair, answer: Pair | None, reached: set[str]) -> Row:
    whole = pair.claim_a in reached and pair.claim_b in reached
    said = NUMBER.get(answer.relation, NEUTRAL) if answer else None
    return Row(key, (pair.claim_a, pair.claim_b), NUMBER[pair.relation], said, whole)


def _lost_row(pair: Pair, gold_of: dict[str, str]) -> Row:
    """A claim of the system's own is told from gold's by a prefix that no id has, for ids have no blanks."""
    ends = tuple(gold_of.get(claim) or f"predicted {claim}" for claim in (pair.claim_a, pair.claim_b))
    return Row(f"predicted {pair.pair_id}", (ends[0], ends[1]), None, NUMBER.get(pair.relation, NEUTRAL), False)


def table(found: Opened) -> Table:
    """Outcomes by pair, for each target."""
    claims = sorted({claim for row in found.rows for claim in row.claims})
    number = {claim: at for at, claim in enumerate(claims)}
    first, second = (_ends(found.rows, number, side) for side in (0, 1))
    wanted, said = (np.array([-1 if r is None else r for r in side], np.int64) for side in _relations(found.rows))
    reached = np.array([row.reached for row in found.rows], dtype=bool)
    columns: dict[str, Floats] = {}
    for target, relations in TARGETS.items():
        numbers = [NUMBER[name] for name in relations]
        outcomes = _outcomes(np.isin(wanted, numbers), np.isin(said, numbers), wanted >= 0, reached)
        columns |= {f"{target} {name}": mask.astype(float) for name, mask in zip(OUTCOMES, outcomes, strict=True)}
    names = [row.name for row in found.rows]
    counts = np.stack(list(columns.values()), axis=1)
    return Table("open pairs", "claim", tuple(claims), names, tuple(columns), counts, first, second)


def _ends(rows: Sequence[Row], number: dict[str, int], side: int) -> Ints:
    return np.array([number[row.claims[side]] for row in rows], np.int64).reshape(len(rows))


def _relations(rows: Sequence[Row]) -> tuple[list[int | None], list[int | None]]:
    return [row.wanted for row in rows], [row.said for row in rows]


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
