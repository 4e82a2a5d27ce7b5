"""The page docs/schema.md: every file of schema/, with its fields and labels as the schemas themselves describe them.

The page is a view: what it says is taken from `title`, `description`, `type` and `$ref`, and from nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

_HEAD = """\
<!-- Made from schema/ by `variorum docs`; do not edit. -->

# Schema

Every label and record, as [schema/](../schema) defines it (JSON Schema 2020-12). Fields that are not required may be
left out; then they are what `default` says, or null. A corpus of your own may change some of the label sets:
[own_corpus.md](own_corpus.md#labels-of-your-own). What a schema cannot say is in [rules.md](rules.md).
"""


def markdown(documents: Mapping[str, Node]) -> str:
    """The whole page, ending with a newline; `documents` are the contents of the files by name."""
    listed = ["", *(f"- [{name}](#{_anchor(name)}): {_title(name, each)}" for name, each in documents.items())]
    parts = (line for name, document in documents.items() for line in _file(name, document))
    return "\n".join([*_HEAD.splitlines(), *listed, *parts]) + "\n"


def _anchor(name: str) -> str:
    """The anchor of a file's heading, as GitHub makes it."""
    return name.replace(".", "").lower()


def _title(name: str, document: Node) -> str:
    return str(document.get("title", _stem(name).replace("_", " ").capitalize()))


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _file(name: str, document: Node) -> Iterator[str]:
    """A file: its own fields or labels, then those of the records and label sets within it."""
    yield from ("", f"## {name}", "", _told(_title(name, document), document.get("description", "")))
    if "$schema" not in document:
        yield from _lists(document)
    yield from _body(document, name)
    for inner, node in document.get("$defs", {}).items():
        yield from ("", f"### {_stem(name)}: {inner}", "", _told(node["title"], node["description"]))
        yield from _body(node, name)


def _told(title: str, description: str) -> str:
    return _text(f"**{title}.** {description}")


def _lists(document: Node) -> Iterator[str]:
    """A file that holds data, not a schema: what it has lists of."""
    for name, items in document.items():
        if isinstance(items, list):
            titles = [f"- `{each['name']}`: {_text(each['title'])}" for each in items if isinstance(each, dict)]
            yield from ("", f"`{name}`: {len(items)} entries", *(["", *titles] if titles else []))


def _body(node: Node, file: str) -> Iterator[str]:
    """The fields of a record, or the labels of a set, as a table."""
    if fields := list(_fields(node, file)):
        yield from ("", "| field | type | required | what it holds |", "|---|---|---|---|", *fields)
    if labels := node.get("anyOf", ()):
        yield from ("", "| label | title | what it means |", "|---|---|---|", *map(_label, labels))


def _fields(node: Node, file: str, prefix: str = "") -> Iterator[str]:
    """One row a field; the fields of a record that is described in place come below it."""
    for name, field in node.get("properties", {}).items():
        required = "yes" if name in node.get("required", ()) else "no"
        told = field.get("description", "")
        default = f" Default: `{_plain(field['default'])}`." if field.get("default") is not None else ""
        yield f"| `{prefix}{name}` | {_type(field, file)} | {required} | {_text(told + default)} |"
        yield from _fields(_record(field), file, f"{prefix}{name}.")


def _record(field: Node) -> Node:
    """The record that a field holds if it is described in place, once or as the items of a list."""
    options = [field, field.get("items", {}), *field.get("anyOf", ())]
    return next((each for each in options if "properties" in each), {})


def _type(field: Node, file: str) -> str:
    if "$ref" in field:
        return _reference(field["$ref"], file)
    if "const" in field:
        return f"`{_plain(field['const'])}`"
    if "enum" in field:
        return " or ".join(f"`{_plain(each)}`" for each in field["enum"])
    if "anyOf" in field:
        return " or ".join(_type(each, file) for each in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}), file)}"
    return "record" if field.get("type") == "object" else str(field.get("type", "any"))


def _reference(target: str, file: str) -> str:
    """A link to where a record or a label set is described."""
    name, _, inner = target.partition("#/$defs/")
    if inner:
        return f"[{inner}](#{_stem(name or file)}-{inner})"
    return f"[{_stem(name)}](#{_anchor(name)})"


def _label(item: Node) -> str:
    if "$ref" in item:
        other = item["$ref"].rpartition("/")[2]
        return f"| | | every label of [{other}](#labels-{other}) |"
    return f"| `{item['const']}` | {_text(item['title'])} | {_text(item['description'])} |"


def _plain(value: object) -> str:
    """A constant as JSON writes it, without the quotes of a string."""
    return json.dumps(value, ensure_ascii=False).strip('"')


def _text(text: str) -> str:
    """Words as they stand, on one line: what looks like a tag or the edge of a cell is none."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "\\<")
