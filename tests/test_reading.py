"""Strict reading: every way in which a file can be no JSON has its rule, and none its traceback."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variorum import reading
from variorum.reading import MAX_BYTES, MAX_DEPTH, parse, read_bytes, read_json


def rules(data: bytes) -> list[tuple[str, str]]:
    return [(problem.rule, problem.place) for problem in parse(data, "x").problems]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("not-json", "$")]),
        (b'\xef\xbb\xbf{"a": 1}', [("not-json", "$")]),
        (b'{"a": 1,}', [("not-json", "$")]),
        (b"\xff", [("not-utf8", "$")]),
        ('{"a": 1}'.encode("utf-16"), [("not-utf8", "$")]),
        (b'{"a": {"b": 1, "b": 2}}', [("duplicate-key", "$.a")]),
        (b'{"a": [1, NaN, -Infinity, 1e999, -1e999]}', [("not-finite", f"$.a[{i}]") for i in range(1, 5)]),
        (b"[" * 100_000, [("too-deep", "$")]),
        (b'{"a":' * 100_000, [("too-deep", "$")]),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), [("too-deep", "$")]),
        (b"9" * 5000, [("long-integer", "$")]),
        (b'["\\ud83e", {"\\udc00": 1}, "\\ud83e\\ude94"]', [("lone-surrogate", "$[0]"), ("lone-surrogate", "$[1]")]),
    ],
)
def test_rules(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert rules(data) == expected


def test_places_are_told() -> None:
    assert parse(b"", "x").problems[0].message == "the file is empty"
    assert parse(b'{"a": 1,\n "b": }', "x").problems[0].message.startswith("line 2, column 7: ")
    assert (
        parse(b'{"a": 1,\n "b\xff": 1}', "x").problems[0].message.startswith("line 2, byte 4: byte 0xff is not UTF-8")
    )


def test_valid_json_is_read() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "x").problems == ()
    assert parse('{"a": [1, 2.5, "\U0001fa94\\u0000", null, -123456789012345678]}'.encode(), "x").value == {
        "a": [1, 2.5, "\U0001fa94\0", None, -123456789012345678]
    }


def unreadable(path: Path) -> str:
    found = read_bytes(path, "x")
    assert not isinstance(found, bytes) and found.rule == "unreadable"
    return found.message


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    assert unreadable(tmp_path) == "is a folder"
    assert unreadable(tmp_path / "none") == "No such file or directory"
    assert "null" in unreadable(tmp_path / "a\0b")
    os.mkfifo(tmp_path / "pipe")
    assert unreadable(tmp_path / "pipe") == "is no regular file"
    assert unreadable(Path("/dev/zero")) == "is no regular file"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "symbolic links" in unreadable(tmp_path / "loop")
    assert "too long" in unreadable(tmp_path / ("x" * 300))


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # sparse: takes no room
    (problem,) = read_json(tmp_path / "large", "x").problems
    assert problem.rule == "too-large"


def test_a_file_that_grows_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    monkeypatch.setattr(os, "read", lambda handle, count: b"x" * count)
    (tmp_path / "small").write_bytes(b"{}")
    found = read_bytes(tmp_path / "small", "x")
    assert not isinstance(found, bytes) and found.rule == "too-large"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:  # what everybody but root would meet
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert unreadable(tmp_path / "secret") == "Permission denied"


@given(st.binary(max_size=60))
@settings(max_examples=300)
def test_bytes_never_raise(data: bytes) -> None:
    read = parse(data, "x")
    assert read.value is None or read.problems == ()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(json_values)
def test_json_is_read_as_it_was_written(value: object) -> None:
    read = parse(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), "x")
    assert read.problems == () and read.value == value
