"""Agreement: published figures, and what must not change it."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from variorum.agreement import agreement, as_json, compare, round_agreement
from variorum.corpus import Corpus
from variorum.records import AnnotationSet, from_json
from variorum.reliability import Reliability, reliability

# Krippendorff (2011), section C: four observers, twelve units, values missing. Nominal alpha .743.
FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def tallied(rows: tuple[tuple[int | None, ...], ...]) -> Reliability:
    units = [[None if value is None else str(value) for value in unit] for unit in zip(*rows, strict=True)]
    return reliability(units, "12345")


def test_krippendorff_four_observers() -> None:
    result = tallied(FOUR_OBSERVERS)
    assert result.alpha == pytest.approx(0.743, abs=0.0005)
    assert (result.n_units, result.n_pairable) == (12, 11)


def test_krippendorff_two_observers() -> None:
    """Krippendorff (2011), section B: two observers, twelve units, five categories; alpha .692."""
    first, second = "a a b b d c c c e d d a", "b a b b b c c c e d d d"
    result = reliability(zip(first.split(), second.split(), strict=True), "abcde")
    assert result.alpha == pytest.approx(0.692, abs=0.0005)
    assert result.raw_agreement == pytest.approx(9 / 12)


units = st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=4), max_size=8)


@given(units)
def test_alpha_is_at_most_one_or_says_why_not(labels: list[list[str | None]]) -> None:
    result = reliability(labels, "abc")
    assert (result.alpha is None) == (result.undefined is not None)
    assert result.alpha is None or result.alpha <= 1


@given(units, st.permutations("abc"), st.randoms(use_true_random=False))
def test_alpha_knows_no_names_and_no_order(labels, names, random) -> None:  # type: ignore[no-untyped-def]
    expected = reliability(labels, "abc")
    renamed = [[None if label is None else names["abc".index(label)] for label in unit] for unit in labels]
    for unit in renamed:
        random.shuffle(unit)
    random.shuffle(renamed)
    result = reliability(renamed, "abc")
    assert result.undefined == expected.undefined
    assert result.alpha == pytest.approx(expected.alpha) if expected.alpha is not None else result.alpha is None


def test_undefined_is_not_a_number() -> None:
    assert reliability([], "ab").undefined == "no unit has two labels"
    assert reliability([["a"], ["b", None]], "ab").undefined == "no unit has two labels"
    one = reliability([["a", "a"], ["a", "a"]], "ab")
    assert (one.alpha, one.raw_agreement) == (None, 1.0)
    assert "no variation" in (one.undefined or "")


def test_one_dissent_among_many_is_alpha_zero() -> None:
    assert reliability([["a", "a"]] * 10 + [["a", "b"]], "ab").alpha == pytest.approx(0.0)


def sets(corpus: Corpus) -> list[AnnotationSet]:
    return [from_json(path.read_bytes()) for path in corpus.records()]


def test_a_set_agrees_with_itself(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    twin = msgspec.structs.replace(gold, source="twin")
    (result,) = compare([gold, twin]).rounds
    assert {span.counts.f1 for span in result.spans} == {1.0}
    assert result.pairs
    assert result.pairs.reliability.alpha == 1.0


def test_rounds_are_measured_apart(small_corpus: Corpus) -> None:
    report = agreement(reversed(sets(small_corpus)))
    assert report == agreement(sets(small_corpus))
    articles, pairs = report.rounds
    assert articles.pairs is None
    assert pairs.spans == ()
    assert {span.layer for span in articles.spans} == {"mentions", "claims"}
    assert pairs.pairs
    assert pairs.pairs.reliability.alpha


def test_unclear_is_missing_and_counted(small_corpus: Corpus) -> None:
    first, second = (s for s in sets(small_corpus) if s.round == "pairs")
    assert first.contradictions
    blank = tuple(msgspec.structs.replace(pair, relation="unclear") for pair in first.contradictions)
    result = round_agreement("pairs", [msgspec.structs.replace(first, contradictions=blank), second]).pairs
    assert result
    assert result.reliability.n_pairable == 0
    assert result.unclear[first.source] == len(blank)


def test_one_set_is_said_and_nothing_is_measured(small_corpus: Corpus) -> None:
    (alone,) = agreement(sets(small_corpus)[:1]).rounds
    assert alone.too_few == "agreement needs two sets; the round articles has one"
    assert as_json(agreement(sets(small_corpus)[:1]))["rounds"][0]["undefined"] == alone.too_few


def test_command(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    done = variorum("agreement", "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    written = (small_corpus.annotations / "agreement.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(done.stdout)
    for path in list(small_corpus.records())[1:]:
        path.unlink()
    done = variorum("agreement", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (0, "agreement needs two sets; the round articles has one\n")
