"""Mentions, entities and claims as Label Studio results of one task for each article, and back.

`to_results` and `from_results` are inverse, but for the order of the records, for every set that passes the checks;
the few things that results cannot carry (a name with a blank at its end) are found in `filing` by trying. Ids of
records are kept as ids of regions; a region drawn in the browser has a random id, which is put behind its doc_id.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from variorum.corpus import Document
from variorum.label_studio import identity
from variorum.label_studio.controls import CLAIM, CUE, PART, SAME, TEXT, VALUE_TYPES, Control
from variorum.label_studio.identity import Use, entity_text, named_entity
from variorum.label_studio.results import (
    At,
    Filled,
    Link,
    Region,
    Result,
    attribute_result,
    link_result,
    read,
    region_result,
)
from variorum.label_studio.values import answers_of, value_of
from variorum.problems import Problem, several, shown
from variorum.records import AnnotationSet, Claim, Entity, Mention, Span

_ENDS = {CUE.const: "cue", PART.const: "part"}


class Layers(msgspec.Struct, frozen=True):
    """The three layers of the article round, each in canonical order."""

    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    claims: tuple[Claim, ...] = ()


# --- records to results --------------------------------------------------------------------------------------


def to_results(
    annotation_set: AnnotationSet, controls: Mapping[str, Control], documents: Mapping[str, Document]
) -> dict[str, list[Result]]:
    """The results for each document that the set covers, by doc_id; only layers that `controls` ask for."""
    entities = {entity.entity_id: entity for entity in annotation_set.entities or ()}
    found: dict[str, list[Result]] = {reference.doc_id: [] for reference in annotation_set.documents}
    for mention in (annotation_set.mentions or ()) if "mention" in controls else ():
        text = documents[mention.doc_id].text
        found[mention.doc_id] += _mention_results(mention, entities, controls, text)
    for claim in (annotation_set.claims or ()) if "claim" in controls else ():
        found[claim.doc_id] += _claim_results(claim, entities, controls, documents[claim.doc_id].text)
    return found


def _mention_results(
    mention: Mention, entities: Mapping[str, Entity], controls: Mapping[str, Control], text: str
) -> Iterator[Result]:
    region = region_result(controls["mention"], mention.mention_id, mention.start, mention.end, text, mention.type)
    entity = entities.get(mention.entity_id or "")
    answers = {"level": [mention.level], "entity": [entity_text(entity) if entity else mention.entity_id]}
    answers["entity_type"] = [entity.type if entity and entity.type != mention.type else None]
    answers |= {name: [answer] for name, answer in answers_of(mention.value).items()}
    yield region
    yield from _attributes(region, answers, controls)


def _claim_results(
    claim: Claim, entities: Mapping[str, Entity], controls: Mapping[str, Control], text: str
) -> Iterator[Result]:
    first, *further = claim.spans
    region = region_result(controls["claim"], claim.claim_id, first.start, first.end, text, CLAIM.const)
    about: list[str | None] = [entity_text(entities[e]) if e in entities else e for e in claim.entities]
    fields = ("proposition", "kind", "polarity", "certainty", "time")
    answers: dict[str, list[str | None]] = {name: [getattr(claim, name)] for name in fields}
    yield region
    yield from _attributes(region, {**answers, "entities": about}, controls)
    if claim.holder:
        yield link_result(claim.claim_id, claim.holder, "holder")
    parts = [(f"p{i}", PART.const, "part", span) for i, span in enumerate(further, 2)]
    for end, label, name, span in [*parts, *([("cue", CUE.const, "cue", claim.cue)] if claim.cue else [])]:
        yield region_result(controls["claim"], f"{claim.claim_id}-{end}", span.start, span.end, text, label)
        yield link_result(claim.claim_id, f"{claim.claim_id}-{end}", name)


def _attributes(
    region: Result, answers: Mapping[str, Iterable[str | None]], controls: Mapping[str, Control]
) -> Iterator[Result]:
    for name, given in answers.items():
        kept = [answer for answer in given if answer is not None]
        if kept and name in controls:
            yield attribute_result(controls[name], region, kept)


# --- results to records --------------------------------------------------------------------------------------


def from_results(
    results: Mapping[str, tuple[object, At]],
    controls: Mapping[str, Control],
    documents: Mapping[str, Document],
    problems: list[Problem],
) -> Layers:
    """The records of one annotator from the result of each article (by doc_id, with its place); never raises.

    What is not fit to be a record is added to `problems` and left out.
    """
    mentions: list[Mention] = []
    claims: list[Claim] = []
    uses: list[Use] = []
    for doc_id in (doc_id for doc_id in documents if doc_id in results):
        result, at = results[doc_id]
        filled = read(result, controls, {TEXT: documents[doc_id].text}, at, problems)
        article = _Article(documents[doc_id], filled, problems)
        entity_of = article.entities() if "entity" in controls else {}
        uses += entity_of.values()
        mentions += sorted(article.mentions(entity_of), key=lambda m: (m.start, -m.end, m.mention_id))
        claims += sorted(article.claims(), key=lambda c: (c.spans[0].start, c.spans[-1].end, c.claim_id))
    entities = sorted(identity.entities(uses, problems), key=lambda entity: entity.entity_id)
    return Layers(tuple(mentions), tuple(entities), tuple(claims))


class _Article:
    """Makes records of what was filled in for one article."""

    def __init__(self, document: Document, filled: Filled, problems: list[Problem]) -> None:
        self.document, self.filled, self.problems = document, filled, problems
        self.linked = self._linked()

    def say(self, at: At, rule: str, message: str) -> None:
        self.problems.append(at.problem(rule, message))

    def own_id(self, region_id: str) -> str:
        return region_id if region_id.startswith(f"{self.document.doc_id}-") else f"{self.document.doc_id}-{region_id}"

    def span(self, region: Region) -> Span:
        return Span(start=region.start, end=region.end, text=self.document.text[region.start : region.end])

    def of(self, control: str) -> Iterator[Region]:
        return (region for region in self.filled.regions.values() if region.control == control)

    def entities(self) -> dict[str, Use]:
        """The entity of each mention that has one, by region id."""
        regions = [region for region in self.of("mention") if region.label not in VALUE_TYPES]
        links = [(own, end.region_id) for (own, name), ends in self.linked.items() if name == SAME for end in ends]
        return dict(identity.uses(regions, links, self.problems))

    def mentions(self, entity_of: Mapping[str, Use]) -> Iterator[Mention]:
        for region in self.of("mention"):
            use = entity_of.get(region.region_id)
            span = self.span(region)
            yield Mention(
                mention_id=self.own_id(region.region_id),
                doc_id=self.document.doc_id,
                start=span.start,
                end=span.end,
                text=span.text,
                type=region.label,
                level=region.answer("level"),
                entity_id=use.entity.entity_id if use else None,
                value=value_of(region.answer, region.at, self.problems),
            )

    def claims(self) -> Iterator[Claim]:
        for region in self.of("claim"):
            if region.label != CLAIM.const:
                if not any(region in ends for ends in self.linked.values()):
                    self.say(region.at, "unlinked-region", f"this {region.label} is not linked with a claim")
            elif claim := self._claim(region):
                yield claim

    def _claim(self, region: Region) -> Claim | None:
        needed = {name: region.answer(name) for name in ("proposition", "kind", "polarity", "certainty")}
        for name in (name for name, answer in needed.items() if answer is None):
            self.say(region.at, "missing-answer", f"a claim needs its {name}")
        if None in needed.values():
            return None
        spans = [self.span(each) for each in [region, *self.linked.get((region.region_id, "part"), [])]]
        holder, cue = (self._one(region, name) for name in ("holder", "cue"))
        return Claim(
            claim_id=self.own_id(region.region_id),
            doc_id=self.document.doc_id,
            spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
            **{name: str(answer) for name, answer in needed.items()},
            holder=self.own_id(holder.region_id) if holder else None,
            cue=self.span(cue) if cue else None,
            time=region.answer("time"),
            entities=tuple(dict.fromkeys(named_entity(name)[0] for name in region.answers.get("entities", ()))),
        )

    def _one(self, region: Region, name: str) -> Region | None:
        ends = self.linked.get((region.region_id, name), [])
        if len(ends) > 1:
            self.say(region.at, "bad-relation", f"a claim has one {name}, this has {len(ends)}")
        return ends[0] if ends else None

    def _linked(self) -> dict[tuple[str, str], list[Region]]:
        """For each region id that a link begins at, and each kind of link, the regions at the other end."""
        found: dict[tuple[str, str], list[Region]] = {}
        for link in self.filled.links:
            ends = self._ends(link)
            if isinstance(ends, str):
                self.say(link.at, "bad-relation", ends)
                continue
            first, name, other = ends
            listed = found.setdefault((first.region_id, name), [])
            listed += [] if other in listed else [other]
        return found

    def _ends(self, link: Link) -> tuple[Region, str, Region] | str:
        """Claim (or mention), kind of link and other end, in whatever direction it was drawn; or what is wrong with it.

        What the regions are decides the kind, so that nobody has to choose a name for each link.
        """
        ends = [self.filled.regions.get(end) for end in (link.from_id, link.to_id)]
        regions = sorted((end for end in ends if end), key=lambda end: end.label != CLAIM.const)
        if len(regions) < 2 or link.from_id == link.to_id:
            return f"a relation between {shown(link.from_id)} and {shown(link.to_id)}, which are not two regions"
        first, other = regions
        name = _kind_of_link(first, other)
        if name is None:
            what = "a relation links a claim with a mention, CUE or CLAIM_PART, or two mentions of one entity"
            return f"{what}, this {first.label} and {other.label}"
        if link.names and name not in link.names:
            return f"the relation is called {several(link.names)}, but it links {first.label} and {other.label}: {name}"
        return first, name, other


def _kind_of_link(first: Region, other: Region) -> str | None:
    """What a link between these can only mean; `first` is the claim, if one of them is. None: nothing."""
    if first.control == other.control == "mention":
        return None if {first.label, other.label} & set(VALUE_TYPES) else SAME
    if first.label != CLAIM.const or other.label == CLAIM.const:
        return None
    return "holder" if other.control == "mention" else _ENDS[other.label]
