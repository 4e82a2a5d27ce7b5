"""Words of a claim's evidence turned into offsets, on plain JSON values, before records are made.

A change may come as `find` (+ `occurrence`, counted from 0 within the evidence of the edited claim, overlapping places
included) instead of `start` and `end`. Only exact words match. Offsets refer to the seed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from variorum import folding
from variorum.problems import Problem, json_path, shown
from variorum.quotes import UNRESOLVED, places
from variorum.records import Claim


class Found(msgspec.Struct, frozen=True):
    """A writer's file (plain JSON) without `find`: `count` changes were settled, the others are `UNRESOLVED`."""

    value: dict[str, Any]
    count: int
    problems: tuple[Problem, ...]


def find(value: dict[str, Any], texts: Mapping[str, str], claims: Mapping[str, Claim], file: str) -> Found:
    """Offsets for every `find` of a writer's file; `texts` by doc_id, `claims` by claim_id.

    What is no edit stays as it is; words of a claim that is not known stay unresolved without a problem (that it is
    not known is one already). The value passed in is not changed.
    """
    if not isinstance(value.get("edits"), list):
        return Found(value, 0, ())
    problems: list[Problem] = []
    count = 0
    edits = []
    for i, edit in enumerate(value["edits"]):
        changes = edit.get("changes") if isinstance(edit, dict) else None
        if isinstance(changes, list):
            claim = claims.get(edit["claim"]) if isinstance(edit.get("claim"), str) else None
            settled = [_settled(change, claim, texts) for change in changes]
            for j, each in enumerate(settled):
                if isinstance(each, tuple):
                    problems.append(Problem(file, json_path(("edits", i, "changes", j)), *each))
            count += sum(isinstance(new, dict) and new is not old for new, old in zip(settled, changes, strict=True))
            new = [_unsettled(c) if isinstance(s, tuple) else s for c, s in zip(changes, settled, strict=True)]
            edit = {**edit, "changes": new}
        edits.append(edit)
    return Found({**value, "edits": edits}, count, tuple(problems))


def evidence(claim: Claim, texts: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a claim's spans; empty for a span that is no stretch of its document."""
    text = texts.get(claim.doc_id, "")
    return tuple(text[span.start : span.end] if 0 <= span.start < span.end else "" for span in claim.spans)


def _settled(change: Any, claim: Claim | None, texts: Mapping[str, str]) -> Any:
    """The change with offsets, or the rule and the message of what forbids it; anything else as it is."""
    if not isinstance(change, dict) or not isinstance(change.get("find"), str) or not change["find"]:
        return change
    if claim is None or claim.doc_id not in texts:
        return _unsettled(change)
    wanted, occurrence = change["find"], change.get("occurrence")
    found = list(_places(claim, texts, wanted))
    if not found:
        return "change-not-found", _not_found(claim, texts, wanted)
    if occurrence is None and len(found) > 1:
        where = ", ".join(f"{i}: [{at}:{at + len(wanted)}]" for i, at in enumerate(found[:4]))
        message = f"{shown(wanted)} stands {len(found)} times in the evidence; add occurrence – {where}"
        return "change-ambiguous", message
    number = 0 if occurrence is None else occurrence
    if not isinstance(number, int) or not 0 <= number < len(found):
        message = f"{shown(wanted)} has occurrences 0 to {len(found) - 1} in the evidence, record says {shown(number)}"
        return "change-occurrence", message
    return {**_bare(change), "start": found[number], "end": found[number] + len(wanted)}


def _places(claim: Claim, texts: Mapping[str, str], wanted: str) -> Iterator[int]:
    for span, words in zip(claim.spans, evidence(claim, texts), strict=True):
        yield from (span.start + at for at in places(words, wanted))


def _not_found(claim: Claim, texts: Mapping[str, str], wanted: str) -> str:
    passages = evidence(claim, texts)
    for words in passages:
        for start, end in folding.places(words, wanted)[:1]:
            return f"{shown(wanted)} is not in the evidence; the exact words there are {shown(words[start:end], 400)}"
    listed = " … ".join(passages)
    return f"{shown(wanted)} is not in the evidence of {shown(claim.claim_id)}, which is {shown(listed, 400)}"


def _unsettled(change: dict[str, Any]) -> dict[str, Any]:
    return {**_bare(change), "start": UNRESOLVED, "end": UNRESOLVED}


def _bare(change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in change.items() if key not in ("find", "occurrence", "start", "end")}
