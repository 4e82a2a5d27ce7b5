"""The floor: what no reading at all achieves.

Every sentence is a claim, every run of capitalised words is a name, and two given claims contradict each other if they
are worded alike. Furniture is skipped. Nothing is learned and nothing is drawn, so the same articles give the same
prediction.
"""

from collections.abc import Iterator, Sequence

from variorum.baselines.about import About
from variorum.baselines.prediction import first_names, prediction
from variorum.baselines.stretches import WORD, sentences, stretches
from variorum.baselines.task import Task
from variorum.corpus import Document
from variorum.records import AnnotationSet, Claim, Mention, Pair, Span, entity_id, pair_id

# Cosine of TF-IDF vectors over character 3- to 5-grams; chosen before any gold existed and never tuned.
SIMILAR = 0.5
LONGEST_NAME = 6  # words; a longer run is a headline in capitals
ABOUT_TRIVIAL = About(
    title="trivial",
    description="A sentence is a claim, a run of capitalised words a name, two claims worded alike a contradiction.",
    thresholds="chosen before any gold existed and never tuned",
    packages=("numpy", "scikit-learn", "scipy"),
    settings={"similar": SIMILAR, "longest_name": LONGEST_NAME},
)


def trivial(task: Task) -> AnnotationSet:
    """Mentions, entities and claims of the articles, and pairs of the given claims if there are any."""
    mentions = tuple(m for document in task.documents for m in _mentions(document, task.schema.names("entity_type")[0]))
    return prediction(
        "trivial",
        task,
        mentions,
        first_names(mentions),
        (claim for document in task.documents for claim in _claims(document, task.schema.names("claim_kind")[0])),
        _pairs(task.given_claims),
    )


def _claims(document: Document, kind: str) -> Iterator[Claim]:
    for start, end in sentences(document):
        text = document.text[start:end]
        yield Claim(
            claim_id=f"{document.doc_id}-c{start}-{end}",
            doc_id=document.doc_id,
            spans=(Span(start=start, end=end, text=text),),
            proposition=" ".join(text.split()) or text,
            kind=kind,
            polarity="positive",
            certainty="certain",
        )


def _mentions(document: Document, type: str) -> Iterator[Mention]:
    for low, high in stretches(document):
        for start, end in _names(document.text, low, high):
            text = document.text[start:end]
            yield Mention(
                mention_id=f"{document.doc_id}-m{start}-{end}",
                doc_id=document.doc_id,
                start=start,
                end=end,
                text=text,
                type=type,
                level="NAM",
                entity_id=entity_id(" ".join(text.split())),
            )


def _names(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words with one blank or line break between them."""
    run: list[tuple[int, int]] = []
    for word in (found.span() for found in WORD.finditer(text, low, high) if found[0][0].isupper()):
        if run and (text[run[-1][1] : word[0]] not in (" ", "\n") or len(run) == LONGEST_NAME):
            yield run[0][0], run[-1][1]
            run = []
        run.append(word)
    if run:
        yield run[0][0], run[-1][1]


def _pairs(claims: Sequence[Claim]) -> Iterator[Pair]:
    """Pairs of claims that are worded alike, as contradictions; the similarity is the score."""
    ordered = sorted((c for c in claims if c.proposition.strip()), key=lambda claim: claim.claim_id)
    if len(ordered) < 2:
        return
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform([c.proposition for c in ordered])
    similar = (vectors @ vectors.T).tocoo()
    cells = sorted(zip(similar.row.tolist(), similar.col.tolist(), similar.data.tolist(), strict=True))
    for i, j, cosine in cells:
        if i < j and cosine >= SIMILAR:
            a, b = ordered[i].claim_id, ordered[j].claim_id
            score = min(1.0, round(cosine, 6))
            yield Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation="contradiction", score=score)
