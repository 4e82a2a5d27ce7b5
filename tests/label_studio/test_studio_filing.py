"""What is filed comes back: what Label Studio could not give back is refused, with its place."""

import msgspec
import pytest

from variorum.corpus import Corpus
from variorum.label_studio import filing
from variorum.label_studio.controls import Kind
from variorum.label_studio.rounds import ARTICLE_LAYERS, Round
from variorum.label_studio.tasks import pair_task
from variorum.records import AnnotationSet, ClaimsFrom, from_json

ASKED = Round("mark", "articles", Kind.articles, "1", ARTICLE_LAYERS)
change = msgspec.structs.replace


@pytest.fixture
def heron(small: Corpus) -> AnnotationSet:
    return from_json((small.annotations / "records" / "articles" / "heron.json").read_bytes())


def found(annotation_set: AnnotationSet, small: Corpus) -> list[str]:
    filed = filing.article_filing(annotation_set, ASKED, small.documents, small.schema, "f")
    return [f"{problem.place} {problem.rule}" for problem in filed.problems]


def test_a_good_set_can_be_filed(heron: AnnotationSet, small: Corpus) -> None:
    assert found(heron, small) == []
    assert list(filing.check_header(heron, ASKED, "f")) == []


def test_names_with_blanks_at_the_ends(heron: AnnotationSet, small: Corpus) -> None:
    assert heron.claims is not None
    claims = (change(heron.claims[0], proposition=heron.claims[0].proposition + " "), *heron.claims[1:])
    assert found(change(heron, claims=claims), small) == ["$.claims[0].proposition not-carried"]


def test_ids_that_do_not_begin_with_the_document(heron: AnnotationSet, small: Corpus) -> None:
    assert heron.claims is not None
    claims = (change(heron.claims[0], claim_id="first"), *heron.claims[1:])
    assert found(change(heron, claims=claims), small) == ["$.claims[0] not-carried"]


def test_entities_without_a_mention(heron: AnnotationSet, small: Corpus) -> None:
    mentions = tuple(m for m in heron.mentions or () if m.entity_id != "e-tern")
    lost = found(change(heron, mentions=mentions), small)
    assert [each.split()[1] for each in lost] == ["not-carried"]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"claims": None}, "round-layers"),
        ({"contradictions": ()}, "round-layers"),
        ({"guideline_version": "2"}, "round-guidelines"),
        ({"claims_from": ClaimsFrom(source="gold", sha256="0" * 64)}, "round-claims"),
    ],
)
def test_headers_that_do_not_fit(heron: AnnotationSet, changed: dict[str, object], rule: str) -> None:
    assert [p.rule for p in filing.check_header(change(heron, **changed), ASKED, "f")] == [rule]


def test_pairs(small: Corpus) -> None:
    judged = from_json((small.annotations / "records" / "pairs" / "heron.json").read_bytes())
    claims = {claim.claim_id: claim for claim in from_json(small.consolidated.read_bytes()).claims or ()}
    asked = Round("mark", "pairs", Kind.pairs, "1", ("contradictions",), judged.claims_from)
    pairs = judged.contradictions or ()
    tasks = {p.pair_id: pair_task(p, claims, small.documents, i % 2 == 0) for i, p in enumerate(pairs)}
    assert filing.pair_filing(judged, asked, tasks, small.documents, small.schema, "f").problems == ()
    scored = change(judged, contradictions=(change(pairs[0], score=0.5), *pairs[1:]))
    (problem,) = filing.pair_filing(scored, asked, tasks, small.documents, small.schema, "f").problems
    assert (problem.place, problem.rule, problem.level) == ("$.contradictions[0].score", "not-carried", "warning")
