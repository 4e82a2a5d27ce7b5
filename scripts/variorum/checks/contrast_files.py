"""Checking the files of annotations/contrast/, or one of them on an annotator's desk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from variorum import reading
from variorum.checks.annotation_sets import RULES, claims_named, read_claims
from variorum.checks.contrast import Ground, check_edits, check_judgements
from variorum.checks.rule import Finding, problems
from variorum.checks.schema_rules import validate
from variorum.contrast.finding import Found, find
from variorum.contrast.records import Assigned, Dealt, Edits, Judgements
from variorum.corpus import Corpus
from variorum.problems import Problem, in_order, shown
from variorum.records import AnnotationSet, Annotator, claims_sha256

KINDS: dict[str, type[Edits] | type[Judgements]] = {"contrast_edits": Edits, "contrast_judgements": Judgements}
_MEMBERS = {"edits": "contrast_edits", "judgements": "contrast_judgements"}


class CheckedContrast(msgspec.Struct, frozen=True):
    """The outcome: the record, None if the file cannot be used; `found` counts the changes whose words were found."""

    record: Edits | Judgements | None
    problems: tuple[Problem, ...]
    found: int = 0


def contrast_kind(value: object) -> str | None:
    """Which file of contrast pairs a JSON value is by its members, wherever it lies; None if it is none."""
    if not isinstance(value, dict) or "documents" in value:
        return None
    return next((kind for member, kind in _MEMBERS.items() if member in value), None)


def read_contrast(
    path: Path, kind: str, corpus: Corpus, name: str | None = None, claims: AnnotationSet | None = None
) -> CheckedContrast:
    """Read and check a writer's or a verifier's file; `name` is what problems call it. Never raises.

    Edits are held against gold, and judgements against the edits that the corpus has; what is not there is not asked.
    """
    name = str(path) if name is None else name
    read = reading.read_json(path, name)
    if read.problems:
        return CheckedContrast(None, read.problems)
    return check_contrast(read.value, kind, corpus, name, claims)


def check_contrast(
    value: Any, kind: str, corpus: Corpus, name: str, claims: AnnotationSet | None = None
) -> CheckedContrast:
    """Check a writer's or a verifier's file, given as a plain JSON value. Never raises."""
    invalid = tuple(problems(validate(value, corpus.schema, kind), RULES, name))
    if not isinstance(value, dict):
        return CheckedContrast(None, invalid)
    held = ground(corpus, value, claims)
    texts = {doc_id: document.text for doc_id, document in corpus.documents.items()}
    found = find(value, texts, held.claims, name) if kind == "contrast_edits" else Found(value, 0, ())
    record = None if invalid else _record(found.value, KINDS[kind])
    findings: Iterator[Finding] = iter(())
    if isinstance(record, Finding):
        findings = iter((record,))
    elif isinstance(record, Edits):
        findings = check_edits(record, held)
    elif record is not None:
        findings = check_judgements(record, held)
    told = in_order([*invalid, *found.problems, *problems(findings, RULES, name)])
    usable = None if isinstance(record, Finding) or found.problems else record
    return CheckedContrast(usable, tuple(told), found.count)


def _record(value: dict[str, Any], kind: type[Edits] | type[Judgements]) -> Edits | Judgements | Finding:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `")
        return Finding("schema", place.rstrip("`") or "$", message)


# --- what files are held against -------------------------------------------------------------------------------


def ground(corpus: Corpus, value: dict[str, Any], claims: AnnotationSet | None = None) -> Ground:
    """The claims that the header of a file names, gold's pairs, and who wrote what, as far as they are at hand."""
    other, gold = claims or claims_named(value, corpus), read_claims(corpus.gold)
    listed = (other.claims or ()) if other else ()
    pairs = gold.contradictions if gold else None
    return Ground(
        documents=corpus.documents,
        claims={claim.claim_id: claim for claim in reversed(listed)},
        sha256=claims_sha256(listed) if other else None,
        pairs=None if pairs is None else {pair.pair_id: pair for pair in pairs},
        writers=_writers(corpus),
        dealt=_dealt(corpus),
    )


def _writers(corpus: Corpus) -> dict[str, tuple[str, str]] | None:
    """By contrast_id, who wrote it first and in which file; None if the corpus has no written edits at all."""
    paths = corpus.contrast_written
    found: dict[str, tuple[str, str]] = {}
    for path in paths:
        value = reading.read_json(path, str(path)).value
        edits = value.get("edits") if isinstance(value, dict) else None
        for edit in edits if isinstance(edits, list) else ():
            if isinstance(edit, dict) and isinstance(pair := edit.get("pair_id"), str):
                found.setdefault(f"x-{pair}", (path.stem, path.name))
    return found if paths else None


def _dealt(corpus: Corpus) -> dict[str, Dealt] | None:
    """By pair_id; None if nothing was dealt, or the file is broken (which is a problem of that file)."""
    try:
        assigned = msgspec.convert(reading.read_json(corpus.contrast_assigned, "").value, Assigned)
    except msgspec.ValidationError:
        return None
    return {dealt.pair_id: dealt for dealt in assigned.pairs}


# --- a stored file in its place --------------------------------------------------------------------------------


def check_contrast_place(
    path: Path, checked: CheckedContrast, annotators: dict[str, Annotator] | None
) -> Iterator[Finding]:
    """A stored file against where it lies, and against annotators.json."""
    record = checked.record
    if checked.found:
        yield Finding("quote-stored", "$", f"{checked.found} changes have find in place of offsets")
    if record is None:
        return
    if record.source != path.stem:
        yield Finding("record-path", "$.source", f"the file is that of {shown(path.stem)}, record says {record.source}")
    if annotators is not None and record.source not in annotators:
        yield Finding("unknown-annotator", "$.source", f"{shown(record.source)} is not in annotators.json")
