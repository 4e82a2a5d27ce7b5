"""What lies under annotations/ is what the commands make of it: nothing there was edited by hand afterwards."""

import shutil
from pathlib import Path

import pytest
from support import ROOT, Command

MADE = ("consolidated.json", "gold.json", "agreement.json")


@pytest.fixture
def again(tmp_path: Path) -> Path:
    """A copy of the corpus without what is made from records and decisions."""
    root = tmp_path / "again"
    shutil.copytree(ROOT / "seeds", root / "seeds")
    shutil.copytree(ROOT / "annotations", root / "annotations", ignore=shutil.ignore_patterns(*MADE))
    return root


def test_gold_and_agreement_are_what_the_records_give(again: Path, variorum: Command) -> None:
    for command in ("adjudicate", "agreement"):
        done = variorum(command, "--root", again)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    stale = [n for n in MADE if (again / "annotations" / n).read_bytes() != (ROOT / "annotations" / n).read_bytes()]
    assert stale == [], "run make, and commit what it changed"


def test_the_corpus_checks_clean(variorum: Command) -> None:
    done = variorum("check", "--root", ROOT)
    assert done.returncode == 0, done.stdout
