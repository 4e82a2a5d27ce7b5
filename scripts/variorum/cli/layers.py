"""The option `--layers`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from variorum.cli.app import fail
from variorum.records import LAYERS

Layers = Annotated[
    str | None, typer.Option("--layers", help=f"Which layers, with commas between: {', '.join(LAYERS)}. Left out: all.")
]


def chosen(layers: str | None, default: Sequence[str]) -> tuple[str, ...]:
    """The layers that were asked for, in their fixed order; ends with exit code 2 if one is unknown."""
    if layers is None:
        return tuple(default)
    names = {name.strip() for name in layers.split(",")}
    if unknown := sorted(names - set(LAYERS)):
        fail(f"--layers: there is no layer {unknown[0]!r}; there are: {', '.join(LAYERS)}")
    return tuple(layer for layer in LAYERS if layer in names)
