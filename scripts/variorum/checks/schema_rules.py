"""The schema as a rule: every error of JSON Schema as one short sentence with its place.

Records are validated one by one with validators prepared once; what decides is `schema/` and jsonschema, nothing else.
"""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from variorum.checks.prepared import prepared
from variorum.checks.rule import Finding, Rule, by_id
from variorum.problems import json_path, several, shown
from variorum.schema import Schema, default

RULES = by_id(
    Rule(
        id="schema",
        stage="schema",
        summary="The file has the fields, types and labels that schema/ defines.",
        why="The rules after this one are asked only once the whole file is valid against the schema.",
    ),
)

LAYER_CONCEPTS = {"mentions": "mention", "entities": "entity", "claims": "claim", "contradictions": "pair"}
_TYPES = {"object": "an object", "array": "a list", "string": "a string", "integer": "an integer", "null": "null"}


def check_schema(value: object, schema: Schema) -> Iterator[Finding]:
    """All errors of an annotation set (plain JSON) against the schema."""
    if not isinstance(value, dict):
        yield from validate(value, schema, "annotation_set")
        return
    layers = {name: value[name] for name in LAYER_CONCEPTS if isinstance(value.get(name), list)}
    # With its lists emptied the set is small; each record is then validated by itself, which says the same.
    yield from validate({**value, **{name: [] for name in layers}}, schema, "annotation_set")
    for name, records in layers.items():
        for i, record in enumerate(records):
            yield from validate(record, schema, LAYER_CONCEPTS[name], (name, i))


def validate(value: object, schema: Schema, concept: str, place: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    """The errors of one value against one concept; `place` is where the value stands in its file."""
    for error in prepared(schema, concept).iter_errors(value):
        yield from _findings(error, place)


# --- in words ------------------------------------------------------------------------------------------------


def _findings(error: ValidationError, place: tuple[str | int, ...]) -> Iterator[Finding]:
    where = (*place, *error.absolute_path)
    if error.validator == "anyOf":
        for each in _inner(error):
            yield from _findings(each, place)
        return
    for message in _messages(error):
        yield Finding("schema", json_path(where), message)


def _inner(error: ValidationError) -> Iterator[ValidationError]:
    """For "this or null", the only choice beside labels: the errors against "this"."""
    branches = error.validator_value
    yield from (e for e in error.context or () if branches[e.schema_path[0]].get("type") != "null")


def _messages(error: ValidationError) -> Iterator[str]:
    value, wanted = error.instance, error.validator_value
    if error.validator == "required":
        # jsonschema makes one error for each missing field; its message is the only place that says which.
        yield f"field {error.message.split(' is a required', 1)[0]} is missing"
    elif error.validator == "additionalProperties":
        known = error.schema["properties"]
        for name in value:
            if name not in known:
                yield f"unknown field {shown(name)}; the fields are {several(known, 20)}"
    elif error.validator == "oneOf":
        if isinstance(value, dict):  # else its type is wrong, which is said already
            yield _span_form(value, "find" if "find" in error.schema["properties"] else "quote")
    elif error.validator == "pattern" and wanted == default().documents["name.schema.json"]["pattern"]:
        yield f"{shown(value)} cannot name a file: {_NAME}"
    elif error.validator == "enum":
        yield f"{shown(value)} is not one of {several((label for label in wanted if label is not None), 40)}"
    else:
        yield _SENTENCES.get(str(error.validator), "{value} breaks {rule} {wanted}").format(
            value=shown(value), wanted=_wanted(wanted), rule=error.validator
        )


_NAME = "a name has up to 100 letters and digits of any script, with . _ - (the first is neither . nor -), no others"
_SENTENCES = {
    "type": "{value} is not {wanted}",
    "const": "{value} is not {wanted}",
    "pattern": "{value} does not match {wanted}",
    "minimum": "{value} is less than {wanted}",
    "maximum": "{value} is greater than {wanted}",
    "minLength": "must not be empty",
    "minItems": "must not be an empty list",
    "uniqueItems": "the list has an item twice",
}


def _wanted(wanted: Any) -> str:
    if isinstance(wanted, list):  # something or null
        return _wanted(wanted[0])
    return _TYPES.get(wanted, wanted) if isinstance(wanted, str) else json.dumps(wanted)


def _span_form(span: dict[str, Any], words: str) -> str:
    """What is wrong with how a span is given, which `oneOf` alone cannot tell; `words` is the field for its words."""
    what = "a change" if words == "find" else "a span"
    if words in span and (extra := [key for key in ("start", "end", "text") if key in span]):
        return f"{what} has {_ARTICLE[words]} or offsets, not both: {' and '.join(extra)} must go"
    if "occurrence" in span and words not in span:
        return f"occurrence goes with {words} only"
    missing = [key for key in ("start", "end") if key not in span]
    return f"{what} needs {words}, or start and end" + (f": {missing[0]} is missing" if len(missing) == 1 else "")


_ARTICLE = {"quote": "a quote", "find": "find"}
