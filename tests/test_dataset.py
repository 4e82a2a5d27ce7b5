"""The dataset: what `load_dataset` gives back, what columns say, and a folder that is replaced whole or not at all."""

import hashlib
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from variorum.cli.build import material
from variorum.corpus import Corpus
from variorum.dataset import build, card, rows
from variorum.dataset.columns import CONFIGS, Each, Struct, Type, configs
from variorum.dataset.rows import same_holder
from variorum.records import from_json


@pytest.fixture
def folder(small_corpus: Corpus) -> Path:
    out = small_corpus.root / "build" / "dataset"
    build(material(small_corpus), out)
    return out


def loaded(folder: Path, config: str | None, cache: Path):  # type: ignore[no-untyped-def]
    from datasets import load_dataset

    return load_dataset(str(folder), config, split="test", cache_dir=str(cache))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("config", CONFIGS)
def test_every_config_loads_as_it_was_built(small_corpus: Corpus, folder: Path, tmp_path: Path, config: str) -> None:
    table = loaded(folder, config, tmp_path / "cache")
    expected = rows(material(small_corpus))[config]
    columns = configs(small_corpus.schema)[config]
    assert table.column_names == [column.name for column in columns]
    assert len(table) == len(expected)
    for got, row in zip(table, expected, strict=True):
        for column in columns:
            assert named(got[column.name], table.features[column.name], column.type) == only(
                row[column.name], column.type
            )


def named(value, feature, type: Type):  # type: ignore[no-untyped-def]
    """What came back, with class labels by name."""
    if value is None or type in ("string", "int32", "bool", "float64"):
        return value
    if isinstance(type, Struct):
        return {c.name: named(value[c.name], feature[c.name], c.type) for c in type.columns}
    if isinstance(type, Each):
        return [named(each, feature.feature, type.of) for each in value]
    return feature.int2str(value)


def only(value, type: Type):  # type: ignore[no-untyped-def]
    """What was put in, without fields that have no column."""
    if isinstance(type, Struct) and value is not None:
        return {c.name: only(value[c.name], c.type) for c in type.columns}
    return [only(each, type.of) for each in value] if isinstance(type, Each) else value


@pytest.mark.filterwarnings("ignore")
def test_the_default_config_is_the_pairs(folder: Path, tmp_path: Path) -> None:
    assert "pair_id" in loaded(folder, None, tmp_path / "cache").column_names


@pytest.mark.filterwarnings("ignore")
def test_a_changed_folder_is_not_read_from_a_stale_cache(small_corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    before = loaded(folder, "entities", tmp_path / "cache")[0]["name"]
    made = material(small_corpus)
    entities = tuple(replace(e, name=f"New {e.name}") for e in made.gold.entities or ())
    build(replace(made, gold=replace(made.gold, entities=entities)), folder)
    assert loaded(folder, "entities", tmp_path / "cache")[0]["name"] == f"New {before}"


@pytest.mark.filterwarnings("ignore")
def test_configs_without_rows_are_left_out(small_corpus: Corpus, tmp_path: Path) -> None:
    made = material(small_corpus)
    bare = replace(made, gold=replace(made.gold, contradictions=None), pair_sets=(), annotators=())
    counts = build(bare, tmp_path / "bare")
    empty = {"contradictions", "annotations", "pairs_eval"}
    assert {name for name, n in counts.items() if not n} == empty
    assert {path.name for path in (tmp_path / "bare" / "data").iterdir()} == CONFIGS.keys() - empty
    assert "text" in loaded(tmp_path / "bare", None, tmp_path / "cache").column_names


def test_the_same_inputs_give_the_same_bytes(small_corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    build(material(small_corpus), tmp_path / "again")
    assert contents(folder) == contents(tmp_path / "again")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_card_names_version_and_hash_of_each_file(small_corpus: Corpus, folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert [each["config_name"] for each in front["configs"]] == list(CONFIGS)
    for each in front["configs"]:
        (path,) = folder.glob(each["data_files"][0]["path"])
        assert each["version"] == "1.0.0"
        assert each["description"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert each["data_files"][0]["split"] == "test"
    assert card.canary(material(small_corpus)) in text


def test_every_column_is_described() -> None:
    def described(columns):  # type: ignore[no-untyped-def]
        for column in columns:
            yield column.description
            inner = column.type.of if isinstance(column.type, Each) else column.type
            if isinstance(inner, Struct):
                yield from described(inner.columns)

    texts = [text for columns in CONFIGS.values() for text in described(columns)]
    assert all(text.endswith(".") and "\n" not in text for text in texts)


def test_pairs_have_quotes_votes_and_targets(small_corpus: Corpus) -> None:
    made = rows(material(small_corpus))
    gold = from_json(small_corpus.gold.read_bytes())
    claims = {claim.claim_id: claim for claim in gold.claims or ()}
    assert [row["pair_id"] for row in made["contradictions"]] == sorted(p.pair_id for p in gold.contradictions or ())
    for row in made["contradictions"]:
        first = claims[row["claim_a"]].spans[0]
        assert row["quote_a"].startswith(small_corpus.documents[row["doc_a"]].text[first.start : first.end])
        assert 1 <= sum(row["votes"].values()) <= 2
    assert all(row["target"] in row["choices"] for row in made["pairs_eval"])
    assert {row["source"] for row in made["annotations"]} == {"heron", "wren"}


def test_same_holder(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    claim = replace((gold.claims or ())[0], holder=None, doc_id="x")
    elsewhere, held = replace(claim, doc_id="y"), replace(claim, holder="m1")
    assert same_holder(claim, claim, {})
    assert not same_holder(claim, elsewhere, {})
    assert not same_holder(claim, held, {})
    other = replace(elsewhere, holder="m2")
    assert same_holder(held, other, {"m1": "e", "m2": "e"})
    assert not same_holder(held, other, {"m1": None, "m2": None})


def test_a_failure_leaves_the_old_folder(small_corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(folder)

    def fail(*_: object) -> str:
        raise OSError("no space left")

    monkeypatch.setattr("variorum.dataset.folder.card", fail)
    with pytest.raises(OSError, match="no space left"):
        build(material(small_corpus), folder)
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["dataset"]


def test_a_failed_swap_brings_the_old_folder_back(
    small_corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename = contents(folder), Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("no luck")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="no luck"):
        build(material(small_corpus), folder)
    assert contents(folder) == before


def test_a_folder_that_is_no_dataset_is_left_alone(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    before = contents(small_corpus.root)
    done = variorum("build", "--root", small_corpus.root, "--out", small_corpus.annotations)
    assert done.returncode == 2
    assert "is left alone" in done.stderr
    assert contents(small_corpus.root) == before


def test_command(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    done = variorum("build", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "contradictions: 20 rows" in done.stdout
    done = variorum("summary", "--root", small_corpus.root)
    assert done.returncode == 0
    assert "contradictions" in done.stdout
