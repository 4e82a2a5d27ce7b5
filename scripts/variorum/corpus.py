"""A corpus on disk: the one module, beside `cli`, that knows where files are.

A corpus is a folder with `seeds/` and `annotations/`; the repository is one, and `--root` names another.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from variorum import schema
from variorum.records import AnnotationSet, to_json
from variorum.sources import Source, Sources


class Document(msgspec.Struct, frozen=True):
    """One article: its record in sources.json and its text, decoded but otherwise untouched."""

    source: Source
    text: str

    @property
    def doc_id(self) -> str:
        return self.source.doc_id


class Corpus(msgspec.Struct, frozen=True):
    """The articles and label sets of one corpus, and where its files are."""

    root: Path
    schema: schema.Schema
    documents: dict[str, Document]

    @property
    def annotations(self) -> Path:
        return self.root / "annotations"

    @property
    def gold(self) -> Path:
        return self.annotations / "gold.json"

    @property
    def consolidated(self) -> Path:
        return self.annotations / "consolidated.json"

    @property
    def build(self) -> Path:
        return self.root / "build"

    def records(self, round_name: str | None = None) -> Iterator[Path]:
        """The annotators' records, in order: `annotations/records/<round>/<source>.json`."""
        yield from sorted((self.annotations / "records").glob(f"{round_name or '*'}/*.json"))

    def record(self, round_name: str, source: str) -> Path:
        """Where the record of one annotator and round lies."""
        return self.annotations / "records" / round_name / f"{source}.json"


class CorpusError(Exception):
    """There is no usable corpus; the message says why and what to do."""


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upward that holds `seeds/sources.json`; CorpusError if there is none."""
    for folder in (start, *start.parents):
        if (folder / "seeds" / "sources.json").is_file():
            return folder
    raise CorpusError(f"no corpus at {start}: it needs seeds/sources.json (name another folder with --root)")


def read_corpus(root: Path) -> Corpus:
    """Read articles and labels. CorpusError, with the file's name, for what cannot be read."""
    labels = root / "schema" / schema.LABELS_FILE
    path = root / "seeds" / "sources.json"
    try:
        own = schema.load(labels) if labels.is_file() else schema.default()
        sources = msgspec.json.decode(path.read_bytes(), type=Sources).sources
        texts = {source.doc_id: read_text(root / "seeds" / source.file) for source in sources}
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path.parent}: {error}") from error
    return Corpus(root, own, {source.doc_id: Document(source, texts[source.doc_id]) for source in sources})


def read_text(path: Path) -> str:
    """The text of a seed: UTF-8, newlines and a byte-order mark kept, since offsets count them."""
    return path.read_bytes().decode("utf-8")


def write_set(path: Path, annotation_set: AnnotationSet) -> None:
    """Write an annotation set, whole or not at all."""
    write_whole(path, to_json(annotation_set))


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write beside the target and rename, so that a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
