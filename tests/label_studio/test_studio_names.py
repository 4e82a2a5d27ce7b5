"""Names of rounds and folders in the way: whatever is asked for, nothing is written outside its place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from studio_server import Done
from typer.testing import CliRunner

from variorum.cli import app
from variorum.cli.studio_records import store
from variorum.corpus import Corpus, read_corpus
from variorum.label_studio.controls import Kind
from variorum.label_studio.errors import StudioError
from variorum.label_studio.rounds import Kept, Round, from_bytes, from_description, title, to_bytes, to_description

ESCAPES = ["../../../escape", "/tmp/escape", "a/b", "a\\b", "..", ".hidden", "two words", "", "line\nbreak"]


@pytest.mark.parametrize("name", ESCAPES)
@pytest.mark.parametrize("command", ["push", "pull"])
def test_no_file_is_named_after_such_a_round(command: str, name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["studio", command, "--round", name, "--data", str(tmp_path)])
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "is no name of a round" in done.stderr and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ESCAPES)
def test_nor_from_a_server_or_a_stored_header(name: str) -> None:
    asked = Round("c" * 16, name, Kind.articles, "1", ("mentions",))
    with pytest.raises(StudioError, match="no name of a round"):
        title(name, Kind.articles)
    assert from_description(to_description(asked)) is None
    with pytest.raises(ValueError, match="no name of a round"):
        from_bytes(to_bytes(Kept(asked)))


@pytest.mark.parametrize("command", [("studio", "records"), ("withdraw",)])
def test_nor_is_one_looked_for(command: tuple[str, ...], variorum: Callable[..., Done], small_corpus: Corpus) -> None:
    done = variorum(*command, "../../../escape", "--root", small_corpus.root)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("name", ["r.articles.json", "r.articles.round.json"])
def test_a_folder_where_the_export_belongs(name: str, small_corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    exports = read_corpus(small_corpus.root).annotations / "exports"
    (exports / name).mkdir(parents=True)
    with pytest.raises(BaseException) as caught:
        store(small_corpus, b"[]\n", Kept(Round("c" * 16, "r", Kind.articles, "1", ("mentions",))))
    assert getattr(caught.value, "exit_code", None) == 2
    assert "is a folder" in capsys.readouterr().err and [each.name for each in exports.iterdir()] == [name]
