"""`variorum build` and `variorum rehydrate`: the dataset folder, with the texts and without."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from variorum import dataset
from variorum.cli import outcomes
from variorum.cli.app import Root, app, fail, notes, open_corpus, shown
from variorum.cli.contrast import merged
from variorum.cli.results import refuse, target
from variorum.cli.sets import read_annotators, read_contrast_pairs, read_decisions, read_gold, read_rounds, read_sets
from variorum.cli.validity import tests
from variorum.contrast.records import Contrast
from variorum.corpus import Corpus
from variorum.dataset.citation import Citation, from_cff
from variorum.decisions import Decision, Rounds
from variorum.records import AnnotationSet, to_json

EDITIONS = {True: "dataset-text-free", False: "dataset"}


@app.command()
def build(
    root: Root = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder; left out: build/dataset.")] = None,
    text_free: Annotated[
        bool, typer.Option("--text-free", help="Hashes, lengths and offsets in place of texts and quotes.")
    ] = False,
) -> None:
    """Build the dataset from gold and the records: Parquet, card, datasheet; an older one is replaced as a whole."""
    corpus = open_corpus(root)
    folder = target(out, corpus) if out else corpus.build / EDITIONS[text_free]
    made = material(corpus)
    built(dataset.without_texts(made) if text_free else made, folder, made if text_free else None)


@app.command()
def rehydrate(
    folder: Annotated[Path, typer.Argument(metavar="DATASET", help="A dataset folder without the texts.")],
    texts: Annotated[Path, typer.Option("--texts", help="The folder with your copies of the articles.")],
    out: Annotated[Path | None, typer.Option("--out", help="Left out: beside it, DATASET-with-texts.")] = None,
) -> None:
    """Put the texts back into a dataset without them, if they are the right ones: it becomes the full edition."""
    try:
        made = dataset.read(folder)
        found = dataset.restored(made, _copies(texts, made))
    except dataset.Unreadable as error:
        fail(str(error))
    except dataset.WrongText as error:
        fail(f"the texts in {shown(texts)} do not fit {shown(folder)}\n{error}", 1)
    folder = folder.resolve()
    built(dataset.with_texts(made, found), out or folder.with_name(f"{folder.name}-with-texts"))


def _copies(texts: Path, made: dataset.Material) -> Mapping[str, bytes]:
    """The files in a folder that are called as the articles are; ends with exit code 2 if there is no such folder."""
    if not texts.is_dir():
        fail(f"--texts {shown(texts)} is no folder")
    paths = [texts / document.source.file for document in made.documents.values()]
    try:
        return {path.name: path.read_bytes() for path in paths if path.is_file()}
    except OSError as error:
        fail(f"--texts {shown(texts)} cannot be read: {error}")


def built(made: dataset.Material, folder: Path, against: dataset.Material | None = None, quiet: bool = False) -> None:
    """Build a folder and say what is in it; ends with exit code 1 or 2 if it cannot be built."""
    try:
        counts = dataset.build(made, folder, against)
    except (FileExistsError, dataset.NoLibrary) as error:
        fail(str(error))
    except ValueError as error:
        fail(str(error), 1)
    except OSError as error:
        refuse(folder, error)
    if not quiet:
        notes(*(f"{name}: {n} rows{'' if n else ', left out'}" for name, n in counts.items()))
        notes(f"{shown(folder)} is built")
        notes.next(f"variorum verify {shown(folder)}", "variorum baseline trivial")


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
        earlier=tuple(read_sets(sorted((corpus.annotations / "earlier").glob("*.json")), corpus)),
        version=rounds.version,
        sources=read_annotators(corpus),
        rounds=rounds,
        decisions=_decisions(corpus, rounds),
        agreement=_text(corpus.annotations / "agreement.json"),
        validity=_text(corpus.annotations / "validity.json"),
        tests=tests(corpus, rounds),
        datasheet=_text(corpus.root / "DATASHEET.md"),
        contrast=_contrast(corpus),
        citation=_citation(corpus.root / "CITATION.cff"),
    )


def _contrast(corpus: Corpus) -> Contrast | None:
    """The contrast pairs; ends with exit code 1 if they are not what edits and judgements give."""
    own = read_contrast_pairs(corpus)
    if own != (merged(corpus).contrast if corpus.contrast_written else None):
        fail(f"{shown(corpus.contrast)} is not what edits and judgements give now: run `variorum contrast merge`", 1)
    return own


def _decisions(corpus: Corpus, rounds: Rounds) -> dict[str, tuple[Decision, ...]]:
    found = {name: tuple(read_decisions([name], corpus)) for name in (rounds.articles, *rounds.pairs)}
    return {name: decisions for name, decisions in found.items() if decisions}


def _text(path: Path) -> str | None:
    """A file that goes with the dataset; None if it is not there. Ends with exit code 1 if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8") if path.is_file() else None
    except (OSError, ValueError) as error:
        fail(f"{shown(path)} cannot be read: {error}", 1)


def _citation(path: Path) -> Citation:
    try:
        return from_cff(path.read_bytes()) if path.is_file() else Citation()
    except (OSError, ValueError) as error:
        fail(f"{shown(path)} cannot be read: {error}", 1)


def _current(gold: AnnotationSet, corpus: Corpus, rounds: Rounds) -> bool:
    """Whether gold is, label by label, what adjudication makes of the records and decisions as they are."""
    consolidated = outcomes.consolidated(corpus, rounds)
    made = outcomes.gold(corpus, rounds, consolidated.annotation_set)
    settled = not (consolidated.open or consolidated.unused or made.open or made.unused)
    return settled and to_json(made.annotation_set) == to_json(gold)
