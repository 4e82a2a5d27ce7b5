"""A real Label Studio server for the tests marked `studio`: started once, in a folder and on a port of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from studio_server import Done, Studio, free_port
from typer.testing import CliRunner

from variorum.cli import app
from variorum.corpus import Corpus, read_corpus
from variorum.label_studio import environment, server

SMALL = Path(__file__).resolve().parents[1] / "corpus"


@pytest.fixture(scope="session")
def venv() -> Path:
    """The server's environment, which no test installs."""
    folder = environment.default_venv()
    if not (folder / "bin" / "label-studio").is_file():
        pytest.skip(f"no Label Studio in {folder}: run `make studio` (or `variorum studio start`) to install it")
    return folder


@pytest.fixture(scope="session")
def studio(venv: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server with an empty database and the accounts of heron and wren (about a minute)."""
    folder = tmp_path_factory.mktemp("studio") / "server"
    state = server.start(folder, free_port(), venv)
    try:
        server.invite(folder, ["heron", "wren"], venv)
        yield Studio(folder, state)
    finally:
        server.stop(folder)


@pytest.fixture(scope="session")
def small() -> Corpus:
    """The small corpus, to read only."""
    return read_corpus(SMALL)


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[str], Path]:
    """`fresh(name)`: a copy of the small corpus whose rounds have names of their own, so that tests do not meet."""

    def copy(name: str) -> Path:
        root = Path(shutil.copytree(SMALL, tmp_path / name))
        for kind in ("articles", "pairs"):
            for path in (root / "annotations" / "records" / kind).glob("*.json"):
                text = path.read_text(encoding="utf-8").replace(f'"round": "{kind}"', f'"round": "{name}-{kind}"')
                path.write_text(text, encoding="utf-8")
            (root / "annotations" / "records" / kind).rename(root / "annotations" / "records" / f"{name}-{kind}")
        return root

    return copy


@pytest.fixture
def command(studio: Studio) -> Callable[..., Done]:
    """`command("push", root, ...)`: a `variorum studio` command on the test server, in this process to save time."""

    def run(name: str, root: Path, *arguments: str | Path, url: str | None = None) -> Done:
        at = ["--url", url] if url else ["--data", str(studio.folder)] if name != "records" else []
        line = ["studio", name, *map(str, arguments), "--root", str(root), *at]
        done = CliRunner().invoke(app, line)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return Done(line, done.exit_code, done.stdout, done.stderr)

    return run
