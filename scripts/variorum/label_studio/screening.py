"""Screening in the browser: a task for every pair of articles, and its lists of claim pairs.

The page shows two articles side by side with their claims numbered in the order of the text; each relation has a list,
an entry for each pair (`screening_lines`). `to_results` and `from_result` are inverse for every pair that lines can
carry; `filing` finds the others by trying.
"""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement

from variorum.corpus import Document
from variorum.label_studio import screening_lines as lines
from variorum.label_studio.controls import SIDES, screening_controls
from variorum.label_studio.results import At, Result, answer_result, read
from variorum.label_studio.tasks import TaskData, heading, hull
from variorum.problems import Problem, shown
from variorum.records import CONFLICT, Claim, Pair, Span, Value, pair_id
from variorum.schema import Schema

KEY = "article_pair"
_Listed = list[list[str | int]]  # claim_id, start, end of its evidence: of claim 1, 2, …


# --- tasks ---------------------------------------------------------------------------------------------------


def screening_tasks(claims: Iterable[Claim], documents: Mapping[str, Document]) -> Iterator[TaskData]:
    """The task data of every two documents that have claims, and of each with itself, in their order."""
    by_doc: dict[str, list[Claim]] = {doc_id: [] for doc_id in documents}
    for claim in sorted(claims, key=lambda claim: (*hull(claim.spans), claim.claim_id)):
        by_doc[claim.doc_id].append(claim)
    for both in combinations_with_replacement([doc_id for doc_id, found in by_doc.items() if found], 2):
        data: TaskData = {KEY: "~".join(both)}
        for side, doc_id in zip(SIDES, both, strict=True):
            shown_there = _side_data(documents[doc_id], by_doc[doc_id])
            data |= {f"{name}_{side}": value for name, value in shown_there.items()}
        yield data


def _side_data(document: Document, claims: Sequence[Claim]) -> TaskData:
    return {
        "doc": document.doc_id,
        "text_sha256": document.source.sha256,
        "heading": heading(document),
        "html": _numbered_html(document.text, claims),
        "list": "".join(f"<p><b>{n}</b> {html.escape(claim.proposition)}</p>" for n, claim in enumerate(claims, 1)),
        "claims": [[claim.claim_id, *hull(claim.spans)] for claim in claims],
    }


def _numbered_html(text: str, claims: Sequence[Claim]) -> str:
    """The text as HTML with the number of each claim where its evidence begins; markup in it is shown as it stands."""
    numbers: dict[int, list[str]] = {}
    for number, claim in enumerate(claims, 1):
        mark = f'<b title="{html.escape(claim.proposition)}">{number}</b>'
        numbers.setdefault(hull(claim.spans)[0], []).append(mark)
    parts, at = [], 0
    for start in sorted(numbers):
        parts += [html.escape(text[at:start]), *numbers[start]]
        at = start
    whole = "".join([*parts, html.escape(text[at:])])
    return whole.replace("\r\n", "\n").replace("\n", "<br>")


def task_of(pair: Pair, tasks: Iterable[TaskData]) -> str | None:
    """The key of the task that both claims of a pair are shown in, one on each side; None if there is none."""
    for data in tasks:
        left, right = ({str(own) for own, *_ in data[f"claims_{side}"]} for side in SIDES)
        if (pair.claim_a in left and pair.claim_b in right) or (pair.claim_b in left and pair.claim_a in right):
            return str(data[KEY])
    return None


def check_data(data: object, documents: Mapping[str, Document], at: At) -> Iterator[Problem]:
    """What is wrong with the data of a task as the server gives it back; from_result needs that to be nothing."""
    names = [f"{name}_{side}" for side in SIDES for name in ("doc", "text_sha256")]
    if not isinstance(data, dict) or any(type(data.get(name)) is not str for name in (KEY, *names)):
        yield at.problem("task-data", "the task's data are not those of two articles to screen")
        return
    if data[KEY] != "~".join(data[f"doc_{side}"] for side in SIDES):
        yield at.problem("task-data", f"{shown(data[KEY])} is not made of the articles that the task names")
    for side in SIDES:
        document, listed = documents.get(data[f"doc_{side}"]), data.get(f"claims_{side}")
        if document is None or document.source.sha256 != data[f"text_sha256_{side}"]:
            yield at.problem("text-changed", f"the corpus has no document {shown(data[f'doc_{side}'])} with this text")
        elif not isinstance(listed, list) or not all(_is_listed(each, len(document.text)) for each in listed):
            yield at.problem("task-data", f"the claims on the {side} are not a list of ids with their places")


def _is_listed(item: object, length: int) -> bool:
    if not isinstance(item, list) or [type(each) for each in item] != [str, int, int]:
        return False
    return bool(0 <= item[1] < item[2] <= length)


# --- records to results --------------------------------------------------------------------------------------


def to_results(
    pairs: Iterable[Pair], data: TaskData, schema: Schema, documents: Mapping[str, Document]
) -> list[Result]:
    """The lists of one task, from the pairs that belong to it; a pair of another relation than listed ones is lost."""
    claims = _evidence(data, documents)
    listed: dict[str, list[str]] = {}
    made = [(_line(pair, data), pair.relation) for pair in pairs]
    for line, relation in sorted(made, key=lambda each: (each[0].left, each[0].right)):
        listed.setdefault(relation, []).append(lines.to_line(line, claims))
    controls = screening_controls(schema)
    return [answer_result(control, listed[name]) for name, control in controls.items() if name in listed]


def _line(pair: Pair, data: TaskData) -> lines.Line:
    numbers = [{own: n for n, (own, *_) in enumerate(data[f"claims_{side}"], 1)} for side in SIDES]
    straight = pair.claim_a in numbers[0] and pair.claim_b in numbers[1]
    if data["doc_left"] == data["doc_right"]:
        straight = numbers[0][pair.claim_a] < numbers[1][pair.claim_b]
    left, right = (pair.claim_a, pair.claim_b) if straight else (pair.claim_b, pair.claim_a)
    line = lines.Line(numbers[0][left], numbers[1][right], pair.reason)
    if pair.relation not in CONFLICT:
        return line
    sides = [_of_claim(pair.value_a, pair.span_a), _of_claim(pair.value_b, pair.span_b)]
    first, second = sides if straight else reversed(sides)
    both = (first, second) if first and second else None
    return lines.Line(line.left, line.right, pair.aspect, both, pair.rationale, pair.conflict_id)


def _of_claim(value: Value | None, span: Span | None) -> lines.Side | None:
    return lines.Side(value, span) if value and span else None


# --- results to records --------------------------------------------------------------------------------------


def from_result(
    result: object,
    data: TaskData,
    schema: Schema,
    documents: Mapping[str, Document],
    at: At,
    problems: list[Problem],
) -> list[Pair]:
    """The pairs that one task's lists have; all that is wrong is added to `problems`, and left out.

    `data` has been verified by `check_data`. Never raises, whatever `result` is.
    """
    controls = screening_controls(schema)
    filled = read(result, controls, {f"html_{side}": "" for side in SIDES}, at, problems)
    claims = _evidence(data, documents)
    found: dict[str, Pair] = {}
    for name in (name for name in controls if name in filled.answers):
        for number, entry in enumerate(_entries(filled.answers[name]), 1):
            try:
                pair = _pair(_read(entry, name, claims, schema), name, data)
            except lines.BadLineError as error:
                message = f"{name}, entry {number}, {shown(entry)}: {error}"
                problems.append(at.problem("screening-entry", message))
                continue
            if pair.pair_id in found:
                message = f"{name}, entry {number}, {shown(entry)}: listed as {found[pair.pair_id].relation} already"
                problems.append(at.problem("listed-twice", message))
            found.setdefault(pair.pair_id, pair)
    return list(found.values())


def _entries(answers: Iterable[str]) -> Iterator[str]:
    """The entries, each of which may also be one of several lines that were pasted in."""
    return (line.strip() for answer in answers for line in answer.splitlines() if line.strip())


def _read(entry: str, relation: str, claims: tuple[lines.Claims, lines.Claims], schema: Schema) -> lines.Line:
    if relation in CONFLICT:
        return lines.conflict(entry, claims, schema.names("aspect"), schema.names("value_kind"))
    return lines.no_conflict(entry, claims, schema.names("reason"))


def _pair(line: lines.Line, relation: str, data: TaskData) -> Pair:
    ids = [str(data[f"claims_{side}"][n - 1][0]) for side, n in zip(SIDES, (line.left, line.right), strict=True)]
    if ids[0] == ids[1]:
        raise lines.BadLineError("a claim is not paired with itself")
    sides: dict[str, lines.Side | None] = dict(zip(ids, line.sides or (None, None), strict=True))
    claim_a, claim_b = sorted(ids)
    a, b = sides[claim_a], sides[claim_b]
    is_conflict = relation in CONFLICT
    return Pair(
        pair_id=pair_id(claim_a, claim_b),
        claim_a=claim_a,
        claim_b=claim_b,
        relation=relation,
        aspect=line.label if is_conflict else None,
        reason=None if is_conflict else line.label,
        value_a=a.value if a else None,
        value_b=b.value if b else None,
        span_a=a.span if a else None,
        span_b=b.span if b else None,
        rationale=line.rationale,
        conflict_id=line.conflict_id,
    )


def _evidence(data: TaskData, documents: Mapping[str, Document]) -> tuple[lines.Claims, lines.Claims]:
    """The evidence of every claim on either side."""
    left, right = (_evidence_there(documents[data[f"doc_{side}"]].text, data[f"claims_{side}"]) for side in SIDES)
    return left, right


def _evidence_there(text: str, listed: _Listed) -> lines.Claims:
    return [lines.Evidence(text[int(start) : int(end)], int(start)) for _, start, end in listed]
