"""What changed between two versions of gold: labels added, removed and changed, layer by layer."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from variorum.dataset.provenance import without_words
from variorum.dataset.rows import ID_OF
from variorum.records import LAYERS, AnnotationSet, Record

WORDS = {"mentions": "mention", "entities": "entity", "claims": "claim", "contradictions": "pair"}


class Changed(Record, frozen=True):
    """One record that both have: which fields differ, with both values as JSON."""

    record_id: str
    fields: dict[str, tuple[Any, Any]]


class LayerChanges(Record, frozen=True):
    """The ids that only the new version has, those that only the old one has, and what differs in the others."""

    layer: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Changed, ...]


def changes(old: AnnotationSet, new: AnnotationSet) -> list[LayerChanges]:
    """Every layer that either has. Words of spans are no labels: offsets say the same."""
    return [_layer(layer, old, new) for layer in LAYERS if getattr(old, layer) or getattr(new, layer)]


def _layer(layer: str, old: AnnotationSet, new: AnnotationSet) -> LayerChanges:
    before, after = _by_id(old, layer), _by_id(new, layer)
    both = sorted(before.keys() & after.keys())
    return LayerChanges(
        layer,
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(_changed(key, before[key], after[key]) for key in both if before[key] != after[key]),
    )


def _by_id(each: AnnotationSet, layer: str) -> dict[str, dict[str, Any]]:
    records = without_words(msgspec.to_builtins(getattr(each, layer) or ()))
    return {record[ID_OF[layer]]: record for record in records}


def _changed(key: str, before: dict[str, Any], after: dict[str, Any]) -> Changed:
    names = [*before, *(name for name in after if name not in before)]
    fields = {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
    return Changed(key, fields)


def account(old: AnnotationSet, new: AnnotationSet, details: bool = False) -> Iterator[str]:
    """The account for a changelog, line by line; with `details` every record by its id."""
    hashes = {each.doc_id: each.text_sha256 for each in old.documents}
    for document in new.documents:
        if hashes.get(document.doc_id, document.text_sha256) != document.text_sha256:
            yield f"* {document.doc_id} is another text: its ids and offsets cannot be compared."
    found = changes(old, new)
    if not any(each.added or each.removed or each.changed for each in found):
        yield "* No label was added, removed or changed."
        return
    for each in found:
        yield f"* {each.layer}: {', '.join(_summary(each))}."
        yield from (f"  {line}" for line in (_details(each) if details else _relations(each)))


def _summary(each: LayerChanges) -> Iterator[str]:
    yield from (f"{len(each.added)} added", f"{len(each.removed)} removed")
    fields = Counter(name for changed in each.changed for name in changed.fields)
    which = ", ".join(f"{name} {count}" for name, count in fields.most_common())
    yield f"{len(each.changed)} changed" + (f" ({which})" if which else "")


def _relations(each: LayerChanges) -> Iterator[str]:
    """Which relations became which."""
    moved = Counter(changed.fields["relation"] for changed in each.changed if "relation" in changed.fields)
    yield from (f"* {before} became {after}: {count}" for (before, after), count in moved.most_common())


def _details(each: LayerChanges) -> Iterator[str]:
    yield from (f"* added: {WORDS[each.layer]} {key}" for key in each.added)
    yield from (f"* removed: {WORDS[each.layer]} {key}" for key in each.removed)
    for changed in each.changed:
        told = "; ".join(f"{name}: {_json(a)} -> {_json(b)}" for name, (a, b) in changed.fields.items())
        yield f"* changed: {WORDS[each.layer]} {changed.record_id}: {told}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
