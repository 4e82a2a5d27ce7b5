"""Edited claims: what a claim says, and where, once an edit is made.

An edited passage has no offsets in the seeds. It stands in a document of its own, whose doc_id is the contrast_id: the
paragraphs of the article that hold the evidence of the claim, with the changes made. The edited claim is a claim of
that document and has the contrast_id for its id, too.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from variorum.contrast.records import Change, Edit
from variorum.corpus import Document
from variorum.records import AnnotationSet, Claim, DocumentRef, Pair, Span, pair_id

GAP = " … "  # between the pieces of a quote


class EditedPair(NamedTuple):
    """The two claims of an edited pair: the edited one, in its own document, and the other one as it stands in gold."""

    edited: Claim
    other: Claim
    document: Document


def edited(gold: AnnotationSet, edit: Edit, documents: Mapping[str, Document]) -> EditedPair:
    """The pair of an edit with the edit made; its spans have their words. KeyError if gold has no such pair or claim,
    or `documents` (by doc_id) lack the article."""
    claims = {claim.claim_id: claim for claim in gold.claims or ()}
    pair = next((pair for pair in gold.contradictions or () if pair.pair_id == edit.pair_id), None)
    if pair is None or edit.claim not in (pair.claim_a, pair.claim_b):
        raise KeyError(edit.pair_id)
    other = claims[pair.claim_b if edit.claim == pair.claim_a else pair.claim_a]
    return EditedPair(*_edited(claims[edit.claim], other, edit, documents))


def _edited(claim: Claim, other: Claim, edit: Edit, documents: Mapping[str, Document]) -> tuple[Claim, Claim, Document]:
    document = documents[claim.doc_id]
    low, high = _passage(claim, document)
    text = changed(document.text, edit.changes, low, high)
    spans = tuple(_span(span, edit.changes, low, text) for span in claim.spans)
    source = replace(
        document.source,
        doc_id=edit.contrast_id,
        file=f"{edit.contrast_id}.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        n_chars=len(text),
        furniture=(),
        paragraphs=(),
        copied_from=(),
    )
    # The cue and the holder are a mention's business of the unedited article.
    made = replace(
        claim, claim_id=edit.contrast_id, doc_id=edit.contrast_id, spans=spans, proposition=edit.proposition, cue=None
    )
    return made, other, Document(source, text)


def _passage(claim: Claim, document: Document) -> tuple[int, int]:
    """The paragraphs that a claim's evidence lies in; the whole text where no paragraphs are known."""
    first, last = claim.spans[0].start, claim.spans[-1].end
    held = [p for p in document.source.paragraphs if p.start < last and first < p.end]
    if not held:
        return 0, len(document.text)
    return min(first, held[0].start), max(last, held[-1].end)


def changed(text: str, changes: Iterable[Change], low: int = 0, high: int | None = None) -> str:
    """text[low:high] with the changes made in it; their offsets count in the whole text.

    >>> changed("lit in 1912.", [Change(doc_id="p", start=7, end=11, replacement="1915")])
    'lit in 1915.'
    """
    pieces, at = [], low
    for change in sorted(changes, key=lambda each: (each.start, each.end)):
        pieces += [text[at : change.start], change.replacement]
        at = change.end
    return "".join([*pieces, text[at:high]])


def _span(span: Span, changes: Sequence[Change], low: int, text: str) -> Span:
    """Where a span of the article lies in the edited passage, which begins at `low` of the article."""
    before = sum(_growth(change) for change in changes if _before(change, span))
    inside = sum(_growth(change) for change in changes if _within(change, span))
    start = span.start - low + before
    end = span.end - low + before + inside
    return Span(start=start, end=end, text=text[start:end])


def _growth(change: Change) -> int:
    return len(change.replacement) - (change.end - change.start)


def _within(change: Change, span: Span) -> bool:
    return span.start <= change.start and change.end <= span.end


def _before(change: Change, span: Span) -> bool:
    return change.end <= span.start and not _within(change, span)


def quote(claim: Claim, text: str) -> str:
    """The evidence of a claim, its pieces joined by an ellipsis."""
    return GAP.join(text[span.start : span.end] for span in claim.spans)


# --- asking systems ----------------------------------------------------------------------------------------------


class Asked(NamedTuple):
    """What a system is given to judge edited pairs: documents, the edited passages after the articles, and a set of
    claims whose pairs are those that are asked for (all neutral: of their relation nothing is told)."""

    documents: tuple[Document, ...]
    given: AnnotationSet


def asked(gold: AnnotationSet, edits: Iterable[Edit], documents: Mapping[str, Document]) -> Asked:
    """The closed task over edited pairs, in the form that baselines know (`baselines.Task`)."""
    made = [edited(gold, edit, documents) for edit in edits]
    every = (*documents.values(), *(each.document for each in made))
    claims = (*(gold.claims or ()), *(each.edited for each in made))
    given = AnnotationSet(
        schema_version=gold.schema_version,
        source=gold.source,
        role=gold.role,
        documents=tuple(DocumentRef(doc_id=each.doc_id, text_sha256=each.source.sha256) for each in every),
        claims=claims,
        contradictions=tuple(_asked(each.edited.claim_id, each.other.claim_id) for each in made),
    )
    return Asked(every, given)


def _asked(one: str, other: str) -> Pair:
    a, b = sorted((one, other))
    return Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation="neutral")


class Answer(NamedTuple):
    """What a system says of an edited pair; the score is its probability of contradiction or tension."""

    contrast_id: str
    relation: str
    score: float | None = None


def answers(prediction: AnnotationSet, given: AnnotationSet) -> tuple[Answer, ...]:
    """What a prediction on `asked(…).given` says of the edited pairs; one that it leaves out is left out."""
    names = {pair.pair_id: pair for pair in given.contradictions or ()}
    found = []
    for pair in prediction.contradictions or ():
        if (name := pair_id(pair.claim_a, pair.claim_b)) in names:
            edited_id = next(end for end in (pair.claim_a, pair.claim_b) if end.startswith("x-"))
            found.append(Answer(edited_id, pair.relation, pair.score))
            del names[name]
    return tuple(sorted(found))
