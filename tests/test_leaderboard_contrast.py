"""Contrast pairs on the leaderboard: a table of their own, and files that do not fit."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from support import Command

from variorum.cli.baseline import baseline
from variorum.cli.edited import judged
from variorum.cli.leaderboard import read_board
from variorum.cli.sets import read_contrast_pairs
from variorum.contrast.answers import to_csv
from variorum.contrast.editing import Answer
from variorum.contrast.records import Contrast, by_models
from variorum.corpus import Corpus
from variorum.leaderboard import System, files
from variorum.records import MODEL, PERSON, from_json, to_json


@pytest.fixture
def own(small_corpus: Corpus) -> Contrast:
    found = read_contrast_pairs(small_corpus)
    assert found is not None
    return found


def entry(corpus: Corpus, name: str, answers: list[Answer] | None) -> Path:
    """An entry that is right about every pair of gold, with these answers."""
    folder = corpus.leaderboard / name
    folder.mkdir(parents=True)
    made = replace(from_json(corpus.gold.read_bytes()), source=name, role="system", round=None)
    said = System(title=name, description="Invented.", licence="CC0-1.0", thresholds="none", date="2026-01-01")
    (folder / "prediction.json").write_bytes(to_json(made))
    (folder / "system.json").write_bytes(to_json(said))
    if answers is not None:
        (folder / "contrast.csv").write_bytes(to_csv(answers))
    return folder


def test_pairs_are_by_models_if_all_who_wrote_or_verified_are(own: Contrast) -> None:
    who = {name for each in own.pairs for name in (each.writer, *(vote.source for vote in each.votes))}
    assert len(who) > 1 and by_models(own, dict.fromkeys(who, MODEL))
    for name in who:
        assert not by_models(own, dict.fromkeys(who, MODEL) | {name: PERSON})
        assert not by_models(own, dict.fromkeys(who - {name}, MODEL))  # one of whom nothing is known
    assert not by_models(replace(own, pairs=()), {})


def right(own: Contrast) -> list[Answer]:
    return [Answer(each.edit.contrast_id, str(each.relation)) for each in own.pairs]


def test_edited_pairs_stand_in_a_table_of_their_own(small_corpus: Corpus, own: Contrast) -> None:
    entry(small_corpus, "right", right(own))
    entry(small_corpus, "stubborn", [Answer(each.contrast_id, "neutral") for each in right(own)])
    entry(small_corpus, "silent", None)
    made = files(read_board(small_corpus))
    table = json.loads(made["leaderboard.json"])["contrast"]
    values = {row["name"]: {k: v["value"] for k, v in row["figures"].items()} for row in table["systems"]}
    wrong = sum(each.edit.direction == "creates" for each in own.pairs) / len(own.pairs)
    assert list(values) == ["right", "stubborn"] and wrong > 0
    assert set(values["right"].values()) == {1.0}
    assert values["stubborn"]["accuracy"] == values["stubborn"]["consistency"] == round(1 - wrong, 6)
    assert values["stubborn"]["originals"] == 1 and values["stubborn"]["creates"] == 0
    assert all(figure["signature"] for row in table["systems"] for figure in row["figures"].values())
    page = made["README.md"].decode().partition("## Contrast pairs")[2].partition("## Neighbours")[0]
    assert "| right |" in page and "| silent |" not in page and table["about"] in page
    assert b"Contrast pairs</h2>" in made["index.html"]


def test_without_answers_there_is_no_such_table(small_corpus: Corpus) -> None:
    entry(small_corpus, "silent", None)
    made = files(read_board(small_corpus))
    assert "contrast" not in json.loads(made["leaderboard.json"]) and b"Contrast pairs" not in made["README.md"]


def test_answers_that_do_not_fit_are_listed(small_corpus: Corpus, own: Contrast, variorum: Command) -> None:
    first, *rest = right(own)
    entry(small_corpus, "few", rest)
    entry(small_corpus, "foreign", [first, *rest, Answer("x-lamp", "neutral")])
    entry(small_corpus, "odd", [first._replace(relation="maybe"), *rest])
    done = variorum("leaderboard", "--root", small_corpus.root)
    assert done.returncode == 1 and not (small_corpus.leaderboard / "README.md").exists()
    found = [line.rpartition("leaderboard/")[2] for line in done.stdout.splitlines() if "contrast.csv" in line]
    places = [line.partition("] ")[0] for line in found]
    assert places == [
        "few/contrast.csv::$: [missing-answer",
        "foreign/contrast.csv::$: [unknown-edit",
        "odd/contrast.csv::line 2: [schema",
    ]
    small_corpus.contrast.unlink()
    assert "the corpus has no contrast pairs" in variorum("leaderboard", "--root", small_corpus.root).stdout


def test_a_baseline_answers_every_edited_pair(small_corpus: Corpus, own: Contrast) -> None:
    folder = small_corpus.leaderboard / "trivial"
    baseline("trivial", root=small_corpus.root, entry=folder)
    made = judged("trivial", own, small_corpus)
    assert (folder / "contrast.csv").read_bytes() == to_csv(made.answers)
    assert len(made.answers) == len(own.pairs) >= made.silent
