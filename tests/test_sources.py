"""`variorum sources`: what it fills in, what it leaves alone, and that it writes the whole list or nothing."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, Command

from variorum.corpus import Corpus, read_corpus
from variorum.listing import doc_id, listing, new_sources, paragraphs, to_json


def test_the_shipped_list_stays_as_it_is(tmp_path: Path, variorum: Command) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    path = tmp_path / "seeds" / "sources.json"
    before = path.read_bytes(), path.stat().st_mtime_ns
    done = variorum("sources", "--root", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "is up to date" in done.stdout
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_list_is_written_as_the_shipped_one() -> None:
    sources = [document.source for document in read_corpus(ROOT).documents.values()]
    assert to_json(sources, "1.0") == (ROOT / "seeds" / "sources.json").read_bytes()


def test_other_layouts_are_left_alone_too(small_corpus: Corpus, variorum: Command) -> None:
    path = small_corpus.root / "seeds" / "sources.json"
    before = path.read_bytes()
    assert variorum("sources", "--root", small_corpus.root).returncode == 0
    assert path.read_bytes() == before


def test_only_what_is_computed_is_made_anew(small_corpus: Corpus, variorum: Command) -> None:
    seeds = small_corpus.root / "seeds"
    value = json.loads((seeds / "sources.json").read_bytes())
    for source in value["sources"]:
        source |= {"sha256": "0" * 64, "n_chars": 0, "copied_from": []}
    (seeds / "sources.json").write_bytes(json.dumps(value).encode())
    done = variorum("sources", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "b2: sha256, n_chars, copied_from; look at furniture and paragraphs again\n" in done.stdout
    assert read_corpus(small_corpus.root).documents == small_corpus.documents


def test_a_new_text_gets_an_entry(small_corpus: Corpus, variorum: Command) -> None:
    (small_corpus.root / "seeds" / "d4_my story.txt").write_bytes(b"The  pier\nstands.\r\n\r\nIt is old.\n")
    done = variorum("sources", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("d4: new, from d4_my story.txt")
    *old, new = read_corpus(small_corpus.root).documents.values()
    assert {document.doc_id: document for document in old} == small_corpus.documents
    assert (new.doc_id, new.source.title, new.source.language) == ("d4", "[The pier]", "und")
    assert new.source.rights.startswith("To be filled in")
    assert [new.text[block.start : block.end] for block in new.source.paragraphs] == [
        "The  pier\nstands.",
        "It is old.",
    ]
    assert variorum("check", "--root", small_corpus.root).returncode == 0


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["b_x.txt", "a_x.txt"], ["b", "a"]),
        (["n_1.txt", "n_2.txt"], ["n_1", "n_2"]),
        (["taken_1.txt"], ["taken_1"]),
        (["_x.txt", "no ending"], ["_x", "no-ending"]),
    ],
)
def test_ids_follow_from_file_names(names: list[str], ids: list[str]) -> None:
    assert [source.doc_id for source in new_sources(names, dict.fromkeys(names, ""), {"taken"})] == ids


def test_one_id_for_two_files_is_refused() -> None:
    with pytest.raises(ValueError, match="two files would have the doc_id 'a'"):
        listing([], {"a.txt": "", "a.html": ""})


@given(st.text(alphabet="ab \t\r\n\ufeff\u2029") | st.text())
def test_paragraphs_hold_all_but_white_space(text: str) -> None:
    blocks = paragraphs(text)
    edges = [edge for block in blocks for edge in (block.start, block.end)]
    assert edges == sorted(edges)
    assert all((words := text[b.start : b.end]) == words.strip() != "" for b in blocks)
    gaps = zip([0, *edges[1::2]], [*edges[::2], len(text)], strict=True)
    assert "".join(text[start:end] for start, end in gaps).strip().removeprefix("\ufeff").strip() == ""
    assert not any("\n\n" in text[b.start : b.end] for b in blocks)


@given(st.text(min_size=1).filter(lambda name: "\0" not in name))
def test_an_id_is_always_valid(name: str) -> None:
    assert doc_id(name) and not any(c.isspace() or c == '"' for c in doc_id(name))


def test_texts_that_are_none_are_all_named_and_nothing_is_written(small_corpus: Corpus, variorum: Command) -> None:
    seeds = small_corpus.root / "seeds"
    (seeds / "x.txt").write_bytes(b"a\xff")
    (seeds / "y").mkdir()
    (seeds / "b2-wire.txt").unlink()
    before = (seeds / "sources.json").read_bytes()
    done = variorum("sources", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "x.txt::$: [not-utf8] byte 1 is not UTF-8" in done.stdout
    assert "y::$: [unreadable] is a folder" in done.stdout
    assert "b2-wire.txt::$: [unreadable]" in done.stdout
    assert (seeds / "sources.json").read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b'{"schema_version": "1.0", "sources": [{}]}', b"[" * 10_000])
def test_a_broken_list_is_refused_and_kept(data: bytes, small_corpus: Corpus, variorum: Command) -> None:
    path = small_corpus.root / "seeds" / "sources.json"
    path.write_bytes(data)
    done = variorum("sources", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "sources.json::$" in done.stdout
    assert path.read_bytes() == data


def test_no_seeds_is_wrong_usage(tmp_path: Path, variorum: Command) -> None:
    for arguments in (("sources",), ("sources", "--root", tmp_path)):
        done = variorum(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
    (tmp_path / "seeds").mkdir()
    assert variorum("sources", "--root", tmp_path).returncode == 1
