"""Questions: what annotators did not agree on, as tasks of an adjudicator, and the answers as decisions.

A question is an item that `variorum adjudicate` lists as open. Its task shows the text, and what there is to choose
from: the annotators' versions, in an order that says nothing about who is who, then whatever else could be answered.
"""

import hashlib
import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from variorum.decisions import Decision
from variorum.label_studio.controls import OWN, adjudication_controls
from variorum.label_studio.identity import named_entity
from variorum.label_studio.results import At, Filled, Result, answer_result, read
from variorum.label_studio.screening_lines import to_value, value_text
from variorum.label_studio.tasks import TaskData
from variorum.problems import Problem, shown
from variorum.records import Value
from variorum.schema import Schema

KEY = "question"
_NONE = "none"
# What there is to ask, what a yes and a no mean, or which label set the answers are from (and whether none is one).
_YES_NO = {
    "claim": ("Is this a claim?", "It is a claim", "It is no claim"),
    "entity": ("Are these two mentions of one entity?", "One entity", "Two entities"),
    "conflict": ("Are these two pairs one and the same conflict?", "One conflict", "Two conflicts"),
}
_LABELS = {
    "mention": ("Of which type is this mention, if it is one?", "entity_type", True),
    "mention.level": ("Of which level is this mention?", "level", False),
    "entity.type": ("Of which type is the entity of this mention?", "entity_type", False),
    "claim.kind": ("Of which kind is this claim?", "claim_kind", False),
    "claim.polarity": ("What is the polarity of this claim?", "polarity", False),
    "claim.certainty": ("How certain is this claim put forward?", "certainty", False),
    "pair.relation": ("How do the contents of these two claims stand to each other?", "relation", False),
    "pair.aspect": ("In what do these two claims clash?", "aspect", False),
    "pair.reason": ("If these two claims look like a conflict, why are they none?", "reason", True),
}
_WORDS = {
    "mention.value": "Which value does this mention have? (such as: quantity >40 [guest])",
    "claim.time": "When does the content of this claim hold? (EDTF, or none)",
    "claim.holder": "Which mention is the holder of this claim? (its id, or none)",
    "claim.entities": "Which entities is this claim about? (their ids, with commas between, or none)",
}


class Question(msgspec.Struct, frozen=True):
    """An open item, its canonical ids, and the annotators' votes as JSON."""

    item: str
    ids: tuple[str, ...]
    votes: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name by which its task is known."""
        return " ".join([self.item, *self.ids])


class Shown(msgspec.Struct, frozen=True):
    """What the adjudicator sees: the text in question as HTML, and notes on each vote (its JSON), such as reasons."""

    context: str
    notes: Mapping[str, Sequence[str]] = {}


def can_be_asked(question: Question) -> bool:
    """Whether a decision would settle it: that of a pair's claims would not, somebody has to judge other claims."""
    return question.item in {*_YES_NO, *_LABELS, *_WORDS}


# --- tasks ---------------------------------------------------------------------------------------------------


def question_task(question: Question, what: Shown, schema: Schema) -> TaskData:
    """The task data of a question that can be asked."""
    votes = _in_blind_order(question)
    versions = [_version(question.item, n, vote, count) for n, (vote, count) in enumerate(votes.items(), 1)]
    others = [choice for choice in _answers(question.item, schema) if choice not in votes]
    options = [*versions, *(_said(question.item, choice) for choice in others)]
    told = {vote: [each for each in what.notes.get(vote, ()) if each != _said(question.item, vote)] for vote in votes}
    notes = [_note(n, told[vote]) for n, vote in enumerate(votes, 1)]
    return {
        KEY: question.key,
        "item": question.item,
        "ids": list(question.ids),
        "heading": {**_YES_NO, **_LABELS}.get(question.item, (_WORDS.get(question.item),))[0],
        "context": what.context + "".join(notes),
        "options": [{"value": each} for each in [*options, *([OWN] if question.item in _WORDS else [])]],
        "choices": [*votes, *others],
    }


def _in_blind_order(question: Question) -> dict[str, int]:
    """How many voted for what, in an order by chance, but always the same."""
    counts = Counter(question.votes)
    mixed = sorted(counts, key=lambda vote: hashlib.sha256(f"{question.key} {vote}".encode()).digest())
    return {vote: counts[vote] for vote in mixed}


def _answers(item: str, schema: Schema) -> Iterator[str]:
    """Every answer that can be chosen, as JSON."""
    if item in _YES_NO:
        yield from ("true", "false")
    elif item in _LABELS:
        _, label_set, may_be_none = _LABELS[item]
        yield from (msgspec.json.encode(name).decode() for name in schema.names(label_set))
        yield from ["null"] if may_be_none else []


def _version(item: str, number: int, vote: str, count: int) -> str:
    who = "1 annotator" if count == 1 else f"{count} annotators"
    return f"Version {number} ({who}): {_said(item, vote)}"


def _said(item: str, choice: str) -> str:
    """An answer in words."""
    value = msgspec.json.decode(choice)
    if item in _YES_NO:
        return _YES_NO[item][1 if value else 2]
    if isinstance(value, dict):
        return value_text(msgspec.convert(value, Value))
    return (", ".join(value) if isinstance(value, list) else str(value or "")) or _NONE


def _note(number: int, notes: Sequence[str]) -> str:
    said = " · ".join(html.escape(note) for note in dict.fromkeys(notes))
    return f"<p><b>Version {number}</b>: {said}</p>" if said else ""


def check_data(data: object, at: At) -> Iterator[Problem]:
    """What is wrong with the data of a task as the server gives it back; from_result needs that to be nothing."""
    try:
        asked = msgspec.convert(data, _Data)
        [msgspec.json.decode(choice) for choice in asked.choices]
    except (msgspec.MsgspecError, UnicodeError):
        yield at.problem("task-data", "the task's data are not those of a question")
        return
    if asked.question != " ".join([asked.item, *asked.ids]) or len(asked.options) < len(asked.choices):
        yield at.problem("task-data", f"{shown(asked.question)} is not the question that its data ask")


class _Data(msgspec.Struct, frozen=True):
    """The part of a task's data that decisions are made from."""

    question: str
    item: str
    ids: tuple[str, ...]
    options: tuple[dict[str, str], ...]
    choices: tuple[str, ...]

    def chosen(self, option: str) -> str | None:
        """The answer (JSON) that an option stands for."""
        listed = [each.get("value") for each in self.options[: len(self.choices)]]
        return self.choices[listed.index(option)] if option in listed else None


# --- decisions -----------------------------------------------------------------------------------------------


def to_result(decision: Decision, data: TaskData) -> list[Result]:
    """The results of a decision in its task."""
    asked, controls = msgspec.convert(data, _Data), adjudication_controls()
    listed = [msgspec.json.decode(choice) for choice in asked.choices]
    if decision.choice in listed:
        given = {"choice": str(asked.options[listed.index(decision.choice)].get("value"))}
    else:
        own = _said(decision.item, msgspec.json.encode(decision.choice).decode())
        given = {"choice": OWN, "own": own}
    given["reason"] = decision.reason
    return [answer_result(controls[name], [answer]) for name, answer in given.items()]


def from_result(
    result: object, data: TaskData, schema: Schema, source: str, at: At, problems: list[Problem]
) -> Decision | None:
    """The decision, or None if it is not fit to be one; all that is wrong is added to `problems`.

    `data` has been verified by `check_data`. Never raises, whatever `result` is.
    """
    asked = msgspec.convert(data, _Data)
    filled = read(result, adjudication_controls(), {"context": ""}, at, problems)
    choice, reason = _answer(filled, "choice"), _answer(filled, "reason")
    if not choice or not reason:
        problems.append(at.problem("missing-answer", "a decision needs what holds, and the reason"))
        return None
    held = _own(asked.item, _answer(filled, "own"), schema) if choice == OWN else asked.chosen(choice)
    if held is None:
        message = "an answer of one's own has to be written down" if choice == OWN else f"{shown(choice)} was no option"
        problems.append(at.problem("missing-answer" if choice == OWN else "unknown-label", message))
        return None
    value = msgspec.json.decode(held)
    return Decision(item=asked.item, ids=asked.ids, choice=value, reason=reason, decided_by=source)


def _answer(filled: Filled, name: str) -> str | None:
    return next(iter(filled.answers.get(name, ())), None)


def _own(item: str, text: str | None, schema: Schema) -> str | None:
    """What the adjudicator wrote, as JSON."""
    if text is None or item not in _WORDS:
        return None
    choice: object = None if text == _NONE else text
    if item == "claim.entities":
        names = [] if text == _NONE else [name.strip() for name in text.split(",") if name.strip()]
        choice = [name if name.startswith("e-") else named_entity(name)[0] for name in names]
    elif item == "mention.value" and choice is not None:
        choice = to_value(text, text, schema.names("value_kind"))
    return msgspec.json.encode(choice).decode()
