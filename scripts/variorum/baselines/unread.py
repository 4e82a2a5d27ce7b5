"""Answers to the closed task that read nothing: drawn by chance, or always neutral. What is no better learns nothing.

Neither says anything of mentions, entities or claims: those layers are left out.
"""

import hashlib
from collections.abc import Callable

from msgspec.structs import replace

from variorum.baselines.about import About
from variorum.baselines.prediction import header
from variorum.baselines.task import Task
from variorum.records import AnnotationSet, Pair, pair_id

SEED = 20260101
NEUTRAL = "neutral"
ABOUT_CHANCE = About(
    title="chance",
    description="Draws one of the four relations for each pair, at equal rates; the number drawn is the score.",
    thresholds="nothing to fix",
    control=True,
    packages=(),
    settings={"seed": SEED, "rates": "1/4 each"},
)
ABOUT_NEUTRAL = About(
    title="always neutral",
    description="Calls every pair neutral, with score 0: the most frequent answer.",
    thresholds="nothing to fix",
    control=True,
    packages=(),
)


def chance(task: Task) -> AnnotationSet:
    """Each relation with chance 1/4, by pair and `SEED` alone, so that other pairs or another order change nothing."""
    relations = task.schema.names("relation")[::-1]  # the highest numbers are contradictions: the number is the score

    def judge(claim_a: str, claim_b: str) -> Pair:
        drawn = _drawn(pair_id(claim_a, claim_b))
        relation = relations[int(drawn * len(relations))]
        return _pair(claim_a, claim_b, relation, round(drawn, 6))

    return _judged("baseline-chance", task, judge)


def neutral(task: Task) -> AnnotationSet:
    """Every pair neutral."""
    return _judged("baseline-neutral", task, lambda a, b: _pair(a, b, NEUTRAL, 0.0))


def _drawn(name: str) -> float:
    """A number in [0, 1) that the name has for good."""
    return int.from_bytes(hashlib.sha256(f"{SEED} {name}".encode()).digest()[:6], "big") / 2**48


def _pair(claim_a: str, claim_b: str, relation: str, score: float) -> Pair:
    return Pair(pair_id=pair_id(claim_a, claim_b), claim_a=claim_a, claim_b=claim_b, relation=relation, score=score)


def _judged(source: str, task: Task, judge: Callable[[str, str], Pair]) -> AnnotationSet:
    judged = tuple(judge(*pair) for pair in task.asked) if task.given else None
    return replace(header(source, task), contradictions=judged)
