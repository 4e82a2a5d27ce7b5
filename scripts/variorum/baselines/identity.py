"""Cheap identity: one name is one thing, part of a name is the whole, a pronoun is whoever was named last.

A personal pronoun goes to the last named person of its paragraph, else to the main person of the article; a
description such as "the company" likewise. Nothing is linked by meaning.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from variorum.baselines.found import Found
from variorum.baselines.vocabulary import vocabulary
from variorum.corpus import Document
from variorum.records import Mention, entity_id, slug
from variorum.values import VALUE_KINDS

Articles = Sequence[tuple[Document, Sequence[Found]]]
Names = Mapping[tuple[str, str], str]
_PLURAL = vocabulary("they them their")
# Heads of descriptions that mean what the article is about; all others ("her father") are things of their own.
_MEANT = vocabulary("company firm startup start-up fund operator founder co-founder entrepreneur billionaire city")
LONGEST = 6  # words of a name that others can be part of
_PART_OF = ("PERSON", "ORG")  # only their names are shortened in running text


def mentions(articles: Articles, types: Iterable[str]) -> tuple[Mention, ...]:
    """All mentions whose type is a label of the corpus, with their entities."""
    known = frozenset(types)
    whole = _full_names(articles)
    return tuple(mention for document, found in articles for mention in _linked(document, found, whole, known))


def one_type(articles: Articles) -> list[tuple[Document, list[Found]]]:
    """The articles with one type for each name: that of the fullest name which it is a part of, most often."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document, found in articles:
        for each in found:
            if each.level == "NAM":
                counts[plain(document.text[each.start : each.end])][each.type] += 1
    full = _fullest(Counter({name: count.total() for name, count in counts.items()}))
    types = {name: min(count, key=lambda type: (-count[type], type)) for name, count in counts.items()}

    def typed(document: Document, each: Found) -> Found:
        if each.level != "NAM":
            return each
        return replace(each, type=types[full[plain(document.text[each.start : each.end])]])

    return [(document, [typed(document, each) for each in found]) for document, found in articles]


def plain(name: str) -> str:
    """A name on one line, with single blanks."""
    return " ".join(name.split())


def _full_names(articles: Articles) -> Names:
    """For each type and name the fullest name that it is a part of, among those people and bodies go by."""
    seen = Counter((f.type, plain(d.text[f.start : f.end])) for d, found in articles for f in found if f.level == "NAM")
    full = {key: key[1] for key in seen}
    for type in _PART_OF:
        own = Counter({name: count for (each, name), count in seen.items() if each == type})
        full.update({(type, name): longest for name, longest in _fullest(own).items()})
    return full


def _fullest(seen: Counter[str]) -> dict[str, str]:
    """For each name the commonest longer one that starts or ends with its words, else itself."""
    longer: dict[str, list[str]] = defaultdict(list)
    for name in sorted(seen):
        words = name.split()
        for i in range(1, len(words) if len(words) <= LONGEST else 1):
            longer[" ".join(words[:i]).casefold()].append(name)
            longer[" ".join(words[i:]).casefold()].append(name)
    full = {}
    for name in seen:
        others = longer.get(name.casefold(), [])
        full[name] = max(others, key=lambda other: (seen[other], other)) if others else name
    return full


def _linked(document: Document, found: Sequence[Found], full: Names, known: frozenset[str]) -> Iterable[Mention]:
    main = _main(document, found, full)
    last: dict[str, str] = {}
    starts = deque(sorted(block.start for block in document.source.paragraphs))
    for each in found:
        while starts and starts[0] <= each.start:
            starts.popleft()
            last = {}
        text = document.text[each.start : each.end]
        name = full[each.type, plain(text)] if each.level == "NAM" else _meant(document, each, text, {**main, **last})
        if each.level == "NAM":
            last[each.type] = name
        if each.type in known:
            yield _mention(document, each, text, None if each.type in VALUE_KINDS else _id(name))


def _meant(document: Document, found: Found, text: str, last: Mapping[str, str]) -> str:
    """Who is meant by a pronoun or a description, by name."""
    head = text.split()[-1].casefold()
    own = head in _PLURAL if found.level == "PRO" else head not in _MEANT
    return f"{head} ({document.doc_id})" if own else last.get(found.type, f"{head} ({document.doc_id})")


def _id(name: str) -> str:
    return entity_id(name) if slug(name) else f"e-{'-'.join(name.split())}"


def _main(document: Document, found: Sequence[Found], full: Names) -> dict[str, str]:
    """For each type the name that the article says most often."""
    counts = Counter((f.type, full[f.type, plain(document.text[f.start : f.end])]) for f in found if f.level == "NAM")
    main: dict[str, str] = {}
    for type, name in sorted(counts, key=lambda key: (-counts[key], key)):
        main.setdefault(type, name)
    return main


def _mention(document: Document, found: Found, text: str, entity: str | None) -> Mention:
    return Mention(
        mention_id=f"{document.doc_id}-m{found.start}-{found.end}",
        doc_id=document.doc_id,
        start=found.start,
        end=found.end,
        text=text,
        type=found.type,
        level=found.level,
        entity_id=entity,
        value=found.value,
    )
