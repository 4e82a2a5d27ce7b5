"""The explorer's folder of 500 articles: seconds to make it, its size, seconds until its index is there in a browser.

    python benchmarks/explore_scale.py [--articles N] [--runs N]

The corpus is made, not real: articles of 300 invented words, with 20 mentions, 10 claims and 2 conflicts each, and up
to 5 passages of 10 words that were copied. Needs the extra `page`, and Playwright with a Chromium for what the browser
takes: `loaded` is when the page is laid out and its script has run, by the browser's own clock; the median of the runs,
each in a new context with nothing cached.
"""

import argparse
import hashlib
import random
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from variorum import explorer, reuse, schema
from variorum.corpus import Document
from variorum.records import AnnotationSet, Claim, DocumentRef, Entity, Mention, Pair, Span, Value
from variorum.sources import Block, Source

WORDS, MENTIONS, CLAIMS, COPIED = 300, 20, 10, 5
ENTITIES = 400


def text_of(rng: random.Random, earlier: list[str]) -> str:
    """Words of one length, some of them copied from an earlier article."""
    words = [f"{rng.choice('bdfgklm')}{rng.choice('aeiou')}{rng.randrange(1000):03}" for _ in range(WORDS)]
    for _ in range(COPIED if earlier else 0):
        at, source = rng.randrange(WORDS - 10), rng.choice(earlier).split()
        words[at : at + 10] = source[at : at + 10]
    return " ".join(words)


def corpus(articles: int) -> dict[str, Document]:
    """Articles in paragraphs of 60 words, with the passages that they share."""
    rng, texts = random.Random(0), dict[str, str]()
    for number in range(articles):
        texts[f"d{number:04}"] = text_of(rng, list(texts.values())[-3:])
    found, near = dict[str, Document](), list(texts)
    bare = {doc_id: source_of(doc_id, text) for doc_id, text in texts.items()}
    for at, doc_id in enumerate(near):
        some = [
            bare[name] for name in near[max(0, at - 3) : at + 1]
        ]  # all pairs would take longer than what is measured
        copied = reuse.copied_from(some, texts)[doc_id]
        source = source_of(doc_id, texts[doc_id], copied)
        found[doc_id] = Document(source, texts[doc_id])
    return found


def source_of(doc_id: str, text: str, copied: tuple = ()) -> Source:  # type: ignore[type-arg]
    paragraphs = tuple(Block(start=at, end=min(len(text), at + 359)) for at in range(0, len(text), 360))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source(doc_id=doc_id, file=f"{doc_id}.txt", title=f"Article {doc_id}", language="en", sha256=digest,
                  n_chars=len(text), rights="-", copied_from=copied, paragraphs=paragraphs)  # fmt: skip


def gold(documents: dict[str, Document]) -> AnnotationSet:
    rng = random.Random(1)
    entities = tuple(Entity(entity_id=f"e{i}", name=f"Entity {i}", type="PERSON") for i in range(ENTITIES))
    mentions = tuple(
        Mention(mention_id=f"{doc_id}-m{i}", doc_id=doc_id, start=72 * i, end=72 * i + 5, type="PERSON", level="NAM",
                entity_id=f"e{rng.randrange(ENTITIES)}")
        for doc_id in documents for i in range(MENTIONS)
    )  # fmt: skip
    claims = tuple(
        Claim(claim_id=f"{doc_id}-c{i}", doc_id=doc_id, spans=(Span(start=144 * i, end=144 * i + 59),), kind="fact",
              proposition=f"Something is said in {doc_id} the {i}th time.", polarity="positive", certainty="certain")
        for doc_id in documents for i in range(CLAIMS)
    )  # fmt: skip
    names = list(documents)
    pairs = tuple(
        conflict(one, names[(at + step) % len(names)], step) for at, one in enumerate(names) for step in (1, 2)
    )
    refs = tuple(DocumentRef(doc_id=d.doc_id, text_sha256=d.source.sha256) for d in documents.values())
    return AnnotationSet(schema_version="1.0", source="gold", role="gold", documents=refs, mentions=mentions,
                         entities=entities, claims=claims, contradictions=pairs)  # fmt: skip


def conflict(one: str, other: str, step: int) -> Pair:
    a, b = sorted((f"{one}-c{step}", f"{other}-c{step + 3}"))
    values = (Value(kind="date", value=str(2000 + step)), Value(kind="date", value="1999"))
    return Pair(pair_id=f"{a}~{b}", claim_a=a, claim_b=b, relation="contradiction", aspect="time", value_a=values[0],
                value_b=values[1], rationale="Two years.", conflict_id=f"c-{one}-{other}")  # fmt: skip


def loaded(index: Path, runs: int) -> dict[str, float] | None:
    """Median seconds until the index, and a page of an article, is loaded; None without a browser."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        chromium = None
    if chromium is None:
        return None
    pages = {"index": index, "article": index.parent / "article-00001.html"}
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found = {name: [seconds(browser, path) for _ in range(runs)] for name, path in pages.items()}
        browser.close()
    return {name: statistics.median(times) for name, times in found.items()}


def seconds(browser, path: Path) -> float:  # type: ignore[no-untyped-def]
    context = browser.new_context()
    page = context.new_page()
    page.goto(path.as_uri())
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
    context.close()
    return float(took)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    documents = corpus(options.articles)
    material = explorer.Material(documents=documents, schema=schema.default(), gold=gold(documents))
    start = time.process_time()
    made = explorer.pages(material)
    took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(map(len, made.values())) / 2**20
    with tempfile.TemporaryDirectory() as folder:
        for name, data in made.items():
            (Path(folder) / name).write_bytes(data)
        found = loaded(Path(folder) / explorer.INDEX, options.runs)
    print(f"{len(documents)} articles: {took:.1f} CPU s, peak {peak:.0f} MiB, {len(made)} files, {size:.1f} MiB")
    print(f"index {len(made[explorer.INDEX]) / 2**10:.0f} KiB", end="")
    print("; no browser" if found is None else "".join(f"; {name} loaded in {s:.2f} s" for name, s in found.items()))


if __name__ == "__main__":
    main()
