"""Exports: what is published of them, and how they become annotation sets."""

import json
from typing import Any

import msgspec
import pytest

from variorum.corpus import Corpus
from variorum.label_studio import exports
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.instructions import to_html
from variorum.label_studio.progress import Progress, progress
from variorum.label_studio.rounds import Edition, Round, from_description, title, to_description
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
    assert rules(small, task(small, "a1", annotation(7))) == ["no-account"]
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
    names, emails = {7: "heron", 8: "wren"}, {"heron@x.org": "heron", "wren@x.org": "wren", "gull@x.org": "gull"}
    half = task(small, "a1", annotation(7, lead_time=4.0), annotation(8, was_cancelled=True, lead_time=9.0))
    half["drafts"] = [{"user": "wren@x.org"}, {"user": 7}]
    others = [task(small, "b2", annotation(7, lead_time=2)), task(small, "c3", annotation(9))]
    found = progress([half, *others], names, emails)
    assert found == {
        "gull": Progress(total=3),
        "heron": Progress(total=3, done=2, drafts=1, seconds=(4.0, 2.0)),
        "wren": Progress(total=3, skipped=1, drafts=1),
    }
    assert (found["heron"].median, found["wren"].median) == (3.0, None)


def test_labels_that_were_left_as_a_system_proposed_them(small: Corpus) -> None:
    value = {"start": 0, "end": 3, "labels": ["ORG"]}
    label = {"type": "labels", "from_name": "mention", "to_name": "text", "value": value}
    result = [{**label, "id": "x", "origin": "prediction"}, {**label, "id": "y", "origin": "manual"}]
    tasks = [task(small, "a1", annotation("heron", result=result))]
    found = exports.sets(tasks, ASKED, small.documents, small.schema, "f")
    (line,) = (p.line() for p in found.problems if p.rule == "untouched-prediction")
    assert "warning: 1 of 2 labels" in line


TWO = msgspec.structs.replace(
    ASKED, guideline_version="2", editions=(Edition("1", "0"), Edition("2", "1", "2026-02-01T00:00:00Z"))
)


def test_each_annotation_has_the_guidelines_it_was_made_under(small: Corpus) -> None:
    before, after = (annotation("heron", n, updated_at=f"2026-0{n}-15T10:00:00.5Z") for n in (1, 2))
    tasks = exports.dated([task(small, "a1", before), task(small, "b2", after)], TWO)
    assert [each["annotations"][0]["guideline_version"] for each in tasks] == ["1", "2"]
    found = exports.sets(tasks, TWO, small.documents, small.schema, "f")
    assert [problem.rule for problem in found.problems] == ["mixed-guidelines"]
    assert found.sets["heron"].guideline_version == "2"
    assert exports.sets(tasks[:1], TWO, small.documents, small.schema, "f").sets["heron"].guideline_version == "1"


def test_exports_of_several_servers_are_one(small: Corpus) -> None:
    one, two = (task(small, "a1", annotation(who, 1)) for who in ("wren", "heron"))
    other = task(small, "a1", annotation("gull"), text="changed by hand")
    (both,) = exports.merged([[one], [two]], "doc_id")
    assert [each["completed_by"] for each in both["annotations"]] == ["heron", "wren"]
    assert len(exports.merged([[one], [two], [other]], "doc_id")) == 2
    assert exports.merged([[one, task(small, "a1")]], "doc_id") == exports.merged([[one]], "doc_id")


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'[{"annotations": 1}]', b'[{"annotations": [1]}]', b"[{}"])
def test_half_an_export(data: bytes) -> None:
    with pytest.raises(ValueError):
        exports.from_bytes(data)


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


@pytest.mark.parametrize("value", ["\x00\b\f\x7f\u2028é🎏", "\ud800", 10**20, -1.5, True, None, {}, []], ids=ascii)
def test_whatever_a_server_sends_is_kept_and_read_again(value: object) -> None:
    tasks = [{"id": 1, "data": {"text": value, "more": [value, {"a": value}]}, "annotations": []}]
    data = exports.to_bytes(tasks)
    plain = json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"
    assert data == plain.encode("utf-8", "backslashreplace")
    assert exports.from_bytes(data) == tasks


def test_broken_exports_are_refused() -> None:
    for data in (b"[", b"{}", b"[1]", b'[{"annotations": 1}]', b"\xff", b""):
        with pytest.raises(ValueError):
            exports.from_bytes(data)
