"""`variorum verify` and `variorum diff`: a dataset against itself, and against another version."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from variorum import dataset, reading
from variorum.cli.app import Format, app, fail, lines, printed, shown
from variorum.cli.results import to_text
from variorum.cli.score_inputs import layout
from variorum.cli.sets import stop
from variorum.corpus import Corpus
from variorum.decisions import Decision, Rounds
from variorum.records import AnnotationSet, from_json

Printed = Annotated[Format, printed()]


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder.")],
    format: Printed = Format.table,
) -> None:
    """Compare a dataset with the hashes of its files and with what can be computed anew; exit code 1 if one differs."""
    from variorum.dataset import verifying

    try:
        found = list(verifying.verify(folder, agreement))
        skipped = list(verifying.left_out(dataset.read(folder)))
    except (dataset.Unreadable, dataset.NoLibrary) as error:
        fail(str(error))
    if format is Format.json:
        lines([to_text({"differences": found, "not_computed_anew": skipped})])
    else:
        lines(found)
        lines(f"not computed anew: {what}" for what in skipped)
        lines([f"{len(found)} differences in {shown(folder)}"])
    if found:
        raise typer.Exit(1)


def agreement(made: dataset.Material) -> dict[str, Any] | None:
    """Agreement between all records of a dataset, as `variorum agreement` writes it; None without the texts."""
    from variorum import agreement as measure

    if not made.has_texts:
        return None
    corpus = Corpus(Path(), made.schema, dict(made.documents))
    texts = {key: document.text for key, document in made.documents.items()}
    known = measure.Knowledge(made.schema, layout(corpus), texts, {each.source: each.kind for each in made.sources})
    making = measure.Making(made.rounds, *_decisions(made, made.rounds)) if made.rounds else None
    return measure.as_json(measure.agreement(list(made.annotators), known, measure.Config(), making))


def _decisions(made: dataset.Material, rounds: Rounds) -> tuple[list[Decision], list[Decision]]:
    """The decisions on articles and those on pairs."""
    on_pairs = [decision for name in rounds.pairs for decision in made.decisions.get(name, ())]
    return list(made.decisions.get(rounds.articles, ())), on_pairs


@app.command()
def diff(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="A dataset folder, or an annotation set such as gold.json.")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same of a later version.")],
    details: Annotated[bool, typer.Option("--details", help="Every record by its id.")] = False,
    format: Printed = Format.table,
) -> None:
    """What changed between two versions of the labels, layer by layer, for the changelog."""
    from variorum.dataset import changes

    before, after = _gold(old), _gold(new)
    if format is Format.json:
        found = msgspec.to_builtins(changes.changes(before, after))
        lines([to_text({"old": _version(before), "new": _version(after), "layers": found})])
        return
    lines([f"Labels, {_version(before)} to {_version(after)}:", ""])
    lines(changes.account(before, after, details))


def _version(each: AnnotationSet) -> str:
    return (each.round or each.source).removeprefix("gold-")


def _gold(path: Path) -> AnnotationSet:
    """The set at a path; ends with exit code 2 if there is none, with 1 if it is broken."""
    if path.is_dir():
        try:
            return dataset.read(path).gold
        except dataset.Unreadable as error:
            fail(str(error))
    if not path.is_file():
        fail(f"{shown(path)} is neither a dataset folder nor an annotation set")
    read = reading.read_json(path, shown(path))
    if read.problems:
        stop(read.problems)
    try:
        return from_json(path.read_bytes())
    except msgspec.DecodeError as error:
        fail(f"{shown(path)} is no annotation set: {error}", 1)
