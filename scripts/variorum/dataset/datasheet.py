"""A datasheet whose figures are filled in: `<!-- figure:NAME -->…<!-- / -->` holds what `figures` says of NAME.

The markers stay, so that a filled datasheet can be filled again: it is its own template.
"""

import re
from collections.abc import Collection, Mapping

_PLACE = re.compile(r"(<!-- figure:([\w.:-]+) -->)(.*?)(<!-- / -->)", re.DOTALL)
_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")


def filled(text: str, figures: Mapping[str, str]) -> str:
    """The text with every figure anew; KeyError if it has a place for a figure that there is not."""
    return _PLACE.sub(lambda found: f"{found[1]}{_laid(figures[found[2]])}{found[4]}", text)


def alone(text: str, there: Collection[str]) -> str:
    """The text for a folder that has these files: links to other files of the repository are plain text."""

    def plain(link: re.Match[str]) -> str:
        address = link[2].split("#")[0]
        return link[0] if not address or "://" in address or address in there else f"{link[1]} (in the repository)"

    return _LINK.sub(plain, text)


def _laid(value: str) -> str:
    """A figure of several lines, such as a table, stands on lines of its own."""
    return f"\n\n{value.strip()}\n\n" if "\n" in value else value


def named(text: str) -> set[str]:
    """The figures that a text has a place for."""
    return {found[2] for found in _PLACE.finditer(text)}
