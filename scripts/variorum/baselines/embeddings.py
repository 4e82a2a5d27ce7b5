"""The rules, with topics compared by static word embeddings instead of TF-IDF.

The embeddings are WordLlama's (package wordllama, MIT; 256 dimensions, distilled from the token embeddings of language
models), averaged over a proposition; numpy is all they need, and nothing is downloaded. Candidates are those of the
rules: two propositions without a word in common are not compared.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from variorum.baselines import conflicts
from variorum.baselines.about import About
from variorum.baselines.rules import by_rules, sides
from variorum.baselines.task import NoLibrary, Task
from variorum.baselines.topics import chunks
from variorum.records import AnnotationSet

__all__ = ["ABOUT_EMBEDDINGS", "LIMITS", "WEIGHTS", "by_embeddings", "model", "sides", "similarity"]

# Chosen on the invented articles by `python benchmarks/tune_baselines.py embeddings`.
LIMITS = conflicts.Thresholds(value=0.6, wording=0.6, agreement=0.85)
WEIGHTS = conflicts.Weights(constant=-6.58, similarity=3.9, clash=1.48, fitting=0.49, negated=1.0, name=2.51)


ABOUT_EMBEDDINGS = About(
    title="embeddings",
    description="As rules, but how alike two claims are is the cosine of their mean WordLlama embeddings.",
    thresholds=conflicts.CHOSEN,
    packages=("numpy", "scikit-learn", "scipy", "wordllama"),
    licence="Apache-2.0; embeddings MIT (as the package wordllama says)",
    settings=conflicts.settings(LIMITS),
)


def by_embeddings(task: Task) -> AnnotationSet:
    """All four layers by rules, pairs by embeddings and rules. NoLibrary if wordllama is not there."""
    model()
    return by_rules("embeddings", task, similarity, LIMITS, WEIGHTS)


@cache
def model() -> Any:
    """The embeddings that the package brings; it looks for its tokenizer in the wrong folder unless told where."""
    try:
        from wordllama import WordLlama
    except ImportError as error:
        raise NoLibrary("wordllama is missing: pip install 'variorum[embeddings]'") from error
    return WordLlama.load(cache_dir=resources.files("wordllama"), disable_download=True)


def similarity(sides: Sequence[conflicts.Side], pairs: Sequence[tuple[int, int]]) -> NDArray[Any]:
    """The cosine of the mean embeddings, negative ones as 0."""
    if not pairs:
        return np.zeros(0)
    vectors = model().embed([" ".join(side.proposition.split()) or "." for side in sides], norm=True)
    return np.concatenate([np.clip((vectors[i] * vectors[j]).sum(axis=1), 0.0, 1.0) for i, j in chunks(pairs)])
