"""Exports into records: as they are pulled, and again without a server (`variorum studio records`)."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from variorum import checks
from variorum.cli import studio_pools as pools
from variorum.cli import studio_rounds as rounds
from variorum.cli.app import Root, fail, lines, open_corpus, shown
from variorum.cli.results import refuse
from variorum.cli.studio import studio
from variorum.cli.studio_connect import Claims
from variorum.cli.studio_decisions import decide
from variorum.corpus import Corpus, write_set, write_whole
from variorum.label_studio import exports
from variorum.label_studio.controls import Kind
from variorum.label_studio.rounds import Kept, from_bytes, to_bytes
from variorum.problems import ERROR, Problem, in_order
from variorum.records import AnnotationSet, to_json

_STALE = 3600.0  # seconds


def printed(problems: Iterable[Problem]) -> bool:
    """Print problems; whether one of them is an error."""
    listed = in_order(problems)
    lines(problem.line() for problem in listed)
    return any(problem.level == ERROR for problem in listed)


def store(corpus: Corpus, export: bytes, kept: Kept) -> list[exports.Task]:
    """Write an export, and beside it what else its records are made of; its tasks, as they can be read there."""
    path = rounds.export_path(corpus, kept.round.round, kept.round.kind)
    header, folder = rounds.kept_path(path), corpus.record(kept.round.round, "").parent
    if in_the_way := next((each for each in (header, path) if each.is_dir()), None):  # before either is written
        fail(f"{shown(in_the_way)} is a folder: the export cannot be written there")
    for each in (path.parent, folder):
        _sweep(each)
    with _written(path):
        write_whole(header, to_bytes(kept))
        write_whole(path, export)
    tasks = exports.from_bytes(export)
    lines([f"{shown(path)}: {len(tasks)} tasks"])
    return tasks


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """What cannot be written is one line and exit code 2."""
    try:
        yield
    except OSError as error:
        refuse(path, error)


def _sweep(folder: Path) -> None:
    """Take away what a pull that was killed left half written; nothing younger, which another one may be writing."""
    for half in folder.glob(".*.json.*"):
        if time.time() - half.stat().st_mtime > _STALE:
            half.unlink(missing_ok=True)


def keep(corpus: Corpus, tasks: list[exports.Task], kept: Kept, other: AnnotationSet | None) -> bool:
    """Make a record for each annotator of an export; whether something in it is an error."""
    path = rounds.export_path(corpus, kept.round.round, kept.round.kind)
    found = exports.sets(tasks, kept.round, corpus.documents, corpus.schema, shown(path))
    wrong = [printed(found.problems)]
    if kept.round.kind is Kind.adjudication:
        decide(corpus, kept.round.round, found.decisions)
    for source, annotation_set in found.sets.items():
        whole = pools.with_strata(annotation_set, kept.strata)
        wrong.append(_keep(corpus, corpus.record(kept.round.round, source), whole, other, source in found.faulty))
    return any(wrong)


def _keep(corpus: Corpus, path: Path, annotation_set: AnnotationSet, other: AnnotationSet | None, faulty: bool) -> bool:
    """Write a record that passes the checks and is whole; another goes to build/rejected, where it can be looked at.

    Gives back whether it was rejected.
    """
    rejected = corpus.build / "rejected" / path.parent.name / path.name
    wrong = printed(checks.check_set(to_json(annotation_set), shown(rejected), corpus, other).problems) or faulty
    target = rejected if wrong else path
    with _written(target):
        write_set(target, annotation_set)
    if wrong:
        lines([f"{shown(path)} is not written; what was pulled lies in {shown(rejected)}"])
    else:
        counts = (f"{len(getattr(annotation_set, layer))} {layer}" for layer in rounds.layers_of(annotation_set))
        lines([f"{shown(path)}: {', '.join(counts)}"])
    return wrong


@studio.command()
def records(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ROUND]...", help="Rounds; all if left out.")] = None,
    root: Root = None,
    claims: Claims = None,
) -> None:
    """Make the records of pulled rounds again from their exports; no server is needed."""
    corpus, other = open_corpus(root), pools.claims_at(claims)
    listed = [(path, *_read(path)) for path in rounds.kept_paths(corpus)]
    chosen = [each for each in listed if not names or each[1].round.round in names]
    if missing := sorted(set(names or []) - {kept.round.round for _, kept, _ in chosen}):
        fail(f"no round {', '.join(missing)} was pulled: there is nothing in {shown(corpus.annotations / 'exports')}")
    wrong = [keep(corpus, tasks, kept, other) for _, kept, tasks in chosen]
    raise typer.Exit(1 if any(wrong) else 0)


def _read(path: Path) -> tuple[Kept, list[exports.Task]]:
    """A round and its export; ends with exit code 2 if one of them is missing or broken."""
    export = rounds.export_beside(path)
    for file, read in ((path, from_bytes), (export, exports.from_bytes)):
        try:
            read(file.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            fail(f"{shown(file)} cannot be read ({' '.join(str(error).split())}): nothing was written; pull it again")
    return from_bytes(path.read_bytes()), exports.from_bytes(export.read_bytes())
