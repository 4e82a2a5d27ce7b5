"""The files of the leaderboard, by name: the same board gives the same bytes."""

from variorum.leaderboard import report, table
from variorum.leaderboard.blocks import html, markdown
from variorum.leaderboard.board import Board
from variorum.leaderboard.neighbours import neighbours
from variorum.leaderboard.plain import as_json, to_text

TABLE, DATA, PAGE, REPORT = FILES = ("README.md", "leaderboard.json", "index.html", "REPORT.md")


def files(board: Board) -> dict[str, bytes]:
    """Table and report as Markdown, both on one page as HTML, everything as JSON."""
    found = neighbours(board)
    first, second = table.page(board, found), report.page(board, found)
    made = {
        TABLE: markdown(first),
        DATA: to_text(as_json(board, found)),
        PAGE: html(table.TITLE, [*first, *second]),
        REPORT: markdown(second),
    }
    return {name: text.encode() for name, text in made.items()}
