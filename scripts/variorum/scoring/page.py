"""A report as one self-contained HTML page: no script, no font, no picture from elsewhere; all texts escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from variorum.page import framed
from variorum.scoring.against import Against
from variorum.scoring.cases import MARKS, NONE, Case
from variorum.scoring.comparison import Difference
from variorum.scoring.errors import Errors
from variorum.scoring.notes import figure_name, notes
from variorum.scoring.report import HEADLINE, Figure, Report, Score, interval_note

MAX_CASES = 2000


def page(report: Report, errors: Errors | None = None, against: Against | None = None) -> str:
    """The whole page."""
    parts = [
        f"<h1>Scores of {escape(report.source)}</h1>",
        f"<p>Against gold <code>{escape(report.reference)}</code>. {escape(interval_note(report.config) or '')}</p>",
        *_headline(report),
        *_layers(report),
        *_notes(report),
        *(_differences(against) if against else ()),
        *(_errors(errors) if errors else ()),
        *_signatures(report.scores),
    ]
    return framed(f"Scores of {report.source}", parts)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table whose last `numbers` columns are numbers."""
    first = len(columns) - numbers

    def row(cells: Sequence[str], tag: str) -> str:
        marked = (f"<{tag}{' class=n' if at >= first else ''}>{escape(cell)}</{tag}>" for at, cell in enumerate(cells))
        return f"<tr>{''.join(marked)}</tr>"

    return f"<table>{row(columns, 'th')}{''.join(row(each, 'td') for each in rows)}</table>"


def shown(figure: Figure) -> str:
    """A figure with its interval, or why it is undefined."""
    return brief(figure) if figure.value is not None else f"undefined: {figure.undefined}"


def brief(figure: Figure) -> str:
    """A figure with its interval: `0.812 [0.744, 0.871]`, or `undefined`."""
    if figure.value is None:
        return "undefined"
    interval = "" if figure.low is None or figure.high is None else f" [{figure.low:.3f}, {figure.high:.3f}]"
    return f"{figure.value:.3f}{interval}"


def _headline(report: Report) -> Iterable[str]:
    for score in report.scores:
        if score.measure.name == HEADLINE:
            what = "F1, contradiction or tension, given gold's claims"
            yield f'<p class="headline">{escape(shown(score.figures[-1]))}<br><small>{what}</small></p>'


def _layers(report: Report) -> Iterable[str]:
    for layer in dict.fromkeys(score.measure.layer for score in report.scores):
        scores = [score for score in report.scores if score.measure.layer == layer]
        yield f"<h2>{escape(layer)}</h2>"
        yield from _tables([score for score in scores if "=" not in score.measure.of])
        if parts := "".join(_tables([score for score in scores if "=" in score.measure.of])):
            yield f"<details><summary>By type and level</summary>{parts}</details>"


WHAT = ("task", "match", "of", "average")
SIDES = {"precision": "P", "recall": "R", "f1": "F1"}


def _tables(scores: Iterable[Score]) -> Iterable[str]:
    """A table of P, R and F1 side by side, and one of other figures, as far as there are any."""
    sides, rest = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for score in scores:
        m, figures = score.measure, score.named
        what = m.task, m.match, m.of, m.average
        if "f1" in figures:
            sides.append((*what, *(shown(figures[name]) if name in figures else "" for name in SIDES)))
        others = [figure for name, figure in figures.items() if "f1" not in figures or name not in SIDES]
        rest += [(*what, figure_name(m, each.name), shown(each)) for each in others]
    if sides:
        yield _table((*WHAT, *SIDES.values()), sides, len(SIDES))
    if rest:
        yield _table((*WHAT, "figure", "value"), rest, 1)


def _notes(report: Report) -> Iterable[str]:
    lines = list(notes(report))
    if lines:
        yield "<h2>Not scored, or worth knowing</h2>"
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _differences(against: Against) -> Iterable[str]:
    yield f"<h2>Differences: {escape(against.title)}</h2>"
    yield from (f"<p class=note>{escape(line)}</p>" for line in against.notes())
    yield _table(DIFFERENCE, map(difference_row, against.differences), 5)


DIFFERENCE = ("layer", "task", "match", "of", "average", "figure", "this", "other", "difference", "95 %", "p")


def difference_row(each: Difference) -> tuple[str, ...]:
    """The cells of one difference, under the heads `DIFFERENCE`."""
    m = each.measure
    interval = "-" if each.low is None or each.high is None else f"[{each.low:+.3f}, {each.high:+.3f}]"
    p = "-" if each.p is None else f"{each.p:.3f}"
    values = f"{each.first:.3f}", f"{each.second:.3f}", f"{each.difference:+.3f}"
    return m.layer, m.task, m.match, m.of, m.average, figure_name(m, each.name), *values, interval, p


def _errors(errors: Errors) -> Iterable[str]:
    yield "<h2>Errors</h2>"
    yield _table(("layer", "outcome", "what", "n"), ((*key, str(n)) for key, n in errors.tally().items()), 1)
    for layer, rows in errors.confusion.items():
        yield f"<h3>{escape(layer)}: gold (rows) and prediction (columns)</h3>"
        yield _table(*_confusion_table(rows))
    cases = [case for case in errors.cases if case.outcome != "hit"]
    rest = f" The first {MAX_CASES} of {len(cases)}." if len(cases) > MAX_CASES else ""
    yield f"<details><summary>Every case that is not a hit.{rest}</summary><p class=note>{MARKS}</p>"
    columns = ("layer", "outcome", "what", "document", "gold", "predicted", "context")
    yield _table(columns, map(_case_row, cases[:MAX_CASES]), 0) + "</details>"


def _confusion_table(rows: dict[str, dict[str, int]]) -> tuple[tuple[str, ...], list[tuple[str, ...]], int]:
    """Columns, rows and the number of numeric columns of a confusion matrix."""
    names = [*sorted({name for row in rows.values() for name in row} - {NONE}), NONE]
    cells = [(gold, *(str(row.get(name, 0)) for name in names)) for gold, row in rows.items()]
    return ("", *names), cells, len(names)


def _case_row(case: Case) -> tuple[str, ...]:
    """The cells of one case."""
    labels = (case.gold_label or NONE, case.predicted_label or NONE)
    return case.layer, case.outcome, " + ".join(case.what), case.doc_id or "", *labels, case.context or ""


def _signatures(scores: Iterable[Score]) -> Iterable[str]:
    lines = [f"<li><code>{escape(score.measure.signature)}</code></li>" for score in scores]
    yield "<h2>Signatures</h2><p class=note>Quote the signature with the figure.</p>"
    yield f"<details><summary>{len(lines)} signatures</summary><ol>{''.join(lines)}</ol></details>"
