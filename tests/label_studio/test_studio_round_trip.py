"""Records to Label Studio results and back gives the same records, whatever is in the text."""

import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import anchors, labels, texts

from variorum import schema
from variorum.corpus import Document
from variorum.label_studio import articles, identity, pairs, tasks
from variorum.label_studio.controls import VALUE_TYPES, article_controls, pair_controls
from variorum.label_studio.results import At
from variorum.label_studio.rounds import ARTICLE_LAYERS
from variorum.problems import Problem
from variorum.records import (
    AnnotationSet,
    Claim,
    DocumentRef,
    Entity,
    Mention,
    Pair,
    Span,
    Value,
    entity_id,
    pair_id,
)
from variorum.sources import Source

SCHEMA = schema.default()
CONTROLS = article_controls(SCHEMA, ARTICLE_LAYERS)
PAIR_CONTROLS = pair_controls(SCHEMA)
# Blanks at the ends are not seen in the browser, so they are not kept.
words = texts(1).map(str.strip).filter(bool)
values = st.builds(
    Value,
    kind=labels("value_kind"),
    value=words,
    unit=st.none() | words,
    comparator=labels("comparator"),
    anchor=st.none() | anchors.map(lambda anchor: msgspec.structs.replace(anchor, date="2019")),
)


def document(doc_id: str, text: str) -> Document:
    source = Source(doc_id=doc_id, file="f", title="t", language="en", sha256="0" * 64, n_chars=len(text), rights="r")
    return Document(source, text)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return Span(start=start, end=end, text=text[start:end])


@st.composite
def entities(draw: st.DrawFn) -> tuple[Entity, ...]:
    names = draw(st.lists(words, min_size=1, max_size=3))
    own = [draw(st.sampled_from([entity_id(name), f"e-{i}-x"])) for i, name in enumerate(names)]
    made = [Entity(entity_id=e, name=n, type=draw(labels("entity_type"))) for e, n in zip(own, names, strict=True)]
    return tuple({entity.entity_id: entity for entity in made}.values())


@st.composite
def mentions(draw: st.DrawFn, doc: Document, number: int, known: tuple[Entity, ...]) -> Mention:
    span, of_type = draw(spans(doc.text)), draw(labels("entity_type"))
    same = {"mention_id": f"{doc.doc_id}-m{number}", "doc_id": doc.doc_id, "type": of_type}
    if of_type in VALUE_TYPES:
        return Mention(**same, start=span.start, end=span.end, text=span.text, value=draw(values))
    level, own = draw(labels("level")), draw(st.sampled_from(known)).entity_id
    return Mention(**same, start=span.start, end=span.end, text=span.text, level=level, entity_id=own)


@st.composite
def claims(draw: st.DrawFn, doc: Document, number: int, holders: list[str], known: tuple[Entity, ...]) -> Claim:
    evidence = draw(st.lists(spans(doc.text), min_size=1, max_size=3, unique_by=lambda span: (span.start, span.end)))
    return Claim(
        claim_id=f"{doc.doc_id}-c{number}",
        doc_id=doc.doc_id,
        spans=tuple(sorted(evidence, key=lambda span: (span.start, span.end))),
        proposition=draw(words),
        kind=draw(labels("claim_kind")),
        polarity=draw(labels("polarity")),
        certainty=draw(labels("certainty")),
        holder=draw(st.none() | st.sampled_from(holders)) if holders else None,
        cue=draw(st.none() | spans(doc.text)),
        time=draw(st.none() | words),
        entities=tuple(draw(st.lists(st.sampled_from([e.entity_id for e in known]), max_size=2, unique=True))),
    )


@st.composite
def annotated(draw: st.DrawFn) -> tuple[AnnotationSet, dict[str, Document]]:
    """A set over two documents, one of whose ids begins as the other; spans nest and cross as they like."""
    documents = {doc_id: document(doc_id, draw(texts(1))) for doc_id in ("07", "07-b")}
    known = draw(entities())
    all_mentions: list[Mention] = []
    all_claims: list[Claim] = []
    for doc in documents.values():
        here = [draw(mentions(doc, i, known)) for i in range(draw(st.integers(0, 4)))]
        holders = [mention.mention_id for mention in here]
        all_claims += [draw(claims(doc, i, holders, known)) for i in range(draw(st.integers(0, 3)))]
        all_mentions += here
    used = {mention.entity_id for mention in all_mentions}
    covered = tuple(DocumentRef(doc_id=doc_id, text_sha256="0" * 64) for doc_id in documents)
    made = AnnotationSet(
        schema_version="1.0",
        source="s",
        role="annotator",
        documents=covered,
        mentions=tuple(all_mentions),
        entities=known,
        claims=tuple(all_claims),
    )
    return msgspec.structs.replace(made, entities=tuple(e for e in known if e.entity_id in used)), documents


def sent(value: Any) -> Any:
    """The value after its journey as JSON."""
    return json.loads(json.dumps(value))


@settings(max_examples=300, deadline=None)
@given(annotated())
def test_articles(case: tuple[AnnotationSet, dict[str, Document]]) -> None:
    annotation_set, documents = case
    # A claim may be about an entity without a mention only by mistake; its name is then known by nobody.
    named = {entity.entity_id for entity in annotation_set.entities or ()}
    kept = [
        msgspec.structs.replace(c, entities=tuple(e for e in c.entities if e in named))
        for c in annotation_set.claims or ()
    ]
    annotation_set = msgspec.structs.replace(annotation_set, claims=tuple(kept))
    problems: list[Problem] = []
    results = articles.to_results(annotation_set, CONTROLS, documents)
    back = articles.from_results({k: (sent(r), At("f", k)) for k, r in results.items()}, CONTROLS, documents, problems)
    assert problems == []
    for layer, key in (("mentions", "mention_id"), ("entities", "entity_id"), ("claims", "claim_id")):
        by_id = {getattr(record, key): record for record in getattr(back, layer)}
        assert by_id == {getattr(record, key): record for record in getattr(annotation_set, layer)}


@st.composite
def judged(draw: st.DrawFn) -> tuple[Pair, dict[str, Claim], dict[str, Document]]:
    documents = {doc_id: document(doc_id, draw(texts(1))) for doc_id in ("07", "08")}
    of = {
        f"{doc.doc_id}-c1": draw(claims(doc, 1, [], (Entity(entity_id="e-x", name="x", type="ORG"),)))
        for doc in documents.values()
    }
    relation = draw(labels("judgement"))
    given: dict[str, Any] = {}
    if relation in ("contradiction", "tension"):
        for side, claim in zip("ab", of.values(), strict=True):
            start, end = tasks.hull(claim.spans)
            local = draw(spans(documents[claim.doc_id].text[start:end]))
            given[f"span_{side}"] = Span(start=start + local.start, end=start + local.end, text=local.text)
            given[f"value_{side}"] = draw(values)
        given |= {"aspect": draw(labels("aspect")), "rationale": draw(words), "conflict_id": draw(words)}
    elif relation != "unclear":
        given["reason"] = draw(st.none() | labels("reason"))
    claim_a, claim_b = of
    pair = Pair(pair_id=pair_id(claim_a, claim_b), claim_a=claim_a, claim_b=claim_b, relation=relation, **given)
    return pair, of, documents


@settings(max_examples=200, deadline=None)
@given(judged(), st.booleans())
def test_pairs_on_either_side(case: tuple[Pair, dict[str, Claim], dict[str, Document]], is_swapped: bool) -> None:
    pair, of, documents = case
    data = sent(tasks.pair_task(pair, of, documents, is_swapped))
    problems = list(pairs.check_data(data, documents, At("f", "$")))
    back = pairs.from_result(
        sent(pairs.to_result(pair, data, PAIR_CONTROLS)), data, PAIR_CONTROLS, At("f", "$"), problems
    )
    assert problems == []
    assert back == pair


@given(words, words)
def test_names_of_entities(name: str, other: str) -> None:
    for own_id in (entity_id(name), "e-other", entity_id(other)):
        if not any(c in own_id for c in "[]"):
            entity = Entity(entity_id=own_id, name=name, type="ORG")
            assert identity.named_entity(identity.entity_text(entity)) == (own_id, name)
