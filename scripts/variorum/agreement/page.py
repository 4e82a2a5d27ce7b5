"""A report as rows of a table, as pairwise matrices, and as one self-contained HTML page."""

from collections.abc import Iterator, Sequence
from html import escape

from variorum.agreement.report import ALL, HEADLINES, Agreement, Comparison, Figure, Result, interval_note
from variorum.page import framed

COLUMNS = ("layer", "task", "match", "figure", "of", "between", "value", "n")
Row = tuple[str, ...]
FIGURES = "figure { display: inline-block; margin: .5rem; vertical-align: top; } figure svg { background: white; }"


def shown(figure: Figure) -> str:
    """A figure with its interval, `0.812 [0.744, 0.871]`; or why there is none."""
    if figure.value is None:
        return f"undefined: {figure.undefined}"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f} (no interval: {figure.no_interval})"
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def counted(figure: Figure) -> str:
    """On how many items it rests, and what is counted among them."""
    counts = ", ".join(f"{name} {number:g}" for name, number in figure.counts.items())
    return f"{figure.n} ({counts})" if counts else str(figure.n)


def rows(each: Comparison, details: bool) -> Iterator[Row]:
    """The figures as cells of `COLUMNS`: all of them; or, of a round, those of all annotators and the headlines, and of
    another comparison the headlines."""
    whole = each.kind in ("round", "files")
    for result in each.results:
        m = result.measure
        for figure in result.figures:
            headline = m.name in HEADLINES
            brief = figure.of == ALL and (headline or (whole and figure.between == each.sources))
            if details or brief:
                between = "all" if figure.between == each.sources else " / ".join(figure.between)
                value, n = shown(figure), counted(figure)
                yield m.layer, m.task, m.match, m.coefficient, figure.of, between, value, n


def matrix(result: Result, sources: Sequence[str]) -> list[Row]:
    """The figures of all pairs of annotators, each in the row of the one and the column of the other."""
    value = {
        frozenset(f.between): "undefined" if f.value is None else f"{f.value:.3f}"
        for f in result.figures
        if f.of == ALL and len(f.between) == 2
    }
    return [(a, *("" if a == b else value.get(frozenset((a, b)), "-") for b in sources)) for a in sources]


def matrices(each: Comparison) -> Iterator[tuple[Result, list[Row]]]:
    """The matrix of each headline that there is."""
    for result in each.results:
        if result.measure.name in HEADLINES:
            yield result, matrix(result, each.sources)


# --- the page ------------------------------------------------------------------------------------------------


def page(report: Agreement) -> str:
    """The whole page, with plots if the library for them is installed."""
    note = escape(interval_note(report.resamples, report.seed))
    parts = ["<h1>Agreement</h1>", f"<p>{note}.</p>"]
    for each in report.comparisons:
        parts += _comparison(each)
    return framed("Agreement", parts, FIGURES)


def _comparison(each: Comparison) -> Iterator[str]:
    yield f"<h2>{escape(each.kind)}: {escape(each.name)}</h2>"
    if each.undefined:
        yield f"<p>{escape(each.undefined)}</p>"
        return
    what = ", ".join(f"{source} ({kind.replace('_', ' ')})" for source, kind in each.annotators.items())
    yield f"<p><strong>{escape(each.note[:1].upper() + each.note[1:])}.</strong> {escape(what)}.</p>"
    yield from _notes(each)
    if each.kind in ("round", "files"):
        yield from _pairwise(each)
        yield from plots_of(each)
    brief, full = list(rows(each, False)), list(rows(each, True))
    yield table(COLUMNS, brief)
    if len(full) > len(brief):
        yield f"<details><summary>All {len(full)} figures</summary>{table(COLUMNS, full)}</details>"
    lines = "".join(f"<li><code>{escape(result.measure.signature)}</code></li>" for result in each.results)
    yield f"<details><summary>{len(each.results)} signatures</summary><ol>{lines}</ol></details>"


def notes(each: Comparison) -> Iterator[str]:
    """What was not measured, or is worth knowing, a line each."""
    yield from each.flags
    yield from (f"{layer} not measured: {why}" for layer, why in each.skipped.items())
    for source, counts in each.missing.items():
        yield from (f"{source}: {number} pairs {what}" for what, number in counts.items() if number)


def _notes(each: Comparison) -> Iterator[str]:
    if lines := list(notes(each)):
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _pairwise(each: Comparison) -> Iterator[str]:
    if len(each.sources) < 3:
        return
    for result, cells in matrices(each):
        m = result.measure
        title = escape(" ".join((m.layer, m.task, m.match, m.coefficient)))
        yield f"<h3>{title}, by pair of annotators</h3>" + table(("", *each.sources), cells)


def plots_of(each: Comparison) -> Iterator[str]:
    """The plots as SVG inside the page; nothing but a line if the library is missing."""
    from variorum.agreement import plots

    try:
        for title, svg in plots.inline(each):
            yield f'<figure role=img aria-label="{escape(title)}">{svg}</figure>'
    except plots.NoLibrary as error:
        yield f"<p class=note>{escape(str(error))}</p>"


def table(columns: Sequence[str], cells: Sequence[Row]) -> str:
    """An HTML table, everything escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
    return f"<table><tr>{head}</tr>{body}</table>"
