"""The leaderboard: what is kept is what the command makes, and what it computes is right where the answer is known."""

import json
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace
from support import Command

from variorum.agreement import HeldOut, held_out
from variorum.agreement.occasions import Making
from variorum.cli.leaderboard import read_board
from variorum.corpus import Corpus
from variorum.decisions import Rounds
from variorum.leaderboard import FILES, Board, Entry, System, board, files
from variorum.leaderboard.blocks import Bullets, Grid, Heading, Text, html, markdown
from variorum.leaderboard.findings import conflicts, headroom, look_alikes
from variorum.leaderboard.measures import CONFLICTS, MAIN, PRECISION, RANKED, value
from variorum.leaderboard.neighbours import kept, neighbours, ranked
from variorum.leaderboard.system import Package
from variorum.records import AnnotationSet, Mention, from_json, to_json
from variorum.scoring import Config

FAST = Config(resamples=40)


def system(title: str, control: bool = False) -> System:
    return System(
        title=title, description="Invented.", licence="CC0-1.0", thresholds="none", date="2026-01-01", control=control
    )


@pytest.fixture
def gold(small_corpus: Corpus) -> AnnotationSet:
    return from_json(small_corpus.gold.read_bytes())


def calling(gold: AnnotationSet, name: str, relation: str, only: set[str] | None = None) -> Entry:
    """A system that gives this relation to every pair of gold, or only to those of some conflicts and reasons."""
    pairs = tuple(
        replace(p, relation=relation if only is None or {p.conflict_id, p.reason} & only else "neutral", score=None)
        for p in gold.contradictions or ()
    )
    bare = tuple(replace(p, aspect=None, reason=None, conflict_id=None, value_a=None, value_b=None) for p in pairs)
    made = replace(gold, source=name, role="system", round=None, contradictions=bare)
    return Entry(name, system(name), made)


def right(gold: AnnotationSet, name: str) -> Entry:
    """A system that is right in everything."""
    return Entry(name, system(name), replace(gold, source=name, role="system", round=None))


# --- what is kept in the repository ------------------------------------------------------------------------------


def test_what_is_kept_is_what_the_command_makes(corpus: Corpus) -> None:
    made = files(read_board(corpus))
    assert tuple(made) == FILES
    stale = [name for name, data in made.items() if (corpus.leaderboard / name).read_bytes() != data]
    assert stale == [], "run `variorum leaderboard`"


def test_the_controls_and_the_floor_are_rows(corpus: Corpus) -> None:
    assert {"chance", "neutral", "trivial"} <= {path.name for path in corpus.entries()}
    value = json.loads((corpus.leaderboard / "leaderboard.json").read_bytes())
    assert {row["name"] for row in value["systems"]} == {path.name for path in corpus.entries()}
    assert all(figure["signature"] for row in value["systems"] for figure in row["figures"].values())
    assert {each["kind"] for each in value["annotators"]} == {"language_model"}


def test_every_entry_holds_to_its_schema(corpus: Corpus) -> None:
    for folder in corpus.entries():
        said = json.loads((folder / "system.json").read_bytes())
        assert list(corpus.schema.validator("system").iter_errors(said)) == [], folder


# --- order and significance --------------------------------------------------------------------------------------


def test_a_right_system_is_first_and_sure_of_it(gold: AnnotationSet) -> None:
    made = board([calling(gold, "all", "contradiction"), right(gold, "right")], gold, config=FAST)
    assert [row.name for row in made.rows] == ["right", "all"]
    (found,) = (each for each in neighbours(made) if each.main == CONFLICTS)
    assert (found.first, found.second, found.swap) == ("right", "all", 0)
    assert found.difference.difference > 0 and found.significant
    assert [(each.name, each.rank, each.kept) for each in kept(made, CONFLICTS)] == [("right", 1, 1), ("all", 2, 1)]


def test_two_equal_systems_share_a_rank_and_swap_half_of_the_time(gold: AnnotationSet) -> None:
    made = board([right(gold, "b"), right(gold, "a")], gold, config=FAST)
    assert [row.name for row in made.rows] == ["a", "b"]
    assert [(each.rank, each.kept) for each in kept(made, CONFLICTS)] == [(1, 1), (1, 1)]
    found = neighbours(made)
    assert {each.main for each in found} == set(RANKED) - {PRECISION}  # no scores, no ranking of pairs
    for each in found:
        assert each.swap == 0.5 and each.difference.difference == 0 and not each.significant


def test_ranks_of_entities_are_not_drawn_for_all_at_once(gold: AnnotationSet) -> None:
    made = board([right(gold, "a"), right(gold, "b")], gold, config=FAST)
    (entities,) = (main for main in RANKED if main.layer == "entities")
    assert [each.kept for each in kept(made, entities)] == [None, None]
    assert [each.swap for each in neighbours(made) if each.main == entities] == [0.5]


def test_a_system_without_a_layer_is_not_ranked_by_it(gold: AnnotationSet) -> None:
    pairs = right(gold, "pairs")
    alone = pairs._replace(prediction=replace(pairs.prediction, mentions=None, entities=None, claims=None))
    made = board([alone._replace(prediction=replace(alone.prediction, claims_from=None))], gold, config=FAST)
    assert [value(made.rows[0].cells, main) for main in MAIN if main.layer != "contradictions"] == [None] * 4
    assert [len(ranked(made, main)) for main in RANKED if main.layer == "mentions"] == [0]
    assert neighbours(made) == []
    assert set(files(made)) == set(FILES)


def test_pairs_of_claims_of_ones_own_are_told_apart(gold: AnnotationSet) -> None:
    """Their scores are of another task: no column of the table, no part of who finds what."""
    entry = right(gold, "own")
    kind = {"opinion": "fact", "fact": "opinion", "forecast": "fact"}
    claims = tuple(replace(claim, kind=kind[claim.kind]) for claim in gold.claims or ())
    made = board([entry._replace(prediction=replace(entry.prediction, claims=claims, claims_from=None))], gold)
    text = files(made)["README.md"].decode()
    assert "open task: pairs of its own claims, against all of gold's: conflicts F1 1.000" in text
    assert CONFLICTS.title not in made.rows[0].cells and "no system judges pairs" in files(made)["REPORT.md"].decode()


def test_what_made_a_row_is_headed_as_the_table_names_it(gold: AnnotationSet) -> None:
    other = calling(gold, "folder", "neutral")._replace(system=system("a title", control=True))
    text = files(board([right(gold, "right"), other], gold, config=FAST))["README.md"].decode()
    assert "\n### folder: a title (control)\n" in text and "\n| folder: a title (control) |" in text
    assert "\n### right\n" in text


def test_the_report_says_what_swaps_above_and_near_a_half_mean(gold: AnnotationSet) -> None:
    text = files(board([], gold, config=FAST))["REPORT.md"].decode()
    assert "near 0.5 the order of the two says nothing" in text and "Above 0.5 the next one is better in most" in text


def test_an_empty_board_of_systems_makes_its_pages(gold: AnnotationSet) -> None:
    made = files(board([], gold, config=FAST))
    assert b"There are no two systems" in made["README.md"] and b"no system yet" in made["REPORT.md"]


# --- what is found, and what fools -------------------------------------------------------------------------------


def test_conflicts_and_who_finds_them(gold: AnnotationSet) -> None:
    some, every = calling(gold, "some", "tension", {"injured", "cause-of-collision"}), right(gold, "every")
    found = {each.conflict_id: each.found_by for each in conflicts(board([some, every], gold, config=FAST))}
    assert found["injured"] == found["cause-of-collision"] == ("every", "some")
    assert found["return"] == found["day-of-collision"] == ("every",)


def test_look_alikes_and_whom_they_fool(gold: AnnotationSet) -> None:
    hasty = calling(gold, "hasty", "contradiction", {"rounding"})
    lucks = [
        calling(gold, name, "tension", {"different_time"})._replace(system=system(name, control=True)) for name in "xy"
    ]
    found = look_alikes(board([hasty, *lucks], gold, config=FAST))
    assert [each.pair.reason for each in found][0:1] == ["rounding"]  # controls do not count for the order
    assert {each.pair.reason: each.fooled for each in found} == {
        "rounding": ("hasty",),
        "different_time": ("x", "y"),
        "different_granularity": (),
        "different_referent": (),
    }


def test_a_conflict_is_no_look_alike(gold: AnnotationSet) -> None:
    pairs = tuple(replace(p, reason="rounding") if p.conflict_id else p for p in gold.contradictions or ())
    odd = replace(gold, contradictions=pairs)
    assert len(look_alikes(board([right(gold, "right")], odd, config=FAST))) == 4


def test_headroom_is_what_controls_aside_is_left(gold: AnnotationSet) -> None:
    best = right(gold, "best")
    nothing = calling(gold, "nothing", "neutral")
    side = HeldOut("ann", replace(gold, source="ann"), gold, 0)
    made = board([nothing, best._replace(system=system("best", control=True))], gold, beside=[side], config=FAST)
    (found,) = (each for each in headroom(made) if each.main == CONFLICTS)
    assert (found.best, found.reached, found.ceiling, found.left) == (("nothing",), 0, 1, 1)
    assert all(each.main.more_is_better for each in headroom(made))


def test_all_systems_that_are_best_are_named(gold: AnnotationSet) -> None:
    made = board([right(gold, "b"), calling(gold, "all", "contradiction"), right(gold, "a")], gold, config=FAST)
    (found,) = (each for each in headroom(made) if each.main == CONFLICTS)
    assert (found.best, found.reached) == (("a", "b"), 1)
    pages = files(made)
    assert "| conflicts F1 | a, b | 1.000 |" in pages["REPORT.md"].decode()
    kept = {each["by"]: each["best"] for each in json.loads(pages["leaderboard.json"])["headroom"]}
    assert kept["conflicts F1"] == ["a", "b"] and kept["conflicts found"] == ["a", "all", "b"]


# --- annotators --------------------------------------------------------------------------------------------------


def three(corpus: Corpus) -> list[AnnotationSet]:
    """The records of the articles, and a third annotator who labels what the first does."""
    first, second = (from_json(path.read_bytes()) for path in corpus.records("articles"))
    return [first, second, replace(first, source="owl")]


def test_own_labels_are_not_in_what_an_annotator_is_held_against(small_corpus: Corpus) -> None:
    sets, making = three(small_corpus), Making(Rounds(version="1.0.0", articles="articles", pairs=()))
    before = {each.source: each.others for each in held_out(sets, making)}
    assert before.keys() == {"heron", "wren", "owl"}
    alone = Mention(mention_id="a1-m0-3", doc_id="a1", start=0, end=3, type="ORG", level="NAM")
    changed = [replace(each, mentions=(alone,), entities=()) if each.source == "wren" else each for each in sets]
    after = {each.source: each.others for each in held_out(changed, making)}
    assert to_json(after["wren"]) == to_json(before["wren"])
    assert to_json(after["owl"]) != to_json(before["owl"])


def test_two_annotators_are_no_ceiling(small_corpus: Corpus) -> None:
    making = Making(Rounds(version="1.0.0", articles="articles", pairs=()))
    assert held_out(three(small_corpus)[:2], making) == []


def test_an_annotator_is_one_row_whatever_the_rounds(gold: AnnotationSet) -> None:
    article = replace(gold, source="ann", contradictions=None, claims_from=None)
    pairs = replace(gold, source="ann", mentions=None, entities=None, claims=None)
    sides = [HeldOut("ann", article, article, 2), HeldOut("ann", pairs, pairs, 3)]
    (found,) = board([], gold, beside=sides, kinds={"ann": "person"}, config=FAST).ceilings
    assert (found.open, found.kind) == (5, "person")
    assert {found.cells[main.title].figure.value for main in MAIN if main.title in found.cells} == {0.0, 1.0}
    assert {main.title for main in MAIN} - found.cells.keys() == {"average precision"}


# --- pages -------------------------------------------------------------------------------------------------------


def test_pages_say_the_same_in_markdown_and_html_and_escape_it() -> None:
    blocks = [
        Heading(1, "A <b> title"),
        Text("see `x|y` and [there](other.md#a)"),
        Bullets(("one", "<script>")),
        Grid(("name", "n "), (("a|b", "1 [0, 2]"),)),
    ]
    page, text = html("T", blocks), markdown(blocks)
    assert "<script>" not in page and "&lt;script&gt;" in page and "<code>x|y</code>" in page
    assert '<a href="other.md#a">there</a>' in page and "<td class=n>1<br><small>[0, 2]</small></td>" in page
    assert "| a\\|b | 1 [0, 2] |" in text and "|---|---:|" in text and text.endswith("|\n")


def test_whose_row_it_is_stays_in_sight_when_a_wide_table_is_scrolled(chromium: Any) -> None:
    head, cells = ("system", *(f"figure number {i} " for i in range(9))), ("0.5 [0.0, 1.0]",) * 9
    with chromium.new_page(viewport={"width": 400, "height": 600}) as page:
        page.set_content(html("T", [Grid(head, (("mine", *cells),))]))
        seen = page.evaluate("""() => {
            const table = document.querySelector("table"), name = document.querySelector("td")
            table.scrollLeft = 300
            const {left, top, width, height} = name.getBoundingClientRect(), over = new Set()
            for (let x = 2; x < width - 2; x += 4) for (let y = 2; y < height - 2; y += 4)
                over.add(document.elementFromPoint(left + x, top + y))
            return [table.scrollLeft, left >= 0, over.size === 1 && over.has(name)]
        }""")
        assert seen == [300, True, True]


def test_no_link_leads_out_of_the_page() -> None:
    outside = "[x](javascript:alert(1)) [y](https://example.org) [z](//example.org) <https://example.org/?a&b>"
    page = html("T", [Text(outside)])
    assert "href" not in page and "https://example.org/?a&amp;b</p>" in page


ODD = "a|b *c* _d_ `e` <f> [g](README.md) \\| ~~h~~ &amp; # \n| i |\n---\n<script>1</script> j_k_l"


class Cells(HTMLParser):
    """The texts of a page's cells, headings, items and paragraphs, and every tag in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts, self.tags = [""], set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag in ("td", "th", "li", "p", "h3"):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


@pytest.mark.parametrize("name", ["README.md", "REPORT.md", "index.html"])
def test_what_a_system_says_of_itself_is_text_on_every_page(gold: AnnotationSet, name: str) -> None:
    said = replace(system(ODD), licence=ODD, description=ODD, thresholds=ODD, settings={ODD: ODD})
    said = replace(said, packages=(Package(name=ODD, version=ODD),))
    claims = tuple(replace(each, proposition=ODD) for each in gold.claims or ())
    made = replace(gold, claims=claims)
    rows = [right(made, name)._replace(name=name, system=said) for name in ("o|d *d*", "x_ _`y")]
    text = files(board(rows, made, config=FAST))[name].decode()
    found = Cells(text if name == "index.html" else MarkdownIt().enable(["table", "strikethrough"]).render(text))
    plain, told = " ".join(ODD.split()), [" ".join(each.split()) for each in found.texts]
    assert not found.tags & {"script", "em", "strong", "s", "f", "hr", "h4"}
    if name != "REPORT.md":
        assert told.count(plain) >= len(rows)  # licences and headings
        assert {f"what it does: {plain}", f"settings: {plain} = {plain}", f"x_ _`y: {plain}"} <= set(told)
    if name != "README.md":
        assert plain in told and {"o|d *d*", "x_ _`y", "o|d *d*, x_ _`y"} <= set(told)  # claims, best systems


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def entered(small_corpus: Corpus, gold: AnnotationSet) -> Iterator[Corpus]:
    """The small corpus with two entries."""
    for entry in (right(gold, "right"), calling(gold, "all", "contradiction")):
        folder = small_corpus.leaderboard / entry.name
        folder.mkdir(parents=True)
        (folder / "prediction.json").write_bytes(to_json(entry.prediction))
        (folder / "system.json").write_bytes(to_json(entry.system))
    yield small_corpus


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_command_writes_the_files_and_prints_them(entered: Corpus, variorum: Command) -> None:
    done = variorum("leaderboard", "--root", entered.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(entered.leaderboard) == files(read_board(entered))
    table, said = done.stdout.split("Intervals, further figures")
    assert "README.md, leaderboard.json, index.html, REPORT.md are written" in said
    assert max(map(len, table.splitlines())) <= 80
    rows = {line.split()[0]: line.split()[1:] for line in table.splitlines() if line.strip()}
    assert rows["mentions"] == ["entities", "claims", "conflicts", "average", "false"]
    assert rows["right"] == ["1.000", "1.000", "1.000", "1.000", "-", "0.000"]
    assert rows["all"][3:] == ["0.571", "-", "1.000"]  # 8 of 20 pairs are conflicts
    other = entered.root / "elsewhere"
    done = variorum("leaderboard", "--root", entered.root, "--format", "markdown", "--out", other)
    assert contents(other) == contents(entered.leaderboard)
    assert done.stdout.encode() == contents(other)["README.md"]


def test_a_corpus_without_entries_is_told_what_to_do(small_corpus: Corpus, variorum: Command) -> None:
    done = variorum("leaderboard", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "variorum baseline trivial --entry leaderboard/trivial" in done.stderr
    assert not small_corpus.leaderboard.exists()


def test_every_problem_of_every_entry_is_listed_and_nothing_written(entered: Corpus, variorum: Command) -> None:
    board = entered.leaderboard
    shutil.copytree(board / "right", board / "other-gold")
    shutil.copytree(board / "right", board / "no-system")
    shutil.copytree(board / "right", board / "outside")
    (board / "no-system" / "system.json").unlink()
    made = json.loads((board / "other-gold" / "prediction.json").read_bytes())
    made["claims_from"] = {"source": "gold", "sha256": "0" * 64}
    made["claims"], made["mentions"] = None, None
    (board / "other-gold" / "prediction.json").write_text(json.dumps({k: v for k, v in made.items() if v is not None}))
    made = json.loads((board / "outside" / "prediction.json").read_bytes())
    made["mentions"][3]["end"] = 10**6
    (board / "outside" / "prediction.json").write_text(json.dumps(made))
    (board / "all" / "prediction.json").write_bytes(b"{")
    said = json.loads((board / "all" / "system.json").read_bytes())
    (board / "all" / "system.json").write_text(json.dumps({**said, "date": "yesterday"}))
    done = variorum("leaderboard", "--root", entered.root)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    places = [line.split(": [")[0].rpartition("leaderboard/")[2] for line in done.stdout.splitlines()]
    expected = {"all/prediction.json::$", "all/system.json::$.date", "no-system/system.json::$"}
    assert expected | {"outside/prediction.json::$.mentions[3]"} <= set(places)
    assert any(place.startswith("other-gold/prediction.json::$.claims_from") for place in places), done.stdout
    assert contents(board) == {}


def test_a_board_needs_no_annotators(entered: Corpus) -> None:
    shutil.rmtree(entered.annotations / "records")
    (entered.annotations / "rounds.json").unlink()
    made: Board = read_board(entered)
    assert made.ceilings == () and len(made.rows) == 2
