"""The whole way on a real server: push, submit, pull, and everything that may go wrong on it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from studio_server import Done, Fresh, Studio, free_port, ok, project, records, request, submit_all

from variorum.corpus import Corpus, read_corpus
from variorum.label_studio import accounts, client, environment, rounds, server
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError

pytestmark = pytest.mark.studio


def test_articles_come_back_as_they_were_submitted(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    """The texts have emoji, \\r\\n, NBSP, combining marks and right-to-left words; spans nest."""
    root = fresh("whole")
    assert "3 tasks made, 0 were there" in ok(command("push", root, "--round", "whole-articles"))
    assert "0 tasks made, 3 were there" in ok(command("push", root, "--round", "whole-articles"))
    before = records(root, "whole-articles")
    submit_all(command, root, "whole-articles")
    again = ok(command("submit", root, root / "annotations/records/whole-articles/heron.json", "--as", "heron"))
    assert "0 annotations made, 0 changed, 3 as before" in again
    tasks = request(studio, "GET", f"tasks?project={project(studio, 'whole-articles', Kind.articles).id}")["tasks"]
    assert [(len(tasks), task["total_annotations"]) for task in tasks] == [(3, 2)] * 3
    shutil.rmtree(root / "annotations" / "records")
    ok(command("pull", root, "--round", "whole-articles"))
    assert records(root, "whole-articles") == before
    first = read_tree(root / "annotations")
    ok(command("pull", root, "--round", "whole-articles"))
    assert read_tree(root / "annotations") == first
    shown = next(line for line in ok(command("status", root)).splitlines() if "heron" in line and "whole-" in line)
    assert shown.split()[:5] == ["whole-articles", "articles", "heron", "3/3", "0"]


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}


def test_pairs_come_back_as_they_were_submitted(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("judge")
    pool = root / "annotations" / "records" / "judge-pairs" / "heron.json"
    kept = Path(shutil.copy(pool, root / "pool.json"))
    assert "20 tasks made" in ok(command("push", root, "--round", "judge-pairs", "--pairs", pool))
    assert "0 tasks made, 20 were there" in ok(command("push", root, "--round", "judge-pairs", "--pairs", pool))
    before = records(root, "judge-pairs")
    submit_all(command, root, "judge-pairs")
    shutil.rmtree(root / "annotations" / "records")
    ok(command("pull", root, "--round", "judge-pairs", "--pairs", kept))
    assert records(root, "judge-pairs") == before
    export = (root / "annotations" / "exports" / "judge-pairs.pairs.json").read_text(encoding="utf-8")
    assert "stratum" not in export and "listed" not in export
    left = [task["data"]["claim_left"] < task["data"]["claim_right"] for task in json.loads(export)]
    assert 0 < sum(left) < len(left)


def test_a_closed_round_takes_no_other_pairs_and_an_open_one_does(command: Callable[..., Done], fresh: Fresh) -> None:
    root = fresh("pool")
    heron = root / "annotations" / "records" / "pool-pairs" / "heron.json"
    value = json.loads(heron.read_bytes())
    few = root / "few.json"
    few.write_text(json.dumps(value["contradictions"][:3]))
    ok(command("push", root, "--round", "pool-pairs", "--pairs", few))
    refused = command("submit", root, heron, "--as", "heron")
    assert (refused.returncode, refused.stdout.count("[round-pairs]")) == (1, 17)
    assert refused.stderr == "variorum: nothing was sent\n"
    for who, pairs in (("heron", value["contradictions"][:4]), ("wren", value["contradictions"][2:6])):
        listed = {**value, "source": who, "round": "screening", "contradictions": pairs}
        (root / f"{who}.json").write_text(json.dumps(listed), encoding="utf-8")
        ok(command("submit", root, root / f"{who}.json", "--as", who))
    ok(command("pull", root, "--round", "screening"))
    assert [len(each["contradictions"]) for each in records(root, "screening").values()] == [4, 4]


def test_no_email_leaves_the_server(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("mail")
    ok(command("push", root, "--round", "mail-articles"))
    submit_all(command, root, "mail-articles")
    number = client.task_numbers(studio.admin(), project(studio, "mail-articles", Kind.articles))["a1"]
    draft = {"result": [], "lead_time": 1.0, "was_postponed": False}
    request(studio, "POST", f"tasks/{number}/drafts", who="wren", json=draft)
    raw = studio.admin().api.projects.exports.as_json(project(studio, "mail-articles", Kind.articles).id)
    assert "wren@annotators.invalid" in json.dumps(raw)
    ok(command("pull", root, "--round", "mail-articles"))
    export = (root / "annotations" / "exports" / "mail-articles.articles.json").read_text(encoding="utf-8")
    assert "annotators.invalid" not in export and '"drafts"' not in export


def test_nonsense_on_the_server_is_reported(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("odd")
    ok(command("push", root, "--round", "odd-articles"))
    submit_all(command, root, "odd-articles")
    shutil.rmtree(root / "annotations" / "records")
    number = client.task_numbers(studio.admin(), project(studio, "odd-articles", Kind.articles))["b2"]
    label = {"id": "x", "from_name": "mention", "to_name": "text", "type": "labels"}
    results = [
        {"foo": 1},
        {**label, "value": {"start": 5, "end": 10**6, "labels": ["ORG"]}},
        {**label, "value": {"start": 0, "end": 3, "labels": ["FISH"]}},
    ]
    wren = request(studio, "GET", "current-user/whoami", who="wren")["id"]
    filed = request(studio, "GET", f"tasks/{number}/annotations")
    mine = next(annotation["id"] for annotation in filed if annotation["completed_by"] == wren)
    request(studio, "PATCH", f"annotations/{mine}", who="wren", json={"result": results})
    request(studio, "POST", f"tasks/{number}/annotations", json={"result": []})
    done = command("pull", root, "--round", "odd-articles")
    assert (done.returncode, done.stderr) == (1, "")
    for rule in ("unknown-control", "region-offsets", "unknown-label", "no-account"):
        assert f"[{rule}]" in done.stdout
    assert list(records(root, "odd-articles")) == ["heron"]
    assert "wren.json is not written" in done.stdout
    assert (root / "build" / "rejected" / "odd-articles" / "wren.json").exists()


def test_what_is_wrong_in_a_file_is_not_sent(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("bad")
    ok(command("push", root, "--round", "bad-articles"))
    path = root / "annotations" / "records" / "bad-articles" / "heron.json"
    other = command("submit", root, path, "--as", "wren")
    assert other.returncode == 2 and "heron.json is heron's, not wren's: nothing was sent" in other.stderr
    value = json.loads(path.read_bytes())
    value["mentions"][0]["text"] = "not so"
    path.write_text(json.dumps(value), encoding="utf-8")
    broken = command("submit", root, path, "--as", "heron")
    assert broken.returncode == 1 and "$.mentions[0]" in broken.stdout
    value["claims"] = None
    value["mentions"] = value["entities"] = []
    path.write_text(json.dumps(value), encoding="utf-8")
    partial = command("submit", root, path, "--as", "heron")
    assert partial.returncode == 1 and "[round-layers]" in partial.stdout
    number = project(studio, "bad-articles", Kind.articles).id
    assert request(studio, "GET", f"tasks?project={number}")["total_annotations"] == 0


def test_a_project_that_was_changed_by_hand(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("hand")
    ok(command("push", root, "--round", "hand-articles"))
    number = project(studio, "hand-articles", Kind.articles).id
    page = '<View><Text name="text" value="$text"/><Labels name="x" toName="text"><Label value="A"/></Labels></View>'
    request(studio, "PATCH", f"projects/{number}", json={"label_config": page})
    pulled = command("pull", root, "--round", "hand-articles")
    assert pulled.returncode == 2 and "was changed by hand" in pulled.stderr and len(pulled.stderr.splitlines()) == 1
    assert not (root / "annotations" / "exports").exists()
    ok(command("push", root, "--round", "hand-articles"))
    ok(command("pull", root, "--round", "hand-articles"))
    request(studio, "PATCH", f"projects/{number}", json={"description": "mine"})
    assert "description" in command("pull", root, "--round", "hand-articles").stderr
    request(studio, "DELETE", f"projects/{number}")
    assert "there is no round" in command("pull", root, "--round", "hand-articles").stderr


def test_a_round_is_not_pushed_twice_with_other_settings(command: Callable[..., Done], fresh: Fresh) -> None:
    root = fresh("same")
    ok(command("push", root, "--round", "same"))
    fewer = command("push", root, "--round", "same", "--layers", "mentions,entities")
    assert fewer.returncode == 2 and "pushed before with other settings (layers" in fewer.stderr
    pool = root / "annotations" / "records" / "same-pairs" / "heron.json"
    assert "is a round of articles already" in command("push", root, "--round", "same", "--pairs", pool).stderr
    guidelines = root / "annotations" / "GUIDELINES.md"
    guidelines.write_text(guidelines.read_text(encoding="utf-8").replace("Version 1", "Version 2"), encoding="utf-8")
    ok(command("push", root, "--round", "same"))  # nobody has worked yet


def test_tokens_and_servers_that_are_not_there(studio: Studio) -> None:
    with pytest.raises(StudioError, match="does not accept the token"):
        client.connect(studio.state.url, "0" * 40)
    with pytest.raises(StudioError, match=r"no server answers at .*: run `variorum studio start`"):
        client.connect(f"http://127.0.0.1:{free_port()}", "0" * 40)


def test_another_release_is_refused(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "VERSION", "1.0.0")
    with pytest.raises(StudioError, match=rf"is Label Studio {environment.VERSION}; this works with 1\.0\.0"):
        studio.admin()


def test_start_twice_is_one_server_and_a_busy_port_is_refused(
    studio: Studio, variorum: Callable[..., Done], tmp_path: Path
) -> None:
    again = variorum("studio", "start", "--data", studio.folder)
    assert again.stdout.splitlines()[0] == studio.state.url
    moved = variorum("studio", "start", "--data", studio.folder, "--port", str(free_port()))
    assert moved.returncode == 2 and "runs already at" in moved.stderr
    busy = variorum("studio", "start", "--data", tmp_path / "other", "--port", str(studio.state.port))
    assert busy.returncode == 2 and f"port {studio.state.port} is in use" in busy.stderr
    assert server.running(studio.folder) == studio.state


def test_stop_waits_for_the_end_and_data_stay(studio: Studio, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(studio.folder, folder, ignore=shutil.ignore_patterns("state.json"))
    state = server.start(folder, free_port())
    assert server.stop(folder) is True
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{state.url}/health", trust_env=False)
    state = server.start(folder, state.port)
    assert client.connect(state.url, accounts.read(folder).annotators["heron"].token)
    assert server.stop(folder) is True


def test_annotators_are_ordinary_users_who_can_log_in(studio: Studio) -> None:
    login = studio.logins.annotators["heron"]
    with httpx.Client(base_url=studio.state.url, trust_env=False, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/user/login/")
        form = {"email": login.email, "password": login.password, "csrfmiddlewaretoken": page.cookies["csrftoken"]}
        browser.post("/user/login/", data=form)
        me = browser.get("/api/current-user/whoami").json()
        assert me["email"] == "heron@annotators.invalid"
        assert "Site administration" not in browser.get("/admin/").text


def test_nobody_signs_up_uninvited(studio: Studio) -> None:
    with httpx.Client(base_url=studio.state.url, trust_env=False, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/user/signup/")
        form = {"email": "x@example.org", "password": "Pass-word-1", "csrfmiddlewaretoken": page.cookies["csrftoken"]}
        assert browser.post("/user/signup/", data=form).status_code == 403


def test_another_corpus_does_not_get_into_a_round(command: Callable[..., Done], fresh: Fresh) -> None:
    root = fresh("mine")
    ok(command("push", root, "--round", "mine-articles"))
    other = fresh("other")
    sources = other / "seeds" / "sources.json"
    value = json.loads(sources.read_bytes())
    value["sources"] = value["sources"][:2]
    sources.write_text(json.dumps(value), encoding="utf-8")
    assert "corpus" in command("push", other, "--round", "mine-articles").stderr
    assert "about other articles" in command("pull", other, "--round", "mine-articles").stderr
    assert rounds.fingerprint(read(root).documents) != rounds.fingerprint(read(other).documents)


def read(root: Path) -> Corpus:
    return read_corpus(root)
