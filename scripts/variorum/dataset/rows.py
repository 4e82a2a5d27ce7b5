"""The rows of every config, as plain values: labels by name, spans as dicts with their words, sorted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from variorum.adjudication import judgements
from variorum.dataset import contrast
from variorum.dataset.material import Material, measured
from variorum.records import LAYERS, AnnotationSet, Claim, Mention, Pair, Record, Span
from variorum.sources import Source

Row = dict[str, Any]
ID_OF = {"mentions": "mention_id", "entities": "entity_id", "claims": "claim_id", "contradictions": "pair_id"}
PROMPT = """\
{opening} How do the contents of the two claims stand to each other, whoever holds them?

Claim A ({title_a}): {a.proposition}
Claim B ({title_b}): {b.proposition}

{relations}
"""
OPENING = {False: "Two articles tell one story, and each makes a claim.", True: "One article makes two claims."}
Words = Callable[[str, int, int], str | None]  # what stands in a document from one offset to another, if it is known


def rows(material: Material) -> dict[str, list[Row]]:
    """All rows of all configs. ValueError if gold has a pair that none of its pair sets judged."""
    return {name: list(each) for name, each in streams(material).items()}


def streams(material: Material) -> dict[str, Iterator[Row]]:
    """The same, one row at a time."""
    gold, words = material.gold, words_of(material)
    homes = {claim.claim_id: claim.doc_id for each in (*material.earlier, gold) for claim in each.claims or ()}
    return {
        "documents": _documents(material),
        "mentions": (plain(m, words, homes) for m in _by_place(gold.mentions)),
        "entities": (plain(e, words, homes) for e in sorted(gold.entities or (), key=lambda each: each.entity_id)),
        "claims": (plain(c, words, homes) for c in sorted(gold.claims or (), key=_claim_place)),
        "contradictions": _pairs(material, words, homes),
        "annotations": _annotations(material.annotators, words, homes),
        "contrast": contrast.rows(material, words),
        "pairs_eval": _pairs_eval(material),
    }


def words_of(material: Material) -> Words:
    """What stands where in the texts: nothing that is known, without them."""
    if not material.has_texts:
        return lambda doc_id, start, end: None
    texts = {key: document.text for key, document in material.documents.items()}
    return lambda doc_id, start, end: texts[doc_id][start:end]


def quoted(record: Record, words: Words, homes: Mapping[str, str]) -> Record:
    """A record whose spans have the words that stand there, or none; `homes` has the doc_id of each claim."""
    if isinstance(record, Mention):
        return replace(record, text=words(record.doc_id, record.start, record.end))
    if isinstance(record, Claim):
        cue = record.cue and _worded(record.cue, record.doc_id, words)
        return replace(record, spans=tuple([_worded(span, record.doc_id, words) for span in record.spans]), cue=cue)
    if isinstance(record, Pair) and (record.span_a or record.span_b):
        span_a = record.span_a and _worded(record.span_a, homes[record.claim_a], words)
        return replace(
            record, span_a=span_a, span_b=record.span_b and _worded(record.span_b, homes[record.claim_b], words)
        )
    return record


def _worded(span: Span, doc_id: str, words: Words) -> Span:
    return Span(start=span.start, end=span.end, text=words(doc_id, span.start, span.end))


def plain(record: Record, words: Words, homes: Mapping[str, str]) -> Row:
    """The same as a row, whose values have their anchor laid flat; what is left out is null."""
    row: Row = msgspec.to_builtins(quoted(record, words, homes))
    for name in ("value", "value_a", "value_b"):
        if name in row:
            row[name] = _flat(row[name])
    if isinstance(record, Claim):
        row.setdefault("entities", ())
    return row


def _flat(value: Row) -> Row:
    anchor = value.pop("anchor", None) or {}
    value.setdefault("comparator", "=")
    return {**value, "anchor_date": anchor.get("date"), "anchor_source": anchor.get("source")}


# --- articles and their labels -------------------------------------------------------------------------------


def _documents(material: Material) -> Iterator[Row]:
    told = measured(material)
    for key in sorted(material.documents):
        document, known = material.documents[key], told[key]
        row = {name: msgspec.to_builtins(getattr(document.source, name)) for name in Source.__struct_fields__}
        entries = row["copied_from"]
        row["shared_runs"] = [run | {"doc_id": entry["doc_id"]} for entry in entries for run in entry["runs"]]
        for entry, (here, there) in zip(entries, known.shares, strict=True):
            entry |= {"share": here, "other_share": there}
        yield row | {"text": document.text if material.has_texts else None, "block_sha256": known.blocks}


def _by_place(mentions: Sequence[Mention] | None) -> list[Mention]:
    return sorted(mentions or (), key=lambda m: (m.doc_id, m.start, -m.end, m.mention_id))


def _claim_place(claim: Claim) -> tuple[str, int, int, str]:
    return claim.doc_id, claim.spans[0].start, claim.spans[-1].end, claim.claim_id


# --- pairs ---------------------------------------------------------------------------------------------------


def _ordered(gold: AnnotationSet) -> Iterator[tuple[Pair, Claim, Claim]]:
    claims = {claim.claim_id: claim for claim in gold.claims or ()}
    for pair in sorted(gold.contradictions or (), key=lambda pair: pair.pair_id):
        yield pair, claims[pair.claim_a], claims[pair.claim_b]


def _pairs(material: Material, words: Words, homes: Mapping[str, str]) -> Iterator[Row]:
    voted = judgements(material.pair_sets)
    names = material.schema.names("judgement")
    entity_of = {mention.mention_id: mention.entity_id for mention in material.gold.mentions or ()}
    for pair, a, b in _ordered(material.gold):
        if pair.pair_id not in voted:
            raise ValueError(f"nobody judged the pair {pair.pair_id} of gold")
        votes = dict.fromkeys(names, 0)
        for _, vote in voted[pair.pair_id]:
            votes[vote.relation] += 1
        yield plain(pair, words, homes) | {
            "doc_a": a.doc_id,
            "doc_b": b.doc_id,
            "quote_a": _quote(a, words),
            "quote_b": _quote(b, words),
            "proposition_a": a.proposition,
            "proposition_b": b.proposition,
            "same_holder": same_holder(a, b, entity_of),
            "votes": votes,
        }


def same_holder(a: Claim, b: Claim, entity_of: Mapping[str, str | None]) -> bool:
    """Whether two claims have one source: the same entity; for the articles' own voice, the same article."""
    if a.holder is None or b.holder is None:
        return a.holder is b.holder and a.doc_id == b.doc_id
    return a.holder == b.holder or (entity_of.get(a.holder) or a.holder) == (entity_of.get(b.holder) or b.holder)


def _quote(claim: Claim, words: Words) -> str | None:
    pieces = [words(claim.doc_id, span.start, span.end) for span in claim.spans]
    return None if None in pieces else " … ".join(filter(None, pieces))


def _pairs_eval(material: Material) -> Iterator[Row]:
    titles = {key: document.source.title for key, document in material.documents.items()}
    choices = list(material.schema.names("relation"))
    relations = "\n".join(f"{label.const}: {label.description}" for label in material.schema.label_sets["relation"])
    for pair, a, b in _ordered(material.gold):
        prompt = PROMPT.format(
            opening=OPENING[a.doc_id == b.doc_id],
            relations=relations,
            title_a=titles[a.doc_id],
            title_b=titles[b.doc_id],
            a=a,
            b=b,
        )
        yield {"pair_id": pair.pair_id, "input": prompt, "choices": choices, "target": pair.relation}


# --- annotators ----------------------------------------------------------------------------------------------


def in_order(sets: Iterable[AnnotationSet]) -> list[AnnotationSet]:
    """Annotators' sets as the dataset has them: by round, then by source."""
    return sorted(sets, key=lambda each: (each.round or "", each.source))


def _annotations(sets: Sequence[AnnotationSet], words: Words, homes: Mapping[str, str]) -> Iterator[Row]:
    """Every record of every annotator, in the order in which it was filed."""
    for each in in_order(sets):
        header = {"source": each.source, "round": each.round, "guideline_version": each.guideline_version}
        where = {**homes, **{claim.claim_id: claim.doc_id for claim in each.claims or ()}}
        for layer in LAYERS:
            own_id = ID_OF[layer]
            for record in getattr(each, layer) or ():
                encoded = msgspec.json.encode(quoted(record, words, where)).decode()
                yield header | {"layer": layer, "record_id": getattr(record, own_id), "record": encoded}
