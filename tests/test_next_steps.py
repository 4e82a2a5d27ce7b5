"""Every command says what may be typed next, and what prints findings prints them as JSON, too."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from typer.main import get_command
from typer.testing import CliRunner

from variorum.cli import app
from variorum.corpus import Corpus

FINDINGS = ("adjudicate", "agreement", "check", "diff", "disagreements", "score", "summary", "validity", "verify")


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    assert done.exit_code == code, done.output
    return done.stdout


def following(printed: str) -> list[list[str]]:
    """The commands that the last line says may come next."""
    last = printed.rstrip("\n").splitlines()[-1]
    assert last.startswith("next: `"), last
    return [shlex.split(part) for each in last.split("`")[1::2] for part in each.split(";")]


def assert_there_are_such(commands: list[list[str]]) -> None:
    """That they are commands, with options that they have; not run, since some of them need a server."""
    for words in (words for words in commands if words[0] != "cd"):
        command = get_command(app)
        assert words.pop(0) == "variorum"
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        options = {name for parameter in command.params for name in parameter.opts}
        assert [word for word in words if word.startswith("--") and word not in options] == []


def test_commands_say_what_comes_next(small_corpus: Corpus, tmp_path: Path) -> None:
    root = ("--root", small_corpus.root)
    for arguments in (
        ("init", tmp_path / "new", "--texts", ROOT / "seeds"),
        ("agreement", *root, "--resamples", "0", "--layers", "mentions"),
        ("adjudicate", *root),
        ("publish", "a/b", "--dry-run", *root),
    ):
        printed = run(*arguments)
        assert_there_are_such(following(printed))
        if arguments[0] == "adjudicate":
            assert run("--quiet", *arguments) == ""


def test_what_is_open_is_told_and_who_decides_it(small_corpus: Corpus) -> None:
    (small_corpus.annotations / "decisions" / "pairs.json").unlink()
    printed = run("adjudicate", "--root", small_corpus.root, code=1)
    assert_there_are_such(following(printed))
    found = json.loads(run("adjudicate", "--root", small_corpus.root, "--format", "json", code=1))
    assert len(found["open"]) == printed.count("open: ") > 0 and found["open"][0].keys() == {"item", "ids", "votes"}
    assert found["problems"] == []


def test_findings_are_json(small_corpus: Corpus, tmp_path: Path) -> None:
    root = ("--root", str(small_corpus.root))
    run("build", *root, "--out", tmp_path / "made")
    rows = json.loads(run("summary", *root, "--format", "json"))["rows"]
    assert {"what": "articles", "how much": "3", "where": str(small_corpus.root / "seeds")} in rows
    assert json.loads(run("adjudicate", *root, "--format", "json")) == {"open": [], "in_vain": [], "problems": []}
    assert json.loads(run("verify", tmp_path / "made", "--format", "json"))["differences"] == []
    (tmp_path / "made" / "README.md").unlink()
    found = json.loads(run("verify", tmp_path / "made", "--format", "json", code=1))
    assert "README.md is not there" in found["differences"]
    gold = json.loads(small_corpus.gold.read_bytes())
    taken = gold["mentions"].pop()["mention_id"]
    (tmp_path / "less.json").write_text(json.dumps(gold), encoding="utf-8")
    layers = json.loads(run("diff", small_corpus.gold, tmp_path / "less.json", "--format", "json"))["layers"]
    assert [each["removed"] for each in layers if each["layer"] == "mentions"] == [[taken]]


@pytest.mark.parametrize("name", FINDINGS)
def test_every_command_with_findings_takes_format(name: str) -> None:
    assert "--format" in {option for parameter in get_command(app).commands[name].params for option in parameter.opts}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("variorum agr", "agreement"), ("variorum score --form", "--format"), ("variorum studio pu", "push")],
)
def test_completion_in_the_shell(typed: str, offered: str) -> None:
    code = "import sys; from variorum.cli import main; sys.argv = ['variorum']; main()"
    words = {"_VARIORUM_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), **words}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert offered in done.stdout.split(), done.stderr


def test_what_comes_next_is_about_the_corpus_that_was_named(small_corpus: Corpus, tmp_path: Path) -> None:
    root = small_corpus.root
    for words in following(run("baseline", "neutral", "--root", root)):
        assert words[-2:] == ["--root", str(root)]
    verify, baseline = following(run("build", "--root", root, "--out", tmp_path / "dataset"))
    assert "--root" not in verify  # a dataset folder is verified wherever it lies
    assert baseline[-2:] == ["--root", str(root)]
