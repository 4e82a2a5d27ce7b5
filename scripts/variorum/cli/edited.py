"""What baselines say of edited pairs, and what other systems say of them in a file."""

from pathlib import Path
from typing import NamedTuple

from variorum import reading
from variorum.baselines import BASELINES, Task
from variorum.cli.app import shown
from variorum.cli.sets import read_gold
from variorum.contrast import answers, editing
from variorum.contrast.records import Contrast
from variorum.corpus import Corpus
from variorum.problems import Problem


class Judged(NamedTuple):
    """An answer about every edited pair, and of how many the baseline has said nothing: these are called neutral."""

    answers: tuple[editing.Answer, ...]
    silent: int


def judged(name: str, own: Contrast, corpus: Corpus) -> Judged:
    """What a baseline makes of the edited pairs. ImportError or Unavailable if it cannot run."""
    given = editing.asked(read_gold(corpus), (each.edit for each in own.pairs), corpus.documents)
    made = BASELINES[name](Task(given.documents, corpus.schema, given.given, ("contradictions",)))
    said = {answer.contrast_id: answer for answer in editing.answers(made, given.given)}
    # Scoring takes a pair without an answer as neutral; the file says so, so that one cut short is told from it.
    ids = _ids(own)
    return Judged(tuple(said.get(key) or editing.Answer(key, "neutral") for key in sorted(ids)), len(ids) - len(said))


def read_answers(path: Path, own: Contrast) -> answers.Answers:
    """The answers in a file, and what is wrong with it."""
    data = reading.read_bytes(path, shown(path))
    if isinstance(data, Problem):
        return answers.Answers((), (data,), ())
    return answers.read(data, shown(path), _ids(own))


def unfit(found: answers.Answers, own: Contrast, file: str) -> list[Problem]:
    """Everything because of which a file of answers is not about these contrast pairs, and all of them."""
    missing = sorted(_ids(own) - {answer.contrast_id for answer in found.answers})
    unknown = [Problem(file, "$", "unknown-edit", f"there is no contrast pair {key}") for key in found.unknown]
    if missing and not found.problems:
        count = f"{len(missing)} of {len(own.pairs)} contrast pairs have no answer, {missing[0]} first"
        return [*unknown, Problem(file, "$", "missing-answer", count)]
    return [*found.problems, *unknown]


def _ids(own: Contrast) -> set[str]:
    return {each.edit.contrast_id for each in own.pairs}
