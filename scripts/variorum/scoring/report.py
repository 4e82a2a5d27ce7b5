"""The outcome of a scoring: scores with signatures, figures with intervals, and what was not scored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
import numpy as np

from variorum.records import AnnotationSet, Record
from variorum.scoring.config import CONDITIONAL, LEVEL, Config, Measure
from variorum.scoring.figures import Formula
from variorum.scoring.intervals import percentiles, replicates
from variorum.scoring.reference import reference
from variorum.scoring.tables import Sheet

HEADLINE = "contradictions|detection|contradiction+tension|all|micro"


class Figure(Record, frozen=True, kw_only=True):
    """One number with its 95 % interval; `undefined` says why there is none."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None


class Score(Record, frozen=True, kw_only=True):
    """What was measured, the figures, and the counts that they come from."""

    measure: Measure
    figures: tuple[Figure, ...]
    counts: dict[str, float] = msgspec.field(default_factory=dict)

    def __getitem__(self, name: str) -> float | None:
        """The value of a figure; KeyError if the score has no such figure."""
        return self.named[name].value

    @property
    def named(self) -> dict[str, Figure]:
        """The figures by their names; a new dict each time."""
        return {figure.name: figure for figure in self.figures}


class Entry(NamedTuple):
    """One score to compute from the sums of a table."""

    layer: str
    task: str
    match: str
    of: str
    average: str
    formula: Formula

    @property
    def name(self) -> str:
        """As `Measure.name`."""
        return "|".join(self[:5])


class Computed(NamedTuple):
    """An entry's figures and counts, before the measure is put in words."""

    entry: Entry
    sheet: Sheet
    figures: tuple[Figure, ...]
    counts: dict[str, float]


def computed(sheets: Sequence[tuple[Sheet, list[Entry]]], config: Config) -> list[Computed]:
    """All entries of some tables, with intervals if the configuration asks for them."""
    resampled = [sheet for sheet, _ in sheets if config.resamples > 0 and len(sheet.units) > 1]
    repeated = dict(zip(map(id, resampled), replicates(resampled, config.resamples, config.seed), strict=True))
    return [each for sheet, entries in sheets for each in _computed(sheet, entries, repeated.get(id(sheet)))]


def _computed(sheet: Sheet, entries: list[Entry], repeated: dict[str, Any] | None) -> Iterator[Computed]:
    sums = sheet.sums()
    for e in entries:
        yield Computed(e, sheet, tuple(_figures(e.formula, sums, repeated)), _counts(e.formula, sums))


def _figures(formula: Formula, sums: dict[str, Any], repeated: dict[str, Any] | None) -> list[Figure]:
    spread = formula.function(repeated) if repeated else {}
    figures = []
    values = formula.function(sums)
    for name, value in values.items():
        if np.isnan(value):
            figures.append(Figure(name=name, value=None, undefined=formula.undefined[_reason(name, values)]))
            continue
        low, high = (percentiles(spread[name]) if spread else None) or (None, None)
        figures.append(Figure(name=name, value=float(value), low=low, high=high))
    return figures


def _reason(name: str, values: dict[str, Any]) -> str:
    """The figure that says why one is undefined: F1 is for want of precision, of recall, or of both."""
    lacking = [each for each in ("precision", "recall") if name == "f1" and np.isnan(values.get(each, 0))]
    return lacking[0] if len(lacking) == 1 else name


def _counts(formula: Formula, sums: dict[str, Any]) -> dict[str, float]:
    counts = {name: float(count(sums)) for name, count in formula.shown.items()}
    return {name: int(value) if value.is_integer() else value for name, value in counts.items()}


class Joint(NamedTuple):
    """Tables with the rows and units of two predictions, by key, where those of a prediction alone cannot be compared;
    and which predictions these are."""

    prediction: AnnotationSet
    beside: AnnotationSet
    tables: Mapping[str, Sheet]


@dataclass(frozen=True)
class Report:
    """All scores of one prediction.

    `skipped`: what was not scored, with the reason. `ignored`: records left out on purpose, by layer and reason.
    `set_aside`: gold's mentions of types that the label map sets aside, `lacking`: those of types that no prediction
    has, by type; the former are not scored, the latter are. `duplicates`:
    mentions beyond the first of the same span and type, by side. `unplaced`: predictions whose quote could not be
    located, by layer; they are false alarms. `silent`: by layer, documents in which gold has something and the
    prediction nothing; all of it is missed. `unjudged`: predicted pairs that gold never judged. `contrast`: the
    fingerprint of the contrast pairs, if they were scored. `dropped`: by layer, how many records a lenient
    reading of the prediction left out as wrong. `joint`: what it takes to be compared.
    """

    source: str
    config: Config
    gold: AnnotationSet = field(repr=False)
    results: tuple[Computed, ...] = field(repr=False)
    skipped: Mapping[str, str]
    ignored: Mapping[str, Mapping[str, int]]
    set_aside: Mapping[str, int]
    lacking: Mapping[str, int]
    duplicates: Mapping[str, int]
    unplaced: Mapping[str, int]
    silent: Mapping[str, list[str]]
    unjudged: tuple[str, ...]
    contrast: str = ""
    dropped: Mapping[str, int] = field(default_factory=dict)
    joint: Joint | None = field(default=None, repr=False)

    @cached_property
    def reference(self) -> str:
        """What signatures call gold; made when it is first asked for, since it takes a hash of all labels."""
        return reference(self.gold)

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """All scores, in a fixed order."""
        return tuple(
            Score(measure=self.measure(each), figures=each.figures, counts=each.counts) for each in self.results
        )

    def measure(self, result: Computed, unit: str | None = None) -> Measure:
        """What a result measures; `unit`: what is resampled, if not what its own intervals resample."""
        entry, config = result.entry, self.config
        return Measure(
            layer=entry.layer,
            task=entry.task,
            match=entry.match,
            of=entry.of,
            average=entry.average,
            label_map=config.label_map.signed if entry.layer == "mentions" else "none",
            duplicates=DUPLICATES[entry.layer],
            unit=unit or result.sheet.unit,
            resamples=config.resamples,
            seed=config.seed,
            gold=f"{self.reference}/{self.contrast}" if result.sheet.key == "contrast" else self.reference,
        )

    def __getitem__(self, name: str) -> Score:
        """The score of a measure's name, such as `mentions|spans|strict|all|micro`; KeyError if there is none."""
        return next((each for each in self.scores if each.measure.name == name), None) or _no_score(name)


DUPLICATES = {"mentions": "counted", "entities": "merged", "claims": "counted", "contradictions": "refused"}


def _no_score(name: str) -> Score:
    raise KeyError(name)


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain JSON."""
    return {
        "source": report.source,
        "gold": report.reference,
        "intervals": interval_note(report.config),
        "scores": [score_json(each) for each in report.scores],
        "skipped": dict(report.skipped),
        "ignored": {layer: dict(counts) for layer, counts in report.ignored.items()},
        "set_aside": dict(report.set_aside),
        "lacking": dict(report.lacking),
        "duplicates": dict(report.duplicates),
        "unplaced": dict(report.unplaced),
        "dropped": dict(report.dropped),
        "silent": dict(report.silent),
        "unjudged": list(report.unjudged),
    }


def interval_note(config: Config) -> str | None:
    """What the intervals are, in words; None if there are none."""
    if not config.resamples:
        return None
    how = f"{LEVEL:.0%} percentile bootstrap, {config.resamples} resamples of the unit named, seed {config.seed}"
    return f"{how}; {CONDITIONAL}"


def score_json(score: Score) -> dict[str, Any]:
    """One score as plain JSON: what it is by name, the signature, counts and figures."""
    m = score.measure
    names = {"layer": m.layer, "task": m.task, "match": m.match, "of": m.of, "average": m.average, "unit": m.unit}
    return names | {
        "signature": m.signature,
        "counts": score.counts,
        "figures": {each.name: _figure_json(each) for each in score.figures},
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    if figure.value is None:
        return {"value": None, "undefined": figure.undefined}
    return {"value": figure.value, "low": figure.low, "high": figure.high}
