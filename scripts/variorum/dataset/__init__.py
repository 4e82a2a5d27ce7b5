"""The dataset: gold and all raw labels as Parquet, in a folder that `load_dataset` reads."""

from variorum.dataset.croissant import NoLibrary
from variorum.dataset.folder import Repeats, build
from variorum.dataset.material import Material, with_texts, without_texts
from variorum.dataset.restoring import WrongText, restored
from variorum.dataset.rows import rows
from variorum.dataset.stored import Unreadable, read, read_texts

__all__ = [
    "Material",
    "NoLibrary",
    "Repeats",
    "Unreadable",
    "WrongText",
    "build",
    "read",
    "read_texts",
    "restored",
    "rows",
    "with_texts",
    "without_texts",
]
