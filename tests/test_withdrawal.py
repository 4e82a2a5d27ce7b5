"""Who withdraws is nowhere afterwards; it happens whole or not at all."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from variorum import withdrawal
from variorum.cli import exchange
from variorum.corpus import Corpus, read_corpus
from variorum.locks import lock

Command = Callable[..., subprocess.CompletedProcess[str]]
SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
EXPORT = [
    {
        "id": 1,
        "total_annotations": 1,
        "cancelled_annotations": 1,
        "data": {"text": "wren"},
        "updated_by": [{"user_id": "wren"}],
        "annotations": [
            {"completed_by": "heron", "updated_by": "wren", "result": [{"user": "wren"}]},
            {"completed_by": "wren", "updated_by": "wren", "was_cancelled": True, "result": []},
        ],
    }
]


def tree(corpus: Corpus) -> dict[str, bytes]:
    return {
        path.relative_to(corpus.root).as_posix(): path.read_bytes()
        for path in sorted(corpus.root.rglob("*"))
        if path.is_file()
    }


def test_an_export_without_a_source() -> None:
    (task,) = withdrawal.from_export(EXPORT, "wren")
    (kept,) = task["annotations"]
    assert kept == {"completed_by": "heron", "updated_by": "withdrawn", "result": [{"user": "wren"}]}
    assert (task["total_annotations"], task["cancelled_annotations"]) == (1, 0)
    assert task["updated_by"] == [{"user_id": "withdrawn"}] and task["data"] == {"text": "wren"}
    assert withdrawal.from_export(EXPORT, "gull") == EXPORT


def test_tasks_that_were_made_for_a_source() -> None:
    idle = {"data": {"annotator": "wren"}, "annotations": [{"completed_by": "wren"}]}
    used = {"data": {"annotator": "wren"}, "annotations": [{"completed_by": "heron"}]}
    other = {"data": {"annotator": "heron"}, "annotations": [{"completed_by": "wren"}]}
    left = withdrawal.from_export([idle, used, other], "wren")
    assert left == [{**used, "data": {"annotator": "withdrawn"}}, {**other, "annotations": []}]
    assert not withdrawal.names(left, "wren")


def test_everything_of_a_source_is_removed(small_corpus: Corpus, variorum: Command) -> None:
    exports = small_corpus.annotations / "exports"
    exports.mkdir()
    (exports / "articles.articles.json").write_text(json.dumps(EXPORT), encoding="utf-8")
    before = tree(small_corpus)
    dry = variorum("withdraw", "wren", "--dry-run", "--root", small_corpus.root)
    assert (dry.returncode, dry.stderr) == (0, "") and tree(small_corpus) == before
    assert dry.stdout.splitlines()[-1] == "nothing was changed (--dry-run)"
    done = variorum("withdraw", "wren", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:-1] == dry.stdout.splitlines()[:-1]
    assert "variorum adjudicate, variorum agreement, variorum contrast merge, variorum build" in done.stdout
    after = tree(small_corpus)
    folders = ("records/articles", "records/pairs", "contrast/written", "contrast/verified")
    gone = {f"annotations/{folder}/wren.json" for folder in folders}
    assert set(before) - set(after) == gone
    changed = {name for name in after if after[name] != before.get(name)}
    judged = {f"contrast/verified/{name}" for name in ("heron", "siskin")}  # an edit of wren's
    assert changed == {
        f"annotations/{n}.json" for n in ("annotators", "withdrawn", "exports/articles.articles", *judged)
    }
    sources = [each["source"] for each in json.loads(after["annotations/annotators.json"])["annotators"]]
    assert sources == ["heron", "siskin"]
    assert json.loads(after["annotations/withdrawn.json"]) == {"withdrawn": ["wren"]}
    again = variorum("withdraw", "wren", "--root", small_corpus.root)
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)


def test_decisions_of_a_source_go_too(small_corpus: Corpus, variorum: Command) -> None:
    done = variorum("withdraw", "heron", "--root", small_corpus.root)
    assert done.returncode == 0
    decisions = small_corpus.annotations / "decisions"
    left = [each for path in decisions.iterdir() for each in json.loads(path.read_bytes())["decisions"]]
    assert [each for each in left if each["decided_by"] == "heron"] == []


def test_somebody_who_is_not_there(small_corpus: Corpus, variorum: Command) -> None:
    done = variorum("withdraw", "gull", "--root", small_corpus.root)
    assert (done.returncode, "gull is nowhere" in done.stderr) == (2, True)


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"annotators": [1]}', b'{"annotators": null}'])
def test_nothing_is_changed_if_a_file_cannot_be_read(small_corpus: Corpus, variorum: Command, data: bytes) -> None:
    (small_corpus.annotations / "annotators.json").write_bytes(data)
    before = tree(small_corpus)
    done = variorum("withdraw", "wren", "--root", small_corpus.root)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert tree(small_corpus) == before


def test_a_full_disk_changes_nothing(small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    from variorum.cli import withdraw

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exchange, "_sync", full)
    before = tree(small_corpus)
    with pytest.raises(OSError, match="No space"):
        withdraw._apply(small_corpus.annotations, list(withdraw._changes(small_corpus, "wren")))
    assert tree(small_corpus) == before
    assert [path.name for path in small_corpus.root.iterdir() if path.name.startswith(".ann")] == []


# --- broken off ----------------------------------------------------------------------------------------------

# Ends the command, as kill -9 does, at one of the moments when a folder is moved or taken away.
KILLED = """
import os, pathlib, shutil, signal, sys
left = [int(sys.argv.pop(1))]
def dying(function):
    def run(*arguments, **more):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **more)
    return run
pathlib.Path.rename, shutil.rmtree = dying(pathlib.Path.rename), dying(shutil.rmtree)
from variorum.cli import app
app(sys.argv[1:])
"""


def killed(moment: int, *line: str | Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    command = [sys.executable, "-c", KILLED, str(moment), *map(str, line)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stdout


@pytest.mark.parametrize(
    ("moment", "told"), [(0, "undone"), (1, "undone"), (2, "completed"), (3, "completed")], ids=str
)
def test_a_kill_at_any_moment(small_corpus: Corpus, variorum: Command, tmp_path: Path, moment: int, told: str) -> None:
    whole = Path(shutil.copytree(small_corpus.root, tmp_path / "whole"))
    assert variorum("withdraw", "wren", "--root", whole).returncode == 0
    killed(moment, "withdraw", "wren", "--root", small_corpus.root)
    assert small_corpus.annotations.exists() == (moment != 2)
    if moment == 2:  # nothing else may be done now, or annotations/ would be there twice
        other = variorum("adjudicate", "--root", small_corpus.root)
        assert (other.returncode, other.stdout, "broken off" in other.stderr) == (2, "", True)
    dry = variorum("withdraw", "wren", "--dry-run", "--root", small_corpus.root)
    assert (dry.returncode, "without --dry-run" in dry.stderr) == (2, True)
    again = variorum("withdraw", "wren", "--root", small_corpus.root)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith(f"an earlier withdrawal was broken off: it is {told}")
    assert again.stdout.endswith("wren is withdrawn\n")
    assert tree(small_corpus) == tree(read_corpus(whole))


def test_annotations_that_were_made_anew_since(small_corpus: Corpus, variorum: Command) -> None:
    killed(2, "withdraw", "wren", "--root", small_corpus.root)
    small_corpus.annotations.mkdir()
    before = tree(small_corpus)
    again = variorum("withdraw", "wren", "--root", small_corpus.root)
    assert (again.returncode, "made anew" in again.stderr, len(again.stderr.splitlines())) == (2, True, 1)
    assert tree(small_corpus) == before


def test_two_at_once(small_corpus: Corpus, variorum: Command) -> None:
    at = exchange.place(small_corpus.annotations)
    at.mkdir()
    with (at / "lock").open("w") as file:
        assert lock(file)
        done = variorum("withdraw", "wren", "--root", small_corpus.root)
    assert (done.returncode, "another command" in done.stderr) == (2, True)
