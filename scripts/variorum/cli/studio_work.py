"""`variorum studio` submit and pull: labels into Label Studio, and out of it."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from variorum import checks, withdrawal
from variorum.cli import studio_filing as files
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
    Where,
    as_annotator,
    connections,
    projects,
    say,
    told,
    where,
)
from variorum.cli.studio_records import keep, printed, store
from variorum.cli.withdraw import withdrawn
from variorum.corpus import Corpus
from variorum.label_studio import client, exports, filing, judging, sending
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import Kept, Round, from_bytes, same
from variorum.records import AnnotationSet

AFTER = {  # what may be typed once a round of a kind is pulled
    Kind.articles: ("variorum check", "variorum agreement"),
    Kind.screening: ("variorum pool SCREENING JUDGING",),
    Kind.pairs: ("variorum agreement", "variorum adjudicate"),
    Kind.adjudication: ("variorum adjudicate",),
}


@studio.command()
def submit(
    file: Annotated[Path, typer.Argument(help="An annotation set, as annotations/FORMAT.md describes it.")],
    annotator: Annotated[str, typer.Option("--as", help="The annotator; has to be the file's source.")],
    root: Root = None,
    data: Data = None,
    claims: Claims = None,
    known: Annotated[
        Path | None, typer.Option("--known", help="The file judges known answers of this corpus, in the same round.")
    ] = None,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """Check a file, and file its labels as that annotator's own annotations. With errors nothing is sent."""
    corpus, name = open_corpus(root), shown(file)
    there = where(root, data, url, token_file, people)
    other = pools.claims_at(claims)
    with told():
        answered = pools.known_corpus(known, corpus) if known else None
    checked = checks.read_set(file, answered or corpus, name, other)
    if printed(checked.problems) or checked.annotation_set is None:
        fail("nothing was sent", 1)
    annotation_set = checked.annotation_set
    if annotation_set.source != annotator:
        fail(f"{name} is {annotation_set.source}'s, not {annotator}'s: nothing was sent")
    with told():
        _file(corpus, there, annotation_set, other, name, answered)


def _file(
    corpus: Corpus,
    there: Where,
    annotation_set: AnnotationSet,
    other: AnnotationSet | None,
    name: str,
    answered: Corpus | None,
) -> None:
    mine = as_annotator(there, annotation_set.source)
    everybody = [each for each in connections(there) if each.studio.url == mine.studio.url]
    connection = everybody[0].studio  # as administrator, where there is one
    if answered:
        found_project, tasks = files.known_project(connection, corpus, answered, annotation_set, other)
        annotation_set = msgspec.structs.replace(annotation_set, claims_from=found_project.asked.claims_from)
    else:
        found_project, tasks = files.project_for(connection, corpus, annotation_set, other)
    found = list(filing.check_header(annotation_set, found_project.asked, name))
    if found_project.asked.kind is Kind.pairs:
        found += files.outside_pool(connection, found_project, annotation_set, name)
    if not found:
        todo = files.filing_of(annotation_set, found_project.asked, answered or corpus, tasks, name)
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
    known: Known = None,
    adjudication: Annotated[
        bool, typer.Option("--adjudication", help="Pull what was decided on the round's open items.")
    ] = False,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """Pull a round: the export as it came (without e-mails), and from it a record for each annotator.

    If the round is spread over several servers, what comes from them is put together. Judgements of known answers go
    into the records of their own corpus.
    """
    corpus, there = open_corpus(root), where(root, data, url, token_file, people)
    other = pools.claims_at(claims)
    with told():
        strata = pools.strata(pairs) or _strata(corpus, round_name)
        answered = pools.known_corpus(known, corpus) if known else None
        kind = Kind.adjudication if adjudication else None
        asked, tasks = _pulled(connections(there), corpus, round_name, kind)
        tasks = _without(tasks, [*withdrawn(corpus), *(withdrawn(answered) if answered else [])])
        own, of_known = _divided(corpus, answered, asked, tasks)
        kept = pools.known_kept(answered, asked, of_known) if answered else None
    wrong = [_filed(corpus, own, Kept(asked, strata), other)]
    if answered and kept:
        wrong.append(_filed(answered, of_known, kept, None))
    if any(wrong):
        raise typer.Exit(1)
    notes.next(*AFTER[asked.kind])


def _filed(corpus: Corpus, tasks: list[exports.Task], kept: Kept, other: AnnotationSet | None) -> bool:
    """Write export, header and records into a corpus; whether something in them is an error."""
    return keep(corpus, store(corpus, exports.to_bytes(tasks), kept), kept, other)


def _strata(corpus: Corpus, round_name: str) -> dict[str, str]:
    """The strata that an earlier pull was told."""
    try:
        return from_bytes(rounds.kept_path(rounds.export_path(corpus, round_name, Kind.pairs)).read_bytes()).strata
    except (OSError, ValueError):
        return {}


def _without(tasks: list[exports.Task], sources: list[str]) -> list[exports.Task]:
    for source in sources:
        tasks = withdrawal.from_export(tasks, source)
    return tasks


def _divided(
    corpus: Corpus, answered: Corpus | None, asked: Round, tasks: list[exports.Task]
) -> tuple[list[exports.Task], list[exports.Task]]:
    """The tasks of the corpus and those of the one with known answers; StudioError if some are of neither."""
    if asked.kind is not Kind.pairs:
        return tasks, []
    own, of_known, strange = judging.split(tasks, corpus.documents, answered.documents if answered else {})
    if strange:
        count = f"{len(strange)} tasks of {asked.title!r} are about other articles than this corpus'"
        raise StudioError(f"{count}: if known answers were mixed in, name their corpus with --known")
    return own, of_known


def _has(connection: Connection, round_name: str, wanted: Kind | None) -> bool:
    there = client.listed(connection.studio)
    kinds = [wanted] if wanted else [kind for kind in Kind if kind is not Kind.adjudication]
    return any(client.of_round(connection.studio, round_name, kind, there) for kind in kinds)


def _pulled(
    listed: list[Connection], corpus: Corpus, round_name: str, kind: Kind | None
) -> tuple[Round, list[exports.Task]]:
    """The round and its tasks, from all servers that it is on; nothing is kept unless all of them answer."""
    having = [each for each in listed if _has(each, round_name, kind)] or listed
    if kind is not Kind.adjudication:  # which only the adjudicator's server has
        for each in (each for each in listed if each not in having):
            say(f"{each.annotator}'s server has no round {round_name!r}, so there is nothing of {each.annotator} in it")
    listed = having
    found = [(each, project) for each in listed for project in projects(each, corpus, round_name, kind)]
    asked = msgspec.structs.replace(found[0][1].asked, annotator=None)
    for connection, project in found:
        if not same(project.asked, asked) or project.asked.guideline_version != asked.guideline_version:
            whose = connection.annotator or project.asked.annotator or "a"
            raise StudioError(f"{whose}'s project of {asked.title!r} has other settings: push it again")
    pulled = [client.pull(connection.studio, project, connection.pseudonyms) for connection, project in found]
    return asked, exports.merged(pulled, asked.key)
