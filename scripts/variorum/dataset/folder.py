"""The dataset folder: Parquet, card, datasheet and how it came about; replaced as a whole or not at all."""

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from variorum.checks.claims import COPIED_WORDS
from variorum.dataset import croissant, provenance, sums, tables
from variorum.dataset.card import MARK, TableInfo, card
from variorum.dataset.material import Material, repeated
from variorum.dataset.rows import streams

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # Linux, renameat2(2)


class Repeats(ValueError):
    """Strings of a release without texts repeat an article; the message has a line for each."""


def build(material: Material, out: Path, against: Material | None = None) -> dict[str, int]:
    """Build the dataset folder `out` from the material; returns how many rows each config has; one without is left out.

    The folder is built beside `out` and takes its place when it is complete. FileExistsError if `out` is something else
    than a dataset folder of ours, ValueError if there are no rows at all; on any failure what was there stays.
    `against` has the texts of which no string of the folder may hold 12 words in a row, titles aside: else `Repeats`.
    """
    if not _replaceable(out):
        raise FileExistsError(f"{out} is there and is no dataset folder; it is left alone")
    with in_place_of(out) as new:
        counts = fill(new, material)
        if against:
            _require_own_words(new, against)
    return counts


@contextmanager
def in_place_of(out: Path) -> Iterator[Path]:
    """A folder to make and fill, which takes the place of `out` when it is complete; on any failure what was there
    stays."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        yield beside / "new"
        _sync(beside / "new")
        _swap(beside / "new", out, beside / "old")
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def fill(folder: Path, material: Material) -> dict[str, int]:
    """Write all files of a dataset into a folder that is not there yet; returns the rows of each config."""
    if not material.documents:
        raise ValueError("there is nothing to build: the corpus has no article")
    folder.mkdir()
    counts = tables.write(folder, streams(material), material.schema)
    for name, data in texts(material, tables.infos(folder, material.schema)).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    sums.write(folder)
    return counts


def texts(material: Material, found: list[TableInfo]) -> dict[str, bytes]:
    """The files beside the Parquet files, by their paths in the folder: all that is said of these tables."""
    made = provenance.files(material)
    return {**made, croissant.NAME: croissant.croissant(material, found), "README.md": card(material, found).encode()}


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their paths in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _replaceable(out: Path) -> bool:
    """Whether `out` is free, empty, or a dataset folder that this module wrote."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        return False
    if not out.exists() or not any(out.iterdir()):
        return True
    readme = out / "README.md"
    return readme.is_file() and MARK.encode() in readme.read_bytes()


# --- in its place --------------------------------------------------------------------------------------------


def _sync(folder: Path) -> None:
    """Have the disk take everything, so that a full one fails here and not after the old folder is gone."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())


def _swap(new: Path, out: Path, old: Path) -> None:
    """Put `new` in the place of `out`, in one step where the system can; else the old one comes back if it fails."""
    if not out.exists():
        new.rename(out)
    elif not _exchanged(new, out):
        out.rename(old)
        try:
            new.rename(out)
        except BaseException:
            old.rename(out)
            raise


def _exchanged(new: Path, out: Path) -> bool:
    """Whether the two folders have changed places, in one step; not every system and file system can do it."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    return bool(rename(AT_FDCWD, os.fsencode(new), AT_FDCWD, os.fsencode(out), RENAME_EXCHANGE) == 0)


# --- own words -----------------------------------------------------------------------------------------------


def _require_own_words(folder: Path, against: Material) -> None:
    found = repeated(strings(folder), against, COPIED_WORDS)
    if found:
        said = "\n".join(f"{key}: {string if len(string) <= 200 else string[:199] + '…'!r}" for string, key in found)
        raise Repeats(f"{COPIED_WORDS} words in a row of an article stand in\n{said}")


def strings(folder: Path) -> Iterator[str]:
    """Every string in a dataset folder, those inside JSON one by one."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            yield from _strings(tables.read(path))
        elif path.suffix == ".json":
            yield from _strings(msgspec.json.decode(path.read_bytes()))
        elif path.is_file():
            yield path.read_bytes().decode()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _strings(msgspec.json.decode(member) if name == "record" else member)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
    elif isinstance(value, str):
        yield value
