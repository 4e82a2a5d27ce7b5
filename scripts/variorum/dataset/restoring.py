"""The texts of a release without them: which copy is the right one, and about where another one differs."""

import hashlib
import unicodedata
from collections.abc import Callable, Mapping

from variorum.dataset.material import BLOCK, Material, blocks, measured


class WrongText(ValueError):
    """A text is not there, or not the one that the labels are about; the message has a line for each."""


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# What may have become of a copy on its way, undone; the first that fits is taken.
READINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    _lines,
    _composed,
    lambda text: _composed(_lines(text)),
)


def restored(material: Material, copies: Mapping[str, bytes]) -> dict[str, str]:
    """The texts by doc_id, from the bytes of the files in `copies`, by file name. WrongText if one does not fit."""
    told, found, wrong = measured(material), {}, []
    for key, document in material.documents.items():
        source = document.source
        try:
            found[key] = _text(copies.get(source.file), source.sha256, told[key].blocks)
        except WrongText as error:
            wrong.append(f"{source.file}: {error}")
    if wrong:
        raise WrongText("\n".join(wrong))
    return found


def _text(data: bytes | None, sha256: str, expected: tuple[str, ...]) -> str:
    if data is None:
        raise WrongText("there is no such file")
    try:
        copy = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongText(f"byte {error.start} is not UTF-8 ({error.reason})") from error
    readings = [reading(copy) for reading in READINGS]
    for text in readings:
        if hashlib.sha256(text.encode()).hexdigest() == sha256:
            return text
    raise WrongText(_where(max(readings, key=lambda text: _alike(text, expected)), expected))


def _alike(text: str, expected: tuple[str, ...]) -> int:
    """How many blocks are right before the first wrong one."""
    pairs = zip(blocks(text), expected, strict=False)
    return next(
        (number for number, (own, other) in enumerate(pairs) if own != other), min(len(blocks(text)), len(expected))
    )


def _where(text: str, expected: tuple[str, ...]) -> str:
    first = _alike(text, expected)
    start, end = first * BLOCK, min((first + 1) * BLOCK, len(text))
    line = text.count("\n", 0, start) + 1
    if first == len(expected):
        return f"another text: it goes on after character {start}, line {line}, where it should end"
    if start >= len(text):
        return f"another text: it ends at character {len(text)}, line {line}, and should go on"
    later = sum(own == other for own, other in zip(blocks(text)[first:], expected[first:], strict=False))
    rest = f"; {later} of the {len(expected) - first - 1} blocks after it are right" if later else ""
    return f"another text: the first difference is between characters {start} and {end}, from line {line} on{rest}"
