"""A stretch that a baseline has found, before it is a mention."""

from collections.abc import Iterable, Iterator, Sequence

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


def nested(found: Sequence[Found]) -> Iterator[Found]:
    """Without those that cross another or stand twice; the first wins."""
    kept: dict[tuple[int, int], Found] = {}
    inside: dict[int, tuple[int, int]] = {}
    for each in found:
        own = (each.start, each.end)
        others = {inside[at] for at in range(*own) if at in inside} - {own}
        crossed = any(not ((o[0] <= own[0] and own[1] <= o[1]) or (own[0] <= o[0] and o[1] <= own[1])) for o in others)
        if own not in kept and not crossed:
            kept[own] = each
            inside.update({at: own for at in range(*own) if at not in inside})
    yield from kept.values()
