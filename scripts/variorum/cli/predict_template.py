"""`variorum predict-template`: an empty prediction to be filled in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from variorum.cli.app import Root, app, fail, lines, notes, printed, shown
from variorum.cli.layers import Layers, chosen
from variorum.cli.results import target, write
from variorum.cli.score_inputs import Dataset, corpus_of
from variorum.cli.sets import read_gold
from variorum.records import LAYERS, AnnotationSet, to_json


class Output(StrEnum):
    json = "json"
    csv = "csv"


@app.command()
def predict_template(
    root: Root = None,
    dataset: Dataset = None,
    layers: Layers = None,
    format: Annotated[Output, printed("The layers, or the table of pairs alone.")] = Output.json,
    out: Annotated[Path | None, typer.Option("--out", help="Left out: it is printed.")] = None,
    source: Annotated[str, typer.Option(help="What the prediction calls its system.")] = "my-system-1.0",
) -> None:
    """Write an empty, valid prediction with the ids of gold: articles with their hashes, whose claims the pairs are
    about, and every judged pair, neutral until said otherwise. It can be scored as it is. A layer that is empty counts
    as predicted, and scores 0: name with --layers those that you predict, or delete the others from the file."""
    from variorum import leaderboard

    asked = chosen(layers, LAYERS)
    if format is Output.csv and asked != LAYERS and asked != ("contradictions",):
        fail("--layers: the table has contradictions alone; leave --layers out, or --format csv")
    corpus = corpus_of(root, dataset)
    gold = read_gold(corpus)
    made = leaderboard.template(corpus.documents.values(), gold, source, asked)
    data = leaderboard.as_csv(made).encode() if format is Output.csv else to_json(made)
    if out is None:
        lines([data.decode().removesuffix("\n")])
        return
    write(target(out, corpus), data)
    _say(out, made, format)


def _say(out: Path, made: AnnotationSet, format: Output) -> None:
    """What was written, and which layers would count as predicted."""
    pairs = f", {len(made.contradictions)} pairs" if made.contradictions is not None else ""
    notes(f"{shown(out)} is written: {len(made.documents)} articles{pairs}")
    empty = [layer for layer in LAYERS if getattr(made, layer) == ()]
    if empty and format is Output.json:
        notes(f"{', '.join(empty)}: empty so far, and empty counts as predicted; delete the layers you do not predict")
    notes.next(f"variorum score {shown(out)}")
