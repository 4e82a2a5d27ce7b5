"""What an annotator can fill in: every control of each kind of project, made from the schema's label sets.

The labelling page is drawn from these, and whatever comes back from the server is checked against them.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from variorum.records import CONFLICT
from variorum.schema import Label, Schema

CLAIM = Label("CLAIM", "Claim", "The evidence of a claim; all its fields hang on this region.")
PART = Label("CLAIM_PART", "Claim, further part", "Further evidence, where it is in pieces; link it with its claim.")
CUE = Label("CUE", "Cue", "The words that tie a claim to its holder or hedge it; link them with the claim.")
CLASH = Label("CLASH", "Clash", "The fewest words that clash.")
RELATIONS = ("holder", "cue", "part")  # between a claim and something else
SAME = "same"  # between two mentions of one entity
VALUE_TYPES = ("DATE", "MONEY", "QUANTITY")
NO_CONFLICT = ("agreement", "neutral")
SIDES = ("left", "right")
OWN = "Another answer"
TEXT = "text"


class Kind(StrEnum):
    """What one task of a project is."""

    articles = "articles"
    pairs = "pairs"
    screening = "screening"
    adjudication = "adjudication"


class Control(msgspec.Struct, frozen=True):
    """One control: its `name`, what `type` of result it gives, and what it may hold.

    `labels` are the answers to choose from (none for a `textarea`). `of` names the control that decides whether this
    one applies, `when` its answers for which it does; a `per_region` control belongs to a region, others to the task.
    """

    name: str
    type: str
    title: str
    to_name: str = TEXT
    labels: tuple[Label, ...] = ()
    of: str | None = None
    when: tuple[str, ...] = ()
    per_region: bool = False
    required: bool = False
    several: bool = False
    rows: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The answers to choose from."""
        return tuple(label.const for label in self.labels)

    def applies(self, answer: str | None) -> bool:
        """Whether the control applies, given the answer of the control it hangs on."""
        return self.of is None or answer in self.when


class _Group(msgspec.Struct, frozen=True):
    """Makes controls that apply under one condition."""

    schema: Schema
    to_name: str
    of: str
    when: tuple[str, ...]
    per_region: bool

    def choices(self, name: str, label_set: str, title: str, required: bool = False) -> Control:
        labels = self.schema.label_sets[label_set]
        return Control(name, "choices", title, self.to_name, labels, self.of, self.when, self.per_region, required)

    def text(self, name: str, title: str, required: bool = False, several: bool = False, rows: int = 1) -> Control:
        return Control(
            name, "textarea", title, self.to_name, (), self.of, self.when, self.per_region, required, several, rows
        )

    def value(self, required: bool, side: str = "") -> Iterator[Control]:
        """The six controls of a value; `side` ends their names."""
        end = f"_{side}" if side else ""
        yield self.choices(f"value_kind{end}", "value_kind", "Kind of value", required)
        yield self.text(f"value{end}", "Value: 2018-21, P3Y, 2500000, 20/30 …", required)
        yield self.text(f"unit{end}", "Unit: USD, percent, ferry …")
        yield self.choices(f"comparator{end}", "comparator", "Comparator, = if none is chosen")
        yield self.text(f"anchor_date{end}", "Anchor: the date that a relative one hangs on")
        yield self.choices(f"anchor_source{end}", "anchor_source", "Where the anchor comes from")


def article_controls(schema: Schema, layers: tuple[str, ...]) -> dict[str, Control]:
    """The controls of an `articles` project that asks for `layers` (of mentions, entities, claims), by name."""
    found: list[Control] = []
    if "mentions" in layers:
        found += _mention_controls(schema, "entities" in layers)
    if "claims" in layers:
        found += _claim_controls(schema, "entities" in layers)
    return {control.name: control for control in found}


def _mention_controls(schema: Schema, entities: bool) -> Iterator[Control]:
    types = schema.names("entity_type")
    things = _Group(schema, TEXT, "mention", tuple(t for t in types if t not in VALUE_TYPES), True)
    values = _Group(schema, TEXT, "mention", tuple(t for t in types if t in VALUE_TYPES), True)
    yield Control("mention", "labels", "Mentions", labels=schema.label_sets["entity_type"])
    yield things.choices("level", "level", "Level", required=True)
    if entities:
        # Not required: a mention that is linked with another as the same needs no name of its own.
        yield things.text("entity", "Entity: its full name, or a link (Alt+R)")
        yield things.choices("entity_type", "entity_type", "Entity's type, if not the mention's")
    if values.when:
        yield from values.value(required=True)


def _claim_controls(schema: Schema, entities: bool) -> Iterator[Control]:
    claim = _Group(schema, TEXT, "claim", (CLAIM.const,), True)
    yield Control("claim", "labels", "Claims", labels=(CLAIM, PART, CUE))
    yield claim.text("proposition", "Proposition: one sentence that can be read alone", required=True, rows=2)
    yield claim.choices("kind", "claim_kind", "Kind", required=True)
    yield claim.choices("polarity", "polarity", "Polarity", required=True)
    yield claim.choices("certainty", "certainty", "Certainty", required=True)
    yield claim.text("time", "Time: EDTF, if the text tells")
    if entities:
        yield claim.text("entities", "Entities it is about: a name, Enter, the next", several=True)


def pair_controls(schema: Schema) -> dict[str, Control]:
    """The controls of a `pairs` project, by name; those of one side of the page end in `_left` or `_right`."""
    found = [Control("relation", "choices", "Relation", "quote_left", schema.label_sets["judgement"], required=True)]
    conflict = _Group(schema, "quote_left", "relation", CONFLICT, False)
    found += [conflict.choices("aspect", "aspect", "What do they clash in?", required=True)]
    for side in SIDES:
        there = _Group(schema, f"quote_{side}", "relation", CONFLICT, False)
        found += [Control(f"clash_{side}", "labels", "The words that clash", f"quote_{side}", (CLASH,))]
        found += there.value(required=True, side=side)
    found += [conflict.text("rationale", "Rationale: why, in one sentence", required=True, rows=2)]
    found += [conflict.text("conflict_id", "Conflict: the same name for all pairs of one conflict", required=True)]
    look_alike = _Group(schema, "quote_left", "relation", NO_CONFLICT, False)
    found += [look_alike.choices("reason", "reason", "If it looks like a conflict, why is it none?")]
    return {control.name: control for control in found}


_LISTS = {
    "contradiction": 'Contradictions: 4-9 time | date 2018 "in 2018" | date 2016 "2016" | why | name',
    "tension": 'Tensions: 4-9 cause | "fog" | "a broken pump" | why | name',
    "agreement": "Agreements: 4-9, or with a reason if it looks like a conflict: 4-9 rounding",
    "neutral": "Look-alikes that are neutral: 4-9 different_time",
}


def screening_controls(schema: Schema) -> dict[str, Control]:
    """The controls of a `screening` project, by name: a list for each relation."""
    return {
        name: Control(name, "textarea", _LISTS.get(name, name), "html_left", several=True)
        for name in schema.names("relation")
    }


def adjudication_controls() -> dict[str, Control]:
    """The controls of an `adjudication` project, by name; what there is to choose from, the task's data say."""
    listed = [
        Control("choice", "choices", "What holds?", "context", required=True),
        Control("own", "textarea", "Your own answer", "context", (), "choice", (OWN,), required=True),
        Control("reason", "textarea", "Reason: why, in a sentence", "context", required=True, rows=2),
    ]
    return {control.name: control for control in listed}
