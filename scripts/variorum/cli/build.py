"""`variorum build`: the dataset folder."""

from pathlib import Path
from typing import Annotated

import typer

from variorum import dataset
from variorum.cli import outcomes
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.results import refuse, target
from variorum.cli.sets import read_annotators, read_gold, read_rounds, read_sets
from variorum.corpus import Corpus
from variorum.decisions import Rounds
from variorum.records import AnnotationSet, to_json


@app.command()
def build(
    root: Root = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder; left out: build/dataset.")] = None,
) -> None:
    """Build the dataset, Parquet and card, from gold and the records; an older one is replaced as a whole."""
    corpus = open_corpus(root)
    folder = target(out, corpus) if out else corpus.build / "dataset"
    try:
        counts = dataset.build(material(corpus), folder)
    except FileExistsError as error:
        fail(str(error))
    except ValueError as error:
        fail(str(error), 1)
    except OSError as error:
        refuse(folder, error)
    lines(f"{name}: {n} rows{'' if n else ', left out'}" for name, n in counts.items())
    lines([f"{shown(folder)} is built"])


def material(corpus: Corpus) -> dataset.Material:
    """What the dataset of a corpus is made of; ends with exit code 1 if gold is not what records and decisions give."""
    rounds = read_rounds(corpus)
    gold = read_gold(corpus)
    if not _current(gold, corpus, rounds):
        fail(f"{shown(corpus.gold)} is not what the records and decisions give now: run `variorum adjudicate`", 1)
    return dataset.Material(
        documents=corpus.documents,
        schema=corpus.schema,
        gold=gold,
        annotators=tuple(read_sets(corpus.records(), corpus)),
        pair_sets=tuple(outcomes.pair_sets(corpus, rounds)),
        version=rounds.version,
        sources=read_annotators(corpus),
    )


def _current(gold: AnnotationSet, corpus: Corpus, rounds: Rounds) -> bool:
    """Whether gold is, label by label, what adjudication makes of the records and decisions as they are."""
    consolidated = outcomes.consolidated(corpus, rounds)
    made = outcomes.gold(corpus, rounds, consolidated.annotation_set)
    settled = not (consolidated.open or consolidated.unused or made.open or made.unused)
    return settled and to_json(made.annotation_set) == to_json(gold)
