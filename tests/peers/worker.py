"""What other scorers say. Runs in their environment: a question on each line of standard input, its answer on a line.

A question is an object with `peer` and what that peer is asked; documents are lists of [start, end, type], half open,
in tokens. An answer is what the peer gave, or `{"error": <name of the exception>}`.
"""

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

Documents = list[list[tuple[int, int, str]]]


def nervaluate(gold: Documents, predicted: Documents, inclusive: bool = True) -> Any:
    """Counts and figures of the four schemes, overall and by type. nervaluate's ends are inclusive: they are made so,
    unless `inclusive` is false, as if somebody had forgotten."""
    from nervaluate import Evaluator

    types = sorted({kind for side in (gold, predicted) for document in side for _, _, kind in document})
    sides = [
        [[{"start": s, "end": e - inclusive, "label": kind} for s, e, kind in document] for document in side]
        for side in (gold, predicted)
    ]
    result = Evaluator(*sides, tags=types, loader="dict").evaluate()
    overall = {scheme: vars(found) for scheme, found in result["overall"].items()}
    by_type = {kind: {s: vars(f) for s, f in found.items()} for kind, found in result["entities"].items()}
    return {"overall": overall, "types": by_type}


def seqeval(gold: Documents, predicted: Documents, length: int) -> Any:
    """The strict report on IOB2."""
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    sides = [[tags(document, length) for document in side] for side in (gold, predicted)]
    return classification_report(*sides, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)


def tags(document: list[tuple[int, int, str]], length: int) -> list[str]:
    """One IOB2 tag a token."""
    found = ["O"] * length
    for start, end, kind in document:
        found[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return found


def spacy(gold: Documents, predicted: Documents, length: int) -> Any:
    """`Scorer.score_spans`, overlapping spans allowed."""
    from spacy.scorer import Scorer
    from spacy.tokens import Doc, Span
    from spacy.training import Example
    from spacy.vocab import Vocab

    vocab = Vocab()

    def doc(spans: list[tuple[int, int, str]]) -> Any:
        made = Doc(vocab, words=["x"] * length)
        made.spans["all"] = [Span(made, start, end, label=kind) for start, end, kind in spans]
        return made

    examples = [Example(doc(found), doc(wanted)) for wanted, found in zip(gold, predicted, strict=True)]
    return Scorer.score_spans(
        examples,
        "all",
        getter=lambda each, key: each.spans[key],
        has_annotation=lambda each: True,
        allow_overlap=True,
        labeled=True,
    )


def scorch(gold: list[list[str]], predicted: list[list[str]]) -> Any:
    """Recall, precision and F1 of each measure, and the CoNLL average; the name of the exception where it fails."""
    from scorch import scores

    sides = [[set(entity) for entity in side] for side in (gold, predicted)]
    names = {"muc": scores.muc, "b_cubed": scores.b_cubed, "ceaf_e": scores.ceaf_e, "conll": scores.conll2012}
    return {name: tried(measure, *sides) for name, measure in names.items()}


Units = list[list[int]]  # items by annotators, categories from 0, -1 for missing


def krippendorff(units: Units, size: int, level: str) -> Any:
    """Alpha of the package of this name."""
    from krippendorff import alpha

    rows = [[value if value >= 0 else float("nan") for value in row] for row in zip(*units, strict=True)]
    return alpha(rows, level_of_measurement=level, value_domain=list(range(size)))


def raters(units: Units, size: int) -> Any:
    """Alpha; Fleiss' kappa where all labels are there; Cohen's of two annotators (rater-agreement)."""
    import numpy
    from raters import cohen_kappa, fleiss_kappa, krippendorff_alpha

    rows = [[None if value < 0 else value for value in row] for row in zip(*units, strict=True)]
    found = {"alpha": tried(krippendorff_alpha, rows, categories=list(range(size)))}
    if not any(value is None for row in rows for value in row):
        counts = numpy.array([[row.count(c) for c in range(size)] for row in units])
        found["fleiss"] = tried(fleiss_kappa, counts)
        if len(rows) == 2:
            found["cohen"] = tried(cohen_kappa, *rows, list(range(size)))
    return found


def agreement(units: Units, size: int) -> Any:
    """Alpha and AC1 (called gamma there) of the package of this name."""
    import numpy
    from agreement import gwets_gamma, krippendorffs_alpha

    counts = numpy.array([[row.count(c) for c in range(size)] for row in units])
    return {"alpha": tried(krippendorffs_alpha, counts), "ac1": tried(gwets_gamma, counts)}


def tried(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What a peer gives, or how it fails."""
    try:
        return function(*arguments, **named)
    except Exception as error:  # whatever a peer raises is its answer
        return {"error": type(error).__name__}


PEERS = {each.__name__: each for each in (nervaluate, seqeval, spacy, scorch, krippendorff, raters, agreement)}


def main() -> None:
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        question = json.loads(line)
        peer = PEERS[question.pop("peer")]
        print(json.dumps(tried(peer, **question), default=lambda number: number.item()), flush=True)


if __name__ == "__main__":
    main()
