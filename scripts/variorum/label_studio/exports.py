"""What the server exports: made fit to be published, and turned into one annotation set for each annotator.

published   raw export -> the same without e-mails and drafts, users by pseudonym, in a fixed order
sets        that -> annotation sets, and problems
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from variorum.corpus import Document
from variorum.label_studio import articles, pairs
from variorum.label_studio.controls import Kind
from variorum.label_studio.results import At
from variorum.label_studio.rounds import Round
from variorum.problems import ERROR, WARNING, Problem, shown
from variorum.records import AnnotationSet, DocumentRef, Pair
from variorum.schema import SCHEMA_VERSION, Schema

Task = dict[str, Any]
_EMAIL = re.compile(r"[^\s\"'<>@]+@[^\s\"'<>@]+\.[^\s\"'<>@]+")
_USERS = ("completed_by", "updated_by", "last_created_by", "created_by", "user", "user_id")


class Pulled(msgspec.Struct, frozen=True):
    """The annotation sets by annotator, what is wrong on the server, and whose sets lack something for it."""

    sets: dict[str, AnnotationSet]
    problems: tuple[Problem, ...]
    faulty: frozenset[str]


class Progress(msgspec.Struct, frozen=True):
    """How many tasks an annotator has labelled and how many it has skipped."""

    done: int = 0
    skipped: int = 0


# --- fit to be published -------------------------------------------------------------------------------------


def published(tasks: list[Task], pseudonyms: Mapping[int, str], key: str) -> list[Task]:
    """The export without e-mails and drafts (which hold e-mails), users by pseudonym, tasks in the order of their ids.

    `pseudonyms` has the annotators by the server's number; other users stay numbers.
    """
    cleaned = [{name: value for name, value in task.items() if name != "drafts"} for task in tasks]
    renamed = [_renamed(task, pseudonyms) for task in cleaned]
    for task in renamed:
        listed = task.get("annotations") or []
        task["annotations"] = sorted(listed, key=lambda each: (str(each.get("completed_by")), each.get("id", 0)))
    return sorted(renamed, key=lambda task: (str(_data(task).get(key)), task.get("id", 0)))


def _data(task: Task) -> Task:
    data = task.get("data")
    return data if isinstance(data, dict) else {}


def _renamed(value: Any, pseudonyms: Mapping[int, str], name: str = "") -> Any:
    """Users by pseudonym, wherever they are named; task data and results are left as they are."""
    if isinstance(value, dict):
        if name in _USERS and isinstance(value.get("id"), int):
            return _renamed(value["id"], pseudonyms, name)
        kept = ("data", "result")
        return {key: v if key in kept else _renamed(v, pseudonyms, key) for key, v in value.items() if key != "email"}
    if isinstance(value, list):
        return [_renamed(item, pseudonyms, name) for item in value]
    if name in _USERS and isinstance(value, int):
        return pseudonyms.get(value, value)
    return _EMAIL.sub("(e-mail removed)", value) if isinstance(value, str) else value


def to_bytes(tasks: list[Task]) -> bytes:
    """An export as it is kept: JSON, one value a line, so that what changed can be seen."""
    return (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


# --- annotation sets -----------------------------------------------------------------------------------------


class _Filed(msgspec.Struct, frozen=True):
    """One annotator's answer to one task."""

    source: str
    key: str
    data: Task
    result: object
    at: At


def sets(tasks: list[Task], asked: Round, documents: Mapping[str, Document], schema: Schema, file: str) -> Pulled:
    """The annotation set of each annotator in a published export; `file` is what problems call it. Never raises.

    Tasks are verified first, then each annotation; what is not fit to be a record is a problem and left out.
    """
    found: _Found = {None: []}
    by_source: dict[str, list[_Filed]] = {}
    for filed in _filed(tasks, asked, documents, At(file, "$"), found):
        by_source.setdefault(filed.source, []).append(filed)
    make = _article_set if asked.kind is Kind.articles else _pair_set
    made = {source: make(by_source[source], asked, documents, schema, found[source]) for source in sorted(by_source)}
    problems = tuple(problem for each in found.values() for problem in each)
    wrong = {source for source, each in found.items() if any(problem.level == ERROR for problem in each)}
    faulty = frozenset(source for source in made if source in wrong or None in wrong)
    return Pulled(made, problems, faulty)


_Found = dict[str | None, list[Problem]]  # the problems with each annotator's work; None: with the tasks themselves


def _filed(
    tasks: list[Task], asked: Round, documents: Mapping[str, Document], at: At, found: _Found
) -> Iterator[_Filed]:
    """The annotations that count: of tasks that are as they were pushed, by annotators, not skipped, one for each."""
    seen: set[tuple[str, str]] = set()
    for i, task in enumerate(tasks):
        here = at.inside(f"[{i}]")
        wrong = list(_wrong_task(task, asked, documents, here.inside(".data")))
        found[None] += wrong
        for j, annotation in enumerate(task.get("annotations") or [] if not wrong else []):
            filed = _one(annotation, _data(task), asked.key, here.inside(f".annotations[{j}]"), found)
            if filed and (filed.source, filed.key) not in seen:
                seen.add((filed.source, filed.key))
                yield filed
            elif filed:
                message = f"{filed.source} has annotated {filed.key} already"
                found[filed.source].append(filed.at.problem("second-annotation", message))


def _one(annotation: Task, data: Task, key: str, at: At, found: _Found) -> _Filed | None:
    """The annotation, unless it was skipped or is by nobody who has an account as annotator."""
    source = annotation.get("completed_by")
    if not isinstance(source, str):
        message = f"user {source} has no account as annotator (`variorum studio invite`): left out"
        found[None].append(at.problem("unknown-annotator", message, WARNING))
        return None
    if annotation.get("was_cancelled"):
        return None
    found.setdefault(source, []).extend(_foreign_edit(annotation, source, at))
    return _Filed(source, data[key], data, annotation.get("result"), at)


def _foreign_edit(annotation: Task, source: str, at: At) -> Iterator[Problem]:
    editor = annotation.get("updated_by")
    if editor not in (None, source):
        yield at.problem("foreign-edit", f"{source}'s annotation was last changed by {editor}", WARNING)


def _wrong_task(task: Task, asked: Round, documents: Mapping[str, Document], at: At) -> Iterator[Problem]:
    data = task.get("data")
    if asked.kind is Kind.pairs:
        yield from pairs.check_data(data, documents, at)
        return
    doc_id = _data(task).get("doc_id")
    document = documents.get(doc_id) if isinstance(doc_id, str) else None
    if document is None:
        yield at.problem("task-data", f"the corpus has no document {shown(doc_id)}")
    elif _data(task).get("text") != document.text or _data(task).get("text_sha256") != document.source.sha256:
        yield at.problem("text-changed", f"the task's text is not that of document {doc_id}")


def _header(source: str, asked: Round, doc_ids: set[str], documents: Mapping[str, Document]) -> AnnotationSet:
    covered = [documents[doc_id] for doc_id in documents if doc_id in doc_ids]
    return AnnotationSet(
        schema_version=SCHEMA_VERSION,
        source=source,
        role="annotator",
        guideline_version=asked.guideline_version,
        round=asked.round,
        claims_from=asked.claims_from,
        documents=tuple(DocumentRef(doc_id=each.doc_id, text_sha256=each.source.sha256) for each in covered),
    )


def _article_set(
    filed: list[_Filed], asked: Round, documents: Mapping[str, Document], schema: Schema, problems: list[Problem]
) -> AnnotationSet:
    header = _header(filed[0].source, asked, {each.key for each in filed}, documents)
    results = {each.key: (each.result, each.at) for each in filed}
    found = articles.from_results(results, asked.controls(schema), documents, problems)
    return msgspec.structs.replace(header, **{layer: getattr(found, layer) for layer in asked.layers})


def _pair_set(
    filed: list[_Filed], asked: Round, documents: Mapping[str, Document], schema: Schema, problems: list[Problem]
) -> AnnotationSet:
    controls = asked.controls(schema)
    read = (pairs.from_result(each.result, each.data, controls, each.at, problems) for each in filed)
    judged: list[Pair] = sorted((pair for pair in read if pair), key=lambda pair: pair.pair_id)
    header = _header(filed[0].source, asked, set(documents), documents)
    return msgspec.structs.replace(header, contradictions=tuple(judged))


# --- progress ------------------------------------------------------------------------------------------------


def progress(tasks: list[Task]) -> dict[str, Progress]:
    """How far each annotator is, in a published export."""
    found: dict[str, Progress] = {}
    for annotation in (annotation for task in tasks for annotation in task.get("annotations") or []):
        who, skipped = str(annotation.get("completed_by")), bool(annotation.get("was_cancelled"))
        so_far = found.get(who, Progress())
        found[who] = Progress(so_far.done + (not skipped), so_far.skipped + skipped)
    return dict(sorted(found.items()))
