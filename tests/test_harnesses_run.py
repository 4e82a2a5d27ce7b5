"""The tasks in the harnesses themselves, offline, with models that say what they are told: the figures of a run are
those that `variorum score` gives the answers in its log."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, Command

from variorum import dataset
from variorum.cli.build import material
from variorum.corpus import read_corpus
from variorum.harnesses import extraction, logs, pairs
from variorum.records import AnnotationSet
from variorum.scoring.report import HEADLINE

pytestmark = pytest.mark.slow

SMALL = ROOT / "tests" / "corpus"
ENVIRONMENT = ROOT / ".venv-harnesses"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
MODELS = Path(__file__).with_name("harness_models.py")
FIGURES = {
    "headline_f1": (HEADLINE, "f1"),
    "macro_f1": (pairs.RELATIONS, "f1"),
    "average_precision": (pairs.RANKING, "average_precision"),
    "mention_f1": (extraction.MENTIONS, "f1"),
    "claim_f1": (extraction.CLAIMS, "f1"),
}


def run(folder: Path, program: str, *arguments: str | Path) -> str:
    """What a program of the environment prints; the harnesses keep what they cache in the folder."""
    if not (ENVIRONMENT / ".done").is_file():
        pytest.skip("NO HARNESSES: there is no .venv-harnesses with them; `make harnesses` makes it")
    environment = {name: each for name, each in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    caches = {name: str(folder / "cache") for name in ("HF_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    command = [str(PROGRAMS / program), *map(str, arguments)]
    environment |= caches | {"PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def told(harness: str, asked: dict[str, tuple[Path, list[Any]]], folder: Path) -> dict[str, Any]:
    """Figures and log of each task with a model that answers so, by its name."""
    for task in asked:
        (folder / task).mkdir()
    runs = {
        task: {"dataset": str(data), "answers": said, "out": str(folder / task)} for task, (data, said) in asked.items()
    }
    (folder / "runs.json").write_text(json.dumps(runs), encoding="utf-8")
    found: dict[str, Any] = json.loads(run(folder, "python", MODELS, harness, folder / "runs.json").splitlines()[-1])
    assert [each["status"] for each in found.values()] == ["success"] * len(asked)
    return found


def scored(variorum: Command, folder: Path, log: str | Path, root: Path) -> dict[str, float]:
    """The figures that `variorum score` gives the answers in a log."""
    only_inspect = None if str(log).endswith(".jsonl") else run(folder, "python", "-m", "variorum.harnesses", log)
    data = logs.prediction(Path(log)) if only_inspect is None else only_inspect.encode()
    (folder / "prediction.json").write_bytes(data)
    options = ("--root", root, "--format", "json", "--resamples", "0", "--lenient")
    done = variorum("score", folder / "prediction.json", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = {
        "|".join(each[part] for part in ("layer", "task", "match", "of", "average")): each["figures"]
        for each in json.loads(done.stdout)["scores"]
    }
    return {name: figures[score][of]["value"] for name, (score, of) in FIGURES.items() if score in figures}


def built(root: Path, folder: Path) -> Path:
    dataset.build(material(read_corpus(root)), folder)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real dataset."""
    return built(ROOT, tmp_path_factory.mktemp("whole") / "dataset")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of the small corpus."""
    return built(SMALL, tmp_path_factory.mktemp("small") / "dataset")


def targets(data: Path) -> list[int]:
    """The number of the right choice of each question."""
    return [row["choices"].index(row["target"]) for row in pairs.questions(str(data))]


def choices(data: Path) -> list[int]:
    """Answers right and wrong: every third the next relation but one, the others right; to the last question none."""
    wanted = targets(data)
    return [*((each if i % 3 else (each + 2) % 4) for i, each in enumerate(wanted[:-1])), -1]


def answers(gold: AnnotationSet) -> list[str]:
    """For the first article a mention and a claim of gold by their words, prose for the second, nothing for others."""
    first, *others = sorted(each.doc_id for each in gold.documents)
    mention = next(each for each in gold.mentions or () if each.doc_id == first)
    claim = next(each for each in gold.claims or () if each.doc_id == first)
    said = {
        "mentions": [{"mention_id": "m1", "quote": mention.text, "occurrence": 0, "type": mention.type}],
        "claims": [
            {
                "spans": [{"quote": span.text, "occurrence": 0} for span in claim.spans],
                "proposition": claim.proposition,
                **{name: getattr(claim, name) for name in ("kind", "polarity", "certainty")},
                "holder": "m1",
            }
        ],
    }
    return [f"Here it is: {json.dumps(said)}", "I cannot do that.", *('{"mentions": []}' for _ in others[1:])]


# --- lm-evaluation-harness -----------------------------------------------------------------------------------


def test_lm_eval_on_the_command_line_with_its_dummy_model(whole: Path, variorum: Command, tmp_path: Path) -> None:
    tasks = run(tmp_path, "python", "-m", "variorum.harnesses").strip()
    options = ("--include_path", tasks, "--metadata", json.dumps({"dataset": str(whole)}))
    named = ("--model", "dummy", "--tasks", "variorum_pairs,variorum_extraction")
    run(tmp_path, "lm_eval", "run", *named, *options, "--output_path", tmp_path / "out", "--log_samples")
    (results,) = (tmp_path / "out").rglob("results_*.json")
    found = {
        task: {name.removesuffix(",none"): value for name, value in each.items()}
        for task, each in json.loads(results.read_bytes())["results"].items()
    }
    (log,) = (tmp_path / "out").rglob("samples_variorum_pairs_*.jsonl")
    expected = scored(variorum, tmp_path, log, ROOT)
    assert {name: found["variorum_pairs"][name] for name in expected} == pytest.approx(expected)
    assert expected.keys() == {"headline_f1", "macro_f1", "average_precision"} and expected["headline_f1"] > 0
    assert found["variorum_pairs"]["acc"] == accuracy(tmp_path / "prediction.json", whole)
    failed = {"mention_f1": 0, "claim_f1": 0, "failed": len(read_corpus(ROOT).documents)}
    assert {name: found["variorum_extraction"][name] for name in failed} == failed


def accuracy(path: Path, data: Path) -> float:
    """The share of right relations in a prediction that has them all."""
    said = {pair["pair_id"]: pair["relation"] for pair in json.loads(path.read_bytes())["contradictions"]}
    wanted = {row["pair_id"]: row["target"] for row in pairs.questions(str(data))}
    return sum(said[name] == relation for name, relation in wanted.items()) / len(wanted)


# --- both, with models that are told what to say -------------------------------------------------------------


@pytest.mark.parametrize("harness", ["lm-eval", "inspect"])
def test_a_model_that_is_told_what_to_say(
    harness: str, small: Path, whole: Path, variorum: Command, tmp_path: Path
) -> None:
    names = [f"variorum_{name}" if harness == "lm-eval" else name for name in ("pairs", "extraction")]
    chosen, written = choices(small), answers(dataset.read(whole).gold)
    found = told(harness, dict(zip(names, [(small, chosen), (whole, written)], strict=True)), tmp_path)
    of_pairs, of_articles = (found[name]["figures"] for name in names)

    expected = scored(variorum, tmp_path, found[names[0]]["log"], SMALL)
    assert {name: of_pairs[name] for name in expected} == pytest.approx(expected)
    assert 0 < expected["headline_f1"] < 1
    if harness == "inspect":
        assert of_pairs["unanswered"] == chosen.count(-1)
        right = sum(a == b for a, b in zip(chosen, targets(small), strict=True))
        assert of_pairs["accuracy"] == pytest.approx(right / len(chosen))

    expected = scored(variorum, tmp_path, found[names[1]]["log"], ROOT)
    assert {name: of_articles[name] for name in expected} == pytest.approx(expected)
    assert expected.keys() == {"mention_f1", "claim_f1"} and min(expected.values()) > 0
    assert of_articles["failed"] == 1
