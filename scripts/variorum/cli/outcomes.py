"""What the records and decisions of a corpus give: the consolidated set and gold, each with what is still open."""

from variorum import adjudication
from variorum.adjudication import Outcome
from variorum.cli.app import fail, shown
from variorum.cli.sets import read_decisions, read_sets
from variorum.corpus import Corpus
from variorum.decisions import Rounds
from variorum.records import AnnotationSet


def consolidated(corpus: Corpus, rounds: Rounds) -> Outcome:
    """From the records of the article round. Ends with exit code 2 if there are none, with 1 if they cannot be used."""
    articles = read_sets(corpus.records(rounds.articles), corpus)
    if not articles:
        fail(f"there are no records of the round {rounds.articles} under {shown(corpus.annotations / 'records')}")
    decided = read_decisions([rounds.articles], corpus)
    try:
        return adjudication.consolidate(articles, decided)
    except ValueError as error:
        fail(str(error), 1)


def pair_sets(corpus: Corpus, rounds: Rounds) -> list[AnnotationSet]:
    """The records of the rounds of pairs, earliest round first."""
    return read_sets((path for name in rounds.pairs for path in corpus.records(name)), corpus)


def gold(corpus: Corpus, rounds: Rounds, claims: AnnotationSet) -> Outcome:
    """From the records of the rounds of pairs, about the claims of the consolidated set."""
    pairs = pair_sets(corpus, rounds)
    decided = read_decisions(rounds.pairs, corpus)
    try:
        return adjudication.gold(claims, pairs, decided, rounds.version)
    except ValueError as error:
        fail(str(error), 1)
