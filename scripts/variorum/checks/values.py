"""Rules of values: which mentions have one, its kind, how it is written, its unit and its anchor."""

from collections.abc import Iterator

from variorum.checks.rule import PEOPLE, Finding, Rule, Subject, by_id
from variorum.problems import several, shown
from variorum.records import Anchor, Value
from variorum.values import VALUE_KINDS, currencies, date_fault, fault

RULES = by_id(
    Rule(
        id="value-missing",
        stage="records",
        summary="A mention of type DATE, MONEY or QUANTITY has a value.",
        roles=PEOPLE,
    ),
    Rule(
        id="value-kind",
        stage="records",
        summary="DATE has a value of kind date, duration or text; MONEY money or text; QUANTITY quantity or text; no "
        "other mention has one.",
        roles=PEOPLE,
    ),
    Rule(
        id="value-parse",
        stage="records",
        summary="A value is in the normal form of its kind: EDTF, ISO 8601 duration, plain decimal; ranges low/high.",
        why="Two values can be compared only in one notation.",
        roles=PEOPLE,
    ),
    Rule(
        id="value-unit",
        stage="records",
        summary="Money has an ISO 4217 code as unit, a quantity a word or null, all other kinds null.",
        why="Codes are those of schema/currencies.json; XXX stands for money of no told currency.",
        roles=PEOPLE,
    ),
    Rule(
        id="anchor",
        stage="records",
        summary="Only dates and durations have an anchor; it is an EDTF date, and the article's own if it says so.",
        why="With source published or dateline it is the date that seeds/sources.json has; with text any date.",
        roles=PEOPLE,
    ),
)


def check_values(subject: Subject) -> Iterator[Finding]:
    """The values of mentions and of the sides of pairs."""
    for i, mention in enumerate(subject.mentions):
        place, kinds = f"$.mentions[{i}]", VALUE_KINDS.get(mention.type)
        if mention.value is None:
            if kinds:
                yield Finding("value-missing", place, f"a {mention.type} mention needs a value")
            continue
        if not kinds:
            yield Finding("value-kind", f"{place}.value", f"a {mention.type} mention has no value")
        elif mention.value.kind not in kinds:
            message = f"{shown(mention.value.kind)} is no kind for {mention.type}; kinds are {several(kinds)}"
            yield Finding("value-kind", f"{place}.value.kind", message)
        yield from _value(subject, mention.value, mention.doc_id, f"{place}.value")
    for i, pair in enumerate(subject.set.contradictions or ()):
        for name, value, claim_id in (("value_a", pair.value_a, pair.claim_a), ("value_b", pair.value_b, pair.claim_b)):
            if value:
                claim = subject.claim_by_id.get(claim_id)
                yield from _value(subject, value, claim.doc_id if claim else None, f"$.contradictions[{i}].{name}")


def _value(subject: Subject, value: Value, doc_id: str | None, place: str) -> Iterator[Finding]:
    if message := fault(value.kind, value.value):
        yield Finding("value-parse", f"{place}.value", message)
    if message := _unit_fault(value):
        yield Finding("value-unit", f"{place}.unit", message)
    if value.anchor:
        if value.kind in ("money", "quantity"):
            yield Finding("anchor", f"{place}.anchor", f"a value of kind {value.kind} has no anchor")
        elif message := _anchor_fault(subject, value.anchor, doc_id):
            yield Finding("anchor", f"{place}.anchor", message)


def _unit_fault(value: Value) -> str | None:
    if value.kind == "money":
        known = value.unit in currencies()
        return None if known else f"{shown(value.unit)} is no ISO 4217 code (such as CNY, USD; XXX if none is told)"
    if value.kind == "quantity":
        blank = value.unit is not None and value.unit != value.unit.strip()
        return f"{shown(value.unit)} starts or ends with white space" if blank else None
    return None if value.unit is None else f"a value of kind {value.kind} has no unit, record says {shown(value.unit)}"


def _anchor_fault(subject: Subject, anchor: Anchor, doc_id: str | None) -> str | None:
    if message := date_fault(anchor.date):
        return message
    document = subject.documents.get(doc_id) if doc_id else None
    if document is None or anchor.source == "text":
        return None
    known: str | None = getattr(document.source, anchor.source)
    if known is None:
        return f"document {shown(doc_id)} has no {anchor.source} date in sources.json"
    same = anchor.date.rstrip("?~%") == known.rstrip("?~%")
    return None if same else f"the {anchor.source} date of {shown(doc_id)} is {known}, record says {anchor.date}"
