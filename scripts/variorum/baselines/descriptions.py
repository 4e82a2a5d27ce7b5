"""Mentions that are no names: definite descriptions by their head nouns, pronouns, and technical terms."""

import re
from collections.abc import Iterator

from variorum.baselines.found import Found

_PEOPLE = (
    "founder|co-founder|captain|chief|director|minister|president|premier|chairman|chairwoman|entrepreneur|billionaire|"
    "engineer|analyst|spokesman|spokeswoman|spokesperson|mayor|manager|scientist|researcher|author|father|mother|wife|"
    "husband|son|daughter|brother|sister|colleague|employees|staff|crew|reporters|investors|engineers|founders"
)
_BODIES = (
    "company|firm|startup|start-up|fund|hedge fund|bank|government|ministry|university|team|lab|council|society|party|"
    "committee|operator|newspaper|magazine|agency|regulator|group"
)
_PLACES = "city|country|town|island|province|county|village"
_DETERMINER = r"(?i:the|its|his|her|their|our|my|this)"
_DESCRIPTION = re.compile(
    rf"\b{_DETERMINER}[ \n](?:[a-z][a-z-]*[ \n]){{0,2}}?"
    rf"(?:(?P<PERSON>{_PEOPLE})|(?P<ORG>{_BODIES})|(?P<GPE>{_PLACES}))\b"
    r"(?![ \n](?:[a-z]+s\b|[A-Z])|-)"
)
_INNER = re.compile(r"(?:the|a|an|of|in|and|or|for|to|by|with|that|who|which|was|is|has)$", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:(?P<PERSON>he|she|him|his|her|himself|herself|i|me|my|they|them|their)|(?P<ORG>it|its|itself|we|us|our))\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\bit[ \n](?:is|was|rained|seems|appears|turns|takes|took)\b", re.IGNORECASE)
_TERM = re.compile(
    r"\b(?:(?:[a-z]+-)?[a-z]+[ \n]){1,2}(?:learning|intelligence|computing|algorithms?|fermentation|robotics)\b"
)


def descriptions(text: str, low: int, high: int) -> Iterator[Found]:
    """ "the company", "its young founder": a determiner, up to two words, a head noun of a short list."""
    for found in _DESCRIPTION.finditer(text, low, high):
        inside = found[0].split()[1:-1]
        if not any(_INNER.match(word) for word in inside) and found.lastgroup:
            yield Found(found.start(), found.end(), found.lastgroup, level="NOM")


def pronouns(text: str, low: int, high: int) -> Iterator[Found]:
    """Personal and possessive pronouns; the type is that of what they mostly stand for."""
    for found in _PRONOUN.finditer(text, low, high):
        if found[0] in ("US", "IT", "ME") or (found[0] in ("i", "I") and text[found.end() : found.end() + 1] == "."):
            continue
        if found.lastgroup and not _EMPTY.match(text, found.start(), high):
            yield Found(found.start(), found.end(), found.lastgroup, level="PRO")


def terms(text: str, low: int, high: int) -> Iterator[Found]:
    """Technical terms by the noun they end in, without a function word at their start."""
    for found in _TERM.finditer(text, low, high):
        start = found.start()
        words = re.split(r"[ \n]", found[0])
        while len(words) > 1 and (_INNER.match(words[0]) or len(words[0]) < 4):
            start += len(words.pop(0)) + 1
        if len(words) > 1:
            yield Found(start, found.end(), "TECH", level="NAM")
