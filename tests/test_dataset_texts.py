"""The edition without the texts: nothing of an article is in it, and it becomes the full one again, byte for byte."""

import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from msgspec.structs import replace
from support import ROOT, Command

from variorum import dataset
from variorum.cli.build import material
from variorum.corpus import Corpus
from variorum.dataset import folder as folders
from variorum.dataset.folder import strings
from variorum.dataset.material import BLOCK, repeated


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own_words(text: str) -> list[str]:
    """Words as this test sees them, so that the package's own reading has a second opinion."""
    return re.findall(r"\w+", text.casefold())


@pytest.mark.parametrize("which", ["corpus", "small_corpus"])
def test_no_string_holds_twelve_words_of_an_article(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    corpus = request.getfixturevalue(which)
    made = material(corpus)
    dataset.build(dataset.without_texts(made), tmp_path / "bare", made)
    titles = [document.source.title for document in corpus.documents.values()]
    grams = set()
    for document in corpus.documents.values():
        words = own_words(document.text)
        grams |= {tuple(words[at : at + 12]) for at in range(len(words) - 11)}
    assert grams
    for string in strings(tmp_path / "bare"):
        for title in titles:
            string = string.replace(title, "|0|")
        words = own_words(string)
        found = [words[at : at + 12] for at in range(len(words) - 11) if tuple(words[at : at + 12]) in grams]
        assert found == []


def test_every_column_of_words_is_null(small_corpus: Corpus, tmp_path: Path) -> None:
    made = dataset.rows(dataset.without_texts(material(small_corpus)))
    assert {row.get("text") for name in ("documents", "mentions") for row in made[name]} == {None}
    assert {row[name] for row in made["contradictions"] for name in ("quote_a", "quote_b")} == {None}
    assert {span.get("text") for row in made["claims"] for span in row["spans"]} == {None}
    assert not any('"text":' in row["record"] for row in made["annotations"])
    assert {len(row["block_sha256"]) for row in made["documents"]} == {
        -(-document.source.n_chars // BLOCK) for document in small_corpus.documents.values()
    }


def test_words_of_an_article_in_a_rationale_are_refused(small_corpus: Corpus, tmp_path: Path) -> None:
    made = material(small_corpus)
    document = made.documents["a1"]
    words = " ".join(document.text[document.source.paragraphs[3].start :].split()[:14])
    first, *rest = made.gold.contradictions or ()
    gold = replace(made.gold, contradictions=(replace(first, rationale=f"Because {words}."), *rest))
    assert [key for _, key in repeated([f"Because {words}."], made, 12)] == ["a1", "b2"]
    with pytest.raises(dataset.Repeats, match="a1: "):
        dataset.build(dataset.without_texts(replace(made, gold=gold)), tmp_path / "bare", made)
    assert list(tmp_path.glob("*bare*")) == []


@pytest.mark.parametrize("which", ["corpus", "small_corpus"])
def test_rehydrated_is_the_full_edition(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    corpus = request.getfixturevalue(which)
    made = material(corpus)
    dataset.build(made, tmp_path / "full")
    dataset.build(dataset.without_texts(made), tmp_path / "bare", made)
    bare = dataset.read(tmp_path / "bare")
    assert not bare.has_texts
    copies = {
        each.source.file: (corpus.root / "seeds" / each.source.file).read_bytes() for each in made.documents.values()
    }
    dataset.build(dataset.with_texts(bare, dataset.restored(bare, copies)), tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "full")
    dataset.build(dataset.without_texts(dataset.read(tmp_path / "full")), tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "bare")


def test_the_texts_alone_can_be_read(small_corpus: Corpus, tmp_path: Path) -> None:
    made = material(small_corpus)
    dataset.build(made, tmp_path / "out")
    assert dataset.read_texts(tmp_path / "out") == {key: each.text for key, each in made.documents.items()}
    dataset.build(dataset.without_texts(made), tmp_path / "out")
    with pytest.raises(ValueError, match="has no texts"):
        dataset.read_texts(tmp_path / "out")


def test_a_label_that_is_none_is_not_built(small_corpus: Corpus, tmp_path: Path) -> None:
    made = material(small_corpus)
    first, *rest = made.gold.mentions or ()
    gold = replace(made.gold, mentions=(replace(first, type="NOPE"), *rest))
    with pytest.raises(ValueError, match="entity_type"):
        dataset.build(replace(made, gold=gold), tmp_path / "out")


def test_pairs_about_claims_of_an_earlier_round_keep_their_words(small_corpus: Corpus, tmp_path: Path) -> None:
    """Their claims are not gold's any more: the set that they are about goes with the dataset."""
    made = material(small_corpus)
    old = replace(made.gold, source="consolidated", role="consolidated", round="trial", contradictions=None)
    claims = tuple(replace(c, claim_id=f"{c.claim_id}-old") for c in old.claims or ())
    (pairs, *_) = (each for each in made.pair_sets if each.contradictions)
    past = tuple(
        replace(p, claim_a=f"{p.claim_a}-old", claim_b=f"{p.claim_b}-old", pair_id=f"{p.pair_id}-old")
        for p in pairs.contradictions or ()
    )
    trial = replace(pairs, round="trial", contradictions=past)
    more = replace(made, earlier=(replace(old, claims=claims),), annotators=(*made.annotators, trial))
    dataset.build(more, tmp_path / "full")
    dataset.build(dataset.without_texts(more), tmp_path / "bare", more)
    bare = dataset.read(tmp_path / "bare")
    texts = {key: each.text for key, each in more.documents.items()}
    dataset.build(dataset.with_texts(bare, texts), tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "full")
    assert b'"text":' not in (tmp_path / "full" / "provenance" / "earlier.json").read_bytes()


# --- which copies are taken ----------------------------------------------------------------------------------


@pytest.fixture
def bare(corpus: Corpus) -> dataset.Material:
    return dataset.without_texts(material(corpus))


@pytest.fixture
def copies(corpus: Corpus) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (ROOT / "seeds").glob("*.txt")}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_newlines_and_composition_do_not_matter(
    newline: str, form: str, corpus: Corpus, bare: dataset.Material, copies: dict[str, bytes]
) -> None:
    changed = {
        name: unicodedata.normalize(form, data.decode()).replace("\n", newline).encode()
        for name, data in copies.items()
    }
    assert newline == "\n" or changed != copies
    assert dataset.restored(bare, changed) == {key: each.text for key, each in corpus.documents.items()}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda text: text[:1000] + "#" + text[1001:], f"between characters {3 * BLOCK} and {4 * BLOCK}, from line"),
        (lambda text: text[:-5], "the first difference is between"),
        (lambda text: text + "\n", "the first difference is between"),
        (lambda text: text[: 2 * BLOCK], f"it ends at character {2 * BLOCK}"),
        (lambda text: text.replace(" ", "\u00a0", 1), "between characters 0 and 256, from line 1 on; "),
    ],
)
def test_another_text_is_refused_with_file_and_place(change, where, bare, copies) -> None:  # type: ignore[no-untyped-def]
    name = sorted(copies)[0]
    copies[name] = change(copies[name].decode()).encode()
    with pytest.raises(dataset.WrongText) as error:
        dataset.restored(bare, copies)
    assert str(error.value).startswith(f"{name}: another text: ") and where in str(error.value)
    assert "\n" not in str(error.value)


def test_all_that_is_wrong_is_said_at_once(small_corpus: Corpus, tmp_path: Path, variorum: Command) -> None:
    assert variorum("build", "--root", small_corpus.root, "--text-free").returncode == 0
    bare, texts = small_corpus.build / "dataset-text-free", tmp_path / "texts"
    shutil.copytree(small_corpus.root / "seeds", texts)
    (texts / "a1-gazette.txt").unlink()
    (texts / "b2-wire.txt").write_bytes(b"\xff")
    before = contents(small_corpus.root)
    done = variorum("rehydrate", bare, "--texts", texts)
    assert (done.returncode, done.stdout) == (1, "")
    assert "a1-gazette.txt: there is no such file\nb2-wire.txt: byte 0 is not UTF-8" in done.stderr
    assert "c3-letters.txt" not in done.stderr
    assert contents(small_corpus.root) == before
    done = variorum("rehydrate", bare, "--texts", small_corpus.root / "seeds")
    assert (done.returncode, done.stderr) == (0, "")
    assert variorum("build", "--root", small_corpus.root).returncode == 0
    assert contents(small_corpus.build / "dataset-text-free-with-texts") == contents(small_corpus.build / "dataset")


@pytest.mark.parametrize("broken", ["nothing", "no-parquet", "other-columns", "no-json"])
def test_what_is_no_dataset_is_wrong_usage(broken: str, small_corpus: Corpus, variorum: Command) -> None:
    folder = small_corpus.build / "dataset"
    dataset.build(material(small_corpus), folder)
    parquet = folder / "data" / "entities" / "test-00000-of-00001.parquet"
    if broken == "nothing":
        shutil.rmtree(folder)
    elif broken == "no-parquet":
        parquet.write_bytes(b"PAR1")
    elif broken == "other-columns":
        shutil.copy(folder / "data" / "mentions" / parquet.name, parquet)
    else:
        (folder / "provenance" / "corpus.json").write_bytes(b"[")
    done = variorum("rehydrate", folder, "--texts", small_corpus.root / "seeds")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no dataset folder that can be read" in done.stderr and done.stderr.count("\n") == 1


# --- whole or not at all -------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_folder(
    small_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, out = material(small_corpus), tmp_path / "out"
    dataset.build(made, out)
    before = contents(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        dataset.build(dataset.without_texts(made), out)
    assert contents(tmp_path) == before


def test_old_and_new_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("new", "out"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not folders._exchanged(tmp_path / "new", tmp_path / "out"):
        pytest.skip("this system or file system cannot exchange two folders")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["new"]


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_the_old_folder_or_the_new_one(small_corpus: Corpus, tmp_path: Path) -> None:
    out = tmp_path / "out" / "dataset"
    line = [sys.executable, "-m", "variorum", "build", "--root", str(small_corpus.root), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    started = time.monotonic()
    subprocess.run(line, env=environment, check=True, capture_output=True)
    took = time.monotonic() - started
    new = contents(out)
    old = {**new, "README.md": new["README.md"] + b"\nAn older one.\n"}
    draws = random.Random(7)
    for _ in range(8):
        (out / "README.md").write_bytes(old["README.md"])
        child = subprocess.Popen([*line, "--text-free"], env=environment, stdout=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(took * draws.uniform(0.4, 1.1))
        child.kill()
        child.wait()
        found = contents(out)
        assert found == old or b"This edition has no texts" in found["README.md"]
        subprocess.run(line, env=environment, check=True, capture_output=True)
        assert contents(out) == new
