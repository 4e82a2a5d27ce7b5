"""Errors among entities, one by one: gold's entities beside those that correspond to them.

near miss    mentions missing             that no predicted entity has
             split                        mentions of gold's entity that another predicted entity has
             merged                       mentions that belong to another entity of gold
             mentions gold does not have  in any entity
"""

from collections.abc import Iterator, Mapping

from variorum.records import AnnotationSet, Mention
from variorum.scoring.cases import Case, Texts, marked, outcome
from variorum.scoring.columns import codes, outside, places
from variorum.scoring.correspondence import Place, corresponding, mentions_of
from variorum.scoring.material import Material

Entities = Mapping[str, set[Place]]


def entity_cases(material: Material, texts: Texts) -> Iterator[Case]:
    """Every entity that has mentions that are scored."""
    gold, predicted = (mentions_of(_scored(each, material)) for each in (material.gold, material.prediction))
    gold_of = corresponding(gold, predicted)
    types = _types(material.gold), _types(material.prediction)
    elsewhere = _all(gold), _all(predicted)
    pairs: list[tuple[str | None, str | None]] = [(gold_of.get(name), name) for name in sorted(predicted)]
    pairs += [(name, None) for name in sorted(gold.keys() - set(gold_of.values()))]
    for a, b in pairs:
        wanted, said = gold.get(a or "", set()), predicted.get(b or "", set())
        what = tuple(_faults(wanted, said, elsewhere)) if a is not None and b is not None else ()
        doc_id, start, end = min(wanted or said)
        yield Case(
            layer="entities",
            outcome=outcome(a, b, what),
            what=what,
            doc_id=doc_id,
            gold=a,
            predicted=b,
            gold_label=types[0].get(a or ""),
            predicted_label=types[1].get(b or ""),
            context=marked(texts.get(doc_id), [(start, end)] if wanted else [], [] if wanted else [(start, end)]),
        )


def _faults(wanted: set[Place], said: set[Place], elsewhere: tuple[set[Place], set[Place]]) -> Iterator[str]:
    missing, more = wanted - said, said - wanted
    in_gold, in_prediction = elsewhere
    if missing - in_prediction:
        yield "mentions missing"
    if missing & in_prediction:
        yield "split"
    if more & in_gold:
        yield "merged"
    if more - in_gold:
        yield "mentions gold does not have"


def _scored(side: AnnotationSet, material: Material) -> list[Mention]:
    """The mentions in the documents that are scored, outside furniture."""
    known = [m for m in side.mentions or () if m.entity_id is not None and m.doc_id in material.documents]
    keep = outside(places(known, material.documents, codes()).spans, material.documents, material.layout.furniture)
    return [mention for mention, kept in zip(known, keep.tolist(), strict=True) if kept]


def _all(entities: Entities) -> set[Place]:
    return set().union(*entities.values())


def _types(side: AnnotationSet) -> dict[str, str]:
    """The types of entities; where a set does not list them, that of a mention (the last in the text)."""
    ordered = sorted(
        side.mentions or (), key=lambda mention: (mention.doc_id, mention.start, mention.end, mention.type)
    )
    of_mentions = {mention.entity_id: mention.type for mention in ordered if mention.entity_id is not None}
    return of_mentions | {entity.entity_id: entity.type for entity in side.entities or ()}
