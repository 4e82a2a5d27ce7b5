"""What must hold of any scores: brute force, parts and wholes, one more right item, intervals, comparison, ranking."""

from fractions import Fraction
from itertools import permutations
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from variorum.matching import Criterion, count, mention_items
from variorum.records import AnnotationSet, Claim, ClaimsFrom, Mention, Pair, Span, claims_sha256, pair_id
from variorum.scoring import Against, Config, Layout, Measure, Report, compare, errors, score, tables
from variorum.scoring.intervals import draws
from variorum.scoring.page import page
from variorum.scoring.relations import RELATIONS
from variorum.scoring.tables import average_precision
from variorum.scoring.wording import token_f1, token_f1s

MATCHES = ("strict", "exact", "type", "partial")
MENTIONS = Config(layers=("mentions",), resamples=0)


def mentions(side: str, documents: str = "de", most: int = 4) -> st.SearchStrategy[tuple[Mention, ...]]:
    one = st.tuples(st.sampled_from(documents), st.integers(0, 8), st.integers(1, 6), st.sampled_from("TU"))
    return st.lists(one, max_size=most).map(
        lambda found: tuple(
            Mention(mention_id=f"{side}{n}", doc_id=d, start=start, end=start + length, type=t)
            for n, (d, start, length, t) in enumerate(found)
        )
    )


def a_set(found: tuple[Mention, ...]) -> AnnotationSet:
    return AnnotationSet(schema_version="1.0", source="s", role="system", documents=(), mentions=found)


def scored(predicted: tuple[Mention, ...], gold: tuple[Mention, ...], config: Config = MENTIONS) -> Report:
    return score(a_set(predicted), a_set(gold), config)


def name(match: str, of: str = "all") -> str:
    return f"mentions|spans|{match}|{of}|micro"


def credit(match: str, a: Mention, b: Mention) -> float:
    """As the task defines it, for one pair."""
    if a.doc_id != b.doc_id or a.start >= b.end or b.start >= a.end:
        return 0.0
    same = (a.start, a.end) == (b.start, b.end)
    return {
        "strict": float(same and a.type == b.type),
        "exact": float(same),
        "type": float(a.type == b.type),
        "partial": 1.0 if same else 0.5,
    }[match]


def best(match: str, gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> float:
    slots: list[Mention | None] = [*predicted, *([None] * len(gold))]
    pairings = permutations(slots, len(gold))
    return max(sum(credit(match, a, b) for a, b in zip(gold, chosen, strict=True) if b) for chosen in pairings)


@settings(deadline=None, max_examples=60)
@given(mentions("g"), mentions("p"))
def test_as_good_as_brute_force(gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> None:
    report = scored(predicted, gold)
    for match in MATCHES:
        counts = report[name(match)].counts
        assert counts["correct"] + counts["partial"] / 2 == best(match, gold, predicted)
        assert counts["correct"] + counts["partial"] + counts["incorrect"] + counts["missed"] == len(gold)
        assert counts["correct"] + counts["partial"] + counts["incorrect"] + counts["spurious"] == len(predicted)


@settings(deadline=None, max_examples=60)
@given(mentions("g", most=8), mentions("p", most=8))
def test_the_shared_matching_finds_as_many(gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> None:
    report = scored(predicted, gold)
    for match, criterion in (("strict", "exact+type"), ("exact", "exact"), ("type", "overlap+type")):
        expected = count(mention_items(gold), mention_items(predicted), Criterion.parse(criterion))
        assert report[name(match)].counts["correct"] == expected.tp


@settings(deadline=None, max_examples=60)
@given(mentions("g", most=8), mentions("p", most=8))
def test_types_add_up_and_documents_can_be_split(gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> None:
    whole = scored(predicted, gold)
    for match in MATCHES:
        parts = [
            scored(tuple(m for m in predicted if m.doc_id == d), tuple(m for m in gold if m.doc_id == d)) for d in "de"
        ]
        keys = whole[name(match)].counts
        assert keys == {key: sum(part[name(match)].counts[key] for part in parts) for key in keys}
        by_type = [s.counts for s in whole.scores if s.measure.match == match and s.measure.of.startswith("type=")]
        assert sum(counts["gold"] for counts in by_type) == len(gold)
        assert sum(counts["predicted"] for counts in by_type) == len(predicted)


@settings(deadline=None, max_examples=60)
@given(mentions("g", most=8), mentions("p", most=8), st.data())
def test_one_more_right_item_never_lowers_recall(
    gold: tuple[Mention, ...], predicted: tuple[Mention, ...], data: st.DataObject
) -> None:
    if not gold:
        return
    more = (*predicted, replace(data.draw(st.sampled_from(gold)), mention_id="new"))
    before, after = scored(predicted, gold), scored(more, gold)
    for match in MATCHES:
        here, there = before[name(match)]["recall"], after[name(match)]["recall"]
        assert here is not None and there is not None and there >= here


@settings(deadline=None, max_examples=60)
@given(mentions("g", most=8), mentions("p", most=8))
def test_mentions_swap(gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> None:
    here, there = scored(predicted, gold), scored(gold, predicted)
    for each in here.scores:
        other = there[each.measure.name]
        if each.measure.of == "all" and each.measure.average == "micro":
            assert (each["precision"], each["recall"], each["f1"]) == (other["recall"], other["precision"], other["f1"])


# --- intervals and comparison --------------------------------------------------------------------------------


def many(n: int, wrong: int, prefix: str) -> tuple[Mention, ...]:
    """One mention in each of n documents; in the first few of another type."""
    return tuple(
        Mention(mention_id=f"{prefix}{i}", doc_id=f"d{i:04}", start=0, end=5, type="U" if i < wrong else "T")
        for i in range(n)
    )


def test_the_draws_are_multinomial_and_fixed() -> None:
    first, again = (np.concatenate(list(draws(7, 400, seed=3))) for _ in range(2))
    assert np.array_equal(first, again)
    assert set(first.sum(axis=1).tolist()) == {7}
    assert first.mean(axis=0) == pytest.approx(np.ones(7), abs=0.2)
    assert first.var() == pytest.approx(6 / 7, abs=0.1)


def test_an_interval_is_the_binomial_one() -> None:
    """A share of 400 items: the bootstrap's 95 % interval is about 1.96 standard errors wide on either side."""
    report = scored(many(400, 80, "p"), many(400, 0, "g"), Config(layers=("mentions",)))
    (figure,) = (f for f in report[name("strict")].figures if f.name == "recall")
    half = 1.96 * (0.8 * 0.2 / 400) ** 0.5
    assert (figure.low, figure.high) == pytest.approx((0.8 - half, 0.8 + half), abs=0.01)


def test_a_single_unit_has_no_interval() -> None:
    report = scored(many(1, 0, "p"), many(1, 0, "g"), Config(layers=("mentions",)))
    assert {(f.low, f.high) for s in report.scores for f in s.figures} == {(None, None)}


def test_paragraphs_are_units_where_there_are_any() -> None:
    gold = a_set((*many(1, 0, "g"), Mention(mention_id="x", doc_id="d0000", start=20, end=25, type="T")))
    layout = Layout(paragraphs={"d0000": [(0, 10), (20, 30)]})
    for unit, expected in (("auto", "paragraph"), ("document", "document")):
        report = score(gold, gold, Config(layers=("mentions",), unit=unit), layout)
        assert report[name("strict")].measure.unit == expected


def difference(a: int, b: int, n: int = 200) -> Any:
    gold = a_set(many(n, 0, "g"))
    config = Config(layers=("mentions",))
    first, second = (score(a_set(many(n, wrong, "p")), gold, config) for wrong in (a, b))
    return next(d for d in compare(first, second) if d.measure.name == name("strict") and d.name == "recall")


def test_a_system_does_not_differ_from_itself() -> None:
    same = difference(20, 20)
    assert (same.difference, same.low, same.high, same.p) == (0, 0, 0, 1)


def test_a_clear_difference_is_significant() -> None:
    found = difference(10, 60)
    assert found.difference == pytest.approx(0.25)
    assert found.low < 0.25 < found.high and found.low > 0
    assert found.p == pytest.approx(1 / 1001)
    back = difference(60, 10)
    assert (back.difference, back.p) == (-found.difference, found.p)


def test_p_is_that_of_the_sign_test() -> None:
    """Two of 200 items differ, both the same way: in half of all swaps the difference is as great."""
    assert difference(10, 12).p == pytest.approx(0.5, abs=0.06)


def test_only_like_is_compared_with_like() -> None:
    gold, other = a_set(many(3, 0, "g")), a_set(many(3, 1, "g"))
    with pytest.raises(ValueError, match="the same gold"):
        compare(score(gold, gold, MENTIONS), score(gold, other, MENTIONS))


def linking(entities: str, source: str = "s") -> AnnotationSet:
    """A mention for each letter; equal letters are one entity."""
    spans = enumerate(entities)
    linked = (Mention(mention_id=str(at), doc_id="d", start=at, end=at + 1, type="T", entity_id=e) for at, e in spans)
    return replace(a_set(tuple(linked)), source=source)


def test_no_score_of_entities_depends_on_what_it_is_compared_with() -> None:
    gold, config = linking("aabbccddeeff"), Config(layers=("entities",), resamples=100)
    own, other = linking("aabbcdddeeff", source="own"), linking("aaaaaaaaaaaa", source="other")
    alone, beside = score(own, gold, config), score(own, gold, config, beside=other)
    assert beside.scores == alone.scores and {each.measure.unit for each in alone.scores} == {"group"}
    assert alone["entities|across|conll|all|macro"].figures[0].low is not None


def test_differences_of_entities_say_that_groups_are_of_both_systems() -> None:
    gold, config = linking("aabbccddeeff"), Config(layers=("entities",), resamples=100)
    own, other = linking("aabbcdddeeff", source="own"), linking("aabbccdedeff", source="other")
    first, second = score(own, gold, config, beside=other), score(other, gold, config, beside=own)
    found = compare(first, second)
    assert found and all(each.low is not None for each in found)
    assert {each.measure.unit for each in found} == {"joint-group"}
    for each in found:
        assert Measure.from_signature(each.measure.signature) == each.measure
        assert Config.from_signature(each.measure.signature) == config
    back = {(each.measure.name, each.name): each for each in compare(second, first)}
    for each in found:
        mirrored = back[each.measure.name, each.name]
        assert (mirrored.difference, mirrored.low) == pytest.approx((-each.difference, -each.high))
    for beside in (None, gold):  # nor beside a third
        with pytest.raises(ValueError, match="beside"):
            compare(score(own, gold, config, beside=beside), score(other, gold, config, beside=beside))


# --- pairs ---------------------------------------------------------------------------------------------------

CLAIMS = tuple(
    Claim(
        claim_id=f"c{n}",
        doc_id=f"d{n % 2}",
        spans=(Span(start=10 * n, end=10 * n + 5),),
        proposition="It is.",
        kind="fact",
        polarity="positive",
        certainty="certain",
    )
    for n in range(6)
)
ALL_PAIRS = [(a.claim_id, b.claim_id) for n, a in enumerate(CLAIMS) for b in CLAIMS[n + 1 :]]


def pair_sets(relations: list[str], scores: list[float] | None = None) -> tuple[Pair, ...]:
    return tuple(
        Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation=r, score=scores[n] if scores else None)
        for n, ((a, b), r) in enumerate(zip(ALL_PAIRS, relations, strict=True))
    )


relations = st.lists(st.sampled_from(RELATIONS), min_size=len(ALL_PAIRS), max_size=len(ALL_PAIRS))
some_scores = st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), min_size=len(ALL_PAIRS), max_size=len(ALL_PAIRS))


def judged(relations: list[str], scores: list[float] | None = None, gold: bool = False) -> AnnotationSet:
    about = None if gold else ClaimsFrom(source="g", sha256=claims_sha256(CLAIMS))
    claims = CLAIMS if gold else None
    pairs = pair_sets(relations, scores)
    return AnnotationSet(
        schema_version="1.0",
        source="g",
        role="gold",
        documents=(),
        claims=claims,
        claims_from=about,
        contradictions=pairs,
    )


@settings(deadline=None, max_examples=40)
@given(relations, relations, some_scores)
def test_the_second_opinion_of_scikit_learn(wanted: list[str], said: list[str], scores: list[float]) -> None:
    from sklearn.metrics import average_precision_score, f1_score, matthews_corrcoef

    report = score(judged(said, scores), judged(wanted, gold=True), Config(resamples=0))
    y, x = ([r in RELATIONS[:2] for r in side] for side in (wanted, said))
    headline = report["contradictions|detection|contradiction+tension|all|micro"]
    if any(y) or any(x):
        assert headline["f1"] == pytest.approx(f1_score(y, x, zero_division=0))
    for match, sides in (("contradiction+tension", (y, x)), ("relation", (wanted, said))):
        found = report[f"contradictions|correlation|{match}|all|micro"]["mcc"]
        if found is not None:  # where scikit-learn says 0 there is nothing to correlate
            assert found == pytest.approx(matthews_corrcoef(*sides))
    if any(y):
        ranking = report["contradictions|ranking|contradiction+tension|all|micro"]
        assert ranking["average_precision"] == pytest.approx(average_precision_score(y, scores))


def test_p_of_rankings_asks_for_ranks_not_for_scores() -> None:
    """A system's scores on another scale, in the same order, are the same ranking."""
    wanted = [RELATIONS[0] if n % 4 == 0 else RELATIONS[3] for n in range(len(ALL_PAIRS))]
    gold, first = judged(wanted, gold=True), [(7 * n % 15) / 15 for n in range(len(ALL_PAIRS))]
    second = [(11 * n % 15) / 15 for n in range(len(ALL_PAIRS))]
    found = []
    for scores in (second, [0.9 + each**3 / 100 for each in second]):
        reports = [score(judged(wanted, each), gold, Config(resamples=200)) for each in (first, scores)]
        found += [each for each in compare(*reports) if each.name == "average_precision"]
    same, other = found
    assert same.difference != 0 and (same.difference, same.p) == (other.difference, other.p)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.9]), st.booleans(), st.integers(0, 3)), min_size=1, max_size=12))
def test_weighted_average_precision(rows: list[tuple[float, bool, int]]) -> None:
    """A weight is as good as so many copies."""
    scores, positive, weight = (np.array(column) for column in zip(*rows, strict=True))
    found = average_precision(scores, positive, weight[None].astype(float))[0]
    copies = np.repeat(np.arange(len(rows)), weight)
    expected = (
        average_precision(scores[copies], positive[copies], np.ones((1, len(copies))))[0] if len(copies) else np.nan
    )
    assert found == pytest.approx(expected, nan_ok=True)


def test_pairs_are_resampled_by_claims() -> None:
    """With weights 2 and 3 of its claims a pair counts six times."""
    wanted = ["contradiction", *(["neutral"] * (len(ALL_PAIRS) - 1))]
    report = score(judged(wanted), judged(wanted, gold=True), Config(resamples=0))
    table = next(r.sheet for r in report.results if r.entry.task == "detection")
    weights = np.array([[2, 3, 1, 1, 1, 1]])
    sums = table.named(table.resampler()(weights))
    assert sums["contradiction as contradiction"].tolist() == [6.0]
    assert sums["neutral as neutral"].tolist() == [float(2 * 4 + 3 * 4 + 6)]


def test_soft_labels_by_hand() -> None:
    """Votes 3 : 1 for contradiction. One-hot answer: Brier 2/16; a score of .75 is gold's distribution itself."""
    wanted = ["contradiction", *(["neutral"] * (len(ALL_PAIRS) - 1))]
    votes = {pair_id(*ALL_PAIRS[0]): {"contradiction": 3, "neutral": 1, "unclear": 2}}
    scores = [0.75] * len(ALL_PAIRS)
    report = score(judged(wanted, scores), judged(wanted, gold=True), Config(resamples=0), votes=votes)
    assert report["contradictions|soft-brier|relation|all|micro"]["brier"] == pytest.approx(float(Fraction(1, 8)))
    assert report["contradictions|soft-brier|contradiction+tension|all|micro"]["brier"] == 0
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    cross = report["contradictions|soft-cross-entropy|contradiction+tension|all|micro"]["cross_entropy"]
    assert cross == pytest.approx(entropy)


def test_comparing_pairs_and_rankings() -> None:
    wanted = [RELATIONS[n % 4] for n in range(len(ALL_PAIRS))]
    good = [1.0 if r in RELATIONS[:2] else 0.1 for r in wanted]
    gold = judged(wanted, gold=True)
    first, second = score(judged(wanted, good), gold), score(judged(["neutral"] * len(wanted), good[::-1]), gold)
    found = {(d.measure.task, d.measure.match, d.name): d for d in compare(first, second)}
    assert found["detection", "contradiction+tension", "recall"].p < 0.05
    assert found["ranking", "contradiction+tension", "average_precision"].difference > 0


# --- errors and the page -------------------------------------------------------------------------------------


def test_near_misses_have_names() -> None:
    text = "The old Harbour Gazette wrote it in May."
    gold = (
        Mention(mention_id="a", doc_id="d", start=0, end=23, type="ORG", level="NAM"),
        Mention(mention_id="b", doc_id="d", start=36, end=39, type="DATE"),
    )
    predicted = (
        Mention(mention_id="c", doc_id="d", start=4, end=23, type="PRODUCT", level="NOM"),
        Mention(mention_id="e", doc_id="d", start=24, end=29, type="EVENT"),
    )
    found = errors(a_set(predicted), a_set(gold), MENTIONS, texts={"d": text})
    near, miss, alarm = found.cases
    assert near.what == ("wrong type", "wrong level", "boundary off by a word")
    assert (miss.outcome, miss.gold, alarm.outcome, alarm.predicted) == ("miss", "b", "false alarm", "e")
    assert near.context == "⟦The ⟨old Harbour Gazette⟩⟧ wrote it in May."
    assert (miss.context, alarm.context) == (
        "The old Harbour Gazette wrote it in ⟦May⟧.",
        "The old Harbour Gazette ⟨wrote⟩ it in May.",
    )
    assert found.confusion["mentions"]["ORG"] == {"PRODUCT": 1}


@settings(deadline=None, max_examples=40)
@given(mentions("g", most=8), mentions("p", most=8))
def test_every_mention_is_one_case(gold: tuple[Mention, ...], predicted: tuple[Mention, ...]) -> None:
    cases = errors(a_set(predicted), a_set(gold), MENTIONS).cases
    assert sorted(c.gold for c in cases if c.gold) == sorted(m.mention_id for m in gold)
    assert sorted(c.predicted for c in cases if c.predicted) == sorted(m.mention_id for m in predicted)
    hits = sum(case.outcome == "hit" for case in cases)
    assert hits <= scored(predicted, gold)[name("strict")].counts["correct"]


def test_the_page_escapes_everything() -> None:
    evil = "<script>alert(1)</script>"
    gold = a_set((Mention(mention_id=evil, doc_id="d", start=0, end=5, type=evil),))
    report = score(replace(gold, source=evil), gold, MENTIONS)
    found = page(report, errors(gold, a_set(()), MENTIONS, texts={"d": evil}), Against(report, report, evil, ()))
    assert "<script" not in found and "&lt;script&gt;" in found
    assert "http" not in found


def test_the_page_has_precision_recall_and_f1_side_by_side() -> None:
    gold = a_set((Mention(mention_id="m", doc_id="d", start=0, end=5, type="T"),))
    found = page(score(gold, gold, MENTIONS))
    assert "<th class=n>P</th><th class=n>R</th><th class=n>F1</th></tr>" in found
    assert found.count("<td>spans</td><td>strict</td><td>all</td><td>micro</td>") == 1


@given(st.lists(st.tuples(*[st.text("ab ß.\0\n", max_size=12)] * 2), max_size=5))
def test_token_f1_of_many_is_that_of_each(texts: list[tuple[str, str]]) -> None:
    found = token_f1s([a for a, _ in texts], [b for _, b in texts])
    assert found.tolist() == [token_f1(a, b) for a, b in texts]


@given(st.integers(1, 9), st.integers(1, 40), st.integers(0, 2**32))
def test_sums_of_products(n_units: int, n_pairs: int, seed: int) -> None:
    """Whatever the groups are, and with draws that do not fit into eight bits when they are multiplied."""
    rng = np.random.default_rng(seed)
    first, second = rng.integers(n_units, size=(2, n_pairs))
    drawn = rng.integers(rng.choice([4, 256]), size=(3, n_units)).astype(np.uint8)
    starts = np.unique(np.append(0, rng.integers(n_pairs, size=rng.integers(6))))
    product = drawn.astype(int)[:, first] * drawn.astype(int)[:, second]
    with patch.multiple(tables, PAIRS=int(rng.integers(1, 20)), LONG=int(rng.integers(1, 20))):
        found = tables.sums_of_products(drawn, first, second, starts)
    assert found.tolist() == np.add.reduceat(product, starts, axis=1).tolist()
