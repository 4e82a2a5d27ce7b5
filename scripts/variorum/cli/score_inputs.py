"""What `variorum score` reads: predictions, label maps, the layout of the texts, the annotators' votes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from variorum.cli.app import err, fail, open_corpus, shown, stop_with
from variorum.cli.sets import present, read_contrast_pairs, read_gold, read_rounds, read_sets, stop
from variorum.cli.waiting import bars
from variorum.corpus import Corpus, CorpusError, NoCorpus, find_root, read_corpus, read_shipped
from variorum.problems import summary
from variorum.records import AnnotationSet

if TYPE_CHECKING:
    from variorum import formats, scoring


class Options(msgspec.Struct, frozen=True):
    """How predictions are read: the label map, the format (None: it is told from the file), and whether leniently."""

    label_map: "scoring.LabelMap"
    input_format: str | None = None
    lenient: bool = False


Dataset = Annotated[
    Path | None, typer.Option("--dataset", help="Dataset folder with the texts, where there is no corpus: for quotes.")
]
NEED_TEXTS = ("brat", "conll", "spacy", "label-studio")


def corpus_of(root: Path | None, dataset: Path | None) -> Corpus:
    """The corpus at `--root`, or the nearest one; failing that, the gold that comes with the package, with the texts of
    `--dataset` if it is given. Ends with exit code 2 if there is none."""
    if root is not None and dataset is not None:
        fail("--root names a corpus, --dataset the texts for the gold that comes with variorum: give one of them")
    if root is not None:
        return open_corpus(root)
    try:
        if dataset is None:
            try:
                return read_corpus(find_root(Path.cwd()))
            except NoCorpus:
                return read_shipped()
        from variorum.dataset import read_texts

        return read_shipped(read_texts(dataset))
    except CorpusError as error:
        fail(f"--dataset {shown(dataset)}: {error}" if dataset else str(error))
    except (OSError, ValueError) as error:
        fail(f"--dataset {shown(dataset)} is no dataset folder that can be read: {error}" if dataset else str(error))


def _need_texts(found: "formats.Prediction", corpus: Corpus, name: str) -> None:
    """End with exit code 2 if a prediction can be read only with the texts, and they are not there."""
    quotes = bool(found.unresolved) or any(problem.rule.startswith("quote-") for problem in found.problems)
    if not corpus.has_texts and (quotes or found.format in NEED_TEXTS):
        what = "quotes" if quotes else f"the format {found.format}"
        fail(
            f"{name} has {what}, for which the texts are needed; name them with --dataset DIR, or a corpus with --root"
        )


def read_predictions(
    paths: Sequence[Path], corpus: Corpus, gold: AnnotationSet | None, options: Options
) -> "list[formats.Prediction]":
    """The predictions at some paths, in any format; ends with every problem and exit code 1 if one cannot be used.

    What is no reason to stop goes to standard error: warnings, and how many records were resolved, lost or left out.
    """
    from variorum import formats

    if options.input_format is not None and options.input_format not in formats.READERS:
        fail(f"--input-format is one of {', '.join(formats.READERS)}")
    present(zip(("PREDICTION", "--against"), paths, strict=False))
    found = [_read(path, corpus, gold, options) for path in paths]
    if wrong := [problem for each in found if each.annotation_set is None for problem in each.problems]:
        stop_with([*(problem.line() for problem in wrong), summary(wrong, len({problem.file for problem in wrong}))])
    for path, each in zip(paths, found, strict=True):
        for line in (*(problem.line() for problem in each.problems), *_notes(each, shown(path))):
            bars.over()
            typer.echo(line, err=True)
    return found


def _read(path: Path, corpus: Corpus, gold: AnnotationSet | None, options: Options) -> "formats.Prediction":
    from variorum import formats

    found = formats.read(
        path,
        corpus,
        claims=gold,
        input_format=options.input_format,
        label_map=options.label_map.reading,
        lenient=options.lenient,
        name=shown(path),
    )
    _need_texts(found, corpus, shown(path))
    return found


def as_json(found: "formats.Prediction") -> dict[str, Any]:
    """What reading a prediction came to."""
    lost = {layer: len(found.lost(layer)) for layer in ("mentions", "claims")}
    quotes = {"exact": found.resolutions.exact, "folded": found.resolutions.folded, "unresolved": lost}
    problems = [problem.line() for problem in found.problems]
    left_out = {"unmapped": found.unmapped, "dropped": found.dropped}
    return {"format": found.format, "quotes": quotes, **left_out, "problems": problems}


def _notes(found: "formats.Prediction", name: str) -> Iterator[str]:
    """What reading came to, a line each, of what there is any."""
    resolved, lost = found.resolutions, sum(len(found.lost(layer)) for layer in ("mentions", "claims"))
    if resolved.folded or lost:
        counts = f"{resolved.exact} as they are, {resolved.folded} by folding"
        yield f"{name}: quotes resolved: {counts}; records whose quotes are not, false alarms: {lost}"
    if found.unmapped:
        yield f"{name}: left out by the label map: {_counted(found.unmapped)}"
    if found.dropped:
        yield f"{name}: wrong and left out: {_counted(found.dropped)}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def unplaced(found: "formats.Prediction") -> "dict[str, list[scoring.Unplaced]]":
    """By layer, the records whose quotes could not be located."""
    from variorum.scoring import given

    return given.unplaced(found)


def read_reference(path: Path | None, corpus: Corpus, options: Options) -> AnnotationSet:
    """What stands for gold: the corpus' own, or the set at a path, in any format; it has to be right, all of it."""
    if path is None:
        return read_gold(corpus)
    present([("--gold", path)])
    strict = Options(options.label_map)
    [found] = read_predictions([path], corpus, None, strict)
    if found.annotation_set is None or found.unresolved:
        fail(f"{shown(path)} cannot stand for gold: not all of its quotes were found in the texts", 1)
    return found.annotation_set


def label_map(name: str | None) -> "scoring.LabelMap":
    """The shipped map of this name, or the one in a file."""
    from variorum.scoring import NO_MAP, label_maps

    if name is None:
        return NO_MAP
    if name in label_maps.all_shipped():
        return label_maps.shipped(name)
    path = Path(name)
    try:
        data = path.read_bytes()
        (found,) = label_maps.read(data)
    except OSError as error:
        fail(f"--label-map: there is no map {name!r} ({', '.join(label_maps.all_shipped())}), and no file: {error}")
    except ValueError as error:
        fail(f"--label-map: {shown(path)} holds no single label map as in schema/label_maps.json: {error}")
    return found


def read_edited(path: Path, corpus: Corpus) -> "scoring.Answered":
    """What a system says of the corpus' contrast pairs; ends with every problem and exit code 1 if it cannot be used.

    What is about pairs that there are not goes to standard error.
    """
    from variorum.cli.edited import read_answers
    from variorum.scoring import Answered

    present([("--contrast", path)])
    own = read_contrast_pairs(corpus)
    if own is None:
        fail(f"--contrast: there is no {shown(corpus.contrast)}; `variorum contrast merge` makes it")
    found = read_answers(path, own)
    if found.problems:
        stop(found.problems)
    if found.unknown:
        err.print(
            f"{shown(path)}: {len(found.unknown)} answers are about no contrast pair, {found.unknown[0]} first",
            markup=False,
        )
    return Answered(own, found.answers)


def layout(corpus: Corpus) -> "scoring.Layout":
    """Where furniture and paragraphs of each document are."""
    from variorum.scoring import given

    return given.layout(document.source for document in corpus.documents.values())


def votes(corpus: Corpus, gold: AnnotationSet) -> dict[str, dict[str, int]]:
    """How many annotators gave each pair of gold each relation; empty where the corpus has no rounds of pairs.

    Only for the corpus' own gold: another set that stands for it has no votes.
    """
    if gold.role != "gold":
        return {}
    if (stored := corpus.annotations / "votes.json").is_file():  # the gold that comes with the package has no records
        return msgspec.json.decode(stored.read_bytes(), type=dict[str, dict[str, int]])
    if not (corpus.annotations / "rounds.json").is_file():
        return {}
    from variorum.adjudication import judgements

    sets = read_sets((path for name in read_rounds(corpus).pairs for path in corpus.records(name)), corpus)
    return {key: Counter(pair.relation for _, pair in judged) for key, judged in judgements(sets).items()}
