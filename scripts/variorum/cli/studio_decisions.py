"""`variorum studio adjudicate`: what annotators did not agree on, for an adjudicator to decide in the browser.

`variorum studio pull --adjudication` brings the decisions back, into annotations/decisions/.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from variorum import adjudication
from variorum.cli import studio_rounds as rounds
from variorum.cli.app import Root, fail, lines, notes, open_corpus, shown
from variorum.cli.sets import read_decisions, read_rounds, read_sets, refuse
from variorum.cli.studio import studio
from variorum.cli.studio_connect import Data, People, TokenFile, Url, as_annotator, connections, told, where
from variorum.corpus import Corpus, write_whole
from variorum.decisions import Decision, Decisions
from variorum.label_studio import sending
from variorum.label_studio.evidence import evidence
from variorum.label_studio.questions import Question, can_be_asked, question_task
from variorum.label_studio.tasks import TaskData
from variorum.records import AnnotationSet, to_json


@studio.command()
def adjudicate(
    adjudicator: Annotated[str, typer.Argument(help="Pseudonym of who decides; an account is made if there is none.")],
    root: Root = None,
    data: Data = None,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """Push every open item of `variorum adjudicate` as a question; done again it adds those that came up since."""
    corpus, there = open_corpus(root), where(root, data, url, token_file, people)
    round_name, sets, outcome = _outcome(corpus)
    questions = [Question(each.item, each.ids, each.votes) for each in outcome.open]
    if not questions:
        lines(["nothing is open: `variorum adjudicate` makes gold"])
        return
    lines(f"not to be decided, but to be judged or labelled anew: {each.key}" for each in _unasked(questions))
    text = rounds.guidelines_text(corpus)
    asked = rounds.adjudication_round(corpus, round_name, text)
    tasks = list(_tasks(questions, sets, outcome.annotation_set, corpus))
    with told():
        mine = as_annotator(there, adjudicator)
        server = next(each for each in connections(there) if each.studio.url == mine.studio.url)
        html = rounds.instructions(text, asked.kind)
        pushed = sending.push(server.studio, asked, corpus.schema, html, tasks)
    lines([f"{asked.title}: {pushed.made} questions made, {pushed.there} were there already"])
    lines([f"{adjudicator}: {pushed.project.link(server.studio.url)}"])
    notes.next(f"variorum studio pull --adjudication --round {round_name}")


def _outcome(corpus: Corpus) -> tuple[str, list[AnnotationSet], adjudication.Outcome]:
    """The first of the rounds of gold where something is open, its sets, and what came out of them."""
    names = read_rounds(corpus)
    articles = read_sets(corpus.records(names.articles), corpus)
    if not articles:
        fail(f"there are no records of the round {names.articles} under {shown(corpus.annotations / 'records')}")
    try:
        consolidated = adjudication.consolidate(articles, read_decisions([names.articles], corpus))
        if consolidated.open or not names.pairs:
            return names.articles, articles, consolidated
        pairs = read_sets((path for name in names.pairs for path in corpus.records(name)), corpus)
        judged = read_decisions(names.pairs, corpus)
        gold = adjudication.gold(consolidated.annotation_set, pairs, judged, names.version)
    except ValueError as error:
        fail(str(error), 1)
    return names.pairs[-1], pairs, gold


def _unasked(questions: Iterable[Question]) -> list[Question]:
    return [question for question in questions if not can_be_asked(question)]


def _tasks(
    questions: Iterable[Question], sets: list[AnnotationSet], made: AnnotationSet, corpus: Corpus
) -> Iterator[TaskData]:
    for question in (question for question in questions if can_be_asked(question)):
        what = evidence(question, sets, made.claims or (), corpus.documents)
        yield question_task(question, what, corpus.schema)


def decide(corpus: Corpus, round_name: str, decisions: Iterable[Decision]) -> None:
    """Put decisions into the file of their round, in place of earlier ones on the same items."""
    path = corpus.annotations / "decisions" / f"{round_name}.json"
    old = {(each.item, each.ids): each for each in read_decisions([round_name], corpus)}
    new = {(each.item, each.ids): each for each in decisions}
    if old | new != old:
        try:
            write_whole(path, to_json(Decisions(tuple((old | new).values()))))
        except OSError as error:
            refuse(path, error)
    changed = sum(key in old and old[key] != new[key] for key in new)
    lines([f"{shown(path)}: {len(new.keys() - old.keys())} decisions added, {changed} changed"])
