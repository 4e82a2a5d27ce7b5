"""How `variorum score` prints scores, differences and errors on a terminal."""

from collections.abc import Iterable, Sequence

from variorum.cli.app import lines
from variorum.cli.tables import show
from variorum.scoring import Difference, Errors, Report, Score, interval_note
from variorum.scoring.page import case_row, confusion_table, difference_row, notes, shown


def show_all(report: Report, differences: Sequence[Difference], errors: Errors | None, details: bool) -> None:
    """The scores, with `details` those by type, level and document too; then the differences and the errors, if any."""
    columns = ("layer", "task", "match", "of", "average", "P", "R", "F1", "other", "counts")
    show(
        columns,
        map(_row, report.scores if details else _main(report.scores)),
        f"{report.source}, against gold {report.reference}",
    )
    if not details:
        lines(["by type, level and attribute: --details"])
    lines(filter(None, [interval_note(report.config)]))
    lines(notes(report))
    if differences:
        names = ("layer", "task", "match", "of", "average", "figure", "this", "other", "difference", "95 %", "p")
        show(names, map(difference_row, differences), "differences")
    if errors:
        _show_errors(errors)
    lines(["", "signatures, to be quoted with the figures (`--format json` has one for every figure):"])
    lines(score.measure.signature for score in _main(report.scores))


def _main(scores: Iterable[Score]) -> Iterable[Score]:
    return (score for score in scores if "=" not in score.measure.of)


def _row(score: Score) -> tuple[str, ...]:
    figures = {figure.name: figure for figure in score.figures}
    main = [shown(figures.pop(name)) if name in figures else "" for name in ("precision", "recall", "f1")]
    other = ", ".join(f"{name} {shown(figure)}" for name, figure in figures.items())
    counts = ", ".join(f"{name} {value:g}" for name, value in score.counts.items())
    m = score.measure
    return m.layer, m.task, m.match, m.of, m.average, *main, other, counts


def _show_errors(errors: Errors) -> None:
    show(("layer", "outcome", "what", "n"), ((*key, str(n)) for key, n in errors.tally().items()), "errors")
    for layer, rows in errors.confusion.items():
        columns, cells, _ = confusion_table(rows)
        show(columns, cells, f"{layer}: gold (rows) and prediction (columns)")
    cases = (case for case in errors.cases if case.outcome != "hit")
    show(("layer", "outcome", "what", "document", "gold", "predicted", "context"), map(case_row, cases), "cases")
