"""Patterns and no list of names: what can be had without a model.

Names are typed by the words around them, dates and amounts are brought to their normal forms against the article's
date, clauses are cut at punctuation and conjunctions, sources are found by verbs of saying. Pairs of given claims
are judged by `variorum.baselines.conflicts`. The patterns are for English; of other text they
find little and break nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from variorum.baselines import conflicts, identity
from variorum.baselines.about import About
from variorum.baselines.amounts import amounts
from variorum.baselines.clauses import clauses
from variorum.baselines.comparing import ASPECTS
from variorum.baselines.dates import Clock, dates
from variorum.baselines.descriptions import descriptions, pronouns, terms
from variorum.baselines.found import Found, apart, nested
from variorum.baselines.names import Lexicon, names, read_lexicon
from variorum.baselines.prediction import first_names, prediction
from variorum.baselines.saying import Statement, claims
from variorum.baselines.statements import is_negative
from variorum.baselines.stretches import paragraphs
from variorum.baselines.task import Task
from variorum.baselines.topics import tfidf, words
from variorum.corpus import Document
from variorum.records import AnnotationSet, Claim, Value

# Chosen on the invented articles by `python benchmarks/tune_baselines.py rules`.
LIMITS = conflicts.Thresholds(value=0.45, wording=0.5, agreement=0.5)
WEIGHTS = conflicts.Weights(constant=-5.6, similarity=4.47, clash=1.44, fitting=0.26, negated=1.13, name=1.62)

ABOUT_RULES = About(
    title="rules",
    description="Names, dates, amounts, clauses and sources by patterns; two claims on one topic (TF-IDF) whose "
    "values, negation or one name differ are in conflict.",
    thresholds=conflicts.CHOSEN,
    packages=("numpy", "scikit-learn", "scipy"),
    settings=conflicts.settings(LIMITS),
)


def rules(task: Task) -> AnnotationSet:
    """All four layers by rules."""
    return by_rules("rules", task, similarity, LIMITS, WEIGHTS)


def by_rules(
    name: str, task: Task, alike: conflicts.Similarity, limits: conflicts.Thresholds, weights: conflicts.Weights
) -> AnnotationSet:
    """The layers of the rules, with topics compared by `alike`."""
    lexicon = read_lexicon(task.documents)
    found = [(document, found_in(document, lexicon)) for document in task.documents]
    mentions = identity.mentions(found, task.schema.names("entity_type"))
    statements = {document.doc_id: list(statements_of(document)) for document in task.documents}
    made = claims(task, mentions, statements)
    return prediction(
        name, task, mentions, first_names(mentions), made, conflicts.pairs(task, sides(task), alike, limits, weights)
    )


def found_in(document: Document, lexicon: Lexicon) -> list[Found]:
    """Everything that is a mention, in text order; values give way to names, descriptions may hold what is inside."""
    clock, found = Clock.of(document.source), []
    for low, high in paragraphs(document):
        named = list(names(document.text, low, high, lexicon))
        outer = apart([*descriptions(document.text, low, high), *terms(document.text, low, high)], named)
        told = apart([*dates(document.text, low, high, clock), *amounts(document.text, low, high)], named)
        found += named + outer + told + list(pronouns(document.text, low, high))
    return sorted(nested(found), key=lambda each: (each.start, -each.end))


_ASIDES = (
    re.compile(
        r"(?P<who>\b[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*), "
        r"(?P<what>(?:a|an|the|its|his|her) [^,.;:—“”\"\n]{3,90})(?=[,.])"
    ),
    re.compile(
        r"(?:^|(?<=[,.] ))(?P<what>(?:[Bb]orn|[Ff]ounded|[Ee]stablished|[Bb]uilt|[Ll]aunched) (?:in|on|by) "
        r"[^,.;:\n]{3,60})(?=,)"
    ),
    re.compile(r"\b(?P<what>\d{1,3}-year-old [^,.;:\n]{0,60}?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)"),
    re.compile(r"\b(?P<what>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*, [1-9]\d)(?=,)"),
)


def statements_of(document: Document) -> Iterator[Statement]:
    """Clauses, then what is said aside: appositives, participles, ages."""
    for low, high in paragraphs(document):
        for clause in clauses(document.text, low, high):
            yield Statement(((clause.start, clause.end),), cue=clause.cue, who=clause.who)
        for pattern in _ASIDES:
            for found in pattern.finditer(document.text, low, high):
                start = found.start("who") if "who" in pattern.groupindex else found.start("what")
                yield Statement(((start, found.end("what")),))


def sides(task: Task) -> list[conflicts.Side]:
    """The given claims as the rules see them: nothing but their propositions, and the date of their article."""
    clocks = {document.doc_id: Clock.of(document.source) for document in task.documents}
    return [side(claim, values(claim.proposition, clocks.get(claim.doc_id, Clock()))) for claim in task.given_claims]


def side(claim: Claim, told: tuple[Value, ...]) -> conflicts.Side:
    """A claim with the values of its proposition."""
    text = claim.proposition
    return conflicts.Side(claim.claim_id, text, words(text), told, is_negative(text))


def values(text: str, clock: Clock) -> tuple[Value, ...]:
    """The comparable values of a text in order."""
    found = apart([*dates(text, 0, len(text), clock), *amounts(text, 0, len(text))])
    return tuple(each.value for each in found if each.value and each.value.kind in ASPECTS)


def similarity(sides: Sequence[conflicts.Side], pairs: Sequence[tuple[int, int]]) -> NDArray[Any]:
    """TF-IDF over the words without values."""
    return tfidf([side.words for side in sides], pairs)
