"""The gold that comes with the wheel: made of the clone's by hatch_build.py, without texts, enough to score with."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, Command

from variorum import corpus as corpora
from variorum.cli.score_inputs import votes
from variorum.corpus import Corpus, CorpusError, read_shipped
from variorum.formats import read
from variorum.records import from_json
from variorum.scoring import fingerprint, reference

SPEC = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
assert SPEC and SPEC.loader
hatch_build = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hatch_build)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder as it is in a wheel, made of the repository."""
    folder = tmp_path / "_gold"
    for name, value in hatch_build.contents(ROOT).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    monkeypatch.setattr(corpora, "SHIPPED", folder)
    return folder


def texts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (member for name, member in value.items() if name == "text")
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(member)


def test_it_is_gold_without_texts(shipped: Path, corpus: Corpus) -> None:
    data = (shipped / "annotations" / "gold.json").read_bytes()
    assert list(texts(json.loads(data))) == [] != list(texts(json.loads(corpus.gold.read_bytes())))
    assert fingerprint(from_json(data)) == fingerprint(from_json(corpus.gold.read_bytes()))


def test_its_votes_are_those_of_the_records(shipped: Path, corpus: Corpus) -> None:
    gold = from_json(corpus.gold.read_bytes())
    assert votes(read_shipped(), gold) == votes(corpus, gold) != {}


def test_it_has_no_texts_unless_they_are_given(shipped: Path, corpus: Corpus) -> None:
    without = read_shipped()
    assert not without.has_texts and without.documents.keys() == corpus.documents.keys()
    known = {doc_id: document.text for doc_id, document in corpus.documents.items()}
    assert read_shipped(known).documents == corpus.documents
    for wrong in ({}, known | {min(known): "another text"}):
        with pytest.raises(CorpusError, match="is not there, or not the one that gold is about"):
            read_shipped(wrong)


def test_offsets_are_checked_without_texts(shipped: Path, tmp_path: Path) -> None:
    """The words of a span cannot be held against the text; where it ends can."""
    gold = json.loads((ROOT / "annotations" / "gold.json").read_bytes())
    mention = gold["mentions"][0]
    for end, rules in ((mention["end"], []), (10**7, ["offset-range"])):
        made = {**gold, "source": "s", "role": "system", "mentions": [{**mention, "end": end}]}
        layers = {name: None for name in ("round", "entities", "claims", "contradictions", "claims_from")}
        made = {name: value for name, value in made.items() if name not in layers}
        (tmp_path / "p.json").write_text(json.dumps(made), encoding="utf-8")
        assert [problem.rule for problem in read(tmp_path / "p.json", read_shipped()).errors] == rules


@pytest.mark.parametrize("options", [("--root", "x", "--dataset", "y"), ("--dataset", "nowhere"), ("--dataset", ".")])
def test_wrong_folders_are_said_to_be(options: tuple[str, ...], variorum: Command, corpus: Corpus) -> None:
    done = variorum("score", corpus.gold, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("variorum: --") and "Traceback" not in done.stderr


def test_a_clone_stands_for_the_wheel(variorum: Command, corpus: Corpus) -> None:
    """Outside of any corpus, with the package in its clone: its gold, with texts."""
    done = variorum("score", corpus.gold, "--resamples", "0", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["gold"] == reference(from_json(corpus.gold.read_bytes()))
