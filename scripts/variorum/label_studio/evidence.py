"""What an adjudicator sees of an open item: the text that its canonical ids stand for, and what annotators said of it.

The ids say where in the text it is (`variorum.adjudication`): `<doc>-m<start>-<end>`, `<doc>-c<start>-<end>`, and pairs
of claims joined by a tilde.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from variorum.corpus import Document
from variorum.label_studio.questions import Question, Shown
from variorum.label_studio.screening_lines import value_text
from variorum.label_studio.tasks import context_html, heading, hull
from variorum.records import AnnotationSet, Claim, Pair, Record, Span, pair_id

_PLACE = re.compile(r"(.+)-[mc](\d+)-(\d+)(?:-\d+)?")
_Place = tuple[str, int, int]


def evidence(
    question: Question,
    sets: Sequence[AnnotationSet],
    claims: Iterable[Claim],
    documents: Mapping[str, Document],
) -> Shown:
    """What to show for a question about these annotators' sets; `claims` are the consolidated ones.

    Notes name nobody: they are what is said by those who gave the same vote.
    """
    known = {claim.claim_id: claim for claim in claims}
    parts = [part for own in question.ids for part in own.split("~")]
    columns = "".join(f'<div class="col">{_column(part, known, documents)}</div>' for part in parts)
    notes: dict[str, list[str]] = {}
    for record in _records(question, sets):
        vote = _vote(question.item, record)
        notes.setdefault(vote, []).extend(_said(record))
    return Shown(f'<div class="cols">{columns}</div>', notes)


def _column(own_id: str, known: Mapping[str, Claim], documents: Mapping[str, Document]) -> str:
    """One mention or claim in its text."""
    place, claim = _place(own_id), known.get(own_id)
    if place is None or place[0] not in documents:
        return html.escape(own_id)
    document = documents[place[0]]
    spans = claim.spans if claim else [Span(start=place[1], end=min(place[2], len(document.text)))]
    said = f"<p><b>{html.escape(claim.proposition)}</b></p>" if claim else ""
    return f"<p>{html.escape(heading(document))}</p>{said}<p>{context_html(document.text, spans)}</p>"


def _place(own_id: str) -> _Place | None:
    found = _PLACE.fullmatch(own_id)
    return (found[1], int(found[2]), int(found[3])) if found else None


def _records(question: Question, sets: Sequence[AnnotationSet]) -> Iterator[Record]:
    """What annotators have recorded about the item: nothing for mentions and links, whose votes say it all."""
    layer = question.item.partition(".")[0]
    place = _place(question.ids[0])
    for each in sets:
        if layer == "pair":
            pairs = each.contradictions or ()
            yield from (pair for pair in pairs if pair_id(pair.claim_a, pair.claim_b) == question.ids[0])
        elif layer == "claim" and place:
            yield from (claim for claim in each.claims or () if _overlaps(claim, place))


def _overlaps(claim: Claim, place: _Place) -> bool:
    """Whether a claim has at least half of its evidence, from first to last word, in common with a place."""
    start, end = hull(claim.spans)
    common = min(end, place[2]) - max(start, place[1])
    return claim.doc_id == place[0] and 2 * common >= max(end, place[2]) - min(start, place[1])


def _vote(item: str, record: Record) -> str:
    _, _, field = item.partition(".")
    return msgspec.json.encode(getattr(record, field) if field else True).decode()


def _said(record: Record) -> Iterator[str]:
    """What one annotator wrote, in words."""
    if isinstance(record, Claim):
        yield record.proposition
    if isinstance(record, Pair):
        values = [value_text(value) for value in (record.value_a, record.value_b) if value]
        listed = [record.rationale, record.aspect, " / ".join(values), record.reason]
        yield " – ".join(each for each in listed if each) or record.relation
