"""Scoring a prediction: each layer turned into tables and entries, then computed."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from variorum.collector import no_collection
from variorum.coreference import NoPartition
from variorum.records import AnnotationSet, claims_sha256, pair_id, same_claims
from variorum.scoring import claims, contradictions, contrast, entities, mentions, open_pairs, soft_labels
from variorum.scoring.columns import Unplaced, scored_documents, unplaced_mentions
from variorum.scoring.config import Config, Layout
from variorum.scoring.figures import Formula
from variorum.scoring.material import Material, gathered
from variorum.scoring.report import Computed, Entry, Joint, Report, computed
from variorum.scoring.selection import both
from variorum.scoring.selection import unplaced as unplaced_of
from variorum.scoring.soft_labels import Votes
from variorum.scoring.tables import Sheet

Sheets = Iterator[tuple[Sheet, list[Entry]]]


def score(
    prediction: AnnotationSet,
    gold: AnnotationSet,
    config: Config | None = None,
    layout: Layout | None = None,
    votes: Votes | None = None,
    beside: AnnotationSet | None = None,
    unplaced: Mapping[str, Sequence[Unplaced]] | None = None,
    edited: contrast.Answered | None = None,
    dropped: Mapping[str, int] | None = None,
) -> Report:
    """All scores of the layers of the configuration. A layer that cannot be scored is skipped, with the reason.

    `layout` is what is known of the texts (furniture, paragraphs), `votes` how many annotators gave each pair each
    relation, `beside` a second prediction of the same gold that this one will be compared with (no score depends on
    it), `unplaced` by layer the predictions whose quotes could not be located: they count as false alarms. `edited` is
    what the system said of edited pairs, which is scored with what its pairs say of the originals. `dropped` is how
    many records, by layer, were left out as wrong before: no score depends on it, the report says it.
    """
    material = gathered(prediction, gold, config, layout, votes, beside, unplaced)
    config, notes = material.config, material.notes
    with no_collection():
        results = [each for layer in config.layers for each in _layer(layer, material)]
        if edited and "contradictions" in config.layers:
            results += _edited(edited, material)
        joint = _joint(material)
    unjudged = tuple(sorted(notes.unjudged))
    signed = contrast.signed(edited.contrast) if edited else ""
    return Report(prediction.source, config, gold, tuple(results), *notes[:-1], unjudged, signed, dropped or {}, joint)


def _layer(layer: str, material: Material) -> list[Computed]:
    if why := _unscorable(layer, material):
        material.notes.skipped[layer] = why
        return []
    try:
        sheets = list(LAYERS[layer](material))
    except ValueError as error:  # the records themselves leave the score undefined; the message says why
        material.notes.skipped[layer] = str(error)
        return []
    return computed(sheets, material.config)


def _unscorable(layer: str, material: Material) -> str | None:
    needed = "mentions" if layer == "entities" else layer
    for side, each in (("prediction", material.prediction), ("gold", material.gold)):
        if getattr(each, needed) is None:
            return f"the {side} does not have the layer" + ("" if needed == layer else f" {needed}")
        if layer == "entities" and not any(m.entity_id is not None for m in each.mentions or ()):
            return f"no mention of the {side} has an entity_id"
    return None


# --- mentions and entities -----------------------------------------------------------------------------------


def _mentions(material: Material) -> Sheets:
    gold, predicted, types, levels = both(material)
    lost = unplaced_mentions(unplaced_of("mentions", material), material.documents, types)
    kinds = mentions.Kinds(tuple(types), tuple(levels))
    table = mentions.table(gold, predicted, material.units, kinds, lost if len(lost.type) else None)
    used = (set(np.unique(each.type).tolist()) for each in (gold, predicted))
    shared = [kinds.types[number] for number in sorted(set.intersection(*used))]
    formulas = mentions.formulas(table.names, shared)
    yield table, [Entry("mentions", "spans", *each) for each in formulas]


def _entities(material: Material) -> Sheets:
    for table in entities.tables(*_linked(material, material.documents, material.gold, material.prediction)):
        task = table.key.split()[-1]
        yield table, [Entry("entities", task, m, "all", average, f) for m, average, f in entities.formulas()]


def _linked(material: Material, documents: Mapping[str, int], *sets: AnnotationSet) -> list[entities.Linked]:
    return [entities.linked(each.mentions or (), documents, material.layout) for each in sets]


def _joint(material: Material) -> Joint | None:
    """The tables of entities by groups of both predictions, for a comparison; none if the layer is not scored."""
    skipped = material.notes.skipped.get("entities")
    if material.beside is None or skipped or "entities" not in material.config.layers:
        return None
    sets = material.gold, material.prediction, material.beside
    documents = {doc_id: number for number, doc_id in enumerate(scored_documents(*sets))}
    try:
        made = entities.tables(*_linked(material, documents, *sets))
        return Joint(material.prediction, material.beside, {table.key: table for table in made})
    except NoPartition:  # of the other prediction, whose own report says so
        return None


# --- claims and contradictions -------------------------------------------------------------------------------


def _claims(material: Material) -> Sheets:
    prediction, gold, documents = material.prediction, material.gold, material.documents
    found = material.claims
    for why, number in found.ignored.items():
        material.notes.ignore("claims", why, number)
    sides = (np.array([documents[item.doc_id] for item in side], np.int64) for side in (found.gold, found.predicted))
    material.note_silence("claims", *sides)
    lost = unplaced_of("claims", material)
    table = claims.table(prediction, gold, found, documents, material.units, material.gold_entities, lost)
    yield table, [Entry("claims", task, m, "all", average, f) for task, m, average, f in claims.formulas()]


def _contradictions(material: Material) -> Sheets:
    if is_closed(material.prediction, material.gold):
        yield from _closed(material)
    elif material.prediction.claims is None:
        raise ValueError(
            "its pairs are not about gold's claims (claims_from must name gold and the hash of its claims), "
            "and it has no claims of its own"
        )
    elif material.gold.claims is None:
        raise ValueError("the gold has pairs but no claims to match")
    else:
        yield from _open(material)


def is_closed(prediction: AnnotationSet, gold: AnnotationSet) -> bool:
    """Whether the pairs are about gold's claims: it says so, or it brings the very same claims, or is gold."""
    if prediction.claims is gold.claims and prediction.claims_from == gold.claims_from:
        return True
    if gold.claims is None:  # a set of pairs about another set's claims stands for gold
        return prediction.claims_from is not None and prediction.claims_from == gold.claims_from
    if prediction.claims_from:
        return prediction.claims_from.sha256 == claims_sha256(gold.claims)
    return prediction.claims is not None and same_claims(prediction.claims, gold.claims)


def _closed(material: Material) -> Sheets:
    predicted, gold = material.prediction.contradictions or (), material.gold.contradictions or ()
    found = contradictions.aligned(predicted, gold)
    material.notes.unjudged.extend(pair_id(pair.claim_a, pair.claim_b) for pair in found.unjudged)
    yield contradictions.table(found), [_pairs_entry(*each) for each in contradictions.formulas()]
    recall = contradictions.conflict_formula()
    yield contradictions.conflicts(found), [_pairs_entry("conflicts", "any-pair", "micro", recall)]
    ranking = contradictions.ranking(found)
    if isinstance(ranking, str):
        material.notes.skipped["contradictions: ranking"] = ranking
    else:
        precision = contradictions.ranking_formula()
        yield ranking, [_pairs_entry("ranking", "contradiction+tension", "micro", precision)]
    if material.votes:
        yield soft_labels.table(found, material.votes), [_pairs_entry(*each) for each in soft_labels.formulas()]


def _edited(edited: contrast.Answered, material: Material) -> list[Computed]:
    """Edited pairs, with their originals, which only the closed task knows."""
    if "contradictions" in material.notes.skipped or not is_closed(material.prediction, material.gold):
        material.notes.skipped["contradictions: contrast"] = "its pairs do not say what it makes of the originals"
        return []
    try:
        table = contrast.table(edited, material.prediction, material.gold)
    except ValueError as error:
        material.notes.skipped["contradictions: contrast"] = str(error)
        return []
    entries = [Entry("contradictions", task, m, of, "micro", f) for task, m, of, f in contrast.formulas(edited)]
    return computed([(table, entries)], material.config)


def _pairs_entry(task: str, match: str, average: str, formula: Formula) -> Entry:
    return Entry("contradictions", task, match, "all", average, formula)


def _open(material: Material) -> Sheets:
    predicted, gold = material.prediction.contradictions or (), material.gold.contradictions or ()
    found = open_pairs.opened(predicted, gold, material.claims)
    material.notes.unjudged.extend(found.unjudged)
    yield open_pairs.table(found), [_pairs_entry(*each) for each in open_pairs.formulas()]


LAYERS: Mapping[str, Callable[[Material], Sheets]] = {
    "mentions": _mentions,
    "entities": _entities,
    "claims": _claims,
    "contradictions": _contradictions,
}
