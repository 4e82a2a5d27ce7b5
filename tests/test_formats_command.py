"""`variorum score` on predictions and gold in other formats."""

import json
import subprocess
from pathlib import Path
from typing import Any

import make_cases
import pytest
from support import Command

from variorum.corpus import Corpus

FORMATS, INVALID = make_cases.CASES / "formats", make_cases.CASES / "invalid"
GOLD = FORMATS / "set.json"


def run(
    variorum: Command, prediction: Path, *options: str | Path, gold: Path = GOLD
) -> subprocess.CompletedProcess[str]:
    where = ("--root", make_cases.CORPUS, "--gold", gold, "--resamples", "0")
    done = variorum("score", prediction, *where, "--format", "json", *options)
    assert "Traceback" not in done.stdout + done.stderr
    return done


def scored(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stdout + done.stderr
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def f1(value: dict[str, Any]) -> float:
    """Of the first score."""
    figure: float = value["scores"][0]["figures"]["f1"]["value"]
    return figure


@pytest.mark.parametrize("name", ["mentions.conll", "brat", "spacy.json", "ner.json", "set.jsonl"])
def test_any_format_is_scored_and_stands_for_gold(name: str, variorum: Command) -> None:
    done = run(variorum, FORMATS / name, "--layers", "mentions")
    assert f1(scored(done)) == 1.0 and done.stderr == ""
    assert f1(scored(run(variorum, GOLD, "--layers", "mentions", gold=FORMATS / name))) == 1.0


def test_pairs_of_a_table_are_scored(variorum: Command) -> None:
    assert f1(scored(run(variorum, FORMATS / "pairs.csv", "--layers", "contradictions"))) == 1.0


def test_quotes_are_reported(variorum: Command) -> None:
    done = run(variorum, INVALID / "quote-ambiguous.json", "--layers", "mentions")
    value = scored(done)
    assert value["reading"]["quotes"] == {"exact": 16, "folded": 0, "unresolved": {"mentions": 1, "claims": 0}}
    assert (value["scores"][0]["counts"]["missed"], value["scores"][0]["counts"]["spurious"]) == (1, 1)
    assert "[quote-ambiguous] warning: 'lamp' stands twice" in done.stderr
    assert done.stderr.endswith("records whose quotes are not, false alarms: 1\n")


def test_what_is_wrong_is_refused_unless_leniently(variorum: Command) -> None:
    done = run(variorum, INVALID / "duplicate-id.json", "--format", "table")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[0].endswith(
        "$.mentions[4]: [duplicate-id] 'p1-m1' is the id of $.mentions[0] already"
    )
    assert done.stdout.endswith("\n1 problem in 1 file\n")
    both = run(variorum, INVALID / "duplicate-id.json", "--against", INVALID / "not-json.json")
    assert (both.returncode, both.stdout) == (1, "") and both.stderr.endswith("\n2 problems in 2 files\n")
    done = run(variorum, INVALID / "duplicate-id.json", "--lenient", "--layers", "mentions")
    assert scored(done)["reading"]["dropped"] == {"mentions": 1}
    assert done.stderr.endswith("wrong and left out: 1 mentions\n")


def test_what_it_is_compared_with_changes_no_score(variorum: Command, small_corpus: Corpus) -> None:
    """Of entities either: their differences are drawn by other units, and say so."""
    path = small_corpus.record("articles", "wren")
    options = ("--gold", small_corpus.gold, "--resamples", "20", "--root", small_corpus.root, "--format", "json")
    alone = scored(variorum("score", path, *options))
    other = small_corpus.record("articles", "heron")
    both = scored(variorum("score", path, "--against", other, *options))
    differences = both.pop("against")["differences"]
    assert both == alone
    units = {
        each["signature"].split("|unit:")[1].partition("|")[0]
        for each in differences
        if "|layer:entities|" in each["signature"]
    }
    assert units == {"joint-group"}


def test_gold_has_to_be_right(variorum: Command) -> None:
    for name in ("quote-ambiguous.json", "duplicate-id.json"):
        assert run(variorum, GOLD, "--lenient", gold=INVALID / name).returncode == 1


def test_wrong_usage(variorum: Command) -> None:
    done = run(variorum, GOLD, "--input-format", "xml")
    assert (done.returncode, done.stdout) == (2, "") and "--input-format is one of json, jsonl" in done.stderr
