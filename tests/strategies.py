"""Hypothesis strategies for records: any record that the schema allows, with texts that are hard on offsets.

Records are valid one by one; a set of them is not coherent (ids refer to nothing), unless a strategy says otherwise.
"""

from typing import TypeVar

import msgspec
from hypothesis import strategies as st

from variorum import schema
from variorum.records import (
    LAYERS,
    Anchor,
    AnnotationSet,
    Claim,
    ClaimsFrom,
    DocumentRef,
    Entity,
    Mention,
    Pair,
    Span,
    Value,
    pair_id,
)

T = TypeVar("T")

HARD = (
    "🎏",
    "🧑🏽\u200d✈\ufe0f",
    "e\u0301",
    "\r\n",
    "\u00a0",
    "\ufeff",
    "𝄞",
    "أحدا\u064b",
    "”",
    "\u2028",
    "\x00",
    '"',
    "\\",
)

pieces = st.one_of(st.sampled_from(HARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


def texts(min_size: int = 0) -> st.SearchStrategy[str]:
    """Texts without surrogates, rich in emoji, combining marks, joiners and line ends."""
    return st.lists(pieces, min_size=min_size, max_size=8).map("".join).filter(lambda text: len(text) >= min_size)


sentences = texts(1)
ids = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters='"'), min_size=1, max_size=12)
# Sources and rounds are names of files, too (schema/name.schema.json).
names = st.text("abcxyz019_é中أ", min_size=1, max_size=12)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)


def labels(name: str) -> st.SearchStrategy[str]:
    """The labels of a set of the shipped schema."""
    return st.sampled_from(schema.default().names(name))


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


@st.composite
def offsets(draw: st.DrawFn, length: int = 2**40) -> tuple[int, int]:
    """A start and an end, `0 <= start < end <= length`."""
    start = draw(st.integers(0, length - 1))
    return start, draw(st.integers(start + 1, length))


@st.composite
def spans(draw: st.DrawFn, text: str | None = None) -> Span:
    """A span; with a text (not empty), one of it that holds its words or none."""
    start, end = draw(offsets(2**40 if text is None else len(text)))
    return Span(start=start, end=end, text=draw(maybe(texts() if text is None else st.just(text[start:end]))))


anchors = st.builds(Anchor, date=sentences, source=labels("anchor_source"))
values = st.builds(
    Value,
    kind=labels("value_kind"),
    value=sentences,
    unit=maybe(sentences),
    comparator=labels("comparator"),
    anchor=maybe(anchors),
)
entities = st.builds(Entity, entity_id=ids, name=sentences, type=labels("entity_type"))


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    span = draw(spans())
    return Mention(
        mention_id=draw(ids),
        doc_id=draw(ids),
        start=span.start,
        end=span.end,
        text=span.text,
        type=draw(labels("entity_type")),
        level=draw(maybe(labels("level"))),
        entity_id=draw(maybe(ids)),
        value=draw(maybe(values)),
    )


claims = st.builds(
    Claim,
    claim_id=ids,
    doc_id=ids,
    spans=st.lists(spans(), min_size=1, max_size=3).map(tuple),
    proposition=sentences,
    kind=labels("claim_kind"),
    polarity=labels("polarity"),
    certainty=labels("certainty"),
    holder=maybe(ids),
    cue=maybe(spans()),
    time=maybe(sentences),
    entities=st.lists(ids, max_size=3, unique=True).map(tuple),
)


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """A pair of two claims in id order, with the pair_id that goes with them."""
    claim_a, claim_b = sorted(draw(st.lists(ids, min_size=2, max_size=2, unique=True)))
    return Pair(
        pair_id=pair_id(claim_a, claim_b),
        claim_a=claim_a,
        claim_b=claim_b,
        relation=draw(labels("judgement")),
        aspect=draw(maybe(labels("aspect"))),
        value_a=draw(maybe(values)),
        value_b=draw(maybe(values)),
        span_a=draw(maybe(spans())),
        span_b=draw(maybe(spans())),
        rationale=draw(maybe(sentences)),
        reason=draw(maybe(labels("reason"))),
        conflict_id=draw(maybe(ids)),
        score=draw(maybe(st.floats(0, 1))),
        stratum=draw(maybe(sentences)),
    )


headers = st.builds(
    AnnotationSet,
    schema_version=st.just(schema.SCHEMA_VERSION),
    source=names,
    role=labels("role"),
    guideline_version=maybe(sentences),
    round=maybe(names),
    claims_from=maybe(st.builds(ClaimsFrom, source=names, sha256=hashes)),
    documents=st.lists(st.builds(DocumentRef, doc_id=ids, text_sha256=hashes), min_size=1, max_size=3).map(tuple),
)


@st.composite
def annotation_sets(draw: st.DrawFn) -> AnnotationSet:
    """Any annotation set; layers may be absent or empty."""
    records = {"mentions": mentions(), "entities": entities, "claims": claims, "contradictions": pairs()}
    layers = {name: draw(maybe(st.lists(records[name], max_size=3).map(tuple))) for name in LAYERS}
    return msgspec.structs.replace(draw(headers), **layers)
