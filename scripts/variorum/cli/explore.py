"""`variorum explore`: the corpus as pages to look at."""

import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from variorum import reading
from variorum.cli.app import Root, app, fail, lines, open_corpus, shown
from variorum.cli.results import refuse, target, write
from variorum.cli.sets import present, read_annotators, read_rounds, read_sets, stop
from variorum.corpus import Corpus
from variorum.records import AnnotationSet

if TYPE_CHECKING:
    from variorum import explorer

LIMIT = 40


@app.command()
def explore(
    root: Root = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file (a folder if there are many articles); build/explorer.html.")
    ] = None,
    prediction: Annotated[
        Path | None, typer.Option(help="A system's set: hits, misses and false alarms in place.")
    ] = None,
    gold: Annotated[
        Path | None, typer.Option(help="The set that stands for gold; left out: annotations/gold.json.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="With more articles it is a folder of pages.")] = LIMIT,
    open_it: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
) -> None:
    """Make a page to look at: articles with their labels, conflicts side by side, copied passages, figures."""
    from variorum import explorer

    corpus = open_corpus(root)
    many = len(corpus.documents) > limit
    where = target(out or corpus.build / ("explorer" if many else "explorer.html"), corpus, inputs=(prediction, gold))
    found = material(corpus, gold, prediction)
    try:
        made = explorer.pages(found, limit)
    except explorer.NoLibrary as error:
        fail(str(error))
    first = _write_folder(where, made) if many else _write_page(where, made)
    lines([f"{shown(where)} is written: {_told(found, made)}"])
    if open_it and not webbrowser.open(first.resolve().as_uri()):
        fail(f"no browser could be started; open {shown(first)} in one")


def material(corpus: Corpus, gold: Path | None, prediction: Path | None) -> "explorer.Material":
    """All that the corpus has to show, as far as it is there."""
    from variorum import explorer

    rounds = read_rounds(corpus) if (corpus.annotations / "rounds.json").is_file() else None
    sets = read_sets(corpus.records(), corpus)
    pairs = None if rounds is None else {*rounds.pairs, *rounds.second_looks}
    main = _gold(corpus, gold)
    return explorer.Material(
        documents=corpus.documents,
        schema=corpus.schema,
        gold=main,
        annotators=tuple(each for each in sets if each.mentions or each.claims),
        judged=tuple(each for each in sets if each.contradictions and (pairs is None or each.round in pairs)),
        second_looks=rounds.second_looks if rounds else (),
        kinds={each.source: each.kind for each in read_annotators(corpus)},
        agreement=(
            *_figures(corpus.annotations / "agreement.json", explorer.agreement),
            *_figures(corpus.annotations / "validity.json", explorer.validity),
        ),
        leaderboard=_figures(corpus.leaderboard / "leaderboard.json", explorer.leaderboard),
        prediction=_prediction(corpus, main, prediction) if prediction else None,
    )


def _gold(corpus: Corpus, path: Path | None) -> AnnotationSet | None:
    """What stands for gold: the set at `--gold`, the corpus' own, or the consolidated one, if there is any."""
    from variorum.cli.score_inputs import Options, label_map, read_reference

    if path is not None:
        return read_reference(path, corpus, Options(label_map(None)))
    there = [each for each in (corpus.gold, corpus.consolidated) if each.is_file()]
    return read_sets(there[:1], corpus)[0] if there else None


def _figures(path: Path, read: "Callable[[Any], tuple[explorer.Plot, ...]]") -> "tuple[explorer.Plot, ...]":
    """The plots of a report; none if it is not there. Ends with exit code 1 if it cannot be used."""
    if not path.is_file():
        return ()
    found = reading.read_json(path, shown(path))
    if found.problems:
        stop(found.problems)
    try:
        return read(found.value)
    except ValueError as error:
        fail(f"{shown(path)} is not the report that variorum writes: {error}; make it anew, or move it away", 1)


def _prediction(corpus: Corpus, gold: AnnotationSet | None, path: Path) -> "explorer.Prediction":
    """The prediction, with its cases against gold."""
    from variorum import explorer, scoring
    from variorum.cli.score_inputs import Options, label_map, layout, read_predictions, unplaced

    if gold is None:
        fail("hits and misses need gold; `variorum adjudicate` makes it from the records, or name a set with --gold")
    present([("--prediction", path)])
    [read] = read_predictions([path], corpus, gold, Options(label_map(None)))
    assert read.annotation_set is not None
    texts = {doc_id: document.text for doc_id, document in corpus.documents.items()}
    found = scoring.errors(read.annotation_set, gold, scoring.Config(), layout(corpus), texts, unplaced(read))
    return explorer.Prediction(read.annotation_set, found.cases)


# --- writing -------------------------------------------------------------------------------------------------


def _write_page(path: Path, made: Mapping[str, bytes]) -> Path:
    (data,) = made.values()
    write(path, data)
    return path


def _write_folder(path: Path, made: Mapping[str, bytes]) -> Path:
    """Whole or not at all; an older explorer's folder is replaced, anything else is left alone."""
    from variorum.dataset.folder import in_place_of
    from variorum.explorer import INDEX, MARK

    index = path / INDEX
    own = path.is_dir() and (not any(path.iterdir()) or (index.is_file() and MARK.encode() in index.read_bytes()))
    if path.is_symlink() or (path.exists() and not own):
        fail(f"{shown(path)} is there and is no folder that `variorum explore` made; it is left alone")
    try:
        with in_place_of(path) as new:
            new.mkdir()
            for name, data in made.items():
                (new / name).write_bytes(data)
    except OSError as error:
        refuse(path, error)
    return index


def _told(found: "explorer.Material", made: Mapping[str, bytes]) -> str:
    size = sum(map(len, made.values())) / 2**20
    pages = sum(name.endswith(".html") for name in made)
    return f"{len(found.documents)} articles on {pages} page{'s' * (pages > 1)}, {size:.1f} MiB"
