"""Numbers as English news writes them: digits, words, scales, and the words that make them inexact."""

import re
from decimal import Decimal

ONES = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SHORT = {"k": 3, "m": 6, "mn": 6, "bn": 9, "b": 9, "tn": 12}  # after digits only
# Decades are written by their tens, dozens by what they are at least (GUIDELINES 2.3, plural words).
PLURALS = {"dozens": 24, "hundreds": 200, "thousands": 2000, "millions": 2_000_000, "billions": 2_000_000_000}
ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}
FRACTIONS = {"half": "50", "third": "33", "quarter": "25", "fifth": "20", "tenth": "10"}

_SMALL = "|".join(sorted((*ONES, *TENS), key=len, reverse=True))
DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
WORDS = rf"(?:{_SMALL})(?:[- ](?:{_SMALL}))?"
NUMBER = rf"(?:{DIGITS}|\b(?:{WORDS}|an?(?= (?:hundred|thousand|million|billion|trillion|dozen)\b))\b)"
SCALE = r"(?:[ \n-]?(?:hundred|thousand|million|billion|trillion|dozen)\b|(?<=\d) ?(?:bn|mn|tn|[kmb])\b)"

_COMPARATORS = {
    "~": "about|around|some|nearly|almost|roughly|approximately|just under|just over|close to|an estimated|circa",
    ">": "more than|over|at least|no fewer than|no less than|upwards of|above|exceeding",
    "<": "less than|fewer than|under|up to|at most|below|no more than|as many as|as much as",
}
COMPARATOR = r"(?:\b(?:{})\s+)".format("|".join(_COMPARATORS.values()).replace(" ", r"\s+"))


def comparator(words: str | None) -> str:
    """How a value stands to the true one, by the words before it.

    >>> comparator("more  than "), comparator(None)
    ('>', '=')
    """
    plain = " ".join((words or "").casefold().split())
    return next((sign for sign, known in _COMPARATORS.items() if plain in known.split("|")), "=")


def number(digits: str, scale: str | None = None) -> str | None:
    """A number and its scale as a plain decimal; None if it is none or too long to be one.

    >>> number("5,600"), number("1.2", "million"), number("twenty-one"), number("a", "dozen")
    ('5600', '1200000', '21', '12')
    """
    value = _plain(digits)
    if value is None or len(digits) > 24:
        return None
    word = (scale or "").strip(" \n-").casefold()
    value *= 12 if word == "dozen" else Decimal(10) ** (SCALES.get(word) or _SHORT.get(word) or 0)
    return decimal(value)


def _plain(digits: str) -> Decimal | None:
    text = digits.casefold()
    if text[:1].isdigit():
        bare = re.sub(r"[,\u00a0\u202f ]", "", text)
        return Decimal(bare) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", bare) else None  # no digits of other scripts
    parts = [ONES.get(part, TENS.get(part, 1 if part in ("a", "an") else None)) for part in re.split(r"[- ]", text)]
    return None if None in parts else Decimal(sum(part for part in parts if part is not None))


def decimal(value: Decimal) -> str:
    """Without an exponent and without zeros at the end of a fraction."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def singular(noun: str) -> str:
    """A plural noun in the singular, by its ending.

    >>> singular("companies"), singular("boats"), singular("people"), singular("glass")
    ('company', 'boat', 'person', 'glass')
    """
    irregular = {"people": "person", "men": "man", "women": "woman", "children": "child", "staff": "employee"}
    word = noun.casefold()
    if word in irregular:
        return irregular[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
