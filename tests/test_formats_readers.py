"""The same prediction in every format is the same prediction; and what each format allows."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import format_writers as writers
import make_cases
import make_format_cases
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts

from variorum import formats, schema
from variorum.checks import read_claims
from variorum.corpus import Corpus, Document, read_corpus
from variorum.formats.conll import mentions as marked
from variorum.formats.detect import READERS, format_of
from variorum.formats.draft import Context, Given
from variorum.formats.finishing import finish
from variorum.formats.prediction import Prediction
from variorum.records import AnnotationSet, Mention, from_json
from variorum.sources import Source

CORPUS = read_corpus(make_cases.CORPUS)
CLAIMS = read_claims(CORPUS.consolidated)
FORMATS = make_cases.CASES / "formats"
SYSTEM = from_json(json.dumps(make_cases.offsets(make_cases.system())).encode())
SMALL = read_corpus(Path(__file__).resolve().parent / "corpus")  # emoji, \r\n, combining marks, right-to-left


def read(path: Path, corpus: Corpus = CORPUS, **options: Any) -> Prediction:
    return formats.read(path, corpus, **{"claims": CLAIMS, "name": path.name, **options})


def taken(data: str | bytes, kind: str, corpus: Corpus = CORPUS, stem: str = "p1", **options: Any) -> Prediction:
    """What a reader makes of some bytes."""
    given = Given(f"{stem}.{kind}", stem, data.encode() if isinstance(data, str) else data)
    context = Context(corpus, options.pop("claims", CLAIMS), options.pop("label_map", {}))
    return finish(READERS[kind](given, context), kind, context, options.pop("lenient", False), "x")


def lines(prediction: Prediction) -> list[str]:
    return [problem.line() for problem in prediction.problems]


def made(prediction: Prediction) -> AnnotationSet:
    assert prediction.annotation_set and not prediction.errors, lines(prediction)
    return prediction.annotation_set


def spans(mentions: Iterable[Mention] | None) -> list[tuple[str, int, int, str]]:
    return sorted((m.doc_id, m.start, m.end, m.type) for m in mentions or ())


def spoken(prediction: Prediction, corpus: Corpus = CORPUS) -> list[str]:
    """The words and type of each mention, in order."""
    found = made(prediction).mentions or ()
    return [f"{corpus.documents[m.doc_id].text[m.start : m.end]}/{m.type}" for m in found]


# --- the same in all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.name for path in FORMATS.iterdir()))
def test_every_format_gives_the_same(name: str) -> None:
    found = made(read(FORMATS / name))
    layers = {"pairs.csv": {"contradictions"}, "studio.json": {"mentions", "entities", "claims"}}
    layers |= {"several": {"mentions", "entities", "claims"}}
    whole = {"set.json", "set.jsonl"}
    wanted = {"mentions", "entities", "claims", "contradictions"} if name in whole else layers.get(name, {"mentions"})
    assert {layer for layer in ("mentions", "entities", "claims", "contradictions") if getattr(found, layer)} == wanted
    if "mentions" in wanted:
        assert spans(found.mentions) == spans(SYSTEM.mentions)
    if "claims" in wanted:
        assert found.claims == SYSTEM.claims
    if name in whole:
        assert found == SYSTEM
    if name == "pairs.csv":
        assert [(p.pair_id, p.relation, p.score) for p in found.contradictions or ()] == [
            (p.pair_id, p.relation, p.score) for p in SYSTEM.contradictions or ()
        ]


@pytest.mark.parametrize("name", sorted(path.name for path in FORMATS.iterdir() if path.is_file()))
def test_the_format_is_told_by_content_too(name: str) -> None:
    data = (FORMATS / name).read_bytes()
    assert format_of("prediction", data) == format_of(name, data)
    assert format_of("prediction", (FORMATS / "brat" / "p1.ann").read_bytes()) == "brat"


@pytest.mark.parametrize("kind", ["set.jsonl", "mentions.conll", "spacy.json", "ner.json", "studio.json", "brat"])
def test_the_corpus_that_is_hard_on_offsets(kind: str, tmp_path: Path) -> None:
    """Emoji, \\r\\n, combining marks, right-to-left text, and mentions that are nested (but in CoNLL)."""
    gold = from_json(SMALL.gold.read_bytes())
    mentions = flat(gold.mentions or ()) if kind == "mentions.conll" else list(gold.mentions or ())
    value = json.loads(json.dumps(msgspec.to_builtins(gold)))
    for name, data in make_format_cases.formats(value, SMALL).items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(data)
    if kind == "mentions.conll":
        (tmp_path / kind).write_bytes(writers.conll(mentions, SMALL.documents).encode())
    found = made(read(tmp_path / kind, SMALL, claims=None))
    assert spans(found.mentions) == spans(mentions)
    if kind == "studio.json":
        assert set(found.claims or ()) == set(gold.claims or ()) and found.entities == gold.entities


def flat(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions without those that overlap one before them."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.doc_id, m.start, -m.end)):
        if not kept or kept[-1].doc_id != mention.doc_id or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


# --- any text, any mentions --------------------------------------------------------------------------------------


def corpus_of(*articles: str) -> Corpus:
    sources = [
        Source(doc_id=f"d{i}", file=f"d{i}.txt", title="-", language="en", sha256="0" * 64, n_chars=0, rights="-")
        for i in range(len(articles))
    ]
    documents = {s.doc_id: Document(s, text) for s, text in zip(sources, articles, strict=True)}
    return Corpus(Path("nowhere"), schema.default(), documents)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[Corpus, list[Mention]]:
    """Some articles, all different, with mentions of words that begin and end where words do."""
    corpus = corpus_of(*draw(st.lists(texts(1), min_size=1, max_size=3, unique=True)))
    found = []
    for doc_id, document in corpus.documents.items():
        words = writers.tokens(document.text, [])
        for i in range(draw(st.integers(0, 4)) if words else 0):
            first = draw(st.integers(0, len(words) - 1))
            last = draw(st.integers(first, min(first + 3, len(words) - 1)))
            start, end, kind = words[first][0], words[last][1], draw(st.sampled_from(["ORG", "GPE"]))
            found.append(Mention(mention_id=f"{doc_id}-{i}", doc_id=doc_id, start=start, end=end, type=kind))
    return corpus, found


@given(labelled(), st.sampled_from(["IOB1", "IOB2", "IOBES"]), st.sampled_from([2, 3, 4]))
@settings(deadline=None, max_examples=200)
def test_conll_round_trip(case: tuple[Corpus, list[Mention]], scheme: str, columns: int) -> None:
    corpus, mentions = case
    wanted = flat(mentions)
    found = taken(writers.conll(wanted, corpus.documents, scheme, columns), "conll", corpus)
    assert spans(made(found).mentions) == spans(wanted), lines(found)


@given(labelled())
@settings(deadline=None)
def test_spacy_studio_and_brat_round_trips(case: tuple[Corpus, list[Mention]]) -> None:
    corpus, mentions = case
    spacy = taken(json.dumps(writers.spacy(mentions, corpus.documents)), "spacy", corpus)
    studio = taken(json.dumps(writers.ner(mentions, corpus.documents)), "label-studio", corpus)
    assert spans(made(spacy).mentions) == spans(made(studio).mentions) == spans(mentions)
    here = writers.in_document(mentions, "d0")
    assert spans(made(taken(writers.ann(here, corpus.documents["d0"].text), "brat", corpus, "d0")).mentions) == spans(
        here
    )


# --- CSV ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_dialects(between: str, end: str) -> None:
    found = made(taken(writers.csv(SYSTEM.contradictions or (), end, between), "csv"))
    assert [(p.relation, p.score) for p in found.contradictions or ()] == [("contradiction", 0.75), ("neutral", None)]
    assert found.claims_from and found.claims_from.source == "consolidated"


def test_csv_names_lines_also_after_fields_of_several_lines() -> None:
    data = 'relation,pair_id,note\nneutral,p1-c1~p2-c1,"a\nb"\nneutral,p1-c9~p2-c1,\nmaybe,p1-c2~p2-c2,\n'
    assert [line.split("] ")[0] for line in lines(taken(data, "csv"))] == [
        "p1.csv::line 1: [not-read",
        "p1.csv::line 4: [dangling-reference",
        "p1.csv::line 5 $.relation: [schema",
    ]


# --- CoNLL -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ("I-A I-A", [("A", 0, 1)]),  # I- without B-
        ("O I-A I-B", [("A", 1, 1), ("B", 2, 2)]),
        ("B-A I-A B-A", [("A", 0, 1), ("A", 2, 2)]),
        ("S-A S-A", [("A", 0, 0), ("A", 1, 1)]),
        ("B-A E-A I-A", [("A", 0, 1), ("A", 2, 2)]),
        ("B-A L-A U-B", [("A", 0, 1), ("B", 2, 2)]),
        ("E-A O", [("A", 0, 0)]),
        ("B-A-B I-A-B", [("A-B", 0, 1)]),
        ("O", []),
    ],
)
def test_tags(tags: str, wanted: list[tuple[str, int, int]]) -> None:
    assert list(marked(tags.split())) == wanted


def test_conll_of_one_document_is_named_like_its_file() -> None:
    found = taken("Mara\tB-PERSON\r\nVoss\tI-PERSON\r\n\r\n300\tB-MONEY\r\ncrowns\tI-MONEY", "conll")
    assert spoken(found) == ["Mara Voss/PERSON", "300 crowns/MONEY"]


@pytest.mark.parametrize("start", ["-DOCSTART- (p2)", "-DOCSTART- p2", "# newdoc id = p2", "# doc_id = p2"])
def test_conll_names_of_documents(start: str) -> None:
    assert spoken(taken(f"{start}\n\nThe B-PERSON\nkeeper I-PERSON\n", "conll", stem="x")) == ["The keeper/PERSON"]


def test_conll_tokens_of_another_typography() -> None:
    corpus = corpus_of("He (\u201cJose\u0301\u201d) paid 62\u00a0000 \u2013 twice\u00ad.")
    words = "He O\n-LRB- O\n`` O\nJos\u00e9 B-PERSON\n'' O\n-RRB- O\npaid O\n62\u00a0000 B-MONEY\n- O\ntwice O\n. O\n"
    assert spoken(taken(words, "conll", corpus, "d0"), corpus) == ["Jose\u0301/PERSON", "62\u00a0000/MONEY"]


def test_conll_may_leave_out_sentences_but_not_words() -> None:
    assert spoken(taken("Voss B-PERSON\n, O\nwho O\n", "conll")) == ["Voss/PERSON"]
    found = taken("Mara B-PERSON\nwho O\n\nthe O\nlamp B-PRODUCT\ncost O\n", "conll", lenient=True)
    assert [m.type for m in (found.annotation_set and found.annotation_set.mentions) or ()] == ["PRODUCT"]
    message = "'who' does not stand in document 'p1' after 'Mara'; the sentence has 1 mention"
    assert lines(found) == [f"p1.conll::line 2: [token-not-found] {message}"]
    assert found.dropped == {"unread": 1}


# --- brat --------------------------------------------------------------------------------------------------------

ANN = """\
T1\tPERSON 44 53\tMara Voss
T2\tClaim 74 98\tthe lamp cost 300 crowns
T3\tCUE 69 73\tsaid
T4\tPERSON 65 67\tit
T5\tPRODUCT 74 77;78 82\tthe lamp
R1\tholder Arg1:T2 Arg2:T1
R2\tcue Arg1:T2 Arg2:T3
A1\tlevel T1 NAM
A2\tcertainty T2 hedged
#1\tAnnotatorNotes T2\tThe lamp cost 300 crowns.
*\tEquiv T4 T5
"""


def test_brat_claims_entities_and_pieces() -> None:
    found = made(taken(ANN, "brat"))
    (claim,) = found.claims or ()
    assert (claim.holder, claim.certainty, claim.proposition) == ("p1-T1", "hedged", "The lamp cost 300 crowns.")
    assert claim.cue and (claim.cue.start, claim.cue.end) == (69, 73)
    assert [(m.start, m.end, m.level, m.entity_id) for m in found.mentions or ()] == [
        (44, 53, "NAM", "p1-e-T1"),
        (65, 67, None, "p1-e-T4"),
        (74, 82, None, "p1-e-T4"),
    ]
    assert [(e.name, e.type) for e in found.entities or ()] == [("Mara Voss", "PERSON"), ("the lamp", "PRODUCT")]


def test_brat_evidence_in_pieces() -> None:
    found = made(taken("T1\tCLAIM 4 8;19 23\tlamp Quay\n", "brat"))
    assert [(span.start, span.end) for span in (found.claims or ())[0].spans] == [(4, 8), (19, 23)]


def test_brat_names_what_it_leaves_out() -> None:
    found = taken(
        "T1\tORG 4 8\tlamp\nE1\tLight:T1\nN1\tReference T1 Wiki:1\tx\n#1\tNote T1\tx\nR1\tnear Arg1:T1 Arg2:T1\n",
        "brat",
    )
    assert spoken(found) == ["lamp/ORG"]
    assert [line.split("warning: ")[1] for line in lines(found)] == [
        *("1 × event", "1 × normalization", "1 × note", "1 × relation near")
    ]


def test_brat_text_beside_it_must_be_the_article(tmp_path: Path) -> None:
    for name, data in (("p1.ann", b""), ("p1.txt", make_cases.TEXTS["p1"].replace("\r\n", "\n").encode())):
        (tmp_path / name).write_bytes(data)
    assert re.fullmatch(
        r".*p1\.ann::the \.txt beside it: \[text-differs\] from character 42 on .*", *lines(read(tmp_path))
    )


# --- labels ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["json", "conll", "spacy", "label-studio", "brat"])
def test_label_maps_are_applied_while_reading(kind: str) -> None:
    text, label = CORPUS.documents["p1"].text, {"PER": "PERSON", "MISC": None}
    mentions = [
        Mention(mention_id="p1-m1", doc_id="p1", start=44, end=53, type="PER"),
        Mention(mention_id="p1-m2", doc_id="p1", start=4, end=8, type="MISC"),
    ]
    one = {"p1": CORPUS.documents["p1"]}
    data = {
        "json": json.dumps(
            {**make_cases.system(), "mentions": msgspec.to_builtins(mentions), "claims": [], "contradictions": []}
        ),
        "conll": writers.conll(mentions, one),
        "spacy": json.dumps(writers.spacy(mentions, one)),
        "label-studio": json.dumps(writers.ner(mentions, one)),
        "brat": writers.ann(mentions, text),
    }[kind]
    found = taken(data, kind, label_map=label)
    assert spoken(found) == ["Mara Voss/PERSON"] and found.unmapped == {"MISC": 1}
    refused = taken(data, kind)
    assert refused.annotation_set is None and {"'PER' is not one of", "'MISC' is not one of"} <= {
        match[0] for line in lines(refused) if (match := re.search(r"'\w+' is not one of", line))
    }
