"""A pool of pairs as each annotator judges it: in an own order, on own sides; known answers unmarked among them.

Order and sides are drawn from a hash of round, annotator and pair, so that a push that is done again draws the same.
Task data record them (`annotator`, the place `position` counted from 1, `claim_left`). What comes from another corpus
looks like the rest: nothing in the data of a task says of which part of the pool it is, nor from which stratum.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from variorum.corpus import Document
from variorum.label_studio.errors import StudioError
from variorum.label_studio.exports import Task, data_of
from variorum.label_studio.tasks import TaskData, pair_task, swapped
from variorum.problems import several
from variorum.records import Claim, Pair


class Part(msgspec.Struct, frozen=True):
    """Pairs of one corpus, and its claims and documents by their ids."""

    pairs: tuple[Pair, ...]
    claims: dict[str, Claim]
    documents: dict[str, Document]

    def task(self, pair: Pair, round_name: str, annotator: str | None) -> TaskData:
        """The task data of one of its pairs as this annotator sees it (None: everybody)."""
        data = pair_task(pair, self.claims, self.documents, swapped(round_name, pair.pair_id, annotator))
        return {**data, "annotator": annotator} if annotator else data


def drawn(parts: Iterable[Part], round_name: str, annotator: str | None) -> dict[str, TaskData]:
    """The task data of all pairs by pair_id, in the order in which this annotator judges them."""
    found = {pair.pair_id: part.task(pair, round_name, annotator) for part in parts for pair in part.pairs}
    return {key: found[key] for key in sorted(found, key=lambda key: rank(round_name, annotator, key))}


def rank(round_name: str, annotator: str | None, pair_id: str) -> str:
    """Where a pair stands in an annotator's order: a number by chance, as 64 hex digits."""
    return hashlib.sha256(f"order {round_name} {annotator} {pair_id}".encode()).hexdigest()


def placed(tasks: Iterable[TaskData], done: int) -> list[TaskData]:
    """Task data with their places, after those of `done` tasks that are there already."""
    return [{**data, "position": at} for at, data in enumerate(tasks, done + 1)]


def check_parts(parts: Sequence[Part]) -> None:
    """StudioError if what comes back could not be told apart by the ids of its pairs or by its texts."""
    keys = [{pair.pair_id for pair in part.pairs} for part in parts]
    texts = [{each.source.sha256 for each in part.documents.values()} for part in parts]
    for i, part in enumerate(parts[1:], 1):
        if both := sorted(keys[0] & keys[i]):
            raise StudioError(f"the corpus with known answers has pairs of the same ids: {several(both)}")
        if texts[0] & texts[i]:
            raise StudioError("the corpus with known answers has articles of this one")
        if not part.pairs:
            raise StudioError("the corpus with known answers has no judged pairs in its gold")


def about(task: Task, documents: Mapping[str, Document]) -> bool:
    """Whether one of the two claims of a task is about the text of one of these documents."""
    data = data_of(task)
    named = ((data.get(f"doc_{side}"), data.get(f"text_sha256_{side}")) for side in ("left", "right"))
    known = {(doc_id, document.source.sha256) for doc_id, document in documents.items()}
    return any(each in known for each in named)


def split(tasks: list[Task], own: Mapping[str, Document], known: Mapping[str, Document]) -> tuple[list[Task], ...]:
    """The exported tasks of a pool by whose they are: of the corpus, of the one with known answers, of neither."""
    found: tuple[list[Task], ...] = ([], [], [])
    for task in tasks:
        found[0 if about(task, own) else 1 if about(task, known) else 2].append(task)
    return found
