"""Plots of agreement: there is one for what there are figures for, and the report does without the library."""

import sys
from typing import Any

import pytest
from msgspec.structs import replace
from support import Command

from variorum.agreement import Comparison, Config, between, plots
from variorum.agreement.page import page
from variorum.cli.agreement import knowledge
from variorum.corpus import Corpus
from variorum.records import from_json


def compared(corpus: Corpus, round_name: str) -> Comparison:
    made = [from_json(path.read_bytes()) for path in corpus.records(round_name)]
    made.append(replace(made[0], source="<owl> & co"))
    (found,) = between(made, knowledge(corpus), Config(resamples=20)).comparisons
    return found


def test_what_is_drawn(small_corpus: Corpus) -> None:
    titles = [bars.title for bars in plots.barred(compared(small_corpus, "articles"))]
    assert [title.partition(":")[0] for title in titles] == [
        "mentions by type",
        "mentions by level",
        "claims by kind",
        "mentions by article",
        "identity within articles, by article",
        "claims by article",
    ]
    titles = [bars.title for bars in plots.barred(compared(small_corpus, "pairs"))]
    rest = "each relation against the rest"
    assert titles == ["relations by stratum: alpha", f"{rest}: alpha", f"{rest}: specific agreement"]


def test_plots_are_png_and_svg_and_the_same_twice(small_corpus: Corpus) -> None:
    pytest.importorskip("matplotlib")
    found = compared(small_corpus, "pairs")
    made = dict(plots.files(found))
    assert made == dict(plots.files(found))
    assert {name.rpartition(".")[2] for name in made} == {"png", "svg"}
    assert any("by-pair" in name for name in made)
    for name, data in made.items():
        assert data.startswith(b"\x89PNG") if name.endswith(".png") else b"<svg" in data


def test_the_report_holds_the_plots_and_escapes_names(small_corpus: Corpus) -> None:
    pytest.importorskip("matplotlib")
    made = [from_json(path.read_bytes()) for path in small_corpus.records("pairs")]
    report = between([*made, replace(made[0], source="<owl>")], knowledge(small_corpus), Config(resamples=20))
    shown = page(report)
    assert shown.count("<svg") >= 3 and "<owl>" not in shown


def test_without_the_library_the_report_says_so(small_corpus: Corpus, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    made = [from_json(path.read_bytes()) for path in small_corpus.records("pairs")]
    shown = page(between(made, knowledge(small_corpus), Config(resamples=20)))
    assert "variorum[plots]" in shown and "<svg" not in shown


def test_command(small_corpus: Corpus, variorum: Command) -> None:
    pytest.importorskip("matplotlib")
    folder = small_corpus.root / "build" / "plots"
    done = variorum("agreement", "--root", small_corpus.root, "--resamples", "10", "--plots", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.suffix for path in folder.iterdir()} == {".png", ".svg"}
