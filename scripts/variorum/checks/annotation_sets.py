"""Checking one annotation set: bytes, plain values, quotes, records, each stage only if the one before allows it."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from variorum import reading
from variorum.checks import claims as claim_rules
from variorum.checks import (
    contrast,
    entities,
    format_rules,
    mentions,
    pairs,
    reading_rules,
    references,
    schema_rules,
    sets,
    sources,
    spans,
    stored,
    studio,
    values,
)
from variorum.checks.rule import EVERYBODY, Finding, Rule, Subject, problems
from variorum.corpus import Corpus
from variorum.problems import Problem, in_order
from variorum.quotes import resolve
from variorum.records import AnnotationSet, claims_sha256

_CONCEPTS = (
    reading_rules,
    schema_rules,
    sets,
    references,
    spans,
    mentions,
    values,
    entities,
    claim_rules,
    pairs,
    sources,
    stored,
    format_rules,
    contrast,
    studio,
)

RULES: dict[str, Rule] = {name: rule for concept in _CONCEPTS for name, rule in concept.RULES.items()}

# Each looks at a set whose fields and types are right, and yields findings.
CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    sets.check_header,
    sets.check_documents,
    references.check_ids,
    references.check_references,
    spans.check_spans,
    mentions.check_mentions,
    mentions.check_overlaps,
    values.check_values,
    entities.check_entities,
    claim_rules.check_claims,
    claim_rules.check_copied_words,
    pairs.check_claims_from,
    pairs.check_pairs,
)


class Checked(msgspec.Struct, frozen=True):
    """The outcome of checking a set.

    `annotation_set` has offsets in place of quotes; it is None if the file could not be read, is not valid against the
    schema, or has quotes that cannot be settled. `quotes` counts the quotes that were settled. `problems` are in order.

    With folding (`check_value`), a quote that cannot be settled does not stand in the way: its span has `UNRESOLVED`
    offsets, its problem is in `unresolved` and not in `problems`; `folded` has a warning for each quote of `quotes`
    that only folding settled.
    """

    annotation_set: AnnotationSet | None
    problems: tuple[Problem, ...]
    quotes: int = 0
    unresolved: tuple[Problem, ...] = ()
    folded: tuple[Problem, ...] = ()


def read_set(path: Path, corpus: Corpus, name: str | None = None, claims: AnnotationSet | None = None) -> Checked:
    """Read and check the set at `path`; `name` is what problems call it, the path itself if left out. Never raises."""
    name = str(path) if name is None else name
    data = reading.read_bytes(path, name)
    return Checked(None, (data,)) if isinstance(data, Problem) else check_set(data, name, corpus, claims)


def check_set(data: bytes, name: str, corpus: Corpus, claims: AnnotationSet | None = None) -> Checked:
    """Check one set, given as bytes; `name` is its name in the problems. Never raises.

    `claims` is the set whose claims the pairs are about; left out, it is looked for among the corpus'
    consolidated and gold sets, of today and earlier, by the hash that the header names.
    """
    read = reading.parse(data, name)
    if read.problems:
        return Checked(None, read.problems)
    return check_value(read.value, name, corpus, claims)


def check_value(
    value: Any, name: str, corpus: Corpus, claims: AnnotationSet | None = None, fold: bool = False
) -> Checked:
    """Check one set, given as a plain JSON value; `fold`: its quotes may be found by folding. Never raises."""
    role = _role(value)
    invalid = tuple(problems(schema_rules.check_schema(value, corpus.schema), RULES, name, role))
    if not isinstance(value, dict):
        return Checked(None, invalid)
    other = claims or claims_named(value, corpus)
    documents = {claim.claim_id: claim.doc_id for claim in (other.claims or () if other else ())}
    texts = {doc_id: document.text for doc_id, document in corpus.documents.items()}
    resolved = resolve(value, texts, documents, name, fold)
    unresolved = resolved.problems if fold else ()
    found = [*invalid, *(() if fold else resolved.problems)]
    annotation_set = None if invalid else _record(resolved.value)
    if isinstance(annotation_set, Finding):
        found += problems([annotation_set], RULES, name, role)
    elif annotation_set:
        subject = Subject(annotation_set, corpus.documents, corpus.schema, other)
        found += problems(_findings(subject), RULES, name, role)
    settled = annotation_set if isinstance(annotation_set, AnnotationSet) and (fold or not resolved.problems) else None
    return Checked(settled, tuple(in_order(found)), resolved.count, unresolved, resolved.folded)


def _role(value: Any) -> str:
    """The role that a set names, as far as it is one: what decides which rules hold."""
    role = value.get("role") if isinstance(value, dict) else None
    return role if isinstance(role, str) and role in EVERYBODY else "annotator"


def _record(value: dict[str, Any]) -> AnnotationSet | Finding:
    try:
        return msgspec.convert(value, AnnotationSet)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `")
        return Finding("schema", place.rstrip("`") or "$", message)


def _findings(subject: Subject) -> Iterator[Finding]:
    for check in CHECKS:
        yield from check(subject)


# --- the set whose claims are judged --------------------------------------------------------------------------


def claims_named(value: dict[str, Any], corpus: Corpus) -> AnnotationSet | None:
    """The corpus' own set whose claims the header means: by hash, then by source, else the first; or None."""
    named = value.get("claims_from")
    if not isinstance(named, dict):
        return None
    stored = [found for path in corpus.claim_sets if (found := read_claims(path)) and found.claims]

    def likeness(each: AnnotationSet) -> tuple[bool, bool]:
        return claims_sha256(each.claims or ()) == named.get("sha256"), each.source == named.get("source")

    return max(stored, key=likeness, default=None)


def read_claims(path: Path) -> AnnotationSet | None:
    """The stored set at `path`, without checking it; None if there is none or it cannot be read."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return _stored(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _stored(path: Path, changed: int, size: int) -> AnnotationSet | None:
    data = reading.read_bytes(path, str(path))
    try:
        return None if isinstance(data, Problem) else msgspec.json.decode(data, type=AnnotationSet)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
