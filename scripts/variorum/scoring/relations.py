"""What the closed and the open task share: relations as numbers, and the scores that follow from who said which.

    detection     P, R, F1 for contradiction; contradiction or tension (the headline); agreement; the macro average of
                  all four relations
    correlation   Matthews correlation for contradiction or tension (Matthews 1975), and R_K, its extension to the four
                  relations (Gorodkin 2004)

Unit of counts: a claim pair.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from variorum.overlaps import Ints
from variorum.records import CONFLICT, Pair
from variorum.scoring.figures import NOTHING, Formula, macro, prf, quotient, share
from variorum.scoring.tables import Floats, Sums

RELATIONS = ("contradiction", "tension", "agreement", "neutral")  # the four are fixed (schema, label set `relation`)
NUMBER = {name: number for number, name in enumerate(RELATIONS)}
JUDGEMENT = NUMBER | {"unclear": -1}  # every answer that there is
NEUTRAL = NUMBER["neutral"]
TARGETS = {"contradiction": CONFLICT[:1], "contradiction+tension": CONFLICT, "agreement": ("agreement",)}
CELLS = tuple(f"{wanted} as {said}" for wanted in RELATIONS for said in RELATIONS)


def is_conflict(relation: Ints) -> Any:
    """Which relations are a contradiction or a tension."""
    return relation < len(CONFLICT)


def twins(pairs: Sequence[Pair], keys: Ints) -> None:
    """ValueError if two claims are judged twice, for then the order of the records would decide."""
    order = np.argsort(keys, kind="stable")
    twice = np.flatnonzero(np.diff(keys[order]) == 0)
    if len(twice):
        first = pairs[int(order[twice[0]])]
        raise ValueError(f"the pair {first.claim_a}~{first.claim_b} is judged twice, and {len(twice) - 1} more are")


def detection() -> Iterator[tuple[str, str, str, Formula]]:
    """(task, match, average, formula) of the scores from the cells `<gold's relation> as <predicted relation>`."""
    for name, relations in TARGETS.items():
        yield "detection", name, "micro", _detection(relations)
    yield "detection", "relation", "macro", macro([_detection((name,)) for name in RELATIONS])
    yield "correlation", "contradiction+tension", "micro", _correlation((CONFLICT, RELATIONS[len(CONFLICT) :]))
    yield "correlation", "relation", "micro", _correlation(tuple((name,) for name in RELATIONS))


def _cells(sums: Sums, wanted: Sequence[str], said: Sequence[str]) -> Floats:
    return sum((sums[f"{a} as {b}"] for a in wanted for b in said), np.zeros(()))


def _detection(relations: Sequence[str]) -> Formula:
    others = [name for name in RELATIONS if name not in relations]
    shown: dict[str, Callable[[Sums], Floats]] = {
        "tp": lambda s: _cells(s, relations, relations),
        "fp": lambda s: _cells(s, others, relations),
        "fn": lambda s: _cells(s, relations, others),
    }

    def function(sums: Sums) -> dict[str, Floats]:
        tp, fp, fn = (count(sums) for count in shown.values())
        return prf(tp, tp + fp, tp, tp + fn)

    return Formula(function, NOTHING, shown)


def _correlation(classes: Sequence[Sequence[str]]) -> Formula:
    """(c n - Σ p_k t_k) / sqrt((n² - Σ p_k²) (n² - Σ t_k²)): c right of n, p_k predicted and t_k true in class k."""

    def function(sums: Sums) -> dict[str, Floats]:
        right = sum((_cells(sums, each, each) for each in classes), np.zeros(()))
        true = [_cells(sums, each, RELATIONS) for each in classes]
        predicted = [_cells(sums, RELATIONS, each) for each in classes]
        n = sum(true, np.zeros(()))
        above = right * n - sum((p * t for p, t in zip(predicted, true, strict=True)), np.zeros(()))
        spread = [n**2 - sum((each**2 for each in side), np.zeros(())) for side in (predicted, true)]
        return {"mcc": quotient(above, np.sqrt(np.maximum(spread[0] * spread[1], 0)))}

    return Formula(function, {"mcc": "all pairs of gold, or all predictions, are in one class"}, {})


def hits() -> Iterator[tuple[str, str, str, Formula]]:
    """Scores of what is said of conflicts that were found."""
    for name in ("aspect", "values"):
        why = "no conflict that was found has one in gold"
        yield name, "contradiction+tension", "micro", share("accuracy", f"{name} right", f"{name} of", why)
