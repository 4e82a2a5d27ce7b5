"""The closed pair task as a table: `pair_id,relation[,score]`, one line for each judged pair of gold's claims.

The columns may stand in any order, between commas, semicolons or tabs; a byte-order mark, either kind of line end and
quoting are taken as they come. Other columns are left out (a warning says so). An empty score is none.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping

from variorum.formats.draft import Context, Draft, Given, Item, Json, claims_from, text_of
from variorum.problems import WARNING, Problem, several, shown
from variorum.records import AnnotationSet, pair_id

_NEEDED = ("pair_id", "relation")
_KNOWN = (*_NEEDED, "score")


def read_csv(given: Given, context: Context) -> Draft:
    """Pairs about the claims of `context.claims`."""
    text = text_of(given)
    if isinstance(text, Problem):
        return given.nothing(text)
    if context.claims is None:
        message = "the pairs of a CSV are about gold's claims, but there is no gold"
        return given.nothing(given.line(1).problem("claims-from", message))
    rows, problems = list(_rows(text)), list[Problem]()
    columns, number = ([cell.strip().lower() for cell in rows[0][1]], rows[0][0]) if rows else ([], 1)
    if any(columns.count(name) != 1 for name in _NEEDED) or columns.count("score") > 1:
        message = f"the columns are pair_id, relation and perhaps score, each once; this has {several(columns)}"
        return given.nothing(given.line(number).problem("csv-header", message))
    if extra := [name for name in columns if name not in _KNOWN]:
        problems.append(given.line(number).problem("not-read", f"other columns: {several(extra)}", WARNING))
    judged = {pair.pair_id: pair for pair in context.claims.contradictions or ()}
    sides = {name: (pair.claim_a, pair.claim_b) for name, pair in judged.items()}
    known = {claim.claim_id for claim in context.claims.claims or ()}
    items = list[Item]()
    for line, cells in rows[1:]:
        origin = given.line(line)
        found = _pair(cells, columns, sides, known)
        if isinstance(found, dict):
            items.append(Item(origin, found))
        else:
            problems.append(origin.problem(*found))
    return _draft(given, context.claims, tuple(items), tuple(problems))


def _draft(given: Given, claims: AnnotationSet, items: tuple[Item, ...], problems: tuple[Problem, ...]) -> Draft:
    header = {"claims_from": claims_from(claims)}
    listed = ({"doc_id": each.doc_id, "text_sha256": each.text_sha256} for each in claims.documents)
    documents = tuple(Item(given.line(1), each) for each in listed)
    return Draft(given.name, header, documents, {"contradictions": items}, problems)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = [f"({error})"]
        if any(cell.strip() for cell in cells):
            yield before + 1, cells
        before = reader.line_num


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


Wrong = tuple[str, str]  # rule and message


def _pair(cells: list[str], columns: list[str], judged: Mapping[str, tuple[str, str]], known: set[str]) -> Json | Wrong:
    """The record of one row; or the rule that it breaks, and how."""
    if len(cells) != len(columns):
        return "line-shape", f"{len(cells)} columns, the first line has {len(columns)}"
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    sides = judged.get(row["pair_id"]) or _sides(row["pair_id"], known)
    if sides is None:
        return "dangling-reference", f"there is no pair {shown(row['pair_id'])}, nor two claims that would make it"
    record: Json = {"pair_id": row["pair_id"], "claim_a": sides[0], "claim_b": sides[1], "relation": row["relation"]}
    if score := row.get("score"):
        try:
            record["score"] = float(score)
        except ValueError:
            return "line-shape", f"the score {shown(score)} is not a number"
        if not math.isfinite(record["score"]):
            return "not-finite", f"the score {shown(score)} is no finite number"
    return record


def _sides(name: str, known: set[str]) -> tuple[str, str] | None:
    """The two claims of a pair_id, which may have tildes themselves."""
    parts = name.split("~")
    cuts = (("~".join(parts[:i]), "~".join(parts[i:])) for i in range(1, len(parts)))
    return next((cut for cut in cuts if set(cut) <= known and name == pair_id(*cut)), None)
