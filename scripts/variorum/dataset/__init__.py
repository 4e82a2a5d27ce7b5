"""The dataset: gold and all raw labels as Parquet, in a folder that `load_dataset` reads."""

from variorum.dataset.folder import build, read_texts
from variorum.dataset.rows import Material, rows

__all__ = ["Material", "build", "read_texts", "rows"]
