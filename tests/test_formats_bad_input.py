"""Every way a prediction can be wrong: all problems, each with its place; no score, unless leniently; no crash."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import format_writers as writers
import make_cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks import mutated
from test_formats_readers import CORPUS, FORMATS, SYSTEM, lines, made, read, taken

from variorum import formats, reading
from variorum.checks import RULES, check_set
from variorum.formats.detect import READERS

Json = dict[str, Any]
HEADER = {key: make_cases.system()[key] for key in ("schema_version", "source", "role", "documents")}


def stored(change: Callable[[Json], object]) -> str:
    value = make_cases.offsets(make_cases.system())
    change(value)
    return json.dumps(value)


put, drop = make_cases.put, make_cases.drop
JSON = [
    (stored(put("mentions", 2, type="PERS")), "$.mentions[2].type: [schema] 'PERS' is not one of"),
    (
        stored(put("mentions", 2, doc_id="p9")),
        "$.mentions[2].doc_id: [unknown-document] the corpus has no document 'p9'",
    ),
    (stored(put("mentions", 2, end=9999)), "$.mentions[2]: [offset-range] [44:9999] is no stretch of 'p1'"),
    (stored(put("mentions", 2, start=53, end=44)), "$.mentions[2]: [offset-range] [53:44] is no stretch"),
    (stored(put("mentions", 2, start=-3)), "$.mentions[2].start: [schema] -3 is less than 0"),
    (stored(put("mentions", 2, start=45, end=54)), "$.mentions[2]: [quote-mismatch]"),
    (
        stored(put("mentions", 2, mention_id="p1-m1")),
        "$.mentions[2]: [duplicate-id] 'p1-m1' is the id of $.mentions[0]",
    ),
    (stored(put("documents", 0, text_sha256="0" * 64)), "$.documents[0].text_sha256: [text-hash]"),
    (stored(put("contradictions", 0, score=float("nan"))), "$.contradictions[0].score: [not-finite] NaN"),
    (stored(put("contradictions", 0, score=1.5)), "$.contradictions[0].score: [schema] 1.5 is greater than 1"),
    (stored(put("contradictions", 1, relation="unclear")), "[unclear-in-gold]"),
    (stored(drop("source")), "$: [schema] field 'source' is missing"),
    (stored(drop("documents")), "$: [schema] field 'documents' is missing"),
    (stored(put(documents=[])), "$.documents: [schema] must not be an empty list"),
    (stored(put(mentions=5)), "$.mentions: [schema] 5 is not a list"),
    (stored(put("mentions", 2, start="44")), "$.mentions[2].start: [schema] '44' is not an integer"),
    ("", "$: [not-json] the file is empty"),
    ("[1]", "$: [schema] a list of 1 is not an object"),
    ("null", "$: [schema] null is not an object"),
    ("{", "$: [not-json] line 1, column 2"),
]
JSONL = [
    ('{"layer": "mentions"}', "line 1: [line-shape] the first line is the header"),
    (json.dumps(HEADER) + "\n\n[]\n", "line 3: [line-shape] a line is an object"),
    (json.dumps(HEADER) + '\n{"layer": "claim"}\n', "line 2: [line-shape] layer is 'claim', not one of"),
    (json.dumps(HEADER) + '\n{"layer": "mentions",\n', "line 2: [not-json] column 22"),
    (
        json.dumps(HEADER) + '\n{"layer": "entities", "entity_id": "e", "name": "", "type": "ORG"}',
        "line 2 $.name: [schema]",
    ),
    (json.dumps({**HEADER, "layers": ["mention"]}), "line 1: [line-shape] layers is a list of mentions"),
    (json.dumps({k: v for k, v in HEADER.items() if k != "documents"}), "[schema] field 'documents' is missing"),
    (json.dumps({**HEADER, "claims": []}), "line 1: [line-shape] claims is given line by line"),
    ("\n", "line 1: [not-json] the file is empty"),
]
CSV = [
    ("", "line 1: [csv-header]"),
    ("pair_id,relation\np1-c1~p2-c1,Contradiction\n", "line 2 $.relation: [schema] 'Contradiction' is not one of"),
    ("pair_id,relation\np1-c1~p3-c1,neutral\n", "line 2: [dangling-reference] there is no pair 'p1-c1~p3-c1'"),
    ("pair_id,relation\np2-c1~p1-c1,neutral\n", "line 2: [dangling-reference]"),
    ("pair_id,relation\np1-c1~p2-c1\n", "line 2: [line-shape] 1 columns, the first line has 2"),
    ("pair_id,relation,score\np1-c1~p2-c1,neutral,nan\n", "line 2: [not-finite] the score 'nan'"),
    ("pair_id,relation,score\np1-c1~p2-c1,neutral,-1\n", "line 2 $.score: [schema] -1.0 is less than 0"),
    ("pair_id,relation,score\np1-c1~p2-c1,neutral,high\n", "line 2: [line-shape] the score 'high' is not a number"),
    (
        "pair_id,relation\np1-c1~p2-c1,neutral\np1-c1~p2-c1,tension\n",
        "line 3: [duplicate-id] 'p1-c1~p2-c1' is the id of line 2",
    ),
    (b"pair_id,relation\np1-c1~p2-c1,neutr\xe4l\n", "line 2: [not-utf8] byte 0xe4"),
    ("pair_id,relation\n".encode("utf-16"), "line 1: [not-utf8] byte 0xff is not UTF-8 (the file looks like UTF-16)"),
    ('pair_id,relation\n"p1-c1~p2-c1,neutral\n', "line 2: [line-shape]"),
]
CONLL = [
    ("-DOCSTART- (p9)\n\nMara O\n", "line 1: [unknown-document] the corpus has no document 'p9'"),
    (
        "-DOCSTART- -X- O O\n\nMara O\n\n-DOCSTART-\n\nVoss O\n",
        "line 5: [unknown-document] this -DOCSTART- does not say",
    ),
    ("Mara\n", "line 1: [line-shape] 1 columns"),
    ("Mara NNP\n", "line 1: [tag-shape] 'NNP' is no tag"),
    ("Mara B-\n", "line 1: [tag-shape] 'B-' is no tag"),
    ("Mara B-PERS\n", "line 1 $.type: [schema] 'PERS' is not one of"),
    ("Maria B-PERSON\n", "line 1: [token-not-found] 'Maria' does not stand in document 'p1' after character 0"),
]
BRAT = [
    ("T1 PERSON 44 53 Mara Voss\n", "line 1: [line-shape] 'T1 PERSON 44 53 Mara Voss' is no line of brat standoff"),
    (
        "T1\tPERSON 45 54\tMara Voss\n",
        "line 1: [quote-mismatch] the text there is 'ara Voss,', the line says 'Mara Voss'",
    ),
    ("T1\tPERSON 44 9999\n", "line 1: [offset-range]"),
    ("T1\tPERSON 53 44\n", "line 1: [offset-range]"),
    ("T1\tORG 4 8\nT1\tORG 4 8\n", "line 2: [duplicate-id] T1 is line 1 already"),
    ("R1\tholder Arg1:T1 Arg2:T2\n", "line 1: [dangling-reference] there is no text-bound 'T1'"),
    ("T1\tORG 4 8\nA1\tlevel T1 NAME\n", "line 1 $.level: [schema] 'NAME' is not one of"),
]
P1 = make_cases.TEXTS["p1"]
SPACY = [
    (json.dumps({"text": P1[:-2], "ents": []}), "$: [text-differs] from character"),
    (json.dumps({"text": "x", "ents": []}), "$: [text-differs] no article of the corpus begins with 'x'"),
    (json.dumps([{"text": P1, "ents": [{"start": 4, "end": 999, "label": "ORG"}]}]), "$[0].ents[0]: [offset-range]"),
    (
        json.dumps({"text": P1, "ents": [{"start": 4, "label": "ORG"}]}),
        "$.ents[0]: [schema] a span needs quote, or start",
    ),
    (json.dumps({"text": P1, "ents": [5]}), "$.ents[0]: [schema] 5 is not an object"),
    (json.dumps({"text": P1, "doc_id": "p9"}), "$: [unknown-document]"),
    (json.dumps([P1]), "$[0]: [schema] a doc of spaCy has a text"),
]
REGION = {
    "id": "r",
    "from_name": "l",
    "to_name": "t",
    "type": "labels",
    "value": {"start": 4, "end": 8, "labels": ["ORG"]},
}
STUDIO = [
    (json.dumps([writers.task("p1", "x", [])]), "$[0].annotations[0]: [text-differs]"),
    (json.dumps([writers.task("p9", P1, [])]), "$[0].annotations[0]: [unknown-document]"),
    (
        json.dumps([writers.task(None, "x", [])]),
        "$[0].annotations[0]: [text-differs] the data of the task name no doc_id",
    ),
    (json.dumps([writers.task("p1", P1, [{**REGION, "value": {}}])]), "result[0]: [schema] a region has one label"),
    (json.dumps([writers.task("p1", P1, [{**REGION, "from_name": "mention"}])]), "[unknown-control]"),
    (json.dumps([writers.task("p1", P1, [])] * 2), "$[1].annotations[0]: [several-annotations] document p1 is $[0]"),
    (json.dumps([7]), "$[0]: [schema] a task of Label Studio has data"),
]
TABLE = {"json": JSON, "jsonl": JSONL, "csv": CSV, "conll": CONLL, "brat": BRAT, "spacy": SPACY, "label-studio": STUDIO}
CASES = [(kind, data, line) for kind, cases in TABLE.items() for data, line in cases]


@pytest.mark.parametrize(("kind", "data", "line"), CASES, ids=[f"{kind}-{i}" for i, (kind, _, _) in enumerate(CASES)])
def test_what_is_wrong_is_told_with_its_place(kind: str, data: str | bytes, line: str) -> None:
    found = taken(data, kind)
    assert found.annotation_set is None and any(line in each for each in lines(found)), lines(found)
    assert all(each.startswith(f"p1.{kind}::") for each in lines(found))
    lenient = taken(data, kind, lenient=True)
    assert lines(lenient) == lines(found)
    if lenient.annotation_set:
        assert sum(lenient.dropped.values()) > 0


def test_one_problem_does_not_hide_another() -> None:
    value = make_cases.offsets(make_cases.system())
    put("mentions", 0, type="PERS")(value)  # the schema
    put("mentions", 2, end=9999)(value)  # an offset
    put("claims", 2, holder="nobody")(value)  # a reference
    put("contradictions", 0, score=float("inf"))(value)  # a number
    value["role"] = "machine"  # the header
    told = [f"{p.place}: [{p.rule}" for p in taken(json.dumps(value), "json").problems]
    assert told == [
        "$.claims[2].holder: [dangling-reference",
        "$.contradictions[0].score: [not-finite",
        "$.mentions[0].type: [schema",
        "$.mentions[2]: [offset-range",
        "$.role: [schema",
    ]


def test_leniently_what_is_wrong_goes_record_by_record() -> None:
    value = make_cases.offsets(make_cases.system())
    put("mentions", 2, type="PERS")(value)  # p1-m3, the holder of p1-c2, which stays
    value["mentions"].append({**value["mentions"][0], "start": 5})
    put("contradictions", 0, score=7)(value)
    found = taken(json.dumps(value), "json", lenient=True)
    assert found.annotation_set and found.dropped == {"mentions": 2, "contradictions": 1}
    assert found.annotation_set.claims == SYSTEM.claims
    assert len(found.annotation_set.mentions or ()) == len(SYSTEM.mentions or ()) - 1
    assert len(found.errors) == 4  # the mention that is there twice has two


def test_leniently_a_document_of_another_text_goes_with_its_records() -> None:
    value = make_cases.offsets(make_cases.system())
    put("documents", 0, text_sha256="0" * 64)(value)
    found = taken(json.dumps(value), "json", lenient=True)
    assert found.dropped == {"documents": 1, "mentions": 4, "claims": 2}
    assert found.annotation_set and {m.doc_id for m in found.annotation_set.mentions or ()} == {"p2"}
    assert len(found.errors) == 1


def test_a_header_that_is_wrong_cannot_be_left_out() -> None:
    assert taken(stored(drop("source")), "json", lenient=True).annotation_set is None


# --- files ---------------------------------------------------------------------------------------------------------


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    (tmp_path / "large.jsonl").write_bytes(b" " * 101)
    for name, rule in (("pipe.json", "unreadable"), ("none.csv", "unreadable"), ("large.jsonl", "too-large")):
        (line,) = lines(read(tmp_path / name))
        assert line.startswith(f"{name}::$: [{rule}]")
    assert "there is no input format 'xml'" in lines(read(tmp_path / "none", input_format="xml"))[0]
    assert read(Path("x" * 5000)).errors[0].rule == "unreadable"


def test_folders(tmp_path: Path) -> None:
    assert "the folder has no file in a known format" in lines(read(tmp_path))[0]
    (tmp_path / "notes.md").write_text("# Notes\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_bytes((FORMATS / "several" / "p1.jsonl").read_bytes())
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.jsonl").write_bytes((FORMATS / "several" / "p1.jsonl").read_bytes())
    found = read(tmp_path, lenient=True)
    assert lines(found)[0].endswith("::$: [not-read] warning: files in no known format: notes.md")
    assert "deeper/b.jsonl::line 2: [duplicate-id] 'p1-m1' is the id of " in lines(found)[1]
    assert "a.jsonl::line 2 already" in lines(found)[1]
    assert found.dropped == {"mentions": 4, "claims": 2}
    (tmp_path / "deeper" / "b.jsonl").unlink()
    assert made(read(tmp_path)).source == "tagger-1.0"


def test_the_name_of_the_file_is_the_source_where_the_format_has_none() -> None:
    assert made(read(FORMATS / "pairs.csv")).source == "pairs"
    assert made(read(FORMATS / "pairs.csv", source="nli-2.0")).source == "nli-2.0"


def test_pairs_without_gold_are_refused() -> None:
    assert "there is no gold" in lines(taken("pair_id,relation\n", "csv", claims=None))[0]


# --- nothing raises --------------------------------------------------------------------------------------------------

SEEDS = [path.read_bytes() for path in sorted(FORMATS.rglob("*")) if path.is_file()]


@given(st.sampled_from(sorted(READERS)), st.sampled_from(SEEDS), st.data(), st.booleans())
@settings(deadline=None, max_examples=300)
def test_no_input_ends_in_a_traceback(kind: str, seed: bytes, data: st.DataObject, lenient: bool) -> None:
    at = data.draw(st.integers(0, len(seed)))
    noise = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"\t", b'"', b"\n", b"999999999999999999", b"null", b"[]"])
    )
    found = taken(seed[:at] + noise + seed[at + data.draw(st.integers(0, 30)) :], kind, lenient=lenient)
    assert found.annotation_set is not None or found.errors
    assert all("\n" not in line for line in lines(found))


@given(mutated(), st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_changed_set_is_read_to_the_end(value: Any, lenient: bool) -> None:
    data = json.dumps(value).encode()
    found = taken(data, "json", lenient=lenient)
    assert found.annotation_set is not None or found.errors
    if not lenient:
        assert bool(found.annotation_set) == (not found.errors)
        strict = {p.rule for p in check_set(data, "x", CORPUS).problems if "system" in RULES[p.rule].roles}
        assert bool(found.errors) == bool(
            {r for r in strict if RULES[r].stage != "quotes" and RULES[r].level == "error"}
        )


def test_the_readers_are_those_of_the_page() -> None:
    assert list(formats.READERS) == ["json", "jsonl", "csv", "conll", "brat", "spacy", "label-studio"]
