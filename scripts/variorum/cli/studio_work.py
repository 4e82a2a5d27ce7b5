"""`variorum studio` push, submit and pull: articles and pairs into Label Studio, labels in and out of it."""

from pathlib import Path
from typing import Annotated

import typer

from variorum import checks, withdrawal
from variorum.cli import studio_rounds as rounds
from variorum.cli.app import Root, fail, lines, open_corpus, shown
from variorum.cli.studio import studio
from variorum.cli.studio_connect import (
    Claims,
    Connection,
    Data,
    People,
    RoundName,
    TokenFile,
    Url,
    Where,
    as_annotator,
    connections,
    project,
    told,
    where,
)
from variorum.cli.studio_records import keep, printed, store
from variorum.cli.withdraw import withdrawn
from variorum.corpus import Corpus
from variorum.label_studio import client, exports, filing, sending
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import ARTICLE_LAYERS, Kept, Round, check_layers, same
from variorum.label_studio.tasks import TaskData
from variorum.records import AnnotationSet


@studio.command()
def push(
    round_name: RoundName,
    root: Root = None,
    data: Data = None,
    layers: Annotated[str, typer.Option(help="Layers that a round of articles asks for.")] = ",".join(ARTICLE_LAYERS),
    pairs: Annotated[
        Path | None, typer.Option(help="Push these claim pairs: an annotation set, or a JSON list.")
    ] = None,
    screening: Annotated[
        bool, typer.Option("--screening", help="Push every two articles, for annotators to list pairs of claims.")
    ] = False,
    claims: Claims = None,
    practice: Annotated[bool, typer.Option("--practice", help="Agreement is not measured on this round.")] = False,
    predictions: Annotated[Path | None, typer.Option(help="Begin each task with a system's labels.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Show predictions although agreement is measured.")] = False,
    url: Url = None,
    token_file: TokenFile = None,
) -> None:
    """Push the articles, or with --pairs claim pairs, as the tasks of a round. Done twice it is as done once."""
    if screening and pairs:
        fail("--screening and --pairs are two kinds of round: give one of them")
    corpus, there = open_corpus(root), where(root, data, url, token_file)
    text = rounds.guidelines_text(corpus)
    with told():
        asked, tasks = _round(corpus, round_name, check_layers(tuple(layers.split(","))), pairs, screening, claims)
        asked = rounds.for_practice(asked, practice)
        shown_set = rounds.predicted(corpus, predictions, claims) if predictions else None
        if shown_set and asked.measured and not force:
            raise StudioError(sending.MEASURED.format(round=asked.round))
        for connection in connections(there):
            html = rounds.instructions(text, asked.kind)
            pushed = sending.push(connection.studio, asked, corpus.schema, html, tasks.values())
            lines([f"{_named(connection, asked)}: {pushed.made} tasks made, {pushed.there} were there already"])
            if shown_set:
                results = rounds.prediction_results(shown_set, asked, corpus, tasks, shown(predictions or Path()))
                given = sending.predict(connection.studio, pushed.project, results, shown_set.source, force)
                lines([f"{_named(connection, asked)}: {given} tasks begin with the labels of {shown_set.source}"])


def _round(
    corpus: Corpus, name: str, layers: tuple[str, ...], pairs: Path | None, screening: bool, claims: Path | None
) -> tuple[Round, dict[str, TaskData]]:
    """The round that the options of push describe, and its tasks by the names they are known by."""
    text = rounds.guidelines_text(corpus)
    if screening:
        return rounds.screening(corpus, name, claims, text)
    if pairs is not None:
        return rounds.pool(corpus, name, pairs, claims, text)
    asked = rounds.article_round(corpus, name, layers, text)
    return asked, {str(task["doc_id"]): task for task in rounds.article_tasks(corpus, asked)}


def _named(connection: Connection, asked: Round) -> str:
    return f"{asked.title} ({connection.annotator})" if connection.annotator else asked.title


@studio.command()
def submit(
    file: Annotated[Path, typer.Argument(help="An annotation set, as annotations/FORMAT.md describes it.")],
    annotator: Annotated[str, typer.Option("--as", help="The annotator; has to be the file's source.")],
    root: Root = None,
    data: Data = None,
    claims: Claims = None,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """Check a file, and file its labels as that annotator's own annotations. With errors nothing is sent."""
    corpus, name = open_corpus(root), shown(file)
    there = where(root, data, url, token_file, people)
    other = rounds.claims_at(claims)
    checked = checks.read_set(file, corpus, name, other)
    if printed(checked.problems) or checked.annotation_set is None:
        fail("nothing was sent", 1)
    annotation_set = checked.annotation_set
    if annotation_set.source != annotator:
        fail(f"{name} is {annotation_set.source}'s, not {annotator}'s: nothing was sent")
    with told():
        _file(corpus, there, annotation_set, other, name)


def _file(corpus: Corpus, there: Where, annotation_set: AnnotationSet, other: AnnotationSet | None, name: str) -> None:
    mine = as_annotator(there, annotation_set.source)
    everybody = [each for each in connections(there) if each.studio.url == mine.studio.url]
    connection = everybody[0].studio  # as administrator, where there is one
    found_project, tasks = rounds.project_for(connection, corpus, annotation_set, other)
    found = list(filing.check_header(annotation_set, found_project.asked, name))
    if found_project.asked.kind is Kind.pairs:
        found += rounds.outside_pool(connection, found_project, annotation_set, name)
    if not found:
        todo = rounds.filing_of(annotation_set, found_project.asked, corpus, tasks, name)
        found += todo.problems
    if printed(found):
        fail("nothing was sent", 1)
    if found_project.asked.open:
        html = rounds.instructions(rounds.guidelines_text(corpus), found_project.asked.kind)
        sending.push(connection, found_project.asked, corpus.schema, html, tasks.values())
    done = sending.submit(mine.studio, found_project, todo.results)
    title = found_project.asked.title
    lines([f"{title}: {done.made} annotations made, {done.changed} changed, {done.same} as before"])


@studio.command()
def pull(
    round_name: RoundName,
    root: Root = None,
    data: Data = None,
    pairs: Annotated[Path | None, typer.Option(help="The pool that was pushed: gives each pair its stratum.")] = None,
    claims: Claims = None,
    adjudication: Annotated[
        bool, typer.Option("--adjudication", help="Pull what was decided on the round's open items.")
    ] = False,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """Pull a round: the export as it came (without e-mails), and from it a record for each annotator.

    If the round is spread over several servers, what comes from them is put together.
    """
    corpus, there = open_corpus(root), where(root, data, url, token_file, people)
    other = rounds.claims_at(claims)
    with told():
        strata = rounds.strata(pairs)
        kind = Kind.adjudication if adjudication else None
        asked, tasks = _pulled(connections(there), corpus, round_name, kind)
    export, kept = exports.to_bytes(tasks), Kept(asked, strata)
    store(corpus, export, kept)
    raise typer.Exit(1 if keep(corpus, exports.from_bytes(export), kept, other) else 0)


def _pulled(
    listed: list[Connection], corpus: Corpus, round_name: str, kind: Kind | None
) -> tuple[Round, list[exports.Task]]:
    """The round and its tasks, from all servers that it is on; nothing is kept unless all of them answer."""
    if kind is Kind.adjudication:  # only the adjudicator's server has it
        listed = [each for each in listed if client.find(each.studio, round_name, kind)] or listed
    projects = [(each, project(each, corpus, round_name, kind)) for each in listed]
    asked = projects[0][1].asked
    for connection, found in projects:
        if not same(found.asked, asked) or found.asked.guideline_version != asked.guideline_version:
            raise StudioError(f"{connection.annotator}'s server has {asked.title!r} with other settings: push it again")
    pulled = [client.pull(connection.studio, found, connection.pseudonyms) for connection, found in projects]
    tasks = exports.merged(pulled, asked.key)
    for source in withdrawn(corpus):
        tasks = withdrawal.from_export(tasks, source)
    return asked, tasks
