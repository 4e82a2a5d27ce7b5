"""docs/own_corpus.md does what it says: its files are written, its commands are run, in the order of the page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from support import ROOT, Command

from variorum.records import from_json

PAGE = (ROOT / "docs" / "own_corpus.md").read_text(encoding="utf-8")
# A file: its path alone on a line, then what it holds. Commands: a block of `sh`.
STEP = re.compile(r"(?:^`(?P<path>[\w./]+)`\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str | None, str]]:
    """(path, contents) of each file and (None, arguments) of each command; what needs a server is left out."""
    for found in STEP.finditer(PAGE):
        if found["path"]:
            yield found["path"], found["text"]
        elif found["kind"] == "sh":
            yield from ((None, line) for line in found["text"].splitlines() if not line.startswith("variorum studio"))


def test_the_page_works_as_printed(tmp_path: Path, variorum: Command) -> None:
    ran = []
    for path, text in steps():
        if path:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8", newline="\n")
            continue
        name, *arguments = text.split()
        assert name == "variorum"
        done = variorum(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), (text, done.stdout)
        ran.append(arguments[0])
    assert ran[0] == "sources" and {"check", "agreement", "adjudicate", "build", "score"} <= set(ran)
    gold = from_json((tmp_path / "annotations" / "gold.json").read_bytes())
    assert [pair.relation for pair in gold.contradictions or ()] == ["contradiction"]
    listed = json.loads((tmp_path / "seeds" / "sources.json").read_bytes())["sources"]
    assert [[copied["doc_id"] for copied in source["copied_from"]] for source in listed] == [[], ["01"], []]
    assert "Version 0.1.0 is a trial" in (tmp_path / "build" / "dataset" / "README.md").read_text(encoding="utf-8")
