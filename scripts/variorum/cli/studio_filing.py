"""Where an annotator's file is filed: the project of its round, the tasks of its pairs, and what is sent."""

from collections.abc import Iterator, Mapping

from variorum.cli import studio_pools as pools
from variorum.cli import studio_rounds as rounds
from variorum.corpus import Corpus
from variorum.label_studio import client, filing, sending
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import ARTICLE_LAYERS, PAIR_LAYERS, Round, fingerprint
from variorum.label_studio.tasks import TaskData
from variorum.problems import Problem
from variorum.records import AnnotationSet
from variorum.schema import Schema


def project_for(
    studio: client.Studio, corpus: Corpus, annotation_set: AnnotationSet, other: AnnotationSet | None
) -> tuple[client.Project, dict[str, TaskData]]:
    """The project that a set is filed in, and the tasks of its pairs; a new round of pairs is made as an open one."""
    given, name = rounds.layers_of(annotation_set), annotation_set.round
    if name is None:
        raise StudioError("the file names no round")
    if set(given) & set(PAIR_LAYERS) and set(given) & set(ARTICLE_LAYERS):
        raise StudioError("the file has pairs and labels of articles: file them as two sets")
    mark = fingerprint(corpus.documents)
    if not set(given) & set(PAIR_LAYERS):
        return client.existing(studio, name, Kind.articles, mark, corpus.schema), {}
    wanted = annotation_set.claims_from.sha256 if annotation_set.claims_from else None
    judged = pools.claims_set(corpus, other, wanted)
    if client.find(studio, name, Kind.screening):
        project = client.existing(studio, name, Kind.screening, mark, corpus.schema)
        return project, pools.screening_tasks(corpus, judged)
    whose = annotation_set.source if client.of_round(studio, name, Kind.pairs, only_own=True) else None
    if whose is None and client.find(studio, name, Kind.pairs) is None:
        sending.push(studio, *_open_round(corpus, name, judged, annotation_set.guideline_version), [])
    project = client.existing(studio, name, Kind.pairs, mark, corpus.schema, whose)
    return project, pools.pair_tasks(corpus, project.asked, list(annotation_set.contradictions or ()), judged)


def known_project(
    studio: client.Studio, corpus: Corpus, answered: Corpus, annotation_set: AnnotationSet, other: AnnotationSet | None
) -> tuple[client.Project, dict[str, TaskData]]:
    """The annotator's own project of a round into which pairs of another corpus are mixed, and the tasks of these."""
    if annotation_set.round is None or annotation_set.contradictions is None:
        raise StudioError("known answers are pairs of a round: the file has no pairs or names no round")
    mark = fingerprint(corpus.documents)
    whose = annotation_set.source
    project = client.existing(studio, annotation_set.round, Kind.pairs, mark, corpus.schema, whose)
    judged = pools.claims_set(
        answered, other, annotation_set.claims_from.sha256 if annotation_set.claims_from else None
    )
    return project, pools.pair_tasks(answered, project.asked, list(annotation_set.contradictions), judged)


def _open_round(corpus: Corpus, name: str, judged: AnnotationSet, version: str | None) -> tuple[Round, Schema, str]:
    """A round of pairs that annotators add to, under the guidelines of its first file; its labels and instructions."""
    text = rounds.guidelines_text(corpus)
    now = rounds.version(text)
    editions = rounds.editions(text) if version in (None, now) else ()
    asked = pools.pair_round(corpus, name, judged, version or now, is_open=True, editions=editions)
    return asked, corpus.schema, rounds.instructions(text, Kind.pairs)


def outside_pool(
    studio: client.Studio, project: client.Project, annotation_set: AnnotationSet, file: str
) -> Iterator[Problem]:
    """The pairs of a set that a closed round does not ask about."""
    if not project.asked.open:
        keys = client.task_numbers(studio, project)
        yield from filing.outside_pool(annotation_set, project.asked, keys, file)


def filing_of(
    annotation_set: AnnotationSet, asked: Round, corpus: Corpus, tasks: Mapping[str, TaskData], file: str
) -> filing.Filing:
    """What to send of a set."""
    if asked.kind is Kind.articles:
        return filing.article_filing(annotation_set, asked, corpus.documents, corpus.schema, file)
    if asked.kind is Kind.screening:
        return filing.screening_filing(annotation_set, tasks, corpus.documents, corpus.schema, file)
    return filing.pair_filing(annotation_set, asked, tasks, corpus.documents, corpus.schema, file)
