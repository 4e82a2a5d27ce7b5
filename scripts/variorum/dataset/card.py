"""The dataset card: front matter that `datasets` reads, and the text of `sections` below it."""

from collections.abc import Sequence
from typing import Any

from variorum.dataset.columns import features
from variorum.dataset.material import Material
from variorum.dataset.sections import MARK, TableInfo, body, canary, default_config

__all__ = ["MARK", "TableInfo", "canary", "card"]

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(material: Material, tables: Sequence[TableInfo]) -> str:
    """The README.md of the dataset folder."""
    import yaml

    front = yaml.safe_dump(_front_matter(material, tables), sort_keys=False, allow_unicode=True, width=10_000)
    return f"---\n{front}---\n\n" + "\n".join(body(material, tables)) + "\n"


def _front_matter(material: Material, tables: Sequence[TableInfo]) -> dict[str, Any]:
    largest = max(table.n_rows for table in tables)
    return {
        "pretty_name": material.citation.name,
        **_licence(material),
        "language": sorted({document.source.language for document in material.documents.values()}),
        "size_categories": [next((name for limit, name in SIZES if largest < limit), "n>1M")],
        "task_categories": ["token-classification", "text-classification"],
        "task_ids": ["named-entity-recognition", "natural-language-inference"],
        "tags": ["claims", "contradiction-detection", "standoff"],
        "dataset_info": [_info(table, material) for table in tables],
        "configs": [_config(table, material.version, table.name == default_config(tables)) for table in tables],
    }


def _licence(material: Material) -> dict[str, str]:
    """A hub shows it for the whole folder; one with the texts in it has what no licence of ours covers."""
    own = material.citation.licence.lower()
    if not material.has_texts:
        return {"license": own}
    return {"license": "other", "license_name": f"annotations-{own}-texts-of-their-publishers"}


def _info(table: TableInfo, material: Material) -> dict[str, Any]:
    return {
        "config_name": table.name,
        "features": features(table.columns, material.schema),
        "splits": [{"name": "test", "num_bytes": table.n_bytes, "num_examples": table.n_rows}],
        "download_size": table.file_bytes,
        "dataset_size": table.n_bytes,
    }


def _config(table: TableInfo, version: str, default: bool) -> dict[str, Any]:
    """Version and hash are part of the cache key of `datasets`: without them an edited folder returns the old rows."""
    return {
        "config_name": table.name,
        "version": version,
        "description": f"sha256:{table.sha256}",
        **({"default": True} if default else {}),
        "data_files": [{"split": "test", "path": f"data/{table.name}/test-*.parquet"}],
    }
