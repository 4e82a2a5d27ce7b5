"""Time and memory of reading a large prediction from disk: 1,000,000 mentions in 50,000 documents, and a tenth of it.

    python benchmarks/read_scale.py [--runs N]

Each run is a process of its own: CPU seconds of `formats.read` alone, and the peak memory of the process, which
includes the texts. The prediction is made, not real: documents of 20 mentions in invented words.
"""

import argparse
import hashlib
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from variorum import formats, schema
from variorum.corpus import Corpus, Document
from variorum.sources import Source

MENTIONS = 20  # in each document
SIZES = (5_000, 50_000)  # documents
KINDS = ("json", "jsonl")


def made_corpus(documents: int) -> Corpus:
    rng, made = random.Random(0), {}
    for number in range(documents):
        text = " ".join(f"{rng.choice('bdfgklm')}{rng.choice('aeiou')}{i:02}" for i in range(3 * MENTIONS))
        source = Source(
            doc_id=f"d{number:05}",
            file=f"d{number:05}.txt",
            title="-",
            language="en",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            n_chars=len(text),
            rights="-",
        )
        made[source.doc_id] = Document(source, text)
    return Corpus(Path("nowhere"), schema.default(), made)


def write(corpus: Corpus, path: Path) -> None:
    """A prediction that covers the corpus, as JSON or JSON Lines."""
    documents = [{"doc_id": d.doc_id, "text_sha256": d.source.sha256} for d in corpus.documents.values()]
    header = {"schema_version": "1.0", "source": "made", "role": "system", "documents": documents}
    mentions = (
        {"mention_id": f"{d.doc_id}-m{i}", "doc_id": d.doc_id, "start": 15 * i, "end": 15 * i + 4}
        | {"text": d.text[15 * i : 15 * i + 4], "type": ("ORG", "GPE", "PERSON")[i % 3]}
        for d in corpus.documents.values()
        for i in range(MENTIONS)
    )
    with path.open("w", encoding="utf-8") as file:
        if path.suffix == ".json":
            json.dump({**header, "mentions": list(mentions)}, file)
        else:
            file.write(json.dumps(header) + "\n")
            file.writelines(json.dumps({"layer": "mentions", **mention}) + "\n" for mention in mentions)


def measure(documents: int, path: Path) -> None:
    """One run, in this process: CPU seconds, peak KiB, how many mentions were read."""
    corpus = made_corpus(documents)
    start = time.process_time()
    found = formats.read(path, corpus)
    seconds = time.process_time() - start
    assert found.annotation_set, found.problems[:3]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak, len(found.annotation_set.mentions or ())]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--documents", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.documents:
        measure(options.documents, options.path)
        return
    print(f"{'format':>6} {'mentions':>9} {'MiB file':>9} {'CPU s':>7} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for documents in SIZES:
            corpus = made_corpus(documents)
            for kind in KINDS:
                path = Path(folder) / f"made.{kind}"
                write(corpus, path)
                command = [sys.executable, __file__, "--documents", str(documents), "--path", str(path)]
                done = [subprocess.run(command, check=True, capture_output=True) for _ in range(options.runs)]
                runs = [json.loads(each.stdout) for each in done]
                seconds, peak = (statistics.median(run[i] for run in runs) for i in (0, 1))
                size = path.stat().st_size / 2**20
                print(f"{kind:>6} {runs[0][2]:9,} {size:9.1f} {seconds:7.2f} {peak / 1024:9.0f}")


if __name__ == "__main__":
    main()
