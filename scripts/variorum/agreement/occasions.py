"""Which sets of a corpus are held against each other.

round          all annotators of a round, before anything is adjudicated
oneself        an annotator and its own later labels: the same source in a round that makes gold and in one that
               does not (a re-annotation), on the layers that both have
consolidated   an annotator and what all annotators and the adjudicator made, the annotator's own votes included:
               how much consolidation changed
without        an annotator and what the others settle among themselves, without its votes and without decisions,
               which were made with its votes in sight; from three annotators on. What they leave open is compared on
               neither side, and counted
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from msgspec.structs import replace

from variorum import adjudication
from variorum.adjudication import Open
from variorum.agreement.comparison import compare, undefined
from variorum.agreement.material import Knowledge
from variorum.agreement.report import Agreement, Comparison, Config
from variorum.decisions import Decision, Rounds
from variorum.matching import Criterion, Item, claim_items, match
from variorum.records import LAYERS, AnnotationSet, Pair

ARTICLES = ("mentions", "entities", "claims")
ID = re.compile(r"(?P<doc>.+)-[mc](?P<start>[0-9]+)-(?P<end>[0-9]+)(?:-[0-9]+)?")
OTHERS = "(others)"  # no source can be called so
SAME = Criterion.parse("jaccard0.5")


class Making(NamedTuple):
    """How gold is made: its rounds, and the decisions on articles and on pairs."""

    rounds: Rounds
    articles: Sequence[Decision] = ()
    pairs: Sequence[Decision] = ()


def agreement(
    sets: Sequence[AnnotationSet], known: Knowledge, config: Config, making: Making | None = None
) -> Agreement:
    """Every comparison that these records of one corpus allow. NotComparable if their texts differ."""
    rounds: dict[str, list[AnnotationSet]] = defaultdict(list)
    for each in sets:
        rounds[each.round or "-"].append(each)
    made, why = _made(rounds, making) if making else (None, "")
    if made and made.whole and made.whole.claims:
        known = known._replace(homes={claim.claim_id: claim.doc_id for claim in made.whole.claims})
    found = [compare(name, "round", rounds[name], known, config) for name in sorted(rounds)]
    brief = replace(config, details=False)
    if making:
        found += _oneself(rounds, making.rounds, known, brief)
    if made:
        found += _against("consolidated", made.consolidated, known, brief)
        found += _against("without", made.without, known, brief)
    elif why:
        found.append(undefined("consolidated", why))
    return Agreement(resamples=config.resamples, seed=config.seed, comparisons=tuple(found))


def between(sets: Sequence[AnnotationSet], known: Knowledge, config: Config) -> Agreement:
    """Agreement between any sets, whatever their rounds."""
    name = " + ".join(sorted({each.round or "-" for each in sets}))
    found = compare(name, "files", sets, known, config)
    return Agreement(resamples=config.resamples, seed=config.seed, comparisons=(found,))


class HeldOut(NamedTuple):
    """An annotator's labels, and what the others settle among themselves; of the items that these leave open (`open` is
    how many) neither side has any. The layers of the two are the same: those of articles, or pairs."""

    source: str
    own: AnnotationSet
    others: AnnotationSet
    open: int


def held_out(sets: Sequence[AnnotationSet], making: Making) -> list[HeldOut]:
    """Each annotator beside the others, as the comparisons of kind `without` have it; none of fewer than three.

    ValueError if the decisions do not fit the records.
    """
    rounds: dict[str, list[AnnotationSet]] = defaultdict(list)
    for each in sets:
        rounds[each.round or "-"].append(each)
    return [HeldOut(own.source, own, made, left_open) for _, own, made, left_open in _Made(rounds, making).without()]


Sides = Iterator[tuple[str, AnnotationSet, AnnotationSet, int]]  # name, an annotator, what was made, how many are open


def _made(rounds: Mapping[str, Sequence[AnnotationSet]], making: Making) -> tuple["_Made | None", str]:
    """What is made of the sets, or why nothing can be: figures by round do not wait for decisions to be put right."""
    try:
        return _Made(rounds, making), ""
    except ValueError as error:
        return None, str(error)


def _against(kind: str, sides: Callable[[], Sides], known: Knowledge, config: Config) -> Iterator[Comparison]:
    try:
        for name, own, made, left_open in sides():
            found = compare(name, kind, (own, made), known, config)
            said = (f"open, and not compared: {left_open}",) if left_open else ()
            yield replace(found, flags=found.flags + said)
    except ValueError as error:
        yield undefined(kind, str(error))


# --- with oneself ----------------------------------------------------------------------------------------------


def _oneself(
    rounds: Mapping[str, Sequence[AnnotationSet]], making: Rounds, known: Knowledge, config: Config
) -> Iterator[Comparison]:
    """Sets of rounds that make no gold, beside the same source's last set that does and has one of their layers.
    Screening and second looks are other questions than those of gold, not the same ones once more."""
    own = [making.articles, *making.pairs]
    for again in sorted(rounds.keys() - {*own, making.screening, *making.second_looks}):
        for later in sorted(rounds[again], key=lambda each: each.source):
            for round_name in reversed(own):
                first = [each for each in rounds.get(round_name, ()) if each.source == later.source]
                layers = [layer for layer in _layers(later) if first and layer in _layers(first[0])]
                if layers:
                    name = f"{later.source}: {round_name} and {again}"
                    sides = (_only(first[0], layers), _only(later, layers))
                    yield compare(name, "oneself", sides, known, config)
                    break


def _layers(each: AnnotationSet) -> list[str]:
    return [layer for layer in LAYERS if getattr(each, layer) is not None]


def _only(each: AnnotationSet, layers: Sequence[str]) -> AnnotationSet:
    return replace(each, **{layer: None for layer in LAYERS if layer not in layers})


# --- with what is made of all, or of the others ------------------------------------------------------------------


class _Made:
    """What is made of the annotators' sets."""

    def __init__(self, rounds: Mapping[str, Sequence[AnnotationSet]], making: Making) -> None:
        self.making = making
        self.articles = sorted(rounds.get(making.rounds.articles, ()), key=lambda each: each.source)
        self.pairs = [each for name in making.rounds.pairs for each in rounds.get(name, ())]
        self.whole, self.open = self._consolidated(self.articles, making.articles)

    def _consolidated(
        self, sets: Sequence[AnnotationSet], decisions: Sequence[Decision]
    ) -> tuple[AnnotationSet | None, tuple[Open, ...]]:
        if not sets:
            return None, ()
        outcome = adjudication.consolidate(sets, decisions)
        return outcome.annotation_set, outcome.open

    def consolidated(self) -> Sides:
        """Each annotator, and what all made, with decisions."""
        if self.whole and len(self.articles) > 1:
            for each in self.articles:
                yield _beside(f"{each.source} and consolidated", each, self.whole, self.open)
        voted = adjudication.judgements(self.pairs)
        sources = _sources(self.pairs)
        if len(sources) > 1:
            made, left_open = self._pairs_made(self._voted(voted, sources), self.making.pairs)
            for each in self._voted(voted, sources):
                yield f"{each.source} and gold's pairs", each, made, left_open

    def without(self) -> Sides:
        """Each annotator, and what the others made."""
        if len(self.articles) > 2:
            for each in self.articles:
                made, left_open = self._consolidated([s for s in self.articles if s is not each], ())
                if made:
                    yield _beside(f"{each.source} and the others", each, replace(made, source=OTHERS), left_open)
        voted, sources = adjudication.judgements(self.pairs), _sources(self.pairs)
        if len(sources) > 2:
            for own in self._voted(voted, sources):
                others = self._voted(voted, [source for source in sources if source != own.source])
                made, open_pairs = self._pairs_made(others, ())
                yield f"{own.source} and the others' pairs", own, replace(made, source=OTHERS), open_pairs

    def _voted(self, voted: Mapping[str, Sequence[tuple[str, Pair]]], sources: Sequence[str]) -> list[AnnotationSet]:
        """One set a source, with its judgement of every pair in the last round that judges the pair."""
        found = []
        for source in sources:
            last = next(each for each in reversed(self.pairs) if each.source == source)
            pairs = tuple(pair for key in sorted(voted) for who, pair in voted[key] if who == source)
            found.append(replace(_only(last, ("contradictions",)), contradictions=pairs))
        return found

    def _pairs_made(self, sets: Sequence[AnnotationSet], decisions: Sequence[Decision]) -> tuple[AnnotationSet, int]:
        """Gold's pairs from these sets, about the same claims as theirs."""
        one_round = [replace(each, round="-") for each in sets]
        base = replace(_only(sets[0], ()), source="gold", role="gold")
        named = {claim for each in sets for p in each.contradictions or () for claim in (p.claim_a, p.claim_b)}
        claims = [claim for claim in (self.whole.claims if self.whole else None) or () if claim.claim_id in named]
        outcome = adjudication.gold(replace(base, claims=tuple(claims)), one_round, decisions, "-")
        made = replace(outcome.annotation_set, claims=None, claims_from=sets[0].claims_from)
        return made, len({each.ids for each in outcome.open if each.item == "pair.relation"})


def _sources(sets: Iterable[AnnotationSet]) -> list[str]:
    return sorted({each.source for each in sets})


def _beside(
    name: str, own: AnnotationSet, made: AnnotationSet, left_open: Sequence[Open]
) -> tuple[str, AnnotationSet, AnnotationSet, int]:
    """An annotator's articles without the mentions and claims that are open in what is held against them."""
    spans = {item: set(_spans(left_open, item)) for item in ("mention", "claim")}
    mentions = tuple(m for m in own.mentions or () if (m.doc_id, m.start, m.end) not in spans["mention"])
    items = [Item(f"{at:09}", doc, ((start, end),)) for at, (doc, start, end) in enumerate(sorted(spans["claim"]))]
    hulls = [_hull(item) for item in claim_items(own.claims)]
    dropped = {each.right.item_id for each in match(items, hulls, SAME)}
    claims = tuple(claim for claim in own.claims or () if claim.claim_id not in dropped)
    kept = {"mentions": mentions, "claims": claims}
    left = {name: each for name, each in kept.items() if getattr(own, name) is not None}
    return name, replace(own, **left), made, sum(map(len, spans.values()))


def _spans(left_open: Iterable[Open], item: str) -> Iterator[tuple[str, int, int]]:
    """Where open items are: their ids say it."""
    for name in chain.from_iterable(each.ids for each in left_open if each.item == item):
        if found := ID.fullmatch(name):
            yield found["doc"], int(found["start"]), int(found["end"])


def _hull(item: Item) -> Item:
    return item._replace(intervals=((item.intervals[0][0], item.intervals[-1][1]),))
