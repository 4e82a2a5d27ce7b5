"""Claims: found at a Jaccard overlap of the evidence of .5, of .8, and exactly; what is said of those found at .5.

Matching is the shared one (`variorum.matching`). Unit of counts: a claim.

    attributes    share of matched claims with gold's kind, polarity, certainty; time, where either side has one
    holder        P, R, F1 over claims with a holder: right if the claims match and the holders' mentions do, at .5 too,
                  or are mentions of one entity of gold (PolNeAR's source; Newell et al. 2018)
    entities      P, R, F1 over the entities that matched claims are about; which predicted entity is which of gold's is
                  told by their mentions (`correspondence`), for ids of two sets have no common meaning
    proposition   mean token F1 of matched claims (SQuAD; Rajpurkar et al. 2016), without dropping articles: tokens are
                  runs of letters and digits, case folded, counted with repetition. Reported apart; it measures wording
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from variorum.matching import Criterion, Item, Match, claim_items, match, matchings, mention_items
from variorum.overlaps import Ints
from variorum.records import AnnotationSet, Claim
from variorum.scoring.columns import Units, Unplaced, within
from variorum.scoring.config import Layout
from variorum.scoring.figures import Formula, credited, share
from variorum.scoring.tables import Floats, Table

MATCHES = ("jaccard0.5", "jaccard0.8", "exact")
BASE = MATCHES[0]
ATTRIBUTES = ("kind", "polarity", "certainty", "time")
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Sides:
    """Gold's and predicted claims that are scored, as items and by id; how many predicted ones are not, and why."""

    gold: list[Item]
    predicted: list[Item]
    gold_claims: dict[str, Claim]
    predicted_claims: dict[str, Claim]
    ignored: dict[str, int]

    @cached_property
    def matches(self) -> dict[str, list[Match]]:
        """The matching by each criterion, found once for all that is made of it."""
        found = matchings(self.gold, self.predicted, map(Criterion.parse, MATCHES))
        return dict(zip(MATCHES, found, strict=True))


def sides(prediction: AnnotationSet, gold: AnnotationSet, documents: Mapping[str, int], layout: Layout) -> Sides:
    """The claims outside furniture, in the documents that are scored."""
    said = claim_items(prediction.claims)
    known = [item for item in said if item.doc_id in documents]
    kept = [item for item in known if not in_furniture(item, layout)]
    wanted = [i for i in claim_items(gold.claims) if i.doc_id in documents and not in_furniture(i, layout)]
    by_id = [{claim.claim_id: claim for claim in each.claims or ()} for each in (gold, prediction)]
    ignored = {"in other documents": len(said) - len(known), "in furniture": len(known) - len(kept)}
    return Sides(wanted, kept, by_id[0], by_id[1], ignored)


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
    place = _Place(documents, units)
    columns = {"gold": place.tally(place.of(found.gold))}
    columns["predicted"] = place.tally(place.of(found.predicted)) + place.first_of(unplaced)
    matched = found.matches
    for name, matches in matched.items():
        columns[f"{name} gold"] = place.tally(place.of([m.left for m in matches]))
        columns[f"{name} predicted"] = place.tally(place.of([m.right for m in matches]))
    columns |= _attributes(matched[BASE], found, place)
    columns |= _holders(matched[BASE], found, place, prediction, gold)
    columns |= _entities(matched[BASE], found, place, gold_of)
    columns |= _propositions(matched[BASE], place)
    rows = np.arange(len(units.names))
    return Table(
        "claims", units.unit, units.names, units.names, tuple(columns), np.stack(list(columns.values()), 1), rows
    )


class _Place(NamedTuple):
    """Which unit an item lies in: that of its first character."""

    documents: dict[str, int]
    units: Units

    def of(self, items: Sequence[Item]) -> Ints:
        document = np.array([self.documents[item.doc_id] for item in items], np.int64)
        start = np.array([item.intervals[0][0] for item in items], np.int64)
        return self.units.at(document, start)

    def first_of(self, unplaced: Sequence[Unplaced]) -> Floats:
        """Claims without a place count at the beginning of their document."""
        document = [self.documents[each.doc_id] for each in unplaced if each.doc_id in self.documents]
        numbers = np.array(document, np.int64)
        units = self.units.at(numbers, np.zeros_like(numbers))
        return np.bincount(units, minlength=len(self.units.names)).astype(float)

    def tally(self, at: Ints, weights: Floats | None = None) -> Floats:
        """How many of the items at these units, or the sum of their weights, by unit."""
        counts = np.bincount(at, weights, minlength=len(self.units.names))
        return counts.astype(float)


# --- what is said of matched claims ---------------------------------------------------------------------------


def _attributes(matches: Sequence[Match], found: Sides, place: _Place) -> Iterator[tuple[str, Floats]]:
    pairs = [(found.gold_claims[m.left.item_id], found.predicted_claims[m.right.item_id]) for m in matches]
    at = place.of([m.left for m in matches])
    for name in ATTRIBUTES:
        get = attrgetter(name)
        said = [(get(a), get(b)) for a, b in pairs]
        yield f"{name} of", place.tally(at, np.array([not a is b is None for a, b in said], dtype=float))
        yield f"{name} right", place.tally(at, np.array([a == b is not None for a, b in said], dtype=float))


def _entities(
    matches: Sequence[Match], found: Sides, place: _Place, gold_of: Mapping[str, str]
) -> Iterator[tuple[str, Floats]]:
    """How many entities matched claims are about, by gold, by the prediction, and by both."""
    said = [
        (set(found.gold_claims[m.left.item_id].entities), found.predicted_claims[m.right.item_id].entities)
        for m in matches
    ]
    at = place.of([m.left for m in matches])
    counts = [(len(a), len(b), len(a & {gold_of.get(entity) for entity in b})) for a, b in said]
    for name, tally in zip(("gold", "predicted", "right"), np.array(counts, float).reshape(-1, 3).T, strict=True):
        yield f"entities {name}", place.tally(at, tally)


def _propositions(matches: Sequence[Match], place: _Place) -> dict[str, Floats]:
    at = place.of([m.left for m in matches])
    similarity = [token_f1(m.left.text, m.right.text) for m in matches]
    return {"proposition of": place.tally(at), "proposition right": place.tally(at, np.array(similarity))}


def token_f1(wanted: str, found: str) -> float:
    """2 |A ∩ B| / (|A| + |B|) of the multisets of tokens; 1 for equal texts, if only in their tokens.

    >>> token_f1("The ferry sank.", "the ferry, it sank")
    0.8571428571428571
    """
    if wanted == found:
        return 1.0
    a, b = _TOKEN.findall(wanted.casefold()), _TOKEN.findall(found.casefold())
    if a == b:
        return 1.0
    left, common = Counter(a), 0
    for token in b:
        if left[token]:
            left[token] -= 1
            common += 1
    return 2 * common / (len(a) + len(b))


def _holders(
    matches: Sequence[Match], found: Sides, place: _Place, prediction: AnnotationSet, gold: AnnotationSet
) -> dict[str, Floats]:
    """Counts of holders: by gold's claims, by the predicted, and those that are right by both."""
    having = [[i for i in items if claims[i.item_id].holder is not None] for items, claims in _paired(found)]
    same = _SameHolder(found, prediction, gold)
    right = [m for m in matches if same(m)]
    return {
        "holder gold": place.tally(place.of(having[0])),
        "holder predicted": place.tally(place.of(having[1])),
        "holder found": place.tally(place.of([m.left for m in right])),
        "holder right": place.tally(place.of([m.right for m in right])),
    }


def _paired(found: Sides) -> tuple[tuple[list[Item], dict[str, Claim]], ...]:
    return (found.gold, found.gold_claims), (found.predicted, found.predicted_claims)


class _SameHolder:
    """Whether two claims have the same holder: matching mentions, or mentions of one entity of gold."""

    def __init__(self, found: Sides, prediction: AnnotationSet, gold: AnnotationSet) -> None:
        self.found = found
        self.entity = {m.mention_id: m.entity_id or m.mention_id for m in gold.mentions or ()}
        holders = {c.holder for c in found.predicted_claims.values()} - {None}
        said = mention_items(m for m in prediction.mentions or () if m.mention_id in holders)
        pairs = match(mention_items(gold.mentions), said, Criterion.parse(BASE))
        self.gold_of = {m.right.item_id: m.left.item_id for m in pairs}

    def __call__(self, pair: Match) -> bool:
        wanted = self.found.gold_claims[pair.left.item_id].holder
        said = self.gold_of.get(self.found.predicted_claims[pair.right.item_id].holder or "")
        return wanted is not None and said is not None and self.entity.get(wanted) == self.entity.get(said)


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
