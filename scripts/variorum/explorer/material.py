"""What the explorer shows: articles, the sets that label them, how pairs were judged, figures, a prediction's cases."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from variorum.corpus import Document
from variorum.records import AnnotationSet
from variorum.schema import Schema
from variorum.scoring.cases import Case

if TYPE_CHECKING:
    from variorum.explorer.figures import Plot


class Prediction(msgspec.Struct, frozen=True):
    """A system's set, and every hit, miss and false alarm of it against gold."""

    annotation_set: AnnotationSet
    cases: tuple[Case, ...]


class Material(msgspec.Struct, frozen=True):
    """All that is shown; only `documents` and `schema` have to be there.

    `gold` is the set that pairs are shown of, `annotators` the sets with labels of their own, in the order in which
    they are offered; `judged` the sets whose pairs are about gold's claims, `second_looks` the rounds of
    those that looked at them again; `kinds` what each source is (person, language model …);
    `agreement` and `leaderboard` the figures, `notes` what is worth knowing of them.
    """

    documents: Mapping[str, Document]
    schema: Schema
    gold: AnnotationSet | None = None
    annotators: tuple[AnnotationSet, ...] = ()
    judged: tuple[AnnotationSet, ...] = ()
    second_looks: tuple[str, ...] = ()
    kinds: Mapping[str, str] = {}
    agreement: "tuple[Plot, ...]" = ()
    leaderboard: "tuple[Plot, ...]" = ()
    prediction: Prediction | None = None
