"""Run with any version of `datasets`: prints every row of every config of a folder as JSON, labels by name, twice.

    python dataset_reader.py FOLDER CONFIG…

The second time as a stream. Its own program, so that it runs in environments that have nothing of this project.
"""

import json
import sys
from typing import Any

import datasets


def named(value: Any, feature: Any) -> Any:
    """A value with class labels by their names, whatever the version calls its list types."""
    if value is None:
        return None
    if isinstance(feature, datasets.ClassLabel):
        return feature.int2str(value)
    if isinstance(feature, dict):
        return {name: named(value[name], inner) for name, inner in feature.items()}
    inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)
    return value if inner is None else [named(member, inner) for member in value]


def rows(folder: str, config: str, streaming: bool) -> list[Any]:
    found = datasets.load_dataset(folder, config, split="test", streaming=streaming)
    return [{name: named(row[name], feature) for name, feature in found.features.items()} for row in found]


if __name__ == "__main__":
    folder, *configs = sys.argv[1:]
    read = {config: [rows(folder, config, streaming) for streaming in (False, True)] for config in configs}
    json.dump({"version": datasets.__version__, "read": read}, sys.stdout)
