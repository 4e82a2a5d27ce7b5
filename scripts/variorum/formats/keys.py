"""Whether keys stand once in large JSON, told without a parser of our own: a decoder takes the last of two in silence.

What was decoded is written again and held against the file, by its length first, then by its number of keys.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

_BLANKS = tuple(b" \t\n\r")
_PIECE = 2**24  # bytes that are looked at together
_STRIDE = 2**20  # bytes whose comparison stays near the processor
_CHUNK = 20_000  # records that are written together, so that never all of them are in memory as bytes


def keys_stand_once(
    data: bytes | memoryview, head: bytes, lists: Sequence[Sequence[Any]] = (), keyed: bool = True
) -> bool:
    """Whether no key stands twice in an object of JSON; False may also mean: it cannot be told like this.

    `head` is what of the object was decoded and written again, with [] in place of each of `lists`, which hold the
    records that stood there, at least one in each. If not `keyed`, the records stand alone, without key and commas.

    A key too many makes the object longer than what was made of it. Where the two are of different length for other
    reasons (fields written out with their default, letters as \\u00e9), keys are counted. Not noticed is a key too many
    that is made up for by numbers shorter than need be (1e5), or stands once with its default.
    """
    length = _length(head) + sum(_records_length(each) + keyed * (len(each) - 1) for each in lists)
    if _length(data) == length:
        return True
    found = _n_keys(data)
    return found >= 0 and found == _n_keys(head) + sum(keyed + _sum(_n_keys, each) for each in lists)


def _sum(measure: Callable[[bytes], int], records: Sequence[Any]) -> int:
    chunks = (records[at : at + _CHUNK] for at in range(0, len(records), _CHUNK))
    return sum(measure(msgspec.json.encode(chunk)) for chunk in chunks)


def _records_length(records: Sequence[Any]) -> int:
    """The bytes of records alone: a list of n has two brackets and n - 1 commas."""
    chunks = -(-len(records) // _CHUNK)
    return _sum(_length, records) - len(records) - chunks


def _length(data: bytes | memoryview) -> int:
    """How many bytes are not white space, which in JSON is all that is not above the space."""
    column = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(column[at : at + _STRIDE] > ord(" "))) for at in range(0, len(column), _STRIDE))


def _n_keys(data: bytes | memoryview) -> int:
    """How many keys JSON has that are not left out when it is written again; -1 if they cannot be counted like this.

    Left out are fields that have their default: null, [], "=". If there are more keys than the records that were made
    of them have, a key stood twice. What looks like a key inside a string is the same before and after. Not noticed is
    a field that stands twice, once with its default.
    """
    total = 0
    for start in range(0, len(data), _PIECE):
        # A little of what stands on either side, so that a key at the seam is whole.
        low = max(0, start - 1)
        found = _keys_in(np.frombuffer(data, np.uint8)[low : start + _PIECE + 4], start - low, _PIECE)
        if found < 0:
            return -1
        total += found
    return total


def _keys_in(piece: NDArray[np.uint8], first: int, length: int) -> int:
    """The keys whose colon is among the `length` bytes from `first` on; -1 if one has a blank before its colon."""
    colons = np.flatnonzero(piece[first : first + length] == ord(":")) + first
    colons = colons[colons > 0]
    before = piece[colons - 1]
    if np.isin(before, _BLANKS).any() and any(b'"' + bytes([each]) + b":" in piece.tobytes() for each in _BLANKS):
        return -1
    padded = np.concatenate([piece, np.zeros(4, np.uint8)])
    at = colons[before == ord('"')] + 1
    one = padded[at]
    blank = one == ord(" ")
    if blank.any():
        at = at + blank
        one = padded[at]
    lists, texts = at[one == ord("[")], at[one == ord('"')]
    equals = texts[padded[texts + 1] == ord("=")]
    left_out = (one == ord("n")).sum() + (padded[lists + 1] == ord("]")).sum() + (padded[equals + 2] == ord('"')).sum()
    return len(at) - int(left_out)
