"""Adjudication: one annotator is unanimous, the majority holds, decisions hold more, and what is open is said."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from variorum import adjudication
from variorum.checks import check_set
from variorum.corpus import Corpus
from variorum.decisions import Decision, Decisions
from variorum.records import AnnotationSet, Claim, Mention, Span, from_json, to_json

Sets = list[AnnotationSet]


@pytest.fixture
def articles(small_corpus: Corpus) -> Sets:
    return [from_json(path.read_bytes()) for path in small_corpus.records("articles")]


@pytest.fixture
def pairs(small_corpus: Corpus) -> Sets:
    return [from_json(path.read_bytes()) for path in small_corpus.records("pairs")]


def decided(corpus: Corpus, name: str) -> tuple[Decision, ...]:
    data = (corpus.annotations / "decisions" / f"{name}.json").read_bytes()
    return msgspec.json.decode(data, type=Decisions).decisions


def decision(item: str, ids: tuple[str, ...], choice: Any) -> Decision:
    return Decision(item=item, ids=ids, choice=choice, reason="For the test.", decided_by="judge")


def named(first: AnnotationSet, *names: str) -> Sets:
    return [replace(first, source=name) for name in names]


def test_the_small_corpus_comes_out_as_it_is_stored(small_corpus: Corpus, articles: Sets, pairs: Sets) -> None:
    consolidated = adjudication.consolidate(reversed_(articles), decided(small_corpus, "articles"))
    assert (consolidated.open, consolidated.unused) == ((), ())
    assert to_json(consolidated.annotation_set) == small_corpus.consolidated.read_bytes()
    gold = adjudication.gold(consolidated.annotation_set, reversed_(pairs), decided(small_corpus, "pairs"), "1.0.0")
    assert (gold.open, gold.unused) == ((), ())
    assert to_json(gold.annotation_set) == small_corpus.gold.read_bytes()


def reversed_(sets: Sets) -> Sets:
    return list(reversed(sets))


def test_one_annotator_is_unanimous(small_corpus: Corpus, articles: Sets, pairs: Sets) -> None:
    first = articles[0]
    outcome = adjudication.consolidate([first])
    result = outcome.annotation_set
    assert outcome.open == ()
    assert [len(getattr(result, n)) for n in ("mentions", "entities", "claims")] == [
        len(getattr(first, n)) for n in ("mentions", "entities", "claims")
    ]
    problems = check_set(to_json(result), "consolidated.json", small_corpus).problems
    assert [problem for problem in problems if problem.level == "error"] == []


def test_consolidating_what_is_consolidated_changes_nothing(small_corpus: Corpus) -> None:
    stored = from_json(small_corpus.consolidated.read_bytes())
    assert adjudication.consolidate([stored]).annotation_set == stored


def test_annotators_who_agree_are_one(articles: Sets) -> None:
    first = articles[0]
    alone = adjudication.consolidate([first])
    assert adjudication.consolidate(named(first, "x", "y", "z")) == alone


def test_a_majority_outvotes_one(articles: Sets) -> None:
    first, second = articles
    sets = [replace(each, claims=None) for each in (*named(first, "a", "b"), replace(second, source="c"))]
    outcome = adjudication.consolidate(sets)
    assert outcome.open == ()
    assert outcome == adjudication.consolidate([replace(first, claims=None)])


def test_claims_and_pairs_that_are_not_unanimous_need_a_written_reason(
    small_corpus: Corpus, articles: Sets, pairs: Sets
) -> None:
    first, second = articles
    outcome = adjudication.consolidate([*named(first, "a", "b"), replace(second, source="c")])
    assert outcome.open and all(item.item.startswith("claim") for item in outcome.open)
    judged = pairs[0].contradictions or ()
    other = replace(judged[0], relation="neutral" if judged[0].relation != "neutral" else "agreement", reason=None)
    third = replace(pairs[0], source="c", contradictions=(other, *judged[1:]))
    consolidated = from_json(small_corpus.consolidated.read_bytes())

    def undecided(*sets: AnnotationSet) -> set[str]:
        outcome = adjudication.gold(consolidated, sets, (), "1.0.0")
        return {item.ids[0] for item in outcome.open if item.item == "pair.relation"}

    unanimous = undecided(*named(pairs[0], "a", "b", "c"))  # what everybody called unclear
    assert undecided(*named(pairs[0], "a", "b"), third) - unanimous == {judged[0].pair_id}


def test_words_of_a_claim_are_those_most_like_the_others(articles: Sets) -> None:
    first = articles[0]
    assert first.claims
    claim = first.claims[0]
    odd = replace(claim, proposition="Something else is said here.")
    sets = [replace(each, claims=(odd if each.source == "a" else claim,)) for each in named(first, "a", "b", "c")]
    (kept,) = adjudication.consolidate(sets).annotation_set.claims or ()
    assert kept.proposition == claim.proposition


def test_one_against_one_is_open_until_it_is_decided(articles: Sets) -> None:
    first, second = named(articles[0], "a", "b")
    assert second.mentions
    kept = second.mentions[1:]
    dropped = second.mentions[0]
    rest = tuple(replace(claim, holder=None) for claim in second.claims or ())
    left, right = replace(first, claims=rest), replace(second, mentions=kept, claims=rest)
    name = f"{dropped.doc_id}-m{dropped.start}-{dropped.end}"
    (open_item,) = adjudication.consolidate([left, right]).open
    assert (open_item.item, open_item.ids) == ("mention", (name,))
    assert open_item.line() == f'mention {name}: "{dropped.type}" | null'
    for choice in (dropped.type, None):
        outcome = adjudication.consolidate([left, right], [decision("mention", (name,), choice)])
        assert (outcome.open, outcome.unused) == ((), ())
        assert (name in {m.mention_id for m in outcome.annotation_set.mentions or ()}) == (choice is not None)


def test_links_of_identity_are_voted_on(articles: Sets) -> None:
    first = replace(articles[0], claims=None)
    entity = next(m.entity_id for m in first.mentions or () if m.entity_id)
    theirs = [m for m in first.mentions or () if m.entity_id == entity]
    assert len(theirs) > 1

    def apart(m: Mention) -> Mention:
        return replace(m, entity_id="e-other") if m == theirs[0] else m

    split = replace(
        first,
        mentions=tuple(map(apart, first.mentions or ())),
        entities=(*(first.entities or ()), replace((first.entities or ())[0], entity_id="e-other")),
    )
    assert adjudication.consolidate([*named(first, "a", "b"), replace(split, source="c")]).open == ()
    contested = adjudication.consolidate([first, replace(split, source="other")]).open
    assert {each.item for each in contested} == {"entity"}


@pytest.mark.parametrize("turned", [False, True])
def test_a_link_may_be_decided_from_either_end(articles: Sets, turned: bool) -> None:
    first = replace(articles[0], claims=None)
    entity = next(m.entity_id for m in first.mentions or () if m.entity_id)
    theirs = [m for m in first.mentions or () if m.entity_id == entity][:2]
    kept = replace(
        first, mentions=tuple(theirs), entities=tuple(e for e in first.entities or () if e.entity_id == entity)
    )
    ids = sorted(f"{m.doc_id}-m{m.start}-{m.end}" for m in theirs)
    apart = decision("entity", tuple(reversed(ids) if turned else ids), False)
    outcome = adjudication.consolidate([kept], [apart])
    assert (outcome.open, outcome.unused) == ((), ())
    assert len({m.entity_id for m in outcome.annotation_set.mentions or ()}) == 2


def test_two_decisions_on_one_item_are_refused() -> None:
    sets = [claims_set("a", claim(0, 9))]
    twice = [decision("claim", ("d-c0-9",), True), decision("claim", ("d-c0-9",), False)]
    with pytest.raises(ValueError, match="two decisions on claim d-c0-9: number 0 and number 1"):
        adjudication.consolidate(sets, twice)
    turned = [decision("entity", ("x", "y"), True), decision("entity", ("y", "x"), False)]
    with pytest.raises(ValueError, match="two decisions on entity x y"):
        adjudication.consolidate(sets, turned)


def claim(start: int, end: int, proposition: str = "It sank.") -> Claim:
    return Claim(
        claim_id=f"x{start}-{end}-{proposition}",
        doc_id="d",
        spans=(Span(start=start, end=end),),
        proposition=proposition,
        kind="fact",
        polarity="positive",
        certainty="certain",
    )


def claims_set(source: str, *claims: Claim) -> AnnotationSet:
    header = {"schema_version": "1.0", "source": source, "role": "annotator", "round": "r", "guideline_version": "1"}
    documents = [{"doc_id": "d", "text_sha256": "0" * 64}]
    return replace(msgspec.convert(header | {"documents": documents}, AnnotationSet), claims=claims)


def test_claim_ids_follow_the_evidence() -> None:
    one = claims_set("a", claim(5, 9, "B."), claim(5, 9, "A."), claim(0, 9))
    got = adjudication.consolidate([one]).annotation_set.claims or ()
    assert [(c.claim_id, c.proposition) for c in got] == [
        ("d-c0-9", "It sank."),
        ("d-c5-9", "A."),
        ("d-c5-9-2", "B."),
    ]


def test_claim_ids_are_stable_under_other_labels() -> None:
    one = adjudication.consolidate([claims_set("a", claim(5, 9))]).annotation_set.claims or ()
    more = (
        adjudication.consolidate([claims_set("a", claim(0, 3), claim(5, 9), claim(6, 8))]).annotation_set.claims or ()
    )
    assert set(one) <= set(more)


def test_words_of_a_claim_are_the_first_sources_unless_decided() -> None:
    sets = [claims_set("b", claim(0, 9, "B.")), claims_set("a", claim(0, 8, "A."))]
    (made,) = adjudication.consolidate(sets).annotation_set.claims or ()
    assert (made.claim_id, made.proposition) == ("d-c0-8", "A.")
    outcome = adjudication.consolidate(sets, [decision("claim.proposition", ("d-c0-8",), "C.")])
    assert [c.proposition for c in outcome.annotation_set.claims or ()] == ["C."]


def test_fields_without_majority_are_open() -> None:
    sets = [claims_set("a", claim(0, 9)), claims_set("b", replace(claim(0, 9), polarity="negative"))]
    (open_item,) = adjudication.consolidate(sets).open
    assert (open_item.item, open_item.ids, open_item.votes) == (
        "claim.polarity",
        ("d-c0-9",),
        ('"positive"', '"negative"'),
    )


def test_decisions_about_nothing_and_of_the_wrong_type_are_said() -> None:
    vain = decision("claim", ("d-c1-2",), True)
    assert adjudication.consolidate([claims_set("a", claim(0, 9))], [vain]).unused == (vain,)
    with pytest.raises(ValueError, match=r"decision on claim\.proposition d-c0-9: Expected `str`"):
        adjudication.consolidate([claims_set("a", claim(0, 9))], [decision("claim.proposition", ("d-c0-9",), 3)])


def test_unclear_never_becomes_gold(small_corpus: Corpus, pairs: Sets) -> None:
    consolidated = from_json(small_corpus.consolidated.read_bytes())
    first = pairs[0]
    assert first.contradictions
    unclear = replace(first.contradictions[0], relation="unclear")
    blank = replace(first, contradictions=(unclear, *first.contradictions[1:]))
    outcome = adjudication.gold(consolidated, [blank], (), "1.0.0")
    assert ("pair.relation", (unclear.pair_id,)) in [(each.item, each.ids) for each in outcome.open]
    made = outcome.annotation_set.contradictions or ()
    assert "unclear" not in {pair.relation for pair in made}


def test_a_pair_about_unknown_claims_is_open(small_corpus: Corpus, pairs: Sets) -> None:
    consolidated = replace(from_json(small_corpus.consolidated.read_bytes()), claims=())
    outcome = adjudication.gold(consolidated, pairs[:1], (), "1.0.0")
    about = {each.ids[0] for each in outcome.open if each.item == "pair.claims"}
    assert about == {pair.pair_id for pair in pairs[0].contradictions or ()}


def test_the_last_round_that_judged_a_pair_counts(small_corpus: Corpus, pairs: Sets) -> None:
    consolidated = from_json(small_corpus.consolidated.read_bytes())
    later = replace(pairs[1], source=pairs[0].source, round="second-look")
    outcome = adjudication.gold(consolidated, [pairs[0], later], (), "1.0.0")
    relations = {pair.pair_id: pair.relation for pair in outcome.annotation_set.contradictions or ()}
    assert later.contradictions
    assert all(relations.get(pair.pair_id, "unclear") == pair.relation for pair in later.contradictions)


def test_command_names_both_places_of_two_decisions(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    path = small_corpus.annotations / "decisions" / "pairs.json"
    value = msgspec.json.decode(path.read_bytes())
    value["decisions"].append(value["decisions"][0])
    path.write_bytes(msgspec.json.encode(value))
    before = small_corpus.gold.read_bytes()
    done = variorum("adjudicate", "--root", small_corpus.root)
    assert (done.returncode, done.stderr) == (1, "")
    last = len(value["decisions"]) - 1
    assert f"pairs.json::$.decisions[{last}]" in done.stdout
    assert "pairs.json::$.decisions[0]" in done.stdout
    assert small_corpus.gold.read_bytes() == before


def test_command_lists_what_is_open_and_writes_nothing(small_corpus: Corpus, variorum) -> None:  # type: ignore[no-untyped-def]
    before = small_corpus.gold.read_bytes()
    assert variorum("adjudicate", "--root", small_corpus.root).returncode == 0
    assert small_corpus.gold.read_bytes() == before
    (small_corpus.annotations / "decisions" / "pairs.json").unlink()
    done = variorum("adjudicate", "--root", small_corpus.root)
    assert done.returncode == 1
    assert "open: pair.relation" in done.stdout
    assert small_corpus.gold.read_bytes() == before
