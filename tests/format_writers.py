"""What systems and tools write: annotation sets in every format that `variorum.formats` reads, for round trips."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from variorum.corpus import Document
from variorum.label_studio import articles
from variorum.label_studio.controls import article_controls
from variorum.records import LAYERS, AnnotationSet, Mention, Pair
from variorum.schema import Schema

Documents = Mapping[str, Document]


def in_document(mentions: Iterable[Mention], doc_id: str) -> list[Mention]:
    return [mention for mention in mentions if mention.doc_id == doc_id]


def jsonl(annotation_set: AnnotationSet) -> str:
    """The header, then a record a line."""
    value = msgspec.to_builtins(annotation_set)
    header = {key: member for key, member in value.items() if key not in LAYERS}
    lines = [{**header, "layers": [layer for layer in LAYERS if value.get(layer) is not None]}]
    lines += [{"layer": layer, **record} for layer in LAYERS for record in value.get(layer) or ()]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def csv(pairs: Iterable[Pair], end: str = "\r\n", between: str = ",") -> str:
    rows = [("score", "pair_id", "relation")]
    rows += [("" if pair.score is None else repr(pair.score), pair.pair_id, pair.relation) for pair in pairs]
    return "\ufeff" + "".join(between.join(row) + end for row in rows)


# --- CoNLL ---------------------------------------------------------------------------------------------------


def tokens(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Words and single marks, cut where a mention begins or ends."""
    cuts = {offset for mention in mentions for offset in (mention.start, mention.end)}
    found = []
    for match in re.finditer(r"\w[\w\u0300-\u036f]*|\S[\u0300-\u036f\ufe0f\u064b]*", text):
        inside = sorted(cut for cut in cuts if match.start() < cut < match.end())
        edges = [match.start(), *inside, match.end()]
        found += [(start, end) for start, end in pairwise(edges)]
    return found


def tag(start: int, end: int, mentions: Sequence[Mention], scheme: str, before: Mention | None) -> str:
    """The tag of a token in IOB1, IOB2 or IOBES; mentions do not nest."""
    mention = next((m for m in mentions if m.start <= start and end <= m.end), None)
    if mention is None:
        return "O"
    first = start == mention.start
    if scheme == "IOB1":
        mark = "B" if first and before and before.type == mention.type else "I"
    elif scheme == "IOB2":
        mark = "B" if first else "I"
    else:
        last = end == mention.end
        mark = "S" if first and last else "B" if first else "E" if last else "I"
    return f"{mark}-{mention.type}"


def conll(mentions: Iterable[Mention], documents: Documents, scheme: str = "IOB2", columns: int = 2) -> str:
    """All documents in one file, a sentence a paragraph."""
    lines, listed = [], list(mentions)
    for doc_id, document in documents.items():
        lines += [f"-DOCSTART- ({doc_id})", ""]
        here, before, end = in_document(listed, doc_id), None, 0
        for token in tokens(document.text, here):
            mention = next((m for m in here if m.start <= token[0] and token[1] <= m.end), None)
            if "\n" in document.text[end : token[0]] and not (mention and mention.start < token[0]):
                lines.append("")
                before = None
            middle = ["-X-"] * (columns - 2)
            lines.append(" ".join([document.text[slice(*token)], *middle, tag(*token, here, scheme, before)]))
            before, end = mention, token[1]
        lines.append("")
    return "\n".join(lines) + "\n"


# --- brat, spaCy, Label Studio -------------------------------------------------------------------------------


def ann(mentions: Iterable[Mention], text: str) -> str:
    """T lines with A lines for levels; the words as brat shows them, on one line."""
    lines = []
    for i, mention in enumerate(mentions, 1):
        words = re.sub(r"[\r\n]", " ", text[mention.start : mention.end])
        lines.append(f"T{i}\t{mention.type} {mention.start} {mention.end}\t{words}")
        if mention.level:
            lines.append(f"A{i}\tlevel T{i} {mention.level}")
    return "".join(line + "\n" for line in lines)


def spacy(mentions: Iterable[Mention], documents: Documents) -> list[dict[str, Any]]:
    """As `Doc.to_json` writes them."""
    listed = list(mentions)
    return [
        {
            "text": document.text,
            "ents": [{"start": m.start, "end": m.end, "label": m.type} for m in in_document(listed, doc_id)],
            "tokens": [],
        }
        for doc_id, document in documents.items()
    ]


def studio(annotation_set: AnnotationSet, documents: Documents, schema: Schema) -> list[dict[str, Any]]:
    """The export of an article project of ours."""
    controls = article_controls(schema, ("mentions", "entities", "claims"))
    results = articles.to_results(annotation_set, controls, documents)
    return [task(doc_id, documents[doc_id].text, result) for doc_id, result in results.items()]


def task(doc_id: str | None, text: str, result: list[Any], listed: str = "annotations") -> dict[str, Any]:
    data = {"text": text} if doc_id is None else {"doc_id": doc_id, "text": text}
    return {"id": 1, "data": data, listed: [{"id": 1, "completed_by": 1, "result": result}]}


def ner(mentions: Iterable[Mention], documents: Documents) -> list[dict[str, Any]]:
    """The export of somebody's project for named entities."""
    listed, tasks = list(mentions), []
    for doc_id, document in documents.items():
        result = [
            {
                "id": mention.mention_id,
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {"start": mention.start, "end": mention.end, "text": "?", "labels": [mention.type]},
            }
            for mention in in_document(listed, doc_id)
        ]
        tasks.append(task(None, document.text, result))
    return tasks
