"""Where the database is, and where its password comes from."""

from pathlib import Path

import pytest

from variorum.label_studio import database
from variorum.label_studio.database import Database
from variorum.label_studio.errors import StudioError

LS = Database("db.example.org", 5433, "ls", "ann")


def test_addresses() -> None:
    assert database.parse("postgresql://ann@db.example.org:5433/ls") == (LS, None)
    assert database.parse("postgres://ann:p%40ss@db.example.org:5433/ls") == (LS, "p@ss")
    assert database.parse("postgresql://ann@db.example.org/ls")[0].port == 5432
    assert LS.url == "postgresql://ann@db.example.org:5433/ls"


@pytest.mark.parametrize(
    "url",
    ["", "sqlite:///x", "mysql://a@b/c", "postgresql://b/c", "postgresql://a@b", "postgresql://a@b:x/c", "http://["],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(StudioError, match="address of the database"):
        database.parse(url)


def test_no_password_on_a_command_line() -> None:
    with pytest.raises(StudioError, match="others can see the password") as caught:
        database.on_command_line("postgresql://ann:secret@db.example.org/ls")
    assert "secret" not in str(caught.value)


def test_where_the_password_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "pgpass"
    lines = ["# ours", "other:5433:ls:ann:no", r"db.example.org:*:ls:ann:a\:b\\c", "*:*:*:*:last"]
    file.write_text("\n".join(lines))
    file.chmod(0o600)
    environ = {"PGPASSFILE": str(file)}
    assert database.password(LS, environ) == r"a:b\c"
    assert database.password(Database("h", 1, "n", "u"), environ) == "last"
    assert database.password(LS, {**environ, "PGPASSWORD": "env"}) == "env"
    whole = {**environ, "PGPASSWORD": "env", database.VARIABLE: "postgresql://ann:url@db.example.org:5433/ls"}
    assert database.password(LS, whole) == "url"
    assert database.from_environment(whole) == LS and database.from_environment({}) is None
    file.chmod(0o644)
    with pytest.raises(StudioError, match="chmod 600"):
        database.password(LS, environ)
    with pytest.raises(StudioError, match="no password"):
        database.password(LS, {"PGPASSFILE": str(tmp_path / "none")})


def test_a_server_keeps_its_database(tmp_path: Path) -> None:
    assert database.settle(tmp_path, None) is None
    assert database.settle(tmp_path, LS) == LS == database.settle(tmp_path, None)
    assert (tmp_path / "database.json").stat().st_mode & 0o777 == 0o600
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ready").touch()
    with pytest.raises(StudioError, match=r"are in postgresql://ann@db.example.org:5433/ls: name another folder"):
        database.settle(tmp_path, Database("h", 1, "n", "u"))
    (tmp_path / "database.json").unlink()
    with pytest.raises(StudioError, match="are in SQLite"):
        database.settle(tmp_path, LS)
    (tmp_path / "database.json").write_text("{")
    with pytest.raises(StudioError, match="cannot be read"):
        database.read(tmp_path)
