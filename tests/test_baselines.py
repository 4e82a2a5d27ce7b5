"""Baselines: deterministic, valid, outside furniture, and harmless on odd articles."""

import random

import pytest
from msgspec.structs import replace

from variorum.baselines import BASELINES, Task
from variorum.checks import check_set
from variorum.corpus import Corpus
from variorum.records import from_json, to_json
from variorum.scoring import score


def task(corpus: Corpus, given: bool = True) -> Task:
    documents = tuple(corpus.documents.values())
    return Task(documents, corpus.schema, from_json(corpus.gold.read_bytes()) if given else None)


@pytest.mark.parametrize("name", BASELINES)
def test_the_same_articles_give_the_same_prediction(small_corpus: Corpus, name: str) -> None:
    first, second = (BASELINES[name](task(small_corpus)) for _ in range(2))
    assert to_json(first) == to_json(second)


@pytest.mark.parametrize("name", BASELINES)
def test_the_order_of_given_claims_does_not_matter(small_corpus: Corpus, name: str) -> None:
    given = task(small_corpus)
    assert given.given
    mixed = list(given.given_claims)
    random.Random(1).shuffle(mixed)
    other = Task(given.documents, given.schema, replace(given.given, claims=tuple(mixed)))
    assert BASELINES[name](other) == BASELINES[name](given)


@pytest.mark.parametrize("name", BASELINES)
def test_predictions_pass_the_checks(small_corpus: Corpus, name: str) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    made = BASELINES[name](task(small_corpus))
    assert check_set(to_json(made), "p.json", small_corpus, gold).problems == ()
    assert score(made, gold).skipped == {}


def test_nothing_is_predicted_inside_furniture(small_corpus: Corpus) -> None:
    made = BASELINES["trivial"](task(small_corpus, given=False))
    assert made.contradictions is None
    spans = [(m.doc_id, m.start, m.end) for m in made.mentions or ()]
    spans += [(c.doc_id, s.start, s.end) for c in made.claims or () for s in c.spans]
    assert spans
    for doc_id, start, end in spans:
        furniture = small_corpus.documents[doc_id].source.furniture
        assert not any(start < block.end and block.start < end for block in furniture)
        assert 0 <= start < end <= len(small_corpus.documents[doc_id].text)


def test_no_pairs_of_less_than_two_claims(small_corpus: Corpus) -> None:
    given = task(small_corpus)
    assert given.given
    for few in ((), given.given_claims[:1]):
        one = replace(given.given, claims=few)
        assert BASELINES["trivial"](Task(given.documents, given.schema, one)).contradictions == ()


def test_command(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    out = small_corpus.root / "p.json"
    done = variorum("baseline", "trivial", "--root", small_corpus.root, "--out", out, "--layers", "mentions")
    assert (done.returncode, done.stderr) == (0, "")
    made = from_json(out.read_bytes())
    assert made.mentions
    assert made.claims is made.contradictions is made.claims_from is None
    done = variorum("baseline", "none", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there are: trivial" in done.stderr
