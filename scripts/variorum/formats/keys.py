"""Whether keys stand once in large JSON: a decoder takes the last of two in silence.

What was decoded is written again and held against the file by length, which is fast. Where the two differ, Python's
own reader looks at every object.
"""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

_STRIDE = 2**20  # bytes whose comparison stays near the processor
_CHUNK = 20_000  # records that are written together, so that never all of them are in memory as bytes


class _Twice(Exception):
    """A key stands twice in an object."""


def keys_stand_once(data: bytes | memoryview, head: bytes, lists: Sequence[Sequence[Any]] = ()) -> bool:
    """Whether no key stands twice in an object of JSON.

    `head` is what of the object was decoded and written again, with [] in place of each of `lists`, which hold the
    records that stood there, at least one in each.

    A key too many makes the object longer than what was made of it. Not noticed is one that is made up for, to the
    byte, by numbers that are shorter than need be (1e5).
    """
    length = _length(head) + sum(_records_length(each) + len(each) - 1 for each in lists)
    return _length(data) == length or _read_once([str(data, "utf-8")])


def lines_have_keys_once(data: bytes | memoryview, records: Sequence[Any]) -> bool:
    """The same of JSON Lines, and the records that were decoded from them."""
    return _length(data) == _records_length(records) or _read_once(str(data, "utf-8").split("\n"))


def _records_length(records: Sequence[Any]) -> int:
    """The bytes of records alone, written again: a list of n has two brackets and n - 1 commas."""
    chunks = [records[at : at + _CHUNK] for at in range(0, len(records), _CHUNK)]
    return sum(_length(msgspec.json.encode(chunk)) - len(chunk) - 1 for chunk in chunks)


def _length(data: bytes | memoryview) -> int:
    """How many bytes are not white space, which in JSON is all that is not above the space."""
    column = np.frombuffer(data, np.uint8)
    return sum(int(np.count_nonzero(column[at : at + _STRIDE] > ord(" "))) for at in range(0, len(column), _STRIDE))


def _read_once(texts: Sequence[str]) -> bool:
    decoder = json.JSONDecoder(object_pairs_hook=_keys_once)
    try:
        for text in texts:
            if text.strip():
                decoder.decode(text)
    except (_Twice, ValueError, RecursionError):
        return False
    return True


def _keys_once(pairs: list[tuple[str, Any]]) -> None:
    """Nothing is kept, so that a large file takes no memory. _Twice."""
    if len(pairs) > len({key for key, _ in pairs}):
        raise _Twice
