"""Rules of what Label Studio holds: exports as they were pulled, and records against the round they were made in.

`variorum.label_studio` applies them, to what is pulled or submitted; here they are asked of what is stored.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from variorum import reading
from variorum.checks.rule import Finding, Rule, by_id
from variorum.checks.stored import HEADER_SUFFIX
from variorum.corpus import Corpus
from variorum.label_studio import exports, filing, rounds
from variorum.label_studio.controls import Kind
from variorum.problems import WARNING, Problem
from variorum.records import AnnotationSet

_FOREIGN = "Anybody with an account can change anybody's annotation: they are the work of two people."
_SERVER = "The server checks nothing that a program sends."


def _rule(name: str, summary: str, why: str = "", level: str = "error") -> Rule:
    return Rule(id=name, stage="studio", summary=summary, why=why, level=level)


RULES = by_id(
    _rule(
        "round-header",
        "An export and its round's header lie beside each other, named after the round; records are made of both.",
    ),
    _rule("task-data", "The data of a task are those that were pushed."),
    _rule("text-changed", "The text of a task is that of the corpus' document."),
    _rule("no-account", "An annotation is by somebody invited as annotator; others are left out.", level=WARNING),
    _rule("second-annotation", "An annotator has one annotation of a task."),
    _rule("foreign-edit", "Who changed an annotation last is who made it.", _FOREIGN, WARNING),
    _rule(
        "foreign-task",
        "Who judges a pair does so in an own order and on own sides.",
        "Two people who follow one order share its effects, and seem to agree more than they do.",
        WARNING,
    ),
    _rule(
        "untouched-prediction",
        "What a system proposed was touched by the annotator.",
        "Labels that are merely left standing agree with the system, and with each other, too well.",
        WARNING,
    ),
    _rule(
        "mixed-guidelines",
        "All of an annotator's labels of a round were made under one version of the guidelines.",
        "The record names the newest; the export has the version of each annotation.",
        WARNING,
    ),
    _rule("result-shape", "A result has the members of one, of the right types.", _SERVER),
    _rule("unknown-control", "A result comes from a control of the round's page.", _SERVER),
    _rule("unknown-label", "A label or answer is one that its control offers.", _SERVER),
    _rule("several-answers", "What takes one answer has one.", _SERVER),
    _rule("region-offsets", "A region is a stretch of its text, not empty.", _SERVER),
    _rule("region-twice", "A region has one label.", _SERVER),
    _rule("stray-attribute", "An answer about a region is about one that has a label.", _SERVER),
    _rule(
        "not-applicable",
        "An answer goes with the label or the relation it is given for; another is left out.",
        "It is left over in the browser after a change of mind, and not seen there any more.",
        WARNING,
    ),
    _rule("missing-answer", "A claim, a value and a pair have the answers without which they are no record."),
    _rule("entity-conflict", "Mentions of one entity agree on its name and type."),
    _rule("unlinked-region", "A CUE or CLAIM_PART is linked with a claim."),
    _rule(
        "identity-conflict",
        "Mentions that are linked as the same have the name of one entity.",
        "One name is enough for all that are linked; a mention without a link needs a name of its own.",
    ),
    _rule("bad-relation", "A relation links a claim with one holder, one cue, or further parts; or two mentions."),
    _rule(
        "screening-entry",
        "An entry of a screening list names two claims by their numbers, and says what its list asks for.",
        '4-9, or 4-9 rounding; a conflict: 4-9 time | date 2018 "in 2018" | date 2016 "2016" | why | name.',
    ),
    _rule("listed-twice", "A pair of claims stands in one of the lists of a screening, and once."),
    _rule("decision-conflict", "Adjudicators who answer one question decide alike."),
    _rule("round-layers", "A set has the layers that its round asks for, and no others."),
    _rule("round-guidelines", "A set was made under guidelines that its round had."),
    _rule("round-claims", "A set judges the claims that its round judges."),
    _rule("round-pairs", "A set has no pairs but those of its round's pool, unless annotators list their own."),
    _rule(
        "not-carried",
        "What is submitted is what Label Studio would give back.",
        "Blanks around names are lost, say; a score is (a warning).",
    ),
)


class Pulled(msgspec.Struct, frozen=True):
    """A stored round: its header, and the ids of its tasks."""

    kept: rounds.Kept
    keys: frozenset[str]


def is_header(path: Path) -> bool:
    """Whether a file of annotations/ is the header beside an export."""
    return path.parent.name == "exports" and path.name.endswith(HEADER_SUFFIX)


def check_header(path: Path) -> Iterator[Problem | Finding]:
    """What is wrong with where a header lies; what is wrong in it, its schema says. Never raises."""
    export = path.with_name(path.name.removesuffix(HEADER_SUFFIX) + ".json")
    if not export.is_file():
        yield Finding("round-header", "$", f"{export.name}, of which records are made with it, is not there")
    try:
        asked = rounds.from_bytes(path.read_bytes()).round
    except (OSError, ValueError):
        return
    if path.name != (wanted := f"{asked.round}.{asked.kind}{HEADER_SUFFIX}"):
        yield Finding("round-header", "$.round", f"it is the header that lies in {wanted}")


def check_export(path: Path, corpus: Corpus, name: str, found: dict[str, Pulled]) -> Iterator[Problem | Finding]:
    """What is wrong with an export; its round is added to `found` by its name. Never raises."""
    header = path.with_suffix(".round.json")
    try:
        kept = rounds.from_bytes(header.read_bytes())
    except (OSError, ValueError) as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        yield Finding("round-header", "$", f"{header.name} {why}; `variorum studio pull` writes both")
        return
    read = reading.read_json(path, name)
    yield from read.problems
    if read.problems:
        return
    try:
        tasks = exports.checked(read.value)
    except ValueError as error:
        yield Finding("task-data", "$", str(error))
        return
    keys = frozenset(str(exports.data_of(task).get(kept.round.key)) for task in tasks)
    if kept.round.kind is not Kind.adjudication:  # it has the name of the round that it decides on
        found[kept.round.round] = Pulled(kept, keys)
    yield from exports.sets(tasks, kept.round, corpus.documents, corpus.schema, name).problems


def check_record(stored: AnnotationSet, pulled: Mapping[str, Pulled], name: str) -> Iterator[Problem]:
    """A record against the header of its round, if that was pulled."""
    of = pulled.get(stored.round or "")
    if of is None or stored.role != "annotator":
        return
    yield from filing.check_header(stored, of.kept.round, name, past=True)
    yield from filing.outside_pool(stored, of.kept.round, of.keys, name)
