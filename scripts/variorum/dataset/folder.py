"""The dataset folder: Parquet and card, replaced as a whole or not at all."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from variorum.dataset.card import MARK, TableInfo, card
from variorum.dataset.columns import Column, Each, Labels, Struct, Type, arrow_schema, configs
from variorum.dataset.rows import Material, Row, rows
from variorum.schema import Schema


def build(material: Material, out: Path) -> dict[str, int]:
    """Build the dataset folder `out` from the material; returns how many rows each config has; one without is left out.

    The folder is built beside `out` and takes its place when it is complete. FileExistsError if `out` is something else
    than a dataset folder of ours, ValueError if there are no rows at all; on any failure what was there stays.
    """
    if not _replaceable(out):
        raise FileExistsError(f"{out} is there and is no dataset folder; it is left alone")
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}."))
    try:
        counts = _fill(beside / "new", material)
        _swap(beside / "new", out, beside / "old")
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return counts


def read_texts(folder: Path) -> dict[str, str]:
    """The texts of a dataset folder by doc_id. OSError or ValueError if it has none."""
    import pyarrow.parquet as pq

    files = sorted((folder / "data" / "documents").glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"{folder} has no data/documents/*.parquet")
    tables = [pq.read_table(path, columns=["doc_id", "text"]).to_pydict() for path in files]
    return {doc_id: text for each in tables for doc_id, text in zip(each["doc_id"], each["text"], strict=True)}


def _replaceable(out: Path) -> bool:
    """Whether `out` is free, empty, or a dataset folder that this module wrote."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        return False
    if not out.exists() or not any(out.iterdir()):
        return True
    readme = out / "README.md"
    return readme.is_file() and MARK.encode() in readme.read_bytes()


def _swap(new: Path, out: Path, old: Path) -> None:
    """Put `new` in the place of `out`; the old folder comes back if that fails."""
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except BaseException:
        if old.exists():
            old.rename(out)
        raise


def _fill(folder: Path, material: Material) -> dict[str, int]:
    columns = configs(material.schema)
    tables = rows(material)
    if not any(tables.values()):
        raise ValueError("there is nothing to build: the corpus has no article")
    # A config without rows is left out: `datasets` cannot read an empty split.
    info = [_write(folder, name, columns[name], tables[name], material.schema) for name in columns if tables[name]]
    (folder / "README.md").write_text(card(material, info), encoding="utf-8", newline="\n")
    return {name: len(tables[name]) for name in columns}


def _write(folder: Path, name: str, columns: tuple[Column, ...], table: Sequence[Row], schema: Schema) -> TableInfo:
    """Write one config as Parquet, without metadata of any library, so that the features stand in the card alone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "data" / name / "test-00000-of-00001.parquet"
    path.parent.mkdir(parents=True)
    stored = [_stored(Struct(columns), row, schema) for row in table]
    arrow = pa.Table.from_pylist(stored, schema=arrow_schema(columns))
    pq.write_table(arrow, path, compression="zstd")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return TableInfo(name, columns, len(table), arrow.nbytes, len(data), digest)


def _stored(type: Type, value: Any, schema: Schema) -> Any:
    """A value as Parquet has it: labels by their number. KeyError if a column is missing, ValueError for no label."""
    if value is None:
        return None
    if isinstance(type, Labels):
        return schema.names(type.label_set).index(value)
    if isinstance(type, Each):
        return [_stored(type.of, member, schema) for member in value]
    if isinstance(type, Struct):
        return _columns(type, value, schema)
    return value


def _columns(type: Struct, value: Mapping[str, Any], schema: Schema) -> Row:
    return {column.name: _stored(column.type, value[column.name], schema) for column in type.columns}
