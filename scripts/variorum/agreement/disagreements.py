"""Every item on which annotators differ: what an adjudicator works through, and a reader learns from.

    boundary    the same mention or claim with other spans
    type        the same mention with another type, the same claim with another kind
    missing     some have it, and others who covered the document (the pair) do not
    identity    the same mention in entities that are not the same one (`variorum.agreement.grouping`)
    attribute   level, value; polarity, certainty, time, holder, cue, entities; aspect, reason
    relation    the same pair of claims with another relation

Mentions are the same item if they share a character, claims if they match at .5, both one-to-one. One item can differ
in several ways. Wordings (propositions, rationales, values of conflicts) are not compared.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from variorum.agreement.contradictions import judged
from variorum.agreement.grouping import Group, aligned_entities, groups
from variorum.agreement.material import Knowledge, Texts
from variorum.matching import Criterion, Item, claim_items, mention_items
from variorum.records import CONFLICT, AnnotationSet, Claim, Mention, Pair, Record, Value
from variorum.scoring.cases import marked
from variorum.scoring.claims import in_furniture

KINDS = ("relation", "missing", "type", "boundary", "identity", "attribute")
NONE = "(none)"
SAME_MENTION, SAME_CLAIM = Criterion.parse("overlap"), Criterion.parse("jaccard0.5")
Sets = Sequence[AnnotationSet]


class Disagreement(Record, frozen=True, kw_only=True):
    """One item. `kinds` and `fields` say how and in what the annotators differ; `answers` what each says, `(none)` for
    nothing; `ids` its own id for it. `context` is the text around the first one's span, set in ⟦ ⟧, or the two
    propositions of a pair."""

    layer: str
    item: str
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    doc_id: str | None = None
    answers: dict[str, str]
    ids: dict[str, str]
    context: str | None = None


def disagreements(
    sets: Sets,
    known: Knowledge,
    claims: Mapping[str, Claim] | None = None,
    layers: Sequence[str] = ("mentions", "entities", "claims", "contradictions"),
) -> list[Disagreement]:
    """All items on which these sets differ, layer by layer, in text order; `claims` are those that pairs are about.

    `entities` asks for differences of identity, which stand with the mentions.
    """
    ordered = sorted(sets, key=lambda each: each.source)
    mentions = _groups(ordered, "mentions", mention_items, SAME_MENTION, known)
    names = aligned_entities(ordered, mentions)
    found = list(_mentions(ordered, known, names, mentions)) if {"mentions", "entities"} & set(layers) else []
    found = [each for each in map(lambda each: _of_layers(each, layers), found) if each.kinds]
    if "claims" in layers:
        found += _claims(ordered, known, names)
    if "contradictions" in layers:
        found += _pairs(ordered, claims or {})
    return found


def _of_layers(each: Disagreement, layers: Sequence[str]) -> Disagreement:
    """Without identity, or with nothing else, if only one of mentions and entities is asked for."""
    wanted = {"identity": "entities"}
    return msgspec.structs.replace(
        each, kinds=tuple(kind for kind in each.kinds if wanted.get(kind, "mentions") in layers)
    )


def tally(found: Iterable[Disagreement]) -> dict[tuple[str, str, str], int]:
    """How many items there are, by layer, kind and field; one that differs in several ways counts for each."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for each in found:
        fields = [name for name in each.fields if "attribute" in each.kinds] or [""]
        for kind in each.kinds:
            counts.update((each.layer, kind, name) for name in (fields if kind == "attribute" else [""]))
    order = {name: at for at, name in enumerate(("mentions", "claims", "contradictions"))}
    return dict(sorted(counts.items(), key=lambda row: (order[row[0][0]], KINDS.index(row[0][1]), row[0][2])))


def as_json(found: Sequence[Disagreement]) -> dict[str, Any]:
    """The list and its tally, as plain JSON."""
    counted = [dict(zip(("layer", "kind", "field", "n"), (*key, n), strict=True)) for key, n in tally(found).items()]
    return {"tally": counted, "items": [msgspec.to_builtins(each) for each in found]}


# --- mentions and claims -------------------------------------------------------------------------------------


def _covering(sets: Sets, layer: str, doc_id: str) -> list[int]:
    """Which sets have a layer of a document."""
    return [
        at
        for at, each in enumerate(sets)
        if getattr(each, layer) is not None and any(d.doc_id == doc_id for d in each.documents)
    ]


def _groups(
    sets: Sets, layer: str, items: Callable[[Any], list[Item]], same: Criterion, known: Knowledge
) -> list[Group]:
    """Which records outside furniture are the same item."""
    rows = [[i for i in items(getattr(each, layer)) if not in_furniture(i, known.layout)] for each in sets]
    return groups(rows, same)


def _grouped(sets: Sets, layer: str, found: Iterable[Group]) -> Iterator[tuple[list[int], dict[int, Any]]]:
    """The sets that cover the document of each group, and the records of the group."""
    records = [{_id(record): record for record in getattr(each, layer) or ()} for each in sets]
    covering: dict[str, list[int]] = {}
    for group in found:
        members = {at: records[at][name] for at, name in sorted(group.items())}
        doc_id = next(iter(members.values())).doc_id
        if doc_id not in covering:
            covering[doc_id] = _covering(sets, layer, doc_id)
        if len(covering[doc_id]) > 1:
            yield covering[doc_id], members


def _id(record: Mention | Claim) -> str:
    return record.mention_id if isinstance(record, Mention) else record.claim_id


def _mentions(
    sets: Sets, known: Knowledge, names: Sequence[Mapping[str, str]], found: Sequence[Group]
) -> Iterator[Disagreement]:
    for covering, members in _grouped(sets, "mentions", found):
        first = next(iter(members.values()))
        kinds = _kinds(members, covering, lambda m: (m.start, m.end), lambda m: m.type)
        alike = [m for m in members.values() if m.type == first.type]
        fields = [name for name in ("level", "value") if len({_value(m, name) for m in alike}) > 1]
        linked = {names[at].get(m.entity_id) if m.entity_id else None for at, m in members.items()}
        if len(linked) > 1:
            kinds.append("identity")
        item = f"{first.doc_id}-m{first.start}-{first.end}"
        answers = {at: _mention(m, known.texts) for at, m in members.items()}
        yield from _found("mentions", item, kinds, fields, sets, covering, members, answers, known.texts)


def _mention(m: Mention, texts: Texts) -> str:
    quote = f" “{texts[m.doc_id][m.start : m.end]}”" if m.doc_id in texts else ""
    words = [m.type, m.level, f"{m.start}-{m.end}{quote}", m.entity_id, m.value and _written(m.value)]
    return " ".join(word for word in words if word)


def _written(value: Value) -> str:
    """A value in a few words: `= 62000 EUR`, `= 2019-06-02 (from 2019-06-04)`."""
    since = f"(from {value.anchor.date}, {value.anchor.source})" if value.anchor else None
    return " ".join(word for word in (value.comparator, value.value, value.unit, since) if word)


def _value(record: Record, name: str) -> str:
    return msgspec.json.encode(getattr(record, name)).decode()


def _claims(sets: Sets, known: Knowledge, names: Sequence[Mapping[str, str]]) -> Iterator[Disagreement]:
    places = [{m.mention_id: (m.start, m.end) for m in each.mentions or ()} for each in sets]
    found = _groups(sets, "claims", claim_items, SAME_CLAIM, known)
    for covering, members in _grouped(sets, "claims", found):
        first = next(iter(members.values()))
        kinds = _kinds(members, covering, _spans, lambda c: c.kind)
        said = [_attributes(claim, places[at], names[at]) for at, claim in members.items()]
        fields = [name for name in said[0] if len({each[name] for each in said}) > 1]
        item = f"{first.doc_id}-c{first.spans[0].start}-{first.spans[-1].end}"
        answers = {at: _claim(c, fields, row) for (at, c), row in zip(members.items(), said, strict=True)}
        yield from _found("claims", item, kinds, fields, sets, covering, members, answers, known.texts)


def _spans(claim: Claim) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in claim.spans)


def _attributes(claim: Claim, places: Mapping[str, tuple[int, int]], names: Mapping[str, str]) -> dict[str, str]:
    """What is compared, under names that are the same for all."""
    holder = None if claim.holder is None else places.get(claim.holder, claim.holder)
    cue = None if claim.cue is None else (claim.cue.start, claim.cue.end)
    about = sorted({names.get(entity, entity) for entity in claim.entities})
    compared = {name: str(getattr(claim, name) or NONE) for name in ("polarity", "certainty", "time")}
    return compared | {"holder": _shown(holder), "cue": _shown(cue), "entities": ", ".join(about) or NONE}


def _shown(where: object) -> str:
    if isinstance(where, tuple):
        return "-".join(map(str, where))
    return NONE if where is None else str(where)


def _claim(claim: Claim, fields: Sequence[str], said: Mapping[str, str]) -> str:
    spans = ", ".join(f"{start}-{end}" for start, end in _spans(claim))
    details = "".join(f"; {name}: {said[name]}" for name in fields)
    return f"{claim.kind} {spans}{details}; {claim.proposition}"


def _kinds(
    members: Mapping[int, Any],
    covering: Sequence[int],
    spans: Callable[[Any], object],
    kind: Callable[[Any], str],
) -> list[str]:
    kinds = ["missing"] if len(members) < len(covering) else []
    kinds += ["type"] if len({kind(each) for each in members.values()}) > 1 else []
    return kinds + (["boundary"] if len({spans(each) for each in members.values()}) > 1 else [])


def _found(
    layer: str,
    item: str,
    kinds: Sequence[str],
    fields: Sequence[str],
    sets: Sets,
    covering: Sequence[int],
    members: Mapping[int, Mention | Claim],
    answers: Mapping[int, str],
    texts: Texts,
) -> Iterator[Disagreement]:
    """The disagreement, if it is one."""
    every = [*kinds, *(["attribute"] if fields else [])]
    first = next(iter(members.values()))
    start, end = (first.start, first.end) if isinstance(first, Mention) else (first.spans[0].start, first.spans[-1].end)
    if every:
        yield Disagreement(
            layer=layer,
            item=item,
            kinds=tuple(kind for kind in KINDS if kind in every),
            fields=tuple(fields),
            doc_id=first.doc_id,
            answers={sets[at].source: answers.get(at, NONE) for at in covering},
            ids={sets[at].source: _id(record) for at, record in members.items()},
            context=marked(texts.get(first.doc_id), [(start, end)]),
        )


# --- pairs ---------------------------------------------------------------------------------------------------


def _pairs(sets: Sets, claims: Mapping[str, Claim]) -> Iterator[Disagreement]:
    judging = [each for each in sets if each.contradictions is not None]
    every = judged(judging)
    known = {**claims, **{claim.claim_id: claim for each in sets for claim in each.claims or ()}}
    for at, key in enumerate(every.keys):
        said = {each.source: every.said[number][at] for number, each in enumerate(judging)}
        answers = {source: pair for source, pair in said.items() if pair is not None}
        kinds, fields = _pair_kinds(list(answers.values()), len(judging))
        if kinds:
            ends = [every.claims[int(side[at])] for side in (every.first, every.second)]
            yield Disagreement(
                layer="contradictions",
                item=key,
                kinds=kinds,
                fields=fields,
                answers={source: _pair(pair) for source, pair in said.items()},
                ids={source: pair.pair_id for source, pair in answers.items()},
                context=" ⟷ ".join(known[end].proposition if end in known else end for end in ends),
            )


def _pair_kinds(answers: Sequence[Pair], annotators: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kinds = ["relation"] if len({pair.relation for pair in answers}) > 1 else []
    kinds += ["missing"] if len(answers) < annotators else []
    conflict = {pair.aspect for pair in answers if pair.relation in CONFLICT}
    reasons = {pair.reason for pair in answers if pair.relation not in CONFLICT}
    fields = [name for name, said in (("aspect", conflict), ("reason", reasons)) if len(said) > 1]
    return tuple(kinds + (["attribute"] if fields else [])), tuple(fields)


def _pair(pair: Pair | None) -> str:
    if pair is None:
        return NONE
    more = pair.aspect or pair.reason
    return f"{pair.relation} ({more})" if more else pair.relation
