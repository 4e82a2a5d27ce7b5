"""`variorum adjudicate`: from records and decisions to the consolidated set and gold."""

from pathlib import Path

import typer

from variorum.adjudication import Outcome
from variorum.checks import check_set
from variorum.cli import outcomes
from variorum.cli.app import Root, app, lines, open_corpus, shown
from variorum.cli.results import write
from variorum.cli.sets import read_rounds
from variorum.corpus import Corpus
from variorum.decisions import Decision
from variorum.problems import ERROR
from variorum.records import AnnotationSet, to_json


@app.command()
def adjudicate(root: Root = None) -> None:
    """Make annotations/consolidated.json and annotations/gold.json; exit code 1 and a list if something is open."""
    corpus = open_corpus(root)
    rounds = read_rounds(corpus)
    consolidated = _written(outcomes.consolidated(corpus, rounds), corpus.consolidated, corpus)
    gold = _written(outcomes.gold(corpus, rounds, consolidated), corpus.gold, corpus)
    if gold.contradictions is None:
        lines([f"no pairs are judged yet (rounds: {', '.join(rounds.pairs) or 'none'}): gold has no contradictions"])


def _written(outcome: Outcome, path: Path, corpus: Corpus) -> AnnotationSet:
    """Write what was made if nothing is open, no decision is in vain and the checks pass; else exit code 1."""
    problems = [*(f"open: {each.line()}" for each in outcome.open), *map(_in_vain, outcome.unused)]
    if not problems:
        checked = check_set(to_json(outcome.annotation_set), shown(path), corpus)
        problems = [problem.line() for problem in checked.problems if problem.level == ERROR]
    if problems:
        lines([*problems, f"{shown(path)} is not written: to decide or mend: {len(problems)}"])
        raise typer.Exit(1)
    write(path, to_json(outcome.annotation_set))
    lines([f"{shown(path)} is written"])
    return outcome.annotation_set


def _in_vain(decision: Decision) -> str:
    return f"in vain: the decision on {decision.item} {' '.join(decision.ids)} is about nothing that anybody labelled"
