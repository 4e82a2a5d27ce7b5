"""A dataset folder to a hub, in one commit with a tag for its version."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from variorum.dataset.folder import contents
from variorum.dataset.material import Material
from variorum.records import Record

KEPT = (".gitattributes",)  # files that a hub puts into a repository by itself
TYPE = "dataset"


class Refused(Exception):
    """The hub, or its state, does not allow it; the message says why. Nothing was committed."""


class File(Record, frozen=True):
    """One file that would go, by its path in the repository."""

    path: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Plan(Record, frozen=True):
    """What would be published where, under which tag, with which message."""

    repository: str
    tag: str
    message: str
    files: tuple[File, ...]


def plan(repository: str, folder: Path, material: Material) -> Plan:
    """The plan for a dataset folder that was built of this material."""
    edition = "with the texts" if material.has_texts else "without the texts"
    return Plan(
        repository,
        tag=f"v{material.version}",
        message=f"{material.citation.name} {material.version}, {edition}",
        files=tuple(File(path, data) for path, data in sorted(contents(folder).items())),
    )


def lines(each: Plan) -> list[str]:
    """The plan for people: every file with its size and hash, then commit and tag."""
    size = sum(len(file.data) for file in each.files)
    return [
        *(f"{file.sha256[:12]} {len(file.data):>10,} {file.path}" for file in each.files),
        f"{len(each.files)} files, {size:,} bytes, to {TYPE} {each.repository}; other files there are removed",
        f"one commit: {each.message}",
        f"tag: {each.tag}",
    ]


def publish(each: Plan, api: Any) -> str:
    """Do it, through a `huggingface_hub.HfApi`; returns the commit. Refused if the tag is there already."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    try:
        return _publish(each, api)
    except (HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, OSError) as error:
        raise Refused(" ".join(str(error).split()) or type(error).__name__) from error


def _publish(each: Plan, api: Any) -> str:
    api.create_repo(each.repository, repo_type=TYPE, exist_ok=True)
    if each.tag in {tag.name for tag in api.list_repo_refs(each.repository, repo_type=TYPE).tags}:
        raise Refused(f"{each.repository} has the tag {each.tag} already: a published version is not replaced")
    there = api.list_repo_files(each.repository, repo_type=TYPE)
    done = api.create_commit(
        each.repository, operations=_operations(each, there), commit_message=each.message, repo_type=TYPE
    )
    api.create_tag(each.repository, tag=each.tag, revision=done.oid, repo_type=TYPE)
    return str(done.oid)


def _operations(each: Plan, there: Sequence[str]) -> list[Any]:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    own = {file.path for file in each.files}
    stale = [path for path in there if path not in own and path not in KEPT]
    added = [CommitOperationAdd(path_in_repo=file.path, path_or_fileobj=file.data) for file in each.files]
    return [*added, *(CommitOperationDelete(path_in_repo=path) for path in stale)]
