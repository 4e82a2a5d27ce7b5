"""A PostgreSQL server of Debian's, for one test: its programs refuse to run as root, so an ordinary user runs them."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio_server import free_port

from variorum.label_studio.database import Database

USER = "postgres"  # Debian's package makes this user
PASSWORD = "not-to-be-seen-1"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl of the newest release; None if PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running() -> Iterator[Database]:
    """An empty database `ls` on the loopback address, whose user `ls` has PASSWORD; all of it is gone afterwards."""
    # Not in pytest's own folder, which every run of pytest closes to other users anew.
    with tempfile.TemporaryDirectory(prefix="variorum-postgres-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        secret, data = folder / "secret", folder / "data"
        secret.touch(mode=0o600)
        secret.write_text(PASSWORD)
        options = _ordinary_user(folder, secret)
        _run(options, "initdb", "-D", data, "-U", "ls", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8")
        secret.unlink()
        listening = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
        _run(options, "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", listening, "start")
        try:
            yield _made(Database("127.0.0.1", port, "ls", "ls"))
        finally:
            _run(options, "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _ordinary_user(*paths: Path) -> dict[str, Any]:
    """Who runs the programs, as options of subprocess; the paths are that user's then."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(USER)
    for path in paths:
        os.chown(path, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(options: dict[str, Any], program: str, *arguments: str | Path) -> None:
    command = [str((programs() or Path()) / program), *map(str, arguments)]
    with tempfile.TemporaryFile() as log:  # not a pipe, which the server would keep open
        done = subprocess.run(command, cwd="/", stdout=log, stderr=log, check=False, timeout=120, **options)
        log.seek(0)
        assert done.returncode == 0, log.read().decode("utf-8", "replace")


def _made(database: Database) -> Database:
    address = ["-h", database.host, "-p", str(database.port), "-U", database.user]
    command = [str((programs() or Path()) / "createdb"), *address, database.name]
    subprocess.run(command, env={**os.environ, "PGPASSWORD": PASSWORD}, check=True, timeout=60)
    return database
