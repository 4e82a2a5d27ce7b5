"""Dealing: which pairs of gold are edited, who writes each edit, and who verifies it blind."""

import random
from collections import Counter
from collections.abc import Sequence

from variorum.contrast.records import Assigned, Dealt
from variorum.records import CONFLICT, AnnotationSet, Pair, claims_from

VERIFIERS = 2


def deal(gold: AnnotationSet, annotators: Sequence[str], agreements: int, seed: int) -> Assigned:
    """All conflicts of gold and so many pairs in agreement, drawn at random (all, if there are not so many).

    Writers take turns over the shuffled pairs, conflicts first, so that each has as many of either as the others, but
    for one; verifiers are those two others who have verified fewest so far. ValueError for fewer than three
    annotators, or one named twice.
    """
    if len(annotators) <= VERIFIERS or len(set(annotators)) < len(annotators):
        raise ValueError(f"a writer and {VERIFIERS} verifiers are needed for an edit, all different")
    chance = random.Random(seed)
    pairs = sorted(gold.contradictions or (), key=lambda pair: pair.pair_id)
    conflicts = [pair for pair in pairs if pair.relation in CONFLICT]
    others = [pair for pair in pairs if pair.relation == "agreement"]
    drawn = chance.sample(others, min(agreements, len(others)))
    chance.shuffle(conflicts)
    return Assigned(
        claims_from=claims_from(gold),
        agreements=agreements,
        seed=seed,
        pairs=tuple(sorted(_dealt([*conflicts, *drawn], annotators), key=lambda dealt: dealt.pair_id)),
    )


def _dealt(pairs: Sequence[Pair], annotators: Sequence[str]) -> list[Dealt]:
    verified, found = Counter[str](), []
    for turn, pair in enumerate(pairs):
        at = turn % len(annotators)
        writer, others = annotators[at], [*annotators[at + 1 :], *annotators[:at]]
        verifiers = sorted(others, key=lambda name: verified[name])[:VERIFIERS]  # stable: the next in turn
        verified.update(verifiers)
        found.append(Dealt(pair_id=pair.pair_id, writer=writer, verifiers=tuple(sorted(verifiers))))
    return found
