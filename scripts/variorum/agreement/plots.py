"""Plots of a comparison, with matplotlib (extra `plots`): heat maps of annotator pairs, bars with intervals.

As SVG inside the HTML report, or as PNG and SVG files. The same figures give the same bytes.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from variorum.agreement.report import ALL, HEADLINES, Comparison, Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

COLOUR, WIDTH, ROW, DPI = "#3b6ea5", 6.4, 0.3, 150
RELATIONS = ("contradiction", "tension", "agreement", "neutral", "contradiction+tension")
BARS = (  # (result, part of what, title)
    ("mentions|spans|exact+type|f1", "type", "mentions by type: F1, same span and type"),
    ("mentions|spans|exact+type|f1", "level", "mentions by level: F1, same span and type"),
    ("claims|spans|jaccard0.5|f1", "kind", "claims by kind: F1 at a Jaccard overlap of .5"),
    ("mentions|spans|exact+type|f1", "article", "mentions by article: F1, same span and type"),
    ("entities|within|all-mentions|conll", "article", "identity within articles, by article: CoNLL average"),
    ("claims|spans|jaccard0.5|f1", "article", "claims by article: F1 at a Jaccard overlap of .5"),
    ("contradictions|relation|relation|alpha", "stratum", "relations by stratum: alpha"),
)


class NoLibrary(Exception):
    """The library for plots is not installed; the message says how to get it."""


class Bars(NamedTuple):
    """One plot of bars: its title, and the figure of each label."""

    title: str
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]


def inline(each: Comparison) -> Iterator[tuple[str, str]]:
    """Titles and SVG elements of all plots of a comparison. NoLibrary if matplotlib is not there."""
    for title, drawing in drawings(each):
        text = _bytes(drawing, "svg").decode()
        yield title, text[text.index("<svg") :]


def files(each: Comparison) -> Iterator[tuple[str, bytes]]:
    """Names and contents of PNG and SVG files of all plots. NoLibrary if matplotlib is not there."""
    for title, drawing in drawings(each):
        name = re.sub(r"[^a-z0-9]+", "-", f"{each.name} {title}".casefold()).strip("-")
        for kind in ("png", "svg"):
            yield f"{name}.{kind}", _bytes(drawing, kind)


def drawings(each: Comparison) -> Iterator[tuple[str, "Drawing"]]:
    """All plots that there are figures for."""
    _require()
    for result in each.results:
        if result.measure.name in HEADLINES and len(each.sources) > 2:
            m = result.measure
            yield (
                (title := f"{m.layer} {m.task} {m.match}: {m.coefficient} by pair"),
                _heat(each, result.figures, title),
            )
    for bars in barred(each):
        yield bars.title, _bars(bars, each.note)


def barred(each: Comparison) -> Iterator[Bars]:
    """What is drawn as bars: figures between all annotators, by part."""
    found = {result.measure.name: result for result in each.results}
    for name, axis, title in BARS:
        figures = found[name].figures if name in found else ()
        some = [f for f in figures if f.between == each.sources and f.of.startswith(f"{axis}=")]
        if some:
            yield Bars(title, tuple(f.of.partition("=")[2] for f in some), tuple(some))
    for coefficient in ("alpha", "specific"):
        names = [f"contradictions|relation|{relation}|{coefficient}" for relation in RELATIONS]
        if all(name in found for name in names):
            some = [next(f for f in found[n].figures if f.of == ALL and f.between == each.sources) for n in names]
            shown = "specific agreement" if coefficient == "specific" else coefficient
            yield Bars(f"each relation against the rest: {shown}", RELATIONS, tuple(some))


def _require() -> None:
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise NoLibrary("no plots: matplotlib is missing: pip install 'variorum[plots]'") from error


def _heat(each: Comparison, figures: Sequence[Figure], title: str) -> "Drawing":
    """Annotators by annotators; the diagonal, and what is undefined, stays blank."""
    from matplotlib.figure import Figure as Drawing

    value = {frozenset(f.between): f.value for f in figures if f.of == ALL and len(f.between) == 2}
    size = len(each.sources)
    drawing = Drawing(figsize=(max(3.2, 0.8 * size + 1.4), max(2.6, 0.6 * size + 1.2)), layout="constrained")
    axes = drawing.subplots()
    cells = [[value.get(frozenset((a, b))) if a != b else None for b in each.sources] for a in each.sources]
    grid = [[float("nan") if cell is None else cell for cell in row] for row in cells]
    axes.imshow(grid, vmin=0, vmax=1, cmap="Blues")
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            if cell is not None:
                axes.text(x, y, f"{cell:.2f}", ha="center", va="center", color="white" if cell > 0.6 else "black")
    axes.set_xticks(range(size), each.sources, rotation=30, ha="right")
    axes.set_yticks(range(size), each.sources)
    axes.set_title(title, fontsize=9)
    axes.set_xlabel(_short(each.note), fontsize=7)
    return drawing


def _bars(bars: Bars, note: str) -> "Drawing":
    """A bar a label with its interval and n, or why there is none; `note` says who the annotators are."""
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(WIDTH, 1.1 + ROW * len(bars.labels)), layout="constrained")
    axes: Any = drawing.subplots()
    for at, figure in enumerate(bars.figures):
        if figure.value is None:
            axes.text(0.01, at, f"undefined: {figure.undefined}", va="center", fontsize=7)
            continue
        axes.barh(at, figure.value, height=0.65, color=COLOUR, alpha=0.75)
        if figure.low is not None and figure.high is not None:
            axes.plot([figure.low, figure.high], [at, at], color="black", linewidth=1.2, marker="|", markersize=6)
    names = [_label(label, figure) for label, figure in zip(bars.labels, bars.figures, strict=True)]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.invert_yaxis()
    lowest = min([0.0, *(figure.low for figure in bars.figures if figure.low is not None)])
    axes.set_xlim(lowest - 0.02 * (lowest < 0), 1.02)
    axes.set_title(f"{bars.title}; 95 % intervals", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(_short(note), fontsize=7)
    return drawing


def _label(label: str, figure: Figure) -> str:
    """With the number of items, and of positives among their labels."""
    positives = figure.counts.get(label, figure.counts.get("conflict"))
    return f"{label} (n={figure.n}" + (")" if positives is None else f", {positives:g} positive labels)")


def _short(note: str) -> str:
    """Who the annotators are, without the explanation."""
    return re.split(r"[:;]", note)[0]


def _bytes(drawing: "Drawing", kind: str) -> bytes:
    import matplotlib

    out = io.BytesIO()
    metadata: Any = {"Date": None} if kind == "svg" else {"Software": None}
    with matplotlib.rc_context({"svg.hashsalt": "variorum", "svg.fonttype": "none"}):
        drawing.savefig(out, format=kind, metadata=metadata, dpi=DPI)
    return out.getvalue()
