"""Counts by unit, and figures computed from them with intervals.

All that one layer measures between all its annotators stands in one table (`variorum.scoring.tables.Table`): a row a
unit (a paragraph), or a row a pair of units (a claim pair: its weight is the product of its claims'), a column a count.
A resample draws units for all annotators at once, so that means over annotator pairs have intervals, too. Figures of
parts (an article, a type, a stratum) are sums over the part under the draws of the whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.agreement.coefficients import Floats
from variorum.agreement.report import Config, Figure, Measure, Result
from variorum.overlaps import Ints
from variorum.scoring.intervals import draws, percentiles
from variorum.scoring.tables import Sums, Table

Function = Callable[[Sums], Floats]


class Entry(NamedTuple):
    """One figure to compute from the sums of a table; `n` and `counts` are sums worth showing."""

    task: str
    match: str
    coefficient: str
    of: str
    between: tuple[str, ...]
    function: Function
    why: str
    n: Function
    counts: Mapping[str, Function] = {}


class Columns:
    """A table in the making: counts are added at units, column by column."""

    def __init__(self) -> None:
        self._parts: dict[str, list[tuple[NDArray[np.int32], Floats]]] = {}

    def add(self, name: str, at: Ints, weights: Floats | None = None) -> None:
        """Add 1, or a weight, to a column at each of these units."""
        counts = np.bincount(at, weights)
        rows = np.flatnonzero(counts).astype(np.int32)
        self._parts.setdefault(name, []).append((rows, counts[rows].astype(float)))

    def add_by(self, prefix: str, at: Ints, codes: Ints, names: Sequence[str]) -> None:
        """The same, to the column `prefix + names[code]` of each; a code of -1 is for none."""
        for code in np.unique(codes[codes >= 0]).tolist():
            self.add(prefix + names[code], at[codes == code])

    @property
    def names(self) -> tuple[str, ...]:
        """The columns so far."""
        return tuple(self._parts)

    def table(self, key: str, unit: str, units: Sequence[str]) -> Table:
        """The table, a row a unit."""
        from scipy.sparse import coo_array

        parts = [(at, *part) for at, each in enumerate(self._parts.values()) for part in each]
        rows = np.concatenate([part[1] for part in parts]) if parts else np.zeros(0, np.int32)
        values = np.concatenate([part[2] for part in parts]) if parts else np.zeros(0)
        columns = np.repeat(np.array([part[0] for part in parts], np.int32), [len(part[1]) for part in parts])
        counts: Any = coo_array((values, (rows, columns)), shape=(len(units), len(self._parts))).tocsc()
        names = tuple(units)
        return Table(key, unit, names, names, self.names, counts, np.arange(len(names)))


def column(name: str) -> Function:
    """The sum of a column; one that is not there has only zeros."""
    return lambda sums: sums.get(name, _zero(sums))


def _zero(sums: Sums) -> Floats:
    first = next(iter(sums.values()), np.zeros(()))
    return np.zeros_like(first)


def total(functions: Iterable[Function]) -> Function:
    """The sum of several."""
    each = list(functions)
    return lambda sums: sum((function(sums) for function in each), _zero(sums))


def mean(functions: Iterable[Function]) -> Function:
    """The mean of those that are defined."""
    each = list(functions)

    def function(sums: Sums) -> Floats:
        values = np.stack([np.asarray(one(sums), dtype=float) for one in each])
        defined = ~np.isnan(values)
        number = defined.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(number > 0, np.nansum(values, axis=0) / number, np.nan)

    return function


def results(layer: str, table: Table, entries: Iterable[Entry], config: Config, sets: str) -> Iterator[Result]:
    """All figures of one table, put together by measure."""
    by_measure: dict[tuple[str, str, str], list[Figure]] = {}
    sums = table.sums()
    resample = config.resamples > 0 and len(table.units) > 1 and bool(table.names)
    repeated = replicates(table, config) if resample else None
    why = "resampling is turned off" if not config.resamples else f"there is one {table.unit} only"
    for entry in entries:
        by_measure.setdefault(entry[:3], []).append(_figure(entry, sums, repeated, why))
    for (task, match, coefficient), figures in by_measure.items():
        measure = Measure(
            layer=layer,
            task=task,
            match=match,
            coefficient=coefficient,
            unit=table.unit,
            resamples=config.resamples,
            seed=config.seed,
            sets=sets,
        )
        yield Result(measure=measure, figures=tuple(figures))


CELLS = 1_000_000  # weights in use at a time


def replicates(table: Table, config: Config) -> Sums:
    """The sums of a table in each of the resamples: those of `variorum.scoring.intervals`, drawn once for all tables of
    as many units."""
    resample, drawn = table.resampler(), _drawn(len(table.units), config.resamples, config.seed)
    step = max(1, CELLS // len(table.units))
    parts = [resample(drawn[at : at + step]) for at in range(0, config.resamples, step)]
    return table.named(np.concatenate(parts))


@lru_cache(maxsize=2)  # paragraphs and claims
def _drawn(n_units: int, resamples: int, seed: int) -> NDArray[np.uint8]:
    """How often each unit is drawn, in each resample: resamples by units."""
    return np.concatenate(list(draws(n_units, resamples, seed)))


def _figure(entry: Entry, sums: Sums, repeated: Sums | None, why: str) -> Figure:
    value = float(entry.function(sums))
    counts = {name: _number(float(count(sums))) for name, count in entry.counts.items()}
    n = round(float(entry.n(sums)))
    if np.isnan(value):
        return Figure(of=entry.of, between=entry.between, value=None, undefined=entry.why, n=n, counts=counts)
    spread = percentiles(entry.function(repeated)) if repeated is not None else None
    if repeated is not None and spread is None:
        why = "undefined in half of the resamples or more"
    low, high = spread or (None, None)
    return Figure(
        of=entry.of,
        between=entry.between,
        value=_rounded(value),
        low=None if low is None else _rounded(low),
        high=None if high is None else _rounded(high),
        no_interval=None if spread else why,
        n=n,
        counts=counts,
    )


def _rounded(value: float) -> float:
    """To six decimals: the last digits of a sum depend on the order of summing, which libraries may change."""
    return round(value, 6) + 0.0


def _number(value: float) -> float:
    return int(value) if value.is_integer() else _rounded(value)
