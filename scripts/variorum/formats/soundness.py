"""Whether a large set is right, by checks over whole columns that say yes or no and nothing else.

`is_sound` is a shorter way to one answer of `variorum.checks`: a set for which it is True has no error there that is
asked of a prediction (a test holds the two against each other). What is wrong, the full checks tell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import astuple

from variorum.checks.rule import Subject
from variorum.checks.schema_rules import validate
from variorum.checks.sets import RULES, check_header
from variorum.formats.draft import Context
from variorum.records import LAYERS, AnnotationSet, Pair, Record, Span, Value, claims_sha256

_ID = re.compile(r'[^\s"]{1,200}')
Offsets = Sequence[int]
FEW = 1000  # records, so that they stay near the processor
_IDS = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id", "contradictions": "pair_id"}


def is_sound(whole: AnnotationSet, context: Context) -> bool:
    """Whether the full checks would find no error in a set with offsets. False may also mean: they have to look."""
    try:
        return _header(whole, context) and _ids(whole) and _labels(whole, context, _Texts(whole, context))
    except OverflowError:  # an offset beyond 64 bits
        return False


def _labels(whole: AnnotationSet, context: Context, texts: "_Texts") -> bool:
    return (
        _mentions(whole, context, texts)
        and _entities(whole, context)
        and _claims(whole, context, texts)
        and _pairs(whole, context, texts)
    )


def _header(whole: AnnotationSet, context: Context) -> bool:
    """All but its documents by the schema. Those by comparing them with the corpus, which says more."""
    bare = msgspec.structs.replace(whole, **dict.fromkeys(LAYERS))
    short = msgspec.structs.replace(bare, documents=bare.documents[:1])
    found = validate(msgspec.json.decode(msgspec.json.encode(short)), context.corpus.schema, "annotation_set")
    subject = Subject(bare, context.documents, context.corpus.schema)
    asked = (finding for finding in check_header(subject) if "system" in RULES[finding.rule].roles)
    return next(chain(found, asked), None) is None


def _ids(whole: AnnotationSet) -> bool:
    """Ids are well formed, and each stands for one record of its layer."""
    for layer, key in _IDS.items():
        ids = list(map(attrgetter(key), getattr(whole, layer) or ()))
        if not _well_formed(ids) or not _differ(ids):
            return False
    return True


def _well_formed(ids: list[str]) -> bool:
    """Whether all are ids; white space and quotation marks are looked for in one long string, which is much faster."""
    joined = "".join(ids)
    clean = '"' not in joined and joined.split(maxsplit=1) == [joined]
    return not ids or (clean and all(ids) and max(map(len, ids)) <= 200)


def _differ(ids: list[str]) -> bool:
    """Whether no id stands twice: sorted hashes take less time and memory than a set; two alike leave it open."""
    hashes = np.fromiter(map(hash, ids), np.int64, len(ids))
    hashes.sort()
    return bool((hashes[1:] != hashes[:-1]).all())


def _is_id(name: str | None) -> bool:
    return name is None or bool(_ID.fullmatch(name))


def _among(values: Iterable[object], names: Iterable[object]) -> bool:
    return set(values) <= set(names)


def _columns(records: Sequence[Record]) -> Iterator[dict[str, tuple[Any, ...]]]:
    """The fields of a few records at a time, by name: each record is fetched from memory once for all that is asked."""
    for at in range(0, len(records), FEW):
        some = records[at : at + FEW]
        yield dict(zip(some[0].__struct_fields__, zip(*map(astuple, some), strict=True), strict=True))


class _Texts:
    """The listed documents, and whether spans lie in them."""

    def __init__(self, whole: AnnotationSet, context: Context) -> None:
        self._texts = {each.doc_id: context.documents[each.doc_id].text for each in whole.documents}
        self._lengths = {doc_id: len(text) for doc_id, text in self._texts.items()}
        self._known = context.corpus.has_texts

    def have(self, doc_ids: Sequence[str], starts: Offsets, ends: Offsets, words: Sequence[str | None]) -> bool:
        """Whether each span lies in its document, which is a listed one, and has its words, if any."""
        try:
            limits = np.fromiter(map(self._lengths.__getitem__, doc_ids), np.int64, len(doc_ids))
        except KeyError:
            return False
        first, last = np.array(starts, np.int64), np.array(ends, np.int64)
        if not ((first >= 0) & (first < last) & (last <= limits)).all():
            return False
        if not self._known or words.count(None) == len(words):
            return True
        told = zip(doc_ids, starts, ends, words, strict=True)
        return all(text is None or self._texts[doc_id][start:end] == text for doc_id, start, end, text in told)

    def have_all(self, doc_ids: Sequence[str], spans: Sequence[Span]) -> bool:
        """The same of spans, one for each document id."""
        fields = (tuple(map(attrgetter(name), spans)) for name in ("start", "end", "text"))
        return not spans or self.have(doc_ids, *fields)


def _mentions(whole: AnnotationSet, context: Context, texts: _Texts) -> bool:
    names = context.corpus.schema.names
    types, levels, named = set(names("entity_type")), {None, *names("level")}, set[str | None]()
    for each in _columns(whole.mentions or ()):
        named.update(each["entity_id"])
        if not (
            types.issuperset(each["type"])
            and levels.issuperset(each["level"])
            and _values(each["value"], context)
            and texts.have(each["doc_id"], each["start"], each["end"], each["text"])
        ):
            return False
    named.discard(None)
    known = named if whole.entities is None else {entity.entity_id for entity in whole.entities}
    return named <= known and all(map(_is_id, named))


def _values(values: Iterable[Value | None], context: Context) -> bool:
    given, names = [value for value in values if value is not None], context.corpus.schema.names
    if not given:
        return True
    anchors = [value.anchor for value in given if value.anchor is not None]
    return (
        _among((value.kind for value in given), names("value_kind"))
        and _among((value.comparator for value in given), names("comparator"))
        and _among((anchor.source for anchor in anchors), names("anchor_source"))
        and all(value.value and value.unit != "" for value in given)
        and all(anchor.date for anchor in anchors)
    )


def _entities(whole: AnnotationSet, context: Context) -> bool:
    entities = whole.entities or ()
    named = all(entity.name for entity in entities)
    return named and _among((entity.type for entity in entities), context.corpus.schema.names("entity_type"))


def _claims(whole: AnnotationSet, context: Context, texts: _Texts) -> bool:
    claims, names = whole.claims or (), context.corpus.schema.names
    home = {mention.mention_id: mention.doc_id for mention in whole.mentions or ()} if claims else {}
    about = set(chain.from_iterable(claim.entities for claim in claims))
    known = about if whole.entities is None else {entity.entity_id for entity in whole.entities}
    held = [claim for claim in claims if claim.holder is not None]
    if whole.mentions is not None and any(home.get(claim.holder or "") != claim.doc_id for claim in held):
        return False
    cues = [claim for claim in claims if claim.cue is not None]
    homes = [claim.doc_id for claim in claims for _ in claim.spans] + [claim.doc_id for claim in cues]
    spans = [span for claim in claims for span in claim.spans] + [claim.cue for claim in cues if claim.cue]
    return (
        all(claim.spans and claim.proposition and claim.time != "" for claim in claims)
        and _among((claim.kind for claim in claims), names("claim_kind"))
        and _among((claim.polarity for claim in claims), names("polarity"))
        and _among((claim.certainty for claim in claims), names("certainty"))
        and about <= known
        and all(map(_is_id, about))
        and all(_is_id(claim.holder) for claim in held)
        and all(len(set(claim.entities)) == len(claim.entities) for claim in claims if len(claim.entities) > 1)
        and texts.have_all(homes, spans)
    )


def _pairs(whole: AnnotationSet, context: Context, texts: _Texts) -> bool:
    if not whole.contradictions:
        return True
    return _pairs_alone(whole.contradictions, context) and _pairs_claims(whole, whole.contradictions, context, texts)


def _pairs_alone(pairs: Sequence[Pair], context: Context) -> bool:
    """The fields of pairs. A pair_id made of its claims, unique as ids are, says that no pair stands twice."""
    names = context.corpus.schema.names
    return (
        all(pair.claim_a < pair.claim_b and pair.pair_id == f"{pair.claim_a}~{pair.claim_b}" for pair in pairs)
        and _among((pair.relation for pair in pairs), names("relation"))
        and _among((pair.aspect for pair in pairs), (None, *names("aspect")))
        and _among((pair.reason for pair in pairs), (None, *names("reason")))
        and all(pair.score is None or 0 <= pair.score <= 1 for pair in pairs)
        and all(pair.rationale != "" and pair.stratum != "" for pair in pairs)
        and all(map(_is_id, {pair.conflict_id for pair in pairs}))
        and _values((pair.value_a for pair in pairs), context)
        and _values((pair.value_b for pair in pairs), context)
    )


def _pairs_claims(whole: AnnotationSet, pairs: Sequence[Pair], context: Context, texts: _Texts) -> bool:
    """The claims that pairs name are there, and are those of the set that the header names."""
    named, other = whole.claims_from, context.claims
    if (other is None) if named else (whole.claims is None):
        return False
    others = (other.claims or ()) if named and other else ()
    if named and other and (named.source, named.sha256) != (other.source, claims_sha256(others)):
        return False
    home = {claim.claim_id: claim.doc_id for claim in (*others, *(whole.claims or ()))}
    sides = [(pair.claim_a, pair.span_a) for pair in pairs] + [(pair.claim_b, pair.span_b) for pair in pairs]
    if not _among((claim_id for claim_id, _ in sides), home):
        return False
    clashing = [(claim_id, span) for claim_id, span in sides if span is not None]
    homes = [home[claim_id] for claim_id, _ in clashing]
    return texts.have_all(homes, [span for _, span in clashing])
