"""Two predictions of the same gold: the difference of every figure, its interval, and whether it could be chance.

The interval is the bootstrap's, the same draws for both systems. p is that of paired approximate randomisation
(Noreen 1989; Yeh 2000): for each row of a table (paragraph, group of entities, claim pair …) the two systems' counts
are swapped with chance ½, and p is the share of trials, the observed one included, in which the difference is at least
as great as the one observed, two-sided. For average precision it is ranks that are swapped, since the scores of two
systems need not mean the same. Rows that are pairs of claims are swapped one by one, as if they were independent; where
a few claims are in most of the pairs, trust the interval rather than p.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from variorum.overlaps import Ints
from variorum.records import Record
from variorum.scoring.config import Measure
from variorum.scoring.entities import GROUP
from variorum.scoring.intervals import percentiles, replicates
from variorum.scoring.report import Computed, Joint, Report
from variorum.scoring.tables import Floats, Ranking, Sheet, Table, average_precision

TRIALS_AT_ONCE = 64
ROUNDING = 1e-12


class Difference(Record, frozen=True, kw_only=True):
    """One figure of two systems, `first` - `second`, with a 95 % interval and p."""

    measure: Measure
    name: str
    first: float
    second: float
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def difference(self) -> float:
        return self.first - self.second


def compare(first: Report, second: Report) -> tuple[Difference, ...]:
    """Every figure that both reports define, the intervals under the unit that its signature names. ValueError if they
    are not about the same gold, or not made alike, or each not `beside` the other where entities are compared."""
    alike = first.config == second.config and first.reference == second.reference
    if not alike or (first.contrast and second.contrast and first.contrast != second.contrast):
        raise ValueError("two reports can be compared only on the same gold, under the same configuration")
    others = {result.entry.name: result for result in second.results}
    both = [(each, others[each.entry.name]) for each in first.results if each.entry.name in others]
    found: list[Difference] = []
    for key in dict.fromkeys(each.sheet.key for each, _ in both):
        pairs = [(a, b) for a, b in both if a.sheet.key == key]
        found += _differences(pairs, (first, second))
    return tuple(found)


def _differences(pairs: list[tuple[Computed, Computed]], reports: tuple[Report, Report]) -> Iterator[Difference]:
    """All figures of one table."""
    a, b = comparable(*pairs[0], reports)
    report = reports[0]
    resamples, seed = report.config.resamples, report.config.seed
    spread = swapped = None
    if resamples and len(a.units) > 1:
        spread = replicates((a, b), resamples, seed)
        swapped = list(map(a.named, randomised(a, b, resamples, seed)))
    for left, right in pairs:
        functions = left.entry.formula.function, right.entry.formula.function
        chance = _gaps(functions, swapped) if swapped else {}
        drawn = _gaps(functions, spread) if spread else {}
        values = {figure.name: figure.value for figure in right.figures}
        for figure in left.figures:
            other = values[figure.name]
            if figure.value is not None and other is not None:
                low, high = (percentiles(drawn[figure.name]) if drawn else None) or (None, None)
                p = _p(figure.value - other, chance[figure.name]) if chance else None
                yield Difference(
                    measure=report.measure(left, a.unit),
                    name=figure.name,
                    first=figure.value,
                    second=other,
                    low=low,
                    high=high,
                    p=p,
                )


def _gaps(functions: tuple[Any, Any], sums: list[dict[str, Floats]]) -> dict[str, Floats]:
    first, second = (function(each) for function, each in zip(functions, sums, strict=True))
    return {name: first[name] - second[name] for name in first}


def _p(observed: float, gaps: Floats) -> float:
    """(1 + number of trials at least as far apart) / (1 + number of trials); undefined trials are not apart."""
    as_far = np.abs(np.nan_to_num(gaps)) >= abs(observed) - ROUNDING
    return float((1 + as_far.sum()) / (1 + len(gaps)))


# --- two tables of the same rows -------------------------------------------------------------------------------


def comparable(first: Computed, second: Computed, reports: tuple[Report, Report]) -> tuple[Sheet, Sheet]:
    """The tables of two results with the same rows, units and columns. ValueError if the reports have none such."""
    key = first.sheet.key
    if first.sheet.unit != GROUP:
        return united(first.sheet, second.sheet)
    if not _beside_each_other(*(report.joint for report in reports)):
        raise ValueError("entities are compared by groups of both predictions: score each with the other as `beside`")
    a, b = (report.joint.tables[key] for report in reports if report.joint)
    return a, b


def _beside_each_other(first: Joint | None, second: Joint | None) -> bool:
    """Whether each was made beside the prediction of the other."""
    if first is None or second is None:
        return False
    return (first.prediction, first.beside) == (second.beside, second.prediction)


def united(a: Sheet, b: Sheet) -> tuple[Sheet, Sheet]:
    """The two tables with the rows, units and columns of either, in the same order."""
    if isinstance(a, Ranking) or isinstance(b, Ranking):
        return a, b  # rows and units are gold's pairs and claims
    units = _either(a.units, b.units)
    rows = _either(a.rows, b.rows)
    names = _either(a.names, b.names)
    return _spread(a, b, units, rows, names), _spread(b, a, units, rows, names)


def _either(a: Any, b: Any) -> tuple[str, ...]:
    return tuple(a) if list(a) == list(b) else tuple(sorted({*a, *b}))


def _spread(table: Table, other: Table, units: tuple[str, ...], rows: tuple[str, ...], names: tuple[str, ...]) -> Table:
    if (table.units, tuple(table.rows), table.names) == (units, rows, names):
        return table
    from scipy.sparse import coo_array, csc_array

    row, column, unit = ({name: at for at, name in enumerate(each)} for each in (rows, names, units))
    counts = coo_array(table.counts)
    at = _places(table.rows, row)[counts.row], _places(table.names, column)[counts.col]
    placed = csc_array((counts.data, at), shape=(len(rows), len(names)))
    first = _ends(table, other, row, unit, "first")
    second = None if table.second is None else _ends(table, other, row, unit, "second")
    dense = placed.toarray() if isinstance(table.counts, np.ndarray) else placed
    return Table(table.key, table.unit, units, rows, names, dense, first, second)


def _places(names: Any, numbers: dict[str, int]) -> Ints:
    return np.array([numbers[name] for name in names], np.int64)


def _ends(table: Table, other: Table, row: dict[str, int], unit: dict[str, int], which: str) -> Ints:
    """The unit of every row, whichever of the two tables has it."""
    ends = np.zeros(len(row), np.int64)
    for each in (other, table):
        ends[_places(each.rows, row)] = _places(each.units, unit)[getattr(each, which)]
    return ends


# --- swapping ------------------------------------------------------------------------------------------------


def randomised(a: Sheet, b: Sheet, trials: int, seed: int) -> tuple[Floats, Floats]:
    """The sums of both systems in each trial."""
    generator = np.random.default_rng([seed, 1])
    a, b = (_ranked(each) if isinstance(each, Ranking) else each for each in (a, b))
    parts = []
    for start in range(0, trials, TRIALS_AT_ONCE):
        size = min(TRIALS_AT_ONCE, trials - start)
        swap = generator.integers(2, size=(len(a.rows), size), dtype=np.int8).astype(float)
        parts.append(_swapped_ranks(a, b, swap) if isinstance(a, Ranking) else _swapped_sums(a, b, swap))
    first, second = zip(*parts, strict=True)
    return np.concatenate(first), np.concatenate(second)


def _ranked(ranking: Ranking) -> Ranking:
    """Ranks in place of scores. A probability of one system and a similarity of another have no common scale; the place
    that a system gives a pair among all pairs has, and average precision is a function of these places alone."""
    from scipy.stats import rankdata

    return ranking._replace(score=rankdata(ranking.score))


def _swapped_sums(a: Table, b: Any, swap: Floats) -> tuple[Floats, Floats]:
    moved = np.asarray(((b.counts - a.counts).T @ swap).T)
    return a.counts.sum(axis=0) + moved, b.counts.sum(axis=0) - moved


def _swapped_ranks(a: Ranking, b: Any, swap: Floats) -> tuple[Floats, Floats]:
    """Both systems' ranks in one order; a trial gives each pair one of its two places to either system."""
    rank, positive = np.concatenate((a.score, b.score)), np.concatenate((a.positive, a.positive))
    weights = np.concatenate((1 - swap, swap)), np.concatenate((swap, 1 - swap))
    first, second = (average_precision(rank, positive, weight.T)[:, None] for weight in weights)
    return first, second


def as_json(differences: tuple[Difference, ...]) -> list[dict[str, Any]]:
    """The differences as plain JSON."""
    return [
        {
            "signature": each.measure.signature,
            "figure": each.name,
            "first": each.first,
            "second": each.second,
            "difference": each.difference,
            "low": each.low,
            "high": each.high,
            "p": each.p,
        }
        for each in differences
    ]
