"""Mentions: the four measures of SemEval-2013 task 9.1 (Segura-Bedmar et al. 2013), overall, by type and by level.

              credit 1                     credit ½            unit of credit: a mention
    strict    same span, same type
    exact     same span
    type      overlap, same type
    partial   same span                    overlap

For each measure gold and prediction are matched one-to-one so that the total credit is as great as it can be (of such
matchings the one with the most overlapping pairs, then the most of one type, the greatest Jaccard overlap in
thousandths, then text order). So the order of records never matters, nested and crossing mentions need no special case,
and a duplicate can be matched to another duplicate only: one too many is a false alarm, or a miss.

    P = credit / predicted    R = credit / gold    F1 = 2 P R / (P + R)

Matched pairs without credit are `incorrect`; what is left over is `missed` or `spurious`. By type (level), credit
counts for the recall of gold's type and for the precision of the predicted type, so the parts add up to the whole.
Macro averages are means over types: of P over the types predicted, of R over those in gold, of F1 over those of either
side.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.assignment import Edges, heaviest
from variorum.overlaps import Ints, overlapping
from variorum.scoring.columns import Places, Units
from variorum.scoring.figures import NOTHING, Formula, credited, macro, prf
from variorum.scoring.tables import Floats, Sums, Table

MATCHES = ("strict", "exact", "type", "partial")
HALVES = {2: "correct", 1: "partial", 0: "incorrect"}  # by credit
OUTCOMES = tuple(HALVES.values())
THOUSAND = 1000


class Pairs(NamedTuple):
    """All overlapping pairs of gold and predicted mentions, and what the measures ask of them."""

    gold: Ints
    predicted: Ints
    same_span: NDArray[np.bool_]
    same_type: NDArray[np.bool_]

    def credit(self, match: str) -> Ints:
        """The credit of each pair, in halves."""
        span, kind = self.same_span, self.same_type
        if match == "partial":
            return 1 + span.astype(np.int64)
        return 2 * {"strict": span & kind, "exact": span, "type": kind}[match].astype(np.int64)

    def only(self, mask: Any) -> "Pairs":
        return Pairs(*(column[mask] for column in self))


def pairs(gold: Places, predicted: Places) -> Pairs:
    """The overlapping pairs."""
    a, b = overlapping(gold.spans, predicted.spans)
    left, right = gold.spans, predicted.spans
    same_span = (left.start[a] == right.start[b]) & (left.end[a] == right.end[b])
    return Pairs(a, b, same_span, gold.type[a] == predicted.type[b])


def jaccard(found: Pairs, gold: Places, predicted: Places) -> Ints:
    """The Jaccard overlap of each pair, in thousandths."""
    (_, start, end), (_, from_, to) = gold.spans, predicted.spans
    a, b = found.gold, found.predicted
    shared = np.minimum(end[a], to[b]) - np.maximum(start[a], from_[b])
    union = (end - start)[a] + (to - from_)[b] - shared
    overlap: Ints = (THOUSAND * (shared / union)).astype(np.int64)
    return overlap


class Matched(NamedTuple):
    """The pairs of one matching: indexes into gold and prediction, and the credit of each, in halves."""

    gold: Ints
    predicted: Ints
    credit: Ints


def matchings(gold: Places, predicted: Places) -> dict[str, Matched]:
    """The best matching for each measure."""
    found = pairs(gold, predicted)
    alone = Edges(found.gold, found.predicted).alone()
    clear, rest = found.only(alone), found.only(~alone)
    if not len(rest.gold):
        return {match: Matched(clear.gold, clear.predicted, clear.credit(match)) for match in MATCHES}
    keys = tuple((p.spans.document, p.spans.start, p.spans.end, p.type, p.level) for p in (gold, predicted))
    edges = Edges(rest.gold, rest.predicted, *keys)
    ties = [np.ones(len(rest.gold), np.int64), rest.same_type.astype(np.int64), jaccard(rest, gold, predicted)]
    result = {}
    for match in MATCHES:
        levels = [rest.credit(match), *ties]
        chosen = rest.only(heaviest(edges, levels))
        result[match] = Matched(
            np.concatenate((clear.gold, chosen.gold)),
            np.concatenate((clear.predicted, chosen.predicted)),
            np.concatenate((clear.credit(match), chosen.credit(match))),
        )
    return result


# --- the table -----------------------------------------------------------------------------------------------


class Kinds(NamedTuple):
    """The names of types and levels, by their numbers; a level without name is none."""

    types: Sequence[str]
    levels: Sequence[str | None]


def table(gold: Places, predicted: Places, units: Units, kinds: Kinds, unplaced: Places | None = None) -> Table:
    """Counts of all four measures, by unit. `unplaced` predictions have no true place: all are false alarms."""
    found = matchings(gold, predicted)
    sides = {"gold": gold, "predicted": predicted if unplaced is None else predicted.joined(unplaced)}
    place = {side: units.at(each.spans.document, each.spans.start) for side, each in sides.items()}
    columns: dict[str, Floats] = dict.fromkeys(TOTALS, np.zeros(len(units.names)))
    for side, each in sides.items():
        for axis, names, numbers in (("type", kinds.types, each.type), ("level", kinds.levels, each.level)):
            if any(names):
                tally = _Tally(place[side], numbers, len(units.names), names)
                columns |= tally.columns(axis, side, found)
    for match, matched in found.items():
        counts = _counted(place["gold"][matched.gold] * len(HALVES) + matched.credit, len(units.names), len(HALVES))
        columns |= {f"{match} {outcome}": counts[:, half] for half, outcome in HALVES.items()}
    kept = {name: column for name, column in columns.items() if column.any() or name in TOTALS}
    counts = np.stack(list(kept.values())).T
    numbers = np.arange(len(units.names))
    return Table("mentions", units.unit, units.names, units.names, tuple(kept), counts, numbers)


TOTALS = (
    *(f"{match} {outcome}" for match in MATCHES for outcome in OUTCOMES),
    *(f"{what} {side} all" for what in ("all", *MATCHES) for side in ("gold", "predicted")),
)


class _Tally(NamedTuple):
    """The mentions of one side by unit and kind (type or level)."""

    unit: Ints
    kind: Ints
    n_units: int
    names: Sequence[str | None]

    def columns(self, axis: str, side: str, found: dict[str, Matched]) -> Iterator[tuple[str, Floats]]:
        """How many there are, and the credit of each measure: columns `<what> <side> <axis>=<kind>` and, of types,
        their sum `<what> <side> all`."""
        keys, shape = self.unit * len(self.names) + self.kind, (self.n_units, len(self.names))
        tables = {"all": _counted(keys, *shape)}
        for match, matched in found.items():
            where = matched.gold if side == "gold" else matched.predicted
            tables[match] = _counted(keys[where], *shape, matched.credit) / 2
        for what, counts in tables.items():
            if axis == "type":
                yield f"{what} {side} all", counts.sum(axis=1)
            for number, name in enumerate(self.names):
                if name is not None:
                    yield f"{what} {side} {axis}={name}", counts[:, number]


def _counted(keys: Ints, rows: int, columns: int, weights: Ints | None = None) -> Floats:
    """How often each row * columns + column is among the keys, or the sum of their weights."""
    return np.bincount(keys, weights, minlength=rows * columns).reshape(rows, columns).astype(float)


# --- the figures ---------------------------------------------------------------------------------------------


def formulas(names: Sequence[str], shared: Sequence[str]) -> Iterator[tuple[str, str, str, Formula]]:
    """(match, of, average, formula) of every score of a table with these columns; `shared` are the types that both
    sides use."""
    types = sorted({name.partition("=")[2] for name in names if " type=" in name})
    levels = sorted({name.partition("=")[2] for name in names if " level=" in name})
    for match in MATCHES:
        by_type = [_part(match, f"type={name}") for name in types]
        yield match, "all", "micro", _overall(match)
        yield match, "all", "macro", macro(by_type)
        if 0 < len(shared) < len(types):
            parts = [f"type={name}" for name in shared]
            yield match, "types-of-both", "micro", _pooled(match, parts)
        yield from ((match, f"type={n}", "micro", f) for n, f in zip(types, by_type, strict=True))
        yield from ((match, f"level={name}", "micro", _part(match, f"level={name}")) for name in levels)


def _part(match: str, of: str) -> Formula:
    return _pooled(match, [of])


def _pooled(match: str, parts: Sequence[str]) -> Formula:
    """Precision, recall and F1 over several parts; a column that is not there has only zeros."""

    def total(sums: Sums, what: str) -> Floats:
        zero = np.zeros_like(sums["all gold all"])
        return sum((sums.get(f"{what} {part}", zero) for part in parts), zero)

    def function(sums: Sums) -> dict[str, Floats]:
        columns = (f"{match} predicted", "all predicted", f"{match} gold", "all gold")
        return prf(*(total(sums, column) for column in columns))

    shown = {"gold": lambda s: total(s, "all gold"), "predicted": lambda s: total(s, "all predicted")}
    return Formula(function, NOTHING, shown)


def _overall(match: str) -> Formula:
    """With the counts of the task: correct, partial, incorrect, missed, spurious."""
    base = credited(f"{match} predicted all", "all predicted all", f"{match} gold all", "all gold all")

    def taken(sums: Sums) -> Floats:
        return sum((sums[f"{match} {outcome}"] for outcome in OUTCOMES), np.zeros(()))

    shown: dict[str, Any] = {outcome: (lambda s, o=outcome: s[f"{match} {o}"]) for outcome in OUTCOMES}
    shown["missed"] = lambda s: s["all gold all"] - taken(s)
    shown["spurious"] = lambda s: s["all predicted all"] - taken(s)
    return base._replace(shown=shown)
