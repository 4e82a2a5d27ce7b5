"""What a round asks for, as it is kept in the description of its project on the server and beside its export."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from variorum.corpus import Document
from variorum.label_studio import config
from variorum.label_studio.controls import (
    Control,
    Kind,
    adjudication_controls,
    article_controls,
    pair_controls,
    screening_controls,
)
from variorum.label_studio.errors import StudioError
from variorum.problems import shown
from variorum.records import ClaimsFrom, Record, is_name
from variorum.schema import Schema

ARTICLE_LAYERS = ("mentions", "entities", "claims")
PAIR_LAYERS = ("contradictions",)
KEYS = {
    Kind.articles: "doc_id",
    Kind.pairs: "pair_id",
    Kind.screening: "article_pair",
    Kind.adjudication: "question",
}
NAME = "it has letters and digits, with . _ - between them, and neither blanks nor slashes"
_LONGEST_TITLE = 50  # the server's limit
_FIXED = ("corpus", "round", "kind", "layers", "claims_from", "open")


_CONTROLS: dict[Kind, Callable[[Schema], dict[str, Control]]] = {
    Kind.pairs: pair_controls,
    Kind.screening: screening_controls,
    Kind.adjudication: lambda _: adjudication_controls(),
}
_PAGES = {
    Kind.articles: config.article_config,
    Kind.pairs: config.pair_config,
    Kind.screening: config.screening_config,
    Kind.adjudication: config.adjudication_config,
}


class Edition(Record, frozen=True):
    """One version of the guidelines: its name, the SHA-256 of its text, and since when it holds by the server's clock.

    `since` is ISO 8601 in UTC; None for the version that the round began with.
    """

    version: str
    sha256: str
    since: str | None = None


class Round(Record, frozen=True):
    """One project: its corpus (the fingerprint of the texts), round and kind, and which layers it asks for.

    A round of pairs names the set whose claims are judged. If it is `open`, annotators add the pairs that they find
    (as in every round of screening); if not, they judge those that were pushed, and no others. An adjudication has the
    name of the round whose open items it decides. `guideline_version` is the present one, the
    last of `editions`; `labels` is the hash of what the page lets people answer, which is frozen once they have.
    Agreement is `measured` on a round unless it is for practice; `prelabelled` names the system whose labels were
    shown to its annotators. A project that is one `annotator`'s own shows that one the pairs in an own order, and on
    sides of their own.
    """

    corpus: str
    round: str
    kind: Kind
    guideline_version: str
    layers: tuple[str, ...]
    claims_from: ClaimsFrom | None = None
    open: bool = False
    editions: tuple[Edition, ...] = ()
    labels: str | None = None
    measured: bool = True
    prelabelled: str | None = None
    annotator: str | None = None

    @property
    def title(self) -> str:
        return title(self.round, self.kind, self.annotator)

    @property
    def key(self) -> str:
        """The name of the id by which its tasks are known."""
        return KEYS[self.kind]

    def controls(self, schema: Schema) -> dict[str, Control]:
        """The controls of the round's labelling page, by name."""
        if self.kind is Kind.articles:
            return article_controls(schema, self.layers)
        return _CONTROLS[self.kind](schema)

    def config(self, schema: Schema) -> str:
        """The round's labelling page."""
        return _PAGES[self.kind](self.controls(schema))

    def version_at(self, moment: str | None) -> str:
        """The version of the guidelines that held at a moment (ISO 8601, the server's clock); the present one if None.

        >>> old, new = Edition("1", "…"), Edition("2", "…", "2026-01-02T12:00:00Z")
        >>> asked = Round("c", "r", Kind.articles, "2", ("mentions",), editions=(old, new))
        >>> asked.version_at("2026-01-02T11:59:59.5Z"), asked.version_at("2026-01-02T12:00:00Z")
        ('1', '2')
        """
        held = [each.version for each in self.editions if _since(each.since, moment)]
        return held[-1] if held else self.guideline_version


def _since(since: str | None, moment: str | None) -> bool:
    if since is None or moment is None:
        return True
    try:
        return datetime.fromisoformat(since) <= datetime.fromisoformat(moment)
    except (TypeError, ValueError):  # a moment that was written by hand
        return True


# --- a round that is pushed again ----------------------------------------------------------------------------


def labels_sha256(page: str) -> str:
    """The hash of what a labelling page lets people answer, whatever it looks like; ValueError if it is no XML."""
    return hashlib.sha256(msgspec.json.encode(sorted(config.drawn(page).items()))).hexdigest()


def same(old: Round, new: Round) -> bool:
    """Whether both are one round in what never changes; guidelines and labels may, within limits."""
    return all(getattr(old, name) == getattr(new, name) for name in _FIXED)


def continued(old: Round, new: Round, worked: bool, now: str) -> Round:
    """The round that takes the place of `old` when `new` is pushed; `worked`: whether anybody has labelled in it.

    `now` is the server's time. StudioError if it is another round, or if people's work would lose its meaning: labels
    are frozen by it, and guidelines that change get another version.
    """
    if not same(old, new):
        raise StudioError(
            f"{new.title!r} was pushed before with other settings ({_difference(old, new)}): take another round's name"
        )
    if worked and old.labels not in (None, new.labels):
        raise StudioError(
            f"people have worked in {new.title!r}, so its labels are frozen, and the schema would change them: "
            "take another round's name"
        )
    if worked and old.measured != new.measured:
        raise StudioError(f"people have worked in {new.title!r}: it is too late to change what it is for")
    editions = _editions(old, new, now) if worked else new.editions
    return msgspec.structs.replace(new, editions=editions, prelabelled=old.prelabelled)


def _difference(old: Round, new: Round) -> str:
    """Which settings differ, with both values."""
    before, after = (msgspec.to_builtins(each) for each in (old, new))
    names = [name for name in _FIXED if getattr(old, name) != getattr(new, name)]
    return "; ".join(f"{name} {before.get(name)}, now {after.get(name)}" for name in names)


def _editions(old: Round, new: Round, now: str) -> tuple[Edition, ...]:
    """The versions of the guidelines, with the one that is new, if it is."""
    known = old.editions or (Edition(old.guideline_version, ""),)
    last, current = known[-1], new.editions[-1] if new.editions else Edition(new.guideline_version, "")
    if current.version == last.version:
        if last.sha256 and current.sha256 not in (last.sha256, ""):
            raise StudioError(
                f"the guidelines changed but still say version {last.version}, under which people have worked in "
                f"{new.title!r}: give them a new version"
            )
        return known if last.sha256 else (*known[:-1], current)
    if any(each.version == current.version for each in known):
        raise StudioError(f"{new.title!r} was once under guidelines {current.version}: give these a new version")
    return (*known, Edition(current.version, current.sha256, now))


# --- names ---------------------------------------------------------------------------------------------------


def title(round_name: str, kind: Kind, annotator: str | None = None) -> str:
    """The title of the project of a round; StudioError if it is too long for the server, or no name of a round."""
    if not is_name(round_name):
        raise StudioError(f"{shown(round_name)} is no name of a round: files are named after it, so {NAME}")
    whole = " ".join(["variorum", round_name, kind, *([annotator] if annotator else [])])
    if len(whole) > _LONGEST_TITLE:
        raise StudioError(f"the round's name {round_name!r} is too long: the title {whole!r} may have 50 characters")
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


# --- as text -------------------------------------------------------------------------------------------------


class Kept(Record, frozen=True):
    """What is kept beside an export, so that records can be made of it again without a server.

    `strata` says how each pair came into the pool (by pair_id), which the server never knows.
    """

    round: Round
    strata: dict[str, str] = msgspec.field(default_factory=dict)


def to_bytes(kept: Kept) -> bytes:
    """The file beside an export."""
    return msgspec.json.format(msgspec.json.encode(kept, order="deterministic"), indent=1) + b"\n"


def from_bytes(data: bytes) -> Kept:
    """The inverse of `to_bytes`; ValueError if it is something else."""
    try:
        kept = msgspec.json.decode(data, type=Kept)
        title(kept.round.round, kept.round.kind)  # files are named after it
    except (msgspec.MsgspecError, StudioError) as error:
        raise ValueError(str(error)) from error
    return kept


def to_description(asked: Round) -> str:
    """A round as the description of its project."""
    return msgspec.json.encode(asked).decode()


def from_description(description: str | None) -> Round | None:
    """The round that `to_description` wrote; None if it is none."""
    try:
        asked = msgspec.json.decode((description or "").encode(), type=Round)
        return asked if asked.title else None
    except (msgspec.MsgspecError, UnicodeError, StudioError):
        return None
