"""Agreement between sets: what it must give, what must not change it, and what is refused."""

import json
import random
from collections.abc import Sequence
from itertools import combinations

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from support import Command

from variorum import scoring
from variorum.agreement import Comparison, Config, Figure, Knowledge, Making, NotComparable, agreement, between
from variorum.agreement.page import page
from variorum.cli.agreement import knowledge
from variorum.corpus import Corpus
from variorum.decisions import Decision, Decisions, Rounds
from variorum.matching import Criterion, claim_items, count, mention_items
from variorum.records import AnnotationSet, Pair, from_json, pair_id, to_json
from variorum.scoring.intervals import draws

FAST = Config(resamples=20)


def sets(corpus: Corpus, round_name: str | None = None) -> list[AnnotationSet]:
    return [from_json(path.read_bytes()) for path in corpus.records(round_name)]


def known(corpus: Corpus) -> Knowledge:
    return knowledge(corpus)


def compared(corpus: Corpus, some: Sequence[AnnotationSet], config: Config = FAST) -> Comparison:
    (found,) = between(some, known(corpus), config).comparisons
    return found


def figures(found: Comparison) -> dict[tuple[object, ...], Figure]:
    return {(r.measure.name, f.of, tuple(sorted(f.between))): f for r in found.results for f in r.figures}


def decisions(corpus: Corpus, round_name: str) -> tuple[Decision, ...]:
    path = corpus.annotations / "decisions" / f"{round_name}.json"
    return msgspec.json.decode(path.read_bytes(), type=Decisions).decisions


def judgement(a: str, b: str, relation: str) -> Pair:
    return Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation=relation)


def third(each: AnnotationSet, name: str = "owl", seed: int = 1) -> AnnotationSet:
    """Another annotator, who leaves out some of what this one has."""
    rng = random.Random(seed)
    kept = {
        layer: tuple(record for record in getattr(each, layer) if rng.random() < 0.8)
        for layer in ("mentions", "contradictions")
        if getattr(each, layer) is not None
    }
    return replace(each, source=name, **kept)


# --- what it must give ---------------------------------------------------------------------------------------


def test_a_set_agrees_with_itself(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    found = compared(small_corpus, [gold, replace(gold, source="twin")])
    assert found.skipped == {}
    assert {r.measure.layer for r in found.results} == {"mentions", "entities", "claims", "contradictions"}
    values = {name: figure.value for name, figure in figures(found).items()}
    assert {value for value in values.values() if value is not None} == {1.0}
    assert all(figure.undefined for figure in figures(found).values() if figure.value is None)


def test_shuffled_relations_agree_as_chance_would_have_it(small_corpus: Corpus) -> None:
    rng, one = random.Random(5), sets(small_corpus, "pairs")[0]
    relations = ["contradiction", "tension", "agreement", "neutral"] * 100
    shuffled = []
    for name in ("a", "b", "c"):
        rng.shuffle(relations)
        pairs = (
            Pair(pair_id=f"x{i}~y{i}", claim_a=f"x{i}", claim_b=f"y{i}", relation=r) for i, r in enumerate(relations)
        )
        shuffled.append(replace(one, source=name, contradictions=tuple(pairs)))
    found = compared(small_corpus, shuffled)
    for name in ("alpha", "fleiss", "ac1"):
        assert abs(found.figure(f"contradictions|relation|relation|{name}").value or 0) < 0.1


def test_spans_are_matched_as_the_scorer_does(small_corpus: Corpus) -> None:
    a, b = sets(small_corpus, "articles")
    found = compared(small_corpus, [a, b])
    for layer, make, names in (
        ("mentions", mention_items, ("exact+type", "exact", "overlap")),
        ("claims", claim_items, ("jaccard0.5", "jaccard0.8", "exact", "overlap")),
    ):
        for name in names:
            expected = count(make(getattr(a, layer)), make(getattr(b, layer)), Criterion.parse(name))
            figure = found.figure(f"{layer}|spans|{name}|f1")
            assert figure.value == pytest.approx(expected.f1, abs=1e-6)
            assert (figure.counts["both"], figure.n) == (expected.tp, 2 * expected.tp + expected.fp + expected.fn)


def test_figures_are_the_scorers(small_corpus: Corpus) -> None:
    """F1 of one annotator against the other, whichever stands for gold."""
    a, b = sets(small_corpus, "articles")
    found, layout = compared(small_corpus, [a, b]), known(small_corpus).layout
    for gold, predicted in ((a, b), (b, a)):
        report = scoring.score(predicted, gold, scoring.Config(resamples=0), layout)
        expected = {
            "mentions|spans|exact+type|f1": report["mentions|spans|strict|all|micro"]["f1"],
            "claims|spans|jaccard0.8|f1": report["claims|spans|jaccard0.8|all|micro"]["f1"],
            "claims|kind|jaccard0.5|raw": report["claims|kind|jaccard0.5|all|micro"]["accuracy"],
        }
        for task in ("within", "across"):
            for name in ("muc", "b_cubed", "ceaf_e", "lea"):
                expected[f"entities|{task}|all-mentions|{name}"] = report[f"entities|{task}|{name}|all|micro"]["f1"]
        assert {name: found.figure(name).value for name in expected} == pytest.approx(expected, abs=1e-6)


def test_the_pairwise_matrix_shows_an_outlier(small_corpus: Corpus) -> None:
    a, b = sets(small_corpus, "articles")
    outlier = replace(a, source="owl", mentions=a.mentions[:3] if a.mentions else ())
    found = compared(small_corpus, [a, b, outlier])
    name = "mentions|spans|exact+type|f1"
    pairs = [found.figure(name, between=pair).value or 0 for pair in combinations(found.sources, 2)]
    assert found.figure(name).value == pytest.approx(sum(pairs) / 3, abs=1e-5)
    assert pairs[1] > 0.9 > 0.2 > max(pairs[0], pairs[2])  # heron and wren; owl with either


def test_relation_figures_by_stratum_and_article(small_corpus: Corpus) -> None:
    made = sets(small_corpus, "pairs")
    strata = [
        replace(
            each,
            contradictions=tuple(
                replace(pair, stratum="listed" if at % 2 else "random")
                for at, pair in enumerate(each.contradictions or ())
            ),
        )
        for each in made
    ]
    claims = from_json(small_corpus.consolidated.read_bytes()).claims or ()
    homes = {claim.claim_id: claim.doc_id for claim in claims}
    (found,) = between(strata, known(small_corpus)._replace(homes=homes), FAST).comparisons
    name = "contradictions|relation|relation|raw"
    parts = [found.figure(name, of=f"stratum={s}") for s in ("listed", "random")]
    assert sum(part.n for part in parts) == found.figure(name).n
    articles = {f.of for f in found[name].figures if f.of.startswith("article=")}
    assert articles == {f"article={doc_id}" for doc_id in homes.values() if f"article={doc_id}" in articles} != set()


def test_unclear_is_missing_and_counted(small_corpus: Corpus) -> None:
    first, second = sets(small_corpus, "pairs")
    blank = tuple(replace(pair, relation="unclear", aspect=None) for pair in first.contradictions or ())
    found = compared(small_corpus, [replace(first, contradictions=blank), second])
    figure = found.figure("contradictions|relation|relation|alpha")
    assert (figure.n, figure.value, figure.undefined) == (0, None, "no item has two labels")
    assert found.missing[first.source] == {"unclear": len(blank), "not judged": 0}


def test_an_annotator_who_judged_less_is_compared_on_that(small_corpus: Corpus) -> None:
    first, second = sets(small_corpus, "pairs")
    some = (second.contradictions or ())[:5]
    found = compared(small_corpus, [first, replace(second, contradictions=some), third(first)])
    assert found.missing[second.source]["not judged"] == len(first.contradictions or ()) - 5
    pair = (first.source, second.source)
    assert found.figure("contradictions|relation|relation|raw", between=pair).n <= 5


def test_lists_are_compared_where_annotators_chose_the_pairs(small_corpus: Corpus) -> None:
    """In a pool, whose pairs have strata, everybody is given the same."""
    first, second = sets(small_corpus, "pairs")
    name = "contradictions|listed|any-relation|f1"
    with pytest.raises(KeyError):
        compared(small_corpus, [first, second]).figure(name)
    free = [
        replace(each, contradictions=tuple(replace(pair, stratum=None) for pair in (each.contradictions or ())[:size]))
        for each, size in ((first, None), (second, 5))
    ]
    figure = compared(small_corpus, free).figure(name, between=(first.source, second.source))
    assert figure.counts["second"] == 5


def test_pairs_of_one_claim_come_and_go_together(small_corpus: Corpus) -> None:
    """A pair weighs the product of the draws of its claims: the interval, worked out pair by pair."""
    first, second = sets(small_corpus, "pairs")
    ends = [(f"c{i:02}", f"c{j:02}") for i, j in combinations(range(9), 2)]
    rng = random.Random(6)
    said = [[rng.choice(("agreement", "agreement", "neutral")) for _ in ends] for _ in "ab"]
    made = [
        replace(each, contradictions=tuple(judgement(*pair, r) for pair, r in zip(ends, row, strict=True)))
        for each, row in zip((first, second), said, strict=True)
    ]
    result = compared(small_corpus, made, Config(resamples=200))["contradictions|relation|relation|raw"]
    weights = np.concatenate(list(draws(9, 200, Config().seed))).T.astype(int)
    pair_weights = np.array([weights[int(a[1:])] * weights[int(b[1:])] for a, b in ends])
    same = np.array([a == b for a, b in zip(*said, strict=True)])
    expected = np.percentile((pair_weights * same[:, None]).sum(axis=0) / pair_weights.sum(axis=0), (2.5, 97.5))
    assert (result.figures[0].low, result.figures[0].high) == pytest.approx(expected, abs=1e-6)
    assert (result.measure.unit, result.figures[0].value) == ("claim", pytest.approx(same.mean(), abs=1e-6))


# --- what must not change it ---------------------------------------------------------------------------------


def reordered(each: AnnotationSet, rng: random.Random) -> AnnotationSet:
    layers = ("mentions", "entities", "claims", "contradictions")
    mixed = {name: rng.sample(getattr(each, name), len(getattr(each, name))) for name in layers if getattr(each, name)}
    return replace(each, **{name: tuple(records) for name, records in mixed.items()})


@pytest.mark.parametrize("round_name", ["articles", "pairs"])
def test_order_and_names_change_nothing(small_corpus: Corpus, round_name: str) -> None:
    made = [*sets(small_corpus, round_name), third(sets(small_corpus, round_name)[0])]
    expected, rng = figures(compared(small_corpus, made)), random.Random(4)
    mixed = [reordered(each, rng) for each in reversed(made)]
    assert figures(compared(small_corpus, mixed)) == expected
    names = {"heron": "zebra", "wren": "ape", "owl": "bee"}
    renamed = figures(compared(small_corpus, [replace(each, source=names[each.source]) for each in made]))
    back = {name: value for value, name in names.items()}
    for (name, of, who), figure in renamed.items():
        old = expected[name, of, tuple(sorted(back[source] for source in who))]
        assert (figure.value, figure.n) == (pytest.approx(old.value, abs=2e-6), old.n)


def test_the_same_seed_gives_the_same_interval_and_another_a_near_one(small_corpus: Corpus) -> None:
    made = sets(small_corpus, "articles")
    one, other = (
        compared(small_corpus, made, Config(resamples=400, seed=seed)).figure("mentions|spans|exact+type|f1")
        for seed in (1, 2)
    )
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.05)
    again = compared(small_corpus, made, Config(resamples=400, seed=1)).figure("mentions|spans|exact+type|f1")
    assert again == one


# --- which sets are held against each other --------------------------------------------------------------------


def three_rounds(corpus: Corpus) -> list[AnnotationSet]:
    """Three annotators in articles and in two rounds of pairs, and one of them again."""
    articles, pairs = sets(corpus, "articles"), sets(corpus, "pairs")
    articles.append(third(articles[0]))
    judging = [replace(each, round="judging") for each in (*pairs, third(pairs[0]))]
    screening = [third(replace(each, round="screening"), each.source) for each in judging]
    again = [third(replace(each, round="again"), each.source, seed=9) for each in (articles[0],)]
    looks = [replace(judging[0], round="second-look")]  # another question, though by one of the sources
    again_pairs = [third(replace(judging[0], round="again-pairs"), judging[0].source, seed=9)]
    return [*articles, *judging, *screening, *again, *again_pairs, *looks]


def test_every_comparison_of_a_corpus_with_several_rounds(small_corpus: Corpus) -> None:
    made = Rounds(version="1.0.0", articles="articles", pairs=("judging",), screening="screening")
    making = Making(replace(made, second_looks=("second-look",)))
    report = agreement(three_rounds(small_corpus), known(small_corpus), FAST, making)
    kinds: dict[str, list[str]] = {}
    for each in report.comparisons:
        kinds.setdefault(each.kind, []).append(each.name)
    assert kinds["round"] == ["again", "again-pairs", "articles", "judging", "screening", "second-look"]
    assert kinds["oneself"] == ["heron: articles and again", "heron: judging and again-pairs"]
    assert len(kinds["consolidated"]) == len(kinds["without"]) == 6
    assert report["again"].undefined == "agreement needs two sets; the round again has one"
    own = report["heron: judging and again-pairs"]
    assert own.figure("contradictions|relation|relation|raw").value == 1.0
    assert set(own.annotators) == {"heron@judging", "heron@again-pairs"}
    whole = report["heron and consolidated"].figure("mentions|spans|exact+type|f1").value or 0
    apart = report["heron and the others"]
    assert apart.annotators == {"heron": "person", "(others)": "adjudicated"}
    assert 0 < (apart.figure("mentions|spans|exact+type|f1").value or 0) <= 1 and whole > 0.8
    assert any("open, and not compared" in flag for flag in apart.flags)


def test_gold_without_an_annotator_does_not_hold_its_votes(small_corpus: Corpus) -> None:
    """owl alone says neutral where both others say agreement: without owl that is settled, and owl is wrong."""
    one, two = sets(small_corpus, "pairs")
    agreed = tuple(replace(pair, relation="agreement", aspect=None) for pair in one.contradictions or ())
    dissent = tuple(replace(pair, relation="neutral") for pair in agreed)
    made = [replace(one, contradictions=agreed), replace(two, contradictions=agreed)]
    made.append(replace(one, source="owl", contradictions=dissent))
    reason = {"item": "pair.relation", "choice": "agreement", "reason": "same fact", "decided_by": "ada"}
    decided = tuple(Decision(ids=(pair.pair_id,), **reason) for pair in agreed)
    making = Making(Rounds(version="1.0.0", articles="articles", pairs=("pairs",)), (), decided)
    report = agreement([*sets(small_corpus, "articles"), *made], known(small_corpus), FAST, making)
    name = "contradictions|relation|relation|raw"
    assert report["owl and the others' pairs"].figure(name).value == 0.0
    assert report["heron and the others' pairs"].figure(name).n == 0  # wren and owl leave everything open
    assert report["heron and the others' pairs"].flags == (f"open, and not compared: {len(agreed)}",)
    assert report["heron and gold's pairs"].figure(name).value == 1.0


def test_decisions_are_in_gold_and_not_in_gold_without(small_corpus: Corpus) -> None:
    making = Making(
        Rounds(version="1.0.0", articles="articles", pairs=("pairs",)),
        decisions(small_corpus, "articles"),
        decisions(small_corpus, "pairs"),
    )
    report = agreement(sets(small_corpus), known(small_corpus), FAST, making)
    assert report["heron and consolidated"].flags == ()
    assert not [
        each for each in report.comparisons if each.kind == "without"
    ]  # with two there is no majority of others


def test_wrong_decisions_do_not_keep_rounds_from_being_measured(small_corpus: Corpus) -> None:
    first = decisions(small_corpus, "articles")[0]
    making = Making(Rounds(version="1.0.0", articles="articles", pairs=("pairs",)), (first, first))
    report = agreement(sets(small_corpus), known(small_corpus), FAST, making)
    assert [each.name for each in report.comparisons] == ["articles", "pairs", "consolidated"]
    assert "two decisions" in (report["consolidated"].undefined or "")
    assert report["articles"].results


def test_who_the_annotators_are_is_said(small_corpus: Corpus) -> None:
    made = sets(small_corpus, "pairs")
    for kinds, expected in (
        ({"heron": "person", "wren": "person"}, "between people"),
        ({"heron": "language_model", "wren": "language_model"}, "not human agreement"),
        ({"heron": "person", "wren": "language_model"}, "not agreement among people"),
        ({}, "not recorded"),
    ):
        (found,) = between(made, known(small_corpus)._replace(annotators=kinds), FAST).comparisons
        assert expected in found.note


# --- what is refused, skipped or flagged -----------------------------------------------------------------------


def test_other_texts_are_refused(small_corpus: Corpus) -> None:
    a, b = sets(small_corpus, "articles")
    other = tuple(replace(document, text_sha256="0" * 64) for document in b.documents)
    with pytest.raises(NotComparable, match="different texts of a1"):
        compared(small_corpus, [a, replace(b, documents=other)])
    elsewhere = tuple(replace(document, doc_id=f"x{document.doc_id}") for document in b.documents)
    with pytest.raises(NotComparable, match="different corpora"):
        compared(small_corpus, [a, replace(b, documents=elsewhere)])


def test_other_guidelines_are_flagged(small_corpus: Corpus) -> None:
    a, b = sets(small_corpus, "articles")
    assert compared(small_corpus, [a, b]).flags == ()
    found = compared(small_corpus, [a, replace(b, guideline_version="2", documents=b.documents[:1])])
    assert found.flags[0] == "different guideline versions: heron 1, wren 2"
    assert "wren does not cover" in found.flags[1]


def test_pairs_of_other_claims_are_not_compared(small_corpus: Corpus) -> None:
    a, b = sets(small_corpus, "pairs")
    assert b.claims_from
    found = compared(small_corpus, [a, replace(b, claims_from=replace(b.claims_from, sha256="0" * 64))])
    assert found.skipped["contradictions"] == "the pairs are about different claims (claims_from)"


def test_nothing_in_common_is_undefined_with_a_reason(small_corpus: Corpus) -> None:
    a, b = sets(small_corpus, "articles")
    found = compared(small_corpus, [replace(a, mentions=(), claims=()), replace(b, mentions=(), claims=())])
    figure = found.figure("mentions|spans|exact|f1")
    assert (figure.value, figure.undefined, figure.low) == (None, "none of the annotators has any", None)
    assert page(between([a, replace(b, mentions=(), claims=())], known(small_corpus), FAST))


def test_one_set_is_said_and_nothing_is_measured(small_corpus: Corpus) -> None:
    (alone,) = agreement(sets(small_corpus)[:1], known(small_corpus), FAST).comparisons
    assert alone.undefined == "agreement needs two sets; the round articles has one"
    assert alone.results == ()


# --- the command ---------------------------------------------------------------------------------------------


def test_command(small_corpus: Corpus, variorum: Command) -> None:
    done = variorum("agreement", "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    written = (small_corpus.annotations / "agreement.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(done.stdout)
    signatures = [r["signature"] for each in json.loads(written)["comparisons"] for r in each.get("results", ())]
    assert signatures and all(text.startswith("variorum-agreement|layer:") for text in signatures)
    for path in list(small_corpus.records())[1:]:
        path.unlink()
    done = variorum("agreement", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (0, "agreement needs two sets; the round articles has one\n")


def test_command_with_other_options_leaves_the_stored_figures_alone(small_corpus: Corpus, variorum: Command) -> None:
    stored = small_corpus.annotations / "agreement.json"
    out = small_corpus.root / "build" / "agreement.html"
    done = variorum("agreement", "--root", small_corpus.root, "--layers", "claims", "--resamples", "10", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert not stored.exists() and out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "content-tokens" in done.stdout and "mentions" not in done.stdout


def test_command_refuses_what_cannot_be_compared(small_corpus: Corpus, variorum: Command) -> None:
    path = small_corpus.record("articles", "wren")
    done = variorum("agreement", path, path, "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (
        1,
        "variorum: wren@articles is there twice: two sets of one source and one round\n",
    )
    broken = small_corpus.root / "wren.json"
    other = from_json(path.read_bytes())
    documents = tuple(replace(d, text_sha256="0" * 64) for d in other.documents)
    broken.write_bytes(to_json(replace(other, documents=documents)))
    done = variorum("agreement", path, broken, "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (1, "") and "[text-hash]" in done.stdout
