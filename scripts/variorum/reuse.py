"""Text reuse: which words of one article stand in a row in another one, and which of the two it is listed on.

Evidence is the overlap as measured: `n` or more equal words in a row. A third party's words (an interview that both
quote) are a shared run like any other, so a run alone does not tell a copy from a common source.

Offsets are half-open, in code points of the text as it was decoded.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from hashlib import sha256
from itertools import chain, combinations, product

import msgspec

from variorum.records import Record
from variorum.sources import Block, CopiedFrom, Furniture, Run, Source

MIN_WORDS = 8  # the shortest run that `copied_from` records
APOSTROPHES = "'’‘‛ʼ＇′`´"
JOINERS = "\u00ad\u200c\u200d"  # soft hyphen, zero-width (non-)joiner: inside a word, never between two
# Written without spaces: each character counts as a word, as a stretch of them would be one giant word.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DROPPED = str.maketrans("", "", APOSTROPHES + JOINERS)
Stretch = Block | Furniture | Run  # whatever has a start and an end


class Word(Record, frozen=True, kw_only=True):
    """A word where it stands, and the folded form by which it is compared."""

    start: int
    end: int
    key: str


@cache
def _word_pattern() -> re.Pattern[str]:
    """Words: a number, a dotted abbreviation, one ideograph, or letters and digits with marks and apostrophes."""
    # Python's \w leaves combining marks out, which would cut Hindi and vocalised Arabic inside the word.
    planes = chain(range(0x20000), range(0xE0000, 0xE1000))  # the others hold ideographs or nothing
    marks = "".join(c for c in map(chr, planes) if unicodedata.category(c)[0] == "M")
    letter = rf"[^\W_ʼ{IDEOGRAPHS}]"
    inside = rf"[{marks}]*[{APOSTROPHES}{JOINERS}]?"
    return re.compile(
        rf"(?P<number>\d+(?:[.,٫٬]\d+)+)(?!{letter})"
        rf"|(?<!{letter})[^\W\d_](?:\.[^\W\d_])+(?:\.?[{APOSTROPHES}]{letter}+)?(?!{letter})"  # U.S. is US
        rf"|[{IDEOGRAPHS}][{marks}]*"
        rf"|{letter}(?:{inside}{letter})*[{marks}]*"
    )


def _key(match: re.Match[str]) -> str:
    """The folded form of a word: compatibility-normalised, caseless, without apostrophes and joiners."""
    shown = match[0] if match["number"] else match[0].replace(".", "")  # 5.6 must not become 56
    folded = unicodedata.normalize("NFKC", shown.translate(_DROPPED)).casefold()
    return unicodedata.normalize("NFKC", folded)


@lru_cache(maxsize=256)  # the same few articles are compared with thousands of propositions
def _words(text: str) -> tuple[Word, ...]:
    """`words`, remembered."""
    return tuple(Word(start=m.start(), end=m.end(), key=_key(m)) for m in _word_pattern().finditer(text))


def words(text: str) -> list[Word]:
    """The words of a text in order, disjoint; line breaks and punctuation separate words and are no part of any.

    A hyphen separates (`39-year-old` is three words), an apostrophe inside a word does not. No key is empty. A script
    with neither spaces nor ideographs (Thai) yields one word for each unbroken stretch.
    """
    return list(_words(text))


# --- runs ----------------------------------------------------------------------------------------------------


class _Grams:
    """Names of word sequences: two sequences of one length have equal names if and only if they are equal.

    Names for lengths 1, 2, 4, … by doubling, O(N log N), exact (Karp, Miller & Rosenberg 1972, "Rapid
    identification of repeated patterns in strings, trees and arrays", STOC).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._levels = [_named(keys)]
        while (width := 1 << len(self._levels)) <= len(keys):
            halves = self._levels[-1]
            self._levels.append(_named(zip(halves, halves[width // 2 :], strict=False)))

    def name(self, i: int, n: int) -> tuple[int, int]:
        """The name of the `n` words from word `i` on: two names of a power of two that cover them."""
        level = n.bit_length() - 1
        return self._levels[level][i], self._levels[level][i + n - (1 << level)]

    def common(self, i: int, j: int) -> int:
        """How many words are equal from word `i` and from word `j` on."""
        n = 0
        for level in reversed(range(len(self._levels))):
            names = self._levels[level]
            if max(i, j) + n < len(names) and names[i + n] == names[j + n]:
                n += 1 << level
        return n


def _named(items: Iterable[object]) -> list[int]:
    """A number for each item, the same for equal items."""
    numbers: dict[object, int] = {}
    return [numbers.setdefault(item, len(numbers)) for item in items]


class _Sides:
    """The words of two texts in one sequence, each side opened by a barrier."""

    def __init__(self, a: Sequence[Word], b: Sequence[Word]) -> None:
        self.all = (_barrier("a"), *a, _barrier("b"), *b)
        self.grams = _Grams([word.key for word in self.all])
        self.a, self.b = range(1, len(a) + 1), range(len(a) + 2, len(self.all))

    def run(self, i: int, j: int, n: int) -> Run:
        """The run of `n` words from word `i` (side a) and word `j` (side b) on."""
        first, last, other_first, other_last = (self.all[k] for k in (i, i + n - 1, j, j + n - 1))
        return Run(start=first.start, end=last.end, other_start=other_first.start, other_end=other_last.end)

    def places(self, side: range, n: int) -> dict[tuple[int, int], dict[str, list[int]]]:
        """Where each `n` words in a row stand on a side, by the word before them."""
        found: dict[tuple[int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for i in side[: max(0, len(side) - n + 1)]:
            found[self.grams.name(i, n)][self.all[i - 1].key].append(i)
        return found

    def starts(self, n: int) -> Iterator[tuple[int, int]]:
        """Each pair of places where `n` equal words begin that no equal word precedes: a maximal run's start."""
        other = self.places(self.b, n)
        for name, before in self.places(self.a, n).items():
            for (word, here), (other_word, there) in product(before.items(), other.get(name, {}).items()):
                if word != other_word:
                    yield from product(here, there)

    def longest(self) -> int:
        """The number of words of the longest run; 0 if the texts have no word in common."""

        def absent(n: int) -> bool:
            names = {self.grams.name(i, n) for i in self.b[: len(self.b) - n + 1]}
            return all(self.grams.name(i, n) not in names for i in self.a[: len(self.a) - n + 1])

        return bisect_left(range(1, min(len(self.a), len(self.b)) + 1), True, key=absent)


def _barrier(key: str, start: int = 0, end: int = 0) -> Word:
    """A "word" that equals no word, nor a barrier with another key."""
    return Word(start=start, end=end, key="\0" + key)


def _outside(text: str, skip: Iterable[Stretch]) -> list[Word]:
    """The words of a text that no skipped stretch touches."""
    stretches = list(skip)
    return [w for w in _words(text) if not any(w.start < s.end and s.start < w.end for s in stretches)]


def _parted(text: str, skip: Iterable[Stretch], side: str) -> list[Word]:
    """The words outside `skip`, with a barrier in place of each skipped stretch, so that no run crosses it."""
    stretches = list(skip)
    barriers = [_barrier(f"{side}{i}", s.start, s.end) for i, s in enumerate(stretches)]
    return sorted(_outside(text, stretches) + barriers, key=lambda word: word.start)


def _places(run: Run) -> tuple[int, int]:
    """Where a run begins on either side: no two runs of a pair of texts begin at the same two places."""
    return run.start, run.other_start


def _require_positive(n: int) -> None:
    """Raise ValueError for a run length below one word."""
    if n < 1:
        raise ValueError(f"a run has at least 1 word, got n={n}")


def shared_runs(
    a: str, b: str, n: int = MIN_WORDS, *, skip: Iterable[Stretch] = (), other_skip: Iterable[Stretch] = ()
) -> list[Run]:
    """All maximal runs of at least `n` words in a row that stand in both texts, sorted by start in `a`, then in `b`.

    A run pairs one place in `a` with one in `b` and can be extended at neither end. Each such pair is listed once: a
    passage that stands once in `a` and twice in `b` is two runs, and runs may overlap or contain one another in one
    text if they lie at different places in the other. Swapping the texts swaps the sides of every run.
    `skip`, `other_skip`: stretches of `a` and of `b` whose words do not count; no run crosses them.

    Time is O(N log N) for N words, and O(log N) for each run. ValueError if `n` is less than 1.
    """
    _require_positive(n)
    sides = _Sides(_parted(a, skip, "a"), _parted(b, other_skip, "b"))
    runs = (sides.run(i, j, sides.grams.common(i, j)) for i, j in sides.starts(n))
    return sorted(runs, key=_places)


@lru_cache(maxsize=256)
def _grams(text: str, n: int) -> frozenset[tuple[str, ...]]:
    """The keys of each `n` words in a row."""
    keys = [word.key for word in _words(text)]
    return frozenset(tuple(keys[i : i + n]) for i in range(len(keys) - n + 1))


def longest_copied(text: str, sources: Iterable[str], n: int = 12) -> tuple[int, Run] | None:
    """The longest run of at least `n` words that `text` shares with a source, or None if there is none.

    Returns the number of the source (from 0) and the run; of equally long ones the first by source, then by place
    in `text`, then in the source. Raises ValueError if `n` is less than 1.
    """
    _require_positive(n)
    best, length = None, n - 1
    for number, source in enumerate(sources):
        if _grams(text, n).isdisjoint(_grams(source, n)):
            continue
        sides = _Sides(_words(text), _words(source))
        if (longest := sides.longest()) > length:
            best, length = (number, sides.run(*min(sides.starts(longest)), longest)), longest
    return best


# --- articles ------------------------------------------------------------------------------------------------


def share(text: str, furniture: Iterable[Stretch], runs: Iterable[Run]) -> Fraction:
    """Which part of the words outside furniture lies in the runs (their `start, end`); 0 for a text without words."""
    body = _outside(text, furniture)
    starts = [word.start for word in body]
    inside = {i for run in set(runs) for i in range(bisect_left(starts, run.start), bisect_left(starts, run.end))}
    return Fraction(len(inside), len(body)) if body else Fraction(0)


def swapped(run: Run) -> Run:
    """The run seen from the other text."""
    return Run(start=run.other_start, end=run.other_end, other_start=run.start, other_end=run.end)


def _days(source: Source) -> tuple[str, str]:
    """The first and the last day an article may be of, by its publication, else its dateline; any day if undated."""
    date = (source.published or source.dateline or "").rstrip("?~%")
    return date + "0000-01-01"[len(date) :], date + "9999-12-31"[len(date) :]


def _copier(one: Source, other: Source, shares: Sequence[Fraction]) -> tuple[Source, str]:
    """The article of the two on which the pair is listed, and the direction that says why."""
    (first, last), (other_first, other_last) = _days(one), _days(other)
    if other_last < first or last < other_first:
        return one if other_last < first else other, "earlier_date"
    return one if (shares[0], one.doc_id) > (shares[1], other.doc_id) else other, "larger_share"


def _listed(one: Source, other: Source, texts: Mapping[str, str]) -> tuple[str, CopiedFrom] | None:
    """The entry for a pair of articles and the doc_id it is listed on, or None if they share no run."""
    a, b = texts[one.doc_id], texts[other.doc_id]
    runs = shared_runs(a, b, skip=one.furniture, other_skip=other.furniture)
    if not runs:
        return None
    back = sorted(map(swapped, runs), key=_places)
    copier, why = _copier(one, other, (share(a, one.furniture, runs), share(b, other.furniture, back)))
    if copier is one:
        return one.doc_id, CopiedFrom(doc_id=other.doc_id, direction=why, runs=tuple(runs))
    return other.doc_id, CopiedFrom(doc_id=one.doc_id, direction=why, runs=tuple(back))


def copied_from(sources: Sequence[Source], texts: Mapping[str, str]) -> dict[str, tuple[CopiedFrom, ...]]:
    """For each doc_id what that article shares with others, by the other's doc_id; each pair is on one article only.

    A pair is listed if the articles share a run of `MIN_WORDS` words outside the furniture of both: on the later one
    if both are dated and the dates do not overlap (`earlier_date`: the other is earlier), else on the one of whose
    words the larger share lies in the runs (`larger_share`), at a tie on the one with the higher doc_id.
    `texts`: by doc_id; KeyError if one is missing.
    """
    found: dict[str, list[CopiedFrom]] = {source.doc_id: [] for source in sources}
    for one, other in combinations(sources, 2):
        if listed := _listed(one, other, texts):
            found[listed[0]].append(listed[1])
    return {doc_id: tuple(sorted(entries, key=lambda entry: entry.doc_id)) for doc_id, entries in found.items()}


def measured(sources: Sequence[Source], texts: Mapping[str, str]) -> list[Source]:
    """The sources with everything computed filled in anew: sha256, n_chars, copied_from.

    Takes all sources at once, since what one shares depends on the others' furniture. `texts`: by doc_id, decoded
    as strict UTF-8, newlines and byte order mark untouched, so that encoding gives the file's bytes back.
    KeyError if one is missing.
    """
    copied = copied_from(sources, texts)
    return [
        msgspec.structs.replace(
            source,
            sha256=sha256(texts[source.doc_id].encode()).hexdigest(),
            n_chars=len(texts[source.doc_id]),
            copied_from=copied[source.doc_id],
        )
        for source in sources
    ]
