"""Which intervals of two lists overlap, without looking at all pairs.

An interval that starts inside another one overlaps it, and of two that overlap one starts inside the other. So two
binary searches over sorted starts find every overlapping pair exactly once: O(n log n) plus the number of pairs, nested
and crossing intervals included.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
LARGEST = 2**62  # positions of all documents laid end to end stay below this
MOST = 10_000_000  # pairs; a million spans as people make them have about as many pairs as spans


class Intervals(NamedTuple):
    """Half-open intervals [start, end) of numbered documents, as columns of one length; none is empty."""

    document: Ints
    start: Ints
    end: Ints


def overlapping(left: Intervals, right: Intervals) -> tuple[Ints, Ints]:
    """All pairs that share a character: the indexes on the left and on the right, in no particular order.

    ValueError if there are more than `MOST`, which would take all memory: thousands of spans in one place.
    """
    if not len(left.start) or not len(right.start):
        return _empty(), _empty()
    (left_start, left_end), (right_start, right_end) = _laid_out(left, right)
    first = _starting_within(left_start, left_end, right_start, inclusive=True)
    second = _starting_within(right_start, right_end, left_start, inclusive=False)
    return np.concatenate((first[0], second[1])), np.concatenate((first[1], second[0]))


def _empty() -> Ints:
    return np.empty(0, np.int64)


def _laid_out(left: Intervals, right: Intervals) -> list[tuple[Ints, Ints]]:
    """Starts and ends on one line, the documents one after the other."""
    stride = int(max(left.end.max(), right.end.max())) + 1
    documents = int(max(left.document.max(), right.document.max())) + 1
    sides = (left, right)
    if stride * documents > LARGEST:  # only the order of positions matters here, so their ranks will do
        sides, stride = _ranked(left, right)
    return [(each.document * stride + each.start, each.document * stride + each.end) for each in sides]


def _ranked(left: Intervals, right: Intervals) -> tuple[tuple[Intervals, Intervals], int]:
    positions = np.unique(np.concatenate((left.start, left.end, right.start, right.end)))
    ranked = [
        each._replace(start=np.searchsorted(positions, each.start), end=np.searchsorted(positions, each.end))
        for each in (left, right)
    ]
    return (ranked[0], ranked[1]), len(positions)


def _starting_within(start: Ints, end: Ints, others: Ints, inclusive: bool) -> tuple[Ints, Ints]:
    """Pairs (interval, other) where the other starts inside the interval, `inclusive` if its first character counts."""
    order = np.argsort(others, kind="stable")
    ordered = others[order]
    low = np.searchsorted(ordered, start, side="left" if inclusive else "right")
    high = np.searchsorted(ordered, end, side="left")
    return _ranges(low, np.maximum(high, low), order)


def _ranges(low: Ints, high: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Every index with each position of its range [low, high), looked up in `order`."""
    sizes = high - low
    if (total := int(sizes.sum())) > MOST:
        raise ValueError(f"{total:,} pairs of spans overlap one another, more than the {MOST:,} that can be compared")
    which: Ints = np.repeat(np.arange(len(low)), sizes)
    before = np.cumsum(sizes) - sizes
    place: Ints = np.arange(len(which)) + np.repeat(low - before, sizes)
    return which, order[place]


def grouped(*keys: NDArray[Any]) -> tuple[Ints, Ints]:
    """The rows of equal keys: an order that brings them together, and where each group starts in it."""
    order: Ints = np.lexsort(keys[::-1])
    if not len(order):
        return order, order
    changes = np.zeros(len(order), dtype=bool)
    changes[0] = True
    for key in keys:
        ordered = key[order]
        changes[1:] |= ordered[1:] != ordered[:-1]
    return order, np.flatnonzero(changes)
