"""`variorum baseline --entry` where the baseline cannot run, and baselines that are made of others."""

import shutil
from functools import partial
from pathlib import Path

import pytest
import typer
from support import ROOT, Command

from variorum.baselines import BASELINES, Task, undescribed
from variorum.cli.baseline import baseline
from variorum.corpus import Corpus
from variorum.records import AnnotationSet


def test_a_baseline_whose_packages_are_missing_says_so(
    small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(task: Task) -> AnnotationSet:
        raise ImportError("pip install 'variorum[lacking]'")

    monkeypatch.setitem(BASELINES, "trivial", lacking)
    folder = small_corpus.root / "leaderboard" / "trivial"
    with pytest.raises(typer.Exit) as ended:
        baseline("trivial", root=small_corpus.root, entry=folder)
    assert ended.value.exit_code == 2 and "variorum[lacking]" in capsys.readouterr().err
    assert not folder.exists()


def test_a_partial_baseline_is_described_by_its_function_and_its_settings() -> None:
    def plain(task: Task, size: str = "s") -> AnnotationSet:
        """Reads."""
        raise NotImplementedError

    about = undescribed("plain-m", partial(plain, size="m"))
    assert (about.title, about.description, about.settings) == ("plain-m", "Reads.", {"size": "m"})


def test_the_entry_of_another_corpus_is_left_alone(small_corpus: Corpus, tmp_path: Path, variorum: Command) -> None:
    entry = tmp_path / "entry"
    shutil.copytree(ROOT / "leaderboard" / "neutral", entry)
    before = (entry / "prediction.json").read_bytes()
    done = variorum("baseline", "neutral", "--root", small_corpus.root, "--entry", entry)
    assert done.returncode == 2 and "other articles" in done.stderr
    assert (entry / "prediction.json").read_bytes() == before
