"""What the commands read besides annotation sets is read strictly; what they write never replaces an input."""

import json

import pytest
from support import ROOT, Command

from variorum.corpus import Corpus


def contents(corpus: Corpus) -> dict[str, bytes]:
    return {p.relative_to(corpus.root).as_posix(): p.read_bytes() for p in corpus.root.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b'{"version": "1.0.0", "version": "1.0.0", "articles": "articles", "pairs": ["pairs"]}', "duplicate-key"),
        (b"[" * 100_000, "too-deep"),
        (b'{"version": "1.0.0", "articles": "articles"}', "schema"),
        (b"\xff", "not-utf8"),
    ],
)
def test_rounds_are_read_strictly(data: bytes, rule: str, small_corpus: Corpus, variorum: Command) -> None:
    (small_corpus.annotations / "rounds.json").write_bytes(data)
    for command in ("adjudicate", "build"):
        done = variorum(command, "--root", small_corpus.root)
        assert (done.returncode, done.stderr) == (1, "")
        assert f"[{rule}]" in done.stdout and "maximum recursion" not in done.stdout
        assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("command", [("agreement",), ("baseline", "trivial"), ("build",)], ids=" ".join)
@pytest.mark.parametrize("out", ["seeds/a1-gazette.txt", "schema/new.json", "annotations/gold.json", "annotations"])
def test_out_never_replaces_an_input(
    command: tuple[str, ...], out: str, small_corpus: Corpus, variorum: Command
) -> None:
    before = contents(small_corpus)
    for path in (small_corpus.root / out, small_corpus.root / "build" / ".." / out):
        done = variorum(*command, "--root", small_corpus.root, "--out", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is left alone" in done.stderr
    assert contents(small_corpus) == before


@pytest.mark.parametrize("out", ["seeds/a1-gazette.txt", "schema/new.json", "annotations/gold.json", "annotations"])
def test_scores_never_replace_an_input(out: str, small_corpus: Corpus, variorum: Command) -> None:
    before = contents(small_corpus)
    command = ("score", small_corpus.gold, "--root", small_corpus.root, "--resamples", "0")
    for path in (small_corpus.root / out, small_corpus.root / "build" / ".." / out):
        done = variorum(*command, "--out", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is left alone" in done.stderr
    assert contents(small_corpus) == before


def test_scores_do_not_replace_the_prediction_either(small_corpus: Corpus, variorum: Command) -> None:
    prediction = small_corpus.root.parent / "prediction.json"
    prediction.write_bytes(data := small_corpus.gold.read_bytes())
    for option in ("--gold", "--against"):
        more = (option, prediction, "--root", small_corpus.root, "--resamples", "0", "--out", prediction)
        for given in ((small_corpus.gold, *more), (prediction, *more[2:])):
            done = variorum("score", *given)
            assert (done.returncode, done.stdout) == (2, "")
            assert "is left alone" in done.stderr and prediction.read_bytes() == data


def test_agreement_may_be_sent_where_it_goes_anyway(small_corpus: Corpus, variorum: Command) -> None:
    out = small_corpus.annotations / "agreement.json"
    assert variorum("agreement", "--root", small_corpus.root, "--out", out).returncode == 0
    assert json.loads(out.read_bytes())


def test_docs_are_made_anew_and_then_up_to_date(small_corpus: Corpus, variorum: Command) -> None:
    guidelines = small_corpus.annotations / "GUIDELINES.md"
    guidelines.write_text("Version 1\n\n<!-- labels:relation -->\nold\n<!-- /labels -->\n", encoding="utf-8")
    rules = small_corpus.root / "docs" / "rules.md"
    rules.parent.mkdir()
    rules.write_bytes(b"old")
    done = variorum("docs", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert rules.read_bytes() == (ROOT / "docs" / "rules.md").read_bytes()
    assert "| `tension` |" in guidelines.read_text(encoding="utf-8")
    assert variorum("docs", "--root", small_corpus.root).stdout.count("is up to date") == 2
    guidelines.write_text("<!-- labels:nope -->\n<!-- /labels -->\n", encoding="utf-8")
    done = variorum("docs", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nope" in done.stderr


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (("score", "NONE"), "PREDICTION"),
        (("score", "GOLD", "--against", "NONE"), "--against"),
        (("score", "GOLD", "--gold", "NONE"), "--gold"),
        (("score", "GOLD", "--contrast", "NONE"), "--contrast"),
        (("explore", "--prediction", "NONE"), "--prediction"),
        (("explore", "--gold", "NONE"), "--gold"),
        (("agreement", "GOLD", "NONE"), "FILES"),
        (("disagreements", "GOLD", "NONE"), "FILES"),
        (("contrast", "submit", "NONE"), "FILE"),
    ],
)
def test_a_path_that_was_typed_and_is_not_there_is_wrong_usage(
    small_corpus: Corpus, variorum: Command, command: tuple[str, ...], named: str
) -> None:
    paths = {"NONE": small_corpus.root / "none.json", "GOLD": small_corpus.gold}
    done = variorum(*(paths.get(word, word) for word in command), "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"variorum: {named}: there is no corpus/none.json\n"
