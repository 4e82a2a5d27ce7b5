"""Makes tests/cases: a tiny corpus, valid sets, and for every rule a set or a corpus that breaks it.

    python tests/make_cases.py

A case is the valid set with one change, so that a reader of the case sees what breaks the rule. `SETS` has the changes
of sets, `BYTES` what is no set at all, `CORPORA` the changes of whole corpora.
"""

import copy
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import contrast_cases
import make_format_cases
import studio_cases

from variorum.checks import check_set
from variorum.corpus import read_corpus, write_whole
from variorum.records import claims_sha256, from_json, to_json

CASES = Path(__file__).resolve().parent / "cases"
CORPUS = CASES / "corpus"
Json = dict[str, Any]

TEXTS = {
    "p1": "The lamp at A\u0308cker Quay \U0001fa94 was lit in 1912.\r\n"
    "Mara Voss, who keeps it, said the lamp cost 300 crowns.\r\n",
    "p2": "The lamp at Ridge Quay was lit in 1915, the council said.\n"
    "The keeper left on 3 May 2020, after two years by the lamp.\n\nComments are closed.\n",
}


def sources() -> Json:
    """sources.json of the corpus."""
    return {"schema_version": "1.0", "sources": [source(doc_id) for doc_id in TEXTS]}


def source(doc_id: str) -> Json:
    text, at, paragraphs = TEXTS[doc_id], 0, []
    for line in text.splitlines(keepends=True):
        if words := line.strip():
            paragraphs.append({"start": at, "end": at + len(words)})
        at += len(line)
    notes = [{**block, "kind": "note"} for block in paragraphs if text[block["start"] :].startswith("Comments")]
    return {
        "doc_id": doc_id,
        "file": f"{doc_id}.txt",
        "title": "[The lamp]",
        "published": "2022-05-01",
        "language": "en",
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "n_chars": len(text),
        "rights": "Invented for the tests.",
        "furniture": notes,
        "paragraphs": paragraphs,
    }


def annotators() -> Json:
    rounds = [{"round": name, "guideline_version": "1"} for name in ("articles", "pairs")]
    one = {"source": "swift", "kind": "person", "description": "Invented.", "brief": "None.", "rounds": rounds}
    return {"annotators": [one]}


def mention(name: str, quote: str, kind: str, **fields: Any) -> Json:
    return {"mention_id": name, "doc_id": name[:2], "quote": quote, "type": kind, **fields}


def date(value: str) -> Json:
    return {"kind": "date", "value": value}


def valid() -> Json:
    """A set with everything in it."""
    return {
        "schema_version": "1.0",
        "source": "swift",
        "role": "annotator",
        "guideline_version": "1",
        "round": "articles",
        "documents": [{"doc_id": d, "text_sha256": hashlib.sha256(t.encode()).hexdigest()} for d, t in TEXTS.items()],
        "mentions": [
            mention("p1-m1", "The lamp at A\u0308cker Quay", "PRODUCT", level="NOM", entity_id="e-the-lamp"),
            mention("p1-m2", "1912", "DATE", value=date("1912")),
            mention("p1-m3", "Mara Voss", "PERSON", level="NAM", entity_id="e-mara-voss"),
            mention("p1-m4", "300 crowns", "MONEY", value={"kind": "money", "value": "300", "unit": "SEK"}),
            mention("p2-m1", "The lamp at Ridge Quay", "PRODUCT", level="NOM", entity_id="e-the-lamp"),
            mention("p2-m2", "1915", "DATE", value=date("1915")),
            mention("p2-m3", "the council", "ORG", level="NOM", entity_id="e-the-council"),
            mention("p2-m4", "The keeper", "PERSON", level="NOM", entity_id="e-mara-voss"),
            mention("p2-m5", "3 May 2020", "DATE", value=date("2020-05-03")),
            mention("p2-m6", "two years", "DATE", value={"kind": "duration", "value": "P2Y"}),
        ],
        "entities": [
            {"entity_id": "e-the-lamp", "name": "the lamp", "type": "PRODUCT"},
            {"entity_id": "e-mara-voss", "name": "Mara Voss", "type": "PERSON"},
            {"entity_id": "e-the-council", "name": "the council", "type": "ORG"},
        ],
        "claims": [
            claim("p1-c1", "was lit in 1912", "The lamp was first lit in 1912.", time="1912"),
            claim("p1-c2", "the lamp cost 300 crowns", "It cost 300 crowns.", holder="p1-m3", cue={"quote": "said"}),
            claim("p2-c1", "was lit in 1915", "The lamp was first lit in 1915.", holder="p2-m3", time="1915"),
            claim("p2-c2", "The keeper left on 3 May 2020", "Mara Voss left in May 2020.", time="2020-05-03"),
        ],
        "contradictions": [
            {
                "pair_id": "p1-c1~p2-c1",
                "claim_a": "p1-c1",
                "claim_b": "p2-c1",
                "relation": "contradiction",
                "aspect": "time",
                "value_a": date("1912"),
                "value_b": date("1915"),
                "span_a": {"quote": "1912"},
                "span_b": {"quote": "1915"},
                "rationale": "One lamp is first lit once.",
                "conflict_id": "lamp-lit",
            },
            {"pair_id": "p1-c2~p2-c2", "claim_a": "p1-c2", "claim_b": "p2-c2", "relation": "neutral"},
        ],
    }


def claim(name: str, quote: str, proposition: str, **fields: Any) -> Json:
    plain = {"kind": "fact", "polarity": "positive", "certainty": "certain", "entities": ["e-the-lamp"]}
    spans = [{"quote": quote}]
    return {"claim_id": name, "doc_id": name[:2], "spans": spans, "proposition": proposition, **plain, **fields}


def offsets(value: Json) -> Json:
    """The set with offsets in place of quotes."""
    checked = check_set(json.dumps(value).encode(), "made", read_corpus(CORPUS))
    assert checked.annotation_set, checked.problems
    stored: Json = json.loads(to_json(checked.annotation_set))
    return stored


def consolidated() -> Json:
    """A stored set whose claims other sets can judge."""
    value = {**valid(), "role": "consolidated", "source": "consolidated", "round": None}
    del value["contradictions"], value["round"]
    return offsets(value)


def pairs_only() -> Json:
    """A set of pairs about the claims of `consolidated`."""
    stored = from_json(json.dumps(consolidated()).encode())
    value = valid()
    for layer in ("mentions", "entities", "claims"):
        del value[layer]
    named = {"source": "consolidated", "sha256": claims_sha256(stored.claims or ())}
    return {**value, "round": "pairs", "claims_from": named}


# --- sets that break a rule -------------------------------------------------------------------------------------

Change = Callable[[Json], object]


def put(*path: str | int, **fields: Any) -> Change:
    """Set fields of the record at a path."""

    def change(value: Json) -> None:
        at: Any = value
        for step in path:
            at = at[step]
        at.update(fields)

    return change


def add(layer: str, index: int, **fields: Any) -> Change:
    """Append a copy of a record with other fields."""
    return lambda value: value[layer].append({**copy.deepcopy(value[layer][index]), **fields})


def drop(*path: str | int) -> Change:
    """Take away what stands at a path."""

    def change(value: Json) -> None:
        at: Any = value
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def both(*changes: Change) -> Change:
    return lambda value: [change(value) for change in changes]


def spot(index: int, start: int, end: int, **fields: Any) -> Change:
    """Give a mention offsets."""
    return both(drop("mentions", index, "quote"), put("mentions", index, start=start, end=end, **fields))


P2 = TEXTS["p2"]
C = "contradictions"
COPIED = "The lamp at Ridge Quay was lit in 1915, the council said. The keeper was not asked."

SETS: dict[str, Change] = {
    "schema": put("mentions", 2, type="PERS"),
    "unknown-document": add("documents", 0, doc_id="p9"),
    "duplicate-document": add("documents", 0),
    "text-hash": put("documents", 0, text_sha256="0" * 64),
    "role-fields": drop("guideline_version"),
    "duplicate-id": put("mentions", 4, mention_id="p1-m1"),
    "dangling-reference": put("claims", 1, holder="p1-m99"),
    "offset-range": spot(5, 35, len(P2) + 1),
    "quote-mismatch": spot(5, 34, 38, text="1916"),
    "blank-edge": put("mentions", 5, quote=" 1915"),
    "furniture": put("mentions", 5, quote="Comments are closed"),
    "paragraph-crossing": put("mentions", 2, quote="1912.\r\nMara Voss"),
    "level-missing": drop("mentions", 2, "level"),
    "level-on-value": put("mentions", 1, level="NAM"),
    "entity-missing": drop("mentions", 4, "entity_id"),
    "entity-on-value": put("mentions", 1, entity_id="e-the-lamp"),
    "twin-mention": add("mentions", 2, mention_id="p1-m9"),
    "crossing-mentions": put("mentions", 1, quote="Quay \U0001fa94 was lit in 1912"),
    "value-missing": drop("mentions", 1, "value"),
    "value-kind": put("mentions", 3, value=date("1912")),
    "value-parse": put("mentions", 1, "value", value="in 1912"),
    "value-unit": put("mentions", 3, "value", unit="kr"),
    "anchor": put("mentions", 5, "value", anchor={"date": "2022-05-02", "source": "published"}),
    "unmentioned-entity": lambda v: v["entities"].append({"entity_id": "e-crow", "name": "Crow", "type": "ORG"}),
    "duplicate-entity-name": both(
        lambda v: v.update(role="gold"),
        put("entities", 2, name="Mara  voss"),
    ),
    "entity-id": put("entities", 2, name="the town council"),
    "entity-type": put("entities", 2, type="GPE"),
    "twin-claim": add("claims", 0, claim_id="p1-c3"),
    "span-order": put("claims", 0, spans=[{"quote": "1912"}, {"quote": "was lit"}]),
    "holder-document": put("claims", 1, holder="p2-m3"),
    "holder-value": put("claims", 1, holder="p1-m4"),
    "time-parse": put("claims", 0, time="May 1912"),
    "copied-words": put("claims", 2, proposition=COPIED),
    "claims-from": drop("claims"),
    "pair-order": put(C, 1, claim_a="p2-c2", claim_b="p1-c2"),
    "pair-self": put(C, 1, pair_id="p1-c2~p1-c2", claim_b="p1-c2"),
    "pair-id": put(C, 1, pair_id="lamp-price"),
    "twin-pair": add(C, 1, pair_id="p1-c2~p2-c2"),
    "pair-attributes": drop(C, 0, "rationale"),
    "same-values": put(C, 0, value_b=date("1912")),
    "span-outside-claim": put(C, 0, span_a={"quote": "Mara Voss"}),
    "unclear-in-gold": both(lambda v: v.update(role="gold"), put(C, 1, relation="unclear")),
    "score-role": put(C, 1, score=0.5),
    "quote-not-found": put("mentions", 2, quote="Mara  Voss"),
    "quote-ambiguous": put("mentions", 4, quote="lamp"),
    "quote-occurrence": put("mentions", 4, quote="lamp", occurrence=7),
}
# A change that cannot but break a second rule: a twin has the same id, ids are made of the claims.
ALSO = {"twin-pair": {"duplicate-id"}}

BYTES = {
    "not-utf8": b'{"source": "\xff"}',
    "not-json": b'{"source": "swift",\n "role": }',
    "too-deep": b"[" * 1000 + b"]" * 1000,
    "duplicate-key": b'{"mentions": [{"type": "ORG", "type": "GPE"}]}',
    "not-finite": b'{"contradictions": [{"score": NaN}, {"score": 1e999}]}',
    "long-integer": b'{"mentions": [{"start": 1234567890123456789012}]}',
    "lone-surrogate": b'{"mentions": [{"quote": "\\ud83e"}]}',
}


# --- corpora that break a rule ----------------------------------------------------------------------------------


def in_sources(change: Change) -> Callable[[Path], None]:
    """A corpus whose sources.json is changed."""

    def apply(root: Path) -> None:
        value = sources()
        change(value)
        write(root / "seeds" / "sources.json", value)

    return apply


def stored(path: str, value: Callable[[], Json]) -> Callable[[Path], None]:
    """A corpus with one more set."""
    return lambda root: write(root / "annotations" / path, value())


def all_of(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda root: [None for change in changes if change(root)].clear()


def labels_file(root: Path) -> None:
    from variorum.schema import FOLDER, LABELS_FILE

    labels = json.loads((FOLDER / LABELS_FILE).read_bytes())
    labels["$defs"]["relation"]["anyOf"].pop()
    write(root / "schema" / LABELS_FILE, labels)


COPIED_RUN = {
    "doc_id": "p1",
    "direction": "larger_share",
    "runs": [{"start": 0, "end": 37, "other_start": 0, "other_end": 41}],
}

CORPORA: dict[str, Callable[[Path], None]] = {
    "unreadable": lambda root: (root / "seeds" / "p2.txt").unlink(),
    "labels-file": labels_file,
    "seed-hash": in_sources(put("sources", 0, n_chars=1)),
    "duplicate-source": in_sources(lambda v: v["sources"].append(v["sources"][0])),
    "unlisted-seed": lambda root: write_whole(root / "seeds" / "p3.txt", b"A third one."),
    "region-range": in_sources(put("sources", 1, "furniture", 0, start=len(P2) - 21, end=len(P2))),
    "region-order": in_sources(lambda v: v["sources"][1]["paragraphs"].insert(1, v["sources"][1]["paragraphs"][0])),
    "region-nesting": in_sources(put("sources", 1, "furniture", 0, end=len(P2) - 2)),
    "paragraph-gap": in_sources(drop("sources", 0, "paragraphs", 1)),
    "copied-run": in_sources(put("sources", 1, copied_from=[COPIED_RUN])),
    "record-path": stored("records/pairs/martin.json", lambda: offsets(pairs_only())),
    "quote-stored": stored("records/articles/swift.json", valid),
    "unknown-annotator": stored("records/articles/robin.json", lambda: {**offsets(valid()), "source": "robin"}),
    "judged-twice": all_of(
        stored("records/pairs/swift.json", lambda: offsets(pairs_only())),
        stored("records/more/pairs/swift.json", lambda: offsets(pairs_only())),
    ),
}

ARTICLES_ONLY = drop("contradictions")  # what a round of articles asks for
CORPORA |= studio_cases.cases(lambda: offsets(changed(ARTICLES_ONLY)), lambda: offsets(pairs_only()))


# --- writing ----------------------------------------------------------------------------------------------------


def write(path: Path, value: object) -> None:
    write_whole(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def make_corpus(root: Path) -> None:
    """The corpus that all cases rest on."""
    for doc_id, text in TEXTS.items():
        write_whole(root / "seeds" / f"{doc_id}.txt", text.encode())
    write(root / "seeds" / "sources.json", sources())
    write(root / "annotations" / "annotators.json", annotators())


def changed(change: Change) -> Json:
    value = valid()
    change(value)
    return value


def system() -> Json:
    """A prediction that no person could file: it is held to files, schema, references and offsets only."""
    value = changed(both(drop("mentions", 1, "value"), drop("mentions", 2, "level"), drop(C, 0, "rationale")))
    put(C, 0, score=0.75)(value)
    return {**value, "role": "system", "source": "tagger-1.0", "guideline_version": None, "round": None}


def main() -> None:
    """Write all cases anew."""
    shutil.rmtree(CASES, ignore_errors=True)
    make_corpus(CORPUS)
    write(CORPUS / "annotations" / "consolidated.json", consolidated())
    write_whole(CASES / ".gitattributes", b"* -text\n")
    for name, value in (
        ("everything", valid()),
        ("offsets", offsets(valid())),
        ("pairs", pairs_only()),
        ("system", system()),
    ):
        write(CASES / "valid" / f"{name}.json", value)
    for rule, change in SETS.items():
        write(CASES / "invalid" / f"{rule}.json", changed(change))
    for rule, data in BYTES.items():
        write_whole(CASES / "invalid" / f"{rule}.json", data)
    for rule, break_it in CORPORA.items():
        root = CASES / "invalid" / rule
        make_corpus(root)
        write(root / "annotations" / "consolidated.json", consolidated())
        break_it(root)
    write_formats()
    write_contrast()


def write_contrast() -> None:
    """The corpus of contrast pairs, and the files that break a rule of theirs."""
    root = CASES / "contrast"
    make_corpus(root)
    unedited = {"pair_id": "p1-c1~p1-c2", "claim_a": "p1-c1", "claim_b": "p1-c2", "relation": "neutral"}
    gold = offsets({**valid(), "role": "gold", "source": "gold", C: [*valid()[C], unedited]})
    write(root / "annotations" / "annotators.json", contrast_cases.annotators(annotators()))
    write(root / "annotations" / "gold.json", gold)
    sha256 = claims_sha256(from_json(json.dumps(gold).encode()).claims or ())
    for name, value in contrast_cases.stored(sha256).items():
        write(root / "annotations" / "contrast" / name, value)
    for rule, value in contrast_cases.broken(sha256).items():
        write(CASES / "invalid" / f"{rule}.json", value)


def write_formats() -> None:
    """The cases of `variorum.formats`."""
    prediction, corpus = offsets(system()), read_corpus(CORPUS)
    for name, data in make_format_cases.formats(prediction, corpus).items():
        write_whole(CASES / "formats" / name, data)
    for name, data in make_format_cases.invalid(prediction, corpus).items():
        write_whole(CASES / "invalid" / name, data)


if __name__ == "__main__":
    main()
