"""How the baseline `rules` grows: CPU seconds, peak memory and candidate pairs on synthetic articles.

`python benchmarks/baseline_scale.py` makes corpora of growing size, runs the baseline on each in a process of its own,
and writes `benchmarks/results/baseline_scale.json`; `--quick` takes the two smallest and writes nothing. An article has
`SENTENCES` sentences put together from the words of a fixed generator: one firm in ten articles, people, places, dates
and amounts, so that names and words recur as in news. The sentences are the given claims too, so the pairs to compare
grow with the square of the articles, and the candidates show what blocking leaves of them.
"""

import argparse
import datetime
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results" / "baseline_scale.json"
SIZES = (10, 30, 100, 300, 1_000)
SENTENCES = 20
SYLLABLES = [
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "za",
    "den",
    "gor",
    "lin",
    "mar",
    "pel",
    "sto",
    "tur",
    "wen",
]
SHAPES = (
    "{firm} was founded in {year} by {person}.",
    "{person} told reporters in {place} that {firm} had sold {count} {thing}s.",
    "{firm} raised ${money} million in {year}.",
    "The {thing} cost about €{money} million, {person} said.",
    "{person}, {age}, was born in {place}.",
    "{firm} did not open a {thing} in {place}.",
    "Last year {firm} employed more than {count} people and moved to {place}.",
    "“The {thing} is the best in {place},” said {person}.",
)


def word(rng: random.Random, syllables: int = 2) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(syllables))


def made(articles: int) -> list[list[str]]:
    """The sentences of each article; the same for the same number."""
    rng = random.Random(20260101)
    things = [word(rng, 2) for _ in range(400)]
    texts = []
    for i in range(articles):
        story = random.Random(i // 10)  # ten articles tell of one firm
        firm = f"{word(story, 3).title()} {story.choice(('Group', 'Bank', 'Rail', 'Labs'))}"
        people = [f"{word(story).title()} {word(story, 3).title()}" for _ in range(3)]
        places = [word(story).title() for _ in range(3)]
        texts.append(
            [
                rng.choice(SHAPES).format(
                    **{"firm": firm, "person": rng.choice(people), "place": rng.choice(places)},
                    **{"thing": rng.choice(things), "year": rng.randint(1990, 2024), "count": rng.randint(2, 900)},
                    **{"money": rng.randint(2, 900), "age": rng.randint(20, 80)},
                )
                for _ in range(SENTENCES)
            ]
        )
    return texts


def task(articles: int) -> Any:
    from variorum import schema
    from variorum.baselines import Task
    from variorum.corpus import Document
    from variorum.records import AnnotationSet, Claim, Span
    from variorum.sources import Source

    documents, claims = [], []
    for i, sentences in enumerate(made(articles)):
        doc_id, text, at = f"d{i:05}", " ".join(sentences), 0
        fixed = {"title": "", "language": "en", "published": "2025-01-27", "sha256": "0" * 64, "rights": ""}
        documents.append(Document(Source(doc_id=doc_id, file=f"{doc_id}.txt", n_chars=len(text), **fixed), text))
        labels = {"kind": "fact", "polarity": "positive", "certainty": "certain"}
        for n, sentence in enumerate(sentences):
            span = Span(start=at, end=at + len(sentence))
            claims.append(
                Claim(claim_id=f"{doc_id}-{n:03}", doc_id=doc_id, spans=(span,), proposition=sentence, **labels)
            )
            at += len(sentence) + 1
    given = AnnotationSet(schema_version="1.0", source="made", role="gold", documents=(), claims=tuple(claims))
    return Task(tuple(documents), schema.default(), given)


def measure(articles: int) -> None:
    """One run, in this process, as JSON: seconds of the whole and of the pairs, candidates, pairs told, memory."""
    from variorum.baselines import BASELINES
    from variorum.baselines.rules import sides, similarity
    from variorum.baselines.topics import candidates

    given = task(articles)
    similarity([], [])
    start = time.process_time()
    prediction = BASELINES["rules"](given)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = sides(given)
    start = time.process_time()
    blocked = len(candidates([side.words for side in found]))
    claims = len(given.given_claims)
    row = {"articles": articles, "claims": claims, "all_pairs": claims * (claims - 1) // 2, "candidates": blocked}
    row |= {"pairs": len(prediction.contradictions or ()), "mentions": len(prediction.mentions or ())}
    row |= {"cpu_seconds": round(seconds, 2), "blocking_seconds": round(time.process_time() - start, 2)}
    print(json.dumps({**row, "peak_mib": round(peak)}))


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the two smallest sizes, nothing written")
    parser.add_argument("--job", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        measure(options.job)
        return
    rows = []
    for size in SIZES[:2] if options.quick else SIZES:
        done = subprocess.run(
            [sys.executable, __file__, "--job", str(size)], stdout=subprocess.PIPE, text=True, check=True
        )
        rows.append(json.loads(done.stdout))
        print("  ".join(f"{key} {value:,}" for key, value in rows[-1].items()), flush=True)
    for a, b in pairwise(rows):
        factors = {
            key: round(b[key] / max(a[key], 0.01), 1) for key in ("articles", "all_pairs", "candidates", "cpu_seconds")
        }
        print(f"{a['articles']:,} to {b['articles']:,} articles: times", factors)
    if not options.quick:
        machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
        head = {"date": datetime.date.today().isoformat(), **machine}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps({**head, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
