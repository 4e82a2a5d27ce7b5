"""Claims: matched by their evidence; whether something is one and what it is like takes all votes, else a decision.

Evidence, proposition and cue are words in which annotators rarely agree to the letter: they are taken, together, from
the version that is most like the others.
"""

from collections.abc import Mapping, Sequence

import msgspec

from variorum.adjudication.ballot import Ballot, Needs, unique
from variorum.adjudication.votes import Names, Sets, settle_fields, voters_by_document
from variorum.matching import Criterion, claim_items, likeness, match
from variorum.records import Claim

SAME_CLAIM = Criterion.parse("jaccard0.5")
WORDS = dict.fromkeys(("spans", "proposition", "cue"), Needs.NOTHING)
FIELDS = dict.fromkeys(("kind", "polarity", "certainty", "time", "holder"), Needs.ALL)
Group = Mapping[int, Claim]  # index of the set -> its claim, with canonical references


def settle_claims(
    sets: Sets, mention_names: Names, entity_names: Names, mentions: set[str], ballot: Ballot
) -> list[Claim]:
    """The claims in text order; `mentions` are the ids of those that were kept, which holders must be among."""
    groups = [
        {index: _canonical(claim, index, mention_names, entity_names) for index, claim in group.items()}
        for group in _groups(sets)
    ]
    voters = voters_by_document(sets, "claims")
    firsts = _named([_first(group) for group in groups])
    kept = [
        _settle(first, group, voters[first.doc_id], mentions, ballot)
        for first, group in zip(firsts, groups, strict=True)
    ]
    return sorted(_named([claim for claim in kept if claim]), key=_place)


def _groups(sets: Sets) -> list[dict[int, Claim]]:
    """Which claims are the same one: each set in turn is matched with the first claims of the groups so far."""
    groups: list[dict[int, Claim]] = []
    for index, each in enumerate(sets):
        firsts = [item._replace(item_id=f"{n:09}") for n, item in enumerate(claim_items(map(_head, groups)))]
        home = {m.right.item_id: int(m.left.item_id) for m in match(firsts, claim_items(each.claims), SAME_CLAIM)}
        for claim in sorted(each.claims or (), key=_place):
            if claim.claim_id in home:
                groups[home[claim.claim_id]][index] = claim
            else:
                groups.append({index: claim})
    return groups


def _head(group: Group) -> Claim:
    return group[min(group)]


def _place(claim: Claim) -> tuple[str, int, int, str, str]:
    return claim.doc_id, claim.spans[0].start, claim.spans[-1].end, claim.proposition, claim.claim_id


def _canonical(claim: Claim, index: int, mention_names: Names, entity_names: Names) -> Claim:
    """The claim with canonical references; one to nothing is kept as it is, for the checks to find."""
    holder = claim.holder and mention_names.get((index, claim.holder), claim.holder)
    entities = tuple(sorted({entity_names.get((index, own), own) for own in claim.entities}))
    return msgspec.structs.replace(claim, holder=holder, entities=entities)


def _first(group: Group) -> Claim:
    """The version that is most like the others, in evidence and proposition; among equals that of the first source."""
    votes = [group[index] for index in sorted(group)]
    items = claim_items(votes)
    return max(zip(votes, items, strict=True), key=lambda each: sum(likeness(each[1], other) for other in items))[0]


def _named(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, in the order given, with canonical ids."""
    order = sorted(range(len(claims)), key=lambda n: (_base(claims[n]), claims[n].proposition, n))
    names = dict(zip(order, unique(_base(claims[n]) for n in order), strict=True))
    return [msgspec.structs.replace(claim, claim_id=names[n]) for n, claim in enumerate(claims)]


def _base(claim: Claim) -> str:
    return f"{claim.doc_id}-c{claim.spans[0].start}-{claim.spans[-1].end}"


def _settle(first: Claim, group: Group, voters: Sequence[int], mentions: set[str], ballot: Ballot) -> Claim | None:
    ids, votes = (first.claim_id,), [group[index] for index in sorted(group)]
    if not ballot.settle("claim", ids, [index in group for index in voters], bool, Needs.ALL):
        return None
    fields = settle_fields("claim", ids, votes, FIELDS, ballot) | settle_fields("claim", ids, [first], WORDS, ballot)
    if fields["holder"] is not None and fields["holder"] not in mentions:
        ballot.leave_open("claim.holder", ids, [vote.holder for vote in votes])
    about = [vote.entities for vote in votes]
    fields["entities"] = ballot.settle("claim.entities", ids, about, tuple[str, ...], Needs.ALL) or ()
    fields = {name: value for name, value in fields.items() if value is not None or name in ("cue", "time", "holder")}
    return msgspec.structs.replace(first, **fields)
