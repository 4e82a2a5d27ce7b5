"""How far two partitions of mentions into entities agree: MUC, B-cubed, CEAF-e, LEA.

Every measure is a quotient of two sums on each side, and every sum is a sum over *groups*: entities of either side that
share mentions, directly or by way of others. `tables` gives the sums by group, so that scores of parts add up to the
score of the whole, and can be resampled.

    MUC     recall  sum_K (|K| - parts of K) / sum_K (|K| - 1)            Vilain et al. 1995
    B³      recall  sum_K sum_R |K ∩ R|² / |K| / number of mentions        Bagga and Baldwin 1998
    CEAF-e  recall  max alignment of sum 2 |K ∩ R| / (|K| + |R|) / number of K       Luo 2005
    LEA     recall  sum_K |K| · (shared links of K / links of K) / sum_K |K|          Moosavi and Strube 2016

K are gold's entities, R the other side's; "parts of K" are the entities of R that K's mentions fall into, a mention
that R does not have being a part of its own; precision swaps the sides. B³ is over the mentions of each side as they
are, no twinless mention is removed or added. Singletons are kept on both sides; a singleton has one link, to
itself, in LEA (as in its paper), and none in MUC. A mention in two entities is no partition: NoPartition.
"""

from collections.abc import Hashable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.assignment import Edges, heaviest
from variorum.overlaps import Ints, grouped

Floats = NDArray[np.float64]
MEASURES = ("muc", "b_cubed", "ceaf_e", "lea")
SIDES = ("recall", "precision")
COLUMNS = tuple(f"{measure} {side} {part}" for measure in MEASURES for side in SIDES for part in ("got", "of"))


class Partition(NamedTuple):
    """Mentions and their entities, as two columns of one length: the number of each mention, of each entity."""

    mention: Ints
    entity: Ints


class Overlap(NamedTuple):
    """Entities of both sides that share mentions, one row each, and the sizes of all entities."""

    left: Ints
    right: Ints
    shared: Ints
    left_size: Ints
    right_size: Ints

    def swapped(self) -> "Overlap":
        """The same, seen from the other side."""
        return Overlap(self.right, self.left, self.shared, self.right_size, self.left_size)


def partitions(
    left: Iterable[tuple[Hashable, Hashable]], right: Iterable[tuple[Hashable, Hashable]]
) -> tuple[Partition, Partition]:
    """Two partitions from (mention, entity) pairs; equal mentions of the two sides get equal numbers."""
    mentions: dict[Hashable, int] = {}
    return _numbered(left, mentions), _numbered(right, mentions)


def _numbered(pairs: Iterable[tuple[Hashable, Hashable]], mentions: dict[Hashable, int]) -> Partition:
    entities: dict[Hashable, int] = {}
    numbered = [(mentions.setdefault(m, len(mentions)), entities.setdefault(e, len(entities))) for m, e in pairs]
    columns = np.array(numbered, np.int64).reshape(-1, 2)
    return partition(columns[:, 0], columns[:, 1])


class NoPartition(ValueError):
    """A mention is in two entities of one side."""


def partition(mention: Ints, entity: Ints) -> Partition:
    """A partition from columns; the same mention twice in one entity counts once, in two entities is NoPartition."""
    order, starts = grouped(mention, entity)
    mention, entity = mention[order][starts], entity[order][starts]
    if np.any(mention[1:] == mention[:-1]):
        raise NoPartition("a mention is in two entities, so there is no partition to score")
    return Partition(mention, np.unique(entity, return_inverse=True)[1].astype(np.int64))


def overlap(left: Partition, right: Partition) -> Overlap:
    """The contingency table of two partitions, its cells that are not 0. O(n log n) in the mentions."""
    _, here, there = np.intersect1d(left.mention, right.mention, assume_unique=True, return_indices=True)
    a, b = left.entity[here], right.entity[there]
    order, starts = grouped(a, b)
    shared = np.diff(np.append(starts, len(order)))
    cells = order[starts]
    return Overlap(a[cells], b[cells], shared, np.bincount(left.entity), np.bincount(right.entity))


def group_of(table: Overlap) -> tuple[Ints, Ints]:
    """The number of the group that each entity of the left and of the right side is in."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_left, n_right = len(table.left_size), len(table.right_size)
    size = n_left + n_right
    graph = coo_array((np.ones(len(table.left)), (table.left, table.right + n_left)), shape=(size, size))
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    return label[:n_left], label[n_left:]


def tables(table: Overlap, left_group: Ints, right_group: Ints, n_groups: int) -> Floats:
    """The sums of all measures by group: an array of n_groups rows and `COLUMNS`.

    Groups must be unions of the groups of `group_of`, or documents that no entity leaves; else alignment (CEAF-e) would
    be counted where it is not.
    """
    aligned = _aligned(table)
    back = table.swapped()
    columns = []
    for name in MEASURES:
        for each, group in ((table, left_group), (back, right_group)):
            got, of = _aligned_sums(each, aligned) if name == "ceaf_e" else SUMS[name](each)
            columns += [np.bincount(group, side, minlength=n_groups) for side in (got, of)]
    return np.stack(columns, axis=1) if n_groups else np.zeros((0, len(COLUMNS)))


def _by_left(table: Overlap, weights: Floats | Ints | None = None) -> Floats:
    """Sums over the cells, by entity of the left side."""
    return np.bincount(table.left, weights, minlength=len(table.left_size)).astype(float)


def _muc(table: Overlap) -> tuple[Floats, Floats]:
    """|K| - parts of K, and |K| - 1: parts are the cells and the mentions that are in none."""
    parts = _by_left(table) + table.left_size - _by_left(table, table.shared)
    return table.left_size - parts, table.left_size - np.ones(len(parts))


def _b_cubed(table: Overlap) -> tuple[Floats, Floats]:
    size = table.left_size.astype(float)
    return _by_left(table, table.shared**2) / size, size


def _lea(table: Overlap) -> tuple[Floats, Floats]:
    """Links of n mentions: n (n - 1) / 2, and 1 for a singleton, shared only with a singleton."""
    size = table.left_size.astype(float)
    links = np.where(size == 1, 1, size * (size - 1) / 2)
    both_single = (table.left_size[table.left] == 1) & (table.right_size[table.right] == 1)
    shared = np.where(both_single, 1, table.shared * (table.shared - 1) / 2)
    return size * _by_left(table, shared) / links, size


SUMS = {"muc": _muc, "b_cubed": _b_cubed, "lea": _lea}


def _aligned(table: Overlap) -> Floats:
    """The similarity φ4 of each cell in the best one-to-one alignment of entities, 0 for cells outside it."""
    similarity = 2 * table.shared / (table.left_size[table.left] + table.right_size[table.right])
    chosen = heaviest(Edges(table.left, table.right), [similarity])
    aligned = np.zeros(len(similarity))
    aligned[chosen] = similarity[chosen]
    return aligned


def _aligned_sums(table: Overlap, aligned: Floats) -> tuple[Floats, Floats]:
    return _by_left(table, aligned), np.ones(len(table.left_size))
