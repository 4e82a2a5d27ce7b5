"""Mentions and claims of an article as JSON: what a model is asked, and what becomes of its answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from variorum import reading
from variorum.corpus import Document
from variorum.formats import READERS, Prediction
from variorum.formats.draft import Context, Given, Json
from variorum.formats.finishing import finish
from variorum.harnesses.benchmark import SOURCE, Benchmark, figure, load
from variorum.schema import SCHEMA_VERSION, Schema
from variorum.scoring import Config, Report, given, score

LAYERS = ("mentions", "claims")
MENTIONS = "mentions|spans|strict|all|micro"
CLAIMS = "claims|spans|jaccard0.5|all|micro"
PROMPT = """\
Read the article and answer with one JSON object and nothing else:

{{"mentions": [{{"mention_id": "m1", "quote": "...", "occurrence": 0, "type": "...", "level": "..."}}, ...],
 "claims": [{{"spans": [{{"quote": "...", "occurrence": 0}}], "proposition": "...", "kind": "...", "polarity": "...", \
"certainty": "...", "holder": null}}, ...]}}

A mention is a name, a noun phrase or a pronoun for something of one of the types, or a value; a claim is anything \
that the article, or somebody in it, says is so. Every quote is copied from the article letter by letter; occurrence \
counts from 0 where the same words stand there several times. A proposition is one sentence that can be understood by \
itself. The holder is the mention_id of the source that a claim is ascribed to, null for the article itself.

{labels}

Title: {title}

{text}

JSON:"""
LABELS = {"type": "entity_type", "level": "level", "kind": "claim_kind"} | {n: n for n in ("polarity", "certainty")}


class Answer(NamedTuple):
    """What a model wrote when it was asked about an article."""

    doc_id: str
    text: str


def questions(folder: str) -> list[dict[str, object]]:
    """For each article `doc_id`, `input`, and the `dataset` folder it is from. ValueError if it has no texts."""
    benchmark = load(folder)
    if not benchmark.corpus.has_texts:
        raise ValueError(f"{folder}: this edition of the dataset has no texts to read")
    labels = _labels(benchmark.corpus.schema)
    return [
        {"dataset": folder, "doc_id": key, "input": _prompt(document, labels)}
        for key, document in sorted(benchmark.corpus.documents.items())
    ]


def _prompt(document: Document, labels: str) -> str:
    return PROMPT.format(labels=labels, title=document.source.title, text=document.text)


def _labels(schema: Schema) -> str:
    """What may stand in each field, and what it means."""
    fields = []
    for field, label_set in LABELS.items():
        told = "\n".join(f"- {label.const}: {label.description}" for label in schema.label_sets[label_set])
        fields.append(f"{field}:\n{told}")
    return "\n\n".join(fields)


# --- answers -------------------------------------------------------------------------------------------------


def parsed(text: str) -> Json | None:
    """The first JSON object in an answer, whatever stands around it; None if there is none that has `mentions` or
    `claims`, or if it is not strict JSON (`variorum.reading`)."""
    start = text.find("{")
    try:
        _, end = json.JSONDecoder().raw_decode(text, max(start, 0))
    except (ValueError, RecursionError):
        return None
    found = reading.parse(text[start:end].encode("utf-8", "surrogatepass"), "answer").value
    lists = [found.get(layer) for layer in LAYERS] if isinstance(found, dict) else []
    is_asked_for = any(isinstance(each, list) for each in lists)
    return found if isinstance(found, dict) and is_asked_for else None


def failed(answer: Answer) -> bool:
    """Whether an answer is not what was asked for, so that all of its article is missed."""
    return parsed(answer.text) is None


def prediction(benchmark: Benchmark, answers: Sequence[Answer]) -> Json:
    """The answers as one prediction, quotes and all, as `variorum score` takes it; failed ones have no records."""
    documents = benchmark.corpus.documents
    asked = [documents[answer.doc_id].source for answer in answers]
    value: Json = {
        "schema_version": SCHEMA_VERSION,
        "source": SOURCE,
        "role": "system",
        "documents": [{"doc_id": each.doc_id, "text_sha256": each.sha256} for each in asked],
    }
    for layer in LAYERS:
        value[layer] = [record for answer in answers for record in _records(answer, layer)]
    return value


def _records(answer: Answer, layer: str) -> Iterator[Any]:
    """The records of a layer, with ids of their own: those of two answers, or of two records, may be the same."""
    found = parsed(answer.text) or {}
    ids = _ids(found.get("mentions"), answer.doc_id)
    records = found.get(layer)
    for number, record in enumerate(records if isinstance(records, list) else ()):
        if not isinstance(record, dict):
            yield record
        elif layer == "mentions":
            yield record | {"mention_id": f"{answer.doc_id}-m{number}", "doc_id": answer.doc_id}
        else:
            own = {"claim_id": f"{answer.doc_id}-c{number}", "doc_id": answer.doc_id}
            yield record | own | _holder(record, ids)


def _ids(mentions: object, doc_id: str) -> dict[str, str]:
    """The ids that mentions get, by those that the answer has; the first of two of one id has it."""
    found: dict[str, str] = {}
    for number, mention in enumerate(mentions if isinstance(mentions, list) else ()):
        if isinstance(mention, dict) and isinstance(own := mention.get("mention_id"), str):
            found.setdefault(own, f"{doc_id}-m{number}")
    return found


def _holder(claim: Json, ids: Mapping[str, str]) -> Json:
    """The holder under its new id; one that is no mention of the answer stays, for the checks to find."""
    holder = claim.get("holder")
    return {"holder": ids.get(holder, holder)} if isinstance(holder, str) else {}


# --- figures -------------------------------------------------------------------------------------------------


def read(benchmark: Benchmark, answers: Sequence[Answer]) -> Prediction:
    """The answers read as any prediction is, leniently: what is wrong is left out, record by record, and counted."""
    data = msgspec.json.encode(prediction(benchmark, answers))
    context = Context(benchmark.corpus, benchmark.gold)
    return finish(READERS["json"](Given("answers", "answers", data), context), "json", context, True, SOURCE)


@lru_cache(maxsize=2)
def report(folder: str, answers: tuple[Answer, ...]) -> Report:
    """The project's scores of the answers, over the articles that were asked; without intervals."""
    benchmark = load(folder)
    found = read(benchmark, answers)
    if found.annotation_set is None:
        raise ValueError("; ".join(problem.line() for problem in found.errors))
    gold = benchmark.gold_of_documents({answer.doc_id for answer in answers})
    config = Config(layers=LAYERS, resamples=0)
    return score(found.annotation_set, gold, config, benchmark.layout, unplaced=given.unplaced(found))


def mention_f1(found: Report) -> float:
    """F1 of mentions, span and type both right."""
    return figure(found, MENTIONS, "f1")


def claim_f1(found: Report) -> float:
    """F1 of claims whose evidence overlaps by half (Jaccard)."""
    return figure(found, CLAIMS, "f1")
