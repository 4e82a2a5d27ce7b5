"""Pooling: which pairs of claims are judged by everybody.

Pairs come from four strata, each pair in the first that has it:

    screened   on at least one annotator's screening list
    similar    the nearest neighbours by wording (cosine of TF-IDF vectors of the propositions)
    values     about one entity, and with values of one kind that differ within their evidence
    random     drawn from all the rest, so that what nobody listed can be estimated

The pool of a test collection is made so (Spärck Jones & van Rijsbergen 1975); who judges does not see the stratum.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from variorum.records import AnnotationSet, Claim, ClaimsFrom, Mention, Record, Value, claims_from, pair_id

SCREENED, SIMILAR, VALUES, RANDOM = STRATA = ("screened", "similar", "values", "random")


class Sizes(Record, frozen=True, kw_only=True):
    """How many pairs to take beside those on the lists (fewer if there are no more), and the seed of the draw."""

    similar: int
    values: int
    random: int
    seed: int


class Pooled(Record, frozen=True, kw_only=True):
    """A pair to be judged, and how it came into the pool."""

    claim_a: str
    claim_b: str
    stratum: str


class Pool(Record, frozen=True, kw_only=True):
    """The pairs of a judging round, and what they were drawn from; annotations/pools/<round>.json."""

    screening: str
    sizes: Sizes
    claims_from: ClaimsFrom
    contradictions: tuple[Pooled, ...]


def pool(claims: AnnotationSet, lists: Sequence[AnnotationSet], sizes: Sizes) -> Pool:
    """The pairs of the claims to be judged, in id order, each with its stratum.

    `claims` needs mentions and claims; `lists` are sets whose pairs are about these claims. ValueError if a list names
    a claim that is not there.
    """
    known = {claim.claim_id: claim for claim in claims.claims or ()}
    taken: dict[str, str] = {}
    listed = sorted({pair_id(p.claim_a, p.claim_b) for each in lists for p in each.contradictions or ()})
    _take(taken, (tuple(key.split("~")) for key in listed), SCREENED, None)
    if unknown := sorted({end for key in taken for end in key.split("~")} - known.keys()):
        raise ValueError(f"a list names claims that are not there: {' '.join(unknown[:5])}")
    ordered = [known[key] for key in sorted(known)]
    nearest = list(_nearest(ordered))
    _take(taken, nearest, SIMILAR, sizes.similar)
    differ = _differing(ordered, claims.mentions or ())
    _take(taken, (pair for pair in nearest if differ(*pair)), VALUES, sizes.values)
    _take(taken, _drawn(sorted(known), sizes.seed), RANDOM, sizes.random)
    return Pool(
        screening=", ".join(sorted({each.round for each in lists if each.round})),
        sizes=sizes,
        claims_from=claims_from(claims),
        contradictions=tuple(_pooled(key, taken[key]) for key in sorted(taken)),
    )


def rest(n_claims: int, pooled: Iterable[Pooled]) -> int:
    """How many pairs the random stratum stands for: all of `n_claims` claims that no other stratum has taken."""
    return n_claims * (n_claims - 1) // 2 - sum(pair.stratum != RANDOM for pair in pooled)


def _pooled(key: str, stratum: str) -> Pooled:
    claim_a, claim_b = key.split("~")
    return Pooled(claim_a=claim_a, claim_b=claim_b, stratum=stratum)


def _take(taken: dict[str, str], pairs: Iterable[Sequence[str]], stratum: str, most: int | None) -> None:
    """Put the first `most` pairs that are not taken yet into a stratum."""
    left = most
    for a, b in pairs:
        if left == 0:
            return
        if (key := pair_id(a, b)) not in taken:
            taken[key] = stratum
            left = None if left is None else left - 1


def _nearest(claims: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """All pairs of claims that share a word, nearest first, ties by id."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # heavy: a second to import

    if len(claims) < 2:
        return
    vectors = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+").fit_transform([c.proposition for c in claims])
    cosines = (vectors @ vectors.T).tocoo()
    upper = cosines.row < cosines.col
    rows, columns, values = cosines.row[upper], cosines.col[upper], np.round(cosines.data[upper], 9)
    for at in np.lexsort((columns, rows, -values)):
        yield claims[rows[at]].claim_id, claims[columns[at]].claim_id


def _drawn(claim_ids: Sequence[str], seed: int) -> Iterator[tuple[str, str]]:
    """All pairs in random order."""
    pairs = list(combinations(claim_ids, 2))
    random.Random(seed).shuffle(pairs)
    yield from pairs


def _differing(claims: Sequence[Claim], mentions: Iterable[Mention]) -> Callable[[str, str], bool]:
    """Whether two claims are about one entity and hold values of one kind of which none is the same."""
    by_document: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.value:
            by_document[mention.doc_id].append(mention)
    about = {claim.claim_id: frozenset(claim.entities) for claim in claims}
    held = {claim.claim_id: _values(claim, by_document[claim.doc_id]) for claim in claims}

    def differ(a: str, b: str) -> bool:
        kinds = held[a].keys() & held[b].keys()
        return bool(about[a] & about[b]) and any(held[a][kind].isdisjoint(held[b][kind]) for kind in kinds)

    return differ


def _values(claim: Claim, mentions: Iterable[Mention]) -> Mapping[str, set[Value]]:
    """The values within a claim's evidence, by kind (quantities: kind and unit)."""
    found: dict[str, set[Value]] = defaultdict(set)
    for mention in mentions:
        value = mention.value
        if value and any(span.start <= mention.start and mention.end <= span.end for span in claim.spans):
            kind = f"{value.kind} {value.unit}" if value.kind == "quantity" else value.kind
            found[kind].add(Value(kind=value.kind, value=value.value, unit=value.unit))
    return found
