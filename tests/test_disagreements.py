"""Disagreements: every item on which annotators differ, and nothing else."""

import json

import pytest
from msgspec.structs import replace
from support import Command

from variorum.agreement.differences_page import page
from variorum.agreement.disagreements import KINDS, Disagreement, disagreements, tally
from variorum.cli.agreement import knowledge
from variorum.corpus import Corpus
from variorum.records import AnnotationSet, from_json


def articles(corpus: Corpus) -> AnnotationSet:
    return from_json(corpus.record("articles", "heron").read_bytes())


def differing(corpus: Corpus, *sets: AnnotationSet) -> list[Disagreement]:
    return disagreements([replace(each, source=f"s{at}") for at, each in enumerate(sets)], knowledge(corpus))


def changed(each: AnnotationSet, layer: str, at: int = 0, **fields: object) -> AnnotationSet:
    records = list(getattr(each, layer))
    records[at] = replace(records[at], **fields)
    return replace(each, **{layer: tuple(records)})


def test_a_set_does_not_differ_from_itself(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    assert differing(small_corpus, gold, gold, gold) == []


@pytest.mark.parametrize(
    ("layer", "fields", "kind", "field"),
    [
        ("mentions", {"type": "EVENT"}, "type", ()),
        ("mentions", {"end": 6}, "boundary", ()),
        ("mentions", {"level": "PRO"}, "attribute", ("level",)),
        ("mentions", {"entity_id": "e-nobody"}, "identity", ()),
        ("claims", {"kind": "forecast"}, "type", ()),
        ("claims", {"certainty": "hedged"}, "attribute", ("certainty",)),
        ("claims", {"entities": ()}, "attribute", ("entities",)),
    ],
    ids=str,
)
def test_one_change_is_one_disagreement(
    small_corpus: Corpus, layer: str, fields: dict[str, object], kind: str, field: tuple[str, ...]
) -> None:
    one = articles(small_corpus)
    at = next(i for i, m in enumerate(one.mentions or ()) if m.entity_id and m.level == "NAM" and m.end - m.start > 3)
    if "end" in fields:
        fields = {"end": (one.mentions or ())[at].end - 1}
    (found,) = differing(small_corpus, one, one, changed(one, layer, at if layer == "mentions" else 0, **fields))
    assert (found.layer, found.kinds, found.fields) == (layer, (kind,), field)
    assert list(found.answers) == ["s0", "s1", "s2"] and found.answers["s0"] == found.answers["s1"]
    assert found.answers["s2"] != found.answers["s0"] or kind == "boundary"
    assert found.context and "⟦" in found.context


def test_renamed_entities_are_no_disagreement(small_corpus: Corpus) -> None:
    one = articles(small_corpus)
    names = {m.entity_id: f"e-x{m.entity_id}" for m in one.mentions or () if m.entity_id}
    mentions = tuple(replace(m, entity_id=names.get(m.entity_id)) for m in one.mentions or ())
    claims = tuple(replace(c, entities=tuple(names.get(e, e) for e in c.entities)) for c in one.claims or ())
    assert differing(small_corpus, one, replace(one, mentions=mentions, claims=claims)) == []


def test_what_is_missing_is_missing_only_where_the_document_was_covered(small_corpus: Corpus) -> None:
    one = articles(small_corpus)
    fewer = replace(one, mentions=(one.mentions or ())[1:])
    (found,) = differing(small_corpus, one, fewer)
    assert (found.kinds, found.answers["s1"]) == (("missing",), "(none)")
    some = tuple(d for d in one.documents if d.doc_id != found.doc_id)
    assert differing(small_corpus, one, replace(fewer, documents=some, claims=None)) == []


def test_relations_with_their_propositions(small_corpus: Corpus) -> None:
    gold = from_json(small_corpus.gold.read_bytes())
    at = next(i for i, pair in enumerate(gold.contradictions or ()) if pair.relation == "agreement")
    (found,) = differing(small_corpus, gold, changed(gold, "contradictions", at, relation="unclear", reason=None))
    assert found.kinds[0] == "relation" and found.answers["s1"] == "unclear"
    assert " ⟷ " in (found.context or "")
    fewer = replace(gold, contradictions=(gold.contradictions or ())[1:])
    (found,) = differing(small_corpus, gold, fewer)
    assert found.kinds == ("missing",)


def test_the_page_escapes_what_annotators_wrote(small_corpus: Corpus) -> None:
    one = articles(small_corpus)
    found = differing(small_corpus, one, changed(one, "claims", 0, kind="opinion", proposition="<script>x</script>"))
    shown = page({"articles": found})
    assert "<script>" not in shown and "&lt;script&gt;" in shown


def test_command(small_corpus: Corpus, variorum: Command) -> None:
    done = variorum("disagreements", "--root", small_corpus.root, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    rounds = {each["round"]: each for each in json.loads(done.stdout)["rounds"]}
    assert set(rounds) == {"articles", "pairs"}
    relations = [each for each in rounds["pairs"]["items"] if "relation" in each["kinds"]]
    assert len(relations) == 3  # two that differ, and one that is unclear to heron
    assert {row["kind"] for each in rounds.values() for row in each["tally"]} <= set(KINDS)
    table = variorum("disagreements", "--root", small_corpus.root, "--kind", "relation")
    assert "a1-c300-339~b2-c219-279" in table.stdout and "boundary" not in table.stdout
    out = small_corpus.root / "build" / "differences.html"
    done = variorum("disagreements", "--root", small_corpus.root, "--format", "html", "--out", out)
    assert done.returncode == 0 and out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_command_with_wrong_options(small_corpus: Corpus, variorum: Command) -> None:
    one = small_corpus.record("articles", "heron")
    for arguments, message in (
        ((one,), "a disagreement needs two sets; name another FILE"),
        (("--kind", "colour"), f"--kind is one of {', '.join(KINDS)}"),
    ):
        done = variorum("disagreements", *arguments, "--root", small_corpus.root)
        assert (done.returncode, done.stderr) == (2, f"variorum: {message}\n")
    for path in list(small_corpus.records()):
        path.unlink()
    done = variorum("disagreements", "--root", small_corpus.root)
    assert (done.returncode, done.stdout) == (0, "no round has two sets: there is nobody to disagree\n")


def test_the_tally_counts_every_way_in_which_an_item_differs(small_corpus: Corpus) -> None:
    one = articles(small_corpus)
    other = changed(one, "claims", 0, kind="opinion", certainty="hedged", polarity="negative")
    assert tally(differing(small_corpus, one, other)) == {
        ("claims", "type", ""): 1,
        ("claims", "attribute", "certainty"): 1,
        ("claims", "attribute", "polarity"): 1,
    }
