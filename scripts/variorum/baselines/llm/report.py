"""What a run took and what it lost: tokens, cost, seconds, and every failure."""

from collections.abc import Iterable

import msgspec

from variorum.baselines.llm.answers import Failure
from variorum.baselines.llm.asking import Asked
from variorum.baselines.llm.settings import Settings


class Count(msgspec.Struct, frozen=True):
    """Requests and tokens. Seconds of the clock are added up over requests, which may have been under way together."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cpu_seconds: float | None
    cost: float | None


class Report(msgspec.Struct, frozen=True):
    """`all`: what the prediction is made of; `now`: the part that was not in the cache. `unanswered` requests of all.

    `cost` is in the currency of the prices that were given for a million tokens, None without them.
    """

    model: str
    source: str
    sentences: int
    pairs: int
    all: Count
    now: Count
    unanswered: int
    failures: tuple[Failure, ...]
    identity: dict[str, object]

    def line(self) -> str:
        """The counts in one line, for people."""
        cost = "" if self.all.cost is None else f", cost {self.all.cost:.4f} (now {self.now.cost or 0:.4f})"
        return (
            f"{self.source}: {self.all.requests} requests answered, {self.all.requests - self.now.requests} of them "
            f"from the cache, {self.unanswered} not; {len(self.failures)} failures; "
            f"{self.all.prompt_tokens} + {self.all.completion_tokens} tokens{cost}"
        )


def count(asked: Iterable[Asked], settings: Settings) -> Count:
    """The sums over what was asked; an answer to several items counts once."""
    answers = list({id(each.answer): each.answer for each in asked if each.answer is not None}.values())
    prompt, completion = sum(a.prompt_tokens for a in answers), sum(a.completion_tokens for a in answers)
    prices = settings.price_input, settings.price_output
    cost = None if None in prices else (prompt * (prices[0] or 0) + completion * (prices[1] or 0)) / 1e6
    cpu = [a.cpu_seconds for a in answers if a.cpu_seconds is not None]
    return Count(
        len(answers),
        prompt,
        completion,
        round(sum(a.seconds for a in answers), 3),
        round(sum(cpu), 3) if cpu else None,
        cost,
    )
