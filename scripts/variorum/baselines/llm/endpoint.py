"""A model behind an endpoint that speaks as OpenAI's does: theirs, another provider's, or a server of one's own.

The `openai` client waits and tries again, as the server asks by Retry-After or longer each time; what it gives back
is read here, since servers differ in what they leave out.
"""

import math
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec

from variorum.baselines.llm import settings as environment
from variorum.baselines.llm.model import Answer, Refused, Request, Unanswered
from variorum.baselines.llm.settings import Settings
from variorum.baselines.task import Unavailable
from variorum.problems import shown

MISSING = "the openai package is missing: pip install 'variorum[llm]'"
_HINT = "VARIORUM_LLM_FORMAT, _LOGPROBS, _SEED, _TEMPERATURE and _MAX_TOKENS leave out what an endpoint does not know"
_ALTERNATIVES = 10


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Token(msgspec.Struct):
    token: str
    logprob: float
    top_logprobs: list["_Token"] | None = None


class _Logprobs(msgspec.Struct):
    content: list[_Token] | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    usage: _Usage | None = None


class Endpoint:
    """The model that the settings name. Raises Unavailable if it cannot be asked at all."""

    def __init__(self, settings: Settings) -> None:
        try:
            import openai
        except ImportError as error:
            raise Unavailable(MISSING) from error
        key = environment.key()
        if settings.model is None:
            raise Unavailable("which model? name it in VARIORUM_LLM_MODEL (docs/llm.md has all variables)")
        if key is None and settings.base_url is None:
            raise Unavailable("which endpoint? VARIORUM_LLM_BASE_URL names it, VARIORUM_LLM_API_KEY its key")
        self.name, self.concurrency = settings.model, settings.concurrency
        self._settings, self._library = settings, openai
        self._key = key or "none"
        try:
            self._client = openai.OpenAI(
                api_key=self._key, base_url=settings.base_url, timeout=settings.timeout, max_retries=settings.retries
            )
        except (ValueError, openai.OpenAIError) as error:
            raise Unavailable(self._told(error)) from error

    @property
    def host(self) -> str:
        """Where the requests go, without what may be secret of an address."""
        return urlsplit(str(self._client.base_url)).hostname or ""

    @property
    def identity(self) -> dict[str, Any]:
        url = urlsplit(str(self._client.base_url))
        sent = ("temperature", "seed", "max_tokens", "format", "logprobs")
        where = f"{url.hostname}:{url.port}{url.path}"
        return {"model": self.name, "at": where, **{name: getattr(self._settings, name) for name in sent}}

    def ask(self, request: Request) -> Answer:
        start = time.monotonic()
        made = self._completion(request)
        if not made.choices:
            raise Unanswered("the endpoint gave no choices")
        choice, usage = made.choices[0], made.usage or _Usage()
        if choice.message.content is None:
            raise Unanswered(f"the endpoint gave no text ({shown(choice.message.refusal or choice.finish_reason)})")
        tokens = (choice.logprobs.content if choice.logprobs else None) or []
        return Answer(
            text=choice.message.content,
            finish=choice.finish_reason or "",
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            probabilities=probabilities([(t.token, _likely(t)) for t in tokens], request.choices),
            seconds=time.monotonic() - start,
        )

    def close(self) -> None:
        self._client.close()

    def _completion(self, request: Request) -> _Completion:
        errors = self._library
        try:
            raw = self._client.chat.completions.with_raw_response.create(**self._body(request))
            return msgspec.json.decode(raw.content, type=_Completion)
        except (errors.AuthenticationError, errors.PermissionDeniedError, errors.NotFoundError) as error:
            raise Unavailable(f"{self.host}: {self._told(error)}") from error
        except errors.APIStatusError as error:
            hint = f" ({_HINT})" if error.status_code in (400, 422) else ""
            raise Refused(f"{self.host}: {self._told(error)}{hint}") from error
        except errors.APIConnectionError as error:  # timeouts are some of these
            raise Refused(f"{self.host}: {self._told(error)}") from error
        except (errors.OpenAIError, ValueError) as error:  # msgspec's errors are ValueErrors
            raise Unanswered(f"the endpoint's answer cannot be read: {self._told(error)}") from error

    def _body(self, request: Request) -> dict[str, Any]:
        settings = self._settings
        optional = {"temperature": settings.temperature, "seed": settings.seed, "max_tokens": settings.max_tokens}
        body: dict[str, Any] = {name: value for name, value in optional.items() if value is not None}
        body["model"] = self.name
        body["messages"] = [{"role": message.role, "content": message.content} for message in request.messages]
        if settings.format == "json_schema":
            shape = {"name": request.name, "schema": request.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif settings.format == "json_object":
            body["response_format"] = {"type": "json_object"}
        if settings.logprobs and request.choices:
            body |= {"logprobs": True, "top_logprobs": _ALTERNATIVES}
        return body

    def _told(self, error: Exception) -> str:
        """What went wrong, on one line and without the key, should a server repeat it."""
        return shown(" ".join(str(error).replace(self._key, "***").split()), 300)[1:-1]


def _likely(token: _Token) -> list[tuple[str, float]]:
    return [(each.token, math.exp(min(each.logprob, 0.0))) for each in token.top_logprobs or ()]


def probabilities(tokens: list[tuple[str, list[tuple[str, float]]]], choices: tuple[str, ...]) -> dict[str, float]:
    """The probability of each choice, from the alternatives to the token with which the one that was made begins.

    `tokens`: each token of the answer with its alternatives and their probabilities. {} if that cannot be told.
    """
    before = ""
    for token, alternatives in tokens:
        if choices and before.replace(" ", "").endswith(':"'):
            found = dict.fromkeys(choices, 0.0)
            for text, probability in alternatives:
                begun = [choice for choice in choices if text.strip() and choice.startswith(text.strip(' "}'))]
                if len(begun) == 1:
                    found[begun[0]] += probability
            return found if any(found.values()) else {}
        before += token
    return {}
