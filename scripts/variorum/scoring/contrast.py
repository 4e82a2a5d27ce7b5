"""Contrast pairs: whether a system that is right about a pair is still right when one side is edited.

Gardner et al. 2020, "Evaluating Models' Local Decision Boundaries via Contrast Sets" (Findings of EMNLP), section 2:

    accuracy      share of the edited pairs that are called what they are: all, by direction and by edit type; and of
                  the pairs of gold that were edited, for comparison
    consistency   share of the couples of an original and its edited pair that are both called what they are (their
                  contrast consistency, with couples for contrast sets)

What they are: a conflict (contradiction or tension) or none; under match `relation`, one of the four relations. An
edited pair without an answer counts as neutral, and so does `unclear`, as in the closed task.

Intervals resample claims, as for all pairs: a couple weighs the product of the two claims of its original.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from variorum.contrast.editing import Answer
from variorum.contrast.records import DIRECTIONS, Contrast, Verified
from variorum.records import CONFLICT, AnnotationSet, Pair, pair_id
from variorum.scoring.figures import Formula, share
from variorum.scoring.tables import Table

DIGITS = 8
NONE = "no edited pair is of this kind"


class Answered(NamedTuple):
    """Contrast pairs, and what a system said of them."""

    contrast: Contrast
    answers: Sequence[Answer]


def signed(contrast: Contrast) -> str:
    """What signatures call the contrast pairs: the first digits of a fingerprint of the accepted ones."""
    return hashlib.sha256(msgspec.json.encode(contrast.pairs)).hexdigest()[:DIGITS]


def table(answered: Answered, prediction: AnnotationSet, gold: AnnotationSet) -> Table:
    """Counts by couple. ValueError if gold has not the pair that was edited."""
    known = {pair.pair_id: pair for pair in gold.contradictions or ()}
    said = {pair_id(pair.claim_a, pair.claim_b): pair.relation for pair in prediction.contradictions or ()}
    of_edited = {answer.contrast_id: answer.relation for answer in answered.answers}
    accepted = answered.contrast.pairs
    if missing := [each.edit.pair_id for each in accepted if each.edit.pair_id not in known]:
        raise ValueError(f"gold has no pair {missing[0]}, which was edited")
    originals = [known[each.edit.pair_id] for each in accepted]
    claims = tuple(sorted({end for pair in originals for end in (pair.claim_a, pair.claim_b)}))
    number = {claim: at for at, claim in enumerate(claims)}
    names = tuple(name for kind in _kinds(accepted) for name in (f"{kind} of", f"{kind} right"))
    rows = [_row(each, pair, said, of_edited) for each, pair in zip(accepted, originals, strict=True)]
    return Table(
        "contrast",
        "claim",
        claims,
        tuple(each.edit.contrast_id for each in accepted),
        names,
        np.array([[row.get(name, 0.0) for name in names] for row in rows]).reshape(len(rows), len(names)),
        np.array([number[pair.claim_a] for pair in originals], np.int64),
        np.array([number[pair.claim_b] for pair in originals], np.int64),
    )


def _kinds(accepted: Sequence[Verified]) -> Iterator[str]:
    """The kinds of things that are counted."""
    yield from ("edited", "edited relation", "original", "couple", *DIRECTIONS)
    yield from (f"edit_type={name}" for name in sorted({each.edit.edit_type for each in accepted}))


def _row(each: Verified, pair: Pair, said: Mapping[str, str], of_edited: Mapping[str, str]) -> dict[str, float]:
    """What counts of a couple."""
    answer = of_edited.get(each.edit.contrast_id, "neutral")
    original = _same_side(said.get(pair.pair_id, "neutral"), pair.relation)
    edited = _same_side(answer, str(each.relation))
    right = {
        "edited": edited,
        "edited relation": ("neutral" if answer == "unclear" else answer) == each.relation,
        "original": original,
        "couple": original and edited,
        each.edit.direction: edited,
        f"edit_type={each.edit.edit_type}": edited,
    }
    return {f"{kind} of": 1.0 for kind in right} | {f"{kind} right": float(value) for kind, value in right.items()}


def _same_side(said: str, wanted: str) -> bool:
    return (said in CONFLICT) == (wanted in CONFLICT)


def formulas(answered: Answered) -> Iterator[tuple[str, str, str, Formula]]:
    """(task, match, of, formula) of every score of the table."""
    conflict = "contradiction+tension"
    yield "contrast", conflict, "all", _accuracy("edited")
    yield "contrast", "relation", "all", _accuracy("edited relation")
    for name in _kinds(answered.contrast.pairs):
        if name in DIRECTIONS or "=" in name:
            yield "contrast", conflict, name, _accuracy(name)
    yield "contrast-originals", conflict, "all", _accuracy("original")
    yield "contrast-couples", conflict, "all", share("consistency", "couple right", "couple of", NONE)


def _accuracy(kind: str) -> Formula:
    return share("accuracy", f"{kind} right", f"{kind} of", NONE)
