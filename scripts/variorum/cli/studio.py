"""`variorum studio`: a Label Studio server, articles and pairs into it, labels in and out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from variorum import checks
from variorum.cli import studio_rounds as rounds
from variorum.cli.app import Root, app, err, fail, lines, open_corpus, shown
from variorum.corpus import Corpus, CorpusError, find_root, write_set, write_whole
from variorum.label_studio import accounts, client, exports, filing, server
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import ARTICLE_LAYERS, check_layers, fingerprint
from variorum.problems import ERROR, Problem, in_order
from variorum.records import AnnotationSet, to_json

studio = typer.Typer(name="studio", help="Annotate in Label Studio, on a server of your own.", no_args_is_help=True)
app.add_typer(studio)

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the server; .studio in the corpus' folder if left out.")
]
RoundName = Annotated[str, typer.Option("--round", help="Name of the annotation round.")]
Claims = Annotated[
    Path | None, typer.Option("--claims", help="The set whose claims are judged; found by its hash if left out.")
]


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong with the server is one line and exit code 2."""
    try:
        yield
    except StudioError as error:
        fail(str(error))


def _folder(root: Path | None, data: Path | None) -> Path:
    if data is not None:
        return data.absolute()
    try:
        return (find_root(Path.cwd()) if root is None else root).absolute() / ".studio"
    except CorpusError as error:
        fail(str(error))


def _say(text: str) -> None:
    err.print(text, markup=False)


def _connect(folder: Path, annotator: str | None = None) -> client.Studio:
    """A connection as the administrator, or as an annotator, who is given an account if there is none."""
    state = server.running(folder)
    if state is None:
        raise StudioError(f"no server runs in {shown(folder)}: run `variorum studio start`")
    logins = server.invite(folder, [annotator] if annotator else [])
    return client.connect(state.url, (logins.annotators[annotator] if annotator else logins.admin).token)


def _print(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    """Print problems; whether one of them is an error."""
    lines(problem.line() for problem in in_order(problems))
    return any(problem.level == ERROR for problem in problems)


@studio.command()
def start(
    root: Root = None,
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="Port on this machine; 8080 if left out.", min=1, max=65535)] = None,
) -> None:
    """Start the server, or find the one that runs. The first time takes a minute or more, later 6 seconds."""
    folder = _folder(root, data)
    with _told():
        state = server.start(folder, port, say=_say)
    lines([state.url, f"logins: {shown(accounts.login_file(folder))}"])


@studio.command()
def stop(root: Root = None, data: Data = None) -> None:
    """Stop the server. Its data stay."""
    with _told():
        ran = server.stop(_folder(root, data))
    lines(["stopped" if ran else "no server ran"])


@studio.command()
def invite(
    names: Annotated[list[str], typer.Argument(metavar="ANNOTATOR...", help="Pseudonyms.")],
    root: Root = None,
    data: Data = None,
) -> None:
    """Make accounts for annotators, and print how each logs in."""
    folder = _folder(root, data)
    with _told():
        logins = server.invite(folder, names)
    lines(f"{name}: {logins.annotators[name].email} {logins.annotators[name].password}" for name in names)
    lines(["Each labels at <server>/projects/<number>/data?labeling=1, where nobody else's labels are shown."])


@studio.command()
def status(root: Root = None, data: Data = None) -> None:
    """How far each annotator is, round by round."""
    corpus, folder = open_corpus(root), _folder(root, data)
    with _told():
        connection = _connect(folder)
        pseudonyms = accounts.read(folder).pseudonyms()
        lines([f"server: {connection.url}"])
        for project in client.all_projects(connection, fingerprint(corpus.documents)):
            tasks = client.pull(connection, project, pseudonyms)
            lines([f"{project.asked.round} {project.asked.kind}: {len(tasks)} tasks, "
                   f"{connection.url}/projects/{project.id}/data?labeling=1"])  # fmt: skip
            for who, how_far in exports.progress(tasks).items():
                lines([f"  {who}: {how_far.done}/{len(tasks)} done, {how_far.skipped} skipped"])


@studio.command()
def push(
    round_name: RoundName,
    root: Root = None,
    data: Data = None,
    layers: Annotated[str, typer.Option(help="Layers that a round of articles asks for.")] = ",".join(ARTICLE_LAYERS),
    pairs: Annotated[
        Path | None, typer.Option(help="Push these claim pairs: an annotation set, or a JSON list.")
    ] = None,
    claims: Claims = None,
) -> None:
    """Push the articles, or with --pairs claim pairs, as the tasks of a round. Done twice it is as done once."""
    corpus, folder = open_corpus(root), _folder(root, data)
    text = rounds.guidelines_text(corpus)
    with _told():
        if pairs is None:
            asked = rounds.article_round(corpus, round_name, check_layers(tuple(layers.split(","))), text)
            tasks = rounds.article_tasks(corpus, asked)
        else:
            asked, tasks = rounds.pool(corpus, round_name, pairs, claims, text)
        pushed = client.push(_connect(folder), asked, corpus.schema, rounds.instructions(text), tasks)
    lines([f"{asked.title}: {pushed.made} tasks made, {pushed.there} were there already"])


@studio.command()
def submit(
    file: Annotated[Path, typer.Argument(help="An annotation set, as annotations/FORMAT.md describes it.")],
    annotator: Annotated[str, typer.Option("--as", help="The annotator; has to be the file's source.")],
    root: Root = None,
    data: Data = None,
    claims: Claims = None,
) -> None:
    """Check a file, and file its labels as that annotator's own annotations. With errors nothing is sent."""
    corpus, folder, name = open_corpus(root), _folder(root, data), shown(file)
    other = rounds.claims_at(claims)
    checked = checks.read_set(file, corpus, name, other)
    if _print(checked.problems) or checked.annotation_set is None:
        fail("nothing was sent", 1)
    annotation_set = checked.annotation_set
    if annotation_set.source != annotator:
        fail(f"{name} is {annotation_set.source}'s, not {annotator}'s: nothing was sent")
    with _told():
        _file(corpus, folder, annotation_set, other, name)


def _file(corpus: Corpus, folder: Path, annotation_set: AnnotationSet, other: AnnotationSet | None, name: str) -> None:
    connection = _connect(folder)
    project, tasks = rounds.project_for(connection, corpus, annotation_set, other)
    found = list(filing.check_header(annotation_set, project.asked, name))
    if project.asked.kind is Kind.pairs:
        found += rounds.outside_pool(connection, project, annotation_set, name)
    if not found:
        todo = rounds.filing_of(annotation_set, project.asked, corpus, tasks, name)
        found += todo.problems
    if _print(found):
        fail("nothing was sent", 1)
    annotator = _connect(folder, annotation_set.source)
    if project.asked.open:
        html = rounds.instructions(rounds.guidelines_text(corpus))
        client.push(connection, project.asked, corpus.schema, html, tasks.values())
    done = client.submit(annotator, project, todo.results)
    lines([f"{project.asked.title}: {done.made} annotations made, {done.changed} changed, {done.same} as before"])


@studio.command()
def pull(
    round_name: RoundName,
    root: Root = None,
    data: Data = None,
    pairs: Annotated[Path | None, typer.Option(help="The pool that was pushed: gives each pair its stratum.")] = None,
    claims: Claims = None,
) -> None:
    """Pull a round: the export as it came (without e-mails), and from it a record for each annotator."""
    corpus, folder = open_corpus(root), _folder(root, data)
    other = rounds.claims_at(claims)
    with _told():
        connection = _connect(folder)
        project = _project(connection, corpus, round_name)
        strata = rounds.strata(pairs)
        tasks = client.pull(connection, project, accounts.read(folder).pseudonyms())
    path = rounds.export_path(corpus, round_name, project.asked.kind)
    found = exports.sets(tasks, project.asked, corpus.documents, corpus.schema, shown(path))
    write_whole(path, exports.to_bytes(tasks))
    lines([f"{shown(path)}: {len(tasks)} tasks"])
    wrong = [_print(found.problems)]
    for source, annotation_set in found.sets.items():
        whole = rounds.with_strata(annotation_set, strata)
        wrong.append(_keep(corpus, corpus.record(round_name, source), whole, other, source in found.faulty))
    raise typer.Exit(1 if any(wrong) else 0)


def _project(connection: client.Studio, corpus: Corpus, round_name: str) -> client.Project:
    """The one project of a round, of whatever kind."""
    kind = next((kind for kind in Kind if client.find(connection, round_name, kind)), None)
    if kind is None:
        raise StudioError(f"there is no round {round_name!r} on the server")
    return client.existing(connection, round_name, kind, fingerprint(corpus.documents), corpus.schema)


def _keep(corpus: Corpus, path: Path, annotation_set: AnnotationSet, other: AnnotationSet | None, faulty: bool) -> bool:
    """Write a record that passes the checks and is whole; another goes to build/rejected, where it can be looked at.

    Gives back whether it was rejected.
    """
    rejected = corpus.build / "rejected" / path.parent.name / path.name
    wrong = _print(checks.check_set(to_json(annotation_set), shown(rejected), corpus, other).problems) or faulty
    write_set(rejected if wrong else path, annotation_set)
    if wrong:
        lines([f"{shown(path)} is not written; what was pulled lies in {shown(rejected)}"])
    else:
        counts = (f"{len(getattr(annotation_set, layer))} {layer}" for layer in rounds.layers_of(annotation_set))
        lines([f"{shown(path)}: {', '.join(counts)}"])
    return wrong
