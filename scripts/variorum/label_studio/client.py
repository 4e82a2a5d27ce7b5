"""The client: a connection to a Label Studio server, the projects on it, and what they hold.

Everything that goes wrong between here and the server is a StudioError of one line. What is sent lies in `sending`.
"""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from variorum.label_studio import config, exports
from variorum.label_studio.controls import Kind
from variorum.label_studio.environment import VERSION
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import Round, from_description, title
from variorum.schema import Schema

PAGE = 500  # tasks in one request
_SECONDS = 600.0


class Project(msgspec.Struct, frozen=True):
    """A project on the server and the round it was made for."""

    id: int
    asked: Round

    def link(self, url: str) -> str:
        """Where people label: the stream, in which nobody sees what others did. Who is not logged in is asked first."""
        return f"{url}/projects/{self.id}/data?labeling=1"


class Studio:
    """A connection to one server as one user; made by `connect`."""

    def __init__(self, url: str, api: Any, http: Any) -> None:
        self.url, self.api, self.http = url, api, http

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
            hint = ": run `variorum studio start`" if _is_local(self.url) else ""
            why = f" ({error})" if "certificate" in str(error).lower() else ""
            raise StudioError(f"no server answers at {self.url}{hint}{why}") from error
        except (httpx.HTTPError, json.JSONDecodeError, OSError) as error:
            what = " ".join(f"{type(error).__name__}: {error}".split())
            raise StudioError(f"the server at {self.url} broke off or answered with something else ({what})") from error

    def now(self) -> str:
        """The server's clock, ISO 8601 in UTC, rounded up to the next second."""
        with self.talking():
            date = self.http.get(f"{self.url}/health").headers.get("date")
        moment = parsedate_to_datetime(date) if date else datetime.now(UTC)
        return (moment.astimezone(UTC) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(url: str, error: Any) -> str:
    """What the server answered, on one line."""
    if error.status_code == 401:
        return f"the server at {url} does not accept the token: it belongs to another server, or was changed there"
    body = error.body if isinstance(error.body, dict) else {}
    detail = body.get("validation_errors") or body.get("detail") or error.body
    return " ".join(f"{url} answered {error.status_code}: {detail}".split())[:400]


def _is_local(url: str) -> bool:
    """Whether a URL leads to this machine only."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_url(url: str) -> str:
    """The address of a server without a slash at its end; StudioError if a token must not be sent there."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StudioError(f"{url!r} is no address of a server: it has to begin with https://")
    if parts.username or parts.password or parts.query:
        raise StudioError("the address of a server holds no user, password or token")
    if parts.scheme == "http" and not _is_local(url):
        raise StudioError(f"{url} is not encrypted: a token is sent over https:// only, but to this machine itself")
    return url.rstrip("/")


def connect(url: str, token: str) -> Studio:
    """A connection to the server at `url` as the user with this token.

    StudioError if the SDK is missing, no server answers, the token is not accepted, or the server is another release.
    """
    try:
        import httpx
        from label_studio_sdk import LabelStudio
    except ImportError as error:
        raise StudioError("label-studio-sdk is missing: pip install 'variorum[studio]'") from error
    # Proxies of the environment are not for this machine. No connection is kept, so none is left open.
    single = httpx.Limits(max_keepalive_connections=0)
    away = not _is_local(url)
    http = httpx.Client(trust_env=away, timeout=_SECONDS, follow_redirects=True, limits=single)
    # No retries: a second POST would import twice.
    sdk: Any = LabelStudio
    with _usable(url):
        studio = Studio(url, sdk(base_url=url, api_key=token, httpx_client=http, timeout=_SECONDS, max_retries=0), http)
    with studio.talking() as api:
        release = _release(api, url)
        if release != VERSION:
            raise StudioError(f"the server at {url} is Label Studio {release}; this works with {VERSION}")
        api.users.whoami()
    return studio


@contextmanager
def _usable(url: str) -> Iterator[None]:
    """The SDK looks into the token when it is made; whatever it says of it is not repeated, since it may show it."""
    try:
        yield
    except Exception as error:
        raise StudioError(f"the token for {url} is none: {type(error).__name__}") from None


def _release(api: Any, url: str) -> str:
    """Which release the server is; StudioError if what answers is no Label Studio."""
    from label_studio_sdk.core.api_error import ApiError

    try:
        answer = api.versions.get().model_dump()
    except ApiError as error:
        if error.status_code == 401:
            raise
        raise StudioError(f"what answers at {url} is no Label Studio (it gives {error.status_code})") from None
    except (TypeError, ValueError) as error:  # the SDK takes it for granted that JSON of the right kind comes
        raise StudioError(f"what answers at {url} is no Label Studio") from error
    return str(answer.get("release") or "of an unknown version")


def me(studio: Studio) -> tuple[int, str]:
    """The connected user's number and e-mail address."""
    with studio.talking() as api:
        user = api.users.whoami()
    return int(user.id), str(user.email)


# --- projects ------------------------------------------------------------------------------------------------


def listed(studio: Studio) -> list[Any]:
    """All projects on the server as the SDK has them, the oldest first."""
    with studio.talking() as api:
        return sorted(api.projects.list(), key=lambda project: int(project.id))


def find(
    studio: Studio, round_name: str, kind: Kind, among: list[Any] | None = None, annotator: str | None = None
) -> Project | None:
    """The project of a round (of one annotator, or everybody's), looked for on the server or `among` what it has.

    None if there is none yet; StudioError if it was changed by hand.
    """
    wanted = title(round_name, kind, annotator)
    found = [project for project in (listed(studio) if among is None else among) if project.title == wanted]
    if len(found) > 1:
        raise StudioError(f"there are {len(found)} projects {wanted!r}: push again, or delete all but one")
    if not found:
        return None
    asked = from_description(found[0].description)
    if asked is None or asked.title != wanted:
        raise StudioError(f"the description of project {wanted!r} was changed by hand; it has to be as push wrote it")
    return Project(found[0].id, asked)


def of_round(
    studio: Studio, round_name: str, kind: Kind, among: list[Any] | None = None, only_own: bool = False
) -> list[Project]:
    """The projects of a round: everybody's (but for `only_own`), and the annotators' own ones by name."""
    listed_now, whole = listed(studio) if among is None else among, title(round_name, kind)
    names = {project.title.removeprefix(f"{whole} ") for project in listed_now if project.title.startswith(f"{whole} ")}
    wanted = [*([] if only_own else [None]), *sorted(names)]
    found = (find(studio, round_name, kind, listed_now, name) for name in wanted)
    return [project for project in found if project]


def all_projects(studio: Studio, corpus: str) -> list[Project]:
    """The projects of a corpus, by title; those that others made on the server are passed over."""
    read = [(project.title, project.id, from_description(project.description)) for project in listed(studio)]
    found = ((name, Project(number, asked)) for name, number, asked in read if asked and asked.title == name)
    return [project for _, project in sorted(found, key=lambda item: item[0]) if project.asked.corpus == corpus]


def existing(
    studio: Studio, round_name: str, kind: Kind, corpus: str, schema: Schema, annotator: str | None = None
) -> Project:
    """The project of a round (of one annotator, or everybody's), which has to exist; otherwise as `verified`."""
    project = find(studio, round_name, kind, annotator=annotator)
    if project is None:
        wanted = title(round_name, kind, annotator)
        raise StudioError(f"there is no project {wanted!r}: run `variorum studio push` first")
    return verified(studio, project, corpus, schema)


def verified(studio: Studio, project: Project, corpus: str, schema: Schema) -> Project:
    """The project, which has to belong to this corpus, and still to have its labelling page."""
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


def task_numbers(studio: Studio, project: Project) -> dict[str, int]:
    """The server's number of each task, by doc_id or pair_id; the lowest if a task is there twice."""
    return {key: numbers[0] for key, numbers in all_numbers(studio, project).items()}


def all_numbers(studio: Studio, project: Project) -> dict[str, list[int]]:
    """The server's numbers of each task, lowest first, by doc_id or pair_id."""
    with studio.talking() as api:
        tasks = api.tasks.list(project=project.id, fields="task_only", include="id,data", page_size=PAGE)
        found = sorted((int(task.id), str(task.data.get(project.asked.key))) for task in tasks)
    numbers: dict[str, list[int]] = {}
    for number, key in found:
        numbers.setdefault(key, []).append(number)
    return numbers


# --- what projects hold --------------------------------------------------------------------------------------


def raw(studio: Studio, project: Project) -> list[exports.Task]:
    """The project's export as the server gives it, with e-mails and drafts."""
    with studio.talking() as api:
        found = api.projects.exports.as_json(project.id)
    if not isinstance(found, list) or not all(isinstance(task, dict) for task in found):
        raise StudioError(f"the server at {studio.url} exports something that is no list of tasks")
    return found


def users(studio: Studio, pseudonyms: Mapping[str, str]) -> dict[int, str]:
    """The annotators' pseudonyms by the server's number; `pseudonyms` has them by the accounts' e-mail."""
    with studio.talking() as api:
        found = [(user.id, str(user.email)) for user in api.users.list()]
    return {int(number): pseudonyms[email] for number, email in found if email in pseudonyms}


def pull(studio: Studio, project: Project, pseudonyms: Mapping[str, str]) -> list[exports.Task]:
    """The project's export, fit to be published; `pseudonyms` has the annotators by their accounts' e-mail."""
    tasks = exports.published(raw(studio, project), users(studio, pseudonyms), project.asked.key)
    return exports.dated(tasks, project.asked)
