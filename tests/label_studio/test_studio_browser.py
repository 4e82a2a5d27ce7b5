"""A person labels, judges, lists and decides in a real browser, and the records are what was done there.

VARIORUM_PICTURES=docs/images pytest tests/label_studio/test_studio_browser.py     makes the pictures of the docs anew
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browsing
import pytest
from studio_server import Done, Fresh, Studio, ok, project

from variorum.label_studio.controls import Kind
from variorum.records import AnnotationSet, Span, Value, from_json

pytestmark = [pytest.mark.studio, pytest.mark.browser]
Command = Callable[..., Done]
Page = Callable[..., Any]
ALMA = "b2-c66-145~c3-c89-168"


@pytest.fixture
def opened(chromium: Any, studio: Studio) -> Iterator[Page]:
    """`opened("wren", round, kind)`: the page on which wren labels a round; no request goes anywhere else."""
    contexts = []

    def open_page(who: str, name: str, kind: Kind, theme: str = "Light") -> Any:
        login = studio.logins.annotators[who]
        contexts.append(browsing.logged_in(chromium, studio.state.url, login, theme))
        page = contexts[-1].__enter__()
        whose = who if kind is Kind.pairs else None
        browsing.label(page, project(studio, name, kind, whose), studio.state.url)
        return page

    yield open_page
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture
def shot() -> Callable[[Any], browsing.Shot]:
    """`shot(page)`: what takes a picture of the page, if pictures are wanted."""
    folder = os.environ.get("VARIORUM_PICTURES")

    def of(page: Any) -> browsing.Shot:
        return lambda name: browsing.picture(page, Path(folder) / f"{name}.png") if folder else None

    return of


def pulled(command: Command, root: Path, name: str) -> AnnotationSet:
    ok(command("pull", root, "--round", name))
    return from_json((root / "annotations" / "records" / name / "wren.json").read_bytes())


def pool(root: Path, pair_id: str = "") -> Path:
    """A file with one pair of the corpus."""
    pairs = json.loads((root / "annotations" / "gold.json").read_bytes())["contradictions"]
    path = root / "pool.json"
    path.write_text(json.dumps([pair for pair in pairs if pair["pair_id"] == (pair_id or pairs[0]["pair_id"])]))
    return path


def test_an_article_labelled_by_hand(command: Command, opened: Page, fresh: Fresh, shot: Any) -> None:
    """Behind a byte-order mark and a letter of two code units, across combining marks: each offset is exact."""
    root = fresh("hand-made")
    browsing.only(root, "c3")
    ok(command("push", root, "--round", "hand-made"))
    page = opened("wren", "hand-made", Kind.articles)
    browsing.label_article(page, shot(page))
    browsing.submit(page)
    found = pulled(command, root, "hand-made")
    assert [(m.start, m.text, m.type, m.level, m.entity_id) for m in found.mentions or ()] == [
        (313, "Her insurer", "ORG", "NOM", "e-nordkap-mutual"),  # by its link alone
        (313, "Her", "VESSEL", "PRO", "e-alma-perle"),
        (326, "Nordkap Mutual", "ORG", "NAM", "e-nordkap-mutual"),
        (361, "€48,350", "MONEY", None, None),
    ]
    assert [m.value for m in found.mentions or ()][3] == Value(kind="money", value="48350", unit="EUR")
    assert [(e.name, e.type) for e in found.entities or ()] == [("Alma Perle", "VESSEL"), ("Nordkap Mutual", "ORG")]
    damage, meeting = found.claims or ()
    assert damage.spans == (Span(start=347, end=368, text="the damage at €48,350"),)
    assert (damage.holder, damage.cue) == ((found.mentions or ())[2].mention_id, Span(start=342, end=346, text="puts"))
    assert (damage.kind, damage.polarity, damage.certainty) == ("fact", "positive", "certain")
    assert (damage.proposition, damage.entities) == (
        "The harm done to the Alma Perle comes to 48,350 euros.",
        ("e-alma-perle",),
    )
    assert [s.text for s in meeting.spans] == ["The Lantern Society", "met on Monday at the Cafe\u0301 Ancre"]
    assert (meeting.holder, meeting.cue, meeting.entities) == (None, None, ())


def test_a_pair_judged_by_hand(command: Command, opened: Page, fresh: Fresh, shot: Any) -> None:
    root = fresh("judged")
    ok(command("push", root, "--round", "judged", "--pairs", pool(root, ALMA)))
    page = opened("wren", "judged", Kind.pairs)
    browsing.judge_pair(page, shot(page))
    browsing.submit(page)
    (pair,) = pulled(command, root, "judged").contradictions or ()
    assert (pair.pair_id, pair.relation, pair.aspect, pair.reason) == (ALMA, "contradiction", "time", None)
    assert (pair.span_a, pair.value_a) == (
        Span(start=131, end=145, text="Sunday evening"),
        Value(kind="date", value="2019-06-02"),
    )
    assert (pair.span_b, pair.value_b) == (
        Span(start=92, end=98, text="1 June"),
        Value(kind="date", value="2019-06-01"),
    )
    assert (pair.rationale, pair.conflict_id) == ("One ship cannot have hit it on two days.", "day-of-collision")


def test_a_change_of_mind_leaves_nothing_behind(command: Command, opened: Page, fresh: Fresh) -> None:
    """In the dark theme, too, everything is found."""
    root = fresh("mind")
    ok(command("push", root, "--round", "mind", "--pairs", pool(root)))
    page = opened("wren", "mind", Kind.pairs, "Dark")
    browsing.press(page, "1")
    page.get_by_text("What do they clash in?").wait_for()
    browsing.press(page, "t")
    browsing.write(page, "why, in one sentence", "Because.", "Shift+Enter")
    browsing.press(page, "4d")
    browsing.submit(page)
    (pair,) = pulled(command, root, "mind").contradictions or ()
    assert (pair.relation, pair.reason, pair.aspect, pair.rationale) == ("neutral", "different_time", None, None)


def test_pairs_listed_by_hand(command: Command, opened: Page, fresh: Fresh, shot: Any) -> None:
    root = fresh("listed")
    browsing.only(root, "b2", "c3")
    claims = browsing.claims_of(root, "b2", "c3")
    ok(command("push", root, "--round", "listed", "--screening", "--claims", claims))
    page = opened("wren", "listed", Kind.screening)
    browsing.submit(page)  # b2 with itself: nothing to list
    browsing.wait_for_task(page, "Letters from the quay")
    browsing.list_pairs(page, shot(page))
    browsing.submit(page)
    ok(command("pull", root, "--round", "listed", "--claims", claims))
    found = from_json((root / "annotations" / "records" / "listed" / "wren.json").read_bytes())
    listed = {pair.pair_id: pair for pair in found.contradictions or ()}
    assert {own: (pair.relation, pair.reason or pair.aspect) for own, pair in listed.items()} == {
        ALMA: ("contradiction", "time"),
        "b2-c324-354~c3-c255-288": ("tension", "time"),
        "b2-c324-381~c3-c273-311": ("agreement", None),
        "b2-c384-414~c3-c326-368": ("neutral", "different_referent"),
    }
    assert listed[ALMA].span_a == Span(start=131, end=145, text="Sunday evening")
    assert listed["b2-c324-354~c3-c255-288"].value_b == Value(kind="date", value="1912")


def test_a_question_decided_by_hand(command: Command, opened: Page, fresh: Fresh, shot: Any) -> None:
    """Of all decisions of the corpus one is missing."""
    root = fresh("asked")
    folder = root / "annotations" / "decisions"
    named = {"version": "1.0.0", "articles": "asked-articles", "pairs": ["asked-pairs"]}
    (root / "annotations" / "rounds.json").write_text(json.dumps(named), encoding="utf-8")
    for path in folder.glob("*.json"):
        decisions = json.loads(path.read_bytes())["decisions"]
        kept = [each for each in decisions if each["ids"] != ["a1-c418-448~c3-c255-288"]]
        path.with_stem(f"asked-{path.stem}").write_text(json.dumps({"decisions": kept}), encoding="utf-8")
        path.unlink()
    assert "asked-pairs adjudication: 1 questions made" in ok(command("adjudicate", root, "ada"))
    page = opened("ada", "asked-pairs", Kind.adjudication)
    assert "heron" not in page.inner_text("body") and "wren" not in page.inner_text("body")
    browsing.decide(page, shot(page))
    browsing.submit(page)
    ok(command("pull", root, "--round", "asked-pairs", "--adjudication"))
    decision = json.loads((folder / "asked-pairs.json").read_bytes())["decisions"][-1]
    assert (decision["item"], decision["ids"]) == ("pair.relation", ["a1-c418-448~c3-c255-288"])
    assert (decision["choice"], decision["decided_by"]) == ("tension", "ada")
    assert decision["reason"] == "She may have been launched a year after she was built."
    assert "nothing is open" in ok(command("adjudicate", root, "ada"))
