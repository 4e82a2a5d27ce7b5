"""The tasks of Inspect, `variorum/pairs` and `variorum/extraction`, which it finds by the package's entry point.

Figures are those of the answers of the first epoch, over the samples that have one.
"""

from collections.abc import Sequence
from typing import Any

from variorum.harnesses import extraction, pairs
from variorum.harnesses.benchmark import FOLDER
from variorum.harnesses.extraction import Answer
from variorum.harnesses.pairs import Choice

try:
    from inspect_ai import Task, task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, accuracy, choice, metric, scorer
    from inspect_ai.solver import TaskState, generate, multiple_choice
except ImportError as error:
    raise ImportError("inspect_ai is missing; it is in an extra: pip install 'variorum[inspect]'") from error

VERSION = "1.0"
LETTERS = "ABCDEFGHIJ"


@task(name="pairs")
def claim_pairs(dataset: str = FOLDER, cot: bool = False) -> Task:
    """Claim pairs as multiple choice; `dataset` is the folder, `cot` lets the model think first."""
    samples = [_pair_sample(row) for row in pairs.questions(dataset)]
    return Task(
        MemoryDataset(samples, "pairs_eval"), solver=multiple_choice(cot=cot), scorer=relation(), version=VERSION
    )


def _pair_sample(row: dict[str, Any]) -> Sample:
    return Sample(
        id=row["pair_id"],
        input=row["input"],
        choices=row["choices"],
        target=LETTERS[row["choices"].index(row["target"])],
        metadata={"dataset": row["dataset"]},
    )


@task(name="extraction")
def articles(dataset: str = FOLDER) -> Task:
    """Mentions and claims of each article as JSON; `dataset` is the folder."""
    samples = [
        Sample(id=row["doc_id"], input=row["input"], metadata={"dataset": row["dataset"]})
        for row in extraction.questions(dataset)
    ]
    return Task(MemoryDataset(samples, "documents"), solver=generate(), scorer=layers(), version=VERSION)


# --- scorers -------------------------------------------------------------------------------------------------


def items(scores: Sequence[SampleScore]) -> list[dict[str, Any]]:
    """What scorers keep of the answers."""
    return [each.score.metadata or {} for each in scores]


@metric
def pair_figures() -> Metric:
    """The project's figures of all choices, and how many questions have no answer."""

    def figures(scores: list[SampleScore]) -> dict[str, float]:
        kept = items(scores)
        found = tuple(Choice(each["pair_id"], each["relation"]) for each in kept)
        report = pairs.report(kept[0]["dataset"], found)
        unanswered = sum(each.relation is None for each in found)
        return {
            "headline_f1": pairs.headline_f1(report),
            "macro_f1": pairs.macro_f1(report),
            "unanswered": unanswered,
        }

    return figures


@scorer(metrics=[accuracy(), pair_figures()])
def relation() -> Scorer:
    """Inspect's own `choice`, which keeps the relation that was chosen."""
    judge = choice()

    async def score(state: TaskState, target: Target) -> Score:
        found = await judge(state, target)
        marked = [each.value for each in state.choices if each.correct is True]
        picked = Choice(str(state.sample_id), marked[0] if len(marked) == 1 else None)
        return found.model_copy(update={"metadata": {"dataset": state.metadata["dataset"], **picked._asdict()}})

    return score


@metric
def layer_figures() -> Metric:
    """The project's figures of all answers, and how many are not what was asked for."""

    def figures(scores: list[SampleScore]) -> dict[str, float]:
        kept = items(scores)
        found = tuple(Answer(each["doc_id"], each["text"]) for each in kept)
        report = extraction.report(kept[0]["dataset"], found)
        failed = sum(map(extraction.failed, found))
        return {
            "mention_f1": extraction.mention_f1(report),
            "claim_f1": extraction.claim_f1(report),
            "failed": failed,
        }

    return figures


@scorer(metrics=[layer_figures()])
def layers() -> Scorer:
    """Whether an answer can be read; what it is worth is a matter of all of them."""

    async def score(state: TaskState, target: Target) -> Score:
        answer = Answer(str(state.sample_id), state.output.completion)
        metadata = {"dataset": state.metadata["dataset"], **answer._asdict()}
        return Score(value=float(not extraction.failed(answer)), answer=answer.text, metadata=metadata)

    return score
