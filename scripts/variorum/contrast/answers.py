"""What systems say of edited pairs: `contrast_id,relation[,score]` as CSV, or a JSON list of objects with these fields.

Columns may stand in any order, between commas, semicolons or tabs; others are left out. An empty score is none.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from variorum import reading
from variorum.contrast.editing import Answer
from variorum.problems import Problem, several, shown

RELATIONS = ("contradiction", "tension", "agreement", "neutral", "unclear")
_NEEDED = ("contrast_id", "relation")


class Answers(NamedTuple):
    """The answers, and what is wrong with the rest; `unknown` are ids of which there is no contrast pair."""

    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[str, ...]


def to_csv(answers: Iterable[Answer]) -> bytes:
    """The answers as CSV, with a header; `read` reads it back."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Answer._fields)
    writer.writerows((a.contrast_id, a.relation, "" if a.score is None else repr(a.score)) for a in answers)
    return text.getvalue().encode()


def read(data: bytes, file: str, known: Iterable[str]) -> Answers:
    """The answers in a file; `known` are the contrast_ids that there are. Never raises."""
    rows = list(_json(data, file) if data.lstrip()[:1] in (b"[", b"{") else _csv(data, file))
    problems = [row for row in rows if isinstance(row, Problem)]
    found: dict[str, Answer] = {}
    for place, row in (row for row in rows if not isinstance(row, Problem)):
        answer = _answer(row)
        if isinstance(answer, tuple) and not isinstance(answer, Answer):
            problems.append(Problem(file, place, *answer))
        elif found.setdefault(answer.contrast_id, answer) is not answer:
            problems.append(Problem(file, place, "twin-pair", f"{shown(answer.contrast_id)} is answered twice"))
    ids = set(known)
    unknown = tuple(key for key in found if key not in ids)
    return Answers(tuple(answer for key, answer in found.items() if key in ids), tuple(problems), unknown)


Row = tuple[str, dict[str, Any]]  # place, fields


def _json(data: bytes, file: str) -> Iterator[Row | Problem]:
    parsed = reading.parse(data, file)
    yield from parsed.problems
    if parsed.problems:
        return
    if not isinstance(parsed.value, list):
        yield Problem(file, "$", "line-shape", f"a list of objects with {several(Answer._fields)} is wanted")
        return
    for i, row in enumerate(parsed.value):
        place = f"$[{i}]"
        yield (place, row) if isinstance(row, dict) else Problem(file, place, "line-shape", "is no object")


def _csv(data: bytes, file: str) -> Iterator[Row | Problem]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Problem(file, "$", "not-utf8", f"byte {error.start} is not UTF-8 ({error.reason})")
        return
    first = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    columns: list[str] | None = None
    try:
        for cells in reader:
            place = f"line {reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [cell.strip().lower() for cell in cells]
                if any(columns.count(name) != 1 for name in _NEEDED) or columns.count("score") > 1:
                    message = f"the columns are {several(Answer._fields)}, each once; this has {several(columns)}"
                    yield Problem(file, place, "csv-header", message)
                    return
            elif len(cells) != len(columns):
                yield Problem(file, place, "line-shape", f"{len(cells)} columns, the first line has {len(columns)}")
            else:
                yield place, {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    except csv.Error as error:
        yield Problem(file, f"line {reader.line_num}", "line-shape", str(error))
    if columns is None:
        yield Problem(file, "$", "csv-header", f"the file is empty; its first line is {','.join(Answer._fields)}")


def _answer(row: dict[str, Any]) -> Answer | tuple[str, str]:
    """The answer of one row; or the rule that it breaks, and how."""
    name, relation, score = (row.get(field) for field in Answer._fields)
    if not isinstance(name, str) or not name:
        return "line-shape", "there is no contrast_id"
    if relation not in RELATIONS:
        return "schema", f"{shown(relation)} is not one of {several(RELATIONS)}"
    if score in (None, ""):
        return Answer(name, str(relation))
    try:
        number = float(score) if isinstance(score, str | int | float) and not isinstance(score, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not 0 <= number <= 1:
        return "line-shape", f"the score {shown(score)} is no number from 0 to 1"
    return Answer(name, str(relation), number)
