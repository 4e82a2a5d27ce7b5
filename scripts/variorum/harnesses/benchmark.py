"""A dataset folder as what answers are scored against."""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from math import nan
from pathlib import Path

import msgspec
from msgspec.structs import replace

from variorum import dataset
from variorum.adjudication import judgements
from variorum.corpus import Corpus
from variorum.records import AnnotationSet
from variorum.scoring import Layout, Report, given

FOLDER = "build/dataset"  # where `make` puts it
SOURCE = "harness"  # who made a prediction: the harness' own log says which model it was


class Benchmark(msgspec.Struct, frozen=True):
    """Gold, the articles it is about, how they are laid out, and how many annotators gave each pair each relation."""

    corpus: Corpus
    gold: AnnotationSet
    layout: Layout
    votes: Mapping[str, Mapping[str, int]]

    def gold_of_pairs(self, asked: Collection[str]) -> AnnotationSet:
        """Gold with the pairs that were asked; itself if all were."""
        pairs = tuple(pair for pair in self.gold.contradictions or () if pair.pair_id in asked)
        return self.gold if pairs == self.gold.contradictions else replace(self.gold, contradictions=pairs)

    def gold_of_documents(self, asked: Collection[str]) -> AnnotationSet:
        """Gold about the articles that were asked; itself if all were."""
        documents = tuple(each for each in self.gold.documents if each.doc_id in asked)
        return self.gold if documents == self.gold.documents else replace(self.gold, documents=documents)


@lru_cache(maxsize=2)
def load(folder: str) -> Benchmark:
    """The benchmark in a dataset folder; `variorum.dataset.Unreadable` if it is none."""
    material = dataset.read(Path(folder))
    corpus = Corpus(Path(folder), material.schema, dict(material.documents), material.has_texts)
    voted = judgements(material.pair_sets)
    votes = {key: Counter(pair.relation for _, pair in judged) for key, judged in voted.items()}
    layout = given.layout(document.source for document in material.documents.values())
    return Benchmark(corpus, material.gold, layout, votes)


def figure(report: Report, name: str, of: str) -> float:
    """A figure of a report, not a number where it is undefined."""
    found = report[name][of]
    return nan if found is None else found
