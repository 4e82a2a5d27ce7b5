"""What signatures call the set that stands for gold: its version, and a fingerprint of its labels."""

import hashlib
import re
from typing import Any

import msgspec

from variorum.records import LAYERS, AnnotationSet, Claim, Mention, Pair, Record, Span

DIGITS = 8
HOLDS_TEXT: dict[type[Record], tuple[str, ...]] = {
    Mention: ("text",),
    Span: ("text",),
    Claim: ("spans", "cue"),
    Pair: ("span_a", "span_b"),
}


def reference(gold: AnnotationSet) -> str:
    """Version, or source and round, and the first digits of the fingerprint: `1.0.0+1f2e3d4c`."""
    version = re.fullmatch(r"gold-(.+)", gold.round or "")
    name = version[1] if version else "/".join(filter(None, (gold.source, gold.round)))
    return f"{name}+{fingerprint(gold)[:DIGITS]}"


def fingerprint(annotation_set: AnnotationSet) -> str:
    """SHA-256 of the labels, whatever order they are kept in and whether or not the texts come with them."""
    digest = hashlib.sha256()
    header = {name: getattr(annotation_set, name) for name in annotation_set.__struct_fields__ if name not in LAYERS}
    digest.update(msgspec.json.encode(header | {"documents": _lines(annotation_set.documents)}, order="sorted"))
    for layer in LAYERS:
        records = getattr(annotation_set, layer)
        digest.update(f"\n{layer}\n".encode())
        digest.update(b"absent" if records is None else b"\n".join(_lines(records)))
    return digest.hexdigest()


def _lines(records: tuple[Record, ...]) -> list[bytes]:
    encode = msgspec.json.Encoder().encode
    return sorted(encode(_without_text(record)) for record in records)


def _without_text(record: Record) -> Record:
    """The record, and the spans and values inside it, with `text` null; as it is if nothing changes."""
    changed: dict[str, Any] = {}
    for name in HOLDS_TEXT.get(type(record), ()):
        value = getattr(record, name)
        if name == "text":
            changed |= {name: None} if value is not None else {}
        elif isinstance(value, Record):
            changed[name] = _without_text(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            changed[name] = tuple(map(_without_text, value))
    return msgspec.structs.replace(record, **changed) if changed else record
