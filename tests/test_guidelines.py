"""The guidelines tell of every label, in the words of the schema."""

from pathlib import Path

import pytest

from variorum import guidelines, schema

PATH = Path(__file__).parents[1] / "annotations" / "GUIDELINES.md"
TEXT = PATH.read_bytes().decode()
NOT_FOR_ANNOTATORS = {"role", "annotator_kind", "judgement", "direction"}


def test_tables_are_those_of_the_schema() -> None:
    assert guidelines.with_label_tables(TEXT, schema.default()) == TEXT, "run scripts/update_docs.py"


def test_every_label_set_has_a_table() -> None:
    assert guidelines.label_sets(TEXT) == set(schema.default().label_sets) - NOT_FOR_ANNOTATORS


@pytest.mark.parametrize("label_set", ["entity_type", "relation", "unclear", "aspect", "reason"])
def test_every_label_that_is_hard_has_a_heading(label_set: str) -> None:
    missing = [name for name in schema.default().names(label_set) if f"### `{name}`" not in TEXT]
    assert missing == []


def test_version() -> None:
    assert guidelines.version("# G\n\nVersion 2.1 · 2026-01-01\n") == "2.1"
    assert guidelines.version(TEXT)
    with pytest.raises(ValueError, match="no line that begins"):
        guidelines.version("# G\n")
