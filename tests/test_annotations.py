"""What lies under annotations/ is what the commands make of it: nothing there was edited by hand afterwards."""

import shutil
from pathlib import Path

import pytest
from support import ROOT, Command

MADE = ("consolidated.json", "gold.json", "agreement.json", "validity.json")
INVENTED = [ROOT / "annotations" / "invented" / name for name in ("calibration", "known")]


@pytest.fixture
def again(tmp_path: Path) -> Path:
    """A copy of the corpus without what is made from records and decisions."""
    root = tmp_path / "again"
    shutil.copytree(ROOT / "seeds", root / "seeds")
    shutil.copytree(ROOT / "annotations", root / "annotations")
    for name in MADE:
        (root / "annotations" / name).unlink()
    return root


def test_gold_and_agreement_are_what_the_records_give(again: Path, variorum: Command) -> None:
    for command in ("adjudicate", "agreement", "validity"):
        done = variorum(command, "--root", again)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    stale = [n for n in MADE if (again / "annotations" / n).read_bytes() != (ROOT / "annotations" / n).read_bytes()]
    assert stale == [], "run make, and commit what it changed"


@pytest.mark.parametrize("invented", INVENTED, ids=lambda path: path.name)
def test_the_answers_of_invented_articles_are_what_their_records_give(
    invented: Path, tmp_path: Path, variorum: Command
) -> None:
    root = Path(shutil.copytree(invented, tmp_path / "invented", ignore=shutil.ignore_patterns(*MADE)))
    assert variorum("adjudicate", "--root", root).returncode == 0
    for name in ("consolidated.json", "gold.json"):
        assert (root / "annotations" / name).read_bytes() == (invented / "annotations" / name).read_bytes()


@pytest.mark.parametrize("root", [ROOT, *INVENTED], ids=lambda path: path.name)
def test_the_corpus_checks_clean(root: Path, variorum: Command) -> None:
    done = variorum("check", "--root", root)
    assert done.returncode == 0, done.stdout
