"""Agreement between annotators, measured on their sets as filed, before anything is adjudicated.

Mentions and claims: F1 between every two sets, the usual figure where nobody can say what was *not* annotated (Hripcsak
and Rothschild 2005). Claim pairs: Krippendorff's alpha over the relations, with the raw agreement and the number of
positives beside it, since alpha depends on how rare the positives are. An answer `unclear` is missing, and counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from msgspec.structs import replace

from variorum import schema
from variorum.matching import Counts, Criterion, Item, claim_items, count, mention_items
from variorum.records import AnnotationSet, Record
from variorum.reliability import Reliability, reliability

CRITERIA = {
    "mentions": ("exact+type", "exact", "overlap"),
    "claims": ("jaccard0.5", "jaccard0.8", "exact"),
}
POSITIVE = ("contradiction", "tension")


class SpanAgreement(Record, frozen=True):
    """How far two sets agree on a layer under one criterion; `first` is the left side of the counts."""

    layer: str
    criterion: str
    first: str
    second: str
    counts: Counts


class PairAgreement(Record, frozen=True):
    """How far all sets agree on the relations of claim pairs; per source the positives and the answers `unclear`."""

    reliability: Reliability
    positives: dict[str, int]
    unclear: dict[str, int]


class RoundAgreement(Record, frozen=True):
    """The agreement of one round; with a single source there is nothing to compare."""

    round: str
    sources: tuple[str, ...]
    spans: tuple[SpanAgreement, ...] = ()
    pairs: PairAgreement | None = None

    @property
    def too_few(self) -> str | None:
        """Why there is no figure, in a sentence; None if there is one."""
        if len(self.sources) > 1:
            return None
        return f"agreement needs two sets; the round {self.round} has one"


class Agreement(Record, frozen=True):
    rounds: tuple[RoundAgreement, ...]


def agreement(sets: Iterable[AnnotationSet]) -> Agreement:
    """Agreement by round, over all sets of that round."""
    rounds: dict[str, list[AnnotationSet]] = defaultdict(list)
    for each in sets:
        rounds[each.round or "-"].append(each)
    return Agreement(rounds=tuple(round_agreement(name, rounds[name]) for name in sorted(rounds)))


def compare(sets: Sequence[AnnotationSet]) -> Agreement:
    """Agreement between any sets, whatever their rounds; where a source is there twice, rounds are named with it."""
    once = len({each.source for each in sets}) == len(sets)
    named = sets if once else [replace(each, source=f"{each.source}@{each.round}") for each in sets]
    rounds = sorted({each.round or "-" for each in sets})
    return Agreement(rounds=(round_agreement(" + ".join(rounds), named),))


def round_agreement(name: str, sets: Sequence[AnnotationSet]) -> RoundAgreement:
    """Agreement between these sets, in the order of their sources, on the layers that they have."""
    ordered = sorted(sets, key=lambda each: each.source)
    sources = tuple(each.source for each in ordered)
    if len(ordered) < 2:
        return RoundAgreement(round=name, sources=sources)
    spans = tuple(s for a, b in combinations(ordered, 2) for s in _span_agreement(a, b))
    return RoundAgreement(round=name, sources=sources, spans=spans, pairs=_pair_agreement(ordered))


def _span_agreement(a: AnnotationSet, b: AnnotationSet) -> Iterable[SpanAgreement]:
    """Over the documents that both sets cover."""
    common = {d.doc_id for d in a.documents} & {d.doc_id for d in b.documents}
    for layer, names in CRITERIA.items():
        if getattr(a, layer) is None or getattr(b, layer) is None:
            continue
        left, right = ([i for i in items(each, layer) if i.doc_id in common] for each in (a, b))
        for name in names:
            counts = count(left, right, Criterion.parse(name))
            yield SpanAgreement(layer=layer, criterion=name, first=a.source, second=b.source, counts=counts)


def items(annotation_set: AnnotationSet, layer: str) -> list[Item]:
    """The mentions or claims of a set as items to match."""
    if layer == "mentions":
        return mention_items(annotation_set.mentions)
    return claim_items(annotation_set.claims)


def _pair_agreement(sets: Sequence[AnnotationSet]) -> PairAgreement | None:
    """Over all pairs that any of the sets judges; None if fewer than two sets judge pairs."""
    judging = [each for each in sets if each.contradictions is not None]
    if len(judging) < 2:
        return None
    units: dict[str, list[str]] = defaultdict(list)
    given: dict[str, Counter[str]] = {}
    for each in judging:
        given[each.source] = Counter(pair.relation for pair in each.contradictions or ())
        for pair in each.contradictions or ():
            units[pair.pair_id].append(pair.relation)
    return PairAgreement(
        reliability=reliability((units[pair_id] for pair_id in sorted(units)), schema.default().names("relation")),
        positives={source: sum(tally[relation] for relation in POSITIVE) for source, tally in given.items()},
        unclear={source: tally["unclear"] for source, tally in given.items()},
    )


def as_json(report: Agreement) -> dict[str, Any]:
    """The report as plain JSON, with the figures that follow from its counts."""
    return {"rounds": [_round_json(each) for each in report.rounds]}


def _round_json(each: RoundAgreement) -> dict[str, Any]:
    result: dict[str, Any] = {"round": each.round, "sources": list(each.sources)}
    if each.too_few:
        return result | {"undefined": each.too_few}
    return result | {"spans": [_span_json(s) for s in each.spans], "pairs": each.pairs and _pairs_json(each.pairs)}


def _span_json(each: SpanAgreement) -> dict[str, Any]:
    c = each.counts
    common = {"layer": each.layer, "criterion": each.criterion, "first": each.first, "second": each.second}
    return common | {"both": c.tp, "first_only": c.fn, "second_only": c.fp, "f1": c.f1}


def _pairs_json(each: PairAgreement) -> dict[str, Any]:
    r = each.reliability
    return {
        "alpha": r.alpha,
        "undefined": r.undefined,
        "raw_agreement": r.raw_agreement,
        "n_pairs": r.n_units,
        "n_pairs_judged_twice": r.n_pairable,
        "positives": each.positives,
        "unclear": each.unclear,
    }
