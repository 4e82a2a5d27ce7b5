"""`variorum pool`: which pairs of claims are to be judged, from the screening lists."""

from collections import Counter
from typing import Annotated

import typer

from variorum.cli.app import Root, app, fail, lines, notes, open_corpus, shown
from variorum.cli.results import write
from variorum.cli.sets import read_sets
from variorum.pooling import STRATA, Sizes, pool
from variorum.records import is_name, to_json

SIZES = Sizes(similar=100, values=100, random=300, seed=1)


@app.command(name="pool")
def pool_command(
    lists: Annotated[str, typer.Argument(metavar="SCREENING", help="The round of the screening lists.")],
    name: Annotated[str, typer.Argument(metavar="JUDGING", help="The round in which the pool is to be judged.")],
    root: Root = None,
    similar: Annotated[int, typer.Option(min=0, help="How many nearest neighbours by wording.")] = SIZES.similar,
    values: Annotated[int, typer.Option(min=0, help="How many about one entity with differing values.")] = SIZES.values,
    drawn: Annotated[int, typer.Option("--random", min=0, help="How many drawn from all the rest.")] = SIZES.random,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = SIZES.seed,
) -> None:
    """Write annotations/pools/JUDGING.json: every pair on a list, nearest neighbours, and a random sample of the rest.

    `variorum studio push --pairs annotations/pools/JUDGING.json --round JUDGING` puts it before the annotators.
    """
    corpus = open_corpus(root)
    for round_name in (lists, name):
        if not is_name(round_name):
            fail(f"{round_name!r} cannot be the name of a round")
    if not corpus.consolidated.is_file():
        fail(f"there is no {shown(corpus.consolidated)}; `variorum adjudicate` makes it")
    screened = read_sets(corpus.records(lists), corpus)
    if not screened:
        fail(f"there are no records of the round {lists}: `variorum studio pull --round {lists}` makes them")
    claims = read_sets([corpus.consolidated], corpus)[0]
    try:
        made = pool(claims, screened, Sizes(similar=similar, values=values, random=drawn, seed=seed))
    except ValueError as error:
        fail(str(error), 1)
    counts = Counter(pair.stratum for pair in made.contradictions)
    path = corpus.annotations / "pools" / f"{name}.json"
    write(path, to_json(made))
    lines([f"{shown(path)}: {counts.total()} pairs: " + ", ".join(f"{counts[s]} {s}" for s in STRATA)])
    notes.next(f"variorum studio push --pairs {shown(path)} --round {name}")
