"""What `variorum score` prints on a terminal: it fits 80 columns, and says all of every signature."""

import json
import re

import pytest
from support import ROOT
from typer.testing import CliRunner

from variorum.cli import app
from variorum.scoring import Measure

SYSTEMS = ROOT / "leaderboard"


def score(name: str, *options: str) -> str:
    where = ("--root", str(ROOT), "--resamples", "10", "--contrast", str(SYSTEMS / name / "contrast.csv"))
    done = CliRunner().invoke(app, ["score", str(SYSTEMS / name / "prediction.json"), *where, *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def filled(template: str, measure: Measure) -> str:
    for open_, value in zip(("TASK", "MATCH", "OF", "AVERAGE"), measure.name.split("|")[1:], strict=True):
        template = template.replace(f":{open_}|", f":{value}|")
    return template


@pytest.mark.parametrize("name", ["rules", "neutral"])
def test_scores_fit_80_columns_and_have_their_signatures(name: str) -> None:
    tables, _, rest = score(name, "--against", str(SYSTEMS / "trivial" / "prediction.json")).partition("--details")
    differences, _, signed = rest.partition("\nsignatures, ")
    rows = [*tables.splitlines(), *(line for line in differences.splitlines() if re.search(r"\] [01]\.\d{3}", line))]
    assert max(map(len, rows)) <= 80 and len(rows) > 30
    templates = dict(re.findall(r"^(.+): (variorum\|.*)$", signed, re.MULTILINE))
    made = json.loads(score(name, "--format", "json"))
    measures = [Measure.from_signature(each["signature"]) for each in made["scores"]]
    for measure in measures:
        named = (
            key
            for key in templates
            if key.startswith(f"{measure.layer} (") and measure.task in re.findall(r"[\w-]+", key)[1:]
        )
        assert filled(templates[next(named, measure.layer)], measure) == measure.signature
    f1 = next(
        each for each in made["scores"] if each["task"] == "detection" and each["match"] == "contradiction+tension"
    )
    assert re.search(rf"detection +contradiction\+tension .* {f1['figures']['f1']['value']:.3f} \[", tables)
    assert ("undefined, as" in tables) == (name == "neutral")
    if name == "rules":
        assert "unit:joint-group" in templates["differences in entities"]


def test_details_have_every_signature_in_full() -> None:
    text = score("rules", "--details")
    made = json.loads(score("rules", "--format", "json"))
    assert {each["signature"] for each in made["scores"]} == set(re.findall(r"^variorum\|.*$", text, re.MULTILINE))
