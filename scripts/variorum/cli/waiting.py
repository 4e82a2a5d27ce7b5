"""Bars for what takes longer than a person waits: on a terminal, on standard error, gone before anything is printed."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

PATIENCE = 2.0  # seconds before a bar is shown

T = TypeVar("T")


class Bars:
    """The bar of the command that runs: one at a time, since a terminal has one last line."""

    wanted = True

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._timer: Timer | None = None

    @contextmanager
    def during(self, what: str) -> Iterator[None]:
        """While something runs of which nobody can tell how far it is: how long it has taken."""
        self._begin(SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
        if self._bar:
            self._bar.add_task(what, total=None)
        try:
            yield
        finally:
            self.over()

    def tracked(self, items: Iterable[T], what: str) -> Iterator[T]:
        """The items, counted as they are done with."""
        listed = list(items)
        self._begin(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        try:
            yield from self._bar.track(listed, description=what) if self._bar else listed
        finally:
            self.over()

    def over(self) -> None:
        """Take the bar away: something is to be printed, or nothing is waited for any more."""
        bar, timer, self._bar, self._timer = self._bar, self._timer, None, None
        if timer:
            timer.cancel()
            if timer.is_alive():
                timer.join()
        if bar and bar.live.is_started:
            bar.stop()

    def _begin(self, *columns: ProgressColumn) -> None:
        """A bar that is shown once `PATIENCE` has passed, if there is anybody to see it."""
        self.over()
        if not self.wanted or not sys.stderr.isatty():
            return
        # What is printed meanwhile goes where it would go without a bar.
        shown = Console(stderr=True)
        self._bar = Progress(*columns, console=shown, transient=True, redirect_stdout=False, redirect_stderr=False)
        self._timer = Timer(PATIENCE, self._bar.start)
        self._timer.daemon = True
        self._timer.start()


bars = Bars()
