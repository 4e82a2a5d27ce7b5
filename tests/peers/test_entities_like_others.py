"""Entities: MUC, B-cubed, CEAF-e and the CoNLL average of scorch, and the cases in which it differs.

Where it differs the test shows both figures; it asks for the reason in docs/metrics.md.
"""

import random
from typing import Any

import made
import pytest

pytestmark = pytest.mark.slow

MEASURES = ("muc", "b_cubed", "ceaf_e")
TWO, ELSEWHERE = [[("a", 1), ("a", 2)]], [[("a", 3), ("a", 4)]]


def drawn(seed: int, documents: int = 4, singletons: bool = True) -> tuple[made.Entities, made.Entities]:
    """Two partitions: entities within and across documents, mentions of one side only, entities split or merged."""
    rng = random.Random(seed)
    places = [(f"d{d}", at) for d in range(documents) for at in range(40)]
    gold = {place: rng.randrange(25) for place in places if rng.random() < 0.9}
    predicted = {
        place: gold[place] if place in gold and rng.random() < 0.7 else 100 + rng.randrange(20)
        for place in places
        if rng.random() < 0.9
    }
    sides = []
    for side in (gold, predicted):
        entities: dict[int, list[tuple[str, int]]] = {}
        for place, entity in side.items():
            entities.setdefault(entity, []).append(place)
        if singletons:
            entities |= {1000 + at: [(f"d{documents}", at)] for at in range(rng.randrange(3, 9))}
        sides.append(list(entities.values()))
    return sides[0], sides[1]


def named(entities: made.Entities, within: bool) -> list[list[str]]:
    """Entities as scorch takes them; within documents the mentions of each document are an entity of their own."""
    parts: dict[tuple[int, str], list[str]] = {}
    for number, entity in enumerate(entities):
        for doc, at in entity:
            parts.setdefault((number, doc if within else ""), []).append(f"{doc}:{at}")
    return list(parts.values())


def theirs(ask: Any, gold: made.Entities, predicted: made.Entities, within: bool = False) -> dict[str, Any]:
    answer: dict[str, Any] = ask("scorch", gold=named(gold, within), predicted=named(predicted, within))
    return answer


@pytest.mark.parametrize("singletons", [True, False])
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("task", ["across", "within"])
def test_as_scorch(task: str, seed: int, singletons: bool, ask: Any) -> None:
    gold, predicted = drawn(seed, singletons=singletons)
    report, answer = made.entities_scored(gold, predicted), theirs(ask, gold, predicted, task == "within")
    for measure in MEASURES:
        found = report[f"entities|{task}|{measure}|all|micro"]
        assert [found[name] for name in ("recall", "precision", "f1")] == pytest.approx(answer[measure])
        assert 0 < answer[measure][2] < 1
    assert report[f"entities|{task}|conll|all|macro"]["f1"] == pytest.approx(answer["conll"])


def test_nothing_but_singletons(ask: Any) -> None:
    """Singletons: they are kept on both sides, and MUC, which is about links, says nothing where there are none. scorch
    calls that 0, so a perfect answer gets a CoNLL average of 2/3; here it is undefined, no part of the mean, and a
    perfect answer gets 1. Named in the signature."""
    made.documented("Singletons are kept on both sides", "Scorers that write 0 for MUC give it 2/3")
    singletons = [[("a", 1)], [("a", 2)]]
    answer, report = theirs(ask, singletons, singletons), made.entities_scored(singletons, singletons)
    assert (answer["muc"], answer["conll"]) == ([0.0, 0.0, 0.0], pytest.approx(2 / 3))
    assert report["entities|across|muc|all|micro"]["f1"] is None
    conll = report["entities|across|conll|all|macro"]
    assert conll["f1"] == 1.0
    assert "|zero:undefined|singletons:kept|" in conll.measure.signature


def test_one_side_links_nothing(ask: Any) -> None:
    """0/0: where only one side links mentions, MUC's F1 is 0 here as in scorch, and is part of the average."""
    made.documented("is 0 if one of the two is undefined and the other 0")
    gold, predicted = TWO, [[("a", 1)], [("a", 2)]]
    answer, report = theirs(ask, gold, predicted), made.entities_scored(gold, predicted)
    muc = report["entities|across|muc|all|micro"]
    assert answer["muc"] == [0.0, 0.0, 0.0]
    assert [muc["recall"], muc["precision"], muc["f1"]] == [0.0, None, 0.0]
    assert report["entities|across|conll|all|macro"]["f1"] == pytest.approx(answer["conll"])


def test_nothing_in_common(ask: Any) -> None:
    """No mention of one side is one of the other: scorch fails; here all figures are 0."""
    made.documented("the other 0 (all missed, or all wrong)")
    answer, report = theirs(ask, TWO, ELSEWHERE), made.entities_scored(TWO, ELSEWHERE)
    assert answer["ceaf_e"] == answer["conll"] == {"error": "StatisticsError"}
    assert [report[f"entities|across|{m}|all|micro"]["f1"] for m in MEASURES] == [0.0, 0.0, 0.0]
    assert report["entities|across|conll|all|macro"]["f1"] == 0.0


def test_a_mention_twice_in_an_entity_counts_once(ask: Any) -> None:
    """Duplicates: entities are sets of mentions, there as here (`duplicates:merged` in the signature)."""
    made.documented("the same span twice in one entity is one mention")
    gold, predicted = [[("a", 1), ("a", 2), ("a", 3)]], [[("a", 1), ("a", 1), ("a", 2)]]
    answer, report = theirs(ask, gold, predicted), made.entities_scored(gold, predicted)
    for measure in MEASURES:
        assert report[f"entities|across|{measure}|all|micro"]["f1"] == pytest.approx(answer[measure][2])
    assert "|duplicates:merged|" in report["entities|across|muc|all|micro"].measure.signature


def test_a_mention_in_two_entities_is_refused_here_and_scored_there(ask: Any) -> None:
    """Partitions: a mention in two entities is none. scorch takes it without a word, and its precision for B-cubed goes
    by the number of mentions, one of them twice; here the layer is skipped, with the reason."""
    made.documented("in two entities the layer is not scored")
    gold, predicted = [[("a", 1), ("a", 2)]], [[("a", 1), ("a", 2)], [("a", 2), ("a", 3)]]
    assert theirs(ask, gold, predicted)["b_cubed"][0] > 1
    report = made.entities_scored(gold, predicted)
    assert "in two entities" in report.skipped["entities"]


def test_documents_merged(ask: Any) -> None:
    """Documents: sums over documents, not means of their figures; equal offsets in two documents are two mentions."""
    made.documented("never a mean of scores of documents")
    gold = [[("a", 1), ("a", 2)], [("b", 1), ("b", 2), ("b", 3)]]
    predicted = [[("a", 1), ("a", 2)], [("b", 1), ("b", 2)], [("b", 3)]]
    report, answer = made.entities_scored(gold, predicted), theirs(ask, gold, predicted, within=True)
    one_by_one = [theirs(ask, gold[i : i + 1], said) for i, said in enumerate((predicted[:1], predicted[1:]))]
    mean = sum(each["muc"][0] for each in one_by_one) / 2
    assert report["entities|within|muc|all|micro"]["recall"] == pytest.approx(answer["muc"][0])
    assert answer["muc"][0] != pytest.approx(mean)
