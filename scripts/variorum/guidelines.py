"""GUIDELINES.md as a program sees it: its version, and the label tables in it, which come from the schema.

A table stands between `<!-- labels:NAME -->` and `<!-- /labels -->`; what is between them is made here, so that a
label is described in one place.
"""

import re

from variorum.schema import Label, Schema

_VERSION = re.compile(r"^Version (\S+)", re.MULTILINE)
_TABLE = re.compile(r"(<!-- labels:(\w+) -->\n).*?(<!-- /labels -->)", re.DOTALL)


def version(text: str) -> str:
    """The version that the guidelines give themselves; ValueError if no line begins with `Version`."""
    found = _VERSION.search(text)
    if found is None:
        raise ValueError("the guidelines have no line that begins with 'Version' and the version")
    return found[1]


def with_label_tables(text: str, schema: Schema) -> str:
    """The guidelines with every label table made anew; KeyError if a table names no label set."""
    return _TABLE.sub(lambda found: f"{found[1]}{_table(schema.label_sets[found[2]])}{found[3]}", text)


def label_sets(text: str) -> set[str]:
    """The label sets that the guidelines have a table of."""
    return {found[2] for found in _TABLE.finditer(text)}


def _table(labels: tuple[Label, ...]) -> str:
    rows = [f"| `{label.const}` | {label.title} | {label.description} |" for label in labels]
    return "\n".join(["| label | title | description |", "|---|---|---|", *rows, ""])
