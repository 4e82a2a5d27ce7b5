"""The cases of the rules about contrast pairs: a corpus with one edit of each direction, and files that break a rule.

`make_cases` writes them. Gold of that corpus has a contradiction (lit in 1912 or 1915) and two neutral pairs.
"""

import copy
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
LIT, PRICE = "p1-c1~p2-c1", "p1-c2~p2-c2"
COPIED = "The lamp at Ridge Quay was lit in 1915, the council said. The keeper was not asked."


def annotators(value: Json) -> Json:
    """swift and robin write, all three verify."""
    return {"annotators": [{**value["annotators"][0], "source": source} for source in ("swift", "robin", "wren")]}


def header(source: str, sha256: str) -> Json:
    named = {"source": "gold", "sha256": sha256}
    return {
        "schema_version": "1.0",
        "source": source,
        "role": "annotator",
        "guideline_version": "1",
        "claims_from": named,
    }


def removes(**fields: Any) -> Json:
    """The edit of the contradiction, as it comes in; `1915` stands at [34:38] of p2, the evidence at [23:38]."""
    return {
        "contrast_id": f"x-{LIT}",
        "pair_id": LIT,
        "claim": "p2-c1",
        "direction": "removes",
        "edit_type": "time",
        "changes": [{"doc_id": "p2", "find": "1915", "replacement": "1912"}],
        "proposition": "The lamp was first lit in 1912.",
        "relation": "agreement",
        "rationale": "Both name one year now.",
        **fields,
    }


def creates(**fields: Any) -> Json:
    """The edit of the neutral pair."""
    return {
        "contrast_id": f"x-{PRICE}",
        "pair_id": PRICE,
        "claim": "p2-c2",
        "direction": "creates",
        "edit_type": "state",
        "changes": [{"doc_id": "p2", "start": 62, "end": 87, "replacement": "lamp was a gift"}],
        "proposition": "The lamp was a gift.",
        "relation": "contradiction",
        "rationale": "A gift costs nothing.",
        **fields,
    }


def offsets(edit: Json) -> Json:
    return {**edit, "changes": [{"doc_id": "p2", "start": 34, "end": 38, "replacement": "1912"}]}


def judged(item: str, relation: str, **fields: Any) -> Json:
    name = "contrast_id" if item.startswith("x-") else "pair_id"
    return {name: item, "relation": relation, **fields}


def stored(sha256: str) -> dict[str, Json]:
    """The files of annotations/contrast/."""
    dealt = [
        {"pair_id": LIT, "writer": "swift", "verifiers": ["robin", "wren"]},
        {"pair_id": PRICE, "writer": "robin", "verifiers": ["swift", "wren"]},
    ]
    return {
        "assigned.json": {
            "claims_from": header("gold", sha256)["claims_from"],
            "agreements": 0,
            "seed": 1,
            "pairs": dealt,
        },
        "written/swift.json": {**header("swift", sha256), "edits": [offsets(removes())]},
        "written/robin.json": {**header("robin", sha256), "edits": [creates()]},
        "verified/swift.json": {
            **header("swift", sha256),
            "judgements": [judged(f"x-{PRICE}", "contradiction"), judged(LIT, "contradiction")],
        },
        "verified/robin.json": {**header("robin", sha256), "judgements": [judged(f"x-{LIT}", "agreement")]},
        "verified/wren.json": {
            **header("wren", sha256),
            "judgements": [
                judged(f"x-{LIT}", "neutral"),
                judged(f"x-{PRICE}", "neutral", remark="Gifts can be bought."),
            ],
        },
    }


def change(**fields: Any) -> Json:
    return {"changes": [{"doc_id": "p2", "replacement": "1912", **fields}]}


def twice() -> list[Json]:
    again = copy.deepcopy(removes())
    return [removes(), {**again, "proposition": "The lamp was lit in 1912."}]


EDITS: dict[str, Callable[[], list[Json]]] = {
    "contrast-id": lambda: [removes(contrast_id="x-lamp")],
    "unknown-pair": lambda: [removes(contrast_id="x-p1-c1~p2-c2", pair_id="p1-c1~p2-c2")],
    "edited-claim": lambda: [removes(claim="p2-c2", changes=[{"doc_id": "p2", "find": "3 May", "replacement": ""}])],
    "edited-twice": twice,
    "edit-direction": lambda: [removes(relation="tension")],
    "change-not-found": lambda: [removes(**change(find="in  1915"))],
    "change-ambiguous": lambda: [removes(**change(find="1"))],
    "change-occurrence": lambda: [removes(**change(find="1915", occurrence=1))],
    "change-outside": lambda: [removes(**change(start=16, end=20))],
    "change-overlap": lambda: [
        removes(changes=[change(find="in 1915")["changes"][0], change(find="1915")["changes"][0]])
    ],
    "change-nothing": lambda: [removes(**change(find="1915", replacement="1915"))],
    "proposition-kept": lambda: [removes(proposition="The lamp  was first lit in 1915.")],
}
JUDGEMENTS: dict[str, tuple[str, list[Json]]] = {
    "unknown-edit": ("wren", [judged("x-p1-c1~p1-c2", "neutral")]),
    "judged-item": ("wren", [{"relation": "neutral"}, judged(LIT, "tension"), judged(LIT, "tension")]),
    "not-dealt": ("owl", [judged(f"x-{LIT}", "agreement")]),
    "own-edit": ("swift", [judged(f"x-{LIT}", "agreement")]),
}


def broken(sha256: str) -> dict[str, Json]:
    """A file for each rule, by its id."""
    edits = {rule: {**header("swift", sha256), "edits": make()} for rule, make in EDITS.items()}
    answers = {rule: {**header(who, sha256), "judgements": made} for rule, (who, made) in JUDGEMENTS.items()}
    return edits | answers
