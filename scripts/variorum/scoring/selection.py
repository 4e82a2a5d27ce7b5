"""Which mentions are scored, and under which types: documents, furniture, label map; what is left out is noted."""

from collections.abc import Sequence
from operator import attrgetter

import numpy as np

from variorum.overlaps import LARGEST, Ints, grouped
from variorum.scoring.columns import Codes, Places, Unplaced, codes, outside, places
from variorum.scoring.material import Material


def unplaced(layer: str, material: Material) -> list[Unplaced]:
    """The predictions without a place, under the names of the label map."""
    found, renaming = material.unplaced.get(layer, ()), material.config.label_map.prediction
    if found:
        material.notes.unplaced[layer] = len(found)
    named = [each._replace(type=name) for each in found if (name := renaming.get(each.type, each.type)) is not None]
    return named


def both(material: Material) -> tuple[Places, Places, Codes, Codes]:
    """The mentions of both sides that are scored, under the label map; what is left out is noted."""
    types, levels = codes(), codes()
    levels[None]  # the number 0 is for having none
    with_levels = any(map(attrgetter("level"), material.gold.mentions or ()))
    raw, sides = {}, {"gold": material.gold, "prediction": material.prediction}
    for side, each in sides.items():
        own = codes()
        found = places(each.mentions or (), material.documents, own, levels if with_levels else None)
        raw[side] = _mapped(side, found, tuple(own), types, material)
    gold, predicted = raw["gold"], raw["prediction"]
    names = tuple(types)
    for number in set(np.unique(gold.type).tolist()) - set(np.unique(predicted.type).tolist()):
        material.notes.lacking[names[number]] = int((gold.type == number).sum())
    material.note_silence("mentions", gold.spans.document, predicted.spans.document)
    return gold, predicted, types, levels


def _mapped(side: str, found: Places, own: Sequence[str], types: Codes, material: Material) -> Places:
    """Outside documents and furniture left out, types renamed."""
    notes, renaming = material.notes, material.config.label_map.side(side)
    known = found.spans.document >= 0
    kept = found.only(known)
    keep = outside(kept.spans, material.documents, material.layout.furniture)
    if side == "prediction":
        notes.ignore("mentions", "in other documents", int((~known).sum()))
        notes.ignore("mentions", "in furniture", int((~keep).sum()))
    kept = kept.only(keep)
    new = np.array([-1 if (name := renaming.get(n, n)) is None else types[name] for n in own], np.int64)
    for number in np.flatnonzero(new < 0).tolist():
        count = int((kept.type == number).sum())
        if side == "gold" and count:
            notes.set_aside[own[number]] = count
        elif side == "prediction":
            notes.ignore("mentions", f"of type {own[number]}, which the label map sets aside", count)
    if len(own):
        kept = kept._replace(type=new[kept.type])
        kept = kept.only(kept.type >= 0)
    if twice := _duplicates(kept):
        notes.duplicates[side] = twice
    return kept


def _duplicates(side: Places) -> int:
    """How many mentions have span and type of another one; looked for only among those that start together."""
    document, start, end = side.spans
    stride = int(start.max(initial=0)) + 1
    some: Ints = np.arange(len(start))
    if stride * (int(document.max(initial=0)) + 1) < LARGEST:
        place = document * stride + start
        ordered = np.sort(place)  # much faster than to find out in which order they are sorted
        together = ordered[1:][ordered[1:] == ordered[:-1]]
        some = np.flatnonzero(np.isin(place, together)) if len(together) else together
    return len(some) - len(grouped(document[some], start[some], end[some], side.type[some])[1])
