"""Text reuse, by hand-made cases, against a brute-force second opinion, and on the shipped sources."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from variorum.reuse import copied_from, longest_copied, measured, share, shared_runs, swapped, words
from variorum.sources import Block, CopiedFrom, Furniture, Run, Source, Sources

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "schema" / "source.schema.json").read_bytes())
DATA = (ROOT / "seeds" / "sources.json").read_bytes()
SOURCES = msgspec.json.decode(DATA, type=Sources).sources
TEXTS = {source.doc_id: (ROOT / "seeds" / source.file).read_bytes().decode("utf-8") for source in SOURCES}
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.doc_id)

untimed = settings(deadline=None)  # the first call builds the pattern of words, whichever test it is in

EIGHT = "one two three four five six seven eight"
SEVEN = "one two three four five six seven"


def keys(text: str) -> list[str]:
    return [word.key for word in words(text)]


def quotes(a: str, b: str, n: int = 8) -> list[tuple[str, str]]:
    return [(a[r.start : r.end], b[r.other_start : r.other_end]) for r in shared_runs(a, b, n)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t… — '’ * ", []),
        ("It can’t, he'd “say”", ["it", "cant", "hed", "say"]),
        ("a 39-year-old\nopen-source", ["a", "39", "year", "old", "open", "source"]),
        ("catching up...Open-source", ["catching", "up", "open", "source"]),
        ("the U.S.'s and U.S. and US.", ["the", "uss", "and", "us", "and", "us"]),
        ("$5.6 million, 2,048 H800s. 56.", ["5.6", "million", "2,048", "h800s", "56"]),
        ("3.5mm R1.5", ["3", "5mm", "r1", "5"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("caf\u00e9 cafe\u0301 CAFE\u0301", ["caf\u00e9"] * 3),
        ("\ufb01ne \uff26\uff29\uff2e\uff25", ["fine", "fine"]),
        ("مُحَمَّد كتب، رسالة؟", ["مُحَمَّد", "كتب", "رسالة"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("人工智能。AI", ["人", "工", "智", "能", "ai"]),
        ("co\u00adoperate 🙂 👩\u200d💻 ok", ["cooperate", "ok"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@untimed
@given(st.text())
def test_words_are_disjoint_stretches(text: str) -> None:
    found = words(text)
    edges = [edge for word in found for edge in (word.start, word.end)]
    assert edges == sorted(edges) and all(0 <= w.start < w.end <= len(text) and w.key for w in found)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("one two three four\nfive six\r\nseven eight", EIGHT, id="hard-wrapped"),
        pytest.param("“One two,” three 'four' five six seven eight", f'"{EIGHT}"', id="quotes"),
        pytest.param("one two... three four…five six seven eight.", EIGHT, id="ellipsis"),
        pytest.param("one-two-three-four five six seven eight", EIGHT.upper(), id="hyphens and case"),
    ],
)
def test_layout_does_not_hide_a_run(a: str, b: str) -> None:
    assert len(shared_runs(a, b)) == len(shared_runs(f"before {a} after", b)) == 1


def test_offsets_leave_out_what_surrounds_the_words() -> None:
    assert quotes(f"Xy: “{EIGHT}.”", f"({EIGHT}) zz") == [(EIGHT, EIGHT)]
    assert quotes("ab 🙂 can’t\ngo", "so: can't go!", 2) == [("can’t\ngo", "can't go")]


def test_n_is_a_lower_limit() -> None:
    assert quotes(f"x {EIGHT} y", f"z {EIGHT} w") == [(EIGHT, EIGHT)]
    assert quotes(f"x {SEVEN} y", f"z {SEVEN} w") == []
    assert quotes(f"x {EIGHT} nine y", f"z {EIGHT} nine w") == [(EIGHT + " nine", EIGHT + " nine")]


@pytest.mark.parametrize(("a", "b"), [("", ""), ("", EIGHT), ("one", EIGHT), ("…", "…")])
def test_short_documents_share_nothing(a: str, b: str) -> None:
    assert shared_runs(a, b) == shared_runs(b, a) == []
    assert longest_copied(a, [b]) is None


def test_one_word_documents() -> None:
    assert quotes("One.", "“one”", 1) == [("One", "one")]


@pytest.mark.parametrize("n", [0, -1])
def test_a_run_has_a_word(n: int) -> None:
    with pytest.raises(ValueError, match="at least 1 word"):
        shared_runs("a", "a", n)
    with pytest.raises(ValueError, match="at least 1 word"):
        longest_copied("a", ["a"], n)


def test_a_repeated_passage_is_a_run_for_each_pair_of_places() -> None:
    runs = shared_runs("x a b y", "p a b q a b r", 2)
    assert [(r.start, r.end, r.other_start, r.other_end) for r in runs] == [(2, 5, 2, 5), (2, 5, 8, 11)]
    assert len(shared_runs("x a b y a b z", "p a b q a b r", 2)) == 4


def test_runs_may_overlap_and_contain_one_another() -> None:
    assert quotes("a b c d", "a b c x b c d", 2) == [("a b c", "a b c"), ("b c d", "b c d")]  # they overlap in a
    assert quotes("a b c d", "a b c d x b c", 2) == [("a b c d", "a b c d"), ("b c", "b c")]  # one lies in the other


def test_a_text_of_one_word_only_has_a_run_for_each_shift() -> None:
    assert quotes("a a a", "a a a", 2) == [("a a a", "a a a"), ("a a", "a a"), ("a a", "a a")]


def test_long_repetitive_texts_take_no_quadratic_time() -> None:
    assert len(shared_runs("a " * 5000, "a " * 5000)) == 2 * (5000 - 8) + 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("قال مُحَمَّد: «كتب رسالة»", "قال مُحَمَّد كتب\nرسالة!"),
        ("cafe\u0301 d’e\u0301te\u0301 noir", "CAF\u00c9 D'\u00c9T\u00c9 NOIR"),
    ],
)
def test_other_scripts_and_combining_marks(a: str, b: str) -> None:
    assert len(shared_runs(a, b, 3)) == 1


def test_no_run_crosses_furniture() -> None:
    text = f"{SEVEN} | {EIGHT} | eight nine"
    skipped = Furniture(start=len(SEVEN) + 1, end=text.rindex("|") + 1, kind="link")
    assert shared_runs(text, f"{EIGHT} nine", skip=[skipped]) == []
    assert shared_runs(f"{EIGHT} nine", text, other_skip=[skipped]) == []
    assert len(shared_runs(text, text, 2, skip=[skipped], other_skip=[skipped])) == 2


few_words = st.lists(st.sampled_from(["a", "b", "c", "D", "a-b", "c’d", "\n", "…"]), max_size=25).map(" ".join)


def brute_force(a: str, b: str, n: int) -> Iterator[Run]:
    """Every pair of places, tried in turn."""
    x, y = words(a), words(b)
    for i in range(len(x)):
        for j in range(len(y)):
            if i and j and x[i - 1].key == y[j - 1].key:
                continue
            k = 0
            while i + k < len(x) and j + k < len(y) and x[i + k].key == y[j + k].key:
                k += 1
            if k >= n:
                yield Run(start=x[i].start, end=x[i + k - 1].end, other_start=y[j].start, other_end=y[j + k - 1].end)


@untimed
@given(few_words, few_words, st.integers(1, 9))
def test_runs_are_all_maximal_runs_each_once(a: str, b: str, n: int) -> None:
    assert shared_runs(a, b, n) == list(brute_force(a, b, n))


@untimed
@given(few_words, few_words, st.integers(1, 4))
def test_words_of_a_run_are_equal_and_enough_on_both_sides(a: str, b: str, n: int) -> None:
    for here, there in quotes(a, b, n):
        assert keys(here) == keys(there) and len(keys(here)) >= n


@untimed
@given(few_words, few_words, st.integers(1, 4))
def test_swapping_the_texts_swaps_the_runs(a: str, b: str, n: int) -> None:
    back = sorted(map(swapped, shared_runs(b, a, n)), key=lambda run: (run.start, run.other_start))
    assert shared_runs(a, b, n) == back and all(swapped(swapped(run)) == run for run in back)


@untimed
@given(few_words, st.lists(few_words, max_size=3), st.integers(1, 4))
def test_the_longest_copied_is_the_first_longest_run(text: str, sources: list[str], n: int) -> None:
    runs = [(number, run) for number, source in enumerate(sources) for run in shared_runs(text, source, n)]
    expected = max(runs, key=lambda hit: len(words(text[hit[1].start : hit[1].end])), default=None)
    assert longest_copied(text, sources, n) == expected


def test_longest_copied_takes_the_longest_of_all_sources() -> None:
    found = longest_copied(f"He said {EIGHT}.", ["nothing", f"{SEVEN} no", EIGHT], n=7)
    assert found == (2, Run(start=8, end=8 + len(EIGHT), other_start=0, other_end=len(EIGHT)))
    assert longest_copied(EIGHT, [EIGHT]) is None  # by default twelve words


def source(doc_id: str, published: str | None = None, dateline: str | None = None) -> Source:
    return Source(
        doc_id=doc_id,
        file=f"{doc_id}.txt",
        title=doc_id,
        published=published,
        dateline=dateline,
        language="en",
        sha256="0" * 64,
        n_chars=0,
        rights="None.",
    )


@pytest.mark.parametrize(
    ("one", "other", "listed_on", "direction"),
    [
        ({"published": "2025-01-28"}, {"published": "2025-01-30"}, "b", "earlier_date"),
        ({"published": "2025-02"}, {"dateline": "2025-01-30"}, "a", "earlier_date"),
        ({"published": "2025-01-31", "dateline": "2025-01-28"}, {"published": "2025-01-30"}, "a", "earlier_date"),
        ({"published": "2025-01-28?"}, {"published": "2025-01-28"}, "a", "larger_share"),
        ({"published": "2025-01"}, {"published": "2025-01-30"}, "a", "larger_share"),
        ({"published": "2025-01-28"}, {}, "a", "larger_share"),
        ({}, {}, "a", "larger_share"),
    ],
)
def test_dates_decide_before_shares(one: dict[str, str], other: dict[str, str], listed_on: str, direction: str) -> None:
    sources = [source("a", **one), source("b", **other)]
    found = copied_from(sources, {"a": EIGHT, "b": f"{EIGHT} nine"})  # the larger share is a's
    assert [(on, entry.direction) for on, entries in found.items() for entry in entries] == [(listed_on, direction)]


def test_at_a_tie_the_higher_doc_id_copies() -> None:
    for ids in ("ab", "ba"):
        found = copied_from([source(doc_id) for doc_id in ids], {"a": f"x {EIGHT}", "b": f"{EIGHT} y"})
        assert found["a"] == () and [entry.doc_id for entry in found["b"]] == ["a"]
        assert found["b"][0].runs == (Run(start=0, end=39, other_start=2, other_end=41),)


def test_share_counts_each_word_outside_furniture_once() -> None:
    runs = [Run(start=2, end=7, other_start=0, other_end=5), Run(start=4, end=9, other_start=9, other_end=14)]
    assert share("a b c d e f", [Block(start=10, end=11)], runs) == Fraction(4, 5)
    assert share("", [], []) == share("…", [Block(start=0, end=1)], []) == 0


# --- the shipped sources -------------------------------------------------------------------------------------


def test_computed_fields_are_up_to_date() -> None:
    assert measured(SOURCES, TEXTS) == list(SOURCES)


def test_each_pair_is_listed_on_one_article() -> None:
    pairs = [frozenset((source.doc_id, entry.doc_id)) for source in SOURCES for entry in source.copied_from]
    assert pairs and len(pairs) == len(set(pairs))


def test_sources_are_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(DATA))) == []


def test_schema_and_classes_have_the_same_fields() -> None:
    shapes: dict[str, type[msgspec.Struct]] = {
        "source": Source,
        "block": Block,
        "furniture": Furniture,
        "run": Run,
        "copied_from": CopiedFrom,
    }
    for name, shape in shapes.items():
        fields = msgspec.structs.fields(shape)
        assert list(SCHEMA["$defs"][name]["properties"]) == [field.name for field in fields]
        assert SCHEMA["$defs"][name]["required"] == [field.name for field in fields if field.required]


def test_sources_are_the_files_of_the_folder() -> None:
    assert [s.file for s in SOURCES] == sorted(path.name for path in (ROOT / "seeds").glob("*.txt"))
    assert all(s.doc_id == s.file[:3] for s in SOURCES)


@each_source
def test_stretches_are_sorted_disjoint_and_trimmed(source: Source) -> None:
    text = TEXTS[source.doc_id]
    for stretches in (source.furniture, source.paragraphs):
        edges = [edge for s in stretches for edge in (s.start, s.end)]
        assert edges == sorted(edges) and edges[0] >= 0 and edges[-1] <= len(text)
        assert all(s.start < s.end and text[s.start : s.end] == text[s.start : s.end].strip() for s in stretches)


@each_source
def test_paragraphs_cover_the_text(source: Source) -> None:
    covered = {i for block in source.paragraphs for i in range(block.start, block.end)}
    assert covered >= {i for i, character in enumerate(TEXTS[source.doc_id]) if not character.isspace()}


@each_source
def test_a_paragraph_is_furniture_or_none(source: Source) -> None:
    for block in source.paragraphs:
        touching = [f for f in source.furniture if f.start < block.end and block.start < f.end]
        assert all(f.start <= block.start and block.end <= f.end for f in touching)


@each_source
def test_runs_keep_out_of_furniture(source: Source) -> None:
    furniture = {s.doc_id: s.furniture for s in SOURCES}
    for entry in source.copied_from:
        for run in entry.runs:
            assert not any(f.start < run.end and run.start < f.end for f in source.furniture)
            assert not any(f.start < run.other_end and run.other_start < f.end for f in furniture[entry.doc_id])
