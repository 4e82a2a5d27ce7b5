"""CoNLL / BIO: one token a line with its tag, a blank line after each sentence; mentions only.

Columns (two to four, between tabs or blanks): the first is the token, the last the tag, as in CoNLL-2002 and
CoNLL-2003. IOB1, IOB2, IOBES and BILOU are read alike, as conlleval does: a mention begins at `B-`, `S-` or `U-`, and
at any tag but O whose type is not that of the tag before it, or that follows O, `E-`, `L-`, `S-` or `U-`. So `I-`
without `B-` begins a mention; that is right in IOB1, and in IOB2 what most scorers do. No mention goes beyond its
sentence.

Documents begin with a line `-DOCSTART- (doc_id)`, or a comment `# newdoc id = doc_id` or `# doc_id = doc_id`; without,
the file is one document and is named like it. The tokens must stand in the article in order
(`variorum.formats.alignment`); sentences may be left out. Offsets are those of the untouched article.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from variorum.corpus import Document
from variorum.formats.alignment import Aligner
from variorum.formats.draft import (
    Context,
    Draft,
    Given,
    Item,
    Origin,
    covered,
    lines_of,
    named_document,
    text_of,
    unknown_document,
)
from variorum.problems import Problem, shown

_TAG = re.compile(r"O|([BIELSU])-(.+)")
_START = "-DOCSTART-"
_COMMENT = re.compile(r"#\s*(?:(?P<key>[\w.]+(?: id)?)\s*=\s*(?P<value>.*)|begin document.*|end document.*)")
_NAMES = ("newdoc id", "doc_id")
_COLUMNS = (2, 3, 4)


class Token(NamedTuple):
    line: int
    word: str
    tag: str


class Section(msgspec.Struct):
    """The sentences of one document, and what the file calls it, None if it does not say."""

    line: int
    name: str | None
    sentences: list[list[Token]]


def read_conll(given: Given, context: Context) -> Draft:
    """The mentions that the tags of a file mark."""
    text = text_of(given)
    if isinstance(text, Problem):
        return given.nothing(text)
    problems: list[Problem] = []
    sections = _sections(text, given, problems)
    sections = [each for each in sections if each.sentences or each.name] or sections[:1]
    names = [each.name or (given.stem if len(sections) == 1 else None) for each in sections]
    readers: dict[str, _Article] = {}
    for name, section in zip(names, sections, strict=True):
        origin = given.line(section.line)
        document = named_document(name, context.documents) if name is not None else None
        if document is None:
            missing = origin.problem("unknown-document", f"this {_START} does not say which document it starts")
            problems.append(missing if name is None else unknown_document(name, context.documents, origin))
            continue
        article = readers.setdefault(document.doc_id, _Article(document, given, origin, problems))
        for sentence in section.sentences:
            article.read(sentence)
    documents = tuple(covered(each.document, each.origin) for each in readers.values())
    items = tuple(item for each in readers.values() for item in each.items)
    return Draft(given.name, {}, documents, {"mentions": items}, tuple(problems))


# --- lines ---------------------------------------------------------------------------------------------------


def _sections(text: str, given: Given, problems: list[Problem]) -> list[Section]:
    sections, sentence = [Section(1, None, [])], list[Token]()
    for number, line in enumerate(lines_of(text), 1):
        token = _token(line, given.line(number), number, problems)
        if token and token.word != _START:
            sentence.append(token)
        elif sentence:
            sections[-1].sentences.append(sentence)
            sentence = []
        name = token.tag if token and token.word == _START else _commented(line)
        if name is not None:
            sections.append(Section(number, name or None, []))
    if sentence:
        sections[-1].sentences.append(sentence)
    # What stands before the first start is a document only if there is something.
    return sections if sections[0].sentences or len(sections) == 1 else sections[1:]


def _commented(line: str) -> str | None:
    found = _COMMENT.fullmatch(line) if line.startswith("#") else None
    return found["value"].strip() if found and found["key"] in _NAMES else None


def _token(line: str, origin: Origin, number: int, problems: list[Problem]) -> Token | None:
    """The token of a line; None at the end of a sentence. The tag of -DOCSTART- is the document's name, or empty."""
    if not line.strip() or (line.startswith("#") and _COMMENT.fullmatch(line)):
        return None
    # Only these separate: a token may hold a no-break space.
    columns = line.split("\t") if "\t" in line else line.split(" ")
    columns = [column for column in columns if column] if "\t" not in line else columns
    if columns[0] == _START:
        names = (column.strip("()") for column in columns[1:] if column not in ("-X-", "O", "_", "-"))
        return Token(number, _START, next(names, ""))
    if len(columns) not in _COLUMNS:
        message = f"{len(columns)} columns; a line has two to four: the token first, the tag last"
        problems.append(origin.problem("line-shape", message))
        return Token(number, columns[0], "O")
    if not _TAG.fullmatch(columns[-1]):
        problems.append(origin.problem("tag-shape", f"{shown(columns[-1])} is no tag such as O, B-ORG, I-ORG"))
        return Token(number, columns[0], "O")
    return Token(number, columns[0], columns[-1])


# --- mentions ------------------------------------------------------------------------------------------------


class _Article:
    """Collects the mentions of one document."""

    def __init__(self, document: Document, given: Given, origin: Origin, problems: list[Problem]) -> None:
        self.document, self.given, self.origin, self.problems = document, given, origin, problems
        self.aligner, self.items = Aligner(document.text), list[Item]()

    def read(self, sentence: list[Token]) -> None:
        words = [token.word for token in sentence]
        stretches = self.aligner.place(words)
        if stretches is None:
            self._missing(sentence, self.aligner.first_failure(words))
            return
        for label, first, last in mentions([token.tag for token in sentence]):
            here = [stretch for stretch in stretches[first : last + 1] if stretch]
            origin = self.given.line(sentence[first].line)
            if not here:
                self.problems.append(origin.problem("token-not-found", "a mention of nothing but white space"))
                continue
            doc_id = self.document.doc_id
            name = {"mention_id": f"{doc_id}-m{len(self.items) + 1}", "doc_id": doc_id}
            self.items.append(Item(origin, {**name, "start": here[0][0], "end": here[-1][1], "type": label}))

    def _missing(self, sentence: list[Token], failed: int) -> None:
        """One problem for a sentence that does not stand in the text, and how many mentions went with it."""
        before = " ".join(token.word for token in sentence[max(0, failed - 4) : failed])
        after = f"after {shown(before)}" if before else f"after character {self.aligner.at}"
        lost = len(list(mentions([token.tag for token in sentence])))
        message = f"{shown(sentence[failed].word)} does not stand in document {shown(self.document.doc_id)} {after}"
        more = f"; the sentence has {lost} mention{'s' * (lost != 1)}" if lost else ""
        self.problems.append(self.given.line(sentence[failed].line).problem("token-not-found", message + more))


def mentions(tags: list[str]) -> Iterator[tuple[str, int, int]]:
    """The type, first and last token of each mention that the tags of one sentence mark.

    >>> list(mentions(["I-ORG", "I-ORG", "B-ORG", "O", "I-GPE", "I-ORG"]))
    [('ORG', 0, 1), ('ORG', 2, 2), ('GPE', 4, 4), ('ORG', 5, 5)]
    """
    opened, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        mark, _, kind = tag.partition("-")
        if opened >= 0 and (mark in "OBSU" or kind != label):
            yield label, opened, i - 1
            opened = -1
        if mark != "O" and opened < 0:
            opened, label = i, kind
        if mark in "ELSU" and opened >= 0:
            yield label, opened, i
            opened = -1
