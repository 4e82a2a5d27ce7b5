"""Errors one by one: every hit, miss and false alarm in its context, near misses by name, confusion matrices.

Mentions are paired as for the `partial` measure, claims as for Jaccard .5, pairs by their claims. A near miss is a pair
that is not wholly right:

    mentions   wrong type; wrong level; boundary off by a word (or less, see below), boundary wrong; several of these
    entities   mentions missing, split, merged, mentions gold does not have (`entity_errors`)
    claims     evidence off by a word (or less), evidence wrong; wrong kind, polarity, certainty, time, entities; wrong
               holder, holder missing, holder gold does not have
    pairs      missed, false alarm, false alarm on a look-alike, tension for contradiction and the other way round,
               wrong aspect; in the open task, claims that one side does not have

A prediction whose quote could not be located is a false alarm that says so.

Off by a word, part of a word, punctuation or white space is what the characters by which the two spans differ hold, and
needs the texts. Without texts a difference of that many characters is off by up to 12 characters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from variorum.matching import Item
from variorum.records import AnnotationSet, Claim, Mention, Record
from variorum.scoring.cases import NONE, Case, Texts, both_and_rest, boundary, marked, outcome, unplaced_cases
from variorum.scoring.claims import ATTRIBUTES, BASE, same_holder
from variorum.scoring.columns import Unplaced, codes, outside, places
from variorum.scoring.config import Config, Layout
from variorum.scoring.entity_errors import entity_cases
from variorum.scoring.evaluation import is_closed
from variorum.scoring.material import Material, gathered
from variorum.scoring.mentions import matchings
from variorum.scoring.pair_errors import closed_cases, open_cases


class Errors(Record, frozen=True):
    """All cases, and by layer how often gold's label (outer key) met which predicted label."""

    cases: tuple[Case, ...]
    confusion: dict[str, dict[str, dict[str, int]]]

    def tally(self) -> dict[tuple[str, str, str], int]:
        """How many cases there are, by layer, outcome and what is wrong."""
        counts = Counter((case.layer, case.outcome, " + ".join(case.what)) for case in self.cases)
        return dict(sorted(counts.items()))


def errors(
    prediction: AnnotationSet,
    gold: AnnotationSet,
    config: Config | None = None,
    layout: Layout | None = None,
    texts: Texts | None = None,
    unplaced: Mapping[str, Sequence[Unplaced]] | None = None,
) -> Errors:
    """All cases of the layers of the configuration that both sets have. A layer that `score` skips has none.

    `unplaced`: the predictions whose quotes could not be located, by layer; they are false alarms.
    """
    material = gathered(prediction, gold, config, layout, unplaced=unplaced)
    cases: list[Case] = []
    for layer in material.config.layers:
        needed = "mentions" if layer == "entities" else layer
        if None not in (getattr(prediction, needed), getattr(gold, needed)):
            try:
                cases += FINDERS[layer](material, texts or {})
            except ValueError:  # the records leave it undefined; the report of the scores says why
                continue
            renaming = material.config.label_map.prediction if layer == "mentions" else {}
            cases += unplaced_cases(layer, material.unplaced.get(layer, ()), renaming)
    return Errors(tuple(cases), confusion(cases))


def confusion(cases: Iterable[Case]) -> dict[str, dict[str, dict[str, int]]]:
    """How often gold's label met which predicted label, by layer."""
    table: dict[str, dict[str, dict[str, int]]] = {}
    for case in cases:
        row = table.setdefault(case.layer, {}).setdefault(case.gold_label or NONE, {})
        row[case.predicted_label or NONE] = row.get(case.predicted_label or NONE, 0) + 1
    return {
        layer: {gold: dict(sorted(row.items())) for gold, row in sorted(rows.items())} for layer, rows in table.items()
    }


# --- mentions ------------------------------------------------------------------------------------------------


def _mentions(material: Material, texts: Texts) -> Iterator[Case]:
    gold, predicted = (
        _scored_mentions(each.mentions or (), side, material)
        for side, each in (("gold", material.gold), ("prediction", material.prediction))
    )
    types, levels = codes(), codes()
    left, right = (places(each, material.documents, types, levels) for each in (gold, predicted))
    matched = matchings(left, right)["partial"]
    pairs = [(gold[i], predicted[j]) for i, j in zip(matched.gold.tolist(), matched.predicted.tolist(), strict=True)]
    for a, b in both_and_rest(gold, predicted, pairs):
        yield _mention_case(a, b, texts)


def _scored_mentions(mentions: Iterable[Mention], side: str, material: Material) -> list[Mention]:
    """Those that are scored, under the names of the label map."""
    renaming, documents = material.config.label_map.side(side), material.documents
    known = [m for m in mentions if m.doc_id in documents and renaming.get(m.type, m.type) is not None]
    keep = outside(places(known, documents, codes()).spans, documents, material.layout.furniture)
    kept = [m for m, inside in zip(known, keep.tolist(), strict=True) if inside]
    return [msgspec.structs.replace(m, type=renaming[m.type]) if m.type in renaming else m for m in kept]


def _mention_case(a: Mention | None, b: Mention | None, texts: Texts) -> Case:
    what = tuple(_mention_faults(a, b, texts)) if a and b else ()
    at = a or b
    assert at is not None
    return Case(
        layer="mentions",
        outcome=outcome(a, b, what),
        what=what,
        doc_id=at.doc_id,
        gold=a.mention_id if a else None,
        predicted=b.mention_id if b else None,
        gold_label=a.type if a else None,
        predicted_label=b.type if b else None,
        gold_span=(a.start, a.end) if a else None,
        predicted_span=(b.start, b.end) if b else None,
        context=marked(texts.get(at.doc_id), *([(each.start, each.end)] if each else [] for each in (a, b))),
    )


def _mention_faults(a: Mention, b: Mention, texts: Texts) -> Iterator[str]:
    if a.type != b.type:
        yield "wrong type"
    if b.level is not None and a.level != b.level:
        yield "wrong level"
    if fault := boundary({(a.start, a.end)}, {(b.start, b.end)}, texts.get(a.doc_id)):
        yield f"boundary {fault}"


# --- claims ----------------------------------------------------------------------------------------


def _claims(material: Material, texts: Texts) -> Iterator[Case]:
    found, gold_of = material.claims, material.gold_entities
    gold, predicted = ({c.claim_id: c for c in side} for side in (found.gold_claims, found.predicted_claims))
    wanted, said = found.matches[BASE]
    pairs = [(found.gold[i], found.predicted[j]) for i, j in zip(wanted.tolist(), said.tolist(), strict=True)]
    same = {found.gold[i].item_id for i in wanted[same_holder(found, material.prediction, material.gold)]}
    told = any(claim.holder is not None for claim in found.predicted_claims)
    for items in both_and_rest(found.gold, found.predicted, pairs):
        a, b = (each and claims[each.item_id] for each, claims in zip(items, (gold, predicted), strict=True))
        what = list[str]()
        if a and b:
            what += _claim_faults(a, b, items, texts)
            what += _holder_faults(a, b, a.claim_id in same) if told else ()
            what += _entity_faults(a, b, gold_of)
        yield _claim_case(a, b, tuple(what), texts)


def _claim_case(a: Claim | None, b: Claim | None, what: tuple[str, ...], texts: Texts) -> Case:
    at = a or b
    assert at is not None
    ends = [(each.spans[0].start, each.spans[-1].end) if each else None for each in (a, b)]
    return Case(
        layer="claims",
        outcome=outcome(a, b, what),
        what=what,
        doc_id=at.doc_id,
        gold=a.claim_id if a else None,
        predicted=b.claim_id if b else None,
        gold_label=a.kind if a else None,
        predicted_label=b.kind if b else None,
        gold_span=ends[0],
        predicted_span=ends[1],
        context=marked(
            texts.get(at.doc_id), *([(s.start, s.end) for s in each.spans] if each else [] for each in (a, b))
        ),
    )


def _claim_faults(a: Claim, b: Claim, items: tuple[Item, Item], texts: Texts) -> Iterator[str]:
    fault = boundary(set(items[0].intervals), set(items[1].intervals), texts.get(a.doc_id))
    if fault:
        yield f"evidence {fault}"
    yield from (f"wrong {name}" for name in ATTRIBUTES if getattr(a, name) != getattr(b, name))


def _holder_faults(a: Claim, b: Claim, same: bool) -> Iterator[str]:
    """Nothing is wrong with a prediction that has no holders at all: it does not say whose its claims are."""
    if a.holder is not None and b.holder is not None:
        yield from () if same else ("wrong holder",)
    elif a.holder != b.holder:
        yield "holder missing" if b.holder is None else "holder gold does not have"


def _entity_faults(a: Claim, b: Claim, gold_of: Mapping[str, str]) -> Iterator[str]:
    """Nothing is wrong with a prediction that does not say what its claims are about."""
    if b.entities and {gold_of.get(entity) for entity in b.entities} != set(a.entities):
        yield "wrong entities"


def _pairs(material: Material, texts: Texts) -> Iterator[Case]:
    if is_closed(material.prediction, material.gold):
        return closed_cases(material.prediction, material.gold)
    if material.prediction.claims is None or material.gold.claims is None:
        return iter(())
    return open_cases(material.prediction, material.gold, material.claims)


FINDERS: Mapping[str, Callable[[Material, Texts], Iterator[Case]]] = {
    "mentions": _mentions,
    "entities": entity_cases,
    "claims": _claims,
    "contradictions": _pairs,
}


def as_json(found: Errors) -> dict[str, Any]:
    """The cases that are no hits, the tally of all, and the confusion matrices, as plain JSON."""
    tally = [dict(zip(("layer", "outcome", "what", "n"), (*key, n), strict=True)) for key, n in found.tally().items()]
    cases = [msgspec.to_builtins(case) for case in found.cases if case.outcome != "hit"]
    return {"tally": tally, "confusion": found.confusion, "cases": cases}
