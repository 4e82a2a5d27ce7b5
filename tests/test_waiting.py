"""Bars: seen on a terminal once it takes long, gone before anything is printed, never seen by a script."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT

SLOW = """
import sys, time
from variorum.cli import app, waiting
from variorum.cli.app import lines, notes

waiting.PATIENCE = 0.2

@app.command()
def slow(counted: bool = False) -> None:
    for _ in waiting.bars.tracked(range(20), "counting") if counted else [time.sleep(0.4)]:
        time.sleep(0.03)
    notes("written", "next")
    lines(["result"])

app(sys.argv[1:])
"""


def on_a_terminal(*arguments: str) -> tuple[str, str]:
    """What is printed, and what a terminal at standard error is sent."""
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-c", SLOW, *arguments]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave, env=environment)
    os.close(slave)
    seen = b""
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not data:
            break
        seen += data
    printed = child.communicate(timeout=60)[0]
    os.close(master)
    assert child.returncode == 0, seen.decode()
    return printed.decode(), seen.decode()


@pytest.mark.parametrize(
    ("arguments", "bar"), [(("slow",), "variorum slow"), (("slow", "--counted"), "counting")], ids=["time", "count"]
)
def test_a_bar_is_seen_and_taken_away(arguments: tuple[str, ...], bar: str) -> None:
    printed, seen = on_a_terminal(*arguments)
    assert printed == "written\nnext\nresult\n"
    assert (bar in seen and "0:00:00" in seen) or "/20" in seen
    assert seen.endswith(("\x1b[2K", "\x1b[?25h")), "the line of the bar is not cleared"


@pytest.mark.parametrize("arguments", [("--quiet", "slow"), ("slow", "--counted", "--quiet")])
def test_quiet_leaves_results_only(arguments: tuple[str, ...]) -> None:
    assert on_a_terminal(*arguments) == ("result\n", "")


def test_quiet_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARIORUM_QUIET", "1")
    assert on_a_terminal("slow") == ("result\n", "")


def test_quiet_after_two_dashes_is_a_name(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "variorum", "check", "--root", str(ROOT / "tests" / "corpus"), "--", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1 and "--quiet::" in done.stdout


def test_a_script_sees_no_bar() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    command = [sys.executable, "-c", SLOW, "slow"]
    started = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("written\nnext\nresult\n", "") and time.monotonic() - started > 0.4
