"""Errors one by one: every hit, miss and false alarm in its context, near misses by name, confusion matrices.

Mentions are paired as for the `partial` measure, claims as for Jaccard .5, pairs by their claims. A near miss is a pair
that is not wholly right:

    mentions   wrong type; wrong level; boundary off by a word, boundary wrong; several of these
    claims     evidence off by a word, evidence wrong; wrong kind, polarity, certainty, time
    pairs      missed, false alarm, false alarm on a look-alike, tension for contradiction and the other way round,
               wrong aspect

"Off by a word" needs the texts: the characters by which the two spans differ hold one word. Without texts it is a
difference of at most 12 characters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from variorum.matching import Criterion, Item, match
from variorum.records import AnnotationSet, Claim, Mention, Pair, Record, pair_id
from variorum.scoring.claims import ATTRIBUTES, BASE, sides
from variorum.scoring.columns import codes, outside, places, scored_documents
from variorum.scoring.config import Config, Layout
from variorum.scoring.contradictions import aligned
from variorum.scoring.evaluation import is_closed
from variorum.scoring.mentions import matchings
from variorum.scoring.relations import CONFLICT, RELATIONS

Texts = Mapping[str, str]  # doc_id -> the whole text
AROUND = 40
FEW = 12
_WORD = re.compile(r"\w+")
NONE = "(none)"


class Case(Record, frozen=True, kw_only=True):
    """One item that both sides have, or only one: `outcome` is hit, near miss, miss or false alarm.

    `what` names what is wrong; `gold` and `predicted` are ids, `gold_label` and `predicted_label` what they say;
    `context` is the text around gold's span (else the predicted one), which is set in ⟦ ⟧.
    """

    layer: str
    outcome: str
    what: tuple[str, ...] = ()
    doc_id: str | None = None
    gold: str | None = None
    predicted: str | None = None
    gold_label: str | None = None
    predicted_label: str | None = None
    gold_span: tuple[int, int] | None = None
    predicted_span: tuple[int, int] | None = None
    context: str | None = None


class Errors(Record, frozen=True):
    """All cases, and by layer how often gold's label (outer key) met which predicted label."""

    cases: tuple[Case, ...]
    confusion: dict[str, dict[str, dict[str, int]]]

    def tally(self) -> dict[tuple[str, str, str], int]:
        """How many cases there are, by layer, outcome and what is wrong."""
        counts = Counter((case.layer, case.outcome, " + ".join(case.what)) for case in self.cases)
        return dict(sorted(counts.items()))


def errors(
    prediction: AnnotationSet,
    gold: AnnotationSet,
    config: Config | None = None,
    layout: Layout | None = None,
    texts: Texts | None = None,
) -> Errors:
    """All cases of the layers of the configuration that both sets have; entities have none of their own."""
    config, layout, texts = config or Config(), layout or Layout(), texts or {}
    finders = {"mentions": _mentions, "claims": _claims, "contradictions": _pairs}
    cases: list[Case] = []
    for layer in config.layers:
        if layer in finders and None not in (getattr(prediction, layer), getattr(gold, layer)):
            cases += finders[layer](prediction, gold, config, layout, texts)
    return Errors(tuple(cases), confusion(cases))


def confusion(cases: Iterable[Case]) -> dict[str, dict[str, dict[str, int]]]:
    """How often gold's label met which predicted label, by layer."""
    table: dict[str, dict[str, dict[str, int]]] = {}
    for case in cases:
        row = table.setdefault(case.layer, {}).setdefault(case.gold_label or NONE, {})
        row[case.predicted_label or NONE] = row.get(case.predicted_label or NONE, 0) + 1
    return {
        layer: {gold: dict(sorted(row.items())) for gold, row in sorted(rows.items())} for layer, rows in table.items()
    }


def _outcome(gold: Any, predicted: Any, what: tuple[str, ...]) -> str:
    if gold is None or predicted is None:
        return "false alarm" if gold is None else "miss"
    return "near miss" if what else "hit"


# --- mentions ------------------------------------------------------------------------------------------------


def _mentions(p: AnnotationSet, g: AnnotationSet, config: Config, layout: Layout, texts: Texts) -> Iterator[Case]:
    documents = {doc_id: number for number, doc_id in enumerate(scored_documents(g, p))}
    found = {
        side: _scored_mentions(each.mentions or (), side, documents, config, layout)
        for side, each in (("gold", g), ("prediction", p))
    }
    types, levels = codes(), codes()
    left, right = (places(each, documents, types, levels) for each in found.values())
    matched = matchings(left, right)["partial"]
    gold, predicted = found.values()
    pairs = [(gold[i], predicted[j]) for i, j in zip(matched.gold.tolist(), matched.predicted.tolist(), strict=True)]
    for a, b in both_and_rest(gold, predicted, pairs):
        yield _mention_case(a, b, texts)


def _scored_mentions(
    mentions: Iterable[Mention], side: str, documents: dict[str, int], config: Config, layout: Layout
) -> list[Mention]:
    """Those that are scored, under the names of the label map."""
    renaming = config.label_map.side(side)
    known = [m for m in mentions if m.doc_id in documents and renaming.get(m.type, m.type) is not None]
    keep = outside(places(known, documents, codes()).spans, documents, layout.furniture)
    kept = [m for m, inside in zip(known, keep.tolist(), strict=True) if inside]
    return [msgspec.structs.replace(m, type=renaming[m.type]) if m.type in renaming else m for m in kept]


def both_and_rest(gold: list[Any], predicted: list[Any], pairs: list[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """The pairs, then what only gold has, then what only the prediction has; each side told apart by identity."""
    yield from pairs
    taken = {id(item) for pair in pairs for item in pair}
    yield from ((item, None) for item in gold if id(item) not in taken)
    yield from ((None, item) for item in predicted if id(item) not in taken)


def _mention_case(a: Mention | None, b: Mention | None, texts: Texts) -> Case:
    what = tuple(_mention_faults(a, b, texts)) if a and b else ()
    at = a or b
    assert at is not None
    return Case(
        layer="mentions",
        outcome=_outcome(a, b, what),
        what=what,
        doc_id=at.doc_id,
        gold=a.mention_id if a else None,
        predicted=b.mention_id if b else None,
        gold_label=a.type if a else None,
        predicted_label=b.type if b else None,
        gold_span=(a.start, a.end) if a else None,
        predicted_span=(b.start, b.end) if b else None,
        context=context(texts.get(at.doc_id), at.start, at.end),
    )


def _mention_faults(a: Mention, b: Mention, texts: Texts) -> Iterator[str]:
    if a.type != b.type:
        yield "wrong type"
    if b.level is not None and a.level != b.level:
        yield "wrong level"
    if fault := boundary({(a.start, a.end)}, {(b.start, b.end)}, texts.get(a.doc_id)):
        yield f"boundary {fault}"


def boundary(gold: set[tuple[int, int]], predicted: set[tuple[int, int]], text: str | None) -> str | None:
    """How two sets of spans differ: not at all (None), `off by a word`, or `wrong`."""
    edges = sorted(_marks(gold) ^ _marks(predicted))
    if not edges:
        return None
    stretches = list(zip(edges[::2], edges[1::2], strict=True))
    if text is None:
        small = sum(end - start for start, end in stretches) <= FEW
    else:
        small = len([word for start, end in stretches for word in _WORD.findall(text[start:end])]) <= 1
    return "off by a word" if small else "wrong"


def _marks(spans: set[tuple[int, int]]) -> set[int]:
    """Where the spans begin and end; two that touch have no edge between them. The marks that two sets do not share,
    in order, are the ends of the stretches in which they differ."""
    marks: set[int] = set()
    end = -1
    for start, stop in sorted(spans):
        if start > end:
            marks |= {start, stop}
        elif stop > end:
            marks = (marks - {end}) | {stop}
        end = max(end, stop)
    return marks


def context(text: str | None, start: int, end: int) -> str | None:
    """A span with its surroundings, line ends as blanks."""
    if text is None:
        return None
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return re.sub(r"\s+", " ", f"{before}⟦{text[start:end]}⟧{after}").strip()


# --- claims and pairs ----------------------------------------------------------------------------------------


def _claims(p: AnnotationSet, g: AnnotationSet, config: Config, layout: Layout, texts: Texts) -> Iterator[Case]:
    documents = {doc_id: number for number, doc_id in enumerate(scored_documents(g, p))}
    found = sides(p, g, documents, layout)
    matches = match(found.gold, found.predicted, Criterion.parse(BASE))
    for a, b in both_and_rest(found.gold, found.predicted, [(m.left, m.right) for m in matches]):
        gold, predicted = a and found.gold_claims[a.item_id], b and found.predicted_claims[b.item_id]
        yield _claim_case(gold, predicted, (a, b), texts)


def _claim_case(a: Claim | None, b: Claim | None, items: Any, texts: Texts) -> Case:
    what = tuple(_claim_faults(a, b, items, texts)) if a and b else ()
    at = a or b
    assert at is not None
    ends = [(each.spans[0].start, each.spans[-1].end) if each else None for each in (a, b)]
    return Case(
        layer="claims",
        outcome=_outcome(a, b, what),
        what=what,
        doc_id=at.doc_id,
        gold=a.claim_id if a else None,
        predicted=b.claim_id if b else None,
        gold_label=a.kind if a else None,
        predicted_label=b.kind if b else None,
        gold_span=ends[0],
        predicted_span=ends[1],
        context=context(texts.get(at.doc_id), at.spans[0].start, at.spans[-1].end),
    )


def _claim_faults(a: Claim, b: Claim, items: tuple[Item, Item], texts: Texts) -> Iterator[str]:
    fault = boundary(set(items[0].intervals), set(items[1].intervals), texts.get(a.doc_id))
    if fault:
        yield f"evidence {fault}"
    yield from (f"wrong {name}" for name in ATTRIBUTES if getattr(a, name) != getattr(b, name))


def _pairs(p: AnnotationSet, g: AnnotationSet, config: Config, layout: Layout, texts: Texts) -> Iterator[Case]:
    if not is_closed(p, g):
        return
    found = aligned(p.contradictions or (), g.contradictions or ())
    propositions = {claim.claim_id: claim.proposition for claim in g.claims or ()}
    for gold, predicted, said in zip(found.gold.pairs, found.predicted, found.said.tolist(), strict=True):
        yield _pair_case(gold, predicted, RELATIONS[said], propositions)


def _pair_case(gold: Pair, predicted: Pair | None, said: str, propositions: dict[str, str]) -> Case:
    wanted, called = gold.relation in CONFLICT, said in CONFLICT
    what = tuple(_pair_faults(gold, predicted, said))
    outcome = "hit" if not what else "near miss" if wanted == called else "miss" if wanted else "false alarm"
    return Case(
        layer="contradictions",
        outcome=outcome,
        what=what,
        gold=pair_id(gold.claim_a, gold.claim_b),
        predicted=predicted.pair_id if predicted else None,
        gold_label=gold.relation,
        predicted_label=said,
        context=" ⟷ ".join(propositions.get(claim, claim) for claim in (gold.claim_a, gold.claim_b)),
    )


def _pair_faults(gold: Pair, predicted: Pair | None, said: str) -> Iterator[str]:
    if said != gold.relation:
        yield f"{said} for {gold.relation}" + ("" if predicted else " (left out)")
    if gold.reason is not None and said in CONFLICT:
        yield f"look-alike: {gold.reason}"
    if said in CONFLICT and gold.relation in CONFLICT and predicted and gold.aspect != predicted.aspect:
        yield f"aspect {predicted.aspect or NONE} for {gold.aspect or NONE}"


def as_json(found: Errors) -> dict[str, Any]:
    """The cases that are no hits, the tally of all, and the confusion matrices, as plain JSON."""
    tally = [dict(zip(("layer", "outcome", "what", "n"), (*key, n), strict=True)) for key, n in found.tally().items()]
    cases = [msgspec.to_builtins(case) for case in found.cases if case.outcome != "hit"]
    return {"tally": tally, "confusion": found.confusion, "cases": cases}
