"""What the README shows of the results: tables that `variorum docs` puts between its markers; nobody types a figure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from variorum.dataset import worth
from variorum.dataset.markdown import literal, table

Json = Mapping[str, Any]
# What was measured, as benchmarks/results/ calls it, and what that is in the README: what there are so many of.
MEASURED = {
    "spans, from files, with intervals": "scoring files of so many mentions, with intervals",
    "closed pairs, with intervals": "scoring so many judged pairs, with intervals",
    "report": "agreement of three annotators on all layers of so many articles, with intervals",
}
COLUMNS = ("mentions F1", "entities CoNLL", "claims F1", "conflicts F1", "false alarms")  # of the leaderboard


def passages(
    agreement: Json | None, rounds: Collection[str], leaderboard: Json | None, benchmarks: Iterable[Json]
) -> Mapping[str, str]:
    """The tables by name, from agreement.json (of these rounds), leaderboard.json and the results of benchmarks, as far
    as they are there."""
    tables = {
        "readme-scale": _scale(benchmarks),
        "readme-agreement": _agreement(agreement or {}, rounds),
        "readme-leaderboard": _leaderboard(leaderboard or {}),
    }
    return {name: "\n".join(lines).strip("\n") + "\n" for name, lines in tables.items()}


def _agreement(report: Json, rounds: Collection[str]) -> Iterator[str]:
    chosen = (each for each in report.get("comparisons", ()) if each["kind"] == "round" and each["name"] in rounds)
    rows = [row for each in chosen for row in _figures(each)]
    if not rows:
        yield "Not measured yet: `variorum agreement` needs two annotators."
        return
    yield f"In brackets: {report['intervals']}."
    yield from table(("what annotators agree on", "value ", "items "), rows)


def _figures(comparison: Json) -> Iterator[tuple[object, ...]]:
    """The headline figures between all annotators of a round."""
    for result in comparison.get("results", ()):
        what = worth.HEADLINES.get(tuple(result[name] for name in ("layer", "task", "match", "coefficient")))
        for figure in result["figures"]:
            if what and figure["of"] == "all" and list(figure["between"]) == list(comparison["sources"]):
                yield what, worth.value_of(figure), figure["n"]


def _leaderboard(board: Json) -> Iterator[str]:
    if not board.get("systems"):
        yield "No system has been scored yet: `variorum leaderboard` makes the table."
        return
    yield f"Against gold `{board['gold']}`; in brackets: {board['intervals']}."
    rows = [(literal(each["name"]), *_cells(each)) for each in board["systems"]]
    rows += [
        (f"*{literal(each['source'])}, against the other annotators*", *_cells(each)) for each in board["annotators"]
    ]
    yield from table(("system", *(f"{name} " for name in COLUMNS)), rows)


def _cells(row: Json) -> Iterator[str]:
    return (worth.value_of(row["figures"][name]) if row["figures"].get(name) else "-" for name in COLUMNS)


def _scale(benchmarks: Iterable[Json]) -> Iterator[str]:
    """The largest size of each job that was measured."""
    rows = [row for each in benchmarks for row in each.get("rows", ()) if row.get("what") in MEASURED]
    largest = {row["what"]: row for row in sorted(rows, key=lambda row: int(row["size"]))}
    chosen = [(MEASURED[name], row) for name in MEASURED if (row := largest.get(name))]
    cells = [(what, f"{row['size']:,}", f"{row['cpu_seconds']:.0f}", row["peak_mib"]) for what, row in chosen]
    yield from table(("measured on two cores", "size ", "CPU s ", "MiB "), cells)
