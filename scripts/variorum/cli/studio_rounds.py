"""What the `variorum studio` commands read from the corpus folder: guidelines, articles, predictions."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from variorum import guidelines
from variorum.checks import read_set
from variorum.cli.app import fail, lines, shown
from variorum.corpus import Corpus
from variorum.label_studio import articles
from variorum.label_studio import pairs as judged_pairs
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.instructions import page_help, to_html
from variorum.label_studio.results import Result
from variorum.label_studio.rounds import Edition, Round, fingerprint
from variorum.label_studio.tasks import TaskData, article_task
from variorum.problems import ERROR, several
from variorum.records import LAYERS, AnnotationSet


def guidelines_text(corpus: Corpus) -> str:
    """The corpus' guidelines; ends with exit code 2 if there are none."""
    path = corpus.annotations / "GUIDELINES.md"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        fail(f"{shown(path)} cannot be read ({error}): annotators need guidelines")


def version(text: str) -> str:
    """The version that guidelines name; StudioError if they name none."""
    try:
        return guidelines.version(text)
    except ValueError as error:
        raise StudioError(str(error)) from error


def instructions(text: str, kind: Kind) -> str:
    """How the page of this kind of round works, and the guidelines, as HTML."""
    return to_html(page_help(kind) + text)


def export_path(corpus: Corpus, round_name: str, kind: Kind) -> Path:
    """Where the export of a round lies."""
    return corpus.annotations / "exports" / f"{round_name}.{kind}.json"


def kept_path(export: Path) -> Path:
    """Where lies what else the records of an export are made of."""
    return export.with_suffix(".round.json")


def export_beside(kept: Path) -> Path:
    """The inverse of `kept_path`."""
    return kept.with_name(kept.name.removesuffix(".round.json") + ".json")


def kept_paths(corpus: Corpus) -> list[Path]:
    """Every pulled round of a corpus, in order."""
    return sorted((corpus.annotations / "exports").glob("*.round.json"))


def layers_of(annotation_set: AnnotationSet) -> tuple[str, ...]:
    """The layers that a set has."""
    return tuple(layer for layer in LAYERS if getattr(annotation_set, layer) is not None)


# --- articles ------------------------------------------------------------------------------------------------


def article_round(corpus: Corpus, name: str, layers: tuple[str, ...], text: str) -> Round:
    """A round of articles under the corpus' guidelines."""
    return Round(fingerprint(corpus.documents), name, Kind.articles, version(text), layers, editions=editions(text))


def editions(text: str) -> tuple[Edition, ...]:
    """The guidelines that a round begins with."""
    return (Edition(version(text), hashlib.sha256(text.encode()).hexdigest()),)


def for_practice(asked: Round, practice: bool) -> Round:
    """The round, on which agreement is not measured if it is for practice."""
    return msgspec.structs.replace(asked, measured=not practice)


def article_tasks(corpus: Corpus, asked: Round) -> list[TaskData]:
    """A task for each article of the corpus."""
    return [article_task(document, asked.guideline_version) for document in corpus.documents.values()]


def adjudication_round(corpus: Corpus, name: str, text: str) -> Round:
    """The adjudication of a round, under the corpus' guidelines."""
    mark = fingerprint(corpus.documents)
    return Round(mark, name, Kind.adjudication, version(text), (), editions=editions(text))


# --- predictions ---------------------------------------------------------------------------------------------


def predicted(corpus: Corpus, file: Path, claims: AnnotationSet | None) -> AnnotationSet:
    """A system's labels; ends with every error of the file and exit code 1 if they cannot be used."""
    checked = read_set(file, corpus, shown(file), claims)
    errors = [problem for problem in checked.problems if problem.level == ERROR]
    if errors or checked.annotation_set is None:
        lines(problem.line() for problem in errors)
        fail("nothing was sent", 1)
    return checked.annotation_set


def prediction_results(
    shown_set: AnnotationSet, asked: Round, corpus: Corpus, tasks: Mapping[str, TaskData], file: str
) -> dict[str, list[Result]]:
    """A system's labels as results of the round's tasks, marked as such; StudioError if it asks for none of them."""
    controls = asked.controls(corpus.schema)
    if asked.kind is Kind.screening:
        raise StudioError("predictions go into rounds of articles or pairs: a screening begins with empty lists")
    if not set(layers_of(shown_set)) & set(asked.layers):
        raise StudioError(f"{file} has nothing that {asked.title!r} asks for: {several(asked.layers)}")
    if asked.kind is Kind.articles:
        found = articles.to_results(shown_set, controls, corpus.documents)
    else:
        known = [pair for pair in shown_set.contradictions or () if pair.pair_id in tasks]
        found = {pair.pair_id: judged_pairs.to_result(pair, tasks[pair.pair_id], controls) for pair in known}
    return {key: [_proposed(each) for each in results] for key, results in found.items() if results}


def _proposed(result: Result) -> Result:
    return {**result, "origin": "prediction"} if "origin" in result else result
