"""What was asked for (`Config`), and what a score measures (`Measure`), whose signature says it on one line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Self
from urllib.parse import quote, unquote

from variorum.records import LAYERS, Record
from variorum.scoring.label_maps import NO_MAP, LabelMap, found

SCORER = "2"  # changes whenever a score would
SEED = 20260101
RESAMPLES = 1000
LEVEL = 0.95
CONDITIONAL = "conditional on these articles"
Blocks = Mapping[str, Sequence[tuple[int, int]]]  # doc_id -> half-open intervals


class Config(Record, frozen=True, kw_only=True):
    """What one scoring computes.

    `unit` is what intervals of mentions and claims resample: `auto` takes paragraphs where the layout gives them and
    documents elsewhere. `resamples` 0 leaves intervals out. ValueError for what there is not.
    """

    layers: tuple[str, ...] = LAYERS
    label_map: LabelMap = NO_MAP
    unit: str = "auto"
    resamples: int = RESAMPLES
    seed: int = SEED

    def __post_init__(self) -> None:
        if unknown := [layer for layer in self.layers if layer not in LAYERS]:
            raise ValueError(f"there is no layer {unknown[0]!r}; there are: {', '.join(LAYERS)}")
        if self.unit not in UNITS:
            raise ValueError(f"there is no unit {self.unit!r}; there are: {', '.join(UNITS)}")
        if self.resamples < 0 or self.seed < 0:
            raise ValueError("resamples and seed are 0 or more")

    @classmethod
    def from_signature(cls, signature: str, label_maps: Iterable[LabelMap] = ()) -> Self:
        """A configuration under which the score of this signature is computed again; ValueError if there is none.

        `label_maps`: maps beside those that ship; a signature has the hash of such a map.
        """
        measure = Measure.from_signature(signature)
        label_map = found(measure.label_map, label_maps)
        unit = measure.unit if measure.unit in UNITS else "auto"
        return cls(
            layers=(measure.layer,), label_map=label_map, unit=unit, resamples=measure.resamples, seed=measure.seed
        )


UNITS = ("auto", "paragraph", "document")


class Layout(NamedTuple):
    """What a scoring has to know of the texts: furniture, which nobody annotates, and paragraphs."""

    furniture: Blocks = MappingProxyType({})
    paragraphs: Blocks = MappingProxyType({})


class Measure(Record, frozen=True, kw_only=True):
    """What one score measures; the same measure of the same sets always gives the same score.

    `match`: when an item counts as found. `of`: which items (all, or those of a type, level …). `average`: how parts
    are put together. `duplicates`, `zero`, `singletons`, `offsets`: what is done where scorers differ
    (docs/metrics.md).
    `unit`, `resamples`, `seed`: how intervals were made. `gold`: version and fingerprint of the reference.
    """

    layer: str
    task: str
    match: str
    of: str = "all"
    average: str = "micro"
    label_map: str = "none"
    duplicates: str = "counted"
    zero: str = "undefined"
    singletons: str = "kept"
    offsets: str = "codepoints"
    unit: str
    resamples: int = RESAMPLES
    seed: int = SEED
    gold: str
    scorer: str = SCORER

    @property
    def signature(self) -> str:
        """The measure on one line; `from_signature` reads it back.

        >>> Measure(layer="claims", task="spans", match="jaccard0.5", unit="document", gold="1+ab").signature[:46]
        'variorum|layer:claims|task:spans|match:jaccard'
        """
        values = (f"{name}:{quote(str(getattr(self, name)), safe='+@~/=')}" for name in self.__struct_fields__)
        return "|".join(("variorum", *values))

    @classmethod
    def from_signature(cls, signature: str) -> Self:
        """The measure of a signature; ValueError if it is none."""
        name, *parts = signature.split("|")
        pairs = [part.partition(":") for part in parts]
        numbers = {key: value for key, _, value in pairs if key in ("resamples", "seed")}
        whole = all(re.fullmatch("[0-9]{1,18}", value) for value in numbers.values())
        if name != "variorum" or tuple(key for key, _, _ in pairs) != cls.__struct_fields__ or not whole:
            raise ValueError(f"{signature!r} is no signature; one looks like {EXAMPLE}")
        texts = {key: unquote(value) for key, _, value in pairs if key not in numbers}
        return cls(**texts, resamples=int(numbers["resamples"]), seed=int(numbers["seed"]))

    @property
    def name(self) -> str:
        """What tells the measure from the others of one scoring."""
        return "|".join((self.layer, self.task, self.match, self.of, self.average))


EXAMPLE = Measure(layer="claims", task="spans", match="jaccard0.5", unit="document", gold="0.1.0+1f2e3d4c").signature
