"""Tables in Markdown."""

from collections.abc import Iterable, Iterator

MOST = 200  # rows of a table


def row(*cells: object) -> str:
    """One row, whatever is in its cells."""
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """A table, line by line, after an empty line; a column whose name ends with a blank is one of numbers.

    A page is read by people: of more than `MOST` rows the first ones are shown, and how many there are.
    """
    yield from ("", row(*head), "|" + "|".join("---:" if name.endswith(" ") else "---" for name in head) + "|")
    listed = list(rows)
    yield from (row(*cells) for cells in listed[:MOST])
    if len(listed) > MOST:
        yield from ("", f"These are the first {MOST} of {len(listed)}.")
