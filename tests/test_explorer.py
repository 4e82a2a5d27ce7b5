"""The explorer's pages: what is chosen to be shown, what is refused, what a corpus may lack. No browser is needed."""

import json
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from support import ROOT, Command

from variorum import explorer
from variorum.cli.explore import LIMIT, material
from variorum.corpus import Corpus, read_corpus
from variorum.explorer.articles import blocks
from variorum.explorer.copies import CHANGED, CLASH, GAP, SAME, chained, copies
from variorum.explorer.figures import Bar, Plot
from variorum.explorer.pages import View
from variorum.explorer.pairs import groups
from variorum.records import from_json, to_json
from variorum.sources import Run

CONFLICT = ("contradiction", "tension")


class Page(HTMLParser):
    """A page as a parser sees it: the script's data, and every element."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script":
            self.scripts.append(data)

    @property
    def data(self) -> Any:
        return json.loads(self.scripts[0])

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [each for _, each in self.elements if name in (each.get("class") or "").split()]


@pytest.fixture(scope="module")
def real() -> explorer.Material:
    return material(read_corpus(ROOT), None, None)


@pytest.fixture(scope="module")
def page(real: explorer.Material) -> bytes:
    (data,) = explorer.pages(real).values()
    return data


# --- what is shown -------------------------------------------------------------------------------------------


def test_the_page_of_the_five_articles_is_one_small_file(page: bytes) -> None:
    assert len(page) < 2 * 2**20
    assert re.findall(rb"(?:src|href)=[\"']?(?!#)[^\"'> ]+", page) == []
    assert b"url(" not in page and b"@import" not in page


def test_data_are_gold_and_every_annotator(page: bytes, real: explorer.Material) -> None:
    data = Page(page).data
    assert real.gold is not None
    sets = [real.gold, *real.annotators]
    assert [len(each["mentions"]) for each in data["sources"]] == [len(each.mentions or ()) for each in sets]
    assert [len(each["claims"]) for each in data["sources"]] == [len(each.claims or ()) for each in sets]
    assert [each["text"] for each in data["articles"]] == [each.text for each in real.documents.values()]


def test_every_conflict_of_gold_is_listed_with_who_said_what(page: bytes, real: explorer.Material) -> None:
    assert real.gold is not None
    conflicts = {pair.pair_id for pair in real.gold.contradictions or () if pair.relation in CONFLICT}
    shown = [pair for group in groups(real) for pair in group.pairs]
    assert {pair.pair.pair_id for pair in shown if pair.is_conflict} == conflicts
    assert [pair.number for pair in shown] == list(range(len(shown)))
    assert all(len({vote.source for vote in pair.votes}) >= 2 for pair in shown)
    assert len(Page(page).of_class("card")) == len(shown)
    ids = [each.pair.conflict_id for group in groups(real) for each in group.pairs if each.is_conflict]
    assert len(set(ids)) == len([group for group in groups(real) if group.pairs[0].is_conflict])


def test_a_second_look_is_told_from_annotators(page: bytes, real: explorer.Material) -> None:
    votes = [vote for group in groups(real) for pair in group.pairs for vote in pair.votes]
    looked = {vote.source for vote in votes if vote.again}
    assert looked and looked.isdisjoint(vote.source for vote in votes if not vote.again)
    assert page.count(b"(second look)") == sum(vote.again for vote in votes) > 0


def test_blocks_hold_every_letter_once(corpus: Corpus, small_corpus: Corpus) -> None:
    for document in [*corpus.documents.values(), *small_corpus.documents.values()]:
        shown = "".join(each.text for each in blocks(document))
        assert "".join(shown.split()) == "".join(document.text.split())
    bare = msgspec.structs.replace(
        document, source=msgspec.structs.replace(document.source, paragraphs=(), furniture=())
    )
    assert [each.text.strip() for each in blocks(bare)] == [
        line.strip() for line in document.text.splitlines() if line.strip()
    ]


# --- text reuse ----------------------------------------------------------------------------------------------


def test_copies_show_every_run_and_the_facts_that_changed(real: explorer.Material) -> None:
    shown = [pair for group in groups(real) for pair in group.pairs]
    found = copies(real.documents, shown)
    listed = [(d.doc_id, c) for d in real.documents.values() for c in d.source.copied_from]
    assert [(each.doc_id, each.other_id, len(each.ribbons)) for each in found] == [
        (doc_id, entry.doc_id, len(entry.runs)) for doc_id, entry in listed
    ]
    passages = [(each, passage) for each in found for passage in each.passages]
    changed = {pair.pair.conflict_id for _, passage in passages for pair in passage.conflicts}
    assert "guangdong-kind-of-place" in changed and "liang-real-gap-quote-date" in changed
    for each, passage in passages:
        for pieces, doc_id in ((passage.here, each.doc_id), (passage.there, each.other_id)):
            assert "".join(piece.text for piece in pieces) in real.documents[doc_id].text
            assert SAME in {piece.kind for piece in pieces}
        assert (
            all(CLASH in {piece.kind for piece in pieces} for pieces in (passage.here, passage.there))
            or not passage.conflicts
        )


def test_runs_close_on_both_sides_are_one_passage_and_what_differs_is_changed(small_corpus: Corpus) -> None:
    (found,) = copies(small_corpus.documents, ())
    first, second = found.passages
    assert [piece.text.strip() for piece in first.here if piece.kind == CHANGED]
    assert not [piece for piece in second.here if piece.kind == CHANGED]
    run = Run(start=0, end=10, other_start=0, other_end=10)
    near = Run(start=10 + GAP, end=200 + GAP, other_start=20, other_end=60)
    far = msgspec.structs.replace(near, start=near.start + 1)
    back = msgspec.structs.replace(near, other_start=5)
    assert [len(list(chained((run, other)))) for other in (near, far, back)] == [1, 2, 2]


# --- figures -------------------------------------------------------------------------------------------------


def test_agreement_is_plotted_with_its_intervals(real: explorer.Material, page: bytes) -> None:
    report = json.loads((ROOT / "annotations" / "agreement.json").read_bytes())
    measured = [
        f"{each['name']}: {', '.join(each['sources'])}" for each in report["comparisons"] if each.get("results")
    ]
    assert {plot.title for plot in real.agreement} - {"Validity"} <= {*measured}
    assert [plot.title for plot in real.agreement][:1] == ["articles: heron, plover, siskin"]
    plots = [part for plot in (*real.agreement, *real.leaderboard) for part in (plot, *plot.details)]
    bars = [bar for plot in plots for bar in plot.bars]
    elements = Counter(name for name, _ in Page(page).elements)
    assert elements["circle"] == sum(bar.value is not None for bar in bars) > 50


def test_the_leaderboard_is_plotted_a_column_a_plot(real: explorer.Material) -> None:
    board = json.loads((ROOT / "leaderboard" / "leaderboard.json").read_bytes())
    assert [plot.title for plot in real.leaderboard] == [each["title"] for each in board["columns"]]
    for plot in real.leaderboard:
        rows = [*board["systems"], *board["annotators"]]
        assert len(plot.bars) == sum(plot.title in row["figures"] for row in rows)
        systems = [bar.value for bar in plot.bars if not bar.label.startswith("annotator") and bar.value is not None]
        assert systems == sorted(systems, reverse=plot.title != "false alarms")


def test_the_axis_takes_in_what_is_negative_or_above_one() -> None:
    plot = Plot("x", (Bar("a", -0.1, -0.3, 0.2), Bar("b", 1.3), Bar("c", None, why="no items")))
    assert (plot.low, plot.high) == (-0.5, 1.5) and plot.ticks == (-0.5, 0.0, 0.5, 1.0, 1.5)
    assert 0 < plot.at(-0.5) < plot.at(0) < plot.at(1.5) < 100
    assert [bar.shown for bar in plot.bars] == ["-0.10 [-0.30, 0.20]", "1.30", "no items"]


@pytest.mark.parametrize("name", ["agreement.json", "validity.json", "../leaderboard/leaderboard.json"])
@pytest.mark.parametrize("data", [b"", b"[]", b'{"known_answers": [{}]}', b"\xff", b"[" * 9999])
def test_a_broken_report_is_a_line_that_names_it(
    name: str, data: bytes, small_corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    path = small_corpus.annotations / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    with pytest.raises(typer.Exit) as ended:
        material(small_corpus, None, None)
    told = "".join(capsys.readouterr())
    assert ended.value.exit_code == 1 and path.name in told and told.count("\n") == 1


# --- a prediction --------------------------------------------------------------------------------------------


def test_a_prediction_is_shown_by_the_cases_of_the_scorer(
    small_corpus: Corpus, variorum: Command, tmp_path: Path
) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    mentions = list(gold.mentions or ())
    changed = [
        msgspec.structs.replace(mentions[0], start=mentions[0].end, end=mentions[0].end + 2, text=None),
        *mentions[2:],
    ]
    pairs = [msgspec.structs.replace(each, relation="neutral", aspect=None, value_a=None, value_b=None, span_a=None,
             span_b=None, rationale=None, conflict_id=None) for each in gold.contradictions or ()]  # fmt: skip
    path = tmp_path / "prediction.json"
    kept = {each.mention_id for each in changed}
    claims = [msgspec.structs.replace(c, holder=c.holder if c.holder in kept else None) for c in gold.claims or ()]
    path.write_bytes(to_json(msgspec.structs.replace(gold, role="system", source="me", round=None, claims=tuple(claims),
                     mentions=tuple(changed), contradictions=tuple(pairs))))  # fmt: skip
    out = tmp_path / "page.html"
    done = variorum("explore", "--root", small_corpus.root, "--prediction", path, "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    errors = json.loads(variorum("score", path, "--root", small_corpus.root, "--errors", "--format", "json").stdout)
    wanted = Counter[tuple[str, str]]()
    for row in errors["errors"]["tally"]:
        wanted[row["layer"], row["outcome"]] += row["n"]
    page = Page(out.read_bytes())
    (shown,) = (each for each in page.data["sources"] if each.get("judged"))
    for outcome in ("miss", "false alarm"):
        assert sum(each[7] == outcome for each in shown["mentions"]) == wanted["mentions", outcome] > 0
        assert sum(each.get("outcome") == outcome for each in shown["claims"]) == wanted["claims", outcome]
    conflicts = [pair for pair in gold.contradictions or () if pair.relation in CONFLICT]
    assert page.of_class("card") and len(conflicts) == wanted["contradictions", "miss"]


def test_what_only_a_prediction_has_is_no_conflict_of_golds(small_corpus: Corpus, tmp_path: Path) -> None:
    """An open prediction: claims of its own, and a pair of them that it calls a contradiction."""
    value = json.loads(small_corpus.gold.read_bytes())
    value |= {"role": "system", "source": "me"}
    del value["round"]
    claim = value["claims"][0]
    span = {**claim["spans"][0], "end": claim["spans"][0]["start"] + 3}
    del span["text"]
    mine = {**claim, "claim_id": "mine", "spans": [span]}
    value["claims"].append({name: mine[name] for name in mine if name not in ("holder", "cue")})
    other = value["claims"][-2]["claim_id"]
    value["contradictions"] = [
        {"pair_id": f"{other}~mine", "claim_a": other, "claim_b": "mine", "relation": "contradiction"}
    ]
    path = tmp_path / "prediction.json"
    path.write_text(json.dumps(value))
    plain, found = (
        [pair for group in groups(material(small_corpus, None, each)) for pair in group.pairs] for each in (None, path)
    )
    assert sum(pair.is_conflict for pair in found) == sum(pair.is_conflict for pair in plain)
    (own,) = (pair for pair in found if not pair.known)
    assert (own.relation, own.predicted, own.kinds) == ("not in gold", "contradiction", ("false alarm",))


def test_a_prediction_needs_gold(small_corpus: Corpus, variorum: Command) -> None:
    path = small_corpus.gold.rename(small_corpus.root / "prediction.json")
    small_corpus.consolidated.unlink()
    done = variorum("explore", "--root", small_corpus.root, "--prediction", path)
    assert (done.returncode, done.stdout) == (2, "") and "variorum adjudicate" in done.stderr


# --- what a corpus may lack ----------------------------------------------------------------------------------


def test_a_corpus_with_articles_only(small_corpus: Corpus, variorum: Command) -> None:
    for path in sorted(small_corpus.annotations.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    done = variorum("explore", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    page = Page((small_corpus.build / "explorer.html").read_bytes())
    assert len(page.of_class("telling")) == 3 and page.data["sources"] == [] and len(page.of_class("empty")) >= 3


def test_without_gold_what_anybody_calls_a_conflict_is_shown(small_corpus: Corpus) -> None:
    small_corpus.gold.unlink()
    found = groups(material(small_corpus, None, None))
    called = {
        pair.pair_id
        for path in small_corpus.records("pairs")
        for pair in from_json(path.read_bytes()).contradictions or ()
        if pair.relation in CONFLICT
    }
    assert {pair.pair.pair_id for group in found for pair in group.pairs} == called


def test_labels_are_those_of_the_corpus(small_corpus: Corpus) -> None:
    (data,) = explorer.pages(material(small_corpus, None, None)).values()
    assert [name for name, _ in Page(data).data["types"]] == list(small_corpus.schema.names("entity_type"))


# --- files ---------------------------------------------------------------------------------------------------


def test_many_articles_become_a_folder_whose_links_all_lead_somewhere(small_corpus: Corpus) -> None:
    made = explorer.pages(material(small_corpus, None, None), limit=2)
    names = {name for name in made if name.endswith(".html")}
    assert {"index.html", "explorer.css", "explorer.js"} < made.keys()
    assert len([name for name in names if name.startswith("article-")]) == 3
    for name in names:
        page = Page(made[name])
        links = {each[key] or "" for _, each in page.elements for key in ("href", "src") if key in each}
        for link in links:
            target, _, place = link.partition("#")
            assert target in made or not target, link
            ids = (
                {each.get("id") for _, each in Page(made[target or name]).elements}
                if (target or name) in names
                else {place}
            )
            assert not place or place in ids, link
    assert b"<style" not in made["index.html"] and Page(made["index.html"]).data == {}


def test_a_folder_is_replaced_as_a_whole_and_nothing_else_is(small_corpus: Corpus, variorum: Command) -> None:
    out = small_corpus.root.parent / "pages"
    command = ("explore", "--root", small_corpus.root, "--limit", "1", "--out", out)
    assert variorum(*command).returncode == 0
    (out / "old.html").write_bytes(b"old")
    assert variorum(*command).returncode == 0 and not (out / "old.html").exists()
    (out / "index.html").write_bytes(b"mine")
    done = variorum(*command)
    assert done.returncode == 2 and "left alone" in done.stderr and (out / "index.html").read_bytes() == b"mine"
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".pages")] == []


@pytest.mark.parametrize("out", ["seeds/a1-gazette.txt", "annotations/gold.json", "annotations"])
def test_out_never_replaces_an_input(out: str, small_corpus: Corpus, variorum: Command) -> None:
    done = variorum("explore", "--root", small_corpus.root, "--out", small_corpus.root / out)
    assert (done.returncode, done.stdout) == (2, "") and "left alone" in done.stderr


def test_the_template_engine_is_named_when_it_is_missing(small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    from variorum.explorer import rendering

    rendering._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(explorer.NoLibrary, match=r"variorum\[page\]"):
        explorer.pages(material(small_corpus, None, None))


def test_the_limit_stands_in_two_places_and_is_the_same() -> None:
    assert LIMIT == explorer.MAX_ARTICLES
    assert View("x").pairs == [] and View("x").kinds == {}
