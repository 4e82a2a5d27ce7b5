"""What the script of a page reads: the articles on it, and what every source marks in them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from variorum.explorer.articles import Entities, Layers, article, judged
from variorum.explorer.material import Material
from variorum.explorer.pairs import Group
from variorum.records import AnnotationSet
from variorum.scoring.cases import Case

ELSEWHERE = 12  # articles of other pages that are named for an entity


class _OfDocument(Protocol):
    @property
    def doc_id(self) -> str | None: ...


T = TypeVar("T", bound=_OfDocument)


def by_document(records: Iterable[T] | None) -> Mapping[str | None, list[T]]:
    """The records of each document."""
    found: dict[str | None, list[T]] = defaultdict(list)
    for each in records or ():
        found[each.doc_id].append(each)
    return found


class _Source:
    """A set, split by document once, as a folder has a page for each."""

    def __init__(self, of: AnnotationSet) -> None:
        self.of = of
        self.mentions, self.claims = by_document(of.mentions), by_document(of.claims)
        self.entities = {each.entity_id: each for each in of.entities or ()}

    def within(self, doc_ids: Iterable[str]) -> AnnotationSet:
        """What is about these articles; of the entities those that are mentioned or claimed about there."""
        mentions = tuple(m for doc_id in doc_ids for m in self.mentions.get(doc_id, ()))
        claims = tuple(c for doc_id in doc_ids for c in self.claims.get(doc_id, ()))
        used = dict.fromkeys([*(m.entity_id for m in mentions), *(name for c in claims for name in c.entities)])
        entities = tuple(self.entities[name] for name in used if name in self.entities)
        return msgspec.structs.replace(
            self.of, mentions=mentions, claims=claims, entities=entities, contradictions=None
        )


class Marks:
    """What the sources mark, for one page after the other.

    `hrefs`: the pages of articles, if each has its own; with `brief` gold alone is a source if it is there.
    """

    def __init__(self, material: Material, hrefs: Mapping[str, str] | None = None, brief: bool = False) -> None:
        self.material, self.hrefs = material, hrefs or {}
        golden = [material.gold] if material.gold else []
        sets = golden if golden and brief else [*golden, *material.annotators]
        self.sources = [_Source(each) for each in sets]
        self.predicted = material.prediction and _Source(material.prediction.annotation_set)
        self.mentioned: dict[str | None, Counter[str]] = defaultdict(Counter)
        for mention in (self.sources[0].of.mentions or ()) if self.hrefs and self.sources else ():
            self.mentioned[mention.entity_id][mention.doc_id] += 1
        self.cases = by_document(material.prediction.cases if material.prediction else ())

    def data(self, numbers: Mapping[str, int], shown: Sequence[Group]) -> dict[str, Any]:
        """Articles, entities, the layers of each source, the two places of each pair, entities' other articles."""
        labels = self.material.schema.label_sets
        entities = Entities()
        sources = self._sources(numbers, entities)
        return {
            "articles": [article(self.material.documents[doc_id], numbers) for doc_id in numbers],
            "types": [[label.const, label.title] for label in labels["entity_type"]],
            "kinds": [[label.const, label.title] for label in labels["claim_kind"]],
            "sources": sources,
            "entities": entities.rows,
            "pairs": [[p.a.data(numbers), p.b.data(numbers), p.is_conflict] for group in shown for p in group.pairs],
            "elsewhere": self._elsewhere(numbers, entities),
        }

    def _elsewhere(self, numbers: Mapping[str, int], entities: Entities) -> dict[int, list[list[Any]]]:
        """For entities of the page, in which articles of other pages they are mentioned most, how often, and where."""
        found = {}
        for entity_id, number in entities.numbers.items():
            others = ((doc_id, n) for doc_id, n in self.mentioned.get(entity_id, {}).items() if doc_id not in numbers)
            most = sorted(others, key=lambda each: (-each[1], each[0]))[:ELSEWHERE]
            if most:
                found[number] = [[doc_id, n, self.hrefs[doc_id]] for doc_id, n in most]
        return found

    def _sources(self, numbers: Mapping[str, int], entities: Entities) -> list[dict[str, Any]]:
        layers = [Layers(each.within(numbers), numbers, entities) for each in self.sources]
        found = [{"name": self._name(each.of), **each.own()} for each in layers]
        if self.predicted:
            own = Layers(self.predicted.within(numbers), numbers, entities)
            cases: list[Case] = [case for doc_id in numbers for case in self.cases.get(doc_id, ())]
            name = f"{own.of.source}, against gold"
            found.insert(0, {"name": name, "judged": True, **judged(own, layers[0], cases)})
        return found

    def _name(self, each: AnnotationSet) -> str:
        """A source as it is offered: what it is, and the round if it has one."""
        if each.role == "gold":
            return "gold"
        kind = self.material.kinds.get(each.source, "").replace("_", " ")
        told = ", ".join(filter(None, (kind, each.round)))
        return f"{each.source} ({told})" if told else each.source
