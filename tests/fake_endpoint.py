"""An endpoint on this machine that speaks as OpenAI's does, and behaves as a test wants it to."""

import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """Status, body and headers of an answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})


Behaviour = Callable[[dict[str, Any], int], Reply]  # the request and its number, from 0


def completion(content: str | None, **more: object) -> Reply:
    """A chat completion with this text."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}, **more}
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return Reply(
        200, json.dumps({"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
    )


def error(status: int, message: str = "no", **headers: str) -> Reply:
    return Reply(status, json.dumps({"error": {"message": message}}).encode(), headers)


def answer(request: dict[str, Any]) -> str:
    """What a model of some sense says: the first word is a name, the sentence a claim; pairs are agreements."""
    asked = request["messages"][-1]["content"]
    if request["response_format"]["json_schema"]["name"] == "judgement":
        return '{"relation":"agreement"}'
    mentions = [{"quote": asked.split()[0].strip("“”\"'"), "type": "ORG", "level": "NAM"}]
    return json.dumps({"mentions": mentions, "claims": [{"proposition": asked, "labels": []}]})


# Of `{"relation":"agreement"}`, in tokens: three quarters sure, a quarter for what begins another label.
LOGPROBS = {
    "content": [
        {"token": '{"relation', "logprob": 0, "top_logprobs": []},
        {"token": '":"', "logprob": 0, "top_logprobs": []},
        {
            "token": "agree",
            "logprob": math.log(0.75),
            "top_logprobs": [
                {"token": "agree", "logprob": math.log(0.75)},
                {"token": "contr", "logprob": math.log(0.2)},
                {"token": " tension", "logprob": math.log(0.05)},
            ],
        },
        {"token": 'ment"}', "logprob": 0, "top_logprobs": []},
    ]
}


def behaves(request: dict[str, Any], number: int) -> Reply:
    return completion(answer(request), **({"logprobs": LOGPROBS} if request.get("logprobs") else {}))


class FakeEndpoint:
    """What was asked, under which headers, and how many requests were under way at once."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[dict[str, Any]] = []
        self.keys: set[str | None] = set()
        self.now = self.most = 0
        self.url = ""
        self.lock = threading.Lock()

    def reply(self, request: dict[str, Any], key: str | None) -> Reply:
        with self.lock:
            number = len(self.requests)
            self.requests.append(request)
            self.keys.add(key)
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            return self.behaviour(request, number)
        finally:
            with self.lock:
                self.now -= 1


@contextmanager
def serving(behaviour: Behaviour = behaves) -> Iterator[FakeEndpoint]:
    """An endpoint at `url` for as long as the context lasts."""
    fake = FakeEndpoint(behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = fake.reply(body, self.headers["Authorization"])
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
            except OSError:  # who asked has not waited
                pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
