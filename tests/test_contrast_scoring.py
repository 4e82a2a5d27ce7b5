"""Contrast pairs scored: by hand, by direction, and against their originals."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import make_cases
import msgspec
import pytest
from click.testing import Result
from typer.testing import CliRunner

from variorum import records, scoring
from variorum.cli import app
from variorum.contrast.editing import Answer
from variorum.contrast.records import Change, Contrast, Edit, Verified, contrast_id
from variorum.corpus import Corpus, read_corpus
from variorum.records import AnnotationSet, Claim, Pair, Span, claims_from, pair_id
from variorum.scoring.contrast import signed

NAMES = "abcdefgh"
GOLD_RELATIONS = {  # of each pair, and what its edit makes of it
    ("a", "b"): ("contradiction", "agreement", "time"),
    ("a", "c"): ("tension", "neutral", "time"),
    ("d", "e"): ("contradiction", "neutral", "quantity"),
    ("f", "g"): ("agreement", "contradiction", "quantity"),
    ("f", "h"): ("agreement", "tension", "state"),
}


def claim(name: str) -> Claim:
    spans = (Span(start=0, end=1),)
    return Claim(
        claim_id=name, doc_id="d", spans=spans, proposition=name, kind="fact", polarity="positive", certainty="certain"
    )


def pair(ends: tuple[str, str], relation: str) -> Pair:
    return Pair(pair_id=pair_id(*ends), claim_a=ends[0], claim_b=ends[1], relation=relation)


GOLD = AnnotationSet(
    schema_version="1.0",
    source="gold",
    role="gold",
    documents=(),
    claims=tuple(map(claim, NAMES)),
    contradictions=tuple(pair(ends, each[0]) for ends, each in GOLD_RELATIONS.items()),
)


def verified(ends: tuple[str, str], before: str, after: str, kind: str) -> Verified:
    name = pair_id(*ends)
    edit = Edit(
        contrast_id=contrast_id(name),
        pair_id=name,
        claim=ends[0],
        direction="removes" if before in records.CONFLICT else "creates",
        edit_type=kind,
        changes=(Change(doc_id="d", start=0, end=1, replacement="z"),),
        proposition="z",
        relation=after,
        rationale="-",
    )
    return Verified(edit=edit, writer="swift", guideline_version="1", votes=(), relation=after)


CONTRAST = Contrast(
    schema_version="1.0",
    claims_from=claims_from(GOLD),
    pairs=tuple(verified(ends, *each) for ends, each in GOLD_RELATIONS.items()),
    rejected=(),
    unedited=(),
)


def report(originals: dict[str, str], edited: dict[str, str], resamples: int = 0) -> scoring.Report:
    """A system that says this of pairs, named by their claims: `ab`."""
    pairs = tuple(pair((name[0], name[1]), relation) for name, relation in originals.items())
    prediction = msgspec.structs.replace(
        GOLD, source="s", role="system", claims=None, contradictions=pairs, claims_from=claims_from(GOLD)
    )
    said = [Answer(f"x-{name[0]}~{name[1]}", relation) for name, relation in edited.items()]
    config = scoring.Config(layers=("contradictions",), resamples=resamples)
    return scoring.score(prediction, GOLD, config, edited=scoring.Answered(CONTRAST, said))


def value(found: scoring.Report, name: str) -> float | None:
    (figure,) = found[f"contradictions|{name}|micro"].figures
    return figure.value


CONFLICT = "contradiction+tension"


def test_figures_by_hand() -> None:
    found = report({"ab": "tension", "ac": "neutral", "de": "contradiction"}, {"ab": "neutral", "ac": "tension"})
    # edited: ab right (no conflict), ac wrong, de left out and so right; fg and fh left out, both conflicts, so wrong
    assert value(found, f"contrast|{CONFLICT}|all") == 2 / 5
    assert value(found, f"contrast|{CONFLICT}|removes") == 2 / 3
    assert value(found, f"contrast|{CONFLICT}|creates") == 0
    assert value(found, f"contrast|{CONFLICT}|edit_type=time") == 1 / 2
    assert value(found, f"contrast|{CONFLICT}|edit_type=state") == 0
    assert value(found, "contrast|relation|all") == 1 / 5  # de alone: ab is an agreement
    # originals: ab, de right, ac wrong, fg and fh left out and so right
    assert value(found, f"contrast-originals|{CONFLICT}|all") == 4 / 5
    assert value(found, f"contrast-couples|{CONFLICT}|all") == 2 / 5


def test_whoever_answers_always_alike_is_never_consistent() -> None:
    """Why consistency is measured: one of a couple is a conflict, the other is none."""
    for relation in ("neutral", "contradiction"):
        every = dict.fromkeys(("ab", "ac", "de", "fg", "fh"), relation)
        assert value(report(every, every), f"contrast-couples|{CONFLICT}|all") == 0


def test_gold_itself_is_perfect() -> None:
    originals = {"".join(ends): each[0] for ends, each in GOLD_RELATIONS.items()}
    found = report(originals, {"".join(ends): each[1] for ends, each in GOLD_RELATIONS.items()})
    assert {f.value for s in found.scores if s.measure.task.startswith("contrast") for f in s.figures} == {1.0}


def test_unclear_counts_as_neutral() -> None:
    found = report({}, {"de": "unclear"})
    assert value(found, "contrast|relation|all") == 2 / 5  # ac and de


def test_signatures_name_the_contrast_pairs_and_intervals_resample_claims() -> None:
    found = report({"ab": "tension"}, {"ab": "neutral"}, resamples=50)
    score = found[f"contradictions|contrast|{CONFLICT}|all|micro"]
    assert score.measure.unit == "claim" and score.figures[0].low is not None
    assert score.measure.gold == f"{found.reference}/{signed(CONTRAST)}"
    assert scoring.Measure.from_signature(score.measure.signature) == score.measure
    assert found[f"contradictions|detection|{CONFLICT}|all|micro"].measure.gold == found.reference


def test_two_systems_are_compared_on_the_same_contrast_pairs() -> None:
    first, second = report({}, {"ab": "neutral"}, 50), report({}, {"ab": "tension"}, 50)
    differences = {(d.measure.task, d.measure.of): d.difference for d in scoring.compare(first, second)}
    assert differences["contrast", "removes"] == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="same gold"):
        scoring.compare(first, dataclasses.replace(second, contrast="00000000"))


def test_an_open_prediction_has_no_originals() -> None:
    own = msgspec.structs.replace(GOLD, source="s", role="system", claims=(claim("q"),), contradictions=())
    config = scoring.Config(layers=("contradictions",), resamples=0)
    found = scoring.score(own, GOLD, config, edited=scoring.Answered(CONTRAST, ()))
    assert "originals" in found.skipped["contradictions: contrast"]


def test_contrast_pairs_of_another_gold_are_told() -> None:
    fewer = msgspec.structs.replace(GOLD, contradictions=(GOLD.contradictions or ())[1:])
    config = scoring.Config(layers=("contradictions",), resamples=0)
    found = scoring.score(fewer, fewer, config, edited=scoring.Answered(CONTRAST, ()))
    assert "gold has no pair a~b" in found.skipped["contradictions: contrast"]


# --- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Corpus:
    """A corpus with one contrast pair."""
    root = Path(shutil.copytree(make_cases.CASES / "contrast", tmp_path / "contrast"))
    assert run("contrast", "merge", "--root", root).exit_code == 0
    return read_corpus(root)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_command_scores_edited_pairs(small: Corpus, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("pair_id,relation\np1-c1~p2-c1,contradiction\n", encoding="utf-8")
    answers = tmp_path / "edited.csv"
    answers.write_text("contrast_id,relation\nx-p1-c1~p2-c1,neutral\nx-q,neutral\n", encoding="utf-8")
    command = ("score", tmp_path / "pairs.csv", "--root", small.root, "--contrast", answers)
    done = run(*command, "--format", "json", "--resamples", "0")
    assert done.exit_code == 0 and "1 answers are about no contrast pair, x-q first" in done.stderr
    scores: list[dict[str, Any]] = json.loads(done.stdout)["scores"]
    (couples,) = (each for each in scores if each["task"] == "contrast-couples")
    assert couples["figures"]["consistency"]["value"] == 1.0 and couples["counts"] == {"right": 1, "of": 1}
    assert "contrast-couples" in run(*command).stdout
    refused = run(*command, "--layers", "mentions")
    assert refused.exit_code == 2 and "name contradictions among the --layers, too" in refused.stderr
    answers.write_text("contrast_id,relation\nx-p1-c1~p2-c1,perhaps\n", encoding="utf-8")
    assert "[schema] 'perhaps' is not one of" in run(*command).stdout
    small.contrast.unlink()
    assert run(*command).exit_code == 2
