"""From several annotators' sets to one: `consolidate` for articles, `gold` for claim pairs.

Ids are canonical: they follow from what is labelled, so other labels can be added without changing them.

    mention   <doc>-m<start>-<end>             entity   e-<slug of the name>
    claim     <doc>-c<first start>-<last end>  pair     <claim>~<claim>

Where several share one, -2, -3 … are appended: to claims in the order of their propositions, to entities in the
order of their first mentions.
"""

from collections.abc import Iterable

import msgspec

from variorum.adjudication.ballot import Ballot, Open
from variorum.adjudication.claims import settle_claims
from variorum.adjudication.mentions import settle_entities, settle_mentions
from variorum.adjudication.pairs import judgements, settle_pairs
from variorum.adjudication.votes import Sets, documents, guidelines, has
from variorum.decisions import Decision
from variorum.records import AnnotationSet, Claim, Record
from variorum.schema import SCHEMA_VERSION

__all__ = ["Open", "Outcome", "consolidate", "gold", "judgements"]


class Outcome(Record, frozen=True):
    """The set that came out, what is still open (then the set is not final), and decisions about nothing."""

    annotation_set: AnnotationSet
    open: tuple[Open, ...] = ()
    unused: tuple[Decision, ...] = ()


def consolidate(sets: Sets, decisions: Iterable[Decision] = ()) -> Outcome:
    """One set of mentions, entities and claims from the sets of an article round. ValueError if there is no set."""
    if not sets:
        raise ValueError("there is nothing to consolidate: no set was given")
    ordered, ballot = sorted(sets, key=lambda each: each.source), Ballot(decisions)
    mentions, mention_names = settle_mentions(ordered, ballot)
    mentions, entities, entity_names = settle_entities(ordered, mentions, mention_names, ballot)
    if has(ordered, "mentions"):  # what nobody's kept mention refers to is no entity here, whatever claims say
        mentioned = {m.entity_id for m in mentions}
        entities = [entity for entity in entities if entity.entity_id in mentioned]
    claims = settle_claims(ordered, mention_names, entity_names, {m.mention_id for m in mentions}, ballot)
    known = {entity.entity_id for entity in entities}
    claims = [_about(claim, known) for claim in claims]
    result = AnnotationSet(
        schema_version=SCHEMA_VERSION,
        source="consolidated",
        role="consolidated",
        guideline_version=guidelines(ordered),
        round=ordered[0].round,
        documents=documents(ordered),
        mentions=tuple(mentions) if has(ordered, "mentions") else None,
        entities=tuple(entities) if has(ordered, "entities") else None,
        claims=tuple(claims) if has(ordered, "claims") else None,
    )
    return Outcome(result, ballot.open, ballot.unused)


def _about(claim: Claim, entities: set[str]) -> Claim:
    return msgspec.structs.replace(claim, entities=tuple(each for each in claim.entities if each in entities))


def gold(consolidated: AnnotationSet, pair_sets: Sets, decisions: Iterable[Decision], version: str) -> Outcome:
    """The consolidated set with the pairs judged by `pair_sets`, whose rounds are given earliest first.

    The header's `round` names the version, `gold-<version>`. Every pair must be about claims of the consolidated set;
    one that is not is open. Without pair sets the result
    has no contradictions layer.
    """
    ballot = Ballot(decisions)
    pairs = settle_pairs(judgements(pair_sets), {c.claim_id for c in consolidated.claims or ()}, ballot)
    result = msgspec.structs.replace(
        consolidated,
        source="gold",
        role="gold",
        guideline_version=guidelines([consolidated, *pair_sets]),
        round=f"gold-{version}",
        contradictions=tuple(pairs) if has(pair_sets, "contradictions") else None,
    )
    return Outcome(result, ballot.open, ballot.unused)
