"""`variorum studio`: Label Studio servers of one's own: started, stopped, who has an account, and where each labels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from variorum.cli.app import Root, app, fail, lines, notes, shown
from variorum.cli.studio_connect import Data, folder_of, say, told
from variorum.corpus import CorpusError, find_root, read_corpus
from variorum.label_studio import accounts, client, database, environment, fleet, server
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import fingerprint

studio = typer.Typer(name="studio", help="Annotate in Label Studio, on a server of your own.", no_args_is_help=True)
app.add_typer(studio)


@studio.command()
def start(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ANNOTATOR]...", help="Who is invited too.")] = None,
    root: Root = None,
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="Port on this machine; 8080 if left out.", min=1, max=65535)] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="A server of its own for each annotator.")] = False,
    at: Annotated[
        str | None, typer.Option("--database", help="postgresql://USER@HOST:PORT/NAME in place of SQLite.")
    ] = None,
) -> None:
    """Start the server, or find the one that runs, and print each annotator's link.

    The first time takes a minute or more, later 6 seconds.
    """
    folder = folder_of(root, data)
    with told():
        postgres = database.on_command_line(at) if at else database.from_environment()
        if (isolated or fleet.is_isolated(folder)) and postgres:
            fail("servers of their own are for one machine: with PostgreSQL everybody works on one server")
        if isolated or (names and fleet.is_isolated(folder)):
            fleet.isolate(folder, names or [], port)
        for member in fleet.members(folder):
            state = fleet.start(member, port, names or [], say, postgres)
            lines(_shown(member, state, root))


def _shown(member: fleet.Member, state: server.State, root: Path | None) -> Iterator[str]:
    """The server's address, where the logins are, and everybody's links."""
    yield state.url
    yield f"logins: {shown(accounts.login_file(member.folder))}"
    logins = accounts.read(member.folder)
    projects = list(_projects(state, logins, root)) if logins.annotators else []
    for name in logins.annotators:
        own = [each for each in projects if each.asked.annotator in (None, name)]
        yield from (f"{name}, {each.asked.round}: {each.link(state.url)}" for each in own)
        if not own:
            yield f"{name}: no round yet; `variorum studio push --round NAME` makes one"


def _projects(state: server.State, logins: accounts.Logins, root: Path | None) -> Iterator[client.Project]:
    """The rounds that people may label in, as far as there is a corpus and an SDK to find them with."""
    try:
        corpus = read_corpus(find_root(Path.cwd()) if root is None else root)
        connection = client.connect(state.url, logins.admin.token)
        found = client.all_projects(connection, fingerprint(corpus.documents))
        # Who labels does not see what is disputed: `variorum studio adjudicate` tells the adjudicator where to go.
        yield from (each for each in found if each.asked.kind is not Kind.adjudication)
    except (CorpusError, StudioError) as error:
        say(f"no links: {error}")


@studio.command()
def stop(root: Root = None, data: Data = None) -> None:
    """Stop the server, or all of them. Their data stay."""
    with told():
        ran = [server.stop(member.folder) for member in fleet.members(folder_of(root, data))]
    lines(["stopped" if any(ran) else "no server ran"])


@studio.command()
def invite(
    names: Annotated[list[str], typer.Argument(metavar="ANNOTATOR...", help="Pseudonyms.")],
    root: Root = None,
    data: Data = None,
) -> None:
    """Make accounts for annotators, and print how each logs in; where they are isolated, start their servers."""
    folder = folder_of(root, data)
    with told():
        if fleet.is_isolated(folder):
            fleet.isolate(folder, names)
        for name in names:
            member = fleet.of(folder, name)
            if member.annotator:
                fleet.start(member, None, [], say)
            login = server.invite(member.folder, [name], environment.default_venv()).annotators[name]
            state = server.running(member.folder)
            lines([f"{name}: {login.email} {login.password}{f' at {state.url}' if state else ''}"])
    notes("`variorum studio start` prints the link of each, where nobody else's labels are shown.")
    notes.next("variorum studio push --round NAME")
