"""Other set-ups than one server with SQLite: a server for each annotator, and PostgreSQL."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import postgres
import pytest
from studio_server import Done, Fresh, free_port, ok, records

from variorum.label_studio import accounts, client, fleet, server
from variorum.label_studio.errors import StudioError

pytestmark = [pytest.mark.studio, pytest.mark.slow]
Command = Callable[..., Done]


def test_a_server_for_each_annotator(venv: Path, variorum: Command, fresh: Fresh, tmp_path: Path) -> None:
    """Push goes to all, pull puts together; nobody's server has anything of another."""
    root, folder = fresh("apart"), tmp_path / "servers"
    at = ("--root", root, "--data", folder)
    port = free_port()
    names = ("heron", "wren")
    try:
        started = variorum("studio", "start", "--isolated", *names, *at, "--port", str(port), timeout=500)
        assert started.returncode == 0, started.stderr
        assert "wren: no round yet" in started.stdout
        pushed = ok(variorum("studio", "push", "--round", "apart-articles", *at))
        assert pushed.count("3 tasks made") == 2
        before = records(root, "apart-articles")
        for name in names:
            path = root / "annotations" / "records" / "apart-articles" / f"{name}.json"
            assert "3 annotations made" in ok(variorum("studio", "submit", path, "--as", name, *at))
        shutil.rmtree(root / "annotations" / "records")
        ok(variorum("studio", "pull", "--round", "apart-articles", *at))
        assert records(root, "apart-articles") == before
        export = json.loads((root / "annotations/exports/apart-articles.articles.json").read_bytes())
        assert [len(task["annotations"]) for task in export] == [2, 2, 2]
        for name, other in (names, names[::-1]):
            state = server.running(folder / name)
            assert state is not None
            logins = accounts.read(folder / name)
            assert list(logins.annotators) == [name]
            with pytest.raises(StudioError, match="does not accept the token"):
                client.connect(state.url, accounts.read(folder / other).annotators[other].token)
        again = variorum("studio", "start", *at)
        links = [line for line in again.stdout.splitlines() if "apart-articles: http" in line]
        assert [line.split(",")[0] for line in links] == ["heron", "wren"]
        found = json.loads(ok(variorum("studio", "status", "--format", "json", *at)))
        states = [(line["annotator"], line["done"], line["problems"]) for line in found]
        assert states == [("heron", 3, 0), ("wren", 3, 0)]
        server.stop(folder / "wren")
        shutil.rmtree(root / "annotations" / "exports")
        gone = variorum("studio", "pull", "--round", "apart-articles", *at)
        assert (gone.returncode, len(gone.stderr.splitlines())) == (2, 1) and "no server runs in" in gone.stderr
        assert not (root / "annotations" / "exports").exists()
    finally:
        assert "stopped" in variorum("studio", "stop", *at).stdout
    assert [server.running(member.folder) for member in fleet.members(folder)] == [None, None]


def test_postgresql(venv: Path, variorum: Command, fresh: Fresh, tmp_path: Path) -> None:
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    root, folder = fresh("post"), tmp_path / "server"
    at = ("--root", root, "--data", folder)
    with postgres.running() as database, pytest.MonkeyPatch.context() as patch:
        secret = tmp_path / "pgpass"
        secret.touch(mode=0o600)
        secret.write_text(f"127.0.0.1:*:ls:ls:{postgres.PASSWORD}\n")
        seen = variorum("studio", "start", *at, "--database", "postgresql://ls:secret@127.0.0.1/ls")
        assert (seen.returncode, len(seen.stderr.splitlines())) == (2, 1) and "command line" in seen.stderr
        without = variorum("studio", "start", *at, "--port", str(free_port()), "--database", database.url)
        assert without.returncode == 2 and "there is no password" in without.stderr
        patch.setenv("PGPASSFILE", str(secret))
        try:
            line = ("start", "heron", *at, "--port", str(free_port()), "--database", database.url)
            started = variorum("studio", *line, timeout=500)
            assert started.returncode == 0, started.stderr
            ok(variorum("studio", "push", "--round", "post-articles", *at))
            path = root / "annotations" / "records" / "post-articles" / "heron.json"
            before = records(root, "post-articles")["heron"]
            ok(variorum("studio", "submit", path, "--as", "heron", *at))
            path.unlink()
            ok(variorum("studio", "pull", "--round", "post-articles", *at))
            assert records(root, "post-articles")["heron"] == before
            assert rows(database, "task_completion") == 3
            nobody_sees_the_password(folder)
            moved = variorum("studio", "start", *at, "--database", "postgresql://ls@127.0.0.1:1/other")
            assert moved.returncode == 2 and "this server's data are in postgresql://ls@127.0.0.1" in moved.stderr
        finally:
            variorum("studio", "stop", *at)


def rows(database: postgres.Database, table: str) -> int:
    programs = postgres.programs()
    assert programs is not None
    address = ["-h", database.host, "-p", str(database.port), "-U", database.user, "-d", database.name]
    command = [str(programs / "psql"), *address, "-Atc", f"select count(*) from {table}"]
    environment = {**os.environ, "PGPASSWORD": postgres.PASSWORD}
    return int(subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60).stdout)


def nobody_sees_the_password(folder: Path) -> None:
    """Neither in a process list nor in a file of the server's folder."""
    secret = postgres.PASSWORD.encode()
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, check=True, timeout=60).stdout
    assert b"label-studio" in listed and secret not in listed
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in kept if secret in path.read_bytes()] == []
