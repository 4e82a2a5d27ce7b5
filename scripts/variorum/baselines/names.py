"""Names by their capitals, and their types by the words around them: no list of names, only lists of cues.

The cues of one name are counted over all articles, so that "Tolmar told reporters" here makes "Tolmar" a person there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from variorum.baselines.found import Found
from variorum.baselines.numerals import ONES, ORDINALS, TENS
from variorum.baselines.stretches import paragraphs
from variorum.baselines.vocabulary import vocabulary
from variorum.corpus import Document

LONGEST_NAME = 5  # words; a longer run is a headline in capitals
_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"  # combining marks are no letters to `re`
_WORD = re.compile(rf"{_LETTERS}(?:[.'’&-]{_LETTERS})*(?:(?<=\b[A-Z]\.[A-Z])\.)?")
_CALENDAR = vocabulary(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec"
)
# Words that start sentences and are no names; the rest is learned from the articles: what is also written small.
_FUNCTION = vocabulary(
    "a an the this that these those i he she it we you they his her its our your their my me him us them and or but "
    "nor so yet if when while after before since until because although though as at by for from in into of on onto "
    "over to under up with without about not no never only just also even still then there here now what who which why "
    "how where is are was were has had have do does did will would can could may might must shall should one both "
    "all each every some many most more few other another such its it's he's she's born once later last next yet "
    "according despite during among between like unlike however instead meanwhile today yesterday read share leave "
    "mr mrs ms dr"
) | frozenset((*ONES, *TENS, *ORDINALS, *_CALENDAR))

_TITLES = (
    "mr mrs ms dr prof professor captain president premier minister chairman chairwoman chief executive ceo cto "
    "founder co-founder cofounder director analyst engineer manager spokesman spokeswoman spokesperson entrepreneur "
    "billionaire researcher scientist author mayor governor senator judge master investor strategist economist "
    "editor tycoon"
)
_TITLE_WORDS = frozenset(_TITLES.split())
_BODIES = (
    "company firm startup start-up fund maker operator utility magazine newspaper outlet paper bank giant rival unit"
)
_SUFFIX = {
    "ORG": "inc corp ltd co plc llc group capital university college school society bank institute ministry council "
    "committee party research labs lab technologies technology ventures partners securities post times journal news "
    "gazette daily weekly press agency association union federation authority commission court foundation holdings "
    "industries systems rail mutual centre center academy ai",
    "LOC": "sea river street road bridge lake island islands bay ocean park valley mountain mountains coast square "
    "airport harbour station peninsula avenue canal",
    "EVENT": "festival summit conference forum games olympics war cup fair marathon championship congress expo",
    "GPE": "city province county republic kingdom state",
}
_SUFFIXES = {word: type for type, words in _SUFFIX.items() for word in words.split()}
_SAYING = (
    "said|says|say|told|tells|added|adds|warned|wrote|believes|thinks|denied|asked|recalled|explained|noted|argued"
)

# What stands right before a name, and what right after it; each adds its weight to one type.
_BEFORE: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (re.compile(rf"\b(?:{'|'.join(_TITLES.split())})\.? $", re.IGNORECASE), "PERSON", 3),
    (re.compile(r"\d-year-old $|\b(?:said|says|adds|added) $"), "PERSON", 2),
    (re.compile(rf"\b(?:{'|'.join(_BODIES.split())}),? $", re.IGNORECASE), "ORG", 3),
    (
        re.compile(r"\b(?:born in|based in|city of|island of|town of|moved to|lives in|offices? in|capital of) $"),
        "GPE",
        3,
    ),
    (re.compile(r"\b(?:in|near|across|throughout|outside) $"), "GPE", 2),
    (re.compile(r"\b(?:off|along|across) the (?:\w+ )?$"), "LOC", 2),
    (
        re.compile(
            r"\b(?:app|model|chatbot|turbine|carriage|ship|schooner|ferry|chips?|software|[a-z]+ called) [“\"]?$"
        ),
        "PRODUCT",
        3,
    ),
    (re.compile(r"\b(?:from|at|to) $"), "GPE", 1),
    (re.compile(r"\b(?:at|by|joined|with) $"), "ORG", 1),
)
_AFTER: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (re.compile(rf" (?:\w+ )?(?:{_SAYING})\b"), "PERSON", 2),
    (
        re.compile(
            r",? (?:who|whose|himself|herself)\b|, [1-9]\d,|"
            r", (?:the|a|an|its) (?:former )?(?:\w+ )?(?:founder|captain|chief|director)"
        ),
        "PERSON",
        3,
    ),
    (re.compile(r",? (?:a|an|the) (?:\w+ ){0,2}(?:company|firm|startup|start-up|fund|bank|university)\b"), "ORG", 3),
    (
        re.compile(r" (?:was founded|employs|announced|launched|released|has raised|had raised|plans to|runs)\b"),
        "ORG",
        2,
    ),
    (re.compile(r"-based\b"), "GPE", 3),
    (re.compile(r", [A-Z]\w+ —| —"), "GPE", 1),
)
_PEOPLE = re.compile(r".{2,}(?:ese|ish|ian|ean|[rt]ican|[^p]ric|[dn]ic)$")

_SPEAKS = re.compile(rf" (?:{_SAYING})\b")


class Lexicon(msgspec.Struct, frozen=True):
    """What all articles together tell: which words are written small too, and what type a name has."""

    small: frozenset[str]
    types: Mapping[str, str]


def read_lexicon(documents: Sequence[Document]) -> Lexicon:
    """Read all articles once for words written small, and once for the cues of each name."""
    small = _written_small(documents)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for low, high in paragraphs(document):
            for start, end in runs(document.text, low, high, small):
                votes[_key(document.text[start:end])].update(_cues(document.text, low, start, end, high))
    return Lexicon(small, {name: _most(count) for name, count in votes.items() if count})


def _written_small(documents: Sequence[Document]) -> frozenset[str]:
    """Words that are no names: what is written small anywhere, and what has a capital only where a sentence opens.

    But what opens a sentence and goes on to say something is a name.
    """
    small, inside, opening = set(_FUNCTION), set(), set()
    for document in documents:
        for low, high in paragraphs(document):
            for found in _WORD.finditer(document.text, low, high):
                word = found[0][: _without_possessive(found[0], 0, len(found[0]))].casefold()
                if found[0].islower():
                    small.add(found[0])
                elif _opens(document.text, low, found.start()) and not _SPEAKS.match(document.text, found.end(), high):
                    opening.add(word)
                else:
                    inside.add(word)
    return frozenset(small | (opening - inside))


def _most(count: Counter[str]) -> str:
    return min(count, key=lambda type: (-count[type], type))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def runs(text: str, low: int, high: int, small: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words with one blank or line break between them, without what only starts the sentence."""
    run: list[tuple[int, int]] = []
    for found in _WORD.finditer(text, low, high):
        start, end = found.start(), _without_possessive(text, found.start(), found.end())
        if not found[0][0].isupper() or (found[0].casefold() in _FUNCTION and not _is_initialism(found[0])):
            continue
        if _opens(text, low, start) and found[0].casefold() in small and not text[end : end + 2].lstrip()[:1].isupper():
            continue
        if (
            not run
            and found[0].casefold().rstrip(".") in _TITLE_WORDS
            and text[end : end + 3].lstrip(". \n")[:1].isupper()
        ):
            continue
        if run and (text[run[-1][1] : start] not in (" ", "\n", "\r\n") or len(run) == LONGEST_NAME):
            yield run[0][0], run[-1][1]
            run = []
        run.append((start, end))
    if run:
        yield run[0][0], run[-1][1]


def _without_possessive(text: str, start: int, end: int) -> int:
    return end - 2 if end - start > 2 and text[end - 2] in "'’" and text[end - 1] in "sS" else end


def _is_initialism(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _opens(text: str, low: int, start: int) -> bool:
    """Whether a word opens a sentence or a quotation."""
    before = text[low:start].rstrip(" \n\r")
    return not before or before[-1] in '.!?:“"‘>…)—'


def _cues(text: str, low: int, start: int, end: int, high: int) -> Counter[str]:
    before, after, name = (
        text[max(low, start - 30) : start].replace("\n", " "),
        text[end : min(high, end + 40)],
        text[start:end],
    )
    words = name.split()
    votes: Counter[str] = Counter()
    votes.update({type: weight for pattern, type, weight in reversed(_BEFORE) if pattern.search(before)})
    for pattern, type, weight in _AFTER:
        votes[type] += weight if pattern.match(after.replace("\n", " ")) else 0
    if (suffix := _SUFFIXES.get(words[-1].casefold().strip("."))) and len(words) > 1:
        votes[suffix] += 6
    if any(char.isdigit() for char in name):
        votes["PRODUCT"] += 3
    if re.fullmatch(r"(?:[A-Z]\.){2,}", name):
        votes["GPE"] += 3
    if len(words) == 1 and _PEOPLE.match(name) and re.match(r"[ \n][a-z]", after):
        votes["NORP"] += 4
    return +votes


def names(text: str, low: int, high: int, lexicon: Lexicon) -> Iterator[Found]:
    """Names with the type that most of their cues tell; a part of a longer name has the type of the longer one."""
    for start, end in runs(text, low, high, lexicon.small):
        yield Found(start, end, type_of(text[start:end], lexicon), level="NAM")


def type_of(name: str, lexicon: Lexicon) -> str:
    """The type of a name; without any cue two or three words are a person, all else an organisation."""
    key = _key(name)
    if key in lexicon.types:
        return lexicon.types[key]
    longer = Counter(type for other, type in lexicon.types.items() if f" {key} " in f" {other} ")
    if longer:
        return _most(longer)
    words = name.split()
    return "PERSON" if len(words) in (2, 3) and all(word.isalpha() and not word.isupper() for word in words) else "ORG"
