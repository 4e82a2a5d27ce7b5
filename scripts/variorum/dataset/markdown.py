"""Tables in Markdown, and texts of others in them."""

import re
from collections.abc import Iterable, Iterator

MOST = 200  # rows of a table
_MARKUP = re.compile(r"[\\`*\[\]<>#~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")  # `_` in a word is none


def literal(text: str) -> str:
    """A text of others, on one line, so that none of it is markup. A pipe is left to `row`: it means nothing elsewhere.

    >>> literal("a *b* of <c>, d_e [1]")
    'a \\\\*b\\\\* of \\\\<c\\\\>, d_e \\\\[1\\\\]'
    """
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def code(text: str) -> str:
    """A text of others as code; one with a backtick in it as it is."""
    return literal(text) if "`" in text or not text.strip() else f"`{' '.join(text.split())}`"


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
