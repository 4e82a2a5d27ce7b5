"""What reading a prediction gives."""

from collections import Counter
from typing import Any

import msgspec

from variorum.problems import ERROR, Problem
from variorum.records import AnnotationSet

_IDS = {"mentions": "mention_id", "claims": "claim_id", "contradictions": "pair_id"}


class Resolutions(msgspec.Struct, frozen=True):
    """How many quotes were resolved to offsets: by their exact words, and by folding (`variorum.folding`)."""

    exact: int = 0
    folded: int = 0


class Unresolved(msgspec.Struct, frozen=True):
    """A record with a quote that is ambiguous or not to be found.

    `record` is the record as it came (a plain JSON object, label map applied). `part` is None if the whole record was
    lost with the quote: a mention, or a claim one of whose evidence spans it is. Else only a part was (`cue`, `span_a`,
    `span_b`), and the record is in the set without it.
    """

    layer: str
    doc_id: str
    record: dict[str, Any]
    part: str | None
    problem: Problem

    @property
    def record_id(self) -> str:
        return str(self.record[_IDS[self.layer]])


class Prediction(msgspec.Struct, frozen=True):
    """A prediction that was read; never an exception instead.

    `annotation_set` is None if something is wrong (an error among `problems`), unless leniency was asked for and what
    is wrong could be left out; `dropped` then says how many records were, by layer, `documents` (with all their
    records) and `unread` (lines and items that never became a record). Records that lost what they name (a claim its
    holder) keep the name: such an id stands for nothing in gold.

    `problems` are in order and hold everything that is to be shown: errors, and warnings, among them one for each
    quote that was folded and one for each that is unresolved.

    Of `unresolved`, whole records are false alarms: the scorer adds `false_alarms(layer)` to what is wrong. `unmapped`
    counts, by label, the mentions that the label map leaves out; they are neither right nor wrong.
    """

    format: str
    annotation_set: AnnotationSet | None
    problems: tuple[Problem, ...] = ()
    resolutions: Resolutions = Resolutions()
    unresolved: tuple[Unresolved, ...] = ()
    unmapped: dict[str, int] = {}
    dropped: dict[str, int] = {}

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that forbid a score."""
        return tuple(problem for problem in self.problems if problem.level == ERROR)

    def lost(self, layer: str) -> tuple[Unresolved, ...]:
        """The whole records of a layer that are unresolved, each once."""
        found = {each.record_id: each for each in self.unresolved if each.layer == layer and each.part is None}
        return tuple(found.values())

    def false_alarms(self, layer: str) -> dict[str, int]:
        """How many records of `layer` are to be counted as false alarms beside those of the set, by doc_id.

        By what each is (its type, its kind): see `lost`.
        """
        return dict(Counter(each.doc_id for each in self.lost(layer)))
