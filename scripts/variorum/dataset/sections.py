"""The text of the dataset card. What it says of the data, numbers and reservations alike, is read off the data."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from variorum import reuse
from variorum.adjudication import judgements
from variorum.dataset.columns import Column
from variorum.dataset.fields import field_table
from variorum.dataset.material import Material, measured

MARK = "variorum:canary"
DEFAULT = "contradictions"
LICENCE_NAME = "annotations-cc-by-4.0-texts-of-their-publishers"
TRIAL = "0."  # how the version of a trial begins


class TableInfo(NamedTuple):
    """What the card says of one config."""

    name: str
    columns: tuple[Column, ...]
    n_rows: int
    n_bytes: int
    file_bytes: int
    sha256: str
    example: dict[str, Any]


def body(material: Material, tables: Sequence[TableInfo]) -> Iterator[str]:
    """The card below its front matter, line by line."""
    yield from ("# Variorum", "", "Articles that tell one story, annotated for entities, claims and contradictions.")
    yield from _state(material)
    yield from ("", "```python", "from datasets import load_dataset")
    yield from (f'load_dataset("PATH/TO/THIS/FOLDER", "{default_config(tables)}", split="test")', "```")
    yield from _configs(tables)
    yield from _relations(material)
    yield from _annotators(material)
    yield from _articles(material)
    yield from _copied(material)
    yield from _limits(material)
    yield from _licence()
    yield from _citation(material)
    yield from _fields(tables)


def canary(material: Material) -> str:
    """A string that, found in a model's training data, shows that this corpus was in it; fixed by the texts."""
    hashes = " ".join(sorted(document.source.sha256 for document in material.documents.values()))
    return f"{MARK}:{uuid.uuid5(uuid.NAMESPACE_URL, hashes)}"


def default_config(tables: Sequence[TableInfo]) -> str:
    """The config that is loaded if none is named: the pairs, or the first one as long as no pair is judged."""
    names = [table.name for table in tables]
    return DEFAULT if DEFAULT in names else names[0]


def _table(*cells: object) -> str:
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def _state(material: Material) -> Iterator[str]:
    yield ""
    if material.version.startswith(TRIAL):
        yield f"**Version {material.version} is a trial of the whole path and no benchmark yet.** All labels may"
        yield "change. Please cite neither it nor a figure computed on it."
    else:
        yield f"Version {material.version}."
    yield "One split, `test`: this is no training data. Canary, please keep it with the data:"
    yield f"`{canary(material)}`"


def _configs(tables: Sequence[TableInfo]) -> Iterator[str]:
    yield from ("", "## Configs", "", _table("config", "rows"), "|---|---:|")
    yield from (_table(f"`{table.name}`", table.n_rows) for table in tables)


def _relations(material: Material) -> Iterator[str]:
    pairs = material.gold.contradictions or ()
    tally = Counter(pair.relation for pair in pairs)
    yield from ("", "## Relations of the judged pairs", "", _table("relation", "pairs", "meaning"), "|---|---:|---|")
    for label in material.schema.label_sets["relation"]:
        yield _table(label.const, tally[label.const], label.description)
    if pairs:
        yield from ("", *_strata(Counter(pair.stratum for pair in pairs)))


def _strata(tally: Counter[str | None]) -> Iterator[str]:
    """How the pairs came to be judged, on which the mix of relations depends."""
    if set(tally) == {None}:
        yield "`stratum` is null in every row: how the pairs came to be judged is not recorded. So the mix of relations"
        yield "says nothing about how frequent they are, and nobody knows how many conflicts are missing."
        return
    named = ", ".join(f"{name or 'not recorded'} {count}" for name, count in sorted(tally.items(), key=str))
    yield f"How the pairs came to be judged (`stratum`): {named}. The mix of relations depends on it."


# --- who annotated -------------------------------------------------------------------------------------------


def _annotators(material: Material) -> Iterator[str]:
    described = {each.source: each for each in material.sources}
    titles = {label.const: label.title for label in material.schema.label_sets["annotator_kind"]}
    yield from ("", "## Who annotated", "", _table("source", "kind", "rounds", "what it is"), "|---|---|---|---|")
    for source, rounds in sorted(_rounds_of(material).items()):
        found = described.get(source)
        kind, what = (titles[found.kind], found.description) if found else ("not recorded", "not recorded")
        yield _table(source, kind, ", ".join(rounds), what)
    yield from ("", *_reservations(material))


def _rounds_of(material: Material) -> dict[str, list[str]]:
    """The rounds of each source."""
    pairs = sorted({(each.source, each.round or "-") for each in material.annotators})
    return {source: [name for other, name in pairs if other == source] for source, _ in pairs}


def _reservations(material: Material) -> Iterator[str]:
    """What the labels are worth, as far as it follows from who made them."""
    sources = _rounds_of(material)
    recorded = {each.source: each.kind for each in material.sources}
    kinds = {recorded.get(source) for source in sources}
    if "language_model" in kinds:
        yield "Runs of one language model agree with each other far more than people would: agreement between them is"
        yield "no evidence of quality."
    if kinds == {"language_model"}:
        yield "No person has labelled anything here."
    if len(sources) == 1:
        yield "**All labels are those of one annotator: nobody gave a second opinion, and agreement is undefined.**"
    voted = judgements(material.pair_sets)
    pairs = material.gold.contradictions or ()
    if pairs and len(sources) > 1:
        twice = sum(len(voted.get(pair.pair_id, ())) > 1 for pair in pairs)
        yield f"Of {len(pairs)} judged pairs {twice} were judged by more than one annotator (`votes`)."


# --- articles ------------------------------------------------------------------------------------------------


def _articles(material: Material) -> Iterator[str]:
    yield from ("", "## Articles and their rights", "", _table("doc_id", "title", "publisher", "rights"))
    yield "|---|---|---|---|"
    for key in sorted(material.documents):
        source = material.documents[key].source
        yield _table(key, source.title, source.publisher or "not known", source.rights)


def _copied(material: Material) -> Iterator[str]:
    """Which articles share passages, and how much of each: a statement in two of them may be one observation."""
    yield from ("", "## Passages that articles share", "")
    entries = [(key, each) for key in sorted(material.documents) for each in material.documents[key].source.copied_from]
    if not entries:
        yield f"No two articles share a run of {reuse.MIN_WORDS} or more words outside furniture."
        return
    yield f"Runs of {reuse.MIN_WORDS} or more words in a row that stand in two articles, outside furniture, and"
    yield "the share of each article's words that lies in them. A sentence that stands in several articles is not"
    yield "several pieces of evidence. The measure does not tell who copied whom, nor a copy from a common source, and"
    yield "it sees no paraphrase."
    yield from ("", _table("article", "other", "runs", "share of the article", "share of the other"))
    yield "|---|---|---:|---:|---:|"
    told = measured(material)
    for key in sorted(material.documents):
        for entry, (here, there) in zip(material.documents[key].source.copied_from, told[key].shares, strict=True):
            yield _table(key, entry.doc_id, len(entry.runs), f"{here:.0%}", f"{there:.0%}")


# --- reservations, licence, fields ---------------------------------------------------------------------------


def _limits(material: Material) -> Iterator[str]:
    yield from ("", "## Limits", "")
    yield f"* {len(material.documents)} articles of one story stand for nothing but themselves; no figure computed on"
    yield "  them can be carried over to news in general."
    yield "* The claims are what the articles say. The dataset does not say what is true, of anybody or anything."
    yield "* Furniture of the pages is not labelled. Pairs that nobody judged are not known to be neutral."
    yield "* Not for training, nor for ranking publishers."


def _licence() -> Iterator[str]:
    yield from ("", "## Licence", "")
    yield "Annotations: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). Code: Apache-2.0."
    yield "**The texts belong to their publishers and no licence of ours covers them**; what is known of the rights"
    yield "stands with each article above. That is why the front matter says `other`: one licence there would be read"
    yield "as covering the texts, too."


def _citation(material: Material) -> Iterator[str]:
    yield from ("", "## Citation", "")
    if material.version.startswith(TRIAL):
        yield "A trial is not to be cited. Where its name is needed:"
    yield f"{', '.join(material.citation.authors)}: *{material.citation.title}*, version {material.version}."


def _fields(tables: Sequence[TableInfo]) -> Iterator[str]:
    yield from ("", "## Fields")
    for table in tables:
        yield from ("", f"### {table.name}", "", *field_table(table.columns))
