"""Contrast pairs: dealt, filed, merged, and put before a system."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import make_cases
import msgspec
import pytest
from click.testing import Result
from contrast_cases import LIT, PRICE, creates, header, judged, removes
from typer.testing import CliRunner

from variorum import dataset
from variorum.checks import check_corpus
from variorum.checks.contrast_files import CheckedContrast, check_contrast
from variorum.cli import app
from variorum.cli.build import material
from variorum.contrast import answers, dealing, editing, merging
from variorum.contrast.records import Change, Contrast, Edit, Edits, Judgements
from variorum.corpus import Corpus, read_corpus
from variorum.records import AnnotationSet, ClaimsFrom, Pair, claims_from, from_json

CORPUS = read_corpus(make_cases.CASES / "contrast")
GOLD = from_json(CORPUS.gold.read_bytes())
SHA = claims_from(GOLD).sha256


def checked(edits: list[Any]) -> CheckedContrast:
    return check_contrast({**header("swift", SHA), "edits": edits}, "contrast_edits", CORPUS, "x.json")


def edit(value: dict[str, Any]) -> Edit:
    record = checked([value]).record
    assert isinstance(record, Edits)
    return record.edits[0]


def run(*arguments: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def small(tmp_path: Path) -> Corpus:
    return read_corpus(Path(shutil.copytree(CORPUS.root, tmp_path / "contrast")))


# --- reading -----------------------------------------------------------------------------------------------------


def test_words_become_offsets() -> None:
    assert edit(removes()).changes == (Change(doc_id="p2", start=34, end=38, replacement="1912"),)
    several = removes(changes=[{"doc_id": "p2", "find": "1", "occurrence": 1, "replacement": "2"}])
    assert edit(several).changes[0].start == 36


def test_occurrences_count_within_the_evidence() -> None:
    text = CORPUS.documents["p2"].text
    assert text.count("lamp") > 1
    lamp = removes(changes=[{"doc_id": "p2", "find": "was", "replacement": "is"}])
    assert text[edit(lamp).changes[0].start :].startswith("was lit")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ([{"find": "in  1915"}], "[change-not-found] 'in  1915' is not in the evidence; the exact words there are"),
        ([{"find": "banjo"}], "is not in the evidence of 'p2-c1', which is 'was lit in 1915'"),
        ([{"find": "1"}], "stands 2 times in the evidence; add occurrence – 0: [34:35], 1: [36:37]"),
        ([{"find": "1915", "start": 34}], "[schema] a change has find or offsets, not both: start must go"),
        ([{"start": 34}], "[schema] a change needs find, or start and end: end is missing"),
        ([{"start": 34, "end": 38, "occurrence": 0}], "[schema] occurrence goes with find only"),
        ([{"start": 38, "end": 34}], "[change-outside] [38:34]"),
        ([{"start": 34, "end": 10**17}], "[change-outside]"),
    ],
)
def test_messages(changes: list[dict[str, Any]], line: str) -> None:
    found = checked([removes(changes=[{"doc_id": "p2", "replacement": "1912", **each} for each in changes])])
    assert any(line in problem.line() for problem in found.problems), found.problems


def test_words_may_be_put_in_and_left_out() -> None:
    insert = {"doc_id": "p2", "start": 38, "end": 38, "replacement": " or later"}
    leave = {"doc_id": "p2", "find": "was ", "replacement": ""}
    made = edit(removes(changes=[insert, leave]))
    assert editing.edited(GOLD, made, CORPUS.documents).edited.spans[0].text == "lit in 1915 or later"


@pytest.mark.parametrize("value", [[], None, 7, {}, {"edits": 3}, {"edits": [None, {"changes": [1, {"find": 2}]}]}])
def test_nonsense_is_told_and_not_raised(value: Any) -> None:
    for kind in ("contrast_edits", "contrast_judgements"):
        found = check_contrast(value, kind, CORPUS, "x.json")
        assert found.record is None and found.problems


def test_what_is_not_at_hand_is_not_asked(small: Corpus) -> None:
    """On a verifier's desk there are neither gold's relations nor the edits."""
    shutil.rmtree(small.annotations / "contrast")
    small.gold.rename(small.consolidated)
    value = {**header("wren", SHA), "judgements": [judged(f"x-{PRICE}", "neutral"), judged("a~b", "tension")]}
    assert check_contrast(value, "contrast_judgements", small, "x.json").problems == ()


def test_a_file_is_told_by_its_members_wherever_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    path.write_text(json.dumps({**header("swift", SHA), "edits": [removes()]}), encoding="utf-8")
    assert run("check", path, "--root", CORPUS.root).stdout == "0 problems in 1 file\n"


def test_stored_files_lie_in_their_place_and_have_offsets(small: Corpus) -> None:
    folder = small.annotations / "contrast" / "written"
    (folder / "swift.json").write_text(json.dumps({**header("owl", SHA), "edits": [removes()]}), encoding="utf-8")
    wanted = {"edited-twice", "not-dealt", "quote-stored", "record-path", "unknown-annotator"}
    assert {problem.rule for problem in check_corpus(small.root)} == wanted


# --- dealing -----------------------------------------------------------------------------------------------------


def gold_of(relations: list[str]) -> AnnotationSet:
    pairs = [Pair(pair_id=f"{i:03}", claim_a="a", claim_b="b", relation=each) for i, each in enumerate(relations)]
    return msgspec.structs.replace(GOLD, contradictions=tuple(pairs))


def test_pairs_are_dealt_evenly_and_verified_by_others() -> None:
    gold = gold_of(["contradiction"] * 4 + ["tension"] * 3 + ["agreement"] * 50 + ["neutral"] * 9)
    dealt = dealing.deal(gold, ["a", "b", "c", "d"], 21, seed=3)
    assert len(dealt.pairs) == 28 and dealt == dealing.deal(gold, ["a", "b", "c", "d"], 21, seed=3)
    assert {pair.pair_id for pair in dealt.pairs} >= {f"{i:03}" for i in range(7)}
    assert all(int(pair.pair_id) < 57 for pair in dealt.pairs)
    assert Counter(pair.writer for pair in dealt.pairs) == dict.fromkeys("abcd", 7)
    assert Counter(name for pair in dealt.pairs for name in pair.verifiers) == dict.fromkeys("abcd", 14)
    assert all(pair.writer not in pair.verifiers and len(set(pair.verifiers)) == 2 for pair in dealt.pairs)


@pytest.mark.parametrize("names", [[], ["a", "b"], ["a", "b", "b"]])
def test_two_others_are_needed(names: list[str]) -> None:
    with pytest.raises(ValueError, match="verifiers are needed"):
        dealing.deal(GOLD, names, 1, 1)


# --- merging -----------------------------------------------------------------------------------------------------


def merged(*said: tuple[str, str], value: dict[str, Any] | None = None) -> merging.Merged:
    """One edit by swift, judged by these."""
    written = check_contrast(
        {**header("swift", SHA), "edits": [value or removes()]}, "contrast_edits", CORPUS, "x"
    ).record
    assert isinstance(written, Edits)
    judgements = [
        msgspec.convert({**header(who, SHA), "judgements": [judged(f"x-{LIT}", relation)]}, Judgements)
        for who, relation in said
    ]
    return merging.merge([written], judgements, ClaimsFrom(source="gold", sha256=SHA))


@pytest.mark.parametrize(
    ("said", "relation", "reason"),
    [
        (("agreement", "agreement"), "agreement", None),
        (("neutral", "neutral"), "neutral", None),  # outvoted, on its own side
        (("neutral", "agreement"), "agreement", None),
        (("tension", "agreement"), None, "split"),
        (("tension", "contradiction"), None, "opposed"),
        (("unclear", "agreement"), None, "unclear"),
        (("unclear", "tension"), None, "opposed"),
    ],
)
def test_an_edit_is_accepted_if_all_fall_on_its_side(
    said: tuple[str, str], relation: str | None, reason: str | None
) -> None:
    contrast = merged(("robin", said[0]), ("wren", said[1])).contrast
    (made,) = contrast.pairs or contrast.rejected
    assert (made.relation, made.reason, bool(contrast.pairs)) == (relation, reason, relation is not None)
    assert made.writer == "swift" and [vote.source for vote in made.votes] == ["robin", "wren"]


def test_an_edit_waits_for_two_others() -> None:
    assert merged(("robin", "agreement"), ("swift", "agreement")).open == (f"x-{LIT}",)
    assert merged().contrast.pairs == ()


def test_acceptance_is_counted_by_direction_type_and_writer(small: Corpus) -> None:
    done = run("contrast", "merge", "--root", small.root)
    assert done.exit_code == 0 and "swift: 1 of 1 pairs that nobody edited" in done.stdout
    made = msgspec.json.decode(small.contrast.read_bytes(), type=Contrast)
    counts = {each.what: (each.accepted, each.all, dict(each.rejected)) for each in merging.acceptance(made)}
    assert counts["all"] == (1, 2, {"unclear": 0, "split": 1, "opposed": 0})
    assert counts["direction removes"][:2] == counts["edit type time"][:2] == counts["writer swift"][:2] == (1, 1)
    assert counts["direction creates"][:2] == (0, 1)
    assert list(check_corpus(small.root)) == []


def test_a_corpus_without_edits_has_no_contrast_pairs(small: Corpus) -> None:
    shutil.rmtree(small.annotations / "contrast")
    done = run("contrast", "merge", "--root", small.root)
    assert (done.exit_code, done.stderr) == (0, "") and done.stdout.startswith("no contrast pairs")
    assert not small.contrast.exists()


# --- filing ------------------------------------------------------------------------------------------------------


def test_sittings_are_joined_and_filed_with_offsets(small: Corpus, tmp_path: Path) -> None:
    shutil.rmtree(small.annotations / "contrast")
    for name, value in (("one", removes()), ("two", creates()), ("other", removes(rationale="Otherwise."))):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({**header("swift", SHA), "edits": [value]}), encoding="utf-8")
    one, two, other = (tmp_path / f"{name}.json" for name in ("one", "two", "other"))
    done = run("contrast", "submit", one, two, "--root", small.root)
    (path,) = small.contrast_written
    assert done.exit_code == 0 and len(json.loads(path.read_bytes())["edits"]) == 2
    assert list(check_corpus(small.root)) == []
    before = path.read_bytes()
    assert run("contrast", "submit", one, "--root", small.root).exit_code == 0
    refused = run("contrast", "submit", other, "--root", small.root)
    assert refused.exit_code == 1 and "is filed already, and otherwise" in refused.stderr
    assert path.read_bytes() == before


def test_assign_writes_once(small: Corpus) -> None:
    names = ["--annotators", "swift,robin,wren", "--root", small.root]
    assert run("contrast", "assign", *names).exit_code == 2
    small.contrast_assigned.unlink()
    done = run("contrast", "assign", *names)
    assert done.exit_code == 0 and "1 pairs" in done.stdout  # one conflict, and no pair in agreement
    assert run("contrast", "assign", "--annotators", "x", "--root", small.root).exit_code == 2


# --- before a system ---------------------------------------------------------------------------------------------


def test_an_edited_claim_stands_in_a_passage_of_its_own() -> None:
    made = editing.edited(GOLD, edit(removes()), CORPUS.documents)
    assert made.document.text == "The lamp at Ridge Quay was lit in 1912, the council said."
    assert made.edited.claim_id == made.edited.doc_id == made.document.doc_id == f"x-{LIT}"
    assert [made.document.text[s.start : s.end] for s in made.edited.spans] == ["was lit in 1912"]
    assert made.edited.proposition == "The lamp was first lit in 1912." and made.other.claim_id == "p1-c1"
    with pytest.raises(KeyError):
        editing.edited(gold_of([]), edit(removes()), CORPUS.documents)


def test_a_passage_begins_with_the_paragraph_of_the_claim() -> None:
    made = editing.edited(GOLD, edit(creates()), CORPUS.documents)
    assert made.document.text == "The lamp was a gift, after two years by the lamp."
    assert made.edited.spans[0].text == "The lamp was a gift"


def test_what_a_baseline_says_is_about_the_edited_pairs(small: Corpus) -> None:
    asked = editing.asked(GOLD, [edit(removes())], CORPUS.documents)
    assert [(p.claim_a, p.claim_b, p.relation) for p in asked.given.contradictions or ()] == [
        ("p1-c1", f"x-{LIT}", "neutral")
    ]
    run("contrast", "merge", "--root", small.root)
    done = run("contrast", "baseline", "trivial", "--root", small.root)
    path = small.build / "predictions" / "trivial.contrast.csv"
    assert done.exit_code == 0 and "1 of 1 edited pairs" in done.stdout
    (answer,) = answers.read(path.read_bytes(), "x", [f"x-{LIT}"]).answers
    assert (answer.contrast_id, answer.relation) == (f"x-{LIT}", "contradiction")


@pytest.mark.parametrize("name", ["neutral", "chance", "rules"])
def test_other_baselines_can_be_asked(name: str, small_corpus: Corpus) -> None:
    done = run("contrast", "baseline", name, "--root", small_corpus.root)
    assert done.exit_code == 0 and "of 2 edited pairs" in done.stdout


def test_answers_come_back_from_csv_and_json() -> None:
    said = [editing.Answer("x-a~b", "tension", 0.25), editing.Answer("x-c~d", "neutral")]
    assert list(answers.read(answers.to_csv(said), "x", ["x-a~b", "x-c~d"]).answers) == said
    as_json = json.dumps([each._asdict() for each in said]).encode()
    assert list(answers.read(as_json, "x", ["x-a~b", "x-c~d"]).answers) == said
    assert answers.read(as_json, "x", ["x-a~b"]).unknown == ("x-c~d",)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "csv-header"),
        (b"\xff", "not-utf8"),
        (b"contrast_id,score\nx-a,1\n", "csv-header"),
        (b"contrast_id,relation\nx-a\n", "line-shape"),
        (b"contrast_id,relation\nx-a,maybe\n", "schema"),
        (b"contrast_id,relation,score\nx-a,tension,2\n", "line-shape"),
        (b"contrast_id,relation,score\nx-a,tension,nan\n", "line-shape"),
        (b"contrast_id,relation\nx-a,tension\nx-a,tension\n", "twin-pair"),
        (b"{}", "line-shape"),
        (b"[", "not-json"),
        (b'[7, {"relation": []}]', "line-shape"),
        (b'contrast_id,relation\n"x', "line-shape"),
    ],
)
def test_broken_answers_are_told(data: bytes, rule: str) -> None:
    assert rule in {problem.rule for problem in answers.read(data, "x", ["x-a"]).problems}


# --- in the dataset ----------------------------------------------------------------------------------------------


def test_rows_hold_the_edit_and_without_texts_its_offsets(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    row, other = dataset.rows(made)["contrast"]
    assert (row["quote"], row["edited_quote"]) == ("Launched in 1912 … Alma Perle", "Launched in 1911 … Alma Perle")
    assert (row["original_relation"], row["relation"], row["direction"]) == ("tension", "agreement", "removes")
    assert (row["writer"], row["verifiers"]) == ("heron", ["siskin", "wren"])
    assert {name: n for name, n in row["votes"].items() if n} == {"agreement": 2, "neutral": 1}
    assert other["edited_quote"] == "The schooner … carries nineteen"
    bare = dataset.rows(dataset.without_texts(made))["contrast"][0]
    (change,) = bare["changes"]
    assert change["text"] is None and change["replacement"] == "1911"
    assert {name for name in row if row[name] != bare[name]} == {"quote", "other_quote", "edited_quote", "changes"}


def test_edited_passages_are_the_ones_of_the_rows(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    assert made.contrast
    for each, row in zip(made.contrast.pairs, dataset.rows(made)["contrast"], strict=True):
        pair = editing.edited(made.gold, each.edit, made.documents)
        assert editing.quote(pair.edited, pair.document.text) == row["edited_quote"]


def test_the_dataset_is_not_built_of_stale_contrast_pairs(small_corpus: Corpus) -> None:
    path = small_corpus.annotations / "contrast" / "verified" / "siskin.json"
    path.write_bytes(path.read_bytes().replace(b'"agreement"', b'"neutral"'))
    done = run("build", "--root", small_corpus.root)
    assert done.exit_code == 1 and "run `variorum contrast merge`" in done.stderr


def test_who_withdraws_takes_edits_and_judgements_along(small_corpus: Corpus) -> None:
    done = run("withdraw", "wren", "--root", small_corpus.root)
    assert done.exit_code == 0 and "variorum contrast merge" in done.stdout
    assert [path.stem for path in small_corpus.contrast_written] == ["heron"]
    assert [path.stem for path in small_corpus.contrast_verified] == ["heron", "siskin"]
    assert b"x-a1-c477" not in b"".join(path.read_bytes() for path in small_corpus.contrast_verified)
