"""The record classes: what the schema describes, as frozen values.

Every class has the fields of the schema of the same name, in the same order (a test compares them); reading and writing
is msgspec's work. Offsets are half-open and count Unicode code points of the seed: `text[start:end]` is the span.
`quote` and `occurrence`, which the schema allows on the way in, are turned into offsets before a record is made
(`variorum.quotes`), so no class has them.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from operator import attrgetter

import msgspec

from variorum import schema


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What all records share: immutable, no unknown fields, defaults left out when written.

    Records hold no cycles, so the collector of cycles need not know of them (`gc=False`), which spares memory. msgspec
    does not hand `kw_only` down, and type checkers want `frozen` again: both stand on every class.
    """


class Span(Record, frozen=True, kw_only=True):
    start: int
    end: int
    text: str | None = None


class Anchor(Record, frozen=True, kw_only=True):
    date: str
    source: str


class Value(Record, frozen=True, kw_only=True):
    kind: str
    value: str
    unit: str | None = None
    comparator: str = "="
    anchor: Anchor | None = None


class Mention(Record, frozen=True, kw_only=True):
    mention_id: str
    doc_id: str
    start: int
    end: int
    text: str | None = None
    type: str
    level: str | None = None
    entity_id: str | None = None
    value: Value | None = None


class Entity(Record, frozen=True, kw_only=True):
    entity_id: str
    name: str
    type: str


class Claim(Record, frozen=True, kw_only=True):
    claim_id: str
    doc_id: str
    spans: tuple[Span, ...]
    proposition: str
    kind: str
    polarity: str
    certainty: str
    holder: str | None = None
    cue: Span | None = None
    time: str | None = None
    entities: tuple[str, ...] = ()


class Pair(Record, frozen=True, kw_only=True):
    pair_id: str
    claim_a: str
    claim_b: str
    relation: str
    aspect: str | None = None
    value_a: Value | None = None
    value_b: Value | None = None
    span_a: Span | None = None
    span_b: Span | None = None
    rationale: str | None = None
    reason: str | None = None
    conflict_id: str | None = None
    score: float | None = None
    stratum: str | None = None


class DocumentRef(Record, frozen=True, kw_only=True):
    doc_id: str
    text_sha256: str


class ClaimsFrom(Record, frozen=True, kw_only=True):
    source: str
    sha256: str


class AnnotationSet(Record, frozen=True, kw_only=True):
    schema_version: str
    source: str
    role: str
    guideline_version: str | None = None
    round: str | None = None
    claims_from: ClaimsFrom | None = None
    documents: tuple[DocumentRef, ...]
    mentions: tuple[Mention, ...] | None = None
    entities: tuple[Entity, ...] | None = None
    claims: tuple[Claim, ...] | None = None
    contradictions: tuple[Pair, ...] | None = None


class Round(Record, frozen=True, kw_only=True):
    round: str
    guideline_version: str


CONFLICT = ("contradiction", "tension")  # the relations of a pair in conflict
PERSON, MODEL = "person", "language_model"  # kinds of annotators


class Annotator(Record, frozen=True, kw_only=True):
    source: str
    kind: str
    description: str
    brief: str
    rounds: tuple[Round, ...]


class Annotators(Record, frozen=True, kw_only=True):
    annotators: tuple[Annotator, ...]


LAYERS = ("mentions", "entities", "claims", "contradictions")


def from_json(data: bytes) -> AnnotationSet:
    """The annotation set that `to_json` wrote; msgspec.DecodeError or ValidationError if it is none."""
    return msgspec.json.decode(data, type=AnnotationSet)


def to_json(record: Record) -> bytes:
    """A record as JSON, one line for each record of a list, so that a change of one label is a change of one line."""
    members = msgspec.to_builtins(record)
    lines = [f'  "{name}": {_layout(member)}' for name, member in members.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _layout(member: object) -> str:
    if not isinstance(member, list | tuple) or not member:
        return msgspec.json.encode(member).decode()
    return "[\n    " + ",\n    ".join(msgspec.json.encode(item).decode() for item in member) + "\n  ]"


def claims_sha256(claims: Iterable[Claim]) -> str:
    """The fingerprint of a claims layer: SHA-256 of its claims in id order, with or without their texts alike."""
    ordered = sorted(claims, key=attrgetter("claim_id"))
    written = msgspec.json.encode(ordered)
    if b'"text":' in written:  # a key: inside a string its quotation marks would be escaped
        written = msgspec.json.encode(list(map(_without_text, ordered)))
    return hashlib.sha256(written).hexdigest()


def claims_from(named: AnnotationSet) -> ClaimsFrom:
    """What says, in the header of a set, that its pairs are about the claims of `named`."""
    return ClaimsFrom(source=named.source, sha256=claims_sha256(named.claims or ()))


def same_claims(left: Sequence[Claim], right: Sequence[Claim]) -> bool:
    """Whether two claims layers have one fingerprint; ends at the first difference."""
    sides = (sorted(each, key=attrgetter("claim_id")) for each in (left, right))
    return len(left) == len(right) and all(_without_text(a) == _without_text(b) for a, b in zip(*sides, strict=True))


def _without_text(claim: Claim) -> Claim:
    if (claim.cue is None or claim.cue.text is None) and all([span.text is None for span in claim.spans]):
        return claim
    spans = tuple(msgspec.structs.replace(span, text=None) for span in claim.spans)
    cue = claim.cue and msgspec.structs.replace(claim.cue, text=None)
    return msgspec.structs.replace(claim, spans=spans, cue=cue)


def pair_id(claim_a: str, claim_b: str) -> str:
    """The id of the pair of two claims, the same whichever is named first."""
    return "~".join(sorted((claim_a, claim_b)))


def slug(name: str) -> str:
    """A name as it stands in ids: lower case, accents dropped, everything but letters and digits one hyphen.

    >>> slug("Crème & Söhne (07)")
    'creme-sohne-07'
    """
    letters = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())


def is_name(name: str) -> bool:
    """Whether a source or a round can be called so; their files and folders are (schema/name.schema.json).

    >>> is_name("lapwing-2"), is_name("../lapwing")
    (True, False)
    """
    return bool(schema.default().validator("name").is_valid(name))


def entity_id(name: str) -> str:
    """The id that the entity of this name has in everything that people label."""
    return f"e-{slug(name)}"
