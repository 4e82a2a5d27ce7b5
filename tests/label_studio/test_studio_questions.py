"""Open items as tasks of an adjudicator, and the answers as decisions."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variorum import adjudication, schema
from variorum.corpus import Corpus
from variorum.decisions import Decision
from variorum.label_studio import questions
from variorum.label_studio.controls import OWN
from variorum.label_studio.evidence import evidence
from variorum.label_studio.questions import Question, Shown
from variorum.label_studio.results import At
from variorum.problems import Problem
from variorum.records import AnnotationSet, from_json

SCHEMA = schema.default()
KIND = Question("claim.kind", ("07-c1-9",), ('"fact"', '"opinion"'))
ITEMS = {
    "mention": ('"ORG"', "null"), "mention.level": ('"NAM"', '"NOM"'), "entity": ("true", "false"),
    "entity.type": ('"ORG"', '"GPE"'), "claim": ("true", "false"), "claim.time": ('"2019"', "null"),
    "claim.holder": ('"07-m1-2"', "null"), "claim.entities": ('["e-a"]', '["e-a","e-b"]'),
    "mention.value": ('{"kind":"date","value":"2019"}', '{"kind":"date","value":"2018"}'),
    "conflict": ("true", "false"), "pair.relation": ('"tension"', '"neutral"'), "pair.reason": ('"rounding"', "null"),
}  # fmt: skip


def answered(data: Any, **given: str) -> tuple[Decision | None, list[str]]:
    problems: list[Problem] = []
    kinds = {"choice": ("choices", "choices"), "own": ("textarea", "text"), "reason": ("textarea", "text")}
    results = [
        {"id": name, "from_name": name, "to_name": "context", "type": kinds[name][0], "value": {kinds[name][1]: [text]}}
        for name, text in given.items()
    ]
    return questions.from_result(results, data, SCHEMA, "ada", At("f", "$"), problems), [p.rule for p in problems]


@pytest.mark.parametrize("item", ITEMS)
def test_every_option_is_the_answer_that_it_stands_for(item: str) -> None:
    question = Question(item, ("07-m1-9", "08-m1-9") if item in ("entity", "conflict") else ("07-m1-9",), ITEMS[item])
    data = json.loads(json.dumps(questions.question_task(question, Shown("text"), SCHEMA)))
    assert list(questions.check_data(data, At("f", "$"))) == []
    assert len({each["value"] for each in data["options"]}) == len(data["options"])
    chosen = [answered(data, choice=each["value"], reason="So.")[0] for each in data["options"]]
    assert [d.choice for d in chosen if d] == [json.loads(choice) for choice in data["choices"]]
    assert set(ITEMS[item]) <= set(data["choices"])
    for decision in chosen:
        if decision:
            back = questions.from_result(questions.to_result(decision, data), data, SCHEMA, "ada", At("f", "$"), [])
            assert back == decision == Decision(item, question.ids, decision.choice, "So.", "ada")


OWN_ANSWERS = {
    "claim.time": [("2019-05", "2019-05"), ("none", None)],
    "claim.holder": [("07-m5-9", "07-m5-9"), ("none", None)],
    "claim.entities": [("e-a, North Line", ["e-a", "e-north-line"]), ("none", [])],
    "mention.value": [
        ("quantity >40 [guest]", {"kind": "quantity", "value": "40", "unit": "guest", "comparator": ">"})
    ],
}


@pytest.mark.parametrize(("item", "text", "choice"), [(i, t, c) for i, cases in OWN_ANSWERS.items() for t, c in cases])
def test_answers_of_ones_own(item: str, text: str, choice: Any) -> None:
    data = questions.question_task(Question(item, ("07-m1-9",), ITEMS[item]), Shown("text"), SCHEMA)
    decision, rules = answered(data, choice=OWN, own=text, reason="So.")
    assert rules == [] and decision is not None and decision.choice == choice
    assert answered(data, choice=OWN, own=text)[1] == ["missing-answer"]
    assert answered(data, choice=OWN, reason="So.")[1] == ["missing-answer"]


def test_versions_are_numbered_by_chance_and_name_nobody() -> None:
    questioned = [Question("claim.kind", (f"07-c1-{n}",), ('"fact"', '"opinion"', '"fact"')) for n in range(40)]
    tasks = [questions.question_task(each, Shown(""), SCHEMA) for each in questioned]
    assert {task["options"][0]["value"] for task in tasks} == {
        "Version 1 (2 annotators): fact",
        "Version 1 (1 annotator): opinion",
    }
    assert [each["value"] for each in tasks[0]["options"]][2:] == ["forecast"]
    assert tasks == [questions.question_task(each, Shown(""), SCHEMA) for each in questioned]


def test_what_was_no_option_is_refused() -> None:
    data = questions.question_task(KIND, Shown(""), SCHEMA)
    assert answered(data, choice="Version 9: x", reason="So.") == (None, ["unknown-label"])
    assert answered(data, choice=OWN, own="fact", reason="So.") == (None, ["missing-answer"])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["question", "item", "ids", "options", "choices"]), json_values)
def test_task_data_that_were_changed(name: str, value: Any) -> None:
    data = {**questions.question_task(KIND, Shown(""), SCHEMA), name: value}
    if not list(questions.check_data(data, At("f", "$"))):
        answered(data, choice="fact", reason="So.")


def opened(small: Corpus, kind: str) -> tuple[list[AnnotationSet], Any]:
    """The sets of a round of the small corpus, and what comes out without anybody's decisions."""
    sets = [from_json(path.read_bytes()) for path in small.records(kind)]
    if kind == "articles":
        return sets, adjudication.consolidate(sets)
    return sets, adjudication.gold(from_json(small.consolidated.read_bytes()), sets, [], "1")


def asked(small: Corpus, kind: str) -> Iterator[tuple[Question, Shown]]:
    sets, outcome = opened(small, kind)
    for each in outcome.open:
        question = Question(each.item, each.ids, each.votes)
        yield question, evidence(question, sets, outcome.annotation_set.claims, small.documents)


@pytest.mark.parametrize("kind", ["articles", "pairs"])
def test_everything_open_in_a_corpus_can_be_asked_and_is_shown_in_its_text(small: Corpus, kind: str) -> None:
    found = list(asked(small, kind))
    assert len(found) > 3
    for question, what in found:
        assert questions.can_be_asked(question)
        places = sum(len(own.split("~")) for own in question.ids)
        assert (what.context.count('class="col"'), what.context.count("<mark>") >= places) == (places, True)
        shown = json.dumps(questions.question_task(question, what, small.schema))
        assert "heron" not in shown and "wren" not in shown


def test_decisions_close_what_was_open(small: Corpus) -> None:
    """The first option of each question, round after round, until nothing is open."""
    sets, decisions = opened(small, "articles")[0], {}
    for _ in range(6):
        outcome = adjudication.consolidate(sets, decisions.values())
        for each in outcome.open:
            question = Question(each.item, each.ids, each.votes)
            data = questions.question_task(question, Shown(""), small.schema)
            decision, _ = answered(data, choice=data["options"][0]["value"], reason="So.")
            assert decision is not None
            decisions[question.key] = decision
    assert outcome.open == ()
    assert msgspec.json.encode(list(decisions.values()))
