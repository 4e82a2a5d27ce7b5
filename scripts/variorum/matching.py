"""The one matching function: which items of two sets are the same item, and how many are.

Two items (mentions or claims) can match if they lie in the same document and the Jaccard overlap of their character
sets, |A ∩ B| / |A ∪ B|, is at or above a threshold. Among all ways to match one-to-one, in this order: the most matches
(maximum bipartite matching, as in mir_eval; greedy matching depends on the order of the lists), the greatest total
overlap, the most matches of the same type, the greatest total similarity of propositions, ids paired in order. The
order of the input never matters. Agreement, adjudication and scoring all use this.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from variorum import assignment
from variorum.overlaps import LARGEST, Intervals, Ints, grouped, overlapping
from variorum.records import Claim, Mention, Record

Matrix = NDArray[np.float64]
# Totals of overlaps that differ by less than this are a tie: far below any real difference, far above rounding.
TOLERANCE = 1e-9


class Item(NamedTuple):
    """Something that occupies characters of a document: half-open intervals, sorted and disjoint, never empty."""

    item_id: str
    doc_id: str
    intervals: tuple[tuple[int, int], ...]
    type: str = ""
    text: str = ""

    @property
    def size(self) -> int:
        """How many characters it occupies."""
        return sum(end - start for start, end in self.intervals)


class Criterion(NamedTuple):
    """When two items can match: the least Jaccard overlap, inclusive, and whether the types must be equal.

    Sharing at least one character is always required, so threshold 0 means "any overlap".
    """

    threshold: Fraction
    typed: bool = False

    @classmethod
    def parse(cls, name: str) -> Self:
        """The criterion named: `exact`, `overlap` or `jaccard0.5`, with `+type` if types count; ValueError if none."""
        found = re.fullmatch(r"(?:(exact)|(overlap)|jaccard(0?\.[0-9]{1,6}))(\+type)?", name, re.ASCII)
        if not found:
            raise ValueError(f"{name!r} is no criterion; examples are exact+type, exact, overlap and jaccard0.5")
        exact, overlap, jaccard, typed = found.groups()
        return cls(Fraction(1 if exact else 0 if overlap else jaccard), typed is not None)


class Match(NamedTuple):
    """Two items that are taken to be the same one, and their Jaccard overlap."""

    left: Item
    right: Item
    overlap: Fraction


class Counts(Record, frozen=True):
    """How many items both sides have, only the right one (`fp`), only the left one (`fn`); the ratios follow.

    The left side stands for gold. A ratio with nothing below the line is undefined: None, not 0 and not 1. Counts of
    parts add up to the counts of the whole, so a corpus score is a sum.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(tp=self.tp + other.tp, fp=self.fp + other.fp, fn=self.fn + other.fn)

    @property
    def precision(self) -> float | None:
        return ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        return ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """2 tp / (2 tp + fp + fn), the harmonic mean of precision and recall (van Rijsbergen 1979)."""
        return ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def ratio(above: float, below: float) -> float | None:
    """A quotient, None where it is undefined."""
    return above / below if below else None


def mention_items(mentions: Iterable[Mention] | None) -> list[Item]:
    """Mentions as items; their type is the entity type."""
    return [Item(m.mention_id, m.doc_id, ((m.start, m.end),), m.type) for m in mentions or ()]


def claim_items(claims: Iterable[Claim] | None) -> list[Item]:
    """Claims as items: all evidence spans together are one character set; the kind is the type."""
    return [Item(c.claim_id, c.doc_id, _union(c), c.kind, c.proposition) for c in claims or ()]


def _union(claim: Claim) -> tuple[tuple[int, int], ...]:
    if len(claim.spans) == 1:
        return ((claim.spans[0].start, claim.spans[0].end),)
    merged: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in claim.spans):
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return tuple(merged)


def count(left: Sequence[Item], right: Sequence[Item], criterion: Criterion) -> Counts:
    """The counts of a matching; `left` stands for gold."""
    tp = len(match(left, right, criterion))
    return Counts(tp=tp, fp=len(right) - tp, fn=len(left) - tp)


def match(left: Iterable[Item], right: Iterable[Item], criterion: Criterion) -> list[Match]:
    """The best one-to-one matching of two lists of items, sorted by the left ids.

    Work: n log n in the number of items plus the number of overlapping pairs; cubic only within a group of items that
    all overlap each other.
    """
    return matchings(left, right, [criterion])[0]


def matchings(left: Iterable[Item], right: Iterable[Item], criteria: Iterable[Criterion]) -> list[list[Match]]:
    """The best matching under each of several criteria; what overlaps is looked for only once."""
    lefts, rights = sorted(left), sorted(right)
    return [
        [
            Match(lefts[i], rights[j], Fraction(*sizes))
            for i, j, *sizes in zip(*(column.tolist() for column in found), strict=True)
        ]
        for found in chosen(lefts, rights, criteria)
    ]


def chosen(lefts: list[Item], rights: list[Item], criteria: Iterable[Criterion]) -> "list[Candidates]":
    """As `matchings`, of items that are sorted, as columns."""
    shared = _shared(lefts, rights)
    return [_best(lefts, rights, _candidates(lefts, rights, shared, criterion)) for criterion in criteria]


def _best(lefts: list[Item], rights: list[Item], found: "Candidates") -> "Candidates":
    graph = assignment.Edges(found.left, found.right)
    alone = graph.alone()
    rest = np.flatnonzero(~alone)
    parts = [rest[part] for part in assignment.components(graph, rest)]
    rows = np.concatenate((np.flatnonzero(alone), *(part[_assign(lefts, rights, found.only(part))] for part in parts)))
    return found.only(rows[np.argsort(found.left[rows])])


class Candidates(NamedTuple):
    """Pairs of items that can match: indexes on either side, characters in common, characters in either."""

    left: Ints
    right: Ints
    shared: Ints
    union: Ints

    def only(self, mask: Any) -> "Candidates":
        return Candidates(*(column[mask] for column in self))


def _candidates(lefts: list[Item], rights: list[Item], found: Candidates, criterion: Criterion) -> Candidates:
    shared, union = (found.shared, found.union)
    if criterion.threshold.denominator * int(union.max(initial=0)) > LARGEST:
        shared, union = shared.astype(object), union.astype(object)
    enough = shared * criterion.threshold.denominator >= union * criterion.threshold.numerator
    if criterion.typed:
        types = (np.array([item.type for item in side], dtype=object) for side in (lefts, rights))
        left_type, right_type = types
        enough &= left_type[found.left] == right_type[found.right]
    return found.only(enough.astype(bool))


def _shared(lefts: list[Item], rights: list[Item]) -> Candidates:
    """The pairs of items that share characters."""
    documents: dict[str, int] = {}
    (left, left_owner), (right, right_owner) = (_intervals(side, documents) for side in (lefts, rights))
    a, b = overlapping(left, right)
    shared = np.minimum(left.end[a], right.end[b]) - np.maximum(left.start[a], right.start[b])
    owners = left_owner[a], right_owner[b]
    order, starts = grouped(*owners)
    shared = np.add.reduceat(shared[order], starts) if len(order) else shared
    i, j = (owner[order[starts]] for owner in owners)
    left_size = _sizes(left, left_owner, len(lefts))
    right_size = _sizes(right, right_owner, len(rights))
    return Candidates(i, j, shared, left_size[i] + right_size[j] - shared)


def _intervals(items: list[Item], documents: dict[str, int]) -> tuple[Intervals, Ints]:
    """The intervals of all items, and whose each of them is."""
    numbers = (documents.setdefault(item.doc_id, len(documents)) for item in items)
    document = np.fromiter(numbers, np.int64, len(items))
    owner = np.repeat(np.arange(len(items)), [len(item.intervals) for item in items])
    ends = chain.from_iterable(chain.from_iterable(item.intervals for item in items))
    start, end = np.fromiter(ends, np.int64).reshape(-1, 2).T
    some = start < end
    return Intervals(document[owner[some]], start[some], end[some]), owner[some]


def _sizes(intervals: Intervals, owner: Ints, n_items: int) -> Ints:
    """How many characters each item occupies."""
    sizes = np.zeros(n_items, np.int64)
    np.add.at(sizes, owner, intervals.end - intervals.start)
    return sizes


def _assign(lefts: list[Item], rights: list[Item], found: Candidates) -> NDArray[np.bool_]:
    """Which candidates of one component are its best matching."""
    (rows, x), (columns, y) = (np.unique(side, return_inverse=True) for side in (found.left, found.right))
    size = max(len(rows), len(columns))
    left_grams, right_grams = [_grams(lefts[i].text) for i in rows], [_grams(rights[j].text) for j in columns]
    items = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    sizes = zip(found.shared.tolist(), found.union.tolist(), strict=True)

    def level(values: Iterable[float]) -> Matrix:
        matrix = np.zeros((size, size))
        matrix[x, y] = list(values)
        return matrix

    best = lexicographic(
        (
            level(1 for _ in items),
            level(shared / union for shared, union in sizes),
            level(lefts[i].type == rights[j].type for i, j in items),
            level(_similarity(left_grams[i], right_grams[j]) for i, j in zip(x, y, strict=True)),
            level(x * y),
        )
    )
    return np.asarray(np.array(best)[x] == y)


def lexicographic(levels: Sequence[Matrix]) -> list[int]:
    """The assignment (column of each row) that is best by the first matrix of weights, among these by the second, …

    Each n×n matrix is solved by scipy's assignment solver. An assignment is optimal exactly if it uses only cells
    without slack under optimal dual prices (complementary slackness), so the next matrix is solved on these alone.
    """
    from scipy.optimize import linear_sum_assignment

    allowed = np.ones_like(levels[0], dtype=bool)
    for weights in levels:
        cost = np.where(allowed, -weights, np.inf)
        chosen = linear_sum_assignment(cost)[1]
        allowed &= _slack(cost, chosen) < TOLERANCE
    return [int(column) for column in chosen]


def _slack(cost: Matrix, chosen: NDArray[Any]) -> Matrix:
    """Reduced costs under dual prices of an optimal assignment, found by Bellman-Ford on columns in chosen order."""
    gain: Matrix = cost[:, chosen] - cost[np.arange(len(chosen)), chosen][:, None]
    price = np.zeros(len(chosen))
    for _ in range(len(chosen)):
        lower = (price[:, None] + gain).min(axis=0)
        if np.all(lower >= price - TOLERANCE / 10):
            break
        price = np.minimum(price, lower)
    slack = np.empty_like(cost)
    slack[:, chosen] = gain + price[:, None] - price[None, :]
    return slack


def likeness(left: Item, right: Item) -> float:
    """How alike two items of one document are, from 0 to 2: the Jaccard overlap and the similarity of their texts."""
    shared = sum(
        max(0, min(a_end, b_end) - max(a_start, b_start))
        for a_start, a_end in left.intervals
        for b_start, b_end in right.intervals
    )
    return shared / (left.size + right.size - shared) + _similarity(_grams(left.text), _grams(right.text))


def _grams(text: str) -> frozenset[str]:
    """The character trigrams of a text, without regard to case: a comparison that suits any language."""
    padded = f"  {' '.join(text.casefold().split())}  "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _similarity(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)
