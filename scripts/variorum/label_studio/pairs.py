"""Judged claim pairs as Label Studio results, and back: `to_result` and `from_result` are inverse.

The page shows one claim on the left and one on the right, by chance; the task data say which. Records always have
`claim_a` and `claim_b` in id order.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from variorum.corpus import Document
from variorum.label_studio.controls import CLASH, SIDES, Control
from variorum.label_studio.results import At, Filled, Result, answer_result, read, region_result
from variorum.label_studio.tasks import TaskData
from variorum.label_studio.values import answers_of, value_of
from variorum.problems import Problem, shown
from variorum.records import Pair, Span, Value, pair_id

_FIELDS = ("relation", "aspect", "rationale", "conflict_id", "reason")


def to_result(pair: Pair, data: TaskData, controls: Mapping[str, Control]) -> list[Result]:
    """The results of one judged pair in its task."""
    given = ((name, getattr(pair, name)) for name in _FIELDS)
    found = [answer_result(controls[name], [answer]) for name, answer in given if answer is not None]
    for side in SIDES:
        span, value = _of_side(pair, data, side)
        found += _side_results(side, span, value, data, controls)
    return found


def _of_side(pair: Pair, data: TaskData, side: str) -> tuple[Span | None, Value | None]:
    if data[f"claim_{side}"] == pair.claim_a:
        return pair.span_a, pair.value_a
    return pair.span_b, pair.value_b


def _side_results(
    side: str, span: Span | None, value: Value | None, data: TaskData, controls: Mapping[str, Control]
) -> Iterator[Result]:
    control, base = controls[f"clash_{side}"], data[f"base_{side}"]
    if span:
        start, end = span.start - base, span.end - base
        yield region_result(control, control.name, start, end, data[f"quote_{side}"], CLASH.const)
    for name, answer in answers_of(value).items():
        yield answer_result(controls[f"{name}_{side}"], [answer])


def from_result(
    result: object, data: object, controls: Mapping[str, Control], at: At, problems: list[Problem]
) -> Pair | None:
    """The judged pair, or None if it is not fit to be a record; all that is wrong is added to `problems`.

    `data` has been verified by `check_data`. Never raises, whatever `result` is.
    """
    assert isinstance(data, dict)
    texts = {f"quote_{side}": data[f"quote_{side}"] for side in SIDES}
    filled = read(result, controls, texts, at, problems)
    answers = {name: next(iter(filled.answers.get(name, ())), None) for name in filled.answers}
    if answers.get("relation") is None:
        problems.append(at.problem("missing-answer", "a pair needs its relation"))
        return None
    fields: dict[str, Any] = {name: answers.get(name) for name in _FIELDS}
    for name, side in zip("ab", sorted(SIDES, key=lambda side: str(data[f"claim_{side}"])), strict=True):
        of_side = {name.removesuffix(f"_{side}"): answer for name, answer in answers.items()}
        fields[f"claim_{name}"] = data[f"claim_{side}"]
        fields[f"value_{name}"] = value_of(of_side.get, at, problems)
        fields[f"span_{name}"] = _clash(side, data, filled, answers["relation"], controls, at, problems)
    return Pair(pair_id=data["pair_id"], **fields)


def _clash(
    side: str,
    data: TaskData,
    filled: Filled,
    relation: str | None,
    controls: Mapping[str, Control],
    at: At,
    problems: list[Problem],
) -> Span | None:
    """The span of the document that was selected in the quote of one side."""
    regions = [region for region in filled.regions.values() if region.control == f"clash_{side}"]
    if len(regions) > 1:
        problems.append(at.problem("several-answers", f"{len(regions)} stretches are selected on the {side}, not one"))
    if not regions or not controls[f"value_{side}"].applies(relation):
        return None
    start, end = regions[0].start, regions[0].end
    base = data[f"base_{side}"]
    return Span(start=base + start, end=base + end, text=data[f"quote_{side}"][start:end])


def check_data(data: object, documents: Mapping[str, Document], at: At) -> Iterator[Problem]:
    """What is wrong with the data of a pair task as the server gives it back; from_result needs that to be nothing."""
    names = [f"{name}_{side}" for side in SIDES for name in ("claim", "doc", "quote", "text_sha256")]
    wanted: dict[str, type] = {"pair_id": str, **dict.fromkeys(names, str), "base_left": int, "base_right": int}
    if not isinstance(data, dict) or any(type(data.get(name)) is not kind for name, kind in wanted.items()):
        yield at.problem("task-data", "the task's data are not those of a claim pair")
        return
    if data["pair_id"] != pair_id(data["claim_left"], data["claim_right"]):
        yield at.problem("task-data", f"the pair {shown(data['pair_id'])} is not made of the claims it names")
    for side in SIDES:
        document, base, quote = documents.get(data[f"doc_{side}"]), data[f"base_{side}"], data[f"quote_{side}"]
        if document is None or document.source.sha256 != data[f"text_sha256_{side}"]:
            yield at.problem("text-changed", f"the corpus has no document {shown(data[f'doc_{side}'])} with this text")
        elif base < 0 or document.text[base : base + len(quote)] != quote:
            yield at.problem("task-data", f"the quote on the {side} does not stand at {base} in its document")
