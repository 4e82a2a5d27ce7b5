"""Contrast pairs on the leaderboard: the systems that have judged edited pairs, and what these pairs are."""

from collections import Counter
from typing import NamedTuple

from variorum.contrast.records import DIRECTIONS, Contrast, by_models
from variorum.leaderboard.board import Board, Row
from variorum.leaderboard.measures import CONTRAST, value


class EditedBy(NamedTuple):
    """The systems with figures of edited pairs, most consistent first; how many pairs there are, and by direction."""

    rows: tuple[Row, ...]
    pairs: int
    directions: dict[str, int]
    about: str


def edited_by(board: Board) -> EditedBy | None:
    """None where no system has judged edited pairs."""
    rows = [row for row in board.rows if row.contrast]
    sides = [row.entry.edited.contrast for row in rows if row.entry.edited]
    if not sides:
        return None
    own = sides[0]  # all entries are about the contrast pairs of the corpus
    number = Counter(each.edit.direction for each in own.pairs)
    directions = {name: number[name] for name in DIRECTIONS}
    rows.sort(key=lambda row: (-(value(row.contrast, CONTRAST[-1]) or 0), -(value(row.contrast, CONTRAST[0]) or 0)))
    return EditedBy(tuple(rows), len(own.pairs), directions, _about(own, directions, board))


def _about(own: Contrast, directions: dict[str, int], board: Board) -> str:
    """What the pairs are, who made them, and what most of them are."""
    models = by_models(own, board.kinds)
    by = "runs of one language model, not by people" if models else "the annotators of the corpus"
    most = max(directions, key=lambda name: directions[name])
    counts = ", ".join(f"{name} {count}" for name, count in directions.items())
    return (
        "Pairs of gold of which one claim is edited as little as possible, so that a conflict is gone or one is there: "
        f"{len(own.pairs)} edited pairs, {counts}. Edits are written and verified by {by}. `{most}` is most of it "
        f"({directions[most]} of {len(own.pairs)}), so read the two directions side by side; whoever always says the "
        "same has consistency 0. Rows are in the order of consistency. These figures stand apart: none of them is in "
        "the table of systems or orders it. Systems without a file of answers are left out."
    )
