"""Mentions: the same figures as nervaluate, seqeval and spaCy on flat data, and every case in which they differ.

Where they differ the test shows both figures; it asks for the reason in docs/metrics.md.
"""

import random
from typing import Any

import made
import pytest

from variorum.scoring import Report

pytestmark = pytest.mark.slow

SEEDS = range(6)
SCHEMES = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
COUNTS = ("correct", "partial", "incorrect", "missed", "spurious")
FIGURES = ("precision", "recall", "f1")


def ours(report: Report, match: str, of: str = "all", average: str = "micro") -> dict[str, float | None]:
    found = report[f"mentions|spans|{match}|{of}|{average}"]
    return {name: found[name] for name in FIGURES}


def as_others(figures: dict[str, float | None]) -> dict[str, float]:
    """0/0 is undefined here; the others call it 0."""
    return {name: value or 0.0 for name, value in figures.items()}


def theirs(answer: dict[str, Any]) -> dict[str, float]:
    return {name: answer["f1-score" if name == "f1" and "f1-score" in answer else name] for name in FIGURES}


# --- the same on flat data -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_all_four_measures_are_those_of_nervaluate(seed: int, ask: Any) -> None:
    gold, predicted = made.apart(seed)
    report, answer = made.scored(gold, predicted), ask("nervaluate", gold=gold, predicted=predicted)
    for match, scheme in SCHEMES.items():
        found, overall = report[f"mentions|spans|{match}|all|micro"], answer["overall"][scheme]
        assert {name: found.counts[name] for name in COUNTS} == {name: overall[name] for name in COUNTS}
        assert ours(report, match) == pytest.approx(theirs(overall))
        assert 0 < overall["f1"] < 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("match", ["strict", "type"])
def test_by_type_strict_and_type_are_those_of_nervaluate(match: str, seed: int, ask: Any) -> None:
    gold, predicted = made.apart(seed)
    report, answer = made.scored(gold, predicted), ask("nervaluate", gold=gold, predicted=predicted)
    assert set(answer["types"]) == set(made.TYPES)
    for kind, found in answer["types"].items():
        assert ours(report, match, f"type={kind}") == pytest.approx(theirs(found[SCHEMES[match]]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", [made.apart, made.crossing])
def test_strict_is_that_of_seqeval(make: Any, seed: int, ask: Any) -> None:
    gold, predicted = make(seed)
    report = made.scored(gold, predicted)
    answer = ask("seqeval", gold=gold, predicted=predicted, length=made.LENGTH)
    assert ours(report, "strict") == pytest.approx(theirs(answer["micro avg"]))
    assert as_others(ours(report, "strict", average="macro")) == pytest.approx(theirs(answer["macro avg"]))
    for kind in made.TYPES:
        assert ours(report, "strict", f"type={kind}") == pytest.approx(theirs(answer[kind]))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("make", [made.apart, made.crossing, made.nested])
def test_strict_is_that_of_spacy_nested_spans_and_all(make: Any, seed: int, ask: Any) -> None:
    gold, predicted = make(seed)
    report = made.scored(gold, predicted)
    answer = ask("spacy", gold=gold, predicted=predicted, length=made.LENGTH)
    expected = dict(zip(FIGURES, (answer[f"all_{letter}"] for letter in "prf"), strict=True))
    assert ours(report, "strict") == pytest.approx(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_crossing_boundaries_leave_all_but_type_the_same(seed: int, ask: Any) -> None:
    """Both sides flat, in text order, one span over several: first come, first served is as good as the best matching,
    unless types are asked for."""
    made.documented("on flat data without such cases the four measures are the same")
    gold, predicted = made.crossing(seed)
    report, answer = made.scored(gold, predicted), ask("nervaluate", gold=gold, predicted=predicted)
    for match in ("strict", "exact", "partial"):
        assert ours(report, match) == pytest.approx(theirs(answer["overall"][SCHEMES[match]]))
    assert (ours(report, "type")["f1"] or 0) >= answer["overall"]["ent_type"]["f1"]


# --- where they differ ---------------------------------------------------------------------------------------


def test_greedy_theft(ask: Any) -> None:
    """Matching: nervaluate gives gold to the first prediction that overlaps it, so its figures depend on the order of
    the list; we take the matching with the most credit, whatever the order."""
    made.documented("nervaluate gives gold to the first prediction that overlaps, so its figures depend on order")
    gold, predicted = [[(0, 4, "ORG")]], [[(0, 6, "ORG"), (0, 4, "ORG")]]
    orders = predicted, [predicted[0][::-1]]
    there = [ask("nervaluate", gold=gold, predicted=each)["overall"]["strict"]["f1"] for each in orders]
    here = [ours(made.scored(gold, each), "strict")["f1"] for each in orders]
    assert there == pytest.approx([0.0, 2 / 3])
    assert here == pytest.approx([2 / 3, 2 / 3])


def test_theft_by_a_wrong_type_happens_on_flat_data_too(ask: Any) -> None:
    """Matching, again: a prediction of another type takes gold from the next one, which has the type. Both sides are
    flat and in text order."""
    made.documented("the one-to-one matching has the greatest total credit")
    gold, predicted = [[(0, 10, "ORG")]], [[(0, 5, "GPE"), (5, 10, "ORG")]]
    assert ask("nervaluate", gold=gold, predicted=predicted)["overall"]["ent_type"]["f1"] == 0.0
    assert ours(made.scored(gold, predicted), "type")["f1"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_nested_spans_depend_on_order_there_and_not_here(seed: int, ask: Any) -> None:
    """Nested spans: nervaluate does not support them; its figures for one set of spans differ from order to order and
    are never above ours, which is the strict score of spaCy (sets) as well."""
    made.documented(
        "Nested and crossing mentions need no rule of their own", "No figure depends on the order of records"
    )
    gold, predicted = made.nested(seed)
    expected, rng, seen = ours(made.scored(gold, predicted), "strict")["f1"], random.Random(seed), set()
    for _ in range(12):
        for side in (gold, predicted):
            for document in side:
                rng.shuffle(document)
        seen.add(round(ask("nervaluate", gold=gold, predicted=predicted)["overall"]["strict"]["f1"], 9))
        assert ours(made.scored(gold, predicted), "strict")["f1"] == expected
    assert len(seen) > 1 and expected is not None and max(seen) <= expected + 1e-9


def test_a_type_error_is_one_thing_overall_and_another_by_type_there(ask: Any) -> None:
    """By type: nervaluate looks at one type at a time, so a span with the wrong type is `incorrect` overall, `missed`
    and `spurious` by type, and `exact`, which ignores types, is 1 overall and 0 for either type. Here the parts add up:
    credit counts for the recall of gold's type and for the precision of the predicted type."""
    made.documented("nervaluate filters both sides first", "so parts add up to the whole")
    gold, predicted = [[(0, 4, "ORG")]], [[(0, 4, "GPE")]]
    answer, report = ask("nervaluate", gold=gold, predicted=predicted), made.scored(gold, predicted)
    assert answer["overall"]["exact"]["f1"] == 1.0 and answer["overall"]["strict"]["incorrect"] == 1
    assert [answer["types"][kind]["exact"]["f1"] for kind in ("ORG", "GPE")] == [0.0, 0.0]
    assert [answer["types"][k]["strict"][name] for k, name in (("ORG", "missed"), ("GPE", "spurious"))] == [1, 1]
    assert ours(report, "exact")["f1"] == 1.0
    assert ours(report, "exact", "type=ORG") == {"precision": None, "recall": 1.0, "f1": None}
    assert ours(report, "exact", "type=GPE") == {"precision": 1.0, "recall": None, "f1": None}


def test_duplicates(ask: Any) -> None:
    """Duplicates: counted here and by nervaluate, so that one too many is a false alarm; spaCy drops them in silence.
    The report says how many there are, the signature that they are counted."""
    made.documented("`counted` (mentions, claims): one too many is a false alarm or a miss")
    gold, predicted = [[(0, 4, "ORG")]], [[(0, 4, "ORG"), (0, 4, "ORG")]]
    report = made.scored(gold, predicted)
    assert ask("nervaluate", gold=gold, predicted=predicted)["overall"]["strict"]["precision"] == 0.5
    assert ask("spacy", gold=gold, predicted=predicted, length=made.LENGTH)["all_p"] == 1.0
    assert ours(report, "strict")["precision"] == 0.5
    assert report.duplicates == {"prediction": 1}
    assert "|duplicates:counted|" in report["mentions|spans|strict|all|micro"].measure.signature


def test_nothing_by_nothing(ask: Any) -> None:
    """0/0: undefined here, with the reason, and said so in the signature; 0 for nervaluate and seqeval, None for spaCy.
    Without predictions only precision is undefined."""
    made.documented("0/0 is no number", "P without predictions and R without gold are undefined")
    nothing: made.Documents = [[]]
    something: made.Documents = [[(0, 4, "ORG")]]
    names = {"gold": nothing, "predicted": nothing}
    assert theirs(ask("nervaluate", **names)["overall"]["strict"]) == dict.fromkeys(FIGURES, 0.0)
    assert theirs(ask("seqeval", **names, length=9)["micro avg"]) == dict.fromkeys(FIGURES, 0.0)
    assert ask("spacy", **names, length=9)["all_f"] is None
    report = made.scored(nothing, nothing)
    assert ours(report, "strict") == dict.fromkeys(FIGURES)
    assert all(figure.undefined for figure in report["mentions|spans|strict|all|micro"].figures)
    assert "|zero:undefined|" in report["mentions|spans|strict|all|micro"].measure.signature
    assert ours(made.scored(something, nothing), "strict") == {"precision": None, "recall": 0.0, "f1": 0.0}
    assert theirs(ask("nervaluate", gold=something, predicted=nothing)["overall"]["strict"])["precision"] == 0.0


def test_the_macro_average_of_a_type_that_is_never_predicted(ask: Any) -> None:
    """0/0 in averages: seqeval counts the precision of a type without predictions as 0; here it is undefined and no
    part of the mean of precisions. Its recall, and its F1 of 0, are."""
    made.documented("Macro means leave undefined parts out")
    gold, predicted = [[(0, 4, "ORG"), (5, 7, "GPE")]], [[(0, 4, "ORG")]]
    answer = theirs(ask("seqeval", gold=gold, predicted=predicted, length=9)["macro avg"])
    assert answer == {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    found = ours(made.scored(gold, predicted), "strict", average="macro")
    assert found == {"precision": 1.0, "recall": 0.5, "f1": 0.5}


def test_ends(ask: Any) -> None:
    """Offsets: half open here, inclusive in nervaluate. Spans that only touch overlap for it if offsets are handed
    over as they are."""
    made.documented("Offsets are half-open", "Spans that only touch do not overlap")
    gold, predicted = [[(0, 4, "ORG")]], [[(4, 6, "ORG")]]
    as_they_are = ask("nervaluate", gold=gold, predicted=predicted, inclusive=False)["overall"]
    assert (as_they_are["partial"]["partial"], as_they_are["ent_type"]["correct"]) == (1, 1)
    right = ask("nervaluate", gold=gold, predicted=predicted)["overall"]
    assert (right["partial"]["missed"], right["partial"]["spurious"]) == (1, 1)
    counts = made.scored(gold, predicted)["mentions|spans|partial|all|micro"].counts
    assert (counts["missed"], counts["spurious"]) == (1, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_merged_documents(seed: int, ask: Any) -> None:
    """Documents: laid end to end, they give the same figures here and in this version of nervaluate (older ones lost
    partial credit). Put together as they are, equal offsets of two documents match by chance, unless documents have
    names, as they do here."""
    made.documented(
        "Splitting or merging documents leaves micro figures as they are",
        "Equal offsets in two documents are two places",
    )
    gold, predicted = made.apart(seed)
    shifted = [
        [[(s + made.LENGTH * d, e + made.LENGTH * d, k) for d, doc in enumerate(side) for s, e, k in doc]]
        for side in (gold, predicted)
    ]
    parts, whole = made.scored(gold, predicted), made.scored(*shifted)
    answers = [ask("nervaluate", gold=g, predicted=p)["overall"] for g, p in ((gold, predicted), shifted)]
    for match, scheme in SCHEMES.items():
        assert ours(parts, match) == ours(whole, match)
        assert [theirs(answer[scheme]) for answer in answers] == [pytest.approx(ours(parts, match))] * 2
    apart = [[(0, 4, "ORG")], []], [[], [(0, 4, "ORG")]]
    together = [[[span for doc in side for span in doc]] for side in apart]
    assert ask("nervaluate", gold=together[0], predicted=together[1])["overall"]["strict"]["f1"] == 1.0
    assert ours(made.scored(*apart), "strict")["f1"] == 0.0


def test_names_mislead_alike(ask: Any) -> None:
    """Credit: one prediction over the whole document has half the credit of `partial` and all of `type`, as SemEval's
    definitions have it, here as there."""
    made.documented("`type` gives a one-character overlap full credit, and `partial` a wrong type")
    gold, predicted = [[(20, 22, "ORG")]], [[(0, made.LENGTH, "ORG")]]
    overall = ask("nervaluate", gold=gold, predicted=predicted)["overall"]
    report = made.scored(gold, predicted)
    assert [overall["partial"]["f1"], overall["ent_type"]["f1"]] == [0.5, 1.0]
    assert [ours(report, "partial")["f1"], ours(report, "type")["f1"]] == [0.5, 1.0]
