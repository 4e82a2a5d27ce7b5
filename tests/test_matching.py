"""Matching: against brute force on small cases, and what must hold of any."""

from fractions import Fraction
from itertools import permutations

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from variorum.matching import Counts, Criterion, Item, Match, claim_items, count, lexicographic, match
from variorum.records import Claim, Span

spans = st.tuples(st.integers(0, 12), st.integers(1, 8)).map(lambda p: (p[0], p[0] + p[1]))


def union(chosen: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    claim = Claim(
        claim_id="c",
        doc_id="d",
        spans=tuple(Span(start=s, end=e) for s, e in chosen),
        proposition="p",
        kind="fact",
        polarity="positive",
        certainty="certain",
    )
    return claim_items([claim])[0].intervals


def items(side: str, most: int = 4) -> st.SearchStrategy[list[Item]]:
    one = st.builds(
        Item,
        item_id=st.just(""),
        doc_id=st.sampled_from("de"),
        intervals=st.lists(spans, min_size=1, max_size=2).map(union),
        type=st.sampled_from("TU"),
        text=st.sampled_from(("the ferry sank", "the ferry sailed", "")),
    )
    return st.lists(one, max_size=most).map(
        lambda found: [i._replace(item_id=f"{side}{n}") for n, i in enumerate(found)]
    )


criteria = st.builds(Criterion, st.sampled_from([Fraction(n, 10) for n in (0, 3, 5, 8, 10)]), st.booleans())


def characters(item: Item) -> set[tuple[str, int]]:
    return {(item.doc_id, at) for start, end in item.intervals for at in range(start, end)}


def overlap(a: Item, b: Item) -> Fraction:
    return Fraction(len(characters(a) & characters(b)), len(characters(a) | characters(b)))


def brute(left: list[Item], right: list[Item], criterion: Criterion) -> tuple[int, Fraction, int]:
    """The best value of any one-to-one matching: matches, total overlap, matches of one type."""

    def value(chosen: tuple[Item | None, ...]) -> tuple[int, Fraction, int]:
        pairs = [(a, b) for a, b in zip(left, chosen, strict=True) if b and allowed(a, b)]
        return len(pairs), sum((overlap(a, b) for a, b in pairs), Fraction()), sum(a.type == b.type for a, b in pairs)

    def allowed(a: Item, b: Item) -> bool:
        return 0 < overlap(a, b) >= criterion.threshold and (a.type == b.type or not criterion.typed)

    slots: list[Item | None] = [*right, *([None] * len(left))]
    return max(value(chosen) for chosen in permutations(slots, len(left)))


def worth(matches: list[Match]) -> tuple[int, Fraction, int]:
    total = sum((m.overlap for m in matches), Fraction())
    return len(matches), total, sum(m.left.type == m.right.type for m in matches)


@settings(deadline=None)  # scipy is imported on first use
@given(items("a", 3), items("b", 4), criteria)
def test_as_good_as_brute_force(left: list[Item], right: list[Item], criterion: Criterion) -> None:
    found = match(left, right, criterion)
    assert worth(found) == brute(left, right, criterion)
    assert len({m.left for m in found}) == len({m.right for m in found}) == len(found)
    assert all(m.overlap == overlap(m.left, m.right) for m in found)


@settings(deadline=None)  # scipy is imported on first use
@given(items("a", 8), items("b", 8), criteria, st.randoms(use_true_random=False))
def test_order_never_matters(left: list[Item], right: list[Item], criterion: Criterion, random) -> None:  # type: ignore[no-untyped-def]
    expected = match(left, right, criterion)
    random.shuffle(left)
    random.shuffle(right)
    assert match(left, right, criterion) == expected


@settings(deadline=None)  # scipy is imported on first use
@given(items("a", 8), items("b", 8), criteria)
def test_sides_can_be_swapped(left: list[Item], right: list[Item], criterion: Criterion) -> None:
    here, there = count(left, right, criterion), count(right, left, criterion)
    assert (here.tp, here.fp, here.fn) == (there.tp, there.fn, there.fp)
    assert worth(match(left, right, criterion)) == worth(match(right, left, criterion))
    assert (here.precision, here.recall, here.f1) == (there.recall, there.precision, there.f1)


@settings(deadline=None)  # scipy is imported on first use
@given(items("a", 8), items("b", 8))
def test_a_higher_threshold_never_finds_more(left: list[Item], right: list[Item]) -> None:
    found = [count(left, right, Criterion(Fraction(n, 10))).tp for n in range(11)]
    assert found == sorted(found, reverse=True)


@settings(deadline=None)  # scipy is imported on first use
@given(items("a", 8), criteria)
def test_a_set_matches_itself(left: list[Item], criterion: Criterion) -> None:
    found = match(left, left, criterion)
    assert len(found) == len(left)
    assert all(m.overlap == 1 for m in found)


def item(name: str, start: int, end: int, type: str = "T", text: str = "") -> Item:
    return Item(name, "d", ((start, end),), type, text)


def test_the_threshold_is_inclusive() -> None:
    half = [item("a", 0, 2)], [item("b", 1, 2)]
    assert len(match(*half, Criterion.parse("jaccard0.5"))) == 1
    assert match(*half, Criterion.parse("jaccard0.500001")) == []
    third = [item("a", 0, 10)], [item("b", 0, 3)]
    assert len(match(*third, Criterion.parse("jaccard0.3"))) == 1


def test_touching_is_not_overlapping() -> None:
    assert match([item("a", 0, 2)], [item("b", 2, 4)], Criterion.parse("overlap")) == []
    elsewhere = Item("b", "e", ((0, 2),), "T")
    assert match([item("a", 0, 2)], [elsewhere], Criterion.parse("overlap")) == []


def test_the_first_prediction_steals_nothing() -> None:
    """nervaluate's greedy-theft: an exact match must not be lost to an overlapping item that comes first."""
    found = match([item("gold", 5, 10)], [item("a", 0, 6), item("b", 5, 10)], Criterion.parse("overlap"))
    assert [m.right.item_id for m in found] == ["b"]


def test_ties_go_to_the_type_then_the_proposition_then_the_id() -> None:
    def partner(*right: Item) -> str:
        return match([item("x", 0, 4, "T", "the ferry sank")], right, Criterion.parse("exact"))[0].right.item_id

    assert partner(item("a", 0, 4, "U", "the ferry sank"), item("b", 0, 4, "T", "fog")) == "b"
    assert partner(item("a", 0, 4, "T", "fog"), item("b", 0, 4, "T", "the ferry sank")) == "b"
    assert partner(item("b", 0, 4, "T", "fog"), item("a", 0, 4, "T", "fog")) == "a"


def test_a_tie_of_different_fractions_is_a_tie() -> None:
    """1/3 + 2/3 and 1/2 + 1/2 in floating point must leave the decision to the types."""
    levels = [np.ones((2, 2)), np.array([[1 / 3, 1 / 2], [1 / 2, 2 / 3]]), np.array([[0.0, 1.0], [1.0, 0.0]])]
    assert lexicographic(levels) == [1, 0]
    levels[2] = 1 - levels[2]
    assert lexicographic(levels) == [0, 1]


def test_many_items_are_fast() -> None:
    left = [item(f"a{n}", 3 * n, 3 * n + 4) for n in range(5000)]
    right = [item(f"b{n}", 3 * n + 1, 3 * n + 5) for n in range(5000)]
    assert len(match(left, right, Criterion.parse("jaccard0.5"))) == 5000


def test_many_copies_of_one_item() -> None:
    copies = [item(f"b{n}", 0, 9) for n in range(300)]
    assert count([item(f"a{n}", 0, 9) for n in range(200)], copies, Criterion.parse("exact")) == Counts(200, 100, 0)


@pytest.mark.parametrize("name", ["", "jaccard", "jaccard2", "jaccard0.5+", "Exact", "exact+types", "jaccard.5.5"])
def test_criteria_that_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="is no criterion"):
        Criterion.parse(name)


@given(st.builds(Counts, *[st.integers(0, 9)] * 3), st.builds(Counts, *[st.integers(0, 9)] * 3))
@example(Counts(), Counts())
def test_counts_add_up(a: Counts, b: Counts) -> None:
    both = a + b
    assert msgspec.structs.astuple(both) == tuple(map(sum, zip(*map(msgspec.structs.astuple, (a, b)), strict=True)))
    assert (both.f1 is None) == (both == Counts())
    assert (both.precision is None) == (both.tp + both.fp == 0)
