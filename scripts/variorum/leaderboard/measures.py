"""What the leaderboard shows of a report: one figure of each of a few scores, and which of them order systems."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from variorum.scoring import Figure, Report, Score


class Main(NamedTuple):
    """One column: its title, the name of the score (as `Measure.name`), the figure, and whether more is better."""

    title: str
    score: str
    figure: str
    more_is_better: bool = True

    @property
    def layer(self) -> str:
        return self.score.partition("|")[0]


CONFLICT = "contradiction+tension"
MENTIONS = Main("mentions F1", "mentions|spans|strict|all|micro", "f1")
ENTITIES = Main("entities CoNLL", "entities|across|conll|all|macro", "f1")
CLAIMS = Main("claims F1", "claims|spans|jaccard0.5|all|micro", "f1")
CONFLICTS = Main("conflicts F1", f"contradictions|detection|{CONFLICT}|all|micro", "f1")
PRECISION = Main("average precision", f"contradictions|ranking|{CONFLICT}|all|micro", "average_precision")
MAIN = (
    MENTIONS,
    ENTITIES,
    CLAIMS,
    Main("holders F1", "claims|holder|jaccard0.5|all|micro", "f1"),
    CONFLICTS,
    Main("MCC", f"contradictions|correlation|{CONFLICT}|all|micro", "mcc"),
    PRECISION,
    Main("false alarms", f"contradictions|false-alarms|{CONFLICT}|all|micro", "rate", more_is_better=False),
    Main("conflicts found", "contradictions|conflicts|any-pair|all|micro", "recall"),
)
CONTRAST = (
    Main("accuracy", f"contradictions|contrast|{CONFLICT}|all|micro", "accuracy"),
    Main("removes", f"contradictions|contrast|{CONFLICT}|removes|micro", "accuracy"),
    Main("creates", f"contradictions|contrast|{CONFLICT}|creates|micro", "accuracy"),
    Main("originals", f"contradictions|contrast-originals|{CONFLICT}|all|micro", "accuracy"),
    Main("consistency", f"contradictions|contrast-couples|{CONFLICT}|all|micro", "consistency"),
)
RANKED = (CONFLICTS, PRECISION, MENTIONS, ENTITIES, CLAIMS)  # each orders systems; the first orders the table
TIE = 12  # digits in which values that are equal agree, on every machine
MEANING = {
    "mentions F1": "same span and type",
    "entities CoNLL": "identity across articles, mean of MUC, B-cubed and CEAF-e",
    "claims F1": "character overlap (Jaccard) of at least 0.5",
    "holders F1": "who holds the claims that match",
    "conflicts F1": "of the judged pairs of gold's claims, those called contradiction or tension",
    "MCC": "of the same, Matthews' correlation",
    "average precision": "of the same, by score",
    "false alarms": "share of the look-alikes called a conflict; less is better",
    "conflicts found": "share of conflicts of which any pair is called one",
}
CONTRAST_MEANING = {
    "accuracy": "share of the edited pairs on the right side: a conflict (contradiction or tension), or none",
    "removes": "of the same, those whose edit takes a conflict away",
    "creates": "of the same, those whose edit makes a conflict",
    "originals": "the same share of the pairs of gold before they were edited",
    "consistency": "share of the couples of an original and its edited pair with both on the right side",
}


class Cell(NamedTuple):
    """A figure and the score that it is part of."""

    figure: Figure
    score: Score


def cells(report: Report, columns: Sequence[Main] = MAIN) -> Mapping[str, Cell]:
    """The figures of a report that these columns show, by title; those that it does not have are left out."""
    scores = {score.measure.name: score for score in report.scores}
    found = {main.title: (main, scores[main.score]) for main in columns if main.score in scores}
    return {title: Cell(_figure(score, main.figure), score) for title, (main, score) in found.items()}


def _figure(score: Score, name: str) -> Figure:
    return next(figure for figure in score.figures if figure.name == name)


def value(found: Mapping[str, Cell], main: Main) -> float | None:
    """The value of a main figure; None if it is undefined or not there."""
    cell = found.get(main.title)
    return cell.figure.value if cell else None
