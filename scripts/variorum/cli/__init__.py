"""The `variorum` command: one module a command, each of which reads, calls one function of the library, and writes."""

from variorum.cli import (
    adjudicate,
    agreement,
    baseline,
    build,
    check,
    contrast,
    disagreements,
    docs,
    explore,
    init,
    leaderboard,
    pool,
    predict_template,
    publish,
    score,
    sources,
    studio,
    studio_decisions,
    studio_push,
    studio_records,
    studio_status,
    studio_work,
    summary,
    validity,
    verify,
    withdraw,
)
from variorum.cli.app import app

__all__ = [
    "adjudicate",
    "agreement",
    "app",
    "baseline",
    "build",
    "check",
    "contrast",
    "disagreements",
    "docs",
    "explore",
    "init",
    "leaderboard",
    "main",
    "pool",
    "predict_template",
    "publish",
    "score",
    "sources",
    "studio",
    "studio_decisions",
    "studio_push",
    "studio_records",
    "studio_status",
    "studio_work",
    "summary",
    "validity",
    "verify",
    "withdraw",
]


def main() -> None:
    """Entry point of the `variorum` command."""
    app()
