"""Disagreements as rows of tables and as one self-contained HTML page."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from variorum.agreement.disagreements import Disagreement, tally
from variorum.agreement.page import Row, table
from variorum.page import framed

TALLY = ("layer", "kind", "field", "items")
COLUMNS = ("layer", "kind", "item", "answers", "context")


def tally_rows(found: Sequence[Disagreement]) -> list[Row]:
    """The cells of `TALLY`."""
    return [(*key, str(number)) for key, number in tally(found).items()]


def rows(found: Sequence[Disagreement]) -> Iterator[Row]:
    """The cells of `COLUMNS`."""
    for each in found:
        answers = " | ".join(f"{source}: {answer}" for source, answer in each.answers.items())
        yield each.layer, _kind(each), each.item, answers, each.context or ""


def _kind(each: Disagreement) -> str:
    named = {"attribute": f"attribute ({', '.join(each.fields)})"}
    return ", ".join(named.get(kind, kind) for kind in each.kinds)


def page(found: Mapping[str, Sequence[Disagreement]]) -> str:
    """The whole page; by the name of what was compared."""
    parts = ["<h1>Disagreements</h1>"]
    for name, items in found.items():
        parts += [f"<h2>{escape(name)}: {len(items)} items</h2>", table(TALLY, tally_rows(items))]
        for title, some in _by_document(items).items():
            parts.append(f"<details><summary>{escape(title)}: {len(some)}</summary>{_items(some)}</details>")
    return framed("Disagreements", parts)


def _by_document(items: Sequence[Disagreement]) -> dict[str, list[Disagreement]]:
    grouped: dict[str, list[Disagreement]] = {}
    for each in items:
        title = each.layer if each.doc_id is None else f"{each.layer} in {each.doc_id}"
        grouped.setdefault(title, []).append(each)
    return grouped


def _items(items: Sequence[Disagreement]) -> str:
    """One row an item, one column a source."""
    sources = list(dict.fromkeys(source for each in items for source in each.answers))
    cells = [
        (_kind(each), each.item, each.context or "", *(each.answers.get(source, "") for source in sources))
        for each in items
    ]
    return table(("kind", "item", "context", *sources), cells)
