"""The server's database, if it is PostgreSQL: where it is, and its password, which is kept nowhere by us.

The password comes from the URL in VARIORUM_STUDIO_DATABASE, from PGPASSWORD, or from ~/.pgpass (PGPASSFILE names
another file), as PostgreSQL's own programs read it. On a command line everybody on the machine would see it.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from variorum.corpus import write_whole
from variorum.label_studio.errors import StudioError

VARIABLE = "VARIORUM_STUDIO_DATABASE"
_PORT = 5432
_FIELD = re.compile(r"((?:[^:\\]|\\.)*)(?::|$)")


class Database(msgspec.Struct, frozen=True):
    """A PostgreSQL database and the user whose it is; no password."""

    host: str
    port: int
    name: str
    user: str

    @property
    def url(self) -> str:
        """The address, without a password."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.name}"


def parse(url: str) -> tuple[Database, str | None]:
    """The database that a URL names, and the password in it; StudioError if it is no postgresql:// URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
    except ValueError as error:
        raise StudioError("the address of the database cannot be read: postgresql://USER@HOST:PORT/NAME") from error
    name, user = unquote(parts.path.strip("/")), unquote(parts.username or "")
    if parts.scheme not in ("postgresql", "postgres") or not (parts.hostname and name and user) or "/" in name:
        raise StudioError("the address of the database is not of the form postgresql://USER@HOST:PORT/NAME")
    return Database(parts.hostname, port, name, user), unquote(parts.password) if parts.password else None


def on_command_line(url: str) -> Database:
    """The database that `--database` names; StudioError if there is a password in it."""
    database, password = parse(url)
    if password is not None:
        raise StudioError(
            f"others can see the password on a command line: put it into ~/.pgpass or PGPASSWORD, or the whole address "
            f"into {VARIABLE}"
        )
    return database


def from_environment(environ: Mapping[str, str] = os.environ) -> Database | None:
    """The database that VARIORUM_STUDIO_DATABASE names; None if it names none."""
    return parse(environ[VARIABLE])[0] if environ.get(VARIABLE) else None


def password(database: Database, environ: Mapping[str, str] = os.environ) -> str:
    """The password of a database; StudioError if it stands nowhere. A ~/.pgpass that others can read is refused."""
    if environ.get(VARIABLE):
        named, given = parse(environ[VARIABLE])
        if named == database and given is not None:
            return given
    if environ.get("PGPASSWORD"):
        return environ["PGPASSWORD"]
    path = Path(environ.get("PGPASSFILE") or Path.home() / ".pgpass")
    found = _in_file(path, database)
    if found is None:
        raise StudioError(f"there is no password for {database.url}: put it into {path} or PGPASSWORD")
    return found


def _in_file(path: Path, database: Database) -> str | None:
    """The password in a file of lines HOST:PORT:NAME:USER:PASSWORD, in which * stands for anything."""
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if stat.S_IMODE(mode) & 0o077:
        raise StudioError(f"{path} can be read by others: chmod 600 {path}")
    wanted = (database.host, str(database.port), database.name, database.user)
    for line in text.splitlines():
        fields = [re.sub(r"\\(.)", r"\1", field) for field in _FIELD.findall(line)][:5]
        if len(fields) == 5 and all(f in ("*", w) for f, w in zip(fields, wanted, strict=False)):
            return fields[4]
    return None


def variables(database: Database | None) -> dict[str, str]:
    """The variables by which Label Studio finds the database; none for SQLite. StudioError without a password."""
    if database is None:
        return {}
    at = {"POSTGRE_HOST": database.host, "POSTGRE_PORT": str(database.port), "POSTGRE_NAME": database.name}
    return {"DJANGO_DB": "default", **at, "POSTGRE_USER": database.user, "POSTGRE_PASSWORD": password(database)}


# --- which database a server has -----------------------------------------------------------------------------


def _file(folder: Path) -> Path:
    return folder / "database.json"


def read(folder: Path) -> Database | None:
    """The database of the server in `folder`; None for SQLite."""
    try:
        return msgspec.json.decode(_file(folder).read_bytes(), type=Database)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise StudioError(f"{_file(folder)} cannot be read: {error}") from error


def settle(folder: Path, asked: Database | None) -> Database | None:
    """The database that the server in `folder` is to use, which never changes once it was made."""
    known, made = read(folder), (folder / "data" / "ready").exists()
    if asked is None or asked == known:
        return known
    if made:
        there = known.url if known else f"SQLite, in {folder / 'data'}"
        raise StudioError(f"this server's data are in {there}: name another folder with --data")
    write_whole(_file(folder), msgspec.json.encode(asked) + b"\n", mode=0o600)
    return asked
