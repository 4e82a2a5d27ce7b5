"""The client: projects on a Label Studio server, tasks into them, annotations in and out of them.

Everything that goes wrong between here and the server is a StudioError of one line. Nothing is sent twice: what is
there already is found by its own id first.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from variorum.label_studio import config, exports
from variorum.label_studio.controls import Kind
from variorum.label_studio.environment import VERSION
from variorum.label_studio.errors import StudioError
from variorum.label_studio.results import Result
from variorum.label_studio.rounds import Round, from_description, title, to_description
from variorum.label_studio.tasks import TaskData
from variorum.schema import Schema

_ANNOTATORS = 1000  # how many may label one task: the server's default of 1 turns the second annotator away
_BATCH = 500  # tasks in one request
_SECONDS = 600.0


class Project(msgspec.Struct, frozen=True):
    """A project on the server and the round it was made for."""

    id: int
    asked: Round


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


class Studio:
    """A connection to one server as one user; made by `connect`."""

    def __init__(self, url: str, api: Any) -> None:
        self.url, self.api = url, api

    @contextmanager
    def talking(self) -> Iterator[Any]:
        """The SDK's client; whatever it raises comes out as a StudioError."""
        import httpx
        from label_studio_sdk.core.api_error import ApiError

        try:
            yield self.api
        except ApiError as error:
            raise StudioError(_told(self.url, error)) from error
        except httpx.ConnectError as error:
            raise StudioError(f"no server answers at {self.url}: run `variorum studio start`") from error
        except (httpx.HTTPError, json.JSONDecodeError, OSError) as error:
            raise StudioError(f"{self.url}: {type(error).__name__}: {error}") from error


def _told(url: str, error: Any) -> str:
    """What the server answered, on one line."""
    if error.status_code == 401:
        return f"the server at {url} does not accept the token: it belongs to another server, or was changed there"
    body = error.body if isinstance(error.body, dict) else {}
    detail = body.get("validation_errors") or body.get("detail") or error.body
    return " ".join(f"{url} answered {error.status_code}: {detail}".split())[:400]


def connect(url: str, token: str) -> Studio:
    """A connection to the server at `url` as the user with this token.

    StudioError if the SDK is missing, no server answers, the token is not accepted, or the server is another release.
    """
    try:
        import httpx
        from label_studio_sdk import LabelStudio
    except ImportError as error:
        raise StudioError("label-studio-sdk is missing: pip install 'variorum[studio]'") from error
    # No proxies from the environment: the server is on this machine. No connection is kept, so none is left open.
    single = httpx.Limits(max_keepalive_connections=0)
    http = httpx.Client(trust_env=False, timeout=_SECONDS, follow_redirects=True, limits=single)
    # No retries: a second POST would import twice.
    sdk: Any = LabelStudio
    studio = Studio(url, sdk(base_url=url, api_key=token, httpx_client=http, timeout=_SECONDS, max_retries=0))
    with studio.talking() as api:
        release = api.versions.get().model_dump().get("release")
        if release != VERSION:
            raise StudioError(f"the server at {url} is Label Studio {release}; this works with {VERSION}")
        api.users.whoami()
    return studio


# --- projects ------------------------------------------------------------------------------------------------


def find(studio: Studio, round_name: str, kind: Kind) -> Project | None:
    """The project of a round; None if there is none yet. StudioError if it was changed by hand."""
    wanted = title(round_name, kind)
    with studio.talking() as api:
        found = [project for project in api.projects.list() if project.title == wanted]
    if len(found) > 1:
        raise StudioError(f"there are {len(found)} projects {wanted!r}: delete all but one in the browser")
    if not found:
        return None
    asked = from_description(found[0].description)
    if asked is None or asked.title != wanted:
        raise StudioError(f"the description of project {wanted!r} was changed by hand; it has to be as push wrote it")
    return Project(found[0].id, asked)


def all_projects(studio: Studio, corpus: str) -> list[Project]:
    """The projects of a corpus, by title; those that others made on the server are passed over."""
    with studio.talking() as api:
        listed = [(project.title, project.id, from_description(project.description)) for project in api.projects.list()]
    found = ((name, Project(number, asked)) for name, number, asked in listed if asked and asked.title == name)
    return [project for _, project in sorted(found, key=lambda item: item[0]) if project.asked.corpus == corpus]


def existing(studio: Studio, round_name: str, kind: Kind, corpus: str, schema: Schema) -> Project:
    """The project of a round, which has to exist, belong to this corpus, and still have its labelling page."""
    project = find(studio, round_name, kind)
    if project is None:
        raise StudioError(f"there is no project {title(round_name, kind)!r}: run `variorum studio push` first")
    if project.asked.corpus != corpus:
        raise StudioError(f"the project {project.asked.title!r} is about other articles than this corpus")
    with studio.talking() as api:
        page = api.projects.get(project.id).label_config or ""
    try:
        drawn = config.drawn(page)
    except ValueError:
        drawn = {}
    if drawn != config.drawn(project.asked.config(schema)):
        message = "was changed by hand, or the schema was; `variorum studio push` draws it anew"
        raise StudioError(f"the labelling page of {project.asked.title!r} {message}")
    return project


def push(studio: Studio, asked: Round, schema: Schema, instructions: str, tasks: Iterable[TaskData]) -> Pushed:
    """Make the round's project, or bring its page and instructions up to date, and add the tasks it has not got.

    Done twice it is as done once. StudioError, before anything is changed, if the project was made for something else.
    """
    project = find(studio, asked.round, asked.kind)
    other_kind = next(kind for kind in Kind if kind is not asked.kind)
    if find(studio, asked.round, other_kind):  # an annotator has one record a round
        raise StudioError(
            f"{asked.round!r} is a round of {other_kind} already: take another name for one of {asked.kind}"
        )
    if project and project.asked != asked:
        other = _difference(project.asked, asked)
        raise StudioError(f"{asked.title!r} was pushed before with other settings ({other}): take another round's name")
    with studio.talking() as api:
        page = _page(asked, schema, instructions)
        number = _update(api, project.id, page) if project else _create(api, asked, page)
    project = Project(number, asked)
    there = task_numbers(studio, project)
    listed = list(tasks)
    missing = [task for task in listed if task[asked.key] not in there]
    with studio.talking() as api:
        for at in range(0, len(missing), _BATCH):
            api.projects.import_tasks(number, request=[{"data": data} for data in missing[at : at + _BATCH]])
    return Pushed(project, len(missing), len(listed) - len(missing))


def _difference(old: Round, new: Round) -> str:
    """Which settings differ, with both values."""
    before, after = (msgspec.to_builtins(each) for each in (old, new))
    names = [name for name in Round.__struct_fields__ if getattr(old, name) != getattr(new, name)]
    return "; ".join(f"{name} {before.get(name)}, now {after.get(name)}" for name in names)


def _page(asked: Round, schema: Schema, instructions: str) -> dict[str, Any]:
    # Pairs are judged in an order of its own by each annotator; articles in theirs, which identity depends on.
    sampling = "Uniform sampling" if asked.kind is Kind.pairs else "Sequential sampling"
    page = {"label_config": asked.config(schema), "expert_instruction": instructions, "show_instruction": True}
    return {**page, "maximum_annotations": _ANNOTATORS, "sampling": sampling}


def _create(api: Any, asked: Round, page: dict[str, Any]) -> int:
    return int(api.projects.create(title=asked.title, description=to_description(asked), **page).id)


def _update(api: Any, number: int, page: dict[str, Any]) -> int:
    # The update itself would take away labels that are in use; this asks first.
    api.projects.validate_label_config(number, label_config=page["label_config"])
    api.projects.update(number, **page)
    return number


def task_numbers(studio: Studio, project: Project) -> dict[str, int]:
    """The server's number of each task, by doc_id or pair_id."""
    with studio.talking() as api:
        found = api.tasks.list(project=project.id, fields="task_only", page_size=_BATCH)
        listed = [(task.data.get(project.asked.key), task.id) for task in found]
    return {str(key): number for key, number in sorted(listed, key=lambda item: -item[1])}


# --- annotations ---------------------------------------------------------------------------------------------


def submit(studio: Studio, project: Project, results: Mapping[str, list[Result]]) -> Submitted:
    """File results (by doc_id or pair_id) as the connected user's one annotation of each task; 0.3 s for each.

    Done twice it is as done once. StudioError, before anything is filed, if a task is missing or has two annotations.
    """
    with studio.talking() as api:
        me = api.users.whoami().id
        raw = api.projects.exports.as_json(project.id)
    tasks = {str((task.get("data") or {}).get(project.asked.key)): task for task in raw}
    if missing := [key for key in results if key not in tasks]:
        raise StudioError(f"{project.asked.title!r} has no task {', '.join(missing[:5])} (of {len(missing)})")
    mine = {key: _own(tasks[key], me, key) for key in results}
    done = [_file(studio, tasks[key]["id"], mine[key], result) for key, result in results.items()]
    return Submitted(*(done.count(what) for what in ("made", "changed", "same")))


def _own(task: exports.Task, me: int, key: str) -> exports.Task | None:
    own = [annotation for annotation in task.get("annotations") or [] if annotation.get("completed_by") == me]
    if len(own) > 1:
        raise StudioError(f"{len(own)} annotations of {key} are yours: delete all but one in the browser")
    return own[0] if own else None


def _file(studio: Studio, task: int, own: exports.Task | None, result: list[Result]) -> str:
    with studio.talking() as api:
        if own is None:
            api.annotations.create(task, result=result)
            return "made"
        if own.get("result") == result and not own.get("was_cancelled"):
            return "same"
        api.annotations.update(own["id"], result=result, was_cancelled=False)
        return "changed"


def pull(studio: Studio, project: Project, pseudonyms: Mapping[str, str]) -> list[exports.Task]:
    """The project's export, fit to be published; `pseudonyms` has the annotators by their accounts' e-mail."""
    with studio.talking() as api:
        raw = api.projects.exports.as_json(project.id)
        numbers = {user.id: pseudonyms[user.email] for user in api.users.list() if user.email in pseudonyms}
    return exports.published(raw, numbers, project.asked.key)
