"""What is set from outside: which model, where, how many requests at once. All from the environment (docs/llm.md).

Secrets are in the environment only; no option takes one, nothing prints or keeps one.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from variorum.baselines.task import Unavailable
from variorum.corpus import CorpusError, find_root

PREFIX = "VARIORUM_LLM_"
FORMATS = ("json_schema", "json_object", "text")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds, prices for a million tokens in whatever currency; `None`: not given, or not sent."""

    model: str | None = None
    base_url: str | None = None
    gguf: Path | None = None
    cache: Path
    concurrency: int = 4
    timeout: float = 120.0
    retries: int = 5
    max_tokens: int | None = 768
    temperature: float | None = 0.0
    seed: int | None = 1
    context: int = 2048
    pairs: int = 1000
    format: str = "json_schema"
    logprobs: bool = True
    price_input: float | None = None
    price_output: float | None = None


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings; Unavailable, with the variable's name, if one of them is no value for it."""
    given = {name: environ[PREFIX + name.upper()] for name in Settings.__struct_fields__ if _named(name) in environ}
    found = {name: _read(name, text.strip()) for name, text in given.items()}
    url = found.pop("base_url", None) or environ.get("OPENAI_BASE_URL") or None
    cache = found.pop("cache", None) or _build_folder() / "llm"
    try:
        settings = msgspec.convert({**found, "base_url": url, "cache": cache}, Settings)
    except msgspec.ValidationError as error:
        raise Unavailable(f"{PREFIX}*: {error}") from error
    if settings.format not in FORMATS:
        raise Unavailable(f"{_named('format')} is {settings.format!r}, not one of {', '.join(FORMATS)}")
    return settings


def key(environ: Mapping[str, str] = os.environ) -> str | None:
    """The key of the endpoint. Never stored in settings, so that it is in nothing that is shown or written."""
    return environ.get(_named("api_key")) or environ.get("OPENAI_API_KEY") or None


def source_name(model: str) -> str:
    """The name of the set that a model makes, as schema/name.schema.json allows it.

    >>> source_name("qwen/Qwen2.5 Coder:7b")
    'llm-qwen-qwen2.5-coder-7b'
    """
    return f"llm-{re.sub(r'[^a-z0-9._-]+', '-', model.lower()).strip('.-')}"[:100]


def _named(field: str) -> str:
    return PREFIX + field.upper()


_NUMBERS: dict[str, tuple[type[int] | type[float], float]] = {
    "concurrency": (int, 1),
    "timeout": (float, 0.001),
    "retries": (int, 0),
    "max_tokens": (int, 1),
    "temperature": (float, 0),
    "seed": (int, 0),
    "context": (int, 64),
    "pairs": (int, 0),
    "price_input": (float, 0),
    "price_output": (float, 0),
}
_PATHS = ("gguf", "cache")


def _read(field: str, text: str) -> object:
    """A variable's text as a value; empty is None, where that has a meaning."""
    if field in _PATHS:
        return Path(text).expanduser() if text else None
    if field == "logprobs":
        return text not in ("", "0")
    if field not in _NUMBERS:
        return text or None
    kind, least = _NUMBERS[field]
    try:
        number = kind(text) if text else None
    except ValueError:
        number = least - 1
    if number is not None and not least <= number < float("inf"):
        raise Unavailable(f"{_named(field)} is {text!r}, not a number of at least {least:g}")
    return number


def _build_folder() -> Path:
    """`build` of the corpus that one stands in, else of the folder."""
    here = Path.cwd()
    try:
        return find_root(here) / "build"
    except CorpusError:
        return here / "build"
