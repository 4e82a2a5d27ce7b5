"""Large files, fast: typed decoding, and no more checks than whether all is right (`variorum.formats.soundness`).

A file with anything wrong, with quotes, or with a key that stands twice is left to the full checks, which tell what it
is. Small files always go through them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Union

import msgspec
from msgspec.structs import force_setattr

from variorum.collector import no_collection
from variorum.formats.draft import Context, Given
from variorum.formats.keys import keys_stand_once, lines_have_keys_once
from variorum.formats.prediction import Prediction
from variorum.formats.soundness import is_sound
from variorum.records import LAYERS, AnnotationSet, Claim, Entity, Mention, Pair, Record

LARGE = 2**18  # bytes
MANY = 20_000  # records
_CHUNK = 20_000
_TYPES: dict[str, type[Record]] = {"mentions": Mention, "entities": Entity, "claims": Claim, "contradictions": Pair}


def read(kind: str, given: Given, context: Context) -> Prediction | None:
    """The prediction in a large file; None if it is small, in another format, or the full checks have to look at it."""
    if kind not in _DECODERS or len(given.data) < LARGE:
        return None
    with no_collection():
        whole = _DECODERS[kind](given.data)
        if whole is None:
            return None
        mentions, entities = _map_labels(whole.mentions, context), _map_labels(whole.entities, context)
        if not is_sound(whole, context):
            return None
    layers = {"mentions": _left(whole.mentions, mentions), "entities": _left(whole.entities, entities)}
    unmapped = dict(Counter(label for _, label in mentions))
    return Prediction(kind, msgspec.structs.replace(whole, **layers), unmapped=unmapped)


def converted(value: dict[str, Any]) -> AnnotationSet | None:
    """The set that a plain value is; None if it is none."""
    try:
        with no_collection():
            return msgspec.convert(value, AnnotationSet)
    except (msgspec.ValidationError, RecursionError):
        return None


# --- decoding ------------------------------------------------------------------------------------------------


def _from_json(data: bytes) -> AnnotationSet | None:
    try:
        whole = msgspec.json.decode(data, type=AnnotationSet)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    layers = {layer: getattr(whole, layer) for layer in LAYERS}
    bare = msgspec.structs.replace(whole, **{layer: None if each is None else () for layer, each in layers.items()})
    filled = [each for each in layers.values() if each]
    return whole if keys_stand_once(data, msgspec.json.encode(bare), filled) else None


_LISTS: dict[str, Any] = {name: list[kind] for name, kind in _TYPES.items()}  # type: ignore[valid-type]
_LINES: dict[str, Any] = {
    name: msgspec.defstruct(name, (), bases=(kind,), frozen=True, kw_only=True, tag_field="layer", tag=name)
    for name, kind in _TYPES.items()
}
_LINE = msgspec.json.Decoder(Union[tuple(_LINES.values())])  # noqa: UP007


def _from_jsonl(data: bytes) -> AnnotationSet | None:
    end = data.find(b"\n") + 1
    try:
        header = msgspec.json.decode(data[:end])
        once = keys_stand_once(data[:end], msgspec.json.encode(header))
        named = header.pop("layers", ())
        layers: dict[str, list[Any]] = {name: [] for name in named}
        lines = _LINE.decode_lines(memoryview(data)[end:])
        once = once and lines_have_keys_once(memoryview(data)[end:], lines)
        lines.reverse()  # so that what is converted can be let go from the end
        while lines:
            chunk = lines[: -_CHUNK - 1 : -1]
            del lines[-_CHUNK:]
            for kind in set(map(type, chunk)):
                own, name = [line for line in chunk if type(line) is kind], kind.__name__
                layers.setdefault(name, []).extend(msgspec.convert(own, _LISTS[name], from_attributes=True))
        bare = msgspec.convert({**header, **dict.fromkeys(layers)}, AnnotationSet)
    except (msgspec.MsgspecError, ValueError, RecursionError, AttributeError, TypeError):
        return None
    whole = msgspec.structs.replace(bare, **{name: tuple(records) for name, records in layers.items()})
    return whole if once and not any(header.get(name) for name in LAYERS) else None


_DECODERS: dict[str, Callable[[bytes], AnnotationSet | None]] = {"json": _from_json, "jsonl": _from_jsonl}


# --- labels --------------------------------------------------------------------------------------------------


def _map_labels(records: Sequence[Any] | None, context: Context) -> list[tuple[int, str]]:
    """Map the types in place, before anybody else has seen the records; which are to be left out, with their label."""
    new, left_out = context.label_map, list[tuple[int, str]]()
    stand_in = context.corpus.schema.names("entity_type")[0]
    for i, record in enumerate(records or () if new else ()):
        if record.type in new:
            label = new[record.type]
            if label is None:
                left_out.append((i, record.type))
            force_setattr(record, "type", stand_in if label is None else label)
    return left_out


def _left(records: Any, left_out: list[tuple[int, str]]) -> Any:
    gone = {i for i, _ in left_out}
    return tuple(record for i, record in enumerate(records) if i not in gone) if gone else records
