"""Bars for what takes longer than a person waits: on a terminal, on standard error, and gone when it is done."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Timer
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from variorum.cli.app import err, notes

PATIENCE = 2.0  # seconds before a bar is shown

T = TypeVar("T")
# What is printed meanwhile goes where it would go without a bar.
_bar = partial(Progress, console=err, transient=True, redirect_stdout=False, redirect_stderr=False)


def tracked(items: Iterable[T], what: str) -> Iterator[T]:
    """The items, with a bar that counts them."""
    listed = list(items)
    bar = _bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with _late(bar):
        yield from bar.track(listed, description=what)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Something of which nobody can tell how far it is: how long it has taken."""
    bar = _bar(SpinnerColumn("line"), TextColumn("{task.description}"), TimeElapsedColumn())
    bar.add_task(what, total=None)
    with _late(bar):
        yield


@contextmanager
def _late(bar: Progress) -> Iterator[None]:
    """The bar is shown once `PATIENCE` has passed, if there is anybody to see it."""
    timer = Timer(PATIENCE, bar.start)
    if sys.stderr.isatty() and not notes.quiet:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if timer.is_alive():
            timer.join()
        if bar.live.is_started:
            bar.stop()
