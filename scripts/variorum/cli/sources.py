"""`variorum sources`: seeds/sources.json from the texts in seeds/."""

from pathlib import Path

import msgspec

from variorum import listing, reading, schema
from variorum.checks import RULES
from variorum.checks.rule import problems
from variorum.checks.schema_rules import validate
from variorum.cli.app import Root, app, fail, lines, notes, shown
from variorum.cli.results import write
from variorum.cli.sets import stop
from variorum.corpus import SOURCES_FILE, CorpusError, find_root
from variorum.problems import Problem
from variorum.schema import SCHEMA_VERSION
from variorum.sources import Source, Sources


@app.command()
def sources(root: Root = None) -> None:
    """List the texts of seeds/ in seeds/sources.json, and compute anew what is computed; what was set by hand stays."""
    seeds = _root(root) / "seeds"
    path = seeds / SOURCES_FILE
    known = _known(path) if path.exists() or path.is_symlink() else ()
    texts = read_texts(seeds, known)
    try:
        made = listing.listing(known, texts)
    except ValueError as error:
        fail(f"{shown(seeds)}: {error}", 1)
    data = listing.to_json(made.sources, SCHEMA_VERSION)
    if errors := list(_errors(reading.parse(data, shown(path)), path)):
        stop(errors)
    if tuple(known) == made.sources and known:
        notes(f"{shown(path)} is up to date")
        return
    write(path, data)
    lines(made.changes)
    notes(f"{shown(path)} is written: {len(made.sources)} articles")
    notes.next("variorum check")


def _root(root: Path | None) -> Path:
    """The corpus folder, which need not have a list yet; ends with exit code 2 if it has no seeds/."""
    if root is None and not (Path.cwd() / "seeds").is_dir():
        try:
            return find_root(Path.cwd())
        except CorpusError as error:
            fail(str(error))
    folder = root or Path.cwd()
    if not (folder / "seeds").is_dir():
        fail(f"no corpus at {shown(folder)}: it needs a folder seeds/ with the texts")
    return folder


def _known(path: Path) -> tuple[Source, ...]:
    """The sources as they are listed; ends with exit code 1 if the list is broken."""
    read = reading.read_json(path, shown(path))
    if errors := list(_errors(read, path)):
        stop(errors)
    return msgspec.convert(read.value, Sources).sources


def _errors(read: reading.Reading, path: Path) -> list[Problem]:
    """What is wrong with a list, by reading and by schema."""
    found = validate(read.value, schema.default(), "source")
    return list(read.problems or problems(found, RULES, shown(path)))


def read_texts(seeds: Path, known: tuple[Source, ...]) -> dict[str, str]:
    """The text of every file in seeds/ and of every file listed; ends with exit code 1 if one is no UTF-8 text."""
    there = {path.name for path in seeds.iterdir() if path.name != SOURCES_FILE and not path.name.startswith(".")}
    found = {name: _text(seeds / name) for name in sorted(there | {source.file for source in known})}
    if errors := [text for text in found.values() if isinstance(text, Problem)]:
        stop(errors)
    if not found:
        fail(f"there is no text in {shown(seeds)}", 1)
    return {name: text for name, text in found.items() if isinstance(text, str)}


def _text(path: Path) -> str | Problem:
    data = reading.read_bytes(path, shown(path))
    if isinstance(data, Problem):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Problem(shown(path), "$", "not-utf8", f"byte {error.start} is not UTF-8 ({error.reason})")
