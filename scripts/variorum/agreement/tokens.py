"""Agreement token by token: what stands inside a span and what does not, whatever the boundaries.

A token is a run of letters and digits or any other character that is not blank, outside furniture. It has the label of
the longest span that covers any of it, or none: an annotator who read the document and marked nothing there has said
so, and that is a label of its own. So alpha is over all tokens of the documents, marked or not.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from variorum.agreement.coefficients import MISSING
from variorum.agreement.material import Material
from variorum.overlaps import Intervals, Ints
from variorum.scoring.columns import outside

TOKEN = re.compile(r"\w+|[^\w\s]")
OUTSIDE = 0
STRIDE = 2**40


class Tokens(NamedTuple):
    """The tokens of all documents, in order, and the unit of each."""

    spans: Intervals
    unit: Ints


def tokens(found: Material) -> Tokens:
    """The tokens of the documents whose texts are at hand."""
    rows = [
        np.array([match.span() for match in TOKEN.finditer(text)], np.int64).reshape(-1, 2)
        for doc_id in found.documents
        if (text := found.texts.get(doc_id)) is not None
    ]
    numbers = [number for doc_id, number in found.documents.items() if doc_id in found.texts]
    ends = np.concatenate(rows) if rows else np.zeros((0, 2), np.int64)
    document = np.repeat(np.array(numbers, np.int64), [len(each) for each in rows])
    spans = Intervals(document, ends[:, 0], ends[:, 1])
    keep = outside(spans, found.documents, found.layout.furniture)
    spans = Intervals(*(column[keep] for column in spans))
    return Tokens(spans, found.units.at(spans.document, spans.start))


def painted(where: Tokens, spans: Intervals, labels: Ints, covered: Iterable[int]) -> Ints:
    """The label of each token: that of the longest span over it, 0 outside, -1 in documents that are not covered.

    Of spans of equal length the one with the greatest label counts, so that the order of records never matters.
    """
    found = np.full(len(where.unit), MISSING, np.int64)
    found[np.isin(where.spans.document, np.array(list(covered), np.int64))] = OUTSIDE
    order = np.lexsort((labels, spans.end - spans.start))
    document, start, end = (column[order] for column in spans)
    low = np.searchsorted(where.spans.document * STRIDE + where.spans.end, document * STRIDE + start, side="right")
    high = np.searchsorted(where.spans.document * STRIDE + where.spans.start, document * STRIDE + end, side="left")
    sizes = np.maximum(high - low, 0)
    at = np.repeat(low - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
    found[at] = np.repeat(labels[order], sizes)  # longer spans come later, and the last one stays
    return found


def intervals(spans: Sequence[tuple[int, int, int]]) -> Intervals:
    """Spans given as (document, start, end), as columns."""
    columns = np.array(spans, np.int64).reshape(-1, 3).T
    return Intervals(*columns)
