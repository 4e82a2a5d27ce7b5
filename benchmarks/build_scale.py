"""Time and memory of building a dataset of 100,000 documents and 300,000 pairs, and of a tenth of it, beside pyarrow.

    python benchmarks/build_scale.py [--runs N] [--documents N]

Each run is a process of its own. `build`: CPU seconds of everything that `variorum build` does once gold has been read:
rows, tables in row groups, card, Croissant, provenance. `plain`: the same rows (spans with their words, labels by
number, one mention, claim or pair a dict) handed to pyarrow table by table, `Table.from_pylist` and `write_table`,
with what it takes to make these dicts. The material is made, not real: documents of invented words, 3 mentions and 3
claims each, 3 pairs a document.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from variorum import dataset, schema
from variorum.corpus import Document
from variorum.dataset import tables
from variorum.dataset.columns import CONFIGS, arrow_schema, configs
from variorum.dataset.material import blocks
from variorum.records import AnnotationSet, Claim, DocumentRef, Entity, Mention, Pair, Span, Value
from variorum.sources import Block, Source

SIZES = (10_000, 100_000)  # documents
WORDS = 300  # in each
EACH = 3  # mentions, claims and pairs
ENTITIES = 1_000
RELATIONS = ("contradiction", "tension", "agreement", "neutral")


def text_of(rng: random.Random) -> str:
    return " ".join(f"{rng.choice('bdfgklm')}{rng.choice('aeiou')}{i:03}" for i in range(WORDS))


def made(documents: int) -> dataset.Material:
    """The material: texts, gold with all layers, and one annotator's judgements of the pairs."""
    rng = random.Random(0)
    found = {f"d{number:06}": text_of(rng) for number in range(documents)}
    sources = {key: _source(key, text) for key, text in found.items()}
    gold = AnnotationSet(
        schema_version="1.0",
        source="gold",
        role="gold",
        round="gold-1.0.0",
        documents=tuple(DocumentRef(doc_id=key, text_sha256=each.sha256) for key, each in sources.items()),
        mentions=tuple(m for key in found for m in mentions(key)),
        entities=tuple(Entity(entity_id=f"e-{n}", name=f"Name {n}", type="ORG") for n in range(ENTITIES)),
        claims=tuple(c for key in found for c in claims(key)),
        contradictions=tuple(p for number, key in enumerate(found) for p in pairs(key, number)),
    )
    judged = AnnotationSet(
        schema_version="1.0",
        source="ada",
        role="annotator",
        round="pairs",
        documents=gold.documents,
        contradictions=gold.contradictions,
    )
    held = {key: Document(each, found[key]) for key, each in sources.items()}
    return dataset.Material(documents=held, schema=schema.default(), gold=gold, pair_sets=(judged,), version="1.0.0")


def _source(key: str, text: str) -> Source:
    return Source(
        doc_id=key,
        file=f"{key}.txt",
        title=f"Title {key}",
        language="en",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        n_chars=len(text),
        rights="-",
        paragraphs=(Block(start=0, end=len(text)),),
    )


def mentions(key: str) -> Iterator[Mention]:
    for n in range(EACH):
        value = Value(kind="quantity", value=str(n)) if n == 0 else None
        kind, entity = ("QUANTITY", None) if value else ("ORG", f"e-{(int(key[1:]) + n) % ENTITIES}")
        level = None if value else "NAM"
        start = 60 * n
        yield Mention(
            mention_id=f"{key}-m{start}-{start + 5}",
            doc_id=key,
            start=start,
            end=start + 5,
            type=kind,
            level=level,
            entity_id=entity,
            value=value,
        )


def claims(key: str) -> Iterator[Claim]:
    for n in range(EACH):
        start = 300 * n
        yield Claim(
            claim_id=f"{key}-c{start}-{start + 59}",
            doc_id=key,
            spans=(Span(start=start, end=start + 59),),
            proposition=f"Somebody said the thing number {n} of {key} in a sentence of its own.",
            kind="fact",
            polarity="positive",
            certainty="certain",
            entities=(f"e-{n}",),
        )


def pairs(key: str, number: int) -> Iterator[Pair]:
    ids = [f"{key}-c{300 * n}-{300 * n + 59}" for n in range(EACH)]
    for at, (a, b) in enumerate(((ids[0], ids[1]), (ids[0], ids[2]), (ids[1], ids[2]))):
        relation = RELATIONS[(number + at) % 4]
        value = Value(kind="quantity", value=str(at))
        clash: dict[str, Any] = (
            {"aspect": "quantity", "value_a": value, "value_b": value} if relation[0] in "ct" else {}
        )
        yield Pair(
            pair_id=f"{a}~{b}", claim_a=a, claim_b=b, relation=relation, stratum="random", rationale="So.", **clash
        )


# --- the two ways --------------------------------------------------------------------------------------------


def built(material: dataset.Material, folder: Path) -> None:
    dataset.build(material, folder / "dataset")


def plain(material: dataset.Material, folder: Path) -> None:
    """The same tables as a script of a few lines would write them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = configs(material.schema)
    for name, rows in plain_rows(material).items():
        if rows:
            path = folder / "plain" / tables.path_of(name)
            path.parent.mkdir(parents=True)
            pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(columns[name])), path, compression="zstd")


def plain_rows(material: dataset.Material) -> dict[str, list[dict[str, Any]]]:
    """All rows as dicts, by hand."""
    texts = {key: each.text for key, each in material.documents.items()}
    number = {name: {x: n for n, x in enumerate(material.schema.names(name))} for name in material.schema.label_sets}
    gold, relations = material.gold, list(material.schema.names("relation"))
    by_id = {each.claim_id: each for each in gold.claims or ()}
    described = "\n".join(f"{x.const}: {x.description}" for x in material.schema.label_sets["relation"])

    def value(each: Value | None) -> dict[str, Any] | None:
        return each and {
            "kind": number["value_kind"][each.kind],
            "value": each.value,
            "comparator": number["comparator"][each.comparator],
        }

    found: dict[str, list[dict[str, Any]]] = {name: [] for name in CONFIGS}
    for key, document in material.documents.items():
        s = document.source
        blocks_of = [{"start": b.start, "end": b.end} for b in s.paragraphs]
        found["documents"].append(
            {"doc_id": key, "title": s.title, "language": s.language, "file": s.file, "text": document.text}
            | {"sha256": s.sha256, "block_sha256": blocks(document.text), "n_chars": s.n_chars, "rights": s.rights}
            | {"furniture": [], "paragraphs": blocks_of, "copied_from": [], "shared_runs": []}
        )
    for m in gold.mentions or ():
        found["mentions"].append(
            {"mention_id": m.mention_id, "doc_id": m.doc_id, "start": m.start, "end": m.end}
            | {"text": texts[m.doc_id][m.start : m.end], "type": number["entity_type"][m.type]}
            | {
                "level": number["level"][m.level] if m.level else None,
                "entity_id": m.entity_id,
                "value": value(m.value),
            }
        )
    for e in gold.entities or ():
        found["entities"].append({"entity_id": e.entity_id, "name": e.name, "type": number["entity_type"][e.type]})
    for c in gold.claims or ():
        text = texts[c.doc_id]
        spans = [{"start": x.start, "end": x.end, "text": text[x.start : x.end]} for x in c.spans]
        found["claims"].append(
            {"claim_id": c.claim_id, "doc_id": c.doc_id, "spans": spans, "proposition": c.proposition}
            | {"kind": number["claim_kind"][c.kind], "polarity": number["polarity"][c.polarity]}
            | {"certainty": number["certainty"][c.certainty], "entities": c.entities}
        )
    for p in gold.contradictions or ():
        a, b = by_id[p.claim_a], by_id[p.claim_b]
        votes = dict.fromkeys(number["judgement"], 0) | {p.relation: 1}
        found["contradictions"].append(
            {"pair_id": p.pair_id, "claim_a": p.claim_a, "claim_b": p.claim_b, "doc_a": a.doc_id, "doc_b": b.doc_id}
            | {"quote_a": texts[a.doc_id][a.spans[0].start : a.spans[0].end], "proposition_a": a.proposition}
            | {"quote_b": texts[b.doc_id][b.spans[0].start : b.spans[0].end], "proposition_b": b.proposition}
            | {"relation": number["relation"][p.relation], "aspect": number["aspect"][p.aspect] if p.aspect else None}
            | {"value_a": value(p.value_a), "value_b": value(p.value_b), "same_holder": True}
            | {"stratum": p.stratum, "rationale": p.rationale, "votes": votes}
        )
        title = material.documents[a.doc_id].source.title
        prompt = (
            "One article makes two claims. How do the contents of the two claims stand to each other, whoever holds "
        )
        prompt += f"them?\n\nClaim A ({title}): {a.proposition}\nClaim B ({title}): {b.proposition}\n\n{described}\n"
        found["pairs_eval"].append({"pair_id": p.pair_id, "input": prompt, "choices": relations, "target": p.relation})
    return found


WAYS = {"build": built, "plain": plain}


def measure(way: str, documents: int) -> None:
    """One run, in this process: CPU seconds, KiB that the process grew by at its peak, MiB written."""
    material = made(documents)
    import mlcroissant  # noqa: F401  most of a second to import, whatever the size
    import pyarrow.parquet  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        WAYS[way](material, Path(folder))
        seconds = time.process_time() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([seconds, peak, size]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--documents", type=int, help="this many only")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        measure(options.way, options.documents)
        return
    print(f"{'documents':>9} {'way':>6} {'CPU s':>7} {'ratio':>6} {'grew by MiB':>12} {'MiB written':>12}")
    for documents in (options.documents,) if options.documents else SIZES:
        times = {}
        for way in ("plain", "build"):
            command = [sys.executable, __file__, "--documents", str(documents), "--way", way]
            done = [subprocess.run(command, check=True, capture_output=True) for _ in range(options.runs)]
            runs = [json.loads(each.stdout) for each in done]
            times[way], peak, size = (statistics.median(run[i] for run in runs) for i in range(3))
            ratio = f"{times[way] / times['plain']:6.2f}"
            print(f"{documents:9,} {way:>6} {times[way]:7.2f} {ratio} {peak / 1024:12.0f} {size / 2**20:12.1f}")


if __name__ == "__main__":
    main()
