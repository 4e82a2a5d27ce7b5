"""An empty prediction: valid as it is, with the ids that an answer needs."""

import csv
import io
from collections.abc import Collection, Iterable

from variorum.corpus import Document
from variorum.records import LAYERS, AnnotationSet, DocumentRef, Pair, claims_from
from variorum.schema import SCHEMA_VERSION

NEUTRAL = "neutral"


def template(
    documents: Iterable[Document], gold: AnnotationSet, source: str, layers: Collection[str] = LAYERS
) -> AnnotationSet:
    """Of these layers: no mentions, entities and claims, and every pair that gold judges, called neutral, without a
    score. A layer that is empty counts as predicted, so those that a system does not predict should be left out."""
    closed = "contradictions" in layers
    return AnnotationSet(
        schema_version=SCHEMA_VERSION,
        source=source,
        role="system",
        claims_from=claims_from(gold) if closed else None,
        documents=tuple(DocumentRef(doc_id=d.doc_id, text_sha256=d.source.sha256) for d in documents),
        mentions=() if "mentions" in layers else None,
        entities=() if "entities" in layers else None,
        claims=() if "claims" in layers else None,
        contradictions=_asked(gold) if closed else None,
    )


def _asked(gold: AnnotationSet) -> tuple[Pair, ...]:
    pairs = sorted(gold.contradictions or (), key=lambda pair: pair.pair_id)
    return tuple(Pair(pair_id=p.pair_id, claim_a=p.claim_a, claim_b=p.claim_b, relation=NEUTRAL) for p in pairs)


def as_csv(made: AnnotationSet) -> str:
    """The pairs alone, as `variorum score` reads them: one line each, with an empty score."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("pair_id", "relation", "score"))
    lines.writerows((pair.pair_id, pair.relation, "") for pair in made.contradictions or ())
    return text.getvalue()
