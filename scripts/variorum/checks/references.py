"""Rules of ids: each stands for one record, and each that is named is there."""

from collections.abc import Iterable, Iterator

from variorum.checks.rule import Finding, Rule, Subject, by_id
from variorum.problems import shown

RULES = by_id(
    Rule(id="duplicate-id", stage="records", summary="An id stands for one record of its layer."),
    Rule(
        id="dangling-reference",
        stage="records",
        summary="Every id that a record names is the id of a record, in a layer that the set has.",
        why="Looked up are entity_id and entities among the entities, holder among the mentions, claim_a and claim_b "
        "among the claims of the set and of the set that claims_from names. A layer that is left out altogether is not "
        "looked into.",
    ),
)


def check_ids(subject: Subject) -> Iterator[Finding]:
    """Each id of a layer once."""
    layers: tuple[tuple[str, Iterable[str]], ...] = (
        ("mentions", (mention.mention_id for mention in subject.mentions)),
        ("entities", (entity.entity_id for entity in subject.set.entities or ())),
        ("claims", (claim.claim_id for claim in subject.claims)),
        ("contradictions", (pair.pair_id for pair in subject.set.contradictions or ())),
    )
    for layer, ids in layers:
        first: dict[str, int] = {}
        for i, each in enumerate(ids):
            if (other := first.setdefault(each, i)) != i:
                message = f"{shown(each)} is the id of $.{layer}[{other}] already"
                yield Finding("duplicate-id", f"$.{layer}[{i}]", message)


def check_references(subject: Subject) -> Iterator[Finding]:
    """Each id that a mention or a claim names; those of pairs are looked up in `pairs`."""
    if subject.set.entities is not None:
        for i, mention in enumerate(subject.mentions):
            if mention.entity_id is not None and mention.entity_id not in subject.entity_by_id:
                yield dangling(f"$.mentions[{i}].entity_id", "entity", mention.entity_id)
        for i, claim in enumerate(subject.claims):
            for j, entity_id in enumerate(claim.entities):
                if entity_id not in subject.entity_by_id:
                    yield dangling(f"$.claims[{i}].entities[{j}]", "entity", entity_id)
    if subject.set.mentions is not None:
        for i, claim in enumerate(subject.claims):
            if claim.holder is not None and claim.holder not in subject.mention_by_id:
                yield dangling(f"$.claims[{i}].holder", "mention", claim.holder)


def dangling(place: str, what: str, name: str) -> Finding:
    """The finding for an id that no record has."""
    return Finding("dangling-reference", place, f"there is no {what} {shown(name)}")
