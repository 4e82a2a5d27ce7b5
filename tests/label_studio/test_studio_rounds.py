"""What may change in a round that is pushed again, and what may not."""

from typing import Any

import msgspec
import pytest

from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import Edition, Round, continued, labels_sha256

FIRST = Edition("1", "a" * 64)
OLD = Round("c", "r", Kind.articles, "1", ("mentions",), editions=(FIRST,), labels="l")
NOW = "2026-01-02T12:00:00Z"


def new(version: str = "1", text: str = "a", **changed: Any) -> Round:
    edition = Edition(version, text * 64)
    return msgspec.structs.replace(OLD, guideline_version=version, editions=(edition,), **changed)


@pytest.mark.parametrize("worked", [True, False])
def test_the_same_again(worked: bool) -> None:
    assert continued(OLD, new(), worked, NOW) == OLD


def test_before_anybody_has_worked_everything_but_the_settings_may_change() -> None:
    changed = new("1", "b", labels="m", measured=False)
    assert continued(OLD, changed, False, NOW) == changed
    with pytest.raises(StudioError, match=r"other settings \(layers"):
        continued(OLD, new(layers=("mentions", "claims")), False, NOW)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        (new("1", "b"), "still say version 1"),
        (new(labels="m"), "labels are frozen"),
        (new(measured=False), "too late"),
        (new(corpus="d"), "other settings"),
    ],
)
def test_what_would_take_the_meaning_from_peoples_work(changed: Round, word: str) -> None:
    with pytest.raises(StudioError, match=word):
        continued(OLD, changed, True, NOW)


def test_guidelines_go_on_to_new_versions_only() -> None:
    second = continued(OLD, new("2", "b"), True, NOW)
    assert second.editions == (FIRST, Edition("2", "b" * 64, NOW))
    assert continued(second, new("2", "b"), True, "later") == second
    with pytest.raises(StudioError, match="was once under guidelines 1"):
        continued(second, new("1", "a"), True, NOW)


def test_a_round_from_before_texts_were_noted() -> None:
    bare = msgspec.structs.replace(OLD, editions=(), labels=None)
    assert continued(bare, new(), True, NOW) == OLD
    assert [each.version for each in continued(bare, new("2", "b"), True, NOW).editions] == ["1", "2"]


def test_what_a_page_asks_and_not_how_it_looks() -> None:
    page = '<View><Labels name="x" toName="t"><Label value="A"/>{}</Labels><Text name="t" value="$t"/></View>'
    assert labels_sha256(page.format("")) == labels_sha256(f"<View><Style>b</Style>{page.format('')}</View>")
    assert labels_sha256(page.format("")) != labels_sha256(page.format('<Label value="B"/>'))
