"""Taking one annotator out of what is stored: pure functions from JSON values to JSON values."""

from typing import Any

Json = Any
NAMED = "withdrawn"  # stands where somebody else's annotation says that the annotator has changed it
_USERS = ("completed_by", "updated_by", "last_created_by", "created_by", "user", "user_id")
_TEXTS = ("data", "result")  # no user is named there


def from_export(tasks: list[Json], source: str) -> list[Json]:
    """An export without the annotations of a source, and without its name in those of others.

    A task that was made for the source goes too, unless somebody else worked on it.
    """
    cleaned = ((task, _from_task(task, source)) for task in tasks)
    return [_unnamed(new, source) for old, new in cleaned if not _own(old, source) or new.get("annotations")]


def _own(task: Json, source: str) -> bool:
    data = task.get("data") if isinstance(task, dict) else None
    return isinstance(data, dict) and data.get("annotator") == source


def _unnamed(task: Json, source: str) -> Json:
    """A task that was made for the source, without its name."""
    return {**task, "data": {**task["data"], "annotator": NAMED}} if _own(task, source) else task


def _from_task(task: Json, source: str) -> Json:
    if not isinstance(task, dict) or not isinstance(task.get("annotations"), list):
        return task
    kept = [each for each in task["annotations"] if not isinstance(each, dict) or each.get("completed_by") != source]
    skipped = sum(isinstance(each, dict) and bool(each.get("was_cancelled")) for each in kept)
    counts = {"total_annotations": len(kept) - skipped, "cancelled_annotations": skipped}
    changed = len(kept) < len(task["annotations"])
    cleaned: Json = _renamed({**task, "annotations": kept}, source)
    return {**cleaned, **{name: count for name, count in counts.items() if changed and name in task}}


def _renamed(value: Json, source: str, name: str = "") -> Json:
    if isinstance(value, dict):
        return {key: each if key in _TEXTS else _renamed(each, source, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, source, name) for each in value]
    return NAMED if name in _USERS and value == source else value


def from_annotators(value: Json, source: str) -> Json:
    """annotators.json without the source."""
    return {**value, "annotators": [each for each in value["annotators"] if each.get("source") != source]}


def from_decisions(value: Json, source: str) -> Json:
    """A file of decisions without those that the source has taken."""
    return {**value, "decisions": [each for each in value["decisions"] if each.get("decided_by") != source]}


def from_judgements(value: Json, edits: set[str]) -> Json:
    """A verifier's file of contrast pairs without what it says of these edits, by contrast_id."""
    return {**value, "judgements": [each for each in value["judgements"] if each.get("contrast_id") not in edits]}


def from_assigned(value: Json, source: str) -> Json:
    """What was dealt, without the pairs that the source was to edit, and without the source among verifiers."""
    kept = (each for each in value["pairs"] if each["writer"] != source)
    pairs = [{**each, "verifiers": [name for name in each["verifiers"] if name != source]} for each in kept]
    return {**value, "pairs": pairs}


def names(value: Json, source: str) -> bool:
    """Whether a JSON value has the source's name as one of its strings."""
    if isinstance(value, dict):
        return any(names(each, source) for each in value.values())
    return any(names(each, source) for each in value) if isinstance(value, list) else value == source
