"""Rules of what is stored under annotations/: every file by itself, then files beside one another."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from variorum import reading
from variorum.checks.rule import Finding, Rule, by_id
from variorum.checks.schema_rules import validate
from variorum.corpus import SOURCES_FILE
from variorum.problems import Problem, shown
from variorum.records import AnnotationSet, Annotator, Annotators
from variorum.schema import Schema

RULES = by_id(
    Rule(
        id="labels-file",
        stage="corpus",
        summary="A corpus' own schema/labels.schema.json changes only the labels that may change.",
    ),
    Rule(
        id="record-path",
        stage="corpus",
        summary="A stored set lies where its header says: records/<round>/<source>.json, consolidated.json, gold.json.",
    ),
    Rule(
        id="quote-stored",
        stage="corpus",
        summary="A stored set has offsets; quotes are for the way in only.",
    ),
    Rule(
        id="unknown-annotator",
        stage="corpus",
        summary="The source of a record is in annotators.json, with its round and guideline version.",
    ),
    Rule(
        id="judged-twice",
        stage="corpus",
        summary="A pair is judged once for each source and round, whatever the number of files.",
    ),
)

# The concept in schema/ that a file of annotations/ of this name, or in a folder of this name there, is one of; None:
# JSON, but not ours to define.
_BY_NAME = {
    "annotators.json": "annotators",
    "rounds.json": "rounds",
    "contrast.json": "contrast",
    "agreement.json": None,
    "validity.json": None,
    "withdrawn.json": None,
}
HEADER_SUFFIX = ".round.json"
_BY_CONTRAST = {"written": "contrast_edits", "verified": "contrast_judgements", "assigned.json": "contrast_assigned"}
_BY_FOLDER = {"decisions": "decisions", "exports": None, "pools": "pool"}


def json_files(folder: Path) -> Iterator[Path]:
    """All *.json below a folder, in order; links to folders are not followed, nor corpora within the folder."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not Path(parent, name, "seeds", SOURCES_FILE).is_file())
        yield from (Path(parent) / name for name in sorted(names) if name.endswith(".json") and name[0] != ".")


def concept(path: Path, annotations: Path) -> str | None:
    """What the file at `path` should be: `annotation_set`, another concept of the schema, or None.

    A file outside the folder `annotations` of the corpus is an annotation set, whatever it is called.
    """
    # The file itself may be a link to anywhere: what counts is the place where it stands.
    place, folder = Path(os.path.realpath(path.parent), path.name), Path(os.path.realpath(annotations))
    below = place.relative_to(folder).parts if place.is_relative_to(folder) else ()
    if below[:1] == ("exports",) and path.name.endswith(HEADER_SUFFIX):
        return "round_header"
    if below[:1] == ("contrast",) and len(below) > 1:
        return _BY_CONTRAST.get(below[1])
    if len(below) == 1:
        return _BY_NAME.get(path.name, "annotation_set")
    return _BY_FOLDER.get(below[0], "annotation_set") if below else "annotation_set"


def check_other(path: Path, kind: str | None, schema: Schema, name: str) -> Iterator[Problem | Finding]:
    """A file that is no annotation set: it is read, and held to its schema if it has one."""
    read = reading.read_json(path, name)
    yield from read.problems
    if not read.problems and kind is not None and f"{kind}.schema.json" in schema.documents:
        yield from validate(read.value, schema, kind)
        if kind == "annotators":
            yield from _annotators_once(read.value)


def _annotators_once(value: object) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for i, annotator in enumerate(_annotators(value)):
        if (other := first.setdefault(annotator.source, i)) != i:
            message = f"{shown(annotator.source)} is $.annotators[{other}] already"
            yield Finding("duplicate-id", f"$.annotators[{i}]", message)


def _annotators(value: object) -> tuple[Annotator, ...]:
    try:
        return msgspec.convert(value, Annotators).annotators
    except msgspec.ValidationError:
        return ()


# --- a stored set in its place --------------------------------------------------------------------------------

_ROLES = {"consolidated.json": "consolidated", "gold.json": "gold"}


def read_annotators(path: Path) -> dict[str, Annotator] | None:
    """Who annotates, by source; None if the file is not there or broken (which is a problem of that file)."""
    read = reading.read_json(path, str(path))
    found = {annotator.source: annotator for annotator in _annotators(read.value)}
    return found or None


def check_place(path: Path, stored: AnnotationSet, annotators: dict[str, Annotator] | None) -> Iterator[Finding]:
    """Where a stored set lies against what its header says; a set below `records/` also against annotators.json."""
    record = "records" in path.parts[-3:-1]
    role = "annotator" if record else _ROLES.get(path.name)
    if role and stored.role != role:
        yield Finding("record-path", "$.role", f"the set that lies here has role {role}, record says {stored.role}")
    if not record:
        return
    if stored.source != path.stem:
        message = f"the file is that of {shown(path.stem)}, record says {shown(stored.source)}"
        yield Finding("record-path", "$.source", message)
    if stored.round != path.parent.name:
        message = f"the folder is that of {shown(path.parent.name)}, record says {shown(stored.round)}"
        yield Finding("record-path", "$.round", message)
    if annotators is not None:
        yield from _annotator(stored, annotators.get(stored.source))


def _annotator(stored: AnnotationSet, annotator: Annotator | None) -> Iterator[Finding]:
    if annotator is None:
        yield Finding("unknown-annotator", "$.source", f"{shown(stored.source)} is not in annotators.json")
        return
    versions = {each.round: each.guideline_version for each in annotator.rounds}
    if stored.round not in versions:
        message = f"annotators.json has no round {shown(stored.round)} of this source"
        yield Finding("unknown-annotator", "$.round", message)
    elif stored.guideline_version != versions[stored.round]:
        message = f"annotators.json has {shown(versions[stored.round])}, record says {shown(stored.guideline_version)}"
        yield Finding("unknown-annotator", "$.guideline_version", message)


class Judged:
    """Which pairs each source has judged in each round, over the files seen so far."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str | None, str, str], tuple[str, int]] = {}

    def check(self, stored: AnnotationSet, name: str) -> Iterator[Finding]:
        """The pairs of a set that an earlier file of the same source and round has judged."""
        for i, pair in enumerate(stored.contradictions or ()):
            low, high = sorted((pair.claim_a, pair.claim_b))
            file, other = self._first.setdefault((stored.source, stored.round, low, high), (name, i))
            if file != name:
                message = f"judged by this source in this round already: {file}::$.contradictions[{other}]"
                yield Finding("judged-twice", f"$.contradictions[{i}]", message)
