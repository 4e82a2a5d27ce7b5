"""What people do in the browser: log in, draw with the mouse, fill in, link, submit. Used by tests and for pictures."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from variorum.label_studio import client
from variorum.label_studio.accounts import Login

# Where words stand on the page: the ends of their first and last piece, wherever regions or lines divide them.
PLACE = """([box, words]) => {
  const texts = document.createTreeWalker(document.querySelector(box), NodeFilter.SHOW_TEXT), nodes = []
  let whole = ''
  for (let node; node = texts.nextNode(); whole += node.data) nodes.push([node, whole.length])
  const at = whole.indexOf(words)
  if (at < 0) return null
  const find = where => nodes.findLast(([node, start]) => start <= where)
  const range = document.createRange(), [first, a] = find(at), [last, b] = find(at + words.length - 1)
  range.setStart(first, at - a); range.setEnd(last, at + words.length - b)
  first.parentElement.scrollIntoView({block: 'center'})
  const pieces = [...range.getClientRects()].filter(piece => piece.width > 0), end = pieces.at(-1)
  return [pieces[0].left, (pieces[0].top + pieces[0].bottom) / 2, end.right, (end.top + end.bottom) / 2]
}"""
PLAIN = r"""() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; node = texts.nextNode();) {
    if (/\p{Extended_Pictographic}|\u{1D11E}/u.test(node.data))
      node.data = node.data.replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{1D11E}\u200d\ufe0f]+ ?/gu, '')
  }
  document.querySelectorAll('*').forEach(each => { if (each.scrollTop && each.scrollTop > 0) each.scrollTop = 0 })
}"""
Shot = Callable[[str], object]


@contextmanager
def logged_in(browser: Any, url: str, login: Login, theme: str = "Light") -> Iterator[Any]:
    """A page on which somebody is logged in; AssertionError at its end if a request went anywhere but to the server."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    context.add_init_script(f"localStorage.setItem('preferred-color-scheme', '{theme}')")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", login.email)
    page.fill("input[name=password]", login.password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{url}/", wait_until="commit")
    yield page
    context.close()
    assert [each for each in asked if not each.startswith((url, "data:", "blob:"))] == []


def label(page: Any, project: client.Project, url: str) -> None:
    """Open the stream of a round by the link that annotators get, and close the guidelines that are shown first."""
    page.goto(project.link(url))
    page.get_by_text("Labeling Instructions").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Labeling Instructions").wait_for(state="hidden")
    page.get_by_test_id("bottombar-submit-button").wait_for()
    page.wait_for_timeout(1500)  # the keys are in force a moment after the page is seen


def select(page: Any, words: str, box: str = ".txt") -> None:
    """Click on the first letters of a region."""
    page.evaluate(PLACE, [box, words])
    page.wait_for_timeout(200)
    left, top, _, _ = page.evaluate(PLACE, [box, words])
    page.mouse.click(left + 4, top)
    page.wait_for_timeout(500)


def draw(page: Any, key: str, words: str, box: str = ".txt") -> None:
    """Choose a label by its key and draw over the words; the region is not selected yet."""
    page.keyboard.press("Escape")
    page.evaluate(PLACE, [box, words])
    page.wait_for_timeout(200)
    left, top, right, bottom = page.evaluate(PLACE, [box, words])
    page.keyboard.press(key)
    page.mouse.move(left + 1, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.mouse.move(right - 1, bottom)
    page.mouse.up()
    page.wait_for_timeout(400)


def link(page: Any, one: str, other: str) -> None:
    """Link two regions, each named by its first words."""
    page.keyboard.press("Escape")
    select(page, one)
    page.keyboard.press("Alt+r")
    page.wait_for_timeout(300)
    select(page, other)


def write(page: Any, hint: str, text: str, key: str = "Enter") -> None:
    """Type into the field with this hint, and leave it; fields of several lines take Shift+Enter."""
    page.get_by_placeholder(hint).locator("visible=true").first.fill(text)
    page.keyboard.press(key)
    page.wait_for_timeout(300)
    page.evaluate("document.activeElement.blur()")


def choose(box: Any, answer: str, nth: int = 0) -> None:
    """Choose from the menu of a box, which may have several."""
    box.get_by_test_id("select-trigger").nth(nth).click()
    box.page.get_by_role("option", name=answer).first.click()
    box.page.wait_for_timeout(300)


def press(page: Any, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(100)


def submit(page: Any) -> None:
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST") as sent:
        page.get_by_test_id("bottombar-submit-button").click()
    assert sent.value.status == 201


# --- what is done in each of the four views, on the small corpus ------------------------------------------------


def only(root: Path, *doc_ids: str) -> None:
    """Leave only these articles in a corpus."""
    path = root / "seeds" / "sources.json"
    value = json.loads(path.read_bytes())
    value["sources"] = [source for source in value["sources"] if source["doc_id"] in doc_ids]
    path.write_text(json.dumps(value), encoding="utf-8")


def claims_of(root: Path, *doc_ids: str) -> Path:
    """A file with the consolidated set, of these articles alone."""
    value = json.loads((root / "annotations" / "consolidated.json").read_bytes())
    for layer in ("documents", "mentions", "claims"):
        value[layer] = [each for each in value[layer] if each["doc_id"] in doc_ids]
    used = {mention.get("entity_id") for mention in value["mentions"]}
    used |= {own for claim in value["claims"] for own in claim.get("entities", ())}
    value["entities"] = [each for each in value["entities"] if each["entity_id"] in used]
    path = root / "claims.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def wait_for_task(page: Any, words: str) -> None:
    """Wait until the next task is shown, which has these words."""
    page.get_by_text(words).first.wait_for()
    page.wait_for_timeout(1500)


def label_article(page: Any, shot: Shot = lambda _: None) -> None:
    """Mentions that nest and are linked, a value, a claim with holder and cue, one whose evidence is in pieces."""
    draw(page, "3", "Nordkap Mutual")
    select(page, "Nordkap Mutual")
    press(page, "n")
    write(page, "its full name", "Nordkap Mutual")
    draw(page, "3", "Her insurer")
    draw(page, "b", "Her")
    select(page, "insurer")
    press(page, "o")
    select(page, "Her")
    press(page, "p")
    write(page, "its full name", "Alma Perle")
    draw(page, "9", "€48,350")
    select(page, "€48,350")
    press(page, "m")
    write(page, "2018-21", "48350")
    write(page, "USD, percent", "EUR")
    draw(page, "c", "the damage at €48,350")
    draw(page, "e", "puts")
    draw(page, "c", "The Lantern Society")
    draw(page, "l", "met on Monday at the Cafe\u0301 Ancre")
    link(page, "insurer", "Nordkap")
    link(page, "the damage", "Nordkap")
    link(page, "the damage", "puts")
    link(page, "The Lantern", "met on")
    page.keyboard.press("Escape")
    select(page, "The Lantern")
    press(page, "fvh")
    write(page, "one sentence that", "The Lantern Society had a meeting at the Café Ancre.", "Shift+Enter")
    page.keyboard.press("Escape")
    select(page, "the damage")
    press(page, "fvh")
    write(page, "one sentence that", "The harm done to the Alma Perle comes to 48,350 euros.", "Shift+Enter")
    write(page, "a name, Enter", "Alma Perle")
    shot("studio-article")
    page.keyboard.press("Escape")


def judge_pair(page: Any, shot: Shot = lambda _: None) -> None:
    """A contradiction with everything that it asks for; which claim is on which side is left to chance."""
    press(page, "1")
    page.get_by_text("What do they clash in?").wait_for()
    press(page, "t")
    sunday = "left" if page.locator(".clash-left").get_by_text("Sunday").count() else "right"
    for side, key in (("left", "c"), ("right", "l")):
        words, value = ("Sunday evening", "2019-06-02") if side == sunday else ("1 June", "2019-06-01")
        draw(page, key, words, f".clash-{side}")
        page.keyboard.press("Escape")
        column = page.locator(f".clash-{side}")
        choose(column, "date")
        column.get_by_placeholder("2018-21").fill(value)
        column.get_by_placeholder("2018-21").press("Enter")
    write(page, "why, in one sentence", "One ship cannot have hit it on two days.", "Shift+Enter")
    write(page, "the same name", "day-of-collision")
    shot("studio-pair")


def list_pairs(page: Any, shot: Shot = lambda _: None) -> None:
    """An agreement, a look-alike and two conflicts, in the lists of b2 and c3."""
    write(page, "or with a reason", "6-5")
    write(page, "4-9 different_time", "7-6 different_referent")
    tension = '5-4 time | date "1911" | date "1912" | She may have been launched a year later. | year-of-building'
    write(page, "a broken pump", tension)
    conflict = '1-2 time | date 2019-06-02 "Sunday evening" | date 2019-06-01 "1 June" | Two days. | day-of-collision'
    write(page, '4-9 time | date 2018 "in 2018"', conflict)
    shot("studio-screening")


def decide(page: Any, shot: Shot = lambda _: None) -> None:
    """Choose the version of one annotator, and say why."""
    page.get_by_text("): tension").click()
    write(page, "why, in a sentence", "She may have been launched a year after she was built.", "Shift+Enter")
    shot("studio-adjudication")


def picture(page: Any, path: Path) -> None:
    """The page as high as it has to be, without messages, and without letters that few machines have glyphs for."""
    page.set_viewport_size({"width": 1500, "height": 1400 if "pair" in path.name else 1060})
    page.get_by_text("Annotation saved successfully").wait_for(state="hidden")
    page.evaluate(PLAIN)
    page.wait_for_timeout(500)
    page.screenshot(path=path)
