"""`variorum contrast`: pairs of gold of which one side is edited; dealt, filed, merged, and put before a baseline."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from variorum.baselines import BASELINES, Unavailable
from variorum.checks.contrast_files import CheckedContrast, contrast_kind, read_contrast
from variorum.cli.app import Root, app, fail, lines, notes, open_corpus, shown
from variorum.cli.edited import judged
from variorum.cli.results import target, write
from variorum.cli.sets import present, read_contrast_pairs, read_gold, read_rounds, stop
from variorum.cli.tables import show
from variorum.contrast import dealing, merging
from variorum.contrast.answers import to_csv
from variorum.contrast.records import Contrast, Edits, Judgements
from variorum.corpus import Corpus
from variorum.problems import ERROR
from variorum.reading import read_json
from variorum.records import Record, claims_from, to_json

contrast = typer.Typer(
    name="contrast", help="Contrast pairs: pairs of gold of which one side is edited.", no_args_is_help=True
)
app.add_typer(contrast)
AGREEMENTS = 181  # with the conflicts of gold 1.0.0 these are 200 pairs
Kind = TypeVar("Kind", Edits, Judgements)


@contrast.command()
def assign(
    root: Root = None,
    agreements: Annotated[int, typer.Option(min=0, help="How many pairs in agreement.")] = AGREEMENTS,
    annotators: Annotated[
        str | None, typer.Option(help="Names with commas between; left out: who judged the pairs of gold.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 1,
) -> None:
    """Deal all conflicts of gold, and pairs in agreement, to writers and verifiers: annotations/contrast/assigned.json.

    What was dealt stays dealt: it ends with exit code 2 if the file is there.
    """
    corpus = open_corpus(root)
    path = corpus.contrast_assigned
    if path.exists():
        fail(f"{shown(path)} is there: pairs are dealt once")
    names = annotators.split(",") if annotators is not None else _judges(corpus)
    try:
        assigned = dealing.deal(read_gold(corpus), names, agreements, seed)
    except ValueError as error:
        fail(f"annotators {', '.join(names) or '(none)'}: {error}")
    write(path, to_json(assigned))
    notes(f"{shown(path)} is written: {len(assigned.pairs)} pairs")
    for name in names:
        verified = sum(name in pair.verifiers for pair in assigned.pairs)
        lines([f"{name}: writes {sum(pair.writer == name for pair in assigned.pairs)}, verifies {verified}"])


def _judges(corpus: Corpus) -> list[str]:
    rounds = read_rounds(corpus).pairs
    return sorted({path.stem for path in corpus.records(rounds[0])}) if rounds else []


# --- filing ------------------------------------------------------------------------------------------------------


@contrast.command()
def submit(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Edits or judgements, of any annotators.")],
    root: Root = None,
) -> None:
    """File edits and judgements in annotations/contrast/, with offsets; several sittings of one annotator are joined.

    Nothing is filed unless everything passes the checks; what is filed already may come again only as it was.
    """
    present(("FILE", file) for file in files)
    corpus = open_corpus(root)
    made: dict[Path, Edits | Judgements] = {}
    for file in files:
        value = read_json(file, shown(file)).value
        kind = contrast_kind(value) or "contrast_edits"
        record = _usable([read_contrast(file, kind, corpus, shown(file))])[0]
        path = _place(record, corpus)
        if path not in made and path.is_file():
            made[path] = _usable([read_contrast(path, kind, corpus, shown(path))])[0]
        made[path] = _joined(made[path], record, file) if path in made else record
    for path, record in made.items():
        write(path, to_json(record))
        count = len(record.edits if isinstance(record, Edits) else record.judgements)
        notes(f"{shown(path)} is written: {count} {_member(record)}")
    notes.next("variorum check", "variorum contrast merge")


def _place(record: Edits | Judgements, corpus: Corpus) -> Path:
    folder = "written" if isinstance(record, Edits) else "verified"
    return corpus.annotations / "contrast" / folder / f"{record.source}.json"


def _usable(checked: Iterable[CheckedContrast]) -> list[Edits | Judgements]:
    """The records; ends with every error and exit code 1 if one cannot be used."""
    found = list(checked)
    errors = [problem for each in found for problem in each.problems if problem.level == ERROR]
    records = [each.record for each in found if each.record is not None]
    if errors or len(records) < len(found):
        stop(errors)
    return records


def _joined(old: Edits | Judgements, new: Edits | Judgements, file: Path) -> Edits | Judgements:
    """The old file with what is new in the other; ends with exit code 1 if the two say different things of a pair."""
    heads = [msgspec.structs.replace(each, **{_member(each): ()}) for each in (old, new)]
    if heads[0] != heads[1]:
        fail(f"{shown(file)}: its header (guidelines, claims) is not the one of what is filed of {new.source}", 1)
    member = _member(old)
    found: dict[object, Record] = {_key(each): each for each in getattr(old, member)}
    for each in getattr(new, member):
        if found.setdefault(_key(each), each) != each:
            fail(f"{shown(file)}: {' '.join(filter(None, _key(each)))} is filed already, and otherwise", 1)
    return msgspec.structs.replace(old, **{member: tuple(found.values())})


def _member(record: Edits | Judgements) -> str:
    return "edits" if isinstance(record, Edits) else "judgements"


def _key(record: Record) -> tuple[str, ...]:
    return tuple(value for name in ("contrast_id", "pair_id") if (value := getattr(record, name)))


# --- merging -----------------------------------------------------------------------------------------------------


@contrast.command()
def merge(root: Root = None) -> None:
    """Make annotations/contrast.json of edits and judgements, and print how many edits were accepted.

    A corpus without written edits has no contrast pairs; that is no error.
    """
    corpus = open_corpus(root)
    if not corpus.contrast_written:
        notes(f"no contrast pairs: there is nothing in {shown(corpus.annotations / 'contrast' / 'written')}")
        return
    made = merged(corpus)
    write(corpus.contrast, to_json(made.contrast))
    show(("edits", "accepted", "of", *merging.REASONS), list(_counts(made.contrast)), "acceptance")
    relations = {pair.pair_id: pair.relation for pair in read_gold(corpus).contradictions or ()}
    lines(
        f"{each.source}: {each.right} of {each.of} pairs that nobody edited judged on gold's side"
        for each in merging.controls(made.contrast, relations)
    )
    if made.open:
        lines([f"open, judged by fewer than {merging.NEEDED}: {len(made.open)} ({', '.join(made.open[:3])} …)"])
    notes(f"{shown(corpus.contrast)} is written: {len(made.contrast.pairs)} pairs")
    notes.next("variorum build", "variorum contrast baseline trivial")


def merged(corpus: Corpus) -> merging.Merged:
    """What the files of annotations/contrast/ give; ends with every error and exit code 1 if one cannot be used."""
    written = _read(corpus.contrast_written, "contrast_edits", corpus, Edits)
    verified = _read(corpus.contrast_verified, "contrast_judgements", corpus, Judgements)
    return merging.merge(written, verified, claims_from(read_gold(corpus)))


def _read(paths: Iterable[Path], kind: str, corpus: Corpus, wanted: type[Kind]) -> list[Kind]:
    found = _usable(read_contrast(path, kind, corpus, shown(path)) for path in paths)
    return [each for each in found if isinstance(each, wanted)]


def _counts(made: Contrast) -> Iterator[tuple[str, ...]]:
    for each in merging.acceptance(made):
        yield each.what, str(each.accepted), str(each.all), *(str(each.rejected[name]) for name in merging.REASONS)


# --- baselines ---------------------------------------------------------------------------------------------------


@contrast.command()
def baseline(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BASELINES)}.")],
    root: Root = None,
    out: Annotated[Path | None, typer.Option("--out", help="Left out: build/predictions/NAME.contrast.csv.")] = None,
) -> None:
    """Have a baseline judge the edited pairs: `variorum score PREDICTION --contrast FILE` scores what it says."""
    corpus = open_corpus(root)
    if name not in BASELINES:
        fail(f"there is no baseline {name}; there are: {', '.join(BASELINES)}")
    own = read_contrast_pairs(corpus)
    if own is None:
        fail(f"there is no {shown(corpus.contrast)}; `variorum contrast merge` makes it")
    path = target(out, corpus) if out else corpus.build / "predictions" / f"{name}.contrast.csv"
    try:
        made = judged(name, own, corpus)
    except (ImportError, Unavailable) as error:
        fail(str(error))
    write(path, to_csv(made.answers))
    silent = f", the other {made.silent} as neutral" if made.silent else ""
    notes(f"{shown(path)} is written: {len(own.pairs) - made.silent} of {len(own.pairs)} edited pairs{silent}")
    notes.next(f"variorum score PREDICTION --contrast {shown(path)}")
