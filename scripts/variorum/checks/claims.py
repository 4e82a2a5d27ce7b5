"""Rules of claims: evidence, holder, time, and words of one's own."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from variorum.checks.rule import PEOPLE, Finding, Rule, Subject, by_id
from variorum.corpus import Document
from variorum.problems import WARNING, shown
from variorum.records import Claim
from variorum.reuse import longest_copied, words
from variorum.values import VALUE_KINDS, date_fault

COPIED_WORDS = 12

RULES = by_id(
    Rule(
        id="twin-claim",
        stage="records",
        summary="Two claims with the same spans differ in their proposition.",
        roles=PEOPLE,
    ),
    Rule(
        id="span-order",
        stage="records",
        summary="The spans of a claim stand in text order and do not overlap.",
        roles=PEOPLE,
    ),
    Rule(id="holder-document", stage="records", summary="The holder of a claim is a mention of the same document."),
    Rule(id="holder-value", stage="records", summary="The holder of a claim is not a value.", roles=PEOPLE),
    Rule(id="time-parse", stage="records", summary="The time of a claim is an EDTF date or interval.", roles=PEOPLE),
    Rule(
        id="copied-words",
        stage="records",
        summary=f"A proposition or rationale does not repeat {COPIED_WORDS} words of an article in a row.",
        why="It is to be in the annotator's own words: rights in the articles stay with their publishers.",
        level=WARNING,
        roles=PEOPLE,
    ),
)


def check_claims(subject: Subject) -> Iterator[Finding]:
    """Each claim by itself, and twins."""
    first: dict[object, int] = {}
    for i, claim in enumerate(subject.claims):
        place = f"$.claims[{i}]"
        evidence = tuple((span.start, span.end) for span in claim.spans)
        if min(evidence)[0] >= 0:
            other = first.setdefault((claim.doc_id, evidence, claim.proposition), i)
            if other != i:
                yield Finding("twin-claim", place, f"spans and proposition are those of $.claims[{other}]")
            yield from _order(place, evidence)
        yield from _holder(subject, place, claim)
        if claim.time is not None and (message := date_fault(claim.time)):
            yield Finding("time-parse", f"{place}.time", message)


def _order(place: str, evidence: tuple[tuple[int, int], ...]) -> Iterator[Finding]:
    for j in range(1, len(evidence)):
        (before, end), (start, stop) = evidence[j - 1], evidence[j]
        if start < end:
            what = "comes before" if start < before else "overlaps"
            message = f"[{start}:{stop}] {what} the span before it, [{before}:{end}]"
            yield Finding("span-order", f"{place}.spans[{j}]", message)


def _holder(subject: Subject, place: str, claim: Claim) -> Iterator[Finding]:
    holder = subject.mention_by_id.get(claim.holder) if claim.holder is not None else None
    if holder and holder.doc_id != claim.doc_id:
        message = f"{shown(claim.holder)} is a mention of {shown(holder.doc_id)}, the claim is in {shown(claim.doc_id)}"
        yield Finding("holder-document", f"{place}.holder", message)
    if holder and holder.type in VALUE_KINDS:
        yield Finding("holder-value", f"{place}.holder", f"{shown(claim.holder)} is a {holder.type} mention")


def check_copied_words(subject: Subject) -> Iterator[Finding]:
    """Propositions and rationales against all articles."""
    yield from copied_words(_own_words(subject), subject.documents)


def copied_words(own: Iterable[tuple[str, str]], documents: Mapping[str, Document]) -> Iterator[Finding]:
    """Texts that are to be in somebody's own words, each with its place, against all articles."""
    articles = tuple(document.text for document in documents.values())
    doc_ids = tuple(documents)
    for place, text in own:
        # The index says in linear time that nothing is copied, which is the rule; only then is the place looked for.
        if _grams(text).isdisjoint(_all_grams(articles)):
            continue
        if found := longest_copied(text, articles, COPIED_WORDS):
            number, run = found
            copied = text[run.start : run.end]
            message = f"{len(words(copied))} words in a row are those of {shown(doc_ids[number])}: {shown(copied)}"
            yield Finding("copied-words", place, message)


def _own_words(subject: Subject) -> Iterator[tuple[str, str]]:
    for i, claim in enumerate(subject.claims):
        yield f"$.claims[{i}].proposition", claim.proposition
    for i, pair in enumerate(subject.set.contradictions or ()):
        if pair.rationale is not None:
            yield f"$.contradictions[{i}].rationale", pair.rationale


@lru_cache(maxsize=4)
def _all_grams(articles: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset().union(*map(_grams, articles))


def _grams(text: str) -> frozenset[tuple[str, ...]]:
    """All sequences of `COPIED_WORDS` words of a text, folded."""
    keys = [word.key for word in words(text)]
    return frozenset(tuple(keys[i : i + COPIED_WORDS]) for i in range(len(keys) - COPIED_WORDS + 1))
