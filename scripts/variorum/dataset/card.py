"""The dataset card: front matter that `datasets` reads, and a short text whose every number comes from the data."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from variorum.dataset.columns import Column, features
from variorum.dataset.rows import Material

MARK = "variorum:canary"
DEFAULT = "contradictions"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


class TableInfo(NamedTuple):
    """What the card says of one config."""

    name: str
    columns: tuple[Column, ...]
    n_rows: int
    n_bytes: int
    file_bytes: int
    sha256: str


def card(material: Material, tables: Sequence[TableInfo]) -> str:
    """The README.md of the dataset folder."""
    import yaml

    front = yaml.safe_dump(_front_matter(material, tables), sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n\n" + "\n".join(_body(material, tables)) + "\n"


def canary(material: Material) -> str:
    """A string that, found in a model's training data, shows that this corpus was in it; fixed by the texts."""
    hashes = " ".join(sorted(document.source.sha256 for document in material.documents.values()))
    return f"{MARK}:{uuid.uuid5(uuid.NAMESPACE_URL, hashes)}"


def _front_matter(material: Material, tables: Sequence[TableInfo]) -> dict[str, Any]:
    largest = max(table.n_rows for table in tables)
    return {
        "pretty_name": "Variorum",
        "language": sorted({document.source.language for document in material.documents.values()}),
        "size_categories": [next((name for limit, name in SIZES if largest < limit), "n>1M")],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition", "natural-language-inference"],
        "tags": ["claims", "contradiction-detection", "standoff"],
        "dataset_info": [_info(table, material) for table in tables],
        "configs": [_config(table, material.version, table.name == _default(tables)) for table in tables],
    }


def _info(table: TableInfo, material: Material) -> dict[str, Any]:
    return {
        "config_name": table.name,
        "features": features(table.columns, material.schema),
        "splits": [{"name": "test", "num_bytes": table.n_bytes, "num_examples": table.n_rows}],
        "download_size": table.file_bytes,
        "dataset_size": table.n_bytes,
    }


def _default(tables: Sequence[TableInfo]) -> str:
    """The config that is loaded if none is named: the pairs, or the first one as long as no pair is judged."""
    names = [table.name for table in tables]
    return DEFAULT if DEFAULT in names else names[0]


def _config(table: TableInfo, version: str, default: bool) -> dict[str, Any]:
    """Version and hash are part of the cache key of `datasets`: without them an edited folder returns the old rows."""
    return {
        "config_name": table.name,
        "version": version,
        "description": f"sha256:{table.sha256}",
        **({"default": True} if default else {}),
        "data_files": [{"split": "test", "path": f"data/{table.name}/test-*.parquet"}],
    }


def _body(material: Material, tables: Sequence[TableInfo]) -> Iterator[str]:
    yield "# Variorum"
    yield ""
    yield "Articles that tell one story, annotated for entities, claims and contradictions."
    yield f"Version {material.version}."
    yield "One split, `test`: this is a benchmark, not training data. Canary, please keep it with the data:"
    yield f"`{canary(material)}`"
    yield ""
    yield "```python"
    yield "from datasets import load_dataset"
    yield f'load_dataset("PATH/TO/THIS/FOLDER", "{_default(tables)}", split="test")'
    yield "```"
    yield from _configs(tables)
    yield from _relations(material)
    yield from _annotators(material)
    yield from _articles(material)
    yield from _fields(tables)


def _table(*cells: object) -> str:
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def _configs(tables: Sequence[TableInfo]) -> Iterator[str]:
    yield from ("", "## Configs", "", _table("config", "rows"), "|---|---:|")
    yield from (_table(f"`{table.name}`", table.n_rows) for table in tables)


def _relations(material: Material) -> Iterator[str]:
    tally = Counter(pair.relation for pair in material.gold.contradictions or ())
    yield from ("", "## Relations of the judged pairs", "", _table("relation", "pairs"), "|---|---:|")
    yield from (_table(name, tally[name]) for name in material.schema.names("relation"))


def _annotators(material: Material) -> Iterator[str]:
    described = dict(material.sources)
    yield from ("", "## Who annotated", "", _table("source", "rounds", "what it is"), "|---|---|---|")
    for source in sorted({each.source for each in material.annotators}):
        rounds = sorted({each.round or "" for each in material.annotators if each.source == source})
        yield _table(source, ", ".join(rounds), described.get(source, "not recorded"))


def _articles(material: Material) -> Iterator[str]:
    yield from (
        "",
        "## Articles and their rights",
        "",
        _table("doc_id", "title", "publisher", "rights"),
        "|---|---|---|---|",
    )
    for key in sorted(material.documents):
        source = material.documents[key].source
        yield _table(key, source.title, source.publisher or "not known", source.rights)


def _fields(tables: Sequence[TableInfo]) -> Iterator[str]:
    yield from ("", "## Fields")
    for table in tables:
        yield from ("", f"### {table.name}", "", _table("field", "what it holds"), "|---|---|")
        yield from (_table(f"`{column.name}`", column.description) for column in table.columns)
