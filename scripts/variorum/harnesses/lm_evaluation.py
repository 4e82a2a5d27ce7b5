"""What the tasks of lm-evaluation-harness call (`lm_eval_tasks/*.yaml`); `--metadata` names the dataset folder.

Every metric but `acc` gets all answers of a run, and asks the project's scorer for its figure.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from variorum.harnesses import extraction, pairs
from variorum.harnesses.benchmark import FOLDER
from variorum.harnesses.extraction import Answer
from variorum.harnesses.pairs import Choice
from variorum.scoring import Report

TASKS = Path(__file__).resolve().parent / "lm_eval_tasks"
Item = dict[str, Any]  # an answer as it stands in the log, with the dataset it is about
Row = dict[str, Any]


def pair_questions(dataset: str = FOLDER, **_: object) -> Any:
    """The `test` split of the task `variorum_pairs`."""
    return _split(pairs.questions(dataset))


def article_questions(dataset: str = FOLDER, **_: object) -> Any:
    """The `test` split of the task `variorum_extraction`."""
    return _split(extraction.questions(dataset))


def _split(questions: list[Row]) -> Any:
    from datasets import Dataset, DatasetDict

    return DatasetDict({"test": Dataset.from_list(questions)})


def pair_results(doc: Row, results: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """What counts for each metric, from the log-likelihoods of the choices."""
    choice = pairs.most_likely(doc["pair_id"], doc["choices"], [likelihood for likelihood, _ in results])
    item = {"dataset": doc["dataset"], **choice._asdict()}
    whole = dict.fromkeys(("headline_f1", "macro_f1", "average_precision"), item)
    return {"acc": float(choice.relation == doc["target"]), **whole}


def article_results(doc: Row, results: Sequence[str]) -> dict[str, Any]:
    """What counts for each metric, from the text that was generated."""
    answer = Answer(doc["doc_id"], results[0])
    item = {"dataset": doc["dataset"], **answer._asdict()}
    return {"mention_f1": item, "claim_f1": item, "failed": int(extraction.failed(answer))}


# --- metrics -------------------------------------------------------------------------------------------------


def headline_f1(items: Sequence[Item]) -> float:
    """See `pairs.headline_f1`."""
    return _of_pairs(items, pairs.headline_f1)


def macro_f1(items: Sequence[Item]) -> float:
    """See `pairs.macro_f1`."""
    return _of_pairs(items, pairs.macro_f1)


def average_precision(items: Sequence[Item]) -> float:
    """See `pairs.average_precision`."""
    return _of_pairs(items, pairs.average_precision)


def mention_f1(items: Sequence[Item]) -> float:
    """See `extraction.mention_f1`."""
    return _of_articles(items, extraction.mention_f1)


def claim_f1(items: Sequence[Item]) -> float:
    """See `extraction.claim_f1`."""
    return _of_articles(items, extraction.claim_f1)


def count(items: Sequence[int]) -> int:
    """How many answers failed."""
    return sum(items)


def _of_pairs(items: Sequence[Item], figure: Callable[[Report], float]) -> float:
    choices = tuple(Choice(each["pair_id"], each["relation"], each["score"]) for each in items)
    return figure(pairs.report(items[0]["dataset"], choices))


def _of_articles(items: Sequence[Item], figure: Callable[[Report], float]) -> float:
    answers = tuple(Answer(each["doc_id"], each["text"]) for each in items)
    return figure(extraction.report(items[0]["dataset"], answers))
