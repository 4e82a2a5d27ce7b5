"""The Makefile: what `make` runs, and in which order."""

import re
import shutil
import subprocess

import pytest
from support import ROOT


def commands(target: str) -> list[str]:
    """The `variorum` commands that a target runs, in order; nothing is run."""
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True)
    return re.findall(r"bin/variorum (\w+)", done.stdout)


def test_make_measures_agreement_before_anything_is_adjudicated() -> None:
    made = ["check", "agreement", "adjudicate", "validity", "contrast", "leaderboard", "docs", "build"]
    expected = [*made, "baseline", "score", "summary"]
    assert commands("all") == expected


def test_agreement_does_not_need_gold() -> None:
    assert commands("agreement") == ["check", "agreement"]
