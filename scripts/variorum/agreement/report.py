"""What comes out: figures with intervals, the measures that they are figures of, and the comparisons they belong to."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from variorum.records import Record
from variorum.scoring.config import CONDITIONAL, LEVEL, RESAMPLES, SEED

VERSION = "1"  # changes whenever a figure would
ALL = "all"
HEADLINES = (  # measures that are shown large, by `Measure.name`
    "mentions|spans|exact+type|f1",
    "mentions|spans|overlap|f1",
    "entities|within|all-mentions|conll",
    "entities|across|all-mentions|conll",
    "claims|spans|jaccard0.5|f1",
    "contradictions|relation|relation|alpha",
    "contradictions|relation|contradiction+tension|alpha",
    "contradictions|relation|contradiction+tension|specific",
)


class Config(Record, frozen=True, kw_only=True):
    """What is measured. `resamples` 0 leaves intervals out; `details` adds figures by type, level, kind and article."""

    layers: tuple[str, ...] = ("mentions", "entities", "claims", "contradictions")
    resamples: int = RESAMPLES
    seed: int = SEED
    details: bool = True


class Measure(Record, frozen=True, kw_only=True):
    """What a figure measures; the same measure of the same sets always gives the same figure.

    `match`: when two items are the same one, or which labels are compared. `unit`: what intervals draw anew.
    """

    layer: str
    task: str
    match: str
    coefficient: str
    unit: str
    resamples: int
    seed: int
    sets: str
    version: str = VERSION

    @property
    def signature(self) -> str:
        """The measure on one line."""
        values = (f"{name}:{quote(str(getattr(self, name)), safe='+@~/=')}" for name in self.__struct_fields__)
        return "|".join(("variorum-agreement", *values))

    @property
    def name(self) -> str:
        """What tells the measure from the others of one comparison."""
        return "|".join((self.layer, self.task, self.match, self.coefficient))


class Figure(Record, frozen=True, kw_only=True):
    """One number. `of`: which items. `between`: the annotators, all or two; where a measure is between two, the figure
    of all is the mean over pairs. `n` items carry it; `counts` are what it is made of. `undefined` says why there is no
    value, `no_interval` why there is a value and no interval."""

    of: str = ALL
    between: tuple[str, ...]
    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None
    no_interval: str | None = None
    n: int
    counts: dict[str, float] = msgspec.field(default_factory=dict)


class Result(Record, frozen=True, kw_only=True):
    """A measure and its figures."""

    measure: Measure
    figures: tuple[Figure, ...]


class Comparison(Record, frozen=True, kw_only=True):
    """Sets held against each other. `kind`: round, oneself, consolidated, without, or files.

    `annotators` says what each source is, `note` what that makes of the figures. `flags`: what a reader must know
    before the figures are compared with others. `missing`: by source the answers that are none (`unclear`, not judged).
    `skipped`: by layer why there is no figure. `undefined`: why there is none at all.
    """

    name: str
    kind: str
    sources: tuple[str, ...]
    annotators: dict[str, str]
    note: str
    flags: tuple[str, ...] = ()
    missing: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    skipped: dict[str, str] = msgspec.field(default_factory=dict)
    undefined: str | None = None
    results: tuple[Result, ...] = ()

    def __getitem__(self, name: str) -> Result:
        """The result of a measure's name, such as `mentions|spans|exact+type|f1`; KeyError if there is none."""
        found = next((each for each in self.results if each.measure.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def figure(self, name: str, of: str = ALL, between: Iterable[str] | None = None) -> Figure:
        """One figure, that of all sources if `between` is left out; KeyError if there is none."""
        wanted = tuple(between) if between is not None else self.sources
        found = [f for f in self[name].figures if f.of == of and f.between == wanted]
        if not found:
            raise KeyError((name, of, wanted))
        return found[0]


class Agreement(Record, frozen=True, kw_only=True):
    """All comparisons, and how intervals were made."""

    resamples: int
    seed: int
    comparisons: tuple[Comparison, ...]

    def __getitem__(self, name: str) -> Comparison:
        """The comparison of this name; KeyError if there is none."""
        found = next((each for each in self.comparisons if each.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def interval_note(resamples: int, seed: int) -> str:
    """What the intervals are, in words."""
    if not resamples:
        return "no intervals"
    how = f"{LEVEL:.0%} percentile bootstrap, {resamples} resamples of the unit named, seed {seed}"
    return f"{how}; {CONDITIONAL}"


def as_json(report: Agreement) -> dict[str, Any]:
    """The report as plain JSON."""
    return {
        "version": VERSION,
        "intervals": interval_note(report.resamples, report.seed),
        "comparisons": [_comparison_json(each) for each in report.comparisons],
    }


def _comparison_json(each: Comparison) -> dict[str, Any]:
    head = {name: getattr(each, name) for name in ("name", "kind", "sources", "annotators", "note", "flags")}
    if each.undefined is not None:
        return head | {"undefined": each.undefined}
    return head | {
        "missing": each.missing,
        "skipped": each.skipped,
        "results": [_result_json(result) for result in each.results],
    }


def _result_json(result: Result) -> dict[str, Any]:
    m = result.measure
    names = {"layer": m.layer, "task": m.task, "match": m.match, "coefficient": m.coefficient, "unit": m.unit}
    return names | {"signature": m.signature, "figures": [figure_json(each) for each in result.figures]}


def figure_json(each: Figure) -> dict[str, Any]:
    """One figure as plain JSON: its value and interval, or why there is none."""
    head: dict[str, Any] = {"of": each.of, "between": list(each.between), "n": each.n, "value": each.value}
    counts = {"counts": each.counts} if each.counts else {}
    if each.value is None:
        return head | {"undefined": each.undefined} | counts
    interval: dict[str, Any] = {"low": each.low, "high": each.high}
    if each.low is None and each.no_interval:
        interval = {"no_interval": each.no_interval}
    return head | interval | counts


def to_text(report: Agreement) -> str:
    """The report as JSON text, a figure on each line, so that a change of one figure is a change of one line."""
    return "\n".join(_lines(as_json(report), 0))


def _lines(value: Any, depth: int) -> Iterator[str]:
    """JSON with one line for each member, but figures, counts and short things on one line."""
    flat = msgspec.json.encode(value).decode()
    if not isinstance(value, dict | list) or not value or ("results" not in flat and "figures" not in flat):
        yield flat
        return
    brackets = "{}" if isinstance(value, dict) else "[]"
    pad = "  " * (depth + 1)
    yield brackets[0]
    members = list(value.items()) if isinstance(value, dict) else [(None, each) for each in value]
    for at, (key, member) in enumerate(members):
        inner = list(_list_lines(member, depth + 1) if key == "figures" else _lines(member, depth + 1))
        inner[0] = pad + (f'"{key}": ' if key is not None else "") + inner[0]
        inner[-1] += "," if at < len(members) - 1 else ""
        yield from inner
    yield "  " * depth + brackets[1]


def _list_lines(value: list[Any], depth: int) -> Iterator[str]:
    yield "["
    for at, each in enumerate(value):
        comma = "," if at < len(value) - 1 else ""
        yield "  " * (depth + 1) + msgspec.json.encode(each).decode() + comma
    yield "  " * depth + "]"
