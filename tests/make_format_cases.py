"""Makes the cases of `variorum.formats`: one prediction in every format, and what breaks each rule of its own.

`python tests/make_cases.py` writes them with the others: what `formats` gives below tests/cases/formats, what `invalid`
gives, files and folders that break a rule, below tests/cases/invalid.
"""

import json
from typing import Any

import format_writers as writers
import msgspec

from variorum.corpus import Corpus
from variorum.records import AnnotationSet, from_json

Json = dict[str, Any]


def plain(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def formats(system: Json, corpus: Corpus) -> dict[str, bytes]:
    """The prediction `system` (plain, with offsets) in every format that can hold some of it."""
    made, documents = from_json(json.dumps(system).encode()), corpus.documents
    mentions, files = made.mentions or (), dict[str, bytes]()
    files["set.json"] = plain(system)
    files["set.jsonl"] = writers.jsonl(made).encode()
    files["pairs.csv"] = writers.csv(made.contradictions or ()).encode()
    files["mentions.conll"] = writers.conll(mentions, documents).encode()
    files["spacy.json"] = plain(writers.spacy(mentions, documents))
    files["studio.json"] = plain(writers.studio(made, documents, corpus.schema))
    files["ner.json"] = plain(writers.ner(mentions, documents))
    for doc_id, document in documents.items():
        here = writers.in_document(mentions, doc_id)
        files[f"brat/{doc_id}.ann"] = writers.ann(here, document.text).encode()
        files[f"brat/{doc_id}.txt"] = document.text.encode()
        files[f"several/{doc_id}.jsonl"] = writers.jsonl(only(made, doc_id)).encode()
    return files


def only(made: AnnotationSet, doc_id: str) -> AnnotationSet:
    """The part of a set that is about one document; entities go with all of them."""

    def here(records: Any) -> tuple[Any, ...]:
        return tuple(record for record in records or () if record.doc_id == doc_id)

    documents = tuple(each for each in made.documents if each.doc_id == doc_id)
    return msgspec.structs.replace(
        made, documents=documents, mentions=here(made.mentions), claims=here(made.claims), contradictions=None
    )


SPACY = {"text": "The lamp at Acker Quay \U0001fa94 was lit in 1912.", "ents": []}


def invalid(system: Json, corpus: Corpus) -> dict[str, bytes]:
    """By path below tests/cases/invalid; the first part of the path is the rule."""
    text = corpus.documents["p1"].text
    folded = json.loads(json.dumps(system))
    folded["mentions"][2] = {"mention_id": "p1-m3", "doc_id": "p1", "quote": "Mara  Voss", "type": "PERSON"}
    other = {key: value for key, value in system.items() if key not in ("mentions", "claims", "contradictions")}
    answer = {"id": 1, "completed_by": 1, "result": []}
    return {
        "unknown-format.txt": b"Mara Voss is a person.\n",
        "header-conflict/one.json": plain(system),
        "header-conflict/two.json": plain({**other, "source": "tagger-2.0"}),
        "line-shape.csv": b"pair_id,relation\np1-c1~p2-c1\n",
        "csv-header.csv": b"pair,relation\np1-c1~p2-c1,neutral\n",
        "tag-shape.conll": b"-DOCSTART- (p1)\n\nMara PERSON\nVoss I-PERSON\n",
        "token-not-found.conll": b"-DOCSTART- (p1)\n\nMara B-PERSON\nVos I-PERSON\n",
        "text-differs.json": plain(SPACY),
        "discontinuous-mention/p1.ann": b"T1\tPRODUCT 4 8;19 23\tlamp Quay\n",
        "several-annotations.json": plain([{"data": {"text": text}, "annotations": [answer, answer]}]),
        "not-read/p1.ann": b"T1\tORG 4 8\tlamp\nE1\tLight:T1\n",
        "quote-folded.json": plain(folded),
    }
