"""Adjudication where everybody has a server of one's own: the questions are on the adjudicator's, and on no other."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from studio_server import Done, Fresh, Studio, free_port, ok

from variorum.decisions import Decision
from variorum.label_studio import accounts, client, fleet, questions, server
from variorum.label_studio.controls import Kind

pytestmark = [pytest.mark.studio, pytest.mark.slow]
Command = Callable[..., Done]
ANNOTATORS = ("heron", "wren")


@pytest.fixture
def servers(studio: Studio, tmp_path: Path) -> Iterator[Path]:
    """A folder with a server each for heron, wren and (not yet invited) ada, from the database of the tests' server."""
    folder = tmp_path / "servers"
    fleet.isolate(folder, ANNOTATORS, free_port())
    for name in (*ANNOTATORS, "ada"):
        shutil.copytree(studio.folder, folder / name, ignore=shutil.ignore_patterns("state.json"))
    yield folder
    for member in fleet.members(folder):
        server.stop(member.folder)


def without_decisions(root: Path, name: str) -> None:
    """A corpus of which only the articles are annotated, and what was not agreed on is open."""
    annotations = root / "annotations"
    for path in (
        *(annotations / "decisions").glob("*.json"),
        annotations / "gold.json",
        annotations / "consolidated.json",
    ):
        path.unlink()
    named = {"version": "1.0.0", "articles": name, "pairs": []}
    (annotations / "rounds.json").write_text(json.dumps(named), encoding="utf-8")


def test_adjudicate_isolated(variorum: Command, fresh: Fresh, servers: Path) -> None:
    root, name = fresh("single"), "single-articles"
    at = ("--root", root, "--data", servers)
    without_decisions(root, name)
    assert variorum("studio", "start", *at, timeout=300).returncode == 0
    ok(variorum("studio", "push", "--round", name, *at))
    for who in ANNOTATORS:
        path = root / "annotations" / "records" / name / f"{who}.json"
        ok(variorum("studio", "submit", path, "--as", who, *at))
    early = variorum("studio", "adjudicate", "ada", *at)
    assert (early.returncode, early.stderr.count("\n"), "invite ada" in early.stderr) == (2, 1, True)
    assert variorum("studio", "invite", "ada", *at, timeout=300).returncode == 0
    asked = ok(variorum("studio", "adjudicate", "ada", *at))
    count = int(asked.split(f"{name} adjudication: ")[1].split()[0])
    assert count > 0 and f"ada: http://127.0.0.1:{fleet.of(servers, 'ada').port}/projects/" in asked
    assert "0 questions made" in ok(variorum("studio", "adjudicate", "ada", *at))
    for who in ANNOTATORS:
        assert client.find(admin(servers, who), name, Kind.adjudication) is None
    answer_all(servers, name)
    told = ok(variorum("studio", "pull", "--round", name, "--adjudication", *at))
    assert f"{name}.json: {count} decisions added" in told
    decided = json.loads((root / "annotations" / "decisions" / f"{name}.json").read_bytes())["decisions"]
    assert (len(decided), {each["decided_by"] for each in decided}) == (count, {"ada"})
    left = variorum("studio", "adjudicate", "ada", *at)  # what was decided is not asked again
    assert f"{count} questions made" not in left.stdout
    whole = variorum("studio", "pull", "--round", name, *at)  # ada's server, which has no articles, is no hindrance
    assert whole.returncode == 0 and "ada's server has no round" in whole.stderr
    assert sorted(path.stem for path in (root / "annotations/records" / name).iterdir()) == sorted(ANNOTATORS)


def test_judging_isolated(variorum: Command, fresh: Fresh, servers: Path) -> None:
    """Each server has its own annotator's order, and no other's."""
    root = fresh("orders")
    at = ("--root", root, "--data", servers)
    assert variorum("studio", "start", *at, timeout=300).returncode == 0
    pool = root / "annotations" / "records" / "orders-pairs" / "heron.json"
    pushed = ok(variorum("studio", "push", "--round", "orders", "--pairs", pool, *at))
    assert [pushed.count(f"orders pairs {who}: 20 tasks made") for who in ANNOTATORS] == [1, 1]
    for who in ANNOTATORS:
        (own,) = client.of_round(admin(servers, who), "orders", Kind.pairs)
        assert own.asked.annotator == who
    ok(variorum("studio", "pull", "--round", "orders", *at))
    export = json.loads((root / "annotations" / "exports" / "orders.pairs.json").read_bytes())
    places = {who: [t["data"]["position"] for t in export if t["data"]["annotator"] == who] for who in ANNOTATORS}
    assert [sorted(each) for each in places.values()] == [list(range(1, 21))] * 2 and places["heron"] != places["wren"]


def admin(servers: Path, who: str) -> client.Studio:
    state = server.running(servers / who)
    assert state is not None
    return client.connect(state.url, accounts.read(servers / who).admin.token)


def answer_all(servers: Path, name: str) -> None:
    """Decide every question for the first version that is offered, as ada."""
    state = server.running(servers / "ada")
    assert state is not None
    mine = client.connect(state.url, accounts.read(servers / "ada").annotators["ada"].token)
    found = client.find(mine, name, Kind.adjudication)
    assert found is not None
    for task in client.raw(mine, found):
        data = task["data"]
        made = Decision(data["item"], tuple(data["ids"]), json.loads(data["choices"][0]), "So.", "ada")
        mine.api.annotations.create(task["id"], result=questions.to_result(made, data))
