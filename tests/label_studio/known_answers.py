"""A second corpus with known answers, made of the small one: other ids, other texts, the same shape."""

import hashlib
import json
import re
import shutil
from pathlib import Path

SMALL = Path(__file__).resolve().parents[1] / "corpus"
NAMES = {"a1": "k1", "b2": "m2", "c3": "n3"}


def renamed(text: str) -> str:
    """The text with other document ids, in the ids of claims and pairs too."""
    return re.sub(r"\b(a1|b2|c3)(?=-|\")", lambda found: NAMES[found[1]], text)


def known_corpus(folder: Path) -> Path:
    """The folder, with seeds, schema, guidelines, consolidated claims and gold in it; nobody has judged yet."""
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("records", "decisions", "rounds.json"))
    old = json.loads((folder / "seeds" / "sources.json").read_bytes())["sources"]
    for source in old:
        path = folder / "seeds" / source["file"]
        path.with_name(renamed(source["file"])).write_bytes(path.read_bytes() + b"\n\n")  # another text
        path.unlink()
    for path in (folder / "seeds" / "sources.json", *(folder / "annotations").glob("*.json")):
        text = renamed(path.read_text(encoding="utf-8"))
        for source in old:
            data = (folder / "seeds" / renamed(source["file"])).read_bytes()
            text = text.replace(source["sha256"], hashlib.sha256(data).hexdigest())
        path.write_text(text, encoding="utf-8")
    value = json.loads((folder / "seeds" / "sources.json").read_bytes())
    for source in value["sources"]:
        source["n_chars"] += 2
    (folder / "seeds" / "sources.json").write_text(json.dumps(value), encoding="utf-8")
    return folder
