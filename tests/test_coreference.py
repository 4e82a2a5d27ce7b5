"""Coreference measures: published examples, brute force, and the cases in which scorers differ."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variorum.assignment import Edges, heaviest
from variorum.coreference import COLUMNS, MEASURES, group_of, overlap, partitions, tables

Entities = list[set[int]]


def sums(gold: Entities, predicted: Entities) -> dict[str, float]:
    """All sums, over all groups."""
    sides = ([(m, k) for k, entity in enumerate(each) for m in entity] for each in (gold, predicted))
    table = overlap(*partitions(*sides))
    left, right = group_of(table)
    n_groups = max([*left.tolist(), *right.tolist()], default=-1) + 1
    counts = tables(table, left, right, n_groups).sum(axis=0)
    return dict(zip(COLUMNS, counts.tolist(), strict=True))


def prf(gold: Entities, predicted: Entities, measure: str) -> tuple[float, float, float]:
    s = sums(gold, predicted)
    p, r = (s[f"{measure} {side} got"] / s[f"{measure} {side} of"] for side in ("precision", "recall"))
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


# Bagga and Baldwin (1998): one wrong link between small entities, or between large ones, is the same to MUC.
TRUTH = [{1, 2, 3, 4, 5}, {6, 7}, {8, 9, 10, 11, 12}]
SMALL_MERGE = [{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11, 12}]
LARGE_MERGE = [{1, 2, 3, 4, 5, 8, 9, 10, 11, 12}, {6, 7}]


@pytest.mark.parametrize(("merge", "b_cubed"), [(SMALL_MERGE, 0.865), (LARGE_MERGE, 0.737)])
def test_the_merges_of_bagga_and_baldwin(merge: Entities, b_cubed: float) -> None:
    assert prf(TRUTH, merge, "muc")[2] == pytest.approx(0.947, abs=5e-4)
    assert prf(TRUTH, merge, "b_cubed")[2] == pytest.approx(b_cubed, abs=5e-4)


# Moosavi and Strube (2016), the example that introduces LEA: gold {a b c} {d e f g}, answer {a b} {c d} {f g h i}.
LEA_GOLD, LEA_ANSWER = [{1, 2, 3}, {4, 5, 6, 7}], [{1, 2}, {3, 4}, {6, 7, 8, 9}]


def test_lea_as_published() -> None:
    p, r, f = prf(LEA_GOLD, LEA_ANSWER, "lea")
    assert (p, r, f) == pytest.approx((1 / 3, 0.2381, 0.2778), abs=1e-4)


def test_ceaf_by_hand() -> None:
    """Aligned are {1 2 3} with {1 2} and {4 5 6 7} with {6 7 8 9}: 4/5 + 4/8 of 2 and of 3 entities."""
    p, r, _ = prf(LEA_GOLD, LEA_ANSWER, "ceaf_e")
    assert (p, r) == pytest.approx((1.3 / 3, 1.3 / 2))


def test_singletons_are_kept_on_both_sides() -> None:
    found = sums([{1}, {2}], [{1}, {2}])
    assert [found[f"{m} recall got"] / found[f"{m} recall of"] for m in MEASURES[1:]] == [1.0] * 3
    assert found["muc recall of"] == found["muc precision of"] == 0
    assert prf([{1}, {2, 3}], [{2, 3}], "ceaf_e")[1] == 1 / 2
    assert prf([{1, 2}], [{1}, {2}], "lea")[1] == 0


def test_nothing_in_common() -> None:
    found = sums([{1, 2}], [{3, 4}])
    assert {found[f"{m} {side} got"] for m in MEASURES for side in ("recall", "precision")} == {0.0}


def test_a_mention_in_two_entities_is_refused() -> None:
    with pytest.raises(ValueError, match="in two entities"):
        partitions([("m", "e"), ("m", "f")], [])
    assert len(partitions([("m", "e"), ("m", "e")], [])[0].mention) == 1


def links(n: int) -> float:
    return n * (n - 1) / 2


def brute(gold: Entities, predicted: Entities) -> dict[str, float]:
    """The numerators as the papers write them, entity by entity."""
    covered = set().union(*predicted)
    shared = [(k, r, len(k & r)) for k in gold for r in predicted]
    muc = sum(len(k) - sum(bool(k & r) for r in predicted) - len(k - covered) for k in gold)
    b_cubed = sum(n**2 / len(k) for k, _, n in shared)
    lea = sum(
        len(k) * sum(links(len(k & r)) for r in predicted) / links(len(k)) if len(k) > 1 else float(k in predicted)
        for k in gold
    )
    similarity = {
        (i, j): 2 * len(k & r) / (len(k) + len(r)) for i, k in enumerate(gold) for j, r in enumerate(predicted)
    }
    return {"muc": muc, "b_cubed": b_cubed, "lea": lea, "ceaf_e": best(similarity, len(gold), len(predicted))}


def best(weight: dict[tuple[int, int], float], rows: int, columns: int, taken: frozenset[int] = frozenset()) -> float:
    """The heaviest one-to-one choice, by trying all."""
    if not rows:
        return 0.0
    rest = best(weight, rows - 1, columns, taken)
    free = [j for j in range(columns) if j not in taken]
    return max([rest, *(weight[rows - 1, j] + best(weight, rows - 1, columns, taken | {j}) for j in free)])


@st.composite
def entities(draw: st.DrawFn) -> Entities:
    members: dict[int, set[int]] = defaultdict(set)
    for mention in draw(st.sets(st.integers(0, 8))):
        members[draw(st.integers(0, 3))].add(mention)
    return list(members.values())


@settings(deadline=None)
@given(entities(), entities())
def test_as_the_papers_write_them(gold: Entities, predicted: Entities) -> None:
    found = sums(gold, predicted)
    for side, there in (("recall", brute(gold, predicted)), ("precision", brute(predicted, gold))):
        assert {m: found[f"{m} {side} got"] for m in MEASURES} == pytest.approx(there)


@settings(deadline=None)
@given(entities(), entities())
def test_sides_can_be_swapped(gold: Entities, predicted: Entities) -> None:
    here, there = sums(gold, predicted), sums(predicted, gold)
    for measure in MEASURES:
        assert here[f"{measure} recall got"] == pytest.approx(there[f"{measure} precision got"])
        assert here[f"{measure} recall of"] == there[f"{measure} precision of"]


# --- the assignment behind it ---------------------------------------------------------------------------------

weights = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 5), max_size=14)


@settings(deadline=None)
@given(weights)
def test_the_heaviest_choice(weight: dict[tuple[int, int], int]) -> None:
    ends = np.array(sorted(weight), np.int64).reshape(-1, 2)
    values = np.array([weight[i, j] for i, j in ends.tolist()])
    chosen = heaviest(Edges(ends[:, 0], ends[:, 1]), [values])
    assert len(set(ends[chosen, 0].tolist())) == len(set(ends[chosen, 1].tolist())) == len(chosen)
    full = {(i, j): float(weight.get((i, j), 0)) for i in range(5) for j in range(5)}
    assert values[chosen].sum() == best(full, 5, 5)


@settings(deadline=None)
@given(weights, st.integers(2, 5))
def test_levels_come_one_after_the_other(weight: dict[tuple[int, int], int], base: int) -> None:
    ends = np.array(sorted(weight), np.int64).reshape(-1, 2)
    values = np.array([weight[i, j] for i, j in ends.tolist()], np.int64)
    levels = [values // 3, values % 3]
    chosen = heaviest(Edges(ends[:, 0], ends[:, 1]), levels)
    both = {(i, j): 100.0 * (w // 3) + w % 3 for (i, j), w in weight.items()}
    full = {(i, j): both.get((i, j), 0.0) for i in range(5) for j in range(5)}
    assert 100 * levels[0][chosen].sum() + levels[1][chosen].sum() == best(full, 5, 5)


def test_large_groups_are_solved_sparsely() -> None:
    generator = np.random.default_rng(1)
    ends = np.unique(generator.integers(600, size=(4000, 2)), axis=0)
    values = generator.random(len(ends))
    chosen = heaviest(Edges(ends[:, 0], ends[:, 1]), [values])
    from scipy.optimize import linear_sum_assignment

    matrix = np.zeros((600, 600))
    matrix[ends[:, 0], ends[:, 1]] = values
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    assert values[chosen].sum() == pytest.approx(matrix[rows, columns].sum())
