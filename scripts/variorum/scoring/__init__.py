"""Scores: how far a prediction agrees with gold, as figures with intervals and signatures.

    score(prediction, gold, config)   a Report: scores by layer (docs/metrics.md has all formulas and decisions)
    compare(a, b)                     the differences between two reports on the same gold, with intervals and p
    against(a, b, file)               the same, with what a report of them says
    errors(prediction, gold, …)       hits, misses and false alarms one by one
    Config, Measure                   what was asked for; what one score measures, with its signature

One module a layer; each turns records into tables of counts by unit (`tables`), from which figures (`figures`) and
intervals (`intervals`) follow.
"""

from variorum.scoring.against import Against, against
from variorum.scoring.cases import Case
from variorum.scoring.columns import Unplaced
from variorum.scoring.comparison import Difference, compare
from variorum.scoring.config import CONDITIONAL, SCORER, Config, Layout, Measure
from variorum.scoring.contrast import Answered
from variorum.scoring.errors import Errors, errors
from variorum.scoring.errors import as_json as errors_as_json
from variorum.scoring.evaluation import is_closed, score
from variorum.scoring.label_maps import NO_MAP, LabelMap, shipped
from variorum.scoring.notes import notes
from variorum.scoring.reference import fingerprint, reference
from variorum.scoring.report import Figure, Report, Score, as_json, interval_note

__all__ = [
    "CONDITIONAL",
    "NO_MAP",
    "SCORER",
    "Against",
    "Answered",
    "Case",
    "Config",
    "Difference",
    "Errors",
    "Figure",
    "LabelMap",
    "Layout",
    "Measure",
    "Report",
    "Score",
    "Unplaced",
    "against",
    "as_json",
    "compare",
    "errors",
    "errors_as_json",
    "fingerprint",
    "interval_note",
    "is_closed",
    "notes",
    "reference",
    "score",
    "shipped",
]
