"""`variorum disagreements`: every item on which annotators differ."""

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from variorum.cli.agreement import Output, knowledge
from variorum.cli.app import Root, app, fail, lines, notes, open_corpus, printed, shown
from variorum.cli.layers import Layers, chosen
from variorum.cli.results import target, to_text, write_text
from variorum.cli.sets import present, read_sets
from variorum.cli.tables import show
from variorum.corpus import Corpus
from variorum.records import LAYERS, AnnotationSet, Claim

if TYPE_CHECKING:
    from variorum.agreement.disagreements import Disagreement

    Found = dict[str, list[Disagreement]]


@app.command()
def disagreements(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Sets to compare; left out: all records, by round.")
    ] = None,
    root: Root = None,
    layers: Layers = None,
    kind: Annotated[
        str | None, typer.Option(help="Only of this kind: relation, missing, type, boundary, identity or attribute.")
    ] = None,
    format: Annotated[Output, printed()] = Output.table,
    out_file: Annotated[Path | None, typer.Option("--out", help="Write it there as JSON, or as HTML, too.")] = None,
) -> None:
    """List every item on which annotators differ: how they differ, what each says, in context, grouped and counted."""
    from variorum.agreement import NotComparable
    from variorum.agreement.disagreements import KINDS

    corpus = open_corpus(root)
    if files and len(files) < 2:
        fail("a disagreement needs two sets; name another FILE")
    if kind is not None and kind not in KINDS:
        fail(f"--kind is one of {', '.join(KINDS)}")
    present(("FILES", file) for file in files or ())
    out_file = target(out_file, corpus) if out_file else None
    try:
        found = _found(read_sets(files or corpus.records(), corpus), bool(files), corpus, chosen(layers, LAYERS))
    except (NotComparable, ValueError) as error:
        fail(str(error), 1)
    if kind is not None:
        found = {name: [each for each in items if kind in each.kinds] for name, items in found.items()}
    _output(found, format, out_file)


def _found(sets: list[AnnotationSet], together: bool, corpus: Corpus, layers: tuple[str, ...]) -> "Found":
    """By round, or of all sets together, where there are two or more."""
    from variorum.agreement.comparison import distinct, require_one_text
    from variorum.agreement.disagreements import disagreements as differing

    rounds: dict[str, list[AnnotationSet]] = defaultdict(list)
    for each in sets:
        rounds["files" if together else each.round or "-"].append(each)
    known, claims, found = knowledge(corpus), _claims(corpus), {}
    for name in sorted(rounds):
        named = distinct(rounds[name])
        require_one_text(named)
        if len(named) > 1:
            found[name] = differing(named, known, claims, layers)
    return found


def _claims(corpus: Corpus) -> dict[str, Claim]:
    """The claims that pairs are about, as far as there are any."""
    if not corpus.consolidated.is_file():
        return {}
    return {claim.claim_id: claim for claim in read_sets([corpus.consolidated], corpus)[0].claims or ()}


def _output(found: "Found", format: Output, out_file: Path | None) -> None:
    from variorum.agreement.differences_page import COLUMNS, TALLY, page, rows, tally_rows
    from variorum.agreement.disagreements import as_json

    text = to_text({"rounds": [{"round": name, **as_json(items)} for name, items in found.items()]})
    if out_file:
        write_text(out_file, page(found) if format is Output.html or out_file.suffix == ".html" else text)
    if format is Output.json:
        lines([text])
    elif format is Output.html and out_file:
        notes(f"{shown(out_file)} is written")
    elif format is Output.html:
        lines([page(found)])
    else:
        if not found:
            lines(["no round has two sets: there is nobody to disagree"])
        for name, items in found.items():
            lines([f"{name}: {len(items)} items on which annotators differ"])
            show(TALLY, tally_rows(items))
            show(COLUMNS, rows(items))
