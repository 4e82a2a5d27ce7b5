"""Many requests to one model: from the cache if they were answered before, several at once, with a bar."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from threading import Lock

import msgspec
from rich.console import Console
from rich.progress import Progress

from variorum.baselines.llm.cache import Cache
from variorum.baselines.llm.model import Answer, Model, Refused, Request, Unanswered
from variorum.baselines.task import Unavailable

GIVE_UP = 5  # refused requests in a row; then the endpoint is down, or set up otherwise than it is asked


class Asked(msgspec.Struct, frozen=True):
    """A request and its answer; without one, `why` not. `kept`: the answer was in the cache."""

    request: Request
    answer: Answer | None = None
    why: str = ""
    kept: bool = False


def ask_all(model: Model, requests: Sequence[Request], cache: Cache, title: str) -> tuple[Asked, ...]:
    """What became of each request, in their order.

    Raises Unavailable if the model cannot be asked at all, or has refused `GIVE_UP` requests in a row. Then, and on an
    interrupt, no new request is begun, those under way are waited for, and every answer is kept.
    """
    asker = _Asker(model, cache)
    with ThreadPoolExecutor(model.concurrency) as pool, _bar() as progress:
        futures = [pool.submit(asker.ask, request) for request in requests]
        task = progress.add_task(title, total=len(futures))
        try:
            _wait(futures, lambda: progress.advance(task))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(future.result() for future in futures)


def _wait(futures: Sequence["Future[Asked]"], advance: Callable[[], None]) -> None:
    for future in as_completed(futures):
        future.result()
        advance()


def _bar() -> Progress:
    return Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


class _Asker:
    """Asks one request at a time in each thread, and counts how many were refused in a row."""

    def __init__(self, model: Model, cache: Cache) -> None:
        self._model, self._cache = model, cache
        self._lock, self._refused = Lock(), 0

    def ask(self, request: Request) -> Asked:
        if kept := self._cache.get(self._model, request):
            return Asked(request, kept, kept=True)
        try:
            answer = self._model.ask(request)
        except Refused as error:
            self._count(str(error))
            return Asked(request, why=str(error))
        except Unanswered as error:
            return Asked(request, why=str(error))
        self._cache.put(self._model, request, answer)
        with self._lock:
            self._refused = 0
        return Asked(request, answer)

    def _count(self, why: str) -> None:
        with self._lock:
            self._refused += 1
            if self._refused >= GIVE_UP:
                raise Unavailable(f"{self._refused} requests in a row came to nothing, the last: {why}")
