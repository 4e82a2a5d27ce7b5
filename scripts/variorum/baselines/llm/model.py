"""What a language model is to the baseline: something that answers a request, or says why it did not."""

from typing import Any, Protocol

import msgspec


class Unanswered(Exception):
    """A request that got no usable answer, after the retries; the run goes on."""


class Refused(Unanswered):
    """The same, for a reason that others will meet, too: no connection, no time, an error of the server."""


class Message(msgspec.Struct, frozen=True):
    role: str
    content: str


class Request(msgspec.Struct, frozen=True):
    """One question. `item` says what it is about, for lists of failures; it is no part of what is asked.

    `schema` is the JSON Schema of the answer, called `name`. If `choices` is not empty, the answer is an object with
    one member that is one of them, and their probabilities are wanted.
    """

    item: str
    messages: tuple[Message, ...]
    name: str
    schema: dict[str, Any]
    choices: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. `text` is to be JSON, but nobody has looked.

    `probabilities` of the choices add up to at most 1; empty if there are none to be had. Seconds are those of the
    clock, retries included; `cpu_seconds` is None if the work was done elsewhere.
    """

    text: str
    finish: str = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    probabilities: dict[str, float] = {}
    seconds: float = 0.0
    cpu_seconds: float | None = None


class Model(Protocol):
    """A model that can be asked from `concurrency` threads at once.

    `identity` is everything beside a request that its answer depends on, as plain JSON and without any secret.
    """

    name: str
    concurrency: int

    @property
    def identity(self) -> dict[str, Any]: ...

    def ask(self, request: Request) -> Answer:
        """The answer to a request. Raises Unanswered for this one, Unavailable for all."""
        ...

    def close(self) -> None: ...
