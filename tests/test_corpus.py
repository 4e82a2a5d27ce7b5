"""The small corpus is what its scripts make, holds what it is there for, and reads back."""

import unicodedata

import corpus_labels
import make_corpus
import make_corpus_labels
import msgspec
import pytest

from variorum import schema
from variorum.corpus import Corpus, read_corpus
from variorum.records import AnnotationSet, entity_id, from_json


@pytest.mark.parametrize("name", sorted(make_corpus.files()))
def test_files_are_up_to_date(name: str) -> None:
    assert (make_corpus.FOLDER / name).read_bytes() == make_corpus.files()[name], "run tests/make_corpus.py"


def test_no_other_files_than_those_written_by_hand() -> None:
    by_hand = {".gitattributes", "annotations/GUIDELINES.md", "schema/labels.schema.json"}
    found = {
        path.relative_to(make_corpus.FOLDER).as_posix() for path in make_corpus.FOLDER.rglob("*") if path.is_file()
    }
    assert found == by_hand | make_corpus.files().keys()


def test_labels_are_up_to_date() -> None:
    expected = make_corpus_labels.labels_json(make_corpus_labels.SHIPPED.read_bytes())
    assert make_corpus_labels.OWN.read_bytes() == expected, "run tests/make_corpus_labels.py"


def test_labels_add_one_type(small_corpus: Corpus) -> None:
    assert small_corpus.schema.names("entity_type") == (*schema.default().names("entity_type"), "VESSEL")


def test_sources_are_valid(small_corpus: Corpus) -> None:
    value = msgspec.json.decode((small_corpus.root / "seeds" / "sources.json").read_bytes())
    assert list(small_corpus.schema.validator("source").iter_errors(value)) == []


def test_paragraphs_hold_all_but_white_space(small_corpus: Corpus) -> None:
    for document in small_corpus.documents.values():
        edges = [edge for block in document.source.paragraphs for edge in (block.start, block.end)]
        assert edges == sorted(edges)
        gaps = zip([0, *edges[1::2]], [*edges[::2], len(document.text)], strict=True)
        assert {document.text[start:end].strip("\ufeff") for start, end in gaps} <= {"", " ", "\n", "\n\n", "\r\n\r\n"}


def test_it_is_as_difficult_as_it_should_be(small_corpus: Corpus) -> None:
    a1, b2, c3 = (document.text for document in small_corpus.documents.values())
    assert "\u200d" in a1 and "\ufe0f" in a1  # an emoji of several code points
    assert a1 != unicodedata.normalize("NFC", a1)
    assert any(unicodedata.bidirectional(character) == "AL" for character in a1)
    assert "\n" not in b2.replace("\r\n", "") and "\u00a0" in b2
    assert c3.startswith("\ufeff")
    for text in (a1, c3):  # what counts bytes or UTF-16 units is off from here on
        assert ord(max(text[:40])) > 0xFFFF
    assert all(60 <= len(text.split()) <= 150 for text in (a1, b2, c3))


def test_one_article_copies_another(small_corpus: Corpus) -> None:
    copies = {doc_id: [c.doc_id for c in d.source.copied_from] for doc_id, d in small_corpus.documents.items()}
    assert copies == {"a1": [], "b2": ["a1"], "c3": []}


def sets(corpus: Corpus) -> list[AnnotationSet]:
    return [from_json(path.read_bytes()) for path in (corpus.consolidated, corpus.gold, *corpus.records())]


def test_spans_hold_their_words(small_corpus: Corpus) -> None:
    for annotation_set in sets(small_corpus):
        for mention in annotation_set.mentions or ():
            text = small_corpus.documents[mention.doc_id].text
            assert text[mention.start : mention.end] == mention.text
        for claim in annotation_set.claims or ():
            text = small_corpus.documents[claim.doc_id].text
            assert [text[span.start : span.end] for span in claim.spans] == [span.text for span in claim.spans]


def test_entity_ids_follow_from_names() -> None:
    assert [entity_id(name) for name in corpus_labels.ENTITIES.values()] == list(corpus_labels.ENTITIES)


def test_gold_holds_all_relations_and_reasons(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    pairs = gold.contradictions or ()
    assert {pair.relation for pair in pairs} == set(small_corpus.schema.names("relation"))
    assert {pair.reason for pair in pairs} >= set(small_corpus.schema.names("reason"))
    assert {pair.stratum for pair in pairs} == {"listed", "near", "random"}
    assert len({pair.conflict_id for pair in pairs if pair.relation == "contradiction"}) < sum(
        pair.relation == "contradiction" for pair in pairs
    )


def test_relations_reasons_and_aspects_are_all_there(small_corpus: Corpus) -> None:
    pairs = [pair for annotation_set in sets(small_corpus) for pair in annotation_set.contradictions or ()]
    assert {pair.relation for pair in pairs} == set(small_corpus.schema.names("judgement"))
    assert {pair.reason for pair in pairs} == {None, *small_corpus.schema.names("reason")}
    assert len({pair.aspect for pair in pairs if pair.aspect}) >= 5


def test_the_annotators_differ(small_corpus: Corpus) -> None:
    for round_name in ("articles", "pairs"):
        heron, wren = (from_json(path.read_bytes()) for path in small_corpus.records(round_name))
        assert (heron.source, wren.source) == ("heron", "wren")
        for layer in ("mentions", "entities", "claims", "contradictions"):
            assert getattr(heron, layer) is None or layer == "entities" or getattr(heron, layer) != getattr(wren, layer)


def test_reading_finds_the_same_corpus(small_corpus: Corpus) -> None:
    assert {d: document.text for d, document in read_corpus(make_corpus.FOLDER).documents.items()} == make_corpus.TEXTS
    assert small_corpus.documents.keys() == make_corpus.TEXTS.keys()
