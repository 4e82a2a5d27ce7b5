"""Problems: what a check finds, where, and by which rule; the one-line form and the order in which they are shown."""

import json
import re
from collections.abc import Iterable, Sequence

import msgspec

ERROR = "error"
WARNING = "warning"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"(\d+)")
_CUT = 120


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: in which file, at which JSON path, by which rule, and in words.

    `level` is `error`, or `warning` for what a person should look at but may keep.
    """

    file: str
    place: str
    rule: str
    message: str
    level: str = ERROR

    def line(self) -> str:
        """The problem on one line, free of control characters and of what UTF-8 cannot write.

        >>> Problem("a.json", "$.claims[2]", "twin-claim", "same as $.claims[0]").line()
        'a.json::$.claims[2]: [twin-claim] same as $.claims[0]'
        """
        mark = "" if self.level == ERROR else f"{self.level}: "
        return printable(f"{self.file}::{self.place}: [{self.rule}] {mark}{self.message}")


def printable(text: str) -> str:
    """The text with everything escaped that would break the line or that cannot be encoded (file names can)."""
    kept = (c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
    return text if text.isprintable() else "".join(kept)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file, then by place in natural order (`claims[2]` before `claims[10]`), then by rule."""
    return sorted(problems, key=lambda p: (p.file, _natural(p.place), p.rule, p.message))


def summary(problems: Sequence[Problem], files: int) -> str:
    """How many problems there are, on one line; `files` is how many were looked at.

    >>> summary([], 2)
    '0 problems in 2 files'
    """
    warnings = sum(problem.level != ERROR for problem in problems)
    more = f", {_counted(warnings, 'of them a warning', 'of them warnings')}" if warnings else ""
    return f"{_counted(len(problems), 'problem')} in {_counted(files, 'file')}{more}"


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def _natural(place: str) -> list[tuple[int, int, str]]:
    parts = _NUMBER.split(place)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def json_path(parts: Sequence[str | int]) -> str:
    """The JSON path of a value, from the keys and indices that lead to it.

    >>> json_path(["claims", 2, "odd name"])
    "$.claims[2]['odd name']"
    """
    return "$" + "".join(_step(part) for part in parts)


def _step(part: str | int) -> str:
    if isinstance(part, str):
        return f".{part}" if _NAME.fullmatch(part) else f"[{shown(part)}]"
    return f"[{part}]"


def shown(value: object, cut: int = _CUT) -> str:
    """A value as it is shown in a message: like `repr`, but cut after `cut` characters and never failing."""
    if isinstance(value, str):
        return repr(value if len(value) <= cut else value[: cut - 1] + "…")
    if isinstance(value, dict | list):
        return ("an object" if isinstance(value, dict) else "a list") + f" of {len(value)}"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value)[:cut]


def several(names: Iterable[object], most: int = 12) -> str:
    """Names in one line, the first `most` of them."""
    listed = list(names)
    rest = f", … ({len(listed) - most} more)" if len(listed) > most else ""
    return ", ".join(str(name) for name in listed[:most]) + rest
