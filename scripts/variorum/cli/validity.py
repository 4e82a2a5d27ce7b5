"""`variorum validity`: whether the labels are right, as far as that can be shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from variorum import validity as measure
from variorum.cli.app import Format, Root, app, lines, open_corpus, printed
from variorum.cli.results import target, to_text, write_text
from variorum.cli.sets import read_gold, read_pool, read_rounds, read_sets
from variorum.cli.tables import show
from variorum.corpus import Corpus
from variorum.decisions import Rounds

Row = tuple[str, str, str]


@app.command()
def validity(
    root: Root = None,
    format: Annotated[Format, printed()] = Format.table,
    out_file: Annotated[Path | None, typer.Option("--out", help="Where to write it as JSON.")] = None,
) -> None:
    """Known answers, second looks, and an estimate of what was missed, into annotations/validity.json.

    annotations/rounds.json says which rounds these are; what was not done is left out.
    """
    corpus = open_corpus(root)
    rounds = read_rounds(corpus)
    own = corpus.annotations / "validity.json"
    put_to = tests(corpus, rounds)
    lists = read_sets(corpus.records(rounds.screening), corpus) if rounds.screening else []
    looks = read_sets((path for name in rounds.second_looks for path in corpus.records(name)), corpus)
    report = measure.validity(read_gold(corpus) if lists or put_to.pool else None, put_to, looks, lists)
    text = to_text(measure.as_json(report))
    write_text(target(out_file, corpus, own) if out_file else own, text)
    if format is Format.json:
        lines([text])
    else:
        show(("what", "of", "value"), list(_rows(measure.as_json(report))), "validity")


def tests(corpus: Corpus, rounds: Rounds) -> measure.Tests:
    """What annotations/rounds.json says the labels were put to; the pool is that of the last round that has one."""
    paths = [path for name in rounds.pairs if (path := corpus.annotations / "pools" / f"{name}.json").is_file()]
    pool = read_pool(paths[-1], corpus) if paths else None
    if rounds.known_answers is None:
        return measure.Tests(pool=pool)
    other = open_corpus(corpus.annotations / rounds.known_answers.corpus)
    judged = read_sets(other.records(rounds.known_answers.round), other)
    return measure.Tests(key=read_gold(other), judged=tuple(judged), pool=pool)


def _rows(report: dict[str, Any]) -> Iterator[Row]:
    for known in report["known_answers"]:
        yield "known answers: relation", known["source"], _share(known["relation"])
        yield "known answers: conflict or none", known["source"], _share(known["conflict"])
    for look in report["second_looks"]:
        yield f"second look: same {look['stratum']}", look["source"], _share(look["same"])
        if look["conflict"]:
            yield f"second look: {look['stratum']}, any conflict", look["source"], _share(look["conflict"])
    if report["conflicts_upheld"]:
        yield "second look: any conflict upheld", "all conflicts", _share(report["conflicts_upheld"])
    if missed := report["missed"]:
        interval = missed["interval"]
        low_high = f" [{interval[0]:.1f}, {interval[1]:.1f}]" if interval else ""
        value = "undefined: nothing was listed" if missed["estimate"] is None else f"{missed['estimate']:.1f}{low_high}"
        yield "conflicts on no list (Chao)", f"{missed['lists']} lists", value
    if bound := report["bound"]:
        low, high = bound["interval"] or (None, None)
        within = "" if low is None else f": {low:.0f} to {high:.0f} among the {bound['rest']} pairs it was drawn from"
        yield "conflicts in the random sample", f"{bound['sample']['n']} pairs", f"{bound['sample']['hits']}{within}"


def _share(share: dict[str, Any]) -> str:
    if share["value"] is None:
        return "undefined: no items"
    low, high = share["interval"]
    return f"{share['value']:.3f} [{low:.3f}, {high:.3f}], {share['hits']} of {share['n']}"
