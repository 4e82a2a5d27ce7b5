"""Drafts: what a reader makes of a file, before anything is checked. Plain JSON records, each with where it stands."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from variorum.corpus import Corpus, Document
from variorum.problems import ERROR, Problem, several, shown
from variorum.records import AnnotationSet, claims_sha256

Json = dict[str, Any]


class Origin(NamedTuple):
    """Where something stands: the file as problems call it, and a JSON path or `line 7`."""

    file: str
    place: str

    def problem(self, rule: str, message: str, level: str = ERROR) -> Problem:
        return Problem(self.file, self.place, rule, message, level)

    def inside(self, path: str) -> "Origin":
        """The origin of what is at a path (such as `.holder`, or nothing) of the record that stands here.

        >>> Origin("a.jsonl", "line 7").inside(".spans[0]").place
        'line 7 $.spans[0]'
        """
        line = path and not self.place.startswith("$")
        return Origin(self.file, f"{self.place} ${path}" if line else self.place + path)


class Item(NamedTuple):
    """A record, or an entry of `documents`, and where it stands. Its fields have not been looked at."""

    origin: Origin
    value: Any


class Draft(msgspec.Struct, frozen=True):
    """What a file holds, as far as it could be read.

    `header`: the fields of the set but for `documents` and the layers that are lists. What a format does not say is
    left out; it is filled in later unless the file is `headed`, an annotation set that has to say everything itself.
    `listed`: whether there is a list of documents, if only an empty one.
    `problems` are those of reading; what they are about is in no layer. A `broken` draft lacks more than single
    records, so that nothing of it may be scored.
    """

    name: str
    header: Json = {}
    documents: tuple[Item, ...] = ()
    layers: dict[str, tuple[Item, ...]] = {}
    problems: tuple[Problem, ...] = ()
    broken: bool = False
    headed: bool = False
    listed: bool = True

    @property
    def size(self) -> int:
        """How many records it has."""
        return sum(map(len, self.layers.values()))


class Given(msgspec.Struct, frozen=True):
    """One file: what problems call it, its name without the suffix, its bytes, the .txt beside it (brat)."""

    name: str
    stem: str
    data: bytes
    beside: bytes | None = None

    def line(self, number: int) -> Origin:
        return Origin(self.name, f"line {number}")

    def nothing(self, *problems: Problem) -> Draft:
        """The draft of a file that cannot be read at all."""
        return Draft(self.name, problems=problems, broken=True)


class Context(msgspec.Struct, frozen=True):
    """What readers need beside the file: the corpus, the set whose claims may be judged, the label map."""

    corpus: Corpus
    claims: AnnotationSet | None = None
    label_map: Mapping[str, str | None] = {}

    @property
    def documents(self) -> Mapping[str, Document]:
        return self.corpus.documents


Reader = Callable[[Given, Context], Draft]


# --- text ----------------------------------------------------------------------------------------------------


def text_of(given: Given) -> str | Problem:
    """The text of a file of lines: UTF-8, a byte-order mark dropped; else the problem, with its line."""
    try:
        return given.data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        number = given.data.count(b"\n", 0, error.start) + 1
        utf16 = given.data[:2] in (b"\xff\xfe", b"\xfe\xff")
        why = "the file looks like UTF-16" if utf16 else error.reason
        message = f"byte 0x{given.data[error.start]:02x} is not UTF-8 ({why})"
        return given.line(number).problem("not-utf8", message)


def lines_of(text: str) -> list[str]:
    """The lines of a text; only a line feed ends one, a carriage return before it goes."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def without_texts(value: Any) -> Any:
    """A record without the words of its spans, for where there is no text to hold them against."""
    if isinstance(value, dict):
        return {name: without_texts(member) for name, member in value.items() if name != "text"}
    return [without_texts(member) for member in value] if isinstance(value, list) else value


# --- documents -----------------------------------------------------------------------------------------------


def named_document(name: str, documents: Mapping[str, Document]) -> Document | None:
    """The document that a name means: its doc_id, or the name of its file without the suffix."""
    if name in documents:
        return documents[name]
    return next((each for each in documents.values() if each.source.file.rpartition(".")[0] == name), None)


def document_with(text: object, documents: Mapping[str, Document]) -> Document | None:
    """The first document with exactly this text."""
    return next((each for each in documents.values() if each.text == text), None)


def unknown_document(name: object, documents: Iterable[str], origin: Origin) -> Problem:
    message = f"the corpus has no document {shown(name)}; it has {several(documents)}"
    return origin.problem("unknown-document", message)


def text_differs(text: str, document: Document, origin: Origin) -> Problem:
    """The problem that a text is not that of a document, with the first place where they differ."""
    pairs = enumerate(zip(text, document.text, strict=False))
    at = next((i for i, (left, right) in pairs if left != right), min(len(text), len(document.text)))
    here, there = (shown(each[at : at + 20]) for each in (text, document.text))
    message = f"from character {at} on it reads {here}, the text of document {shown(document.doc_id)} {there}"
    return origin.problem("text-differs", message)


def covered(document: Document, origin: Origin) -> Item:
    """The entry of `documents` for an article of the corpus."""
    return Item(origin, {"doc_id": document.doc_id, "text_sha256": document.source.sha256})


def claims_from(claims: AnnotationSet) -> Json:
    """The header's entry for pairs about the claims of another set."""
    return {"source": claims.source, "sha256": claims_sha256(claims.claims or ())}


# --- several files -------------------------------------------------------------------------------------------


def merged(name: str, drafts: Iterable[Draft], problems: Iterable[Problem] = ()) -> Draft:
    """The drafts of several files as one set. Ids that clash are left for the checks; headers that do are a problem.

    A document that several files cover is listed once; so is an entity that stands in several, the same in each.
    """
    header: Json = {}
    found, broken, headed = list(problems), False, False
    documents, layers = dict[str, Item](), dict[str, dict[str, Item]]()
    said_by: dict[str, str] = {}
    for draft in drafts:
        broken, headed = broken or draft.broken, headed or draft.headed
        found += draft.problems
        for key, value in draft.header.items():
            if header.setdefault(key, value) != value and value is not None:
                message = f"{key} is {_brief(value)}, but {_brief(header[key])} in {said_by[key]}"
                found.append(Problem(draft.name, f"$.{key}", "header-conflict", message))
                broken = True
            said_by.setdefault(key, draft.name)
        for i, item in enumerate(draft.documents):
            documents.setdefault(_key(item, f"{draft.name} {i}", True), item)
        for layer, items in draft.layers.items():
            listed = layers.setdefault(layer, {})
            for i, item in enumerate(items):
                listed.setdefault(_key(item, f"{draft.name} {i}", layer == "entities"), item)
    as_tuples = {layer: tuple(items.values()) for layer, items in layers.items()}
    header = {key: value for key, value in header.items() if not (value is None and key in as_tuples)}
    return Draft(name, header, tuple(documents.values()), as_tuples, tuple(found), broken, headed)


def _brief(value: object) -> str:
    return shown(value) if not isinstance(value, dict) else shown(msgspec.json.encode(value).decode())


def _key(item: Item, place: str, same: bool) -> str:
    """What decides whether an item is there already: its content, or (else) its place, so that it never is."""
    return msgspec.json.encode(item.value, order="sorted").decode() if same else place
