"""Scores: gold against itself, what must not change a score, and signatures that read back."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from variorum.corpus import Corpus
from variorum.matching import Counts
from variorum.records import AnnotationSet, ClaimsFrom, Mention, Pair, claims_sha256, from_json
from variorum.scoring import Config, Scores, as_json, configs, fingerprint, reference, score

TESTS = Path(__file__).resolve().parent


@pytest.fixture
def gold(small_corpus: Corpus) -> AnnotationSet:
    return from_json(small_corpus.gold.read_bytes())


def counts(scores: Scores) -> dict[str, Counts]:
    return {f"{each.config.layer} {each.config.match}": each.counts for each in scores.scores}


def shuffled(each: AnnotationSet, random: Any) -> AnnotationSet:
    def mixed(layer: Iterable[Any] | None) -> tuple[Any, ...] | None:
        if layer is None:
            return None
        found = list(layer)
        random.shuffle(found)
        return tuple(found)

    return replace(
        each, mentions=mixed(each.mentions), claims=mixed(each.claims), contradictions=mixed(each.contradictions)
    )


def closed(gold: AnnotationSet, *pairs: Pair) -> AnnotationSet:
    """A prediction of pairs of gold's claims."""
    about = ClaimsFrom(source=gold.source, sha256=claims_sha256(gold.claims or ()))
    nothing = {"mentions": None, "entities": None, "claims": None}
    return replace(gold, source="s", role="system", claims_from=about, contradictions=pairs, **nothing)


def test_gold_against_itself(gold: AnnotationSet) -> None:
    scores = score(gold, gold)
    assert {each.counts.f1 for each in scores.scores} == {1.0}
    assert (scores.skipped, scores.unjudged) == ({}, ())


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_order_never_matters(random: Any) -> None:
    annotations = TESTS / "corpus" / "annotations"
    gold = from_json((annotations / "gold.json").read_bytes())
    record = from_json((annotations / "records" / "articles" / "wren.json").read_bytes())
    first = replace(record, claims_from=closed(gold).claims_from, contradictions=(gold.contradictions or ())[3:])
    assert score(shuffled(first, random), shuffled(gold, random)) == score(first, gold)


def mention(start: int, end: int, type: str = "ORG") -> Mention:
    return Mention(mention_id=f"m{start}-{end}", doc_id="d", start=start, end=end, type=type)


def small(source: str, *mentions: Mention) -> AnnotationSet:
    return AnnotationSet(schema_version="1.0", source=source, role="system", documents=(), mentions=mentions)


SMALL_GOLD = small("g", mention(0, 5), mention(6, 9), mention(10, 12, "PERSON"))
PREDICTION = small("p", mention(0, 5), mention(6, 9, "PERSON"))


def test_mentions_by_hand() -> None:
    (result,) = score(PREDICTION, SMALL_GOLD, ["mentions"]).scores
    assert result.counts == Counts(tp=1, fp=1, fn=2)
    assert (result.counts.precision, result.counts.recall, result.counts.f1) == (1 / 2, 1 / 3, 2 / 5)


def test_swapping_the_sets_swaps_precision_and_recall(small_corpus: Corpus, gold: AnnotationSet) -> None:
    other = from_json(next(iter(small_corpus.records("articles"))).read_bytes())
    layers = ("mentions", "claims")
    here, there = score(other, gold, layers).scores, score(gold, other, layers).scores
    assert [(s.counts.precision, s.counts.recall) for s in here] == [
        (s.counts.recall, s.counts.precision) for s in there
    ]


def test_what_is_left_out_is_neutral(gold: AnnotationSet) -> None:
    positives = sum(pair.relation == "contradiction" for pair in gold.contradictions or ())
    found = counts(score(closed(gold), gold))
    assert found["contradictions contradiction"] == Counts(fn=positives)
    whole = tuple(replace(pair, relation="neutral") for pair in gold.contradictions or ())
    assert counts(score(closed(gold, *whole), gold)) == found


def test_tension_counts_as_conflict_in_the_headline_only(gold: AnnotationSet) -> None:
    pairs = [replace(p, relation="tension") for p in gold.contradictions or () if p.relation == "contradiction"]
    found = counts(score(closed(gold, *pairs), gold))
    assert found["contradictions contradiction"].tp == 0
    assert found["contradictions contradiction+tension"].tp == len(pairs)


def test_pairs_gold_never_judged_are_listed_and_not_scored(gold: AnnotationSet) -> None:
    a, *_, b = sorted(claim.claim_id for claim in gold.claims or ())
    extra = Pair(pair_id=f"{a}~{b}", claim_a=a, claim_b=b, relation="contradiction")
    scores = score(closed(gold, extra), gold)
    assert scores.unjudged == (extra.pair_id,)
    assert counts(scores) == counts(score(closed(gold), gold))


def test_pairs_of_other_claims_are_not_scored(gold: AnnotationSet) -> None:
    other = replace(closed(gold), claims_from=ClaimsFrom(source="x", sha256="0" * 64))
    scores = score(other, gold)
    assert scores.scores == ()
    assert "claims_from" in scores.skipped["contradictions"]


def test_furniture_is_ignored_and_counted() -> None:
    scores = score(PREDICTION, SMALL_GOLD, ["mentions"], {"d": [(6, 9)]})
    assert scores.in_furniture == {"mentions": 1}
    assert scores.scores[0].counts == Counts(tp=1, fp=0, fn=1)


def test_layers_without_a_measure_are_said(gold: AnnotationSet) -> None:
    assert score(gold, gold, ["entities"]).skipped == {"entities": "this version has no measure for it"}
    assert "does not have the layer" in score(closed(gold), gold, ["claims"]).skipped["claims"]


names = st.text(min_size=1, max_size=30).filter(lambda name: name.isprintable())


@given(st.builds(Config, names, names, names, names, names))
def test_signatures_read_back(config: Config) -> None:
    assert Config.from_signature(config.signature) == config
    assert "\n" not in config.signature


@pytest.mark.parametrize("signature", ["", "variorum|layer:claims", "other|layer:a|match:b|gold:c|avg:d|scorer:e"])
def test_signatures_that_are_none(signature: str) -> None:
    with pytest.raises(ValueError, match="is no signature"):
        Config.from_signature(signature)


def test_the_signature_is_pinned(gold: AnnotationSet) -> None:
    signature = configs(gold, ["claims"])[0].signature
    digest = fingerprint(gold)[:8]
    assert signature == f"variorum|layer:claims|match:jaccard0.5|gold:1.0.0+{digest}|avg:micro|scorer:1"
    assert reference(SMALL_GOLD).startswith("g+")


@given(st.randoms(use_true_random=False))
def test_the_fingerprint_knows_no_order(random: Any) -> None:
    assert fingerprint(shuffled(SMALL_GOLD, random)) == fingerprint(shuffled(SMALL_GOLD, random))


def test_the_fingerprint_is_of_labels_not_texts(gold: AnnotationSet) -> None:
    bare = replace(gold, mentions=tuple(replace(m, text=None) for m in gold.mentions or ()))
    assert fingerprint(bare) == fingerprint(gold)
    assert fingerprint(replace(gold, mentions=(gold.mentions or ())[1:])) != fingerprint(gold)


def test_command(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    done = variorum("score", small_corpus.gold, "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    gold = from_json(small_corpus.gold.read_bytes())
    scores = json.loads(done.stdout)
    assert scores == json.loads(json.dumps(as_json(score(gold, gold))))
    done = variorum("score", small_corpus.gold, "--root", small_corpus.root, "--layers", "claim")
    assert done.returncode == 2
    assert "there is no layer 'claim'" in done.stderr
