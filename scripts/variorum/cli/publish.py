"""`variorum publish`: the dataset to a Hugging Face repository."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from variorum import dataset
from variorum.cli.app import Root, app, fail, lines, notes, open_corpus
from variorum.cli.build import built, material

TOKEN = "HF_TOKEN"


@app.command()
def publish(
    repository: Annotated[str, typer.Argument(metavar="REPO", help="OWNER/NAME on the Hugging Face hub.")],
    root: Root = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print exactly what would go, and send nothing.")] = False,
    with_texts: Annotated[
        bool, typer.Option("--with-texts", help="The articles, too: only if you may distribute them.")
    ] = False,
) -> None:
    """Build the dataset afresh and publish it, without the texts, in one commit with a tag for the version.

    Needs a token with write access in the environment variable HF_TOKEN; no other place is looked at.
    """
    token = os.environ.get(TOKEN)
    if not token and not dry_run:
        fail(f"nothing is published without a token in {TOKEN}; --dry-run prints what would go")
    corpus = open_corpus(root)
    made = material(corpus)
    release = made if with_texts else dataset.without_texts(made)
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / "dataset"
        built(release, folder, None if with_texts else made, quiet=True)
        _send(repository, folder, release, None if dry_run else token)


def _send(repository: str, folder: Path, release: dataset.Material, token: str | None) -> None:
    from variorum.dataset import publishing

    found = publishing.plan(repository, folder, release)
    lines(publishing.lines(found))
    if token is None:
        lines(["nothing was sent (--dry-run)"])
        notes.next(f"variorum publish {repository}")
        return
    try:
        from huggingface_hub import HfApi
    except ImportError:
        fail("publishing needs huggingface_hub: pip install 'variorum[hub]'")
    try:
        done = publishing.publish(found, HfApi(token=token))
    except publishing.Refused as error:
        fail(str(error))
    lines([f"published: commit {done}, tag {found.tag}"])
