"""Errors among claim pairs, one by one: of gold's claims, or of the system's own."""

from collections.abc import Iterator

from variorum.records import CONFLICT, AnnotationSet, Pair, pair_id
from variorum.scoring.cases import NONE, Case
from variorum.scoring.claims import Sides
from variorum.scoring.contradictions import aligned
from variorum.scoring.open_pairs import opened
from variorum.scoring.relations import NEUTRAL, RELATIONS


def closed_cases(prediction: AnnotationSet, gold: AnnotationSet) -> Iterator[Case]:
    """Every pair of gold. ValueError as `aligned`."""
    found = aligned(prediction.contradictions or (), gold.contradictions or ())
    propositions = _propositions(gold)
    for wanted, predicted, said in zip(found.gold.pairs, found.predicted, found.said.tolist(), strict=True):
        yield _pair_case(wanted, predicted, RELATIONS[said], propositions, ())


def open_cases(prediction: AnnotationSet, gold: AnnotationSet, sides: Sides) -> Iterator[Case]:
    """Every pair of gold, and the predicted ones (but neutral ones) with a claim that gold does not have. ValueError as
    `opened`."""
    found = opened(prediction.contradictions or (), gold.contradictions or (), sides)
    of_gold, own = _propositions(gold), _propositions(prediction)
    rows = zip(found.gold, found.predicted, found.said.tolist(), found.reached.tolist(), strict=True)
    for wanted, predicted, said, reached in rows:
        if wanted is not None:
            relation = RELATIONS[NEUTRAL if said < 0 else said]
            lost = () if reached else ("claims that the prediction does not have",)
            yield _pair_case(wanted, predicted, relation, of_gold, lost)
        elif predicted is not None and said != NEUTRAL:
            yield _alarm(predicted, own)


def _propositions(of: AnnotationSet) -> dict[str, str]:
    return {claim.claim_id: claim.proposition for claim in of.claims or ()}


def _context(pair: Pair, propositions: dict[str, str]) -> str:
    return " ⟷ ".join(propositions.get(claim, claim) for claim in (pair.claim_a, pair.claim_b))


def _alarm(predicted: Pair, propositions: dict[str, str]) -> Case:
    return Case(
        layer="contradictions",
        outcome="false alarm",
        what=("claims that gold does not have",),
        predicted=predicted.pair_id,
        predicted_label=predicted.relation,
        context=_context(predicted, propositions),
    )


def _pair_case(
    gold: Pair, predicted: Pair | None, said: str, propositions: dict[str, str], lost: tuple[str, ...]
) -> Case:
    wanted, called = gold.relation in CONFLICT, said in CONFLICT
    what = tuple(_pair_faults(gold, predicted, said))
    outcome = "hit" if not what else "near miss" if wanted == called else "miss" if wanted else "false alarm"
    return Case(
        layer="contradictions",
        outcome=outcome,
        what=lost if what and lost else what,
        gold=pair_id(gold.claim_a, gold.claim_b),
        predicted=predicted.pair_id if predicted else None,
        gold_label=gold.relation,
        predicted_label=said,
        context=_context(gold, propositions),
    )


def _pair_faults(gold: Pair, predicted: Pair | None, said: str) -> Iterator[str]:
    if said != gold.relation:
        yield f"{said} for {gold.relation}" + ("" if predicted else " (left out)")
    if gold.reason is not None and said in CONFLICT:
        yield f"look-alike: {gold.reason}"
    if said in CONFLICT and gold.relation in CONFLICT and predicted and gold.aspect != predicted.aspect:
        yield f"aspect {predicted.aspect or NONE} for {gold.aspect or NONE}"
