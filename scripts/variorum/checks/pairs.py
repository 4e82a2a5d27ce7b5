"""Rules of claim pairs: the two claims, what goes with which relation, and whose claims they are."""

from collections.abc import Iterator

from variorum.checks.references import dangling
from variorum.checks.rule import PEOPLE, Finding, Rule, Subject, by_id
from variorum.problems import WARNING, several, shown
from variorum.records import CONFLICT, Pair, claims_sha256, pair_id

CONFLICT_FIELDS = ("aspect", "value_a", "value_b", "span_a", "span_b", "rationale", "conflict_id")

RULES = by_id(
    Rule(
        id="claims-from",
        stage="records",
        summary="Pairs about claims of another set name that set and the hash of its claims in claims_from.",
        why="The other set is looked for in annotations/consolidated.json and gold.json; --claims FILE names "
        "another one. If none of these files is there, the hash is not compared. The hash decides: gold, say, has the "
        "claims of the consolidated set.",
    ),
    Rule(id="pair-order", stage="records", summary="claim_a is the claim whose id sorts first, by code points."),
    Rule(id="pair-self", stage="records", summary="The two claims of a pair are different ones."),
    Rule(id="pair-id", stage="records", summary="pair_id is the two claim_ids in order, joined by ~."),
    Rule(id="twin-pair", stage="records", summary="A set has one answer for each pair of claims."),
    Rule(
        id="pair-attributes",
        stage="records",
        summary="Contradiction and tension have " + ", ".join(CONFLICT_FIELDS) + " and no reason; agreement and "
        "neutral have none of these but may have a reason; unclear may have a rationale only.",
        roles=PEOPLE,
    ),
    Rule(
        id="same-values",
        stage="records",
        summary="The two values of a contradiction or tension differ in kind, value, unit or comparator.",
        why="They are the two things that clash; if they are written alike, look whether they are.",
        level=WARNING,
        roles=PEOPLE,
    ),
    Rule(
        id="span-outside-claim",
        stage="records",
        summary="span_a lies between the first and the last word of the evidence of claim_a; span_b likewise.",
        roles=PEOPLE,
    ),
    Rule(
        id="unclear-in-gold",
        stage="records",
        summary="Only an annotator may answer unclear.",
        why="Adjudication must resolve it, and a system has the four relations to choose from.",
        roles=("consolidated", "gold", "system"),
    ),
    Rule(id="score-role", stage="records", summary="Only a system's pairs have a score.", roles=PEOPLE),
)


def check_pairs(subject: Subject) -> Iterator[Finding]:
    """Each pair by itself, and twins."""
    first: dict[tuple[str, str], int] = {}
    for i, pair in enumerate(subject.set.contradictions or ()):
        place = f"$.contradictions[{i}]"
        yield from _claims(place, pair)
        both = (min(pair.claim_a, pair.claim_b), max(pair.claim_a, pair.claim_b))
        if (other := first.setdefault(both, i)) != i:
            yield Finding("twin-pair", place, f"the same two claims are judged in $.contradictions[{other}]")
        if pair.relation == "unclear":
            message = f"a set of role {subject.set.role} cannot say unclear"
            yield Finding("unclear-in-gold", f"{place}.relation", message)
        if pair.score is not None:
            yield Finding("score-role", f"{place}.score", f"a set of role {subject.set.role} has no scores")
        yield from _attributes(place, pair)
        yield from _clashing_values(place, pair)
        yield from _clashing_spans(subject, place, pair)


def _claims(place: str, pair: Pair) -> Iterator[Finding]:
    if pair.claim_a == pair.claim_b:
        yield Finding("pair-self", place, f"claim_a and claim_b are both {shown(pair.claim_a)}")
    if pair.claim_a > pair.claim_b:
        message = f"{shown(pair.claim_b)} sorts before {shown(pair.claim_a)} and must be claim_a"
        yield Finding("pair-order", place, message)
    if pair.pair_id != (wanted := pair_id(pair.claim_a, pair.claim_b)):
        yield Finding("pair-id", f"{place}.pair_id", f"the id is {shown(wanted)}, record says {shown(pair.pair_id)}")


def _attributes(place: str, pair: Pair) -> Iterator[Finding]:
    has = {name for name in (*CONFLICT_FIELDS, "reason") if getattr(pair, name) is not None}
    if pair.relation in CONFLICT:
        missing, extra = [name for name in CONFLICT_FIELDS if name not in has], has & {"reason"}
    else:
        missing, extra = [], has - {"rationale" if pair.relation == "unclear" else "reason"}
    if missing:
        yield Finding("pair-attributes", place, f"{pair.relation} needs {several(missing)}")
    if extra:
        yield Finding("pair-attributes", place, f"{pair.relation} has no {several(sorted(extra))}")


def _clashing_values(place: str, pair: Pair) -> Iterator[Finding]:
    a, b = ((v.kind, v.value, v.unit, v.comparator) if v else None for v in (pair.value_a, pair.value_b))
    if pair.relation in CONFLICT and a and a == b:
        yield Finding("same-values", place, f"value_a and value_b are both {shown(a[1])}, of kind {a[0]}")


def _clashing_spans(subject: Subject, place: str, pair: Pair) -> Iterator[Finding]:
    for side, claim_id, span in (("a", pair.claim_a, pair.span_a), ("b", pair.claim_b, pair.span_b)):
        claim = subject.claim_by_id.get(claim_id)
        if claim is None or span is None or min(span.start, *(each.start for each in claim.spans)) < 0:
            continue
        first, last = min(each.start for each in claim.spans), max(each.end for each in claim.spans)
        if span.start < first or span.end > last:
            message = f"[{span.start}:{span.end}] is outside the evidence of {shown(claim_id)}, [{first}:{last}]"
            yield Finding("span-outside-claim", f"{place}.span_{side}", message)


def check_claims_from(subject: Subject) -> Iterator[Finding]:
    """Whose claims the pairs are about, and that these claims exist."""
    pairs, named, other = subject.set.contradictions or (), subject.set.claims_from, subject.other
    if named is None and subject.set.claims is None:
        if pairs:
            yield Finding("claims-from", "$", "the set has pairs but no claims, and no claims_from says whose they are")
        return
    if named and other and (wanted := claims_sha256(other.claims or ())) != named.sha256:
        message = f"the claims of {shown(other.source)} have SHA-256 {wanted}, record says {named.sha256}"
        yield Finding("claims-from", "$.claims_from.sha256", message)
    if named is None or other:
        yield from _unknown_claims(subject)


def _unknown_claims(subject: Subject) -> Iterator[Finding]:
    for i, pair in enumerate(subject.set.contradictions or ()):
        for name in ("claim_a", "claim_b"):
            if getattr(pair, name) not in subject.claim_by_id:
                yield dangling(f"$.contradictions[{i}].{name}", "claim", getattr(pair, name))
