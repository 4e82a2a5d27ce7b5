"""CPU seconds and peak memory of agreement: alpha with an interval beside krippendorff, and the whole report.

    make peers
    python benchmarks/agreement_scale.py [--runs N] [--quick]

Each measurement is a process of its own; the clock runs while figures are computed, not while libraries are imported or
data made. Memory is the peak above what there was when the data were ready. The items are made: 3 annotators, 5
categories, a tenth of the labels missing. `alpha with interval` is alpha and 1,000 resamples of the items; krippendorff
is one call of `krippendorff.alpha` without any interval, given the matrix that it asks for. The report is of 3
annotators with all four layers: 100 mentions, 30 claims and 100 pairs an article, 40 paragraphs an article, 1,000
resamples. Results go to benchmarks/results/agreement_scale.json.
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
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "agreement_scale.json"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
CATEGORIES, ANNOTATORS = 5, 3
MENTIONS, CLAIMS, PAIRS, PARAGRAPHS, LINE = 100, 30, 100, 40, 120
TYPES = ("PERSON", "ORG", "GPE", "LOC", "EVENT", "DATE")
RELATIONS = ("contradiction", "tension", "agreement", "neutral")
Job = Callable[[], Any]


# --- items ---------------------------------------------------------------------------------------------------


def made_items(size: int) -> Any:
    """Annotators by items."""
    rng = np.random.default_rng(20260101)
    truth = rng.integers(CATEGORIES, size=size, dtype=np.int8)
    rows = []
    for _ in range(ANNOTATORS):
        row = np.where(rng.random(size) < 0.2, rng.integers(CATEGORIES, size=size, dtype=np.int8), truth)
        row[rng.random(size) < 0.1] = -1
        rows.append(row)
    return np.stack(rows)


def alpha_with_interval(size: int) -> Job:
    from variorum.agreement import estimate, profiles

    rows = made_items(size)
    return lambda: estimate(profiles(list(rows), CATEGORIES), CATEGORIES).value


def krippendorff(size: int) -> Job:
    from krippendorff import alpha

    rows = made_items(size).astype(float)
    rows[rows < 0] = np.nan
    return lambda: float(alpha(rows, level_of_measurement="nominal"))


# --- a corpus ------------------------------------------------------------------------------------------------


def annotated(articles: int, annotator: int) -> Any:
    """One annotator's set; what two of them have is the same in nine cases of ten."""
    from variorum.records import AnnotationSet, ClaimsFrom, DocumentRef, Entity

    rng, common = np.random.default_rng(annotator), np.random.default_rng(99)
    off = rng.random((articles, 3, MENTIONS)) < 0.1
    drawn = common.integers(1000, size=(articles, 3, MENTIONS))
    each = [(a, off[a].tolist(), drawn[a].tolist()) for a in range(articles)]
    pairs = {pair.pair_id: pair for one in each for pair in made_pairs(*one, articles)}
    return AnnotationSet(
        schema_version="1.0",
        source=f"a{annotator}",
        role="annotator",
        round="all",
        guideline_version="1",
        claims_from=ClaimsFrom(source="consolidated", sha256="0" * 64),
        documents=tuple(DocumentRef(doc_id=f"d{a:04}", text_sha256="0" * 64) for a in range(articles)),
        mentions=tuple(mention for one in each for mention in made_mentions(*one)),
        entities=tuple(Entity(entity_id=f"e{i}", name=f"e{i}", type="ORG") for i in range(20 * articles)),
        claims=tuple(claim for one in each for claim in made_claims(*one)),
        contradictions=tuple(pairs.values()),
    )


def made_mentions(article: int, off: Any, drawn: Any) -> Any:
    """Entities are shared by five articles each."""
    from variorum.records import Mention

    doc = f"d{article:04}"
    for i, (where, kind, entity) in enumerate(zip(*drawn, strict=True)):
        start = i * (PARAGRAPHS * LINE // MENTIONS) + where % 20
        name = f"e{20 * (article - article % 5) + (entity + off[2][i]) % 20}"
        rest = {"type": TYPES[(kind + off[0][i]) % len(TYPES)], "level": "NAM", "entity_id": name}
        yield Mention(mention_id=f"{doc}-m{i}", doc_id=doc, start=start, end=start + 8 + off[1][i], **rest)


def made_claims(article: int, off: Any, _: Any) -> Any:
    from variorum.records import Claim, Span

    for i in range(CLAIMS):
        start = i * (PARAGRAPHS * LINE // CLAIMS) + 5
        rest = {"kind": "opinion" if off[0][i] else "fact", "certainty": "hedged" if off[2][i] else "certain"}
        yield Claim(
            claim_id=f"d{article:04}-c{i}",
            doc_id=f"d{article:04}",
            spans=(Span(start=start, end=start + 80 + 20 * off[1][i]),),
            proposition=f"word {i} said",
            polarity="positive",
            **rest,
        )


def made_pairs(article: int, off: Any, drawn: Any, articles: int) -> Any:
    """Every claim of an article with some of the next ones."""
    from variorum.records import Pair

    for i in range(PAIRS):
        other = (article + 1 + i // CLAIMS) % articles
        one, two = sorted((f"d{article:04}-c{i % CLAIMS}", f"d{other:04}-c{7 * i % CLAIMS}"))
        relation = RELATIONS[(drawn[0][i] + off[0][i]) % len(RELATIONS)]
        rest = {"relation": relation, "aspect": "time" if relation in RELATIONS[:2] else None, "stratum": "listed"}
        yield Pair(pair_id=f"{one}~{two}", claim_a=one, claim_b=two, **rest)


def report(articles: int, resamples: int = 1000) -> Job:
    import scipy.optimize
    import scipy.sparse.csgraph  # noqa: F401

    from variorum import schema
    from variorum.agreement import Config, Knowledge, between
    from variorum.scoring import Layout

    sets = [annotated(articles, annotator) for annotator in range(ANNOTATORS)]
    names = [f"d{a:04}" for a in range(articles)]
    paragraphs = {name: [(LINE * p, LINE * (p + 1) - 1) for p in range(PARAGRAPHS)] for name in names}
    text = "some words of six letters each " * (PARAGRAPHS * LINE // 31 + 1)
    known = Knowledge(schema.default(), Layout({}, paragraphs), {name: text[: PARAGRAPHS * LINE] for name in names})

    def run() -> Any:
        (found,) = between(sets, known, Config(resamples=resamples)).comparisons
        assert found.results and not found.skipped, found.skipped
        return found

    return run


# --- measuring -----------------------------------------------------------------------------------------------

JOBS: dict[str, Callable[..., Job]] = {
    "alpha with interval": alpha_with_interval,
    "krippendorff": krippendorff,
    "report": report,
    "report, no intervals": lambda size: report(size, 0),
}


def measure(name: str, size: int) -> None:
    """One run, in this process: CPU seconds, peak MiB above what there was before."""
    job = JOBS[name](size)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    result = job()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    shown = result if isinstance(result, float) else None
    print(json.dumps([seconds, (peak - before) / 1024, peak / 1024, shown]))


def taken(name: str, size: int, runs: int) -> dict[str, Any] | None:
    """The medians of some runs; None if it failed."""
    python = str(PEERS) if name == "krippendorff" else sys.executable
    command = [python, __file__, "--job", json.dumps({"name": name, "size": size})]
    done = []
    for _ in range(runs):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            print(f"{name:24} {size:>9,} failed: {(ran.stderr.strip() or '-').splitlines()[-1]}", flush=True)
            return None
        done.append(json.loads(ran.stdout))
    seconds, above, peak = (statistics.median(run[at] for run in done) for at in range(3))
    value = "" if done[0][3] is None else f"{done[0][3]:.6f}"
    print(f"{name:24} {size:>9,} {seconds:8.3f} {above:9.0f} {peak:9.0f} {value}", flush=True)
    return {
        "what": name,
        "size": size,
        "cpu_seconds": round(seconds, 4),
        "above_mib": round(above),
        "peak_mib": round(peak),
        "value": done[0][3],
        "runs": runs,
    }


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, nothing written")
    parser.add_argument("--job", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        measure(**options.job)
        return
    print(f"{'':24} {'size':>9} {'CPU s':>8} {'above MiB':>9} {'peak MiB':>9} value", flush=True)
    part = 10 if options.quick else 1
    peers = ["krippendorff"] if PEERS.is_file() else []
    if not peers:
        print("no .venv-peers: krippendorff is left out; `make peers` makes it")
    items = [(name, size // part) for size in (100_000, 1_000_000) for name in ("alpha with interval", *peers)]
    articles = [(name, size // part) for size in (100, 1_000) for name in ("report", "report, no intervals")]
    rows = [taken(name, size, options.runs) for name, size in items]
    rows += [taken(name, size, 1) for name, size in articles]
    if not options.quick:
        machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
        head = {"date": datetime.date.today().isoformat(), **machine, "numpy": np.__version__}
        RESULTS.parent.mkdir(exist_ok=True)
        kept = {**head, "rows": [row for row in rows if row]}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
