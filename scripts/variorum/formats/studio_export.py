"""Label Studio exports (JSON): of the projects that this package makes, and of any project that labels spans.

A task is known by `doc_id` (or `pair_id`) in its data, else by its text, which must be that of an article. Each task
has one annotation that is not cancelled, or none and one prediction. In a project of ours everything is read: mentions,
entities and claims, or judged pairs. Of another one the regions with `labels` are the mentions, and the rest is left
out.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from variorum import reading
from variorum.corpus import Document
from variorum.formats.draft import (
    Context,
    Draft,
    Given,
    Item,
    Json,
    Origin,
    claims_from,
    covered,
    document_with,
)
from variorum.formats.spacy_docs import document_of
from variorum.label_studio import articles, pairs
from variorum.label_studio.controls import article_controls, pair_controls
from variorum.label_studio.results import At
from variorum.label_studio.rounds import ARTICLE_LAYERS
from variorum.problems import WARNING, Problem, shown


class _Task(msgspec.Struct, frozen=True):
    """One task: its data, its results, and where they stand."""

    data: Json
    results: list[Any]
    origin: Origin


def read_studio(given: Given, context: Context) -> Draft:
    """The labels of every task."""
    read = reading.parse(given.data, given.name)
    if read.problems:
        return given.nothing(*read.problems)
    problems: list[Problem] = []
    values = read.value if isinstance(read.value, list) else [read.value]
    tasks = [task for i, value in enumerate(values) if (task := _task(value, Origin(given.name, f"$[{i}]"), problems))]
    judged = [task for task in tasks if "pair_id" in task.data]
    if judged:
        return _pairs(given, judged, context, problems)
    return _articles(given, tasks, context, problems)


def _task(value: Any, origin: Origin, problems: list[Problem]) -> _Task | None:
    """The task, or None if it is none or it is not clear which of its annotations counts."""
    if not isinstance(value, dict) or not isinstance(value.get("data"), dict):
        problems.append(origin.problem("schema", f"a task of Label Studio has data, this is {shown(value)}"))
        return None
    listed = [each for each in _listed(value, "annotations", origin) if not each[0].get("was_cancelled")]
    answers = listed or list(_listed(value, "predictions", origin))
    if len(answers) > 1:
        message = f"{len(answers)} annotations; keep the one that is to be read"
        problems.append(origin.problem("several-annotations", message))
        return None
    answer, where = answers[0] if answers else ({}, origin)
    results = answer.get("result", [])
    return _Task(value["data"], results if isinstance(results, list) else [results], where)


def _listed(value: Json, name: str, origin: Origin) -> Iterator[tuple[Json, Origin]]:
    found = value.get(name)
    for i, each in enumerate(found if isinstance(found, list) else ()):
        if isinstance(each, dict):
            yield each, origin.inside(f".{name}[{i}]")


def _at(task: _Task) -> At:
    return At(*task.origin)


# --- articles ------------------------------------------------------------------------------------------------


def _articles(given: Given, tasks: list[_Task], context: Context, problems: list[Problem]) -> Draft:
    found: dict[str, _Task] = {}
    for task in tasks:
        document = _document(task, context)
        if isinstance(document, Problem):
            problems.append(document)
        elif document.doc_id in found:
            message = f"document {document.doc_id} is {found[document.doc_id].origin.place} already"
            problems.append(task.origin.problem("several-annotations", message))
        else:
            found[document.doc_id] = task
    documents = tuple(covered(context.documents[doc_id], task.origin) for doc_id, task in found.items())
    ours = article_controls(context.corpus.schema, ARTICLE_LAYERS)
    named = [each.get("from_name") for task in found.values() for each in task.results if isinstance(each, dict)]
    own = {name for name in named if isinstance(name, str)}
    layers = _own(found, context, problems) if own and own <= ours.keys() else _foreign(given, found, problems)
    return Draft(given.name, {}, documents, layers, tuple(problems))


def _document(task: _Task, context: Context) -> Document | Problem:
    """The article that a task shows."""
    name, texts = task.data.get("doc_id"), [each for each in task.data.values() if isinstance(each, str)]
    if name is None:
        by_text = (document_with(text, context.documents) for text in texts)
        message = "the data of the task name no doc_id, and none of them is the text of an article"
        return next((each for each in by_text if each), None) or task.origin.problem("text-differs", message)
    document = context.documents.get(name) if isinstance(name, str) else None
    text = task.data.get("text")
    shown_text = document.text if document and document.text in texts else text if isinstance(text, str) else ""
    return document_of(document, name, shown_text, context, task.origin)


def _own(found: dict[str, _Task], context: Context, problems: list[Problem]) -> dict[str, tuple[Item, ...]]:
    """The layers of a project of ours; what is not fit to be a record is among the problems."""
    controls = article_controls(context.corpus.schema, ARTICLE_LAYERS)
    results = {doc_id: (_mapped(task.results, context), _at(task)) for doc_id, task in found.items()}
    layers = articles.from_results(results, controls, context.documents, problems)
    places = {name: place for doc_id, task in found.items() for name, place in _regions(doc_id, task)}
    names = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id"}
    start = next(iter(found.values())).origin
    plain = {layer: _plain(getattr(layers, layer)) for layer in names}
    return {
        layer: tuple(Item(places.get(record[key], start), record) for record in plain[layer])
        for layer, key in names.items()
    }


def _plain(records: object) -> Any:
    """Records as JSON has them, with lists."""
    return msgspec.json.decode(msgspec.json.encode(records))


def _mapped(results: list[Any], context: Context) -> list[Any]:
    """The results with the labels of regions mapped as far as the label map has a label for them."""

    def renamed(result: Any) -> Any:
        value = result.get("value") if isinstance(result, dict) else None
        if not isinstance(value, dict) or not isinstance(value.get("labels"), list) or result.get("type") != "labels":
            return result
        labels = [(context.label_map.get(each) if isinstance(each, str) else None) or each for each in value["labels"]]
        return {**result, "value": {**value, "labels": labels}}

    return [renamed(result) for result in results]


def _regions(doc_id: str, task: _Task) -> Iterator[tuple[str, Origin]]:
    """Where the region of each record stands, by the record's id."""
    for i, result in enumerate(task.results):
        if isinstance(result, dict) and isinstance(name := result.get("id"), str) and result.get("type") == "labels":
            own_id = name if name.startswith(f"{doc_id}-") else f"{doc_id}-{name}"
            yield own_id, task.origin.inside(f".result[{i}]")


def _foreign(given: Given, found: dict[str, _Task], problems: list[Problem]) -> dict[str, tuple[Item, ...]]:
    """The mentions of another project: whatever has labels."""
    items, unread = list[Item](), Counter[str]()
    for doc_id, task in found.items():
        for i, result in enumerate(task.results):
            origin = task.origin.inside(f".result[{i}]")
            value = result.get("value") if isinstance(result, dict) else None
            if not isinstance(value, dict) or result.get("type") not in ("labels", "hypertextlabels"):
                unread[str(result.get("type"))[:20] if isinstance(result, dict) else "no object"] += 1
                continue
            labels = value.get("labels", value.get("hypertextlabels"))
            if not isinstance(labels, list) or len(labels) != 1:
                problems.append(origin.problem("schema", f"a region has one label, this {shown(labels)}"))
                continue
            fields = {name: value[name] for name in ("start", "end") if name in value}
            name = {"mention_id": f"{doc_id}-m{i + 1}", "doc_id": doc_id}
            items.append(Item(origin, {**name, **fields, "type": labels[0]}))
    for kind, count in sorted(unread.items()):
        problems.append(Problem(given.name, "$", "not-read", f"{count} × result of type {kind}", WARNING))
    return {"mentions": tuple(items)}


# --- pairs ---------------------------------------------------------------------------------------------------


def _pairs(given: Given, tasks: list[_Task], context: Context, problems: list[Problem]) -> Draft:
    """The judged pairs of a project of ours, about the claims of `context.claims`."""
    if context.claims is None:
        message = "the pairs are about gold's claims, but there is no gold"
        return given.nothing(*problems, tasks[0].origin.problem("claims-from", message))
    items, controls = list[Item](), pair_controls(context.corpus.schema)
    for task in tasks:
        wrong = list(pairs.check_data(task.data, context.documents, _at(task)))
        problems += wrong
        pair = None if wrong else pairs.from_result(task.results, task.data, controls, _at(task), problems)
        if pair:
            items.append(Item(task.origin, _plain(pair)))
    start, claims = tasks[0].origin, context.claims
    header = {"claims_from": claims_from(claims)}
    listed = ({"doc_id": each.doc_id, "text_sha256": each.text_sha256} for each in claims.documents)
    documents = tuple(Item(start, each) for each in listed)
    return Draft(given.name, header, documents, {"contradictions": tuple(items)}, tuple(problems))
