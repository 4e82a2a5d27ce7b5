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
from variorum.records import AnnotationSet, from_json, to_json
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


def test_command_leaves_inputs_alone(small_corpus: Corpus, variorum: Command) -> None:
    before = small_corpus.gold.read_bytes()
    done = variorum("predict-template", "--root", small_corpus.root, "--out", small_corpus.gold)
    assert done.returncode == 2 and "left alone" in done.stderr
    assert small_corpus.gold.read_bytes() == before


def test_a_corpus_without_gold_is_told_what_to_do(small_corpus: Corpus, variorum: Command) -> None:
    small_corpus.gold.unlink()
    done = variorum("predict-template", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "") and "variorum adjudicate" in done.stderr


def test_the_script_of_the_page_makes_a_prediction(small_corpus: Corpus, gold: AnnotationSet, tmp_path: Path) -> None:
    """As the page has it, on the dataset of the small corpus."""
    folder, path, script = tmp_path / "dataset", tmp_path / "prediction.json", tmp_path / "submit.py"
    dataset.build(material(small_corpus), folder)
    path.write_bytes(to_json(empty(small_corpus, gold)))
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
