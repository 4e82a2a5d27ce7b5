"""`variorum predict-template`: an empty prediction to be filled in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from variorum.cli.app import Root, app, lines, notes, printed, shown
from variorum.cli.results import target, write
from variorum.cli.score_inputs import Dataset, corpus_of
from variorum.cli.sets import read_gold
from variorum.records import to_json


class Output(StrEnum):
    json = "json"
    csv = "csv"


@app.command()
def predict_template(
    root: Root = None,
    dataset: Dataset = None,
    format: Annotated[Output, printed("All layers, or the table of pairs alone.")] = Output.json,
    out: Annotated[Path | None, typer.Option("--out", help="Left out: it is printed.")] = None,
    source: Annotated[str, typer.Option(help="What the prediction calls its system.")] = "my-system-1.0",
) -> None:
    """Write an empty, valid prediction with the ids of gold: articles with their hashes, whose claims the pairs are
    about, and every judged pair, neutral until said otherwise. It can be scored as it is."""
    from variorum import leaderboard

    corpus = corpus_of(root, dataset)
    gold = read_gold(corpus)
    made = leaderboard.template(corpus.documents.values(), gold, source)
    data = leaderboard.as_csv(made).encode() if format is Output.csv else to_json(made)
    if out is None:
        lines([data.decode().removesuffix("\n")])
        return
    write(target(out, corpus), data)
    notes(f"{shown(out)} is written: {len(made.documents)} articles, {len(made.contradictions or ())} pairs")
    notes.next(f"variorum score {shown(out)}")
