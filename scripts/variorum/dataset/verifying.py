"""Whether a dataset folder holds what it says: everything that can be computed is computed anew and compared."""

import hashlib
import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec

from variorum import adjudication, validity
from variorum.dataset import contrast, stored, sums, tables, worth
from variorum.dataset.columns import configs
from variorum.dataset.folder import texts
from variorum.dataset.material import Material, blocks
from variorum.dataset.provenance import without_words
from variorum.dataset.rows import ID_OF, streams
from variorum.records import LAYERS, AnnotationSet, Claim, Mention

Json = dict[str, Any]
SHOWN = 5  # differences of one table or file


def verify(folder: Path, agreement: Callable[[Material], Json | None]) -> Iterator[str]:
    """Every difference, a line each; nothing if there is none. stored.Unreadable if it is no dataset folder.

    `agreement` measures agreement anew, or returns None if that cannot be done without the texts.
    """
    material = stored.read(folder)
    yield from sums.differences(folder)
    yield from _tried("documents", _documents(material))
    faults = list(_tried("offsets", _offsets(material)))
    yield from faults
    if not faults:
        yield from _tried("tables", _tables(folder, material))
    unread = list(_unread(material))
    yield from unread
    if not unread:  # the card is made from the reports
        yield from _tried("card, datasheet and croissant.json", _files(folder, material))
        yield from _tried("reports", _reports(material, agreement))
    yield from _tried("gold", _gold(material))
    yield from _tried("contrast pairs", contrast.faults(material))


def _tried(what: str, found: Iterator[str]) -> Iterator[str]:
    """The differences; that something is so broken that nothing can be made of it is one, too."""
    try:
        yield from found
    except stored.BROKEN as error:
        yield f"{what} cannot be made anew: {stored.said(error)}"


def _unread(material: Material) -> Iterator[str]:
    """Reports of which nothing can be told."""
    for name, tell in (("agreement", worth.agreement), ("validity", worth.validity)):
        try:
            deque(tell(material), maxlen=0)
        except stored.BROKEN as error:
            yield f"provenance/{name}.json is no such report: {stored.said(error)}"


def _report(text: str | None) -> Json:
    """A report as values; nothing of one that cannot be read, which `verify` tells."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def left_out(material: Material) -> Iterator[str]:
    """What is not computed anew, and why."""
    report = _report(material.validity)
    if report.get("known_answers") and material.tests.key is None:
        yield "known answers: the key and what was judged are not in the dataset"
    if report.get("bound") and material.tests.pool is None:
        yield "the bound from the random sample: the pool it was drawn from is not in the dataset"
    if not material.has_texts:
        yield "hashes of the texts, and agreement, which is measured on words: this edition has no texts"


# --- articles and tables -------------------------------------------------------------------------------------


def _documents(material: Material) -> Iterator[str]:
    for key, document in material.documents.items() if material.has_texts else ():
        source, known = document.source, material.measured[key]
        if hashlib.sha256(document.text.encode()).hexdigest() != source.sha256:
            yield f"documents: the text of {key} is not the one of its sha256"
        if len(document.text) != source.n_chars:
            yield f"documents: the text of {key} has {len(document.text)} characters, n_chars says {source.n_chars}"
        if blocks(document.text) != known.blocks:
            yield f"documents: the blocks of {key} are others than block_sha256 says"


def _offsets(material: Material) -> Iterator[str]:
    """Stretches that lie outside their document, of gold and of all annotators."""
    sizes = {key: document.source.n_chars for key, document in material.documents.items()}
    for each in (material.gold, *material.annotators):
        name = each.source if each.role == "gold" else f"{each.source}, {each.round}"
        for doc_id, start, end, record_id in _stretches(each):
            if not 0 <= start < end <= sizes.get(doc_id, -1):
                yield f"{name}: {record_id} has [{start}:{end}], which is no stretch of {doc_id}"


def _stretches(each: AnnotationSet) -> Iterator[tuple[str, int, int, str]]:
    mentions: tuple[Mention, ...] = each.mentions or ()
    yield from ((m.doc_id, m.start, m.end, m.mention_id) for m in mentions)
    claims: tuple[Claim, ...] = each.claims or ()
    for claim in claims:
        for span in chain(claim.spans, (claim.cue,) if claim.cue else ()):
            yield claim.doc_id, span.start, span.end, claim.claim_id


def _tables(folder: Path, material: Material) -> Iterator[str]:
    """Rows that are others than gold, records and texts give: words, quotes, votes, prompts and all."""
    with tempfile.TemporaryDirectory() as beside:
        tables.write(Path(beside), streams(material), material.schema)
        for name in configs(material.schema):
            paths = [each / tables.path_of(name) for each in (folder, Path(beside))]
            there, made = [tables.read(path) if path.is_file() else [] for path in paths]
            if len(there) != len(made):
                yield f"{name}: {len(there)} rows, there should be {len(made)}"
            yield from islice(_rows(name, there, made), SHOWN)


def _rows(name: str, there: list[Json], made: list[Json]) -> Iterator[str]:
    for number, (own, other) in enumerate(zip(there, made, strict=False)):
        if own != other:
            fields = ", ".join(field for field in other if own.get(field) != other[field])
            yield f"{name}, row {number} ({next(iter(own.values()))}): {fields} should be otherwise"


# --- what is said of them ------------------------------------------------------------------------------------


def _files(folder: Path, material: Material) -> Iterator[str]:
    """Card, datasheet, Croissant and provenance against what is made of the tables as they are."""
    for name, data in texts(material, tables.infos(folder, material.schema)).items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is not there"
        elif path.read_bytes() != data:
            yield from (f"{name}: {line}" for line in islice(_lines(path.read_bytes(), data), SHOWN))


def _lines(there: bytes, made: bytes) -> Iterator[str]:
    """The lines that should not be there, and those that should."""
    old, new = (each.decode("utf-8", "replace").splitlines() for each in (there, made))
    for line in unified_diff(old, new, n=0, lineterm=""):
        if line[:1] in "+-" and line[:3] not in ("+++", "---"):
            yield f"{'is' if line[0] == '-' else 'should be'} {line[1:].strip()[:160]!r}"


# --- gold and the reports ------------------------------------------------------------------------------------


def _gold(material: Material) -> Iterator[str]:
    """Gold against what the records and decisions give."""
    rounds = material.rounds
    if rounds is None:
        return
    articles = [each for each in material.annotators if each.round == rounds.articles]
    pairs = [decision for name in rounds.pairs for decision in material.decisions.get(name, ())]
    try:
        made = adjudication.consolidate(articles, material.decisions.get(rounds.articles, ()))
        outcome = adjudication.gold(made.annotation_set, material.pair_sets, pairs, material.version)
    except ValueError as error:
        yield f"gold cannot be made anew: {error}"
        return
    for layer in LAYERS:
        there, anew = (_by_id(each, layer) for each in (material.gold, outcome.annotation_set))
        wrong = sorted(key for key in there.keys() | anew.keys() if there.get(key) != anew.get(key))
        yield from (f"{layer}: {key} is not what the records and decisions give" for key in wrong[:SHOWN])


def _by_id(each: AnnotationSet, layer: str) -> dict[str, Any]:
    records = without_words(msgspec.to_builtins(getattr(each, layer) or ()))
    return {record[ID_OF[layer]]: record for record in records}


def _reports(material: Material, agreement: Callable[[Material], Json | None]) -> Iterator[str]:
    if material.agreement is not None:
        anew = agreement(material)
        if anew is not None and _plain(anew) != json.loads(material.agreement):
            yield "provenance/agreement.json: the records give other figures"
    if material.validity is not None:
        told = json.loads(material.validity)
        for name, value in _validity(material).items():
            if told.get(name) != _plain(value):
                yield f"provenance/validity.json: {name} is not what the records give"


def _validity(material: Material) -> Json:
    """The parts of the report that the dataset has the grounds of."""
    rounds, tests = material.rounds, material.tests
    if rounds is None:
        return {}
    looks = [each for name in rounds.second_looks for each in material.annotators if each.round == name]
    lists = [each for each in material.annotators if rounds.screening and each.round == rounds.screening]
    found = validity.as_json(validity.validity(material.gold, tests, looks, lists))
    groundless = {name for name, ground in (("known_answers", tests.key), ("bound", tests.pool)) if ground is None}
    return {name: value for name, value in found.items() if name not in groundless}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
