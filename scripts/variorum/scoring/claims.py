"""Claims: found at a Jaccard overlap of the evidence of .5, of .8, and exactly; what is said of those found at .5.

Matching is the shared one (`variorum.matching`). Unit of counts: a claim.

    attributes    share of matched claims with gold's kind, polarity, certainty; time, where either side has one
    holder        P, R, F1 over claims with a holder: right if the claims match and the holders' mentions do, at .5 too,
                  or are mentions of one entity of gold (PolNeAR's source; Newell et al. 2018)
    entities      P, R, F1 over the entities that matched claims are about; which predicted entity is which of gold's is
                  told by their mentions (`correspondence`), for ids of two sets have no common meaning
    proposition   mean token F1 of matched claims (`variorum.scoring.wording`). Reported apart; it measures wording
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from variorum.matching import Criterion, Item, chosen, claim_items, match, mention_items
from variorum.overlaps import Ints
from variorum.records import AnnotationSet, Claim
from variorum.scoring.columns import Units, Unplaced, coded, codes, within
from variorum.scoring.config import Layout
from variorum.scoring.figures import Formula, credited, share
from variorum.scoring.tables import Floats, Table
from variorum.scoring.wording import token_f1s

MATCHES = ("jaccard0.5", "jaccard0.8", "exact")
BASE = MATCHES[0]
ATTRIBUTES = ("kind", "polarity", "certainty", "time")
Pairs = tuple[Ints, Ints]  # indexes of matched claims: gold's, and the predicted one of each


@dataclass(frozen=True)
class Sides:
    """Gold's and predicted claims that are scored, in the order of their ids, and the same as items; how many predicted
    ones are not, and why."""

    gold: list[Item]
    predicted: list[Item]
    gold_claims: list[Claim]
    predicted_claims: list[Claim]
    ignored: dict[str, int]

    @cached_property
    def matches(self) -> dict[str, Pairs]:
        """The matching by each criterion, in the order of gold, found once for all that is made of it."""
        found = chosen(self.gold, self.predicted, map(Criterion.parse, MATCHES))
        return {name: (each.left, each.right) for name, each in zip(MATCHES, found, strict=True)}


def sides(prediction: AnnotationSet, gold: AnnotationSet, documents: Mapping[str, int], layout: Layout) -> Sides:
    """The claims outside furniture, in the documents that are scored."""
    by_id = (sorted(each.claims or (), key=attrgetter("claim_id")) for each in (gold, prediction))
    known = [[claim for claim in each if claim.doc_id in documents] for each in by_id]
    (items, claims), (predicted, said) = (_outside(each, layout) for each in known)
    n_known = len(known[1])
    ignored = {"in other documents": len(prediction.claims or ()) - n_known, "in furniture": n_known - len(said)}
    return Sides(items, predicted, claims, said, ignored)


def _outside(claims: list[Claim], layout: Layout) -> tuple[list[Item], list[Claim]]:
    """The claims that do not lie in furniture altogether, as items and as they are."""
    items = claim_items(claims)
    if layout.furniture:
        keep = [not in_furniture(item, layout) for item in items]
        items, claims = list(compress(items, keep)), list(compress(claims, keep))
    return items, claims


def in_furniture(item: Item, layout: Layout) -> bool:
    """Whether all of it lies inside furniture."""
    blocks = layout.furniture.get(item.doc_id, ())
    return bool(blocks) and all(within(start, end, blocks) for start, end in item.intervals)


def table(
    prediction: AnnotationSet,
    gold: AnnotationSet,
    found: Sides,
    documents: dict[str, int],
    units: Units,
    gold_of: Mapping[str, str],
    unplaced: Sequence[Unplaced] = (),
) -> Table:
    """Counts by unit.

    `gold_of`: gold's entity by predicted entity. `unplaced` predictions have no evidence in the text: all are false
    alarms.
    """
    n_units = len(units.names)

    def tally(at: Ints, weights: Any = None) -> Floats:
        """How many of the items at these units, or the sum of their weights, by unit."""
        return np.bincount(at, weights, minlength=n_units).astype(float)

    at, at_predicted = (_units_of(each, documents, units) for each in (found.gold, found.predicted))
    columns = {"gold": tally(at), "predicted": tally(at_predicted) + tally(_first_units(unplaced, documents, units))}
    for name, (wanted, said) in found.matches.items():
        columns[f"{name} gold"], columns[f"{name} predicted"] = tally(at[wanted]), tally(at_predicted[said])
    base = found.matches[BASE]
    columns |= _attributes(base, found, at[base[0]], tally)
    same = same_holder(found, prediction, gold)
    columns["holder gold"] = tally(at[_has("holder", found.gold_claims)])
    columns["holder predicted"] = tally(at_predicted[_has("holder", found.predicted_claims)])
    columns["holder found"], columns["holder right"] = tally(at[base[0][same]]), tally(at_predicted[base[1][same]])
    columns |= _entities(base, found, at[base[0]], tally, gold_of)
    columns |= _propositions(base, found, at[base[0]], tally)
    rows = np.arange(n_units)
    return Table(
        "claims", units.unit, units.names, units.names, tuple(columns), np.stack(list(columns.values()), 1), rows
    )


Tally = Callable[..., Floats]


def _units_of(items: Sequence[Item], documents: Mapping[str, int], units: Units) -> Ints:
    """Which unit each item lies in: that of its first character."""
    document = coded((item.doc_id for item in items), documents.__getitem__, len(items))
    return units.at(document, np.fromiter((item.intervals[0][0] for item in items), np.int64, len(items)))


def _first_units(unplaced: Sequence[Unplaced], documents: Mapping[str, int], units: Units) -> Ints:
    """Claims without a place count at the beginning of their document."""
    numbers = np.array([documents[each.doc_id] for each in unplaced if each.doc_id in documents], np.int64)
    return units.at(numbers, np.zeros_like(numbers))


# --- what is said of matched claims ---------------------------------------------------------------------------


def _attributes(pairs: Pairs, found: Sides, at: Ints, tally: Tally) -> Iterator[tuple[str, Floats]]:
    for name in ATTRIBUTES:
        number = codes()
        number[None]  # the number 0 is for having none
        sides = (found.gold_claims, found.predicted_claims)
        gold, predicted = (coded(map(attrgetter(name), each), number.__getitem__, len(each)) for each in sides)
        wanted, said = gold[pairs[0]], predicted[pairs[1]]
        yield f"{name} of", tally(at[(wanted > 0) | (said > 0)])
        yield f"{name} right", tally(at[(wanted > 0) & (wanted == said)])


def _has(name: str, claims: Sequence[Claim]) -> NDArray[np.bool_]:
    """Which claims have a holder, entities."""
    return np.fromiter(map(bool, map(attrgetter(name), claims)), bool, len(claims))


def _entities(
    pairs: Pairs, found: Sides, at: Ints, tally: Tally, gold_of: Mapping[str, str]
) -> Iterator[tuple[str, Floats]]:
    """How many entities matched claims are about, by gold, by the prediction, and by both."""
    having = _has("entities", found.gold_claims)[pairs[0]] | _has("entities", found.predicted_claims)[pairs[1]]
    rows = zip(pairs[0][having].tolist(), pairs[1][having].tolist(), strict=True)
    said = [(set(found.gold_claims[i].entities), found.predicted_claims[j].entities) for i, j in rows]
    counts = [(len(a), len(b), len(a & {gold_of.get(entity) for entity in b})) for a, b in said]
    for name, column in zip(("gold", "predicted", "right"), np.array(counts, float).reshape(-1, 3).T, strict=True):
        yield f"entities {name}", tally(at[having], column)


def _propositions(pairs: Pairs, found: Sides, at: Ints, tally: Tally) -> dict[str, Floats]:
    wanted, said = [found.gold[i].text for i in pairs[0]], [found.predicted[j].text for j in pairs[1]]
    return {"proposition of": tally(at), "proposition right": tally(at, token_f1s(wanted, said))}


def same_holder(found: Sides, prediction: AnnotationSet, gold: AnnotationSet) -> NDArray[np.bool_]:
    """Which pairs of the matching at .5 have the same holder: matching mentions, or mentions of one entity of gold."""
    (wanted, said), same = found.matches[BASE], _SameHolder(found, prediction, gold)
    having = _has("holder", found.gold_claims)[wanted] & _has("holder", found.predicted_claims)[said]
    rows = zip(wanted[having].tolist(), said[having].tolist(), strict=True)
    having[having] = [same(found.gold_claims[i], found.predicted_claims[j]) for i, j in rows]
    return having


class _SameHolder:
    def __init__(self, found: Sides, prediction: AnnotationSet, gold: AnnotationSet) -> None:
        self.entity = {m.mention_id: m.entity_id or m.mention_id for m in gold.mentions or ()}
        named = {claim.holder for claim in found.predicted_claims} - {None}
        said = mention_items(m for m in prediction.mentions or () if m.mention_id in named)
        pairs = match(mention_items(gold.mentions), said, Criterion.parse(BASE)) if said else []
        self.gold_of = {m.right.item_id: m.left.item_id for m in pairs}

    def __call__(self, wanted: Claim, predicted: Claim) -> bool:
        said = self.gold_of.get(predicted.holder or "")
        return said is not None and self.entity.get(wanted.holder or "") == self.entity.get(said)


# --- the figures ---------------------------------------------------------------------------------------------


def formulas() -> Iterator[tuple[str, str, str, Formula]]:
    """(task, match, average, formula) of every score."""
    for name in MATCHES:
        yield "spans", name, "micro", _spans(name)
    for name in ATTRIBUTES:
        why = "no claim is matched" if name != "time" else "no matched claim has a time"
        yield name, BASE, "micro", share("accuracy", f"{name} right", f"{name} of", why)
    yield "holder", BASE, "micro", credited("holder right", "holder predicted", "holder found", "holder gold")
    yield "entities", BASE, "micro", _about()
    yield "proposition", BASE, "micro", share("token_f1", "proposition right", "proposition of", "no claim is matched")


def _about() -> Formula:
    why = {
        "precision": "no matched claim of the prediction is about an entity",
        "recall": "no matched claim of gold is about an entity",
        "f1": "no matched claim is about an entity",
    }
    return credited("entities right", "entities predicted", "entities right", "entities gold")._replace(undefined=why)


def _spans(name: str) -> Formula:
    shown = {
        "tp": lambda s: s[f"{name} gold"],
        "fp": lambda s: s["predicted"] - s[f"{name} predicted"],
        "fn": lambda s: s["gold"] - s[f"{name} gold"],
    }
    return credited(f"{name} predicted", "predicted", f"{name} gold", "gold")._replace(shown=shown)
