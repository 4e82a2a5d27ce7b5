"""Accounts, processes and ports, as far as they can be tried without a server."""

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from variorum.label_studio import accounts, environment, processes, server
from variorum.label_studio.accounts import Logins, new_login, with_annotators
from variorum.label_studio.errors import StudioError

SMALL = Path(__file__).resolve().parents[1] / "corpus"
Command = Callable[..., subprocess.CompletedProcess[str]]
ADMIN = Logins(new_login(accounts.ADMIN))


def test_only_the_owner_can_read_the_logins(tmp_path: Path) -> None:
    accounts.write(tmp_path, ADMIN)
    assert stat.S_IMODE(accounts.login_file(tmp_path).stat().st_mode) == 0o600
    assert accounts.read(tmp_path) == ADMIN


def test_passwords_stay_out_of_git_in_any_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for folder in (tmp_path / ".studio", tmp_path / "elsewhere"):
        with pytest.raises(StudioError, match="no server was ever started"):
            server.invite(folder, ["heron"])
        accounts.write(folder, ADMIN)
    command = ["git", "-C", str(tmp_path), "status", "--porcelain", "-uall"]
    shown = subprocess.run(command, capture_output=True, check=True)
    assert shown.stdout == b""


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff"])
def test_logins_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    accounts.login_file(tmp_path).write_bytes(content)
    with pytest.raises(StudioError, match="cannot be read"):
        accounts.read(tmp_path)


def test_annotators_keep_their_logins() -> None:
    once = with_annotators(ADMIN, ["heron", "Wren.2"])
    assert with_annotators(once, ["Wren.2", "heron"]) == once
    assert once.pseudonyms() == {"heron@annotators.invalid": "heron", "wren.2@annotators.invalid": "Wren.2"}


@pytest.mark.parametrize("name", ["", "a b", "a@b", "é", "-a", "a" * 41, "WREN", "variorum-admin"])
def test_names_that_cannot_be_accounts(name: str) -> None:
    with pytest.raises(StudioError, match="account"):
        with_annotators(with_annotators(ADMIN, ["wren"]), [name])


def test_a_busy_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StudioError, match="is in use by another program: choose another one with --port"):
            processes.check_free(taken.getsockname()[1])


def test_processes_are_known_by_their_beginning(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pid = processes.spawn([sys.executable, "-c", "print('up', flush=True); import time; time.sleep(60)"], {}, log)
    started = processes.identity(pid)
    assert started is not None
    processes.end(pid, "some other time")
    assert processes.identity(pid) == started
    while not log.exists() or not log.read_text():
        time.sleep(0.02)
    processes.end(pid, started)
    assert processes.identity(pid) is None
    processes.end(pid, started)


def test_a_process_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    pid = processes.spawn([sys.executable, "-c", stubborn], {}, tmp_path / "log")
    while not (tmp_path / "log").exists() or not (tmp_path / "log").read_text():
        time.sleep(0.02)
    processes.end(pid, processes.identity(pid) or "", patience=0.2)
    assert processes.identity(pid) is None


def test_a_state_that_was_left_behind_is_no_server(tmp_path: Path) -> None:
    assert server.running(tmp_path) is None
    for content in (b"", b"{}", b"\xff"):
        (tmp_path / "state.json").write_bytes(content)
        assert server.running(tmp_path) is None
    recycled = server.State(os.getpid(), "some other time", 1, "http://127.0.0.1:1", "1")
    (tmp_path / "state.json").write_bytes(msgspec.json.encode(recycled))
    assert server.running(tmp_path) is None
    assert server.stop(tmp_path) is False
    assert not (tmp_path / "state.json").exists()


def test_nothing_to_stop(tmp_path: Path) -> None:
    assert server.stop(tmp_path / "nothing") is False
    assert not (tmp_path / "nothing").exists()


def test_a_server_that_does_not_come_up_shows_its_log(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "bin" / "label-studio").write_text("raise SystemExit('the disk is full')")
    accounts.write(tmp_path, ADMIN)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ready").touch()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(StudioError, match=r"did not come up; the end of (.|\n)*the disk is full"):
        server.start(tmp_path, port, venv)
    assert server.running(tmp_path) is None


def test_an_environment_without_requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_CANDIDATES", (tmp_path / "none.txt",))
    with pytest.raises(StudioError, match="start the server from a clone"):
        environment.ensure(tmp_path / "venv", lambda _: None)


def test_the_server_gets_none_of_our_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "DEBUG", "LABEL_STUDIO_HOST", "PYTHONPATH", "SECRET_KEY"):
        monkeypatch.setenv(name, "x")
    kept = environment.variables(tmp_path, tmp_path)
    assert not {"HOST", "PORT", "DEBUG", "LABEL_STUDIO_HOST", "PYTHONPATH", "SECRET_KEY"} & kept.keys()
    assert kept["COLLECT_ANALYTICS"] == "false"


def test_the_pinned_release_is_the_one_that_was_tried() -> None:
    pins = environment._CANDIDATES[0].read_text(encoding="utf-8")
    assert f"label-studio=={environment.VERSION} " in pins


@pytest.mark.parametrize("command", ["status", "push --round r", "pull --round r", "invite a"])
def test_without_a_server_every_command_says_so(command: str, tmp_path: Path, variorum: Command) -> None:
    done = variorum("studio", *command.split(), "--root", SMALL, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and "variorum studio start" in done.stderr
    assert variorum("studio", "stop", "--data", tmp_path / "data").stdout == "no server ran\n"
