"""Baselines: plain functions from a task to a prediction, under their names."""

from collections.abc import Callable

from variorum.baselines import unread
from variorum.baselines.about import About, undescribed
from variorum.baselines.rules import rules
from variorum.baselines.task import Task
from variorum.baselines.trivial import ABOUT_TRIVIAL, trivial
from variorum.records import AnnotationSet

__all__ = ["ABOUT", "BASELINES", "About", "Task", "undescribed"]

Baseline = Callable[[Task], AnnotationSet]
BASELINES: dict[str, Baseline] = {
    "neutral": unread.neutral,
    "chance": unread.chance,
    "trivial": trivial,
    "rules": rules,
}
ABOUT: dict[str, About] = {
    "neutral": unread.ABOUT_NEUTRAL,
    "chance": unread.ABOUT_CHANCE,
    "trivial": ABOUT_TRIVIAL,
}
