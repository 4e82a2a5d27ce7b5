"""`variorum adjudicate`: from records and decisions to the consolidated set and gold."""

from collections.abc import Callable
from pathlib import Path

import typer

from variorum import adjudication
from variorum.checks import check_set
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.sets import read_decisions, read_rounds, read_sets, refuse
from variorum.corpus import Corpus, write_set
from variorum.decisions import Decision
from variorum.problems import ERROR
from variorum.records import AnnotationSet, to_json


@app.command()
def adjudicate(root: Root = None) -> None:
    """Make annotations/consolidated.json and annotations/gold.json; exit code 1 and a list if something is open."""
    corpus = open_corpus(root)
    rounds = read_rounds(corpus)
    articles = read_sets(corpus.records(rounds.articles), corpus)
    if not articles:
        fail(f"there are no records of the round {rounds.articles} under {shown(corpus.annotations / 'records')}")
    decided = read_decisions([rounds.articles], corpus)
    consolidated = _made(lambda: adjudication.consolidate(articles, decided), corpus.consolidated, corpus)
    pairs = read_sets((path for name in rounds.pairs for path in corpus.records(name)), corpus)
    judged = read_decisions(rounds.pairs, corpus)
    gold = _made(lambda: adjudication.gold(consolidated, pairs, judged, rounds.version), corpus.gold, corpus)
    if gold.contradictions is None:
        lines([f"no pairs are judged yet (rounds: {', '.join(rounds.pairs) or 'none'}): gold has no contradictions"])


def _made(make: Callable[[], adjudication.Outcome], path: Path, corpus: Corpus) -> AnnotationSet:
    """Write what was made if nothing is open, no decision is in vain and the checks pass; else exit code 1."""
    try:
        outcome = make()
    except ValueError as error:
        fail(str(error), 1)
    problems = [*(f"open: {each.line()}" for each in outcome.open), *map(_in_vain, outcome.unused)]
    if not problems:
        checked = check_set(to_json(outcome.annotation_set), shown(path), corpus)
        problems = [problem.line() for problem in checked.problems if problem.level == ERROR]
    if problems:
        lines([*problems, f"{shown(path)} is not written: to decide or mend: {len(problems)}"])
        raise typer.Exit(1)
    try:
        write_set(path, outcome.annotation_set)
    except OSError as error:
        refuse(path, error)
    lines([f"{shown(path)} is written"])
    return outcome.annotation_set


def _in_vain(decision: Decision) -> str:
    return f"in vain: the decision on {decision.item} {' '.join(decision.ids)} is about nothing that anybody labelled"
