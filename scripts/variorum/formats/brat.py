"""brat standoff: one .ann file for each article, named like the document or its seed file.

T   a mention of the type that stands there; with the type CLAIM (in any case) a claim, with CUE a cue. Pieces with only
    white space between them are joined. What then is still in pieces is the evidence of a claim, and a problem of a
    mention: mentions are in one piece. The words behind the offsets are compared with the article, white space aside
A   on a mention `level`; on a claim `kind`, `polarity`, `certainty`, `time`. Unset: the first label of each set
#   AnnotatorNotes on a claim is its proposition; a claim without one has the words of its evidence
R   holder (claim, mention), cue (claim, CUE); Coref (mention, mention): the same entity
*   Equiv: the same entity. If a file has Coref or Equiv, every mention of it has an entity, within the article

The rest (E, N, other notes and attributes) is left out, and counted in a warning. A .txt beside the .ann has to be the
article, character for character. Offsets are code points, as brat writes them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import msgspec

from variorum.corpus import Document
from variorum.folding import fold
from variorum.formats.draft import (
    Context,
    Draft,
    Given,
    Item,
    Json,
    Origin,
    covered,
    lines_of,
    named_document,
    text_differs,
    text_of,
    unknown_document,
)
from variorum.problems import WARNING, Problem, shown

_TEXT = re.compile(r"(T[^\t]+)\t(\S+) (\d{1,18} \d{1,18}(?:;\d{1,18} \d{1,18})*)(?:\t(.*))?")
_RELATION = re.compile(r"(R[^\t]+)\t(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_ATTRIBUTE = re.compile(r"([AM][^\t]+)\t(\S+) (\S+)(?: (\S+))?\s*")
_EQUIVALENT = re.compile(r"\*\t(\S+) (\S+(?: \S+)+)\s*")
_NOTE = re.compile(r"#[^\t]*\t(\S+) (\S+)\t(.*)")
_EVENT = re.compile(r"[EN][^\t]+\t.+")
_CLAIM_FIELDS = {"kind": "claim_kind", "polarity": "polarity", "certainty": "certainty"}
Stretch = tuple[int, int]


class Text(msgspec.Struct):
    """A T line, and what other lines say of it."""

    origin: Origin
    label: str
    stretches: list[Stretch]
    fields: dict[str, str] = {}
    entity: str | None = None


def read_brat(given: Given, context: Context) -> Draft:
    """The mentions, entities and claims of one .ann file."""
    text, document = text_of(given), named_document(given.stem, context.documents)
    if isinstance(text, Problem):
        return given.nothing(text)
    if document is None:
        return given.nothing(unknown_document(given.stem, context.documents, given.line(1)))
    beside = None if given.beside is None else given.beside.decode("utf-8", "replace")
    if beside is not None and beside != document.text:
        return given.nothing(text_differs(beside, document, Origin(given.name, "the .txt beside it")))
    return _Standoff(given, document, context).draft(text)


class _Standoff:
    """Reads one file, line by line; what is wrong goes to `problems`, what has no place to `unread`."""

    def __init__(self, given: Given, document: Document, context: Context) -> None:
        self.given, self.document, self.context = given, document, context
        self.texts, self.same = dict[str, Text](), list[tuple[str, ...]]()
        self.problems, self.unread = list[Problem](), Counter[str]()
        self.linked: dict[str, dict[str, str]] = defaultdict(dict)

    def draft(self, text: str) -> Draft:
        numbered = [(self.given.line(i), line) for i, line in enumerate(lines_of(text), 1) if line.strip()]
        # The lines about a T may stand before it.
        for origin, line in sorted(numbered, key=lambda each: not each[1].startswith("T")):
            self._line(line, origin)
        self._entities()
        start = self.given.line(1)
        unread = (start.problem("not-read", f"{n} × {what}", WARNING) for what, n in sorted(self.unread.items()))
        layers = {"mentions": tuple(self._mentions()), "claims": tuple(self._claims())}
        entities = tuple(self._named_entities())
        kept = {name: items for name, items in {**layers, "entities": entities}.items() if items or name == "mentions"}
        documents = (covered(self.document, start),)
        return Draft(self.given.name, {}, documents, kept, (*self.problems, *unread))

    # --- lines ---

    def _line(self, line: str, origin: Origin) -> None:
        read = self._READERS.get(line[0])
        if read is None or not read(self, line, origin):
            message = f"{shown(line, 60)} is no line of brat standoff (T, R, A, M, E, N, # or *)"
            self.problems.append(origin.problem("line-shape", message))

    def _text(self, line: str, origin: Origin) -> bool:
        if not (found := _TEXT.fullmatch(line)):
            return False
        name, label, offsets, words = found.groups()
        stretches = [(int(a), int(b)) for a, b in (each.split(" ") for each in offsets.split(";"))]
        text = Text(origin, label, _joined(stretches, self.document.text))
        if name in self.texts:
            self.problems.append(origin.problem("duplicate-id", f"{name} is {self.texts[name].origin.place} already"))
        elif words is not None and (message := _mismatch(stretches, words, self.document.text)):
            self.problems.append(origin.problem("quote-mismatch", message))
        elif len(text.stretches) > 1 and not _is(text, "CLAIM"):
            pieces = " and ".join(f"[{start}:{end}]" for start, end in text.stretches)
            self.problems.append(origin.problem("discontinuous-mention", f"{label} is in pieces: {pieces}"))
        else:
            self.texts[name] = text
        return True

    def _relation(self, line: str, origin: Origin) -> bool:
        if not (found := _RELATION.fullmatch(line)):
            return False
        _, kind, first, second = found.groups()
        if kind.lower() in ("coref", "coreference"):
            if self._known(origin, first, second):
                self.same.append((first, second))
        elif kind.lower() in ("holder", "cue"):
            if self._known(origin, first, second):
                self.linked[first][kind.lower()] = second
        else:
            self.unread[f"relation {kind}"] += 1
        return True

    def _attribute(self, line: str, origin: Origin) -> bool:
        if not (found := _ATTRIBUTE.fullmatch(line)):
            return False
        _, key, target, value = found.groups()
        wanted = self.texts.get(target)
        allowed = (*_CLAIM_FIELDS, "time") if wanted and _is(wanted, "CLAIM") else ("level",)
        if key.lower() not in allowed or value is None:
            self.unread[f"attribute {key}"] += 1
        elif self._known(origin, target):
            self.texts[target].fields = {**self.texts[target].fields, key.lower(): value}
        return True

    def _note(self, line: str, origin: Origin) -> bool:
        found = _NOTE.fullmatch(line)
        wanted = self.texts.get(found[2]) if found else None
        if found and found[1] == "AnnotatorNotes" and wanted and _is(wanted, "CLAIM") and found[3].strip():
            wanted.fields = {**wanted.fields, "proposition": found[3].strip()}
        else:
            self.unread["note"] += 1
        return True

    def _equivalent(self, line: str, origin: Origin) -> bool:
        if not (found := _EQUIVALENT.fullmatch(line)):
            return False
        names = tuple(found[2].split(" "))
        if self._known(origin, *names):
            self.same.append(names)
        return True

    def _other(self, line: str, origin: Origin) -> bool:
        self.unread[{"E": "event", "N": "normalization"}[line[0]]] += 1
        return bool(_EVENT.fullmatch(line))

    def _known(self, origin: Origin, *names: str) -> bool:
        missing = [name for name in names if name not in self.texts]
        for name in missing:
            self.problems.append(origin.problem("dangling-reference", f"there is no text-bound {shown(name)}"))
        return not missing

    # Letter -> how a line that begins with it is read; False if the line is not of that form.
    _READERS: ClassVar[dict[str, Callable[[Any, str, Origin], bool]]] = {
        **{"T": _text, "R": _relation, "A": _attribute, "M": _attribute},
        **{"#": _note, "*": _equivalent, "E": _other, "N": _other},
    }

    # --- records ---

    def _id(self, name: str) -> str:
        return f"{self.document.doc_id}-{name}"

    def _of(self, *labels: str) -> Iterator[tuple[str, Text]]:
        """The texts with one of these labels; without labels those that are mentions."""
        for name, text in self.texts.items():
            if _is(text, *labels) if labels else not _is(text, "CLAIM", "CUE"):
                yield name, text

    def _mentions(self) -> Iterator[Item]:
        for name, text in self._of():
            record: Json = {"mention_id": self._id(name), "doc_id": self.document.doc_id, **_span(text.stretches[0])}
            record |= {"type": text.label, **text.fields}
            yield Item(text.origin, {**record, "entity_id": text.entity} if text.entity else record)

    def _claims(self) -> Iterator[Item]:
        labels = self.context.corpus.schema
        for name, text in self._of("CLAIM"):
            words = " ".join(self.document.text[start:end] for start, end in text.stretches)
            record: Json = {"claim_id": self._id(name), "doc_id": self.document.doc_id}
            record |= {"spans": [_span(each) for each in text.stretches], "proposition": words or "-"}
            record |= {field: labels.names(label_set)[0] for field, label_set in _CLAIM_FIELDS.items()}
            ends = self.linked.get(name, {})
            if holder := ends.get("holder"):
                record["holder"] = self._id(holder)
            if cue := ends.get("cue"):
                record["cue"] = _span(self.texts[cue].stretches[0])
            yield Item(text.origin, {**record, **text.fields})

    def _entities(self) -> None:
        """Give every mention the entity of its group, if the file has groups at all."""
        group = {name: {name} for name, _ in self._of()}
        for names in self.same:
            together = set().union(*(group.get(name, set()) for name in names))
            group |= dict.fromkeys(together, together)
        for name in group if self.same else ():
            self.texts[name].entity = self._id(f"e-{min(group[name], key=_number)}")

    def _named_entities(self) -> Iterator[Item]:
        """An entity for each group: the longest of its mentions gives the name and the type."""
        members: dict[str, list[Text]] = defaultdict(list)
        for text in self.texts.values():
            if text.entity:
                members[text.entity].append(text)
        for entity_id, texts in members.items():
            fullest = max(texts, key=lambda each: each.stretches[0][1] - each.stretches[0][0])
            name = self.document.text[slice(*fullest.stretches[0])] or entity_id
            yield Item(fullest.origin, {"entity_id": entity_id, "name": name, "type": fullest.label})


def _is(text: Text, *labels: str) -> bool:
    return text.label.upper() in labels


def _number(name: str) -> tuple[int, str]:
    return len(name), name


def _span(stretch: Stretch) -> Json:
    return {"start": stretch[0], "end": stretch[1]}


def _joined(stretches: list[Stretch], text: str) -> list[Stretch]:
    """The pieces, those with only white space between them as one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start >= found[-1][1] and not text[found[-1][1] : start].strip():
            start = found.pop()[0]
        found.append((start, end))
    return found


def _mismatch(stretches: list[Stretch], words: str, text: str) -> str | None:
    """How the words of a T line differ from the text at its offsets, white space aside; None if they do not."""
    there = " ".join(text[start:end] for start, end in stretches)
    if not there.strip() or " ".join(there.split()) == " ".join(words.split()) or fold(there) == fold(words):
        return None
    return f"the text there is {shown(there)}, the line says {shown(words)}"
