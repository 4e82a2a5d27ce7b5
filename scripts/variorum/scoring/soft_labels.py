"""Soft labels: predictions against how the annotators' votes were spread, rather than against one adjudicated label.

Where annotators differ for good reasons, a single right answer hides it (Uma et al. 2021, "Learning from
disagreement"). `votes` says for each pair how many annotators chose each relation; `unclear` is no vote, a pair without
votes is left out. Gold's distribution q is the share of votes; the prediction's p is

    match relation                 one of the four relations for certain (a system gives no more than that)
    match contradiction+tension    conflict or none: the pair's `score` if it has one, else 1 or 0

    brier          mean of sum_k (p_k - q_k)²                           Brier 1950; 0 is best, 2 worst
    jensen_shannon mean of H((p + q) / 2) - (H(p) + H(q)) / 2, in bits   Lin 1991; 0 is best, 1 worst
    cross_entropy  mean of - sum_k q_k ln p_k, in nats, where all pairs have scores; p held within [0.001, 0.999],
                   or one sure mistake would be infinite

Unit of counts: a claim pair that has votes.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from variorum.records import CONFLICT
from variorum.scoring.contradictions import Aligned
from variorum.scoring.figures import Formula, share
from variorum.scoring.relations import RELATIONS
from variorum.scoring.tables import Floats, Table

Votes = Mapping[str, Mapping[str, int]]  # pair_id -> relation -> how many annotators
EDGE = 0.001
MATCHES = ("relation", "contradiction+tension")


def table(found: Aligned, votes: Votes) -> Table:
    """Divergences by pair, for the pairs that have votes."""
    all_votes = np.array([[votes.get(key, {}).get(name, 0) for name in RELATIONS] for key in found.names], dtype=float)
    all_votes = all_votes.reshape(-1, len(RELATIONS))
    rows = np.flatnonzero(all_votes.sum(axis=1))
    q = all_votes[rows] / all_votes[rows].sum(axis=1, keepdims=True)
    p = np.eye(len(RELATIONS))[found.said[rows]]
    scores = [pair.score if (pair := found.predicted[i]) else None for i in rows.tolist()]
    columns = {"pairs": np.ones(len(rows)), **_divergences("relation", p, q)}
    p, q = _conflict(scores, p), _binary(q)
    columns |= _divergences("contradiction+tension", p, q)
    if scores and None not in scores:
        columns |= {"scored": np.ones(len(rows)), "cross_entropy": _cross_entropy(p, q)}
    else:
        columns |= {"scored": np.zeros(len(rows)), "cross_entropy": np.zeros(len(rows))}
    counts = np.stack(list(columns.values()), axis=1)
    names = [found.names[i] for i in rows.tolist()]
    ends = found.gold.first[rows], found.gold.second[rows]
    return Table("soft labels", "claim", found.claims, names, tuple(columns), counts, *ends)


def _binary(distribution: Floats) -> Floats:
    conflict = distribution[:, : len(CONFLICT)].sum(axis=1)
    return np.stack((conflict, 1 - conflict), axis=1)


def _conflict(scores: Sequence[float | None], hard: Floats) -> Floats:
    """The scores as a distribution; where there is none, the relation for certain."""
    sure = _binary(hard)[:, 0]
    p = np.array([s if score is None else score for score, s in zip(scores, sure.tolist(), strict=True)], dtype=float)
    return np.stack((p, 1 - p), axis=1)


def _divergences(match: str, p: Floats, q: Floats) -> dict[str, Floats]:
    middle = _entropy((p + q) / 2) - (_entropy(p) + _entropy(q)) / 2
    return {f"{match} brier": ((p - q) ** 2).sum(axis=1), f"{match} jensen_shannon": np.maximum(middle, 0)}


def _entropy(distribution: Floats) -> Floats:
    logs = np.log2(distribution, out=np.zeros_like(distribution), where=distribution > 0)
    return np.asarray(-(distribution * logs).sum(axis=1))


def _cross_entropy(p: Floats, q: Floats) -> Floats:
    return np.asarray(-(q * np.log(np.clip(p, EDGE, 1 - EDGE))).sum(axis=1))


def formulas() -> Iterator[tuple[str, str, str, Formula]]:
    """(task, match, average, formula) of every score."""
    for match in MATCHES:
        for name in ("brier", "jensen_shannon"):
            yield f"soft-{name.replace('_', '-')}", match, "micro", share(name, f"{match} {name}", "pairs", NO_VOTES)
    yield "soft-cross-entropy", MATCHES[1], "micro", share("cross_entropy", "cross_entropy", "scored", NO_SCORES)


NO_VOTES = "no pair has votes"
NO_SCORES = "not all pairs have a score"
