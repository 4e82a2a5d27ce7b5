"""What is to be said of a dataset wherever it is described: who annotated, what that is worth, what it is for."""

from collections import Counter
from collections.abc import Iterator

from variorum import reuse
from variorum.adjudication import judgements
from variorum.dataset.material import Material
from variorum.records import MODEL


def languages(material: Material) -> list[str]:
    """The languages of the articles, as BCP 47 tags."""
    return sorted({document.source.language for document in material.documents.values()})


def rounds_of(material: Material) -> dict[str, list[str]]:
    """The rounds of each source, in order."""
    pairs = sorted({(each.source, each.round or "-") for each in material.annotators})
    return {source: [name for other, name in pairs if other == source] for source, _ in pairs}


def roles_of(material: Material) -> dict[str, list[str]]:
    """What each source did: its rounds, in order, and adjudication if decisions are its own."""
    found = rounds_of(material)
    deciders = {decision.decided_by for each in material.decisions.values() for decision in each}
    return {who: found.get(who, []) + ["adjudication"] * (who in deciders) for who in sorted(found.keys() | deciders)}


def gold_sources(material: Material) -> list[str]:
    """The sources whose labels gold is made of."""
    rounds = material.rounds
    names = {rounds.articles, *rounds.pairs} if rounds else {each.round for each in material.annotators}
    return sorted({each.source for each in material.annotators if each.round in names})


def kinds(material: Material) -> set[str]:
    """What those are whose labels are here: person, language_model; nothing of one who is not listed."""
    told = {each.source: each.kind for each in material.sources}
    return {told[source] for source in rounds_of(material) if source in told}


def collection(material: Material) -> Iterator[str]:
    """How the texts came to be here."""
    yield f"{len(material.documents)} articles that tell one story were given, not drawn from anything."
    yield "Their texts are kept character for character; furniture of the pages is marked and not annotated."


def per_item(material: Material) -> str:
    """How many annotators judged a pair: one number, or the range."""
    voted = judgements(material.pair_sets)
    counts = {len(voted.get(pair.pair_id, ())) for pair in material.gold.contradictions or ()}
    counts = counts or {len(gold_sources(material))}
    return str(min(counts)) if len(counts) == 1 else f"{min(counts)} to {max(counts)}"


def annotators(material: Material) -> Iterator[str]:
    """Who annotated, one by one."""
    titles = {label.const: label.title for label in material.schema.label_sets["annotator_kind"]}
    told = {each.source: each for each in material.sources}
    for source, names in roles_of(material).items():
        what = f"{titles[told[source].kind]}. {told[source].description}" if source in told else "Not recorded."
        yield f"{source} ({', '.join(names)}): {what}"


def protocol(material: Material) -> Iterator[str]:
    """How labels came about."""
    versions = sorted({each.guideline_version for each in material.annotators if each.guideline_version})
    yield f"Written guidelines, version {' and '.join(versions) or 'not recorded'}; annotators work alone and blind."
    yield "Mentions by majority; claims and pairs that are not unanimous by an adjudicator, with a reason."


def analysis(material: Material) -> Iterator[str]:
    """What agreement is worth, as far as it follows from who annotated."""
    own = kinds(material)
    if MODEL in own:
        yield "Runs of one language model agree with each other far more than people would: agreement between them is"
        yield "no evidence of quality."
    if own == {MODEL}:
        yield "No person has labelled anything here."
    if len(gold_sources(material)) == 1:
        yield "All labels are those of one annotator: nobody gave a second opinion, and agreement is undefined."
    else:
        yield "Agreement was measured before adjudication; see the card and provenance/agreement.json."


def machines(material: Material) -> Iterator[str]:
    """The annotators that are no people."""
    told = {each.source: each for each in material.sources}
    yield from (f"{s}: {told[s].description}" for s in roles_of(material) if s in told and told[s].kind == MODEL)


def copied(material: Material) -> int:
    """How many pairs of articles share a run of words."""
    return sum(len(document.source.copied_from) for document in material.documents.values())


def biases(material: Material) -> Iterator[str]:
    """What the selection of texts does."""
    publishers = Counter(document.source.publisher or "not known" for document in material.documents.values())
    yield f"One story, told in {', '.join(languages(material))}, by: {', '.join(sorted(publishers))}."
    if pairs := copied(material):
        yield f"{pairs} pairs of articles share runs of {reuse.MIN_WORDS} or more words: a sentence that stands in"
        yield "several is not several pieces of evidence."


def limits(material: Material) -> Iterator[str]:
    """What the dataset does not show; each line is a statement."""
    many = len(material.documents)
    yield f"{many} articles of one story stand for nothing but themselves; no figure carries over to news in general."
    yield "The claims are what the articles say. The dataset does not say what is true, of anybody or anything."
    yield "Furniture of the pages is not labelled. Pairs that nobody judged are not known to be neutral."
    yield "Not for training, nor for ranking publishers."


def uses() -> Iterator[str]:
    """What it is for."""
    yield "Testing systems that find mentions, link entities, extract claims with their holders, and recognise"
    yield "contradictions between articles and within them."


def people() -> Iterator[str]:
    """Personal information."""
    yield "Published articles name people; the labels repeat what the articles say of them."


def impact() -> Iterator[str]:
    """What it may do."""
    yield "Systems that show where reports disagree may help readers; a system's score here is no warrant for that."


def maintenance() -> Iterator[str]:
    """What becomes of it."""
    yield "Corrections come as new versions, each with an account of every label that changed; older versions stay."
