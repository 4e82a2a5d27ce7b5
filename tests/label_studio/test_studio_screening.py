"""Screening lists: pairs to lines and back, and everything that a person may type."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts
from test_studio_round_trip import SCHEMA, document, judged, sent

from variorum.corpus import Corpus, Document
from variorum.label_studio import screening
from variorum.label_studio.results import At
from variorum.label_studio.tasks import TaskData
from variorum.problems import Problem
from variorum.records import Anchor, Claim, Pair, Span, Value, from_json

LEFT = "Guards saw 40 guests,\nthen 40 more, on 3 May."
RIGHT = "Over 55 guests | fell “ill”."
DOCUMENTS = {"07": document("07", LEFT), "08": document("08", RIGHT)}


def claim(own: str, start: int, end: int) -> Claim:
    spans = (Span(start=start, end=end),)
    return Claim(
        claim_id=own,
        doc_id=own[:2],
        spans=spans,
        proposition="P.",
        kind="fact",
        polarity="positive",
        certainty="certain",
    )


CLAIMS = [claim("07-c1", 0, 34), claim("07-c2", 36, len(LEFT) - 1), claim("08-c1", 0, len(RIGHT) - 1)]
SELF, BOTH, _ = screening.screening_tasks(CLAIMS, DOCUMENTS)


def listed(relation: str, *entries: str, data: TaskData = BOTH) -> tuple[list[Pair], list[str]]:
    problems: list[Problem] = []
    value = {"text": list(entries)}
    result = {"id": "x", "from_name": relation, "to_name": "html_left", "type": "textarea", "value": value}
    pairs = screening.from_result([result], data, SCHEMA, DOCUMENTS, At("f", "$"), problems)
    return pairs, [problem.message for problem in problems]


def test_what_a_person_types() -> None:
    (pair,), problems = listed("agreement", " 1 – 1 rounding")
    assert (problems, pair.pair_id, pair.relation, pair.reason) == ([], "07-c1~08-c1", "agreement", "rounding")
    pairs, problems = listed("agreement", "1-1\n2-1")
    assert (problems, [p.claim_a for p in pairs]) == ([], ["07-c1", "07-c2"])
    entry = '1-1 quantity | quantity 40 [guest] "40 guests, then" | quantity >55 "Over 55" | Two counts. | dinner'
    (pair,), problems = listed("contradiction", entry)
    assert problems == []
    assert (pair.aspect, pair.rationale, pair.conflict_id) == ("quantity", "Two counts.", "dinner")
    assert pair.value_a == Value(kind="quantity", value="40", unit="guest")
    assert pair.value_b == Value(kind="quantity", value="55", comparator=">")
    assert pair.span_a == Span(start=11, end=26, text="40 guests,\nthen")
    assert pair.span_b == Span(start=0, end=7, text="Over 55")


def test_words_alone_are_their_own_value() -> None:
    (pair,), problems = listed("tension", '2-1 time | date 2019-05-03 @2019-05 text "3 May" | “ill” | Why. | x')
    assert problems == []
    anchor = Anchor(date="2019-05", source="text")
    assert pair.value_a == Value(kind="date", value="2019-05-03", anchor=anchor)
    assert (pair.value_b, pair.span_b and pair.span_b.text) == (Value(kind="text", value="ill"), "ill")


def test_a_pair_within_one_article_may_be_named_either_way() -> None:
    assert listed("agreement", "1-2", data=SELF) == listed("agreement", "2-1", data=SELF)


BAD = {
    "it does not begin as LEFT-RIGHT": ("agreement", "1", "x", "1-", "1-1 rounding too", "1:1"),
    "there is no claim 3 on the left, only 1 to 2": ("agreement", "3-1"),
    "there is no claim 2 on the right, only 1 to 1": ("agreement", "1-2"),
    "there is no claim 0": ("neutral", "0-1"),
    "'round' is no reason: different_time,": ("neutral", "1-1 round"),
    "a conflict is LEFT-RIGHT ASPECT |": ("tension", "1-1", "1-1 time | a | b | c", "1-1 time |  | b | c | d"),
    "'rounding' is no aspect": ("tension", '1-1 rounding | "40" #1 | "55" | c | d'),
    "after the numbers comes the aspect": ("tension", '1-1 | "40" | "55" | c | d'),
    "on the right the words that clash are missing": ("tension", '1-1 time | "40" #2 | date 2018 | c | d'),
    "the evidence on the left has no words '41'": ("tension", '1-1 time | "41" | "55" | c | d'),
    "'40' stands 2 times in the evidence on the left: add #1": ("tension", '1-1 time | "40" | "55" | c | d'),
    "no #3": ("tension", '1-1 time | "40" #3 | "55" | c | d'),
}


@pytest.mark.parametrize(("message", "relation", "entry"), [(m, r, e) for m, (r, *es) in BAD.items() for e in es])
def test_lines_that_cannot_be_read(message: str, relation: str, entry: str) -> None:
    pairs, problems = listed(relation, entry)
    assert pairs == [] and len(problems) == 1
    assert problems[0].startswith(f"{relation}, entry 1, ") and message in problems[0]


def test_a_pair_is_listed_once_and_not_with_itself() -> None:
    pairs, problems = listed("agreement", "1-1", "1-1 rounding")
    assert (len(pairs), problems) == (1, ["agreement, entry 2, '1-1 rounding': listed as agreement already"])
    assert listed("agreement", "1-1", data=SELF)[1][0].endswith("a claim is not paired with itself")


def screened(pair: Pair, claims: Any, documents: dict[str, Document]) -> Pair | None:
    """The pair after its journey through a list; None if a line cannot carry it."""
    problems: list[Problem] = []
    _, data, _ = (sent(task) for task in screening.screening_tasks(claims, documents))
    assert list(screening.check_data(data, documents, At("f", "$"))) == []
    results = sent(screening.to_results([pair], data, SCHEMA, documents))
    back = screening.from_result(results, data, SCHEMA, documents, At("f", "$"), problems)
    return back[0] if back else None


@settings(max_examples=200, deadline=None)
@given(judged())
def test_pairs_come_back_or_are_missed(case: tuple[Pair, dict[str, Claim], dict[str, Document]]) -> None:
    """Bars, quotation marks and line breaks may be too much for a line; then `filing` sees the difference."""
    pair, claims, documents = case
    screened(pair, claims.values(), documents)


def test_the_pairs_of_a_corpus_come_back(small: Corpus) -> None:
    claims = from_json(small.consolidated.read_bytes()).claims or ()
    tasks = {task[screening.KEY]: sent(task) for task in screening.screening_tasks(claims, small.documents)}
    assert len(tasks) == 6
    pairs = from_json((small.annotations / "records" / "pairs" / "heron.json").read_bytes()).contradictions or ()
    for pair in (msgspec.structs.replace(p, stratum=None) for p in pairs if p.relation != "unclear"):
        data = tasks[str(screening.task_of(pair, tasks.values()))]
        problems: list[Problem] = []
        results = sent(screening.to_results([pair], data, SCHEMA, small.documents))
        back = screening.from_result(results, data, SCHEMA, small.documents, At("f", "$"), problems)
        assert (problems, back) == ([], [pair])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([*BOTH]), json_values)
def test_task_data_that_were_changed_are_reported(name: str, value: Any) -> None:
    changed = {**BOTH, name: value}
    problems = list(screening.check_data(json.loads(json.dumps(changed)), DOCUMENTS, At("f", "$")))
    assert problems or name.startswith(("heading", "html", "list", "claims")) or value == BOTH[name]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["agreement", "tension"]),
    texts(0) | st.from_regex(r'1-1 time \| .*"4?.*" ?#?1? \| "55" \| .* \| .*'),
)
def test_no_line_ends_in_a_traceback(relation: str, entry: str) -> None:
    pairs, problems = listed(relation, entry)
    assert pairs or problems or not entry.strip()
