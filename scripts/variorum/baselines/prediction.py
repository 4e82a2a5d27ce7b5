"""The annotation set that a baseline gives: its header, and names made entities."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from variorum.baselines.task import Task
from variorum.records import (
    AnnotationSet,
    Claim,
    DocumentRef,
    Entity,
    Mention,
    Pair,
    claims_from,
)
from variorum.schema import SCHEMA_VERSION


def prediction(
    name: str,
    task: Task,
    mentions: Iterable[Mention],
    entities: Iterable[Entity],
    claims: Iterable[Claim],
    pairs: Iterable[Pair],
) -> AnnotationSet:
    """All four layers with the header; the pairs are left out if no claims were given."""
    return replace(
        header(f"baseline-{name}", task),
        mentions=tuple(mentions),
        entities=tuple(entities),
        claims=tuple(claims),
        contradictions=tuple(pairs) if task.given else None,
    )


def header(source: str, task: Task) -> AnnotationSet:
    """A prediction without any layer: what made it, the articles, and whose claims the pairs are about."""
    return AnnotationSet(
        schema_version=SCHEMA_VERSION,
        source=source,
        role="system",
        claims_from=claims_from(task.given) if task.given else None,
        documents=tuple(DocumentRef(doc_id=d.doc_id, text_sha256=d.source.sha256) for d in task.documents),
    )


def first_names(mentions: Iterable[Mention]) -> Iterator[Entity]:
    """One entity for each id, under the first name that has it."""
    first: dict[str, Mention] = {}
    for mention in mentions:
        if mention.entity_id is not None:
            first.setdefault(mention.entity_id, mention)
    for key in sorted(first):
        yield Entity(entity_id=key, name=" ".join((first[key].text or key).split()), type=first[key].type)
