"""What a rule is, what it finds, and what it looks at."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from variorum.corpus import Document
from variorum.problems import ERROR, Problem
from variorum.records import AnnotationSet, Claim, Entity, Mention, Span
from variorum.schema import Schema

# The stages of checking; a stage is entered only if the ones before it found nothing that forbids it.
STAGES = ("reading", "formats", "schema", "quotes", "records", "corpus", "contrast", "studio")
PEOPLE = ("annotator", "consolidated", "gold")
EVERYBODY = (*PEOPLE, "system")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: its id, at which stage it is asked, in one line what holds, and why (may be empty).

    `roles` are the roles of the sets it is asked of. A prediction is held to reading, schema, reference and offset
    rules; whether its labels are complete and right is what the scorer measures, not a condition for being scored.
    """

    id: str
    stage: str
    summary: str
    why: str = ""
    level: str = ERROR
    roles: tuple[str, ...] = EVERYBODY


class Finding(NamedTuple):
    """A problem without the name of the file, which a rule does not know, and the level, which its rule has."""

    rule: str
    place: str
    message: str


def by_id(*rules: Rule) -> dict[str, Rule]:
    """Rules under their ids."""
    return {rule.id: rule for rule in rules}


def problems(
    found: Iterable[Finding | Problem], rules: Mapping[str, Rule], file: str, role: str = "gold"
) -> Iterator[Problem]:
    """The findings that count in a set of this role, as problems of `file`; what is a problem already as it is."""
    for each in found:
        if isinstance(each, Problem):
            yield each
        elif role in rules[each.rule].roles:
            yield Problem(file, each.place, each.rule, each.message, rules[each.rule].level)


class Subject:
    """A set under check, what it refers to, and the indexes that several rules need.

    `annotation_set` may hold spans with `UNRESOLVED` offsets; rules about offsets pass them over. `other` is the set
    whose claims are judged, if it is at hand. Where an id stands twice, indexes hold the first record.
    """

    def __init__(
        self,
        annotation_set: AnnotationSet,
        documents: Mapping[str, Document],
        schema: Schema,
        other: AnnotationSet | None = None,
    ) -> None:
        self.set, self.documents, self.schema, self.other = annotation_set, documents, schema, other

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        return self.set.mentions or ()

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        return self.set.claims or ()

    @cached_property
    def mention_by_id(self) -> dict[str, Mention]:
        return {mention.mention_id: mention for mention in reversed(self.mentions)}

    @cached_property
    def entity_by_id(self) -> dict[str, Entity]:
        return {entity.entity_id: entity for entity in reversed(self.set.entities or ())}

    @cached_property
    def claim_by_id(self) -> dict[str, Claim]:
        """The claims that pairs may be about: those of the set and of the other set."""
        others = (self.other.claims or ()) if self.other else ()
        return {claim.claim_id: claim for claim in (*others, *reversed(self.claims))}

    def text(self, doc_id: str) -> str | None:
        """The text of a document, or None if the corpus has none of that id."""
        document = self.documents.get(doc_id)
        return document.text if document else None


class Place(NamedTuple):
    """A span of a set: its JSON path, its document, and whether it belongs to a mention."""

    path: str
    doc_id: str
    span: Mention | Span


def spans(subject: Subject) -> Iterator[Place]:
    """All spans of a set whose document is known and whose offsets are settled."""
    for place in _all_spans(subject):
        if place.span.start >= 0 and place.doc_id in subject.documents:
            yield place


def _all_spans(subject: Subject) -> Iterator[Place]:
    for i, mention in enumerate(subject.mentions):
        yield Place(f"$.mentions[{i}]", mention.doc_id, mention)
    for i, claim in enumerate(subject.claims):
        for j, span in enumerate(claim.spans):
            yield Place(f"$.claims[{i}].spans[{j}]", claim.doc_id, span)
        if claim.cue:
            yield Place(f"$.claims[{i}].cue", claim.doc_id, claim.cue)
    for i, pair in enumerate(subject.set.contradictions or ()):
        for side, claim_id, clash in (("a", pair.claim_a, pair.span_a), ("b", pair.claim_b, pair.span_b)):
            if clash and claim_id in subject.claim_by_id:
                yield Place(f"$.contradictions[{i}].span_{side}", subject.claim_by_id[claim_id].doc_id, clash)
