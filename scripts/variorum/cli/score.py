"""`variorum score`: how good a prediction is."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from variorum.cli.app import Root, app, fail, lines, notes, printed, shown
from variorum.cli.layers import Layers, chosen
from variorum.cli.results import target, to_text, write_text
from variorum.cli.score_inputs import (
    Dataset,
    Options,
    as_json,
    corpus_of,
    label_map,
    layout,
    read_edited,
    read_predictions,
    read_reference,
    unplaced,
    votes,
)
from variorum.corpus import Corpus
from variorum.records import LAYERS, AnnotationSet

if TYPE_CHECKING:
    from variorum import formats, scoring


class Output(StrEnum):
    table = "table"
    json = "json"
    html = "html"


WRITTEN = (".json", ".html")  # suffixes of --out
InputFormat = Annotated[
    str | None,
    typer.Option(help="json, jsonl, csv, conll, brat, spacy or label-studio; told from the file if not."),
]


@app.command()
def score(
    prediction: Annotated[Path, typer.Argument(help="The prediction to score.")],
    gold: Annotated[
        Path | None, typer.Option(help="The set that stands for gold; left out: annotations/gold.json.")
    ] = None,
    root: Root = None,
    dataset: Dataset = None,
    layers: Layers = None,
    format: Annotated[Output, printed()] = Output.table,
    out_file: Annotated[
        Path | None, typer.Option("--out", help="Write it there: all as JSON (.json), or a page (.html).")
    ] = None,
    against: Annotated[Path | None, typer.Option(help="A second prediction: differences, intervals and p.")] = None,
    types: Annotated[str | None, typer.Option("--label-map", help="ontonotes-18, conll-2003, or a file.")] = None,
    unit: Annotated[str, typer.Option(help="What intervals resample: auto, paragraph or document.")] = "auto",
    resamples: Annotated[int, typer.Option(min=0, max=100_000, help="0: no intervals.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the resamples.")] = 20260101,
    errors: Annotated[bool, typer.Option("--errors", help="Every miss and false alarm, in context.")] = False,
    details: Annotated[bool, typer.Option("--details", help="All intervals and signatures; by type, too.")] = False,
    edited: Annotated[
        Path | None, typer.Option("--contrast", help="What it says of edited pairs: contrast_id,relation[,score].")
    ] = None,
    input_format: InputFormat = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Leave out what is wrong, and count it.")] = False,
) -> None:
    """Score a prediction against gold: figures with intervals, each with a signature that says what was computed."""
    corpus = corpus_of(root, dataset)
    out_file = _target(out_file, corpus, (prediction, gold, against, edited)) if out_file else None
    mapping = label_map(types)
    options = Options(mapping, input_format, lenient)
    reference = read_reference(gold, corpus, options)
    wanted = chosen(layers, LAYERS)
    if edited and "contradictions" not in wanted:
        fail("--contrast is about pairs: name contradictions among the --layers, too, or leave --contrast out")
    config = _config(layers=wanted, label_map=mapping, unit=unit, resamples=resamples, seed=seed)
    sets = read_predictions([path for path in (prediction, against) if path], corpus, reference, options)
    answered = read_edited(edited, corpus) if edited else None
    result = Result(corpus, reference, config, sets, errors, answered, shown(against) if against else "")
    _output(result, format, out_file, details, prediction)


def _config(**asked: Any) -> "scoring.Config":
    """The configuration; ends with exit code 2 if there is none such."""
    from variorum import scoring

    try:
        return scoring.Config(**asked)
    except ValueError as error:
        fail(str(error))


def _target(out_file: Path, corpus: Corpus, inputs: tuple[Path | None, ...]) -> Path:
    """The `--out` that was given, as `target`; ends with exit code 2 if its suffix does not say what to write."""
    found = target(out_file, corpus, inputs=inputs)
    if found.suffix.lower() not in WRITTEN:
        fail(f"--out {shown(found)}: the suffix says what is written, {' or '.join(WRITTEN)}")
    return found


class Result:
    """All that was asked for; `file`: the second prediction's name, if there is one."""

    def __init__(
        self,
        corpus: Corpus,
        gold: AnnotationSet,
        config: "scoring.Config",
        predictions: "list[formats.Prediction]",
        errors: bool,
        edited: "scoring.Answered | None" = None,
        file: str = "",
    ) -> None:
        from variorum import scoring

        where, voted = layout(corpus), votes(corpus, gold)
        self.reading = as_json(predictions[0])
        sets = [each.annotation_set for each in predictions if each.annotation_set]
        lost = [unplaced(each) for each in predictions]
        beside = sets[1] if len(sets) > 1 else None
        gone = [each.dropped for each in predictions]
        self.report = scoring.score(sets[0], gold, config, where, voted, beside, lost[0], edited, gone[0])
        self.against = None
        if beside:
            other = scoring.score(beside, gold, config, where, voted, sets[0], lost[1], dropped=gone[1])
            self.against = scoring.against(self.report, other, file)
        known = corpus.documents if corpus.has_texts else {}
        texts = {doc_id: document.text for doc_id, document in known.items()}
        self.errors = scoring.errors(sets[0], gold, config, where, texts, lost[0]) if errors else None

    def as_json(self) -> str:
        """Everything as JSON."""
        from variorum import scoring

        value: dict[str, Any] = {**scoring.as_json(self.report), "reading": self.reading}
        value["notes"] = list(scoring.notes(self.report))
        if self.against:
            value["against"] = self.against.as_json()
        if self.errors:
            value["errors"] = scoring.errors_as_json(self.errors)
        return to_text(value)

    def as_html(self) -> str:
        """Everything as a page."""
        from variorum.scoring.page import page

        return page(self.report, self.errors, self.against)


def _output(result: Result, format: Output, out_file: Path | None, details: bool, prediction: Path) -> None:
    """Print it, but for a page that is in a file; and say what was written, beside what a program reads."""
    to_page = out_file is not None and out_file.suffix.lower() == ".html"
    if out_file:
        write_text(out_file, result.as_html() if to_page else result.as_json())
    if format is Output.json:
        lines([result.as_json()])
    elif format is Output.table:
        from variorum.cli.score_tables import show_all

        show_all(result.report, result.against, result.errors, details)
    elif not to_page:
        lines([result.as_html()])
    if out_file and not notes.quiet:
        typer.echo(
            f"{shown(out_file)} is written", err=format is Output.json or (format is Output.html and not to_page)
        )
    if format is Output.table and result.errors is None:
        notes.next(f"variorum score {shown(prediction)} --errors --format html --out build/errors.html")
