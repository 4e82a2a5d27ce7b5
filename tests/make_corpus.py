"""Writes the small corpus, `tests/corpus`: articles, sources.json, and what invented annotators labelled and edited.

Run `python tests/make_corpus.py` after a change of `corpus_articles.py`, `corpus_contrast.py` or `corpus_labels.py`;
`test_corpus.py` says when. Quotes become offsets by a few lines of its own, so that the package's reading of quotes has
a second opinion.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import corpus_articles as articles
import corpus_contrast as contrast
import corpus_labels as labels
import msgspec
from corpus_labels import C, D, M, P, Quote

from variorum import adjudication, records, reuse, sources
from variorum.decisions import Decision, Decisions, Rounds
from variorum.records import AnnotationSet, Claim, ClaimsFrom, DocumentRef, Entity, Mention, Pair, Span

FOLDER = Path(__file__).resolve().parent / "corpus"
INVENTED = "Text invented for the tests of this project; Apache-2.0."
HEADLINE = "🎏 Schooner hits the pier on lantern night 🧑🏽\u200d✈\ufe0f"
TEXTS = {"a1": articles.A1, "b2": articles.B2, "c3": articles.C3}
FACTS = {
    "a1": ("a1-gazette.txt", HEADLINE, "Harbour Gazette", None, "2019-06-02"),
    "b2": ("b2-wire.txt", "Schooner’s steering fails at Port Lorne", "Coast Wire", "2019-06-04", None),
    "c3": ("c3-letters.txt", "𝄞 Letters from the quay", None, "2019-06-06", None),
}
FURNITURE = {
    "a1": {
        "Home › News › Coast": "link",
        HEADLINE: "headline",
        "PORT LORNE, 2 June —": "dateline",
        "Photo: Ines Brandt": "credit",
        "Leave a comment": "comment_form",
    },
    "b2": {
        "Schooner’s steering fails at Port Lorne": "headline",
        "By our harbour desk": "byline",
        "Source link": "link",
    },
    "c3": {"𝄞 Letters from the quay": "headline", "Subscribe to our newsletter": "link"},
}
ROUNDS = Rounds(version="1.0.0", articles="articles", pairs=("pairs",))
BRIEF = "Read GUIDELINES.md, label both rounds alone, ask nobody."


def place(doc_id: str, quote: Quote) -> tuple[int, int]:
    """Where a quote stands; ValueError if it stands nowhere, or in several places and none of them is named."""
    words, occurrence = (quote, None) if isinstance(quote, str) else quote
    places = [match.start() for match in re.finditer(f"(?={re.escape(words)})", TEXTS[doc_id])]
    if occurrence is None and len(places) != 1:
        raise ValueError(f"{doc_id}: {words!r} stands {len(places)} times: which is meant?")
    start = places[occurrence or 0]
    return start, start + len(words)


def span(doc_id: str, quote: Quote) -> Span:
    start, end = place(doc_id, quote)
    return Span(start=start, end=end, text=TEXTS[doc_id][start:end])


def blocks(doc_id: str) -> Iterator[sources.Block]:
    """The paragraphs: what stands between blank lines, and each stretch of furniture by itself."""
    text = TEXTS[doc_id]
    cuts = {cut for quote in FURNITURE[doc_id] for cut in place(doc_id, quote)}
    cuts |= {cut for match in re.finditer(r"\r?\n\r?\n|\ufeff", text) for cut in match.span()}
    edges = sorted(cuts | {0, len(text)})
    for start, end in pairwise(edges):
        inner = text[start:end].strip("\ufeff \r\n")
        if inner:
            begin = text.index(inner, start)
            yield sources.Block(start=begin, end=begin + len(inner))


def source(doc_id: str) -> sources.Source:
    file, title, publisher, published, dateline = FACTS[doc_id]
    spans = {place(doc_id, quote): kind for quote, kind in FURNITURE[doc_id].items()}
    return sources.Source(
        doc_id=doc_id,
        file=file,
        title=title,
        publisher=publisher,
        published=published,
        dateline=dateline,
        language="en",
        sha256="",
        n_chars=0,
        rights=INVENTED,
        furniture=tuple(sources.Furniture(start=s, end=e, kind=kind) for (s, e), kind in sorted(spans.items())),
        paragraphs=tuple(blocks(doc_id)),
    )


def sources_json() -> bytes:
    """sources.json; fields that are computed are filled in by `variorum.reuse`, as for the real corpus."""
    measured = reuse.measured([source(doc_id) for doc_id in TEXTS], TEXTS)
    return records.to_json(sources.Sources(schema_version="1.0", sources=tuple(measured)))


def mention(doc_id: str, number: int, m: M) -> Mention:
    at = span(doc_id, m.quote)
    return Mention(
        mention_id=f"{doc_id}-m{number}",
        doc_id=doc_id,
        start=at.start,
        end=at.end,
        text=at.text,
        type=m.type,
        level=m.level,
        entity_id=m.entity,
        value=m.value,
    )


def claim(doc_id: str, number: int, c: C, mentions: list[Mention]) -> Claim:
    holder = c.holder and place(doc_id, c.holder)
    return Claim(
        claim_id=f"{doc_id}-c{number}",
        doc_id=doc_id,
        spans=tuple(span(doc_id, quote) for quote in c.spans),
        proposition=c.proposition,
        kind=c.kind,
        polarity=c.polarity,
        certainty=c.certainty,
        holder=next(m.mention_id for m in mentions if (m.start, m.end) == holder) if holder else None,
        cue=span(doc_id, c.cue) if c.cue else None,
        time=c.time,
        entities=c.entities,
    )


def claim_name(key: str) -> str:
    """The canonical id of the claim that wren calls a1-c1: it tells where heron, who sorts first, sees the evidence."""
    doc_id, number = key.split("-c")
    edit = labels.CLAIMS_OF_HERON.get((doc_id, int(number))) or {}
    quotes = edit.get("spans", labels.CLAIMS[doc_id][int(number) - 1].spans)
    return f"{doc_id}-c{place(doc_id, quotes[0])[0]}-{place(doc_id, quotes[-1])[1]}"


def canonical(about: tuple[str, Quote] | str) -> str:
    """The canonical id of what a decision is about: a claim, a pair of claims, or a mention by document and quote."""
    if isinstance(about, str):
        return "~".join(sorted(claim_name(key) for key in about.split("~")))
    start, end = place(*about)
    return f"{about[0]}-m{start}-{end}"


def decision(d: D) -> Decision:
    ids = [canonical(each) for each in d.about]
    return Decision(item=d.item, ids=tuple(sorted(ids)), choice=d.choice, reason=d.reason, decided_by="heron")


def decisions(round_name: str) -> Decisions:
    return Decisions(decisions=tuple(decision(d) for d in labels.DECISIONS[round_name]))


def pair(p: P) -> Pair:
    doc_a, doc_b = p.a.split("-")[0], p.b.split("-")[0]
    name_a, name_b = claim_name(p.a), claim_name(p.b)
    assert name_a < name_b
    return Pair(
        pair_id=f"{name_a}~{name_b}",
        claim_a=name_a,
        claim_b=name_b,
        relation=p.relation,
        aspect=p.aspect,
        value_a=p.clash_a and p.clash_a[1],
        value_b=p.clash_b and p.clash_b[1],
        span_a=p.clash_a and span(doc_a, p.clash_a[0]),
        span_b=p.clash_b and span(doc_b, p.clash_b[0]),
        rationale=p.rationale,
        reason=p.reason,
        conflict_id=p.conflict,
        stratum=p.stratum,
    )


def documents() -> tuple[DocumentRef, ...]:
    return tuple(DocumentRef(doc_id=d, text_sha256=sha256(text.encode()).hexdigest()) for d, text in TEXTS.items())


def header(who: str, round_name: str) -> AnnotationSet:
    return AnnotationSet(
        schema_version="1.0",
        source=who,
        role="annotator",
        guideline_version="1",
        round=round_name,
        documents=documents(),
    )


def kept_mentions(doc_id: str, heron: bool) -> list[Mention]:
    changed = labels.MENTIONS_OF_HERON if heron else {}
    kept = [m for old in labels.MENTIONS[doc_id] if (m := changed.get((doc_id, old.quote), old))]
    return [mention(doc_id, number, m) for number, m in enumerate(kept, 1)]


def told_claims(doc_id: str, heron: bool, mentions: list[Mention]) -> list[Claim]:
    edits = [labels.CLAIMS_OF_HERON.get((doc_id, n), {}) if heron else {} for n in range(1, 20)]
    pairs = zip(labels.CLAIMS[doc_id], edits, strict=False)
    told = [old._replace(**edit) for old, edit in pairs if edit is not None]
    return [claim(doc_id, number, c, mentions) for number, c in enumerate(told, 1)]


def articles_set(who: str) -> AnnotationSet:
    """Round 1: mentions, entities and claims of all articles."""
    heron = who == "heron"
    mentions = {doc_id: kept_mentions(doc_id, heron) for doc_id in TEXTS}
    types = {m.entity_id: m.type for each in mentions.values() for m in each}
    entities = (
        Entity(entity_id=key, name=name, type=types[key]) for key, name in labels.ENTITIES.items() if key in types
    )
    return msgspec.structs.replace(
        header(who, "articles"),
        mentions=tuple(m for each in mentions.values() for m in each),
        entities=tuple(entities),
        claims=tuple(c for doc_id, each in mentions.items() for c in told_claims(doc_id, heron, each)),
    )


def pairs_set(who: str, consolidated: AnnotationSet) -> AnnotationSet:
    """Round 2: the judged pairs of the consolidated claims."""
    edits = labels.PAIRS_OF_HERON if who == "heron" else {}
    judged = [pair(p._replace(**edits.get((p.a, p.b), {}))) for p in labels.PAIRS]
    of = ClaimsFrom(source=consolidated.source, sha256=records.claims_sha256(consolidated.claims or ()))
    return msgspec.structs.replace(
        header(who, "pairs"),
        claims_from=of,
        contradictions=tuple(sorted(judged, key=lambda judgement: judgement.pair_id)),
    )


def annotators_json() -> bytes:
    rounds = tuple(records.Round(round=name, guideline_version="1") for name in ("articles", "pairs"))
    people = (
        records.Annotator(
            source=who,
            kind="person",
            description="Invented for the tests: no person of this name labelled anything.",
            brief=BRIEF,
            rounds=rounds if who != "siskin" else (),
        )
        for who in ("heron", "siskin", "wren")
    )
    return records.to_json(records.Annotators(annotators=tuple(people)))


def sets() -> dict[str, AnnotationSet]:
    """The annotators' records, and what the package makes of them and of the decisions."""
    people = ("heron", "wren")
    round_1 = {who: articles_set(who) for who in people}
    consolidated = settled(adjudication.consolidate(list(round_1.values()), decisions("articles").decisions))
    round_2 = {who: pairs_set(who, consolidated) for who in people}
    gold = adjudication.gold(consolidated, list(round_2.values()), decisions("pairs").decisions, ROUNDS.version)
    return {
        **{f"annotations/records/articles/{who}.json": each for who, each in round_1.items()},
        **{f"annotations/records/pairs/{who}.json": each for who, each in round_2.items()},
        "annotations/consolidated.json": consolidated,
        "annotations/gold.json": settled(gold),
    }


def settled(outcome: adjudication.Outcome) -> AnnotationSet:
    if outcome.open or outcome.unused:
        raise ValueError("\n".join(["to decide:", *(each.line() for each in outcome.open), *map(str, outcome.unused)]))
    return outcome.annotation_set


def files() -> dict[str, bytes]:
    """Every generated file of the corpus by its path inside the folder."""
    made = sets()
    edited = contrast.files(made["annotations/gold.json"], TEXTS)
    return {
        **{f"seeds/{FACTS[doc_id][0]}": text.encode() for doc_id, text in TEXTS.items()},
        "seeds/sources.json": sources_json(),
        "annotations/annotators.json": annotators_json(),
        "annotations/rounds.json": records.to_json(ROUNDS),
        **{f"annotations/decisions/{name}.json": records.to_json(decisions(name)) for name in labels.DECISIONS},
        **{name: records.to_json(each) for name, each in made.items()},
        **{f"annotations/{name}": data for name, data in edited.items()},
    }


if __name__ == "__main__":
    for name, data in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
