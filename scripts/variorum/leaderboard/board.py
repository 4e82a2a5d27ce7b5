"""The rows: every system against gold, every annotator against what the others make."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from variorum import scoring
from variorum.agreement import HeldOut
from variorum.leaderboard.measures import CONTRAST, RANKED, Cell, cells, value
from variorum.leaderboard.system import System
from variorum.records import AnnotationSet
from variorum.scoring import Answered, Config, Layout, Report, Unplaced


class Entry(NamedTuple):
    """A system and its prediction, under the name of its folder. `unplaced`, `edited`: as the scorer takes them."""

    name: str
    system: System
    prediction: AnnotationSet
    unplaced: Mapping[str, Sequence[Unplaced]] = {}
    edited: Answered | None = None


class Row(NamedTuple):
    """An entry, the scores of its prediction, and by title the main ones of these; `contrast`: of edited pairs."""

    entry: Entry
    report: Report
    cells: Mapping[str, Cell]
    contrast: Mapping[str, Cell]

    @property
    def name(self) -> str:
        return self.entry.name


class Ceiling(NamedTuple):
    """An annotator as if it were a system: its labels scored against what the others settle among themselves.

    `open`: how many items the others leave open; these are on neither side.
    """

    source: str
    kind: str
    reports: tuple[Report, ...]
    cells: Mapping[str, Cell]
    open: int


class Board(NamedTuple):
    """Everything that the leaderboard shows is computed from this."""

    gold: AnnotationSet
    config: Config
    layout: Layout
    rows: tuple[Row, ...]
    ceilings: tuple[Ceiling, ...]
    kinds: Mapping[str, str]

    @property
    def systems(self) -> tuple[Row, ...]:
        """The rows of those that try."""
        return tuple(row for row in self.rows if not row.entry.system.control)


def board(
    entries: Iterable[Entry],
    gold: AnnotationSet,
    layout: Layout | None = None,
    beside: Iterable[HeldOut] = (),
    kinds: Mapping[str, str] | None = None,
    config: Config | None = None,
) -> Board:
    """Scores of all entries, best conflicts F1 first; and of the annotators, of which `kinds` says what they are."""
    config, layout, kinds = config or Config(), layout or Layout(), kinds or {}
    rows = sorted((_row(entry, gold, config, layout) for entry in entries), key=_order)
    by_source: dict[str, list[HeldOut]] = {}
    for each in beside:
        by_source.setdefault(each.source, []).append(each)
    ceilings = [_ceiling(by_source[name], kinds.get(name, ""), config, layout) for name in sorted(by_source)]
    return Board(gold, config, layout, tuple(rows), tuple(ceilings), kinds)


def _row(entry: Entry, gold: AnnotationSet, config: Config, layout: Layout) -> Row:
    report = scoring.score(entry.prediction, gold, config, layout, unplaced=entry.unplaced, edited=entry.edited)
    return Row(entry, report, cells(report), cells(report, CONTRAST))


def _order(row: Row) -> tuple[object, ...]:
    """Best first by each of the ranked figures in turn, what has none last; then by name."""
    values = (value(row.cells, main) for main in RANKED)
    return (*((each is None, -(each or 0)) for each in values), row.name)


def _ceiling(sides: Sequence[HeldOut], kind: str, config: Config, layout: Layout) -> Ceiling:
    reports = tuple(scoring.score(each.own, each.others, config, layout) for each in sides)
    found = {title: cell for report in reports for title, cell in cells(report).items()}
    return Ceiling(sides[0].source, kind, reports, found, sum(each.open for each in sides))
