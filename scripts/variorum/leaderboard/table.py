"""The leaderboard as a page: the table, the annotators, the neighbours, what made the rows, and how to add one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from variorum.dataset.markdown import code, literal
from variorum.leaderboard.blocks import Block, Bullets, Code, Grid, Heading, Text
from variorum.leaderboard.board import Board, Ceiling, Row
from variorum.leaderboard.edited import edited_by
from variorum.leaderboard.measures import CONFLICT, CONTRAST, CONTRAST_MEANING, MAIN, MEANING, RANKED, Cell, Main
from variorum.leaderboard.neighbours import Neighbours
from variorum.leaderboard.system import Measured, System
from variorum.records import MODEL, PERSON
from variorum.scoring import SCORER, interval_note, reference
from variorum.scoring.page import brief

TITLE = "Leaderboard"
NONE = "-"
ADD = """\
variorum score prediction.json                  # it is read and scored: now it can be a row
mkdir leaderboard/NAME                          # put prediction.json and system.json there (schema/system.schema.json)
variorum leaderboard                            # makes the table and the report anew"""


def page(board: Board, found: Sequence[Neighbours]) -> list[Block]:
    """All of it; the texts that do not change with the corpus say what the figures are."""
    return [
        Heading(1, TITLE),
        Text(
            "Every figure here is computed from the predictions beside this page by `variorum leaderboard`, against "
            f"gold `{reference(board.gold)}` with scorer {SCORER}. {interval_note(board.config) or 'No intervals'}. "
            f"Rows are in the order of {RANKED[0].title}. [REPORT.md](REPORT.md) says how far the order can be trusted "
            "and what nobody finds; [leaderboard.json](leaderboard.json) has it all for programs."
        ),
        Heading(2, "Systems"),
        *_systems(board),
        Text("A control reads nothing; a system that is no better has learnt nothing. What the columns are:"),
        Bullets(tuple(f"{main.title}: {MEANING[main.title]}" for main in MAIN)),
        *_ceilings(board),
        *_contrast(board),
        *_neighbours(found),
        *_made(board.rows),
        *_signatures(board),
        Heading(2, "A row of one's own"),
        Code(ADD),
    ]


def _systems(board: Board) -> Iterator[Block]:
    head = ("system", *(f"{main.title} " for main in MAIN), "CPU s ", "MiB ", "licence")
    yield Grid(head, tuple(_row(row) for row in board.rows))


def _row(row: Row) -> tuple[str, ...]:
    system = row.entry.system
    return (
        _name(row),
        *figures(row.cells),
        *took(system.measured),
        literal(system.licence),
    )


def _name(row: Row) -> str:
    system = row.entry.system
    title = "" if system.title == row.name else f": {literal(system.title)}"
    return literal(row.name) + title + (" (control)" if system.control else "")


def figures(cells: Mapping[str, Cell], columns: Sequence[Main] = MAIN) -> Iterator[str]:
    """The figures of these columns as they are shown."""
    for main in columns:
        cell = cells.get(main.title)
        yield NONE if cell is None else brief(cell.figure)


def took(measured: Measured | None) -> tuple[str, str]:
    """CPU seconds and MiB."""
    if measured is None:
        return NONE, NONE
    peak = NONE if measured.peak_mib is None else f"{measured.peak_mib:.0f}"
    return f"{measured.cpu_seconds:.1f}", peak


# --- annotators ------------------------------------------------------------------------------------------------

KINDS = {MODEL: "run of a language model", PERSON: "person"}


def _ceilings(board: Board) -> Iterator[Block]:
    if not board.ceilings:
        return
    yield Heading(2, "Annotators, each against the others")
    yield Text(
        "No systems, and not against gold, which has their own votes in it: each annotator's labels are scored against "
        "what the others settle among themselves, without its votes and without decisions. What the others leave open "
        "is on neither side, which flatters. This is how well one annotator predicts the others, and in this sense the "
        f"ceiling. {_models(board.ceilings)}"
    )
    head = ("annotator", "what it is", *(f"{main.title} " for main in MAIN), "left open ")
    yield Grid(
        head,
        tuple((literal(c.source), KINDS.get(c.kind, NONE), *figures(c.cells), str(c.open)) for c in board.ceilings),
    )


def _models(ceilings: Iterable[Ceiling]) -> str:
    if not any(each.kind == MODEL for each in ceilings):
        return ""
    return "Runs of one language model agree far more than people would: it is no measure of how well people do."


# --- contrast pairs --------------------------------------------------------------------------------------------


def _contrast(board: Board) -> Iterator[Block]:
    found = edited_by(board)
    if found is None:
        return
    yield Heading(2, "Contrast pairs")
    yield Text(found.about)
    head = ("system", *(f"{main.title} " for main in CONTRAST), "pairs ")
    yield Grid(head, tuple((_name(row), *figures(row.contrast, CONTRAST), str(found.pairs)) for row in found.rows))
    yield Text("What the columns are, and their signatures:")
    yield Bullets(
        tuple(_column(main, found.rows) for main in CONTRAST if any(main.title in r.contrast for r in found.rows))
    )


def _column(main: Main, rows: Iterable[Row]) -> str:
    signatures = {row.contrast[main.title].score.measure.signature: None for row in rows if main.title in row.contrast}
    return f"{main.title}: {CONTRAST_MEANING[main.title]}; " + ", ".join(f"`{each}`" for each in signatures)


# --- neighbours ------------------------------------------------------------------------------------------------


def _neighbours(found: Sequence[Neighbours]) -> Iterator[Block]:
    yield Heading(2, "Neighbours")
    if not found:
        yield Text("There are no two systems to compare.")
        return
    yield Text(
        "Each system and the next one in the order by a figure: the difference, its interval by the paired bootstrap, "
        "and p by paired approximate randomisation, two-sided, not corrected for the number of comparisons. A few "
        "claims are in most of the conflicts: where interval and p differ, trust the interval."
    )
    head = ("by", "better", "next", "difference ", "95 % ", "p ")
    yield Grid(head, tuple(map(_difference, found)))


def _difference(each: Neighbours) -> tuple[str, ...]:
    d = each.difference
    interval = NONE if d.low is None or d.high is None else f"[{d.low:+.3f}, {d.high:+.3f}]"
    p = NONE if d.p is None else f"{d.p:.3f}"
    return each.main.title, literal(each.first), literal(each.second), f"{d.difference:+.3f}", interval, p


# --- what made the rows ----------------------------------------------------------------------------------------


def _made(rows: Iterable[Row]) -> Iterator[Block]:
    yield Heading(2, "What made the rows")
    for row in rows:
        yield Heading(3, _name(row))
        yield Bullets(tuple(_said(row)))


def _said(row: Row) -> Iterator[str]:
    system = row.entry.system
    yield f"what it does: {literal(system.description)}"
    yield f"files: {code(f'{row.name}/')}, of {system.date}; licence: {literal(system.licence)}" + _url(system)
    yield f"thresholds: {literal(system.thresholds)}"
    if system.settings:
        yield "settings: " + ", ".join(literal(f"{name} = {setting}") for name, setting in system.settings.items())
    for each in system.packages:
        yield literal(f"package: {each.name} {each.version}, {each.licence or 'no licence declared'}")
    if took := system.measured:
        peak = "" if took.peak_mib is None else f", {took.peak_mib:.0f} MiB"
        where = literal(f"Python {took.python}, {took.platform}, {took.cpus} processors")
        yield f"took {took.wall_seconds:.1f} s, of processors {took.cpu_seconds:.1f} s{peak} ({where})"
    yield from _open(row)
    yield from (f"not scored: {layer}: {literal(why)}" for layer, why in row.report.skipped.items())
    if row.report.unjudged:
        yield f"pairs that gold has not judged, not scored: {len(row.report.unjudged)}"


OPEN = {"open": "pairs of its own claims, against all of gold's", "given-claims": "the same, of claims it has found"}


def _open(row: Row) -> Iterator[str]:
    """The scores of a system that pairs claims of its own, which the table has no column for."""
    for score in row.report.scores:
        m = score.measure
        if m.layer == "contradictions" and m.task in OPEN and m.match == CONFLICT:
            yield f"open task: {OPEN[m.task]}: conflicts F1 {brief(score.named['f1'])}"


def _url(system: System) -> str:
    return f"; see <{system.url}>" if system.url else ""


def _signatures(board: Board) -> Iterator[Block]:
    """Those of the table: the same for all rows, but for units that depend on what a prediction has."""
    found = {
        cell.score.measure.signature: main.title
        for main in MAIN
        for row in board.rows
        if (cell := row.cells.get(main.title))
    }
    if found:
        yield Heading(2, "Signatures")
        yield Bullets(tuple(f"{title}: `{signature}`" for signature, title in found.items()))
