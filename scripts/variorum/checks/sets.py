"""Rules of the header: documents, their texts, the fields that go with a role."""

from collections.abc import Iterator

from variorum.checks.rule import Finding, Rule, Subject, by_id
from variorum.problems import several, shown

RULES = by_id(
    Rule(
        id="unknown-document",
        stage="records",
        summary="Every doc_id is a document of the corpus and is listed under documents.",
    ),
    Rule(id="duplicate-document", stage="records", summary="A document is listed once under documents."),
    Rule(
        id="text-hash",
        stage="records",
        summary="text_sha256 is the SHA-256 of the document's text in this corpus.",
        why="Offsets count in one exact text; with another edition of it they would point at other words.",
    ),
    Rule(
        id="role-fields",
        stage="records",
        summary="An annotator's set has guideline_version and round.",
        why="Labels can be compared only if it is known under which guidelines and in which round they were made.",
        roles=("annotator",),
    ),
)


def check_header(subject: Subject) -> Iterator[Finding]:
    """The set's header."""
    seen: set[str] = set()
    for i, reference in enumerate(subject.set.documents):
        place, document = f"$.documents[{i}]", subject.documents.get(reference.doc_id)
        if reference.doc_id in seen:
            yield Finding("duplicate-document", place, f"document {shown(reference.doc_id)} is listed twice")
        elif document is None:
            yield Finding("unknown-document", place, _unknown(subject, reference.doc_id))
        elif reference.text_sha256 != document.source.sha256:
            message = f"the SHA-256 is {document.source.sha256}, record says {reference.text_sha256}"
            yield Finding("text-hash", f"{place}.text_sha256", message)
        seen.add(reference.doc_id)
    yield from _role_fields(subject)


def _unknown(subject: Subject, doc_id: str) -> str:
    return f"the corpus has no document {shown(doc_id)}; it has {several(subject.documents)}"


def _role_fields(subject: Subject) -> Iterator[Finding]:
    for name in ("guideline_version", "round"):
        if getattr(subject.set, name) is None:
            yield Finding("role-fields", "$", f"a set of role annotator needs {name}")


def check_documents(subject: Subject) -> Iterator[Finding]:
    """The doc_id of every record."""
    listed = {reference.doc_id for reference in subject.set.documents}
    located = [(f"$.mentions[{i}].doc_id", mention.doc_id) for i, mention in enumerate(subject.mentions)]
    located += [(f"$.claims[{i}].doc_id", claim.doc_id) for i, claim in enumerate(subject.claims)]
    for place, doc_id in located:
        if doc_id not in subject.documents:
            yield Finding("unknown-document", place, _unknown(subject, doc_id))
        elif doc_id not in listed:
            yield Finding("unknown-document", place, f"document {shown(doc_id)} is not listed under documents")
