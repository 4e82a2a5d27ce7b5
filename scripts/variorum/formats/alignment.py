"""Tokens back to the text that they were made from.

A tokenizer forgets white space, and some write other characters than they read. Here the words of a sentence, one
after the other, are looked for in the text without its white space: as they are, then folded (`variorum.folding`), then
with the brackets and quotation marks of the Penn Treebank undone.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from variorum.folding import Folded, squeeze

Stretch = tuple[int, int]
_PTB = {
    **{"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"},
    **{"``": '"', "''": '"', "\\/": "/", "\\*": "*"},
}


class Aligner:
    """Walks through one text, sentence by sentence; `at` is where the last one that was found ends."""

    def __init__(self, text: str) -> None:
        self.at, self._text = 0, text
        bare, folded = without_blanks(text), squeeze(text)
        self._ways: tuple[tuple[Folded, Callable[[str], str]], ...] = (
            (bare, lambda word: without_blanks(word).text),
            (folded, lambda word: squeeze(word).text),
            (folded, lambda word: squeeze(_PTB.get(word, word)).text),
        )

    def place(self, words: Sequence[str]) -> list[Stretch | None] | None:
        """Where each word of a sentence stands in the text; None if the sentence does not follow.

        Text between the last sentence and this one may be passed over. A sentence ends where a word of the text does. A
        word of nothing but white space has no place.
        """
        found = self._placed(words, self._ends_a_word)
        self.at = max((stretch[1] for stretch in found or () if stretch), default=self.at)
        return found

    def first_failure(self, words: Sequence[str]) -> int:
        """The index of the first word that keeps a sentence from being placed."""
        counts = range(1, len(words) + 1)
        failed = (count for count in counts if self._placed(words[:count], lambda stretch: True) is None)
        return next(failed, len(words)) - 1

    def _placed(self, words: Sequence[str], fits: Callable[[Stretch], bool]) -> list[Stretch | None] | None:
        for stream, spelled in self._ways:
            keys = [spelled(word) for word in words]
            whole = "".join(keys)
            if not whole:
                return [None] * len(words)
            at = stream.text.find(whole, bisect_left(stream.starts, self.at))
            while at >= 0 and not ((stretch := stream.stretch(at, len(whole))) and fits(stretch)):
                at = stream.text.find(whole, at + 1)
            if at >= 0:
                return _each(stream, at, keys)
        return None

    def _ends_a_word(self, stretch: Stretch) -> bool:
        start, end = stretch
        starts = start == self.at or not self._text[max(0, start - 1) : start + 1].isalnum() or start == 0
        return starts and (end == len(self._text) or not self._text[end - 1 : end + 1].isalnum())


def _each(stream: Folded, at: int, keys: list[str]) -> list[Stretch | None]:
    """The stretch of each key, which stand one after the other from `at` on."""
    found: list[Stretch | None] = []
    for key in keys:
        found.append((stream.starts[at], stream.ends[at + len(key) - 1]) if key else None)
        at += len(key)
    return found


def without_blanks(text: str) -> Folded:
    """The text without its white space, otherwise untouched."""
    kept = [i for i, character in enumerate(text) if not character.isspace()]
    return Folded("".join(text[i] for i in kept), tuple(kept), tuple(i + 1 for i in kept))
