"""What a report says in words beside its figures: what was not scored, what was dropped, and when less is better."""

from collections.abc import Iterable, Iterator, Mapping

from variorum.problems import several
from variorum.scoring.config import Measure
from variorum.scoring.report import Report

LESS_IS_BETTER = ("false-alarms", "soft-brier", "soft-jensen-shannon", "soft-cross-entropy")  # tasks
MISSED = "they are not in the denominators, so no false alarms; what gold has there is missed"
DROPPED = {  # layer -> what one is called, and what dropping it does to the scores
    "documents": ("document", "with all records in them, which are counted by layer; what gold has there is missed"),
    "mentions": ("mention", MISSED),
    "entities": ("entity", "mentions that name them are scored all the same"),
    "claims": ("claim", MISSED),
    "contradictions": ("pair", "as if not given: a pair of gold without an answer counts as neutral"),
    "unread": ("line or item that cannot be read", "they are in no layer"),
}
MANY = {"entity": "entities", "line or item that cannot be read": "lines or items that cannot be read"}


def notes(report: Report) -> Iterator[str]:
    """What was not scored, or is worth knowing, a line each."""
    yield from (f"{layer} not scored: {why}" for layer, why in report.skipped.items())
    yield from dropped(report.dropped)
    for layer, counts in report.ignored.items():
        yield from (f"{layer} ignored, {why}: {number}" for why, number in counts.items())
    for name, number in report.set_aside.items():
        yield f"set aside by the label map: {number} gold mentions of type {name}"
    for name, number in report.lacking.items():
        yield f"the prediction has no {name}; gold has {number}"
    yield from (f"duplicate mentions in {side}: {number}, counted" for side, number in report.duplicates.items())
    for layer, number in report.unplaced.items():
        yield f"{layer} whose quote could not be located: {number}, false alarms"
    for layer, names in report.silent.items():
        yield f"{layer}: nothing in {len(names)} of gold's documents, all missed: {several(names)}"
    if report.unjudged:
        yield f"{len(report.unjudged)} pairs that gold has not judged are not scored (--format json lists them)"


def dropped(counts: Mapping[str, int]) -> Iterator[str]:
    """How many records a lenient reading left out, by layer, and what that does to the scores."""
    for layer, number in counts.items():
        one, effect = DROPPED.get(layer, (layer, MISSED))
        yield f"{number} {one if number == 1 else MANY.get(one, f'{one}s')} dropped as wrong (--lenient): {effect}"


def figure_name(measure: Measure, figure: str) -> str:
    """What a figure is called in full, with a word where less is better."""
    return f"{figure} (less is better)" if measure.task in LESS_IS_BETTER else figure


def less_is_better(measures: Iterable[Measure]) -> Iterator[str]:
    """A line with the tasks of which less is better, if there are such."""
    tasks = {measure.task for measure in measures}
    if found := [task for task in LESS_IS_BETTER if task in tasks]:
        yield f"less is better: {', '.join(found)}"
