"""The pairs that are worth a look: conflicts, look-alikes, those on which annotators differ, a prediction's errors."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from variorum.dataset.conflicts import shown
from variorum.explorer.material import Material
from variorum.records import CONFLICT, Claim, Pair, Record, Span, Value, pair_id
from variorum.scoring.cases import Case

LOOK_ALIKE, DIFFER = "look-alike", "differ on whether a conflict"
UNKNOWN = "not in gold"
OUTCOMES = ("hit", "near miss", "miss", "false alarm")


class Vote(Record, frozen=True):
    """What one source said of a pair in one round; `again`: in a second look, after gold was made."""

    round: str
    source: str
    relation: str
    aspect: str | None
    rationale: str | None
    again: bool = False


class Side(Record, frozen=True):
    """One of the two claims: where it stands, what it says in the fewest words and in full."""

    doc_id: str
    title: str
    claim: Claim
    quote: str
    clash: Span | None
    value: str | None

    def data(self, numbers: Mapping[str, int]) -> dict[str, Any]:
        """Where it is marked, for the page's script."""
        spans = [[span.start, span.end] for span in self.claim.spans]
        clash = [self.clash.start, self.clash.end] if self.clash else None
        return {"doc": numbers[self.doc_id], "spans": spans, "clash": clash}


class Shown(Record, frozen=True):
    """A pair as it is shown. `kinds` are what the list can be narrowed to; `known` is False for a pair that only the
    prediction has."""

    number: int
    pair: Pair
    a: Side
    b: Side
    kinds: tuple[str, ...]
    votes: tuple[Vote, ...] = ()
    known: bool = True
    outcome: str | None = None
    predicted: str | None = None
    what: str | None = None

    @property
    def relation(self) -> str:
        """Not the prediction's: that stands in `predicted`."""
        return self.pair.relation if self.known else UNKNOWN

    @property
    def is_conflict(self) -> bool:
        return self.known and self.pair.relation in CONFLICT

    @property
    def reasoned(self) -> bool:
        """Whether the votes say more than the relation."""
        return any(vote.rationale or vote.aspect for vote in self.votes)


class Group(Record, frozen=True):
    """The pairs that are one and the same conflict."""

    name: str
    pairs: tuple[Shown, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind for pair in self.pairs for kind in pair.kinds))

    @property
    def doc_ids(self) -> tuple[str, ...]:
        return tuple(sorted({side.doc_id for pair in self.pairs for side in (pair.a, pair.b)}))


def groups(material: Material) -> list[Group]:
    """Contradictions first, then tensions, then all that is no conflict; within each the largest first."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for made in _worth(material):
        pair: Pair = made[0]
        found[pair.conflict_id or pair.pair_id].append(made)
    order = sorted(found.items(), key=lambda item: (_rank(item[1]), -len(item[1]), item[0]))
    listed, number = list[Group](), 0
    for name, some in order:
        pairs = tuple(Shown(at, *each) for at, each in enumerate(some, number))
        number += len(pairs)
        listed.append(Group(_title(name, pairs), pairs))
    return listed


def _rank(some: Iterable[tuple[Any, ...]]) -> int:
    names = (*CONFLICT, LOOK_ALIKE, DIFFER)
    return min(names.index(kind) if kind in names else len(names) for each in some for kind in each[3])


def _title(name: str, pairs: tuple[Shown, ...]) -> str:
    """A conflict's id as words; a pair that is on its own is called by what its first claim says."""
    first = pairs[0]
    if first.pair.conflict_id is None:
        return first.a.claim.proposition
    words = name.replace("-", " ").replace("_", " ").strip() or name
    return words[:1].upper() + words[1:]


def _worth(material: Material) -> Iterable[tuple[Any, ...]]:
    """The parts of `Shown` but its number, for every pair that is worth a look."""
    claims, known = _claims(material), _pairs(material)
    votes, cases = _votes(material), _cases(material)
    for key, pair in (_predicted(material) | known).items():
        a, b = claims.get(pair.claim_a), claims.get(pair.claim_b)
        case = cases.get(key)
        kinds = _kinds(pair if key in known else None, votes.get(key, ()), case)
        if a and b and kinds and {a.doc_id, b.doc_id} <= material.documents.keys():
            sides = _side(a, pair.span_a, pair.value_a, material), _side(b, pair.span_b, pair.value_b, material)
            told = (case.outcome, case.predicted_label, "; ".join(case.what)) if case else ()
            yield (pair, *sides, kinds, tuple(votes.get(key, ())), key in known, *told)


def _claims(material: Material) -> dict[str, Claim]:
    """By id; gold's own win over those of an open prediction."""
    sets = (material.prediction and material.prediction.annotation_set, material.gold)
    return {claim.claim_id: claim for each in sets if each for claim in each.claims or ()}


def _pairs(material: Material) -> dict[str, Pair]:
    """Gold's; where nothing is adjudicated yet, whatever anybody calls a conflict."""
    if material.gold and material.gold.contradictions is not None:
        return {pair_id(pair.claim_a, pair.claim_b): pair for pair in material.gold.contradictions}
    found: dict[str, Pair] = {}
    for each in material.judged:
        for pair in each.contradictions or ():
            if pair.relation in CONFLICT:
                found.setdefault(pair_id(pair.claim_a, pair.claim_b), pair)
    return found


def _predicted(material: Material) -> dict[str, Pair]:
    """The prediction's own pairs, by what its cases call them."""
    pairs = material.prediction and material.prediction.annotation_set.contradictions
    return {pair.pair_id: pair for pair in pairs or ()}


def _votes(material: Material) -> dict[str, list[Vote]]:
    found: dict[str, list[Vote]] = defaultdict(list)
    for each in material.judged:
        for pair in each.contradictions or ():
            again = each.round in material.second_looks
            vote = Vote(each.round or "", each.source, pair.relation, pair.aspect, pair.rationale, again)
            found[pair_id(pair.claim_a, pair.claim_b)].append(vote)
    return found


def _cases(material: Material) -> dict[str, Case]:
    cases = material.prediction.cases if material.prediction else ()
    pairs = (case for case in cases if case.layer == "contradictions")
    return {name: case for case in pairs if (name := case.gold or case.predicted)}


def _kinds(pair: Pair | None, votes: Iterable[Vote], case: Case | None) -> tuple[str, ...]:
    """What is worth a look about a pair (None: only the prediction has it); nothing if nothing is."""
    called = {vote.relation in CONFLICT for vote in votes}
    told = case and (case.outcome in ("miss", "false alarm") or {case.gold_label, case.predicted_label} & {*CONFLICT})
    found = (
        pair.relation if pair and pair.relation in CONFLICT else None,
        LOOK_ALIKE if pair and pair.reason and pair.relation not in CONFLICT else None,
        DIFFER if len(called) > 1 else None,
        case.outcome if case and told else None,
    )
    return tuple(kind for kind in found if kind)


def _side(claim: Claim, clash: Span | None, value: Value | None, material: Material) -> Side:
    document = material.documents[claim.doc_id]
    quote = " … ".join(document.text[span.start : span.end] for span in claim.spans)
    told = shown(value) if value else document.text[clash.start : clash.end] if clash else None
    return Side(claim.doc_id, document.source.title, claim, quote, clash, told)
