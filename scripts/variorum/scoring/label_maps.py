"""Label maps: how the entity types of a system's inventory and gold's are brought together (`schema/label_maps.json`).

A map renames both sides, because inventories cut the world differently: `prediction` renames the system's types, `gold`
renames gold's. A type that maps to null is not in the common inventory: its mentions are set aside on that side, and
counted. A type the map does not name stays as it is. `reading` says how a reader of other formats writes the system's
types in the schema's, so that a prediction is a valid annotation set; renaming what was read gives the inventory.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec
from msgspec import field

from variorum import schema
from variorum.records import Record


class LabelMap(Record, frozen=True, kw_only=True):
    """Renamings of types; null sets a type aside."""

    name: str
    title: str = ""
    reading: dict[str, str | None] = field(default_factory=dict)
    prediction: dict[str, str | None] = field(default_factory=dict)
    gold: dict[str, str | None] = field(default_factory=dict)

    @property
    def signed(self) -> str:
        """What signatures call it: its name, with a hash of what it says unless it is one that ships."""
        if self == all_shipped().get(self.name):
            return self.name
        return f"{self.name}+{hashlib.sha256(msgspec.json.encode(self, order='sorted')).hexdigest()[:DIGITS]}"

    def side(self, name: str) -> Mapping[str, str | None]:
        """The renaming of one side, `prediction` or `gold`."""
        return self.gold if name == "gold" else self.prediction


DIGITS = 8
NO_MAP = LabelMap(name="none", title="Types as they are")


class _File(msgspec.Struct, frozen=True):
    label_maps: tuple[LabelMap, ...]


@cache
def all_shipped() -> dict[str, LabelMap]:
    """The maps that come with the scorer, by name."""
    return {each.name: each for each in (NO_MAP, *read((schema.FOLDER / "label_maps.json").read_bytes()))}


def read(data: bytes) -> tuple[LabelMap, ...]:
    """The maps in a file; ValueError if it holds none."""
    return msgspec.json.decode(data, type=_File).label_maps


def shipped(name: str) -> LabelMap:
    """The map of this name; ValueError, with the names there are, if none has it."""
    if name not in all_shipped():
        raise ValueError(f"there is no label map {name!r}; there are: {', '.join(all_shipped())}")
    return all_shipped()[name]


def found(signed: str, others: Iterable[LabelMap] = ()) -> LabelMap:
    """The map that signatures call so, shipped or among others; ValueError if there is none."""
    maps = {each.signed: each for each in (*all_shipped().values(), *others)}
    if signed not in maps:
        raise ValueError(f"there is no label map {signed!r} among those that ship and those given: {', '.join(maps)}")
    return maps[signed]
