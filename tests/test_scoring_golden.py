"""Scores worked out by hand, one folder a case: gold.json, prediction.json, and scores.json with the figures.

Figures are written as fractions, null where they are undefined. A change here is a change of the scorer's version.
"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from variorum.records import from_json
from variorum.scoring import SCORER, Config, score

CASES = sorted((Path(__file__).resolve().parent / "golden" / "scores").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_scores_worked_out_by_hand(case: Path) -> None:
    gold, prediction = (from_json((case / f"{side}.json").read_bytes()) for side in ("gold", "prediction"))
    report = score(prediction, gold, Config(resamples=0))
    for name, expected in json.loads((case / "scores.json").read_bytes())["scores"].items():
        found = report[name]
        if counts := expected.pop("counts", None):
            assert found.counts == counts, name
        values = {figure.name: figure for figure in found.figures}
        for figure, value in expected.items():
            if value is None:
                assert values[figure].value is None and values[figure].undefined, (name, figure)
            else:
                assert values[figure].value == pytest.approx(float(Fraction(value))), (name, figure)


def test_the_version_that_the_cases_are_for() -> None:
    assert SCORER == "2"
