"""Run in the environment of the harnesses: tasks of one with models that say what they are told to, offline.

    python harness_models.py lm-eval|inspect RUNS

RUNS is a JSON object: for each task its `dataset`, the folder `out` for its log, and `answers`, what the model says to
each question, in the order of the dataset; to one of multiple choice an index, of which -1 is no answer. Prints status,
figures and log of each as JSON.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def lm_eval(task: str, dataset: str, answers: list[Any], out: Path) -> dict[str, Any]:
    """With the Python interface, whose samples are written as `--log_samples` writes them."""
    from lm_eval import simple_evaluate
    from lm_eval.api.model import LM
    from lm_eval.tasks import TaskManager

    from variorum.harnesses.lm_evaluation import TASKS

    class Told(LM):
        def generate_until(self, requests: list[Any]) -> list[str]:
            return [answers[request.doc_id] for request in requests]

        def loglikelihood(self, requests: list[Any]) -> list[tuple[float, bool]]:
            return [(0.0 if answers[each.doc_id] == each.idx else -3.0, False) for each in requests]

        loglikelihood_rolling = None

    manager = TaskManager(include_path=str(TASKS), metadata={"dataset": dataset})
    found = simple_evaluate(model=Told(), tasks=[task], task_manager=manager, bootstrap_iters=0, log_samples=True)
    lines = (json.dumps(sample, default=str) for sample in found["samples"][task])
    (out / "samples_told.jsonl").write_text("\n".join(lines), encoding="utf-8")
    figures = {name.removesuffix(",none"): value for name, value in found["results"][task].items()}
    return {"status": "success", "figures": figures, "log": str(out / "samples_told.jsonl")}


def inspect(task: str, dataset: str, answers: list[Any], out: Path) -> dict[str, Any]:
    """By the name under which the entry point of the project has the task."""
    from inspect_ai import eval
    from inspect_ai.model import ModelOutput, ModelUsage, get_model

    def outputs() -> Iterator[ModelOutput]:
        for answer in answers:
            text = answer if isinstance(answer, str) else f"ANSWER: {'ABCD'[answer]}" if answer >= 0 else "No idea."
            output = ModelOutput.from_content("mockllm/model", text)
            output.usage = ModelUsage()  # or tokens are counted, with a table from the net
            yield output

    model = get_model("mockllm/model", custom_outputs=outputs())
    (log,) = eval(
        f"variorum/{task}",
        model=model,
        task_args={"dataset": dataset},
        display="none",
        log_dir=str(out),
        max_samples=1,  # one after the other, as the answers come
    )
    metrics = log.results.scores[0].metrics if log.results else {}
    return {"status": log.status, "figures": {name: each.value for name, each in metrics.items()}, "log": log.location}


if __name__ == "__main__":
    run = {"lm-eval": lm_eval, "inspect": inspect}[sys.argv[1]]
    asked = json.loads(Path(sys.argv[2]).read_bytes())
    found = {task: run(task, each["dataset"], each["answers"], Path(each["out"])) for task, each in asked.items()}
    print("\n" + json.dumps(found))
