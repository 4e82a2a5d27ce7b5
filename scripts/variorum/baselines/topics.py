"""How alike two propositions are in what they are about: TF-IDF over their words without the values.

Candidates are found by blocking, never by comparing all pairs: two propositions are compared if they share a rare word,
or two words that are seldom together. A block of more than `BLOCK` propositions is none, so the number of candidates
grows with the number of propositions and not with its square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from variorum.baselines.vocabulary import vocabulary

BLOCK = 40  # propositions that share a block at most; each has at most BLOCK partners for each of its keys
MOST_WORDS = 24  # of a proposition that make keys, the rarest; a longer one is no single claim
_CHUNK = 100_000  # candidates compared at once
_ENDINGS = ("ing", "ied", "ies", "ed", "es", "s", "ly")
_EMPTY = vocabulary(
    "a an the this that these those of in on at by for from to into with as and or but nor if when while than then so "
    "it its he she his her him they their them we our us i my you your who which what whose there here be is are was "
    "were been being has have had having do does did will would can could may might must shall should not no never "
    "also only just more most very some any all each both such own same other another about"
)


def words(proposition: str) -> tuple[str, ...]:
    """The content words of a proposition, folded and cut to a stem, without digits.

    >>> words("Its first train reached Trieste.")
    ('first', 'train', 'reach', 'triest')
    """
    found = re.findall(r"[^\W\d_]+", proposition.casefold().replace("’s", "").replace("'s", ""))
    return tuple(stem(word) for word in found if word not in _EMPTY and len(word) > 1)


def stem(word: str) -> str:
    """A word without its commonest English endings; of at least three letters."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def candidates(texts: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Pairs `(i, j)`, `i < j`, that share a block; sorted, each once."""
    counts = Counter(word for text in texts for word in set(text))
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, text in enumerate(texts):
        ordered = sorted(set(text), key=lambda word: (counts[word], word))[:MOST_WORDS]
        common = [word for word in ordered if counts[word] > BLOCK]
        for key in [*((word,) for word in ordered if 1 < counts[word] <= BLOCK), *combinations(sorted(common), 2)]:
            blocks[key].append(i)
    found = {pair for block in blocks.values() if len(block) <= BLOCK for pair in combinations(block, 2)}
    return sorted(found)


def tfidf(texts: Sequence[Sequence[str]], pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """The cosine of the TF-IDF vectors of each pair, in [0, 1]; scikit-learn's smooth idf and L2 norm."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not pairs:
        return np.zeros(0)
    vectors = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(texts)
    found = [np.asarray(vectors[left].multiply(vectors[right]).sum(axis=1)).ravel() for left, right in chunks(pairs)]
    cosines: NDArray[np.float64] = np.clip(np.concatenate(found), 0.0, 1.0)
    return cosines


def chunks(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """The two sides of the pairs as arrays, so many at a time that they fit into memory."""
    for at in range(0, len(pairs), _CHUNK):
        both = np.array(pairs[at : at + _CHUNK], dtype=np.intp)
        yield both[:, 0], both[:, 1]
