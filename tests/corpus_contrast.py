"""The contrast pairs of the small corpus: two accepted edits and a rejected one.

`make_corpus` writes them. One is in evidence of two spans in a text with a byte-order mark and an emoji, one in a text
of `\\r\\n`: offsets that are counted wrongly miss their words.
"""

from typing import NamedTuple

from variorum.contrast import merging
from variorum.contrast.records import Change, Edit, Edits, Judgement, Judgements, contrast_id
from variorum.records import AnnotationSet, claims_from, to_json


class E(NamedTuple):
    """An edit: the words that are replaced, in the evidence of the claim, and by what."""

    pair: str
    claim: str
    direction: str
    edit_type: str
    change: tuple[str, str]
    proposition: str
    relation: str
    rationale: str


LAUNCH, CREW, DAMAGE = (
    "a1-c418-448~c3-c255-288",
    "a1-c418-475~b2-c324-381",
    "a1-c477-508~c3-c326-368",
)
WRITTEN = {
    "heron": (
        E(
            *(LAUNCH, "c3-c255-288", "removes", "time", ("1912", "1911")),
            *("The Alma Perle was launched in 1911.", "agreement", "Built and launched in one year."),
        ),
        E(
            *(CREW, "b2-c324-381", "creates", "quantity", ("a crew of nine", "nineteen")),
            *("The Alma Perle carries nineteen people.", "contradiction", "Nine is not nineteen."),
        ),
    ),
    "wren": (
        E(
            *(DAMAGE, "c3-c326-368", "creates", "quantity", ("€48,350", "€49,350")),
            *("The damage to the Alma Perle comes to 49,350 euros.", "tension", "A thousand more than about 48,000."),
        ),
    ),
}
VERIFIED = {
    "heron": {contrast_id(DAMAGE): "neutral", LAUNCH: "tension"},
    "siskin": {contrast_id(LAUNCH): "agreement", contrast_id(CREW): "tension", contrast_id(DAMAGE): "tension"},
    "wren": {contrast_id(LAUNCH): "neutral", contrast_id(CREW): "contradiction"},
}


def edit(e: E, gold: AnnotationSet, texts: dict[str, str]) -> Edit:
    claim = next(each for each in gold.claims or () if each.claim_id == e.claim)
    old, new = e.change
    (start,) = (
        span.start + texts[claim.doc_id][span.start : span.end].index(old)
        for span in claim.spans
        if old in texts[claim.doc_id][span.start : span.end]
    )
    return Edit(
        contrast_id=contrast_id(e.pair),
        pair_id=e.pair,
        claim=e.claim,
        direction=e.direction,
        edit_type=e.edit_type,
        changes=(Change(doc_id=claim.doc_id, start=start, end=start + len(old), replacement=new),),
        proposition=e.proposition,
        relation=e.relation,
        rationale=e.rationale,
    )


def judgement(item: str, relation: str) -> Judgement:
    edited = item.startswith("x-")
    remark = "Is that a crew?" if relation == "tension" and edited else None
    return Judgement(
        contrast_id=item if edited else None, pair_id=None if edited else item, relation=relation, remark=remark
    )


def files(gold: AnnotationSet, texts: dict[str, str]) -> dict[str, bytes]:
    """What lies in annotations/, by path: edits, judgements, and what is made of them."""
    of = claims_from(gold)
    written = [
        Edits(
            schema_version="1.0",
            source=who,
            role="annotator",
            guideline_version="1",
            claims_from=of,
            edits=tuple(edit(e, gold, texts) for e in edits),
        )
        for who, edits in WRITTEN.items()
    ]
    verified = [
        Judgements(
            schema_version="1.0",
            source=who,
            role="annotator",
            guideline_version="1",
            claims_from=of,
            judgements=tuple(judgement(*each) for each in judged.items()),
        )
        for who, judged in VERIFIED.items()
    ]
    return {
        **{f"contrast/written/{each.source}.json": to_json(each) for each in written},
        **{f"contrast/verified/{each.source}.json": to_json(each) for each in verified},
        "contrast.json": to_json(merging.merge(written, verified, of).contrast),
    }
