"""Validity: whether the labels are right, as far as that can be shown; agreement alone cannot show it.

Annotators who are alike agree on their errors too. So, beside agreement: how each judged pairs whose answers were fixed
beforehand; what a person who had not labelled them says of gold's pairs; and how many conflicts nobody listed.

Shares come with exact (Clopper and Pearson 1934) 95 % intervals, which take the items to be independent draws.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import exp, log, sqrt
from typing import Any

from variorum.pooling import RANDOM, Pool, rest
from variorum.records import CONFLICT, AnnotationSet, Pair, Record, pair_id

Z = 1.959964  # two-sided 95 % of the normal distribution


class Share(Record, frozen=True):
    """`hits` of `n` items."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None of no items."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The exact 95 % interval; None of no items."""
        from scipy import stats  # heavy: most of a second to import

        if not self.n:
            return None
        found = stats.binomtest(self.hits, self.n).proportion_ci(0.95, method="exact")
        return float(found.low), float(found.high)


class Known(Record, frozen=True):
    """How one annotator judged known-answer pairs: the relation right, and conflict or none right."""

    source: str
    relation: Share
    conflict: Share


class Upheld(Record, frozen=True):
    """How often a second look gave the pairs that had a relation the same one, and of conflicts any conflict."""

    source: str
    stratum: str
    same: Share
    conflict: Share | None


class Missed(Record, frozen=True):
    """How many conflicts no list has: `estimate` by Chao's estimator with its 95 % interval.

    `lists` is how many lists there were, `captured[k]` how many conflicts k of them have. None where nothing was
    listed twice, so that there is nothing to estimate from. `assumes` says what it rests on.
    """

    lists: int
    captured: dict[int, int]
    estimate: float | None
    interval: tuple[float, float] | None
    assumes: str = (
        "the lists are independent and all conflicts equally easy to see; lists of runs of one model are neither, "
        "so that this is a lower bound at best"
    )


class Bound(Record, frozen=True):
    """Conflicts in a random sample of the pairs that no other stratum holds, and how many that makes of all of them."""

    sample: Share
    rest: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """How many conflicts there are among the rest, with 95 %."""
        share = self.sample.interval
        return share and (share[0] * self.rest, share[1] * self.rest)


def is_conflict(relation: str) -> bool:
    """Whether it is a contradiction or a tension."""
    return relation in CONFLICT


def known_answers(key: AnnotationSet, judged: Iterable[AnnotationSet]) -> list[Known]:
    """How each source judged the pairs of the key; a pair it left out or called unclear is wrong."""
    answers = _relations(key)
    return [_known(each.source, answers, _relations(each)) for each in sorted(judged, key=lambda each: each.source)]


def _known(source: str, answers: Mapping[str, str], given: Mapping[str, str]) -> Known:
    pairs = [(answer, given.get(key, "unclear")) for key, answer in answers.items()]
    same = sum(answer == found for answer, found in pairs)
    alike = sum(found != "unclear" and is_conflict(answer) == is_conflict(found) for answer, found in pairs)
    return Known(source, Share(same, len(pairs)), Share(alike, len(pairs)))


def second_look(looked: Iterable[AnnotationSet]) -> list[Upheld]:
    """What a second look made of pairs; `stratum` has the relation that each had before."""
    return [
        _upheld(each.source, stratum, [p for p in each.contradictions or () if p.stratum == stratum])
        for each in looked
        for stratum in dict.fromkeys(p.stratum for p in each.contradictions or ())
        if stratum
    ]


def conflicts_upheld(looks: Iterable[Upheld]) -> Share | None:
    """Of all pairs that were a conflict before a second look, how many are one after it; None if none was looked at."""
    shares = [look.conflict for look in looks if look.conflict]
    return Share(sum(each.hits for each in shares), sum(each.n for each in shares)) if shares else None


def _upheld(source: str, stratum: str, pairs: Sequence[Pair]) -> Upheld:
    same = Share(sum(pair.relation == stratum for pair in pairs), len(pairs))
    conflict = Share(sum(is_conflict(pair.relation) for pair in pairs), len(pairs)) if is_conflict(stratum) else None
    return Upheld(source, stratum, same, conflict)


def missed(gold: AnnotationSet, lists: Sequence[AnnotationSet]) -> Missed:
    """How many conflicts are on no screening list, from how many lists each of gold's conflicts is on.

    Chao's lower bound for capture-recapture with unequal catchability (Chao 1987; bias-corrected, and with the variance
    that Colwell's EstimateS gives for it), with its log-normal interval. It takes the lists to be independent, and is
    "at least" where some conflicts are harder to see than others.
    """
    conflicts = {key for key, relation in _relations(gold).items() if is_conflict(relation)}
    listed = Counter(key for each in lists for key in set(_relations(each)) & conflicts)
    captured = Counter(listed.values())
    t, once, twice = len(lists), captured[1], captured[2]
    if t < 2 or not listed:
        return Missed(t, dict(sorted(captured.items())), None, None)
    shrink = (t - 1) / t
    unseen = shrink * max(0, once * (once - 1)) / (2 * (twice + 1))
    variance = (
        unseen
        + shrink**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + shrink**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    return Missed(t, dict(sorted(captured.items())), unseen, _log_normal(unseen, variance))


def _log_normal(unseen: float, variance: float) -> tuple[float, float]:
    """The 95 % interval of a number that cannot be below 0 (Chao 1987, page 787)."""
    if unseen == 0:
        return 0.0, sqrt(variance) * Z
    factor = exp(Z * sqrt(log(1 + variance / unseen**2)))
    return unseen / factor, unseen * factor


def bound(gold: AnnotationSet, pool: Pool, n_claims: int) -> Bound:
    """What the random stratum of a pool, drawn uniformly, says about the pairs that nobody had listed (its own too)."""
    relations = _relations(gold)
    drawn = [pair_id(p.claim_a, p.claim_b) for p in pool.contradictions if p.stratum == RANDOM]
    hits = sum(is_conflict(relations[key]) for key in drawn if key in relations)
    return Bound(Share(hits, len(drawn)), rest(n_claims, pool.contradictions))


def _relations(annotation_set: AnnotationSet) -> dict[str, str]:
    return {pair_id(p.claim_a, p.claim_b): p.relation for p in annotation_set.contradictions or ()}


class Tests(Record, frozen=True, kw_only=True):
    """What the labels were put to: the key of the known answers and what was judged of it, the pool of the pairs."""

    key: AnnotationSet | None = None
    judged: tuple[AnnotationSet, ...] = ()
    pool: Pool | None = None


class Validity(Record, frozen=True, kw_only=True):
    """All of it; what was not done is empty or None."""

    known_answers: tuple[Known, ...]
    second_looks: tuple[Upheld, ...]
    conflicts_upheld: Share | None = None
    missed: Missed | None
    bound: Bound | None


def validity(
    gold: AnnotationSet | None, tests: Tests, looks: Sequence[AnnotationSet], lists: Sequence[AnnotationSet]
) -> Validity:
    """The report on gold from the tests, the second looks and the screening lists. ValueError if gold is needed."""
    upheld = second_look(looks)
    if gold is None and (lists or tests.pool):
        raise ValueError("lists and pools say something about gold only")
    return Validity(
        known_answers=tuple(known_answers(tests.key, tests.judged)) if tests.key else (),
        second_looks=tuple(upheld),
        conflicts_upheld=conflicts_upheld(upheld),
        missed=missed(gold, lists) if gold and lists else None,
        bound=bound(gold, tests.pool, len(gold.claims or ())) if gold and tests.pool else None,
    )


def as_json(report: Validity) -> dict[str, Any]:
    """The report as plain JSON values, with the shares and intervals that follow from the counts."""
    return {name: _plain(getattr(report, name)) for name in report.__struct_fields__}


def _plain(value: object) -> Any:
    if isinstance(value, Share):
        return {"value": value.value, "interval": value.interval, "hits": value.hits, "n": value.n}
    if isinstance(value, Bound):
        return {"sample": _plain(value.sample), "rest": value.rest, "interval": value.interval}
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple | list) and value and isinstance(value[0], Record):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): each for key, each in value.items()}
    return list(value) if isinstance(value, tuple) else value
