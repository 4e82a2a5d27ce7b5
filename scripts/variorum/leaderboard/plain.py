"""The leaderboard as plain JSON, figures to six digits: more is not the same on every machine."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from variorum.leaderboard.board import Board, Ceiling, Row
from variorum.leaderboard.edited import edited_by
from variorum.leaderboard.findings import conflicts, headroom, look_alikes
from variorum.leaderboard.measures import CONTRAST, CONTRAST_MEANING, MAIN, MEANING, RANKED, Cell, Main
from variorum.leaderboard.neighbours import Neighbours, kept
from variorum.scoring import SCORER, interval_note, reference

DIGITS = 6


def as_json(board: Board, found: Sequence[Neighbours]) -> dict[str, Any]:
    """Everything that the pages have, and signatures of every figure."""
    value = {
        "gold": reference(board.gold),
        "scorer": SCORER,
        "intervals": interval_note(board.config),
        "columns": [_column(main, MEANING) for main in MAIN],
        "systems": [_row(row) for row in board.rows],
        "annotators": [_ceiling(each) for each in board.ceilings],
        **_contrast(board),
        "neighbours": [_neighbours(each) for each in found],
        "ranks": [_kept(each) for main in RANKED for each in kept(board, main)],
        "headroom": [
            {"by": h.main.title, "best": h.best, "value": h.reached, "annotators": h.ceiling, "left": h.left}
            for h in headroom(board)
        ],
        "conflicts": [
            {"conflict_id": c.conflict_id, "pairs": [pair.pair_id for pair in c.pairs], "found_by": c.found_by}
            for c in conflicts(board)
        ],
        "look_alikes": [
            {"pair_id": each.pair.pair_id, "reason": each.pair.reason, "fooled": each.fooled}
            for each in look_alikes(board)
        ],
    }
    rounded: dict[str, Any] = _rounded(value)
    return rounded


def _column(main: Main, meaning: Mapping[str, str]) -> dict[str, Any]:
    names = {"title": main.title, "score": main.score, "figure": main.figure}
    return names | {"more_is_better": main.more_is_better, "meaning": meaning[main.title]}


def _contrast(board: Board) -> dict[str, Any]:
    """Contrast pairs, apart from the rest; nothing where no system has judged them."""
    found = edited_by(board)
    if found is None:
        return {}
    systems = [{"name": row.name, "pairs": found.pairs, "figures": _figures(row.contrast)} for row in found.rows]
    about = {"about": found.about, "pairs": found.pairs, "directions": found.directions}
    return {"contrast": about | {"columns": [_column(m, CONTRAST_MEANING) for m in CONTRAST], "systems": systems}}


def _row(row: Row) -> dict[str, Any]:
    system = msgspec.to_builtins(row.entry.system)
    head = {"name": row.name, "source": row.report.source, "system": system, "figures": _figures(row.cells)}
    return head | {"skipped": dict(row.report.skipped), "unjudged": len(row.report.unjudged)}


def _ceiling(each: Ceiling) -> dict[str, Any]:
    return {"source": each.source, "kind": each.kind, "left_open": each.open, "figures": _figures(each.cells)}


def _figures(cells: Mapping[str, Cell]) -> dict[str, Any]:
    return {title: _figure(cell) for title, cell in cells.items()}


def _figure(cell: Cell) -> dict[str, Any]:
    figure = cell.figure
    values: dict[str, Any] = {"value": figure.value, "low": figure.low, "high": figure.high}
    if figure.value is None:
        values = {"value": None, "undefined": figure.undefined}
    return values | {"signature": cell.score.measure.signature}


def _neighbours(each: Neighbours) -> dict[str, Any]:
    d = each.difference
    names = {"by": each.main.title, "first": each.first, "second": each.second}
    return names | {"difference": d.difference, "low": d.low, "high": d.high, "p": d.p, "swap": each.swap}


def _kept(each: Any) -> dict[str, Any]:
    return {"by": each.main.title, "name": each.name, "rank": each.rank, "value": each.value, "kept": each.kept}


def _rounded(value: Any) -> Any:
    """The same with every number that is no whole one rounded."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(member) for member in value]
    return value


def to_text(value: Mapping[str, Any]) -> str:
    """As a file: indented, with a newline at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
