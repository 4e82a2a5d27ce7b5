"""How `variorum score` prints scores, differences and errors on a terminal: by default in 80 columns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from variorum.cli.app import lines
from variorum.cli.score_errors import show_errors
from variorum.cli.tables import show, show_compact, wrapped
from variorum.scoring import Against, Difference, Errors, Measure, Report, Score, interval_note
from variorum.scoring.notes import figure_name, less_is_better, notes
from variorum.scoring.page import DIFFERENCE, SIDES, brief, difference_row, shown

MORE = "--details: P and R with intervals, counts, scores by type, level and attribute"
OPEN = {"task": "TASK", "match": "MATCH", "of": "OF", "average": "AVERAGE"}  # of a signature, what a row says
HOW = (
    "signatures, to be quoted with the figures: TASK is a row's first word, MATCH its",
    "match; OF is all unless brackets after TASK name another, AVERAGE micro unless",
    "brackets after MATCH do; `--details` and `--format json` write all in full:",
)


def show_all(report: Report, against: Against | None, errors: Errors | None, details: bool) -> None:
    """The scores by layer, then the differences and the errors, if any; with `details` all of each score in one row,
    and those by type, level and attribute too."""
    if details:
        _show_details(report)
    else:
        lines(wrapped([f"{report.source}, against gold {report.reference}"]))
        _show_layers([score for score in report.scores if "=" not in score.measure.of])
        lines(["", MORE])
    lines(wrapped(filter(None, [interval_note(report.config), *notes(report)])))
    if against:
        _show_differences(against, details)
    if errors:
        show_errors(errors)
    measures = [score.measure for score in report.scores]
    if details:
        lines(["", "signatures, to be quoted with the figures:", *(each.signature for each in measures)])
    else:
        said = list(signatures(measures))
        of_differences = signatures(each.measure for each in (against.differences if against else ()))
        lines(["", *HOW, *said, *(f"differences in {line}" for line in of_differences if line not in said)])


def _show_details(report: Report) -> None:
    columns = ("layer", "task", "match", "of", "average", "P", "R", "F1", "other", "counts")
    show(columns, map(_row, report.scores), f"{report.source}, against gold {report.reference}")


def _row(score: Score) -> tuple[str, ...]:
    figures = score.named
    main = [shown(figures.pop(name)) if name in figures else "" for name in SIDES]
    other = ", ".join(f"{figure_name(score.measure, name)} {shown(figure)}" for name, figure in figures.items())
    counts = ", ".join(f"{name} {value:g}" for name, value in score.counts.items())
    m = score.measure
    return m.layer, m.task, m.match, m.of, m.average, *main, other, counts


# --- in 80 columns -----------------------------------------------------------------------------------------------


def _show_layers(scores: Iterable[Score]) -> None:
    """A table of F1 and one of other figures for each layer, as far as it has such."""
    layers: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        layers[score.measure.layer].append(score)
    for layer, own in layers.items():
        found = [score for score in own if "f1" in score.named]
        rest = [(score, figure) for score in own if "f1" not in score.named for figure in score.figures]
        if found:
            show_compact((layer, "match", "P", "R", "F1"), map(_f1_row, found))
        if rest:
            rows = ((_task_figure(s.measure, f.name), _match(s.measure), brief(f)) for s, f in rest)
            show_compact((f"{layer}: task, figure", "match", "value"), rows)
        lines(wrapped(less_is_better(score.measure for score, _ in rest)))
        lines(_reasons(own))


def _f1_row(score: Score) -> tuple[str, ...]:
    figures = score.named
    sides = (figures.get(name) for name in ("precision", "recall"))
    values = ("" if each is None else "-" if each.value is None else f"{each.value:.3f}" for each in sides)
    return _task(score.measure), _match(score.measure), *values, brief(figures["f1"])


def _task(measure: Measure) -> str:
    """The task, and of what, where that is not all: `contrast (removes)`."""
    return measure.task if measure.of == "all" else f"{measure.task} ({measure.of})"


def _task_figure(measure: Measure, figure: str) -> str:
    """The task, of what, and the figure as the last word, where the task does not say it: `conflicts recall`.
    F1 is what a row without one has."""
    said = figure == "f1" or measure.task.replace("-", "_").endswith(figure)
    return _task(measure) if said else f"{_task(measure)} {figure}"


def _match(measure: Measure) -> str:
    return measure.match if measure.average == "micro" else f"{measure.match} ({measure.average})"


def _reasons(scores: Iterable[Score]) -> Iterator[str]:
    """Why figures are undefined, reason by reason."""
    found: dict[str, list[str]] = defaultdict(list)
    for score in scores:
        for figure in score.figures:
            if figure.undefined:
                found[figure.undefined].append(f"{_task(score.measure)} {_match(score.measure)} {figure.name}")
    for why, which in found.items():
        text = f"undefined, as {why}: {'; '.join(which)}"
        yield from wrapped([text])


def signatures(measures: Iterable[Measure]) -> Iterator[str]:
    """The signatures of each layer, open where they differ; those of a few tasks that differ elsewhere, by task."""
    layers: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for m in measures:
        layers[m.layer][replace(m, **OPEN).signature].append(m.task)
    for layer, tasks in layers.items():
        usual = max(tasks, key=lambda each: len(tasks[each]))
        for signature, which in tasks.items():
            name = layer if signature == usual else f"{layer} ({', '.join(dict.fromkeys(which))})"
            yield f"{name}: {signature}"


# --- differences ---------------------------------------------------------------------------------------------------


def _show_differences(against: Against, details: bool) -> None:
    lines(["", *wrapped([f"differences: {against.title}"])])
    if details:
        show(DIFFERENCE, map(difference_row, against.differences))
    else:
        _show_by_layer(against.differences)
    lines(wrapped(against.notes()))


def _show_by_layer(differences: Sequence[Difference]) -> None:
    with_f1 = {each.measure.name for each in differences if each.name == "f1"}
    layers: dict[str, list[Difference]] = defaultdict(list)
    for each in differences:
        if each.measure.of == "all" and (each.name == "f1" or each.measure.name not in with_f1):
            layers[each.measure.layer].append(each)
    for layer, own in layers.items():
        lines(["", f"differences in {layer}"])
        show_compact(("task, figure", "match", "F1, or what is named", "p"), map(_difference, own), apart=False)
        lines(wrapped(less_is_better(each.measure for each in own)))


def _difference(each: Difference) -> tuple[str, ...]:
    *_, value, interval, p = difference_row(each)
    return _task_figure(each.measure, each.name), _match(each.measure), f"{value} {interval}", p
