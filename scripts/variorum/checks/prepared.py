"""Validators of the same schema in a form that is faster to follow.

On many small records jsonschema spends its time on following `$ref` and `anyOf`, and on making a validator for each
field of each record. So the schema is rewritten by equivalences of JSON Schema (tests compare the two on made values),
and the validator of a field is made once. What decides stays jsonschema.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from variorum.schema import STRICT, Schema


@lru_cache(maxsize=64)
def prepared(schema: Schema, concept: str) -> Validator:
    """The validator of a concept; its errors have the paths that the plain one's have, `anyOf` aside."""
    rewritten = _prepared(schema, f"{concept}.schema.json", {"$ref": f"{concept}.schema.json"})
    fields: dict[int, Validator] = {}

    def descend(validator: Validator, value: Any, node: Any, step: str | int) -> Iterator[ValidationError]:
        # Keyed by identity: the rewritten schema lives as long as the validators that hold it.
        if id(node) not in fields:
            fields[id(node)] = validator.evolve(schema=node)
        for error in fields[id(node)].iter_errors(value):
            error.path.appendleft(step)
            yield error

    def properties(validator: Validator, nodes: Any, value: Any, _: Any) -> Iterator[ValidationError]:
        for name, node in nodes.items() if isinstance(value, dict) else ():
            if name in value:
                yield from descend(validator, value[name], node, name)

    def items(validator: Validator, node: Any, value: Any, _: Any) -> Iterator[ValidationError]:
        for i, item in enumerate(value) if isinstance(value, list) else ():
            yield from descend(validator, item, node, i)

    made: Validator = extend(STRICT, {"properties": properties, "items": items})(rewritten)
    return made


def _prepared(schema: Schema, document: str, node: Any) -> Any:
    """The schema with every `$ref` replaced by what it names, `enum` for a choice of constants, and no annotations."""
    if isinstance(node, list):
        return [_prepared(schema, document, item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        name, _, pointer = reference.partition("#")
        target: Any = schema.documents[name or document]
        for step in pointer.split("/")[1:]:
            target = target[step]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**_prepared(schema, name or document, target), **_prepared(schema, document, beside)}
    return _merged({key: _member(schema, document, key, value) for key, value in node.items() if key not in _NOTES})


_NOTES = ("$schema", "$defs", "title", "description", "default")


def _member(schema: Schema, document: str, key: str, value: Any) -> Any:
    if key == "properties":  # a field may be called title
        return {name: _prepared(schema, document, field) for name, field in value.items()}
    return _prepared(schema, document, value)


def _merged(node: dict[str, Any]) -> dict[str, Any]:
    """`anyOf` as one keyword where that says the same: a choice of constants, or something or null."""
    branches = node.get("anyOf", [])
    beside = {key: value for key, value in node.items() if key != "anyOf"}
    if absent := _absent(node):
        return {
            **{key: value for key, value in node.items() if key != "not"},
            "properties": dict.fromkeys(absent, False),
        }
    constants = [constant for branch in branches for constant in _constants(branch)]
    if branches and any(constants) and all(map(_constants, branches)):
        return {**beside, "enum": constants}
    if len(branches) == 2 and branches[1] == _NULL and _about_one_type(branches[0]):
        return {**beside, **branches[0], "type": [branches[0]["type"], "null"]}
    return node


def _absent(node: dict[str, Any]) -> list[str]:
    """The fields that `not` forbids by "not any of these required", if it stands beside `required` only."""
    branches = node.get("not", {}).get("anyOf", []) if node.keys() == {"required", "not"} else []
    simple = all(branch.keys() == {"required"} and len(branch["required"]) == 1 for branch in branches)
    return [branch["required"][0] for branch in branches] if simple else []


_NULL = {"type": "null"}
# What these keywords say holds for null, whatever their value.
_BLIND_TO_NULL = {"type", "pattern", "minLength", "minimum", "maximum", "properties", "required", "items", "minItems"}


def _about_one_type(branch: dict[str, Any]) -> bool:
    return isinstance(branch.get("type"), str) and branch.keys() <= _BLIND_TO_NULL | {"additionalProperties"}


def _constants(branch: dict[str, Any]) -> list[Any]:
    if branch.keys() == {"const"}:
        return [branch["const"]]
    return list(branch["enum"]) if branch.keys() == {"enum"} else [None] if branch == _NULL else []
