"""spaCy: what `Doc.to_json` writes, one object or a list of them; mentions only, from `ents`.

A doc is known by its text, which must be that of an article, character for character; or by a `doc_id` beside the text
(or under `_`), and then its text must be the one of that article. An entity has `start` and `end` (or `start_char` and
`end_char`) in code points, and `label`. Span groups are not read.
"""

from collections.abc import Iterator
from typing import Any

from variorum import reading
from variorum.corpus import Document
from variorum.formats.draft import (
    Context,
    Draft,
    Given,
    Item,
    Origin,
    covered,
    document_with,
    text_differs,
    unknown_document,
)
from variorum.problems import WARNING, Problem, shown


def read_spacy(given: Given, context: Context) -> Draft:
    """The entities of each doc."""
    read = reading.parse(given.data, given.name)
    if read.problems:
        return given.nothing(*read.problems)
    several = isinstance(read.value, list)
    docs: list[Any] = read.value if isinstance(read.value, list) else [read.value]
    problems: list[Problem] = []
    documents, items = list[Item](), list[Item]()
    for i, doc in enumerate(docs):
        origin = Origin(given.name, f"$[{i}]" if several else "$")
        document = _document(doc, context, origin)
        if isinstance(document, Problem):
            problems.append(document)
            continue
        problems += _unread(doc, origin)
        documents.append(covered(document, origin))
        items += _mentions(doc, document, origin)
    return Draft(given.name, {}, tuple(documents), {"mentions": tuple(items)}, tuple(problems))


def _document(doc: Any, context: Context, origin: Origin) -> Document | Problem:
    """The article that a doc is of."""
    if not isinstance(doc, dict) or not isinstance(doc.get("text"), str) or not isinstance(doc.get("ents", []), list):
        return origin.problem("schema", f"a doc of spaCy has a text and a list of ents, this is {shown(doc)}")
    beside = doc.get("_")
    name = doc.get("doc_id", beside.get("doc_id") if isinstance(beside, dict) else None)
    if name is not None:
        document = context.documents.get(name) if isinstance(name, str) else None
        return document_of(document, name, doc["text"], context, origin)
    return document_with(doc["text"], context.documents) or _nearest(doc["text"], context, origin)


def document_of(
    document: Document | None, name: object, text: str, context: Context, origin: Origin
) -> Document | Problem:
    """The document that was named, if there is one and it has this text."""
    if document is None:
        return unknown_document(name, context.documents, origin)
    return document if document.text == text else text_differs(text, document, origin)


def _nearest(text: str, context: Context, origin: Origin) -> Problem:
    """The problem that no article has this text, with the one that begins like it."""
    ranked = sorted(context.documents.values(), key=lambda each: -_common(text, each.text))
    if not ranked or not _common(text, ranked[0].text):
        return origin.problem("text-differs", f"no article of the corpus begins with {shown(text[:40])}")
    return text_differs(text, ranked[0], origin)


def _common(left: str, right: str) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(left), len(right)))


def _mentions(doc: dict[str, Any], document: Document, origin: Origin) -> Iterator[Item]:
    for i, ent in enumerate(doc.get("ents", [])):
        name = {"mention_id": f"{document.doc_id}-m{i + 1}", "doc_id": document.doc_id}
        yield Item(origin.inside(f".ents[{i}]"), {**name, **_fields(ent)} if isinstance(ent, dict) else ent)


def _fields(ent: dict[str, Any]) -> dict[str, Any]:
    keys = {"start": ("start", "start_char"), "end": ("end", "end_char"), "type": ("label",)}
    found = {name: next((ent[key] for key in given if key in ent), None) for name, given in keys.items()}
    return {name: value for name, value in found.items() if value is not None}


def _unread(doc: dict[str, Any], origin: Origin) -> Iterator[Problem]:
    groups = doc.get("spans")
    listed = groups.values() if isinstance(groups, dict) else ()
    if count := sum(len(group) for group in listed if isinstance(group, list)):
        yield origin.inside(".spans").problem("not-read", f"{count} spans in span groups", WARNING)
