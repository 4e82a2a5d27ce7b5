"""The Parquet files of a dataset folder: written in row groups, as rows come, and read back as rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from variorum.dataset.card import TableInfo
from variorum.dataset.columns import Column, Each, Labels, Struct, Type, arrow_schema, configs, label_sets
from variorum.dataset.rows import Row
from variorum.reading import sha256_of
from variorum.schema import Schema

ROW_GROUP = 10_000  # rows; what is in memory at a time
EXAMPLES = 1_000  # rows among which an example is looked for
FILE = "test-00000-of-00001.parquet"
Change = Callable[[Any], Any]


def path_of(name: str) -> str:
    """Where the table of a config lies in the folder."""
    return f"data/{name}/{FILE}"


def write(folder: Path, streams: Mapping[str, Iterable[Row]], schema: Schema) -> dict[str, int]:
    """Write each config that has rows (`datasets` cannot read an empty split); returns how many rows each has."""
    columns = configs(schema)
    return {name: _write(folder / path_of(name), columns[name], iter(streams[name]), schema) for name in columns}


def _write(path: Path, columns: tuple[Column, ...], rows: Iterator[Row], schema: Schema) -> int:
    """Without metadata of any library: the features stand in the card alone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    group, count = list(islice(rows, ROW_GROUP)), 0
    if not group:
        return 0
    path.parent.mkdir(parents=True)
    arrow, by_name = arrow_schema(columns), arrow_schema(columns, labels="string")
    with pq.ParquetWriter(path, arrow, compression="zstd") as file:
        while group:
            table = pa.Table.from_pylist(group, schema=by_name)
            numbered = [_numbered(table[c.name].combine_chunks(), c.type, schema) for c in columns]
            file.write_table(pa.Table.from_arrays(numbered, schema=arrow))
            count += len(group)
            group = list(islice(rows, ROW_GROUP))
    return count


def _numbered(array: Any, type: Type, schema: Schema) -> Any:
    """A column whose labels are their numbers, whole columns at a time. ValueError for one that is no label."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(type, Labels):
        numbers = pc.index_in(array, value_set=pa.array(schema.names(type.label_set), pa.string())).cast(pa.int64())
        if numbers.null_count > array.null_count:
            raise ValueError(f"there is a label that {type.label_set} does not have")
        return numbers
    if isinstance(type, Struct) and label_sets(type.columns):
        parts = array.flatten()  # null where the record is
        fields = [_numbered(part, each.type, schema) for part, each in zip(parts, type.columns, strict=True)]
        return pa.StructArray.from_arrays(fields, fields=list(arrow_schema(type.columns)), mask=array.is_null())
    return array


def infos(folder: Path, schema: Schema) -> list[TableInfo]:
    """What is to be said of each table that is there."""
    found = ((name, columns, folder / path_of(name)) for name, columns in configs(schema).items())
    return [_info(name, columns, path) for name, columns, path in found if path.is_file()]


def _info(name: str, columns: tuple[Column, ...], path: Path) -> TableInfo:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        n_rows = file.metadata.num_rows
        n_bytes = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        examples = next(file.iter_batches(EXAMPLES)).to_pylist()
    return TableInfo(name, columns, n_rows, n_bytes, path.stat().st_size, sha256_of(path), max(examples, key=_told))


def _told(row: Row) -> int:
    """How much of a row is not null: the one that tells most is the example."""
    return sum(value is not None and value != [] for value in row.values())


def read(path: Path) -> list[Row]:
    """The rows of a Parquet file as they are stored."""
    import pyarrow.parquet as pq

    rows: list[Row] = pq.read_table(path, partitioning=None).to_pylist()
    return rows


def read_named(path: Path, columns: tuple[Column, ...], schema: Schema) -> list[Row]:
    """The same with labels by their names. ValueError if the columns are others than these."""
    rows = read(path)
    if rows and list(rows[0]) != [column.name for column in columns]:
        raise ValueError(f"{path.name} has other columns than {', '.join(column.name for column in columns)}")
    change = _row_change(columns, lambda labels: schema.names(labels.label_set).__getitem__)
    return [change(row) for row in rows] if change else rows


# --- labels and their numbers ----------------------------------------------------------------------------------


def _row_change(columns: tuple[Column, ...], of: Callable[[Labels], Change]) -> Change | None:
    """How a row, or a record in it, changes when its labels do; None where it has none, so that nothing is copied."""
    changes = {column.name: found for column in columns if (found := _change(column.type, of))}
    if not changes:
        return None

    def change(row: Row) -> Row:
        new = dict(row)
        for name, each in changes.items():
            if (value := new.get(name)) is not None:
                new[name] = each(value)
        return new

    return change


def _change(type: Type, of: Callable[[Labels], Change]) -> Change | None:
    if isinstance(type, Labels):
        return of(type)
    if isinstance(type, Struct):
        return _row_change(type.columns, of)
    if isinstance(type, Each):
        inner = _change(type.of, of)
        return None if inner is None else lambda members: [inner(member) for member in members]
    return None
