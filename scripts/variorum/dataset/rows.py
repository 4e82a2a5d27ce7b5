"""The rows of every config, as plain values: labels by name, spans as dicts, sorted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from variorum.adjudication import judgements
from variorum.corpus import Document
from variorum.records import LAYERS, AnnotationSet, Annotator, Claim, Pair, Record, Span, Value
from variorum.schema import Schema

Row = dict[str, Any]
ID_OF = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id", "contradictions": "pair_id"}
PROMPT = """\
{opening} How do the contents of the two claims stand to each other, whoever holds them?

Claim A ({title_a}): {a.proposition}
Claim B ({title_b}): {b.proposition}

{relations}
"""
OPENING = {False: "Two articles tell one story, and each makes a claim.", True: "One article makes two claims."}


class Material(msgspec.Struct, frozen=True):
    """What a dataset is made of: articles, label sets, gold, all annotators' sets, and those with gold's pairs."""

    documents: Mapping[str, Document]
    schema: Schema
    gold: AnnotationSet
    annotators: tuple[AnnotationSet, ...] = ()
    pair_sets: tuple[AnnotationSet, ...] = ()
    version: str = "0.0.0"
    sources: tuple[Annotator, ...] = ()


def rows(material: Material) -> dict[str, list[Row]]:
    """All rows of all configs. ValueError if gold has a pair that none of its pair sets judged."""
    gold = material.gold
    return {
        "documents": [_document(material.documents[key]) for key in sorted(material.documents)],
        "mentions": [_plain(m) | {"value": _value(m.value)} for m in _by_place(gold.mentions)],
        "entities": sorted(map(_plain, gold.entities or ()), key=lambda row: row["entity_id"]),
        "claims": [_plain(c) for c in sorted(gold.claims or (), key=_claim_place)],
        "contradictions": list(_pairs(material)),
        "annotations": list(_annotations(material.annotators)),
        "pairs_eval": list(_pairs_eval(material)),
    }


def _plain(record: Record) -> Row:
    """A record with all its fields, those at their default included."""
    return {name: _value_of(getattr(record, name)) for name in record.__struct_fields__}


def _value_of(value: Any) -> Any:
    if isinstance(value, Value):
        return _value(value)
    if isinstance(value, Record):
        return _plain(value)
    return [_value_of(member) for member in value] if isinstance(value, tuple) else value


def _value(value: Value | None) -> Row | None:
    """A value with its anchor laid flat."""
    if value is None:
        return None
    anchor = value.anchor
    flat = {"anchor_date": anchor and anchor.date, "anchor_source": anchor and anchor.source}
    return {"kind": value.kind, "value": value.value, "unit": value.unit, "comparator": value.comparator, **flat}


def _document(document: Document) -> Row:
    return {"text": document.text, **_plain(document.source)}


def _by_place(mentions: Sequence[Any] | None) -> list[Any]:
    return sorted(mentions or (), key=lambda m: (m.doc_id, m.start, -m.end, m.mention_id))


def _claim_place(claim: Claim) -> tuple[str, int, int, str]:
    return claim.doc_id, claim.spans[0].start, claim.spans[-1].end, claim.claim_id


# --- pairs ---------------------------------------------------------------------------------------------------


def _ordered(gold: AnnotationSet) -> Iterator[tuple[Pair, Claim, Claim]]:
    claims = {claim.claim_id: claim for claim in gold.claims or ()}
    for pair in sorted(gold.contradictions or (), key=lambda pair: pair.pair_id):
        yield pair, claims[pair.claim_a], claims[pair.claim_b]


def _pairs(material: Material) -> Iterator[Row]:
    voted = judgements(material.pair_sets)
    entity_of = {mention.mention_id: mention.entity_id for mention in material.gold.mentions or ()}
    for pair, a, b in _ordered(material.gold):
        if pair.pair_id not in voted:
            raise ValueError(f"nobody judged the pair {pair.pair_id} of gold")
        votes = Counter(vote.relation for _, vote in voted[pair.pair_id])
        row = _plain(pair)
        del row["score"]
        yield row | {
            "doc_a": a.doc_id,
            "doc_b": b.doc_id,
            "quote_a": _quote(a, material.documents),
            "quote_b": _quote(b, material.documents),
            "proposition_a": a.proposition,
            "proposition_b": b.proposition,
            "same_holder": same_holder(a, b, entity_of),
            "votes": {name: votes[name] for name in material.schema.names("judgement")},
        }


def same_holder(a: Claim, b: Claim, entity_of: Mapping[str, str | None]) -> bool:
    """Whether two claims have one source: the same entity; for the articles' own voice, the same article."""
    if a.holder is None or b.holder is None:
        return a.holder is b.holder and a.doc_id == b.doc_id
    return a.holder == b.holder or (entity_of.get(a.holder) or a.holder) == (entity_of.get(b.holder) or b.holder)


def _quote(claim: Claim, documents: Mapping[str, Document]) -> str:
    return " … ".join(_slice(span, documents[claim.doc_id].text) for span in claim.spans)


def _slice(span: Span, text: str) -> str:
    return text[span.start : span.end]


def _pairs_eval(material: Material) -> Iterator[Row]:
    titles = {key: document.source.title for key, document in material.documents.items()}
    choices = list(material.schema.names("relation"))
    relations = "\n".join(f"{label.const}: {label.description}" for label in material.schema.label_sets["relation"])
    for pair, a, b in _ordered(material.gold):
        prompt = PROMPT.format(
            opening=OPENING[a.doc_id == b.doc_id],
            relations=relations,
            title_a=titles[a.doc_id],
            title_b=titles[b.doc_id],
            a=a,
            b=b,
        )
        yield {"pair_id": pair.pair_id, "input": prompt, "choices": choices, "target": pair.relation}


# --- annotators ----------------------------------------------------------------------------------------------


def _annotations(sets: Sequence[AnnotationSet]) -> Iterator[Row]:
    """Every record of every annotator, as filed."""
    for each in sorted(sets, key=lambda each: (each.round or "", each.source)):
        header = {"source": each.source, "round": each.round, "guideline_version": each.guideline_version}
        for layer in LAYERS:
            own_id = ID_OF[layer]
            for record in sorted(getattr(each, layer) or (), key=lambda record: str(getattr(record, own_id))):
                encoded = msgspec.json.encode(record).decode()
                yield header | {"layer": layer, "record_id": getattr(record, own_id), "record": encoded}
