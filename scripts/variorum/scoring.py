"""Scores: how far a prediction agrees with gold, as counts, with a signature that says exactly what was computed.

    mentions        found if the span and the type are exactly gold's
    claims          found at a Jaccard overlap of the evidence of .5, of .8, and exactly
    contradictions  closed task: of the pairs gold judged, which are a contradiction; a contradiction or tension (the
                    headline); an agreement. A gold pair that is left out counts as neutral

What a prediction has inside furniture is ignored and counted. Counts are kept by document (for pairs: by pair of
documents), so a score is a sum and can be resampled.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote

import msgspec
from msgspec import field

from variorum.matching import Counts, Criterion, Item, claim_items, match, mention_items
from variorum.records import AnnotationSet, Pair, Record, claims_sha256, pair_id

SCORER = "1"  # changes whenever a score would
MEASURES: dict[str, tuple[str, ...]] = {
    "mentions": ("exact+type",),
    "claims": ("jaccard0.5", "jaccard0.8", "exact"),
    "contradictions": ("contradiction", "contradiction+tension", "agreement"),
}
Furniture = Mapping[str, Sequence[tuple[int, int]]]  # doc_id -> half-open intervals


class Config(Record, frozen=True):
    """What one score measures. `gold` names the reference: its version and the start of its fingerprint."""

    layer: str
    match: str
    gold: str
    avg: str = "micro"
    scorer: str = SCORER

    @property
    def signature(self) -> str:
        """The configuration on one line; `from_signature` reads it back.

        >>> Config("claims", "jaccard0.5", "0.1.0+1f2e3d4c").signature
        'variorum|layer:claims|match:jaccard0.5|gold:0.1.0+1f2e3d4c|avg:micro|scorer:1'
        """
        values = (f"{name}:{quote(getattr(self, name), safe='+@~/')}" for name in self.__struct_fields__)
        return "|".join(("variorum", *values))

    @classmethod
    def from_signature(cls, signature: str) -> "Config":
        """The configuration of a signature; ValueError if it is none."""
        name, *parts = signature.split("|")
        pairs = [part.partition(":") for part in parts]
        if name != "variorum" or tuple(key for key, _, _ in pairs) != cls.__struct_fields__:
            raise ValueError(f"{signature!r} is no signature; one looks like {EXAMPLE}")
        return cls(**{key: unquote(value) for key, _, value in pairs})


EXAMPLE = Config("claims", "jaccard0.5", "0.1.0+1f2e3d4c").signature


class Score(Record, frozen=True):
    """One score: what was measured, and the counts by document (`tp`: found, `fp`: wrong, `fn`: missed)."""

    config: Config
    by_document: dict[str, Counts]

    @property
    def counts(self) -> Counts:
        """The counts of the whole corpus."""
        return sum(self.by_document.values(), Counts())


class Scores(Record, frozen=True):
    """All scores of one prediction, and what could not be scored.

    `in_furniture`: how many records were ignored, by layer. `unjudged`: pairs that gold has no label for. `skipped`:
    layers without a score, with the reason.
    """

    source: str
    scores: tuple[Score, ...]
    in_furniture: dict[str, int]
    unjudged: tuple[str, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict)


def fingerprint(annotation_set: AnnotationSet) -> str:
    """SHA-256 of the labels, whatever order they are kept in and whether or not the texts come with them."""
    layers = _without_text(msgspec.to_builtins(annotation_set))
    canonical = {
        name: sorted(map(_encoded, value)) if isinstance(value, list) else value for name, value in layers.items()
    }
    return hashlib.sha256(_encoded(canonical).encode()).hexdigest()


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


def _without_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_text(member) for key, member in value.items() if key != "text"}
    return [_without_text(member) for member in value] if isinstance(value, list | tuple) else value


def reference(gold: AnnotationSet) -> str:
    """What signatures call the set that stands for gold: version, or source and round, and 8 digits of fingerprint."""
    version = re.fullmatch(r"gold-(.+)", gold.round or "")
    name = version[1] if version else "/".join(filter(None, (gold.source, gold.round)))
    return f"{name}+{fingerprint(gold)[:8]}"


def configs(gold: AnnotationSet, layers: Iterable[str] = tuple(MEASURES)) -> tuple[Config, ...]:
    """The configurations of all measures of these layers."""
    name = reference(gold)
    return tuple(Config(layer, match, name) for layer in layers for match in MEASURES.get(layer, ()))


def score(
    prediction: AnnotationSet,
    gold: AnnotationSet,
    layers: Iterable[str] = tuple(MEASURES),
    furniture: Furniture | None = None,
) -> Scores:
    """All measures of these layers. A layer that either set lacks is skipped, with the reason."""
    furniture = furniture or {}
    wanted = tuple(layers)
    skipped = {layer: why for layer in wanted if (why := _unscorable(layer, prediction, gold))}
    done = configs(gold, [layer for layer in wanted if layer not in skipped])
    ignored: dict[str, int] = {
        layer: _in_furniture(layer, prediction, furniture) for layer in ("mentions", "claims") if layer in wanted
    }
    return Scores(
        source=prediction.source,
        scores=tuple(Score(each, SCORERS[each.layer](prediction, gold, each, furniture)) for each in done),
        in_furniture=ignored,
        unjudged=_unjudged(prediction, gold) if any(each.layer == "contradictions" for each in done) else (),
        skipped=skipped,
    )


def _unscorable(layer: str, prediction: AnnotationSet, gold: AnnotationSet) -> str | None:
    if layer not in MEASURES:
        return "this version has no measure for it"
    for side, each in (("prediction", prediction), ("gold", gold)):
        if getattr(each, layer) is None:
            return f"the {side} does not have the layer"
    if layer == "contradictions" and not _is_closed(prediction, gold):
        return "its pairs are not about gold's claims (claims_from must name gold and the hash of its claims)"
    return None


def _is_closed(prediction: AnnotationSet, gold: AnnotationSet) -> bool:
    """Whether the pairs are about gold's claims: it says so, or it brings the very same claims."""
    wanted = claims_sha256(gold.claims or ())
    if prediction.claims_from:
        return prediction.claims_from.sha256 == wanted
    return prediction.claims is not None and claims_sha256(prediction.claims) == wanted


# --- mentions and claims -------------------------------------------------------------------------------------


def _spans(prediction: AnnotationSet, gold: AnnotationSet, config: Config, furniture: Furniture) -> dict[str, Counts]:
    """Counts by document; documents that neither side labels count nothing."""
    found, wanted = (_outside(_items(config.layer, each), furniture) for each in (prediction, gold))
    matched = [m.left.doc_id for m in match(wanted, found, Criterion.parse(config.match))]
    documents = sorted({d.doc_id for d in gold.documents} | {item.doc_id for item in found})
    n_found, n_wanted = (_tally(item.doc_id for item in items) for items in (found, wanted))
    tp = _tally(matched)
    return {d: Counts(tp=tp[d], fp=n_found[d] - tp[d], fn=n_wanted[d] - tp[d]) for d in documents}


def _tally(names: Iterable[str]) -> dict[str, int]:
    tally: dict[str, int] = defaultdict(int)
    for name in names:
        tally[name] += 1
    return tally


def _items(layer: str, each: AnnotationSet) -> list[Item]:
    return mention_items(each.mentions) if layer == "mentions" else claim_items(each.claims)


def _outside(items: Iterable[Item], furniture: Furniture) -> list[Item]:
    return [item for item in items if not _within(item, furniture)]


def _within(item: Item, furniture: Furniture) -> bool:
    """Whether all of it lies inside furniture."""
    blocks = furniture.get(item.doc_id, ())
    return all(any(low <= start and end <= high for low, high in blocks) for start, end in item.intervals)


def _in_furniture(layer: str, prediction: AnnotationSet, furniture: Furniture) -> int:
    return sum(_within(item, furniture) for item in _items(layer, prediction))


# --- contradictions, closed task -----------------------------------------------------------------------------


def _pairs(prediction: AnnotationSet, gold: AnnotationSet, config: Config, furniture: Furniture) -> dict[str, Counts]:
    """Counts by pair of documents, over the pairs that gold judged."""
    targets = set(config.match.split("+"))
    said = {key for key, pair in _by_id(prediction).items() if pair.relation in targets}
    home = {claim.claim_id: claim.doc_id for claim in gold.claims or ()}
    counts: dict[str, Counts] = {}
    for key, pair in sorted(_by_id(gold).items()):
        documents = "~".join(sorted(home.get(claim, "?") for claim in (pair.claim_a, pair.claim_b)))
        wanted, found = pair.relation in targets, key in said
        one = Counts(tp=int(wanted and found), fp=int(found and not wanted), fn=int(wanted and not found))
        counts[documents] = counts.get(documents, Counts()) + one
    return counts


def _by_id(each: AnnotationSet) -> dict[str, Pair]:
    """Its pairs by the claims they are about, whichever is named first."""
    return {pair_id(pair.claim_a, pair.claim_b): pair for pair in each.contradictions or ()}


def _unjudged(prediction: AnnotationSet, gold: AnnotationSet) -> tuple[str, ...]:
    return tuple(sorted(_by_id(prediction).keys() - _by_id(gold).keys()))


Scorer = Callable[[AnnotationSet, AnnotationSet, Config, Furniture], dict[str, Counts]]
SCORERS: dict[str, Scorer] = {"mentions": _spans, "claims": _spans, "contradictions": _pairs}


def as_json(scores: Scores) -> dict[str, Any]:
    """The scores as plain JSON, with the figures that follow from the counts."""
    return {
        "source": scores.source,
        "scores": [_score_json(each) for each in scores.scores],
        "in_furniture": scores.in_furniture,
        "unjudged": list(scores.unjudged),
        "skipped": scores.skipped,
    }


def _score_json(each: Score) -> dict[str, Any]:
    c = each.counts
    figures = {"precision": c.precision, "recall": c.recall, "f1": c.f1}
    return {"signature": each.config.signature, "tp": c.tp, "fp": c.fp, "fn": c.fn, **figures}
