"""The dataset: what `load_dataset` gives back, what columns say, and a folder that is replaced whole or not at all."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from support import ROOT

from variorum.cli.build import material
from variorum.corpus import Corpus, write_set
from variorum.dataset import Material, build, card, rows
from variorum.dataset.columns import CONFIGS, Each, Struct, Type, configs
from variorum.dataset.fields import with_field_tables
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
                row.get(column.name), column.type
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
        return {c.name: only(value.get(c.name), c.type) for c in type.columns}
    return [only(each, type.of) for each in value] if isinstance(type, Each) and value is not None else value


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
    bare = replace(made, gold=replace(made.gold, contradictions=None), pair_sets=(), annotators=(), contrast=None)
    counts = build(bare, tmp_path / "bare")
    empty = {"contradictions", "contrast", "annotations", "pairs_eval"}
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


def card_of(made: Material) -> tuple[dict[str, Any], str]:
    """Front matter and text of the card."""
    tables = [
        card.TableInfo(name, columns, len(rows(made)[name]), 0, 0, "-", {})
        for name, columns in configs(made.schema).items()
    ]
    _, front, text = card.card(made, tables).split("---\n", 2)
    return yaml.safe_load(front), " ".join(text.split())


def test_the_card_gives_the_texts_no_licence_of_ours(small_corpus: Corpus) -> None:
    front, text = card_of(material(small_corpus))
    assert front["license"] == "other"
    assert front["license_name"]
    assert "Annotations: [CC-BY-4.0]" in text
    assert "The texts belong to their publishers" in text


def test_the_card_says_that_a_trial_is_a_trial(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    assert "trial" not in card_of(made)[1]
    text = card_of(replace(made, version="0.1.0"))[1]
    assert "Version 0.1.0 is a trial" in text
    assert "not to be cited" in text
    assert card.canary(made) in text


def test_the_card_says_who_annotated(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    text = card_of(made)[1]
    assert "| heron | Person | articles, pairs, adjudication |" in text
    assert "language model" not in text.lower()
    # 20 pairs; heron and wren both judged each of them.
    assert "Of 20 judged pairs 20 were judged by more than one annotator" in text
    models = tuple(replace(each, kind="language_model") for each in made.sources)
    text = card_of(replace(made, sources=models))[1]
    assert "| heron | Language model |" in text
    assert "no evidence of quality" in text
    assert "No person has labelled anything here." in text


def test_the_card_says_that_one_annotator_cannot_agree(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    text = card_of(replace(made, annotators=tuple(each for each in made.annotators if each.source == "wren")))[1]
    assert "All labels are those of one annotator" in text


def test_the_card_says_how_pairs_came_to_be_judged(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    tally = Counter(pair.stratum for pair in made.gold.contradictions or ())
    text = card_of(made)[1]
    assert all(f"{name} {count}" in text for name, count in tally.items())
    unknown = tuple(replace(pair, stratum=None) for pair in made.gold.contradictions or ())
    assert (
        "`stratum` is null in every row" in card_of(replace(made, gold=replace(made.gold, contradictions=unknown)))[1]
    )


def test_the_card_says_what_was_copied(small_corpus: Corpus) -> None:
    made = material(small_corpus)
    (entry,) = small_corpus.documents["b2"].source.copied_from
    assert re.search(rf"\| b2 \| a1 \| {len(entry.runs)} \| \d+% \| \d+% \|", card_of(made)[1])
    bare = {
        key: replace(document, source=replace(document.source, copied_from=()))
        for key, document in made.documents.items()
    }
    assert "No two articles share a run" in card_of(replace(made, documents=bare))[1]


def test_every_column_is_described() -> None:
    def described(columns):  # type: ignore[no-untyped-def]
        for column in columns:
            yield column.description
            inner = column.type.of if isinstance(column.type, Each) else column.type
            if isinstance(inner, Struct):
                yield from described(inner.columns)

    texts = [text for columns in CONFIGS.values() for text in described(columns)]
    assert all(text.endswith(".") and "\n" not in text for text in texts)


def test_the_field_tables_of_the_docs_are_those_of_the_columns(corpus: Corpus) -> None:
    page = (ROOT / "docs" / "dataset.md").read_text(encoding="utf-8")
    assert with_field_tables(page, corpus.schema) == page, "run variorum docs"
    assert set(re.findall(r"<!-- fields:(\w+) -->", page)) == CONFIGS.keys()
    with pytest.raises(KeyError, match="nope"):
        with_field_tables("<!-- fields:nope -->\n<!-- /fields -->", corpus.schema)


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


def test_prompts_tell_pairs_within_an_article_and_define_the_relations(small_corpus: Corpus) -> None:
    made = rows(material(small_corpus))
    within = {row["pair_id"]: row["doc_a"] == row["doc_b"] for row in made["contradictions"]}
    assert set(within.values()) == {True, False}
    for row in made["pairs_eval"]:
        assert row["input"].startswith("One article " if within[row["pair_id"]] else "Two articles ")
        for label in small_corpus.schema.label_sets["relation"]:
            assert f"{label.const}: {label.description}\n" in row["input"]


def test_a_pair_that_nobody_judged_is_refused(small_corpus: Corpus) -> None:
    with pytest.raises(ValueError, match="nobody judged the pair"):
        rows(replace(material(small_corpus), pair_sets=()))


@pytest.mark.parametrize("change", ["rounds", "record", "decision", "gold"])
def test_build_refuses_gold_that_is_not_current(change: str, small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    folder = small_corpus.annotations
    if change == "rounds":
        value = json.loads((folder / "rounds.json").read_bytes()) | {"pairs": ["nope"]}
        (folder / "rounds.json").write_bytes(json.dumps(value).encode())
    elif change == "record":
        path = small_corpus.record("pairs", "wren")
        record = from_json(path.read_bytes())
        write_set(path, replace(record, contradictions=()))
    elif change == "decision":
        (folder / "decisions" / "pairs.json").unlink()
    else:
        gold = from_json(small_corpus.gold.read_bytes())
        first, *rest = gold.entities or ()
        write_set(small_corpus.gold, replace(gold, entities=(replace(first, name=f"{first.name} the Second"), *rest)))
    done = variorum("build", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("gold.json is not what the records and decisions give now: run `variorum adjudicate`\n")
    assert done.stderr.count("\n") == 1
    assert not (small_corpus.build / "dataset").exists()


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
    monkeypatch.setattr("variorum.dataset.folder._exchanged", lambda new, out: False)
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
