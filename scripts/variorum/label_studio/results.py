"""Label Studio results: written by us, and read with distrust.

An annotation is a list of results. Those of one region share its id: one holds its label, the others its attributes; a
relation links two regions; an answer about the whole task has no offsets. The server checks none of this on the way in,
and the words it keeps beside the offsets are not the text: only offsets and answers are read, and each is verified.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from variorum.label_studio.controls import Control
from variorum.problems import ERROR, WARNING, Problem, several, shown

Result = dict[str, Any]
_FIELD = {"labels": "labels", "choices": "choices", "textarea": "text"}


class At(msgspec.Struct, frozen=True):
    """A place in a file, which makes the problems there."""

    file: str
    path: str

    def problem(self, rule: str, message: str, level: str = ERROR) -> Problem:
        return Problem(self.file, self.path, rule, message, level)

    def inside(self, step: str) -> "At":
        return At(self.file, self.path + step)


class Region(msgspec.Struct, frozen=True):
    """A labelled stretch of one text: half-open, in code points, inside the text and not empty."""

    region_id: str
    control: str
    label: str
    start: int
    end: int
    at: At
    answers: dict[str, tuple[str, ...]] = {}

    def answer(self, control: str) -> str | None:
        """The one answer that a control of the region holds."""
        return next(iter(self.answers.get(control, ())), None)


class Link(msgspec.Struct, frozen=True):
    """A relation between two regions; `names` is what it was called, which may be nothing."""

    from_id: str
    to_id: str
    names: tuple[str, ...]
    at: At


class Filled(msgspec.Struct, frozen=True):
    """What one annotation holds: regions by id, answers about the task by control, links."""

    regions: dict[str, Region]
    answers: dict[str, tuple[str, ...]]
    links: tuple[Link, ...]


# --- writing -------------------------------------------------------------------------------------------------


def region_result(control: Control, region_id: str, start: int, end: int, text: str, label: str) -> Result:
    """The result that makes a region of `text[start:end]`."""
    value = {"start": start, "end": end, "text": text[start:end], "labels": [label]}
    return _result(control, region_id, value)


def attribute_result(control: Control, region: Result, answers: Iterable[str]) -> Result:
    """The result that gives a region one of its attributes."""
    value = {key: region["value"][key] for key in ("start", "end", "text")}
    return _result(control, region["id"], {**value, _FIELD[control.type]: list(answers)})


def answer_result(control: Control, answers: Iterable[str]) -> Result:
    """The result that answers a control about the whole task."""
    return _result(control, control.name, {_FIELD[control.type]: list(answers)})


def _result(control: Control, result_id: str, value: dict[str, Any]) -> Result:
    names = {"from_name": control.name, "to_name": control.to_name, "type": control.type}
    return {"id": result_id, **names, "origin": "manual", "value": value}


def link_result(from_id: str, to_id: str, name: str) -> Result:
    """The result that links two regions."""
    return {"type": "relation", "from_id": from_id, "to_id": to_id, "direction": "right", "labels": [name]}


# --- reading -------------------------------------------------------------------------------------------------


class _Reader:
    """Reads one annotation; `texts` holds the text that each `to_name` shows. Whatever is wrong goes to `problems`."""

    def __init__(self, controls: Mapping[str, Control], texts: Mapping[str, str], problems: list[Problem]) -> None:
        self.controls, self.texts, self.problems = controls, texts, problems
        self.regions: dict[str, Region] = {}
        self.attributes: list[tuple[str, Control, tuple[str, ...], At]] = []
        self.answers: dict[str, tuple[str, ...]] = {}
        self.links: list[Link] = []

    def say(self, at: At, rule: str, message: str, level: str = ERROR) -> None:
        self.problems.append(at.problem(rule, message, level))

    def read(self, result: object, at: At) -> Filled:
        if not isinstance(result, list):
            self.say(at, "result-shape", f"a result is a list, this is {shown(result)}")
            result = []
        for i, item in enumerate(result):
            self._item(item, at.inside(f".result[{i}]"))
        for region_id, control, answers, where in self.attributes:
            self._attribute(region_id, control, answers, where)
        self._drop_what_does_not_apply(at)
        return Filled(self.regions, self.answers, tuple(self.links))

    def _item(self, item: object, at: At) -> None:
        if not isinstance(item, dict):
            self.say(at, "result-shape", f"a result is an object, this is {shown(item)}")
        elif item.get("type") == "relation":
            self._link(item, at)
        elif (control := self._control(item, at)) is not None:
            self._value(item, control, at)

    def _control(self, item: Result, at: At) -> Control | None:
        """The control that the result says it comes from, if the project has it."""
        name = item.get("from_name")
        control = self.controls.get(name) if isinstance(name, str) else None
        if control is None:
            self.say(at, "unknown-control", f"the project has no control {shown(name)}")
            return None
        for key, wanted in (("to_name", control.to_name), ("type", control.type)):
            if item.get(key) != wanted:
                message = f"{key} of {name} is {wanted!r}, the result says {shown(item.get(key))}"
                self.say(at, "unknown-control", message)
                return None
        return control

    def _value(self, item: Result, control: Control, at: At) -> None:
        answers = self._answers(item, control, at)
        region_id = item.get("id")
        if not answers:
            return
        if control.type != "labels" and not control.per_region:
            self.answers[control.name] = answers
        elif not isinstance(region_id, str) or not region_id:
            self.say(at, "result-shape", f"the id of a region is a string, this is {shown(region_id)}")
        elif control.type == "labels":
            self._region(item["value"], control, region_id, answers[0], at)
        else:
            self.attributes.append((region_id, control, answers, at))

    def _answers(self, item: Result, control: Control, at: At) -> tuple[str, ...]:
        """The verified answers; none if they are not fit to be read."""
        value = item.get("value")
        given = value.get(_FIELD[control.type]) if isinstance(value, dict) else None
        given = [given] if isinstance(given, str) and control.type == "textarea" else given
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            self.say(at, "result-shape", f"the result of {control.name} has no {_FIELD[control.type]}")
            return ()
        # In the browser, white space around what is typed is not seen.
        answers = tuple(each.strip() for each in given if each.strip()) if control.type == "textarea" else tuple(given)
        unknown = [each for each in answers if control.labels and each not in control.names]
        if unknown or (control.type == "labels" and not answers):
            what = f"{several(shown(each) for each in unknown)} is not among" if unknown else "there is none of"
            self.say(at, "unknown-label", f"{what} the labels of {control.name}: {several(control.names, 20)}")
            return ()
        if len(answers) > 1 and not control.several:
            self.say(at, "several-answers", f"{control.name} takes one answer, this has {len(answers)}")
            return ()
        return answers

    def _region(self, value: dict[str, Any], control: Control, region_id: str, label: str, at: At) -> None:
        start, end, length = value.get("start"), value.get("end"), len(self.texts[control.to_name])
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
            message = f"a region from {shown(start)} to {shown(end)} is not one of a text of {length} characters"
            self.say(at, "region-offsets", message)
        elif region_id in self.regions:
            self.say(at, "region-twice", f"the region {shown(region_id)} has a label already")
        else:
            self.regions[region_id] = Region(region_id, control.name, label, start, end, at)

    def _attribute(self, region_id: str, control: Control, answers: tuple[str, ...], at: At) -> None:
        region = self.regions.get(region_id)
        if region is None:
            self.say(at, "stray-attribute", f"{control.name} belongs to a region {shown(region_id)} that has no label")
        elif region.control != control.of or not control.applies(region.label):
            # Left over in the browser after the label was changed: it is not seen there any more.
            self.say(at, "not-applicable", f"{control.name} does not go with {region.label}: left out", WARNING)
        elif control.name in region.answers:
            self.say(at, "several-answers", f"{control.name} of the region {shown(region_id)} is given twice")
        else:
            answered = {**region.answers, control.name: answers}
            self.regions[region_id] = msgspec.structs.replace(region, answers=answered)

    def _link(self, item: Result, at: At) -> None:
        ends, names = (item.get("from_id"), item.get("to_id")), item.get("labels") or []
        if not all(isinstance(end, str) for end in ends) or not isinstance(names, list):
            self.say(at, "result-shape", "a relation has from_id, to_id and labels")
            return
        self.links.append(Link(str(ends[0]), str(ends[1]), tuple(str(name) for name in names), at))

    def _drop_what_does_not_apply(self, at: At) -> None:
        for name in list(self.answers):
            control = self.controls[name]
            decider = next(iter(self.answers.get(control.of or "", ())), None)
            if not control.applies(decider):
                self.say(at, "not-applicable", f"{name} does not go with {control.of} {decider}: left out", WARNING)
                del self.answers[name]


def read(
    result: object, controls: Mapping[str, Control], texts: Mapping[str, str], at: At, problems: list[Problem]
) -> Filled:
    """What an annotation holds, as far as it is fit to be read; all that is not is added to `problems`.

    `texts` has the text shown under each `to_name`. Never raises, whatever `result` is.
    """
    return _Reader(controls, texts, problems).read(result, at)
