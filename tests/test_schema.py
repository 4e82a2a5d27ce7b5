"""The schema folder: valid, closed, described, and the same as the record classes."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import category

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import inspect

from variorum import decisions, pooling, records, schema, sources
from variorum.checks.prepared import prepared
from variorum.contrast import records as contrast
from variorum.label_studio import rounds
from variorum.leaderboard import system
from variorum.records import Record

DOCUMENTS = schema.default().documents
INPUT_ONLY = {"quote", "find", "occurrence"}  # turned into start and end before a record is made
CLASSES: dict[str, type[Record]] = {  # every object of the schemas, and the class that holds it
    "annotation_set.schema.json": records.AnnotationSet,
    "annotation_set.schema.json#/$defs/document": records.DocumentRef,
    "annotation_set.schema.json#/$defs/claims_from": records.ClaimsFrom,
    "annotators.schema.json": records.Annotators,
    "annotators.schema.json#/properties/annotators/items": records.Annotator,
    "annotators.schema.json#/properties/annotators/items/properties/rounds/items": records.Round,
    "claim.schema.json": records.Claim,
    "entity.schema.json": records.Entity,
    "mention.schema.json": records.Mention,
    "pair.schema.json": records.Pair,
    "span.schema.json": records.Span,
    "value.schema.json": records.Value,
    "value.schema.json#/$defs/anchor": records.Anchor,
    "contrast.schema.json": contrast.Contrast,
    "contrast.schema.json#/$defs/verified": contrast.Verified,
    "contrast.schema.json#/$defs/vote": contrast.Vote,
    "contrast.schema.json#/properties/unedited/items": contrast.Unedited,
    "contrast_assigned.schema.json": contrast.Assigned,
    "contrast_assigned.schema.json#/properties/pairs/items": contrast.Dealt,
    "contrast_edit.schema.json": contrast.Edit,
    "contrast_edit.schema.json#/$defs/change": contrast.Change,
    "contrast_edits.schema.json": contrast.Edits,
    "contrast_judgements.schema.json": contrast.Judgements,
    "contrast_judgements.schema.json#/properties/judgements/items": contrast.Judgement,
    "decisions.schema.json": decisions.Decisions,
    "decisions.schema.json#/properties/decisions/items": decisions.Decision,
    "pool.schema.json": pooling.Pool,
    "pool.schema.json#/properties/sizes": pooling.Sizes,
    "pool.schema.json#/properties/contradictions/items": pooling.Pooled,
    "rounds.schema.json": decisions.Rounds,
    "rounds.schema.json#/properties/known_answers/anyOf/0": decisions.KnownAnswers,
    "round_header.schema.json": rounds.Kept,
    "round_header.schema.json#/$defs/round": rounds.Round,
    "round_header.schema.json#/$defs/edition": rounds.Edition,
    "source.schema.json": sources.Sources,
    "source.schema.json#/$defs/source": sources.Source,
    "source.schema.json#/$defs/block": sources.Block,
    "source.schema.json#/$defs/furniture": sources.Furniture,
    "source.schema.json#/$defs/copied_from": sources.CopiedFrom,
    "source.schema.json#/$defs/run": sources.Run,
    "system.schema.json": system.System,
    "system.schema.json#/$defs/package": system.Package,
    "system.schema.json#/$defs/measured": system.Measured,
}
JSON_TYPES = {
    inspect.AnyType: "any",
    inspect.StrType: "string",
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.EnumType: "string",
    inspect.DictType: "object",
}


def nodes(value: Any, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a JSON document with the pointer to it."""
    if isinstance(value, dict):
        yield pointer.removesuffix("#"), value
        for key, member in value.items():
            yield from nodes(member, f"{pointer}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from nodes(member, f"{pointer}/{index}")


NODES = dict(node for name, document in DOCUMENTS.items() for node in nodes(document, f"{name}#"))
OBJECTS = {pointer: node for pointer, node in NODES.items() if "properties" in node and node.get("type") == "object"}
LABELS = {pointer: node for pointer, node in NODES.items() if "const" in node and "/anyOf/" in pointer}


def target(reference: str, pointer: str) -> str:
    """The full pointer that a `$ref` inside `pointer` names."""
    return f"{pointer.split('#')[0]}{reference}" if reference.startswith("#") else reference


@pytest.mark.parametrize("name", DOCUMENTS)
def test_valid_against_the_metaschema(name: str) -> None:
    Draft202012Validator.check_schema(DOCUMENTS[name])


def test_every_file_names_its_dialect_title_and_description() -> None:
    for name, document in DOCUMENTS.items():
        assert document["$schema"] == Draft202012Validator.META_SCHEMA["$id"], name
        assert document["title"] and document["description"], name


def test_no_object_is_open() -> None:
    assert [pointer for pointer, node in OBJECTS.items() if node.get("additionalProperties") is not False] == []


def test_no_object_hides_behind_a_missing_type() -> None:
    assert [pointer for pointer, node in NODES.items() if "properties" in node and pointer not in OBJECTS] == []


def test_every_field_is_described() -> None:
    bare = [
        f"{pointer}/{name}"
        for pointer, node in OBJECTS.items()
        for name, field in node["properties"].items()
        if not field.get("description")
    ]
    assert bare == []


def test_every_reference_resolves() -> None:
    missing = {
        (pointer, node["$ref"])
        for pointer, node in NODES.items()
        if "$ref" in node and target(node["$ref"], pointer) not in NODES
    }
    assert missing == set()


@pytest.mark.parametrize("pointer", LABELS)
def test_a_label_is_a_constant_with_title_and_one_line(pointer: str) -> None:
    label = LABELS[pointer]
    assert label.keys() == {"const", "title", "description"}
    for text in label.values():
        assert text and text == " ".join(text.split())
    assert len(label["description"]) <= 140


def test_labels_stand_once_in_a_set_and_sets_are_described() -> None:
    for name, labels in schema.default().label_sets.items():
        constants = [label.const for label in labels]
        assert len(set(constants)) == len(constants) > 0, name
        node = DOCUMENTS[schema.LABELS_FILE]["$defs"][name]
        assert node["title"] and node["description"], name


def test_every_object_has_its_class_and_every_class_its_object() -> None:
    assert OBJECTS.keys() == CLASSES.keys()
    modules = (contrast, decisions, pooling, records, rounds, sources, system)
    shown = {cls for module in modules for cls in vars(module).values() if _is_record(cls)}
    assert shown == set(CLASSES.values())


def _is_record(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Record) and value is not Record


def required(node: dict[str, Any]) -> set[str]:
    """Required fields; where a span may come as a quote instead, those of a span that is stored."""
    stored = node["oneOf"][0]["required"] if "oneOf" in node else []
    return {*node.get("required", ()), *stored}


@pytest.mark.parametrize("pointer", CLASSES)
def test_class_has_the_fields_of_the_schema_in_order(pointer: str) -> None:
    fields = msgspec.structs.fields(CLASSES[pointer])
    assert [field.name for field in fields] == [n for n in OBJECTS[pointer]["properties"] if n not in INPUT_ONLY]
    assert {field.name for field in fields if field.required} == required(OBJECTS[pointer])


@pytest.mark.parametrize("pointer", CLASSES)
def test_class_has_the_defaults_of_the_schema(pointer: str) -> None:
    optional = [field for field in msgspec.structs.fields(CLASSES[pointer]) if not field.required]
    made = {f.name: f.default_factory() for f in optional if f.default_factory is not msgspec.NODEFAULT}
    of_class = {f.name: f.default for f in optional} | made
    properties = OBJECTS[pointer]["properties"]
    of_schema = {name: field["default"] for name, field in properties.items() if "default" in field}
    assert msgspec.json.decode(msgspec.json.encode(of_class)) == of_schema


@pytest.mark.parametrize("pointer", CLASSES)
def test_class_has_the_types_of_the_schema(pointer: str) -> None:
    (info,) = inspect.multi_type_info([CLASSES[pointer]])
    assert isinstance(info, inspect.StructType)
    for field in info.fields:
        at = f"{pointer if '#' in pointer else pointer + '#'}/properties/{field.encode_name}"
        assert python_types(field.type) == schema_types(at), field.encode_name


def python_types(kind: inspect.Type) -> set[object]:
    """What a field may hold: JSON types by name, a record by its class, a tuple as ("array", types of its items)."""
    if isinstance(kind, inspect.UnionType):
        return set[object]().union(*(python_types(member) for member in kind.types))
    if isinstance(kind, inspect.StructType):
        return {kind.cls}
    if isinstance(kind, inspect.VarTupleType):
        return {("array", frozenset(python_types(kind.item_type)))}
    return {JSON_TYPES[type(kind)]}


def schema_types(pointer: str) -> set[object]:
    """The same, read from the schema; a label is a string."""
    node = NODES[pointer]
    if pointer in CLASSES:
        return {CLASSES[pointer]}
    if "$ref" in node:
        return schema_types(target(node["$ref"], pointer))
    if "const" in node:
        return {"string"} if isinstance(node["const"], str) else set()
    if "anyOf" in node:
        return set[object]().union(*(schema_types(f"{pointer}/anyOf/{i}") for i in range(len(node["anyOf"]))))
    if node.get("type") == "array":
        return {("array", frozenset(schema_types(f"{pointer}/items")))}
    return {node.get("type", "any")}


def changed(path: Path, label_set: str) -> Path:
    """The shipped labels with one more in a set, as a file."""
    document = msgspec.json.decode(msgspec.json.encode(DOCUMENTS[schema.LABELS_FILE]))
    document["$defs"][label_set]["anyOf"].append({"const": "new", "title": "New", "description": "One more."})
    path.write_bytes(msgspec.json.encode(document))
    return path


FIXED = [name for name in schema.default().label_sets if name not in schema.CHANGEABLE]


@pytest.mark.parametrize("label_set", FIXED)
def test_fixed_labels_cannot_be_changed(label_set: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="are fixed"):
        schema.load(changed(tmp_path / "labels.json", label_set))


@pytest.mark.parametrize("label_set", schema.CHANGEABLE)
def test_other_labels_can_be_changed(label_set: str, tmp_path: Path) -> None:
    own = schema.load(changed(tmp_path / "labels.json", label_set))
    assert own.names(label_set) == (*schema.default().names(label_set), "new")


def test_a_missing_label_set_is_refused(tmp_path: Path) -> None:
    document = msgspec.json.decode(msgspec.json.encode(DOCUMENTS[schema.LABELS_FILE]))
    del document["$defs"]["relation"]["anyOf"][0]
    (tmp_path / "labels.json").write_bytes(msgspec.json.encode(document))
    with pytest.raises(ValueError, match="relation"):
        schema.load(tmp_path / "labels.json")


NO_JSON = (b"", b"\xff", b"{")
NO_LABELS = (b"{}", b"[]", b"null", b'{"$defs": []}', b'{"$defs": {"relation": {}}}')


@pytest.mark.parametrize("data", NO_JSON)
def test_a_labels_file_that_is_no_json_is_a_value_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_bytes(data)
    with pytest.raises(ValueError):
        schema.load(tmp_path / "labels.json")


@pytest.mark.parametrize("data", NO_LABELS)
def test_a_labels_file_without_labels_is_a_value_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_bytes(data)
    with pytest.raises(ValueError):
        schema.load(tmp_path / "labels.json")


def with_labels(path: Path, label_set: str, labels: list[dict[str, str]]) -> Path:
    """The shipped labels with these in place of one set, as a file."""
    document = msgspec.json.decode(msgspec.json.encode(DOCUMENTS[schema.LABELS_FILE]))
    document["$defs"][label_set]["anyOf"] = labels
    path.write_bytes(msgspec.json.encode(document))
    return path


@pytest.mark.parametrize(("count", "why"), [(0, "aspect has no labels"), (2, "aspect has the label new twice")])
def test_a_label_set_has_labels_and_each_once(count: int, why: str, tmp_path: Path) -> None:
    labels = [{"const": "new", "title": f"New {i}", "description": "One more."} for i in range(count)]
    with pytest.raises(ValueError, match=f"labels.json: {why}"):
        schema.load(with_labels(tmp_path / "labels.json", "aspect", labels))


def test_a_labels_file_is_read_strictly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "twice.json").write_bytes(b'{"$defs": {}, "$defs": {}}')
    for path, why in (
        (tmp_path / "pipe.json", "no regular file"),
        (Path("/dev/zero"), "no regular file"),
        (tmp_path, "is a folder"),
        (tmp_path / "none.json", "No such file"),
        (tmp_path / "twice.json", "stands more than once"),
    ):
        with pytest.raises(ValueError, match=f"{path}: .*{why}"):
            schema.load(path)


@pytest.mark.parametrize("whole", [265.0, 1e3, -0.0])
def test_an_integer_is_written_as_one(whole: float) -> None:
    span = {"start": whole, "end": 1000}
    assert not schema.default().validator("span").is_valid(span)
    assert not prepared(schema.default(), "span").is_valid(span)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(span, records.Span)


def test_names_are_of_any_script_and_of_letters() -> None:
    good = ("wren", "tagger-1.0", "_x", "7", "مالك-الحزين", "عَلِيّ", "हेरॉन", "鷺", "Zaunkönig", "A\u0308", "𐌰", "x" * 100)
    assert [name for name in good if not records.is_name(name)] == []
    bad = ("", ".", "..", ".x", "-x", "a/b", "../x", "a\\b", "a b", "a\n", "a:b", "a*", 'a"b', "a\0", "x" * 101)
    unseen = ("🪔", "wren🪶", "x\ufe0f", "a\u200db", "\u202eabc", "a\u00a0b", "\ud800", "a\u2044b", "a／b", "\ufeffx")
    assert [name for name in (*bad, *unseen) if records.is_name(name)] == []


def test_no_name_has_a_character_that_is_not_seen() -> None:
    taken = {category(c) for c in map(chr, range(0x110000)) if name_pattern().search(c)}
    assert {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"} <= taken
    assert not taken & {"Cc", "Cs", "Co", "Zs", "Zl", "Zp"}


def name_pattern() -> re.Pattern[str]:
    return re.compile(DOCUMENTS["name.schema.json"]["pattern"])


@pytest.mark.parametrize("file", ["../../etc/passwd", "..", ".", "/etc/passwd", "a\\b", ".hidden", "a\n", "", "a\0b"])
def test_a_seed_is_a_plain_file_name(file: str) -> None:
    pattern = DOCUMENTS["source.schema.json"]["$defs"]["source"]["properties"]["file"]["pattern"]
    assert not re.search(pattern, file) and re.search(pattern, "An article (1).txt")


def test_own_labels_reach_the_validator(tmp_path: Path) -> None:
    entity = {"entity_id": "e", "name": "E", "type": "new"}
    own = schema.load(changed(tmp_path / "labels.json", "entity_type"))
    assert own.validator("entity").is_valid(entity)
    assert not schema.default().validator("entity").is_valid(entity)


def test_a_labels_file_of_before_a_set_was_there_is_read_as_it_was(tmp_path: Path) -> None:
    document = msgspec.json.decode(msgspec.json.encode(DOCUMENTS[schema.LABELS_FILE]))
    del document["$defs"]["direction"]
    (tmp_path / "labels.json").write_bytes(msgspec.json.encode(document))
    assert schema.load(tmp_path / "labels.json").names("direction") == schema.default().names("direction")
