"""croissant.json says what is in the folder: by it, mlcroissant reads every record of every table as it was built."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from variorum import dataset
from variorum.cli.build import material
from variorum.corpus import Corpus
from variorum.dataset import tables
from variorum.dataset.columns import CONFIGS, Column, Struct, configs

# mlcroissant and what it stands on warn of one another.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def folder(small_corpus: Corpus) -> Path:
    out = small_corpus.build / "dataset"
    dataset.build(material(small_corpus), out)
    return out


def opened(folder: Path) -> Any:
    import mlcroissant

    return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


def plain(value: Any) -> Any:
    """What came back, with texts as texts and the names of fields without their record sets."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name.rpartition("/")[2]: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return value.item() if hasattr(value, "item") else value


def expected(value: Any, column: Column) -> Any:
    """What mlcroissant makes of it: a record that is not there is one of nulls."""
    if isinstance(column.type, Struct) and value is None:
        return {each.name: None for each in column.type.columns}
    return value


@pytest.mark.parametrize("text_free", [False, True])
def test_every_record_of_every_record_set_is_read_as_it_was_built(
    text_free: bool, small_corpus: Corpus, folder: Path
) -> None:
    if text_free:
        dataset.build(dataset.without_texts(material(small_corpus)), folder)
    found = opened(folder)
    assert not found.metadata.ctx.issues.errors and not found.metadata.ctx.issues.warnings
    names = {each.id for each in found.metadata.record_sets}
    assert {name for name in names if not name.startswith("labels:")} == CONFIGS.keys()
    for name, columns in configs(small_corpus.schema).items():
        stored = tables.read(folder / tables.path_of(name))
        rows = [plain(record) for record in found.records(name)]
        assert len(rows) == len(stored) > 0
        for got, row in zip(rows, stored, strict=True):
            assert got == {column.name: expected(row[column.name], column) for column in columns}


def test_labels_are_enumerations(small_corpus: Corpus, folder: Path) -> None:
    found = opened(folder)
    for each in found.metadata.record_sets:
        if each.id.startswith("labels:"):
            names = tuple(plain(record)["name"] for record in found.records(each.id))
            assert names == small_corpus.schema.names(each.id.removeprefix("labels:"))


def test_another_file_is_noticed(folder: Path) -> None:
    shutil.copy(folder / tables.path_of("entities"), folder / tables.path_of("claims"))
    with pytest.raises(Exception, match=r"(?i)hash|sha256|claims"):
        list(opened(folder).records("claims"))


def test_it_tells_who_annotated_and_what_that_is_worth(small_corpus: Corpus, folder: Path) -> None:
    told = json.loads((folder / "croissant.json").read_bytes())
    assert told["conformsTo"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
    assert told["rai:annotationsPerItem"] == "2"
    assert any(
        line.startswith("heron (articles, pairs, adjudication): Person.") for line in told["rai:annotatorDemographics"]
    )
    for name in ("dataBiases", "dataLimitations", "dataUseCases", "dataReleaseMaintenancePlan", "dataCollection"):
        assert told[f"rai:{name}"]


def test_without_the_library_it_says_what_to_install(
    small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "mlcroissant", None)
    with pytest.raises(ImportError, match=r"pip install 'variorum\[hub\]'"):
        dataset.build(material(small_corpus), tmp_path / "out")
    assert not (tmp_path / "out").exists()
