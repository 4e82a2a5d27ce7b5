"""`variorum studio push`: articles and pairs into Label Studio, a round's project or one for each annotator."""

from collections.abc import Callable, Container, Iterable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from variorum.cli import studio_pools as pools
from variorum.cli import studio_rounds as rounds
from variorum.cli.app import Root, fail, lines, notes, open_corpus, shown
from variorum.cli.studio import studio
from variorum.cli.studio_connect import (
    Claims,
    Connection,
    Data,
    Known,
    People,
    RoundName,
    TokenFile,
    Url,
    connections,
    told,
    where,
)
from variorum.cli.withdraw import withdrawn
from variorum.corpus import Corpus
from variorum.label_studio import client, judging, sending
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import ARTICLE_LAYERS, Round, check_layers
from variorum.label_studio.tasks import TaskData
from variorum.problems import several
from variorum.records import AnnotationSet

_MISSING = "invited: `variorum studio invite`, or --people with --url, says who annotates"
Pairs = Annotated[
    Path | None, typer.Option(help="Push these claim pairs: a pool, an annotation set, or a JSON list of pairs.")
]
Judges = Annotated[
    list[str] | None, typer.Option("--for", help="With --pairs: who judges; all who are invited if left out.")
]
Screening = Annotated[
    bool, typer.Option("--screening", help="Push every two articles, for annotators to list pairs of claims.")
]
Drawn = Callable[[str | None], dict[str, TaskData]]


class Work(msgspec.Struct, frozen=True):
    """What is pushed: the round, its tasks by their ids as an annotator sees them, and which of them are known ones."""

    asked: Round
    drawn: Drawn
    known: frozenset[str] = frozenset()


class Start(msgspec.Struct, frozen=True):
    """A system's labels, with which each task begins."""

    labels: AnnotationSet
    file: str
    forced: bool


@studio.command()
def push(
    round_name: RoundName,
    root: Root = None,
    data: Data = None,
    layers: Annotated[str, typer.Option(help="Layers that a round of articles asks for.")] = ",".join(ARTICLE_LAYERS),
    pairs: Pairs = None,
    known: Known = None,
    judges: Judges = None,
    screening: Screening = False,
    claims: Claims = None,
    practice: Annotated[bool, typer.Option("--practice", help="Agreement is not measured on this round.")] = False,
    predictions: Annotated[Path | None, typer.Option(help="Begin each task with a system's labels.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Show predictions although agreement is measured.")] = False,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """Push the articles, or with --pairs claim pairs, as the tasks of a round. Done twice it is as done once.

    Everybody judges pairs in an order and on sides of one's own, which the exports record.
    """
    if screening and pairs:
        fail("--screening and --pairs are two kinds of round: give one of them")
    if (known or judges) and not pairs:
        fail("--known and --for go with --pairs")
    corpus, there = open_corpus(root), where(root, data, url, token_file, people)
    with told():
        if pairs:
            work = _pool(corpus, round_name, pairs, claims, known)
        else:
            work = _shared(corpus, round_name, check_layers(tuple(layers.split(","))), screening, claims)
        work = msgspec.structs.replace(work, asked=rounds.for_practice(work.asked, practice))
        begin = _start(corpus, predictions, claims, force)
        _push_all(connections(there), work, corpus, begin, judges)
    notes.next("variorum studio status", f"variorum studio pull --round {round_name}")


def _shared(corpus: Corpus, name: str, layers: tuple[str, ...], screening: bool, claims: Path | None) -> Work:
    """A round in which all see the same: articles, or articles side by side."""
    text = rounds.guidelines_text(corpus)
    if screening:
        asked, tasks = pools.screening(corpus, name, claims, text)
    else:
        asked = rounds.article_round(corpus, name, layers, text)
        tasks = {str(task["doc_id"]): task for task in rounds.article_tasks(corpus, asked)}
    return Work(asked, lambda _: tasks)


def _pool(corpus: Corpus, name: str, pairs: Path, claims: Path | None, known: Path | None) -> Work:
    """A round of judging, with known answers from another corpus among its pairs if there is one."""
    asked, own = pools.pool(corpus, name, pairs, claims, rounds.guidelines_text(corpus))
    parts = [own, *([pools.known_part(pools.known_corpus(known, corpus))] if known else [])]
    judging.check_parts(parts)
    ids = frozenset(pair.pair_id for part in parts[1:] for pair in part.pairs)
    return Work(asked, lambda who: judging.drawn(parts, name, who), ids)


def _start(corpus: Corpus, file: Path | None, claims: Path | None, forced: bool) -> Start | None:
    if file is None:
        return None
    return Start(rounds.predicted(corpus, file, pools.claims_at(claims)), shown(file), forced)


def _whose(
    connection: Connection, asked: Round, judges: list[str] | None, gone: Container[str]
) -> Iterable[str | None]:
    """Whose projects a server gets: each judge's own one of a pool, one for all (None) of other rounds."""
    if asked.kind is not Kind.pairs:
        return [None]
    names = [connection.annotator] if connection.annotator else sorted(set(connection.pseudonyms.values()))
    return [name for name in names if name in (judges or names) and name not in gone]


def _push_all(
    listed: list[Connection], work: Work, corpus: Corpus, begin: Start | None, judges: list[str] | None
) -> None:
    """Push to every server, once it is known that nothing stands against it."""
    if begin and work.asked.measured and not begin.forced:
        raise StudioError(sending.MEASURED.format(round=work.asked.round))
    everybody = [(each, who) for each in listed for who in _whose(each, work.asked, judges, withdrawn(corpus))]
    _check(everybody, work, judges)
    for connection, who in everybody:
        _push(connection, who, work, corpus, begin)


def _check(everybody: list[tuple[Connection, str | None]], work: Work, judges: list[str] | None) -> None:
    """StudioError, before anything is sent, if a judge is missing, or if known answers would come too late."""
    if missing := sorted(set(judges or ()) - {who for _, who in everybody if who}):
        raise StudioError(f"nobody called {several(missing)} is {_MISSING}")
    if not everybody:
        raise StudioError(f"each judges in an order of one's own, but nobody is {_MISSING}")
    for connection, who in everybody if work.known else ():
        project = client.find(connection.studio, work.asked.round, work.asked.kind, annotator=who)
        there = set(client.task_numbers(connection.studio, project)) if project else set()
        if there and not there & work.known and set(work.drawn(who)) - work.known <= there:
            raise StudioError(
                f"{who} has the pool already: known answers that come last could be told; take another round"
            )


def _push(connection: Connection, who: str | None, work: Work, corpus: Corpus, begin: Start | None) -> None:
    """Push to one server the round that all share, or one annotator's own; and print where it is labelled."""
    asked, tasks = msgspec.structs.replace(work.asked, annotator=who), work.drawn(who)
    html = rounds.instructions(rounds.guidelines_text(corpus), asked.kind)
    pushed = sending.push(connection.studio, asked, corpus.schema, html, tasks.values())
    named = f"{asked.title} ({connection.annotator})" if connection.annotator and not who else asked.title
    lines([f"{named}: {pushed.made} tasks made, {pushed.there} were there already"])
    if begin:
        results = rounds.prediction_results(begin.labels, asked, corpus, tasks, begin.file)
        given = sending.predict(connection.studio, pushed.project, results, begin.labels.source, begin.forced)
        lines([f"{named}: {given} tasks begin with the labels of {begin.labels.source}"])
    whose = connection.annotator or who
    link = pushed.project.link(connection.studio.url)
    lines(f"{name}: {link}" for name in ([whose] if whose else sorted(set(connection.pseudonyms.values()))))
