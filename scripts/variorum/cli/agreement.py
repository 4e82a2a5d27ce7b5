"""`variorum agreement`: how far annotators agree."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from variorum.cli.app import Root, app, fail, lines, notes, open_corpus, printed, shown
from variorum.cli.layers import Layers, chosen
from variorum.cli.results import target, write, write_text
from variorum.cli.sets import present, read_annotators, read_decisions, read_rounds, read_sets
from variorum.cli.tables import show
from variorum.corpus import Corpus
from variorum.records import LAYERS

if TYPE_CHECKING:
    from variorum import agreement as measure


class Output(StrEnum):
    table = "table"
    json = "json"
    html = "html"


@app.command()
def agreement(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Sets to compare; left out: all records, by round.")
    ] = None,
    root: Root = None,
    layers: Layers = None,
    format: Annotated[Output, printed()] = Output.table,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write it there as JSON, or as HTML, too.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Folder for the plots, as PNG and SVG (extra `plots`).")] = None,
    resamples: Annotated[int, typer.Option(min=0, max=100_000, help="0: no intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the resamples.")] = 20260101,
    details: Annotated[bool, typer.Option("--details", help="By type, level, kind, article and stratum.")] = False,
) -> None:
    """Measure agreement between sets, or between all records by round; the latter, when all of it is measured as a
    matter of course, is written to annotations/agreement.json, too."""
    from variorum import agreement as measure

    corpus = open_corpus(root)
    if files and len(files) < 2:
        fail("agreement needs two sets; name another FILE")
    usual = not files and layers is None and (resamples, seed) == (measure.Config().resamples, measure.Config().seed)
    own = corpus.annotations / "agreement.json"
    out_file = target(out_file, corpus, own if usual else None) if out_file else own if usual else None
    plots = target(plots, corpus) if plots else None
    config = measure.Config(layers=chosen(layers, LAYERS), resamples=resamples, seed=seed)
    try:
        report = measured(files or [], corpus, config)
    except measure.NotComparable as error:
        fail(str(error), 1)
    if plots:
        _plot(report, plots)
    if out_file:
        html = out_file.suffix == ".html" or (format is Output.html and out_file != own)
        write_text(out_file, _html(report) if html else measure.to_text(report))
    _print(report, format, details, out_file if out_file != own else None)


def _print(report: "measure.Agreement", format: Output, details: bool, out_file: Path | None) -> None:
    """Print it; of a page that is in a file, where."""
    from variorum import agreement as measure

    if format is Output.json:
        lines([measure.to_text(report)])
    elif format is Output.table:
        _show(report, details)
        if any(each.results for each in report.comparisons):
            notes.next("variorum disagreements")
    elif out_file:
        notes(f"{shown(out_file)} is written")
    else:
        lines([_html(report)])


def _plot(report: "measure.Agreement", folder: Path) -> None:
    """Every plot of every round, twice."""
    from variorum.agreement.plots import NoLibrary, files

    try:
        made = [file for each in report.comparisons if each.kind in ("round", "files") for file in files(each)]
    except NoLibrary as error:
        fail(str(error))
    for name, data in made:
        write(folder / name, data)


def measured(files: list[Path], corpus: Corpus, config: "measure.Config") -> "measure.Agreement":
    """Agreement between these files, or between all records of the corpus."""
    from variorum import agreement as measure

    known = knowledge(corpus)
    if files:
        present(("FILES", file) for file in files)
        return measure.between(read_sets(files, corpus), known, config)
    making = None
    if (corpus.annotations / "rounds.json").is_file():
        rounds = read_rounds(corpus)
        decided = read_decisions([rounds.articles], corpus), read_decisions(rounds.pairs, corpus)
        making = measure.Making(rounds, *decided)
    return measure.agreement(read_sets(corpus.records(), corpus), known, config, making)


def knowledge(corpus: Corpus) -> "measure.Knowledge":
    """What the corpus knows beside its labels."""
    from variorum import agreement as measure
    from variorum.cli.score_inputs import layout

    return measure.Knowledge(
        corpus.schema,
        layout(corpus),
        {doc_id: document.text for doc_id, document in corpus.documents.items()},
        {each.source: each.kind for each in read_annotators(corpus)},
    )


def _html(report: "measure.Agreement") -> str:
    from variorum.agreement.page import page

    return page(report)


def _show(report: "measure.Agreement", details: bool) -> None:
    from variorum.agreement.page import COLUMNS, matrices, notes, rows

    if not report.comparisons:
        lines(["there is no record yet under annotations/records: nothing to compare"])
    for each in report.comparisons:
        if each.undefined:
            lines([each.undefined])
            continue
        lines([f"{each.kind}: {each.name}"])
        show(COLUMNS, rows(each, details))
        if len(each.sources) > 2:
            for result, cells in matrices(each):
                lines([f"{result.measure.name}, by pair of annotators"])
                show(("", *each.sources), cells)
        lines([*(f"  {line}" for line in (each.note, *notes(each))), ""])
