"""The README does what it says: its commands and its Python are run, in its order, in a copy of the corpus.

A block whose fence says `not-run` needs another machine, a server, a network, or is `make` itself; which ones these are
is fixed below. The section on articles of one's own is run by test_own_corpus.py, which puts labels in between.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt
from support import ROOT
from test_repository import repository_files
from typer.testing import CliRunner

from variorum.cli import app, docs
from variorum.corpus import Corpus
from variorum.dataset import datasheet

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
ELSEWHERE = "You have articles of your own"
NOT_RUN = {"make", "variorum studio", "vllm", "export", "variorum baseline llm", "spark", "ray"}
LEFT_OUT = (
    ".venv",
    "build",
    "tests",
    "docs",
    "benchmarks",
    "scripts",
    "leaderboard",
)  # not read


class Block(NamedTuple):
    """A fenced block: below which heading, what it says it is, and its lines."""

    heading: str
    kind: str
    lines: tuple[str, ...]

    @property
    def is_run(self) -> bool:
        return "not-run" not in self.kind.split() and self.heading != ELSEWHERE


def blocks() -> Iterator[Block]:
    heading = ""
    tokens = MarkdownIt("commonmark").parse(TEXT)
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            heading = token.content
        elif token.type == "fence":
            yield Block(heading, token.info.strip(), tuple(token.content.splitlines()))


def first_words(line: str) -> str:
    """What a line starts with, as far as `NOT_RUN` names it, else the name of its program."""
    words = re.split(r"[\s.(]+", line)
    most = next((n for n in (3, 2) if " ".join(words[:n]) in NOT_RUN), 1)
    return " ".join(words[:most])


def test_only_what_cannot_be_run_here_is_not_run() -> None:
    skipped = {first_words(line) for each in blocks() if "not-run" in each.kind for line in each.lines}
    assert skipped <= NOT_RUN
    kinds = {each.kind for each in blocks()}
    assert kinds <= {"sh", "sh not-run", "python", "python not-run", "text"}
    assert any(each.heading == ELSEWHERE and each.kind == "sh" for each in blocks())


def test_it_is_short_enough_to_be_read() -> None:
    by_hand = re.sub(r"<!-- figure:.*?<!-- / -->", "", TEXT, flags=re.DOTALL)  # a row of the leaderboard is no reason
    assert len(by_hand.splitlines()) <= 200
    assert all(len(each.lines) <= 10 for each in blocks()), "ten lines each"


def test_figures_are_computed(corpus: Corpus) -> None:
    assert {"readme-agreement", "readme-leaderboard", "readme-scale"} <= datasheet.named(TEXT)
    assert datasheet.filled(TEXT, docs.all_figures(corpus)) == TEXT, "run `variorum docs`"


@pytest.mark.parametrize("root", ["tests/corpus", pytest.param(".", marks=pytest.mark.slow)])
def test_the_readme_works_as_printed(root: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a small corpus, which takes seconds; in a copy of the five articles as well if there is time."""
    here = copied(root, tmp_path / "clone")
    monkeypatch.chdir(here)
    run("variorum build")  # as `make` has done
    ran = []
    for each in blocks():
        if each.is_run and each.kind == "python":
            python("\n".join(each.lines), here)
            ran.append("python")
        elif each.is_run and each.kind == "sh":
            for line in each.lines:
                run(line.partition(" #")[0].strip())
                ran.append(first_words(line))
    assert ran.count("python") >= 2 and ran.count("variorum") >= 6
    assert (here / "build" / "errors.html").is_file()


def copied(root: str, folder: Path) -> Path:
    """What a folder of the repository has of a corpus: to be written to."""
    for path in repository_files():
        if path.is_relative_to(ROOT / root) and (inside := path.relative_to(ROOT / root)).parts[0] not in LEFT_OUT:
            (folder / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / inside)
    return folder


def run(line: str) -> None:
    """One command, in this process: a dozen of them would otherwise import the same libraries a dozen times."""
    name, *arguments = line.split()
    assert name == "variorum", line
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stderr) == (0, ""), f"{line}: {done.output}"


def python(code: str, here: Path) -> None:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code]
    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 and done.stdout.strip(), f"{code}\n{done.stdout}{done.stderr}"
