"""How the time and memory of `check_set` grow: a set of 100,000 mentions and 30,000 claims, and a tenth of it.

    python benchmarks/check_scale.py [--runs N]

Each run is a process of its own: CPU seconds of the check alone, and the peak memory of the process, which
includes the texts and the set's bytes. The set is made, not real: documents of 200 mentions and 60 claims in
invented words, a third of the spans as quotes.
"""

import argparse
import hashlib
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from variorum import schema
from variorum.checks import check_set
from variorum.corpus import Corpus, Document
from variorum.sources import Source

MENTIONS, CLAIMS = 200, 60  # in each document
SIZES = (50, 500)  # documents


def made_document(number: int, rng: random.Random) -> Document:
    """A document of unlike words, so that every quote stands once."""
    words = [f"{rng.choice('bdfgklmnprst')}{rng.choice('aeiou')}{number:03}{i:04}" for i in range(MENTIONS * 3)]
    text = " ".join(words)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    source = Source(
        doc_id=f"{number:03}",
        file=f"{number:03}.txt",
        title="-",
        language="en",
        sha256=sha256,
        n_chars=len(text),
        rights="-",
    )
    return Document(source, text)


def made_records(document: Document) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Mentions, entities and claims of one document."""
    doc_id, text = document.doc_id, document.text
    spans, at = [], 0
    for i, word in enumerate(text.split(" ")):
        quote = {"quote": word} if i % 3 == 0 else {"start": at, "end": at + len(word), "text": word}
        spans.append((word, quote))
        at += len(word) + 1
    mentions: list[dict[str, Any]] = []
    entities: list[dict[str, Any]] = []
    for i in range(MENTIONS):
        word, span = spans[3 * i + i % 3]
        mention: dict[str, Any] = {"mention_id": f"{doc_id}-m{i}", "doc_id": doc_id, **span}
        if i % 10 == 0:
            day = f"{1990 + i % 30}-{1 + i % 12:02}-{1 + i % 28:02}"
            mention |= {"type": "DATE", "value": {"kind": "date", "value": day}}
        else:
            if i % 10 in (1, 6):
                entities.append({"entity_id": f"e-{word}", "name": word, "type": "ORG"})
            mention |= {"type": "ORG", "level": "NAM", "entity_id": entities[-1]["entity_id"]}
        mentions.append(mention)
    claims = [
        {
            "claim_id": f"{doc_id}-c{i}",
            "doc_id": doc_id,
            "spans": [spans[4 * i][1], spans[4 * i + 2][1]],
            "proposition": f"The thing called {spans[4 * i][0]} was {spans[4 * i + 1][0]} in the year it was made.",
            "kind": "fact",
            "polarity": "positive",
            "certainty": "certain",
            "holder": mentions[i - i % 10 + 1]["mention_id"],
            "cue": spans[4 * i + 3][1],
            "time": str(1990 + i % 30),
            "entities": [entities[i % len(entities)]["entity_id"]],
        }
        for i in range(CLAIMS)
    ]
    return mentions, entities, claims


def made(documents: int) -> tuple[Corpus, bytes]:
    """A corpus in memory, and a set that covers it."""
    rng = random.Random(0)
    all_documents = [made_document(number, rng) for number in range(documents)]
    header = [{"doc_id": d.doc_id, "text_sha256": d.source.sha256} for d in all_documents]
    value: dict[str, Any] = {
        "schema_version": "1.0",
        "source": "made",
        "role": "annotator",
        "guideline_version": "1",
        "round": "articles",
        "documents": header,
    }
    layers = [made_records(document) for document in all_documents]
    for name, records in zip(("mentions", "entities", "claims"), zip(*layers, strict=True), strict=True):
        value[name] = [record for part in records for record in part]
    return Corpus(Path(), schema.default(), {d.doc_id: d for d in all_documents}), json.dumps(value).encode()


def measure(documents: int) -> None:
    """One run, in this process: CPU seconds, peak KiB, problems, bytes of the set."""
    corpus, data = made(documents)
    start = time.process_time()
    checked = check_set(data, "made.json", corpus)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak, len(checked.problems), len(data)]))


def run(documents: int) -> list[float]:
    """One run, in a process of its own."""
    command = [sys.executable, __file__, "--documents", str(documents)]
    numbers: list[float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return numbers


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--documents", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.documents:
        measure(options.documents)
        return
    print(f"{'mentions':>9} {'claims':>7} {'MiB file':>9} {'CPU s':>7} {'peak MiB':>9} {'problems':>9}")
    medians = []
    for documents in SIZES:
        runs = [run(documents) for _ in range(options.runs)]
        seconds, peak = (statistics.median(r[i] for r in runs) for i in (0, 1))
        size, problems = runs[0][3] / 2**20, int(runs[0][2])
        medians.append((seconds, peak))
        counts = f"{documents * MENTIONS:9,} {documents * CLAIMS:7,}"
        print(f"{counts} {size:9.1f} {seconds:7.2f} {peak / 1024:9.0f} {problems:9}")
    (small, low), (large, high) = medians
    print(f"growth for {SIZES[1] // SIZES[0]} times the size: CPU {large / small:.1f}, memory {high / low:.1f}")


if __name__ == "__main__":
    main()
