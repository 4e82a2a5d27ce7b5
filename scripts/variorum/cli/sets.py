"""What the measuring commands read: checked annotation sets, rounds, decisions, who annotated."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn, TypeVar

import msgspec

from variorum import reading
from variorum.checks import RULES, read_set
from variorum.checks.rule import Finding, problems
from variorum.checks.schema_rules import validate
from variorum.cli.app import fail, shown, stop_with
from variorum.cli.results import refuse
from variorum.contrast.records import Contrast
from variorum.corpus import Corpus
from variorum.decisions import Decision, Decisions, Rounds, repeated
from variorum.pooling import Pool
from variorum.problems import ERROR, Problem
from variorum.records import AnnotationSet, Annotator, Annotators, Record

__all__ = [
    "present",
    "read_annotators",
    "read_contrast_pairs",
    "read_decisions",
    "read_gold",
    "read_pool",
    "read_rounds",
    "read_sets",
    "refuse",
    "stop",
]

R = TypeVar("R", bound=Record)


def present(named: Iterable[tuple[str, Path]]) -> None:
    """End with exit code 2 at the first path that was typed and is not there; with each goes what it was typed for."""
    for name, path in named:
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for a name that no file can have
            fail(f"{name}: there is no {shown(path)}")


def read_sets(paths: Iterable[Path], corpus: Corpus, claims: AnnotationSet | None = None) -> list[AnnotationSet]:
    """The sets at these paths; ends with every error of every file and exit code 1 if one cannot be used.

    `claims` is the set whose claims their pairs are about; left out, the headers say which set of the corpus it is.
    """
    checked = [read_set(path, corpus, shown(path), claims) for path in paths]
    errors = [problem for each in checked for problem in each.problems if problem.level == ERROR]
    sets = [each.annotation_set for each in checked if each.annotation_set]
    if errors or len(sets) < len(checked):
        stop(errors)
    return sets


def read_gold(corpus: Corpus) -> AnnotationSet:
    """The corpus' gold; ends with exit code 2 if there is none."""
    if not corpus.gold.is_file():
        fail(f"there is no {shown(corpus.gold)}; `variorum adjudicate` makes it from the records")
    return read_sets([corpus.gold], corpus)[0]


def read_rounds(corpus: Corpus) -> Rounds:
    """annotations/rounds.json; ends with exit code 2 if there is none."""
    path = corpus.annotations / "rounds.json"
    if not path.is_file():
        fail(f"there is no {shown(path)}; it names the rounds that make gold (schema/rounds.schema.json)")
    return _read(path, Rounds, "rounds", corpus)


def read_pool(path: Path, corpus: Corpus) -> Pool:
    """The pool of a round that judges pairs; ends with exit code 1 if it cannot be used."""
    return _read(path, Pool, "pool", corpus)


def read_contrast_pairs(corpus: Corpus) -> Contrast | None:
    """The contrast pairs of a corpus, None if it has none; ends with exit code 1 if they cannot be used."""
    return _read(corpus.contrast, Contrast, "contrast", corpus) if corpus.contrast.is_file() else None


def read_decisions(rounds: Iterable[str], corpus: Corpus) -> list[Decision]:
    """The decisions of these rounds; a round without a file has none. Ends with exit code 1 if two are on one item."""
    paths = [path for name in rounds if (path := corpus.annotations / "decisions" / f"{name}.json").is_file()]
    placed = [
        (f"{shown(path)}::$.decisions[{i}]", decision)
        for path in paths
        for i, decision in enumerate(_read(path, Decisions, "decisions", corpus).decisions)
    ]
    decisions = [decision for _, decision in placed]
    if twice := [(placed[first][0], *placed[again]) for first, again in repeated(decisions)]:
        stop_with(
            f"{again}: a second decision on {d.item} {' '.join(d.ids)}; one is {first}" for first, again, d in twice
        )
    return decisions


def read_annotators(corpus: Corpus) -> tuple[Annotator, ...]:
    """Who annotates; empty if annotations/annotators.json is not there."""
    path = corpus.annotations / "annotators.json"
    return _read(path, Annotators, "annotators", corpus).annotators if path.is_file() else ()


def _read(path: Path, kind: type[R], concept: str, corpus: Corpus) -> R:
    """A file that is no annotation set, read strictly and held to its schema; ends with its errors and exit code 1."""
    read = reading.read_json(path, shown(path))
    errors = list(read.problems or problems(validate(read.value, corpus.schema, concept), RULES, shown(path)))
    if not errors:
        try:
            return msgspec.convert(read.value, kind)
        except msgspec.ValidationError as error:
            errors = list(problems([Finding("schema", "$", str(error))], RULES, shown(path)))
    stop(errors)


def stop(errors: Iterable[Problem]) -> NoReturn:
    """End with exit code 1 and one line a problem."""
    stop_with(problem.line() for problem in errors)
