"""The answers in a harness' log, as a prediction that `variorum score` takes.

Of lm-evaluation-harness the samples (`samples_*.jsonl`, written with `--log_samples`), of Inspect the log (`.eval` or
`.json`), which only Inspect itself can read.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from variorum.harnesses import extraction, pairs
from variorum.harnesses.benchmark import Benchmark, load
from variorum.harnesses.extraction import Answer
from variorum.harnesses.pairs import Choice
from variorum.records import to_json

T = TypeVar("T", Choice, Answer)
Item = dict[str, Any]
KEYS = (("pair_id", "relation"), ("doc_id", "text"))


class NoLog(ValueError):
    """A file is no log of a task of ours, or not all of it."""


def prediction(path: Path, dataset: str | None = None) -> bytes:
    """The answers in a log as an annotation set in JSON; `dataset` is the folder where the log names one that is
    not there. NoLog, `variorum.dataset.Unreadable`, OSError or ImportError if there is none to be had."""
    items = list(_samples(path) if path.suffix == ".jsonl" else _inspected(path))
    if not items:
        raise NoLog(f"{path}: there is no answer to a task of ours in it")
    benchmark = load(dataset or str(items[0]["dataset"]))
    try:
        return _made(items, benchmark)
    except (LookupError, msgspec.ValidationError) as error:
        raise NoLog(f"{path}: not about the dataset {benchmark.corpus.root}: {error}") from error


def _made(items: Sequence[Item], benchmark: Benchmark) -> bytes:
    if "pair_id" in items[0]:
        choices = [_converted(each, Choice) for each in items]
        return to_json(pairs.prediction(benchmark, choices))
    answers = [_converted(each, Answer) for each in items]
    return msgspec.json.format(msgspec.json.encode(extraction.prediction(benchmark, answers)), indent=1) + b"\n"


def _converted(item: Item, kind: type[T]) -> T:
    return msgspec.convert([item.get(name) for name in kind._fields], kind)


def _samples(path: Path) -> Iterator[Item]:
    """The answers in samples of lm-evaluation-harness, which stand under the name of each metric."""
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            sample = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise NoLog(f"{path}: line {number} is no JSON: {error}") from error
        members = sample.values() if isinstance(sample, dict) else ()
        yield _answer(members, f"{path}: line {number}")


def _inspected(path: Path) -> Iterator[Item]:
    """The answers in a log of Inspect, which stand beside the scores."""
    try:
        from inspect_ai.log import read_eval_log
    except ImportError as error:
        raise ImportError(f"{path}: to read a log of Inspect takes Inspect: pip install 'variorum[inspect]'") from error
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    try:
        log = read_eval_log(str(path))
    except Exception as error:  # whatever Inspect raises: what it is given may be anything
        raise NoLog(f"{path} is no log that Inspect can read: {error}") from error
    for sample in log.samples or ():
        kept = [score.metadata for score in (sample.scores or {}).values()]
        if sample.epoch == 1:
            yield _answer(kept, f"{path}: sample {sample.id}")


def _answer(members: Iterable[Any], place: str) -> Item:
    """The one among some values that is an answer as the tasks keep it."""
    kept = [each for each in members if isinstance(each, dict) and "dataset" in each]
    for each in kept:
        if any(all(name in each for name in names) for names in KEYS):
            return each
    raise NoLog(f"{place} has no answer to a task of ours")
