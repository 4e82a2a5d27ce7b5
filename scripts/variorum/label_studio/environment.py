"""The server's own Python environment: where it is, how it is made, and the clean surroundings the server runs in.

Label Studio pins some 150 packages, many of them exactly, so it never shares an environment with this package.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from variorum.label_studio.errors import StudioError

VERSION = "1.23.2"  # the release that everything here was tried with; requirements-studio.txt pins it
REQUIREMENTS = "requirements-studio.txt"
VENV = ".venv-studio"
_PACKAGE = Path(__file__).resolve().parents[1]
PACKED = _PACKAGE / f"_{REQUIREMENTS}"  # where the wheel has them
_CANDIDATES = (_PACKAGE.parents[1] / REQUIREMENTS, PACKED)

# Read as LABEL_STUDIO_X and as bare X (HOST, PORT, DEBUG …): the server is started with these variables and few others.
SETTINGS = {
    "COLLECT_ANALYTICS": "false",
    "FEATURE_FLAGS_OFFLINE": "true",
    "FRONTEND_SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    # Has to be set before the first user is made, or the tokens below are refused for good.
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
}


def default_venv() -> Path:
    """The environment beside the pinned requirements of a clone, else one in the user's cache folder."""
    if _CANDIDATES[0].is_file():
        return _CANDIDATES[0].parent / VENV
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "variorum" / f"label-studio-{VERSION}"


def ensure(venv: Path, say: Callable[[str], None]) -> Path:
    """The Python of the server's environment, which is made if it is missing (3 minutes, 1 GB; needs the network).

    An environment that exists is used as it is, without the network. StudioError if it cannot be made.
    """
    python = venv / "bin" / "python"
    if not _complete(venv):
        say(f"making the server's environment in {venv} (once; about 3 minutes and 1 GB)")
        _make(venv)
    return python


def _complete(venv: Path) -> bool:
    """Whether the server is installed: its command is the last thing that pip writes."""
    return (venv / "bin" / "python").exists() and (venv / "bin" / "label-studio").is_file()


def _make(venv: Path) -> None:
    requirements = next((path for path in _CANDIDATES if path.is_file()), None)
    if requirements is None:
        raise StudioError(f"no {REQUIREMENTS}: start the server from a clone, or make an environment at {venv} with "
                          f"`pip install label-studio=={VERSION}`")  # fmt: skip
    # What an interrupted installation left is not mended but made anew.
    shutil.rmtree(venv, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(venv)])
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    _run([*pip, "--require-hashes", "-r", str(requirements)])


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise StudioError(f"cannot run {command[0]}: {error.strerror}") from error
    if done.returncode:
        raise StudioError(f"`{' '.join(command)}` failed:\n{_tail(done.stderr or done.stdout)}")


def _tail(text: str, lines: int = 15) -> str:
    return "\n".join(text.rstrip().splitlines()[-lines:])


def variables(data: Path, venv: Path, database: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment variables of the server: its settings, and nothing of ours that it could take for one.

    `database` has those that name a database other than SQLite, its password among them.
    """
    path = os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath)])
    kept = {name: os.environ[name] for name in ("TZ", "TMPDIR") if name in os.environ}
    folders = {"HOME": str(data), "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
    return {**kept, "PATH": path, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **folders, **SETTINGS, **(database or {})}
