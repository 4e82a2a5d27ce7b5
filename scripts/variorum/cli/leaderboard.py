"""`variorum leaderboard`: the table of all systems, made anew from their predictions."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from variorum.cli.app import Root, app, lines, notes, open_corpus, printed, shown
from variorum.cli.results import target, write
from variorum.cli.sets import read_annotators, read_gold
from variorum.cli.tables import show_compact
from variorum.corpus import Corpus

if TYPE_CHECKING:
    from variorum.leaderboard import Board
    from variorum.leaderboard.measures import Cell, Main


class Output(StrEnum):
    table = "table"
    json = "json"
    html = "html"
    markdown = "markdown"


@app.command()
def leaderboard(
    root: Root = None,
    format: Annotated[Output, printed()] = Output.table,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files; left out: leaderboard/.")] = None,
) -> None:
    """Make the leaderboard anew from leaderboard/NAME/prediction.json and system.json: README.md, leaderboard.json,
    index.html, and REPORT.md, which says how far the order of the systems can be trusted."""
    from variorum import leaderboard as boards

    corpus = open_corpus(root)
    folder = target(out, corpus) if out else corpus.leaderboard
    board = read_board(corpus)
    made = boards.files(board)
    for name, data in made.items():
        write(folder / name, data)
    if format is Output.table:
        _show(board)
        notes(f"{shown(folder)}: {', '.join(made)} are written")
        notes.next("variorum docs")
    else:
        names = dict(zip((Output.markdown, Output.json, Output.html), made, strict=False))
        lines([made[names[format]].decode().removesuffix("\n")])


def read_board(corpus: Corpus) -> "Board":
    """The board of the corpus' entries, gold and records; ends with every problem and exit code 1 if one is wrong."""
    from variorum import leaderboard as boards
    from variorum.cli.entries import beside_others, read_entries
    from variorum.cli.score_inputs import layout

    gold = read_gold(corpus)
    kinds = {each.source: each.kind for each in read_annotators(corpus)}
    return boards.board(read_entries(corpus, gold), gold, layout(corpus), beside_others(corpus), kinds)


def _show(board: "Board") -> None:
    """The figures that order systems, and false alarms, without intervals: what reads in 80 columns."""
    from variorum.leaderboard.measures import MAIN, RANKED

    columns = [main for main in MAIN if main in RANKED or not main.more_is_better]
    rows = [(row.name, *_values(row.cells, columns)) for row in board.rows]
    rows += [(f"({each.source})", *_values(each.cells, columns)) for each in board.ceilings]
    show_compact(("", *(main.title.replace(" ", "\n") for main in columns)), rows)
    if board.ceilings:
        notes("In brackets: annotators, each against the others, which is not against gold.")
    notes("Intervals, further figures and what runs took are in the files.")


def _values(cells: "Mapping[str, Cell]", columns: "Iterable[Main]") -> Iterator[str]:
    for main in columns:
        cell = cells.get(main.title)
        value = cell.figure.value if cell else None
        yield f"{value:.3f}" if value is not None else "undefined" if cell else "-"
