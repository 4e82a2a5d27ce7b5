"""A PostgreSQL server of Debian's, for one test: its programs refuse to run as root, so an ordinary user runs them."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
def running(folder: Path) -> Iterator[Database]:
    """An empty database `ls` on the loopback address, whose user `ls` has PASSWORD; all of it is gone afterwards."""
    binaries = programs()
    assert binaries is not None
    secret, data, port = folder / "secret", folder / "data", free_port()
    folder.mkdir()
    secret.write_text(PASSWORD)
    options: dict[str, object] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(USER)
        for path in (folder, secret):
            os.chown(path, user.pw_uid, user.pw_gid)
        for path in folder.parents:  # pytest's folders are for their owner only
            if path.stat().st_uid == 0 and path != Path("/") and not path.stat().st_mode & 0o001:
                path.chmod(path.stat().st_mode | 0o011)
        options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), *arguments]
        log = (folder.parent / "postgres.log").open("ab")
        with log:
            done = subprocess.run(command, cwd="/", stdout=log, stderr=log, check=False, timeout=120, **options)  # type: ignore[call-overload]
        assert done.returncode == 0, (folder.parent / "postgres.log").read_text(encoding="utf-8", errors="replace")

    run("initdb", "-D", str(data), "-U", "ls", "--pwfile", str(secret), "-A", "scram-sha-256", "-E", "UTF8")
    run("pg_ctl", "-D", str(data), "-w", "-o", f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}", "start")
    try:
        database = Database("127.0.0.1", port, "ls", "ls")
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        address = ["-h", "127.0.0.1", "-p", str(port), "-U", "ls"]
        subprocess.run([str(binaries / "createdb"), *address, "ls"], env=environment, check=True, timeout=60)
        yield database
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
