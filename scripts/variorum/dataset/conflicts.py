"""What the articles disagree about: one entry for each conflict, with what each side says."""

from collections import defaultdict
from collections.abc import Iterator

from variorum.dataset.markdown import table
from variorum.dataset.material import Material
from variorum.records import CONFLICT, Claim, Pair, Record, Value

SIGN = {"=": "", "~": "about ", "<": "less than ", ">": "more than "}


class Side(Record, frozen=True):
    """One side of a conflict: what it says in the fewest words, and in which article."""

    says: str
    doc_id: str


class Conflict(Record, frozen=True):
    """A conflict as one pair shows it, and how many pairs there are of it in how many articles."""

    conflict_id: str
    pair: Pair
    a: Side
    b: Side
    pairs: int
    articles: int


def conflicts(material: Material) -> list[Conflict]:
    """Gold's conflicts: contradictions first, then by how many pairs they have."""
    claims = {claim.claim_id: claim for claim in material.gold.claims or ()}
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in material.gold.contradictions or ():
        if pair.relation in CONFLICT:
            groups[pair.conflict_id or pair.pair_id].append(pair)
    found = [_conflict(name, pairs, claims) for name, pairs in groups.items()]
    return sorted(found, key=lambda each: (CONFLICT.index(each.pair.relation), -each.pairs, each.conflict_id))


def _conflict(name: str, pairs: list[Pair], claims: dict[str, Claim]) -> Conflict:
    """The pair that shows it best: a contradiction, with both values, between two articles."""

    def fitness(pair: Pair) -> tuple[bool, bool, bool, str]:
        within = claims[pair.claim_a].doc_id == claims[pair.claim_b].doc_id
        return pair.relation != CONFLICT[0], not (pair.value_a and pair.value_b), within, pair.pair_id

    best = min(pairs, key=fitness)
    homes = {claims[claim].doc_id for pair in pairs for claim in (pair.claim_a, pair.claim_b)}
    a, b = claims[best.claim_a], claims[best.claim_b]
    return Conflict(name, best, _side(a, best.value_a), _side(b, best.value_b), len(pairs), len(homes))


def _side(claim: Claim, value: Value | None) -> Side:
    return Side(shown(value) if value else claim.proposition, claim.doc_id)


def shown(value: Value) -> str:
    """A value as a person reads it.

    >>> shown(Value(kind="money", value="5.6", unit="USD", comparator="<"))
    'less than 5.6 USD'
    """
    unit = f" {value.unit}" if value.unit else ""
    words = (
        value.value.strip("{}").replace(",", " and ") if value.value[:1] == "{" else value.value
    )  # EDTF: all of these
    return f"{SIGN.get(value.comparator, value.comparator)}{words}{unit}"


def section(material: Material) -> Iterator[str]:
    """The table of conflicts."""
    found = conflicts(material)
    yield from ("", "## What the articles disagree about", "")
    if not found:
        yield "No conflict has been found, or no pair has been judged yet."
        return
    within = sum(each.a.doc_id == each.b.doc_id for each in found)
    pairs = sum(each.pairs for each in found)
    yield f"{len(found)} conflicts, in {pairs} pairs of claims; {within} of them within one article. Shown are the"
    yield "normalised values of one pair of each conflict; `conflict_id` finds the others."
    yield from table(
        ("what clashes", "one says", "the other says", "relation, aspect", "pairs ", "articles "),
        (_cells(each, material) for each in found),
    )


def _cells(each: Conflict, material: Material) -> tuple[object, ...]:
    kind = f"{each.pair.relation}, {each.pair.aspect}" if each.pair.aspect else each.pair.relation
    sides = (f"**{side.says}** ({source_of(side.doc_id, material)})" for side in (each.a, each.b))
    return (each.pair.rationale or each.conflict_id, *sides, kind, each.pairs, each.articles)


def source_of(doc_id: str, material: Material) -> str:
    """An article as it is named beside what it says: its id, and its publisher if that is known."""
    publisher = material.documents[doc_id].source.publisher
    return f"{doc_id}, {publisher}" if publisher else doc_id
