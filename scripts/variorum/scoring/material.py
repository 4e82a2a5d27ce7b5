"""What the scores of all layers are made of, and what a scoring leaves out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from variorum.records import AnnotationSet
from variorum.scoring.columns import Units, Unplaced, units
from variorum.scoring.config import Config, Layout
from variorum.scoring.soft_labels import Votes


class Notes(NamedTuple):
    """What a scoring leaves out, filled in while it goes on."""

    skipped: dict[str, str]
    ignored: dict[str, dict[str, int]]
    set_aside: dict[str, int]
    lacking: dict[str, int]
    duplicates: dict[str, int]
    unplaced: dict[str, int]
    unjudged: list[str]

    def ignore(self, layer: str, why: str, number: int) -> None:
        """Count records that are left out on purpose."""
        if number:
            self.ignored.setdefault(layer, {})[why] = number


class Material(NamedTuple):
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

    @property
    def units(self) -> Units:
        """The units of mentions and claims."""
        return units(tuple(self.documents), self.layout, self.config.unit)
