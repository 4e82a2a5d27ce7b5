"""Records: written and read back unchanged, one record a line, and fingerprints that do not depend on order."""

import json

import msgspec
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from variorum import schema
from variorum.records import LAYERS, AnnotationSet, Claim, Span, claims_sha256, from_json, pair_id, to_json


@given(strategies.annotation_sets())
def test_round_trip(annotation_set: AnnotationSet) -> None:
    data = to_json(annotation_set)
    assert from_json(data) == annotation_set
    assert to_json(from_json(data)) == data


@given(strategies.annotation_sets())
def test_written_sets_are_valid_json_and_valid_by_the_schema(annotation_set: AnnotationSet) -> None:
    value = json.loads(to_json(annotation_set))
    assert [error.message for error in schema.default().validator("annotation_set").iter_errors(value)] == []


@given(strategies.annotation_sets())
def test_one_record_a_line(annotation_set: AnnotationSet) -> None:
    lines = to_json(annotation_set).decode().split("\n")  # not splitlines: U+2028 is no line end in JSON
    for layer in LAYERS:
        for record in getattr(annotation_set, layer) or ():
            line = f"    {msgspec.json.encode(record).decode()}"
            assert line in lines or f"{line}," in lines


@given(strategies.annotation_sets())
def test_absent_and_empty_layers_are_told_apart(annotation_set: AnnotationSet) -> None:
    written = json.loads(to_json(annotation_set))
    for layer in LAYERS:
        assert (layer in written) == (getattr(annotation_set, layer) is not None)


@given(strategies.sentences.flatmap(lambda text: st.tuples(st.just(text), strategies.spans(text))))
def test_offsets_count_code_points_after_a_round_trip(text_and_span: tuple[str, Span]) -> None:
    text, span = text_and_span
    read = msgspec.json.decode(msgspec.json.encode(span), type=Span)
    assert read.text in (None, text[read.start : read.end])


@given(st.lists(strategies.claims, max_size=5, unique_by=lambda claim: claim.claim_id), st.randoms())
def test_the_fingerprint_of_claims_does_not_depend_on_order(claims: list[Claim], random: object) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert claims_sha256(shuffled) == claims_sha256(claims) == claims_sha256(iter(claims))


@given(strategies.claims, strategies.sentences)
def test_the_fingerprint_tells_claims_apart(claim: Claim, proposition: str) -> None:
    other = msgspec.structs.replace(claim, proposition=proposition)
    assert (claims_sha256([claim]) == claims_sha256([other])) == (claim == other)


def test_the_fingerprint_is_pinned() -> None:
    claim = Claim(
        claim_id="a1-c1",
        doc_id="a1",
        spans=(Span(start=0, end=2, text="🎏é"),),
        proposition="A é.",
        kind="fact",
        polarity="positive",
        certainty="certain",
    )
    # printf '[{"claim_id":"a1-c1",…}]' | sha256sum; a change would orphan every filed set of pairs.
    assert claims_sha256([claim]) == PINNED


PINNED = "83b17cc06ad94fa774c20dbe070d87e106c5a31c5ed4eb7c9586495488105249"


@given(strategies.ids, strategies.ids)
def test_pair_id_is_the_same_whichever_is_named_first(one: str, other: str) -> None:
    assert pair_id(one, other) == pair_id(other, one)
    assert pair_id(one, other) in (f"{one}~{other}", f"{other}~{one}")


def test_pair_id_sorts_letter_by_letter() -> None:
    assert pair_id("07-c2", "07-c10") == "07-c10~07-c2"


@given(strategies.annotation_sets())
def test_records_are_immutable_and_hashable(annotation_set: AnnotationSet) -> None:
    with pytest.raises(AttributeError):
        annotation_set.source = "another"  # type: ignore[misc]
    assert hash(annotation_set) == hash(from_json(to_json(annotation_set)))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"null", b'{"schema_version":"1.0","source":"a","role":"gold","documents":[],"extra":1}'],
)
def test_what_is_no_set_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_json(data)
