"""Plots."""

from collections.abc import Iterator

from variorum.agreement.report import Comparison


class NoLibrary(Exception):
    """The library for plots is not installed."""


def inline(each: Comparison) -> Iterator[tuple[str, str]]:
    """Titles and SVG."""
    raise NoLibrary(f"no plots of {each.name}")
