"""What a baseline is given."""

import msgspec

from variorum.corpus import Document
from variorum.records import AnnotationSet, Claim
from variorum.schema import Schema


class Task(msgspec.Struct, frozen=True):
    """The articles, the label sets, and for the closed task the set whose claims are compared (never its pairs)."""

    documents: tuple[Document, ...]
    schema: Schema
    given: AnnotationSet | None = None

    @property
    def given_claims(self) -> tuple[Claim, ...]:
        return (self.given.claims if self.given else None) or ()
