"""The leaderboard: predictions as files, and everything that the table says computed from them.

board(entries, gold, …)   every system's scores, and every annotator's against the others
files(board)              the table and the report as the files that are kept beside the predictions
System                    what made a prediction, and what it took
template(documents, gold) an empty prediction about gold's claims
"""

from variorum.leaderboard.board import Board, Entry, board
from variorum.leaderboard.files import FILES, files
from variorum.leaderboard.system import Measured, Package, System
from variorum.leaderboard.template import as_csv, template

__all__ = ["FILES", "Board", "Entry", "Measured", "Package", "System", "as_csv", "board", "files", "template"]
