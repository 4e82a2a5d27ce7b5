"""How a dataset came about, in `provenance/` beside its tables: enough to make gold, agreement and card of it anew."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from variorum.contrast.records import Contrast
from variorum.dataset import datasheet
from variorum.dataset.citation import Citation
from variorum.dataset.figures import figures
from variorum.dataset.material import Material
from variorum.dataset.rows import in_order
from variorum.decisions import Decision, Rounds
from variorum.records import LAYERS, AnnotationSet, Annotator, Annotators, Pair, Record, to_json
from variorum.schema import LABELS_FILE
from variorum.validity import Tests

R = TypeVar("R", bound=Record)
FOLDER = "provenance"
DATASHEET = "DATASHEET.md"


class Header(Record, frozen=True, kw_only=True):
    """An annotation set without its records, and which layers it has."""

    head: AnnotationSet
    layers: tuple[str, ...]


class Origin(Record, frozen=True, kw_only=True):
    """`provenance/corpus.json`: version, whom to name, the rounds, the headers of gold and of the annotators' sets."""

    version: str
    citation: Citation
    rounds: Rounds | None
    gold: Header
    sets: tuple[Header, ...]


class Decided(Record, frozen=True, kw_only=True):
    """`provenance/decisions.json`: the adjudicator's decisions by round."""

    rounds: dict[str, tuple[Decision, ...]]


class Earlier(Record, frozen=True, kw_only=True):
    """`provenance/earlier.json`: the sets whose claims the pairs of past rounds are about, without words."""

    sets: tuple[AnnotationSet, ...]


class Stored(Record, frozen=True, kw_only=True):
    """All of it, read back; the reports and the datasheet as they lie there."""

    origin: Origin
    annotators: tuple[Annotator, ...]
    decisions: dict[str, tuple[Decision, ...]]
    earlier: tuple[AnnotationSet, ...]
    agreement: str | None
    validity: str | None
    tests: Tests
    datasheet: str | None
    contrast: Contrast | None


def files(material: Material) -> dict[str, bytes]:
    """The files by their paths in the dataset folder."""
    origin = Origin(
        version=material.version,
        citation=material.citation,
        rounds=material.rounds,
        gold=_header(material.gold),
        sets=tuple(map(_header, in_order(material.annotators))),
    )
    decided = {name: tuple(map(_bare, each)) for name, each in sorted(material.decisions.items())}
    found: dict[str, bytes | None] = {
        "corpus.json": to_json(origin),
        "annotators.json": to_json(Annotators(annotators=material.sources)),
        "decisions.json": to_json(Decided(rounds=decided)),
        "earlier.json": to_json(Earlier(sets=tuple(map(_wordless, material.earlier)))) if material.earlier else None,
        LABELS_FILE: _indented(material.schema.documents[LABELS_FILE]),
        "agreement.json": _encoded(material.agreement),
        "validity.json": _encoded(material.validity),
        "tests.json": to_json(_bare_tests(material.tests)) if material.tests != Tests() else None,
    }
    if material.contrast is not None:
        found["contrast.json"] = to_json(material.contrast)
    made = {f"{FOLDER}/{name}": data for name, data in found.items() if data}
    if material.datasheet is not None:
        sheet = datasheet.filled(material.datasheet, figures(material))
        made[DATASHEET] = datasheet.alone(sheet, {"README.md", DATASHEET, *made}).encode()
    return made


def read(data: Mapping[str, bytes]) -> Stored:
    """The inverse of `files`. ValueError, with the file's name, if one is missing or is something else."""
    earlier = _record(data, "earlier.json", Earlier)
    return Stored(
        origin=_needed(data, "corpus.json", Origin),
        annotators=_needed(data, "annotators.json", Annotators).annotators,
        decisions=_needed(data, "decisions.json", Decided).rounds,
        earlier=earlier.sets if earlier else (),
        agreement=_read(data, f"{FOLDER}/agreement.json"),
        validity=_read(data, f"{FOLDER}/validity.json"),
        tests=_record(data, "tests.json", Tests) or Tests(),
        datasheet=_read(data, DATASHEET),
        contrast=_record(data, "contrast.json", Contrast),
    )


def _needed(data: Mapping[str, bytes], name: str, kind: type[R]) -> R:
    found = _record(data, name, kind)
    if found is None:
        raise ValueError(f"{FOLDER}/{name} is not there")
    return found


def _record(data: Mapping[str, bytes], name: str, kind: type[R]) -> R | None:
    path = f"{FOLDER}/{name}"
    text = _read(data, path)
    try:
        return None if text is None else msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: {error}") from error


def _read(data: Mapping[str, bytes], path: str) -> str | None:
    try:
        return data[path].decode() if path in data else None
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: byte {error.start} is not UTF-8 ({error.reason})") from error


def _bare_tests(tests: Tests) -> Tests:
    """The key and the answers as relations alone: nothing else of them counts for a figure."""
    return msgspec.structs.replace(
        tests, key=tests.key and _relations(tests.key), judged=tuple(map(_relations, tests.judged))
    )


def _relations(each: AnnotationSet) -> AnnotationSet:
    pairs = each.contradictions or ()
    bare = (Pair(pair_id=p.pair_id, claim_a=p.claim_a, claim_b=p.claim_b, relation=p.relation) for p in pairs)
    return msgspec.structs.replace(each, mentions=None, entities=None, claims=None, contradictions=tuple(bare))


def _wordless(each: AnnotationSet) -> AnnotationSet:
    return msgspec.convert(without_words(msgspec.to_builtins(each)), AnnotationSet)


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _header(each: AnnotationSet) -> Header:
    bare = msgspec.structs.replace(each, mentions=None, entities=None, claims=None, contradictions=None)
    return Header(head=bare, layers=tuple(layer for layer in LAYERS if getattr(each, layer) is not None))


def _bare(decision: Decision) -> Decision:
    """A decision whose choice has offsets and no words: the offsets tell which, and the words are not ours."""
    return msgspec.structs.replace(decision, choice=without_words(msgspec.to_builtins(decision.choice)))


def without_words(value: Any) -> Any:
    """JSON values without the words of their spans."""
    if isinstance(value, dict):
        span = value.keys() >= {"start", "end"}
        return {name: without_words(member) for name, member in value.items() if not (span and name == "text")}
    return [without_words(member) for member in value] if isinstance(value, list | tuple) else value


def _indented(value: Any) -> bytes:
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode()
