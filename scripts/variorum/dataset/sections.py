"""The text of the dataset card. What it says of the data, numbers and reservations alike, is read off the data."""

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from variorum import reuse
from variorum.dataset import conflicts, contrast, labels, statements, worth
from variorum.dataset.citation import bibtex, licence_address
from variorum.dataset.columns import ABOUT, Column, Each, Labels, Struct, Type
from variorum.dataset.fields import field_table
from variorum.dataset.markdown import table
from variorum.dataset.material import Material, measured
from variorum.schema import Schema

MARK = "variorum:canary"
DEFAULT = "contradictions"
TRIAL = "0."  # how the version of a trial begins
SHOWN = 160  # characters of a string in an example row


class TableInfo(NamedTuple):
    """What the card says of one config; `example` is one of its rows as it is stored."""

    name: str
    columns: tuple[Column, ...]
    n_rows: int
    n_bytes: int
    file_bytes: int
    sha256: str
    example: dict[str, Any]


def body(material: Material, tables: Sequence[TableInfo]) -> Iterator[str]:
    """The card below its front matter, line by line."""
    yield from (f"# {material.citation.name}", "")
    yield (
        material.citation.abstract or "Articles that tell one story, annotated for entities, claims and contradictions."
    )
    yield from _state(material)
    yield from conflicts.section(material)
    yield from _use(material, tables)
    yield from worth.section(material)
    yield from contrast.section(material)
    yield from _articles(material)
    yield from _copied(material)
    yield from ("", "## Limits", "", *(f"* {line}" for line in statements.limits(material)))
    yield from _licence(material)
    yield from _citation(material)
    yield from labels.section(material)
    yield from _fields(material, tables)


def canary(material: Material) -> str:
    """A string that, found in a model's training data, shows that this corpus was in it; fixed by the texts."""
    hashes = " ".join(sorted(document.source.sha256 for document in material.documents.values()))
    return f"{MARK}:{uuid.uuid5(uuid.NAMESPACE_URL, hashes)}"


def default_config(tables: Sequence[TableInfo]) -> str:
    """The config that is loaded if none is named: the pairs, or the first one as long as no pair is judged."""
    names = [each.name for each in tables]
    return DEFAULT if DEFAULT in names else names[0]


def _state(material: Material) -> Iterator[str]:
    yield ""
    if material.version.startswith(TRIAL):
        yield f"**Version {material.version} is a trial of the whole path and no benchmark yet.** All labels may"
        yield "change. Please cite neither it nor a figure computed on it."
    else:
        yield f"Version {material.version}."
    if not material.has_texts:
        yield from (
            "",
            "**This edition has no texts:** hashes, lengths and offsets stand for them, and every column that quotes",
        )
        yield "a text is null. Titles are here. With your own copies of the articles in a folder DIR,"
        yield "`variorum rehydrate FOLDER --texts DIR` makes it the full edition, unless they are other texts."
    yield from ("", "One split, `test`: this is no training data. Canary, please keep it with the data:")
    yield f"`{canary(material)}`"


def _use(material: Material, tables: Sequence[TableInfo]) -> Iterator[str]:
    yield from ("", "## How to load it", "", "```python", "from datasets import load_dataset", "")
    yield f'rows = load_dataset("PATH/TO/THIS/FOLDER", "{default_config(tables)}", split="test")'
    yield "```"
    yield from table(
        ("config", "rows ", "a row is one of"), ((f"`{each.name}`", each.n_rows, ABOUT[each.name]) for each in tables)
    )
    yield from ("", "Offsets are half-open and count Unicode code points of `documents.text`: `text[start:end]`.")
    yield "`provenance/` says how gold came about; `variorum verify FOLDER` computes every figure on this page anew."


# --- articles ------------------------------------------------------------------------------------------------


def _articles(material: Material) -> Iterator[str]:
    found = [(key, material.documents[key].source) for key in sorted(material.documents)]
    yield from ("", "## Articles and their rights")
    yield from table(
        ("doc_id", "title", "publisher", "date", "characters ", "rights"),
        (
            (
                key,
                each.title,
                each.publisher or "not known",
                each.published or each.dateline or "-",
                each.n_chars,
                each.rights,
            )
            for key, each in found
        ),
    )


def _copied(material: Material) -> Iterator[str]:
    """Which articles share passages, and how much of each: a statement in two of them may be one observation."""
    yield from ("", "## Passages that articles share", "")
    if not statements.copied(material):
        yield f"No two articles share a run of {reuse.MIN_WORDS} or more words outside furniture."
        return
    yield f"Runs of {reuse.MIN_WORDS} or more words in a row that stand in two articles, outside furniture, and"
    yield "the share of each article's words that lies in them. A sentence that stands in several articles is not"
    yield "several pieces of evidence. The measure does not tell who copied whom, nor a copy from a common source, and"
    yield "it sees no paraphrase."
    yield from table(
        ("article", "other", "runs ", "share of the article ", "share of the other "), copied_rows(material)
    )


def copied_rows(material: Material) -> Iterator[tuple[object, ...]]:
    """For each two articles that share runs: both ids, how many, and which part of either."""
    told = measured(material)
    for key in sorted(material.documents):
        for entry, (here, there) in zip(material.documents[key].source.copied_from, told[key].shares, strict=True):
            yield key, entry.doc_id, len(entry.runs), f"{here:.0%}", f"{there:.0%}"


# --- licence, citation, fields -------------------------------------------------------------------------------


def _licence(material: Material) -> Iterator[str]:
    yield from ("", "## Licence", "")
    own, *code = sorted(material.citation.licences, key=lambda name: name != material.citation.licence)
    yield f"Annotations: [{own}]({licence_address(own)})." + "".join(f" Code: {name}." for name in code)
    yield "**The texts belong to their publishers and no licence of ours covers them**; what is known of the rights"
    yield "stands with each article above."
    if material.has_texts:
        yield "That is why the front matter says `other`: one licence there would be read as covering the texts, too."
    else:
        yield "None of the texts is in this edition."


def _citation(material: Material) -> Iterator[str]:
    yield from ("", "## Citation", "")
    if material.version.startswith(TRIAL):
        yield "A trial is not to be cited. Where its name is needed:"
    yield f"{', '.join(material.citation.authors)}: *{material.citation.title}*, version {material.version}."
    yield from ("", "```bibtex", bibtex(material.citation, material.version), "```")


def _fields(material: Material, tables: Sequence[TableInfo]) -> Iterator[str]:
    yield from ("", "## Fields", "", "With a row of each config; long strings are cut, labels are shown by name.")
    for each in tables:
        yield from ("", f"### {each.name}", "", *field_table(each.columns))
        if each.example:
            shown = _shown(Struct(each.columns), each.example, material.schema)
            yield from ("", "```json", json.dumps(shown, indent=1, ensure_ascii=False), "```")


def _shown(type: Type, value: Any, schema: Schema) -> Any:
    """A stored value as an example: labels by name, of a list its first members, of a string its beginning."""
    if value is None:
        return None
    if isinstance(type, Labels):
        return schema.names(type.label_set)[value]
    if isinstance(type, Each):
        return [_shown(type.of, member, schema) for member in value[:2]] + (["…"] if len(value) > 2 else [])
    if isinstance(type, Struct):
        return {column.name: _shown(column.type, value.get(column.name), schema) for column in type.columns}
    return f"{value[:SHOWN]}…" if isinstance(value, str) and len(value) > SHOWN else value
