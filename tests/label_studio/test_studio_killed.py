"""Push and pull, with the client or the server killed at random moments: done again, nothing is lost or doubled."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from studio_server import Studio, free_port

from variorum.corpus import read_corpus
from variorum.label_studio import client, server
from variorum.label_studio.controls import Kind
from variorum.records import from_json

pytestmark = [pytest.mark.studio, pytest.mark.slow]
JUDGES = ("--for", "heron", "--for", "wren")
MOMENTS = 5  # of each of push and pull, with each of client and server: 20 in all
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
# Small batches, so that there is something between them; "go" is said when all is loaded.
CHILD = """
import sys, label_studio_sdk
from variorum.label_studio import client, sending
client.PAGE = sending.PAGE = 25
from variorum.cli import app
print("go", flush=True)
app(sys.argv[1:])
"""


class Running:
    """A server of the test's own, which it may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.state = server.start(folder, self.port)

    def kill(self) -> None:
        os.kill(self.state.pid, signal.SIGKILL)

    def again(self) -> None:
        deadline = time.monotonic() + 20
        while server.running(self.folder) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.state = server.start(self.folder, self.port)

    def admin(self) -> client.Studio:
        return Studio(self.folder, self.state).admin()


@pytest.fixture(scope="module")
def own(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("killed") / "server"
    shutil.copytree(studio.folder, folder, ignore=shutil.ignore_patterns("state.json"))
    running = Running(folder)
    yield running
    server.stop(folder)


def begun(root: Path, folder: Path, *line: str | Path) -> subprocess.Popen[str]:
    """A command in a process of its own, at the moment when it begins to talk to the server."""
    command = [sys.executable, "-c", CHILD, "studio", *map(str, line), "--root", str(root), "--data", str(folder)]
    child = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None and child.stdout.readline() == "go\n"
    return child


def undisturbed(root: Path, own: Running, *line: str | Path) -> float:
    """How long the command takes; it has to succeed."""
    start = time.monotonic()
    child = begun(root, own.folder, *line)
    start = time.monotonic()
    out, err = child.communicate(timeout=120)
    assert (child.returncode, err) == (0, ""), out + err
    return time.monotonic() - start


def disturbed(root: Path, own: Running, victim: str, after: float, *line: str | Path) -> None:
    """Begin the command and kill the client or the server; a client that survives says what happened in one line."""
    child = begun(root, own.folder, *line)
    time.sleep(after)
    if victim == "client":
        child.kill()
        child.communicate()
        return
    own.kill()
    _, err = child.communicate(timeout=120)
    assert child.returncode in (0, 2) and len(err.splitlines()) == (1 if child.returncode else 0), err
    assert "Traceback" not in err
    own.again()


def pool_of(root: Path) -> Path:
    """All pairs of the consolidated claims, at most 200."""
    claims = from_json((root / "annotations" / "consolidated.json").read_bytes()).claims or ()
    pairs = [{"claim_a": a.claim_id, "claim_b": b.claim_id} for a, b in combinations(claims, 2)]
    path = root / "pool.json"
    path.write_text(json.dumps(pairs[:200]), encoding="utf-8")
    return path


@pytest.mark.parametrize("victim", ["client", "server"])
def test_push(own: Running, victim: str, fresh: Callable[[str], Path]) -> None:
    root = fresh(f"push-{victim}")
    pool = pool_of(root)
    wanted = len(json.loads(pool.read_bytes()))
    whole = undisturbed(root, own, "push", "--round", f"{victim}-whole", "--pairs", pool, *JUDGES)
    moments = random.Random(f"push {victim}")
    for i in range(MOMENTS):
        line = ("push", "--round", f"{victim}-{i}", "--pairs", pool, *JUDGES)
        disturbed(root, own, victim, moments.uniform(0, whole), *line)
        undisturbed(root, own, *line)
        projects = client.of_round(own.admin(), f"{victim}-{i}", Kind.pairs)
        assert [project.asked.annotator for project in projects] == ["heron", "wren"]
        for project in projects:
            listed = [task["data"] for task in client.raw(own.admin(), project)]
            keys = Counter(str(data["pair_id"]) for data in listed)
            assert (len(keys), set(keys.values())) == (wanted, {1})
            assert [data["position"] for data in listed] == list(range(1, wanted + 1))


@pytest.mark.parametrize("victim", ["client", "server"])
def test_pull(own: Running, victim: str, fresh: Callable[[str], Path]) -> None:
    root = fresh(f"pull-{victim}")
    name = f"pull-{victim}-articles"
    undisturbed(root, own, "push", "--round", name)
    records = root / "annotations" / "records"
    for path in sorted((records / name).glob("*.json")):
        undisturbed(root, own, "submit", path, "--as", path.stem)
    whole = undisturbed(root, own, "pull", "--round", name)
    before = tree(root)
    moments = random.Random(f"pull {victim}")
    for i in range(MOMENTS):
        if i % 2:  # nothing is there, or what an earlier pull wrote
            shutil.rmtree(records / name)
            shutil.rmtree(root / "annotations" / "exports")
        disturbed(root, own, victim, moments.uniform(0, whole), "pull", "--round", name)
        assert tree(root).items() <= before.items()
        undisturbed(root, own, "pull", "--round", name)
        assert tree(root) == before


def tree(root: Path) -> dict[str, bytes]:
    """What anybody reads of annotations/."""
    folder = root / "annotations"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("[!.]*") if p.is_file()}


def test_submit(own: Running, fresh: Callable[[str], Path]) -> None:
    """A client that is killed while it files may begin again: each task has one annotation in the end."""
    root = fresh("filed")
    path = root / "annotations" / "records" / "filed-pairs" / "heron.json"
    undisturbed(root, own, "push", "--round", "filed-pairs", "--pairs", path)
    for after in (0.5, 1.5):
        disturbed(root, own, "client", after, "submit", path, "--as", "heron")
    undisturbed(root, own, "submit", path, "--as", "heron")
    project = client.find(own.admin(), "filed-pairs", Kind.pairs, annotator="heron")
    assert project is not None
    found = [len(task["annotations"]) for task in client.raw(own.admin(), project)]
    assert found == [1] * len(read_corpus(root).documents and json.loads(path.read_bytes())["contradictions"])
