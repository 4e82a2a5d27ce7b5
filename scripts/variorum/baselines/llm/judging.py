"""Which pairs of given claims a model is asked about, and what its answers say."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from variorum.baselines.llm.answers import Failure, parsed
from variorum.baselines.llm.asking import Asked
from variorum.problems import shown
from variorum.records import Claim, Pair

# Cosine of TF-IDF vectors over character 3- to 5-grams of the propositions. Fixed on the invented articles, of whose
# conflicts nearly all are as similar or more so, and few of the other pairs; a test counts them.
SIMILAR = 0.4


def shortlist(claims: Iterable[Claim], most: int, asked: Collection[tuple[str, str]] = ()) -> list[tuple[Claim, Claim]]:
    """The pairs of claims that are worded alike, at most so many, the most similar first; each in id order.

    `asked`: the ids of the pairs that the closed task asks about, which alone are scored; left out: all.
    """
    ordered = sorted((c for c in claims if c.proposition.strip()), key=lambda claim: claim.claim_id)
    if len(ordered) < 2:
        return []
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform([c.proposition for c in ordered])
    cells = (vectors @ vectors.T).tocoo()
    rows = zip(cells.data.round(6).tolist(), cells.row.tolist(), cells.col.tolist(), strict=True)
    found = sorted((-cosine, i, j) for cosine, i, j in rows if i < j and cosine >= SIMILAR)
    pairs = ((ordered[i], ordered[j]) for _, i, j in found)
    wanted = set(asked)
    return list(islice((p for p in pairs if not wanted or (p[0].claim_id, p[1].claim_id) in wanted), most))


def judged(shown_pairs: Sequence[tuple[Claim, Claim]], asked: Sequence[Asked]) -> Iterator[Pair | Failure]:
    """A pair for each answer, or why there is none.

    The score is the model's probability of contradiction and tension together, if it was told.
    """
    for (a, b), each in zip(shown_pairs, asked, strict=True):
        item, relations = each.request.item, each.request.choices
        if each.answer is None:
            yield Failure(item, each.why)
            continue
        value = parsed(each.answer.text)
        if isinstance(value, str):
            yield Failure(item, value)
        elif (relation := value.get("relation")) not in relations:
            yield Failure(item, f"$.relation is {shown(relation)}, not one of {', '.join(relations)}")
        else:
            chances = each.answer.probabilities
            score = round(min(1.0, chances.get("contradiction", 0.0) + chances.get("tension", 0.0)), 6)
            yield Pair(
                pair_id=item,
                claim_a=a.claim_id,
                claim_b=b.claim_id,
                relation=str(relation),
                score=score if chances else None,
            )
