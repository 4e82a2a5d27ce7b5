"""The language model baselines: against an endpoint that behaves and one that does not, and a stub of llama.cpp."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import Behaviour, FakeEndpoint, Reply, answer, behaves, completion, error, serving
from msgspec.structs import replace

from variorum.baselines import BASELINES, Task, Unavailable
from variorum.baselines.llm.asking import GIVE_UP
from variorum.baselines.llm.baseline import ask_model
from variorum.baselines.llm.model import Answer, Request
from variorum.baselines.llm.sentences import all_sentences
from variorum.baselines.llm.settings import Settings, from_environment, source_name
from variorum.checks import check_set
from variorum.corpus import Corpus
from variorum.records import LAYERS, AnnotationSet, from_json, to_json
from variorum.scoring import Config, score

KEY = "sk-never-to-be-seen"
Environment = Callable[..., None]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Environment:
    """`environment(url, timeout=1)`: the variables, with nothing of the surroundings among them."""
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        *(f"VARIORUM_LLM_{n.upper()}" for n in Settings.__struct_fields__),
    ):
        monkeypatch.delenv(name, raising=False)

    def set_to(url: str | None = None, **more: object) -> None:
        values = {"base_url": url, "model": "fake-1", "cache": tmp_path / "cache", "api_key": KEY, **more}
        for name, value in values.items():
            if value is not None:
                monkeypatch.setenv(f"VARIORUM_LLM_{name.upper()}", str(value))

    return set_to


@pytest.fixture
def endpoint(environment: Environment) -> Iterator[FakeEndpoint]:
    with serving() as fake:
        environment(fake.url)
        yield fake


def task(corpus: Corpus) -> Task:
    return Task(tuple(corpus.documents.values()), corpus.schema, from_json(corpus.gold.read_bytes()))


def run(corpus: Corpus) -> AnnotationSet:
    return BASELINES["llm"](task(corpus))


def report(tmp_path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((tmp_path / "cache" / "llm-fake-1.report.json").read_bytes())
    return value


def test_a_prediction_passes_the_checks_and_can_be_scored(small_corpus: Corpus, endpoint: FakeEndpoint) -> None:
    gold, made = from_json(small_corpus.gold.read_bytes()), run(small_corpus)
    assert check_set(to_json(made), "p.json", small_corpus, gold).problems == ()
    assert made.mentions and made.entities and made.claims and made.contradictions
    assert {pair.score for pair in made.contradictions} == {0.25}
    assert score(made, gold, Config(resamples=0)).skipped == {}
    assert made.source == "llm-fake-1"
    for mention in made.mentions:
        assert small_corpus.documents[mention.doc_id].text[mention.start : mention.end] == mention.text


def test_the_shape_that_is_asked_for_has_the_labels_of_the_corpus(small_corpus: Corpus, endpoint: FakeEndpoint) -> None:
    run(small_corpus)
    shape = endpoint.requests[0]["response_format"]["json_schema"]
    assert shape["strict"] is True
    mention = shape["schema"]["properties"]["mentions"]["items"]["properties"]
    assert tuple(mention["type"]["enum"]) == small_corpus.schema.names("entity_type")
    assert mention["level"]["enum"] == [*small_corpus.schema.names("level"), None]
    assert endpoint.requests[-1]["logprobs"] is True
    assert endpoint.keys == {f"Bearer {KEY}"}


def test_nothing_of_other_sentences_is_in_a_prompt(small_corpus: Corpus, endpoint: FakeEndpoint) -> None:
    run(small_corpus)
    found = all_sentences(small_corpus.documents.values())
    fixed = {tuple(m["content"] for m in r["messages"][:-1]) for r in endpoint.requests}
    assert len(fixed) == 2  # one for sentences, one for pairs
    assert not any(s.text in text for s in found for texts in fixed for text in texts if len(s.text) > 20)


def test_what_is_not_wanted_is_not_asked(small_corpus: Corpus, endpoint: FakeEndpoint) -> None:
    asked = {}
    for layers in (("contradictions",), ("mentions",), LAYERS):
        before = len(endpoint.requests)
        BASELINES["llm"](replace(task(small_corpus), layers=layers))
        shapes = [r["response_format"]["json_schema"]["schema"]["properties"] for r in endpoint.requests[before:]]
        asked[layers] = {name for shape in shapes for name in shape}
    assert asked[("contradictions",)].isdisjoint(asked[("mentions",)])
    assert all(asked[layers] for layers in asked if layers != LAYERS) and not asked[LAYERS]  # all answers were kept


# --- what is kept ---------------------------------------------------------------------------------------------


def test_a_second_run_asks_nothing_and_gives_the_same(
    small_corpus: Corpus, endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    first, count = run(small_corpus), len(endpoint.requests)
    assert report(tmp_path)["now"]["requests"] == count
    assert run(small_corpus) == first
    assert len(endpoint.requests) == count
    assert report(tmp_path)["now"]["requests"] == 0
    assert report(tmp_path)["all"]["requests"] == count


def test_another_model_is_asked_anew(small_corpus: Corpus, endpoint: FakeEndpoint, environment: Environment) -> None:
    run(small_corpus)
    count = len(endpoint.requests)
    environment(endpoint.url, model="fake-2")
    run(small_corpus)
    assert len(endpoint.requests) == 2 * count


class Interrupted:
    """A model in whose run somebody presses Ctrl-C."""

    name, concurrency = "stub", 1

    def __init__(self, after: int) -> None:
        self.after, self.items = after, list[str]()

    @property
    def identity(self) -> dict[str, Any]:
        return {"model": self.name}

    def ask(self, request: Request) -> Answer:
        if len(self.items) == self.after:
            raise KeyboardInterrupt
        self.items.append(request.item)
        return Answer(text='{"relation":"neutral"}' if request.choices else '{"mentions":[],"claims":[]}')

    def close(self) -> None:
        pass


def test_a_run_that_was_interrupted_goes_on(small_corpus: Corpus, tmp_path: Path) -> None:
    settings, first, second = Settings(cache=tmp_path / "cache"), Interrupted(2), Interrupted(10_000)
    with pytest.raises(KeyboardInterrupt):
        ask_model(task(small_corpus), first, settings)
    ask_model(task(small_corpus), second, settings)
    assert len(first.items) == 2
    assert not set(first.items) & set(second.items)
    assert len(second.items) > 2


def test_a_file_of_the_cache_that_is_broken_is_asked_anew(
    small_corpus: Corpus, endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    run(small_corpus)
    count = len(endpoint.requests)
    next((tmp_path / "cache").glob("*/*.json")).write_bytes(b'{"item')
    run(small_corpus)
    assert len(endpoint.requests) == count + 1


def test_tokens_and_cost_are_counted(
    small_corpus: Corpus, endpoint: FakeEndpoint, environment: Environment, tmp_path: Path
) -> None:
    environment(endpoint.url, price_input=2, price_output=50)
    run(small_corpus)
    count, all = len(endpoint.requests), report(tmp_path)["all"]
    assert (all["prompt_tokens"], all["completion_tokens"]) == (100 * count, 10 * count)
    assert all["cost"] == pytest.approx(count * (100 * 2 + 10 * 50) / 1e6)


def test_not_more_at_once_than_are_allowed(small_corpus: Corpus, environment: Environment) -> None:
    def slow(request: dict[str, Any], number: int) -> Reply:
        time.sleep(0.02)
        return behaves(request, number)

    with serving(slow) as fake:
        environment(fake.url, concurrency=3)
        run(small_corpus)
    assert 1 < fake.most <= 3


# --- endpoints that misbehave ---------------------------------------------------------------------------------


def first(reply: Callable[[dict[str, Any]], Reply]) -> Behaviour:
    """The first request is answered so, all others well."""
    return lambda request, number: reply(request) if number == 0 else behaves(request, number)


def changed(**fields: object) -> Callable[[dict[str, Any]], Reply]:
    """An answer whose first mention has other fields."""

    def reply(request: dict[str, Any]) -> Reply:
        value = json.loads(answer(request))
        value["mentions"][0] |= fields
        return completion(json.dumps(value))

    return reply


def hang(request: dict[str, Any]) -> Reply:
    time.sleep(0.6)
    return completion(answer(request))


LOST = {
    "half JSON": (lambda r: completion(answer(r)[:25]), "no JSON object"),
    "prose": (lambda r: completion("Sure! Here are the labels you asked for."), "no JSON object"),
    "a list": (lambda r: completion("[1]"), "no JSON object"),
    "no lists": (lambda r: completion('{"mentions": 3}'), "not a list"),
    "wrong label": (changed(type="SPACESHIP"), "SPACESHIP"),
    "quote that is not there": (changed(quote="zebra crossing"), "is not in the text"),
    "empty quote": (changed(quote=""), "empty"),
    "two kinds": (
        lambda r: completion('{"mentions":[],"claims":[{"proposition":"x","labels":["opinion","forecast"]}]}'),
        "opinion and forecast at once",
    ),
    "no choices": (lambda r: Reply(200, b'{"choices": []}'), "no choices"),
    "no text": (lambda r: completion(None), "no text"),
    "body cut off": (lambda r: Reply(200, behaves(r, 0).body[:40]), "cannot be read"),
    "body of another kind": (lambda r: Reply(200, b"<html>", {"Content-Type": "text/html"}), "cannot be read"),
    "bad request": (lambda r: error(400, "what is a seed?"), "what is a seed?"),
    "hangs": (hang, "timed out"),
}


@pytest.mark.parametrize("name", LOST)
def test_what_is_not_as_asked_is_a_failure_of_its_item(
    small_corpus: Corpus, environment: Environment, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reply, said = LOST[name]
    with serving(first(reply)) as fake:
        environment(fake.url, concurrency=1, retries=0, timeout=0.3 if name == "hangs" else 20)
        made = run(small_corpus)
    assert made.claims and made.mentions and made.contradictions
    failures = report(tmp_path)["failures"]
    assert {each["item"] for each in failures} == {all_sentences(small_corpus.documents.values())[0].item}
    assert said.lower() in failures[0]["message"].lower()
    assert f"{len(failures)} failures" in capsys.readouterr().err


@pytest.mark.parametrize("reply", [error(429, Retry_After="0.01"), error(500, Retry_After="0.01")], ids=["429", "500"])
def test_asks_again_when_told_to_wait(
    small_corpus: Corpus, environment: Environment, tmp_path: Path, reply: Reply
) -> None:
    with serving(lambda request, number: reply if number % 2 == 0 else behaves(request, number)) as fake:
        environment(fake.url, concurrency=1, retries=2)
        run(small_corpus)
    found = report(tmp_path)
    assert (found["failures"], found["unanswered"]) == ([], 0)
    assert len(fake.requests) == 2 * found["all"]["requests"]


def test_a_wrong_judgement_is_a_failure_of_its_pair(
    small_corpus: Corpus, environment: Environment, tmp_path: Path
) -> None:
    def wrong(request: dict[str, Any], number: int) -> Reply:
        judgement = request["response_format"]["json_schema"]["name"] == "judgement"
        return completion('{"relation":"maybe"}') if judgement else behaves(request, number)

    with serving(wrong) as fake:
        environment(fake.url)
        made = run(small_corpus)
    assert made.contradictions == ()
    failures = report(tmp_path)["failures"]
    assert len(failures) == report(tmp_path)["pairs"] > 0
    assert "maybe" in failures[0]["message"]


def test_stops_when_all_are_refused_and_keeps_what_there_is(
    small_corpus: Corpus, environment: Environment, tmp_path: Path
) -> None:
    with serving(lambda r, number: behaves(r, number) if number < 2 else error(503)) as fake:
        environment(fake.url, concurrency=1, retries=0)
        with pytest.raises(Unavailable, match=f"{GIVE_UP} requests in a row"):
            run(small_corpus)
    assert len(fake.requests) == 2 + GIVE_UP
    assert len(list((tmp_path / "cache").glob("*/*.json"))) == 2


@pytest.mark.parametrize("status", [401, 403, 404])
def test_stops_at_once_if_no_request_can_succeed(small_corpus: Corpus, environment: Environment, status: int) -> None:
    with serving(lambda request, number: error(status, f"not {KEY}!")) as fake:
        environment(fake.url, concurrency=1)
        with pytest.raises(Unavailable) as raised:
            run(small_corpus)
    assert len(fake.requests) == 1
    assert KEY not in str(raised.value) and "***" in str(raised.value)


def test_the_key_is_neither_shown_nor_kept(
    small_corpus: Corpus, environment: Environment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(lambda r, n: error(400, f"bad {KEY}") if n == 0 else behaves(r, n)) as fake:
        environment(fake.url.replace("//", f"//user:{KEY}@"), concurrency=1)
        made = run(small_corpus)
    written = [path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    told = capsys.readouterr()
    assert len(written) > 2
    assert not any(KEY.encode() in data for data in (*written, to_json(made), (told.out + told.err).encode()))


# --- settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("timeout", "soon"), ("concurrency", "0"), ("format", "xml"), ("price_input", "nan")]
)
def test_a_setting_that_is_none_is_told_by_its_name(environment: Environment, name: str, value: str) -> None:
    environment("http://x", **{name: value})
    with pytest.raises(Unavailable, match=f"VARIORUM_LLM_{name.upper()}"):
        from_environment()


def test_an_empty_setting_is_not_sent(small_corpus: Corpus, environment: Environment) -> None:
    with serving() as fake:
        environment(fake.url, seed="", temperature="", max_tokens="", logprobs="0")
        run(small_corpus)
    assert not {"seed", "temperature", "max_tokens", "logprobs"} & {key for r in fake.requests for key in r}


@pytest.mark.parametrize("name", ["", "///", "日本", "a" * 300, "Qwen/Qwen2.5:7b"])
def test_every_model_makes_a_name(name: str, small_corpus: Corpus) -> None:
    assert small_corpus.schema.validator("name").is_valid(source_name(name))


@pytest.mark.parametrize(
    ("baseline", "missing"),
    [("llm", "VARIORUM_LLM_MODEL"), ("llm-local", "there is no model|llama-cpp-python is missing")],
)
def test_command_says_what_is_missing(
    small_corpus: Corpus, environment: Environment, variorum: Any, baseline: str, missing: str, tmp_path: Path
) -> None:
    environment(model="", gguf=tmp_path / "none.gguf")
    done = variorum("baseline", baseline, "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(missing, done.stderr)
    assert "Traceback" not in done.stderr


def test_command(small_corpus: Corpus, endpoint: FakeEndpoint, variorum: Any, tmp_path: Path) -> None:
    out = tmp_path / "p.json"
    done = variorum("baseline", "llm", "--root", small_corpus.root, "--out", out)
    assert (done.returncode, from_json(out.read_bytes()).source) == (0, "llm-fake-1")
    assert "0 failures" in done.stderr
