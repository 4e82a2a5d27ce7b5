"""The frame of every self-contained HTML page: no script, no font, no picture from elsewhere."""

from collections.abc import Iterable
from html import escape

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 25%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .7rem; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
small, .note { opacity: .75; } code { font-size: .85em; overflow-wrap: anywhere; }
.headline { font-size: 1.6rem; } details { margin: .5rem 0; }
"""


def framed(title: str, parts: Iterable[str], style: str = "") -> str:
    """A page of parts that are HTML; the title is text. `style`: what it needs beside the common one."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}{style}</style>'
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><head>{head}{viewport}</head><body>\n{body}\n</body></html>'
