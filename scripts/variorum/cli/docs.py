"""`variorum docs`: the parts of the documents that are made from schema, rules, commands and data."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from variorum import guidelines, reading, readme, schema, schema_page
from variorum.checks import rules_page
from variorum.cli import commands_page
from variorum.cli.app import Root, app, fail, notes, open_corpus, shown
from variorum.cli.build import material
from variorum.cli.results import write
from variorum.cli.sets import stop
from variorum.corpus import Corpus
from variorum.dataset import datasheet, fields
from variorum.dataset.figures import figures

PAGES: dict[str, Callable[[Corpus], str]] = {
    "commands.md": lambda corpus: commands_page.markdown(),
    "rules.md": lambda corpus: rules_page.markdown(),
    "schema.md": lambda corpus: schema_page.markdown(_schema(corpus)),
}


@app.command()
def docs(root: Root = None) -> None:
    """Make anew what documents have from schema, rules and data: tables of labels and fields, rules, figures."""
    corpus = open_corpus(root)
    path = corpus.annotations / "GUIDELINES.md"
    if path.is_file():
        _renew(path, _filled(path, lambda text: guidelines.with_label_tables(text, corpus.schema)))
    for name, make in PAGES.items():
        if (made := corpus.root / "docs" / name).is_file():
            _renew(made, make(corpus))
    if (page := corpus.root / "docs" / "dataset.md").is_file():
        _renew(page, _filled(page, lambda text: fields.with_field_tables(text, corpus.schema)))
    sheets = [path for name in ("DATASHEET.md", "README.md") if _has_figures(path := corpus.root / name)]
    if sheets and corpus.gold.is_file():
        found = all_figures(corpus)
        for sheet in sheets:
            _renew(sheet, _filled(sheet, lambda text: datasheet.filled(text, found)))


def all_figures(corpus: Corpus) -> dict[str, str]:
    """What `<!-- figure:NAME -->` may name: figures of the dataset, and tables of results."""
    made = material(corpus)
    rounds = (made.rounds.articles, *made.rounds.pairs[-1:]) if made.rounds else ()
    agreement, board = (_json(path) for path in (corpus.annotations / "agreement.json", _board(corpus)))
    measured = filter(None, map(_json, sorted((corpus.root / "benchmarks" / "results").glob("*.json"))))
    return {**figures(made), **readme.passages(agreement, rounds, board, measured)}


def _board(corpus: Corpus) -> Path:
    return corpus.root / "leaderboard" / "leaderboard.json"


def _json(path: Path) -> Any:
    """What a file of results holds; None if it is not there. Ends with exit code 1 if it cannot be read."""
    if not path.is_file():
        return None
    read = reading.read_json(path, shown(path))
    return stop(read.problems) if read.problems else read.value


def _has_figures(path: Path) -> bool:
    return path.is_file() and "<!-- figure:" in _filled(path, str)


def _schema(corpus: Corpus) -> dict[str, Any]:
    """The shipped files of schema/ by name, with the labels of the corpus."""
    shipped = {path.name: json.loads(path.read_bytes()) for path in sorted(schema.FOLDER.glob("*.json"))}
    return shipped | {schema.LABELS_FILE: corpus.schema.documents[schema.LABELS_FILE]}


def _filled(path: Path, fill: Callable[[str], str]) -> str:
    """A document with what is made anew in it; ends with exit code 1 if it cannot be read or filled."""
    try:
        return fill(path.read_bytes().decode("utf-8"))
    except KeyError as error:
        fail(f"{shown(path)} has a place for {error}, which there is not", 1)
    except (OSError, ValueError) as error:
        fail(f"{shown(path)} cannot be read: {error}", 1)


def _renew(path: Path, text: str) -> None:
    """Write a document if it is to change, and say so."""
    data = text.encode()
    if path.read_bytes() == data:
        notes(f"{shown(path)} is up to date")
        return
    write(path, data)
    notes(f"{shown(path)} is written")
