"""Claims: which evidence annotators mark, and what they say of the claims that they both have.

    spans        F1 of each pair of annotators at a Jaccard overlap of .5, of .8, exactly, and at any overlap; by kind
                 and article. The matching is the scorer's (`variorum.matching`)
    kind, polarity, certainty    coefficients on claims matched at .5
    time, holder, cue, entities, proposition   share of matched claims (of those where either has one) with the same
                 time; with holders, or cues, that share a character; mean F1 of entities, and of words of propositions

Unit of intervals: the paragraph, that of the first character. Holders, cues and content as spans and tokens are in
`variorum.agreement.claim_parts`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from variorum.agreement import labelled, spans
from variorum.agreement.coefficients import MISSING, quotient
from variorum.agreement.labelled import Labelled, Scheme
from variorum.agreement.material import Material
from variorum.agreement.mentions import ARTICLES
from variorum.agreement.report import Result
from variorum.agreement.sheets import Columns, Entry, Function, column, mean, results, total
from variorum.agreement.spans import Between, Marks, Matched
from variorum.matching import Criterion, Item, claim_items, matchings
from variorum.overlaps import Ints
from variorum.records import Claim, Mention, Span
from variorum.scoring.claims import in_furniture
from variorum.scoring.wording import token_f1

CRITERIA = ("jaccard0.5", "jaccard0.8", "exact", "overlap")
BASE = CRITERIA[0]
LABELS = {"kind": "claim_kind", "polarity": "polarity", "certainty": "certainty"}
NOT_MATCHED = "no matched claim has one"


class Side(NamedTuple):
    """The claims of one set that are compared, as items in the same order, and its mentions by id."""

    claims: list[Claim]
    items: list[Item]
    mentions: dict[str, Mention]
    marks: Marks

    def holder(self, claim: Claim) -> tuple[int, int] | None:
        """Where the holder of a claim is mentioned; None if it has none, or the mention is not there."""
        mention = self.mentions.get(claim.holder or "")
        return (mention.start, mention.end) if mention else None


def measured(found: Material, sets: str) -> Iterator[Result]:
    """All figures of this page."""
    kinds = kinds_of(found)
    sides = compared(found, kinds)
    names = {"kind": kinds, "article": tuple(found.documents)}
    pairs = found.pairs("claims")
    matched = {pair: _matched(found, sides, pair) for pair in pairs}
    yield from _spans(found, sides, matched, names, sets)
    yield from _labels(found, sides, matched, sets)


def kinds_of(found: Material) -> tuple[str, ...]:
    """The kinds of claims, in the order of the schema."""
    return found.categories("claim_kind", {c.kind for each in found.sets for c in each.claims or ()})


def compared(found: Material, kinds: Sequence[str]) -> dict[int, Side]:
    """The sets that have claims."""
    return {at: _side(found, at, kinds) for at in found.having("claims")}


def _side(found: Material, at: int, kinds: Sequence[str]) -> Side:
    claims = [claim for claim in found.sets[at].claims or () if claim.doc_id in found.documents]
    both = zip(claims, claim_items(claims), strict=True)
    kept = [(claim, item) for claim, item in both if not in_furniture(item, found.layout)]
    document = np.array([found.documents[item.doc_id] for _, item in kept], np.int64)
    start = np.array([item.intervals[0][0] for _, item in kept], np.int64)
    parts: dict[str, Ints] = {}
    if found.config.details:
        parts["kind"] = np.array([kinds.index(claim.kind) for claim, _ in kept], np.int64)
        if len(found.documents) <= ARTICLES:
            parts["article"] = document
    mentions = {mention.mention_id: mention for mention in found.sets[at].mentions or ()}
    marks = Marks(found.units.at(document, start), parts)
    return Side([claim for claim, _ in kept], [item for _, item in kept], mentions, marks)


# --- which claims --------------------------------------------------------------------------------------------


class Pairing(NamedTuple):
    """Two sides in the documents that both cover, by index into each, and what is matched there."""

    left: Ints
    right: Ints
    matched: dict[str, Matched]


def _matched(found: Material, sides: dict[int, Side], pair: tuple[int, int]) -> Pairing:
    common = {doc_id for doc_id, number in found.documents.items() if number in set(found.common(pair).tolist())}
    kept = [[at for at, item in enumerate(sides[which].items) if item.doc_id in common] for which in pair]
    items = [[sides[which].items[at] for at in some] for which, some in zip(pair, kept, strict=True)]
    number = [
        dict(zip((item.item_id for item in each), some, strict=True)) for each, some in zip(items, kept, strict=True)
    ]
    matches = matchings(items[0], items[1], [Criterion.parse(name) for name in CRITERIA])
    matched = {
        name: (
            np.array([number[0][m.left.item_id] for m in some], np.int64),
            np.array([number[1][m.right.item_id] for m in some], np.int64),
        )
        for name, some in zip(CRITERIA, matches, strict=True)
    }
    left, right = (np.array(some, np.int64) for some in kept)
    return Pairing(left, right, matched)


def _spans(
    found: Material,
    sides: dict[int, Side],
    matched: dict[tuple[int, int], Pairing],
    names: dict[str, tuple[str, ...]],
    sets: str,
) -> Iterator[Result]:
    columns, pairs = Columns(), []
    for (a, b), pairing in matched.items():
        pair = (found.sets[a].source, found.sets[b].source)
        pairs.append(pair)
        _add_spans(columns, pair, (sides[a].marks, sides[b].marks), pairing, names)
        _add_shares(columns, pair, sides[a], sides[b], pairing.matched[BASE])
    table = columns.table("claims", found.units.unit, found.units.names)
    sources = found.names(sorted(sides))
    yield from results("claims", table, _all_entries(columns, pairs, sources), found.config, sets)


def _add_spans(
    columns: Columns,
    pair: tuple[str, str],
    marks: tuple[Marks, Marks],
    pairing: Pairing,
    names: dict[str, tuple[str, ...]],
) -> None:
    """With the indexes of what both cover: counted again from 0."""
    kept = pairing.left, pairing.right
    some = [
        Marks(m.unit[at], {axis: codes[at] for axis, codes in m.parts.items()})
        for m, at in zip(marks, kept, strict=True)
    ]
    local = {
        name: (np.searchsorted(kept[0], ends[0]), np.searchsorted(kept[1], ends[1]))
        for name, ends in pairing.matched.items()
    }
    spans.add(columns, "spans", Between(pair, some[0], some[1], local), names)


def _all_entries(columns: Columns, pairs: list[tuple[str, str]], sources: tuple[str, ...]) -> Iterator[Entry]:
    yield from spans.entries(columns, "spans", pairs, CRITERIA, sources)
    for name, (shown, _) in SHARES.items():
        functions = [_share(pair, name) for pair in pairs]
        sizes = [column(f"{'/'.join(pair)}|{name} of") for pair in pairs]
        if len(pairs) > 1:
            yield Entry(name, BASE, shown, "all", sources, mean(functions), NOT_MATCHED, total(sizes))
        for pair, function, size in zip(pairs, functions, sizes, strict=True):
            yield Entry(name, BASE, shown, "all", pair, function, NOT_MATCHED, size)


# --- what is said of matched claims ---------------------------------------------------------------------------


def _share(pair: tuple[str, str], name: str) -> Function:
    right, of = column(f"{'/'.join(pair)}|{name} right"), column(f"{'/'.join(pair)}|{name} of")
    return lambda sums: quotient(right(sums), of(sums))


Compared = Callable[[Side, Claim, Side, Claim], float | None]


def _same_time(_: Side, a: Claim, __: Side, b: Claim) -> float | None:
    return None if a.time is None and b.time is None else float(a.time == b.time)


def _same_holder(left: Side, a: Claim, right: Side, b: Claim) -> float | None:
    if (a.holder is None and b.holder is None) or not left.mentions or not right.mentions:
        return None
    return float(_touch(left.holder(a), right.holder(b)))


def _same_cue(_: Side, a: Claim, __: Side, b: Claim) -> float | None:
    if a.cue is None and b.cue is None:
        return None
    return float(_touch(_ends(a.cue), _ends(b.cue)))


def _ends(span: Span | None) -> tuple[int, int] | None:
    return (span.start, span.end) if span else None


def _touch(a: tuple[int, int] | None, b: tuple[int, int] | None) -> bool:
    """Whether two spans share a character."""
    return a is not None and b is not None and a[0] < b[1] and b[0] < a[1]


def _entities(_: Side, a: Claim, __: Side, b: Claim) -> float | None:
    left, right = set(a.entities), set(b.entities)
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else None


def _proposition(_: Side, a: Claim, __: Side, b: Claim) -> float | None:
    return token_f1(a.proposition, b.proposition)


SHARES: dict[str, tuple[str, Compared]] = {
    "time": ("raw", _same_time),
    "holder": ("raw", _same_holder),
    "cue": ("raw", _same_cue),
    "entities": ("mean-f1", _entities),
    "proposition": ("mean-f1", _proposition),
}


def _add_shares(columns: Columns, pair: tuple[str, str], left: Side, right: Side, matched: Matched) -> None:
    ends = list(zip(*(side.tolist() for side in matched), strict=True))
    unit = left.marks.unit[matched[0]]
    for name, (_, compared) in SHARES.items():
        values = [compared(left, left.claims[i], right, right.claims[j]) for i, j in ends]
        said = np.array([value is not None for value in values], dtype=bool)
        columns.add(f"{'/'.join(pair)}|{name} of", unit[said])
        right_of = np.array([value for value in values if value is not None])
        columns.add(f"{'/'.join(pair)}|{name} right", unit[said], right_of)


def _labels(
    found: Material, sides: dict[int, Side], matched: dict[tuple[int, int], Pairing], sets: str
) -> Iterator[Result]:
    """Coefficients on the labels of matched claims, of all annotator pairs together and of each."""
    sources = found.names(sorted(sides))
    for task, label_set in LABELS.items():
        names = found.categories(label_set, {getattr(c, task) for side in sides.values() for c in side.claims})
        number = {name: at for at, name in enumerate(names)}
        labels, units, part = [], [], []
        for at, ((a, b), pairing) in enumerate(matched.items()):
            left, right = pairing.matched[BASE]
            said = [
                [number[getattr(sides[which].claims[i], task)] for i in ends.tolist()]
                for which, ends in ((a, left), (b, right))
            ]
            labels.append(np.array(said, np.int64).reshape(2, -1))
            units.append(sides[a].marks.unit[left])
            part.append(np.full(len(left), at))
        every = Labelled(
            np.concatenate(labels, axis=1) if labels else np.full((2, 0), MISSING),
            found.units.unit,
            found.units.names,
            np.concatenate(units) if units else np.zeros(0, np.int64),
            part=np.concatenate(part) if part else np.zeros(0, np.int64),
        )
        sheet, scheme = labelled.sheet(task, every), [Scheme(BASE, names)]
        entries = list(labelled.pooled(sheet, task, scheme, sources)) if len(matched) > 1 else []
        for at, pair in enumerate(matched):
            entries += labelled.entries(sheet, task, scheme, found.names(pair), part=at)
        yield from results("claims", sheet.table, entries, found.config, sets)
