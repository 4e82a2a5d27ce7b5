"""An annotation set on its way into Label Studio: its results, and what they would not bring back.

Nothing is filed that could not be pulled again: the results are read back, and compared with the set, record by record.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from variorum.corpus import Document
from variorum.label_studio import articles, pairs, screening
from variorum.label_studio.controls import SIDES
from variorum.label_studio.results import At, Result
from variorum.label_studio.rounds import Round
from variorum.label_studio.tasks import TaskData
from variorum.problems import ERROR, WARNING, Problem, several, shown
from variorum.records import LAYERS, AnnotationSet, Claim, Mention, Pair, Record, Span
from variorum.schema import Schema

_IDS = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id", "contradictions": "pair_id"}


class Filing(msgspec.Struct, frozen=True):
    """The results of each task by doc_id or pair_id, and why they should not be filed (nothing, if they may)."""

    results: dict[str, list[Result]]
    problems: tuple[Problem, ...]


def check_header(annotation_set: AnnotationSet, asked: Round, file: str, past: bool = False) -> Iterator[Problem]:
    """What in the header does not fit the round: layers, guidelines (with `past` older ones do), claims judged."""
    given = tuple(layer for layer in LAYERS if getattr(annotation_set, layer) is not None)
    at = At(file, "$")
    if given != asked.layers:
        what = f"the round asks for {several(asked.layers)}, the file has {several(given) or 'none'}"
        yield at.problem("round-layers", f"{what} (a layer with nothing in it is [])")
    versions = {asked.guideline_version, None, *(each.version for each in asked.editions if past)}
    if annotation_set.guideline_version not in versions:
        what = f"the round has guidelines {asked.guideline_version}, the file says {annotation_set.guideline_version}"
        yield at.inside(".guideline_version").problem("round-guidelines", what)
    if annotation_set.claims_from != asked.claims_from:
        wanted = asked.claims_from
        named = f"{wanted.source} ({wanted.sha256[:12]}…)" if wanted else "no other set"
        what = f"the round judges the claims of {named}, the file others"
        yield at.inside(".claims_from").problem("round-claims", what)


def outside_pool(annotation_set: AnnotationSet, asked: Round, keys: Container[str], file: str) -> Iterator[Problem]:
    """The pairs of a set that a closed round, whose tasks have these pair_ids, does not ask about."""
    for i, pair in enumerate(annotation_set.contradictions or ()):
        if not asked.open and pair.pair_id not in keys:
            at = At(file, f"$.contradictions[{i}]")
            yield at.problem("round-pairs", f"the round does not ask about {pair.pair_id}")


def article_filing(
    annotation_set: AnnotationSet, asked: Round, documents: Mapping[str, Document], schema: Schema, file: str
) -> Filing:
    """What to file of a set of the article round; the set has passed the checks."""
    controls = asked.controls(schema)
    results = articles.to_results(annotation_set, controls, documents)
    problems: list[Problem] = []
    read = {doc_id: (result, At(file, f"$({doc_id})")) for doc_id, result in results.items()}
    back = articles.from_results(read, controls, documents, problems)
    texts = {doc_id: document.text for doc_id, document in documents.items()}
    for layer in asked.layers:
        records = [_with_text(each, texts) for each in getattr(annotation_set, layer) or ()]
        problems += _lost(layer, records, getattr(back, layer), file)
    return Filing(results, tuple(problems))


def pair_filing(
    annotation_set: AnnotationSet,
    asked: Round,
    tasks: Mapping[str, TaskData],
    documents: Mapping[str, Document],
    schema: Schema,
    file: str,
) -> Filing:
    """What to file of a set of judged pairs; `tasks` has the data of each pair's task, by pair_id."""
    controls = asked.controls(schema)
    judged = annotation_set.contradictions or ()
    results = {pair.pair_id: pairs.to_result(pair, tasks[pair.pair_id], controls) for pair in judged}
    problems: list[Problem] = []
    back = []
    for key, result in results.items():
        back.append(pairs.from_result(result, tasks[key], controls, At(file, f"$({key})"), problems))
    doc_of = {data[f"claim_{side}"]: data[f"doc_{side}"] for data in tasks.values() for side in SIDES}
    whole = [_with_clash_text(pair, doc_of, documents) for pair in judged]
    return Filing(results, (*problems, *_lost("contradictions", whole, [pair for pair in back if pair], file)))


def screening_filing(
    annotation_set: AnnotationSet,
    tasks: Mapping[str, TaskData],
    documents: Mapping[str, Document],
    schema: Schema,
    file: str,
) -> Filing:
    """What to file of a set of listed pairs: a list for each of the tasks (by article pair), be it empty."""
    listed = annotation_set.contradictions or ()
    task_of = {pair.pair_id: screening.task_of(pair, tasks.values()) for pair in listed}
    results, problems, back = {}, list[Problem](), list[Pair]()
    for key, data in tasks.items():
        here = [pair for pair in listed if task_of[pair.pair_id] == key]
        results[key] = screening.to_results(here, data, schema, documents)
        back += screening.from_result(results[key], data, schema, documents, At(file, f"$({key})"), problems)
    sides = [(data[f"doc_{side}"], data[f"claims_{side}"]) for data in tasks.values() for side in SIDES]
    doc_of = {own: doc_id for doc_id, claims in sides for own, *_ in claims}
    whole = [_with_clash_text(pair, doc_of, documents) for pair in listed]
    return Filing(results, (*problems, *_lost("contradictions", whole, back, file)))


def _lost(layer: str, records: Iterable[Record], back: Iterable[Record], file: str) -> Iterator[Problem]:
    """Each field of a record that would come back as something else."""
    name = _IDS[layer]
    returned = {getattr(record, name): record for record in back}
    for i, record in enumerate(records):
        at = At(file, f"$.{layer}[{i}]")
        other = returned.get(getattr(record, name))
        if other is None:
            yield at.problem("not-carried", f"Label Studio would not give {shown(getattr(record, name))} back")
            continue
        for field in record.__struct_fields__:
            mine, theirs = getattr(record, field), getattr(other, field)
            if mine != theirs and field != "stratum":  # a label of the pool, which who judges never sees
                message = f"Label Studio would give back {_brief(theirs)} instead of {_brief(mine)}"
                level = WARNING if field == "score" else ERROR
                yield at.inside(f".{field}").problem("not-carried", message, level)


def _brief(value: Any) -> str:
    return shown(value if isinstance(value, str) or value is None else msgspec.json.encode(value).decode())


def _with_text(record: Record, texts: Mapping[str, str]) -> Record:
    """The record with the words of its spans, which a file may leave out."""
    if isinstance(record, Mention):
        return msgspec.structs.replace(record, text=texts[record.doc_id][record.start : record.end])
    if isinstance(record, Claim):
        text = texts[record.doc_id]
        cue = _span(record.cue, text) if record.cue else None
        return msgspec.structs.replace(record, spans=tuple(_span(span, text) for span in record.spans), cue=cue)
    return record


def _span(span: Span, text: str) -> Span:
    return Span(start=span.start, end=span.end, text=text[span.start : span.end])


def _with_clash_text(pair: Pair, doc_of: Mapping[str, str], documents: Mapping[str, Document]) -> Pair:
    text_a, text_b = (documents[doc_of[own]].text if own in doc_of else "" for own in (pair.claim_a, pair.claim_b))
    span_a = _span(pair.span_a, text_a) if pair.span_a else None
    span_b = _span(pair.span_b, text_b) if pair.span_b else None
    return msgspec.structs.replace(pair, span_a=span_a, span_b=span_b)
