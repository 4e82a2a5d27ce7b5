"""What a baseline is given."""

import msgspec

from variorum.corpus import Document
from variorum.records import LAYERS, AnnotationSet, Claim
from variorum.schema import Schema


class NoLibrary(ImportError):
    """A baseline needs a package that is not there; the message says which, and how it is installed."""


class Unavailable(Exception):
    """A baseline cannot run here; the message says what is missing: a package, a model, an endpoint."""


class Task(msgspec.Struct, frozen=True):
    """The articles, the label sets, and for the closed task the set whose claims are compared (of its pairs never more
    than which two claims they are).

    `layers` are what is asked for: other layers a baseline may leave out, where they would cost it something.
    """

    documents: tuple[Document, ...]
    schema: Schema
    given: AnnotationSet | None = None
    layers: tuple[str, ...] = LAYERS

    @property
    def given_claims(self) -> tuple[Claim, ...]:
        return (self.given.claims if self.given else None) or ()

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """The pairs of given claims that the closed task asks about, in order, without what is known of them."""
        return tuple(sorted((p.claim_a, p.claim_b) for p in (self.given.contradictions if self.given else None) or ()))
