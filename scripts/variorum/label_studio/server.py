"""A Label Studio server of one's own on this machine: started, reused, stopped.

Everything of it lies in one folder: `data/` (its database), `login.json` and `state.json` (for its owner only),
`server.log`. It listens on the loopback address alone and sends nothing anywhere.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from variorum.corpus import write_whole
from variorum.label_studio import accounts, environment, processes
from variorum.label_studio import database as databases
from variorum.label_studio.errors import StudioError
from variorum.locks import lock

Say = Callable[[str], None]
PORT = 8080
_READY_SECONDS = 180.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy must not see the loopback address


class State(msgspec.Struct, frozen=True):
    """A server that runs: its process (and when that was started), where it listens, its release."""

    pid: int
    started: str
    port: int
    url: str
    version: str


def start(
    folder: Path,
    port: int | None = None,
    venv: Path | None = None,
    say: Say = lambda _: None,
    database: databases.Database | None = None,
) -> State:
    """The server of `folder`, started unless it runs already. `port`: 8080 unless named; `database`: PostgreSQL.

    Takes 6 s, the first time 60 s, and some minutes more if its environment is missing. StudioError, with the end of
    the server's log where that helps, if it cannot be had.
    """
    with _locked(folder):
        state = running(folder)
        databases.settle(folder, database)
        if state is None:
            return _start(folder, port or PORT, venv or environment.default_venv(), say)
        if port not in (None, state.port):
            raise StudioError(f"the server runs already at {state.url}: `variorum studio stop` first to move it")
        return state


def _start(folder: Path, port: int, venv: Path, say: Say) -> State:
    if sys.platform == "win32":
        raise StudioError("a server of one's own runs on Linux and macOS: work with one elsewhere (--url)")
    processes.check_free(port)
    python = environment.ensure(venv, say)
    data = folder / "data"
    _make_database(folder, data, venv, say)
    # Since the check minutes may have passed, and the server silently takes the next port if this one is busy.
    processes.check_free(port)
    say("starting the server")
    log = folder / "server.log"
    begin = log.stat().st_size if log.exists() else 0
    surroundings = environment.variables(data, venv, _database(folder))
    pid = processes.spawn(_command(python, port), surroundings, log)
    state = _wait_until_ready(folder, pid, port, begin)
    write_whole(_state_file(folder), msgspec.json.encode(state) + b"\n", mode=0o600)
    return state


def _database(folder: Path) -> dict[str, str]:
    return databases.variables(databases.read(folder))


def _command(python: Path, port: int) -> list[str]:
    options = ["--no-browser", "--internal-host", processes.HOST, "--port", str(port), "--log-level", "WARNING"]
    return [str(python), str(python.with_name("label-studio")), "start", *options]


def _make_database(folder: Path, data: Path, venv: Path, say: Say) -> None:
    """Database and administrator, once. The marker is written last, so what was interrupted is done again."""
    marker = data / "ready"
    if marker.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    if not accounts.login_file(folder).exists():
        accounts.write(folder, accounts.Logins(accounts.new_login(accounts.ADMIN)))
    say("making the server's database (once; about a minute)")
    accounts.file(accounts.read(folder), data, venv, _database(folder))
    marker.touch()


def _wait_until_ready(folder: Path, pid: int, port: int, begin: int) -> State:
    url = f"http://{processes.HOST}:{port}"
    started = processes.identity(pid)
    deadline = time.monotonic() + _READY_SECONDS
    try:
        while started and processes.identity(pid) == started and time.monotonic() < deadline:
            if _get(f"{url}/health") is not None:
                return _own(State(pid, started, port, url, _version(url)), folder)
            time.sleep(0.2)
        raise StudioError(f"the server did not come up; the end of {folder / 'server.log'}:\n{_log(folder, begin)}")
    except BaseException:
        processes.end(pid, started or "")
        raise


def _own(state: State, folder: Path) -> State:
    """Make sure that who answers is our process: only a server with our database knows our token."""
    if _get(f"{state.url}/api/current-user/whoami", accounts.read(folder).admin.token) is None:
        raise StudioError(f"another program has taken port {state.port}: choose another one with --port")
    return state


def _version(url: str) -> str:
    answer = _get(f"{url}/api/version")
    return str(answer.get("release", "unknown")) if isinstance(answer, dict) else "unknown"


def _get(url: str, token: str | None = None) -> object:
    """The JSON answer, or None if there is none."""
    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        with _DIRECT.open(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            value: object = json.load(answer)
            return value
    except (OSError, ValueError, urllib.error.URLError):
        return None


def _log(folder: Path, begin: int, lines: int = 15) -> str:
    try:
        with (folder / "server.log").open("rb") as file:
            file.seek(begin)
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return "(no log)"
    return "\n".join(text.rstrip().splitlines()[-lines:]) or "(nothing was written)"


def running(folder: Path) -> State | None:
    """The server of `folder` if it runs; a state that a crash or a restart of the machine left behind is no server."""
    try:
        state = msgspec.json.decode(_state_file(folder).read_bytes(), type=State)
    except (OSError, msgspec.DecodeError):
        return None
    return state if processes.identity(state.pid) == state.started else None


def stop(folder: Path) -> bool:
    """End the server of `folder` and wait for its end; False if none ran."""
    if not folder.is_dir():
        return False
    with _locked(folder):
        state = running(folder)
        if state is not None:
            processes.end(state.pid, state.started)
        _state_file(folder).unlink(missing_ok=True)
        return state is not None


def invite(folder: Path, names: Iterable[str], venv: Path | None = None) -> accounts.Logins:
    """Everybody's logins, after accounts were made for the named annotators who have none (6 s); the server may run."""
    with _locked(folder):
        logins = accounts.read(folder)
        everybody = accounts.with_annotators(logins, names)
        if everybody != logins:
            accounts.file(everybody, folder / "data", venv or environment.default_venv(), _database(folder))
            accounts.write(folder, everybody)
        return everybody


def _state_file(folder: Path) -> Path:
    return folder / "state.json"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One command at a time on a folder, which only its owner may enter."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / ".gitignore").exists():  # passwords and the database, in whosever repository this is
            write_whole(folder / ".gitignore", b"*\n")
        with (folder / "lock").open("w") as file:
            lock(file)
            yield
    except OSError as error:
        raise StudioError(f"{folder}: {error}") from error
