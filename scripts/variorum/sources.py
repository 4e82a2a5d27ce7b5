"""The records of `seeds/sources.json`: what is known of each article."""

from variorum.records import Record


class Block(Record, frozen=True, kw_only=True):
    """A stretch of an article, half-open, in code points."""

    start: int
    end: int


class Furniture(Record, frozen=True, kw_only=True):
    """A stretch that is not part of the telling, such as a comment form; it is not annotated."""

    start: int
    end: int
    kind: str


class Run(Record, frozen=True, kw_only=True):
    """A run of words that stands in this article (start, end) and in the other one."""

    start: int
    end: int
    other_start: int
    other_end: int


class CopiedFrom(Record, frozen=True, kw_only=True):
    """Measured text reuse between this article and another."""

    doc_id: str
    direction: str
    runs: tuple[Run, ...]


class Source(Record, frozen=True, kw_only=True):
    doc_id: str
    file: str
    title: str
    publisher: str | None = None
    published: str | None = None
    dateline: str | None = None
    language: str
    sha256: str
    n_chars: int
    rights: str
    copied_from: tuple[CopiedFrom, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    paragraphs: tuple[Block, ...] = ()


class Sources(Record, frozen=True, kw_only=True):
    schema_version: str
    sources: tuple[Source, ...]
