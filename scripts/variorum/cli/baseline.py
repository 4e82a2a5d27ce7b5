"""`variorum baseline`: run a baseline on the articles."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from variorum.baselines import ABOUT, BASELINES, Task, Unavailable, undescribed
from variorum.cli.app import Root, app, fail, notes, open_corpus, shown
from variorum.cli.edited import judged
from variorum.cli.layers import Layers, chosen
from variorum.cli.measuring import loaded, measured, packages
from variorum.cli.results import target, write
from variorum.cli.sets import read_contrast_pairs, read_gold
from variorum.cli.waiting import bars
from variorum.contrast.answers import to_csv
from variorum.corpus import CONTRAST_FILE, PREDICTION_FILE, SYSTEM_FILE, Corpus
from variorum.leaderboard import Measured, System
from variorum.records import LAYERS, AnnotationSet, from_json, to_json


@app.command()
def baseline(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BASELINES)}.")],
    root: Root = None,
    layers: Layers = None,
    out: Annotated[Path | None, typer.Option("--out", help="Left out: build/predictions/NAME.json.")] = None,
    system: Annotated[
        Path | None, typer.Option("--system", help="Write there what made it, seconds, memory and packages.")
    ] = None,
    entry: Annotated[
        Path | None, typer.Option("--entry", help="Folder for both, and for contrast.csv: leaderboard/NAME.")
    ] = None,
) -> None:
    """Run a baseline; if there is gold, its claims are given for the closed task."""
    corpus = open_corpus(root)
    if name not in BASELINES:
        fail(f"there is no baseline {name}; there are: {', '.join(BASELINES)}")
    if entry and (out or system):
        fail("--entry names the folder of both files; leave --out and --system out")
    if entry:
        _require_own(entry, corpus)
    wanted = chosen(layers, LAYERS)
    out, system = (entry / PREDICTION_FILE, entry / SYSTEM_FILE) if entry else (out, system)
    path = target(out, corpus) if out else predictions(corpus) / f"{name}.json"
    system = target(system, corpus, inputs=[path]) if system else None
    given = read_gold(corpus) if corpus.gold.is_file() else None
    task = Task(tuple(corpus.documents.values()), corpus.schema, given, wanted)
    before = loaded() if system else set()
    made, took = _run(name, task)
    _write(path, _only(made, wanted))
    if system:
        settings = {} if layers is None else {"layers": ",".join(wanted)}
        write(system, to_json(_described(name, took, loaded() - before, settings)))
        notes(f"{shown(system)} is written: {took.wall_seconds:.1f} s, of processors {took.cpu_seconds:.1f} s")
    if entry and given and "contradictions" in wanted and not name.startswith("llm"):  # a model would need long
        _edited(entry / CONTRAST_FILE, name, corpus)
    notes.next("variorum leaderboard" if entry else f"variorum score {shown(path)}")


def _run(name: str, task: Task) -> tuple[AnnotationSet, Measured]:
    """Run it and measure what it took; ends with one line if it cannot, or is stopped."""
    if name.startswith("llm"):
        bars.over()  # it has a bar of its own, which counts requests
    try:
        return measured(lambda: BASELINES[name](task))
    except ImportError as error:  # an extra that is not installed
        fail(f"the baseline {name} needs more than is installed: {error}")
    except Unavailable as error:
        fail(str(error))
    except KeyboardInterrupt:
        if name.startswith("llm"):
            fail("stopped; the answers so far are kept, and the same command goes on from there", 130)
        raise


def _require_own(entry: Path, corpus: Corpus) -> None:
    """End with exit code 2 if the entry that is there is about other articles: it is another corpus' one."""
    path = entry / PREDICTION_FILE
    try:
        there = {each.doc_id for each in from_json(path.read_bytes()).documents} if path.is_file() else set()
    except (OSError, msgspec.DecodeError):
        return  # nothing that could be lost
    if there - corpus.documents.keys():
        fail(f"{shown(path)} is about other articles than those of {shown(corpus.root)}; it is left alone")


def _edited(path: Path, name: str, corpus: Corpus) -> None:
    """What the baseline says of the corpus' contrast pairs, where there are any."""
    if own := read_contrast_pairs(corpus):
        write(path, to_csv(judged(name, own, corpus).answers))
        notes(f"{shown(path)} is written: {len(own.pairs)} edited pairs")


def _described(name: str, took: Measured, seen: set[str], settings: Mapping[str, str]) -> System:
    """What the baseline says of itself, and what was measured; `seen` are the packages that the run has loaded."""
    about = ABOUT.get(name) or undescribed(name, BASELINES[name])
    return System(
        title=about.title,
        description=about.description,
        licence=about.licence,
        thresholds=about.thresholds,
        date=datetime.now(UTC).date().isoformat(),
        control=about.control,
        settings={**about.settings, **settings},
        packages=packages(seen if about.packages is None else about.packages),
        measured=took,
    )


def predictions(corpus: Corpus) -> Path:
    """The folder for predictions of baselines."""
    return corpus.build / "predictions"


def _only(made: AnnotationSet, wanted: tuple[str, ...]) -> AnnotationSet:
    """The set with these layers alone. Without pairs it judges nobody's claims."""
    dropped = {layer: None for layer in LAYERS if layer not in wanted}
    header = {} if "contradictions" in wanted else {"claims_from": None}
    return msgspec.structs.replace(made, **dropped, **header)


def _write(path: Path, made: AnnotationSet) -> None:
    write(path, to_json(made))
    counts = ", ".join(f"{len(got)} {layer}" for layer in LAYERS if (got := getattr(made, layer)) is not None)
    notes(f"{shown(path)} is written: {counts}")
