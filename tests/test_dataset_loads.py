"""Whatever people load Parquet with, they get the rows that were built: `datasets` old and new, and others."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from variorum import dataset
from variorum.cli.build import material
from variorum.corpus import read_corpus
from variorum.dataset import tables
from variorum.dataset.columns import CONFIGS, Each, configs
from variorum.schema import Schema

OLDER = ("2.21.0", "3.6.0", "4.8.5")  # the last of each major version but the newest, which the project's own tests use
READER = Path(__file__).with_name("dataset_reader.py")


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Schema]:
    """The dataset of the small corpus, in both editions' folders, and its labels."""
    corpus = read_corpus(ROOT / "tests" / "corpus")
    folder = tmp_path_factory.mktemp("loads") / "dataset"
    dataset.build(material(corpus), folder)
    return folder, corpus.schema


def expected(folder: Path, schema: Schema) -> dict[str, list[dict[str, Any]]]:
    """Every row as it is stored, with labels by name."""
    return {
        name: tables.read_named(folder / tables.path_of(name), columns, schema)
        for name, columns in configs(schema).items()
    }


def read_by(python: Path | str, folder: Path, cache: Path) -> dict[str, Any]:
    """What the reader prints in an environment, offline."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment |= {"HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PYTHONUTF8": "1"}
    command = [str(python), str(READER), str(folder), *CONFIGS]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def assert_as_built(found: dict[str, Any], folder: Path, schema: Schema) -> None:
    for name, rows in expected(folder, schema).items():
        for read in found["read"][name]:  # as a table and as a stream
            assert read == rows, name


def test_the_newest_datasets(labels: tuple[Path, Schema], tmp_path: Path) -> None:
    found = read_by(sys.executable, labels[0], tmp_path)
    assert int(found["version"].split(".")[0]) >= 5
    assert_as_built(found, *labels)


@pytest.mark.slow
@pytest.mark.parametrize("version", OLDER)
def test_older_datasets(version: str, labels: tuple[Path, Schema], tmp_path: Path) -> None:
    found = read_by(environment(version), labels[0], tmp_path)
    assert found["version"] == version
    assert_as_built(found, *labels)


def environment(version: str) -> Path:
    """The Python of an environment with one version of `datasets`, made once and kept beside the clone's own."""
    folder = ROOT / f".venv-datasets-{version}"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / ".done").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "venv", str(folder))
        uv = shutil.which("uv")
        install = (uv, "pip", "install", "--python", str(python)) if uv else (str(python), "-m", "pip", "install")
        run(*install, "--quiet", f"datasets=={version}")
        (folder / ".done").touch()
    return python


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{' '.join(command[:3])} … failed, no package index? {done.stderr[-500:]}")


# --- without the card ----------------------------------------------------------------------------------------


def test_plain_pyarrow(labels: tuple[Path, Schema]) -> None:
    import pyarrow.parquet as pq

    folder, schema = labels
    for name, columns in configs(schema).items():
        table = pq.read_table(folder / "data" / name)
        assert table.column_names == [column.name for column in columns]
        assert not table.schema.metadata, "the features stand in the card alone"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CONFIGS)
def test_pandas_and_polars(name: str, labels: tuple[Path, Schema]) -> None:
    import pandas
    import polars

    folder, schema = labels
    path = folder / tables.path_of(name)
    stored = tables.read(path)
    frame = polars.read_parquet(path)
    assert frame.to_dicts() == stored
    assert polars.scan_parquet(path).collect().height == len(stored)
    own = pandas.read_parquet(path)
    assert list(own.columns) == [column.name for column in configs(schema)[name]]
    for column in configs(schema)[name]:
        if column.type == "string":
            assert [None if pandas.isna(value) else value for value in own[column.name]] == [
                row[column.name] for row in stored
            ]
        elif isinstance(column.type, Each):
            assert list(map(len, own[column.name])) == [len(row[column.name]) for row in stored]


def test_duckdb(labels: tuple[Path, Schema]) -> None:
    import duckdb

    folder, _ = labels
    claims, documents = (str(folder / tables.path_of(name)) for name in ("claims", "documents"))
    # Offsets count code points; so does DuckDB's substring, but from 1.
    query = f"""
        select span.text, substring(d.text, span.start + 1, span."end" - span.start)
        from (select doc_id, unnest(spans) as span from '{claims}') c join '{documents}' d using (doc_id)
    """
    found = duckdb.connect().execute(query).fetchall()
    assert len(found) >= len(tables.read(Path(claims))) and all(text == sliced for text, sliced in found)


@pytest.mark.filterwarnings("ignore")
def test_datasets_gives_frames_and_slices(labels: tuple[Path, Schema], tmp_path: Path) -> None:
    from datasets import load_dataset

    folder, schema = labels
    found = load_dataset(str(folder), "claims", split="test", cache_dir=str(tmp_path))
    assert found.to_polars().height == len(found.to_pandas()) == len(found)
    assert found.features["polarity"].names == list(schema.names("polarity"))
    few = load_dataset(str(folder), "claims", split="test[:2]", cache_dir=str(tmp_path))
    assert [row["claim_id"] for row in few] == found["claim_id"][:2]
