"""Baselines: plain functions from a task to a prediction, under their names."""

from collections.abc import Callable

from variorum.baselines.task import Task
from variorum.baselines.trivial import trivial
from variorum.records import AnnotationSet

__all__ = ["BASELINES", "Task"]

Baseline = Callable[[Task], AnnotationSet]
BASELINES: dict[str, Baseline] = {"trivial": trivial}
