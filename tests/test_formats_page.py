"""The examples of docs/predictions.md are read as the page says."""

import re
from pathlib import Path

import pytest
from test_formats_readers import made, read, spans

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "predictions.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.M | re.S))
COUNCIL, KEEPER, DATE = ("p2", 40, 51, "ORG"), ("p2", 58, 68, "PERSON"), ("p2", 77, 87, "DATE")
MENTIONS = {
    "prediction.json": [COUNCIL, KEEPER],
    "prediction.jsonl": [COUNCIL, KEEPER],
    "prediction.conll": [("p2", 44, 51, "ORG"), KEEPER, DATE],
    "p2.ann": [COUNCIL],
    "spacy.json": [COUNCIL, DATE],
    "studio.json": [COUNCIL],
}


@pytest.mark.parametrize("name", sorted(MENTIONS))
def test_examples_of_mentions(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(EXAMPLES[name].encode())
    found = read(tmp_path / name)
    assert found.problems == () and spans(made(found).mentions) == MENTIONS[name]


def test_examples_of_claims_and_pairs(tmp_path: Path) -> None:
    for name, example in EXAMPLES.items():
        (tmp_path / name).write_bytes(example.encode())
    for name in ("prediction.json", "p2.ann"):
        (claim,) = made(read(tmp_path / name)).claims or ()
        assert [(span.start, span.end) for span in claim.spans] == [(23, 38)] and claim.holder
    assert made(read(tmp_path / "prediction.jsonl")).claims == ()
    pairs = made(read(tmp_path / "prediction.csv")).contradictions or ()
    assert [(pair.relation, pair.score) for pair in pairs] == [("contradiction", 0.93), ("neutral", 0.08)]
    assert set(EXAMPLES) == {*MENTIONS, "prediction.csv", "submit.py"}
