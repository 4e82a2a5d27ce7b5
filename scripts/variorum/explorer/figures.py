"""Figures with intervals as rows of dots and whiskers.

The plots are drawn by a template (`page/plots.html`) and not by a plotting library: a dot and a line need none, they
take the colours of the page, dark or light, stay as wide as the screen, and are a table to who cannot see them. The
page with plots then needs nothing but the template engine.
"""

import math

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
    def counted(self) -> bool:
        """Whether it is known of any row on how many items it rests."""
        return any(bar.n for bar in self.bars)

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
