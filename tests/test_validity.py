"""Validity: known answers, second looks, and what nobody listed."""

import json

import pytest
from support import Command

from variorum.corpus import Corpus
from variorum.pooling import Pool, Pooled, Sizes
from variorum.records import AnnotationSet, ClaimsFrom, Pair, pair_id
from variorum.validity import Share, bound, conflicts_upheld, known_answers, missed, second_look

CONFLICTS = [("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("2", "4")]


def judged(source: str, *pairs: tuple[str, str, str]) -> AnnotationSet:
    """Pairs as (claim, claim, relation)."""
    made = tuple(Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation=relation) for a, b, relation in pairs)
    return AnnotationSet(schema_version="1.0", source=source, role="annotator", documents=(), contradictions=made)


def test_known_answers_left_out_or_unclear_are_wrong() -> None:
    key = judged(
        "author", ("1", "2", "contradiction"), ("1", "3", "tension"), ("2", "3", "neutral"), ("3", "4", "neutral")
    )
    swift = judged("swift", ("1", "2", "contradiction"), ("1", "3", "contradiction"), ("2", "3", "unclear"))
    (found,) = known_answers(key, [swift])
    assert (found.relation, found.conflict) == (Share(1, 4), Share(2, 4))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 300, 0.0, 0.01222), (10, 10, 0.69150, 1.0), (4, 20, 0.05733, 0.43661)],  # Clopper and Pearson's tables
)
def test_shares_have_exact_intervals(hits: int, n: int, low: float, high: float) -> None:
    interval = Share(hits, n).interval
    assert interval == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_of_nothing_is_undefined() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


def test_a_second_look_is_counted_by_what_the_pair_was() -> None:
    pairs = tuple(
        Pair(pair_id=f"{n}~x", claim_a=str(n), claim_b="x", relation=now, stratum=before)
        for n, (before, now) in enumerate(
            [("contradiction", "contradiction"), ("contradiction", "tension"), ("contradiction", "neutral"),
             ("neutral", "neutral")]
        )
    )  # fmt: skip
    look = AnnotationSet(schema_version="1.0", source="dunlin", role="annotator", documents=(), contradictions=pairs)
    conflict, neutral = second_look([look])
    assert (conflict.stratum, conflict.same, conflict.conflict) == ("contradiction", Share(1, 3), Share(2, 3))
    assert (neutral.stratum, neutral.same, neutral.conflict) == ("neutral", Share(1, 1), None)
    assert conflicts_upheld([conflict, neutral]) == Share(2, 3)
    assert conflicts_upheld([neutral]) is None


def lists(*numbers: tuple[int, ...]) -> list[AnnotationSet]:
    """Screening lists with the conflicts of these numbers, each beside a neutral that does not count."""
    return [
        judged(f"s{i}", *((*CONFLICTS[n], "agreement") for n in each), ("8", "9", "agreement"))
        for i, each in enumerate(numbers)
    ]


def test_missed_conflicts_by_hand() -> None:
    gold = judged("gold", *((a, b, "tension") for a, b in CONFLICTS), ("8", "9", "neutral"))
    found = missed(gold, lists((0, 1, 2), (0, 1, 3), (0, 4)))  # on one list: 2, 3, 4; on two: 1; on three: 0
    assert found.captured == {1: 3, 2: 1, 3: 1}
    assert found.estimate == pytest.approx(2 / 3 * 3 * 2 / (2 * 2))
    assert found.interval and 0 < found.interval[0] < found.estimate < found.interval[1]


def test_lists_that_are_alike_missed_nothing_they_know_of() -> None:
    gold = judged("gold", *((a, b, "contradiction") for a, b in CONFLICTS))
    assert missed(gold, lists((0, 1, 2, 3, 4), (0, 1, 2, 3, 4))).estimate == 0


@pytest.mark.parametrize("numbers", [((0, 1),), ((), ())])
def test_with_one_list_or_nothing_listed_there_is_no_estimate(numbers: tuple[tuple[int, ...], ...]) -> None:
    gold = judged("gold", *((a, b, "contradiction") for a, b in CONFLICTS))
    assert missed(gold, lists(*numbers)).estimate is None


def test_the_random_sample_bounds_the_rest() -> None:
    pairs = [Pooled(claim_a="1", claim_b="2", stratum="screened")]
    pairs += [Pooled(claim_a="3", claim_b=str(n), stratum="random") for n in range(4, 8)]
    sizes = Sizes(similar=0, values=0, random=4, seed=1)
    pool = Pool(
        screening="lists", sizes=sizes, claims_from=ClaimsFrom(source="c", sha256="0"), contradictions=tuple(pairs)
    )
    gold = judged("gold", ("1", "2", "contradiction"), ("3", "4", "tension"), ("3", "5", "neutral"))
    found = bound(gold, pool, n_claims=8)
    assert (found.sample, found.rest) == (Share(1, 4), 8 * 7 // 2 - 1)
    low, high = found.interval or (0, 0)
    assert low < found.rest / 4 < high


def test_the_command_leaves_out_what_was_not_done(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("validity", "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    written = json.loads((small_corpus.annotations / "validity.json").read_bytes())
    assert (
        written
        == json.loads(done.stdout)
        == {
            "known_answers": [],
            "second_looks": [],
            "conflicts_upheld": None,
            "missed": None,
            "bound": None,
        }
    )
    assert variorum("check", "--root", small_corpus.root).returncode == 0


def test_the_command_reads_what_rounds_name(variorum: Command, small_corpus: Corpus) -> None:
    path = small_corpus.annotations / "rounds.json"
    rounds = json.loads(path.read_bytes())
    path.write_text(json.dumps({**rounds, "screening": rounds["pairs"][0], "second_looks": rounds["pairs"]}))
    variorum("pool", rounds["pairs"][0], rounds["pairs"][0], "--root", small_corpus.root, "--random", "5")
    done = variorum("validity", "--root", small_corpus.root, "--format", "json")
    report = json.loads(done.stdout)
    assert report["missed"]["lists"] == 2 and report["bound"]["sample"]["n"] == 5
    assert report["second_looks"]
