"""The label sets of the small corpus: the shipped ones and one entity type of its own, VESSEL.

Run `python tests/make_corpus_labels.py` after a change of `schema/labels.schema.json`; `test_corpus.py` says when.
"""

import json
from pathlib import Path

TESTS = Path(__file__).resolve().parent
SHIPPED = TESTS.parent / "schema" / "labels.schema.json"
OWN = TESTS / "corpus" / "schema" / "labels.schema.json"
VESSEL = {
    "const": "VESSEL",
    "title": "Vessel",
    "description": "A ship or boat, by its name or by what sort of vessel it is.",
}


def labels_json(shipped: bytes) -> bytes:
    """The shipped labels file with VESSEL as the last entity type."""
    document = json.loads(shipped)
    document["$defs"]["entity_type"]["anyOf"].append(VESSEL)
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    OWN.parent.mkdir(parents=True, exist_ok=True)
    OWN.write_bytes(labels_json(SHIPPED.read_bytes()))
