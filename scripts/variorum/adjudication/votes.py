"""What consolidating articles and pairs share: who voted on what, and settling the fields of a record."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, get_type_hints

from variorum.adjudication.ballot import Ballot, Needs
from variorum.records import AnnotationSet, DocumentRef, Record

Sets = Sequence[AnnotationSet]
Names = dict[tuple[int, str], str]  # (index of the set, its own id) -> canonical id


def has(sets: Sets, layer: str) -> bool:
    return any(getattr(each, layer) is not None for each in sets)


def guidelines(sets: Sets) -> str | None:
    return ", ".join(sorted({each.guideline_version for each in sets if each.guideline_version})) or None


def documents(sets: Sets) -> tuple[DocumentRef, ...]:
    return tuple(sorted({d.doc_id: d for each in sets for d in each.documents}.values(), key=lambda d: d.doc_id))


def voters_by_document(sets: Sets, layer: str) -> dict[str, list[int]]:
    """Which sets (by index) labelled a layer of each document."""
    voters: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(sets):
        for doc_id in {d.doc_id for d in each.documents} if getattr(each, layer) is not None else ():
            voters[doc_id].append(index)
    return voters


def settle_fields(
    item: str, ids: tuple[str, ...], votes: Sequence[Record], needs: Mapping[str, Needs], ballot: Ballot
) -> dict[str, Any]:
    """The fields of a record that are named in `needs`, each settled by itself."""
    kinds = get_type_hints(type(votes[0])) if votes else {}
    return {
        name: ballot.settle(f"{item}.{name}", ids, [getattr(vote, name) for vote in votes], kinds[name], need)
        for name, need in needs.items()
        if votes
    }
