"""How alike two propositions are worded: token F1 (SQuAD; Rajpurkar et al. 2016), without dropping articles.

Tokens are runs of letters and digits, case folded, counted with repetition.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from variorum.overlaps import Ints
from variorum.scoring.columns import Codes, coded, codes
from variorum.scoring.tables import Floats

_TOKEN = re.compile(r"\w+")
STOP = "\0"  # no token has it


def token_f1(wanted: str, found: str) -> float:
    """2 |A ∩ B| / (|A| + |B|) of the multisets of tokens; 1 for equal texts, if only in their tokens.

    >>> token_f1("The ferry sank.", "the ferry, it sank")
    0.8571428571428571
    """
    if wanted == found:
        return 1.0
    a, b = _TOKEN.findall(wanted.casefold()), _TOKEN.findall(found.casefold())
    if a == b:
        return 1.0
    left, common = Counter(a), 0
    for token in b:
        if left[token]:
            left[token] -= 1
            common += 1
    return 2 * common / (len(a) + len(b))


def token_f1s(wanted: Sequence[str], found: Sequence[str]) -> Floats:
    """`token_f1` of each text and the one beside it, all at once: several times as fast for many of them."""
    number = codes()
    (left, left_text), (right, right_text) = (_tokens(each, number) for each in (wanted, found))
    a, n_a = np.unique(left_text * len(number) + left, return_counts=True)
    b, n_b = np.unique(right_text * len(number) + right, return_counts=True)
    _, here, there = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    size = len(wanted)
    common = np.bincount(a[here] // len(number), np.minimum(n_a[here], n_b[there]), minlength=size)
    total = np.bincount(left_text, minlength=size) + np.bincount(right_text, minlength=size)
    return np.where(total > 0, 2 * common / np.maximum(total, 1), 1.0)


def _tokens(texts: Iterable[str], number: Codes) -> tuple[Ints, Ints]:
    """The numbers of all tokens, and which text each is of."""
    joined = STOP.join(text.replace(STOP, " ") for text in texts).casefold()
    found = re.findall(rf"\w+|{STOP}", joined)
    code = coded(found, number.__getitem__, len(found))
    stop = code == number[STOP]
    return code[~stop], np.cumsum(stop)[~stop]
