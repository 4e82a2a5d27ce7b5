"""What the server exports: made fit to be published, and turned into one annotation set for each annotator.

published   raw export -> the same without e-mails and drafts, users by pseudonym, in a fixed order
dated       that, and for each annotation the version of the guidelines it was made under
merged      the exports of one round from several servers -> one export
sets        that -> annotation sets, and problems
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from variorum.corpus import Document
from variorum.decisions import Decision
from variorum.label_studio import articles, authorship, pairs, questions, screening
from variorum.label_studio.controls import Control, Kind
from variorum.label_studio.results import At
from variorum.label_studio.rounds import Round
from variorum.problems import ERROR, WARNING, Problem, several, shown
from variorum.records import AnnotationSet, DocumentRef, Pair
from variorum.schema import SCHEMA_VERSION, Schema

Task = dict[str, Any]
_EMAIL = re.compile(r"[^\s\"'<>@]+@[^\s\"'<>@]+\.[^\s\"'<>@]+")
_USERS = ("completed_by", "updated_by", "last_created_by", "created_by", "user", "user_id")


class Pulled(msgspec.Struct, frozen=True):
    """The annotation sets by annotator, what is wrong on the server, and whose sets lack something for it.

    `counts` has the number of problems in each annotator's work, and under None in the tasks themselves. An
    adjudication has no sets but decisions.
    """

    sets: dict[str, AnnotationSet]
    problems: tuple[Problem, ...]
    faulty: frozenset[str]
    counts: dict[str | None, int]
    decisions: tuple[Decision, ...] = ()


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
    return sorted(renamed, key=lambda task: (str(data_of(task).get(key)), task.get("id", 0)))


def data_of(task: Task) -> Task:
    """The data of a task, or nothing if there are none."""
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


def dated(tasks: list[Task], asked: Round) -> list[Task]:
    """A published export whose annotations say under which version of the guidelines each was last submitted."""
    return [{**task, "annotations": [_dated(each, asked) for each in task.get("annotations") or []]} for task in tasks]


def _dated(annotation: Task, asked: Round) -> Task:
    moment = annotation.get("updated_at")
    version = asked.version_at(moment if isinstance(moment, str) else None)
    return {**annotation, "guideline_version": version}


def merged(listed: list[list[Task]], key: str) -> list[Task]:
    """The published exports of one round, from several servers or with tasks that are there twice, as one export.

    Tasks are the same if their data are; numbers that servers give are those of each annotation's own server.
    """
    found: dict[str, list[Task]] = {}
    for task in (task for tasks in listed for task in tasks):
        alike = found.setdefault(str(data_of(task).get(key)), [])
        first = next((each for each in alike if each.get("data") == task.get("data")), None)
        if first is None:
            alike.append({**task, "annotations": list(task.get("annotations") or [])})
        else:
            first["annotations"] += task.get("annotations") or []
    for task in (task for alike in found.values() for task in alike):
        task["annotations"].sort(key=lambda each: (str(each.get("completed_by")), each.get("id", 0)))
    return [task for name in sorted(found) for task in sorted(found[name], key=lambda each: each.get("id", 0))]


def from_bytes(data: bytes) -> list[Task]:
    """The inverse of `to_bytes`; ValueError if it is something else, half an export say."""
    try:
        value = msgspec.json.decode(data)  # three times as fast; it takes no lone surrogates
    except (msgspec.MsgspecError, UnicodeError):
        value = json.loads(data)
    return checked(value)


def checked(value: object) -> list[Task]:
    """A value that has the outer shape of an export; ValueError if it has not."""
    if not isinstance(value, list) or not all(isinstance(task, dict) for task in value):
        raise ValueError("an export is a list of tasks")
    for task in value:
        listed = task.get("annotations") or []
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise ValueError("the annotations of a task are a list of objects")
    return value


def to_bytes(tasks: list[Task]) -> bytes:
    """An export as it is kept: JSON, one value a line, so that what changed can be seen."""
    try:
        return msgspec.json.format(msgspec.json.encode(tasks), indent=1) + b"\n"
    except (msgspec.MsgspecError, UnicodeError):  # lone surrogates
        return (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


# --- annotation sets -----------------------------------------------------------------------------------------


class _Filed(msgspec.Struct, frozen=True):
    """One annotator's answer to one task."""

    source: str
    key: str
    data: Task
    result: object
    version: str
    at: At


def sets(tasks: list[Task], asked: Round, documents: Mapping[str, Document], schema: Schema, file: str) -> Pulled:
    """The annotation set of each annotator in a published export; `file` is what problems call it. Never raises.

    Tasks are verified first, then each annotation; what is not fit to be a record is a problem and left out.
    """
    found: _Found = {None: []}
    by_source: dict[str, list[_Filed]] = {}
    for filed in _filed(tasks, asked, documents, At(file, "$"), found):
        by_source.setdefault(filed.source, []).append(filed)
    if asked.kind is Kind.adjudication:
        decisions = tuple(_decisions([each for filed in by_source.values() for each in filed], schema, found))
        problems = tuple(problem for each in found.values() for problem in each)
        return Pulled({}, problems, frozenset(), {who: len(each) for who, each in found.items()}, decisions)
    make = _article_set if asked.kind is Kind.articles else _pair_set
    made = {source: make(by_source[source], asked, documents, schema, found[source]) for source in sorted(by_source)}
    problems = tuple(problem for each in found.values() for problem in each)
    wrong = {source for source, each in found.items() if any(problem.level == ERROR for problem in each)}
    faulty = frozenset(source for source in made if source in wrong or None in wrong)
    return Pulled(made, problems, faulty, {source: len(each) for source, each in found.items()})


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
            filed = _one(annotation, data_of(task), asked, here.inside(f".annotations[{j}]"), found)
            if filed and (filed.source, filed.key) not in seen:
                seen.add((filed.source, filed.key))
                yield filed
            elif filed:
                message = f"{filed.source} has annotated {filed.key} already"
                found[filed.source].append(filed.at.problem("second-annotation", message))


def _one(annotation: Task, data: Task, asked: Round, at: At, found: _Found) -> _Filed | None:
    """The annotation, unless it was skipped or is by nobody who has an account as annotator."""
    source = annotation.get("completed_by")
    if not isinstance(source, str):
        message = f"user {source} has no account as annotator (`variorum studio invite`): left out"
        found[None].append(at.problem("no-account", message, WARNING))
        return None
    if annotation.get("was_cancelled"):
        return None
    found.setdefault(source, []).extend(authorship.problems(annotation, data, source, at))
    version = annotation.get("guideline_version")
    version = version if isinstance(version, str) else asked.guideline_version
    return _Filed(source, data[asked.key], data, annotation.get("result"), version, at)


def _wrong_task(task: Task, asked: Round, documents: Mapping[str, Document], at: At) -> Iterator[Problem]:
    data = task.get("data")
    if asked.kind is Kind.adjudication:
        yield from questions.check_data(data, at)
        return
    if asked.kind is not Kind.articles:
        check = screening.check_data if asked.kind is Kind.screening else pairs.check_data
        yield from check(data, documents, at)
        return
    doc_id = data_of(task).get("doc_id")
    document = documents.get(doc_id) if isinstance(doc_id, str) else None
    if document is None:
        yield at.problem("task-data", f"the corpus has no document {shown(doc_id)}")
    elif data_of(task).get("text") != document.text or data_of(task).get("text_sha256") != document.source.sha256:
        yield at.problem("text-changed", f"the task's text is not that of document {doc_id}")


def _version(filed: list[_Filed], asked: Round, problems: list[Problem]) -> str:
    """The newest version of the guidelines that an annotator worked under; a problem if there are several."""
    order = [each.version for each in asked.editions]
    used = sorted({each.version for each in filed}, key=lambda version: version in order and order.index(version))
    for version in used[:-1]:
        old = [each for each in filed if each.version == version]
        message = f"{len(old)} of {len(filed)} annotations were made under guidelines {version}, not {used[-1]}"
        problems.append(old[0].at.problem("mixed-guidelines", f"{message}: {several(e.key for e in old)}", WARNING))
    return used[-1]


def _header(
    filed: list[_Filed], asked: Round, doc_ids: set[str], documents: Mapping[str, Document], problems: list[Problem]
) -> AnnotationSet:
    covered = [documents[doc_id] for doc_id in documents if doc_id in doc_ids]
    return AnnotationSet(
        schema_version=SCHEMA_VERSION,
        source=filed[0].source,
        role="annotator",
        guideline_version=_version(filed, asked, problems),
        round=asked.round,
        claims_from=asked.claims_from,
        documents=tuple(DocumentRef(doc_id=each.doc_id, text_sha256=each.source.sha256) for each in covered),
    )


def _article_set(
    filed: list[_Filed], asked: Round, documents: Mapping[str, Document], schema: Schema, problems: list[Problem]
) -> AnnotationSet:
    header = _header(filed, asked, {each.key for each in filed}, documents, problems)
    results = {each.key: (each.result, each.at) for each in filed}
    found = articles.from_results(results, asked.controls(schema), documents, problems)
    return msgspec.structs.replace(header, **{layer: getattr(found, layer) for layer in asked.layers})


def _pair_set(
    filed: list[_Filed], asked: Round, documents: Mapping[str, Document], schema: Schema, problems: list[Problem]
) -> AnnotationSet:
    header = _header(filed, asked, set(documents), documents, problems)
    controls = asked.controls(schema)
    read = (_judged(each, asked, controls, documents, schema, problems) for each in filed)
    judged = sorted((pair for found in read for pair in found), key=lambda pair: pair.pair_id)
    return msgspec.structs.replace(header, contradictions=tuple(judged))


def _judged(
    filed: _Filed,
    asked: Round,
    controls: Mapping[str, Control],
    documents: Mapping[str, Document],
    schema: Schema,
    problems: list[Problem],
) -> list[Pair]:
    if asked.kind is Kind.screening:
        return screening.from_result(filed.result, filed.data, schema, documents, filed.at, problems)
    pair = pairs.from_result(filed.result, filed.data, controls, filed.at, problems)
    return [pair] if pair else []


def _decisions(filed: list[_Filed], schema: Schema, found: _Found) -> Iterator[Decision]:
    """The decisions of all adjudicators, one for each question; a problem where two of them decide differently."""
    by_key: dict[str, Decision] = {}
    for each in sorted(filed, key=lambda each: each.key):
        problems = found[each.source]
        made = questions.from_result(each.result, each.data, schema, each.source, each.at, problems)
        other = by_key.setdefault(each.key, made) if made else None
        if made and other and other.choice != made.choice:
            message = f"{made.decided_by} and {other.decided_by} decide {each.key} differently"
            problems.append(each.at.problem("decision-conflict", message))
    yield from by_key.values()
