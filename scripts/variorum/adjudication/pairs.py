"""Claim pairs: what all who judged a pair say of it, else a decision; conflicts by majority of links.

Aspect and reason are voted on by those who chose the relation that holds. Values and spans that clash are words, so a
majority will do; a rationale is one person's.
"""

from collections.abc import Mapping, Sequence

import msgspec

from variorum.adjudication.ballot import Ballot, Needs, clusters, majority, unique
from variorum.adjudication.votes import Sets, settle_fields
from variorum.records import CONFLICT, Pair, pair_id, slug

UNCLEAR = "unclear"
FIELDS = {
    **dict.fromkeys(("aspect", "reason"), Needs.ALL),
    **dict.fromkeys(("value_a", "value_b"), Needs.MAJORITY),
    **dict.fromkeys(("span_a", "span_b", "rationale", "stratum"), Needs.NOTHING),
}
Judgements = Mapping[str, Sequence[tuple[str, Pair]]]  # pair_id -> (source, what it says)


def judgements(pair_sets: Sets) -> dict[str, list[tuple[str, Pair]]]:
    """Who judged each pair how, by pair and source; `pair_sets` come in the order of their rounds, earliest first.

    Where several rounds judge one pair, the last one counts.
    """
    rounds = list(dict.fromkeys(each.round for each in pair_sets))
    latest: dict[str, tuple[int, list[tuple[str, Pair]]]] = {}
    for each in sorted(pair_sets, key=lambda each: (rounds.index(each.round), each.source)):
        at = rounds.index(each.round)
        for pair in each.contradictions or ():
            key = pair_id(pair.claim_a, pair.claim_b)
            if key not in latest or latest[key][0] < at:
                latest[key] = (at, [])
            latest[key][1].append((each.source, pair))
    return {key: votes for key, (_, votes) in latest.items()}


def settle_pairs(voted: Judgements, claims: set[str], ballot: Ballot) -> list[Pair]:
    """The pairs in id order; a pair that names a claim outside `claims` is open."""
    for key, votes in voted.items():
        if not {votes[0][1].claim_a, votes[0][1].claim_b} <= claims:
            ballot.leave_open("pair.claims", (key,), [source for source, _ in votes])
    pairs = [pair for key in sorted(voted) if (pair := _settle(key, [pair for _, pair in voted[key]], ballot))]
    return _with_conflicts(pairs, voted, ballot)


def _settle(key: str, votes: Sequence[Pair], ballot: Ballot) -> Pair | None:
    relation = ballot.settle("pair.relation", (key,), [vote.relation for vote in votes], str, Needs.ALL)
    if relation in (None, UNCLEAR):
        ballot.leave_open("pair.relation", (key,), [vote.relation for vote in votes])
        return None
    alike = [vote for vote in votes if vote.relation == relation]
    fields = settle_fields("pair", (key,), alike, FIELDS, ballot)
    first = votes[0]
    return Pair(pair_id=key, claim_a=first.claim_a, claim_b=first.claim_b, relation=relation, **fields)


def _with_conflicts(pairs: Sequence[Pair], voted: Judgements, ballot: Ballot) -> list[Pair]:
    """The pairs with canonical conflict ids: the slug of the name that most sources use, else the first does."""
    conflicts = {pair.pair_id: pair.relation for pair in pairs if pair.relation in CONFLICT}
    labelled: dict[str, dict[str, str]] = {source: {} for key in conflicts for source, _ in voted[key]}
    for key in conflicts:
        for source, vote in voted[key]:
            if vote.relation in CONFLICT and vote.conflict_id:
                labelled[source][key] = vote.conflict_id
    sources = [labelled[source] for source in sorted(labelled)]
    groups = clusters("conflict", sources, ballot)
    names = unique(_name(group, sources) for group in groups)
    home = {key: name for name, group in zip(names, groups, strict=True) for key in group}
    return [msgspec.structs.replace(pair, conflict_id=home.get(pair.pair_id)) for pair in pairs]


def _name(group: Sequence[str], sources: Sequence[Mapping[str, str]]) -> str:
    votes = [labels[key] for labels in sources for key in group if key in labels]
    return slug((majority(votes) or votes)[0]) or group[0]
