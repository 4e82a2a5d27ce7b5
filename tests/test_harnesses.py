"""Tasks for evaluation harnesses, without the harnesses: what is asked, and what becomes of the answers."""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import Command

from variorum import dataset, scoring
from variorum.cli.build import material
from variorum.corpus import Corpus, read_corpus
from variorum.harnesses import extraction, lm_evaluation, logs, pairs
from variorum.harnesses.benchmark import load
from variorum.harnesses.extraction import Answer
from variorum.harnesses.pairs import Choice
from variorum.records import AnnotationSet

CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(CORPUS)


@pytest.fixture(scope="module")
def folder(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The dataset of the small corpus, whose texts are of every kind."""
    path = tmp_path_factory.mktemp("harnesses") / "dataset"
    dataset.build(material(corpus), path)
    return str(path)


@pytest.fixture(scope="module")
def gold(folder: str) -> AnnotationSet:
    return load(folder).gold


def answer_of(gold: AnnotationSet, doc_id: str) -> str:
    """What a model would write that has all mentions and claims of an article, by quotes where they are unambiguous."""
    mentions = [msgspec.to_builtins(each) for each in gold.mentions or () if each.doc_id == doc_id]
    claims = [msgspec.to_builtins(each) for each in gold.claims or () if each.doc_id == doc_id]
    for mention in mentions:
        mention.pop("entity_id", None)
    for claim in claims:
        claim.pop("entities", None)
    return json.dumps({"mentions": mentions, "claims": claims})


def answers_of(gold: AnnotationSet) -> tuple[Answer, ...]:
    return tuple(Answer(each.doc_id, answer_of(gold, each.doc_id)) for each in gold.documents)


# --- pairs ---------------------------------------------------------------------------------------------------


def test_every_pair_of_gold_is_asked(folder: str, gold: AnnotationSet) -> None:
    asked = {row["pair_id"]: row["target"] for row in pairs.questions(folder)}
    assert asked == {pair.pair_id: pair.relation for pair in gold.contradictions or ()}


def test_the_right_choices_have_all_figures_1(folder: str) -> None:
    right = tuple(Choice(row["pair_id"], row["target"]) for row in pairs.questions(folder))
    found = pairs.report(folder, right)
    assert pairs.headline_f1(found) == pairs.macro_f1(found) == 1


def test_without_an_answer_a_pair_is_neutral(folder: str) -> None:
    rows = pairs.questions(folder)
    nothing = pairs.report(folder, tuple(Choice(row["pair_id"], None) for row in rows))
    neutral = pairs.report(folder, tuple(Choice(row["pair_id"], "neutral") for row in rows))
    assert pairs.headline_f1(nothing) == 0 and pairs.macro_f1(nothing) == pairs.macro_f1(neutral) > 0


def test_only_what_was_asked_is_scored(folder: str) -> None:
    rows = pairs.questions(folder)
    some = [row for row in rows if row["target"] in ("contradiction", "neutral")]
    found = pairs.report(folder, tuple(Choice(row["pair_id"], "contradiction") for row in some))
    counts = found[scoring.report.HEADLINE].counts
    right = sum(row["target"] == "contradiction" for row in some)
    assert counts == {"tp": right, "fp": len(some) - right, "fn": 0} and len(some) < len(rows)


NAMES = ("contradiction", "tension", "agreement", "neutral")


def test_the_most_likely_choice_and_how_probable_a_conflict_is() -> None:
    found = pairs.most_likely("p", NAMES, [math.log(share) - 400 for share in (0.2, 0.3, 0.1, 0.4)])
    assert found == Choice("p", "neutral", pytest.approx(0.5))
    assert pairs.most_likely("p", NAMES, [0.0, 0.0, -math.inf, 0.0]).relation == "contradiction"


@pytest.mark.parametrize("likelihoods", [[-math.inf] * 4, [math.nan, 0.0, 0.0, 0.0], [0.0, math.nan, 0.0, 0.0]])
def test_likelihoods_that_are_none_are_no_answer(likelihoods: list[float]) -> None:
    assert pairs.most_likely("p", NAMES, likelihoods) == Choice("p", None)


def test_ranking_is_that_of_the_scores(folder: str) -> None:
    rows = pairs.questions(folder)
    choices = tuple(Choice(r["pair_id"], "neutral", float(r["target"] in NAMES[:2])) for r in rows)
    assert pairs.average_precision(pairs.report(folder, choices)) == 1


# --- extraction ----------------------------------------------------------------------------------------------


def test_every_article_is_asked_with_all_labels(folder: str, corpus: Corpus) -> None:
    asked = {row["doc_id"]: row["input"] for row in extraction.questions(folder)}
    assert asked.keys() == corpus.documents.keys()
    for key, prompt in asked.items():
        assert corpus.documents[key].text in prompt
        assert all(f"- {name}: " in prompt for name in corpus.schema.names("entity_type"))


def test_gold_as_an_answer_has_all_figures_1(folder: str, gold: AnnotationSet) -> None:
    answers = answers_of(gold)
    found = extraction.report(folder, answers)
    assert extraction.mention_f1(found) == extraction.claim_f1(found) == 1
    assert extraction.read(load(folder), answers).dropped == {}
    holders = found["claims|holder|jaccard0.5|all|micro"]
    assert holders["f1"] == 1, "holders are named by ids of the answer, which get new ones"


def test_quotes_are_resolved_and_those_not_found_are_false_alarms(folder: str, gold: AnnotationSet) -> None:
    mention = next(each for each in gold.mentions or () if each.text == "Alma Perle")
    said = {"mentions": [{"quote": quote, "occurrence": 0, "type": mention.type} for quote in ("Alma Perle", "Xyz")]}
    found = extraction.report(folder, (Answer(mention.doc_id, json.dumps(said)),))
    counts = found[extraction.MENTIONS].counts
    assert (counts["correct"], counts["spurious"]) == (1, 1)
    assert counts["missed"] == sum(each.doc_id == mention.doc_id for each in gold.mentions or ()) - 1


FAILED = ("", "lol", "[]", "[1, {}]", "{}", '{"mentions": null}', '{"mentions": [', '{"mentions": [NaN]}', "{" * 10**5)
WRONG = (
    '{"mentions": [1, null, {}], "claims": [[]]}',
    '{"claims": [{"spans": 1, "holder": []}]}',
    '{"mentions": [{"quote": 1}]}',
)


@pytest.mark.parametrize("text", FAILED, ids=range(len(FAILED)))
def test_an_answer_that_is_not_what_was_asked_for_has_failed_and_its_article_is_missed(
    text: str, folder: str, gold: AnnotationSet
) -> None:
    first, *rest = answers_of(gold)
    bad = Answer(first.doc_id, text)
    assert extraction.failed(bad) and not extraction.failed(first)
    found = extraction.report(folder, (bad, *rest))
    assert found.silent == {"mentions": [first.doc_id], "claims": [first.doc_id]}
    assert 0 < extraction.mention_f1(found) < 1


@pytest.mark.parametrize("text", WRONG)
def test_wrong_records_of_an_answer_are_left_out_and_counted(text: str, folder: str, gold: AnnotationSet) -> None:
    first, *rest = answers_of(gold)
    answers = (Answer(first.doc_id, text), *rest)
    assert not extraction.failed(answers[0])
    assert sum(extraction.read(load(folder), answers).dropped.values()) == sum(map(len, json.loads(text).values()))
    assert 0 < extraction.claim_f1(extraction.report(folder, answers)) < 1


@pytest.mark.parametrize("around", ["{}", "Sure:\n```json\n{}\n```\nDone {{}}.", "{} {{"])
def test_what_stands_around_the_object_is_no_matter(around: str) -> None:
    assert extraction.parsed(around.format('{"mentions": []}')) == {"mentions": []}


def test_the_edition_without_texts_cannot_be_asked_about(corpus: Corpus, tmp_path: Path) -> None:
    dataset.build(dataset.without_texts(material(corpus)), tmp_path / "d")
    assert len(pairs.questions(str(tmp_path / "d"))) > 0
    with pytest.raises(ValueError, match="no texts"):
        extraction.questions(str(tmp_path / "d"))


# --- the tasks -----------------------------------------------------------------------------------------------


def test_the_tasks_of_lm_evaluation_harness_call_what_there_is() -> None:
    tasks = sorted(lm_evaluation.TASKS.glob("*.yaml"))
    assert [path.stem for path in tasks] == ["variorum_extraction", "variorum_pairs"]
    for path in tasks:
        called = [line.partition("!function ")[2] for line in path.read_text().splitlines() if "!function" in line]
        assert len(called) > 3 and all(name.startswith("variorum.harnesses.lm_evaluation.") for name in called)
        assert all(callable(getattr(lm_evaluation, name.rpartition(".")[2], None)) for name in called)


def test_inspect_names_its_extra() -> None:
    with pytest.raises(ImportError, match=r"variorum\[inspect\]"):
        import variorum.harnesses.inspect_tasks  # noqa: F401


# --- logs ----------------------------------------------------------------------------------------------------


def samples(items: list[dict[str, Any]]) -> str:
    return "".join(json.dumps({"doc_id": i, "doc": {"dataset": "d"}, "x": each}) + "\n" for i, each in enumerate(items))


def figures(variorum: Command, path: Path, *more: str) -> dict[str, Any]:
    done = variorum("score", path, "--root", CORPUS, "--format", "json", "--resamples", "0", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["scores"]
    return {"|".join(each[n] for n in ("layer", "task", "match", "of", "average")): each["figures"] for each in found}


def test_the_answers_in_a_log_have_the_same_scores(
    folder: str, gold: AnnotationSet, variorum: Command, tmp_path: Path
) -> None:
    log, out = tmp_path / "samples.jsonl", tmp_path / "p.json"
    choices = [Choice(r["pair_id"], NAMES[i % 4], i / 50) for i, r in enumerate(pairs.questions(folder))]
    log.write_text(samples([{"dataset": folder, **each._asdict()} for each in choices]))
    out.write_bytes(logs.prediction(log))
    found = pairs.report(folder, tuple(choices))
    scored = figures(variorum, out)
    assert scored[scoring.report.HEADLINE]["f1"]["value"] == pairs.headline_f1(found) > 0
    assert scored[pairs.RANKING]["average_precision"]["value"] == pairs.average_precision(found) > 0

    answers = [
        Answer(each.doc_id, "lol" if i else answer_of(gold, each.doc_id)) for i, each in enumerate(gold.documents)
    ]
    log.write_text(samples([{"dataset": "elsewhere", **each._asdict()} for each in answers]))
    out.write_bytes(logs.prediction(log, folder))
    scored = figures(variorum, out, "--lenient")
    assert scored[extraction.MENTIONS]["f1"]["value"] == extraction.mention_f1(
        extraction.report(folder, tuple(answers))
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "no answer"), ("{}\n", "line 1"), ("1\n", "line 1"), ("lol\n", "no JSON"), ("[" * 10**5, "no JSON")],
    ids=range(5),
)
def test_what_is_no_log_is_refused(content: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text(content)
    with pytest.raises(logs.NoLog, match=why):
        logs.prediction(tmp_path / "s.jsonl")
