"""What the wheel carries beside the code: gold without the texts, made of `annotations/` and `seeds/` at every build.

The articles are not ours to hand out in a package. Offsets are enough to score with, so `variorum/_gold` is a corpus
without texts: gold with every `text` left out, contrast pairs, what is known of the articles, and how many annotators
gave each pair each relation. It is made here and nowhere else; tests/test_wheel.py holds it against what is in the
clone. Standard library only, for builds run in an environment of their own.
"""

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "variorum/_gold"


class GoldHook(BuildHookInterface[Any]):
    """Puts the folder into the wheel; an editable install has the clone itself."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self.made = Path(tempfile.mkdtemp(prefix="variorum-gold-"))
        if version == "editable" or self.target_name != "wheel":
            return
        for name, value in contents(Path(self.root)).items():
            path = self.made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value, ensure_ascii=False) + "\n", encoding="utf-8")
            build_data["force_include"][str(path)] = f"{FOLDER}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        shutil.rmtree(self.made, ignore_errors=True)


def contents(root: Path) -> dict[str, Any]:
    """The files of the folder by name; none if there is no gold yet."""
    if not (root / "annotations" / "gold.json").is_file():
        return {}
    contrast = root / "annotations" / "contrast.json"  # offsets and the annotators' own words only
    return {
        **({"annotations/contrast.json": read(contrast)} if contrast.is_file() else {}),
        "annotations/gold.json": without_texts(read(root / "annotations" / "gold.json")),
        "annotations/votes.json": votes(root / "annotations"),
        "seeds/sources.json": read(root / "seeds" / "sources.json"),
    }


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def without_texts(value: Any) -> Any:
    """A value without any `text` field: only mentions and spans have one, and it may be left out."""
    if isinstance(value, dict):
        return {name: without_texts(member) for name, member in value.items() if name != "text"}
    return [without_texts(member) for member in value] if isinstance(value, list) else value


def votes(annotations: Path) -> dict[str, dict[str, int]]:
    """How many annotators gave each pair each relation, by pair_id; the last round that judged a pair counts."""
    found: dict[str, Counter[str]] = {}
    if not (annotations / "rounds.json").is_file():
        return {}
    for name in read(annotations / "rounds.json")["pairs"]:
        latest: dict[str, Counter[str]] = {}
        for path in sorted((annotations / "records" / name).glob("*.json")):
            for pair in read(path).get("contradictions", ()):
                key = "~".join(sorted((pair["claim_a"], pair["claim_b"])))
                latest.setdefault(key, Counter())[pair["relation"]] += 1
        found |= latest
    return {key: dict(counts) for key, counts in found.items()}
