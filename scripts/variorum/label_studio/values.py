"""Values as answers to the six controls of a value, and back: `answers_of` and `value_of` are inverse."""

from collections.abc import Callable

from variorum.label_studio.results import At
from variorum.problems import Problem
from variorum.records import Anchor, Value

EQUAL = Value(kind="", value="").comparator


def answers_of(value: Value | None) -> dict[str, str]:
    """The answer for each control of a value that has one."""
    if value is None:
        return {}
    anchor = value.anchor
    answers = {
        "value_kind": value.kind,
        "value": value.value,
        "unit": value.unit,
        "comparator": value.comparator,
        "anchor_date": anchor.date if anchor else None,
        "anchor_source": anchor.source if anchor else None,
    }
    return {name: answer for name, answer in answers.items() if answer is not None}


def value_of(answer: Callable[[str], str | None], at: At, problems: list[Problem]) -> Value | None:
    """The value that the answers make (`answer` gives that of a control); None if there is none or half of one."""
    kind, value, unit = answer("value_kind"), answer("value"), answer("unit")
    date, source = answer("anchor_date"), answer("anchor_source")
    if bool(date) != bool(source):
        problems.append(at.problem("missing-answer", "an anchor needs both its date and where that comes from"))
    if kind and value:
        anchor = Anchor(date=date, source=source) if date and source else None
        chosen = answer("comparator") or EQUAL
        # The very default, not a string like it: msgspec leaves out what is identical to a default.
        return Value(kind=kind, value=value, unit=unit, comparator=EQUAL if chosen == EQUAL else chosen, anchor=anchor)
    if kind or value or unit or date or source:
        problems.append(at.problem("missing-answer", f"a value needs {'its kind' if value else 'the value itself'}"))
    return None
