"""Tables of fields for people: the card has them, and docs/dataset.md between `<!-- fields:CONFIG -->` and its end."""

import re
from collections.abc import Iterator

from variorum.dataset.columns import Column, Each, Labels, Struct, Type, configs
from variorum.schema import Schema

_TABLE = re.compile(r"(<!-- fields:(\w+) -->\n).*?(<!-- /fields -->)", re.DOTALL)


def with_field_tables(text: str, schema: Schema) -> str:
    """A page with every field table made anew; KeyError if a table names no config."""
    columns = configs(schema)
    return _TABLE.sub(lambda found: f"{found[1]}{_lines(columns[found[2]])}{found[3]}", text)


def _lines(columns: tuple[Column, ...]) -> str:
    return "".join(f"{line}\n" for line in field_table(columns))


def field_table(columns: tuple[Column, ...]) -> Iterator[str]:
    """The fields of a config, line by line, those of a record within it below it."""
    yield from ("| field | type | what it holds |", "|---|---|---|")
    for column in columns:
        yield f"| `{column.name}` | {_type(column.type)} | {column.description} |"
        for inner in _inner(column.type):
            yield f"| `{column.name}.{inner.name}` | {_type(inner.type)} | {inner.description} |"


def _inner(type: Type) -> tuple[Column, ...]:
    if isinstance(type, Each):
        return _inner(type.of)
    return type.columns if isinstance(type, Struct) else ()


def _type(type: Type) -> str:
    if isinstance(type, Each):
        return f"list of {_type(type.of)}"
    if isinstance(type, Labels):
        return f"label ({type.label_set})"
    return "record" if isinstance(type, Struct) else type
