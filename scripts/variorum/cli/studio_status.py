"""`variorum studio status`: how far each annotator is in each round, and what is wrong with their work so far."""

import time
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from variorum import checks
from variorum.cli.app import Format, Root, lines, open_corpus, out, printed
from variorum.cli.studio import studio
from variorum.cli.studio_connect import (
    Connection,
    Data,
    OnlyRound,
    People,
    TokenFile,
    Url,
    Where,
    connections,
    say,
    told,
    where,
)
from variorum.cli.waiting import bars
from variorum.corpus import Corpus
from variorum.label_studio import client, exports, judging
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.progress import Progress, progress
from variorum.label_studio.rounds import fingerprint
from variorum.records import to_json


class Line(msgspec.Struct, frozen=True):
    """One annotator in one round; `problems` is what a pull and `check` would find in the work as it is."""

    round: str
    kind: str
    annotator: str
    total: int
    done: int
    skipped: int
    drafts: int
    median_seconds: float | None
    total_seconds: float
    problems: int
    link: str


@studio.command()
def status(
    root: Root = None,
    data: Data = None,
    only: OnlyRound = None,
    watch: Annotated[bool, typer.Option("--watch", help="Keep it live until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=1)] = 10,
    report: Annotated[Format, printed("table or json.")] = Format.table,
    url: Url = None,
    token_file: TokenFile = None,
    people: People = None,
) -> None:
    """How far each annotator is, round by round: done, skipped, drafts, time, problems."""
    corpus, there = open_corpus(root), where(root, data, url, token_file, people)
    with told():
        found = _look(corpus, there, only)
        bars.over()
        if report is Format.json:
            lines([msgspec.json.format(msgspec.json.encode(found)).decode()])
        elif watch:
            _watch(corpus, there, only, found, every)
        else:
            (out if out.is_terminal else Console(width=240, soft_wrap=True, highlight=False)).print(_table(found))


def _watch(corpus: Corpus, there: Where, only: str | None, found: list[Line], every: float) -> None:
    """Look again and again; a server that goes away is told and waited for. A low screen cuts long lists off."""
    with Live(_table(found), console=out, auto_refresh=False) as live:
        try:
            while True:
                time.sleep(every)
                try:
                    live.update(_table(_look(corpus, there, only)), refresh=True)
                except StudioError as error:
                    say(str(error))
        except KeyboardInterrupt:
            return


def _look(corpus: Corpus, there: Where, only: str | None) -> list[Line]:
    return [line for connection in connections(there) for line in _lines(corpus, connection, only)]


def _lines(corpus: Corpus, connection: Connection, only: str | None) -> list[Line]:
    studio, names = connection.studio, connection.pseudonyms
    numbers = client.users(studio, names)
    found = []
    for project in client.all_projects(studio, fingerprint(corpus.documents)):
        if only not in (None, project.asked.round):
            continue
        tasks = client.raw(studio, project)
        problems = _problems(corpus, project, exports.published(tasks, numbers, project.asked.key))
        for who, how_far in progress(tasks, numbers, names).items():
            if project.asked.annotator not in (None, who) and not how_far.done:  # another one's pool
                continue
            found.append(_line(project, who, how_far, problems.get(who, 0), project.link(studio.url)))
    return found


def _problems(corpus: Corpus, project: client.Project, tasks: list[exports.Task]) -> dict[str, int]:
    """How many problems each annotator's work has; those of the tasks themselves are everybody's."""
    if project.asked.kind is Kind.pairs:  # known answers are looked at where they are pulled to
        tasks, *_ = judging.split(tasks, corpus.documents, {})
    dated = exports.dated(tasks, project.asked)
    pulled = exports.sets(dated, project.asked, corpus.documents, corpus.schema, project.asked.title)
    found = {who: pulled.counts.get(who, 0) + pulled.counts.get(None, 0) for who in pulled.sets}
    for who, annotation_set in pulled.sets.items():
        found[who] += len(checks.check_set(to_json(annotation_set), who, corpus).problems)
    return found


def _line(project: client.Project, who: str, how_far: Progress, problems: int, link: str) -> Line:
    state = (how_far.total, how_far.done, how_far.skipped, how_far.drafts)
    times = (how_far.median, round(sum(how_far.seconds), 1))
    return Line(project.asked.round, str(project.asked.kind), who, *state, *times, problems, link)


def _table(found: list[Line]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("round", "annotator", "done", "skipped", "drafts", "s a task", "min", "problems", "link"):
        table.add_column(name, justify="left" if name in ("round", "annotator", "link") else "right", no_wrap=True)
    for line in found:
        median = "–" if line.median_seconds is None else f"{line.median_seconds:.0f}"
        state = (f"{line.done}/{line.total}", str(line.skipped), str(line.drafts), median)
        rest = (f"{line.total_seconds / 60:.0f}", str(line.problems), line.link)
        table.add_row(f"{line.round} {line.kind}", line.annotator, *state, *rest)
    return table
