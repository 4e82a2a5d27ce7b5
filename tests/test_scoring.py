"""Scores: gold against itself, what must not change a score, what is left out, signatures that read back."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import variorum as package
from variorum.corpus import Corpus
from variorum.records import AnnotationSet, ClaimsFrom, DocumentRef, Mention, Pair, claims_sha256, from_json, to_json
from variorum.scoring import Config, Layout, Measure, Report, Unplaced, as_json, fingerprint, reference, score, shipped

TESTS = Path(__file__).resolve().parent
QUICK = Config(resamples=0)
LOWER_IS_BETTER = {"rate", "brier", "jensen_shannon", "cross_entropy"}


@pytest.fixture
def gold(small_corpus: Corpus) -> AnnotationSet:
    return from_json(small_corpus.gold.read_bytes())


def figures(report: Report) -> dict[tuple[str, str], float | None]:
    """Every figure by measure and name."""
    return {(s.measure.name, f.name): f.value for s in report.scores for f in s.figures}


def counts(report: Report, name: str) -> dict[str, float]:
    return report[name].counts


def shuffled(each: AnnotationSet, random: Any) -> AnnotationSet:
    def mixed(layer: Iterable[Any] | None) -> tuple[Any, ...] | None:
        if layer is None:
            return None
        found = list(layer)
        random.shuffle(found)
        return tuple(found)

    layers = {name: mixed(getattr(each, name)) for name in ("mentions", "entities", "claims", "contradictions")}
    return replace(each, **layers)


def closed(gold: AnnotationSet, *pairs: Pair) -> AnnotationSet:
    """A prediction of pairs of gold's claims."""
    about = ClaimsFrom(source=gold.source, sha256=claims_sha256(gold.claims or ()))
    nothing = {"mentions": None, "entities": None, "claims": None}
    return replace(gold, source="s", role="system", claims_from=about, contradictions=pairs, **nothing)


def scored(pairs: Iterable[Pair], score: float) -> tuple[Pair, ...]:
    return tuple(replace(pair, score=score) for pair in pairs)


# --- gold against itself, order, swapping --------------------------------------------------------------------


def test_gold_against_itself(gold: AnnotationSet) -> None:
    votes = {pair.pair_id: {pair.relation: 3} for pair in gold.contradictions or ()}
    report = score(gold, gold, votes=votes)
    for (name, figure), value in figures(report).items():
        assert value in ({0.0} if figure in LOWER_IS_BETTER else {1.0}) or figure == "cross_entropy", name
    assert report.skipped == {"contradictions: ranking": "no pair has a score"}
    assert (report.unjudged, report.ignored, report.duplicates, report.lacking) == ((), {}, {}, {})
    layers = {each.measure.layer for each in report.scores}
    assert layers == {"mentions", "entities", "claims", "contradictions"}


def test_a_perfect_ranking(gold: AnnotationSet) -> None:
    pairs = [replace(p, score=float(p.relation in ("contradiction", "tension"))) for p in gold.contradictions or ()]
    name = "contradictions|ranking|contradiction+tension|all|micro"
    assert score(closed(gold, *pairs), gold, QUICK)[name]["average_precision"] == 1.0


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_order_never_matters(random: Any) -> None:
    annotations = TESTS / "corpus" / "annotations"
    gold = from_json((annotations / "gold.json").read_bytes())
    record = from_json((annotations / "records" / "articles" / "heron.json").read_bytes())
    for first in (
        record,
        replace(record, claims_from=closed(gold).claims_from, contradictions=(gold.contradictions or ())[3:]),
    ):
        config = Config(resamples=20)
        expected = as_json(score(first, gold, config))
        assert as_json(score(shuffled(first, random), shuffled(gold, random), config)) == expected


def test_swapping_the_sets_swaps_precision_and_recall(small_corpus: Corpus, gold: AnnotationSet) -> None:
    other = from_json(next(iter(small_corpus.records("articles"))).read_bytes())
    config = Config(layers=("mentions", "entities", "claims"), resamples=0)
    here, there = (figures(score(a, b, config)) for a, b in ((other, gold), (gold, other)))
    swapped = {"precision": "recall", "recall": "precision"}
    assert here == {(name, figure): there[name, swapped.get(figure, figure)] for name, figure in here}


# --- what is counted how --------------------------------------------------------------------------------------


def mention(start: int, end: int, type: str = "ORG", doc_id: str = "d", **more: Any) -> Mention:
    return Mention(mention_id=f"{doc_id}{start}-{end}-{type}", doc_id=doc_id, start=start, end=end, type=type, **more)


def small(source: str, *mentions: Mention) -> AnnotationSet:
    return AnnotationSet(schema_version="1.0", source=source, role="system", documents=(), mentions=mentions)


SMALL_GOLD = small("g", mention(0, 5), mention(6, 9), mention(10, 12, "PERSON"))
PREDICTION = small("p", mention(0, 5), mention(6, 9, "PERSON"))
STRICT = "mentions|spans|strict|all|micro"
MENTIONS = Config(layers=("mentions",), resamples=0)


def test_mentions_by_hand() -> None:
    result = score(PREDICTION, SMALL_GOLD, MENTIONS)[STRICT]
    assert result.counts == {"correct": 1, "partial": 0, "incorrect": 1, "missed": 1, "spurious": 0}
    assert (result["precision"], result["recall"], result["f1"]) == (1 / 2, 1 / 3, 2 / 5)


def test_what_is_left_out_is_neutral(gold: AnnotationSet) -> None:
    name = "contradictions|detection|contradiction|all|micro"
    positives = sum(pair.relation == "contradiction" for pair in gold.contradictions or ())
    assert counts(score(closed(gold), gold, QUICK), name) == {"tp": 0, "fp": 0, "fn": positives}
    whole = tuple(replace(pair, relation="neutral") for pair in gold.contradictions or ())
    assert figures(score(closed(gold, *whole), gold, QUICK)) == figures(score(closed(gold), gold, QUICK))


def test_tension_counts_as_conflict_in_the_headline_only(gold: AnnotationSet) -> None:
    pairs = [replace(p, relation="tension") for p in gold.contradictions or () if p.relation == "contradiction"]
    found = score(closed(gold, *pairs), gold, QUICK)
    assert counts(found, "contradictions|detection|contradiction|all|micro")["tp"] == 0
    assert counts(found, "contradictions|detection|contradiction+tension|all|micro")["tp"] == len(pairs)


def test_pairs_gold_never_judged_are_listed_and_not_scored(gold: AnnotationSet) -> None:
    a, *_, b = sorted(claim.claim_id for claim in gold.claims or ())
    extra = Pair(pair_id=f"{a}~{b}", claim_a=a, claim_b=b, relation="contradiction")
    report = score(closed(gold, extra), gold, QUICK)
    assert report.unjudged == (extra.pair_id,)
    assert figures(report) == figures(score(closed(gold), gold, QUICK))


def test_two_answers_for_one_pair_are_no_answer(gold: AnnotationSet) -> None:
    first = (gold.contradictions or ())[0]
    report = score(closed(gold, first, replace(first, relation="neutral")), gold, QUICK)
    assert "is judged twice" in report.skipped["contradictions"]


def test_pairs_of_other_claims_are_not_scored(gold: AnnotationSet) -> None:
    other = replace(closed(gold), claims_from=ClaimsFrom(source="x", sha256="0" * 64))
    report = score(other, gold, QUICK)
    assert report.scores == ()
    assert "claims_from" in report.skipped["contradictions"]


def test_furniture_is_ignored_and_counted() -> None:
    report = score(PREDICTION, SMALL_GOLD, MENTIONS, Layout({"d": [(6, 9)]}))
    assert report.ignored == {"mentions": {"in furniture": 1}}
    assert counts(report, STRICT) == {"correct": 1, "partial": 0, "incorrect": 0, "missed": 1, "spurious": 0}


def test_documents_gold_does_not_list_are_ignored_and_counted() -> None:
    listed = replace(SMALL_GOLD, documents=(DocumentRef(doc_id="d", text_sha256="0" * 64),))
    elsewhere = small("p", *(PREDICTION.mentions or ()), mention(0, 5, doc_id="e"))
    report = score(elsewhere, listed, MENTIONS)
    assert report.ignored == {"mentions": {"in other documents": 1}}
    assert figures(report) == figures(score(PREDICTION, listed, MENTIONS))


def test_documents_in_which_the_prediction_has_nothing_are_said() -> None:
    gold = small("g", mention(0, 5), mention(0, 5, doc_id="e"))
    assert score(small("p", mention(6, 9)), gold, QUICK).silent == {"mentions": ["e"]}
    assert score(gold, gold, QUICK).silent == {}


def test_what_could_not_be_located_is_a_false_alarm() -> None:
    unplaced = {"mentions": [Unplaced("d", "ORG"), Unplaced("d", "PERSON")]}
    report = score(PREDICTION, SMALL_GOLD, MENTIONS, unplaced=unplaced)
    assert report.unplaced == {"mentions": 2}
    assert counts(report, STRICT)["spurious"] == 2
    assert report[STRICT]["precision"] == 1 / 4
    assert report["mentions|spans|strict|type=ORG|micro"]["precision"] == 1 / 2


def test_layers_that_cannot_be_scored_are_said(gold: AnnotationSet) -> None:
    assert "does not have the layer" in score(closed(gold), gold, QUICK).skipped["claims"]
    assert "entity_id" in score(PREDICTION, SMALL_GOLD, Config(layers=("entities",))).skipped["entities"]


# --- label maps ----------------------------------------------------------------------------------------------


def test_ontonotes_types_are_renamed_and_what_it_lacks_is_set_aside() -> None:
    gold = small("g", mention(0, 5, "QUANTITY"), mention(6, 9, "LOC"), mention(10, 12, "TECH"))
    system = small("p", mention(0, 5, "CARDINAL"), mention(6, 9, "FAC"), mention(20, 24, "LANGUAGE"))
    report = score(system, gold, Config(layers=("mentions",), label_map=shipped("ontonotes-18"), resamples=0))
    assert report[STRICT]["f1"] == 1.0
    assert report.set_aside == {"TECH": 1}
    assert report.ignored == {"mentions": {"of type LANGUAGE, which the label map sets aside": 1}}
    assert "|label_map:ontonotes-18|" in report[STRICT].measure.signature


def test_conll_types_are_coarser_than_gold() -> None:
    gold = small("g", mention(0, 5, "GPE"), mention(6, 9, "EVENT"), mention(10, 12, "DATE"))
    system = small("p", mention(0, 5, "LOC"), mention(6, 9, "MISC"))
    report = score(system, gold, Config(layers=("mentions",), label_map=shipped("conll-2003"), resamples=0))
    assert (report[STRICT]["f1"], report.set_aside) == (1.0, {"DATE": 1})


def test_types_of_both_sides_are_scored_apart() -> None:
    gold = small("g", mention(0, 5), mention(6, 9, "TECH"))
    report = score(small("p", mention(0, 5)), gold, MENTIONS)
    assert report.lacking == {"TECH": 1}
    assert report[STRICT]["recall"] == 1 / 2
    assert report["mentions|spans|strict|types-of-both|micro"]["recall"] == 1.0


@pytest.mark.parametrize("name", ["ontonotes-18", "conll-2003"])
def test_gold_against_itself_under_a_label_map(gold: AnnotationSet, name: str) -> None:
    config = Config(layers=("mentions",), label_map=shipped(name), resamples=0)
    assert score(gold, gold, config)[STRICT]["f1"] == 1.0


# --- signatures ----------------------------------------------------------------------------------------------

names = st.text(min_size=1, max_size=30).filter(lambda name: name.isprintable())
texts = dict.fromkeys(
    ("layer", "task", "match", "of", "average", "label_map", "duplicates", "zero", "singletons", "offsets"), names
)
measures = st.builds(
    Measure,
    **texts,
    unit=names,
    gold=names,
    scorer=names,
    resamples=st.integers(0, 10**9),
    seed=st.integers(0, 10**9),
)


@given(measures)
def test_signatures_read_back(measure: Measure) -> None:
    assert Measure.from_signature(measure.signature) == measure
    assert "\n" not in measure.signature


@pytest.mark.parametrize("signature", ["", "variorum|layer:claims", "other|layer:a|match:b|gold:c|avg:d|scorer:e"])
def test_signatures_that_are_none(signature: str) -> None:
    with pytest.raises(ValueError, match="is no signature"):
        Measure.from_signature(signature)


def test_the_signature_is_pinned(gold: AnnotationSet) -> None:
    assert score(gold, gold, Config(resamples=0, seed=5))["claims|spans|jaccard0.5|all|micro"].measure.signature == (
        "variorum|layer:claims|task:spans|match:jaccard0.5|of:all|average:micro|label_map:none|duplicates:counted"
        "|zero:undefined|singletons:kept|offsets:codepoints|unit:document|resamples:0|seed:5"
        f"|gold:1.0.0+{fingerprint(gold)[:8]}|scorer:2"
    )
    assert reference(SMALL_GOLD).startswith("g+")


def test_a_signature_makes_the_same_score_again(small_corpus: Corpus, gold: AnnotationSet) -> None:
    other = from_json(small_corpus.record("articles", "heron").read_bytes())
    layout = Layout(paragraphs={d.doc_id: [(0, 100), (100, 400)] for d in gold.documents})
    config = Config(label_map=shipped("ontonotes-18"), unit="paragraph", resamples=30, seed=4)
    for each in score(other, gold, config, layout).scores:
        again = score(other, gold, Config.from_signature(each.measure.signature), layout)
        assert each in again.scores


@given(st.randoms(use_true_random=False))
def test_the_fingerprint_knows_no_order(random: Any) -> None:
    assert fingerprint(shuffled(SMALL_GOLD, random)) == fingerprint(SMALL_GOLD)


def test_the_fingerprint_is_of_labels_not_texts(gold: AnnotationSet) -> None:
    bare = from_json(re.sub(rb'"text":"(?:[^"\\]|\\.)*"', b'"text":null', to_json(gold)))
    assert b'"text":"' not in to_json(bare)
    assert fingerprint(bare) == fingerprint(gold)
    assert fingerprint(replace(gold, mentions=(gold.mentions or ())[1:])) != fingerprint(gold)


# --- the library call and the command -----------------------------------------------------------------------


def test_the_library_call(gold: AnnotationSet) -> None:
    report = package.score(gold, gold, package.Config(resamples=0))
    assert report[STRICT]["f1"] == 1.0
    with pytest.raises(AttributeError, match="no attribute 'scores'"):
        package.scores  # noqa: B018
    with pytest.raises(KeyError):
        report["mentions"]


@pytest.mark.parametrize("wrong", [{"layers": ("x",)}, {"unit": "x"}, {"resamples": -1}])
def test_configurations_that_are_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"there is no|are 0 or more"):
        Config(**wrong)


def test_command(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    arguments = ("score", small_corpus.gold, "--root", small_corpus.root, "--resamples", "50")
    done = variorum(*arguments, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    scores = {row["signature"]: row for row in json.loads(done.stdout)["scores"]}
    assert len(scores) == len(json.loads(done.stdout)["scores"])
    done = variorum(*arguments, "--layers", "claim")
    assert done.returncode == 2
    assert "there is no layer 'claim'" in done.stderr


def test_command_in_full(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    one, two = (small_corpus.record("articles", name) for name in ("heron", "wren"))
    arguments = ("score", one, "--root", small_corpus.root, "--against", two, "--errors", "--resamples", "50")
    for format in ("table", "html", "json"):
        done = variorum(*arguments, "--format", format)
        assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert {"against", "errors", "scores"} <= found.keys()
    assert any(case["what"] == ["wrong type"] for case in found["errors"]["cases"])


@pytest.mark.parametrize("option", [("--label-map", "no-map"), ("--unit", "x"), ("--resamples", "-1")])
def test_command_with_wrong_options(small_corpus: Corpus, variorum, option: tuple[str, str]) -> None:  # type: ignore[no-untyped-def]
    done = variorum("score", small_corpus.gold, "--root", small_corpus.root, *option)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_spans_too_many_to_compare_are_said_to_be() -> None:
    many = [mention(0, 5)] * 4000
    report = score(small("a", *many), small("b", *many), QUICK)
    assert "16,000,000 pairs of spans overlap" in report.skipped["mentions"]
