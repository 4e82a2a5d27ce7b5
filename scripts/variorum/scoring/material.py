"""What the scores of all layers are made of, and what a scoring leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from variorum.overlaps import Ints
from variorum.records import AnnotationSet
from variorum.scoring.claims import Sides, sides
from variorum.scoring.columns import Units, Unplaced, scored_documents, units
from variorum.scoring.config import Config, Layout
from variorum.scoring.correspondence import corresponding, mentions_of
from variorum.scoring.soft_labels import Votes


class Notes(NamedTuple):
    """What a scoring leaves out, filled in while it goes on."""

    skipped: dict[str, str]
    ignored: dict[str, dict[str, int]]
    set_aside: dict[str, int]
    lacking: dict[str, int]
    duplicates: dict[str, int]
    unplaced: dict[str, int]
    silent: dict[str, list[str]]
    unjudged: list[str]

    def ignore(self, layer: str, why: str, number: int) -> None:
        """Count records that are left out on purpose."""
        if number:
            self.ignored.setdefault(layer, {})[why] = number


@dataclass(frozen=True)
class Material:
    """All that a layer's scores are made of."""

    prediction: AnnotationSet
    gold: AnnotationSet
    config: Config
    layout: Layout
    votes: Votes
    beside: AnnotationSet | None
    unplaced: Mapping[str, Sequence[Unplaced]]
    documents: dict[str, int]
    notes: Notes

    def note_silence(self, layer: str, gold: Ints, predicted: Ints) -> None:
        """Note the documents, by number, in which gold has records and the prediction none."""
        tallies = (np.bincount(side, minlength=len(self.documents)) > 0 for side in (gold, predicted))
        in_gold, in_prediction = tallies
        names = list(self.documents)
        if lacking := [names[i] for i in np.flatnonzero(in_gold & ~in_prediction)]:
            self.notes.silent[layer] = lacking

    @property
    def units(self) -> Units:
        """The units of mentions and claims."""
        return units(tuple(self.documents), self.layout, self.config.unit)

    @cached_property
    def claims(self) -> Sides:
        """The claims that are scored."""
        return sides(self.prediction, self.gold, self.documents, self.layout)

    @cached_property
    def gold_entities(self) -> dict[str, str]:
        """Which entity of gold each predicted entity is, for those that are one."""
        return corresponding(mentions_of(self.gold.mentions), mentions_of(self.prediction.mentions))


def gathered(
    prediction: AnnotationSet,
    gold: AnnotationSet,
    config: Config | None,
    layout: Layout | None,
    votes: Votes | None = None,
    beside: AnnotationSet | None = None,
    unplaced: Mapping[str, Sequence[Unplaced]] | None = None,
) -> Material:
    """What scores are made of, with the documents that are scored and nothing left out so far."""
    documents = {doc_id: number for number, doc_id in enumerate(scored_documents(gold, prediction))}
    notes = Notes({}, {}, {}, {}, {}, {}, {}, [])
    rest = votes or {}, beside, unplaced or {}, documents, notes
    return Material(prediction, gold, config or Config(), layout or Layout(), *rest)
