"""Votes and decisions: how several annotators' labels become one.

A decision of the adjudicator holds. Without one it depends on what the item needs: that more than half of those who
voted are for it, or that all are; where it is not so the item is open, and somebody has to decide, with a reason. What
is mere wording is never open. Identity is voted on link by link.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import combinations
from typing import Any, TypeVar

import msgspec

from variorum.decisions import About, Decision, about, repeated
from variorum.records import Record

T = TypeVar("T", bound=Hashable)


class Needs(Enum):
    """What settles an item without a decision."""

    MAJORITY = "more than half of the votes"
    ALL = "all votes"
    NOTHING = "a majority, else the first vote"


class Open(Record, frozen=True):
    """Something that nobody has decided: the item, its canonical ids, and the votes as JSON, in order of sources."""

    item: str
    ids: tuple[str, ...]
    votes: tuple[str, ...]

    def line(self) -> str:
        return f"{self.item} {' '.join(self.ids)}: {' | '.join(self.votes)}"


def majority(votes: Sequence[T]) -> tuple[T] | None:
    """What more than half of the votes are for, in a tuple of one since it may be None; None without a majority."""
    for vote, count in Counter(votes).most_common(1):
        if 2 * count > len(votes):
            return (vote,)
    return None


class Ballot:
    """Settles votes with the adjudicator's decisions at hand; keeps what stays open and which decisions were used.

    Raises ValueError if two decisions are on one item.
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        listed = list(decisions)
        for first, again in repeated(listed):
            what = f"{listed[first].item} {' '.join(listed[first].ids)}"
            raise ValueError(f"there are two decisions on {what}: number {first} and number {again}, counted from 0")
        self._decisions = {about(d): d for d in listed}
        self._used: set[About] = set()
        self._open: dict[About, Open] = {}

    @property
    def open(self) -> tuple[Open, ...]:
        """What is open, by item and ids."""
        return tuple(self._open[key] for key in sorted(self._open))

    @property
    def unused(self) -> tuple[Decision, ...]:
        """Decisions about something that nobody labelled: most likely a mistyped id."""
        return tuple(self._decisions[key] for key in sorted(self._decisions.keys() - self._used))

    def decided(self, item: str, ids: tuple[str, ...]) -> Decision | None:
        """The decision about an item, if there is one."""
        found = self._decisions.get((item, ids))
        if found:
            self._used.add((item, ids))
        return found

    def settle(
        self, item: str, ids: tuple[str, ...], votes: Sequence[Any], kind: Any, needs: Needs = Needs.MAJORITY
    ) -> Any:
        """What holds, of type `kind`; None while it is open.

        Raises ValueError if a decision's choice is not of that type.
        """
        if decision := self.decided(item, ids):
            return _choice(decision, kind)
        won = majority(votes)
        if won and (needs is not Needs.ALL or len(set(votes)) == 1):
            return won[0]
        if votes and needs is Needs.NOTHING:
            return votes[0]
        self.leave_open(item, ids, votes)
        return None

    def leave_open(self, item: str, ids: tuple[str, ...], votes: Sequence[Any]) -> None:
        """List an item as open."""
        self._open[item, ids] = Open(item, ids, tuple(msgspec.json.encode(vote).decode() for vote in votes))

    def links(self, item: str) -> Iterator[tuple[str, str]]:
        """The pairs of records that a decision about this kind of link names."""
        for name, ids in self._decisions:
            if name == item and len(ids) == 2:
                yield ids[0], ids[1]


def _choice(decision: Decision, kind: Any) -> Any:
    try:
        return msgspec.convert(decision.choice, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"decision on {decision.item} {' '.join(decision.ids)}: {error}") from error


def clusters(item: str, labelled: Sequence[Mapping[str, str]], ballot: Ballot) -> list[tuple[str, ...]]:
    """Groups of records that are one and the same, each and all in order.

    `labelled` has one mapping a source, from a record's id to the source's name for what it is. Two records are linked
    if a majority of the sources that labelled both gave them one name; links are closed transitively, and a pair within
    a group that a majority keeps apart is open.
    """
    nodes = sorted({node for labels in labelled for node in labels})
    parent = {node: node for node in nodes}
    for a, b in sorted(_suggested(item, labelled, ballot)):
        if a in parent and b in parent and _same(item, a, b, labelled, ballot):
            parent[_root(parent, b)] = _root(parent, a)
    groups: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        groups[_root(parent, node)].append(node)
    for group in groups.values():
        _contest(item, group, labelled, ballot)
    return sorted(tuple(group) for group in groups.values())


def _suggested(item: str, labelled: Sequence[Mapping[str, str]], ballot: Ballot) -> set[tuple[str, str]]:
    pairs = set(ballot.links(item))
    for labels in labelled:
        groups: dict[str, list[str]] = defaultdict(list)
        for node in sorted(labels):
            groups[labels[node]].append(node)
        pairs.update(pair for group in groups.values() for pair in combinations(group, 2))
    return pairs


def _votes(a: str, b: str, labelled: Sequence[Mapping[str, str]]) -> list[bool]:
    return [labels[a] == labels[b] for labels in labelled if a in labels and b in labels]


def _same(item: str, a: str, b: str, labelled: Sequence[Mapping[str, str]], ballot: Ballot) -> bool:
    return bool(ballot.settle(item, (a, b), _votes(a, b, labelled), bool))


def _contest(item: str, group: Sequence[str], labelled: Sequence[Mapping[str, str]], ballot: Ballot) -> None:
    """Leave open every pair of a group that a majority, or a decision, keeps apart."""
    if len(labelled) < 2 and not any(ballot.links(item)):
        return  # the names of one source are transitive
    for a, b in combinations(group, 2):
        votes = _votes(a, b, labelled)
        if votes and not _same(item, a, b, labelled, ballot):
            ballot.leave_open(item, (a, b), votes)


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        parent[node] = node = parent[parent[node]]
    return node


def unique(names: Iterable[str]) -> list[str]:
    """The names, with -2, -3, … appended to the second, third, … of the same.

    >>> unique(["a", "b", "a"])
    ['a', 'b', 'a-2']
    """
    taken: set[str] = set()
    return [_free(name, taken) for name in names]


def _free(name: str, taken: set[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate)
    return candidate
