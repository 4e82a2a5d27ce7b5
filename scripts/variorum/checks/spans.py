"""Rules of spans: offsets, quoted words, edges, furniture, paragraphs."""

from bisect import bisect_right
from collections.abc import Iterator

from variorum.checks.rule import PEOPLE, Finding, Rule, Subject, by_id, spans
from variorum.problems import shown
from variorum.records import Mention

RULES = by_id(
    Rule(
        id="offset-range",
        stage="records",
        summary="0 <= start < end <= length of the text, in code points.",
        why="Bytes, UTF-16 units and inclusive ends are the usual reasons for offsets beyond the text.",
    ),
    Rule(
        id="quote-mismatch",
        stage="records",
        summary="The text stored with a span is text[start:end].",
        why="If the two differ by a shift, offsets were counted in bytes or UTF-16 units, or newlines were translated.",
    ),
    Rule(
        id="blank-edge",
        stage="records",
        summary="A span neither starts nor ends with white space.",
        roles=PEOPLE,
    ),
    Rule(
        id="furniture",
        stage="records",
        summary="No span overlaps the furniture of an article (menus, comment forms, notices).",
        why="What a prediction has there is ignored and counted by the scorer, so it is no error in one.",
        roles=PEOPLE,
    ),
    Rule(
        id="paragraph-crossing",
        stage="records",
        summary="A mention lies within one paragraph.",
        roles=PEOPLE,
    ),
)


def check_spans(subject: Subject) -> Iterator[Finding]:
    """Every span by itself: first its offsets, then what stands there."""
    for place, doc_id, span in spans(subject):
        text = subject.documents[doc_id].text
        if not 0 <= span.start < span.end <= len(text):
            message = f"[{span.start}:{span.end}] is no stretch of {shown(doc_id)}, which has {len(text)} characters"
            yield Finding("offset-range", place, message)
            continue
        words = text[span.start : span.end]
        if span.text is not None and span.text != words:
            message = f"text[{span.start}:{span.end}] is {shown(words)}, record says {shown(span.text)}"
            yield Finding("quote-mismatch", place, message)
        if words[0].isspace() or words[-1].isspace():
            yield Finding("blank-edge", place, f"{shown(words)} starts or ends with white space")
        yield from _regions(subject, place, doc_id, span.start, span.end, isinstance(span, Mention))


def _regions(subject: Subject, place: str, doc_id: str, start: int, end: int, mention: bool) -> Iterator[Finding]:
    source = subject.documents[doc_id].source
    for block in source.furniture:
        if start < block.end and block.start < end:
            yield Finding("furniture", place, f"[{start}:{end}] overlaps {block.kind} at [{block.start}:{block.end}]")
    if mention and source.paragraphs:
        starts = [paragraph.start for paragraph in source.paragraphs]
        if bisect_right(starts, start) != bisect_right(starts, end - 1):
            yield Finding("paragraph-crossing", place, f"[{start}:{end}] reaches into the next paragraph")
