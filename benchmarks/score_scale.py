"""CPU seconds and peak memory of scoring, beside nervaluate, seqeval and spaCy's scorer, in one run.

    make peers
    python benchmarks/score_scale.py [--runs N] [--quick] [--ours]

Each measurement is a process of its own. The data are made: documents of 20 gold spans in 5 types, 20 characters to a
span, three quarters of the predictions right, the others with another type, another boundary, both, missed or
spurious. The clock runs while records are scored, not while libraries are imported or records made; with `from files`
it runs while they are read, too. A job of more than 2 s is run once; a peer is left out at a size for which it would
take more than 60 s. `--ours` measures our scorer anew, beside nervaluate at the two smaller sizes, and keeps the other
rows as they were. Results go to benchmarks/results/score_scale.json; .venv-peers is needed for the peers only.
"""

import argparse
import datetime
import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "score_scale.json"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
TYPES = ("PERSON", "ORG", "GPE", "LOC", "EVENT")
SPANS, WIDTH = 20, 20  # spans of a document, characters of a span's place
LIMIT = 60  # CPU seconds
LONG = 2  # CPU seconds after which a job is run only once
SIZES = (10_000, 100_000, 1_000_000)
Job = Callable[[], Any]


# --- made data -----------------------------------------------------------------------------------------------


def made_spans(total: int, in_document: int = SPANS) -> tuple[Any, Any]:
    """Gold and predicted spans as arrays of document, start, end, type."""
    rng = np.random.default_rng(20260101)
    number = np.arange(total)
    document, place = number // in_document, number % in_document
    start = place * WIDTH + rng.integers(2, 6, total)
    gold = np.stack((document, start, start + rng.integers(2, 8, total), rng.integers(5, size=total)), axis=1)
    fate, predicted = rng.random(total), gold.copy()
    predicted[:, 3] = np.where((fate > 0.75) & (fate < 0.85), (gold[:, 3] + 1) % 5, gold[:, 3])
    predicted[:, 2] += (fate > 0.80) & (fate < 0.90)
    return gold[fate < 0.95], predicted[(fate < 0.90) | (fate > 0.95)]


def annotation_set(source: str, documents: int, **layers: Any) -> Any:
    from variorum.records import AnnotationSet, DocumentRef

    listed = tuple(DocumentRef(doc_id=f"d{n}", text_sha256="0" * 64) for n in range(documents))
    return AnnotationSet(schema_version="1.0", source=source, role="system", documents=listed, **layers)


def made_sets(total: int, in_document: int = SPANS) -> list[Any]:
    """Prediction and gold."""
    from variorum.records import Mention

    sides = zip(("gold", "system"), made_spans(total, in_document), strict=True)
    return [
        annotation_set(
            source,
            -(-total // in_document),
            mentions=tuple(
                Mention(mention_id=f"m{i}", doc_id=f"d{d}", start=s, end=e, type=TYPES[t])
                for i, (d, s, e, t) in enumerate(spans.tolist())
            ),
        )
        for source, spans in sides
    ][::-1]


# --- ours ----------------------------------------------------------------------------------------------------


def imported() -> Any:
    """The scorer, with all that it imports later."""
    import scipy.optimize
    import scipy.sparse.csgraph  # noqa: F401

    from variorum import scoring as scorer

    return scorer


def scoring(sets: list[Any], resamples: int, *layers: str) -> Job:
    scorer = imported()
    config = scorer.Config(layers=layers, resamples=resamples)
    prediction, gold = sets

    def run() -> Any:
        report = scorer.score(prediction, gold, config)
        assert report.results, report.skipped
        return report

    return run


def spans(total: int, resamples: int = 0, in_document: int = SPANS) -> Job:
    return scoring(made_sets(total, in_document), resamples, "mentions")


def made_corpus(documents: int) -> Any:
    import hashlib

    from variorum import schema
    from variorum.corpus import Corpus, Document
    from variorum.sources import Source

    text = "".join(chr(97 + i % 26) for i in range(SPANS * WIDTH + WIDTH))
    rest: dict[str, Any] = {"title": "-", "language": "en", "n_chars": len(text), "rights": "-"}
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    names = [f"d{n}" for n in range(documents)]
    sources = [Source(doc_id=name, file=f"{name}.txt", sha256=sha256, **rest) for name in names]
    return Corpus(Path("nowhere"), schema.default(), {s.doc_id: Document(s, text) for s in sources})


def write_files(total: int, folder: Path) -> None:
    """Both sides as JSON, in a process of its own, so that its memory is not that of the measurement."""
    from msgspec.structs import replace

    from variorum.records import DocumentRef, to_json

    corpus = made_corpus(total // SPANS)
    listed = tuple(DocumentRef(doc_id=d, text_sha256=x.source.sha256) for d, x in corpus.documents.items())
    for each in made_sets(total):
        (folder / f"{each.source}.json").write_bytes(to_json(replace(each, documents=listed)))


def from_files(total: int, folder: Path, resamples: int = 0) -> Job:
    from variorum import formats

    corpus = made_corpus(total // SPANS)
    imported()

    def run() -> Any:
        found = [formats.read(folder / f"{name}.json", corpus) for name in ("system", "gold")]
        sets = [each.annotation_set for each in found]
        assert all(sets), [each.problems[:3] for each in found]
        return scoring(sets, resamples, "mentions")()

    return run


def made_entities(total: int) -> list[Any]:
    """Mentions of one document in entities of 8; one in five is with another entity, or missing on one side."""
    rng = np.random.default_rng(20260101)
    gold = rng.integers(total // 8, size=total)
    predicted = np.where(rng.random(total) < 0.1, rng.integers(total // 8, size=total), gold)
    return [gold, np.where(rng.random(total) < 0.1, -1, predicted)]


def entities(total: int, resamples: int = 0) -> Job:
    from variorum.records import Mention

    sets = [
        annotation_set(
            source,
            1,
            mentions=tuple(
                Mention(mention_id=f"m{i}", doc_id="d0", start=2 * i, end=2 * i + 1, type="ORG", entity_id=f"e{e}")
                for i, e in enumerate(side.tolist())
                if e >= 0
            ),
        )
        for source, side in zip(("gold", "system"), made_entities(total), strict=True)
    ]
    return scoring(sets[::-1], resamples, "entities")


def made_claims(total: int, side: int) -> tuple[Any, ...]:
    """Claims of one or two stretches, 20 in a document; a quarter of the system's are elsewhere."""
    from variorum.records import Claim, Span

    rng = np.random.default_rng([20260101, side])
    moved = np.where(rng.random(total) < 0.25, rng.integers(1, 9, total), 0) * side
    words = rng.choice(["ferry", "sank", "port", "crew", "storm", "rescued", "captain", "night"], (total, 6))
    return tuple(
        Claim(
            claim_id=f"c{i}",
            doc_id=f"d{i // SPANS}",
            spans=tuple(Span(start=at, end=at + 12) for at in starts),
            proposition=" ".join(said),
            kind="fact",
            polarity="positive",
            certainty="certain",
        )
        for i, said in enumerate(words.tolist())
        for first in [i % SPANS * 60 + int(moved[i])]
        for starts in [(first,) if i % 3 else (first, first + 20)]
    )


def made_pairs(claims: int, total: int, side: int) -> tuple[Any, ...]:
    """Judged pairs of claims, the same pairs on both sides, one judgement in five different."""
    from variorum.records import Pair, pair_id

    rng = np.random.default_rng(20260101)
    keys = np.unique(rng.integers(claims * claims, size=total + total // 4))
    first, second = keys // claims, keys % claims
    keep = np.flatnonzero(first < second)
    first, second = first[keep], second[keep]
    relation = rng.choice(4, len(first), p=(0.05, 0.05, 0.2, 0.7))
    if side:
        relation = np.where(rng.random(len(first)) < 0.2, rng.integers(4, size=len(first)), relation)
    score, names = rng.random(len(first)).round(3).tolist(), ("contradiction", "tension", "agreement", "neutral")
    return tuple(
        Pair(pair_id=pair_id(a, b), claim_a=min(a, b), claim_b=max(a, b), relation=names[r], score=s if side else None)
        for a, b, r, s in zip(
            (f"c{n}" for n in first.tolist()), (f"c{n}" for n in second.tolist()), relation.tolist(), score, strict=True
        )
    )


def claims_and_pairs(n_pairs: int, task: str, resamples: int = 0) -> Job:
    """Claims (three for ten pairs) and open pairs, or closed pairs alone."""
    from msgspec.structs import replace

    from variorum.records import ClaimsFrom, claims_sha256

    n_claims = n_pairs * 3 // 10
    made = [(made_claims(n_claims, side), made_pairs(n_claims, 2 * n_pairs, side)[:n_pairs]) for side in (0, 1)]
    gold, system = (
        annotation_set(source, n_claims // SPANS, claims=claims, contradictions=pairs)
        for source, (claims, pairs) in zip(("gold", "system"), made, strict=True)
    )
    if task == "closed":
        about = ClaimsFrom(source="gold", sha256=claims_sha256(gold.claims))
        return scoring([replace(system, claims=None, claims_from=about), gold], resamples, "contradictions")
    return scoring([system, gold], resamples, "claims", "contradictions")


# --- the others ----------------------------------------------------------------------------------------------


def by_document(side: Any, in_document: int, total: int) -> list[list[tuple[int, int, str]]]:
    found: list[list[tuple[int, int, str]]] = [[] for _ in range(-(-total // in_document))]
    for document, start, end, kind in side.tolist():
        found[document].append((start, end, TYPES[kind]))
    return found


def peer(total: int, name: str, in_document: int = SPANS) -> Job:
    """One of the peers, given what it takes: inclusive ends, tags, examples."""
    sides = [by_document(side, in_document, total) for side in made_spans(total, in_document)]
    length = (in_document + 1) * WIDTH
    if name == "nervaluate":
        from nervaluate import Evaluator

        given = [[[{"start": s, "end": e - 1, "label": t} for s, e, t in doc] for doc in side] for side in sides]
        return lambda: Evaluator(*given, tags=list(TYPES), loader="dict").evaluate()
    if name == "seqeval":
        from seqeval.metrics import classification_report
        from seqeval.scheme import IOB2

        tags = [[tagged(doc, length) for doc in side] for side in sides]
        return lambda: classification_report(*tags, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    return spacy_job(sides, length)


def tagged(document: list[tuple[int, int, str]], length: int) -> list[str]:
    tags = ["O"] * length
    for start, end, kind in document:
        tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tags


def spacy_job(sides: list[Any], length: int) -> Job:
    from spacy.scorer import Scorer
    from spacy.tokens import Doc, Span
    from spacy.training import Example
    from spacy.vocab import Vocab

    vocab = Vocab()

    def doc(spans: list[tuple[int, int, str]]) -> Any:
        made = Doc(vocab, words=["x"] * length)
        made.set_ents([Span(made, start, end, label=kind) for start, end, kind in spans])
        return made

    examples = [Example(doc(found), doc(wanted)) for wanted, found in zip(*sides, strict=True)]
    return lambda: Scorer.score_spans(examples, "ents")


def scorch(total: int) -> Job:
    from scorch.scores import b_cubed, ceaf_e, muc

    sides: list[list[set[int]]] = []
    for side in made_entities(total):
        found: dict[int, set[int]] = {}
        for mention, entity in enumerate(side.tolist()):
            if entity >= 0:
                found.setdefault(entity, set()).add(mention)
        sides.append(list(found.values()))
    return lambda: [measure(*sides) for measure in (muc, b_cubed, ceaf_e)]


# --- measuring -----------------------------------------------------------------------------------------------

JOBS: dict[str, Callable[..., Job]] = {
    "spans": spans,
    "from files": from_files,
    "entities": entities,
    "claims and open pairs": lambda size, **more: claims_and_pairs(size, "open", **more),
    "closed pairs": lambda size, **more: claims_and_pairs(size, "closed", **more),
    "nervaluate": lambda size, **more: peer(size, "nervaluate", **more),
    "seqeval": lambda size, **more: peer(size, "seqeval", **more),
    "spaCy": lambda size, **more: peer(size, "spaCy", **more),
    "scorch": scorch,
}


def measure(name: str, size: int, **options: Any) -> None:
    """One run, in this process: CPU seconds, peak MiB, and how many MiB there were before."""
    job = JOBS[name](size, **options)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    job()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak / 1024, before / 1024]))


class Bench:
    """Measurements one after the other, each printed at once and kept."""

    def __init__(self, runs: int, folder: Path, results: Path | None) -> None:
        self.runs, self.folder, self.results = runs, folder, results
        self.kept: dict[tuple[str, int | None], dict[str, Any]] = {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All rows so far."""
        return list(self.kept.values())

    def keep(self, **row: Any) -> None:
        """A row of the results, written at once; in place of one of the same name and size."""
        self.kept[row["what"], row.get("size")] = row
        if self.results:
            machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
            head = {"date": datetime.date.today().isoformat(), **machine, "numpy": np.__version__}
            self.results.parent.mkdir(exist_ok=True)
            self.results.write_text(json.dumps({**head, "rows": self.rows}, indent=1) + "\n", encoding="utf-8")

    def take(
        self, label: str, name: str, size: int, target: float | None = None, *, runs: int = 0, **options: int | str
    ) -> float:
        """The median CPU seconds of a job; nan if it failed."""
        python = str(PEERS) if name in ("nervaluate", "seqeval", "spaCy", "scorch") else sys.executable
        command = [python, __file__, "--job", json.dumps({"name": name, "size": size, **options})]
        done: list[subprocess.CompletedProcess[str]] = []
        while len(done) < (runs or self.runs):
            done.append(subprocess.run(command, capture_output=True, text=True, check=False))
            if done[-1].returncode or json.loads(done[-1].stdout)[0] > LONG:
                break
        if done[-1].returncode:
            reason = (done[-1].stderr.strip() or f"exit code {done[-1].returncode}").splitlines()[-1]
            print(f"{label:52} {size:>9,} failed: {reason}", flush=True)
            return float("nan")
        seconds, peak, before = (
            statistics.median(run[i] for run in (json.loads(each.stdout) for each in done)) for i in range(3)
        )
        row = {"what": label, "size": size, "cpu_seconds": round(seconds, 4), "target_seconds": target}
        self.keep(**row, peak_mib=round(peak), before_mib=round(before), runs=len(done))
        verdict = "" if target is None else f"{target:7g} {'met' if seconds <= target else 'MISSED'}"
        print(f"{label:52} {size:>9,} {seconds:8.3f} {peak:9.0f} {before:9.0f} {verdict}", flush=True)
        return float(seconds)

    def peers(self, name: str, sizes: tuple[int, ...]) -> None:
        """A peer at growing sizes, as long as the next is expected below the limit."""
        before, last = 0.0, 0
        for size in sizes:
            if last and before * size / last > LIMIT:
                print(f"{name:52} {size:>9,} left out: about {before * size / last:.0f} s expected", flush=True)
                continue
            before, last = self.take(name, name, size, runs=1 if before > 1 else 0), size


def all_of_them(bench: Bench, sizes: tuple[int, ...], ours: bool) -> None:
    top = sizes[-1]
    full = top == SIZES[-1]
    one = bench.take("one document of 10,000 spans", "spans", 10_000, runs=9, in_document=10_000)
    many = bench.take("500 documents of 20 spans", "spans", 10_000, runs=9)
    bench.keep(what="one document against 500, ratio", ratio=round(one / many, 2), target_ratio=1.5)
    print(f"one document against 500: {one / many:.2f} times (target 1.5)", flush=True)
    for size in (10_000, 100_000):
        target = 0.5 if size == 100_000 else None
        bench.take("entities, mentions of one document", "entities", size, target)
        bench.take("entities, with intervals", "entities", size, resamples=1000)
    for size in sizes:
        at_top = full and size == top
        bench.take("spans, four measures by type", "spans", size, 1.0 if at_top else None)
        bench.take("spans, with intervals", "spans", size, 2.0 if at_top else None, resamples=1000)
        folder = bench.folder / str(size)
        folder.mkdir()
        subprocess.run([sys.executable, __file__, "--files", str(folder), str(size)], check=True)
        bench.take("spans, from files", "from files", size, 4.0 if at_top else None, folder=str(folder))
        bench.take("spans, from files, with intervals", "from files", size, folder=str(folder), resamples=1000)
    for size in (top // 100, top // 10, top):
        goal = 10.0 if full and size == top else None
        for name in ("claims and open pairs", "closed pairs"):
            bench.take(f"{name} (size: pairs)", name, size, goal)
            bench.take(f"{name}, with intervals", name, size, goal, resamples=1000)
    if not PEERS.is_file():
        print("no .venv-peers: the peers are left out; `make peers` makes it")
        return
    if ours:
        bench.peers("nervaluate", sizes[:2])
        return
    for name in ("nervaluate", "seqeval", "spaCy"):
        bench.peers(name, sizes)
    bench.take("nervaluate, one document of 10,000 spans", "nervaluate", 10_000, runs=1, in_document=10_000)
    bench.peers("scorch", (1_000, 10_000))


def growth(bench: Bench) -> None:
    """How the seconds grow with each tenfold size."""
    for what in dict.fromkeys(row["what"] for row in bench.rows if "size" in row):
        found = [(row["size"], row["cpu_seconds"]) for row in bench.rows if row["what"] == what]
        if len(found) > 1:
            factors = ", ".join(f"{b[1] / a[1]:.1f}" for a, b in pairwise(found))
            bench.keep(what=f"growth: {what}", factors=factors)
            print(f"growth for ten times the size: {what}: {factors}")


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="the two smaller sizes, nothing written")
    parser.add_argument("--ours", action="store_true", help="ours and two of nervaluate; the other rows are kept")
    parser.add_argument("--job", type=json.loads, help=argparse.SUPPRESS)
    parser.add_argument("--files", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.files:
        write_files(int(options.files[1]), Path(options.files[0]))
        return
    if options.job:
        folder = {"folder": Path(options.job["folder"])} if "folder" in options.job else {}
        measure(**options.job | folder)
        return
    print(f"{'':52} {'size':>9} {'CPU s':>8} {'peak MiB':>9} {'of these before':>9} target", flush=True)
    with tempfile.TemporaryDirectory() as folder_name:
        bench = Bench(options.runs, Path(folder_name), None if options.quick else RESULTS)
        if options.ours:
            bench.kept = {(row["what"], row.get("size")): row for row in json.loads(RESULTS.read_bytes())["rows"]}
        all_of_them(bench, SIZES[:2] if options.quick else SIZES, options.ours)
        growth(bench)


if __name__ == "__main__":
    main()
