"""The server that the tests marked `studio` share, and how they speak to it."""

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec

from variorum.label_studio import client, server
from variorum.label_studio.accounts import Logins
from variorum.label_studio.controls import Kind
from variorum.records import AnnotationSet, from_json

Fresh = Callable[[str], Path]
Done = subprocess.CompletedProcess[str]


class Studio(msgspec.Struct, frozen=True):
    """A server that runs, and the folder it lives in."""

    folder: Path
    state: server.State

    @property
    def logins(self) -> Logins:
        return server.invite(self.folder, [])

    def admin(self) -> client.Studio:
        return client.connect(self.state.url, self.logins.admin.token)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ok(done: Done) -> str:
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def project(studio: Studio, name: str, kind: Kind, annotator: str | None = None) -> client.Project:
    found = client.find(studio.admin(), name, kind, annotator=annotator)
    assert found is not None
    return found


def request(studio: Studio, method: str, path: str, who: str | None = None, **more: Any) -> Any:
    login = studio.logins.annotators[who] if who else studio.logins.admin
    headers = {"Authorization": f"Token {login.token}"}
    answer = httpx.request(
        method, f"{studio.state.url}/api/{path}", headers=headers, timeout=30, trust_env=False, **more
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def submit_all(command: Callable[..., Done], root: Path, round_name: str) -> None:
    for path in sorted((root / "annotations" / "records" / round_name).glob("*.json")):
        ok(command("submit", root, path, "--as", path.stem))


def by_id(annotation_set: AnnotationSet) -> dict[str, Any]:
    """The records of a set, whatever their order; the strata, which are of the pool, aside."""
    ids = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id", "contradictions": "pair_id"}
    layers = {layer: {getattr(r, key): r for r in getattr(annotation_set, layer) or ()} for layer, key in ids.items()}
    return {**layers, "header": msgspec.structs.replace(annotation_set, **dict.fromkeys(ids, None))}


def records(root: Path, round_name: str) -> dict[str, dict[str, Any]]:
    folder = root / "annotations" / "records" / round_name
    return {path.stem: by_id(from_json(path.read_bytes())) for path in sorted(folder.glob("*.json"))}
