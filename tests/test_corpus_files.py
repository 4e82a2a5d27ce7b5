"""Files of a corpus that are broken, missing, changed, or no files at all: every command says so and ends."""

import json
import os
from pathlib import Path

import pytest
from support import Command

from variorum.checks import check_corpus
from variorum.corpus import Corpus, CorpusError, read_corpus, read_unverified

COMMANDS = (("baseline", "empty"), ("build",), ("adjudicate",), ("score", "x.json"), ("agreement",))


def refused(root: Path) -> str:
    with pytest.raises(CorpusError) as error:
        read_corpus(root)
    return str(error.value)


def change_sources(corpus: Corpus, **fields: object) -> None:
    path = corpus.root / "seeds" / "sources.json"
    value = json.loads(path.read_bytes())
    value["sources"][0].update(fields)
    path.write_text(json.dumps(value), encoding="utf-8")


def seed(corpus: Corpus) -> Path:
    return corpus.root / "seeds" / next(iter(corpus.documents.values())).source.file


def files(corpus: Corpus) -> list[Path]:
    return [corpus.root / "seeds" / "sources.json", seed(corpus), corpus.root / "schema" / "labels.schema.json"]


@pytest.mark.parametrize("which", [0, 1, 2], ids=["sources", "seed", "labels"])
@pytest.mark.parametrize("what", ["pipe", "device", "folder", "nowhere"])
def test_only_regular_files_are_read(small_corpus: Corpus, which: int, what: str) -> None:
    path = files(small_corpus)[which]
    path.unlink()
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if what == "device" else "none")
    assert refused(small_corpus.root).startswith(f"{path}: ")
    assert any(problem.rule in ("unreadable", "labels-file") for problem in check_corpus(small_corpus.root))


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[" * 10**5, b'{"sources": [], "sources": []}', b"{}", b"7"])
def test_a_broken_list_of_sources_is_named(small_corpus: Corpus, data: bytes) -> None:
    path = small_corpus.root / "seeds" / "sources.json"
    path.write_bytes(data)
    assert refused(small_corpus.root).startswith(f"{path}: ")


def test_a_labels_file_that_is_refused_is_named(small_corpus: Corpus) -> None:
    path = small_corpus.root / "schema" / "labels.schema.json"
    path.write_bytes(b"{}")
    assert refused(small_corpus.root).startswith(f"{path}: not a file of label sets")


@pytest.mark.parametrize("file", ["../../../../../../../../../../etc/passwd", "../x.txt", ".."])
def test_no_file_outside_the_folder_is_opened(small_corpus: Corpus, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change_sources(small_corpus, file=file)
    opened: list[str] = []
    plain = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(str(path)) or plain(path, *rest, **more))
    assert "sources.json: $.sources[0].file: " in refused(small_corpus.root)
    assert {Path(path).name for path in opened} == {"sources.json", "labels.schema.json"}


# --- texts that are others ------------------------------------------------------------------------------------


def test_a_changed_letter_is_seen(small_corpus: Corpus) -> None:
    path = seed(small_corpus)
    text = path.read_bytes().decode()
    path.write_bytes((text[:-5] + chr(ord(text[-5]) ^ 1) + text[-4:]).encode())
    assert refused(small_corpus.root).startswith(f"{path}: not the text that sources.json describes")
    assert len(read_unverified(small_corpus.root).documents) == len(small_corpus.documents)
    rules = [problem.rule for problem in check_corpus(small_corpus.root)]
    assert rules[0] == "seed-hash"


@pytest.mark.parametrize("fields", [{"n_chars": 3}, {"sha256": "0" * 64}])
def test_a_changed_measure_is_seen(small_corpus: Corpus, fields: dict[str, object]) -> None:
    change_sources(small_corpus, **fields)
    assert "not the text that sources.json describes" in refused(small_corpus.root)


def test_check_tells_all_and_other_commands_stop(small_corpus: Corpus, variorum: Command) -> None:
    change_sources(small_corpus, n_chars=3)
    record = next(small_corpus.records())
    record.write_bytes(b"{}")
    done = variorum("check", "--root", small_corpus.root)
    assert done.returncode == 1 and "[seed-hash]" in done.stdout and record.name in done.stdout
    for command in COMMANDS:
        done = variorum(*command, "--root", small_corpus.root)
        assert (done.returncode, done.stdout) == (2, ""), command
        assert "not the text that sources.json describes" in done.stderr and done.stderr.count("\n") == 1


def test_every_command_says_alike_that_there_is_no_corpus(small_corpus: Corpus, variorum: Command) -> None:
    (small_corpus.root / "seeds" / "sources.json").unlink()
    done = [variorum(*command, "--root", small_corpus.root) for command in (("check",), *COMMANDS)]
    ((code, printed, said),) = {(each.returncode, each.stdout, each.stderr) for each in done}
    assert (code, printed) == (2, "") and said.startswith("variorum: no corpus at ")


@pytest.mark.parametrize(
    "command", ["score", "agreement", "disagreements", "summary", "predict-template", "leaderboard"]
)
def test_findings_leave_standard_output_to_the_program_that_reads_it(
    small_corpus: Corpus, variorum: Command, command: str
) -> None:
    for path in (small_corpus.gold, small_corpus.record("articles", "wren")):
        path.write_bytes(b"{")
    (small_corpus.leaderboard / "some").mkdir(parents=True)
    asked = (command, *([small_corpus.gold] if command == "score" else []), "--root", small_corpus.root)
    done = variorum(*asked, "--format", "json")
    assert (done.returncode, done.stdout) == (1, "") and "[not-json]" in done.stderr
    if command != "predict-template":  # which has no format for people
        done = variorum(*asked)
        assert (done.returncode, done.stderr) == (1, "") and "[not-json]" in done.stdout
