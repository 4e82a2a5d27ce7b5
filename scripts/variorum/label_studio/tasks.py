"""Task data: what Label Studio shows for one article or one claim pair, and enough to read its labels back.

Tasks are known by their own `doc_id` or `pair_id`: the server's task numbers are used again after a task is deleted.
No task says how a pair came into the pool (`stratum`).
"""

import hashlib
import html
from collections.abc import Iterable, Mapping
from typing import Any

from variorum.corpus import Document
from variorum.label_studio.controls import SIDES
from variorum.records import Claim, Pair, Span

TaskData = dict[str, Any]
_CONTEXT = 500  # characters on either side of a claim's evidence
_SHOWN = 40  # characters of either end of a stretch that is not annotated


def article_task(document: Document, guideline_version: str | None) -> TaskData:
    """The task data of one article: text and hash, what to leave out, and under which guidelines."""
    return {
        "doc_id": document.doc_id,
        "heading": heading(document),
        "note": _furniture_note(document),
        "text": document.text,
        "text_sha256": document.source.sha256,
        "guideline_version": guideline_version,
    }


def heading(document: Document) -> str:
    """Title, publisher and date of an article, as far as they are known, on one line."""
    source = document.source
    date = source.published or (f"dateline {source.dateline}" if source.dateline else "date unknown")
    return " – ".join([f"[{source.doc_id}] {source.title}", source.publisher or "publisher unknown", date])


def _furniture_note(document: Document) -> str:
    """The stretches that are not annotated, each by its first and last words."""
    shown = [f"{each.kind}: “{_ends(document.text[each.start : each.end])}”" for each in document.source.furniture]
    return ("Do not annotate – " + "; ".join(shown)) if shown else "Annotate the whole text."


def _ends(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 2 * _SHOWN else f"{words[:_SHOWN]} … {words[-_SHOWN:]}"


def swapped(round_name: str, pair_id: str, annotator: str | None = None) -> bool:
    """Whether claim_a is shown on the right: by chance, but always the same to one annotator (None: all) in a round."""
    drawn = " ".join([round_name, pair_id, *([annotator] if annotator else [])])
    return bool(hashlib.sha256(drawn.encode()).digest()[0] & 1)


def sides(pair: Pair, is_swapped: bool) -> dict[str, str]:
    """The claim_id on each side of the page."""
    shown = (pair.claim_b, pair.claim_a) if is_swapped else (pair.claim_a, pair.claim_b)
    return dict(zip(SIDES, shown, strict=True))


def pair_task(
    pair: Pair, claims: Mapping[str, Claim], documents: Mapping[str, Document], is_swapped: bool = False
) -> TaskData:
    """The task data of one pair of claims (by claim_id) in their documents (by doc_id).

    `quote_left` and `quote_right` are the text from the first to the last character of the evidence, and begin at
    `base_left` and `base_right`. KeyError if a claim or its document is missing.
    """
    data: TaskData = {"pair_id": pair.pair_id}
    for side, claim_id in sides(pair, is_swapped).items():
        claim = claims[claim_id]
        data |= {f"{name}_{side}": value for name, value in _claim_data(claim, documents[claim.doc_id]).items()}
    return data


def _claim_data(claim: Claim, document: Document) -> TaskData:
    start, end = hull(claim.spans)
    return {
        "claim": claim.claim_id,
        "doc": claim.doc_id,
        "text_sha256": document.source.sha256,
        "heading": heading(document),
        "proposition": claim.proposition,
        "html": context_html(document.text, claim.spans),
        "base": start,
        "quote": document.text[start:end],
    }


def hull(spans: Iterable[Span]) -> tuple[int, int]:
    """Where the first of the spans begins and the last one ends."""
    listed = list(spans)
    return min(span.start for span in listed), max(span.end for span in listed)


def context_html(text: str, spans: Iterable[Span]) -> str:
    """The spans, marked, in some text around them, as HTML; whatever is markup in the text is shown as it stands.

    >>> context_html("if a < b, then", [Span(start=3, end=8)])
    'if <mark>a &lt; b</mark>, then'
    """
    spans = sorted(spans, key=lambda span: span.start)
    start, end = hull(spans)
    first, last = _word_start(text, start - _CONTEXT), _word_end(text, end + _CONTEXT)
    parts, at = ["… " if first else ""], first
    for span in spans:
        parts += [_escaped(text[at : span.start]), f"<mark>{_escaped(text[span.start : span.end])}</mark>"]
        at = span.end
    return "".join([*parts, _escaped(text[at:last]), " …" if last < len(text) else ""])


def _escaped(text: str) -> str:
    return html.escape(text).replace("\r\n", "\n").replace("\n", "<br>")


def _word_start(text: str, at: int) -> int:
    while 0 < at < len(text) and not text[at - 1].isspace():
        at -= 1
    return max(at, 0)


def _word_end(text: str, at: int) -> int:
    while 0 < at < len(text) and not text[at].isspace():
        at += 1
    return min(at, len(text))
