"""Coefficients beside other libraries: the same on data that all of them take, and where they differ, why."""

from typing import Any

import numpy as np
import pytest

from variorum.agreement.coefficients import (
    COEFFICIENTS,
    alpha,
    alpha_by,
    cohen,
    fleiss,
    interval,
    ordinal,
)

SEEDS = range(6)
METRICS = {"nominal": alpha, "ordinal": alpha_by(ordinal), "interval": alpha_by(interval(np.arange(4.0)))}


def made(seed: int, annotators: int = 3, missing: float = 0.0) -> np.ndarray:
    """Items by annotators who agree in half of the cases or more; some labels are missing."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(4, size=(40, 1), p=(0.6, 0.2, 0.15, 0.05))
    labels = np.where(rng.random((40, annotators)) < 0.6, truth, rng.integers(4, size=(40, annotators)))
    return np.where(rng.random(labels.shape) < missing, -1, labels)


def value(name: str, labels: np.ndarray) -> float:
    return float((COEFFICIENTS | {"cohen": cohen})[name](labels, np.ones(len(labels)), 4))


@pytest.mark.parametrize("level", METRICS)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("seed", SEEDS)
def test_alpha(seed: int, missing: float, level: str, ask: Any) -> None:
    labels = made(seed, 4, missing)
    expected = ask("krippendorff", units=labels.tolist(), size=4, level=level)
    assert METRICS[level](labels, np.ones(len(labels)), 4) == pytest.approx(expected)


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("seed", SEEDS)
def test_nominal_alpha_of_two_more(seed: int, missing: float, ask: Any) -> None:
    labels = made(seed, 3, missing)
    for peer in ("raters", "agreement"):
        assert value("alpha", labels) == pytest.approx(ask(peer, units=labels.tolist(), size=4)["alpha"])


@pytest.mark.parametrize("seed", SEEDS)
def test_complete_data(seed: int, ask: Any) -> None:
    labels = made(seed, 2)
    found = ask("raters", units=labels.tolist(), size=4)
    assert {name: value(name, labels) for name in ("alpha", "fleiss", "cohen")} == pytest.approx(found)


@pytest.mark.parametrize("missing", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("seed", SEEDS)
def test_ac1_counts_single_labels_in_the_shares_of_categories(seed: int, missing: float, ask: Any) -> None:
    """As Gwet (2014) has it: an item with one label says how common a category is, though nobody can agree on it. Items
    without any label are left out here, and counted there."""
    labels = made(seed, 3, missing)
    labels = labels[(labels >= 0).any(axis=1)]
    assert value("ac1", labels) == pytest.approx(ask("agreement", units=labels.tolist(), size=4)["ac1"])


def test_one_category_is_undefined_here_and_something_else_there(ask: Any) -> None:
    """All labels of one category: no number here, an exception or a number elsewhere."""
    labels = np.zeros((5, 3), int)
    assert np.isnan(alpha(labels, np.ones(5), 2)) and np.isnan(fleiss(labels, np.ones(5), 2))
    assert ask("raters", units=labels.tolist(), size=2)["alpha"] == {"error": "UndefinedStatistic"}
