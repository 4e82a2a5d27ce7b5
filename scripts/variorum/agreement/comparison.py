"""Holding sets against each other: whether they can be, what the annotators are, and all figures of all layers."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from variorum.agreement import claim_parts, claims, contradictions, identity, mentions
from variorum.agreement.material import Knowledge, Material, material
from variorum.agreement.report import Comparison, Config, Result
from variorum.records import MODEL, PERSON, AnnotationSet, claims_sha256
from variorum.scoring.reference import DIGITS, fingerprint

Measured = Callable[[Material, str], Iterator[Result]]
MEASURED: dict[str, tuple[str, tuple[Measured, ...]]] = {  # by layer: what sets must have, and the functions
    "mentions": ("mentions", (mentions.measured,)),
    "entities": ("mentions", (identity.measured,)),
    "claims": ("claims", (claims.measured, claim_parts.measured)),
    "contradictions": ("contradictions", (contradictions.measured,)),
}
UNKNOWN = "not recorded"
MADE = "adjudicated"
NOTES = {
    "people": "between people",
    "models": (
        "between runs of language models: no person labelled anything here, so this is not human agreement; "
        "runs of one model agree with each other far more than people would"
    ),
    "both": "between people and language models: not agreement among people",
    "unknown": "what the annotators are is not recorded: not to be called human agreement",
}
ASIDES = {
    "oneself": "one annotator and itself, later",
    "consolidated": "one side is made of all annotators' labels, this one's among them",
    "without": "one side is made of the other annotators' labels",
}


class NotComparable(ValueError):
    """The sets cannot be held against each other; the message says why."""


def compare(name: str, kind: str, sets: Sequence[AnnotationSet], known: Knowledge, config: Config) -> Comparison:
    """All figures between these sets, in the order of their sources. A source that is there twice is named with its
    round. NotComparable if the sets are of different corpora or texts."""
    named = distinct(sorted(sets, key=lambda each: (each.source, each.round or "")))
    sources = tuple(each.source for each in named)
    what = {each.source: _kind(before, known.annotators) for before, each in _beside(sets, named)}
    if len(named) < 2:
        why = f"agreement needs two sets; {_described(name, kind)} has {'one' if named else 'none'}"
        return Comparison(name=name, kind=kind, sources=sources, annotators=what, note=_note(kind, what), undefined=why)
    require_one_text(named)
    found = material(named, known, config)
    if not found.documents:
        raise NotComparable(f"{' and '.join(sources)} have no document in common: they are of different corpora")
    skipped: dict[str, str] = {}
    results = merged(_results(found, config, _fingerprint(named), skipped))
    return Comparison(
        name=name,
        kind=kind,
        sources=sources,
        annotators=what,
        note=_note(kind, what),
        flags=tuple(flags(named)),
        missing=_missing(named),
        skipped=skipped,
        results=tuple(results),
    )


def undefined(kind: str, why: str) -> Comparison:
    """A comparison that cannot be made."""
    return Comparison(name=kind, kind=kind, sources=(), annotators={}, note=NOTES["unknown"], undefined=why)


def _described(name: str, kind: str) -> str:
    return f"the round {name}" if kind == "round" else name


def _note(kind: str, what: Mapping[str, str]) -> str:
    more = ASIDES.get(kind)
    return note(what) + (f" ({more})" if more else "")


def distinct(sets: Sequence[AnnotationSet]) -> list[AnnotationSet]:
    """The sets, those of a source that is there twice named `<source>@<round>`; NotComparable if that is the same."""
    sources = [each.source for each in sets]
    named = [
        replace(each, source=f"{each.source}@{each.round or '-'}") if sources.count(each.source) > 1 else each
        for each in sets
    ]
    names = [each.source for each in named]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotComparable(f"{twice[0]} is there twice: two sets of one source and one round")
    return named


def _beside(
    sets: Sequence[AnnotationSet], named: Sequence[AnnotationSet]
) -> Iterator[tuple[AnnotationSet, AnnotationSet]]:
    yield from zip(sorted(sets, key=lambda each: (each.source, each.round or "")), named, strict=True)


# --- who, and whether ----------------------------------------------------------------------------------------


def _kind(each: AnnotationSet, annotators: Mapping[str, str]) -> str:
    if each.role in ("gold", "consolidated"):
        return MADE
    return annotators.get(each.source, UNKNOWN)


def note(kinds: Mapping[str, str]) -> str:
    """What the figures are figures of, as far as it follows from what the annotators are."""
    found = set(kinds.values()) - {MADE}
    if not found or UNKNOWN in found:
        return NOTES["unknown"]
    if found == {PERSON}:
        return NOTES["people"]
    return NOTES["models"] if found == {MODEL} else NOTES["both"]


def require_one_text(sets: Iterable[AnnotationSet]) -> None:
    """NotComparable if two sets have different texts under one doc_id."""
    seen: dict[str, tuple[str, str]] = {}
    for each in sets:
        for document in each.documents:
            source, sha256 = seen.setdefault(document.doc_id, (each.source, document.text_sha256))
            if sha256 != document.text_sha256:
                why = "offsets count in one exact text"
                raise NotComparable(f"{source} and {each.source} have different texts of {document.doc_id}: {why}")


def flags(sets: Sequence[AnnotationSet]) -> Iterator[str]:
    """What must be known before the figures are compared with others."""
    versions = {each.guideline_version for each in sets if each.role == "annotator"}
    if len(versions) > 1:
        said = ", ".join(f"{each.source} {each.guideline_version or 'none'}" for each in sets)
        yield f"different guideline versions: {said}"
    documents = {each.source: {d.doc_id for d in each.documents} for each in sets}
    every = set().union(*documents.values())
    for source, found in documents.items():
        if lacking := sorted(every - found):
            yield f"{source} does not cover {len(lacking)} of {len(every)} documents: compared on what is in common"


def _fingerprint(sets: Sequence[AnnotationSet]) -> str:
    """The first digits of a hash of all labels of all sets."""
    return hashlib.sha256(" ".join(sorted(map(fingerprint, sets))).encode()).hexdigest()[:DIGITS]


def _missing(sets: Sequence[AnnotationSet]) -> dict[str, dict[str, int]]:
    judging = [each for each in sets if each.contradictions is not None]
    return contradictions.missing(judging) if len(judging) > 1 else {}


# --- figures -------------------------------------------------------------------------------------------------


def _results(found: Material, config: Config, sets: str, skipped: dict[str, str]) -> Iterator[Result]:
    for layer, (needed, functions) in MEASURED.items():
        if layer not in config.layers or not found.having(needed):
            continue
        if why := _unmeasurable(found, layer, needed):
            skipped[layer] = why
            continue
        try:
            yield from [result for function in functions for result in function(found, sets)]
        except ValueError as error:  # the records themselves leave the figures undefined; the message says why
            skipped[layer] = str(error)


def _unmeasurable(found: Material, layer: str, needed: str) -> str | None:
    having = found.having(needed)
    if len(having) < 2:
        return "fewer than two sets have the layer"
    if layer == "entities":
        linked = [at for at in having if any(m.entity_id is not None for m in found.sets[at].mentions or ())]
        return None if len(linked) == len(having) else "not every set with mentions says which entity they are"
    if layer == "contradictions":
        about = {_about(found.sets[at]) for at in having}
        return None if len(about) == 1 else "the pairs are about different claims (claims_from)"
    return None if found.pairs(needed) else "no two sets with the layer have a document in common"


def _about(each: AnnotationSet) -> str:
    """The hash of the claims that a set's pairs are about."""
    return each.claims_from.sha256 if each.claims_from else claims_sha256(each.claims or ())


def merged(results: Iterable[Result]) -> list[Result]:
    """Results of one measure put together, in the order in which measures come first."""
    found: dict[str, Result] = {}
    for each in results:
        before = found.get(each.measure.name)
        found[each.measure.name] = replace(before, figures=before.figures + each.figures) if before else each
    return list(found.values())
