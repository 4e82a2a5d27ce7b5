"""Claim pairs as multiple choice: one relation of four for each question of `pairs_eval`."""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, isfinite, isnan
from pathlib import Path
from typing import NamedTuple

from variorum.dataset import Unreadable, tables
from variorum.dataset.rows import Row
from variorum.harnesses.benchmark import SOURCE, Benchmark, figure, load
from variorum.records import CONFLICT, AnnotationSet, Pair, claims_from
from variorum.schema import SCHEMA_VERSION
from variorum.scoring import Config, Report, score
from variorum.scoring.report import HEADLINE

RANKING = "contradictions|ranking|contradiction+tension|all|micro"
RELATIONS = "contradictions|detection|relation|all|macro"


class Choice(NamedTuple):
    """An answer: a relation, None if the model named none, and how probable a contradiction or a tension is."""

    pair_id: str
    relation: str | None
    score: float | None = None


def questions(folder: str) -> list[Row]:
    """The rows of `pairs_eval`, each with the `dataset` folder it is from."""
    path = Path(folder) / tables.path_of("pairs_eval")
    try:
        return [{"dataset": folder, **row} for row in tables.read(path)]
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error


def most_likely(pair_id: str, choices: Sequence[str], log_likelihoods: Sequence[float]) -> Choice:
    """The choice with the highest log-likelihood (nats), the first of several; the score is the probability of
    contradiction and tension together, were there only these choices. No answer where none of them is likely at all."""
    top = max(log_likelihoods)
    if not isfinite(top) or any(map(isnan, log_likelihoods)):
        return Choice(pair_id, None)
    weights = dict(zip(choices, (exp(each - top) for each in log_likelihoods), strict=True))
    share = sum(weights[name] for name in CONFLICT) / sum(weights.values())
    return Choice(pair_id, choices[list(log_likelihoods).index(top)], min(1.0, share))


def prediction(benchmark: Benchmark, choices: Sequence[Choice]) -> AnnotationSet:
    """The answers as a prediction of the closed task; a question without an answer is left out, so it counts as
    neutral."""
    gold = benchmark.gold
    sides = {pair.pair_id: (pair.claim_a, pair.claim_b) for pair in gold.contradictions or ()}
    pairs = (
        Pair(pair_id=name, claim_a=sides[name][0], claim_b=sides[name][1], relation=relation, score=score)
        for name, relation, score in choices
        if relation is not None
    )
    return AnnotationSet(
        schema_version=SCHEMA_VERSION,
        source=SOURCE,
        role="system",
        claims_from=claims_from(gold),
        documents=gold.documents,
        contradictions=tuple(pairs),
    )


@lru_cache(maxsize=2)
def report(folder: str, choices: tuple[Choice, ...]) -> Report:
    """The project's scores of the answers, over the pairs that were asked; without intervals."""
    benchmark = load(folder)
    gold = benchmark.gold_of_pairs({choice.pair_id for choice in choices})
    config = Config(layers=("contradictions",), resamples=0)
    return score(prediction(benchmark, choices), gold, config, benchmark.layout, benchmark.votes)


def headline_f1(found: Report) -> float:
    """F1 of contradiction and tension against the rest."""
    return figure(found, HEADLINE, "f1")


def macro_f1(found: Report) -> float:
    """The mean F1 of the four relations."""
    return figure(found, RELATIONS, "f1")


def average_precision(found: Report) -> float:
    """Of the ranking by score."""
    return figure(found, RANKING, "average_precision")
