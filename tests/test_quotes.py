"""Quotes become the offsets they stand for, or a problem that helps."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from variorum.quotes import UNRESOLVED, Resolved, places, resolve

TEXT = "A\u0308 \U0001fa94 said: \u201cbanana\r\nbread\u201d. Ana\u2019s banana."
TEXTS = {"d": TEXT, "e": "nothing"}


def settled(**mention: Any) -> Resolved:
    return resolve({"mentions": [{"doc_id": "d", **mention}]}, TEXTS, {}, "x")


def message(**mention: Any) -> str:
    (problem,) = settled(**mention).problems
    assert problem.place == "$.mentions[0]"
    return f"[{problem.rule}] {problem.message}"


@pytest.mark.parametrize(
    ("quote", "occurrence", "start"),
    [
        ("A\u0308 \U0001fa94", None, 0),
        ("\U0001fa94", None, 3),
        ("ana", 1, 15),
        ("ana", 3, 37),
        ("banana\r\nbread", None, 12),
    ],
)
def test_quotes_become_offsets(quote: str, occurrence: int | None, start: int) -> None:
    extra = {} if occurrence is None else {"occurrence": occurrence}
    found = settled(quote=quote, **extra)
    assert found.problems == () and found.count == 1
    expected = {"doc_id": "d", "start": start, "end": start + len(quote), "text": quote}
    assert found.value["mentions"] == [expected]
    assert TEXT[start : start + len(quote)] == quote


def test_messages_help() -> None:
    assert "the exact words there are 'banana\\r\\nbread'" in message(quote="banana bread")
    assert "the exact words there are 'Ana\u2019s banana'" in message(quote="Ana's banana")
    assert "nearest is" in message(quote="said the banana eater")
    assert "nor is anything near it" in message(quote="xyzzy")
    assert message(quote="banana").startswith("[quote-ambiguous] 'banana' stands twice in the text; add occurrence")
    assert "occurrences are 0 to 1), record says 2" in message(quote="banana", occurrence=2)
    assert "longer than it" in message(quote="x" * 10_000)


def test_what_is_not_settled_stays_marked() -> None:
    (mention,) = settled(quote="xyzzy").value["mentions"]
    assert (mention["start"], mention["end"]) == (UNRESOLVED, UNRESOLVED)


def test_all_kinds_of_spans() -> None:
    value = {
        "claims": [{"claim_id": "c1", "doc_id": "d", "spans": [{"quote": "said"}], "cue": {"quote": "bread"}}],
        "contradictions": [
            {"claim_a": "c1", "claim_b": "c2", "span_a": {"quote": "said"}, "span_b": {"quote": "thing"}}
        ],
    }
    found = resolve(value, TEXTS, {"c2": "e", "c1": "e"}, "x")
    assert found.count == 4 and found.problems == ()
    assert found.value["contradictions"][0]["span_b"] == {"start": 2, "end": 7, "text": "thing"}
    assert value["claims"][0]["cue"] == {"quote": "bread"}


def test_of_an_unknown_document_nothing_is_said() -> None:
    found = resolve({"mentions": [{"doc_id": "z", "quote": "a"}]}, TEXTS, {}, "x")
    assert (found.count, found.problems) == (0, ())


@given(st.text("ab ", max_size=30), st.text("ab ", min_size=1, max_size=3))
def test_places_are_all_places(text: str, quote: str) -> None:
    assert places(text, quote) == tuple(i for i in range(len(text)) if text.startswith(quote, i))


@given(
    st.text(" \n\"'\u201c\u2019aB\u0130\u0308", max_size=20),
    st.text(" \n\"'\u201c\u2019aB\u0130\u0308x", min_size=1, max_size=8),
)
def test_nothing_raises(text: str, quote: str) -> None:
    found = resolve({"mentions": [{"doc_id": "d", "quote": quote}]}, {"d": text}, {}, "x")
    assert len(found.problems) + found.count == 1
