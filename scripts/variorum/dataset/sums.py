"""`provenance/SHA256SUMS`: the hash of every other file of a dataset folder, in the form that `sha256sum -c` reads."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from variorum.reading import sha256_of

NAME = "provenance/SHA256SUMS"
OF_HUBS = (".gitattributes", ".git", ".cache")  # what a hub, or a download from one, puts beside the files
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def write(folder: Path) -> None:
    """Write the list into a folder whose other files are all there."""
    (folder / NAME).write_bytes(_text(_measured(folder)))


def differences(folder: Path) -> Iterator[str]:
    """Files that are missing, not listed, or have other bytes than the list says, a line each."""
    path = folder / NAME
    if not path.is_file():
        yield f"{NAME} is not there"
        return
    found, data = _measured(folder), path.read_bytes()
    matches = map(_LINE.fullmatch, data.decode("utf-8", "replace").splitlines())
    told = {match[2]: match[1] for match in matches if match}
    for name in sorted(found.keys() | told.keys()):
        if name not in found:
            yield f"{name} is listed in {NAME} and is not there"
        elif name not in told:
            yield f"{name} is not listed in {NAME}"
        elif found[name] != told[name]:
            yield f"{name} has other bytes than {NAME} says"
    if told == found and data != _text(found):
        yield f"{NAME} is not as it is made: one line for each file, sorted"


def _measured(folder: Path) -> dict[str, str]:
    """The hashes of all files but the list itself, by their paths in the folder."""
    paths = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    listed = {own.as_posix(): path for own, path in paths.items() if own.parts[0] not in OF_HUBS}
    return {name: sha256_of(path) for name, path in listed.items() if name != NAME}


def _text(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode()
