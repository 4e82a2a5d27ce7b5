"""Records are what the exports give: made again without a server, byte for byte."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from studio_server import Done

from variorum.cli import studio_records
from variorum.corpus import read_corpus
from variorum.label_studio.rounds import from_bytes, to_bytes

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[..., Done]


@pytest.fixture
def again(tmp_path: Path) -> Path:
    """A copy of the repository's corpus without records."""
    root = tmp_path / "again"
    for name in ("seeds", "annotations"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("records"))
    return root


def test_the_records_of_the_repository_are_what_its_exports_give(again: Path, variorum: Command) -> None:
    done = variorum("studio", "records", "--root", again)
    assert done.stderr == "", done.stdout
    made = {path.relative_to(again): path.read_bytes() for path in read_corpus(again).records()}
    rounds = {path.name.split(".")[0] for path in (again / "annotations" / "exports").glob("*.round.json")}
    kept = [path for path in read_corpus(ROOT).records() if path.parent.name in rounds]
    assert len(kept) >= 2
    assert made == {path.relative_to(ROOT): path.read_bytes() for path in kept}


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("name", ["trial-articles.articles.json", "trial-articles.articles.round.json"])
@pytest.mark.parametrize("change", [half, lambda _: b"", lambda _: b"{}", lambda _: b"\xff", None])
def test_half_an_export_gives_no_records(
    again: Path, variorum: Command, name: str, change: Callable[[bytes], bytes] | None
) -> None:
    path = again / "annotations" / "exports" / name
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
    done = variorum("studio", "records", "trial-articles", "--root", again)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
    assert list(read_corpus(again).records()) == []


def test_a_round_that_was_never_pulled(again: Path, variorum: Command) -> None:
    done = variorum("studio", "records", "nothing", "--root", again)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "no round nothing was pulled" in done.stderr


def test_what_a_killed_pull_left_is_swept_away(again: Path) -> None:
    corpus, exports = read_corpus(again), again / "annotations" / "exports"
    old, young = exports / ".x.articles.json.abcdefgh", exports / ".x.articles.json.ijklmnop"
    for path in (old, young):
        path.write_bytes(b"[")
    os.utime(old, (0, 0))
    export = exports / "trial-articles.articles.json"
    kept = from_bytes(export.with_suffix(".round.json").read_bytes())
    studio_records.store(corpus, export.read_bytes(), kept)
    assert (old.exists(), young.exists()) == (False, True)


def test_headers_are_read_as_they_were_written() -> None:
    for path in sorted((ROOT / "annotations" / "exports").glob("*.round.json")):
        assert to_bytes(from_bytes(path.read_bytes())) == path.read_bytes()
        assert json.loads(path.read_bytes())["round"]["round"] == path.name.split(".")[0]
