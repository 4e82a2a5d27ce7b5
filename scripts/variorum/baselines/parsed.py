"""spaCy: its named entities, its dependency parse for clauses, cheap identity; values and pairs by the rules.

`years`: a bare year such as 2023 is a date, whatever the model takes it for (`md` takes it for a number).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from variorum.baselines import conflicts, identity
from variorum.baselines.about import About
from variorum.baselines.amounts import amounts
from variorum.baselines.comparing import ASPECTS
from variorum.baselines.dates import Clock, dates
from variorum.baselines.descriptions import descriptions, pronouns, terms
from variorum.baselines.found import Found, apart, nested
from variorum.baselines.parsing import PACKAGES, Parsed, parsed, pipeline
from variorum.baselines.prediction import first_names, prediction
from variorum.baselines.saying import claims
from variorum.baselines.splitting import statements
from variorum.baselines.statements import is_negative
from variorum.baselines.task import Task
from variorum.baselines.topics import tfidf
from variorum.corpus import Document
from variorum.records import AnnotationSet, Value
from variorum.values import VALUE_KINDS

# Chosen on the invented articles by `python benchmarks/tune_baselines.py spacy`.
LIMITS = conflicts.Thresholds(value=0.5, wording=0.5, agreement=0.5)
WEIGHTS = conflicts.Weights(constant=-5.53, similarity=4.46, clash=1.15, fitting=0.45, negated=0.94, name=1.56)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def name_of(model: str, years: bool) -> str:
    """What the baseline is called.

    >>> name_of("sm", False), name_of("md", True)
    ('spacy', 'spacy-md-years')
    """
    return "-".join(["spacy", *(["md"] if model == "md" else []), *(["years"] if years else [])])


def about_spacy(model: str, years: bool) -> About:
    """What the baseline says of itself."""
    rule = ", bare years are dates" if years else ""
    return About(
        title=name_of(model, years),
        description=f"spaCy's en_core_web_{model} 3.8: its entities{rule}, its parse for clauses; values and pairs as "
        "rules, with lemmas as words.",
        thresholds=conflicts.CHOSEN,
        packages=("numpy", "scikit-learn", "scipy", "spacy", PACKAGES[model].replace("_", "-")),
        licence="Apache-2.0; spaCy and its model MIT",
        settings={**conflicts.settings(LIMITS), "model": model, "years": years},
    )


def by_spacy(task: Task, model: str = "sm", years: bool = False) -> AnnotationSet:
    """All four layers. NoLibrary if spaCy or the model is not there."""
    read = [(document, list(parsed(document, model))) for document in task.documents]
    found = identity.one_type([(document, found_in(document, parts, years)) for document, parts in read])
    mentions = identity.mentions(found, task.schema.names("entity_type"))
    said = {document.doc_id: [each for part in parts for each in statements(part)] for document, parts in read}
    judged = conflicts.pairs(task, sides(task, model, years), similarity, LIMITS, WEIGHTS)
    return prediction(
        name_of(model, years), task, mentions, first_names(mentions), claims(task, mentions, said), judged
    )


def found_in(document: Document, parts: Sequence[Parsed], years: bool) -> list[Found]:
    """The entities that spaCy finds, and descriptions, pronouns and terms by their words."""
    clock, found = Clock.of(document.source), []
    for part in parts:
        named = list(entities(part, document.text, clock, years))
        outer = [f for each in (descriptions, terms) for f in each(document.text, part.start, part.end)]
        found += named + apart(outer, [f for f in named if f.value is None])
        found += list(pronouns(document.text, part.start, part.end))
    return sorted(nested(found), key=lambda each: (each.start, -each.end))


def entities(part: Parsed, text: str, clock: Clock, years: bool) -> Iterator[Found]:
    """Named entities under the types of the schema, by the map that ships with the scorer; values in normal form."""
    from variorum.scoring import shipped

    types = shipped("ontonotes-18").reading
    dated, counted = list(dates(text, part.start, part.end, clock)), list(amounts(text, part.start, part.end))
    for entity in part.doc.ents:
        start, end = _edges(entity, part.start)
        type = types.get(entity.label_, entity.label_)
        if years and _YEAR.fullmatch(text[start:end]):
            type = "DATE"
        if type is None or start >= end:
            continue
        if type in VALUE_KINDS:
            told = dated if type == "DATE" else [each for each in counted if each.type == type]
            yield Found(start, end, type, value=_value(start, end, told, text))
        else:
            yield Found(start, end, type, level="NAM")


def _edges(entity: Any, offset: int) -> tuple[int, int]:
    """A name without its article and its possessive; a value as it is (GUIDELINES 1.2)."""
    tokens = list(entity)
    while tokens and tokens[-1].tag_ == "POS":
        tokens.pop()
    while tokens and entity.label_ not in ("DATE", "TIME") and tokens[0].lower_ in ("the", "only", "just"):
        tokens.pop(0)
    if not tokens:
        return offset, offset
    return offset + tokens[0].idx, offset + tokens[-1].idx + len(tokens[-1].text)


def _value(start: int, end: int, told: Sequence[Found], text: str) -> Value:
    """The normal form of what lies most within a stretch; the words themselves if nothing does."""
    shared = [(min(end, each.end) - max(start, each.start), each) for each in told]
    best = max(shared, key=lambda pair: pair[0], default=(0, None))
    if best[0] > 0 and best[1] is not None and best[1].value is not None:
        return best[1].value
    return Value(kind="text", value=" ".join(text[start:end].split()))


def sides(task: Task, model: str = "sm", years: bool = False) -> list[conflicts.Side]:
    """The given claims by their propositions: lemmas as words, the entities that are values as values."""
    clocks = {document.doc_id: Clock.of(document.source) for document in task.documents}
    given = task.given_claims
    found = []
    for claim, doc in zip(given, pipeline(model).pipe(claim.proposition for claim in given), strict=True):
        part, text = Parsed(0, len(claim.proposition), doc), claim.proposition
        ents = entities(part, text, clocks.get(claim.doc_id, Clock()), years)
        values = tuple(each.value for each in ents if each.value and each.value.kind in ASPECTS)
        words = tuple(t.lemma_.casefold() for t in doc if t.is_alpha and not t.is_stop and t.pos_ != "NUM")
        found.append(conflicts.Side(claim.claim_id, text, words, values, is_negative(text)))
    return found


def similarity(sides: Sequence[conflicts.Side], pairs: Sequence[tuple[int, int]]) -> NDArray[Any]:
    """TF-IDF over lemmas."""
    return tfidf([side.words for side in sides], pairs)
