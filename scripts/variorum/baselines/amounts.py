"""Amounts of money, counts, measures, shares and ordinals in English text, in the normal form of `variorum.values`."""

import re
from collections.abc import Iterator

from variorum.baselines.found import Found
from variorum.baselines.numerals import (
    COMPARATOR,
    FRACTIONS,
    NUMBER,
    ORDINALS,
    PLURALS,
    SCALE,
    comparator,
    number,
    singular,
)
from variorum.baselines.vocabulary import vocabulary
from variorum.records import Value
from variorum.values import currencies

_SIGNS = {
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "HK$": "HKD",
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
}
_SIGNS |= {"RMB": "CNY", "₩": "KRW", "₽": "RUB", "CN¥": "CNY"}
_NAMES = {
    **{"dollar": "USD", "dollars": "USD", "u.s. dollars": "USD", "us dollars": "USD", "euro": "EUR", "euros": "EUR"},
    **{"pound": "GBP", "pounds": "GBP", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "yen": "JPY", "won": "KRW"},
    **{"rupees": "INR", "roubles": "RUB", "rubles": "RUB", "koruna": "CZK", "kroner": "NOK", "kronor": "SEK"},
    **{"francs": "CHF", "hong kong dollars": "HKD"},
}
# Read as a unit, these would be the words that go on after a bare number.
_NO_UNIT = vocabulary(
    "and or but of in on at to for from by with as than was were is are has have had who that which it he she they "
    "a an the this per times when while after before since until more less most years year"
)


def _any(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(map(str, words), key=len, reverse=True))  # type: ignore[call-overload]


_RANGE = rf"(?P<a>{NUMBER})(?P<sa>{SCALE})?(?:(?:\s+(?:to|and)\s+|[–-])(?P<b>{NUMBER})(?P<sb>{SCALE})?)?"
_FIRST = rf"(?P<about>{COMPARATOR})?"
_SIGNED = re.compile(
    rf"{_FIRST}(?P<sign>{_any(_SIGNS)}) ?(?P<a>{NUMBER})(?P<sa>{SCALE})?"
    rf"(?:(?:\s+to\s+|[–-])(?P=sign)?(?P<b>{NUMBER})(?P<sb>{SCALE})?)?",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"{_FIRST}(?<![\w.]){_RANGE}[\s-]+(?P<name>{_any(_NAMES)})\b", re.IGNORECASE)
_CODED = re.compile(rf"{_FIRST}\b(?:(?P<code>[A-Z]{{3}}) (?P<a>{NUMBER})(?P<sa>{SCALE})?)")
_CODE_LAST = re.compile(rf"{_FIRST}(?<![\w.])(?P<a>{NUMBER})(?P<sa>{SCALE})? (?P<code>[A-Z]{{3}})\b")
_SHARE = re.compile(rf"{_FIRST}(?<![\w.]){_RANGE}\s?(?:%|per\s?cent\b|(?P<point>percentage points?\b))", re.IGNORECASE)
_FRACTION = re.compile(
    rf"{_FIRST}\b(?:(?P<n>an?|one|two|three)[ -])?(?P<part>(?:{_any(FRACTIONS)})s?)\b(?= of\b|[,.;]|$)",
    re.IGNORECASE,
)
_COUNT = re.compile(rf"{_FIRST}(?<![\w.$£€¥#-]){_RANGE}(?![\w%°-]*\d)(?!(?-i:[A-Z]))", re.IGNORECASE)
_PLURAL = re.compile(rf"\b(?P<word>{_any(PLURALS)})\b(?= of\b| more\b)", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"\b(?:(?P<word>{_any(ORDINALS)})|(?P<figure>\d+)(?:st|nd|rd|th))\b(?=[- ](?-i:[a-z]))", re.IGNORECASE
)
_MULTIPLE = re.compile(rf"\b(?:(?P<twice>twice)|(?P<a>{NUMBER})(?: times|[- ]?fold))\b", re.IGNORECASE)
_UNIT = re.compile(r"[ \n-]+((?:[^\W\d_]+[ \n-]+){0,2}[^\W\d_]+)")


def amounts(text: str, low: int, high: int) -> Iterator[Found]:
    """Money first, then shares, multiples, counts and ordinals; what comes later may overlap what came before."""
    yield from _money(text, low, high)
    for found in _SHARE.finditer(text, low, high):
        unit = "percentage point" if found["point"] else "percent"
        yield from _found(found, "QUANTITY", "quantity", _amount(found), unit)
    for found in _FRACTION.finditer(text, low, high):
        yield from _fraction(found)
    for found in _MULTIPLE.finditer(text, low, high):
        yield from _found(found, "QUANTITY", "quantity", "2" if found["twice"] else number(found["a"]), "time")
    for found in _COUNT.finditer(text, low, high):
        yield from _count(text, high, found)
    for found in _PLURAL.finditer(text, low, high):
        value = Value(kind="quantity", value=str(PLURALS[found["word"].casefold()]), comparator=">")
        yield Found(found.start(), found.end(), "QUANTITY", value=value)
    for found in _ORDINAL.finditer(text, low, high):
        figure = found["figure"] or str(ORDINALS[found["word"].casefold()])
        if figure.isascii() and len(figure) < 20:
            yield Found(
                found.start(), found.end(), "QUANTITY", value=Value(kind="quantity", value=figure, unit="ordinal")
            )


def _money(text: str, low: int, high: int) -> Iterator[Found]:
    for found in _SIGNED.finditer(text, low, high):
        yield from _found(found, "MONEY", "money", _amount(found), _SIGNS[found["sign"].upper()])
    for found in _NAMED.finditer(text, low, high):
        yield from _found(found, "MONEY", "money", _amount(found), _NAMES[found["name"].casefold()])
    for pattern in (_CODED, _CODE_LAST):
        for found in pattern.finditer(text, low, high):
            if found["code"] in currencies():
                yield from _found(found, "MONEY", "money", number(found["a"], found["sa"]), found["code"])


def _found(found: re.Match[str], type: str, kind: str, amount: str | None, unit: str | None) -> Iterator[Found]:
    if amount is not None:
        about = comparator(found["about"]) if "about" in found.re.groupindex else "="
        value = Value(kind=kind, value=amount, unit=unit, comparator=about)
        yield Found(found.start(), found.end(), type, value=value)


def _amount(found: re.Match[str]) -> str | None:
    """The amount of a match, `low/high` if it is a range that runs upward."""
    low = number(found["a"], found["sa"] or (found["sb"] if found["b"] else None))
    high = number(found["b"], found["sb"]) if found["b"] else None
    if low is None or high is None:
        return low
    return f"{low}/{high}" if float(low) <= float(high) else None


def _fraction(found: re.Match[str]) -> Iterator[Found]:
    part = FRACTIONS[found["part"].casefold().removesuffix("s")]
    times = {"two": 2, "three": 3}.get((found["n"] or "").casefold(), 1)
    if found["n"] is None and found["part"].casefold() != "half":
        return  # "third" alone is an ordinal
    share = "67" if (times, part) == (2, "33") else str(times * int(part))
    about = comparator(found["about"]) if found["about"] else "~" if part == "33" else "="
    value = Value(kind="quantity", value=share, unit="percent", comparator=about)
    yield Found(found.start(), found.end(), "QUANTITY", value=value)


def _count(text: str, high: int, found: re.Match[str]) -> Iterator[Found]:
    """A bare number; not the pronoun "one", not a number at the end of a sentence that counts nothing."""
    if found["a"].casefold() in ("one", "zero") and not found["sa"]:
        return
    yield from _found(found, "QUANTITY", "quantity", _amount(found), _unit(text, found.end(), high))


def _unit(text: str, at: int, high: int) -> str | None:
    """The counted noun: the first plural among the next three words, else the next word; up to a function word."""
    found = _UNIT.match(text, at, high)
    words: list[str] = []
    for word in found[1].replace("-", " ").split() if found else []:
        if word.casefold() in _NO_UNIT or not word.islower():
            break
        words.append(word)
    plural = next((word for word in words if word.endswith("s") or word == "people"), words[0] if words else None)
    return singular(plural) if plural else None
