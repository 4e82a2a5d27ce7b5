"""A dataset folder read back: the inverse of `build`, up to the order of what has none."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from variorum import schema
from variorum.corpus import STAND_IN, Document
from variorum.dataset import provenance, tables
from variorum.dataset.columns import configs
from variorum.dataset.material import Material, Measured
from variorum.dataset.rows import Row
from variorum.records import LAYERS, AnnotationSet, Claim, Entity, Mention, Pair, Record
from variorum.schema import LABELS_FILE, Schema
from variorum.sources import Run, Source

R = TypeVar("R", bound=Record)
KIND: dict[str, type[Record]] = {"mentions": Mention, "entities": Entity, "claims": Claim, "contradictions": Pair}


BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, NotImplementedError)  # pyarrow's own, too


class Unreadable(ValueError):
    """The folder is no dataset folder of ours, or broken."""


def said(error: Exception) -> str:
    """What is wrong, in one line."""
    if isinstance(error, FileNotFoundError):
        return f"{Path(error.filename).name if error.filename else 'a file'} is not there"
    words = " ".join(str(error).split())
    return words if isinstance(error, ValueError) and words else f"{type(error).__name__}: {words}"


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Whatever goes wrong is said to be in this file."""
    try:
        yield
    except BROKEN as error:
        raise ValueError(f"{path}: {said(error)}") from error


def read(folder: Path) -> Material:
    """What the dataset in a folder was built from. Unreadable, with the reason, if it cannot be told."""
    try:
        return _read(folder)
    except BROKEN as error:
        raise Unreadable(f"{folder} is no dataset folder that can be read: {said(error)}") from error


def _read(folder: Path) -> Material:
    labels = schema.load(folder / provenance.FOLDER / LABELS_FILE)
    names = [*(p for p in (folder / provenance.FOLDER).iterdir() if p.is_file()), folder / provenance.DATASHEET]
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in names if path.is_file()}
    told = provenance.read(found)
    rows = _rows(folder, "documents", labels)
    with _naming(tables.path_of("documents")):
        documents = {row["doc_id"]: _document(row) for row in rows}
        known = {row["doc_id"]: _measured(row) for row in rows}
    layers = {name: _layer(folder, name, labels) for name in LAYERS}
    given = _rows(folder, "annotations", labels)
    with _naming(tables.path_of("annotations")):
        annotators = _sets(told.origin.sets, given)
    rounds = told.origin.rounds
    return Material(
        documents=documents,
        schema=labels,
        gold=_whole(told.origin.gold, layers),
        annotators=annotators,
        pair_sets=tuple(each for name in (rounds.pairs if rounds else ()) for each in annotators if each.round == name),
        earlier=told.earlier,
        version=told.origin.version,
        sources=told.annotators,
        rounds=rounds,
        decisions=told.decisions,
        agreement=told.agreement,
        validity=told.validity,
        tests=told.tests,
        datasheet=told.datasheet,
        contrast=told.contrast,
        citation=told.origin.citation,
        has_texts=all(row["text"] is not None for row in rows),
        measured=known,
    )


def read_texts(folder: Path) -> dict[str, str]:
    """The texts of a dataset folder by doc_id. OSError or ValueError if it has none."""
    rows = tables.read(folder / tables.path_of("documents"))
    if missing := [row["doc_id"] for row in rows if row["text"] is None]:
        raise ValueError(f"this edition has no texts ({', '.join(missing)})")
    return {row["doc_id"]: row["text"] for row in rows}


def _rows(folder: Path, name: str, labels: Schema) -> list[Row]:
    path = folder / tables.path_of(name)
    with _naming(tables.path_of(name)):
        return tables.read_named(path, configs(labels)[name], labels) if path.is_file() else []


def _layer(folder: Path, name: str, labels: Schema) -> list[Record]:
    rows = _rows(folder, name, labels)
    with _naming(tables.path_of(name)):
        return [_record(row, KIND[name]) for row in rows]


def _document(row: Row) -> Document:
    text = row["text"] if row["text"] is not None else STAND_IN * row["n_chars"]
    return Document(_record(row, Source), text)


def _measured(row: Row) -> Measured:
    shares = tuple((entry["share"], entry["other_share"]) for entry in row["copied_from"])
    return Measured(tuple(row["block_sha256"]), shares)


def _record(row: Row, kind: type[R]) -> R:
    """The record that a row was made of: what is null was left out, a value has its anchor again."""
    return msgspec.convert(_shaped(row, kind), kind)


def _shaped(row: Row, kind: type[Record]) -> Row:
    own = {name: row[name] for name in kind.__struct_fields__ if row.get(name) is not None}
    for name in ("value", "value_a", "value_b"):
        if isinstance(own.get(name), dict):
            own[name] = _value(own[name])
    if "copied_from" in own:
        own["copied_from"] = [_copied(entry, row["shared_runs"]) for entry in row["copied_from"]]
    return own


def _copied(entry: Row, runs: list[Row]) -> Row:
    own = [{name: run[name] for name in Run.__struct_fields__} for run in runs if run["doc_id"] == entry["doc_id"]]
    return {"doc_id": entry["doc_id"], "direction": entry["direction"], "runs": own}


def _value(flat: Row) -> Row:
    date, source = flat.pop("anchor_date"), flat.pop("anchor_source")
    value = {name: each for name, each in flat.items() if each is not None}
    return value if date is None else {**value, "anchor": {"date": date, "source": source}}


def _whole(header: provenance.Header, layers: dict[str, list[Any]]) -> AnnotationSet:
    return msgspec.structs.replace(header.head, **{name: tuple(layers[name]) for name in header.layers})


def _sets(headers: tuple[provenance.Header, ...], rows: list[Row]) -> tuple[AnnotationSet, ...]:
    found: dict[tuple[str, str | None], dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        record = msgspec.json.decode(row["record"], type=KIND[row["layer"]])
        found[row["source"], row["round"]][row["layer"]].append(record)
    return tuple(_whole(each, found[each.head.source, each.head.round]) for each in headers)
