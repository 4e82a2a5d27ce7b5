"""How `variorum score --errors` prints errors on a terminal: in 80 columns, a case in a few lines."""

from collections.abc import Iterator

from variorum.cli.app import lines
from variorum.cli.tables import wrapped
from variorum.scoring import Case, Errors
from variorum.scoring.cases import MARKS, NONE


def show_errors(errors: Errors) -> None:
    """How many there are of each kind, which label was called what, and every case that is no hit."""
    tally = ((f"{n:6} {layer}, {outcome}", what) for (layer, outcome, what), n in errors.tally().items())
    lines(["", "errors", *wrapped((_said(*each) for each in tally), indent=7)])
    for layer, rows in errors.confusion.items():
        lines(["", f"{layer}: gold's label, and what it was called how often", *wrapped(_confused(rows))])
    lines(["", f"cases: {MARKS}"])
    for case in errors.cases:
        if case.outcome != "hit":
            lines(wrapped(_case(case)))


def _said(what: str, more: str) -> str:
    return f"{what}: {more}" if more else what


def _confused(rows: dict[str, dict[str, int]]) -> Iterator[str]:
    for gold, row in rows.items():
        often = sorted(row.items(), key=lambda each: (-each[1], each[0]))
        yield f"{gold}: {', '.join(f'{name} {n}' for name, n in often if n)}"


def _case(case: Case) -> Iterator[str]:
    """What is wrong; what either side says, and where; the context."""
    yield _said(f"{case.layer}, {case.outcome}", " + ".join(case.what))
    gold, predicted = (
        " ".join(filter(None, (label or NONE, name and f"({name})")))
        for label, name in ((case.gold_label, case.gold), (case.predicted_label, case.predicted))
    )
    yield f"  {f'{case.doc_id}: ' if case.doc_id else ''}gold {gold}, predicted {predicted}"
    if case.context:
        yield f"  {case.context}"
