"""The explorer in a real browser: what is marked, lit, listed and put side by side; nothing is fetched, nothing runs.

VARIORUM_PICTURES=docs/images pytest tests/test_explorer_browser.py -k picture      makes the picture of the README anew
"""

import copy
import io
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import ROOT, TESTS

from variorum import explorer
from variorum.cli.explore import material
from variorum.corpus import Document, read_corpus
from variorum.records import AnnotationSet, Mention
from variorum.schema import Label

pytestmark = pytest.mark.browser
Opened = Callable[..., Any]
CONFLICT = ("contradiction", "tension")
# Whether an element is seen inside the box that it scrolls in.
IN_VIEW = """each => {
  const own = each.getBoundingClientRect(), box = each.closest('.pane').getBoundingClientRect()
  return own.top >= box.top && own.bottom <= box.bottom && own.height > 0
}"""
# What each mention of an article covers, in however many pieces.
WORDS = """number => {
  const found = {}
  for (const each of document.querySelectorAll(`#article-${number} [data-m]`))
    found[each.dataset.m] = (found[each.dataset.m] || '') + each.textContent
  return Object.values(found)
}"""
# The contrast of two colours of the style, as WCAG 2 defines it.
CONTRAST = """([one, other]) => {
  const light = name => {
    const probe = document.createElement('i')
    probe.style.color = `var(--${name})`
    document.body.append(probe)
    const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    probe.remove()
    return .2126 * r + .7152 * g + .0722 * b
  }
  const [a, b] = [light(one), light(other)].sort((x, y) => y - x)
  return (a + .05) / (b + .05)
}"""


def written(made: dict[str, bytes], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return folder / "index.html"


@pytest.fixture(scope="module")
def real() -> explorer.Material:
    return material(read_corpus(ROOT), None, None)


@pytest.fixture(scope="module")
def page_file(real: explorer.Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the five articles."""
    return written(explorer.pages(real), tmp_path_factory.mktemp("explorer"))


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    """`opened(path, hash, **options)`: a page; fails at the end if anything left it, or was said on the console."""
    contexts, asked, said = [], list[str](), list[str]()

    def open_page(path: Path, place: str = "", **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1400, "height": 900}, **options})
        contexts.append(context)
        context.route("**/*", lambda route: (asked.append(route.request.url), route.continue_()))
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{path.as_uri()}{place}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith("file://")] == [] and said == []


def texts(page: Any, query: str) -> list[str]:
    found: list[str] = page.locator(query).all_text_contents()
    return found


def told(page: Any, query: str) -> int:
    return int(page.locator(query).first.text_content())


# --- the articles --------------------------------------------------------------------------------------------


def test_counts_are_those_of_the_data_and_toggles_toggle(
    opened: Opened, page_file: Path, real: explorer.Material
) -> None:
    page, gold = opened(page_file), real.gold
    assert gold is not None
    types = Counter(each.type for each in gold.mentions or ())
    assert page.locator(".telling").count() == len(real.documents)
    assert page.locator(".mention.first").count() == told(page, "[data-count=mentions]") == types.total()
    for name, n in types.items():
        assert (
            page.locator(f'.mention.first[data-type="{name}"]').count()
            == told(page, f'[data-type-count="{name}"]')
            == n
        )
    page.locator("input[name=layer][value=claims]").check()
    assert page.locator(".claim.first").count() == told(page, "[data-count=claims]") == len(gold.claims or ())
    page.locator("input[name=type][value=PERSON]").uncheck()
    assert page.locator(".mention.first").count() == types.total() - types["PERSON"]
    page.locator("[data-none=type]").click()
    assert page.locator(".mention").count() == 0
    page.locator("input[name=layer][value=claims]").uncheck()
    page.locator("input[name=layer][value=conflicts]").uncheck()
    assert page.locator(".telling mark").count() == 0
    page.locator("input[name=layer][value=copied]").check()
    assert page.locator("mark.copied").count() > 0
    page.locator("input[name=article][value='1']").uncheck()
    assert page.locator(".telling:visible").count() == len(real.documents) - 1


def test_each_annotator_is_shown(opened: Opened, page_file: Path, real: explorer.Material) -> None:
    page = opened(page_file)
    offered = texts(page, "select[name=source] option")
    assert len(offered) == 1 + len(real.annotators) and offered[0] == "gold"
    for at, each in enumerate(real.annotators[:3], 1):
        page.locator("select[name=source]").select_option(index=at)
        assert each.source in offered[at] and each.round and each.round in offered[at]
        assert page.locator(".mention.first").count() == len(each.mentions or ())


def test_an_entity_lights_up_in_all_articles(opened: Opened, page_file: Path, real: explorer.Material) -> None:
    page = opened(page_file)
    page.locator('.mention[data-type="PERSON"]').first.hover()
    name = page.locator("#details strong").text_content()
    entity = next(each.entity_id for each in (real.gold and real.gold.entities) or () if each.name == name)
    mentions: list[Mention] = [m for m in (real.gold and real.gold.mentions) or () if m.entity_id == entity]
    assert page.locator("mark.lit.first").count() == page.locator(".rail span").count() == len(mentions) > 50
    assert len([each for each in texts(page, ".lit-count") if "×" in each]) == len({m.doc_id for m in mentions})
    page.locator("#main").hover(position={"x": 2, "y": 2})
    assert page.locator("mark.lit").count() == 0
    page.locator(".claim, .conflict").first.hover(position={"x": 2, "y": 5})
    assert page.locator("#details a.jump").count() >= 1


def test_offsets_count_code_points(opened: Opened, tmp_path: Path) -> None:
    """Emoji, combining marks, right-to-left text, CRLF: what is marked is what the records quote."""
    made = material(read_corpus(TESTS / "corpus"), None, None)
    page = opened(written(explorer.pages(made), tmp_path))
    assert isinstance(made.gold, AnnotationSet)
    for number, doc_id in enumerate(sorted(made.documents)):
        marked = page.evaluate(WORDS, number)
        wanted = [m.text or "" for m in made.gold.mentions or () if m.doc_id == doc_id]
        assert Counter(" ".join(each.split()) for each in marked) == Counter(" ".join(each.split()) for each in wanted)


def test_the_keyboard_reaches_every_mark(opened: Opened, page_file: Path) -> None:
    page = opened(page_file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("#article-0 mark[tabindex='0']").focus()
    assert page.locator("mark.lit").count() > 0
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("Home")
    entity = page.evaluate("document.activeElement.dataset.entity")
    page.keyboard.press("Enter")
    page.locator("#article-1 .mention").nth(9).hover()
    assert {*page.evaluate("[...document.querySelectorAll('mark.lit')].map(e => e.dataset.entity)")} == {entity}
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.entity") == entity
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Escape")
    assert page.locator("mark.lit, mark.pinned").count() == 0


# --- conflicts -----------------------------------------------------------------------------------------------


def test_a_click_puts_the_two_claims_side_by_side(opened: Opened, page_file: Path, real: explorer.Material) -> None:
    page = opened(page_file, "#conflicts")
    conflicts = [pair for pair in (real.gold and real.gold.contradictions) or () if pair.relation in CONFLICT]
    assert page.locator(".to-pair:visible").count() == len(conflicts)
    for number in range(0, len(conflicts), 4):
        page.locator(".to-pair:visible").nth(number).click()
        card = page.locator(".card:visible")
        assert card.count() == 1 and page.url.endswith(f"#{card.get_attribute('id')}")
        pair = next(each for each in conflicts if each.rationale and each.rationale in card.inner_text())
        assert pair.aspect and pair.aspect in card.inner_text() and pair.relation in card.inner_text()
        for side, span in (("a", pair.span_a), ("b", pair.span_b)):
            clash = page.locator(f".pane[data-side={side}] mark.clash")
            assert span and " ".join((clash.first.text_content() or "").split()) in " ".join((span.text or "").split())
            assert clash.first.evaluate(IN_VIEW)
    page.locator(".card:visible summary").click()
    assert {"heron", "plover", "siskin"} <= {*texts(page, ".card:visible .votes tbody th")}
    page.locator("input[name=pairs][value=look-alike]").check()
    page.locator("input[name=pairs][value=contradiction]").uncheck()
    shown = {page.locator(".to-pair:visible .sign").nth(i).get_attribute("data-relation") for i in range(8)}
    assert "contradiction" not in shown


def test_conflicts_by_keyboard_and_by_address(opened: Opened, page_file: Path) -> None:
    page = opened(page_file, "#pair-3")
    assert page.locator(".card:visible").get_attribute("id") == "pair-3"
    page.locator(".to-pair[data-pair='3']").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".card:visible").get_attribute("id") == "pair-4" and page.url.endswith("#pair-4")
    assert page.evaluate("document.activeElement.dataset.pair") == "4"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "pair-4"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "pane"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.pair") == "4"
    page.locator("nav a[href='#reuse']").click()
    page.go_back()
    assert page.locator(".card:visible").get_attribute("id") == "pair-4"


def test_a_fact_that_changed_on_the_way_leads_to_its_conflict(
    opened: Opened, page_file: Path, real: explorer.Material
) -> None:
    page = opened(page_file, "#reuse")
    runs = [run for each in real.documents.values() for entry in each.source.copied_from for run in entry.runs]
    assert page.locator("polygon.ribbon").count() == len(runs)
    page.locator(".passage.changed", has_text="Guangdong").first.get_by_role("link").click()
    assert texts(page, ".card:visible .says") == ["city", "province"]


# --- a prediction --------------------------------------------------------------------------------------------


def test_hits_misses_and_false_alarms_are_marked(opened: Opened, tmp_path: Path) -> None:
    root = Path(shutil.copytree(TESTS / "corpus", tmp_path / "corpus"))
    value = json.loads((root / "annotations" / "gold.json").read_bytes())
    value |= {"role": "system", "source": "me"}
    del value["round"]
    lost = value["mentions"].pop(0)
    value["mentions"].append(
        {**lost, "mention_id": "x", "start": lost["start"] - 12, "end": lost["end"] - 12, "text": None}
    )
    path = tmp_path / "prediction.json"
    path.write_text(json.dumps(value))
    made = material(read_corpus(root), None, path)
    assert made.prediction is not None
    page = opened(written(explorer.pages(made), tmp_path / "page"))
    wanted = Counter(each.outcome for each in made.prediction.cases if each.layer in ("mentions", "claims"))
    for outcome in ("hit", "near miss", "miss", "false alarm"):
        assert told(page, f'[data-outcome-count="{outcome}"]') == wanted[outcome]
    missed = page.locator('mark.first[data-outcome="miss"]')
    assert missed.count() == wanted["miss"] > 0 and "○" in missed.first.evaluate(
        "e => getComputedStyle(e, '::before').content"
    )
    page.locator("input[name=outcome][value=hit]").uncheck()
    assert page.locator('mark[data-outcome="hit"]').count() == 0 and missed.count() == wanted["miss"]


# --- markup in the texts -------------------------------------------------------------------------------------

BAD = "</script><script>window.ran=1</script><img src=x onerror=window.ran=1><!-- \u2028 ]]> {{7*7}} & \" ' `${1}`"


KEPT = ("relation", "role", "direction")


def spoiled(value: Any, key: str = "") -> Any:
    """The same with markup in every string; alike strings stay alike, so that ids still lead to what they name."""
    if isinstance(value, dict):
        return {name: spoiled(member, name) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [spoiled(member, key) for member in value]
    return f"{value}{BAD}" if isinstance(value, str) and key not in KEPT else value


def hostile(made: explorer.Material) -> explorer.Material:
    """A corpus in which every text, title, name, label, id, annotator and figure holds markup and scripts."""
    labels = copy.copy(made.schema)
    sets = spoiled(msgspec.to_builtins(made.schema.label_sets))
    labels.label_sets = msgspec.convert(sets, dict[str, tuple[Label, ...]])
    plain = {name: getattr(made, name) for name in made.__struct_fields__ if name not in ("schema", "prediction")}
    value = spoiled(msgspec.to_builtins(plain))
    value |= {name: {f"{key}{BAD}": member for key, member in value[name].items()} for name in ("documents", "kinds")}
    types: dict[str, Any] = {"documents": dict[str, Document], "gold": AnnotationSet, "kinds": dict[str, str]}
    lists: dict[str, Any] = {"agreement": tuple[explorer.Plot, ...], "leaderboard": tuple[explorer.Plot, ...]}
    lists |= dict.fromkeys(("annotators", "judged"), tuple[AnnotationSet, ...])
    fields = {name: msgspec.convert(value[name], kind) for name, kind in {**types, **lists}.items()}
    return explorer.Material(schema=labels, **fields)


@pytest.mark.parametrize("limit", [40, 1])
def test_nothing_that_a_corpus_holds_runs(limit: int, opened: Opened, tmp_path: Path) -> None:
    made = material(read_corpus(TESTS / "corpus"), None, None)
    plots = (explorer.Plot("agreement", (explorer.Bar("x", 0.5, 0.4, 0.6, n="3"),), ("a note",)),)
    files = explorer.pages(hostile(msgspec.structs.replace(made, agreement=plots, leaderboard=plots)), limit)
    index = written(files, tmp_path / "pages")
    page = opened(index)
    for name in [name for name in files if name.endswith(".html")][:6]:
        page.goto((index.parent / name).as_uri())
        for view in ("articles", "conflicts", "reuse", "agreement"):
            page.evaluate(f"location.hash = '{view}'")
        page.evaluate("location.hash = 'articles'")
        if page.locator(".mention[data-entity]").count():
            page.locator(".mention[data-entity]").first.hover()
            assert "<img src=x" in page.locator("#details strong").inner_text()
        page.wait_for_timeout(50)
        assert page.evaluate("window.ran") is None
        assert page.locator("img, main script, iframe").count() == 0 and page.locator("script").count() == 2
    assert b"{{7*7}}" in files["index.html"]


# --- how it looks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_out(scheme: str, opened: Opened, page_file: Path) -> None:
    page = opened(page_file, color_scheme=scheme)
    for paper in ("paper", "card", "wash"):
        for ink in ("ink", "soft", "accent", "conflict", "good", "bad", "near", "missed"):
            assert page.evaluate(CONTRAST, [ink, paper]) >= 4.5, (ink, paper)
    for hue in range(8):
        assert page.evaluate(CONTRAST, [f"h{hue}", "card"]) >= 4.5
    for ground in ("clash", "claim", "copied"):
        assert page.evaluate(CONTRAST, ["ink", ground]) >= 4.5, ground
    assert page.evaluate(CONTRAST, ["on-lit", "lit"]) >= 7
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 22)"
    assert dark == (scheme == "dark")


@pytest.mark.parametrize(("width", "height"), [(375, 812), (1280, 800)])
def test_it_opens_at_its_top(width: int, height: int, opened: Opened, page_file: Path) -> None:
    page = opened(page_file, viewport={"width": width, "height": height})
    page.wait_for_timeout(50)
    assert page.evaluate("scrollY") == 0
    page.locator("nav a[href='#conflicts']").click()
    under = page.locator(".top").evaluate("each => each.getBoundingClientRect().bottom")
    title = page.locator("#conflicts-title").evaluate("each => each.getBoundingClientRect().top")
    assert under <= title < height / 2 and page.locator(".card:visible").count() == 1


def test_a_phone_needs_no_sideways_scrolling(opened: Opened, page_file: Path) -> None:
    page = opened(page_file, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    for view in ("articles", "conflicts", "pair-7", "reuse", "agreement", "leaderboard"):
        page.evaluate(f"location.hash = '{view}'")
        page.wait_for_timeout(30)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view
    tabs = page.locator("nav a").evaluate_all("found => found.map(each => each.getBoundingClientRect().right)")
    assert len(tabs) == 5 and max(tabs) <= 390
    assert page.locator(".keys:visible, .by-keys:visible").count() == 0
    page.evaluate("location.hash = 'articles'")
    page.locator(".mention[data-entity]").nth(3).tap()
    assert page.locator("mark.lit").count() > 0 and page.locator("#details strong").is_visible()


def test_without_scripts_and_on_paper_everything_is_there(opened: Opened, page_file: Path) -> None:
    page = opened(page_file, java_script_enabled=False)
    assert page.locator(".view:visible").count() == page.locator(".view").count()
    assert page.locator(".card:visible").count() == page.locator(".card").count()
    page = opened(page_file)
    page.emulate_media(media="print")
    assert page.locator(".view:visible").count() == page.locator(".view").count()
    assert page.locator("nav:visible, .controls:visible, .compare:visible").count() == 0
    assert (
        page.locator(".card:visible").count()
        == page.locator(".to-pair").count() - page.locator("li[hidden] .to-pair").count()
    )


# --- a folder ------------------------------------------------------------------------------------------------


def test_a_folder_of_pages_is_walked_by_its_links(opened: Opened, tmp_path: Path) -> None:
    made = material(read_corpus(TESTS / "corpus"), None, None)
    page = opened(written(explorer.pages(made, limit=2), tmp_path))
    assert page.locator(".index tbody tr").count() == len(made.documents)
    page.locator(".index a").first.click()
    assert page.locator(".telling").count() == 1 and page.locator(".mention.first").count() > 0
    page.locator(".mention", has_text="Port Lorne").first.focus()
    page.locator("#details a.in").first.click()
    page.locator(".mention", has_text="Port Lorne").first.wait_for(state="attached")  # another page has to load
    assert page.locator(".mention", has_text="Port Lorne").count() > 0
    page.locator("nav a[href='#conflicts']").click()
    page.locator(".links a").first.click()
    page.locator("nav a[href='#conflicts']").click()
    assert page.locator(".pane mark.clash").count() >= 2
    page.locator("a.home").click()
    assert page.locator(".index").is_visible()


def test_the_picture_of_the_readme(opened: Opened, page_file: Path) -> None:
    folder = os.environ.get("VARIORUM_PICTURES")
    page = opened(page_file, "#conflicts", viewport={"width": 1200, "height": 760})
    page.evaluate("document.activeElement.blur()")
    data = page.screenshot()
    if folder:
        from PIL import Image

        few = Image.open(io.BytesIO(data)).convert("P", palette=Image.Palette.ADAPTIVE, colors=200)
        few.save(Path(folder) / "explorer.png", optimize=True)
    assert data.startswith(b"\x89PNG")
