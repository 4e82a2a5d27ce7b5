"""Annotation sets as JSON, and as JSON Lines.

JSON Lines is the same set, for systems that write as they go. The first line is the header: the object of the JSON form
without the layers. Every other line is one record, with the name of its layer under `layer` beside its fields:

    {"schema_version": "1.0", "source": "tagger-1.0", "role": "system", "documents": [{"doc_id": …, "text_sha256": …}]}
    {"layer": "mentions", "mention_id": "p1-m1", "doc_id": "p1", "start": 0, "end": 8, "type": "ORG"}

The set has the layers that have a record, and those that the header names in a list `layers` (a system that looked for
claims and found none). Blank lines are passed over.
"""

import re
from typing import Any

from variorum import reading
from variorum.formats.draft import Context, Draft, Given, Item, Origin
from variorum.problems import Problem, several, shown
from variorum.records import LAYERS

_RECORD = re.compile(rf"\$\.(documents|{'|'.join(LAYERS)})\[\d+\]")


def read_json(given: Given, context: Context) -> Draft:
    """An annotation set in JSON."""
    read = reading.parse_marked(given.data, given.name)
    if read.value is None:
        return given.nothing(*(read.problems or (_no_object(Origin(given.name, "$"), None),)))
    if not isinstance(read.value, dict):
        return given.nothing(*read.problems, _no_object(Origin(given.name, "$"), read.value))
    spoiled = {(_RECORD.match(problem.place) or ("$",))[0] for problem in read.problems}
    lists = {name: value for name, value in read.value.items() if name in _LISTS and isinstance(value, list)}
    items = {name: _items(given.name, name, value, spoiled) for name, value in lists.items()}
    header = {name: value for name, value in read.value.items() if name not in lists}
    documents, listed = items.pop("documents", ()), "documents" in read.value
    return Draft(given.name, header, documents, items, read.problems, "$" in spoiled, headed=True, listed=listed)


_LISTS = ("documents", *LAYERS)


def _items(file: str, layer: str, values: list[Any], spoiled: set[str]) -> tuple[Item, ...]:
    placed = ((f"$.{layer}[{i}]", value) for i, value in enumerate(values))
    return tuple(Item(Origin(file, place), value) for place, value in placed if place not in spoiled)


def _no_object(origin: Origin, value: object) -> Problem:
    return origin.problem("schema", f"{shown(value)} is not an object")


# --- lines ---------------------------------------------------------------------------------------------------


def read_jsonl(given: Given, context: Context) -> Draft:
    """An annotation set in JSON Lines."""
    numbered = ((i, line) for i, line in enumerate(given.data.split(b"\n"), 1) if line.strip())
    first, header = next(numbered, (1, b""))
    read, problems = _parsed(header, given.line(first))
    wrong = list(problems) or list(_wrong_header(read, given.line(first)))
    if wrong:
        return given.nothing(*wrong)
    layers: dict[str, list[Item]] = {name: [] for name in read.pop("layers", [])}
    for number, line in numbered:
        origin = given.line(number)
        value, problems = _parsed(line, origin)
        found = list(problems) or list(_wrong_record(value, origin))
        wrong += found
        if not found:
            layers.setdefault(value.pop("layer"), []).append(Item(origin, value))
    named = read.pop("documents", None)
    documents = tuple(Item(given.line(first).inside(f".documents[{i}]"), each) for i, each in enumerate(named or ()))
    records = {name: tuple(items) for name, items in layers.items()}
    return Draft(given.name, read, documents, records, tuple(wrong), headed=True, listed=named is not None)


def _parsed(line: bytes, origin: Origin) -> tuple[Any, list[Problem]]:
    """The value of one line; its problems have that line as place."""
    read = reading.parse(line.rstrip(b"\r"), origin.file)
    return read.value, [_in_line(problem, origin) for problem in read.problems]


def _in_line(problem: Problem, origin: Origin) -> Problem:
    path = problem.place.removeprefix("$")
    return origin.inside(path).problem(problem.rule, problem.message.removeprefix("line 1, "))


def _wrong_header(value: Any, origin: Origin) -> list[Problem]:
    if not isinstance(value, dict):
        return [_no_object(origin, value)]
    if "layer" in value:
        return [origin.problem("line-shape", "the first line is the header; this is a record")]
    layers = value.get("layers", [])
    if not isinstance(layers, list) or not all(layer in LAYERS for layer in layers):
        return [origin.problem("line-shape", f"layers is a list of {several(LAYERS)}")]
    if not isinstance(value.get("documents", []), list):
        return [origin.inside(".documents").problem("schema", f"{shown(value['documents'])} is not a list")]
    return [origin.problem("line-shape", f"{n} is given line by line, not in the header") for n in LAYERS if n in value]


def _wrong_record(value: Any, origin: Origin) -> list[Problem]:
    if not isinstance(value, dict):
        return [origin.problem("line-shape", f"a line is an object, this is {shown(value)}")]
    layer: object = value.get("layer")
    if layer in LAYERS:
        return []
    return [origin.problem("line-shape", f"layer is {shown(layer)}, not one of {several(LAYERS)}")]
