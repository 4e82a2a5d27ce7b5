"""The small corpus through the commands, one after the other, each in a process of its own outside the clone.

Nothing may be hard-wired to the five articles: ids, label sets, number of annotators, newlines, language.
"""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet
import pytest
from support import Command

from variorum.corpus import Corpus, write_set
from variorum.records import AnnotationSet, from_json


def gold(corpus: Corpus) -> AnnotationSet:
    return from_json(corpus.gold.read_bytes())


def contents(corpus: Corpus) -> dict[str, bytes]:
    """Every file of the corpus."""
    return {p.relative_to(corpus.root).as_posix(): p.read_bytes() for p in corpus.root.rglob("*") if p.is_file()}


def clean(text: str) -> bool:
    """Whether an output is what a person should see: no traceback, no half characters."""
    return "Traceback" not in text and "\ufffd" not in text


# --- check ---------------------------------------------------------------------------------------------------


def test_check_finds_nothing_and_writes_nothing(variorum: Command, small_corpus: Corpus) -> None:
    before = contents(small_corpus)
    done = variorum("check", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("0 problems in ")
    assert contents(small_corpus) == before


def test_check_finds_the_corpus_from_a_folder_inside_it(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("check", cwd=small_corpus.annotations)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_check_names_file_place_and_rule(variorum: Command, small_corpus: Corpus) -> None:
    path = small_corpus.record("articles", "wren")
    record = from_json(path.read_bytes())
    mentions = list(record.mentions or ())
    mentions[3] = msgspec.structs.replace(mentions[3], start=mentions[3].start - 2, end=mentions[3].end - 2)
    write_set(path, msgspec.structs.replace(record, mentions=tuple(mentions)))
    done = variorum("check", "--root", small_corpus.root)
    assert done.returncode == 1 and clean(done.stdout + done.stderr)
    assert "wren.json::$.mentions[3]: [quote-mismatch]" in done.stdout


def test_check_refuses_a_type_that_only_the_own_labels_have(variorum: Command, small_corpus: Corpus) -> None:
    (small_corpus.root / "schema" / "labels.schema.json").unlink()
    done = variorum("check", "--root", small_corpus.root)
    assert done.returncode == 1 and clean(done.stdout + done.stderr)
    assert "VESSEL" in done.stdout


@pytest.mark.parametrize("file", ["a1-gazette.txt", "b2-wire.txt", "c3-letters.txt"])
def test_check_sees_that_an_article_was_changed(file: str, variorum: Command, small_corpus: Corpus) -> None:
    """What editors and version control do on their own: other newlines, no byte-order mark, composed accents."""
    path = small_corpus.root / "seeds" / file
    data = path.read_bytes()
    path.write_bytes(
        data.replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").replace("e\u0301".encode(), "é".encode())
    )
    assert path.read_bytes() != data
    done = variorum("check", "--root", small_corpus.root)
    assert done.returncode == 1 and clean(done.stdout + done.stderr)
    assert file in done.stdout or file.split("-")[0] in done.stdout


def test_check_without_a_corpus_is_wrong_usage(variorum: Command) -> None:
    done = variorum("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("variorum: ") and clean(done.stderr)


def test_check_as_json_says_the_same(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("check", "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


# --- agreement -----------------------------------------------------------------------------------------------


def test_agreement_gives_the_figures_that_are_worked_out_by_hand(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("agreement", "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((small_corpus.annotations / "agreement.json").read_bytes()) == json.loads(done.stdout)
    found = {each["name"]: each for each in json.loads(done.stdout)["comparisons"]}
    assert [found[name]["sources"] for name in ("articles", "pairs")] == [["heron", "wren"]] * 2
    # 20 pairs, one of them unclear to heron; the two differ on two of the other 19.
    assert found["pairs"]["missing"]["heron"] == {"unclear": 1, "not judged": 0}
    raw, alpha = (_figure(found["pairs"], "contradictions", "relation", "relation", name) for name in ("raw", "alpha"))
    assert (raw["n"], raw["value"]) == (19, pytest.approx(17 / 19, abs=1e-6))
    # Nominal alpha: of 38 values 13 are contradiction, 2 tension, 12 agreement, 11 neutral; 4 stand in unequal pairs.
    by_chance = 38**2 - (13**2 + 2**2 + 12**2 + 11**2)
    assert alpha["value"] == pytest.approx(1 - 37 * 4 / by_chance, abs=1e-6)
    # wren has 53 mentions, heron 51: of these 47 are the same in span and type, one more in span only.
    typed, exact = (_figure(found["articles"], "mentions", "spans", name, "f1") for name in ("exact+type", "exact"))
    assert typed["counts"] == {"both": 47, "first": 51, "second": 53}
    assert exact["counts"]["both"] == 48


def _figure(comparison: Any, *measure: str) -> Any:
    names = ("layer", "task", "match", "coefficient")
    (found,) = (r for r in comparison["results"] if tuple(r[name] for name in names) == measure)
    return found["figures"][0]


def test_agreement_as_a_table(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("agreement", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0.895" in done.stdout and "heron" in done.stdout


# --- adjudicate ----------------------------------------------------------------------------------------------


def test_adjudicate_makes_the_gold_that_is_there(variorum: Command, small_corpus: Corpus) -> None:
    before = contents(small_corpus)
    small_corpus.gold.unlink()
    small_corpus.consolidated.unlink()
    done = variorum("adjudicate", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert contents(small_corpus) == before


@pytest.mark.parametrize("round_name", ["articles", "pairs"])
def test_adjudicate_lists_what_is_open_and_keeps_gold(round_name: str, variorum: Command, small_corpus: Corpus) -> None:
    (small_corpus.annotations / "decisions" / f"{round_name}.json").unlink()
    before = contents(small_corpus)
    done = variorum("adjudicate", "--root", small_corpus.root)
    assert done.returncode == 1 and clean(done.stdout + done.stderr)
    expected = {"articles": "claim.kind a1-c", "pairs": "pair.relation a1-c"}[round_name]
    assert expected in done.stdout
    assert contents(small_corpus) == before


# --- build ---------------------------------------------------------------------------------------------------


def test_build_writes_every_record_once(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("build", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    folder = small_corpus.build / "dataset"
    rows = {path.parent.name: pyarrow.parquet.read_table(path).to_pylist() for path in folder.rglob("*.parquet")}
    made = gold(small_corpus)
    for layer in ("mentions", "entities", "claims", "contradictions"):
        assert len(rows[layer]) == len(getattr(made, layer)), layer
    assert {row["doc_id"]: row["text"] for row in rows["documents"]} == {
        doc_id: document.text for doc_id, document in small_corpus.documents.items()
    }
    texts = {row["doc_id"]: row["text"] for row in rows["documents"]}
    assert all(texts[row["doc_id"]][row["start"] : row["end"]] == row["text"] for row in rows["mentions"])
    assert (folder / "README.md").is_file()


def test_build_twice_gives_the_same_bytes(variorum: Command, small_corpus: Corpus) -> None:
    assert variorum("build", "--root", small_corpus.root).returncode == 0
    first = contents(small_corpus)
    assert variorum("build", "--root", small_corpus.root).returncode == 0
    assert contents(small_corpus) == first


# --- baseline and score --------------------------------------------------------------------------------------


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[int, int, int]]:
    """Of a scoring as JSON: hits, false alarms and misses by layer and match."""
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    rows = json.loads(done.stdout)["scores"]
    found = {}
    for row in rows:
        if (row["task"], row["of"], row["average"]) in (("spans", "all", "micro"), ("detection", "all", "micro")):
            n = row["counts"]
            wrong = n["fp"] if "fp" in n else n["incorrect"] + n["spurious"]
            missed = n["fn"] if "fn" in n else n["incorrect"] + n["missed"]
            found[f"{row['layer']} {row['match']}"] = (n["tp"] if "tp" in n else n["correct"], wrong, missed)
    return found


def test_gold_is_right_about_itself(variorum: Command, small_corpus: Corpus) -> None:
    found = counts(variorum("score", small_corpus.gold, "--root", small_corpus.root, "--format", "json"))
    assert {(wrong, missed) for _, wrong, missed in found.values()} == {(0, 0)}
    assert found["mentions strict"][0] == len(gold(small_corpus).mentions or ())
    assert found["contradictions contradiction"][0] == 7


def test_an_annotator_can_be_scored(variorum: Command, small_corpus: Corpus) -> None:
    path = small_corpus.record("articles", "wren")
    found = counts(variorum("score", path, "--root", small_corpus.root, "--format", "json"))
    # Every decision went wren's way; but the evidence of two claims is heron's, who sorts first.
    assert found["mentions strict"] == (53, 0, 0)
    assert found["claims jaccard0.5"] == (28, 0, 0)
    assert found["claims exact"] == (26, 2, 2)


def test_a_prediction_may_give_quotes(variorum: Command, small_corpus: Corpus) -> None:
    """The words instead of offsets, as people and language models give them."""
    prediction = json.loads(small_corpus.gold.read_bytes())
    prediction |= {"source": "quoting-system", "role": "system", "claims": None, "contradictions": None}
    for mention in prediction["mentions"]:
        text = small_corpus.documents[mention["doc_id"]].text
        start, words = mention.pop("start"), mention.pop("text")
        del mention["end"]
        before = text[: start + len(words) - 1]
        mention |= {"quote": words, "occurrence": sum(before.startswith(words, at) for at in range(start))}
    path = small_corpus.root / "prediction.json"
    path.write_bytes(json.dumps(prediction).encode())
    found = counts(variorum("score", path, "--root", small_corpus.root, "--format", "json"))
    assert found["mentions strict"] == (53, 0, 0)


def test_a_broken_prediction_is_refused_in_one_line_each(variorum: Command, small_corpus: Corpus) -> None:
    path = small_corpus.root / "prediction.json"
    for data in (b"", b"[]", b'{"a": 1}', b"\xff\xfe", small_corpus.gold.read_bytes()[:-40]):
        path.write_bytes(data)
        done = variorum("score", path, "--root", small_corpus.root)
        assert done.returncode == 1 and clean(done.stdout + done.stderr), data
        assert "prediction.json::$" in done.stdout


def baseline(variorum: Command, corpus: Corpus) -> Path:
    """The prediction of the trivial baseline, as the command writes it."""
    done = variorum("baseline", "trivial", "--root", corpus.root)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return corpus.build / "predictions" / "trivial.json"


def test_baseline_is_a_prediction_that_can_be_scored(variorum: Command, small_corpus: Corpus) -> None:
    scored = variorum("score", baseline(variorum, small_corpus), "--root", small_corpus.root)
    assert (scored.returncode, scored.stderr) == (0, ""), scored.stdout
    assert "variorum|layer:mentions|" in scored.stdout and "variorum|layer:contradictions|" in scored.stdout


def test_baseline_is_a_prediction_that_is_clean(variorum: Command, small_corpus: Corpus) -> None:
    checked = variorum("check", baseline(variorum, small_corpus), "--root", small_corpus.root)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
