"""A model in a GGUF file, run here by llama.cpp on one core.

One thread, on purpose: with two and any other busy process llama.cpp spends its time waiting for the slower one.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from variorum.baselines.llm.model import Answer, Request, Unanswered
from variorum.baselines.task import Unavailable
from variorum.reading import sha256_of

MISSING = "llama-cpp-python is missing: pip install 'variorum[llm-local]' (it is built with a C++ compiler)"
_BLOCK = 2**20


class LocalModel:
    """A GGUF file as a model. The file is loaded with the first request that is not answered already."""

    concurrency = 1

    def __init__(self, path: Path, name: str, context: int, max_tokens: int, seed: int) -> None:
        """`context` and `max_tokens` in tokens. Raises Unavailable if the file or llama.cpp is not there."""
        try:
            import llama_cpp
        except ImportError as error:
            raise Unavailable(MISSING) from error
        if not path.is_file():
            raise Unavailable(f"there is no model {path}")
        self._library: Any = llama_cpp
        self.name, self._path = name, path
        self._context, self._max_tokens, self._seed = context, max_tokens, seed
        self._llama: Any = None
        self.sha256 = sha256_of(path)

    @property
    def identity(self) -> dict[str, Any]:
        limits = {"context": self._context, "max_tokens": self._max_tokens}
        return {"gguf_sha256": self.sha256, "temperature": 0, "seed": self._seed, **limits}

    def ask(self, request: Request) -> Answer:
        llama, start, cpu = self._loaded(), time.monotonic(), time.process_time()
        steps = _Steps() if request.choices else None
        try:
            made = llama.create_chat_completion(
                messages=[{"role": message.role, "content": message.content} for message in request.messages],
                response_format={"type": "json_object", "schema": _for_grammar(request.schema)},
                temperature=0.0,
                seed=self._seed,
                max_tokens=self._max_tokens,
                logits_processor=self._library.LogitsProcessorList([steps]) if steps else None,
            )
        except (ValueError, RuntimeError) as error:  # a prompt longer than the context, say
            raise Unanswered(f"llama.cpp: {error}") from error
        choice, usage = made["choices"][0], made["usage"]
        return Answer(
            text=choice["message"]["content"] or "",
            finish=choice["finish_reason"] or "",
            prompt_tokens=usage["prompt_tokens"],
            completion_tokens=usage["completion_tokens"],
            probabilities=steps.probabilities(request.choices, llama) if steps else {},
            seconds=time.monotonic() - start,
            cpu_seconds=time.process_time() - cpu,
        )

    def close(self) -> None:
        if self._llama is not None:
            self._llama.close()
            self._llama = None

    def _loaded(self) -> Any:
        if self._llama is None:
            try:
                self._llama = self._library.Llama(
                    str(self._path), n_ctx=self._context, n_threads=1, n_threads_batch=1, seed=self._seed, verbose=False
                )
            except (ValueError, RuntimeError, OSError) as error:
                raise Unavailable(f"{self._path}: {error}") from error
        return self._llama


def _for_grammar(schema: Any) -> Any:
    """The shape as llama-cpp-python makes a grammar of it: where `type` is a list it passes over `enum`, which says
    all by itself."""
    if isinstance(schema, Mapping):
        kept = {name: _for_grammar(value) for name, value in schema.items()}
        return {name: value for name, value in kept.items() if name != "type" or "enum" not in kept}
    return [_for_grammar(each) for each in schema] if isinstance(schema, list | tuple) else schema


class _Steps:
    """What the model thought of every token, at each step: called by llama.cpp before the grammar has its say."""

    def __init__(self) -> None:
        self._before: list[list[int]] = []
        self._logits: list[Any] = []

    def __call__(self, tokens: Any, logits: Any) -> Any:
        self._before.append([int(token) for token in tokens])
        self._logits.append(logits.copy())
        return logits

    def probabilities(self, choices: Sequence[str], llama: Any) -> dict[str, float]:
        """Softmax over the first tokens of the choices, at the step where the choice begins; {} if they share one."""
        first = {choice: llama.tokenize(choice.encode(), add_bos=False, special=False)[0] for choice in choices}
        if len(set(first.values())) < len(choices) or (step := self._choosing(llama.detokenize)) is None:
            return {}
        logits = {choice: float(self._logits[step][token]) for choice, token in first.items()}
        highest = max(logits.values())
        weights = {choice: math.exp(logit - highest) for choice, logit in logits.items()}
        return {choice: weight / sum(weights.values()) for choice, weight in weights.items()}

    def _choosing(self, detokenize: Callable[[list[int]], bytes]) -> int | None:
        """The step before which the answer was `{"relation":"`: an open string after a colon."""
        prompt = len(self._before[0]) if self._before else 0
        for step, tokens in enumerate(self._before):
            so_far = detokenize(tokens[prompt:]).decode("utf-8", "replace") if len(tokens) > prompt else ""
            if so_far.replace(" ", "").endswith(':"'):
                return step
        return None


# --- the file -------------------------------------------------------------------------------------------------


def blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
