"""Rules of the seeds: sources.json and the articles it lists."""

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from variorum import reading
from variorum.checks.references import dangling
from variorum.checks.rule import Finding, Rule, by_id
from variorum.checks.schema_rules import validate
from variorum.corpus import SOURCES_FILE
from variorum.problems import Problem, shown
from variorum.reuse import MIN_WORDS, words
from variorum.schema import Schema
from variorum.sources import Block, Furniture, Run, Source, Sources

RULES = by_id(
    Rule(id="seed-hash", stage="corpus", summary="sha256 and n_chars of a source are those of its file."),
    Rule(id="duplicate-source", stage="corpus", summary="A document and a file are listed once in sources.json."),
    Rule(id="unlisted-seed", stage="corpus", summary="Every file in seeds/ is listed in sources.json."),
    Rule(
        id="region-range",
        stage="corpus",
        summary="Furniture and paragraphs are stretches of the text, without white space around them.",
    ),
    Rule(id="region-order", stage="corpus", summary="Furniture, and paragraphs, stand in text order, apart."),
    Rule(id="region-nesting", stage="corpus", summary="A paragraph lies inside furniture or outside it."),
    Rule(
        id="paragraph-gap",
        stage="corpus",
        summary="If a source has paragraphs, they cover all of the text but white space.",
    ),
    Rule(
        id="copied-run",
        stage="corpus",
        summary=f"The two ends of a run of copied_from hold the same words, at least {MIN_WORDS}.",
        why="Words are compared as they were measured: case, punctuation and line breaks do not count.",
    ),
)


def check_sources(seeds: Path, schema: Schema, name: str) -> Iterator[Problem | Finding]:
    """sources.json in the folder `seeds`, and the articles; `name` is what problems call sources.json.

    Yields problems of reading as they are, and findings for all else.
    """
    read = reading.read_json(seeds / SOURCES_FILE, name)
    yield from read.problems
    if read.problems:
        return
    if invalid := list(validate(read.value, schema, "source")):
        yield from invalid
        return
    try:
        sources = msgspec.convert(read.value, Sources).sources
    except msgspec.ValidationError as error:
        yield Finding("schema", "$", str(error))
        return
    yield from _listed(seeds, sources)
    texts: dict[str, str] = {}
    for i, source in enumerate(sources):
        text = yield from _seed(seeds, source, f"$.sources[{i}]", name)
        if text is not None:
            texts[source.doc_id] = text
    yield from _copied(sources, texts)


def _listed(seeds: Path, sources: tuple[Source, ...]) -> Iterator[Finding]:
    doc_ids, files = dict[str, int](), dict[str, int]()
    for i, source in enumerate(sources):
        for first, key in ((doc_ids, source.doc_id), (files, source.file)):
            if (other := first.setdefault(key, i)) != i:
                yield Finding("duplicate-source", f"$.sources[{i}]", f"{shown(key)} is $.sources[{other}] already")
        for j, copied in enumerate(source.copied_from):
            if copied.doc_id not in {other.doc_id for other in sources}:
                yield dangling(f"$.sources[{i}].copied_from[{j}].doc_id", "document", copied.doc_id)
    for found in sorted(path.name for path in seeds.iterdir()):
        if found not in files and found != SOURCES_FILE and not found.startswith("."):
            yield Finding("unlisted-seed", "$.sources", f"{shown(found)} is in the folder but not in the list")


def _seed(seeds: Path, source: Source, place: str, name: str) -> Generator[Problem | Finding, None, str | None]:
    """What is wrong with one article; returns its text, if it has one."""
    data = reading.read_bytes(seeds / source.file, name)
    if isinstance(data, Problem):
        yield msgspec.structs.replace(data, place=f"{place}.file", message=f"{shown(source.file)}: {data.message}")
        return None
    if (found := hashlib.sha256(data).hexdigest()) != source.sha256:
        yield Finding("seed-hash", f"{place}.sha256", f"{shown(source.file)} has {found}, record says {source.sha256}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{shown(source.file)}: byte {error.start} is not UTF-8 ({error.reason})"
        yield Problem(name, f"{place}.file", "not-utf8", message)
        return None
    if len(text) != source.n_chars:
        message = f"{shown(source.file)} has {len(text)} characters, record says {source.n_chars}"
        yield Finding("seed-hash", f"{place}.n_chars", message)
    yield from _regions(source, text, place)
    return text


def _copied(sources: tuple[Source, ...], texts: Mapping[str, str]) -> Iterator[Finding]:
    """The runs between articles whose texts are at hand."""
    for i, source in enumerate(sources):
        for j, copied in enumerate(source.copied_from):
            if source.doc_id not in texts or copied.doc_id not in texts:
                continue
            for k, run in enumerate(copied.runs):
                if message := _run_fault(run, texts[source.doc_id], texts[copied.doc_id]):
                    yield Finding("copied-run", f"$.sources[{i}].copied_from[{j}].runs[{k}]", message)


def _run_fault(run: Run, text: str, other: str) -> str | None:
    here, there = text[run.start : run.end], other[run.other_start : run.other_end]
    keys, other_keys = ([word.key for word in words(each)] for each in (here, there))
    if keys != other_keys:
        return f"{shown(here, 60)} here, {shown(there, 60)} there"
    return None if len(keys) >= MIN_WORDS else f"{shown(here, 60)} has fewer than {MIN_WORDS} words"


def _regions(source: Source, text: str, place: str) -> Iterator[Finding]:
    yield from _blocks(source.furniture, text, f"{place}.furniture")
    yield from _blocks(source.paragraphs, text, f"{place}.paragraphs")
    for i, paragraph in enumerate(source.paragraphs):
        for block in source.furniture:
            overlaps = paragraph.start < block.end and block.start < paragraph.end
            if overlaps and not (block.start <= paragraph.start and paragraph.end <= block.end):
                message = f"[{paragraph.start}:{paragraph.end}] is partly {block.kind}, [{block.start}:{block.end}]"
                yield Finding("region-nesting", f"{place}.paragraphs[{i}]", message)
    if source.paragraphs:
        yield from _gaps(source.paragraphs, text, f"{place}.paragraphs")


def _blocks(blocks: Sequence[Block | Furniture], text: str, place: str) -> Iterator[Finding]:
    before = 0
    for i, block in enumerate(blocks):
        words = text[block.start : block.end]
        if not 0 <= block.start < block.end <= len(text):
            message = f"[{block.start}:{block.end}] is no stretch of a text of {len(text)} characters"
            yield Finding("region-range", f"{place}[{i}]", message)
        elif words != words.strip():
            yield Finding("region-range", f"{place}[{i}]", f"{shown(words, 60)} starts or ends with white space")
        if block.start < before:
            yield Finding("region-order", f"{place}[{i}]", f"starts at {block.start}, the one before ends at {before}")
        before = max(before, block.end)


def _gaps(paragraphs: tuple[Block, ...], text: str, place: str) -> Iterator[Finding]:
    ends = [0, *(paragraph.end for paragraph in paragraphs)]
    starts = [*(paragraph.start for paragraph in paragraphs), len(text)]
    for end, start in zip(ends, starts, strict=True):
        # A byte order mark is text, but nobody's word.
        if words := text[end:start].strip().strip("\ufeff").strip():
            yield Finding("paragraph-gap", place, f"[{end}:{start}] is in no paragraph: {shown(words, 60)}")
