"""`variorum docs`: the parts of the documents that are made from schema and rules. Not in the list of commands."""

from pathlib import Path

from variorum import guidelines
from variorum.checks import rules_page
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.results import write


@app.command(hidden=True)
def docs(root: Root = None) -> None:
    """Make the label tables in annotations/GUIDELINES.md anew, and docs/rules.md where there is one."""
    corpus = open_corpus(root)
    path = corpus.annotations / "GUIDELINES.md"
    if path.is_file():
        try:
            made = guidelines.with_label_tables(path.read_bytes().decode("utf-8"), corpus.schema)
        except KeyError as error:
            fail(f"{shown(path)} has a table of {error}, which is no label set", 1)
        except (OSError, ValueError) as error:
            fail(f"{shown(path)} cannot be read: {error}", 1)
        _renew(path, made)
    if (rules := corpus.root / "docs" / "rules.md").is_file():
        _renew(rules, rules_page.markdown())


def _renew(path: Path, text: str) -> None:
    """Write a document if it is to change, and say so."""
    data = text.encode()
    if path.read_bytes() == data:
        lines([f"{shown(path)} is up to date"])
        return
    write(path, data)
    lines([f"{shown(path)} is written"])
