"""Reading JSON strictly: bytes to plain values, or the problems that forbid it.

Python's own reader lets pass what other readers refuse or understand differently: keys that stand twice, NaN,
half a surrogate pair. Here each of these is a problem with its place. Nothing in this module raises.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from variorum.problems import Problem, json_path, shown

MAX_BYTES = 256 * 2**20  # a set of 100,000 mentions is about 30 MiB; JSON takes some ten times its size in memory
MAX_DEPTH = 64  # a valid file is 6 deep
MAX_DIGITS = 18  # what fits into 64 bits whatever the digits are
_CHUNK = 2**20
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Reading(msgspec.Struct, frozen=True):
    """What a file holds: `value` is the plain JSON value, None if it cannot be used because of `problems`."""

    value: object
    problems: tuple[Problem, ...] = ()


class _Refused(msgspec.Struct, frozen=True):
    """Stands in the parsed value where a number was refused."""

    rule: str
    message: str


class _Repeated(dict[str, object]):
    """An object in which a key stood twice."""

    keys_twice: tuple[str, ...] = ()


# --- files ---------------------------------------------------------------------------------------------------


def read_bytes(path: Path, file: str) -> bytes | Problem:
    """The bytes of a regular file of at most `MAX_BYTES`; a problem (`unreadable`, `too-large`) for all else."""
    try:
        # Not blocking: opening a named pipe would otherwise wait for a writer for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except (OSError, ValueError) as error:
        return Problem(file, "$", "unreadable", _why(error))
    try:
        return _read_open(handle, file)
    except (OSError, MemoryError) as error:
        return Problem(file, "$", "unreadable", _why(error))
    finally:
        os.close(handle)


def _why(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _read_open(handle: int, file: str) -> bytes | Problem:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
        return Problem(file, "$", "unreadable", f"is {kind}")
    if status.st_size > MAX_BYTES:
        return _too_large(file, status.st_size)
    chunks, size = list[bytes](), 0
    # The size is only what it was: a file that grows while it is read must end too.
    while size <= MAX_BYTES and (chunk := os.read(handle, _CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks) if size <= MAX_BYTES else _too_large(file, size)


def _too_large(file: str, size: int) -> Problem:
    return Problem(file, "$", "too-large", f"has {size:,} bytes, at most {MAX_BYTES:,} are read")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal digits, piece by piece. OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path, file: str) -> Reading:
    """The value in a JSON file, or its problems."""
    data = read_bytes(path, file)
    return Reading(None, (data,)) if isinstance(data, Problem) else parse(data, file)


# --- values --------------------------------------------------------------------------------------------------


def parse(data: bytes, file: str) -> Reading:
    """The plain value of JSON text; `file` names it in the problems. Never raises."""
    read = parse_marked(data, file)
    return Reading(None, read.problems) if read.problems else read


def parse_marked(data: bytes, file: str) -> Reading:
    """Like `parse`, but with the value beside its problems, as far as it is JSON at all.

    Each problem but those of the whole file names a place inside the value; what stands there must not be used.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_int=_integer,
            parse_float=_number,
            parse_constant=lambda name: _Refused("not-finite", f"{name} is no JSON number"),
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError, MemoryError) as error:
        return Reading(None, (_failure(error, data, file),))
    if _depth(value) > MAX_DEPTH:
        return Reading(None, (_too_deep(file),))
    return Reading(value, tuple(_refused(value, file, strings=bool(_ESCAPED_SURROGATE.search(data)))))


def _too_deep(file: str) -> Problem:
    return Problem(file, "$", "too-deep", f"lists and objects are nested more than {MAX_DEPTH} deep")


def _failure(error: BaseException, data: bytes, file: str) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        what = f"line {line}, byte {column}: byte 0x{data[error.start]:02x} is not UTF-8 ({error.reason})"
        return Problem(file, "$", "not-utf8", what)
    if isinstance(error, json.JSONDecodeError):
        message = f"line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}"
        return Problem(file, "$", "not-json", message if data.strip() else "the file is empty")
    if isinstance(error, RecursionError):
        return _too_deep(file)
    return Problem(file, "$", "too-large" if isinstance(error, MemoryError) else "not-json", _why(error))


def _integer(digits: str) -> object:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        return _Refused("long-integer", f"{shown(digits, 24)} has more than {MAX_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> object:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        return _Refused("not-finite", f"{shown(digits, 24)} is too large for a number")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    repeated, seen = _Repeated(members), set[str]()
    twice = {key: None for key, _ in pairs if key in seen or seen.add(key)}  # type: ignore[func-returns-value]
    repeated.keys_twice = tuple(twice)
    return repeated


def _members(value: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(value, dict):
        yield from ((str(key), member) for key, member in value.items())
    elif isinstance(value, list):
        yield from enumerate(value)


def _depth(value: object) -> int:
    """How deep lists and objects are nested, level by level so that no recursion limit is met."""
    level, depth = [value], 0
    while level := [v for v in level if isinstance(v, list | dict)]:
        level = [m for v in level for m in (v if isinstance(v, list) else v.values())]
        depth += 1
        if depth > MAX_DEPTH:
            break
    return depth


def _refused(value: object, file: str, strings: bool, place: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """What the hooks marked, with its place; lone surrogates only if `strings` (they need an escape)."""
    if isinstance(value, _Refused):
        yield Problem(file, json_path(place), value.rule, value.message)
    elif isinstance(value, str):
        if strings and not _encodable(value):
            yield Problem(file, json_path(place), "lone-surrogate", f"{shown(value)} has half a surrogate pair")
    elif isinstance(value, _Repeated):
        for key in value.keys_twice:
            yield Problem(file, json_path(place), "duplicate-key", f"the key {shown(key)} stands more than once")
    for step, member in _members(value):
        if strings and isinstance(step, str) and not _encodable(step):
            yield Problem(file, json_path(place), "lone-surrogate", f"the key {shown(step)} has half a surrogate pair")
        if not isinstance(member, str | int) or strings:
            yield from _refused(member, file, strings, (*place, step))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
