"""`variorum score`: how good a prediction is."""

import json
from pathlib import Path
from typing import Annotated

import typer

from variorum import scoring
from variorum.cli.app import Format, Root, app, lines, open_corpus
from variorum.cli.layers import Layers, chosen
from variorum.cli.sets import read_gold, read_sets, refuse
from variorum.cli.tables import show
from variorum.corpus import Corpus, write_whole


@app.command()
def score(
    prediction: Annotated[Path, typer.Argument(help="The annotation set to score.")],
    gold: Annotated[
        Path | None, typer.Option(help="The set that stands for gold; left out: annotations/gold.json.")
    ] = None,
    root: Root = None,
    layers: Layers = None,
    format: Annotated[Format, typer.Option("--format", help="How it is printed.")] = Format.table,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write the scores there as JSON, too.")] = None,
) -> None:
    """Score a prediction against gold: precision, recall and F1, each with a signature that says what was computed."""
    corpus = open_corpus(root)
    reference = read_gold(corpus, gold)
    (predicted,) = read_sets([prediction], corpus, reference)
    scores = scoring.score(predicted, reference, chosen(layers, tuple(scoring.MEASURES)), furniture(corpus))
    text = json.dumps(scoring.as_json(scores), indent=2, ensure_ascii=False, allow_nan=False)
    if out_file:
        _write(out_file, text)
    if format is Format.json:
        lines([text])
    else:
        _show(scores)


def furniture(corpus: Corpus) -> scoring.Furniture:
    """Where the furniture of each document is."""
    return {key: [(f.start, f.end) for f in document.source.furniture] for key, document in corpus.documents.items()}


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, f"{text}\n".encode())
    except OSError as error:
        refuse(path, error)


def _row(each: scoring.Score) -> tuple[str, ...]:
    c = each.counts
    figures = ("-" if value is None else f"{value:.3f}" for value in (c.precision, c.recall, c.f1))
    return each.config.layer, each.config.match, *figures, str(c.tp), str(c.fp), str(c.fn)


def _show(scores: scoring.Scores) -> None:
    show(("layer", "match", "P", "R", "F1", "found", "wrong", "missed"), map(_row, scores.scores), scores.source)
    lines(each.config.signature for each in scores.scores)
    lines(f"ignored, inside furniture: {n} {layer}" for layer, n in scores.in_furniture.items() if n)
    lines(f"{layer} not scored: {why}" for layer, why in scores.skipped.items())
    if scores.unjudged:
        lines([f"not scored: {len(scores.unjudged)} pairs that gold has not judged (--format json lists them)"])
