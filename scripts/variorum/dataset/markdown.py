"""Tables in Markdown."""

from collections.abc import Iterable, Iterator


def row(*cells: object) -> str:
    """One row, whatever is in its cells."""
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """A table, line by line, after an empty line; a column whose name ends with a blank is one of numbers."""
    yield from ("", row(*head), "|" + "|".join("---:" if name.endswith(" ") else "---" for name in head) + "|")
    yield from (row(*cells) for cells in rows)
