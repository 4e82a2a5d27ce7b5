"""The cases of the rules about Label Studio: a corpus each, whose one export, or one record beside it, breaks the rule.

`make_cases` writes them. An export is made of the annotations of one article, by one who is invited.
"""

import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from variorum import schema
from variorum.corpus import read_corpus, write_whole
from variorum.label_studio import judging
from variorum.label_studio.controls import Kind
from variorum.label_studio.questions import Question, Shown, question_task
from variorum.label_studio.rounds import ARTICLE_LAYERS, PAIR_LAYERS, Edition, Kept, Round, fingerprint, to_bytes
from variorum.label_studio.screening import screening_tasks
from variorum.label_studio.tasks import article_task
from variorum.records import Claim, ClaimsFrom, Pair, Span, pair_id

Json = dict[str, Any]
Break = Callable[[Path], None]
Record = Callable[[], Json]


def result(control: str, kind: str, own: str = "r1", **value: Any) -> Json:
    whole = {"start": 4, "end": 8, "text": "lamp", **value}
    return {"id": own, "from_name": control, "to_name": "text", "type": kind, "origin": "manual", "value": whole}


def label(own: str = "r1", name: str = "PRODUCT", control: str = "mention", **value: Any) -> Json:
    return result(control, "labels", own, **{"labels": [name], **value})


def answers(control: str, *given: str, own: str = "r1") -> Json:
    kind, field = ("textarea", "text") if control in ("entity", "value") else ("choices", "choices")
    return result(control, kind, own, **{field: list(given)})


GOOD = [label(), answers("level", "NOM"), answers("entity", "lamp")]
RELATION = {"type": "relation", "from_id": "r1", "to_id": "r9", "direction": "right"}


def annotation(results: Iterable[Any] = GOOD, number: int = 1, **fields: Any) -> Json:
    by = {"completed_by": "swift", "updated_by": "swift", "was_cancelled": False}
    return {"id": number, **by, "guideline_version": "1", **fields, "result": list(results)}


def article_round(root: Path, **fields: Any) -> Round:
    documents = read_corpus(root).documents
    settings = {"guideline_version": "1", "layers": ARTICLE_LAYERS, **fields}
    return Round(fingerprint(documents), "articles", Kind.articles, **settings)


def pulled(*annotations: Json, data: Json | None = None, header: bool = True, **fields: Any) -> Break:
    """A corpus with the export of a round of articles: one article, or one for each annotation with `fields`."""

    def change(root: Path) -> None:
        documents = list(read_corpus(root).documents.values())
        spread = [[each] for each in annotations] if fields else [list(annotations)]
        tasks = [
            {"id": i, "annotations": filed, "data": {**article_task(document, "1"), **(data or {})}}
            for i, (document, filed) in enumerate(zip(documents, spread, strict=False), 1)
        ]
        path = root / "annotations" / "exports" / "articles.articles.json"
        write_whole(path, (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode())
        if header:
            write_whole(path.with_suffix(".round.json"), to_bytes(Kept(article_round(root, **fields))))

    return change


def recorded(name: str, record: Record, **fields: Any) -> Break:
    """A corpus with a record, and the header and the empty export of the round that it was made in."""

    def change(root: Path) -> None:
        value = record()
        of_pairs = {"round": "pairs", "kind": Kind.pairs, "layers": PAIR_LAYERS}
        if value["round"] == "pairs":
            of_pairs["claims_from"] = ClaimsFrom(**value["claims_from"])
        known = {"corpus": "0" * 16, "guideline_version": "1"}
        articles = {"round": "articles", "kind": Kind.articles, "layers": ARTICLE_LAYERS}
        settings = {**known, **(of_pairs if value["round"] == "pairs" else articles), **fields}
        path = root / "annotations" / "exports" / f"{settings['round']}.{settings['kind']}.json"
        write_whole(path, b"[]\n")
        write_whole(path.with_suffix(".round.json"), to_bytes(Kept(Round(**settings))))
        stored = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
        write_whole(root / "annotations" / "records" / name, stored)

    return change


def whole(control: str, to_name: str, kind: str, *given: str) -> Json:
    """An answer about the whole task."""
    field = {"textarea": "text", "choices": "choices"}[kind]
    return {"id": control, "from_name": control, "to_name": to_name, "type": kind, "value": {field: list(given)}}


def exported(kind: Kind, data: Callable[[Path], Json], *annotations: Json, **fields: Any) -> Break:
    """A corpus with the export of a round of this kind, which has one task."""

    def change(root: Path) -> None:
        asked = Round(fingerprint(read_corpus(root).documents), str(kind), kind, "1", **fields)
        path = root / "annotations" / "exports" / f"{kind}.{kind}.json"
        tasks = [{"id": 1, "data": data(root), "annotations": list(annotations)}]
        write_whole(path, (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode())
        write_whole(path.with_suffix(".round.json"), to_bytes(Kept(asked)))

    return change


def claim(doc_id: str) -> Claim:
    chosen = {"kind": "fact", "polarity": "positive", "certainty": "certain"}
    spans = (Span(start=0, end=8),)
    return Claim(claim_id=f"{doc_id}-c1", doc_id=doc_id, spans=spans, proposition="It is so.", **chosen)


def screened(*entries: str) -> Break:
    """A screening of the first two articles, with a claim in each, and this list of agreements."""

    def data(root: Path) -> Json:
        documents = read_corpus(root).documents
        return list(screening_tasks(map(claim, list(documents)[:2]), documents))[1]

    listed = annotation([whole("agreement", "html_left", "textarea", *entries)])
    named = ClaimsFrom(source="consolidated", sha256="0" * 64)
    return exported(Kind.screening, data, listed, layers=PAIR_LAYERS, claims_from=named, open=True)


def judged_for(annotator: str) -> Break:
    """A pair, drawn for this annotator and judged by swift."""

    def data(root: Path) -> Json:
        documents = read_corpus(root).documents
        claims = [claim(doc_id) for doc_id in list(documents)[:2]]
        ends = [each.claim_id for each in claims]
        pair = Pair(pair_id=pair_id(*ends), claim_a=ends[0], claim_b=ends[1], relation="neutral")
        part = judging.Part((pair,), {each.claim_id: each for each in claims}, documents)
        return judging.placed(judging.drawn([part], "pairs", annotator).values(), 0)[0]

    filed = annotation([whole("relation", "quote_left", "choices", "neutral")])
    named = ClaimsFrom(source="consolidated", sha256="0" * 64)
    return exported(Kind.pairs, data, filed, layers=PAIR_LAYERS, claims_from=named)


def decided(one: str, other: str) -> Break:
    """Two adjudicators' answers to one question."""
    data = question_task(Question("claim.kind", ("p1-c0-8",), ('"fact"',)), Shown("It is so."), schema.default())
    options = {each["value"].rpartition(" ")[2]: each["value"] for each in data["options"]}
    answered = [
        [whole("choice", "context", "choices", options[each]), whole("reason", "context", "textarea", "So.")]
        for each in (one, other)
    ]
    by = {"completed_by": "robin", "updated_by": "robin"}
    both = [annotation(answered[0]), annotation(answered[1], 2, **by)]
    return exported(Kind.adjudication, lambda _: data, *both, layers=())


def cases(articles: Record, pairs: Record) -> dict[str, Break]:
    """Every rule and what breaks it; `articles` and `pairs` make valid records of the two kinds, by swift."""
    of_results = partial(lambda results: pulled(annotation(results)))
    editions = (Edition("1", "0" * 64), Edition("2", "1" * 64, "2026-02-01T00:00:00Z"))
    other = ClaimsFrom(source="consolidated", sha256="0" * 64)
    return {
        "round-header": pulled(annotation(), header=False),
        "task-data": pulled(annotation(), data={"doc_id": "p9"}),
        "text-changed": pulled(annotation(), data={"text": "Another text."}),
        "no-account": pulled(annotation(completed_by=7, updated_by=7)),
        "second-annotation": pulled(annotation(), annotation(number=2)),
        "foreign-edit": pulled(annotation(updated_by="robin")),
        "foreign-task": judged_for("robin"),
        "untouched-prediction": of_results([{**each, "origin": "prediction"} for each in GOOD]),
        "mixed-guidelines": pulled(
            annotation(), annotation(number=2, guideline_version="2"), guideline_version="2", editions=editions
        ),
        "result-shape": of_results([*GOOD, 7]),
        "unknown-control": of_results([*GOOD, answers("colour", "red")]),
        "unknown-label": of_results([*GOOD, label("r2", "FISH")]),
        "several-answers": of_results([label(), answers("level", "NOM", "PRO"), answers("entity", "lamp")]),
        "region-offsets": of_results([*GOOD, label("r2", end=10**6)]),
        "region-twice": of_results([*GOOD, label()]),
        "stray-attribute": of_results([*GOOD, answers("level", "NOM", own="r9")]),
        "not-applicable": of_results([*GOOD, answers("value", "3")]),
        "missing-answer": of_results([label(name="CLAIM", control="claim")]),
        "entity-conflict": of_results([*GOOD, label("r2", end=7), answers("entity", "Lamp", own="r2")]),
        "identity-conflict": of_results(
            [*GOOD, label("r9", end=7), answers("level", "NOM", own="r9"), answers("entity", "sun", own="r9"), RELATION]
        ),
        "unlinked-region": of_results([label(name="CUE", control="claim")]),
        "bad-relation": of_results([*GOOD, RELATION]),
        "screening-entry": screened("1-9"),
        "listed-twice": screened("1-1", "1-1 rounding"),
        "decision-conflict": decided("fact", "opinion"),
        "round-layers": recorded("articles/swift.json", articles, layers=ARTICLE_LAYERS[:2]),
        "round-guidelines": recorded("articles/swift.json", articles, guideline_version="2"),
        "round-claims": recorded("pairs/swift.json", pairs, claims_from=other, open=True),
        "round-pairs": recorded("pairs/swift.json", pairs),
    }
