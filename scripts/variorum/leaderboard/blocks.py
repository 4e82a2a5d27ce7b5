"""A page as blocks, written as Markdown or as HTML.

In texts `words` are code, [words](place) links, <address> an address, and a backslash makes the next sign an ordinary
one: texts of others go through `variorum.dataset.markdown.literal` and `code`, on both kinds of page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from variorum.dataset.markdown import table
from variorum.page import framed

# Whose row it is stays in sight when a table is scrolled; the others, whose intervals are pale, go below it.
WIDE = """\
body { max-width: 110rem; } p, ul { max-width: 72rem; } td:not(.n) { min-width: 10rem; }
td:first-child, th:first-child { position: sticky; left: 0; z-index: 1; background: Canvas; }
"""
_MARKUP = re.compile(
    r"`(?P<code>[^`]+)`|\[(?P<words>[^\]]+)\]\((?P<place>(?!//)[\w./#-]+)\)"
    r"|<(?P<address>https?://[^\s<>]+)>|\\(?P<sign>[!-/:-@\[-`{-~])"
)


class Heading(NamedTuple):
    level: int
    text: str


class Text(NamedTuple):
    text: str


class Bullets(NamedTuple):
    lines: tuple[str, ...]


class Code(NamedTuple):
    """Lines to be typed."""

    text: str


class Grid(NamedTuple):
    """A table; a column whose name ends with a blank is one of numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Bullets | Code | Grid


def markdown(blocks: Iterable[Block]) -> str:
    """The page as Markdown, with a newline at the end."""
    return "\n".join(line for block in blocks for line in _markdown(block)).strip("\n") + "\n"


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Grid):
        yield from table(block.head, block.rows)
        return
    yield ""
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {block.text}"
    elif isinstance(block, Bullets):
        yield from (f"* {line}" for line in block.lines)
    elif isinstance(block, Code):
        yield from ("```sh", block.text, "```")
    else:
        yield block.text


def html(title: str, blocks: Iterable[Block]) -> str:
    """The page as HTML: self-contained, no script, all texts escaped; with a newline at the end."""
    return framed(title, map(_html, blocks), WIDE) + "\n"


def _html(block: Block) -> str:
    if isinstance(block, Grid):
        return _grid(block)
    if isinstance(block, Heading):
        return f"<h{block.level}>{_inline(block.text)}</h{block.level}>"
    if isinstance(block, Bullets):
        return "<ul>" + "".join(f"<li>{_inline(line)}</li>" for line in block.lines) + "</ul>"
    if isinstance(block, Code):
        return f"<pre><code>{escape(block.text)}</code></pre>"
    return f"<p>{_inline(block.text)}</p>"


def _grid(grid: Grid) -> str:
    number = [name.endswith(" ") for name in grid.head]

    def row(cells: Sequence[str], tag: str) -> str:
        marked = (
            f"<{tag} class=n>{_number(cell)}</{tag}>" if n else f"<{tag}>{_inline(cell)}</{tag}>"
            for cell, n in zip(cells, number, strict=True)
        )
        return f"<tr>{''.join(marked)}</tr>"

    return f"<table>{row(grid.head, 'th')}{''.join(row(each, 'td') for each in grid.rows)}</table>"


def _number(text: str) -> str:
    """An interval stands below its value, so that wide tables can be seen whole."""
    return re.sub(r"^(\S+) (\[[^\]]*\])$", r"\1<br><small>\2</small>", _inline(text))


def _inline(text: str) -> str:
    made, end, text = [], 0, text.strip()
    for found in _MARKUP.finditer(text):
        made += [escape(text[end : found.start()]), _marked(found)]
        end = found.end()
    return "".join([*made, escape(text[end:])])


def _marked(found: re.Match[str]) -> str:
    if words := found["words"]:
        return f'<a href="{escape(found["place"])}">{_inline(words)}</a>'
    if words := found["code"]:
        return f"<code>{escape(words)}</code>"
    return escape(found["address"] or found["sign"])
