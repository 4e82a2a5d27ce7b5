"""Claims: matched by their evidence, kept by majority, each field settled by itself.

Evidence, proposition and cue are words in which two annotators rarely agree to the letter; without a majority they are
those of the source that sorts first. Every other field without a majority is open.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from variorum.adjudication.ballot import Ballot, majority, unique
from variorum.adjudication.votes import Names, Sets, settle_fields, voters_by_document
from variorum.matching import Criterion, claim_items, match
from variorum.records import Claim

SAME_CLAIM = Criterion.parse("jaccard0.5")
LENIENT = ("spans", "proposition", "cue")
STRICT = ("kind", "polarity", "certainty", "time")
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
    """The claim as it stands undecided: words by majority, else of the first source."""
    votes = [group[index] for index in sorted(group)]
    words = {name: (majority(v) or v)[0] for name in LENIENT if (v := [getattr(vote, name) for vote in votes])}
    return msgspec.structs.replace(votes[0], **words)


def _named(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, in the order given, with canonical ids."""
    order = sorted(range(len(claims)), key=lambda n: (_base(claims[n]), claims[n].proposition, n))
    names = dict(zip(order, unique(_base(claims[n]) for n in order), strict=True))
    return [msgspec.structs.replace(claim, claim_id=names[n]) for n, claim in enumerate(claims)]


def _base(claim: Claim) -> str:
    return f"{claim.doc_id}-c{claim.spans[0].start}-{claim.spans[-1].end}"


def _settle(first: Claim, group: Group, voters: Sequence[int], mentions: set[str], ballot: Ballot) -> Claim | None:
    ids, votes = (first.claim_id,), [group[index] for index in sorted(group)]
    if not ballot.settle("claim", ids, [index in group for index in voters], bool):
        return None
    fields = settle_fields("claim", ids, votes, (*STRICT, "holder"), LENIENT, ballot)
    if fields["holder"] is not None and fields["holder"] not in mentions:
        ballot.leave_open("claim.holder", ids, [vote.holder for vote in votes])
    fields["entities"] = _about(ids, [vote.entities for vote in votes], ballot)
    fields = {name: value for name, value in fields.items() if value is not None or name in ("cue", "time", "holder")}
    return msgspec.structs.replace(first, **fields)


def _about(ids: tuple[str, ...], votes: Sequence[tuple[str, ...]], ballot: Ballot) -> Any:
    """The entities it is about: each that a majority names; open where the votes on one are even."""
    if ballot.decided("claim.entities", ids):
        return ballot.settle("claim.entities", ids, votes, tuple[str, ...])
    names = sorted({name for vote in votes for name in vote})
    support = {name: sum(name in vote for vote in votes) for name in names}
    if any(2 * n == len(votes) for n in support.values()):
        ballot.leave_open("claim.entities", ids, votes)
    return tuple(name for name, n in support.items() if 2 * n > len(votes))
