"""Baselines: plain functions from a task to a prediction, under their names."""

from collections.abc import Callable
from functools import partial

from variorum.baselines import unread
from variorum.baselines.about import About, undescribed
from variorum.baselines.embeddings import ABOUT_EMBEDDINGS, by_embeddings
from variorum.baselines.llm import ABOUT_LLM, ABOUT_LLM_LOCAL, llm, llm_local
from variorum.baselines.parsed import about_spacy, by_spacy
from variorum.baselines.rules import ABOUT_RULES, rules
from variorum.baselines.task import NoLibrary, Task, Unavailable
from variorum.baselines.trivial import ABOUT_TRIVIAL, trivial
from variorum.records import AnnotationSet

__all__ = ["ABOUT", "BASELINES", "About", "NoLibrary", "Task", "Unavailable", "undescribed"]

Baseline = Callable[[Task], AnnotationSet]
BASELINES: dict[str, Baseline] = {
    "neutral": unread.neutral,
    "chance": unread.chance,
    "trivial": trivial,
    "rules": rules,
    "embeddings": by_embeddings,
    "spacy": by_spacy,
    "spacy-years": partial(by_spacy, years=True),
    "spacy-md": partial(by_spacy, model="md"),
    "spacy-md-years": partial(by_spacy, model="md", years=True),
    "llm": llm,
    "llm-local": llm_local,
}
ABOUT: dict[str, About] = {
    "neutral": unread.ABOUT_NEUTRAL,
    "chance": unread.ABOUT_CHANCE,
    "trivial": ABOUT_TRIVIAL,
    "rules": ABOUT_RULES,
    "embeddings": ABOUT_EMBEDDINGS,
    "spacy": about_spacy("sm", years=False),
    "spacy-years": about_spacy("sm", years=True),
    "spacy-md": about_spacy("md", years=False),
    "spacy-md-years": about_spacy("md", years=True),
    "llm": ABOUT_LLM,
    "llm-local": ABOUT_LLM_LOCAL,
}
