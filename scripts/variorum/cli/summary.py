"""`variorum summary`: what there is, and where."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from variorum.cli.app import Format, Root, app, lines, open_corpus, printed, shown
from variorum.cli.results import to_text
from variorum.cli.sets import read_sets
from variorum.cli.tables import show
from variorum.corpus import Corpus

Row = tuple[str, str, str]
COLUMNS = ("what", "how much", "where")


@app.command()
def summary(
    root: Root = None,
    format: Annotated[Format, printed()] = Format.table,
) -> None:
    """Show what was built and where: articles, gold, dataset, agreement, scores."""
    rows = list(_rows(open_corpus(root)))
    if format is Format.json:
        lines([to_text({"rows": [dict(zip(COLUMNS, map(str.strip, row), strict=True)) for row in rows]})])
    else:
        show(COLUMNS, rows)


def _rows(corpus: Corpus) -> Iterator[Row]:
    yield "articles", str(len(corpus.documents)), shown(corpus.root / "seeds")
    yield "records", str(len(list(corpus.records()))), shown(corpus.annotations / "records")
    yield from _gold(corpus)
    yield from _dataset(corpus.build / "dataset")
    yield _file("agreement", corpus.annotations / "agreement.json", "variorum agreement")
    for path in sorted((corpus.build / "scores").glob("*.json")):
        yield f"scores of {path.stem}", _headline(path), shown(path)
    if systems := len(corpus.entries()):
        yield "leaderboard", f"{systems} systems", shown(corpus.leaderboard / "README.md")


def _gold(corpus: Corpus) -> Iterator[Row]:
    if not corpus.gold.is_file():
        yield _file("gold", corpus.gold, "variorum adjudicate")
        return
    gold, where = read_sets([corpus.gold], corpus)[0], shown(corpus.gold)
    yield "gold", gold.round or "-", where
    for layer in ("mentions", "entities", "claims"):
        yield f"  {layer}", str(len(getattr(gold, layer) or ())), where
    tally = Counter(pair.relation for pair in gold.contradictions or ())
    for relation in corpus.schema.names("relation"):
        yield f"  pairs, {relation}", str(tally[relation]), where


def _dataset(folder: Path) -> Iterator[Row]:
    paths = sorted(folder.glob("data/*/*.parquet"))
    if not paths:
        yield "dataset", "not built (variorum build)", shown(folder)
        return
    import pyarrow.parquet as pq

    yield "dataset", f"{len(paths)} configs", shown(folder)
    for path in paths:
        yield f"  {path.parent.name}", f"{pq.read_metadata(path).num_rows} rows", shown(path)


def _file(what: str, path: Path, command: str) -> Row:
    return what, "there" if path.is_file() else f"not there ({command})", shown(path)


HEADLINE = {"layer": "contradictions", "task": "detection", "match": "contradiction+tension", "of": "all"}


def _headline(path: Path) -> str:
    """The headline figure of a file of scores: F1 for contradiction or tension, with its interval."""
    try:
        scores = json.loads(path.read_bytes())["scores"]
        found = [each["figures"]["f1"] for each in scores if HEADLINE.items() <= each.items()]
        figures = [None if each["value"] is None else _interval(each) for each in found]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return "unreadable"
    return next(filter(None, figures), None) or "no contradictions scored"


def _interval(figure: dict[str, float]) -> str:
    return f"F1 contradiction+tension {figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
