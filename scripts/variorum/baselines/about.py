"""What a baseline says of itself, for its row in the leaderboard."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Name, what it does, licence, where its thresholds were fixed, and the settings that its prediction depends on.

    `control`: it is a yardstick and no attempt. `packages`: the packages and models that it runs with, under the names
    that they are installed by; None if nobody says, and those are told that are loaded while it runs.
    """

    title: str
    description: str
    thresholds: str
    control: bool = False
    packages: tuple[str, ...] | None = None
    licence: str = "Apache-2.0"
    settings: Mapping[str, str | int | float | bool | None] = msgspec.field(default_factory=dict)


def undescribed(name: str, baseline: Callable[..., Any]) -> About:
    """For a baseline that says nothing of itself: its name, and the first lines of its docstring.

    Of a `functools.partial` it is the docstring of the function, and its arguments are settings.
    """
    settings = getattr(baseline, "keywords", {})
    said = (inspect.getdoc(getattr(baseline, "func", baseline)) or "no description").partition("\n\n")[0]
    return About(title=name, description=" ".join(said.split()), thresholds="not stated", settings=settings)
