"""The wheel in an environment of its own, outside the clone: what somebody has who ran `pip install variorum`."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


def core() -> set[str]:
    """The names of all that a plain `pip install variorum` brings: no extras, but what dependencies need in turn."""
    found: set[str] = set()
    todo = [Requirement("variorum")]
    while todo:
        requirement = todo.pop()
        for text in requires(requirement.name) or ():
            needed = Requirement(text)
            wanted = not needed.marker or any(needed.marker.evaluate({"extra": e}) for e in requirement.extras or {""})
            if wanted and canonicalize_name(needed.name) not in found:
                found.add(canonicalize_name(needed.name))
                todo.append(needed)
    return found


def pins() -> Iterator[tuple[str, str]]:
    """The entries of requirements.txt by name, hashes and all; a package may have several, for different machines."""
    for entry in re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.txt").read_text(encoding="utf-8")):
        yield canonicalize_name(re.split(r"[=\[; ]", entry, maxsplit=1)[0]), entry.rstrip() + "\n"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment |= {"PYTHONUTF8": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a clean environment with the pinned core dependencies and the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    names = core()
    assert names - {name for name, _ in pins()} == set(), "requirements.txt pins every core dependency"
    (folder / "core.txt").write_text("".join(entry for name, entry in pins() if name in names), encoding="utf-8")
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--no-deps")
    for command in (
        (sys.executable, "-m", "venv", folder / "venv"),
        (*pip, "--only-binary", ":all:", "--require-hashes", "-r", folder / "core.txt"),
        (*pip, wheel),
        (programs / "python", "-m", "pip", "check"),
    ):
        done = run(*command, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return programs


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder outside the clone with a copy of the small corpus in it."""
    shutil.copytree(ROOT / "tests" / "corpus", tmp_path / "corpus")
    return tmp_path


def test_it_is_imported_from_the_wheel_with_its_schema(installed: Path, outside: Path) -> None:
    code = "from variorum import schema; print(schema.FOLDER); print(*schema.default().names('relation'))"
    done = run(installed / "python", "-c", code, cwd=outside)
    assert done.returncode == 0, done.stderr
    folder, labels = done.stdout.splitlines()
    assert Path(folder).is_relative_to(installed.parent) and Path(folder).name == "_schema"
    assert labels == "contradiction tension agreement neutral"


def test_the_command_shows_its_help(installed: Path, outside: Path) -> None:
    done = run(installed / "variorum", "--help", cwd=outside)
    assert (done.returncode, done.stderr) == (0, "")
    assert "check" in done.stdout


def test_every_module_of_the_core_can_be_imported_or_names_its_extra(installed: Path, outside: Path) -> None:
    code = (
        "import importlib, pkgutil, variorum\n"
        "for module in pkgutil.walk_packages(variorum.__path__, 'variorum.'):\n"
        "    if not module.name.endswith('__main__'):\n"
        "        try:\n"
        "            importlib.import_module(module.name)\n"
        "        except ImportError as error:\n"
        "            assert 'variorum[' in str(error), f'{module.name}: {error}'\n"
    )
    done = run(installed / "python", "-c", code, cwd=outside)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_checks_a_corpus_of_ones_own(installed: Path, outside: Path) -> None:
    records = outside / "corpus" / "annotations" / "records"
    done = run(installed / "variorum", "check", records, "--root", outside / "corpus", cwd=outside)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout == "0 problems in 4 files\n"


def test_it_checks_a_whole_corpus(installed: Path, outside: Path) -> None:
    done = run(installed / "variorum", "check", "--root", outside / "corpus", cwd=outside)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_without_a_corpus_it_says_what_to_do(installed: Path, tmp_path: Path) -> None:
    done = run(installed / "variorum", "check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("variorum: ") and "--root" in done.stderr


# --- scoring with the gold that comes along ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prediction() -> dict[str, Any]:
    """Gold as a system might have it, and the scores of it in the clone."""
    gold = json.loads((ROOT / "annotations" / "gold.json").read_bytes())
    return {**{name: value for name, value in gold.items() if name != "round"}, "source": "sys", "role": "system"}


def scores(program: Path, folder: Path, value: dict[str, Any], *more: str | Path) -> Any:
    (folder / "p.json").write_text(json.dumps(value), encoding="utf-8")
    done = run(program, "score", "p.json", "--resamples", "20", "--format", "json", *more, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["scores"]


def test_offsets_are_scored_in_an_empty_folder_as_in_the_clone(
    installed: Path, tmp_path: Path, prediction: dict[str, Any]
) -> None:
    assert scores(installed / "variorum", tmp_path, prediction) == scores(
        installed / "variorum", tmp_path, prediction, "--root", ROOT
    )


def test_quotes_are_scored_with_the_dataset(installed: Path, tmp_path: Path, prediction: dict[str, Any]) -> None:
    quoted = copy.deepcopy(prediction)
    for mention in quoted["mentions"]:
        mention["quote"] = mention.pop("text")
        mention.pop("start"), mention.pop("end")
    (tmp_path / "p.json").write_text(json.dumps(quoted), encoding="utf-8")
    done = run(installed / "variorum", "score", "p.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and "--dataset" in done.stderr
    # Built here: it takes the extra `hub`, which who scores does not need.
    done = run(sys.executable, "-m", "variorum", "build", "--root", ROOT, "--out", tmp_path / "dataset", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert scores(installed / "variorum", tmp_path, quoted, "--dataset", tmp_path / "dataset") == scores(
        installed / "variorum", tmp_path, quoted, "--root", ROOT
    )
