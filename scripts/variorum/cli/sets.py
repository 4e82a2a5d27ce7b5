"""What the measuring commands read: checked annotation sets, rounds, decisions, who annotated."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec
import typer

from variorum.checks import read_set
from variorum.cli.app import fail, lines, shown
from variorum.corpus import Corpus
from variorum.decisions import Decision, Decisions, Rounds
from variorum.problems import ERROR
from variorum.records import AnnotationSet, Annotators, Record

R = TypeVar("R", bound=Record)


def read_sets(paths: Iterable[Path], corpus: Corpus, claims: AnnotationSet | None = None) -> list[AnnotationSet]:
    """The sets at these paths; ends with every error of every file and exit code 1 if one cannot be used.

    `claims` is the set whose claims their pairs are about; left out, the headers say which set of the corpus it is.
    """
    checked = [read_set(path, corpus, shown(path), claims) for path in paths]
    errors = [problem for each in checked for problem in each.problems if problem.level == ERROR]
    sets = [each.annotation_set for each in checked if each.annotation_set]
    if errors or len(sets) < len(checked):
        lines(problem.line() for problem in errors)
        raise typer.Exit(1)
    return sets


def read_gold(corpus: Corpus, path: Path | None = None) -> AnnotationSet:
    """The set that stands for gold; ends with exit code 2 if there is none."""
    path = path or corpus.gold
    if not path.is_file():
        fail(f"there is no {shown(path)}; `variorum adjudicate` makes it from the records")
    return read_sets([path], corpus)[0]


def read_rounds(corpus: Corpus) -> Rounds:
    """annotations/rounds.json; ends with exit code 2 if there is none."""
    path = corpus.annotations / "rounds.json"
    if not path.is_file():
        fail(f"there is no {shown(path)}; it names the rounds that make gold (schema/rounds.schema.json)")
    return _read(path, Rounds, "rounds", corpus)


def read_decisions(rounds: Iterable[str], corpus: Corpus) -> list[Decision]:
    """The decisions of these rounds; a round without a file has none."""
    paths = (corpus.annotations / "decisions" / f"{name}.json" for name in rounds)
    files = [_read(path, Decisions, "decisions", corpus) for path in paths if path.is_file()]
    return [decision for file in files for decision in file.decisions]


def read_annotators(corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """Each annotator and what it is; empty if annotations/annotators.json is not there."""
    path = corpus.annotations / "annotators.json"
    if not path.is_file():
        return ()
    kinds = {label.const: label.title for label in corpus.schema.label_sets["annotator_kind"]}
    everybody = _read(path, Annotators, "annotators", corpus).annotators
    return tuple((a.source, f"{kinds[a.kind]}. {a.description}") for a in everybody)


def _read(path: Path, kind: type[R], concept: str, corpus: Corpus) -> R:
    """A file that is no annotation set, held to its schema; ends with one line an error and exit code 1."""
    try:
        value = msgspec.json.decode(path.read_bytes())
        errors = [f"{e.json_path}: [schema] {e.message}" for e in corpus.schema.validator(concept).iter_errors(value)]
        record = None if errors else msgspec.convert(value, kind)
    except (OSError, ValueError, RecursionError) as error:
        record, errors = None, [f"$: [schema] {error}"]
    if record is None:
        lines(f"{shown(path)}::{error}" for error in errors)
        raise typer.Exit(1)
    return record


def refuse(path: Path, error: OSError) -> None:
    """End with exit code 2 because a file or folder cannot be written."""
    fail(f"{shown(path)} cannot be written: {error.strerror or error}")
