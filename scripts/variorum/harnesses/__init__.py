"""Tasks for evaluation harnesses, which know models; what is right and how much is the project's to say.

benchmark       a dataset folder as gold to score against
pairs           claim pairs as multiple choice: the answers, their figures
extraction      mentions and claims as JSON: the prompt, the answers, their figures
lm_evaluation   what the tasks of lm-evaluation-harness call; they lie in `lm_eval_tasks/`
inspect_tasks   the tasks of Inspect, found by its entry point
logs            the answers in a log of either, as a prediction

`python -m variorum.harnesses` says where `lm_eval_tasks/` is, and turns a log into a prediction (docs/harnesses.md).
"""
