"""Which servers a `variorum studio` command speaks to: those of the corpus' own folder, or any by its address.

A token comes from a file that only its owner can read, or from the environment; never from a command line.
"""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from variorum.cli.app import err, fail, shown
from variorum.cli.waiting import bars
from variorum.corpus import Corpus, CorpusError, find_root
from variorum.label_studio import accounts, client, fleet, server
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import NAME, fingerprint
from variorum.problems import shown as quoted
from variorum.records import is_name

TOKEN = "VARIORUM_STUDIO_TOKEN"

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of the server; .studio in the corpus' folder if left out.")
]
Url = Annotated[str | None, typer.Option("--url", help=f"Another server; its token stands in {TOKEN} or --token-file.")]
TokenFile = Annotated[Path | None, typer.Option("--token-file", help="File with the token; only you may read it.")]
People = Annotated[
    Path | None, typer.Option("--people", help="With --url: a JSON object with each e-mail address's pseudonym.")
]


def _named(round_name: str) -> str:
    """A round's name as it came from the command line; files are named after it, so not every text is one."""
    if not is_name(round_name):
        fail(f"--round {quoted(round_name)}: that is no name of a round; {NAME}")
    return round_name


RoundName = Annotated[str, typer.Option("--round", help="Name of the annotation round.", callback=_named)]
OnlyRound = Annotated[
    str | None,
    typer.Option("--round", help="One round alone; all if left out.", callback=lambda name: name and _named(name)),
]
Known = Annotated[Path | None, typer.Option("--known", help="Another corpus, whose gold pairs are mixed in, unmarked.")]
Claims = Annotated[
    Path | None, typer.Option("--claims", help="The set whose claims are judged; found by its hash if left out.")
]


class Where(msgspec.Struct, frozen=True):
    """What the options say about where the server is."""

    folder: Path | None
    url: str | None = None
    token_file: Path | None = None
    people: Path | None = None


class Connection(msgspec.Struct, frozen=True):
    """A connection, the annotators' pseudonyms by e-mail, and whose server it is (None: everybody's)."""

    studio: client.Studio
    pseudonyms: dict[str, str]
    annotator: str | None = None


@contextmanager
def told() -> Iterator[None]:
    """What goes wrong with the server is one line and exit code 2."""
    try:
        yield
    except StudioError as error:
        fail(str(error))


def say(text: str) -> None:
    bars.over()
    err.print(text, markup=False)


def folder_of(root: Path | None, data: Path | None) -> Path:
    """The folder of the server; ends with exit code 2 if there is no corpus."""
    if data is not None:
        return data.absolute()
    try:
        return (find_root(Path.cwd()) if root is None else root).absolute() / ".studio"
    except CorpusError as error:
        fail(str(error))


def where(
    root: Path | None, data: Path | None, url: str | None, token_file: Path | None, people: Path | None = None
) -> Where:
    """The options as one value; ends with exit code 2 if they contradict each other."""
    if url is None and (token_file or people):
        fail("--token-file and --people go with --url")
    if url and data:
        fail("--url names a server elsewhere, --data one of this machine: give one of them")
    return Where(None if url else folder_of(root, data), url, token_file, people)


def connections(there: Where) -> list[Connection]:
    """A connection to every server of the folder as its administrator, or to the one at the address."""
    if there.url is not None:
        return [_elsewhere(there, there.url)]
    assert there.folder is not None
    return [_own(member) for member in fleet.members(there.folder)]


def as_annotator(there: Where, annotator: str) -> Connection:
    """A connection as an annotator, who is given an account if there is none; elsewhere the token has to be theirs."""
    if there.url is not None:
        connection = _elsewhere(there, there.url)
        email = client.me(connection.studio)[1]
        if connection.pseudonyms.get(email) != annotator:
            raise StudioError(f"the token is not {annotator}'s: a file is sent by its own annotator")
        return connection
    assert there.folder is not None
    return _own(fleet.of(there.folder, annotator), annotator)


def _own(member: fleet.Member, annotator: str | None = None) -> Connection:
    state = server.running(member.folder)
    if state is None:
        raise StudioError(f"no server runs in {shown(member.folder)}: run `variorum studio start`")
    logins = server.invite(member.folder, [annotator] if annotator else [])
    login = logins.annotators[annotator] if annotator else logins.admin
    return Connection(client.connect(state.url, login.token), logins.pseudonyms(), member.annotator)


def _elsewhere(there: Where, url: str) -> Connection:
    studio = client.connect(client.checked_url(url), _token(there.token_file))
    with studio.talking() as api:
        emails = [str(user.email) for user in api.users.list()]
    suffix = f"@{accounts.DOMAIN}"
    own = {email: email.removesuffix(suffix) for email in emails if email.endswith(suffix)}
    return Connection(studio, own | _people(there.people))


def _token(file: Path | None) -> str:
    """The token; StudioError if there is none, or if others can read its file."""
    if file is None:
        token = os.environ.get(TOKEN, "")
    else:
        try:
            with file.open(encoding="utf-8") as opened:
                if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                    raise StudioError(f"{shown(file)} can be read by others: chmod 600 {shown(file)}")
                token = opened.read(4096)
        except (OSError, ValueError) as error:
            raise StudioError(f"the token file {shown(file)} cannot be read: {type(error).__name__}") from error
    if not token.strip() or len(token.split()) > 1:
        raise StudioError(f"there is no token: put it into {TOKEN}, or into a file and name that with --token-file")
    return token.strip()


def _people(file: Path | None) -> dict[str, str]:
    """The pseudonyms by e-mail that a file has."""
    if file is None:
        return {}
    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise StudioError(f"{shown(file)} cannot be read: {error}") from error
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        raise StudioError(f"{shown(file)} is no JSON object of e-mail addresses and pseudonyms")
    logins = accounts.Logins(accounts.new_login(accounts.ADMIN))
    accounts.with_annotators(logins, value.values())  # pseudonyms name files
    return value


def projects(
    connection: Connection, corpus: Corpus, round_name: str, wanted: Kind | None = None
) -> list[client.Project]:
    """The projects of a round, one or one for each annotator; its adjudication only if that is the kind `wanted`."""
    kinds = [wanted] if wanted else [kind for kind in Kind if kind is not Kind.adjudication]
    studio, there = connection.studio, client.listed(connection.studio)
    found = next((found for kind in kinds if (found := client.of_round(studio, round_name, kind, there))), None)
    if found is None:
        what = f"no {wanted} of the round" if wanted else "no round"
        raise StudioError(f"there is {what} {round_name!r} on the server at {studio.url}")
    return [client.verified(studio, each, fingerprint(corpus.documents), corpus.schema) for each in found]
