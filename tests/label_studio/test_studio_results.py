"""What comes back from the server is read with distrust: all nonsense is reported, and none ends in a traceback."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variorum import schema
from variorum.corpus import Document
from variorum.label_studio import articles, pairs
from variorum.label_studio.controls import article_controls, pair_controls
from variorum.label_studio.results import At
from variorum.label_studio.rounds import ARTICLE_LAYERS
from variorum.problems import ERROR, Problem
from variorum.sources import Source

TEXT = "🎏 North Line sold two ferries, it said."
CONTROLS = article_controls(schema.default(), ARTICLE_LAYERS)
DOCUMENTS = {
    "07": Document(Source(doc_id="07", file="f", title="t", language="en", sha256="0", n_chars=1, rights="r"), TEXT)
}


def label(start: Any = 2, end: Any = 12, name: str = "mention", answer: Any = "ORG", own: Any = "r1") -> Any:
    value = {"start": start, "end": end, "text": "not the text", "labels": [answer]}
    return {"id": own, "from_name": name, "to_name": "text", "type": "labels", "value": value}


def answer(name: str, *given: str, own: str = "r1", kind: str = "textarea") -> Any:
    field = {"textarea": "text", "choices": "choices"}[kind]
    return {"id": own, "from_name": name, "to_name": "text", "type": kind, "value": {field: list(given)}}


def link(one: str, other: str, *names: str) -> Any:
    return {"type": "relation", "from_id": one, "to_id": other, "direction": "right", "labels": list(names)}


ORG = [label(), answer("level", "NAM", kind="choices"), answer("entity", "North Line")]
IT = [
    label(31, 33, own="r2"),
    answer("level", "PRO", own="r2", kind="choices"),
    answer("entity", "North Line", own="r2"),
]
CHOSEN = {"kind": "fact", "polarity": "positive", "certainty": "certain"}
CLAIM = [
    label(2, 29, "claim", "CLAIM", "c1"),
    answer("proposition", "North Line sold two ferries.", own="c1"),
    *(answer(name, each, own="c1", kind="choices") for name, each in CHOSEN.items()),
]
CUE = label(34, 38, "claim", "CUE", "q1")


def read(result: Any) -> tuple[articles.Layers, list[Problem]]:
    problems: list[Problem] = []
    return articles.from_results({"07": (result, At("f", "$"))}, CONTROLS, DOCUMENTS, problems), problems


def test_regions_drawn_in_the_browser_get_ids_of_the_article_and_the_words_of_the_text() -> None:
    found, problems = read([*ORG, *IT, *CLAIM, CUE, link("c1", "r2"), link("q1", "c1")])
    assert problems == []
    assert [(m.mention_id, m.text, m.entity_id) for m in found.mentions] == [
        ("07-r1", "North Line", "e-north-line"),
        ("07-r2", "it", "e-north-line"),
    ]
    assert [(e.name, e.type) for e in found.entities] == [("North Line", "ORG")]
    (claim,) = found.claims
    assert (claim.claim_id, claim.holder, claim.cue and claim.cue.text) == ("07-c1", "07-r2", "said")


def test_linked_mentions_are_one_entity_and_one_name_is_enough() -> None:
    """Of what type the entity is, the mention that has the name says; a name that says the same again does no harm."""
    typed = answer("entity_type", "PERSON", kind="choices")
    far = [label(31, 32, own="r3"), label(32, 33, own="r4"), answer("entity", "Sea [e-sea]", own="r4")]
    found, problems = read([*ORG, typed, *IT[:2], *far, link("r2", "r1", "same"), link("r3", "r2")])
    assert [problem.rule for problem in problems] == []
    assert [m.entity_id for m in found.mentions] == ["e-north-line", "e-north-line", "e-north-line", "e-sea"]
    assert [(e.entity_id, e.type) for e in found.entities] == [("e-north-line", "PERSON"), ("e-sea", "ORG")]
    again, problems = read([*ORG, *IT, link("r2", "r1")])
    assert (problems, {m.entity_id for m in again.mentions}) == ([], {"e-north-line"})


NONSENSE: dict[str, Any] = {
    "result-shape": [
        *({"foo": 1}, [1], [None], [{**label(), "value": 7}], [{**label(), "value": {}}]),
        *([label(own=7)], [label(own="")], [label(answer=["ORG"])], [link(1, 2)]),  # type: ignore[arg-type]
    ],
    "unknown-control": [
        *([{"foo": 1}], [label(name="x")], [{**label(), "to_name": "x"}], [{**label(), "type": "choices"}]),
    ],
    "unknown-label": [[label(answer="FISH")], [{**label(), "value": {"start": 0, "end": 1, "labels": []}}]],
    "several-answers": [
        [*ORG, answer("level", "NAM", "NOM", kind="choices")],
        [*ORG, answer("level", "NOM", kind="choices")],
        [*ORG, answer("entity", "A", "B")],
        [{**label(), "value": {"start": 0, "end": 1, "labels": ["ORG", "PERSON"]}}],
    ],
    "region-offsets": [
        *([label(-1, 3)], [label(3, 3)], [label(5, 3)], [label(0, len(TEXT) + 1)], [label(0.0, 3)], [label("0", "3")]),
        *([label(True, 3)], [label(None, None)], [label(10**30, 10**31)]),
    ],
    "region-twice": [[*ORG, label()], [*ORG, label(0, 1, answer="PERSON")]],
    "stray-attribute": [[answer("entity", "A")], [answer("level", "NAM", kind="choices")]],
    "not-applicable": [[*ORG, answer("value", "3")], [*ORG, answer("proposition", "A.")]],
    "missing-answer": [
        *([*CLAIM[:i], *CLAIM[i + 1 :]] for i in range(1, 5)),
        [label()],
        [label(), label(31, 33, own="r2"), link("r1", "r2")],
        [label(15, 18, answer="QUANTITY"), answer("value", "2")],
        [label(15, 18, answer="QUANTITY"), answer("value_kind", "quantity", kind="choices")],
        [label(15, 18, answer="QUANTITY"), answer("anchor_date", "2019")],
    ],
    "entity-conflict": [
        [*ORG, label(0, 1, own="x"), answer("entity", "north line", own="x")],
        [*ORG, label(0, 1, answer="PERSON", own="x"), answer("entity", "North Line", own="x")],
    ],
    "identity-conflict": [
        [*ORG, *IT[:2], answer("entity", "South Line", own="r2"), link("r1", "r2")],
        [*ORG, label(0, 1, own="x"), *IT[:2], answer("entity", "X", own="r2"), link("r1", "x"), link("r2", "x")],
    ],
    "unlinked-region": [[CUE], [label(0, 1, "claim", "CLAIM_PART", "p")]],
    "bad-relation": [
        [link("a", "b")], [*ORG, link("r1", "r1")], [*ORG, label(15, 18, answer="DATE", own="d"), link("r1", "d")],
        [*ORG, *IT, link("r1", "r2", "holder")], [*ORG, CUE, link("r1", "q1")],
        [*CLAIM, link("c1", "c1")], [*CLAIM, link("c1", "zz")],
        [*CLAIM, *ORG, link("c1", "r1", "cue")], [*CLAIM, *ORG, *IT, link("c1", "r1"), link("r2", "c1")],
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "result"), [(rule, each) for rule, cases in NONSENSE.items() for each in cases])
def test_nonsense_is_reported(rule: str, result: Any) -> None:
    _, problems = read(result)
    assert rule in {problem.rule for problem in problems}, problems
    assert all(problem.line() for problem in problems)


def test_what_was_left_over_after_a_change_of_mind_is_dropped_with_a_warning() -> None:
    found, problems = read([*ORG, answer("value", "3"), answer("unit", "ferry")])
    assert [problem.level == ERROR for problem in problems] == [False, False]
    assert found.mentions[0].value is None


keys = st.sampled_from(["id", "value", "type", "labels", "text", "start"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
GOOD = [*ORG, *IT, *CLAIM, CUE, link("c1", "r2"), link("q1", "c1")]


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """A good result with one of its members replaced by anything."""
    results = [dict(each) for each in GOOD]
    item = draw(st.sampled_from(results))
    item[draw(st.sampled_from([*item, "extra"]))] = draw(json_values)
    if isinstance(item.get("value"), dict) and draw(st.booleans()):
        field = draw(st.sampled_from(["start", "end", "labels", "choices", "text"]))
        item["value"] = {**item["value"], field: draw(json_values)}
    return results


@settings(max_examples=300, deadline=None)
@given(broken() | json_values)
def test_nothing_ends_in_a_traceback(result: Any) -> None:
    found, _ = read(result)
    for mention in found.mentions:
        assert mention.text == TEXT[mention.start : mention.end] != ""


@settings(max_examples=200, deadline=None)
@given(json_values, json_values)
def test_nothing_in_a_pair_ends_in_a_traceback(result: Any, data: Any) -> None:
    good = {f"{name}_{side}": "" for side in ("left", "right") for name in ("claim", "doc", "quote", "text_sha256")}
    whole = {**good, "pair_id": "~", "base_left": 0, "base_right": 0}
    pairs.from_result(result, whole, pair_controls(schema.default()), At("f", "$"), [])
    list(pairs.check_data(data, DOCUMENTS, At("f", "$")))
    list(
        pairs.check_data(
            {**whole, "doc_left": "07", **(data if isinstance(data, dict) else {})}, DOCUMENTS, At("f", "$")
        )
    )
