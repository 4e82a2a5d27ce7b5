"""Variorum: entities, claims and contradictions in articles that tell one story, annotated, packaged and scored.

>>> import variorum
>>> report = variorum.score(prediction, gold)  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from variorum.scoring import Config, score

__version__ = "1.0.0"
__all__ = ["Config", "__version__", "score"]


def __getattr__(name: str) -> Any:
    """What the package offers is loaded when it is first used, so that importing it costs nothing."""
    if name in ("Config", "score"):
        from variorum import scoring

        return getattr(scoring, name)
    raise AttributeError(f"module 'variorum' has no attribute {name!r}")
