"""Merging: edits and the judgements of them made into contrast pairs.

Each edit is judged blind by two annotators other than its writer. It is accepted if every one of them falls on the side
that the writer meant (conflict: contradiction or tension; no conflict: agreement or neutral); `unclear` falls on no
side. The relation of an accepted pair is what most of the writer and the verifiers say; at a tie, the writer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from variorum.contrast.records import Contrast, Edit, Edits, Judgements, Unedited, Verified, Vote
from variorum.records import CONFLICT, ClaimsFrom
from variorum.schema import SCHEMA_VERSION

NEEDED = 2  # verifiers
UNCLEAR, SPLIT, OPPOSED = REASONS = ("unclear", "split", "opposed")


class Merged(NamedTuple):
    """What is made of the files; `open` are the contrast_ids of edits that fewer than two have judged."""

    contrast: Contrast
    open: tuple[str, ...]


def merge(written: Sequence[Edits], verified: Sequence[Judgements], claims_from: ClaimsFrom) -> Merged:
    """Contrast pairs, rejected edits, and what verifiers said of pairs that nobody edited.

    A judgement by the writer of an edit does not count. ValueError if two edits are of one pair.
    """
    votes = _votes(verified)
    pairs, rejected, waiting = list[Verified](), list[Verified](), list[str]()
    for edit, by in _edits(written):
        found = tuple(vote for vote in votes.get(edit.contrast_id, ()) if vote.source != by.source)
        if len(found) < NEEDED:
            waiting.append(edit.contrast_id)
            continue
        reason = rejection(edit.relation, [vote.relation for vote in found])
        made = Verified(
            edit=edit,
            writer=by.source,
            guideline_version=by.guideline_version,
            votes=found,
            relation=None if reason else majority(edit.relation, [vote.relation for vote in found]),
            reason=reason,
        )
        (rejected if reason else pairs).append(made)
    return Merged(
        Contrast(
            schema_version=SCHEMA_VERSION,
            claims_from=claims_from,
            pairs=tuple(pairs),
            rejected=tuple(rejected),
            unedited=tuple(_unedited(verified)),
        ),
        tuple(waiting),
    )


def rejection(meant: str, said: Sequence[str]) -> str | None:
    """Why an edit is rejected whose pair should be `meant`, and of which the verifiers said this; None if it is not.

    >>> rejection("agreement", ["neutral", "agreement"]), rejection("agreement", ["tension", "neutral"])
    (None, 'split')
    """
    sides = [None if each == "unclear" else (each in CONFLICT) == (meant in CONFLICT) for each in said]
    if all(sides):
        return None
    if False not in sides:
        return UNCLEAR
    return SPLIT if True in sides else OPPOSED


def majority(meant: str, said: Sequence[str]) -> str:
    """The relation that most of the writer and the verifiers say; at a tie, the writer's if it is among the first.

    >>> majority("neutral", ["agreement", "agreement"]), majority("tension", ["contradiction", "tension"])
    ('agreement', 'tension')
    """
    return Counter([meant, *said]).most_common(1)[0][0]


def _edits(written: Iterable[Edits]) -> Iterator[tuple[Edit, Edits]]:
    """All edits in the order of their ids, each with the file it is from."""
    found = {edit.contrast_id: (edit, each) for each in written for edit in each.edits}
    if len(found) < sum(len(each.edits) for each in written):
        raise ValueError("a pair is edited twice")
    yield from (found[key] for key in sorted(found))


def _votes(verified: Iterable[Judgements]) -> Mapping[str, list[Vote]]:
    """By contrast_id, in the order of the verifiers' names."""
    found: dict[str, list[Vote]] = defaultdict(list)
    for each in sorted(verified, key=lambda judgements: judgements.source):
        for judged in each.judgements:
            if judged.contrast_id is not None:
                vote = Vote(source=each.source, relation=judged.relation, remark=judged.remark)
                found[judged.contrast_id].append(vote)
    return found


def _unedited(verified: Iterable[Judgements]) -> Iterator[Unedited]:
    found: dict[str, list[Vote]] = defaultdict(list)
    for each in sorted(verified, key=lambda judgements: judgements.source):
        for judged in each.judgements:
            if judged.pair_id is not None:
                found[judged.pair_id].append(Vote(source=each.source, relation=judged.relation, remark=judged.remark))
    yield from (Unedited(pair_id=key, votes=tuple(found[key])) for key in sorted(found))


# --- figures -----------------------------------------------------------------------------------------------------


class Count(NamedTuple):
    """How many of some edits were accepted, rejected by reason."""

    what: str
    accepted: int
    rejected: Mapping[str, int]

    @property
    def all(self) -> int:
        return self.accepted + sum(self.rejected.values())


def acceptance(contrast: Contrast) -> list[Count]:
    """Accepted and rejected edits: all, by direction, by edit type and by writer; those there are, by name."""
    every = (*contrast.pairs, *contrast.rejected)
    found = [_count("all", contrast, lambda each: True)]
    for name, of in _GROUPS.items():
        for value in sorted(set(map(of, every))):
            found.append(_count(f"{name} {value}", contrast, partial(_is, of, value)))
    return found


_GROUPS: Mapping[str, Callable[[Verified], str]] = {
    "direction": lambda each: each.edit.direction,
    "edit type": lambda each: each.edit.edit_type,
    "writer": lambda each: each.writer,
}


def _is(of: Callable[[Verified], str], value: str, each: Verified) -> bool:
    return of(each) == value


def _count(what: str, contrast: Contrast, which: Callable[[Verified], bool]) -> Count:
    reasons = Counter(each.reason for each in contrast.rejected if which(each))
    accepted = sum(1 for each in contrast.pairs if which(each))
    return Count(what, accepted, {name: reasons[name] for name in REASONS})


class Control(NamedTuple):
    """Of the judgements of pairs that nobody edited, how many fell on gold's side; per verifier."""

    source: str
    right: int
    of: int


def controls(contrast: Contrast, relations: Mapping[str, str]) -> list[Control]:
    """Per verifier; `relations` of gold by pair_id. `unclear` is on no side."""
    right, of = Counter[str](), Counter[str]()
    for each in contrast.unedited:
        for vote in each.votes if each.pair_id in relations else ():
            of[vote.source] += 1
            right[vote.source] += rejection(relations[each.pair_id], [vote.relation]) is None
    return [Control(source, right[source], of[source]) for source in sorted(of)]
