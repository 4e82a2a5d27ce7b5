"""Exports: what is published of them, and how they become annotation sets."""

from typing import Any

import pytest

from variorum.corpus import Corpus
from variorum.label_studio import exports
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.instructions import to_html
from variorum.label_studio.rounds import Round, from_description, title, to_description
from variorum.label_studio.tasks import article_task
from variorum.records import ClaimsFrom

ASKED = Round("mark", "r", Kind.articles, "1", ("mentions", "entities"))


def annotation(by: Any, own: int = 1, **more: Any) -> Any:
    return {"id": own, "completed_by": by, "updated_by": by, "was_cancelled": False, "result": [], **more}


def task(small: Corpus, document: str, *annotations: Any, **more: Any) -> Any:
    data = {**article_task(small.documents[document], "1"), **more}
    return {"id": 1, "data": data, "annotations": list(annotations), "drafts": [{"user": "me@example.org"}]}


def rules(small: Corpus, *tasks: Any) -> list[str]:
    return [p.rule for p in exports.sets(list(tasks), ASKED, small.documents, small.schema, "f").problems]


def test_no_email_is_published_and_text_is_left_alone(small: Corpus) -> None:
    raw = task(small, "a1", annotation(7, result=[{"x": "ask@paper.org"}], note="write to me@example.org"))
    raw["data"]["text"] = "ask@paper.org"
    raw["updated_by"] = [{"user_id": 7}]
    raw["comment_authors"] = [{"id": 7, "email": "me@example.org", "first_name": "x"}]
    (kept,) = exports.published([raw], {7: "heron"}, "doc_id")
    assert "example.org" not in str(kept)
    assert "drafts" not in kept
    assert kept["data"]["text"] == "ask@paper.org" == kept["annotations"][0]["result"][0]["x"]
    assert kept["annotations"][0]["completed_by"] == "heron"
    assert kept["updated_by"] == [{"user_id": "heron"}]


def test_the_order_does_not_depend_on_the_server(small: Corpus) -> None:
    users = {7: "wren", 8: "heron"}
    one = [task(small, "b2", annotation(7), annotation(8, 2)), task(small, "a1")]
    two = [task(small, "a1"), task(small, "b2", annotation(8, 2), annotation(7))]
    assert exports.to_bytes(exports.published(one, users, "doc_id")) == exports.to_bytes(
        exports.published(two, users, "doc_id")
    )


def test_what_counts(small: Corpus) -> None:
    good = task(small, "a1", annotation("heron"), annotation("wren", was_cancelled=True))
    found = exports.sets([good], ASKED, small.documents, small.schema, "f")
    assert found.problems == ()
    assert list(found.sets) == ["heron"]
    header = found.sets["heron"]
    assert [each.doc_id for each in header.documents] == ["a1"]
    assert (header.mentions, header.entities, header.claims, header.contradictions) == ((), (), None, None)


def test_what_is_wrong_with_tasks_and_annotations(small: Corpus) -> None:
    assert rules(small, task(small, "a1", annotation("heron"), text="other")) == ["text-changed"]
    assert rules(small, task(small, "a1", text_sha256="0")) == ["text-changed"]
    assert rules(small, task(small, "a1", doc_id="zz")) == ["task-data"]
    assert rules(small, {"id": 1, "data": None}, {"data": {"doc_id": []}}) == ["task-data", "task-data"]
    assert rules(small, task(small, "a1", annotation(7))) == ["unknown-annotator"]
    assert rules(small, task(small, "a1", annotation("heron"), annotation("heron", 2))) == ["second-annotation"]
    assert rules(small, task(small, "a1", annotation("heron")), task(small, "a1", annotation("heron"))) == [
        "second-annotation"
    ]
    assert rules(small, task(small, "a1", annotation("heron", updated_by="wren"))) == ["foreign-edit"]


def test_whose_work_lacks_something(small: Corpus) -> None:
    def faulty(*tasks: Any) -> set[str]:
        return set(exports.sets(list(tasks), ASKED, small.documents, small.schema, "f").faulty)

    nonsense = annotation("wren", result=[{"foo": 1}])
    assert faulty(task(small, "a1", annotation("heron"), nonsense)) == {"wren"}
    assert faulty(task(small, "a1", annotation("heron"), annotation(7))) == set()
    assert faulty(task(small, "a1", annotation("heron")), task(small, "b2", text="x")) == {"heron"}


def test_progress(small: Corpus) -> None:
    half = task(small, "a1", annotation("heron"), annotation("wren", was_cancelled=True))
    both = [half, task(small, "b2", annotation("heron"))]
    assert exports.progress(both) == {"heron": exports.Progress(2, 0), "wren": exports.Progress(0, 1)}


@pytest.mark.parametrize(
    "asked",
    [ASKED, Round("m", "j", Kind.pairs, "2", ("contradictions",), ClaimsFrom(source="gold", sha256="0" * 64), True)],
)
def test_a_round_is_kept_in_the_description(asked: Round) -> None:
    assert from_description(to_description(asked)) == asked


@pytest.mark.parametrize("description", [None, "", "a note", "[]", "{}", to_description(ASKED)[:-1], "\ud800"])
def test_a_description_that_was_changed(description: str | None) -> None:
    assert from_description(description) is None


def test_a_title_that_is_too_long() -> None:
    with pytest.raises(StudioError, match="too long"):
        title("r" * 40, Kind.articles)


def test_guidelines_as_html() -> None:
    shown = to_html("# A <b>\n\n<!-- labels:x -->\n| a |\n|---|\n| `<mark>` |\n\n<script>alert(1)</script>\n")
    assert "<h1>A &lt;b&gt;</h1>" in shown and "<table>" in shown
    assert "<script" not in shown and "labels:x" not in shown
