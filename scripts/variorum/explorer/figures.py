"""Figures with intervals as rows of dots and whiskers.

The plots are drawn by a template (`page/plots.html`) and not by a plotting library: a dot and a line need none, they
take the colours of the page, dark or light, stay as wide as the screen, and are a table to who cannot see them. The
page with plots then needs nothing but the template engine.
"""

import math
from collections.abc import Iterator
from typing import Any

import msgspec

from variorum.agreement.plots import BARS, RELATIONS
from variorum.dataset.worth import HEADLINES
from variorum.records import Record


class Bar(Record, frozen=True):
    """One row: what it is, its value and interval (None: `why` there is none), on how many items it rests."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    why: str | None = None
    n: str = ""

    @property
    def shown(self) -> str:
        if self.value is None:
            return self.why or "undefined"
        interval = "" if self.low is None or self.high is None else f" [{self.low:.2f}, {self.high:.2f}]"
        return f"{self.value:.2f}{interval}"


class Plot(Record, frozen=True):
    """Rows on one axis; `details` are plots that are folded away below it."""

    title: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...] = ()
    details: tuple["Plot", ...] = ()

    @property
    def low(self) -> float:
        """Where the axis begins: 0, or the quarter below what is negative."""
        found = [v for bar in self.bars for v in (bar.value, bar.low) if v is not None and math.isfinite(v)]
        return math.floor(4 * min([0.0, *found])) / 4

    @property
    def high(self) -> float:
        found = [v for bar in self.bars for v in (bar.value, bar.high) if v is not None and math.isfinite(v)]
        return math.ceil(4 * max([1.0, *found])) / 4

    def at(self, value: float) -> float:
        """Where a value lies on the axis, in per cent of its length, with two of them free at either end."""
        return round(2 + 96 * (value - self.low) / (self.high - self.low), 2)

    @property
    def ticks(self) -> tuple[float, ...]:
        steps = round(2 * (self.high - self.low))
        return tuple(self.low + step / 2 for step in range(steps + 1))


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
