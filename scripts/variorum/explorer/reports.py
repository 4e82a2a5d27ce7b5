"""The reports of a corpus as plots: agreement.json, validity.json, leaderboard.json.

Each reader takes the JSON value and raises ValueError if it is not what the command of that name writes.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from variorum.agreement.plots import BARS, RELATIONS
from variorum.dataset.worth import HEADLINES
from variorum.explorer.figures import Bar, Plot

# --- agreement.json ------------------------------------------------------------------------------------------


class _Figure(msgspec.Struct):
    of: str
    between: tuple[str, ...]
    n: float
    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None

    def bar(self, label: str) -> Bar:
        return Bar(label, self.value, self.low, self.high, self.undefined, f"{self.n:g}")


class _Result(msgspec.Struct):
    layer: str
    task: str
    match: str
    coefficient: str
    figures: tuple[_Figure, ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.layer, self.task, self.match, self.coefficient


class _Comparison(msgspec.Struct):
    name: str
    kind: str
    sources: tuple[str, ...]
    note: str = ""
    undefined: str | None = None
    results: tuple[_Result, ...] = ()


class _Report(msgspec.Struct):
    intervals: str
    comparisons: tuple[_Comparison, ...]


def agreement(value: Any) -> tuple[Plot, ...]:
    """What agreement.json tells, a plot a comparison. ValueError if it is no such report."""
    report = msgspec.convert(value, _Report)
    told: set[str] = set()
    measured = (each for each in report.comparisons if each.undefined is None)
    order = sorted(measured, key=lambda each: each.kind != "round")
    plots = [_comparison(each, report.intervals, told) for each in order]
    return tuple(plot for plot in plots if plot.bars)


def _comparison(each: _Comparison, intervals: str, told: set[str]) -> Plot:
    """`told` are the notes that stand on an earlier plot already."""
    found = {result.key: _whole(result, each.sources) for result in each.results}
    bars = (figure.bar(HEADLINES[key]) for key, figure in found.items() if key in HEADLINES and figure)
    note = f"{each.note[:1].upper()}{each.note[1:]}." if each.note else ""
    notes = [line for line in (note, f"In brackets: {intervals}.") if line and line not in told]
    told |= {*notes}
    title = f"{each.name}: {', '.join(each.sources)}"
    return Plot(title, tuple(bars), tuple(notes), tuple(_parts(each)))


def _whole(result: _Result, sources: tuple[str, ...]) -> _Figure | None:
    """The figure of everything, between all."""
    return next((f for f in result.figures if f.of == "all" and f.between == sources), None)


def _parts(each: _Comparison) -> Iterator[Plot]:
    """By type, kind, article, relation: the same as `variorum agreement` draws."""
    results = {"|".join(result.key): result for result in each.results}
    for name, axis, title in BARS:
        figures = results[name].figures if name in results else ()
        some = [f for f in figures if f.between == each.sources and f.of.startswith(f"{axis}=")]
        if some:
            yield Plot(title, tuple(f.bar(f.of.partition("=")[2]) for f in some))
    for coefficient in ("alpha", "specific"):
        named = [(name, results.get(f"contradictions|relation|{name}|{coefficient}")) for name in RELATIONS]
        bars = [figure.bar(name) for name, found in named if found and (figure := _whole(found, each.sources))]
        if bars:
            what = "specific agreement" if coefficient == "specific" else coefficient
            yield Plot(f"each relation against the rest: {what}", tuple(bars))


# --- validity.json -------------------------------------------------------------------------------------------


class _Share(msgspec.Struct):
    value: float | None
    hits: int
    n: int
    interval: tuple[float, float] | None = None

    def bar(self, label: str) -> Bar:
        low, high = self.interval or (None, None)
        return Bar(label, self.value, low, high, "no items", f"{self.hits} of {self.n}")


class _Known(msgspec.Struct):
    source: str
    relation: _Share


class _Look(msgspec.Struct):
    source: str
    stratum: str
    same: _Share


class _Validity(msgspec.Struct):
    known_answers: tuple[_Known, ...] = ()
    second_looks: tuple[_Look, ...] = ()


def validity(value: Any) -> tuple[Plot, ...]:
    """Known answers and second looks, as shares with exact intervals. ValueError if it is no such report."""
    report = msgspec.convert(value, _Validity)
    known = [each.relation.bar(f"known answers right: {each.source}") for each in report.known_answers]
    looks = [each.same.bar(f"second look by {each.source}, upheld: {each.stratum}") for each in report.second_looks]
    bars = known + looks
    note = "Annotators who are alike agree on their errors, too; this is what shows whether they are right. "
    return (Plot("Validity", tuple(bars), (f"{note}In brackets: exact 95 % intervals.",)),) if bars else ()


# --- leaderboard.json ----------------------------------------------------------------------------------------


class _Column(msgspec.Struct):
    title: str
    meaning: str = ""
    more_is_better: bool = True


class _Cell(msgspec.Struct):
    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None


class _System(msgspec.Struct):
    title: str
    control: bool = False


class _Row(msgspec.Struct):
    figures: dict[str, _Cell]
    system: _System | None = None
    source: str = ""
    kind: str = ""

    @property
    def label(self) -> str:
        if self.system:
            return f"{self.system.title} (control)" if self.system.control else self.system.title
        return f"annotator {self.source} ({self.kind.replace('_', ' ')})" if self.kind else f"annotator {self.source}"


class _Board(msgspec.Struct):
    columns: tuple[_Column, ...]
    systems: tuple[_Row, ...]
    intervals: str
    annotators: tuple[_Row, ...] = ()


def leaderboard(value: Any) -> tuple[Plot, ...]:
    """A plot a column, best first, and below the systems each annotator against the others."""
    board = msgspec.convert(value, _Board)
    beside = "Annotators are scored against the others, so not on the same gold." if board.annotators else ""
    first = tuple(filter(None, (f"In brackets: {board.intervals}.", beside)))
    plots = (_column(each, board) for each in board.columns)
    found = [plot for plot in plots if plot.bars]
    return tuple(msgspec.structs.replace(p, notes=(*p.notes, *first)) if p is found[0] else p for p in found)


def _column(each: _Column, board: _Board) -> Plot:
    bars = (*_bars(each, board.systems), *_bars(each, board.annotators))
    return Plot(each.title, bars, (f"{each.meaning[:1].upper()}{each.meaning[1:]}.",) if each.meaning else ())


def _bars(column: _Column, rows: Iterable[_Row]) -> list[Bar]:
    """Those that have a figure or a reason why there is none, best first."""
    cells = [(row.label, cell) for row in rows if (cell := row.figures.get(column.title))]
    sign = -1 if column.more_is_better else 1
    order = sorted(cells, key=lambda each: (each[1].value is None, sign * (each[1].value or 0), each[0]))
    return [Bar(label, cell.value, cell.low, cell.high, cell.undefined) for label, cell in order]
