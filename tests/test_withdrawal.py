"""Who withdraws is nowhere afterwards; it happens whole or not at all."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from variorum import withdrawal
from variorum.corpus import Corpus

Command = Callable[..., subprocess.CompletedProcess[str]]
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
    assert "variorum adjudicate, variorum agreement, variorum build" in done.stdout
    after = tree(small_corpus)
    gone = {"annotations/records/articles/wren.json", "annotations/records/pairs/wren.json"}
    assert set(before) - set(after) == gone
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {f"annotations/{n}.json" for n in ("annotators", "withdrawn", "exports/articles.articles")}
    sources = [each["source"] for each in json.loads(after["annotations/annotators.json"])["annotators"]]
    assert sources == ["heron"]
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

    monkeypatch.setattr(withdraw, "_sync", full)
    before = tree(small_corpus)
    with pytest.raises(OSError, match="No space"):
        withdraw._apply(small_corpus.annotations, list(withdraw._changes(small_corpus, "wren")))
    assert tree(small_corpus) == before
    assert [path.name for path in small_corpus.root.iterdir() if path.name.startswith(".ann")] == []
