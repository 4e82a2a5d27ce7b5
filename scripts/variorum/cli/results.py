"""What the commands write: files that are whole or not there, and never among what the corpus is made of."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from variorum.cli.app import fail, shown
from variorum.corpus import Corpus, write_whole

INPUTS = ("seeds", "schema", "annotations")


def to_text(value: dict[str, Any]) -> str:
    """Figures as JSON, for people and programs."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)


def target(path: Path, corpus: Corpus, default: Path | None = None, inputs: Iterable[Path | None] = ()) -> Path:
    """The `--out` that was given; ends with exit code 2 if it lies in a folder of inputs and is not the default, or is
    one of the command's own `inputs`."""
    try:
        found = path.resolve()
        own = any(each is not None and found == each.resolve() for each in inputs)
        inside = [name for name in INPUTS if found.is_relative_to((corpus.root / name).resolve())]
        allowed = default is not None and found == default.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        fail(f"--out {shown(path)}: {error}")
    if own:
        fail(f"--out {shown(path)} is what is read; it is left alone")
    if inside and not allowed:
        fail(f"--out {shown(path)} is inside {inside[0]}/, which holds what the corpus is made of; it is left alone")
    return path


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all; ends with exit code 2 if that cannot be done."""
    try:
        write_whole(path, data)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        refuse(path, error)


def write_text(path: Path, text: str) -> None:
    """Write lines of text, with a newline at the end."""
    write(path, f"{text}\n".encode())


def refuse(path: Path, error: Exception) -> None:
    """End with exit code 2 because a file or folder cannot be written."""
    fail(f"{shown(path)} cannot be written: {getattr(error, 'strerror', None) or error}")
