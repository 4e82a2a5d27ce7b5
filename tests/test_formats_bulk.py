"""The fast way says the same as the full checks, or leaves the answer to them."""

import json
from pathlib import Path
from typing import Any

import format_writers as writers
import make_cases
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks import mutated
from test_formats_readers import CLAIMS, CORPUS, SYSTEM, lines, made, read

from variorum.checks import RULES, check_value
from variorum.formats import bulk, keys
from variorum.formats.draft import Context
from variorum.formats.soundness import is_sound
from variorum.problems import ERROR
from variorum.records import AnnotationSet

CONTEXT = Context(CORPUS, CLAIMS)
WHOLE = {"json": json.dumps(msgspec.to_builtins(SYSTEM)), "jsonl": writers.jsonl(SYSTEM)}


@pytest.fixture(params=["json", "jsonl"])
def fast(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A format that has a fast way, which every file now takes."""
    monkeypatch.setattr(bulk, "LARGE", 0)
    return str(request.param)


def written(folder: Path, kind: str, data: str) -> Path:
    path = folder / f"p.{kind}"
    path.write_bytes(data.encode())
    return path


def took_the_fast_way(kind: str, data: str) -> bool:
    return bulk._DECODERS[kind](data.encode()) is not None


# --- soundness -----------------------------------------------------------------------------------------------------

STORED = [make_cases.offsets(make_cases.valid()), make_cases.offsets(make_cases.system())]
PAIRS = make_cases.offsets(make_cases.pairs_only())


def errors(value: dict[str, Any]) -> list[str]:
    """What the full checks have against a set as a prediction."""
    claims = CLAIMS if value.get("claims_from") else None
    found = check_value(value, "x", CORPUS, claims).problems
    return [p.line() for p in found if p.level == ERROR and "system" in RULES[p.rule].roles]


@pytest.mark.parametrize("value", [*STORED, PAIRS], ids=["annotator", "system", "pairs"])
def test_what_is_right_is_sound(value: dict[str, Any]) -> None:
    whole = bulk.converted(value)
    assert whole and is_sound(whole, CONTEXT) and errors(value) == []


@given(mutated())
@settings(deadline=None, max_examples=500)
def test_what_is_sound_has_no_error(value: Any) -> None:
    whole = bulk.converted(value) if isinstance(value, dict) else None
    if whole and is_sound(whole, CONTEXT):
        assert errors(value) == []


CHANGES = st.sampled_from(
    [
        *(
            ("mentions", i, name)
            for i in (0, 2)
            for name in ("mention_id", "doc_id", "type", "level", "entity_id", "text")
        ),
        *(("claims", 1, name) for name in ("claim_id", "doc_id", "proposition", "kind", "polarity", "holder", "time")),
        *(
            ("contradictions", 0, name)
            for name in ("pair_id", "claim_a", "relation", "aspect", "conflict_id", "rationale")
        ),
        *(("entities", 0, name) for name in ("entity_id", "name", "type")),
        *(("documents", 0, name) for name in ("doc_id", "text_sha256")),
    ]
)
TEXTS = st.sampled_from(
    ["", "p1", "p1-m1", "p2-m3", "e-mara-voss", "a b", 'a"', "x\n", "ORG", "unclear", "p1-c1", "x" * 201]
)


@given(st.sampled_from(STORED), CHANGES, TEXTS)
@settings(deadline=None, max_examples=500)
def test_one_text_changed(stored: dict[str, Any], place: tuple[str, int, str], text: str) -> None:
    value = json.loads(json.dumps(stored))
    value[place[0]][place[1]][place[2]] = text
    whole = bulk.converted(value)
    assert whole is not None
    if is_sound(whole, CONTEXT):
        assert errors(value) == []


@pytest.mark.parametrize("change", list(make_cases.SETS), ids=str)
def test_a_case_that_breaks_a_rule_of_predictions_is_not_sound(change: str) -> None:
    value = make_cases.valid()
    make_cases.SETS[change](value)
    whole = bulk.converted(value)
    if whole and "system" in RULES[change].roles:
        assert not is_sound(whole, CONTEXT)


INVALID = sorted(path for path in (make_cases.CASES / "invalid").iterdir() if path.suffix in (".json", ".jsonl"))


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.name)
@pytest.mark.parametrize("lenient", [False, True], ids=["strict", "lenient"])
def test_small_and_large_files_have_the_same_problems(path: Path, lenient: bool, monkeypatch: Any) -> None:
    small = read(path, lenient=lenient)
    monkeypatch.setattr(bulk, "LARGE", 0)
    monkeypatch.setattr(bulk, "MANY", 0)
    large = read(path, lenient=lenient)
    assert large.problems == small.problems and large.annotation_set == small.annotation_set
    assert (large.dropped, large.unresolved) == (small.dropped, small.unresolved)


# --- decoding --------------------------------------------------------------------------------------------------------


def test_the_fast_way_gives_the_same(fast: str, tmp_path: Path) -> None:
    assert took_the_fast_way(fast, WHOLE[fast])
    assert made(read(written(tmp_path, fast, WHOLE[fast]))) == SYSTEM


def test_fields_that_have_their_default_may_be_written(fast: str, tmp_path: Path) -> None:
    data = WHOLE[fast].replace('"type": "DATE"', '"type": "DATE", "level": null, "entity_id":null')
    data = data.replace('"kind": "date"', '"kind": "date", "comparator": "="')
    assert data != WHOLE[fast] and took_the_fast_way(fast, data)
    assert made(read(written(tmp_path, fast, data))) == SYSTEM


def test_keys_inside_strings_are_no_keys(fast: str) -> None:
    data = WHOLE[fast].replace("It cost 300 crowns.", 'It cost \\":null, \\"a\\":[] 300 crowns: \\" : so.')
    assert data != WHOLE[fast]
    value = bulk._DECODERS[fast](data.encode())
    assert value is None or isinstance(value, AnnotationSet)


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_key_that_stands_twice_is_left_to_the_checks(fast: str, blank: str, tmp_path: Path) -> None:
    data = WHOLE[fast].replace('"type": "PERSON"', f'"type": "ORG", "type"{blank}: "PERSON"', 1)
    assert not took_the_fast_way(fast, data)
    assert any("[duplicate-key]" in line for line in lines(read(written(tmp_path, fast, data))))


def test_quotes_and_errors_are_left_to_the_checks(fast: str, tmp_path: Path) -> None:
    data = WHOLE[fast].replace('"start": 44, "end": 53, "text": "Mara Voss"', '"quote": "Mara  Voss"')
    found = read(written(tmp_path, fast, data))
    assert data != WHOLE[fast] and made(found) == SYSTEM and found.resolutions.folded == 1
    wrong = read(written(tmp_path, fast, WHOLE[fast].replace('"end": 53', '"end": 5300')))
    assert [problem.rule for problem in wrong.problems] == ["offset-range"]


def test_label_maps(fast: str, tmp_path: Path) -> None:
    data = WHOLE[fast].replace('"type": "PERSON"', '"type": "PER"').replace('"type": "DATE"', '"type": "MISC"')
    data = data.replace('"name": "the council", "type": "ORG"', '"name": "the council", "type": "MISC"')
    path = written(tmp_path, fast, data)
    found = read(path, label_map={"PER": "PERSON", "MISC": None})
    assert took_the_fast_way(fast, data) and found.unmapped == {"MISC": 4}
    assert made(found).mentions == tuple(m for m in SYSTEM.mentions or () if m.type != "DATE")
    assert made(found).entities == (SYSTEM.entities or ())[:2]


def test_large_drafts_are_sound_by_columns_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MANY", 0)
    folder = make_cases.CASES / "formats"
    for name in ("mentions.conll", "brat", "spacy.json", "pairs.csv", "several"):
        assert made(read(folder / name))


def test_a_key_that_stands_twice_with_its_default(fast: str, tmp_path: Path) -> None:
    data = WHOLE[fast].replace('"type": "DATE"', '"type": "DATE", "level": null, "level": null', 1)
    assert data != WHOLE[fast] and not took_the_fast_way(fast, data)
    assert any("[duplicate-key]" in line for line in lines(read(written(tmp_path, fast, data))))


def test_a_layer_that_stands_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    data = WHOLE["json"].replace('"mentions": [', '"mentions": [], "mentions": [', 1)
    assert data != WHOLE["json"] and not took_the_fast_way("json", data)


def test_a_key_that_stands_twice_in_the_header(fast: str) -> None:
    data = WHOLE[fast].replace('"role": "system"', '"role": "gold", "role": "system"', 1)
    assert data != WHOLE[fast] and not took_the_fast_way(fast, data)


def test_objects_are_read_again_only_where_lengths_differ(fast: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(texts: object) -> bool:
        raise AssertionError("objects were read again")

    monkeypatch.setattr(keys, "_read_once", again)
    short = {"json": msgspec.json.encode(SYSTEM).decode(), "jsonl": WHOLE["jsonl"]}[fast]
    assert took_the_fast_way(fast, short) and took_the_fast_way(fast, short.replace('":', '": ').replace("}", "\t} "))
    with pytest.raises(AssertionError):
        took_the_fast_way(fast, short.replace('"mention_id":', '"level": null, "mention_id":'))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_chunks_of_records_are_as_long_as_the_whole(fast: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_CHUNK", count)
    monkeypatch.setattr(keys, "_STRIDE", 7 * count)
    test_objects_are_read_again_only_where_lengths_differ(fast, monkeypatch)
