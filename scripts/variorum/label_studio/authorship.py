"""Whose work an annotation is: changed by somebody else, made on another one's task, or a system's, left standing."""

from collections.abc import Iterator
from typing import Any

from variorum.label_studio.results import At
from variorum.problems import WARNING, Problem


def problems(annotation: dict[str, Any], data: dict[str, Any], source: str, at: At) -> Iterator[Problem]:
    """What of an annotation, filed as that of `source`, is not the work of `source` alone."""
    yield from _foreign_edit(annotation, source, at)
    yield from _foreign_task(data, source, at)
    yield from _untouched(annotation, at)


def _foreign_edit(annotation: dict[str, Any], source: str, at: At) -> Iterator[Problem]:
    editor = annotation.get("updated_by")
    if editor not in (None, source):
        yield at.problem("foreign-edit", f"{source}'s annotation was last changed by {editor}", WARNING)


def _foreign_task(data: dict[str, Any], source: str, at: At) -> Iterator[Problem]:
    whose = data.get("annotator")
    if whose not in (None, source):
        yield at.problem("foreign-task", f"{source} judged in the order and on the sides of {whose}", WARNING)


def _untouched(annotation: dict[str, Any], at: At) -> Iterator[Problem]:
    """What a system proposed and the annotator never touched; Label Studio says so of every result."""
    result = annotation.get("result")
    items = [item for item in result if isinstance(item, dict)] if isinstance(result, list) else []
    labelled = {str(item.get("id")) for item in items if item.get("type") != "relation"}
    left = {str(item.get("id")) for item in items if item.get("origin") == "prediction"}
    if left:
        message = f"{len(left)} of {len(labelled)} labels are a system's, and were never touched"
        yield at.problem("untouched-prediction", message, WARNING)
