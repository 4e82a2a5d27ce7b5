"""Contrast pairs in the dataset: their rows, what the card says of them, and whether they are what the votes give."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from variorum.contrast.editing import GAP, changed
from variorum.contrast.merging import NEEDED, REASONS, acceptance, controls, majority, rejection
from variorum.contrast.records import Contrast, Verified, by_models, direction
from variorum.dataset.markdown import table
from variorum.dataset.material import Material
from variorum.records import Claim, Pair

Words = Callable[[str, int, int], str | None]  # what stands where in a document; None without the texts
Row = dict[str, Any]


def rows(material: Material, words: Words) -> Iterator[Row]:
    """A row for each contrast pair. ValueError for one that is about no pair of gold."""
    claims = {claim.claim_id: claim for claim in material.gold.claims or ()}
    pairs = {pair.pair_id: pair for pair in material.gold.contradictions or ()}
    for each in material.contrast.pairs if material.contrast else ():
        if each.edit.pair_id not in pairs:
            raise ValueError(f"gold has no pair {each.edit.pair_id}, which was edited")
        yield _row(each, pairs[each.edit.pair_id], claims, words, material)


def _row(each: Verified, pair: Pair, claims: dict[str, Claim], words: Words, material: Material) -> Row:
    edit = each.edit
    own, other = claims[edit.claim], claims[pair.claim_b if edit.claim == pair.claim_a else pair.claim_a]
    said = Counter([edit.relation, *(vote.relation for vote in each.votes)])
    return {
        "contrast_id": edit.contrast_id,
        "pair_id": edit.pair_id,
        "claim": own.claim_id,
        "other_claim": other.claim_id,
        "doc_id": own.doc_id,
        "other_doc_id": other.doc_id,
        "quote": _quote(own, words),
        "other_quote": _quote(other, words),
        "edited_quote": _edited_quote(own, each, words),
        "proposition": own.proposition,
        "other_proposition": other.proposition,
        "edited_proposition": edit.proposition,
        "changes": [_change(change.start, change.end, change.replacement, own, words) for change in edit.changes],
        "direction": edit.direction,
        "edit_type": edit.edit_type,
        "original_relation": pair.relation,
        "relation": each.relation,
        "votes": {name: said[name] for name in material.schema.names("judgement")},
        "writer": each.writer,
        "verifiers": [vote.source for vote in each.votes],
        "guideline_version": each.guideline_version,
        "rationale": edit.rationale,
    }


def _change(start: int, end: int, replacement: str, own: Claim, words: Words) -> Row:
    return {"start": start, "end": end, "text": words(own.doc_id, start, end), "replacement": replacement}


def _quote(claim: Claim, words: Words) -> str | None:
    pieces = [words(claim.doc_id, span.start, span.end) for span in claim.spans]
    return None if None in pieces else GAP.join(filter(None, pieces))


def _edited_quote(claim: Claim, each: Verified, words: Words) -> str | None:
    """The evidence with the changes of an edit made in it."""
    text = words(claim.doc_id, 0, claim.spans[-1].end)
    if text is None:
        return None
    return GAP.join(_edited_span(text, span.start, span.end, each) for span in claim.spans)


def _edited_span(text: str, start: int, end: int, each: Verified) -> str:
    inside = [change for change in each.edit.changes if start <= change.start and change.end <= end]
    return changed(text, inside, start, end)


# --- the card ----------------------------------------------------------------------------------------------------


def section(material: Material) -> Iterator[str]:
    """How contrast pairs were made and how many were accepted; nothing if there are none."""
    contrast = material.contrast
    if contrast is None or not contrast.pairs:
        return
    yield from ("", "## Contrast pairs", "")
    yield "Pairs of gold of which one claim was edited as little as possible, so that a conflict is gone or one is"
    yield "there ([contrast sets](https://doi.org/10.18653/v1/2020.findings-emnlp.117), Gardner et al. 2020). Each edit"
    yield f"was judged blind by {NEEDED} annotators who had not written it, and is in the config `contrast` if both"
    yield "fell on the side that was meant (contradiction or tension, or agreement or neutral). The edited sentences"
    yield "are invented: no article says them."
    kinds = {each.source: each.kind for each in material.sources}
    if by_models(contrast, kinds):
        yield "**All who wrote and verified are runs of a language model. These agree far more than people would: how"
        yield "many edits were accepted is no evidence of quality.**"
    counts = acceptance(contrast)
    yield from table(
        ("edits", "accepted ", "of ", *(f"{reason} " for reason in REASONS)),
        ((each.what, each.accepted, each.all, *(each.rejected[name] for name in REASONS)) for each in counts),
    )
    yield from (
        "",
        "`unclear`: a verifier could not judge; `split`: they fell on two sides; `opposed`: all on the other.",
    )
    relations = {pair.pair_id: pair.relation for pair in material.gold.contradictions or ()}
    if found := controls(contrast, relations):
        yield "Of pairs that nobody had edited, mixed in among the others, on gold's side: " + ", ".join(
            f"{each.source} {each.right} of {each.of}" for each in found
        )


# --- verifying ---------------------------------------------------------------------------------------------------


def faults(material: Material) -> Iterator[str]:
    """What is not what edits, votes and gold give, a line each."""
    if material.contrast is None:
        return
    claims = {claim.claim_id: claim for claim in material.gold.claims or ()}
    pairs = {pair.pair_id: pair for pair in material.gold.contradictions or ()}
    for each in (*material.contrast.pairs, *material.contrast.rejected):
        edit, said = each.edit, [vote.relation for vote in each.votes]
        reason = rejection(edit.relation, said)
        if (each.reason, each.relation) != (reason, None if reason else majority(edit.relation, said)):
            yield f"contrast: {edit.contrast_id} is not what the votes give"
        claim, pair = claims.get(edit.claim), pairs.get(edit.pair_id)
        if claim is None or pair is None or edit.claim not in (pair.claim_a, pair.claim_b):
            yield f"contrast: {edit.contrast_id} is about no pair of gold"
        elif direction(pair.relation, edit.relation) != edit.direction:
            yield f"contrast: {edit.contrast_id} does not do what its direction says"
        elif not all(_inside(change.start, change.end, claim) for change in edit.changes):
            yield f"contrast: {edit.contrast_id} changes what is outside the evidence"
    yield from _misplaced(material.contrast)


def _misplaced(contrast: Contrast) -> Iterator[str]:
    for each in contrast.pairs:
        if each.reason is not None:
            yield f"contrast: {each.edit.contrast_id} was rejected and is among the pairs"


def _inside(start: int, end: int, claim: Claim) -> bool:
    return any(span.start <= start <= end <= span.end for span in claim.spans)
