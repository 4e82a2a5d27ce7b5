"""Which system is better than the next: the order by each ranked figure, and how sure it is.

Two neighbours are compared by the scorer's paired approximate randomisation and its paired bootstrap
(`variorum.scoring.comparison`). Under the bootstrap (the same draws for all systems) it is counted how often a
system keeps its rank and how often two neighbours swap, ties counting half.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np

from variorum import scoring
from variorum.leaderboard.board import Board, Row
from variorum.leaderboard.measures import RANKED, TIE, Main, value
from variorum.scoring import Difference, Report
from variorum.scoring.comparison import comparable
from variorum.scoring.intervals import replicates
from variorum.scoring.report import Computed
from variorum.scoring.tables import Floats

ALPHA = 0.05


class Neighbours(NamedTuple):
    """Two systems next to each other in the order by one figure, the better one first.

    `swap`: in which share of the resamples the second is the better one; None without resamples.
    """

    main: Main
    first: str
    second: str
    difference: Difference
    swap: float | None

    @property
    def significant(self) -> bool:
        """Whether p is below 0.05, uncorrected."""
        return self.difference.p is not None and self.difference.p < ALPHA


class Kept(NamedTuple):
    """A system's place by one figure, from 1 (equal values, equal place), and in which share of the resamples it has
    that place; None where units are not the same for all systems, so that they cannot be drawn for all at once."""

    main: Main
    name: str
    rank: int
    value: float
    kept: float | None


def ranked(board: Board, main: Main) -> list[Row]:
    """The rows that have the figure, best first; equal ones by name."""
    have = [row for row in board.rows if value(row.cells, main) is not None]
    return sorted(have, key=lambda row: (-(value(row.cells, main) or 0), row.name))


def neighbours(board: Board) -> list[Neighbours]:
    """All neighbours by every ranked figure."""
    return [_neighbours(board, main, *both) for main in RANKED for both in pairwise(ranked(board, main))]


def _neighbours(board: Board, main: Main, first: Row, second: Row) -> Neighbours:
    reports = _reports(board, main, first, second)
    found = {each.name: each for each in scoring.compare(*reports)}
    return Neighbours(main, first.name, second.name, found[main.figure], _swap(main, reports))


def _reports(board: Board, main: Main, first: Row, second: Row) -> tuple[Report, Report]:
    """The two reports with this score alone. Groups of entities depend on both systems, so these are scored anew."""
    if main.layer != "entities":
        return _only(first.report, main), _only(second.report, main)
    return _beside(board, main, first, second), _beside(board, main, second, first)


def _beside(board: Board, main: Main, own: Row, other: Row) -> Report:
    entry, config = own.entry, msgspec.structs.replace(board.config, layers=(main.layer,))
    beside = other.entry.prediction
    report = scoring.score(entry.prediction, board.gold, config, board.layout, beside=beside, unplaced=entry.unplaced)
    return _only(report, main)


def _only(report: Report, main: Main) -> Report:
    return replace(report, results=tuple(each for each in report.results if each.entry.name == main.score))


# --- ranks under the bootstrap ---------------------------------------------------------------------------------


def kept(board: Board, main: Main) -> list[Kept]:
    """Every system that has the figure, best first, with its rank and how often it keeps that."""
    rows = ranked(board, main)
    values = np.array([value(row.cells, main) for row in rows], dtype=float)
    ranks = _ranks(values[:, None], main)[:, 0] if rows else np.zeros(0)
    shares = _shares(board, main, rows, ranks)
    return [Kept(main, row.name, int(ranks[at]), float(values[at]), shares[at]) for at, row in enumerate(rows)]


def _shares(board: Board, main: Main, rows: Sequence[Row], ranks: Floats) -> list[float | None]:
    results = [_only(row.report, main).results[0] for row in rows]
    shared = {result.sheet.units for result in results}
    if main.layer == "entities" or len(rows) < 2 or len(shared) > 1:
        return [None] * len(rows)
    drawn = _drawn(main, results, board.config.resamples, board.config.seed)
    if not drawn.shape[1]:
        return [None] * len(rows)
    return [float(share) for share in (_ranks(drawn, main) == ranks[:, None]).mean(axis=1)]


def _ranks(values: Floats, main: Main) -> Floats:
    """The rank of each system (rows) in each replicate (columns): one more than there are better ones."""
    sign = 1 if main.more_is_better else -1
    better = sign * values[None, :, :] > sign * values[:, None, :]
    return np.asarray(1 + better.sum(axis=1), dtype=float)


def _swap(main: Main, reports: tuple[Report, Report]) -> float | None:
    first, second = (report.results[0] for report in reports)
    sheets = comparable(first, second, reports)
    config = reports[0].config
    both = [each._replace(sheet=sheet) for each, sheet in zip((first, second), sheets, strict=True)]
    drawn = _drawn(main, both, config.resamples, config.seed)
    if not drawn.shape[1]:
        return None
    gap = (drawn[0] - drawn[1]) * (1 if main.more_is_better else -1)
    return float(((gap < 0) + 0.5 * (gap == 0)).mean())


def _drawn(main: Main, results: Sequence[Computed], resamples: int, seed: int) -> Floats:
    """The figure of each system (rows) in each replicate (columns) in which it is defined for all of them."""
    sheets = [each.sheet for each in results]
    if not resamples or min(len(sheet.units) for sheet in sheets) < 2:
        return np.zeros((len(results), 0))
    sums = replicates(sheets, resamples, seed)
    values = [each.entry.formula.function(sum_)[main.figure] for each, sum_ in zip(results, sums, strict=True)]
    # Values that are the same but for rounding are a tie, on every machine.
    stacked = np.round(np.stack([np.asarray(each, dtype=float) for each in values]), TIE)
    return stacked[:, ~np.isnan(stacked).any(axis=0)]
