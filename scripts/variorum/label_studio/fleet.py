"""The servers of one folder: one for everybody, or (isolated) one for each annotator, each in a folder of its own.

Label Studio's open edition shows everybody's labels to everybody who leaves the label stream; on servers of their own
annotators cannot see each other's work at all. `isolated.json` has the port of each annotator's server.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from variorum.corpus import write_whole
from variorum.label_studio import accounts, server
from variorum.label_studio.database import Database
from variorum.label_studio.errors import StudioError

Say = Callable[[str], None]


class Member(msgspec.Struct, frozen=True):
    """One server: its folder, and the annotator whose it is (None: everybody's) with the port it has then."""

    folder: Path
    annotator: str | None = None
    port: int | None = None


def _file(folder: Path) -> Path:
    return folder / "isolated.json"


def members(folder: Path) -> list[Member]:
    """The servers of a folder: its own one, or one for each annotator, by name."""
    try:
        ports = msgspec.json.decode(_file(folder).read_bytes(), type=dict[str, int])
    except FileNotFoundError:
        return [Member(folder)]
    except (OSError, msgspec.DecodeError) as error:
        raise StudioError(f"{_file(folder)} cannot be read: {error}") from error
    return [Member(folder / name, name, port) for name, port in sorted(ports.items())]


def is_isolated(folder: Path) -> bool:
    return _file(folder).exists()


def isolate(folder: Path, names: Iterable[str], port: int | None = None) -> list[Member]:
    """The servers of a folder with one for each of these annotators too, on the next ports (from 8080 or `port`).

    StudioError if the folder has a server for everybody, or a name cannot be an account's.
    """
    if accounts.login_file(folder).exists():
        raise StudioError(f"the server in {folder} is for everybody: name another folder with --data, or move it away")
    ports = {member.annotator: member.port or 0 for member in members(folder) if member.annotator}
    known = accounts.Logins(accounts.new_login(accounts.ADMIN), {name: _NOBODY for name in ports})
    for name in accounts.with_annotators(known, names).annotators:  # names that are none are refused
        ports.setdefault(name, max([(port or server.PORT) - 1, *ports.values()]) + 1)
    if not ports:
        raise StudioError("servers of their own for whom? Name them: variorum studio start --isolated ada ben")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(_file(folder), msgspec.json.encode(ports) + b"\n", mode=0o600)
    return members(folder)


_NOBODY = accounts.Login("", "", "")


def start(
    member: Member, port: int | None, names: Iterable[str], say: Say, database: Database | None = None
) -> server.State:
    """Start one server of a folder, with accounts for these annotators, or for the one whose it is."""
    if member.annotator:
        say(f"{member.annotator}:")
    state = server.start(member.folder, member.port or port, say=say, database=database)
    server.invite(member.folder, [member.annotator] if member.annotator else names)
    return state


def of(folder: Path, annotator: str) -> Member:
    """The server that an annotator works on; StudioError if everybody has one but this one."""
    found = members(folder)
    for member in found:
        if member.annotator in (None, annotator):
            return member
    raise StudioError(f"{annotator} has no server: run `variorum studio invite {annotator}`")
