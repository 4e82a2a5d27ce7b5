"""Pools: every listed pair, neighbours, differing values, and a sample of the rest; nothing twice."""

from itertools import combinations

import pytest
from support import Command

from variorum.corpus import Corpus
from variorum.pooling import RANDOM, SCREENED, SIMILAR, VALUES, Pool, Sizes, pool, rest
from variorum.records import AnnotationSet, Claim, Mention, Pair, Span, Value, pair_id

YEARS = ("2011", "2013", "2013")


def claim(number: int, proposition: str) -> Claim:
    span = Span(start=number * 10, end=number * 10 + 9)
    return Claim(
        claim_id=f"07-c{number}",
        doc_id="07",
        spans=(span,),
        proposition=proposition,
        kind="fact",
        polarity="positive",
        certainty="certain",
        entities=("e-club",),
    )


def judged() -> AnnotationSet:
    """Three claims that hold a year each, and nine others that share no word with anything."""
    dated = [claim(n, f"the club was founded in {year}") for n, year in enumerate(YEARS)]
    others = [claim(n, f"word{n} thing{n}") for n in range(3, 12)]
    dates = [
        Mention(mention_id=f"07-m{n}", doc_id="07", start=n * 10, end=n * 10 + 4, type="DATE",
                value=Value(kind="date", value=year))
        for n, year in enumerate(YEARS)
    ]  # fmt: skip
    return AnnotationSet(
        schema_version="1.0",
        source="consolidated",
        role="consolidated",
        documents=(),
        mentions=tuple(dates),
        claims=tuple(dated + others),
    )


def screening(*pairs: tuple[int, int]) -> AnnotationSet:
    listed = tuple(
        Pair(pair_id=pair_id(f"07-c{a}", f"07-c{b}"), claim_a=f"07-c{a}", claim_b=f"07-c{b}", relation="agreement")
        for a, b in pairs
    )
    return AnnotationSet(
        schema_version="1.0", source="swift", role="annotator", round="lists", documents=(), contradictions=listed
    )


def strata(made: Pool) -> dict[tuple[str, str], str]:
    return {(p.claim_a.removeprefix("07-c"), p.claim_b.removeprefix("07-c")): p.stratum for p in made.contradictions}


def test_each_stratum_takes_what_the_ones_before_left() -> None:
    made = pool(judged(), [screening((3, 4)), screening((4, 3))], Sizes(similar=1, values=5, random=4, seed=1))
    found = strata(made)
    assert found["3", "4"] == SCREENED
    assert found["1", "2"] == SIMILAR  # worded alike to the letter
    assert {pair for pair, stratum in found.items() if stratum == VALUES} == {("0", "1"), ("0", "2")}
    assert sum(stratum == RANDOM for stratum in found.values()) == 4
    assert len(found) == len(made.contradictions) == 8


def test_all_pairs_at_most_and_the_rest_is_counted() -> None:
    made = pool(judged(), [screening((3, 4))], Sizes(similar=2, values=2, random=1000, seed=1))
    assert len(made.contradictions) == len(list(combinations(range(12), 2)))
    assert rest(12, made.contradictions) == sum(p.stratum == RANDOM for p in made.contradictions)


def test_the_draw_follows_the_seed_and_not_the_order_of_claims() -> None:
    sizes = [Sizes(similar=0, values=0, random=10, seed=seed) for seed in (1, 1, 2)]
    first, again, other = (strata(pool(judged(), [], each)) for each in sizes)
    assert first == again != other


def test_a_list_about_other_claims_is_refused() -> None:
    with pytest.raises(ValueError, match="07-c99"):
        pool(judged(), [screening((3, 99))], Sizes(similar=0, values=0, random=0, seed=1))


def test_the_command_writes_what_checks_and_can_be_pushed(variorum: Command, small_corpus: Corpus) -> None:
    done = variorum("pool", "pairs", "judging", "--root", small_corpus.root, "--random", "5")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "5 random" in done.stdout
    assert variorum("check", "--root", small_corpus.root).returncode == 0
    again = (small_corpus.annotations / "pools" / "judging.json").read_bytes()
    variorum("pool", "pairs", "judging", "--root", small_corpus.root, "--random", "5")
    assert (small_corpus.annotations / "pools" / "judging.json").read_bytes() == again


@pytest.mark.parametrize(("lists", "name"), [("pairs", "../out"), ("none", "judging")])
def test_the_command_refuses_rounds_that_are_not_there_or_no_names(
    variorum: Command, small_corpus: Corpus, lists: str, name: str
) -> None:
    done = variorum("pool", lists, name, "--root", small_corpus.root)
    assert done.returncode == 2 and "Traceback" not in done.stderr
