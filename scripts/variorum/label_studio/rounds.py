"""What a round asks for, as it is kept in the description of its project on the server."""

import hashlib
from collections.abc import Mapping

import msgspec

from variorum.corpus import Document
from variorum.label_studio import config
from variorum.label_studio.controls import Control, Kind, article_controls, pair_controls
from variorum.label_studio.errors import StudioError
from variorum.records import ClaimsFrom
from variorum.schema import Schema

ARTICLE_LAYERS = ("mentions", "entities", "claims")
PAIR_LAYERS = ("contradictions",)
KEYS = {Kind.articles: "doc_id", Kind.pairs: "pair_id"}
_LONGEST_TITLE = 50  # the server's limit


class Round(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One project: its corpus (the fingerprint of the texts), round and kind, and which layers it asks for.

    A round of pairs names the set whose claims are judged. If it is `open`, annotators add the pairs that they find
    (screening); if not, they judge those that were pushed, and no others.
    """

    corpus: str
    round: str
    kind: Kind
    guideline_version: str
    layers: tuple[str, ...]
    claims_from: ClaimsFrom | None = None
    open: bool = False

    @property
    def title(self) -> str:
        return title(self.round, self.kind)

    @property
    def key(self) -> str:
        """The name of the id by which its tasks are known."""
        return KEYS[self.kind]

    def controls(self, schema: Schema) -> dict[str, Control]:
        """The controls of the round's labelling page, by name."""
        return article_controls(schema, self.layers) if self.kind is Kind.articles else pair_controls(schema)

    def config(self, schema: Schema) -> str:
        """The round's labelling page."""
        draw = config.article_config if self.kind is Kind.articles else config.pair_config
        return draw(self.controls(schema))


def title(round_name: str, kind: Kind) -> str:
    """The title of the project of a round; StudioError if it is too long for the server."""
    whole = f"variorum {round_name} {kind}"
    if len(whole) > _LONGEST_TITLE:
        raise StudioError(f"the round's name {round_name!r} is too long: the project's title may have 50 characters")
    return whole


def fingerprint(documents: Mapping[str, Document]) -> str:
    """Which corpus it is: 16 hex digits of the hash of its documents' ids and texts."""
    listed = sorted((doc_id, document.source.sha256) for doc_id, document in documents.items())
    return hashlib.sha256(msgspec.json.encode(listed)).hexdigest()[:16]


def check_layers(layers: tuple[str, ...]) -> tuple[str, ...]:
    """The layers in their order; StudioError if a round of articles cannot ask for them."""
    if not layers or set(layers) - set(ARTICLE_LAYERS):
        raise StudioError(f"a round of articles asks for some of {', '.join(ARTICLE_LAYERS)}, not {', '.join(layers)}")
    if "mentions" not in layers:
        raise StudioError("a round of articles needs the layer mentions: entities and holders of claims are mentions")
    return tuple(layer for layer in ARTICLE_LAYERS if layer in layers)


def to_description(asked: Round) -> str:
    """A round as the description of its project."""
    return msgspec.json.encode(asked).decode()


def from_description(description: str | None) -> Round | None:
    """The round that `to_description` wrote; None if it is none."""
    try:
        return msgspec.json.decode((description or "").encode(), type=Round)
    except (msgspec.MsgspecError, UnicodeError):
        return None
