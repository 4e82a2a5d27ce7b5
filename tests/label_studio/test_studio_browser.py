"""A person labels in a real browser, and the records are what was labelled."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from studio_server import Studio
from typer.testing import CliRunner

from variorum.cli import app
from variorum.label_studio import client
from variorum.label_studio.controls import Kind
from variorum.records import AnnotationSet, from_json

pytestmark = [pytest.mark.studio, pytest.mark.browser]
OPTIONS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
PLACE = """word => {
  const texts = document.createTreeWalker(document.querySelector('.txt'), NodeFilter.SHOW_TEXT)
  for (let node; node = texts.nextNode();) {
    const at = node.data.indexOf(word)
    if (at < 0) continue
    const range = document.createRange()
    range.setStart(node, at); range.setEnd(node, at + word.length)
    const box = range.getBoundingClientRect()
    return [box.left, box.right, (box.top + box.bottom) / 2]
  }
}"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install 'variorum[dev]'")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=OPTIONS.split())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, studio: Studio) -> Iterator[Any]:
    """A page on which wren is logged in; no request goes anywhere but to the server."""
    context = chromium.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    login = studio.logins.annotators["wren"]
    page.goto(f"{studio.state.url}/user/login/")
    page.fill("input[name=email]", login.email)
    page.fill("input[name=password]", login.password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{studio.state.url}/", wait_until="commit")
    yield page
    context.close()
    assert [url for url in elsewhere if not url.startswith((studio.state.url, "data:", "blob:"))] == []


def run(studio: Studio, root: Path, name: str, *arguments: str) -> str:
    line = ["studio", name, *arguments, "--root", str(root), "--data", str(studio.folder)]
    done = CliRunner().invoke(app, line)
    assert done.exit_code == 0, done.output
    return done.output


def label(studio: Studio, page: Any, round_name: str, kind: Kind) -> None:
    """Open the round as annotators do, and close the guidelines that are shown first."""
    project = client.find(studio.admin(), round_name, kind)
    assert project is not None
    page.goto(f"{studio.state.url}/projects/{project.id}/data?labeling=1")
    page.get_by_text("Labeling Instructions").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Labeling Instructions").wait_for(state="hidden")
    page.wait_for_timeout(500)


def draw(page: Any, key: str, words: str) -> None:
    """Choose a label by its key, draw over the words, and select the region."""
    left, right, y = page.evaluate(PLACE, words)
    page.keyboard.press(key)
    page.mouse.move(left + 1, y)
    page.mouse.down()
    page.mouse.move((left + right) / 2, y)
    page.mouse.move(right - 1, y)
    page.mouse.up()
    page.wait_for_timeout(400)
    page.mouse.click((left + right) / 2, y)
    page.wait_for_timeout(600)


def write(page: Any, hint: str, text: str, key: str = "Enter") -> None:
    """Type into the field with this hint, and leave it; fields of several lines take Shift+Enter."""
    page.get_by_placeholder(hint).locator("visible=true").first.fill(text)
    page.keyboard.press(key)
    page.wait_for_timeout(300)
    page.evaluate("document.activeElement.blur()")


def submit(page: Any) -> None:
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST") as sent:
        page.click("button:has-text('Submit')")
    assert sent.value.status == 201


def pulled(studio: Studio, root: Path, round_name: str) -> AnnotationSet:
    run(studio, root, "pull", "--round", round_name)
    return from_json((root / "annotations" / "records" / round_name / "wren.json").read_bytes())


def test_an_article_labelled_by_hand(studio: Studio, page: Any, fresh: Any) -> None:
    """The first words lie behind emoji of several code points: what counts differently is seen at once."""
    root = fresh("hand-made")
    run(studio, root, "push", "--round", "hand-made")
    label(studio, page, "hand-made", Kind.articles)
    draw(page, "b", "Alma Perle")
    page.keyboard.press("n")
    write(page, "its full name", "Alma Perle")
    page.keyboard.press("Escape")
    draw(page, "8", "Saturday evening")
    page.keyboard.press("d")
    write(page, "2018-21", "2019-06-01")
    page.keyboard.press("Escape")
    draw(page, "c", "Nobody was hurt")
    for key in ("f", "g", "h"):
        page.keyboard.press(key)
    write(page, "one sentence that", "No person was injured.")
    page.keyboard.press("Escape")
    submit(page)
    found = pulled(studio, root, "hand-made")
    assert [(m.text, m.type, m.level, m.entity_id) for m in found.mentions or ()] == [
        ("Alma Perle", "VESSEL", "NAM", "e-alma-perle"),
        ("Saturday evening", "DATE", None, None),
    ]
    assert [m.value and m.value.value for m in found.mentions or ()] == [None, "2019-06-01"]
    (claim,) = found.claims or ()
    assert (claim.spans[0].text, claim.proposition) == ("Nobody was hurt", "No person was injured.")
    assert (claim.kind, claim.polarity, claim.certainty) == ("fact", "negative", "certain")


def test_a_change_of_mind_leaves_nothing_behind(studio: Studio, page: Any, fresh: Any) -> None:
    root = fresh("mind")
    pairs = json.loads((root / "annotations" / "records" / "mind-pairs" / "heron.json").read_bytes())["contradictions"]
    (root / "pool.json").write_text(json.dumps(pairs[:1]))
    run(studio, root, "push", "--round", "mind", "--pairs", str(root / "pool.json"))
    label(studio, page, "mind", Kind.pairs)
    page.keyboard.press("1")
    page.get_by_text("What do they clash in?").wait_for()
    page.keyboard.press("t")
    write(page, "why, in one sentence", "Because.", "Shift+Enter")
    page.keyboard.press("4")
    page.keyboard.press("d")
    submit(page)
    (pair,) = pulled(studio, root, "mind").contradictions or ()
    assert (pair.pair_id, pair.relation, pair.reason) == (pairs[0]["pair_id"], "neutral", "different_time")
    assert (pair.aspect, pair.rationale) == (None, None)
