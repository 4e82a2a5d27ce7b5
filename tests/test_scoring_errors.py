"""Errors one by one: entities, pairs of the system's own claims, quotes without a place; why a figure is undefined."""

import pytest
from msgspec.structs import replace
from test_scoring_properties import MENTIONS, a_set, scored

from variorum.records import AnnotationSet, Claim, Mention, Pair, Span, pair_id
from variorum.scoring import Case, Config, LabelMap, Unplaced, errors, score, shipped

QUICK = Config(resamples=0)


def linked(*entities: str) -> tuple[Mention, ...]:
    """A mention a word; a letter names the entity."""
    return tuple(
        Mention(mention_id=f"{name}{at}", doc_id="d", start=2 * at, end=2 * at + 1, type="ORG", entity_id=name)
        for at, name in enumerate("".join(entities))
        if name != " "
    )


def entity_cases(predicted: str, gold: str) -> dict[str, Case]:
    found = errors(a_set(linked(predicted)), a_set(linked(gold)), replace(QUICK, layers=("entities",)))
    return {f"{case.gold or '-'}{case.predicted or '-'}": case for case in found.cases}


def test_entities_correspond_by_their_mentions() -> None:
    """Ids have no common meaning: gold's A is the prediction's b."""
    found = entity_cases("bbb  cc ee", gold="AAAABCC   D")
    assert {key: (case.outcome, case.what) for key, case in found.items()} == {
        "Ab": ("near miss", ("mentions missing",)),
        "Cc": ("hit", ()),
        "-e": ("false alarm", ()),
        "B-": ("miss", ()),
        "D-": ("miss", ()),
    }
    assert found["Ab"].gold_label == "ORG"


def test_split_and_merged_entities() -> None:
    assert entity_cases("aabb", gold="AAAA")["Aa"].what == ("split",)
    assert entity_cases("aaaa", gold="AAAB")["Aa"].what == ("merged",)
    assert entity_cases("aaa", gold="AA ")["Aa"].what == ("mentions gold does not have",)


# --- spans that differ by little -------------------------------------------------------------------------------------

TEXT = "She saw the old lighthouses, all of them, on an island-hopping tour."


@pytest.mark.parametrize(
    ("gold", "predicted", "off", "context"),
    [
        ("lighthouses", "old lighthouses", "off by a word", "⟨old ⟦lighthouses⟧⟩"),
        ("the old lighthouses", "the old lighthouse", "off by part of a word", "⟦⟨the old lighthouse⟩s⟧"),
        ("lighthouses", "lighthouses,", "off by punctuation", "⟨⟦lighthouses⟧,⟩"),
        ("island-hopping", "hopping", "off by a word", "⟦island-⟨hopping⟩⟧"),
        ("old lighthouses", "the old lighthouse", "wrong", "⟨the ⟦old lighthouse⟩s⟧"),
        ("the old", "old lighthouses", "wrong", "⟦the ⟨old⟧ lighthouses⟩"),
        ("them", " them", "off by white space", "⟨ ⟦them⟧⟩"),
        ("lighthouses", "lighthouses", None, "⟦lighthouses⟧"),
    ],
)
def test_what_spans_are_off_by_is_named_and_shown(gold: str, predicted: str, off: str | None, context: str) -> None:
    spans = [(at := TEXT.index(each), at + len(each)) for each in (gold, predicted)]
    sets = (a_set((Mention(mention_id="m", doc_id="d", start=start, end=end, type="LOC"),)) for start, end in spans)
    found, expected = tuple(sets), () if off is None else (f"boundary {off}",)
    (case,) = errors(found[1], found[0], MENTIONS, texts={"d": TEXT}).cases
    assert case.what == expected and context in (case.context or "")
    if off and off != "wrong":
        (unread,) = errors(found[1], found[0], MENTIONS).cases
        assert unread.what == ("boundary off by up to 12 characters",) and unread.context is None


def test_evidence_in_pieces_shows_all_pieces_of_both_sides() -> None:
    def evidence(*spans: tuple[int, int]) -> AnnotationSet:
        pieces = tuple(Span(start=start, end=end) for start, end in spans)
        return replace(a_set(()), mentions=None, claims=(replace(claim("c", 0), spans=pieces),))

    sides = evidence((0, 7), (16, 27)), evidence((0, 7), (12, 27))
    (case,) = errors(*sides, replace(QUICK, layers=("claims",)), texts={"d": TEXT}).cases
    assert case.what == ("evidence off by a word",)
    assert (case.context or "").startswith("⟦⟨She saw⟩⟧ the ⟦old ⟨lighthouses⟩⟧, all")


# --- claims and pairs ------------------------------------------------------------------------------------------------


def claim(name: str, at: int, **more: object) -> Claim:
    rest = {"proposition": name, "kind": "fact", "polarity": "positive", "certainty": "certain"} | more
    return Claim(claim_id=name, doc_id="d", spans=(Span(start=at, end=at + 9),), **rest)  # type: ignore[arg-type]


def claims(side: str, *places: int) -> tuple[Claim, ...]:
    return tuple(claim(f"{side}{at // 10}", at) for at in places)


def pair(a: str, b: str, relation: str) -> Pair:
    return Pair(pair_id=pair_id(a, b), claim_a=a, claim_b=b, relation=relation)


def with_pairs(found: tuple[Claim, ...], *pairs: Pair) -> AnnotationSet:
    return replace(a_set(()), mentions=None, claims=found, contradictions=pairs)


def test_open_pairs_are_cases() -> None:
    judged = pair("g0", "g1", "contradiction"), pair("g0", "g2", "tension"), pair("g2", "g3", "agreement")
    gold = with_pairs(claims("g", 0, 10, 20, 30), *judged)
    said = pair("p0", "p1", "tension"), pair("p0", "p9", "contradiction"), pair("p1", "p9", "neutral")
    found = errors(with_pairs(claims("p", 0, 10, 30, 90), *said), gold, QUICK)
    cases = {case.gold or case.predicted: (case.outcome, case.what) for case in found.cases if "contra" in case.layer}
    assert cases == {
        "g0~g1": ("near miss", ("tension for contradiction",)),
        "g0~g2": ("miss", ("claims that the prediction does not have",)),
        "g2~g3": ("near miss", ("claims that the prediction does not have",)),
        "p0~p9": ("false alarm", ("claims that gold does not have",)),
    }
    hits = score(with_pairs(claims("p", 0, 10, 30, 90), *said), gold, QUICK)
    assert hits["contradictions|open|contradiction+tension|all|micro"].counts["hit"] == 1


def test_what_claims_are_about() -> None:
    """Two of three entities right by their mentions, under other ids; a claim without entities is no near miss."""
    gold = replace(a_set(linked("AABC")), claims=(claim("c", 0, entities=("A", "B", "C")), claim("d", 20)))
    about = claim("c", 0, entities=("x", "z", "w")), claim("d", 20)
    predicted = replace(a_set(linked("xxyz")), claims=about)
    report = score(predicted, gold, QUICK)["claims|entities|jaccard0.5|all|micro"]
    assert (report["precision"], report["recall"]) == (2 / 3, 2 / 3)
    faults = [case.what for case in errors(predicted, gold, replace(QUICK, layers=("claims",))).cases]
    assert faults == [("wrong entities",), ()]
    nothing = score(replace(predicted, claims=(about[1],)), gold, QUICK)["claims|entities|jaccard0.5|all|micro"]
    assert {figure.undefined for figure in nothing.figures} == {
        "no matched claim of the prediction is about an entity",
        "no matched claim of gold is about an entity",
        "no matched claim is about an entity",
    }


# --- what could not be placed, what is undefined, label maps ------------------------------------------------------


def test_right_claims_with_the_wrong_holder_are_near_misses() -> None:
    """Gold's holders A, A, none, B; those of the prediction are told by their mentions: a is A, b is B."""
    named = {side: linked(letters) for side, letters in (("gold", "AB"), ("system", "ab"))}
    gold = [claim(f"g{at}", 10 * at, holder=h) for at, h in enumerate(("A0", "A0", None, "B1"))]
    said = [claim(f"p{at}", 10 * at, holder=h) for at, h in enumerate(("a0", "b1", "b1", None))]
    sets = replace(a_set(named["system"]), claims=tuple(said)), replace(a_set(named["gold"]), claims=tuple(gold))
    found = errors(*sets, replace(QUICK, layers=("claims",)))
    assert {case.gold: (case.outcome, case.what) for case in found.cases} == {
        "g0": ("hit", ()),
        "g1": ("near miss", ("wrong holder",)),
        "g2": ("near miss", ("holder gold does not have",)),
        "g3": ("near miss", ("holder missing",)),
    }
    silent = replace(sets[0], claims=tuple(replace(each, holder=None) for each in said))
    assert {case.outcome for case in errors(silent, sets[1], replace(QUICK, layers=("claims",))).cases} == {"hit"}


def test_quotes_without_a_place_are_cases() -> None:
    lost = [Unplaced("d", "ORG", "m7", "the coucil"), Unplaced("d", "LANGUAGE", "m8", "Latin")]
    config = replace(MENTIONS, label_map=shipped("ontonotes-18"))
    found = errors(a_set(()), a_set(()), config, unplaced={"mentions": lost}).cases
    assert [(case.outcome, case.what, case.predicted, case.context) for case in found] == [
        ("false alarm", ("quote not found",), "m7", "the coucil")
    ]


def test_f1_says_which_side_it_lacks() -> None:
    """Gold has T, found as U: by type, the prediction has no T and gold no U."""
    gold, predicted = (Mention(mention_id="m", doc_id="d", start=0, end=5, type=name) for name in "TU")
    report = scored((predicted,), (gold,))
    why = {name: report[f"mentions|spans|exact|type={name}|micro"].figures[-1].undefined for name in "TU"}
    assert why == {"T": "the prediction has none", "U": "gold has none"}
    assert scored((), ())["mentions|spans|exact|all|micro"].figures[-1].undefined == "neither side has any"


def test_the_signature_of_a_label_map_of_ones_own_reads_back() -> None:
    own = LabelMap(name="mine", prediction={"U": "T"})
    config = replace(MENTIONS, label_map=own, unit="document")
    report = score(a_set(()), a_set(()), config)
    signature = report["mentions|spans|strict|all|micro"].measure.signature
    assert Config.from_signature(signature, [own]) == config
    other = replace(own, prediction={"U": "V"})
    for maps in ((), [other]):
        try:
            Config.from_signature(signature, maps)
        except ValueError as error:
            assert "there is no label map 'mine+" in str(error)
        else:
            raise AssertionError("a signature of another map was taken")
