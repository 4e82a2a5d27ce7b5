"""Many requests to one model: from the cache if they were answered before, several at once, with a bar."""

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from threading import Lock

import msgspec
from msgspec.structs import replace
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
    places = [cache.path(model, request) for request in requests]
    different = dict(zip(places, requests, strict=True))  # a sentence may stand twice; it is asked about once
    with ThreadPoolExecutor(model.concurrency) as pool, _bar() as progress:
        futures = {place: pool.submit(asker.ask, request) for place, request in different.items()}
        task = progress.add_task(title, total=len(futures))
        try:
            _wait(list(futures.values()), lambda: progress.advance(task))
        except BaseException:
            asker.stop("stopped")
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    found = (futures[place].result() for place in places)
    return tuple(replace(each, request=request) for each, request in zip(found, requests, strict=True))


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
        self._stopped: str | None = None

    def stop(self, why: str) -> None:
        """Begin no new request: each that waits ends with the first reason that was given."""
        self._stopped = self._stopped or why

    def ask(self, request: Request) -> Asked:
        if kept := self._cache.get(self._model, request):
            return Asked(request, kept, kept=True)
        if self._stopped:
            raise Unavailable(self._stopped)
        try:
            answer = self._model.ask(request)
        except Unavailable as error:
            self.stop(str(error))
            raise
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
                self.stop(f"{self._refused} requests in a row came to nothing, the last: {why}")
                raise Unavailable(self._stopped)
