"""Checking a whole corpus: the seeds, every file under annotations/, and files beside one another."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from variorum import reading, schema
from variorum.checks import studio
from variorum.checks.annotation_sets import RULES, Checked, check_value, read_set
from variorum.checks.contrast_files import (
    KINDS,
    check_contrast,
    check_contrast_place,
    contrast_kind,
    read_contrast,
)
from variorum.checks.rule import Finding, problems
from variorum.checks.sources import check_sources
from variorum.checks.stored import Judged, check_other, check_place, concept, json_files, read_annotators
from variorum.corpus import SOURCES_FILE, Corpus, CorpusError, labels_file, read_unverified
from variorum.problems import ERROR, Problem
from variorum.records import AnnotationSet, Annotator

Track = Callable[[Iterable[Path]], Iterable[Path]]


def corpus_files(root: Path) -> list[Path]:
    """The files that `check_corpus` looks at: sources.json, and all *.json under annotations/."""
    return [root / "seeds" / SOURCES_FILE, *json_files(root / "annotations")]


def check_corpus(root: Path, name: Callable[[Path], str] = str, track: Track = iter) -> Iterator[Problem]:
    """Everything that is wrong with the corpus at `root`, file by file. Never raises.

    `name` says what problems call a file; `track` may wrap the files in order to show how far it is.
    """
    seeds, *files = corpus_files(root)
    broken = False
    for problem in _check_seeds(root, seeds, name):
        broken |= problem.level == ERROR
        yield problem
    try:
        corpus = read_unverified(root)
    except CorpusError as error:
        if not broken:
            yield Problem(name(seeds), "$", "unreadable", str(error))
        return
    pulled: dict[str, studio.Pulled] = {}
    judged, annotators = Judged(), read_annotators(corpus.annotations / "annotators.json")
    for path in track(files):
        kind = concept(path, corpus.annotations)
        if path.parent.name == "exports" and not studio.is_header(path):
            yield from problems(studio.check_export(path, corpus, name(path), pulled), RULES, name(path))
            continue
        if kind != "annotation_set":
            yield from _not_a_set(path, kind, corpus, name(path), annotators)
            continue
        checked = read_set(path, corpus, name(path))
        yield from checked.problems
        if checked.quotes:
            message = f"{checked.quotes} spans have a quote in place of offsets"
            yield from problems([Finding("quote-stored", "$", message)], RULES, name(path))
        if checked.annotation_set:
            yield from problems(check_place(path, checked.annotation_set, annotators), RULES, name(path))
            yield from problems(judged.check(checked.annotation_set, name(path)), RULES, name(path))
            yield from studio.check_record(checked.annotation_set, pulled, name(path))


def _not_a_set(
    path: Path, kind: str | None, corpus: Corpus, name: str, annotators: dict[str, Annotator] | None
) -> Iterator[Problem]:
    """A file below annotations/ that is something else than an annotation set or an export."""
    if kind in KINDS:
        edited = read_contrast(path, kind, corpus, name)
        yield from edited.problems
        yield from problems(check_contrast_place(path, edited, annotators), RULES, name)
        return
    yield from problems(check_other(path, kind, corpus.schema, name), RULES, name)
    if kind == "round_header":
        yield from problems(studio.check_header(path), RULES, name)


def _check_seeds(root: Path, seeds: Path, name: Callable[[Path], str]) -> Iterator[Problem]:
    if labels := labels_file(root):
        try:
            schema.load(labels)
        except ValueError as error:
            yield Problem(name(labels), "$", "labels-file", str(error))
    yield from problems(check_sources(seeds.parent, schema.default(), name(seeds)), RULES, name(seeds))


def check_file(path: Path, corpus: Corpus, name: str, claims: AnnotationSet | None = None) -> Checked:
    """Check one file: an annotation set, or what its place below the corpus' annotations/ says it is."""
    kind = concept(path, corpus.annotations)
    if kind == "annotation_set":
        read = reading.read_json(path, name)
        if read.problems:
            return Checked(None, read.problems)
        if edited := contrast_kind(read.value):
            return Checked(None, check_contrast(read.value, edited, corpus, name, claims).problems)
        return check_value(read.value, name, corpus, claims)
    if kind in KINDS:
        return Checked(None, read_contrast(path, kind, corpus, name, claims).problems)
    return Checked(None, tuple(problems(check_other(path, kind, corpus.schema, name), RULES, name)))
