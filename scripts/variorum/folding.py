"""Folding: texts compared as a reader would, with the way back to the untouched characters.

Folded are white space (any run, no-break spaces and line ends included, is one space), quotation marks, dashes (a run
is one hyphen), canonically equivalent spellings (é as one code point or two), and characters that nobody sees: soft
hyphen, zero-width space, word joiner, byte-order mark, variation selectors, marks of direction. Case, letters, digits
and all other punctuation stay what they are.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import msgspec

SINGLE_MARKS = "'‘’‚‛`´ʼ‹›′"
DOUBLE_MARKS = '"“”„‟«»″'
DASHES = "-‐‑‒–—―−"
UNSEEN = (
    "\u00ad\u200b\u2060\ufeff"  # soft hyphen, zero-width space, word joiner, byte-order mark
    "\ufe0e\ufe0f"  # how an emoji is drawn
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction
)
_ONE = {
    **dict.fromkeys(SINGLE_MARKS, "'"),
    **dict.fromkeys(DOUBLE_MARKS, '"'),
    **dict.fromkeys(DASHES, "-"),
    **dict.fromkeys(UNSEEN, ""),
}
_RUNS = (" ", "-")


class Folded(msgspec.Struct, frozen=True):
    """A folded text. `starts[i]:ends[i]` is the stretch of the original that its character i stands for.

    A base letter with its combining marks is one stretch, whatever the number of characters it is folded to; so is a
    run of white space, and a run of dashes.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def stretch(self, first: int, length: int) -> tuple[int, int] | None:
        """The stretch of the original for `text[first : first + length]`; None if that begins or ends inside a letter.

        `length` is at least 1.
        """
        last, starts = first + length - 1, self.starts
        splits_first = first > 0 and starts[first - 1] == starts[first]
        splits_last = last + 1 < len(starts) and starts[last + 1] == starts[last]
        return None if splits_first or splits_last else (starts[first], self.ends[last])


@lru_cache(maxsize=256)
def fold(text: str, case: bool = False) -> Folded:
    """The text folded; with `case` in lower case, too."""
    kept, starts, ends = list[str](), list[int](), list[int]()
    for start, end in _stretches(text):
        unit = _unit(text[start:end])
        if unit in _RUNS and kept and kept[-1] == unit:
            ends[-1] = end
            continue
        unit = unit.lower() if case else unit
        kept += unit
        starts += [start] * len(unit)
        ends += [end] * len(unit)
    return Folded("".join(kept), tuple(starts), tuple(ends))


@lru_cache(maxsize=256)
def squeeze(text: str) -> Folded:
    """The text folded and without its white space, for comparing tokens; runs of dashes stay."""
    kept, starts, ends = list[str](), list[int](), list[int]()
    for start, end in _stretches(text):
        unit = _unit(text[start:end])
        if unit != " ":
            kept += unit
            starts += [start] * len(unit)
            ends += [end] * len(unit)
    return Folded("".join(kept), tuple(starts), tuple(ends))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Each character with the combining marks that follow it."""
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


@lru_cache(maxsize=65536)
def _unit(stretch: str) -> str:
    if stretch in _ONE:
        return _ONE[stretch]
    return " " if stretch.isspace() else unicodedata.normalize("NFD", stretch)


def places(text: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Where a quote stands in a text once both are folded, as stretches of the untouched text, in order.

    White space at the ends of the quote is left out. Places may overlap.

    >>> places("He said:\\r\\n“Na\u00adtur\u00a0— so.”", '"Natur - so."')
    ((10, 23),)
    """
    folded, key = fold(text), fold(quote).text.strip(" ")
    found: list[tuple[int, int]] = []
    at = folded.text.find(key) if key else -1
    while at >= 0:
        if stretch := folded.stretch(at, len(key)):
            found.append(stretch)
        at = folded.text.find(key, at + 1)
    return tuple(found)
