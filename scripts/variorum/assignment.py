"""The best one-to-one choice among the edges of a large, sparse bipartite graph.

Most edges outweigh all that they would keep from being chosen; these are settled in one go. What is left is solved one
connected component at a time with scipy (Jonker and Volgenant 1987; Crouse 2016), so the cubic work is done only where
many items overlap each other.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.overlaps import Ints, grouped

Weights = NDArray[Any]
Mask = NDArray[np.bool_]
DENSE = 250_000  # cells up to which a component is solved as a dense matrix
EXACT = 2**52  # sums of weights stay exact below this


class Edges(NamedTuple):
    """Edges between numbered items of two sides. `left_keys` and `right_keys` say in which order items are taken
    where weights leave a choice; items of equal keys must be interchangeable."""

    left: Ints
    right: Ints
    left_keys: tuple[NDArray[np.int64], ...] = ()
    right_keys: tuple[NDArray[np.int64], ...] = ()

    def alone(self) -> Mask:
        """Which edges have no other edge at either end."""
        if not len(self.left):
            return np.zeros(0, dtype=bool)
        alone: Mask = (np.bincount(self.left)[self.left] == 1) & (np.bincount(self.right)[self.right] == 1)
        return alone

    def only(self, mask: Mask) -> "Edges":
        """Some of the edges."""
        return self._replace(left=self.left[mask], right=self.right[mask])


def heaviest(edges: Edges, levels: Sequence[Weights]) -> Ints:
    """Indexes of the edges of the one-to-one choice with the greatest total of the first level, among these of the
    second, and so on. Weights are one an edge and not negative; where there are several levels they are whole numbers.

    Within a component so large that the levels together exceed 52 bits, the last ones are left out.
    """
    if not len(edges.left):
        return edges.left
    edges, order = _in_order(edges)
    levels = [level[order] for level in levels]
    sure, rest = _dominant(edges, _combined(levels, 2))
    parts = [rest[part] for part in components(edges, rest)]
    chosen = [sure, *(part[_solved(edges, levels, part)] for part in parts)]
    return np.sort(order[np.concatenate(chosen)])


def _in_order(edges: Edges) -> tuple[Edges, Ints]:
    """The edges with both sides renumbered by their keys, sorted, and where each of them was."""
    left, right = _renumbered(edges.left, edges.left_keys), _renumbered(edges.right, edges.right_keys)
    order: Ints = np.lexsort((right, left))
    return Edges(left[order], right[order]), order


def _renumbered(items: Ints, keys: tuple[NDArray[np.int64], ...]) -> Ints:
    """Numbers 0, 1, … of the items that occur, in the order of their keys."""
    present, number = np.unique(items, return_inverse=True)
    rank = np.empty(len(present), np.int64)
    rank[np.lexsort((present, *(key[present] for key in keys[::-1])))] = np.arange(len(present))
    numbers: Ints = rank[number]
    return numbers


# --- edges that beat their neighbours ------------------------------------------------------------------------


def _dominant(edges: Edges, weight: Weights) -> tuple[Ints, Ints]:
    """Edges that are sure to be in a heaviest choice, and those that then are still open.

    An edge is sure if it weighs as much as the heaviest others at its two ends together: at most these two would have
    to make way for it. Choosing it takes its neighbours away, which makes further edges sure. Edges that stand alone
    and stars (one item on one side, several on the other) are settled in the first round.
    """
    rest: Ints = np.flatnonzero(weight > 0)
    sure = [rest[:0]]
    while len(rest):
        left, right, value = edges.left[rest], edges.right[rest], weight[rest]
        wins: Ints = np.flatnonzero(value >= _best_other(left, value) + _best_other(right, value))
        if not len(wins):
            break
        for ends in (left, right):  # of two equal ones at one end the first is taken
            wins = wins[np.sort(np.unique(ends[wins], return_index=True)[1])]
        sure.append(rest[wins])
        rest = rest[~(_among(left, left[wins]) | _among(right, right[wins]))]
    return np.concatenate(sure), rest


def _among(items: Ints, some: Ints) -> Mask:
    """Which items are one of some."""
    is_one = np.zeros(int(items.max()) + 1, dtype=bool)
    is_one[some] = True
    return is_one[items]


def _best_other(ends: Ints, value: Weights) -> Weights:
    """For each edge the greatest weight of another edge at the same end, 0 if there is none."""
    order = np.lexsort((-value, ends))
    end, ordered = ends[order], value[order]
    first = np.append(True, end[1:] != end[:-1])
    starts = np.flatnonzero(first)
    group = np.cumsum(first) - 1
    second = np.append(ordered, 0)[np.minimum(starts + 1, len(ordered))]
    second[np.diff(np.append(starts, len(ordered))) == 1] = 0
    best = np.empty_like(value)
    best[order] = np.where(first, second[group], ordered[starts][group])
    return best


# --- whatever is more involved -------------------------------------------------------------------------------


def components(edges: Edges, rest: Ints) -> list[Ints]:
    """The connected components among the edges `rest`, as positions in it."""
    if not len(rest):
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = (np.unique(side[rest], return_inverse=True)[1] for side in (edges.left, edges.right))
    size = int(left.max()) + 1 + int(right.max()) + 1
    graph = coo_array((np.ones(len(rest)), (left, right + int(left.max()) + 1)), shape=(size, size))
    label = connected_components(graph, directed=False)[1].astype(np.int64)
    order, starts = grouped(label[left])
    return np.split(order, starts[1:])


def _solved(edges: Edges, levels: Sequence[Weights], part: Ints) -> Mask:
    """Which edges of one component are chosen."""
    left, right = (np.unique(side[part], return_inverse=True)[1] for side in (edges.left, edges.right))
    shape = (int(left.max()) + 1, int(right.max()) + 1)
    weight = _combined([level[part] for level in levels], min(shape))
    solve = _dense if shape[0] * shape[1] <= DENSE else _sparse
    return solve(left, right, weight, shape)


def _combined(levels: Sequence[Weights], most: int) -> Weights:
    """One weight an edge: a unit of each level outweighs all that `most` edges can gain on the levels after it."""
    if len(levels) == 1:
        return levels[0]
    for last in range(len(levels), 0, -1):
        total: Weights = np.zeros(len(levels[0]), np.int64)
        bound = 0
        for level in reversed(levels[:last]):
            unit = most * bound + 1
            total, bound = total + level.astype(np.int64) * unit, bound + int(level.max()) * unit
            if bound * most > EXACT:
                break
        else:
            return total
    return levels[0]


def _dense(left: Ints, right: Ints, weight: Weights, shape: tuple[int, int]) -> Mask:
    from scipy.optimize import linear_sum_assignment

    matrix = np.zeros(shape)
    matrix[left, right] = weight
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    partner = np.full(shape[0], -1)
    partner[rows] = columns
    chosen: Mask = (partner[left] == right) & (weight > 0)
    return chosen


def _sparse(left: Ints, right: Ints, weight: Weights, shape: tuple[int, int]) -> Mask:
    """With a column of weight 0 for every row, so that the matching scipy asks for, of all rows, exists."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    rows = np.arange(shape[0])
    ceiling = float(weight.max()) + 1  # an entry of 0 would be no edge
    cost = np.concatenate((ceiling - weight, np.full(shape[0], ceiling)))
    ends = np.concatenate((left, rows)), np.concatenate((right, shape[1] + rows))
    graph = csr_array((cost, ends), shape=(shape[0], shape[1] + shape[0]))
    found, columns = min_weight_full_bipartite_matching(graph)
    partner = np.full(shape[0], -1)
    partner[found] = columns
    chosen: Mask = (partner[left] == right) & (weight > 0)
    return chosen
