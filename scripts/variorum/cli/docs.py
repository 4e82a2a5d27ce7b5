"""`variorum docs`: the parts of the documents that are made from schema, rules, commands and data."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from variorum import guidelines, schema, schema_page
from variorum.checks import rules_page
from variorum.cli import commands_page
from variorum.cli.app import Root, app, fail, notes, open_corpus, shown
from variorum.cli.build import material
from variorum.cli.results import write
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
    if (sheet := corpus.root / "DATASHEET.md").is_file() and corpus.gold.is_file():
        found = figures(material(corpus))
        _renew(sheet, _filled(sheet, lambda text: datasheet.filled(text, found)))


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
