"""The README's lines for who annotates, on a server of their own."""

from pathlib import Path

import pytest
from studio_server import free_port
from test_readme import blocks, copied, first_words
from typer.testing import CliRunner

from variorum.cli import app


@pytest.mark.studio
@pytest.mark.slow
def test_the_readme_annotates_as_printed(venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As printed but for the port, which another server may have; between push and pull nobody labels anything."""
    (block,) = (each for each in blocks() if {first_words(line) for line in each.lines} == {"variorum studio"})
    lines = [line.partition(" #")[0].split() for line in block.lines]
    monkeypatch.chdir(copied(".", tmp_path / "clone"))
    monkeypatch.setattr("variorum.label_studio.environment.default_venv", lambda: venv)
    printed = {}
    try:
        for _, *arguments in lines:
            more = ["--port", str(free_port())] if arguments[1] == "start" else []
            done = CliRunner().invoke(app, [*arguments, *more])
            assert done.exit_code == 0, f"{arguments}: {done.output}"
            printed[arguments[1]] = done.stdout
    finally:
        CliRunner().invoke(app, ["studio", "stop"])
    assert "ada@" in printed["invite"] and "5 tasks made" in printed["push"] and "stopped" in printed["stop"]
