"""`seeds/sources.json` from the texts in `seeds/`: entries for new files, computed fields anew, and how it is written.

What a person set by hand is never touched. Offsets are half-open and count code points.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from variorum import reuse
from variorum.records import Record
from variorum.sources import Block, Source

RIGHTS = "To be filled in: who holds the rights in this text, and on what terms it is included."
LANGUAGE = "und"  # BCP 47: not determined
TITLE_CHARS = 120
_BLANK_LINES = re.compile(r"(?:\r\n|\n|\r(?!\n))[^\S\r\n]*[\r\n]\s*")
_NO_ID = re.compile(r'[\s"]+')


class Listing(Record, frozen=True):
    """The sources, by doc_id, and in a line each what was changed."""

    sources: tuple[Source, ...]
    changes: tuple[str, ...]


def listing(known: Sequence[Source], texts: Mapping[str, str]) -> Listing:
    """The sources of the files in `texts` (by file name): the known ones and new ones, measured.

    `texts` has every file that a known source names; KeyError if not. ValueError if a file is listed twice, or
    two have one doc_id.
    """
    for names in ([source.doc_id for source in known], [source.file for source in known]):
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise ValueError(f"{twice[0]!r} is listed twice")
    listed = {source.file for source in known}
    added = new_sources([file for file in sorted(texts) if file not in listed], texts, {s.doc_id for s in known})
    before = sorted([*known, *added], key=lambda source: source.doc_id)
    after = reuse.measured(before, {source.doc_id: texts[source.file] for source in before})
    fresh = {source.file for source in added}
    changes = [line for old, new in zip(before, after, strict=True) for line in _changes(old, new, new.file in fresh)]
    return Listing(tuple(after), tuple(changes))


def _changes(old: Source, new: Source, added: bool) -> Iterator[str]:
    if added:
        yield f"{new.doc_id}: new, from {new.file}; look at title, language and rights, and mark the furniture"
        return
    if changed := [name for name in ("sha256", "n_chars", "copied_from") if getattr(old, name) != getattr(new, name)]:
        moved = "sha256" in changed and (new.furniture or new.paragraphs)
        yield f"{new.doc_id}: {', '.join(changed)}" + ("; look at furniture and paragraphs again" if moved else "")


# --- new files -----------------------------------------------------------------------------------------------


def new_sources(files: Sequence[str], texts: Mapping[str, str], taken: set[str]) -> list[Source]:
    """A source for each new file, with what a program can tell; ValueError if a doc_id would stand twice."""
    short = Counter(doc_id(file) for file in files)
    names = [doc_id(file) if short[doc_id(file)] == 1 and doc_id(file) not in taken else stem(file) for file in files]
    for name, count in Counter([*names, *taken]).items():
        if count > 1:
            raise ValueError(f"two files would have the doc_id {name!r}: give one of them another name")
    return [_source(name, file, texts[file]) for name, file in zip(names, files, strict=True)]


def stem(file: str) -> str:
    """The name of a file without its ending, as an id: white space and quotation marks are hyphens.

    >>> stem("03_my story.txt")
    '03_my-story'
    """
    name = file.rpartition(".")[0] or file
    return _NO_ID.sub("-", name).strip("-") or "-"


def doc_id(file: str) -> str:
    """The id that a file suggests: what stands before the first underscore, or all of its stem.

    >>> doc_id("03_my story.txt"), doc_id("harbour.txt")
    ('03', 'harbour')
    """
    return stem(file).partition("_")[0] or stem(file)


def _source(name: str, file: str, text: str) -> Source:
    blocks = paragraphs(text)
    return Source(
        doc_id=name,
        file=file,
        title=_title(text[blocks[0].start : blocks[0].end]) if blocks else f"[{name}]",
        language=LANGUAGE,
        sha256="",
        n_chars=0,
        rights=RIGHTS,
        paragraphs=blocks,
    )


def _title(text: str) -> str:
    """The first line, in square brackets, which say that no person read it as the headline."""
    first = " ".join(text.splitlines()[0].split())
    return f"[{first if len(first) <= TITLE_CHARS else first[: TITLE_CHARS - 1] + '…'}]"


def paragraphs(text: str) -> tuple[Block, ...]:
    """What stands between blank lines, without the white space around it; a byte order mark is in none.

    >>> [(block.start, block.end) for block in paragraphs("One\\ntwo.\\n\\n  Three. ")]
    [(0, 8), (12, 18)]
    """
    breaks = list(_BLANK_LINES.finditer(text))
    starts = [len(text) - len(text.removeprefix("\ufeff")), *(found.end() for found in breaks)]
    ends = [*(found.start() for found in breaks), len(text)]
    return tuple(block for a, b in zip(starts, ends, strict=True) if (block := _stripped(text, a, b)))


def _stripped(text: str, start: int, end: int) -> Block | None:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    return Block(start=begin, end=begin + len(piece.strip())) if piece.strip() else None


# --- how it is written ---------------------------------------------------------------------------------------


def to_json(sources: Sequence[Source], schema_version: str) -> bytes:
    """The file: every field on a line of its own, and every span on one."""
    value = {"schema_version": schema_version, "sources": [_plain(source) for source in sources]}
    return f"{_layout(value)}\n".encode()


def _plain(value: Any) -> Any:
    """A record with all its fields, those at their default included."""
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return [_plain(member) for member in value] if isinstance(value, tuple) else value


def _layout(value: Any, indent: str = "") -> str:
    inner = f"{indent}  "
    if isinstance(value, list) and value:
        return f"[\n{inner}" + f",\n{inner}".join(_layout(member, inner) for member in value) + f"\n{indent}]"
    if isinstance(value, dict) and not value.keys() >= {"start", "end"}:
        members = (f"{json.dumps(key)}: {_layout(member, inner)}" for key, member in value.items())
        return f"{{\n{inner}" + f",\n{inner}".join(members) + f"\n{indent}}}"
    return json.dumps(value, ensure_ascii=False)
