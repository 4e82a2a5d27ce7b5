"""Chooses the thresholds and weights of the baselines on the invented articles, and prints why.

`python benchmarks/tune_baselines.py [rules|spacy|embeddings]`. Read are the two corpora below annotations/invented and
nothing else: their articles and answers were written for this, no article of the benchmark is opened. A pair that the
author of the answers did not list is neutral. For each threshold the script prints precision, recall and F1 of what it
decides at values from 0.05 to 0.95, and chooses the middle of the best ones; the weights of the score are a logistic
regression (L2, C = 1) over all candidates of both corpora.
"""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from variorum.baselines import Task, conflicts
from variorum.baselines.topics import candidates
from variorum.corpus import read_corpus
from variorum.records import from_json, pair_id

INVENTED = Path(__file__).resolve().parent.parent / "annotations" / "invented"
CORPORA = ("calibration", "known")
GRID = np.arange(0.05, 0.96, 0.05).round(2)
ABOVE = 2.0  # a threshold that nothing reaches
CONFLICT = ("contradiction", "tension")

Judged = list[tuple[conflicts.Evidence, str]]


def judged(baseline: Any) -> tuple[Judged, dict[str, int]]:
    """Every candidate of both corpora with its right answer, and how many of each answer there are."""
    found: Judged = []
    totals: dict[str, int] = {}
    for name in CORPORA:
        corpus = read_corpus(INVENTED / name)
        gold = from_json(corpus.gold.read_bytes())
        task = Task(tuple(corpus.documents.values()), corpus.schema, gold)
        answers = {pair.pair_id: pair.relation for pair in gold.contradictions or ()}
        for relation in answers.values():
            totals[relation] = totals.get(relation, 0) + 1
        sides = sorted(baseline.sides(task), key=lambda side: side.claim_id)
        pairs = candidates([side.words for side in sides])
        for (i, j), cosine in zip(pairs, baseline.similarity(sides, pairs).tolist(), strict=True):
            answer = answers.get(pair_id(sides[i].claim_id, sides[j].claim_id), "neutral")
            found.append((conflicts.evidence(sides[i], sides[j], cosine), answer))
    return found, totals


def curve(
    found: Judged,
    totals: dict[str, int],
    name: str,
    limits: Callable[[float], conflicts.Thresholds],
    right: tuple[str, ...],
) -> float:
    """Print precision, recall and F1 over the grid; the middle of the best values."""
    wanted = sum(totals.get(relation, 0) for relation in right)
    print(f"\n{name}: of {wanted} pairs that are {' or '.join(right)}")
    scores = []
    for at in GRID.tolist():
        answers = [(conflicts.relation(evidence, limits(at)) in right, answer in right) for evidence, answer in found]
        told, hit = sum(a for a, _ in answers), sum(a and b for a, b in answers)
        scores.append(2 * hit / (told + wanted))
        figures = f"P {hit / max(told, 1):.2f}  R {hit / wanted:.2f}  F1 {scores[-1]:.3f}"
        print(f"  {at:.2f}  told {told:4}  right {hit:3}  {figures}")
    best = [at for at, score in zip(GRID.tolist(), scores, strict=True) if score >= max(scores) - 1e-9]
    chosen = best[len(best) // 2]
    print(f"  chosen: {chosen}")
    return float(chosen)


def weights(found: Judged) -> conflicts.Weights:
    """Logistic regression of conflict on the features."""
    from sklearn.linear_model import LogisticRegression

    features = np.array([evidence.features for evidence, _ in found])
    model = LogisticRegression(C=1.0).fit(features, [answer in CONFLICT for _, answer in found])
    return conflicts.Weights(*(round(float(x), 2) for x in (model.intercept_[0], *model.coef_[0])))


def main() -> None:
    """Print the curves and the choice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("baseline", nargs="?", default="rules", choices=("rules", "spacy", "embeddings"))
    module = {"spacy": "parsed"}
    name = parser.parse_args().baseline
    baseline = importlib.import_module(f"variorum.baselines.{module.get(name, name)}")
    found, totals = judged(baseline)
    print(f"{name}: {len(found)} candidates of {', '.join(CORPORA)}; answers: {totals}")
    value = curve(
        found, totals, "differing values", lambda at: conflicts.Thresholds(at, wording=ABOVE, agreement=ABOVE), CONFLICT
    )
    wording = curve(
        found,
        totals,
        "negation or one name",
        lambda at: conflicts.Thresholds(ABOVE, wording=at, agreement=ABOVE),
        CONFLICT,
    )
    agreement = curve(
        found, totals, "agreement", lambda at: conflicts.Thresholds(value, wording, agreement=at), ("agreement",)
    )
    print(f"\nLIMITS = conflicts.{conflicts.Thresholds(value, wording, agreement)}")
    print(f"WEIGHTS = conflicts.{weights(found)}")


if __name__ == "__main__":
    main()
