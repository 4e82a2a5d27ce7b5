"""Judging: everybody in an own order and on own sides, which are recorded; known answers that nobody can tell."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from known_answers import known_corpus
from studio_server import Done, Fresh, Studio, ok, project, request

from variorum.corpus import Corpus, read_corpus
from variorum.label_studio import client, judging, tasks
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.pairs import to_result
from variorum.label_studio.rounds import fingerprint
from variorum.records import Pair, claims_sha256, from_json

Command = Callable[..., Done]
NAMES = ("heron", "wren")
JUDGES = ("--for", "heron", "--for", "wren")  # the server of the tests has accounts of others, too


def part(corpus: Corpus, name: str = "gold.json") -> judging.Part:
    gold = from_json((corpus.annotations / name).read_bytes())
    claims = {claim.claim_id: claim for claim in gold.claims or ()}
    return judging.Part(gold.contradictions or (), claims, corpus.documents)


# --- drawn ---------------------------------------------------------------------------------------------------


def test_order_and_sides_are_ones_own_and_stay() -> None:
    keys = [f"a~{i:03}" for i in range(400)]
    orders = {who: sorted(keys, key=lambda key: judging.rank("r", who, key)) for who in (*NAMES, None)}
    sides = {who: [tasks.swapped("r", key, who) for key in keys] for who in (*NAMES, None)}
    for one, other in (NAMES, (NAMES[0], None)):
        assert sum(a == b for a, b in zip(orders[one], orders[other], strict=True)) < 10
        assert 160 < sum(a == b for a, b in zip(sides[one], sides[other], strict=True)) < 240
    assert orders["wren"] == sorted(keys[::-1], key=lambda key: judging.rank("r", "wren", key)) != keys
    assert orders["wren"] != sorted(keys, key=lambda key: judging.rank("again", "wren", key))


def test_a_task_says_whose_it_is_and_nothing_of_its_part(small: Corpus, tmp_path: Path) -> None:
    own, known = part(small), part(read_corpus(known_corpus(tmp_path / "known")))
    found = judging.placed(judging.drawn([own, known], "r", "wren").values(), 7)
    assert [data["position"] for data in found] == list(range(8, 48))
    assert {data["annotator"] for data in found} == {"wren"} and len({frozenset(data) for data in found}) == 1
    is_known = [data["doc_left"] in known.documents for data in found]
    changes = sum(a != b for a, b in pairwise(is_known))
    assert (sum(is_known), 10 < changes < 30) == (20, True), "one among the other, by chance"


def test_parts_that_could_not_be_told_apart_when_they_come_back(small: Corpus, tmp_path: Path) -> None:
    own = part(small)
    for other, words in (
        (own, "pairs of the same ids"),
        (judging.Part((), {}, small.documents), "articles of this one"),
        (judging.Part((), {}, {}), "no judged pairs"),
    ):
        with pytest.raises(StudioError, match=words):
            judging.check_parts([own, other])


# --- on a real server ----------------------------------------------------------------------------------------


def a_pool(root: Path, count: int = 6) -> Path:
    """Some pairs of the corpus with strata, as a file."""
    gold = json.loads((root / "annotations" / "gold.json").read_bytes())["contradictions"][:count]
    path = root / "pool.json"
    listed = [{"claim_a": each["claim_a"], "claim_b": each["claim_b"], "stratum": "SECRET-near"} for each in gold]
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path


def with_answers(folder: Path, count: int = 4) -> Path:
    """A corpus with so many known answers."""
    root = known_corpus(folder)
    path = root / "annotations" / "gold.json"
    gold = json.loads(path.read_bytes())
    gold["contradictions"] = gold["contradictions"][:count]
    path.write_text(json.dumps(gold), encoding="utf-8")
    return root


def judge_all(studio: Studio, name: str, who: str) -> list[dict[str, Any]]:
    """Judge what the stream gives, one after the other, as neutral; the data of the tasks as they came."""
    mine = project(studio, name, Kind.pairs, who)
    controls = mine.asked.controls(read_corpus(Path(__file__).resolve().parents[1] / "corpus").schema)
    seen = []
    for _ in request(studio, "GET", f"tasks?project={mine.id}&page_size=100", who)["tasks"]:
        task = request(studio, "GET", f"projects/{mine.id}/next", who)
        data = task["data"]
        ends = {"claim_a": data["claim_left"], "claim_b": data["claim_right"]}
        result = to_result(Pair(pair_id=data["pair_id"], **ends, relation="neutral"), data, controls)
        request(studio, "POST", f"tasks/{task['id']}/annotations", who, json={"result": result, "lead_time": 3.5})
        seen.append(data)
    return seen


@pytest.mark.studio
def test_everybody_judges_in_an_order_of_ones_own(command: Command, studio: Studio, fresh: Fresh) -> None:
    root = fresh("own")
    pool = a_pool(root, 12)
    printed = ok(command("push", root, "--round", "own", "--pairs", pool, *JUDGES))
    assert [printed.count(f"own pairs {who}: 12 tasks made") for who in NAMES] == [1, 1]
    assert "heron: http" in printed and "wren: http" in printed
    ok(command("push", root, "--round", "own", "--pairs", pool, *JUDGES))
    seen = {who: judge_all(studio, "own", who) for who in NAMES}
    for who, of in seen.items():  # the stream keeps to the order that was drawn
        assert [data["position"] for data in of] == list(range(1, 13))
        assert "SECRET" not in json.dumps(of) and {data["annotator"] for data in of} == {who}
    first, second = ([data["pair_id"] for data in seen[who]] for who in NAMES)
    assert first != second and sorted(first) == sorted(second)
    sides = [{data["pair_id"]: data["claim_left"] for data in seen[who]} for who in NAMES]
    assert sides[0] != sides[1]
    ok(command("pull", root, "--round", "own", "--pairs", pool))
    export = json.loads((root / "annotations/exports/own.pairs.json").read_bytes())
    recorded = {(t["data"]["annotator"], t["data"]["position"]): t["data"]["claim_left"] for t in export}
    assert recorded == {(who, data["position"]): data["claim_left"] for who in NAMES for data in seen[who]}
    status = json.loads(ok(command("status", root, "--format", "json")))
    of_round = [line for line in status if line["round"] == "own"]
    found = [(line["annotator"], line["done"], line["total"], line["problems"]) for line in of_round]
    assert found == [("heron", 12, 12, 0), ("wren", 12, 12, 0)]
    for who in NAMES:
        record = from_json((root / f"annotations/records/own/{who}.json").read_bytes())
        assert {(pair.relation, pair.stratum) for pair in record.contradictions or ()} == {("neutral", "SECRET-near")}
    before = (root / "annotations/records/own/wren.json").read_bytes()
    ok(command("pull", root, "--round", "own"))  # the strata are known from before
    assert (root / "annotations/records/own/wren.json").read_bytes() == before


@pytest.mark.studio
def test_work_on_another_ones_task_is_told(command: Command, studio: Studio, fresh: Fresh) -> None:
    root = fresh("lost")
    ok(command("push", root, "--round", "lost", "--pairs", a_pool(root, 1), "--for", "heron"))
    mine = project(studio, "lost", Kind.pairs, "heron")
    (task,) = request(studio, "GET", f"tasks?project={mine.id}", "wren")["tasks"]
    choice = {"from_name": "relation", "to_name": "quote_left", "type": "choices", "value": {"choices": ["neutral"]}}
    filed = {"result": [{"id": "r", **choice}]}
    request(studio, "POST", f"tasks/{task['id']}/annotations", "wren", json=filed)
    pulled = ok(command("pull", root, "--round", "lost"))
    assert pulled.count("[foreign-task]") == 1 and (root / "annotations/records/lost/wren.json").is_file()


@pytest.mark.studio
def test_known_answers_cannot_be_told(command: Command, studio: Studio, fresh: Fresh, tmp_path: Path) -> None:
    root, known = fresh("blind"), with_answers(tmp_path / "answers-of-the-organiser")
    pool = a_pool(root)
    ok(command("push", root, "--round", "blind", "--pairs", pool, "--known", known, *JUDGES))
    again = ok(command("push", root, "--round", "blind", "--pairs", pool, "--known", known, *JUDGES))
    assert again.count("0 tasks made, 10 were there already") == 2
    articles = read_corpus(known).documents
    for who in NAMES:
        mine = project(studio, "blind", Kind.pairs, who)
        shown = request(studio, "GET", f"tasks?project={mine.id}&page_size=100&fields=all", who)["tasks"]
        whole = [request(studio, "GET", f"tasks/{task['id']}", who) for task in shown]
        page = request(studio, "GET", f"projects/{mine.id}", who)
        nothing = ("answers-of-the-organiser", "known", "SECRET", "stratum", "gold", fingerprint(articles))
        said = json.dumps([shown, whole, page]).replace("unknown", "")
        assert [word for word in nothing if word in said] == []
        for listed in (shown, whole):
            assert_same_shape([t for t in listed if judging.about(t, articles)], listed)
    seen = {who: judge_all(studio, "blind", who) for who in NAMES}
    refused = command("pull", root, "--round", "blind")
    assert (refused.returncode, len(refused.stderr.splitlines()), "--known" in refused.stderr) == (2, 1, True)
    assert not (root / "annotations/exports").exists() and not (root / "annotations/records/blind").exists()
    ok(command("pull", root, "--round", "blind", "--pairs", pool, "--known", known))
    for at, count in ((root, 6), (known, 4)):
        export = json.loads((at / "annotations/exports/blind.pairs.json").read_bytes())
        assert len(export) == 2 * count
        for who in NAMES:
            record = from_json((at / f"annotations/records/blind/{who}.json").read_bytes())
            wanted = sorted(d["pair_id"] for d in seen[who] if (d["doc_left"] in articles) == (at == known))
            assert [pair.pair_id for pair in record.contradictions or ()] == wanted and len(wanted) == count
    status = json.loads(ok(command("status", root, "--format", "json")))
    assert [(line["done"], line["problems"]) for line in status if line["round"] == "blind"] == [(10, 0), (10, 0)]


# Of these, what is shown differs from task to task; of everything else, all tasks have the same.
OWN = {"id", "inner_id", "data", "created_at", "updated_at", "annotations_ids", "predictions", "unique_lock_id"}


def assert_same_shape(some: list[dict[str, Any]], all_tasks: list[dict[str, Any]]) -> None:
    """Nothing but texts, and ids of articles and claims, sets some tasks apart."""
    assert 0 < len(some) < len(all_tasks)
    assert len({json.dumps({k: v for k, v in task.items() if k not in OWN}, sort_keys=True) for task in all_tasks}) == 1
    kinds = {json.dumps({k: type(v).__name__ for k, v in task["data"].items()}) for task in all_tasks}
    assert len(kinds) == 1, "the same fields in the same order"
    places = sorted(task["id"] for task in all_tasks)
    among = [places.index(task["id"]) for task in some]
    assert sorted(among) not in (list(range(len(some))), list(range(len(places) - len(some), len(places))))


@pytest.mark.studio
def test_a_file_about_known_answers_is_filed_among_the_rest(command: Command, fresh: Fresh, tmp_path: Path) -> None:
    root, known = fresh("filed"), with_answers(tmp_path / "answers")
    pool, who = a_pool(root), NAMES[0]
    ok(command("push", root, "--round", "filed", "--pairs", pool, "--known", known, *JUDGES))
    gold = json.loads((known / "annotations/gold.json").read_bytes())
    claims = from_json((known / "annotations/consolidated.json").read_bytes())
    judged = {
        **{name: gold[name] for name in ("schema_version", "documents")},
        **{"source": who, "role": "annotator", "round": "filed", "guideline_version": gold["guideline_version"]},
        "claims_from": {"source": claims.source, "sha256": claims_sha256(claims.claims or ())},
        "contradictions": gold["contradictions"],
    }
    path = tmp_path / "judged.json"
    path.write_text(json.dumps(judged), encoding="utf-8")
    assert "4 annotations made" in ok(command("submit", root, path, "--as", who, "--known", known))
    assert "4 as before" in ok(command("submit", root, path, "--as", who, "--known", known))
    ok(command("pull", root, "--round", "filed", "--pairs", pool, "--known", known))
    record = from_json((known / f"annotations/records/filed/{who}.json").read_bytes())
    given = {each["pair_id"]: each["relation"] for each in gold["contradictions"]}
    assert {pair.pair_id: pair.relation for pair in record.contradictions or ()} == given


@pytest.mark.studio
def test_known_answers_come_with_the_pool_or_not_at_all(
    command: Command, fresh: Fresh, tmp_path: Path, studio: Studio
) -> None:
    root, known = fresh("late"), with_answers(tmp_path / "known")
    line = ("push", root, "--round", "late", "--pairs", a_pool(root))
    for more, words in (
        (("--known", root), "pairs of the same ids"),
        (("--known", tmp_path), "no corpus at"),
        (("--for", "gull"), "nobody called gull is invited"),
    ):
        refused = command(*line, *more)
        assert (refused.returncode, refused.stdout) == (2, "") and words in refused.stderr
        assert client.of_round(studio.admin(), "late", Kind.pairs) == []
    ok(command(*line))
    late = command(*line, "--known", known)
    assert (late.returncode, late.stdout) == (2, "") and "could be told" in late.stderr
    alone = command("push", root, "--round", "late-articles", "--known", known)
    assert (alone.returncode, "go with --pairs" in alone.stderr) == (2, True)
