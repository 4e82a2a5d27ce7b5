"""What tests import by name; fixtures are in conftest.py, of which there are two."""

import subprocess
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent

Command = Callable[..., subprocess.CompletedProcess[str]]
