"""`variorum check`: everything that is wrong with annotation sets, or with a whole corpus."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from variorum.checks import check_corpus, check_file, corpus_files, read_claims
from variorum.checks.stored import json_files
from variorum.cli.app import Root, app, fail, lines, open_corpus, printed, shown
from variorum.cli.waiting import bars
from variorum.corpus import CorpusError, find_root, require_sources
from variorum.problems import ERROR, Problem, in_order, summary
from variorum.records import AnnotationSet


class Report(StrEnum):
    text = "text"
    json = "json"


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, or folders: all *.json below.")] = None,
    root: Root = None,
    claims: Annotated[Path | None, typer.Option(help="The set whose claims the pairs are about.")] = None,
    report: Annotated[Report, printed("How problems are printed.")] = Report.text,
) -> None:
    """Check annotation sets; without PATHS the whole corpus. Exit code 0: no errors, 1: errors, 2: wrong usage."""
    if paths:
        count, found = _files(paths, root, _claims_set(claims))
    elif claims:
        fail("--claims goes with PATHS")
    else:
        count, found = _corpus(root)
    problems = in_order(found)
    lines(_report(problems, count, report))
    raise typer.Exit(any(problem.level == ERROR for problem in problems))


def _corpus(root: Path | None) -> tuple[int, Iterator[Problem]]:
    try:
        folder = find_root(Path.cwd()) if root is None else root
        require_sources(folder)
    except CorpusError as error:
        fail(str(error))
    return len(corpus_files(folder)), check_corpus(folder, shown, _checking)


def _files(paths: list[Path], root: Path | None, claims: AnnotationSet | None) -> tuple[int, Iterator[Problem]]:
    corpus = open_corpus(root)
    files = [file for path in paths for file in (_below(path) if _is_folder(path) else [path])]
    return len(files), (p for path in _checking(files) for p in check_file(path, corpus, shown(path), claims).problems)


def _checking(files: Iterable[Path]) -> Iterable[Path]:
    return bars.tracked(files, "checking")


def _below(folder: Path) -> list[Path]:
    return list(json_files(folder)) or fail(f"{shown(folder)}: there is no *.json in this folder")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, say; reading the file will tell
        return False


def _claims_set(path: Path | None) -> AnnotationSet | None:
    if path is None:
        return None
    return read_claims(path) or fail(f"--claims {shown(path)}: no annotation set with offsets can be read there")


def _report(problems: list[Problem], files: int, report: Report) -> Iterator[str]:
    if report is Report.json:
        yield msgspec.json.format(msgspec.json.encode([_plain(problem) for problem in problems])).decode()
        return
    yield from (problem.line() for problem in problems)
    yield summary(problems, files)


def _plain(problem: Problem) -> dict[str, str]:
    """As JSON; names of files may hold bytes that UTF-8 cannot write."""
    plain: dict[str, str] = msgspec.to_builtins(problem)
    return {key: value.encode("utf-8", "backslashreplace").decode() for key, value in plain.items()}
