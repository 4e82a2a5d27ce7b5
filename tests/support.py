"""What tests import by name; fixtures are in conftest.py, of which there are two."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent

Command = Callable[..., subprocess.CompletedProcess[str]]
CHROMIUM_OPTIONS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
)


def chromium_path() -> str | None:
    """The browser of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
