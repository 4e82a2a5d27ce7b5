"""`variorum init`: a new corpus from a folder of texts."""

import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from variorum import guidelines, listing, schema
from variorum.cli.app import app, fail, notes, shown
from variorum.cli.results import refuse, to_text
from variorum.cli.sources import read_texts
from variorum.schema import LABELS_FILE, SCHEMA_VERSION

FIRST_VERSION = "0.1.0"
ROUNDS = {"version": FIRST_VERSION, "articles": "articles", "pairs": ["pairs"]}
NEXT = (
    "to be looked at, before anybody labels:",
    "  seeds/sources.json            titles, languages, rights, furniture (then run `variorum sources` again)",
    "  schema/labels.schema.json     types of entities, kinds of claims, aspects (then run `variorum docs`)",
    "  annotations/GUIDELINES.md     what annotators are to do",
    "  annotations/annotators.json   who annotates",
    "  CITATION.cff, DATASHEET.md    whom to name, what is to be known",
)


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The new corpus; it must not be there yet, or be empty.")
    ],
    texts: Annotated[Path, typer.Option("--texts", help="A folder of text files, one an article, in UTF-8.")],
) -> None:
    """Make a corpus of your own: the texts with what can be told of them, labels and guidelines to edit."""
    if not texts.is_dir():
        fail(f"--texts {shown(texts)} is no folder")
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        fail(f"{shown(folder)} is there and is not empty; it is left alone")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            count = _fill(beside / "new", texts)
            (beside / "new").rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        refuse(folder, error)
    notes(f"{shown(folder)} is a corpus of {count} articles", *NEXT)
    notes.next(f"cd {shown(folder)}; variorum check", "variorum studio start")


def _fill(new: Path, texts: Path) -> int:
    """Write all files; returns how many articles there are. Ends with exit code 1 if the texts cannot be listed."""
    found = read_texts(texts, ())
    try:
        made = listing.listing((), found)
    except ValueError as error:
        fail(f"{shown(texts)}: {error}", 1)
    files = {
        **{f"seeds/{name}": text.encode() for name, text in found.items()},
        "seeds/sources.json": listing.to_json(made.sources, SCHEMA_VERSION),
        f"schema/{LABELS_FILE}": (schema.FOLDER / LABELS_FILE).read_bytes(),
        "annotations/GUIDELINES.md": guidelines.with_label_tables(_start("GUIDELINES.md"), schema.default()).encode(),
        "annotations/annotators.json": f"{to_text({'annotators': []})}\n".encode(),
        "annotations/rounds.json": f"{to_text(ROUNDS)}\n".encode(),
        "CITATION.cff": _start("CITATION.cff").encode(),
        "DATASHEET.md": _start("DATASHEET.md").encode(),
        ".gitattributes": b"seeds/* -text\n",  # newlines stay as they are: all offsets count them
        ".gitignore": b"/build/\n/.studio/\n",
    }
    for name, data in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(made.sources)


def _start(name: str) -> str:
    return (resources.files("variorum.new_corpus") / name).read_text(encoding="utf-8")
