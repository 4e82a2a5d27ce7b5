"""Baselines: deterministic, valid, outside furniture, and harmless on odd articles."""

import json
import random
import sys
from collections import Counter
from importlib.metadata import version

import msgspec
import pytest
from msgspec.structs import replace

from variorum.baselines import ABOUT, BASELINES, NoLibrary, Task, undescribed
from variorum.checks import check_set
from variorum.cli.measuring import packages
from variorum.corpus import Corpus
from variorum.leaderboard import System
from variorum.records import LAYERS, AnnotationSet, Pair, from_json, to_json
from variorum.scoring import Config, score

# The model md has packages for Python 3.12 and newer only. Language models have tests of their own, with no model.
ELSEWHERE = ("llm", *(() if sys.version_info >= (3, 12) else ("spacy-md",)))
HERE = [name for name in BASELINES if not name.startswith(ELSEWHERE)]


def run(name: str, given: Task) -> AnnotationSet:
    """The prediction; skips if a package of the baseline is not there."""
    try:
        return BASELINES[name](given)
    except NoLibrary as error:
        pytest.skip(str(error))


def task(corpus: Corpus, given: bool = True) -> Task:
    documents = tuple(corpus.documents.values())
    return Task(documents, corpus.schema, from_json(corpus.gold.read_bytes()) if given else None)


@pytest.mark.parametrize("name", HERE)
def test_the_same_articles_give_the_same_prediction(small_corpus: Corpus, name: str) -> None:
    first, second = (run(name, task(small_corpus)) for _ in range(2))
    assert to_json(first) == to_json(second)


@pytest.mark.parametrize("name", HERE)
def test_the_order_of_given_claims_does_not_matter(small_corpus: Corpus, name: str) -> None:
    given = task(small_corpus)
    assert given.given
    mixed = list(given.given_claims)
    random.Random(1).shuffle(mixed)
    other = Task(given.documents, given.schema, replace(given.given, claims=tuple(mixed)))
    assert run(name, other) == run(name, given)


@pytest.mark.parametrize("name", HERE)
def test_predictions_pass_the_checks(small_corpus: Corpus, name: str) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    made = run(name, task(small_corpus))
    assert check_set(to_json(made), "p.json", small_corpus, gold).problems == ()
    layers = {layer for layer in LAYERS if getattr(made, layer) is not None}
    assert "contradictions" in layers
    assert score(made, gold, Config(layers=tuple(sorted(layers)), resamples=0)).skipped == {}


def test_nothing_is_predicted_inside_furniture(small_corpus: Corpus) -> None:
    made = BASELINES["trivial"](task(small_corpus, given=False))
    assert made.contradictions is None
    spans = [(m.doc_id, m.start, m.end) for m in made.mentions or ()]
    spans += [(c.doc_id, s.start, s.end) for c in made.claims or () for s in c.spans]
    assert spans
    for doc_id, start, end in spans:
        furniture = small_corpus.documents[doc_id].source.furniture
        assert not any(start < block.end and block.start < end for block in furniture)
        assert 0 <= start < end <= len(small_corpus.documents[doc_id].text)


def test_no_pairs_of_less_than_two_claims(small_corpus: Corpus) -> None:
    given = task(small_corpus)
    assert given.given
    for few in ((), given.given_claims[:1]):
        one = replace(given.given, claims=few)
        assert BASELINES["trivial"](Task(given.documents, given.schema, one)).contradictions == ()


def test_command(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    out = small_corpus.root / "p.json"
    done = variorum("baseline", "trivial", "--root", small_corpus.root, "--out", out, "--layers", "mentions")
    assert (done.returncode, done.stderr) == (0, "")
    made = from_json(out.read_bytes())
    assert made.mentions
    assert made.claims is made.contradictions is made.claims_from is None
    done = variorum("baseline", "none", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"there are: {', '.join(BASELINES)}" in done.stderr


# --- what reads nothing ----------------------------------------------------------------------------------------


def gold_with(pairs: int) -> AnnotationSet:
    """Gold of so many pairs of claims, all neutral."""
    made = (Pair(pair_id=f"a~c{at:05}", claim_a="a", claim_b=f"c{at:05}", relation="neutral") for at in range(pairs))
    return AnnotationSet(schema_version="1.0", source="gold", role="gold", documents=(), contradictions=tuple(made))


def test_chance_draws_each_relation_as_often(small_corpus: Corpus) -> None:
    made = BASELINES["chance"](Task((), small_corpus.schema, gold_with(4000))).contradictions or ()
    tally = Counter(pair.relation for pair in made)
    assert set(tally) == set(small_corpus.schema.names("relation"))
    assert all(900 < n < 1100 for n in tally.values())  # 1000 each; four standard deviations are 110


def test_the_score_of_chance_is_higher_for_what_it_calls_a_conflict(small_corpus: Corpus) -> None:
    made = BASELINES["chance"](Task((), small_corpus.schema, gold_with(400))).contradictions or ()
    called = {pair.relation in ("contradiction", "tension"): pair.score for pair in made}
    assert set(called) == {True, False}
    for pair in made:
        assert pair.score is not None and (pair.score >= 0.5) == (pair.relation in ("contradiction", "tension"))


def test_chance_of_one_pair_does_not_depend_on_the_others(small_corpus: Corpus) -> None:
    few, many = (BASELINES["chance"](Task((), small_corpus.schema, gold_with(n))).contradictions for n in (5, 50))
    assert few and many and few == many[:5]


def test_neutral_finds_nothing_and_is_never_fooled(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    report = score(BASELINES["neutral"](task(small_corpus)), gold, Config(resamples=0))
    assert report["contradictions|detection|contradiction+tension|all|micro"]["f1"] == 0
    assert report["contradictions|false-alarms|contradiction+tension|all|micro"]["rate"] == 0


@pytest.mark.parametrize("name", HERE)
def test_no_baseline_sees_the_labels_of_pairs(small_corpus: Corpus, name: str) -> None:
    given = task(small_corpus)
    assert given.given
    bare = tuple(
        Pair(pair_id=p.pair_id, claim_a=p.claim_a, claim_b=p.claim_b, relation="neutral")
        for p in given.given.contradictions or ()
    )
    other = Task(given.documents, given.schema, replace(given.given, contradictions=bare))
    assert run(name, other) == run(name, given)


# --- an entry of the leaderboard ---------------------------------------------------------------------------------


def test_an_entry_says_what_made_it_and_what_it_took(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    folder = small_corpus.root / "leaderboard" / "trivial"
    done = variorum("baseline", "trivial", "--root", small_corpus.root, "--entry", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert from_json((folder / "prediction.json").read_bytes()).source == "baseline-trivial"
    value = json.loads((folder / "system.json").read_bytes())
    assert list(small_corpus.schema.validator("system").iter_errors(value)) == []
    made = msgspec.convert(value, System)
    assert made.title == "trivial" and made.measured and made.measured.cpu_seconds > 0
    assert made.measured.peak_mib and 20 < made.measured.peak_mib < 4000
    assert {"scikit-learn": version("scikit-learn")}.items() <= {p.name: p.version for p in made.packages}.items()


def test_an_entry_is_a_folder_of_its_own(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    folder = small_corpus.root / "leaderboard" / "trivial"
    done = variorum("baseline", "trivial", "--root", small_corpus.root, "--entry", folder, "--out", folder / "p.json")
    assert done.returncode == 2 and "leave --out" in done.stderr
    assert not folder.exists()


def test_a_baseline_that_says_nothing_of_itself_is_described_by_its_docstring() -> None:
    def plain(task: Task) -> AnnotationSet:
        """Reads the first
        word only.

        And so on.
        """
        raise NotImplementedError

    about = undescribed("plain", plain)
    assert (about.title, about.description, about.thresholds) == ("plain", "Reads the first word only.", "not stated")


def test_packages_that_are_not_installed_are_left_out() -> None:
    found = packages(["msgspec", "no-such-package-at-all"])
    assert [each.name for each in found] == ["msgspec"]
    assert found[0].version == version("msgspec") and found[0].licence


def test_every_baseline_says_what_it_is() -> None:
    assert list(ABOUT) == list(BASELINES)
    assert all(about.description.endswith(".") and about.thresholds for about in ABOUT.values())
