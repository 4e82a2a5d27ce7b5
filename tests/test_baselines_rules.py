"""The baseline `rules`: what its patterns find, how values are compared, and that odd corpora break nothing."""

import doctest
import importlib
import json
import random
from itertools import combinations
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from variorum import baselines, schema
from variorum.baselines import BASELINES, Task, conflicts, topics
from variorum.baselines.amounts import amounts
from variorum.baselines.clauses import clauses
from variorum.baselines.comparing import compare
from variorum.baselines.dates import Clock, dates
from variorum.baselines.found import apart
from variorum.baselines.rules import LIMITS, WEIGHTS
from variorum.baselines.statements import manner
from variorum.checks import check_set
from variorum.corpus import Corpus, Document
from variorum.records import Anchor, AnnotationSet, Pair, Value, from_json, to_json
from variorum.sources import Source
from variorum.values import fault

FRIDAY = Clock(Anchor(date="2019-02-08", source="published"))
ODD = (
    *(
        "Mara Lund",
        "said",
        "that",
        "“",
        "”",
        "in 2019",
        "£5",
        "million",
        "the company",
        "She",
        ",",
        ".",
        "\r\n",
        "\n\n",
    ),
    *(
        "قال",
        "🚢",
        "José",
        "3 May",
        "and",
        "who",
        "was",
        "not",
        "U.S.",
        "²",
        "٣",
        "last",
        "Tuesday",
        "999999999999",
        "-",
    ),
)
MODULES = ("parsed", "numerals", "topics", "comparing", "conflicts", "vocabulary")


def document(text: str, **more: Any) -> Document:
    source = Source(
        doc_id="07", file="07.txt", title="", language="en", sha256="0" * 64, n_chars=len(text), rights="", **more
    )
    return Document(source=source, text=text)


def run(text: str, **more: Any) -> AnnotationSet:
    return BASELINES["rules"](Task((document(text, **more),), schema.default()))


def told(text: str, clock: Clock = FRIDAY) -> list[tuple[str, str, str, str | None, str]]:
    found = apart([*dates(text, 0, len(text), clock), *amounts(text, 0, len(text))])
    values = [(text[f.start : f.end], f.value) for f in found]
    return [(words, v.kind, v.value, v.unit, v.comparator) for words, v in values if v]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    module: ModuleType = importlib.import_module(f"{baselines.__name__}.{name}")
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("on 3 May 2018 she left", "3 May 2018", "2018-05-03"),
        ("on May 3, 2018, she left", "May 3, 2018", "2018-05-03"),
        ("on 3 May she left", "3 May", "2018-05-03"),  # the nearest 3 May before the article
        ("in January", "January", "2019-01"),
        ("since March 2012", "March 2012", "2012-03"),
        ("in early 2019", "early 2019", "2019-01/2019-04"),
        ("by summer 2018", "summer 2018", "2018-22"),
        ("in the 1990s", "the 1990s", "199X"),
        ("from 2012 to 2015", "2012 to 2015", "2012/2015"),
        ("June last year", "June last year", "2018-06"),
        ("last week", "last week", "2019-01-28/2019-02-03"),
        ("last month", "last month", "2019-01"),
        ("on Tuesday she left", "Tuesday", "2019-02-05"),
        ("yesterday", "yesterday", "2019-02-07"),
        ("two years ago", "two years ago", "2017~"),
        ("10 days ago", "10 days ago", "2019-01-29"),
    ],
)
def test_dates_against_the_date_of_the_article(text: str, words: str, value: str) -> None:
    assert told(text) == [(words, "date", value, None, "=")]
    assert fault("date", value) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("last week", ("text", "last week")), ("on 3 May", ("date", "XXXX-05-03")), ("in March", ("date", "XXXX-03"))],
)
def test_dates_of_an_article_without_a_date(text: str, value: tuple[str, str]) -> None:
    assert [each[1:3] for each in told(text, Clock())] == [value]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nearly €8 million", ("nearly €8 million", "money", "8000000", "EUR", "~")),
        ("5.6 billion yuan", ("5.6 billion yuan", "money", "5600000000", "CNY", "=")),
        ("US$1.5bn", ("US$1.5bn", "money", "1500000000", "USD", "=")),
        ("62\u00a0000 euros", ("62\u00a0000 euros", "money", "62000", "EUR", "=")),
        ("more than 40 guests", ("more than 40", "quantity", "40", "guest", ">")),
        ("14 old sleeping cars", ("14", "quantity", "14", "car", "=")),
        ("20 to 30 boats", ("20 to 30", "quantity", "20/30", "boat", "=")),
        ("up to 12 percent", ("up to 12 percent", "quantity", "12", "percent", "<")),
        ("two thirds of it", ("two thirds", "quantity", "67", "percent", "~")),
        ("dozens of boats", ("dozens", "quantity", "24", None, ">")),
        ("the third race", ("third", "quantity", "3", "ordinal", "=")),
        ("about three years", ("about three years", "duration", "P3Y", None, "~")),
        ("the 39-year-old baker", ("39-year-old", "duration", "P39Y", None, "=")),
        ("Mara Lund, 42, left", ("42", "duration", "P42Y", None, "=")),
        ("in his forties", ("forties", "duration", "P40Y/P49Y", None, "=")),
    ],
)
def test_amounts_and_durations(text: str, found: tuple[str, str, str, str | None, str]) -> None:
    assert told(text) == [found]
    assert fault(found[1], found[2]) is None


@pytest.mark.parametrize(
    "text", ["the V3 model", "one of them", "Route 66A", "H800s", "٣٢ قاربا", "1" * 60, "$" + "9" * 60]
)
def test_no_amount(text: str) -> None:
    assert told(text) == []


def test_names_have_the_type_that_the_words_around_them_tell() -> None:
    made = run(
        "Captain Mara Lund, 39, lives in Ulm. She bought the schooner Solveig from North Line Inc. Lund said so."
    )
    assert {m.text: m.type for m in made.mentions or () if m.level == "NAM"} == {
        **{"Mara Lund": "PERSON", "Lund": "PERSON", "Ulm": "GPE", "Solveig": "PRODUCT", "North Line Inc": "ORG"}
    }


def test_part_of_a_name_and_a_pronoun_are_the_person() -> None:
    made = run("Mara Lund sold a boat. Later Lund said she bought it back.")
    people = [m for m in made.mentions or () if m.type == "PERSON"]
    assert [m.text for m in people] == ["Mara Lund", "Lund", "she"]
    assert {m.entity_id for m in people} == {"e-mara-lund"}


@pytest.mark.parametrize(
    ("text", "content", "cue", "who"),
    [
        ("Dahl said that the hull leaked.", "the hull leaked", "said", "Dahl"),
        ("The hull leaked, Ove Dahl told the council.", "The hull leaked", "told", "Ove Dahl"),
        ("“We sold both ferries,” said Ove Dahl.", "We sold both ferries", "said", "Ove Dahl"),
        ("According to Dahl, the hull was rotten.", "the hull was rotten", "According to", "Dahl"),
    ],
)
def test_what_is_said_is_parted_from_who_says_it(text: str, content: str, cue: str, who: str) -> None:
    (found,) = clauses(text, 0, len(text))
    assert found.cue and found.who
    assert text[found.start : found.end] == content
    assert (text[slice(*found.cue)], text[slice(*found.who)].strip(" .")) == (cue, who)
    (claim,) = (c for c in run(text).claims or () if c.cue)
    mentions = {m.mention_id: m.text for m in run(text).mentions or ()}
    assert mentions[claim.holder or ""] == who


@pytest.mark.parametrize(
    ("clause", "cue", "labels"),
    [
        ("The bridge opened", None, ("fact", "positive", "certain")),
        ("The bridge will open in May", None, ("forecast", "positive", "certain")),
        ("It is the best bakery", None, ("opinion", "positive", "certain")),
        ("Nobody came", None, ("fact", "negative", "certain")),
        ("It sells not only bread but cake", None, ("fact", "positive", "certain")),
        ("the hull leaked", "denied", ("fact", "negative", "certain")),
        ("The fire apparently began there", None, ("fact", "positive", "hedged")),
        ("the bridge is safe", "believes", ("fact", "positive", "hedged")),
    ],
)
def test_kind_polarity_certainty(clause: str, cue: str | None, labels: tuple[str, str, str]) -> None:
    found = manner(clause, cue, schema.default().names("claim_kind"))
    assert (found.kind, found.polarity, found.certainty) == labels


# --- pairs ---------------------------------------------------------------------------------------------------


def value(kind: str, written: str, unit: str | None = None, comparator: str = "=") -> Value:
    return Value(kind=kind, value=written, unit=unit, comparator=comparator)


@pytest.mark.parametrize(
    ("left", "right", "clashes", "fitting"),
    [
        ([value("date", "2011")], [value("date", "2013")], 1, 0),
        ([value("date", "2016-05")], [value("date", "2016")], 0, 1),
        ([value("date", "2011")], [value("date", "2011"), value("date", "2013")], 0, 1),  # one says more
        ([value("date", "2012/2015")], [value("date", "2013")], 0, 1),
        ([value("money", "31400000", "GBP")], [value("money", "31000000", "GBP")], 0, 1),  # rounded
        ([value("money", "31400000", "GBP")], [value("money", "4000000", "GBP")], 1, 0),
        ([value("money", "2100000", "EUR")], [value("money", "57000000", "CZK")], 0, 0),
        ([value("quantity", "60", "person", "~")], [value("quantity", "62", "employee")], 0, 1),
        ([value("quantity", "14", "car")], [value("quantity", "22", "car")], 1, 0),
        ([value("quantity", "2", "ordinal")], [value("quantity", "1", "ordinal")], 1, 0),
    ],
)
def test_values_clash_or_fit(left: list[Value], right: list[Value], clashes: int, fitting: int) -> None:
    for a, b in ((left, right), (right, left)):
        found = compare(a, b)
        assert (len(found.clashes), found.fitting) == (clashes, fitting)


def judged(a: str, b: str) -> Pair:
    """The pair of two claims among others that make their words neither rare nor common."""
    said = [a, b, "Dogs bark.", "The mayor of Ulm opened a bakery.", "Rain fell on the town."]
    sides = [
        conflicts.Side(f"c{i}", text, topics.words(text), rules_values(text), rules_negative(text))
        for i, text in enumerate(said)
    ]
    alike = lambda each, pairs: topics.tfidf([side.words for side in each], pairs)  # noqa: E731
    asked = (Pair(pair_id="c0~c1", claim_a="c0", claim_b="c1", relation="neutral"),)
    given = AnnotationSet(schema_version="1.0", source="gold", role="gold", documents=(), contradictions=asked)
    found = conflicts.pairs(Task((), schema.default(), given), sides, alike, LIMITS, WEIGHTS)
    return next(pair for pair in found if pair.pair_id == "c0~c1")


def rules_values(text: str) -> tuple[Value, ...]:
    from variorum.baselines.rules import values

    return values(text, FRIDAY)


def rules_negative(text: str) -> bool:
    from variorum.baselines.statements import is_negative

    return is_negative(text)


@pytest.mark.parametrize(
    ("a", "b", "relation", "aspect", "values"),
    [
        (
            "North Line was founded in 2011.",
            "North Line was founded in 2013.",
            "contradiction",
            "time",
            ("2011", "2013"),
        ),
        (
            "The ferry cost €3 million.",
            "The ferry cost €5 million.",
            "contradiction",
            "quantity",
            ("3000000", "5000000"),
        ),
        ("The ferry has 20 cabins.", "The ferry has about 40 cabins.", "tension", "quantity", ("20", "40")),
        (
            "Mara Lund was born in Ghent.",
            "Mara Lund was born in Antwerp.",
            "contradiction",
            "location",
            ("Ghent", "Antwerp"),
        ),
        ("The ferry was sold.", "The ferry was not sold.", "contradiction", "state", (None, None)),
        ("The ferry cost €3 million.", "The ferry cost €3 million.", "agreement", None, (None, None)),
        ("The ferry cost €3 in 2011.", "The ferry cost €9 in 2019.", "neutral", None, (None, None)),
        ("Mara Lund is 41 years old.", "Mara Lund is 42 years old.", "neutral", None, (None, None)),
    ],
)
def test_pairs(a: str, b: str, relation: str, aspect: str | None, values: tuple[str | None, str | None]) -> None:
    pair = judged(a, b)
    assert (pair.relation, pair.aspect) == (relation, aspect)
    assert tuple(v and v.value for v in (pair.value_a, pair.value_b)) == values
    assert pair.score is not None
    assert 0 <= pair.score <= 1


def test_what_clashes_scores_above_what_agrees() -> None:
    clash = judged("North Line was founded in 2011.", "North Line was founded in 2013.")
    agree = judged("North Line was founded in 2011.", "North Line was founded in 2011.")
    assert (clash.score or 0) > 0.3
    assert (clash.score or 0) > (agree.score or 0)


def test_every_pair_that_is_asked_about_has_a_score(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    made = BASELINES["rules"](Task(tuple(small_corpus.documents.values()), small_corpus.schema, gold))
    scores = {pair.pair_id: pair.score for pair in made.contradictions or ()}
    assert all(scores[pair.pair_id] is not None for pair in gold.contradictions or ())
    asked = {pair.pair_id for pair in gold.contradictions or ()}
    assert all(pair.relation != "neutral" or pair.pair_id in asked for pair in made.contradictions or ())


def test_a_pair_of_claims_that_are_not_given_is_left_out(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    some = replace(gold, claims=(gold.claims or ())[:3])
    made = BASELINES["rules"](Task(tuple(small_corpus.documents.values()), small_corpus.schema, some))
    known = {claim.claim_id for claim in some.claims or ()}
    assert all({pair.claim_a, pair.claim_b} <= known for pair in made.contradictions or ())


def test_candidates_are_those_that_share_a_block() -> None:
    texts = [("ferry", "sank"), ("ferry", "left"), ("bread",), ("oven", "sank")]
    assert topics.candidates(texts) == [(0, 1), (0, 3)]


def test_candidates_grow_with_the_claims_and_not_with_their_square() -> None:
    rng = random.Random(5)
    counts = []
    for total in (400, 1600):
        names = [f"name{i}" for i in range(total // 8)]
        texts = [("firm", "said", rng.choice(names), rng.choice(names)) for _ in range(total)]
        counts.append(len(topics.candidates(texts)))
    assert counts[0] > 400
    assert counts[1] < 6 * counts[0]
    assert counts[1] < 1600 * 1599 / 2 / 20


def test_common_words_block_together_only() -> None:
    many = topics.BLOCK + 1
    texts = [("firm",)] * many + [("firm", "boat")] * 2 + [("boat",)] * many
    assert topics.candidates(texts) == [(many, many + 1)]


def test_similarity_is_the_cosine_of_all_pairs() -> None:
    texts = [("a", "b"), ("a", "c", "c"), ("d",), ()]
    pairs = list(combinations(range(4), 2))
    found = topics.tfidf(texts, pairs)
    assert found.shape == (6,)
    assert np.flatnonzero(found).tolist() == [0]
    assert topics.tfidf(texts, []).tolist() == []


# --- odd corpora ---------------------------------------------------------------------------------------------


def test_nothing_is_predicted_inside_furniture(small_corpus: Corpus) -> None:
    made = BASELINES["rules"](Task(tuple(small_corpus.documents.values()), small_corpus.schema))
    spans = [(m.doc_id, m.start, m.end) for m in made.mentions or ()]
    spans += [(c.doc_id, s.start, s.end) for c in made.claims or () for s in c.spans]
    assert made.contradictions is None
    assert len(spans) > 50
    for doc_id, start, end in spans:
        one = small_corpus.documents[doc_id]
        assert one.text[start:end].strip() == one.text[start:end]
        assert not any(start < block.end and block.start < end for block in one.source.furniture)


def own_labels(small_corpus: Corpus, keep: dict[str, set[str]]) -> schema.Schema:
    documents = json.loads(json.dumps(small_corpus.schema.documents))
    sets = documents[schema.LABELS_FILE]["$defs"]
    for name, labels in keep.items():
        sets[name]["anyOf"] = [{"const": label, "title": label, "description": label} for label in sorted(labels)]
    return schema.Schema(documents)


def test_other_label_sets(small_corpus: Corpus) -> None:
    labels = own_labels(small_corpus, {"entity_type": {"VESSEL", "DATE"}, "claim_kind": {"report"}, "aspect": {"when"}})
    gold = from_json(small_corpus.gold.read_bytes())
    made = BASELINES["rules"](Task(tuple(small_corpus.documents.values()), labels, gold))
    assert {m.type for m in made.mentions or ()} == {"DATE"}
    assert {c.kind for c in made.claims or ()} == {"report"}
    assert {p.aspect for p in made.contradictions or ()} == {None}
    assert all(c.holder is None for c in made.claims or ())


@pytest.mark.parametrize(
    "text", ["", " \n\n ", "🎏", "\ufeff", "...", "“", '“"', "He said", ", said", "A\r\n\r\nB", "said " * 300]
)
def test_articles_with_next_to_nothing(text: str) -> None:
    made = run(text)
    assert all((c.proposition.strip() and c.spans) for c in made.claims or ())


@settings(max_examples=60, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(ODD),
        max_size=40,
    ).map(" ".join)
)
def test_whatever_the_text_the_prediction_is_sound(text: str) -> None:
    made = run(text, published="2019-02-08")
    for mention in made.mentions or ():
        assert text[mention.start : mention.end] == mention.text
        assert mention.value is None or fault(mention.value.kind, mention.value.value) is None
    ids = [each.claim_id for each in made.claims or ()] + [each.mention_id for each in made.mentions or ()]
    assert len(ids) == len(set(ids))
    for claim in made.claims or ():
        assert all(text[span.start : span.end] == span.text for span in claim.spans)


def test_claims_of_an_unknown_article_are_compared_all_the_same(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    task = Task((), small_corpus.schema, gold)
    made = BASELINES["rules"](task)
    assert made.contradictions
    assert made.claims == made.mentions == ()


def test_a_people_s_set_made_of_it_breaks_few_rules(small_corpus: Corpus) -> None:
    """Mentions have levels, entities and values as the rules for people ask; they do not cross."""
    made = BASELINES["rules"](Task(tuple(small_corpus.documents.values()), small_corpus.schema))
    people = replace(made, role="annotator", source="lapwing", claims=None)
    found = check_set(to_json(people), "p.json", small_corpus, None).problems
    wanted = ("mention", "level", "entity-on", "entity-missing", "value", "anchor")
    assert [str(p) for p in found if p.rule.startswith(wanted) or p.rule.endswith("mentions")] == []
