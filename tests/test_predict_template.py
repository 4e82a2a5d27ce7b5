"""The empty prediction: valid, complete, and scored as what says nothing; and the script that fills it in."""

import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, Command
from test_formats_page import EXAMPLES

from variorum import dataset, formats
from variorum.checks import check_set
from variorum.cli.build import material
from variorum.corpus import Corpus
from variorum.leaderboard import as_csv, template
from variorum.records import LAYERS, AnnotationSet, from_json, to_json
from variorum.scoring import Config, score

HEADLINE = "contradictions|detection|contradiction+tension|all|micro"


@pytest.fixture
def gold(small_corpus: Corpus) -> AnnotationSet:
    return from_json(small_corpus.gold.read_bytes())


def empty(corpus: Corpus, gold: AnnotationSet) -> AnnotationSet:
    return template(corpus.documents.values(), gold, "my-system-1.0")


def test_it_is_valid_and_has_every_pair_that_gold_judges(small_corpus: Corpus, gold: AnnotationSet) -> None:
    made = empty(small_corpus, gold)
    assert check_set(to_json(made), "p.json", small_corpus, gold).problems == ()
    assert {p.pair_id for p in made.contradictions or ()} == {p.pair_id for p in gold.contradictions or ()}
    assert {d.doc_id: d.text_sha256 for d in made.documents} == {
        name: document.source.sha256 for name, document in small_corpus.documents.items()
    }


def test_it_tells_nothing_of_gold_but_ids(small_corpus: Corpus, gold: AnnotationSet) -> None:
    for pair in empty(small_corpus, gold).contradictions or ():
        assert (pair.relation, pair.score) == ("neutral", None)
        assert pair.aspect is pair.reason is pair.conflict_id is pair.stratum is pair.rationale is None


def test_it_scores_as_what_says_nothing(small_corpus: Corpus, gold: AnnotationSet) -> None:
    report = score(empty(small_corpus, gold), gold, Config(resamples=0))
    assert report[HEADLINE]["f1"] == report["mentions|spans|strict|all|micro"]["f1"] == 0
    assert report.unjudged == ()


def test_the_table_of_pairs_is_read_as_the_same_pairs(small_corpus: Corpus, gold: AnnotationSet) -> None:
    made, path = empty(small_corpus, gold), small_corpus.root / "pairs.csv"
    path.write_text(as_csv(made), encoding="utf-8")
    found = formats.read(path, small_corpus, claims=gold)
    assert found.problems == () and found.annotation_set
    assert found.annotation_set.contradictions == made.contradictions


@pytest.mark.parametrize("format", ["json", "csv"])
def test_command_prints_or_writes_it(small_corpus: Corpus, variorum: Command, format: str) -> None:
    out = small_corpus.root / f"p.{format}"
    arguments = ("predict-template", "--root", small_corpus.root, "--format", format)
    printed, written = variorum(*arguments), variorum(*arguments, "--out", out)
    assert (printed.returncode, printed.stderr, written.returncode) == (0, "", 0)
    assert out.read_bytes() == printed.stdout.encode()
    assert "20 pairs" in written.stdout
    scored = variorum("score", out, "--root", small_corpus.root, "--resamples", "0")
    assert (scored.returncode, scored.stderr) == (0, "")


@pytest.mark.parametrize("layers", [("mentions",), ("mentions", "entities"), ("claims",), ("contradictions",)])
def test_only_the_layers_that_are_asked_for_are_there_and_scored(
    small_corpus: Corpus, gold: AnnotationSet, variorum: Command, layers: tuple[str, ...]
) -> None:
    done = variorum("predict-template", "--root", small_corpus.root, "--layers", ",".join(layers))
    made = from_json(done.stdout.encode())
    assert check_set(done.stdout.encode(), "p.json", small_corpus, gold).problems == ()
    assert tuple(layer for layer in LAYERS if getattr(made, layer) is not None) == layers
    assert (made.claims_from is not None) == ("contradictions" in layers)
    report = score(made, gold, Config(resamples=0))
    assert set(LAYERS) - set(layers) <= set(report.skipped)
    assert {each.entry.name.partition("|")[0] for each in report.results} <= set(layers)


def test_command_says_which_layers_count_as_predicted(small_corpus: Corpus, variorum: Command) -> None:
    root, out = ("--root", small_corpus.root), ("--out", small_corpus.root / "p.json")
    every = variorum("predict-template", *root, *out).stdout
    assert "mentions, entities, claims: empty so far, and empty counts as predicted; delete the layers you do" in every
    some = variorum("predict-template", *root, *out, "--layers", "claims,contradictions").stdout
    assert "\nclaims: empty so far" in some and "mentions" not in some
    pairs = variorum("predict-template", *root, *out, "--layers", "contradictions").stdout
    assert "empty" not in pairs and "20 pairs" in pairs
    assert "pairs" not in variorum("predict-template", *root, *out, "--layers", "mentions").stdout


def test_the_table_has_no_other_layers(small_corpus: Corpus, variorum: Command) -> None:
    arguments = ("predict-template", "--root", small_corpus.root, "--format", "csv", "--layers")
    wrong = variorum(*arguments, "mentions")
    assert (wrong.returncode, wrong.stdout) == (2, "") and "--layers" in wrong.stderr
    unknown = variorum(*arguments, "names")
    assert unknown.returncode == 2 and "no layer 'names'" in unknown.stderr
    assert variorum(*arguments, "contradictions").stdout.startswith("pair_id,relation,score\n")


def test_command_leaves_inputs_alone(small_corpus: Corpus, variorum: Command) -> None:
    before = small_corpus.gold.read_bytes()
    done = variorum("predict-template", "--root", small_corpus.root, "--out", small_corpus.gold)
    assert done.returncode == 2 and "left alone" in done.stderr
    assert small_corpus.gold.read_bytes() == before


def test_a_corpus_without_gold_is_told_what_to_do(small_corpus: Corpus, variorum: Command) -> None:
    small_corpus.gold.unlink()
    done = variorum("predict-template", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "") and "variorum adjudicate" in done.stderr


@pytest.mark.parametrize("layers", [LAYERS, ("mentions", "contradictions")])
def test_the_script_of_the_page_makes_a_prediction(
    small_corpus: Corpus, gold: AnnotationSet, tmp_path: Path, layers: tuple[str, ...]
) -> None:
    """As the page has it, on the dataset of the small corpus, from either template."""
    folder, path, script = tmp_path / "dataset", tmp_path / "prediction.json", tmp_path / "submit.py"
    dataset.build(material(small_corpus), folder)
    path.write_bytes(to_json(template(small_corpus.documents.values(), gold, "my-system-1.0", layers)))
    script.write_text(EXAMPLES["submit.py"], encoding="utf-8")
    done = subprocess.run([sys.executable, script, folder, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = formats.read(path, small_corpus, claims=gold)
    made = found.annotation_set
    assert found.problems == () and made
    assert made.mentions and made.claims is made.entities is None
    assert {p.relation for p in made.contradictions or ()} == {"contradiction", "neutral"}
    report = score(made, gold, Config(layers=("mentions", "contradictions"), resamples=0))
    assert report[HEADLINE]["f1"] and report.skipped == {}


def test_the_script_is_short() -> None:
    lines = EXAMPLES["submit.py"].splitlines()
    assert len([line for line in lines if line.strip()]) <= 20
    assert "submit.py" in (ROOT / "docs" / "predictions.md").read_text(encoding="utf-8")
