"""Coefficients: what their authors published, and what must not change them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from variorum.agreement.bootstrap import estimate, profiles, replicates
from variorum.agreement.coefficients import (
    COEFFICIENTS,
    ac1,
    alpha,
    alpha_by,
    cohen,
    fleiss,
    interval,
    observed_agreement,
    ordinal,
    specific,
)

# Krippendorff (2011), section C: four observers, twelve units, values missing. The same data are Gwet's (2014) example.
FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
# Fleiss (1971), table 1: thirty patients, six psychiatrists, five diagnoses.
FLEISS_1971 = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
# Cohen (1960): two judges, three categories, 200 items.
COHEN_1960 = ((88, 10, 2), (14, 40, 6), (18, 10, 12))


def labels(rows: tuple[tuple[int | None, ...], ...]) -> np.ndarray:
    """Items by annotators, categories from 0, -1 for missing."""
    return np.array([[-1 if value is None else value - 1 for value in row] for row in rows]).T


def weights(rows: np.ndarray) -> np.ndarray:
    return np.ones(len(rows))


def test_krippendorff_four_observers() -> None:
    found = labels(FOUR_OBSERVERS)
    values = [
        alpha(found, weights(found), 5),
        alpha_by(ordinal)(found, weights(found), 5),
        alpha_by(interval(np.arange(1.0, 6)))(found, weights(found), 5),
    ]
    assert values == pytest.approx([0.743, 0.815, 0.849], abs=0.0005)


def test_krippendorff_two_observers() -> None:
    """Krippendorff (2011), section B: two observers, twelve units, five categories; alpha .692."""
    first, second = "a a b b d c c c e d d a", "b a b b b c c c e d d d"
    found = np.array([["abcde".index(x) for x in row.split()] for row in (first, second)]).T
    assert alpha(found, weights(found), 5) == pytest.approx(0.692, abs=0.0005)
    assert observed_agreement(found, weights(found), 5) == pytest.approx(9 / 12)


def test_fleiss_1971() -> None:
    found = np.array([[c for c, n in enumerate(map(int, row)) for _ in range(n)] for row in FLEISS_1971.split()])
    assert found.shape == (30, 6)
    assert fleiss(found, weights(found), 5) == pytest.approx(0.430, abs=0.0005)


def test_cohen_1960() -> None:
    cells = [(i, j, n) for i, row in enumerate(COHEN_1960) for j, n in enumerate(row)]
    found, items = np.array([cell[:2] for cell in cells]), np.array([float(cell[2]) for cell in cells])
    assert cohen(found, items, 3) == pytest.approx(0.492, abs=0.0005)


def test_gwet_four_raters() -> None:
    """Gwet (2014): AC1 .775 and Fleiss' kappa .761, with missing labels."""
    found = labels(FOUR_OBSERVERS)
    assert ac1(found, weights(found), 5) == pytest.approx(0.775, abs=0.0005)
    assert fleiss(found, weights(found), 5) == pytest.approx(0.761, abs=0.0005)


def test_rare_labels_break_kappa_and_alpha_but_not_ac1() -> None:
    """94 % of labels equal, a rare label: kappa and alpha are about 0, AC1 is .94 (Gwet 2008, the paradox)."""
    found, items = np.array([[0, 0], [0, 1], [1, 0]]), np.array([94.0, 3, 3])
    assert [round(float(f(found, items, 2)), 2) for f in (cohen, alpha, ac1)] == [-0.03, -0.03, 0.94]
    assert observed_agreement(found, items, 2) == pytest.approx(0.94)
    assert specific(1)(found, items, 2) == 0


def test_specific_agreement_of_two_is_dice() -> None:
    found, items = np.array([[1, 1], [0, 1], [1, 0], [0, 0]]), np.array([7.0, 2, 3, 88])
    assert specific(1)(found, items, 2) == pytest.approx(14 / (14 + 2 + 3))


def test_cohen_is_scikit_learns(seed: int = 7) -> None:
    rng = np.random.default_rng(seed)
    for size in (2, 3, 5):
        found = rng.integers(size, size=(60, 2))
        assert cohen(found, weights(found), size) == pytest.approx(cohen_kappa_score(found[:, 0], found[:, 1]))


def test_cohen_is_of_two() -> None:
    with pytest.raises(ValueError, match="of two annotators"):
        cohen(np.zeros((3, 3), int), np.ones(3), 2)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_undefined_is_not_a_number(name: str) -> None:
    single = np.array([[0, -1], [-1, 1]])
    assert np.isnan(COEFFICIENTS[name](single, weights(single), 2))
    assert np.isnan(COEFFICIENTS[name](np.zeros((0, 2), int), np.zeros(0), 2))
    one = np.array([[0, 0], [0, 0]])
    value = COEFFICIENTS[name](one, weights(one), 2)
    assert value == 1 if name in ("raw", "ac1") else np.isnan(value)


def test_one_dissent_among_many_is_alpha_zero() -> None:
    found = np.array([[0, 0]] * 10 + [[0, 1]])
    assert alpha(found, weights(found), 2) == pytest.approx(0.0)


tables = st.lists(st.lists(st.integers(-1, 2), min_size=3, max_size=3), min_size=1, max_size=12).map(np.array)


@pytest.mark.parametrize("name", COEFFICIENTS)
@given(found=tables, order=st.permutations(range(3)), names=st.permutations(range(3)))
def test_no_coefficient_knows_names_or_order(name: str, found: np.ndarray, order: list[int], names: list[int]) -> None:
    coefficient = COEFFICIENTS[name]
    expected = coefficient(found, weights(found), 3)
    assert np.isnan(expected) or expected <= 1
    changed = np.append(names, -1)[found][::-1][:, order]
    assert coefficient(changed, weights(changed), 3) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("name", COEFFICIENTS)
@given(found=tables, times=st.integers(1, 4))
def test_weights_are_repetitions(name: str, found: np.ndarray, times: int) -> None:
    coefficient = COEFFICIENTS[name]
    repeated = np.repeat(found, times, axis=0)
    expected = coefficient(repeated, weights(repeated), 3)
    assert coefficient(found, times * weights(found), 3) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_identical_is_one_and_shuffled_about_zero(name: str) -> None:
    rng = np.random.default_rng(1)
    said = rng.choice(4, size=3000)  # evenly: with rare labels AC1 is above 0 by design
    same = np.stack([said] * 3, axis=1)
    assert COEFFICIENTS[name](same, weights(same), 4) == pytest.approx(1)
    shuffled = np.stack([rng.permutation(said) for _ in range(3)], axis=1)
    if name != "raw":
        assert abs(COEFFICIENTS[name](shuffled, weights(shuffled), 4)) < 0.08


# --- the bootstrap over items ----------------------------------------------------------------------------------


@given(found=tables)
def test_profiles_are_all_items_by_their_labels(found: np.ndarray) -> None:
    counted = profiles(list(found.T), 3)
    assert np.repeat(counted.labels, counted.items, axis=0).tolist() == sorted(found.tolist())


def test_profiles_of_many_annotators_are_the_same() -> None:
    found = np.random.default_rng(2).integers(-1, 4, size=(50, 12))
    counted = profiles(list(found.T), 4)
    assert np.repeat(counted.labels, counted.items, axis=0).tolist() == sorted(found.tolist())


@pytest.mark.parametrize("columns", [[[0, 5], [0, 1]], [[0, -2], [0, 1]], [[0], [0, 1]]], ids=str)
def test_wrong_labels_are_refused(columns: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="label"):
        profiles([np.array(column) for column in columns], 5)


def test_the_multinomial_bootstrap_is_the_plain_one() -> None:
    """Drawing items one by one gives the same interval, but for chance."""
    rng = np.random.default_rng(3)
    said = rng.integers(3, size=400)
    found = np.stack([said, np.where(rng.random(400) < 0.3, rng.integers(3, size=400), said)], axis=1)
    ours = estimate(profiles(list(found.T), 3), 3, resamples=4000)
    plain = [alpha(found[rng.integers(400, size=400)], np.ones(400), 3) for _ in range(1000)]
    assert (ours.low, ours.high) == pytest.approx(np.percentile(plain, (2.5, 97.5)), abs=0.015)
    assert replicates(profiles(list(found.T), 3), 5).sum(axis=1).tolist() == [400] * 5


def test_an_undefined_estimate_is_none() -> None:
    one = [np.zeros(4, int), np.zeros(4, int)]
    assert estimate(profiles(one, 2), 2) == (None, None, None)
