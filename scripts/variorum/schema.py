"""The schema folder: where it is, what the labels are, and validators for each concept.

`schema/` is the only place that says which labels and fields exist. In a clone it lies at the top of the repository;
the wheel carries a copy as `variorum/_schema`. A corpus of one's own may bring its own `schema/labels.schema.json`.
"""

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec
from jsonschema import Draft202012Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from variorum import reading

_HERE = Path(__file__).resolve().parent
FOLDER = next(p for p in (_HERE / "_schema", _HERE.parents[1] / "schema") if p.is_dir())
LABELS_FILE = "labels.schema.json"
SCHEMA_VERSION = "1.0"
# What reading a file as label sets raises if it is something else.
NO_LABEL_SETS = (
    AttributeError,
    KeyError,
    TypeError,
    RecursionError,
    msgspec.ValidationError,
)
CHANGEABLE = ("entity_type", "claim_kind", "aspect")


def _is_integer(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# To JSON Schema 265.0 is an integer, to the record classes (and to Parquet) it is none: here it is none.
STRICT: type[Draft202012Validator] = extend(
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
)


class Label(msgspec.Struct, frozen=True):
    """One label of a label set: the constant that is stored, a short title, a description of one line."""

    const: str
    title: str
    description: str


class Schema:
    """The schemas of one corpus: shipped ones, with the corpus' own labels if it has any.

    >>> default().names("relation")
    ('contradiction', 'tension', 'agreement', 'neutral')
    """

    def __init__(self, documents: dict[str, dict[str, Any]]) -> None:
        self.documents = documents
        # Without its `$schema`: a document that names it is validated by jsonschema's own class instead of `STRICT`.
        bare = {name: {k: v for k, v in document.items() if k != "$schema"} for name, document in documents.items()}
        self._registry: Registry[Any] = Registry().with_resources(
            (name, DRAFT202012.create_resource(document)) for name, document in bare.items()
        )
        self.label_sets = dict(_label_sets(documents[LABELS_FILE]["$defs"]))

    def names(self, label_set: str) -> tuple[str, ...]:
        """The labels of a set, in their fixed order; KeyError if there is no such set."""
        return tuple(label.const for label in self.label_sets[label_set])

    def validator(self, concept: str) -> Draft202012Validator:
        """The validator of one concept, such as `claim` or `annotation_set`."""
        return STRICT({"$ref": f"{concept}.schema.json"}, registry=self._registry)


def _label_sets(defs: dict[str, Any]) -> Iterable[tuple[str, tuple[Label, ...]]]:
    """Every definition as a flat tuple of labels; a definition may be put together from others by `$ref`."""
    for name in defs:
        yield name, tuple(_labels(defs, name))


def _labels(defs: dict[str, Any], name: str) -> Iterable[Label]:
    for item in defs[name]["anyOf"]:
        if "$ref" in item:
            yield from _labels(defs, item["$ref"].rsplit("/", 1)[1])
        else:
            yield msgspec.convert(item, Label)


def load(labels_file: Path | None = None) -> Schema:
    """The shipped schemas, with `labels_file` in place of the shipped labels if it is given.

    Raises ValueError, with the file's name, if it cannot be read as JSON, is no file of label sets, changes fixed
    labels, or has a set without labels or with one label twice.
    """
    documents = {path.name: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.schema.json"))}
    if labels_file is None:
        return Schema(documents)
    own = _with_labels(documents, labels_file)
    for name, labels in default().label_sets.items():
        if name not in CHANGEABLE and own.label_sets.get(name) != labels:
            raise ValueError(f"{labels_file}: the labels of {name} are fixed; only {', '.join(CHANGEABLE)} may change")
    for name, labels in own.label_sets.items():
        if not labels:
            raise ValueError(f"{labels_file}: {name} has no labels")
        if twice := [const for const, count in Counter(label.const for label in labels).items() if count > 1]:
            raise ValueError(f"{labels_file}: {name} has the label {', '.join(twice)} twice")
    return own


def _with_labels(documents: dict[str, dict[str, Any]], labels_file: Path) -> Schema:
    read = reading.read_json(labels_file, str(labels_file))
    if read.problems:
        raise ValueError(f"{labels_file}: {read.problems[0].message}")
    try:
        own = cast(dict[str, Any], read.value)
        # A file from before a set was there still says what it changes; what it lacks altogether is as shipped.
        sets = {**documents[LABELS_FILE]["$defs"], **own["$defs"]}
        return Schema({**documents, LABELS_FILE: {**own, "$defs": sets}})
    except NO_LABEL_SETS as error:
        shape = '"$defs": {NAME: {"anyOf": [{"const", "title", "description"}, …]}}'
        raise ValueError(f"{labels_file}: not a file of label sets, which looks like {shape}") from error


@cache
def default() -> Schema:
    """The shipped schemas."""
    return load()
