"""What push and pull of many pairs cost beside the plain SDK calls on the same server, and how much memory they take.

    python benchmarks/studio_scale.py [--tasks 10000] [--runs 3]

A server with an empty database is started in a temporary folder (about a minute). Each measurement is a process of its
own; plain and ours take turns. Push: a project with TASKS pair tasks, against `projects.create` and `import_tasks` with
as large batches. Pull: the export, without e-mails and by pseudonym, records of it, and both as bytes, against
`exports.as_json` and `json.dumps`. Time is that of the wall, from the first call to the server; memory is the peak.
"""

import argparse
import json
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from variorum import schema
from variorum.corpus import Document
from variorum.label_studio import client, exports, sending, server
from variorum.label_studio.controls import Kind
from variorum.label_studio.pairs import to_result
from variorum.label_studio.rounds import PAIR_LAYERS, Round, fingerprint
from variorum.label_studio.tasks import TaskData, pair_task
from variorum.records import Claim, ClaimsFrom, Pair, Span, pair_id, to_json
from variorum.sources import Source

SCHEMA = schema.default()
LENGTH = 5000  # characters of an article
CLAIMS = 150  # in either of two articles: enough for 22,500 pairs
HERON = "heron"


def documents() -> dict[str, Document]:
    text = "".join(f"Sentence {i:04} says that the ferry had {i} seats. " for i in range(LENGTH))[:LENGTH]
    hashes = {"a1": "0" * 64, "b2": "1" * 64}
    return {
        name: Document(
            Source(doc_id=name, file=f"{name}.txt", title=name, language="en", sha256=own, n_chars=LENGTH, rights="-"),
            text,
        )
        for name, own in hashes.items()
    }


def claims(doc_id: str, text: str) -> list[Claim]:
    spans = [Span(start=i * 30, end=i * 30 + 40, text=text[i * 30 : i * 30 + 40]) for i in range(CLAIMS)]
    fixed = {"kind": "fact", "polarity": "positive", "certainty": "certain", "entities": ()}
    return [
        Claim(claim_id=f"{doc_id}-c{i:04}", doc_id=doc_id, spans=(span,), proposition=f"Claim {i}.", **fixed)
        for i, span in enumerate(spans)
    ]


def pairs(count: int) -> dict[str, TaskData]:
    """The task data of so many pairs, by pair_id."""
    known = documents()
    listed = [claims(name, each.text) for name, each in known.items()]
    by_id = {claim.claim_id: claim for side in listed for claim in side}
    ends = [(a.claim_id, b.claim_id) for a in listed[0] for b in listed[1]][:count]
    bare = [Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation="neutral") for a, b in ends]
    return {pair.pair_id: pair_task(pair, by_id, known) for pair in bare}


def asked(name: str) -> Round:
    named = ClaimsFrom(source="consolidated", sha256="0" * 64)
    return Round(fingerprint(documents()), name, Kind.pairs, "1", PAIR_LAYERS, named)


# --- what is measured ----------------------------------------------------------------------------------------


def push_ours(studio: client.Studio, tasks: dict[str, TaskData], name: str) -> None:
    sending.push(studio, asked(name), SCHEMA, "<p>Guidelines</p>", tasks.values())


def push_plain(studio: client.Studio, tasks: dict[str, TaskData], name: str) -> None:
    listed = [{"data": data} for data in tasks.values()]
    made = studio.api.projects.create(title=name, label_config=asked(name).config(SCHEMA))
    for at in range(0, len(listed), client.PAGE):
        studio.api.projects.import_tasks(made.id, request=listed[at : at + client.PAGE])


def pull_ours(studio: client.Studio, tasks: dict[str, TaskData], name: str) -> None:
    project = client.find(studio, "judged", Kind.pairs)
    assert project is not None
    with studio.talking() as api:
        emails = {user.email: HERON for user in api.users.list()}
    pulled = exports.merged([client.pull(studio, project, emails)], project.asked.key)
    data = exports.to_bytes(pulled)
    found = exports.sets(exports.from_bytes(data), project.asked, documents(), SCHEMA, "export")
    assert found.problems == () and len(found.sets[HERON].contradictions or ()) == len(tasks)
    to_json(found.sets[HERON])


def pull_plain(studio: client.Studio, tasks: dict[str, TaskData], name: str) -> None:
    project = client.find(studio, "judged", Kind.pairs)
    assert project is not None
    pulled = studio.api.projects.exports.as_json(project.id)
    assert len(pulled) == len(tasks)
    json.dumps(pulled, indent=1).encode()


MEASURED: dict[str, Callable[[client.Studio, dict[str, TaskData], str], None]] = {
    "push": push_ours,
    "push, plain": push_plain,
    "pull": pull_ours,
    "pull, plain": pull_plain,
}


def judge(studio: client.Studio, tasks: dict[str, TaskData]) -> None:
    """A round in which every pair is judged, put there with its annotations in one go."""
    project = sending.push(studio, asked("judged"), SCHEMA, "", []).project
    controls = project.asked.controls(SCHEMA)
    filed: list[dict[str, Any]] = []
    for data in tasks.values():
        ends = {"claim_a": data["claim_left"], "claim_b": data["claim_right"]}
        pair = Pair(pair_id=data["pair_id"], **ends, relation="neutral", reason="different_time")
        filed.append({"data": data, "annotations": [{"result": to_result(pair, data, controls), "lead_time": 9.5}]})
    for at in range(0, len(filed), client.PAGE):
        studio.api.projects.import_tasks(project.id, request=filed[at : at + client.PAGE])


# --- the table -----------------------------------------------------------------------------------------------


def child(what: str, url: str, count: int, name: str) -> None:
    """Measure one thing in this process, the token on standard input."""
    studio, tasks = client.connect(url, sys.stdin.read().strip()), pairs(count)
    start = time.perf_counter()
    MEASURED[what](studio, tasks, name)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))


def run(what: str, url: str, token: str, count: int, name: str) -> tuple[float, float]:
    """Seconds and peak KiB."""
    options = ["--child", what, "--url", url, "--tasks", str(count), "--name", name]
    command = [sys.executable, __file__, *options]
    done = subprocess.run(command, input=token, capture_output=True, text=True, check=True)
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def table(count: int, runs: int, url: str, token: str) -> None:
    judge(client.connect(url, token), pairs(count))
    found: dict[str, list[tuple[float, float]]] = {what: [] for what in MEASURED}
    for i in range(runs):
        for what in MEASURED:
            found[what].append(run(what, url, token, count, f"{what.split(',')[0]}-{len(found[what])}-{i}"))
    print(f"{'what':<12} {'tasks':>7} {'s':>7} {'peak MiB':>9}")
    medians = {what: [statistics.median(column) for column in zip(*each, strict=True)] for what, each in found.items()}
    for what, (seconds, peak) in medians.items():
        print(f"{what:<12} {count:7,} {seconds:7.2f} {peak / 1024:9.0f}")
    for what in ("push", "pull"):
        print(f"{what}: {medians[what][0] / medians[f'{what}, plain'][0] - 1:+.0%} of the plain calls' time")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    for hidden in ("--child", "--url", "--name"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.url, options.tasks, options.name)
        return
    with tempfile.TemporaryDirectory(prefix="variorum-benchmark-") as folder:
        state = server.start(Path(folder) / "server", free_port(), say=lambda text: print(text, file=sys.stderr))
        try:
            token = server.invite(Path(folder) / "server", []).admin.token
            table(options.tasks, options.runs, state.url, token)
        finally:
            server.stop(Path(folder) / "server")


if __name__ == "__main__":
    main()
