"""Articles and what is marked in them, as the page's script reads it: short lists, with numbers in place of names.

Offsets stay what they are everywhere: half-open, in code points of the text. The script counts in code points, too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from variorum.corpus import Document
from variorum.dataset.conflicts import shown
from variorum.records import AnnotationSet, Claim, Entity, Mention, Record
from variorum.scoring.cases import Case

_LINE = re.compile(r"[^\r\n]+")


class Block(Record, frozen=True):
    """A stretch that stands as a paragraph; `furniture` says what it is if it is no part of the telling."""

    start: int
    end: int
    furniture: str | None
    text: str


def blocks(document: Document) -> list[Block]:
    """The paragraphs in order, and whatever stands between them; lines, where the corpus knows of no paragraphs."""
    text, source = document.text, document.source
    stretches, at = [], 0
    for paragraph in sorted(source.paragraphs, key=lambda each: each.start):
        stretches += [*_lines(text, at, paragraph.start), (max(at, paragraph.start), paragraph.end)]
        at = max(at, paragraph.end)
    stretches += _lines(text, at, len(text))
    return [Block(a, b, _furniture(document, a, b), text[a:b]) for a, b in stretches if a < b]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a stretch that are not blank."""
    yield from ((m.start(), m.end()) for m in _LINE.finditer(text, start, end) if m[0].strip())


def _furniture(document: Document, start: int, end: int) -> str | None:
    inside = (f.kind for f in document.source.furniture if f.start <= start and end <= f.end)
    return next(inside, None)


def article(document: Document, numbers: Mapping[str, int]) -> dict[str, Any]:
    """The text, its blocks, and the passages that it shares with other articles on the page."""
    source = document.source
    copied = [[r.start, r.end, numbers[c.doc_id]] for c in source.copied_from if c.doc_id in numbers for r in c.runs]
    paragraphs = [[each.start, each.end, each.furniture or ""] for each in blocks(document)]
    return {"id": source.doc_id, "title": source.title, "text": document.text, "blocks": paragraphs, "copied": copied}


class Entities:
    """The entities of all sets of a page, each with a number: its place among the rows of id, name and type."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []
        self.numbers: dict[str, int] = {}

    def add(self, entities: Iterable[Entity]) -> None:
        """Those that are not there yet; the first set that has one names it."""
        for each in entities:
            if each.entity_id not in self.numbers:
                self.numbers[each.entity_id] = len(self.rows)
                self.rows.append((each.entity_id, each.name, each.type))

    def number(self, entity_id: str | None) -> int:
        """-1 for what has no identity."""
        return self.numbers.get(entity_id or "", -1)


class Layers:
    """What one set, or a prediction's cases, marks in the articles of a page."""

    def __init__(self, of: AnnotationSet, numbers: Mapping[str, int], entities: Entities) -> None:
        self.of, self.numbers, self.entities = of, numbers, entities
        self.mentions = {each.mention_id: each for each in of.mentions or ()}
        entities.add(of.entities or ())

    def mention(self, each: Mention, outcome: str = "", what: str = "") -> list[Any]:
        """doc, start, end, type, level, entity, value, outcome, what is wrong."""
        value = shown(each.value) if each.value else ""
        entity = self.entities.number(each.entity_id)
        end = [each.type, each.level or "", entity, value, outcome, what]
        return [self.numbers[each.doc_id], each.start, each.end, *end]

    def claim(self, each: Claim, outcome: str = "", what: str = "") -> dict[str, Any]:
        """As an object: it has many members, most of which are words."""
        about = [number for own in each.entities if (number := self.entities.number(own)) >= 0]
        found = {
            "id": each.claim_id,
            "doc": self.numbers[each.doc_id],
            "spans": [[span.start, span.end] for span in each.spans],
            "says": each.proposition,
            "kind": each.kind,
            "how": ", ".join((each.polarity, each.certainty)),
            "holder": self._holder(each),
            "time": each.time,
            "about": about,
            "outcome": outcome,
            "what": what,
        }
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def _holder(self, each: Claim) -> str | None:
        holder = self.mentions.get(each.holder or "")
        if holder is None:
            return None
        number = self.entities.number(holder.entity_id)
        return self.entities.rows[number][1] if number >= 0 else holder.text

    def own(self) -> dict[str, Any]:
        """All that the set itself marks."""
        return {
            "mentions": [self.mention(m) for m in self.of.mentions or () if m.doc_id in self.numbers],
            "claims": [self.claim(c) for c in self.of.claims or () if c.doc_id in self.numbers],
        }


def judged(layers: Layers, gold: Layers, cases: Iterable[Case]) -> dict[str, Any]:
    """A prediction beside gold: what it has, as hit, near miss or false alarm; what only gold has, as a miss."""
    mentions, claims = [], []
    own, golden = ({c.claim_id: c for c in side.of.claims or ()} for side in (layers, gold))
    for case in cases:
        side = gold if case.predicted is None else layers
        name, what = case.gold if side is gold else case.predicted, _fault(case)
        if case.doc_id not in layers.numbers or name is None:
            continue
        if case.layer == "mentions" and (mention := side.mentions.get(name)):
            mentions.append(side.mention(mention, case.outcome, what))
        elif case.layer == "claims" and (claim := (golden if side is gold else own).get(name)):
            claims.append(side.claim(claim, case.outcome, what))
    return {"mentions": mentions, "claims": claims}


def _fault(case: Case) -> str:
    """What is wrong, and what gold says if the labels differ."""
    told = case.gold_label and case.predicted_label and case.gold_label != case.predicted_label
    return "; ".join((*case.what, *([f"gold: {case.gold_label}"] if told else [])))
