"""A stretch that a baseline has found, before it is a mention."""

from collections.abc import Iterable

import msgspec

from variorum.records import Value


class Found(msgspec.Struct, frozen=True):
    """A stretch `[start, end)` of a text, its type, and its level or its value."""

    start: int
    end: int
    type: str
    level: str | None = None
    value: Value | None = None


def apart(found: Iterable[Found], taken: Iterable[Found] = ()) -> list[Found]:
    """Those that overlap nothing taken and nothing before them in the given order; sorted by where they start."""
    kept: list[Found] = []
    covered: set[int] = set()
    for each in taken:
        covered.update(range(each.start, each.end))
    for each in found:
        places = range(each.start, each.end)
        if covered.isdisjoint(places):
            covered.update(places)
            kept.append(each)
    return sorted(kept, key=lambda each: (each.start, each.end))
