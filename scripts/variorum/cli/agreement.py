"""`variorum agreement`: how far annotators agree."""

from pathlib import Path
from typing import Annotated

import typer

from variorum import agreement as measure
from variorum.cli.app import Format, Root, app, fail, lines, open_corpus
from variorum.cli.results import target, to_text, write_text
from variorum.cli.sets import read_sets
from variorum.cli.tables import show


@app.command()
def agreement(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Sets to compare; left out: all records, by round.")
    ] = None,
    root: Root = None,
    format: Annotated[Format, typer.Option("--format", help="How it is printed.")] = Format.table,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where to write it as JSON.")] = None,
) -> None:
    """Measure agreement between sets of one round. Without FILES it is written to annotations/agreement.json, too."""
    corpus = open_corpus(root)
    if files and len(files) < 2:
        fail("agreement needs two sets; name another FILE")
    own = corpus.annotations / "agreement.json"
    path = target(out_file, corpus, own) if out_file else None if files else own
    report = (
        measure.compare(read_sets(files, corpus)) if files else measure.agreement(read_sets(corpus.records(), corpus))
    )
    text = to_text(measure.as_json(report))
    if path:
        write_text(path, text)
    if format is Format.json:
        lines([text])
    else:
        _show(report)


def _show(report: measure.Agreement) -> None:
    if not report.rounds:
        lines(["there is no record yet under annotations/records: nothing to compare"])
    for each in report.rounds:
        if each.too_few:
            lines([each.too_few])
            continue
        show(("layer", "measure", "sets", "value"), _rows(each), f"round {each.round}")


def _rows(each: measure.RoundAgreement) -> list[tuple[str, str, str, str]]:
    rows = [
        (s.layer, f"F1 {s.criterion}", f"{s.first} / {s.second}", shown_number(s.counts.f1, "neither has any"))
        for s in each.spans
    ]
    if each.pairs:
        r, judged = each.pairs.reliability, f"{each.pairs.reliability.n_pairable} pairs judged twice"
        rows.append(("contradictions", "alpha", judged, shown_number(r.alpha, r.undefined or "")))
        rows.append(("contradictions", "raw agreement", judged, shown_number(r.raw_agreement, r.undefined or "")))
        for source, positives in each.pairs.positives.items():
            rows.append(("contradictions", "conflicts found", source, str(positives)))
    return rows


def shown_number(value: float | None, why: str) -> str:
    """A figure with three decimals, or why there is none."""
    return f"undefined: {why}" if value is None else f"{value:.3f}"
