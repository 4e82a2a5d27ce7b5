"""Agreement between annotators, layer by layer: figures with intervals and signatures (docs/agreement.md).

    agreement(sets, known, config, making)   every comparison that the records of a corpus allow
    between(sets, known, config)             any two sets or more
    held_out(sets, making)                   each annotator beside what the others settle among themselves
    profiles, estimate                       one coefficient of one's own labels, with an interval over items

One module a layer (`mentions`, `identity`, `claims`, `contradictions`); coefficients in `coefficients`.
"""

from variorum.agreement.bootstrap import Estimate, Profiles, estimate, profiles
from variorum.agreement.coefficients import COEFFICIENTS
from variorum.agreement.comparison import NotComparable, compare
from variorum.agreement.material import Knowledge
from variorum.agreement.occasions import HeldOut, Making, agreement, between, held_out
from variorum.agreement.report import VERSION, Agreement, Comparison, Config, Figure, Measure, Result, as_json, to_text

__all__ = [
    "COEFFICIENTS",
    "VERSION",
    "Agreement",
    "Comparison",
    "Config",
    "Estimate",
    "Figure",
    "HeldOut",
    "Knowledge",
    "Making",
    "Measure",
    "NotComparable",
    "Profiles",
    "Result",
    "agreement",
    "as_json",
    "between",
    "compare",
    "estimate",
    "held_out",
    "profiles",
    "to_text",
]
