"""Rules of contrast pairs: what an edit may be, and who judges which (annotations/contrast/)."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import msgspec

from variorum.checks.claims import copied_words
from variorum.checks.rule import PEOPLE, Finding, Rule, by_id
from variorum.contrast.records import Change, Dealt, Edit, Edits, Judgements, contrast_id, direction
from variorum.corpus import Document
from variorum.problems import WARNING, several, shown
from variorum.records import Claim, ClaimsFrom, Pair


def _rule(name: str, summary: str, why: str = "", level: str = "error") -> Rule:
    return Rule(id=name, stage="contrast", summary=summary, why=why, level=level, roles=PEOPLE)


RULES = by_id(
    _rule("contrast-id", "The contrast_id of an edit is x- and its pair_id."),
    _rule("unknown-pair", "The pair that is edited or judged is one of gold, as far as gold is at hand."),
    _rule("edited-claim", "The edited claim is one of the two of the pair, and is there."),
    _rule("edited-twice", "A pair is edited once, by one writer, over all files of annotations/contrast/written/."),
    _rule(
        "edit-direction",
        "An edit removes the conflict of a contradiction or tension, or creates one in an agreement or a neutral pair.",
        "The relation that the edited pair should have is on the other side than gold's.",
    ),
    _rule("change-not-found", "The words to find stand in the evidence of the claim, character for character."),
    _rule("change-ambiguous", "Words to find that stand several times in the evidence have an occurrence."),
    _rule("change-occurrence", "Words to find stand often enough in the evidence for their occurrence."),
    _rule("change-outside", "A change lies within one span of the evidence of the edited claim, in its document."),
    _rule("change-overlap", "The changes of an edit do not overlap, nor begin at the same place."),
    _rule("change-nothing", "A change puts other words in place of those that stand there."),
    _rule(
        "proposition-kept",
        "The proposition of an edited claim is another one.",
        "Two pairs with the same contents have the same relation.",
    ),
    _rule("unknown-edit", "The edit that is judged was written, as far as written edits are at hand."),
    _rule("judged-item", "A judgement names contrast_id or pair_id: one of them, once in the file."),
    _rule("own-edit", "Nobody verifies an edit of their own."),
    _rule(
        "not-dealt",
        "An edit is by the writer to whom the pair was dealt, a judgement of it by one of its verifiers.",
        "annotations/contrast/assigned.json says to whom; without it nothing was dealt.",
        WARNING,
    ),
)


class Ground(msgspec.Struct, frozen=True):
    """What files about contrast pairs are held against; None for what is not at hand.

    `claims` by claim_id; `pairs`, of gold, by pair_id; `writers`: by contrast_id, who wrote the edit first, in which
    file; `dealt` by pair_id.
    """

    documents: Mapping[str, Document]
    claims: Mapping[str, Claim]
    sha256: str | None = None
    pairs: Mapping[str, Pair] | None = None
    writers: Mapping[str, tuple[str, str]] | None = None
    dealt: Mapping[str, Dealt] | None = None


# --- edits -----------------------------------------------------------------------------------------------------


def check_edits(written: Edits, ground: Ground) -> Iterator[Finding]:
    """A writer's file."""
    yield from _claims_from(written.claims_from, ground)
    first: dict[str, int] = {}
    for i, edit in enumerate(written.edits):
        place = f"$.edits[{i}]"
        if (other := first.setdefault(edit.pair_id, i)) != i:
            yield Finding("edited-twice", place, f"the pair {shown(edit.pair_id)} is edited in $.edits[{other}]")
        yield from check_edit(edit, place, ground)
        yield from _elsewhere(edit, written.source, place, ground)


def check_edit(edit: Edit, place: str, ground: Ground) -> Iterator[Finding]:
    """One edit by itself, against gold."""
    if edit.contrast_id != (wanted := contrast_id(edit.pair_id)):
        message = f"the id is {shown(wanted)}, record says {shown(edit.contrast_id)}"
        yield Finding("contrast-id", f"{place}.contrast_id", message)
    yield from _pair(edit, place, ground)
    claim = ground.claims.get(edit.claim)
    if claim is None:
        yield Finding("edited-claim", f"{place}.claim", f"there is no claim {shown(edit.claim)}")
    else:
        yield from _changes(edit, claim, place, ground)
        if _squeezed(edit.proposition) == _squeezed(claim.proposition):
            message = f"{shown(edit.proposition)} is what {shown(edit.claim)} says unedited"
            yield Finding("proposition-kept", f"{place}.proposition", message)
    own = [(f"{place}.changes[{j}].replacement", change.replacement) for j, change in enumerate(edit.changes)]
    own += [(f"{place}.{name}", getattr(edit, name)) for name in ("proposition", "rationale")]
    yield from copied_words(own, ground.documents)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _claims_from(named: ClaimsFrom, ground: Ground) -> Iterator[Finding]:
    if ground.sha256 not in (None, named.sha256):
        message = f"the claims at hand have SHA-256 {ground.sha256}, record says {named.sha256}"
        yield Finding("claims-from", "$.claims_from.sha256", message)


def _elsewhere(edit: Edit, source: str, place: str, ground: Ground) -> Iterator[Finding]:
    """Whether the pair is somebody else's."""
    writer, file = (ground.writers or {}).get(contrast_id(edit.pair_id), (source, ""))
    if writer != source:
        message = f"the pair {shown(edit.pair_id)} is edited by {shown(writer)} already, in {file}"
        yield Finding("edited-twice", place, message)
    if ground.dealt is None or (ground.pairs is not None and edit.pair_id not in ground.pairs):
        return
    dealt = ground.dealt.get(edit.pair_id)
    if dealt is None or dealt.writer != source:
        whom = dealt.writer if dealt else "nobody"
        yield Finding("not-dealt", f"{place}.pair_id", f"{shown(edit.pair_id)} was dealt to {whom}")


def _pair(edit: Edit, place: str, ground: Ground) -> Iterator[Finding]:
    """The pair, the side, and what the edit does to the relation."""
    if ground.pairs is None:
        return
    pair = ground.pairs.get(edit.pair_id)
    if pair is None:
        yield Finding("unknown-pair", f"{place}.pair_id", f"gold has no pair {shown(edit.pair_id)}")
        return
    if edit.claim not in (pair.claim_a, pair.claim_b) and edit.claim in ground.claims:
        message = f"{shown(edit.claim)} is neither {shown(pair.claim_a)} nor {shown(pair.claim_b)}"
        yield Finding("edited-claim", f"{place}.claim", message)
    if direction(pair.relation, edit.relation) != edit.direction:
        message = f"gold says {pair.relation}, the edited pair should be {edit.relation}, record says {edit.direction}"
        yield Finding("edit-direction", f"{place}.direction", message)


def _changes(edit: Edit, claim: Claim, place: str, ground: Ground) -> Iterator[Finding]:
    document = ground.documents.get(claim.doc_id)
    settled = [(j, change) for j, change in enumerate(edit.changes) if change.start >= 0]
    for j, change in settled:
        at = f"{place}.changes[{j}]"
        if change.doc_id != claim.doc_id or not _inside(change, claim):
            spans = several(f"[{span.start}:{span.end}]" for span in claim.spans)
            message = f"[{change.start}:{change.end}] of {shown(change.doc_id)} is not within the evidence of "
            yield Finding("change-outside", at, f"{message}{shown(edit.claim)}, {spans} of {shown(claim.doc_id)}")
        elif document and document.text[change.start : change.end] == change.replacement:
            message = f"text[{change.start}:{change.end}] is {shown(change.replacement)} already"
            yield Finding("change-nothing", at, message)
    ordered = sorted(settled, key=lambda each: (each[1].start, each[1].end))
    for (j, before), (k, after) in pairwise(ordered):
        if after.start < before.end or after.start == before.start:
            message = f"[{after.start}:{after.end}] overlaps $.changes[{j}], [{before.start}:{before.end}]"
            yield Finding("change-overlap", f"{place}.changes[{k}]", message)


def _inside(change: Change, claim: Claim) -> bool:
    return any(span.start <= change.start <= change.end <= span.end for span in claim.spans)


# --- judgements ------------------------------------------------------------------------------------------------


def check_judgements(verified: Judgements, ground: Ground) -> Iterator[Finding]:
    """A verifier's file."""
    yield from _claims_from(verified.claims_from, ground)
    first: dict[tuple[str | None, str | None], int] = {}
    for i, judgement in enumerate(verified.judgements):
        place, item = f"$.judgements[{i}]", (judgement.contrast_id, judgement.pair_id)
        if (judgement.contrast_id is None) == (judgement.pair_id is None):
            what = "both" if judgement.pair_id else "neither"
            yield Finding("judged-item", place, f"a judgement names contrast_id or pair_id, this one {what}")
        elif (other := first.setdefault(item, i)) != i:
            yield Finding("judged-item", place, f"judged in $.judgements[{other}] already")
        if judgement.pair_id is not None and ground.pairs is not None and judgement.pair_id not in ground.pairs:
            yield Finding("unknown-pair", f"{place}.pair_id", f"gold has no pair {shown(judgement.pair_id)}")
        if judgement.contrast_id is not None:
            yield from _edit_judged(judgement.contrast_id, verified.source, place, ground)


def _edit_judged(judged: str, source: str, place: str, ground: Ground) -> Iterator[Finding]:
    at, pair = f"{place}.contrast_id", judged.removeprefix("x-")
    writer, file = (ground.writers or {}).get(judged, (None, ""))
    if ground.pairs is not None and pair not in ground.pairs:
        yield Finding("unknown-pair", at, f"gold has no pair {shown(pair)}")
    elif ground.writers is not None and writer is None:
        yield Finding("unknown-edit", at, f"nobody has written {shown(judged)}")
    if writer == source:
        yield Finding("own-edit", at, f"{shown(judged)} is by {shown(source)}, in {file}")
    elif ground.dealt is not None and writer is not None:
        dealt = ground.dealt.get(pair)
        if dealt is None or source not in dealt.verifiers:
            whom = several(dealt.verifiers) if dealt else "nobody"
            yield Finding("not-dealt", at, f"{shown(judged)} was dealt to {whom}")
