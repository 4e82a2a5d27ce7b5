"""What systems find and what fools them, pair by pair: conflicts, look-alikes, and what is left to gain."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from variorum.leaderboard.board import Board, Row
from variorum.leaderboard.measures import MAIN, TIE, Main, value
from variorum.records import CONFLICT, Pair, pair_id


class Conflict(NamedTuple):
    """A conflict of gold: its pairs, and which rows call any of these a contradiction or a tension."""

    conflict_id: str
    pairs: tuple[Pair, ...]
    found_by: tuple[str, ...]


class LookAlike(NamedTuple):
    """A pair of gold that a hasty reader would call a conflict, and which rows do."""

    pair: Pair
    fooled: tuple[str, ...]


class Headroom(NamedTuple):
    """One figure: the best systems that try (all that are equal to it), and the annotators' mean against the others."""

    main: Main
    best: tuple[str, ...]
    reached: float
    ceiling: float | None

    @property
    def left(self) -> float | None:
        return None if self.ceiling is None else self.ceiling - self.reached


def judging(board: Board) -> list[Row]:
    """The rows that judge gold's pairs."""
    return [row for row in board.rows if any("detection" in each.entry.name for each in row.report.results)]


def _called(row: Row) -> set[str]:
    """The pairs that a row calls a conflict."""
    return {pair_id(p.claim_a, p.claim_b) for p in row.entry.prediction.contradictions or () if p.relation in CONFLICT}


def conflicts(board: Board) -> list[Conflict]:
    """Every conflict, by id."""
    pairs: dict[str, list[Pair]] = defaultdict(list)
    for pair in board.gold.contradictions or ():
        if pair.relation in CONFLICT and pair.conflict_id is not None:
            pairs[pair.conflict_id].append(pair)
    called = {row.name: _called(row) for row in judging(board)}
    return [Conflict(name, tuple(pairs[name]), _callers(pairs[name], called)) for name in sorted(pairs)]


def _callers(pairs: Iterable[Pair], called: dict[str, set[str]]) -> tuple[str, ...]:
    wanted = {pair_id(pair.claim_a, pair.claim_b) for pair in pairs}
    return tuple(name for name, found in called.items() if wanted & found)


def look_alikes(board: Board) -> list[LookAlike]:
    """Every look-alike, those first that fool most systems that try, then by id."""
    pairs = [p for p in board.gold.contradictions or () if p.reason is not None and p.relation not in CONFLICT]
    called = {row.name: _called(row) for row in judging(board)}
    found = [LookAlike(pair, _callers([pair], called)) for pair in pairs]
    systems = {row.name for row in board.systems}
    return sorted(found, key=lambda each: (-len(systems.intersection(each.fooled)), each.pair.pair_id))


def headroom(board: Board) -> list[Headroom]:
    """For each main figure of which more is better, what the best systems reach and what is left."""
    return [found for main in MAIN if main.more_is_better and (found := _headroom(board, main))]


def _headroom(board: Board, main: Main) -> Headroom | None:
    have = [(round(number, TIE), row.name) for row in board.systems if (number := value(row.cells, main)) is not None]
    ceilings = [each for ceiling in board.ceilings if (each := value(ceiling.cells, main)) is not None]
    if not have:
        return None
    reached = max(number for number, _ in have)
    best = tuple(sorted(name for number, name in have if number == reached))
    return Headroom(main, best, reached, sum(ceilings) / len(ceilings) if ceilings else None)
