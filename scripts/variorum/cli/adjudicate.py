"""`variorum adjudicate`: from records and decisions to the consolidated set and gold."""

from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from variorum.adjudication import Outcome
from variorum.checks import check_set
from variorum.cli import outcomes
from variorum.cli.app import Format, Root, app, lines, notes, open_corpus, printed, shown
from variorum.cli.results import to_text, write
from variorum.cli.sets import read_rounds
from variorum.corpus import Corpus
from variorum.decisions import Decision
from variorum.problems import ERROR, Problem
from variorum.records import AnnotationSet, to_json


@app.command()
def adjudicate(
    root: Root = None,
    format: Annotated[Format, printed()] = Format.table,
) -> None:
    """Make annotations/consolidated.json and annotations/gold.json; exit code 1 and a list if something is open."""
    corpus = open_corpus(root)
    rounds = read_rounds(corpus)
    consolidated = _written(outcomes.consolidated(corpus, rounds), corpus.consolidated, corpus, format)
    gold = _written(outcomes.gold(corpus, rounds, consolidated), corpus.gold, corpus, format)
    if format is Format.json:
        lines([_plain(Outcome(gold), [])])
        return
    if gold.contradictions is None:
        lines([f"no pairs are judged yet (rounds: {', '.join(rounds.pairs) or 'none'}): gold has no contradictions"])
        notes.next("variorum studio push --screening --round screening", "variorum build")
    else:
        notes.next("variorum build")


def _written(outcome: Outcome, path: Path, corpus: Corpus, format: Format) -> AnnotationSet:
    """Write what was made if nothing is open, no decision is in vain and the checks pass; else exit code 1."""
    errors = []
    if not (outcome.open or outcome.unused):
        checked = check_set(to_json(outcome.annotation_set), shown(path), corpus)
        errors = [problem for problem in checked.problems if problem.level == ERROR]
    if outcome.open or outcome.unused or errors:
        _stopped(outcome, errors, path, format)
    write(path, to_json(outcome.annotation_set))
    if format is Format.table:
        notes(f"{shown(path)} is written")
    return outcome.annotation_set


def _stopped(outcome: Outcome, errors: list[Problem], path: Path, format: Format) -> NoReturn:
    """End with exit code 1 and all that stands against writing the file."""
    if format is Format.json:
        lines([_plain(outcome, errors)])
        raise typer.Exit(1)
    problems = [*(f"open: {each.line()}" for each in outcome.open), *map(_in_vain, outcome.unused)]
    problems += [problem.line() for problem in errors]
    lines([*problems, f"{shown(path)} is not written: to decide or mend: {len(problems)}"])
    if outcome.open:
        notes.next("variorum studio adjudicate WHO_DECIDES", "variorum disagreements")
    raise typer.Exit(1)


def _plain(outcome: Outcome, errors: list[Problem]) -> str:
    """What is open, in vain or wrong, as JSON; three empty lists if gold is written."""
    found: dict[str, Any] = {"open": outcome.open, "in_vain": outcome.unused, "problems": errors}
    return to_text(msgspec.to_builtins(found))


def _in_vain(decision: Decision) -> str:
    return f"in vain: the decision on {decision.item} {' '.join(decision.ids)} is about nothing that anybody labelled"
