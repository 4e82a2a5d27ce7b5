"""What results/score_scale.json says: as tables in benchmarks/README.md, and as docs/images/scoring_growth.svg.

pip install variorum[plots]
python benchmarks/score_report.py
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "score_scale.json"
PICTURE = HERE.parent / "docs" / "images" / "scoring_growth.svg"
PAGE = HERE / "README.md"
START, END = "<!-- score_scale.json -->", "<!-- /score_scale.json -->"
SHOWN = {  # what is measured: its name in the picture, whether it is ours
    "spans, four measures by type": ("spans, from records", True),
    "spans, with intervals": ("spans, with intervals", True),
    "spans, from files": ("spans, from files", True),
    "claims and open pairs (size: pairs)": ("claims and open pairs", True),
    "closed pairs (size: pairs)": ("closed pairs", True),
    "closed pairs, with intervals": ("closed pairs, with intervals", True),
    "nervaluate": ("nervaluate, spans", False),
    "seqeval": ("seqeval, spans", False),
    "spaCy": ("spaCy, spans", False),
}


def plot(rows: list[dict[str, Any]], picture: Path) -> None:
    """Both axes logarithmic, so that linear growth is a line as steep as the dotted one."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "variorum", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.6), layout="constrained")
    for what, (name, ours) in SHOWN.items():
        found = sorted((row["size"], row["cpu_seconds"]) for row in rows if row["what"] == what)
        if found:
            axes.plot(*zip(*found, strict=True), "o-" if ours else "s--", label=name, markersize=4)
    axes.plot((1e4, 1e6), (0.01, 1), ":", color="gray", label="linear growth")
    axes.set(xscale="log", yscale="log", xlabel="spans, or pairs, on either side", ylabel="CPU seconds")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, metadata={"Date": None})


def tables(results: dict[str, Any]) -> str:
    """What was measured by size in one table, single measurements in another."""
    rows = [row for row in results["rows"] if "cpu_seconds" in row]
    sizes = sorted({row["size"] for row in rows if row["what"] in SHOWN})
    by_size: dict[str, dict[int, dict[str, Any]]] = {}
    for row in rows:
        by_size.setdefault(row["what"], {})[row["size"]] = row
    head = f"{results['date']}, {results['cpus']} CPUs ({results['machine']}), Python {results['python']}:"
    lines = [head, "", "| CPU seconds at | " + " | ".join(f"{size:,}" for size in sizes) + " | target at the last |"]
    lines.append("| --- |" + " ---: |" * (len(sizes) + 1))
    for what, found in by_size.items():
        if len(found) > 1:
            last = found[max(found)]
            cells = (f"{found[size]['cpu_seconds']:.2g}" if size in found else "" for size in sizes)
            lines.append(f"| {what} | {' | '.join(cells)} | {last['target_seconds'] or ''} |")
    lines += ["", "| once | spans or mentions | CPU s | peak MiB |", "| --- | ---: | ---: | ---: |"]
    most = [(what, max(found.items())) for what, found in by_size.items() if len(found) == 1 or "files" in what]
    lines += [f"| {w} | {size:,} | {row['cpu_seconds']:.2g} | {row['peak_mib']} |" for w, (size, row) in most]
    lines += [f"| {row['what']} | | {row['ratio']} | |" for row in results["rows"] if "ratio" in row]
    return "\n".join(lines)


def main() -> None:
    """Put the tables between the marks of the page, and draw the picture."""
    results = json.loads(RESULTS.read_bytes())
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{tables(results)}\n{END}{after}", encoding="utf-8")
    plot(results["rows"], PICTURE)
    print(f"{PAGE.relative_to(HERE.parent)} and {PICTURE.relative_to(HERE.parent)} are written")


if __name__ == "__main__":
    main()
