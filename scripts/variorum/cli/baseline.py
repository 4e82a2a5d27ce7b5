"""`variorum baseline`: run a baseline on the articles."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from variorum.baselines import BASELINES, Task
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.layers import Layers, chosen
from variorum.cli.results import target, write
from variorum.cli.sets import read_gold
from variorum.corpus import Corpus
from variorum.records import LAYERS, AnnotationSet, to_json


@app.command()
def baseline(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BASELINES)}.")],
    root: Root = None,
    layers: Layers = None,
    out: Annotated[Path | None, typer.Option("--out", help="Left out: build/predictions/NAME.json.")] = None,
) -> None:
    """Run a baseline; if there is gold, its claims are given for the closed task."""
    corpus = open_corpus(root)
    if name not in BASELINES:
        fail(f"there is no baseline {name}; there are: {', '.join(BASELINES)}")
    wanted = chosen(layers, LAYERS)
    path = target(out, corpus) if out else predictions(corpus) / f"{name}.json"
    given = read_gold(corpus) if corpus.gold.is_file() else None
    made = BASELINES[name](Task(tuple(corpus.documents.values()), corpus.schema, given))
    _write(path, _only(made, wanted))


def predictions(corpus: Corpus) -> Path:
    """The folder for predictions of baselines."""
    return corpus.build / "predictions"


def _only(made: AnnotationSet, wanted: tuple[str, ...]) -> AnnotationSet:
    """The set with these layers alone. Without pairs it judges nobody's claims."""
    dropped = {layer: None for layer in LAYERS if layer not in wanted}
    header = {} if "contradictions" in wanted else {"claims_from": None}
    return msgspec.structs.replace(made, **dropped, **header)


def _write(path: Path, made: AnnotationSet) -> None:
    write(path, to_json(made))
    counts = ", ".join(f"{len(got)} {layer}" for layer in LAYERS if (got := getattr(made, layer)) is not None)
    lines([f"{shown(path)} is written: {counts}"])
