"""Claim pairs: what annotators say of the same pair of claims.

    relation          coefficients on the four relations; on three, contradiction and tension being one (`conflict`); on
                      each relation against the rest, and conflict against the rest, with specific agreement on it; by
                      stratum and by article
    aspect            coefficients on the aspects of pairs that annotators call a conflict
    listed            F1 of which pairs two annotators judge at all, and of those which they list as a conflict: what
                      screening, where everybody makes a list of their own, can be measured by

`unclear`, and a pair that was not judged, are missing; they are counted beside the figures. Unit of intervals: the
claim; a pair weighs the product of the draws of its two claims, so that all pairs of one claim come and go together.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from variorum.agreement import labelled
from variorum.agreement.coefficients import MISSING, Floats, quotient
from variorum.agreement.labelled import Labelled, Scheme
from variorum.agreement.material import Material
from variorum.agreement.mentions import ARTICLES
from variorum.agreement.report import ALL, Result
from variorum.agreement.sheets import Entry, Function, mean, results, total
from variorum.overlaps import Ints
from variorum.records import CONFLICT, AnnotationSet, Pair, pair_id
from variorum.scoring.relations import RELATIONS
from variorum.scoring.tables import Sums

UNCLEAR = "unclear"
NO_STRATUM = "(none)"
NOT_LISTED = "none of the annotators lists one"
MERGED = ("conflict", *RELATIONS[len(CONFLICT) :])


class Judged(NamedTuple):
    """The pairs that any annotator judges, in id order; what each says of each, None if nothing."""

    keys: list[str]
    said: list[list[Pair | None]]  # annotators by pairs
    claims: tuple[str, ...]
    first: Ints
    second: Ints
    strata: tuple[str, ...]
    stratum: Ints


def measured(found: Material, sets: str) -> Iterator[Result]:
    """All figures of the layer."""
    having = found.having("contradictions")
    sources = found.names(having)
    every = judged([found.sets[at] for at in having])
    relations = np.array([[_code(pair) for pair in row] for row in every.said], np.int64).reshape(len(having), -1)
    yield from _relations(found, every, relations, sources, sets)
    yield from _articles(found, every, relations, sources, sets)
    yield from _aspects(found, every, sources, sets)
    if every.strata == (NO_STRATUM,):  # in a pool, what is judged at all was not the annotators' choice
        yield from _listed(found, every, relations, sources, sets)


def judged(sets: Sequence[AnnotationSet]) -> Judged:
    """What the sets say of each pair. ValueError if one of them judges two claims twice."""
    answers = [_answers(each) for each in sets]
    keys = sorted({key for each in answers for key in each})
    said = [[each.get(key) for key in keys] for each in answers]
    ends = [sorted((pair.claim_a, pair.claim_b)) for key in keys for pair in [_any(answers, key)]]
    claims = tuple(sorted({claim for pair in ends for claim in pair}))
    number = {claim: at for at, claim in enumerate(claims)}
    first, second = (np.array([number[pair[side]] for pair in ends], np.int64) for side in (0, 1))
    named = [_any(answers, key).stratum or NO_STRATUM for key in keys]
    strata = tuple(sorted(set(named)))
    stratum = np.array([strata.index(name) for name in named], np.int64)
    return Judged(keys, said, claims, first, second, strata, stratum)


def _answers(each: AnnotationSet) -> dict[str, Pair]:
    found: dict[str, Pair] = {}
    for pair in each.contradictions or ():
        key = pair_id(pair.claim_a, pair.claim_b)
        if key in found:
            raise ValueError(f"{each.source} judges the pair {key} twice")
        found[key] = pair
    return found


def _any(answers: Sequence[dict[str, Pair]], key: str) -> Pair:
    """What somebody says of a pair, one who names its stratum if anybody does."""
    found = [each[key] for each in answers if key in each]
    return next((pair for pair in found if pair.stratum), found[0])


def _code(pair: Pair | None) -> int:
    return RELATIONS.index(pair.relation) if pair and pair.relation in RELATIONS else MISSING


# --- relations -----------------------------------------------------------------------------------------------


def schemes() -> list[Scheme]:
    """Four relations, three, and each against the rest."""
    four = np.arange(len(RELATIONS))
    conflict = four < len(CONFLICT)
    three = np.where(conflict, 0, four - len(CONFLICT) + 1)
    found = [Scheme("relation", RELATIONS), Scheme("relation-of-3", MERGED, three)]
    found.append(Scheme("contradiction+tension", ("other", "conflict"), conflict.astype(np.int64), 1))
    return found + [
        Scheme(name, ("other", name), (four == at).astype(np.int64), 1) for at, name in enumerate(RELATIONS)
    ]


def _relations(
    found: Material, every: Judged, relations: Ints, sources: tuple[str, ...], sets: str
) -> Iterator[Result]:
    items = Labelled(relations, "claim", every.claims, every.first, every.second, every.stratum)
    sheet = labelled.sheet("relations", items)
    entries = list(labelled.entries(sheet, "relation", schemes(), sources))
    if every.strata != (NO_STRATUM,) and found.config.details:
        for at, name in enumerate(every.strata):
            of = f"stratum={name}"
            entries += labelled.entries(sheet, "relation", schemes(), sources, of, at)
    yield from results("contradictions", sheet.table, entries, found.config, sets)


def _articles(found: Material, every: Judged, relations: Ints, sources: tuple[str, ...], sets: str) -> Iterator[Result]:
    """The pairs that a claim of an article is in, if the claims are at hand; a pair counts for both of its articles."""
    home = {**found.homes, **{claim.claim_id: claim.doc_id for each in found.sets for claim in each.claims or ()}}
    if not found.config.details or not set(every.claims) <= home.keys() or len(found.documents) > ARTICLES:
        return
    ends = [{home[every.claims[claim]] for claim in pair} for pair in zip(every.first, every.second, strict=True)]
    for doc_id in sorted(set().union(*ends)):
        at = np.array([doc_id in pair for pair in ends], dtype=bool)
        items = Labelled(relations[:, at], "claim", every.claims, every.first[at], every.second[at])
        sheet = labelled.sheet(f"relations of {doc_id}", items)
        entries = labelled.entries(sheet, "relation", schemes()[:3], sources, f"article={doc_id}")
        yield from results("contradictions", sheet.table, entries, found.config, sets)


# --- aspects, and what is listed -------------------------------------------------------------------------------


def _aspects(found: Material, every: Judged, sources: tuple[str, ...], sets: str) -> Iterator[Result]:
    """The aspects of conflicts; whoever sees no conflict says nothing about its aspect."""
    rows = [[p.aspect if p and p.relation in CONFLICT else None for p in row] for row in every.said]
    names = found.categories("aspect", {aspect for row in rows for aspect in row})
    codes = [[MISSING if aspect is None else names.index(aspect) for aspect in row] for row in rows]
    labels = np.array(codes, np.int64).reshape(len(rows), -1)
    sheet = labelled.sheet("aspects", Labelled(labels, "claim", every.claims, every.first, every.second))
    entries = labelled.entries(sheet, "aspect", [Scheme("both-conflict", names)], sources)
    yield from results("contradictions", sheet.table, entries, found.config, sets)


def _listed(found: Material, every: Judged, relations: Ints, sources: tuple[str, ...], sets: str) -> Iterator[Result]:
    """F1 of lists, a pair of annotators at a time."""
    judged_at_all = np.array([[pair is not None for pair in row] for row in every.said], bool).astype(np.int64)
    conflict = ((relations != MISSING) & (relations < len(CONFLICT))).astype(np.int64)
    codes = judged_at_all.reshape(len(sources), -1) + conflict
    sheet = labelled.sheet("listed", Labelled(codes, "claim", every.claims, every.first, every.second))
    every_entry: list[Entry] = []
    for match, least in (("any-relation", 1), ("contradiction+tension", 2)):
        on = sheet.labels >= least
        pairs = [(i, j) for i in range(len(sources)) for j in range(i + 1, len(sources))]
        f1 = [_dice(on[:, i], on[:, j]) for i, j in pairs]
        sizes = [_sum(on[:, i].astype(float) + on[:, j]) for i, j in pairs]
        if len(pairs) > 1:
            every_entry.append(Entry("listed", match, "f1", ALL, sources, mean(f1), NOT_LISTED, total(sizes)))
        for (i, j), function, size in zip(pairs, f1, sizes, strict=True):
            counts = {"both": _sum(on[:, i] & on[:, j]), "first": _sum(on[:, i]), "second": _sum(on[:, j])}
            between = (sources[i], sources[j])
            every_entry.append(Entry("listed", match, "f1", ALL, between, function, NOT_LISTED, size, counts))
    yield from results("contradictions", sheet.table, every_entry, found.config, sets)


def _sum(of: NDArray[Any]) -> Function:
    """The weighted sum of a number that each column of the table has."""

    def function(sums: Sums) -> Floats:
        start: Floats = np.zeros_like(next(iter(sums.values()), np.zeros(())))
        return sum((sums[str(at)] * float(of[at]) for at in np.flatnonzero(of).tolist()), start)

    return function


def _dice(left: NDArray[Any], right: NDArray[Any]) -> Function:
    both, either = _sum(left & right), _sum(left.astype(float) + right)
    return lambda sums: quotient(2 * both(sums), either(sums))


def missing(sets: Sequence[AnnotationSet]) -> dict[str, dict[str, int]]:
    """By source, how many of the pairs that any set judges it answers with `unclear`, how many it does not judge."""
    keys = [{pair_id(pair.claim_a, pair.claim_b) for pair in each.contradictions or ()} for each in sets]
    every = len(set().union(*keys))
    unclear = [sum(pair.relation == UNCLEAR for pair in each.contradictions or ()) for each in sets]
    return {
        each.source: {"unclear": number, "not judged": every - len(own)}
        for each, own, number in zip(sets, keys, unclear, strict=True)
    }
