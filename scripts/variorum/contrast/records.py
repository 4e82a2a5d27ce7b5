"""The records of contrast pairs: edits as they were written, judgements as they were given.

Every class has the fields of the schema of the same name (schema/contrast_*.schema.json), in the same order. `find` and
`occurrence`, which the schema allows on the way in, are turned into offsets before a record is made
(`variorum.contrast.finding`).
"""

from collections.abc import Mapping

from variorum.records import CONFLICT, MODEL, ClaimsFrom, Record

REMOVES, CREATES = DIRECTIONS = ("removes", "creates")
PREFIX = "x-"


class Change(Record, frozen=True, kw_only=True):
    """`text[start:end]` of the document gives way to `replacement`; start == end puts it in."""

    doc_id: str
    start: int
    end: int
    replacement: str


class Edit(Record, frozen=True, kw_only=True):
    """The smallest change of one claim of a pair that removes its conflict or creates one."""

    contrast_id: str
    pair_id: str
    claim: str
    direction: str
    edit_type: str
    changes: tuple[Change, ...]
    proposition: str
    relation: str
    rationale: str


class Edits(Record, frozen=True, kw_only=True):
    """What one annotator wrote: annotations/contrast/written/<source>.json."""

    schema_version: str
    source: str
    role: str
    guideline_version: str
    claims_from: ClaimsFrom
    edits: tuple[Edit, ...]


class Judgement(Record, frozen=True, kw_only=True):
    """How the claims of a pair stand to each other: of an edited one (contrast_id), or of one of gold's (pair_id)."""

    contrast_id: str | None = None
    pair_id: str | None = None
    relation: str
    remark: str | None = None


class Judgements(Record, frozen=True, kw_only=True):
    """What one annotator judged blind: annotations/contrast/verified/<source>.json."""

    schema_version: str
    source: str
    role: str
    guideline_version: str
    claims_from: ClaimsFrom
    judgements: tuple[Judgement, ...]


class Dealt(Record, frozen=True, kw_only=True):
    """A pair to be edited: who writes, and who verifies."""

    pair_id: str
    writer: str
    verifiers: tuple[str, ...]


class Assigned(Record, frozen=True, kw_only=True):
    """Which pairs are edited: annotations/contrast/assigned.json."""

    claims_from: ClaimsFrom
    agreements: int
    seed: int
    pairs: tuple[Dealt, ...]


class Vote(Record, frozen=True, kw_only=True):
    """What one verifier said."""

    source: str
    relation: str
    remark: str | None = None


class Verified(Record, frozen=True, kw_only=True):
    """An edit and what became of it: its relation if it was accepted, else the reason."""

    edit: Edit
    writer: str
    guideline_version: str
    votes: tuple[Vote, ...]
    relation: str | None = None
    reason: str | None = None


class Unedited(Record, frozen=True, kw_only=True):
    """A pair that nobody edited, as verifiers judged it."""

    pair_id: str
    votes: tuple[Vote, ...]


class Contrast(Record, frozen=True, kw_only=True):
    """Contrast pairs: annotations/contrast.json."""

    schema_version: str
    claims_from: ClaimsFrom
    pairs: tuple[Verified, ...]
    rejected: tuple[Verified, ...]
    unedited: tuple[Unedited, ...]


def by_models(contrast: Contrast, kinds: Mapping[str, str]) -> bool:
    """Whether all who wrote or verified its pairs are language models; `kinds`: what each annotator is."""
    who = {name for each in contrast.pairs for name in (each.writer, *(vote.source for vote in each.votes))}
    return {kinds.get(name) for name in who} == {MODEL}


def contrast_id(pair_id: str) -> str:
    """The id of the edit of a pair: there is one edit a pair."""
    return f"{PREFIX}{pair_id}"


def direction(before: str, after: str) -> str | None:
    """What an edit does to a pair whose relation was `before` and is `after`; None if it stays on its side.

    >>> direction("tension", "neutral"), direction("agreement", "contradiction"), direction("neutral", "agreement")
    ('removes', 'creates', None)
    """
    if (before in CONFLICT) == (after in CONFLICT):
        return None
    return REMOVES if before in CONFLICT else CREATES
