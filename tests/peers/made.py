"""Made data for second opinions, and how our scorer is asked about them."""

import random
from collections.abc import Sequence
from pathlib import Path

from variorum.records import AnnotationSet, DocumentRef, Mention
from variorum.scoring import Config, Report, score

Spans = list[tuple[int, int, str]]
Documents = list[Spans]
TYPES = ("ORG", "GPE", "PERSON", "DATE")
SLOTS, WIDTH = 25, 12
LENGTH = SLOTS * WIDTH  # tokens of a document
METRICS = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def documented(*reasons: str) -> None:
    """That docs/metrics.md gives these reasons for doing otherwise, in these words."""
    page = " ".join(METRICS.read_text(encoding="utf-8").replace("*", "").split())
    assert [reason for reason in reasons if reason not in page] == []


def apart(seed: int, documents: int = 8) -> tuple[Documents, Documents]:
    """Flat gold and predictions, each in a slot of its own: at most one overlaps another. All kinds of error occur."""
    rng = random.Random(seed)
    gold, predicted = [], []
    for _ in range(documents):
        wanted, found = Spans(), Spans()
        for slot in range(SLOTS):
            start = slot * WIDTH + rng.randrange(2, 6)
            span = start, start + rng.randrange(2, 5), rng.choice(TYPES)
            fate = rng.choice(("right", "right", "right", "type", "boundary", "both", "missed", "spurious"))
            if fate != "spurious":
                wanted.append(span)
            if fate != "missed":
                found.append(spoilt(span, fate, rng))
        gold.append(wanted)
        predicted.append(found)
    return gold, predicted


def spoilt(span: tuple[int, int, str], fate: str, rng: random.Random) -> tuple[int, int, str]:
    start, end, kind = span
    if fate in ("boundary", "both"):
        start, end = rng.choice(((start - 1, end), (start + 1, end), (start, end + 2), (start - 2, end + 1)))
    if fate in ("type", "both"):
        kind = rng.choice([each for each in TYPES if each != kind])
    return start, end, kind


def crossing(seed: int, documents: int = 8) -> tuple[Documents, Documents]:
    """Gold and predictions each flat, but drawn without regard to the other: one overlaps several."""
    rng = random.Random(seed)
    sides = [[drawn(rng) for _ in range(documents)] for _ in range(2)]
    return sides[0], sides[1]


def drawn(rng: random.Random) -> Spans:
    cuts = sorted(rng.sample(range(LENGTH), 2 * SLOTS))
    return [(start, end, rng.choice(TYPES)) for start, end in zip(cuts[::2], cuts[1::2], strict=True)]


def nested(seed: int, documents: int = 8) -> tuple[Documents, Documents]:
    """Overlapping spans on both sides, no two the same on one side."""
    rng = random.Random(seed)

    def side() -> Documents:
        starts = [rng.choices(range(12), k=9) for _ in range(documents)]
        return [sorted({(at, at + rng.randrange(1, 5), rng.choice(TYPES[:2])) for at in each}) for each in starts]

    return side(), side()


def annotation_set(source: str, documents: Documents) -> AnnotationSet:
    mentions = [
        Mention(mention_id=f"{d}-{i}", doc_id=f"d{d}", start=start, end=end, type=kind)
        for d, spans in enumerate(documents)
        for i, (start, end, kind) in enumerate(spans)
    ]
    listed = tuple(DocumentRef(doc_id=f"d{d}", text_sha256="0" * 64) for d in range(len(documents)))
    return AnnotationSet(schema_version="1.0", source=source, role="system", documents=listed, mentions=tuple(mentions))


def scored(gold: Documents, predicted: Documents) -> Report:
    """Our report on mentions."""
    sides = annotation_set("system", predicted), annotation_set("gold", gold)
    return score(*sides, Config(layers=("mentions",), resamples=0))


Entities = Sequence[Sequence[tuple[str, int]]]  # entities as lists of mentions: document, place


def entity_set(source: str, entities: Entities) -> AnnotationSet:
    mentions = [
        Mention(mention_id=f"{e}-{i}", doc_id=doc, start=at, end=at + 1, type="ORG", entity_id=f"e{e}")
        for e, members in enumerate(entities)
        for i, (doc, at) in enumerate(members)
    ]
    return AnnotationSet(schema_version="1.0", source=source, role="system", documents=(), mentions=tuple(mentions))


def entities_scored(gold: Entities, predicted: Entities) -> Report:
    """Our report on entities."""
    sides = entity_set("system", predicted), entity_set("gold", gold)
    return score(*sides, Config(layers=("entities",), resamples=0))
