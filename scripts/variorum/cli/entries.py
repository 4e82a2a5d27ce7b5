"""What `variorum leaderboard` reads: the entries of the leaderboard, and each annotator beside the others."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from variorum import reading
from variorum.checks import RULES
from variorum.checks.rule import Finding, problems
from variorum.checks.schema_rules import validate
from variorum.cli.app import fail, shown
from variorum.cli.edited import read_answers, unfit
from variorum.cli.score_inputs import unplaced
from variorum.cli.sets import read_contrast_pairs, read_decisions, read_rounds, read_sets, stop
from variorum.contrast.records import Contrast
from variorum.corpus import CONTRAST_FILE, PREDICTION_FILE, SYSTEM_FILE, Corpus
from variorum.leaderboard import Entry, System
from variorum.problems import Problem
from variorum.records import AnnotationSet
from variorum.scoring import Answered

if TYPE_CHECKING:
    from variorum.agreement import HeldOut

HOW = "variorum baseline trivial --entry leaderboard/trivial"


def read_entries(corpus: Corpus, gold: AnnotationSet) -> list[Entry]:
    """All entries, by name. Ends with every problem of every file and exit code 1 if one cannot be used, with exit code
    2 if there are none."""
    folders = corpus.entries()
    if not folders:
        fail(f"there is no row under {shown(corpus.leaderboard)} yet; `{HOW}` makes a first one")
    own = read_contrast_pairs(corpus)
    read = [_entry(folder, corpus, gold, own) for folder in folders]
    if errors := [problem for _, found in read for problem in found]:
        stop(errors)
    return [entry for entry, _ in read if entry]


def _entry(
    folder: Path, corpus: Corpus, gold: AnnotationSet, own: Contrast | None
) -> tuple[Entry | None, list[Problem]]:
    """The entry in a folder, or everything that is wrong with its files."""
    from variorum import formats

    system = _system(folder / SYSTEM_FILE, corpus)
    path = folder / PREDICTION_FILE
    found = formats.read(path, corpus, claims=gold, name=shown(path))
    edited = _edited(folder / CONTRAST_FILE, own)
    errors = [*found.errors, *(wrong for each in (system, edited) if isinstance(each, list) for wrong in each)]
    if isinstance(system, list) or isinstance(edited, list) or found.annotation_set is None:
        return None, errors
    return Entry(folder.name, system, found.annotation_set, unplaced(found), edited), errors


def _edited(path: Path, own: Contrast | None) -> Answered | list[Problem] | None:
    """What the system says of the corpus' contrast pairs, None without the file, or what is wrong with it."""
    if not path.exists():
        return None
    if own is None:
        return [
            Problem(shown(path), "$", "unknown-edit", "the corpus has no contrast pairs (annotations/contrast.json)")
        ]
    found = read_answers(path, own)
    return unfit(found, own, shown(path)) or Answered(own, found.answers)


def _system(path: Path, corpus: Corpus) -> System | list[Problem]:
    """What made the prediction, or what is wrong with the file."""
    read = reading.read_json(path, shown(path))
    if errors := list(read.problems or problems(validate(read.value, corpus.schema, "system"), RULES, shown(path))):
        return errors
    try:
        return msgspec.convert(read.value, System)
    except msgspec.ValidationError as error:
        return list(problems([Finding("schema", "$", str(error))], RULES, shown(path)))


def beside_others(corpus: Corpus) -> "Iterator[HeldOut]":
    """Each annotator beside what the others settle; nobody where the corpus has no rounds."""
    from variorum.agreement import Making, held_out

    if not (corpus.annotations / "rounds.json").is_file():
        return
    rounds = read_rounds(corpus)
    sets = read_sets((path for name in (rounds.articles, *rounds.pairs) for path in corpus.records(name)), corpus)
    decided = read_decisions([rounds.articles], corpus), read_decisions(rounds.pairs, corpus)
    try:
        yield from held_out(sets, Making(rounds, *decided))
    except ValueError as error:
        fail(str(error), 1)
