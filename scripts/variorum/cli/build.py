"""`variorum build`: the dataset folder."""

from pathlib import Path
from typing import Annotated

import typer

from variorum import dataset
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.sets import read_annotators, read_gold, read_rounds, read_sets, refuse
from variorum.corpus import Corpus


@app.command()
def build(
    root: Root = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder; left out: build/dataset.")] = None,
) -> None:
    """Build the dataset, Parquet and card, from gold and the records; an older one is replaced as a whole."""
    corpus = open_corpus(root)
    folder = out or corpus.build / "dataset"
    try:
        counts = dataset.build(material(corpus), folder)
    except (FileExistsError, ValueError) as error:
        fail(str(error))
    except OSError as error:
        refuse(folder, error)
    lines(f"{name}: {n} rows{'' if n else ', left out'}" for name, n in counts.items())
    lines([f"{shown(folder)} is built"])


def material(corpus: Corpus) -> dataset.Material:
    """What the dataset of a corpus is made of."""
    rounds = read_rounds(corpus)
    return dataset.Material(
        documents=corpus.documents,
        schema=corpus.schema,
        gold=read_gold(corpus),
        annotators=tuple(read_sets(corpus.records(), corpus)),
        pair_sets=tuple(read_sets((path for name in rounds.pairs for path in corpus.records(name)), corpus)),
        version=rounds.version,
        sources=read_annotators(corpus),
    )
