"""`variorum leaderboard`: the table of all systems, made anew from their predictions."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from variorum.cli.app import Root, app, lines, notes, open_corpus, printed, shown
from variorum.cli.results import target, write
from variorum.cli.sets import read_annotators, read_gold
from variorum.cli.tables import show
from variorum.corpus import Corpus

if TYPE_CHECKING:
    from variorum.leaderboard import Board


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
    from variorum.leaderboard.measures import MAIN
    from variorum.leaderboard.table import figures, took

    columns = ("", *(main.title for main in MAIN), "CPU s", "MiB")
    rows = [(row.name, *figures(row.cells), *took(row.entry.system.measured)) for row in board.rows]
    rows += [(f"({each.source}, against the others)", *figures(each.cells), "", "") for each in board.ceilings]
    show(columns, rows, "leaderboard")
