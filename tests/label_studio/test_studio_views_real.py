"""Screening and adjudication on a real server: lists into records, open items into decisions."""

import json
import shutil
from collections.abc import Callable

import pytest
from studio_server import Done, Fresh, Studio, ok, project, records, request
from typer.testing import CliRunner

from variorum.cli import app
from variorum.corpus import read_corpus
from variorum.decisions import Decision
from variorum.label_studio import client, questions, screening
from variorum.label_studio.controls import Kind
from variorum.label_studio.results import Result
from variorum.records import from_json

pytestmark = pytest.mark.studio
Command = Callable[..., Done]


def file(studio: Studio, who: str, name: str, kind: Kind, key: str, result: list[Result]) -> None:
    """An annotation of one task, as the browser sends it."""
    number = client.task_numbers(studio.admin(), project(studio, name, kind))[key]
    request(studio, "POST", f"tasks/{number}/annotations", who=who, json={"result": result})


def test_lists_come_back_as_records(command: Command, studio: Studio, fresh: Fresh) -> None:
    root = fresh("lists")
    folder = root / "annotations" / "records"
    assert "6 tasks made, 0 were there" in ok(command("push", root, "--round", "lists-pairs", "--screening"))
    assert "0 tasks made, 6 were there" in ok(command("push", root, "--round", "lists-pairs", "--screening"))
    for path in sorted((folder / "lists-pairs").glob("*.json")):
        value = json.loads(path.read_bytes())
        value["contradictions"] = [p for p in value["contradictions"] if p["relation"] != "unclear"]
        path.write_text(json.dumps(value), encoding="utf-8")
        assert "6 annotations made" in ok(command("submit", root, path, "--as", path.stem))
    before = records(root, "lists-pairs")
    shutil.rmtree(folder)
    ok(command("pull", root, "--round", "lists-pairs"))
    after = records(root, "lists-pairs")
    assert [list(each["contradictions"].values()) for each in after.values()] != [[], []]
    assert {who: unpooled(each) for who, each in after.items()} == {who: unpooled(each) for who, each in before.items()}
    status = json.loads(ok(command("status", root, "--format", "json")))
    of_round = [line for line in status if line["round"] == "lists-pairs"]
    # The server of the tests has accounts of others, too, who have nothing to do with this round.
    assert [(line["done"], line["problems"]) for line in of_round if line["done"]] == [(6, 0)] * 2


def unpooled(found: dict[str, dict[str, object]]) -> dict[str, object]:
    """The pairs without their strata, which a screening does not have."""
    return {own: str(pair).split(", stratum=")[0] for own, pair in found["contradictions"].items()}


def test_a_list_with_mistakes_is_reported_and_not_filed(command: Command, studio: Studio, fresh: Fresh) -> None:
    root = fresh("mistakes")
    ok(command("push", root, "--round", "mistakes", "--screening"))
    listed = {"id": "a", "from_name": "agreement", "to_name": "html_left", "type": "textarea"}
    file(studio, "wren", "mistakes", Kind.screening, "a1~b2", [{**listed, "value": {"text": ["1-1", "99-1", "1-1"]}}])
    done = command("pull", root, "--round", "mistakes")
    assert (done.returncode, done.stderr) == (1, "")
    assert "agreement, entry 2, '99-1': there is no claim 99 on the left, only 1 to 11" in done.stdout
    assert "[listed-twice]" in done.stdout and "wren.json is not written" in done.stdout
    both = command("push", root, "--round", "x", "--screening", "--pairs", root / "x.json")
    assert (both.returncode, "give one of them" in both.stderr) == (2, True)


def test_what_is_open_is_decided_in_the_browser(command: Command, studio: Studio, fresh: Fresh) -> None:
    """Without its decisions the corpus has open items; with them decided again, gold is what it was."""
    root = fresh("open")
    corpus, folder = read_corpus(root), root / "annotations" / "decisions"
    gold, wanted = from_json(corpus.gold.read_bytes()), {}
    for path in (*folder.glob("*.json"), corpus.gold, corpus.consolidated):
        if path.parent == folder:
            decisions = json.loads(path.read_bytes())["decisions"]
            wanted |= {(d["item"], *d["ids"]): d for d in decisions}
            # Names and links that are decided against a majority are open to nobody: they are decided in the file.
            kept = [d for d in decisions if d["item"] in ("entity", "entity.name")]
            path.with_stem(f"open-{path.stem}").write_text(json.dumps({"decisions": kept}), encoding="utf-8")
        path.unlink()
    named = {"version": "1.0.0", "articles": "open-articles", "pairs": ["open-pairs"]}
    (root / "annotations" / "rounds.json").write_text(json.dumps(named), encoding="utf-8")
    rounds = []
    while "questions made" in (told := ok(command("adjudicate", root, "ada"))):
        name = told.split()[1]
        rounds.append(name)
        assert len(rounds) < 10 and f"ada: {studio.state.url}/projects/" in told
        decide(studio, name, wanted)
        assert "decisions added" in ok(command("pull", root, "--round", name, "--adjudication"))
        again = ok(command("pull", root, "--round", name, "--adjudication"))
        assert f"{name}.json: 0 decisions added, 0 changed" in again
    assert (rounds[0], rounds[-1]) == ("open-articles", "open-pairs")
    done = CliRunner().invoke(app, ["adjudicate", "--root", str(root)])
    assert done.exit_code == 0, done.output
    made = from_json(corpus.gold.read_bytes())
    for layer in ("mentions", "entities", "claims", "contradictions"):
        assert getattr(made, layer) == getattr(gold, layer)
    links = ok(command("start", root))
    assert "open-articles" not in links  # what is disputed is not shown to who labels


def decide(studio: Studio, name: str, wanted: dict[tuple[str, ...], dict[str, object]]) -> None:
    """Answer each question that ada has not answered yet as the corpus' own decisions do."""
    for task in client.raw(studio.admin(), project(studio, name, Kind.adjudication)):
        if task["annotations"]:
            continue
        data = task["data"]
        own = wanted.get((data["item"], *data["ids"]), {"choice": json.loads(data["choices"][0]), "reason": "So."})
        made = Decision(data["item"], tuple(data["ids"]), own["choice"], str(own["reason"]), "ada")
        result = questions.to_result(made, data)
        request(studio, "POST", f"tasks/{task['id']}/annotations", who="ada", json={"result": result})


def test_keys_of_tasks_are_those_of_their_rounds() -> None:
    from variorum.label_studio.rounds import KEYS

    assert (KEYS[Kind.screening], KEYS[Kind.adjudication]) == (screening.KEY, questions.KEY)
