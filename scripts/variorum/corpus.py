"""A corpus on disk: the one module, beside `cli`, that knows where files are.

A corpus is a folder with `seeds/` and `annotations/`; the repository is one, and `--root` names another.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from variorum import reading, schema
from variorum.problems import Problem, shown
from variorum.records import AnnotationSet, to_json
from variorum.sources import Source, Sources

SOURCES_FILE = "sources.json"
PREDICTION_FILE, SYSTEM_FILE, CONTRAST_FILE = "prediction.json", "system.json", "contrast.csv"  # of an entry
_HERE = Path(__file__).resolve().parent
# The corpus whose gold comes with the package: in the wheel a folder without texts (hatch_build.py), else the clone.
SHIPPED = next((p for p in (_HERE / "_gold", _HERE.parents[1]) if (p / "seeds" / SOURCES_FILE).is_file()), None)
STAND_IN = "\N{REPLACEMENT CHARACTER}"  # for every character of a text that is not there


class Document(msgspec.Struct, frozen=True):
    """One article: its record in sources.json and its text, decoded but otherwise untouched."""

    source: Source
    text: str

    @property
    def doc_id(self) -> str:
        return self.source.doc_id


class Corpus(msgspec.Struct, frozen=True):
    """The articles and label sets of one corpus, and where its files are.

    Without `has_texts` its texts are as long as they should be, and nothing else can be told of them.
    """

    root: Path
    schema: schema.Schema
    documents: dict[str, Document]
    has_texts: bool = True

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
    def claim_sets(self) -> tuple[Path, ...]:
        """Where sets lie whose claims pairs can be about: those of today, and those that earlier rounds judged."""
        return (self.consolidated, self.gold, *sorted((self.annotations / "earlier").glob("*.json")))

    @property
    def contrast_assigned(self) -> Path:
        """Who writes and who verifies which edit."""
        return self.annotations / "contrast" / "assigned.json"

    @property
    def contrast_written(self) -> tuple[Path, ...]:
        """The annotators' edits, one file each, in order."""
        return tuple(sorted((self.annotations / "contrast" / "written").glob("*.json")))

    @property
    def contrast_verified(self) -> tuple[Path, ...]:
        """The annotators' judgements of edits, one file each, in order."""
        return tuple(sorted((self.annotations / "contrast" / "verified").glob("*.json")))

    @property
    def contrast(self) -> Path:
        """The contrast pairs that were accepted."""
        return self.annotations / "contrast.json"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def leaderboard(self) -> Path:
        return self.root / "leaderboard"

    def entries(self) -> tuple[Path, ...]:
        """The folders of the leaderboard's entries, by name: leaderboard/<name>."""
        found = (path for path in self.leaderboard.glob("*") if path.is_dir() and path.name[0] not in "._")
        return tuple(sorted(found))

    def records(self, round_name: str | None = None) -> Iterator[Path]:
        """The annotators' records, in order: `annotations/records/<round>/<source>.json`."""
        yield from sorted((self.annotations / "records").glob(f"{round_name or '*'}/*.json"))

    def record(self, round_name: str, source: str) -> Path:
        """Where the record of one annotator and round lies."""
        return self.annotations / "records" / round_name / f"{source}.json"


class CorpusError(Exception):
    """There is no usable corpus; the message says why and what to do."""


class NoCorpus(CorpusError):
    """There is none at all here."""


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upward that holds `seeds/sources.json`; CorpusError if there is none."""
    for folder in (start, *start.parents):
        if (folder / "seeds" / SOURCES_FILE).is_file():
            return folder
    raise _missing(start)


def require_sources(root: Path) -> None:
    """CorpusError if there is no `seeds/sources.json` at `root`, not even one that cannot be read."""
    if not os.path.lexists(root / "seeds" / SOURCES_FILE):
        raise _missing(root)


def _missing(root: Path) -> NoCorpus:
    return NoCorpus(f"no corpus at {root}: it needs seeds/{SOURCES_FILE} (name another folder with --root)")


def read_corpus(root: Path) -> Corpus:
    """Read articles and labels. CorpusError, with the file's name, for what cannot be read or is another text."""
    corpus = read_unverified(root)
    for document in corpus.documents.values():
        source, found = document.source, hashlib.sha256(document.text.encode()).hexdigest()
        if (found, len(document.text)) != (source.sha256, source.n_chars):
            why = f"not the text that {SOURCES_FILE} describes (sha256, n_chars), in which all offsets count"
            raise _refused(root / "seeds" / source.file, f"{why}; restore it (`variorum check` lists what differs)")
    return corpus


def read_unverified(root: Path) -> Corpus:
    """The same, but the texts are not held against sources.json: for `check`, which tells everything that is wrong."""
    require_sources(root)
    seeds, labels = root / "seeds", labels_file(root)
    try:
        own = schema.load(labels) if labels else schema.default()
    except ValueError as error:
        raise CorpusError(str(error)) from error
    sources = _read_sources(seeds / SOURCES_FILE)
    return Corpus(root, own, {each.doc_id: Document(each, read_text(seeds / each.file)) for each in sources})


def read_shipped(texts: Mapping[str, str] | None = None) -> Corpus:
    """The corpus whose gold comes with the package, with these texts by doc_id; CorpusError if they are others.

    Left out, it has texts only if the package lies in its clone.
    """
    if SHIPPED is None:
        raise CorpusError("no gold comes with this installation; name a corpus with --root")
    if texts is None and SHIPPED.name != "_gold":
        return read_corpus(SHIPPED)
    documents = {}
    for source in _read_sources(SHIPPED / "seeds" / SOURCES_FILE):
        text = texts.get(source.doc_id) if texts is not None else STAND_IN * source.n_chars
        if text is None or (texts is not None and hashlib.sha256(text.encode()).hexdigest() != source.sha256):
            raise CorpusError(f"the text of {source.doc_id} is not there, or not the one that gold is about")
        documents[source.doc_id] = Document(source, text)
    return Corpus(SHIPPED, schema.default(), documents, texts is not None)


def labels_file(root: Path) -> Path | None:
    """The corpus' own labels, if it has any."""
    path = root / "schema" / schema.LABELS_FILE
    return path if os.path.lexists(path) else None


def _read_sources(path: Path) -> tuple[Source, ...]:
    read = reading.read_json(path, str(path))
    if read.problems:
        raise _refused(path, f"{read.problems[0].place}: {read.problems[0].message}".removeprefix("$: "))
    # Before any file that it names is opened.
    if error := next(schema.default().validator("source").iter_errors(read.value), None):
        raise _refused(path, f"{error.json_path}: {shown(error.message)} (`variorum check` lists everything)")
    return msgspec.convert(read.value, Sources).sources


def _refused(path: Path, why: str) -> CorpusError:
    return CorpusError(f"{path}: {why}")


def read_text(path: Path) -> str:
    """The text of a seed: UTF-8, newlines and a byte-order mark kept, since offsets count them. CorpusError."""
    data = reading.read_bytes(path, str(path))
    if isinstance(data, Problem):
        raise _refused(path, data.message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(path, f"byte {error.start} is not UTF-8 ({error.reason})") from error


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
