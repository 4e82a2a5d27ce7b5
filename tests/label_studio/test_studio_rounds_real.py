"""Rounds as they go on, on a real server: frozen labels, new guidelines, predictions, status, withdrawal, addresses."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from studio_server import Done, Fresh, Studio, free_port, ok, project, records, request, submit_all

from variorum.label_studio import client, exports
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError

pytestmark = pytest.mark.studio
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def pushed(command: Callable[..., Done], root: Path, name: str) -> None:
    ok(command("push", root, "--round", name))
    submit_all(command, root, name)


def one_line(done: Done, *words: str, code: int = 2) -> None:
    assert done.returncode == code and len(done.stderr.splitlines()) == 1, done.stdout + done.stderr
    assert all(word in done.stderr for word in words), done.stderr


# --- what people did keeps its meaning -----------------------------------------------------------------------


def test_labels_are_frozen_once_somebody_has_worked(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("ice")
    pushed(command, root, "ice-articles")
    number = project(studio, "ice-articles", Kind.articles).id
    page = request(studio, "GET", f"projects/{number}")["label_config"]
    labels = root / "schema" / "labels.schema.json"
    value = json.loads(labels.read_bytes())
    types = value["$defs"]["entity_type"]
    (members,) = (each for each in types.values() if isinstance(each, list))
    members.pop()
    labels.write_text(json.dumps(value), encoding="utf-8")
    one_line(command("push", root, "--round", "ice-articles"), "people have worked in", "labels are frozen")
    assert request(studio, "GET", f"projects/{number}")["label_config"] == page


def test_guidelines_that_change_get_another_version(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("guide")
    ok(command("push", root, "--round", "guide-articles"))
    records = root / "annotations" / "records" / "guide-articles"
    ok(command("submit", root, records / "heron.json", "--as", "heron"))
    guidelines = root / "annotations" / "GUIDELINES.md"
    text = guidelines.read_text(encoding="utf-8")
    guidelines.write_text(text + "\nOne more rule.\n", encoding="utf-8")
    one_line(command("push", root, "--round", "guide-articles"), "still say version 1", "give them a new version")
    guidelines.write_text(text.replace("Version 1", "Version 2") + "\nOne more rule.\n", encoding="utf-8")
    ok(command("push", root, "--round", "guide-articles"))
    ok(command("push", root, "--round", "guide-articles"))
    assert (
        "One more rule"
        in request(studio, "GET", f"projects/{project(studio, 'guide-articles', Kind.articles).id}")[
            "expert_instruction"
        ]
    )
    value = {**json.loads((records / "wren.json").read_bytes()), "guideline_version": "2"}
    (records / "wren.json").write_text(json.dumps(value), encoding="utf-8")
    await_next_second(studio)
    ok(command("submit", root, records / "wren.json", "--as", "wren"))
    number = client.task_numbers(studio.admin(), project(studio, "guide-articles", Kind.articles))["a1"]
    mine = next(a for a in request(studio, "GET", f"tasks/{number}/annotations", who="heron") if a["result"])
    request(studio, "PATCH", f"annotations/{mine['id']}", who="heron", json={"result": mine["result"]})
    assert "[mixed-guidelines] warning: 2 of 3 annotations" in ok(command("pull", root, "--round", "guide-articles"))
    tasks = exports.from_bytes((root / "annotations/exports/guide-articles.articles.json").read_bytes())
    found = {(t["data"]["doc_id"], a["completed_by"]): a["guideline_version"] for t in tasks for a in t["annotations"]}
    assert [found[doc_id, "heron"] for doc_id in ("a1", "b2", "c3")] == ["2", "1", "1"]
    assert {found[doc_id, "wren"] for doc_id in ("a1", "b2", "c3")} == {"2"}


def await_next_second(studio: Studio) -> None:
    """Until the server's clock has passed the moment from which the new guidelines hold."""
    first = studio.admin().now()
    while studio.admin().now() <= first:
        pass


def test_records_are_made_again_without_a_server(command: Callable[..., Done], fresh: Fresh) -> None:
    root = fresh("off")
    pool = Path(shutil.copy(root / "annotations/records/off-pairs/heron.json", root / "pool.json"))
    ok(command("push", root, "--round", "off-pairs", "--pairs", pool))
    submit_all(command, root, "off-pairs")
    ok(command("pull", root, "--round", "off-pairs", "--pairs", pool))
    folder = root / "annotations" / "records"
    pulled = {path.name: path.read_bytes() for path in (folder / "off-pairs").iterdir()}
    shutil.rmtree(folder)
    ok(command("records", root, "off-pairs"))
    assert {path.name: path.read_bytes() for path in (folder / "off-pairs").iterdir()} == pulled


# --- predictions ---------------------------------------------------------------------------------------------


def test_predictions(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("pre")
    value = json.loads((root / "annotations/records/pre-articles/heron.json").read_bytes())
    shutil.rmtree(root / "annotations" / "records")
    system = root / "tagger.json"
    whole = {**value, "role": "system", "source": "tagger-1", "round": None, "guideline_version": None}
    system.write_text(json.dumps(whole), encoding="utf-8")
    line = ("--round", "pre-articles", "--predictions", system)
    one_line(command("push", root, *line), "agreement is measured", "--force")
    assert client.find(studio.admin(), "pre-articles", Kind.articles) is None
    assert "3 tasks begin with the labels of tagger-1" in ok(command("push", root, *line, "--practice"))
    assert "0 tasks begin" in ok(command("push", root, *line, "--practice"))
    number = project(studio, "pre-articles", Kind.articles).id
    shown = request(studio, "GET", f"tasks?project={number}&fields=all")["tasks"]
    assert [len(task["predictions"]) for task in shown] == [1, 1, 1]
    for task in shown:  # what the browser sends if nothing is touched
        (prediction,) = task["predictions"]
        body = {"result": prediction["result"], "parent_prediction": prediction["id"]}
        request(studio, "POST", f"tasks/{task['id']}/annotations", who="wren", json=body)
    done = command("pull", root, "--round", "pre-articles")
    assert done.stdout.count("[untouched-prediction] warning: ") == 3
    kept = json.loads((root / "annotations/exports/pre-articles.articles.round.json").read_bytes())["round"]
    assert (kept["measured"], kept["prelabelled"]) == (False, "tagger-1")


# --- status --------------------------------------------------------------------------------------------------


def test_status(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("how")
    ok(command("push", root, "--round", "how-articles"))
    numbers = client.task_numbers(studio.admin(), project(studio, "how-articles", Kind.articles))
    claim = {"id": "x", "from_name": "claim", "to_name": "text", "type": "labels"}
    broken = [{**claim, "value": {"start": 0, "end": 3, "labels": ["CLAIM"]}}]
    for task, seconds, result in ((numbers["a1"], 10.0, broken), (numbers["b2"], 30.0, [])):
        body = {"result": result, "lead_time": seconds}
        request(studio, "POST", f"tasks/{task}/annotations", who="wren", json=body)
    skipped = {"result": [], "was_cancelled": True}
    request(studio, "POST", f"tasks/{numbers['c3']}/annotations", who="wren", json=skipped)
    request(studio, "POST", f"tasks/{numbers['a1']}/drafts", who="heron", json={"result": [], "lead_time": 1.0})
    listed = json.loads(ok(command("status", root, "--format", "json")))
    found = {line["annotator"]: line for line in listed if line["round"] == "how-articles"}
    wren, heron = found["wren"], found["heron"]
    assert [wren[name] for name in ("total", "done", "skipped", "drafts")] == [3, 2, 1, 0]
    assert (wren["median_seconds"], wren["total_seconds"]) == (20.0, 40.0)
    assert wren["problems"] >= 4
    assert [heron[name] for name in ("done", "drafts", "median_seconds", "problems")] == [0, 1, None, 0]


def test_status_stays_live_until_it_is_ended(command: Callable[..., Done], studio: Studio, fresh: Fresh) -> None:
    root = fresh("live")
    ok(command("push", root, "--round", "live-articles"))
    line = ["studio", "status", "--watch", "--every", "1", "--round", "live-articles"]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "TERM": "xterm", "COLUMNS": "240", "FORCE_COLOR": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "variorum", *line, "--root", str(root), "--data", str(studio.folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # Who starts the tests in the background may have them ignore Ctrl-C; a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert child.stdout is not None
    for state in ("0/3", "3/3"):  # what others do in the meantime is seen
        while not ("live-articles" in (shown := child.stdout.readline()) and "heron" in shown and state in shown):
            assert shown, child.communicate()
        if state == "0/3":
            ok(command("submit", root, root / "annotations/records/live-articles/heron.json", "--as", "heron"))
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")


# --- links, accounts, other servers --------------------------------------------------------------------------


def test_start_prints_links_that_lead_into_the_stream(
    command: Callable[..., Done], studio: Studio, fresh: Fresh
) -> None:
    root = fresh("link")
    ok(command("push", root, "--round", "link-articles"))
    done = command("start", root)
    mark = "wren, link-articles: "
    link = next(line.removeprefix(mark) for line in done.stdout.splitlines() if line.startswith(mark))
    login = studio.logins.annotators["wren"]
    with httpx.Client(base_url=studio.state.url, trust_env=False, follow_redirects=True, timeout=30) as browser:
        page = browser.get(link)
        assert "/user/login" in str(page.url)  # who is not logged in is asked first, and then led on
        form = {"email": login.email, "password": login.password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        assert str(browser.post(str(page.url), data=form).url).replace("/?", "?") == link
    assert login.password not in done.stdout + done.stderr


def test_a_server_by_url_and_token(command: Callable[..., Done], studio: Studio, fresh: Fresh, tmp_path: Path) -> None:
    root = fresh("away")
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text(studio.logins.admin.token + "\n")
    url = studio.state.url + "/"
    assert "3 tasks made" in ok(command("push", root, "--round", "away-articles", "--token-file", token, url=url))
    mine = tmp_path / "mine"
    mine.touch(mode=0o600)
    mine.write_text(studio.logins.annotators["heron"].token)
    heron = root / "annotations/records/away-articles/heron.json"
    refused = command("submit", root, heron, "--as", "heron", "--token-file", token, url=url)
    one_line(refused, "the token is not heron's")
    sent = ok(command("submit", root, heron, "--as", "heron", "--token-file", mine, url=url))
    assert "3 annotations made" in sent
    before = records(root, "away-articles")["heron"]
    ok(command("pull", root, "--round", "away-articles", "--token-file", token, url=url))
    assert records(root, "away-articles")["heron"] == before
    assert "heron" in ok(command("status", root, "--token-file", token, url=url))
    token.chmod(0o640)
    one_line(command("status", root, "--token-file", token, url=url), "can be read by others: chmod 600")
    stored = b"".join(path.read_bytes() for path in (root / "annotations").rglob("*") if path.is_file())
    logins = (studio.logins.admin, *studio.logins.annotators.values())
    assert not any(login.token.encode() in stored for login in logins)
    log = (studio.folder / "server.log").read_text(encoding="utf-8")
    assert studio.logins.admin.token not in log and studio.logins.annotators["heron"].password not in log


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://label.example.org", "not encrypted"),
        ("ftp://label.example.org", "no address of a server"),
        ("https://me:secret@label.example.org", "holds no user, password or token"),
    ],
)
def test_addresses_that_no_token_is_sent_to(url: str, word: str) -> None:
    with pytest.raises(StudioError, match=word):
        client.checked_url(url)


@pytest.mark.parametrize("token", ["", "two words", "0" * 40, "eyJhbGciOiJIUzI1NiJ9.e30.x", "é" * 5])
def test_tokens_that_are_none(
    studio: Studio, fresh: Fresh, token: str, command: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VARIORUM_STUDIO_TOKEN", token)
    root = fresh("no")
    done = command("pull", root, "--round", "no-articles", url=studio.state.url)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
    assert not token.strip() or token not in done.stderr
    assert not (root / "annotations" / "exports").exists()


@pytest.fixture
def nonsense() -> Iterator[Callable[[bytes], str]]:
    """`nonsense(answer)`: the address of something that gives every caller these bytes and hangs up."""
    listener = socket.create_server(("127.0.0.1", free_port()))

    def serve(answer: bytes) -> str:
        def loop() -> None:
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                with caller:
                    caller.recv(65536)
                    caller.sendall(answer)

        threading.Thread(target=loop, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield serve
    listener.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"release": "1.2',
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_what_is_no_label_studio(nonsense: Callable[[bytes], str], answer: bytes) -> None:
    with pytest.raises(StudioError) as caught:
        client.connect(nonsense(answer), "0" * 40)
    assert len(str(caught.value).splitlines()) == 1


# --- withdrawal ----------------------------------------------------------------------------------------------


def test_who_has_withdrawn_is_not_pulled_again(
    command: Callable[..., Done], variorum: Callable[..., Done], fresh: Fresh
) -> None:
    root = fresh("gone")
    pushed(command, root, "gone-articles")
    ok(command("pull", root, "--round", "gone-articles"))
    ok(variorum("withdraw", "wren", "--root", root))
    ok(command("pull", root, "--round", "gone-articles"))
    assert [path.name for path in (root / "annotations/records/gone-articles").iterdir()] == ["heron.json"]
    export: Any = json.loads((root / "annotations/exports/gone-articles.articles.json").read_bytes())
    assert "wren" not in {each["completed_by"] for task in export for each in task["annotations"]}
