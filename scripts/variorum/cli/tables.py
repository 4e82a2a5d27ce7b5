"""Tables that are never cut: as wide as what they hold, whatever the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from variorum.cli.app import out
from variorum.cli.waiting import bars


def show(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """Print a table; labels in brackets are text, not markup."""
    _print(Table(*columns, title=title, box=box.SIMPLE, title_justify="left"), rows)


def show_compact(columns: Sequence[str], rows: Iterable[Sequence[str]], apart: bool = True) -> None:
    """Print a table without lines; `apart`: after an empty line."""
    if apart:
        out.line()
    _print(Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0)), rows)


def wrapped(texts: Iterable[str], indent: int = 2) -> Iterator[str]:
    """Lines of at most 80 characters, as far as their words allow; those that go on are set in, by this many blanks."""
    for text in texts:
        yield from wrap(text, 80, subsequent_indent=indent * " ", break_long_words=False, break_on_hyphens=False)


def _print(table: Table, rows: Iterable[Sequence[str]]) -> None:
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    needed = Measurement.get(out, out.options.update(width=10_000), table).maximum
    bars.over()
    Console(highlight=False, width=needed).print(table)
