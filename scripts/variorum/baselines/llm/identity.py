"""Which mentions are of one thing: by name, and for pronouns by the name of their type that came last."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from variorum.records import Entity, Mention, entity_id, slug
from variorum.values import VALUE_KINDS

_ARTICLES = ("the", "a", "an")


def linked(mentions: Iterable[Mention]) -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
    """The mentions with entity ids, and the entities.

    One name is one thing in all articles; a name that begins or ends exactly one longer name of a person is that
    person. A description is one thing in its article. Values have no entity.
    """
    ordered = sorted(mentions, key=lambda m: (m.doc_id, m.start, -m.end))
    full = _full_names(ordered)
    ids = list(_ids(ordered, full))
    found = tuple(replace(m, entity_id=id) if id else m for m, id in zip(ordered, ids, strict=True))
    return found, tuple(_entities(found))


def _key(mention: Mention) -> str:
    words = slug(mention.text or "").split("-")
    return "-".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


def _full_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """The key of the longer name by the key of a shorter one."""
    keys = {_key(m) for m in mentions if m.level == "NAM" and m.type == "PERSON"} - {""}
    longer = defaultdict(list)
    for key in keys:
        words = key.split("-")
        for cut in range(1, len(words)):
            for part in {"-".join(words[:cut]), "-".join(words[cut:])} & keys:
                longer[part].append(key)
    return {part: found[0] for part, found in longer.items() if len(found) == 1}


def _ids(mentions: Sequence[Mention], full: dict[str, str]) -> Iterator[str | None]:
    last: dict[tuple[str, str], str] = {}
    for mention in mentions:
        key = _key(mention)
        while key in full:
            key = full[key]
        if mention.type in VALUE_KINDS or not key:
            yield None
        elif mention.level == "NAM":
            last[mention.doc_id, mention.type] = entity_id(key)
            yield entity_id(key)
        else:
            pronoun = last.get((mention.doc_id, mention.type)) if mention.level == "PRO" else None
            yield pronoun or f"{entity_id(key)}-{mention.doc_id}"


def _entities(mentions: Sequence[Mention]) -> Iterator[Entity]:
    """Each under its longest name, else its first description, with its most frequent type."""
    members: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.entity_id is not None:
            members[mention.entity_id].append(mention)
    for key in sorted(members):
        names = [m.text or key for m in members[key] if m.level == "NAM"] or [members[key][0].text or key]
        types = Counter(m.type for m in members[key])
        yield Entity(entity_id=key, name=" ".join(max(names, key=len).split()), type=types.most_common(1)[0][0])
