"""Claims of stretches that state something: proposition, labels, source, time, and what they are about."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from variorum.baselines.identity import plain
from variorum.baselines.statements import manner
from variorum.baselines.task import Task
from variorum.baselines.vocabulary import vocabulary
from variorum.corpus import Document
from variorum.records import Claim, Mention, Span

Stretch = tuple[int, int]
_POSSESSIVE = vocabulary("his her its")
_THIRD = vocabulary("he she it him") | _POSSESSIVE


class Statement(msgspec.Struct, frozen=True):
    """The evidence of a claim; the cue of its source, and where the source is to be looked for.

    `subject` is the stretch that the proposition says first, for what was left out in the evidence.
    """

    spans: tuple[Stretch, ...]
    cue: Stretch | None = None
    who: Stretch | None = None
    subject: Stretch | None = None


def claims(task: Task, mentions: Sequence[Mention], statements: Mapping[str, Sequence[Statement]]) -> Iterator[Claim]:
    """The claims of all articles, each stretch once."""
    full = _full_names(mentions)
    for document in task.documents:
        own = sorted((m for m in mentions if m.doc_id == document.doc_id), key=lambda m: (m.start, -m.end))
        seen: set[tuple[Stretch, ...]] = set()
        for statement in sorted(statements[document.doc_id], key=lambda each: each.spans):
            if statement.spans not in seen and any(map(str.isalpha, _text(document, statement))):
                seen.add(statement.spans)
                yield _claim(document, statement, own, full, task.schema.names("claim_kind"))


def _full_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """The longest name of each entity that has one."""
    full: dict[str, str] = {}
    for mention in mentions:
        if mention.level == "NAM" and mention.entity_id is not None:
            name = plain(mention.text or "")
            full[mention.entity_id] = max(full.get(mention.entity_id, ""), name, key=lambda each: (len(each), each))
    return full


def _claim(
    document: Document,
    statement: Statement,
    mentions: Sequence[Mention],
    full: Mapping[str, str],
    kinds: tuple[str, ...],
) -> Claim:
    text, (start, end) = document.text, (statement.spans[0][0], statement.spans[-1][1])
    told_of = [*([statement.subject] if statement.subject else []), *statement.spans]
    about = [m for span in told_of for m in _within(mentions, span)]
    inside = [m for span in statement.spans for m in _within(mentions, span)]
    cue = text[slice(*statement.cue)] if statement.cue else None
    told = manner(_text(document, statement), cue, kinds)
    days = [m.value.value for m in inside if m.value and m.value.kind == "date" and "XXXX" not in m.value.value]
    return Claim(
        claim_id=f"{document.doc_id}-c{start}-{end}" + f"-{len(statement.spans)}" * (len(statement.spans) > 1),
        doc_id=document.doc_id,
        spans=tuple(Span(start=low, end=high, text=text[low:high]) for low, high in statement.spans),
        proposition=_proposition(document, told_of, about, full),
        kind=told.kind,
        polarity=told.polarity,
        certainty=told.certainty,
        holder=_holder(statement, mentions),
        cue=Span(start=statement.cue[0], end=statement.cue[1], text=cue) if statement.cue else None,
        time=days[0] if len(days) == 1 else None,
        entities=tuple(dict.fromkeys(m.entity_id for m in about if m.entity_id is not None)),
    )


def _within(mentions: Sequence[Mention], span: Stretch) -> list[Mention]:
    low = bisect_left(mentions, span[0], key=lambda m: m.start)
    high = bisect_left(mentions, span[1], key=lambda m: m.start)
    return [m for m in mentions[low:high] if m.end <= span[1]]


def _holder(statement: Statement, mentions: Sequence[Mention]) -> str | None:
    """The mention nearest the cue among those where the source is looked for."""
    if statement.who is None or statement.cue is None:
        return None
    at = statement.cue[0]
    near = [m for m in _within(mentions, statement.who) if m.level is not None]
    return min(near, key=lambda m: (min(abs(m.start - at), abs(m.end - at)), m.start)).mention_id if near else None


def _text(document: Document, statement: Statement) -> str:
    return " ".join(document.text[low:high] for low, high in statement.spans)


def _proposition(
    document: Document, stretches: Sequence[Stretch], inside: Sequence[Mention], full: Mapping[str, str]
) -> str:
    """The stretches with names for the pronouns of the third person; on one line, never empty."""
    parts = []
    for low, high in stretches:
        at = low
        for mention in inside:
            word = (mention.text or "").casefold()
            name = full.get(mention.entity_id or "")
            if mention.level == "PRO" and word in _THIRD and name and at <= mention.start and mention.end <= high:
                parts += [document.text[at : mention.start], name + "’s" * (word in _POSSESSIVE)]
                at = mention.end
        parts.append(document.text[at:high] + " ")
    return plain("".join(parts))
