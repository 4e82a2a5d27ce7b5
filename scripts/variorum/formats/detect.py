"""Which format a file is in: by the end of its name, and for JSON by what is in it."""

import re

import msgspec

from variorum.formats.brat import read_brat
from variorum.formats.conll import read_conll
from variorum.formats.draft import Reader
from variorum.formats.json_sets import read_json, read_jsonl
from variorum.formats.pairs_csv import read_csv
from variorum.formats.spacy_docs import read_spacy
from variorum.formats.studio_export import read_studio

READERS: dict[str, Reader] = {
    "json": read_json,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "conll": read_conll,
    "brat": read_brat,
    "spacy": read_spacy,
    "label-studio": read_studio,
}

_SUFFIXES = {
    **dict.fromkeys(("jsonl", "ndjson", "jsonlines"), "jsonl"),
    **dict.fromkeys(("csv", "tsv"), "csv"),
    **dict.fromkeys(("conll", "conll03", "conll2003", "bio", "iob", "iob2", "bioes"), "conll"),
    "ann": "brat",
}
# What stands in a folder beside files that are read: brat's texts and settings.
_COMPANIONS = re.compile(r".*\.txt|(?:annotation|visual|tools|kb_shortcuts)\.conf", re.IGNORECASE)
_HEAD = 4096
_BRAT = re.compile(rb"(?:[TREAMN][^\t\n]*|[#*][^\t\n]*)\t[^\t\n]+[ \t]")
_CONLL = re.compile(rb"-DOCSTART-|#\s*(?:newdoc id|doc_id)\s*=|\S[^\n]*[ \t](?:O|[BIELSU]-\S+)\r?(?:\n|$)")


class _Probe(msgspec.Struct):
    """The keys by which one kind of JSON is told from another."""

    schema_version: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    text: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    ents: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def format_of(file_name: str, data: bytes) -> str | None:
    """The name of the format of a file, a key of `READERS`; None if it cannot be told. Never raises."""
    suffix = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    if suffix == "json":
        return _kind_of_json(data)
    return _SUFFIXES.get(suffix) or _by_content(data)


def is_companion(file_name: str) -> bool:
    """Whether a file of a folder is one that goes with others and is not read by itself."""
    return bool(_COMPANIONS.fullmatch(file_name))


def _by_content(data: bytes) -> str | None:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        lines = head.split(b"\n", 2)
        record = len(lines) > 1 and lines[0].rstrip().endswith(b"}") and lines[1].lstrip().startswith(b"{")
        return "jsonl" if record else _kind_of_json(data)
    first = head.partition(b"\n")[0].lower()
    if b"pair_id" in first and b"relation" in first:
        return "csv"
    if _BRAT.match(head):
        return "brat"
    return "conll" if _CONLL.match(head) else None


def _kind_of_json(data: bytes) -> str:
    """Which kind of JSON; `json` if it is none, so that the reader of sets says what is wrong."""
    if b'"schema_version"' in data[:_HEAD]:
        return "json"
    try:
        value = msgspec.json.decode(data, type=_Probe | list[_Probe])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return "json"
    probes = value if isinstance(value, list) else [value]
    if any(probe.schema_version is not msgspec.UNSET for probe in probes) or not probes:
        return "json"
    if any(probe.data is not msgspec.UNSET for probe in probes):
        return "label-studio"
    return "spacy" if any(probe.text is not msgspec.UNSET for probe in probes) else "json"
