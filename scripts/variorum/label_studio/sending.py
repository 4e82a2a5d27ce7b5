"""What is sent to a server: projects and tasks (push), a system's labels (predictions), annotations (submit).

All of it may be broken off anywhere and done again: what is there already is found by its own id, and what a lost
answer left there twice, without any work in it, is taken away again.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from variorum.label_studio import client, exports, judging
from variorum.label_studio.client import PAGE, Project, Studio
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.results import Result
from variorum.label_studio.rounds import (
    Round,
    continued,
    from_description,
    labels_sha256,
    same,
    to_description,
)
from variorum.label_studio.tasks import TaskData
from variorum.schema import Schema

_ANNOTATORS = 1000  # how many may label one task: the server's default of 1 turns the second annotator away

MEASURED = (
    "agreement is measured on {round!r}, and annotators who are shown the same labels agree too well: "
    "push it with --practice, or insist with --force"
)


class Pushed(msgspec.Struct, frozen=True):
    """What a push did: tasks made, and tasks that were there already."""

    project: Project
    made: int
    there: int


class Submitted(msgspec.Struct, frozen=True):
    """What filing a set did: annotations made, changed, and found to be the same already."""

    made: int = 0
    changed: int = 0
    same: int = 0


# --- push ----------------------------------------------------------------------------------------------------


def push(studio: Studio, asked: Round, schema: Schema, instructions: str, tasks: Iterable[TaskData]) -> Pushed:
    """Make the round's project, or bring its page and instructions up to date, and add the tasks it has not got.

    Done twice it is as done once. StudioError, before anything is changed, if the project was made for something else,
    or if people have worked in it and what they did would lose its meaning.
    """
    there = client.listed(studio)
    records = [kind for kind in Kind if kind is not Kind.adjudication and asked.kind is not Kind.adjudication]
    for other in (kind for kind in records if kind is not asked.kind):  # an annotator has one record a round
        if client.of_round(studio, asked.round, other, there):
            message = f"{asked.round!r} is a round of {other} already: take another name for one of {asked.kind}"
            raise StudioError(message)
    if asked.annotator and client.find(studio, asked.round, asked.kind, there):
        raise StudioError(f"{asked.round!r} is a round in which all see the same already: take another name")
    page = asked.config(schema)
    asked = msgspec.structs.replace(asked, labels=labels_sha256(page))
    there = _without_empty_twins(studio, asked, there)
    project = client.find(studio, asked.round, asked.kind, there, asked.annotator)
    listed = list(tasks)
    if project is None:
        project = _made(studio, asked, page, instructions)
        return Pushed(project, _import(studio, project, listed, 0), 0)
    project = _renewed(studio, project, asked, page, instructions)
    numbers = client.all_numbers(studio, project)
    missing = [task for task in listed if task[asked.key] not in numbers]
    _import(studio, project, missing, len(numbers))
    _drop_twins(studio, project)
    return Pushed(project, len(missing), len(listed) - len(missing))


def _settings(asked: Round, page: str, instructions: str) -> dict[str, Any]:
    # Pairs in an order by chance: the one drawn for the annotator whose project it is, else the server's. Articles in
    # theirs, which identity depends on.
    by_chance = asked.kind is Kind.pairs and asked.annotator is None
    sampling = "Uniform sampling" if by_chance else "Sequential sampling"
    shown = {"label_config": page, "expert_instruction": instructions, "show_instruction": True}
    # What one adjudicator has decided, no other is asked.
    most = 1 if asked.kind is Kind.adjudication else _ANNOTATORS
    limits = {"maximum_annotations": most, "sampling": sampling}
    return {"description": to_description(asked), **shown, **limits}


def _made(studio: Studio, asked: Round, page: str, instructions: str) -> Project:
    with studio.talking() as api:
        made = api.projects.create(title=asked.title, **_settings(asked, page, instructions))
    return Project(int(made.id), asked)


def _renewed(studio: Studio, project: Project, asked: Round, page: str, instructions: str) -> Project:
    """The project with page, instructions and description of the round, as far as people's work allows."""
    old = project.asked
    # Looking whether people have worked takes as long as an export; if nothing changes, it does not matter.
    told = [edition.sha256 for edition in (*old.editions[-1:], *asked.editions[-1:])]
    calm = (old.labels, old.measured) == (asked.labels, asked.measured) and told[:1] == told[1:]
    worked = calm or has_work(studio, project)
    wanted = continued(old, asked, worked, "" if calm else studio.now())
    return _updated(studio, project, wanted, page, instructions)


def _updated(studio: Studio, project: Project, wanted: Round, page: str, instructions: str) -> Project:
    with studio.talking() as api:
        # The update itself would take away labels that are in use; this asks first.
        api.projects.validate_label_config(project.id, label_config=page)
        api.projects.update(project.id, **_settings(wanted, page, instructions))
    return Project(project.id, wanted)


def has_work(studio: Studio, project: Project) -> bool:
    """Whether anybody has labelled, skipped or begun to label a task."""
    return any(task.get("annotations") or task.get("drafts") for task in client.raw(studio, project))


def _import(studio: Studio, project: Project, tasks: list[TaskData], done: int) -> int:
    """Add tasks after those that are `done`; where the order is the annotator's own, each says its place."""
    tasks = judging.placed(tasks, done) if project.asked.annotator else tasks
    with studio.talking() as api:
        for at in range(0, len(tasks), PAGE):
            api.projects.import_tasks(project.id, request=[{"data": data} for data in tasks[at : at + PAGE]])
    return len(tasks)


# --- what a lost answer left twice ----------------------------------------------------------------------------


def _without_empty_twins(studio: Studio, asked: Round, there: list[Any]) -> list[Any]:
    """The server's projects; of several for one round, made since an answer was lost, the one in use is kept."""
    twins = [project for project in there if project.title == asked.title]
    read = [from_description(project.description) for project in twins]
    if len(twins) < 2 or not all(each and same(each, asked) for each in read):
        return there
    kept = max(twins, key=lambda project: (project.task_number or 0, -project.id))
    empty = [project for project in twins if project is not kept and not project.task_number]
    with studio.talking() as api:
        for project in empty:
            api.projects.delete(project.id)
    return [project for project in there if project not in empty]


def _drop_twins(studio: Studio, project: Project) -> None:
    """Take away tasks that are there twice, as far as there is no work in them; the first one stays if all are idle."""
    twice = {key: numbers for key, numbers in client.all_numbers(studio, project).items() if len(numbers) > 1}
    if not twice:
        return
    worked = {task["id"] for task in client.raw(studio, project) if task.get("annotations") or task.get("drafts")}
    with studio.talking() as api:
        for numbers in twice.values():
            keep = {number for number in numbers if number in worked} or {numbers[0]}
            for number in (each for each in numbers if each not in keep):
                api.tasks.delete(str(number))


# --- predictions ---------------------------------------------------------------------------------------------


def predict(studio: Studio, project: Project, results: Mapping[str, list[Result]], system: str, force: bool) -> int:
    """Show a system's labels (by doc_id or pair_id) as the beginning of each annotation; how many tasks got them.

    Done twice it is as done once. StudioError if agreement is measured on the round, unless forced, if people have
    begun, or if another system's labels are there.
    """
    asked = project.asked
    if asked.measured and not force:
        raise StudioError(MEASURED.format(round=asked.round))
    if asked.prelabelled not in (None, system):
        raise StudioError(f"{asked.title!r} has the labels of {asked.prelabelled} already")
    tasks = client.raw(studio, project)
    if any(task.get("annotations") or task.get("drafts") for task in tasks) and asked.prelabelled is None:
        raise StudioError(f"people have begun to work in {asked.title!r}: not all of them would see the same")
    _mark(studio, project, system)
    numbers = client.task_numbers(studio, project)
    if unknown := sorted(set(results) - set(numbers)):
        raise StudioError(f"{asked.title!r} has no task {', '.join(unknown[:5])} (of {len(unknown)})")
    given = {task["id"] for task in tasks if task.get("predictions")}
    todo = [
        {"task": numbers[key], "result": result, "model_version": system}
        for key, result in results.items()
        if numbers[key] not in given
    ]
    with studio.talking() as api:
        for at in range(0, len(todo), PAGE):
            api.projects.import_predictions(project.id, request=todo[at : at + PAGE])
        if results:  # which predictions are shown; the server wants to know them first
            api.projects.update(project.id, model_version=system)
    return len(todo)


def _mark(studio: Studio, project: Project, system: str) -> None:
    """Write down on the server, before anything is shown, that the round's annotators see this system's labels."""
    marked = msgspec.structs.replace(project.asked, prelabelled=system)
    with studio.talking() as api:
        api.projects.update(project.id, description=to_description(marked), show_collab_predictions=True)


# --- submit --------------------------------------------------------------------------------------------------


def submit(studio: Studio, project: Project, results: Mapping[str, list[Result]]) -> Submitted:
    """File results (by doc_id or pair_id) as the connected user's one annotation of each task; 0.3 s for each.

    Done twice it is as done once. StudioError, before anything is filed, if a task is missing or has two annotations
    that differ.
    """
    number, _ = client.me(studio)
    tasks: dict[str, list[exports.Task]] = {}
    for task in client.raw(studio, project):
        tasks.setdefault(str((task.get("data") or {}).get(project.asked.key)), []).append(task)
    if missing := [key for key in results if key not in tasks]:
        raise StudioError(f"{project.asked.title!r} has no task {', '.join(missing[:5])} (of {len(missing)})")
    mine = {key: _own(studio, tasks[key], number, key) for key in results}
    done = [_file(studio, min(task["id"] for task in tasks[key]), mine[key], result) for key, result in results.items()]
    return Submitted(*(done.count(what) for what in ("made", "changed", "same")))


def _own(studio: Studio, tasks: list[exports.Task], user: int, key: str) -> exports.Task | None:
    """The user's one annotation of a task; copies of it, which a lost answer leaves behind, are taken away."""
    listed = [each for task in tasks for each in task.get("annotations") or [] if each.get("completed_by") == user]
    if not listed:
        return None
    first: exports.Task
    first, *more = sorted(listed, key=lambda annotation: int(annotation["id"]))
    if any(each.get("result") != first.get("result") for each in more):
        raise StudioError(f"{len(listed)} annotations of {key} are yours, and differ: delete all but one")
    with studio.talking() as api:
        for each in more:
            api.annotations.delete(each["id"])
    return first


def _file(studio: Studio, task: int, own: exports.Task | None, result: list[Result]) -> str:
    with studio.talking() as api:
        if own is None:
            api.annotations.create(task, result=result)
            return "made"
        if own.get("result") == result and not own.get("was_cancelled"):
            return "same"
        api.annotations.update(own["id"], result=result, was_cancelled=False)
        return "changed"
