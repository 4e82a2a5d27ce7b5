"""Krippendorff's alpha for nominal labels, any number of observers, missing labels allowed.

Krippendorff, K. (2004), Content Analysis, 2nd ed., chapter 11;
Computing Krippendorff's Alpha-Reliability (2011), section D.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from variorum.matching import ratio
from variorum.records import Record


class Reliability(Record, frozen=True):
    """How often each label was given to each unit; the coefficients follow from that.

    `counts[u][c]` says how many observers gave unit u the category c. A unit with fewer than two labels cannot be
    paired and does not enter.
    """

    categories: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def _pairable(self) -> NDArray[Any]:
        table = np.array(self.counts, dtype=np.int64).reshape(len(self.counts), len(self.categories))
        pairable: NDArray[Any] = table[table.sum(axis=1) >= 2]
        return pairable

    @property
    def n_units(self) -> int:
        return len(self.counts)

    @property
    def n_pairable(self) -> int:
        """How many units have at least two labels."""
        return len(self._pairable)

    @property
    def undefined(self) -> str | None:
        """Why there is no alpha; None if there is one."""
        if not self.n_pairable:
            return "no unit has two labels"
        if np.count_nonzero(self._pairable.sum(axis=0)) == 1:
            return "all labels are the same, so there is no variation to agree on"
        return None

    @property
    def alpha(self) -> float | None:
        """1 - (n - 1) * sum_u [disagreeing pairs in u / (m_u - 1)] / sum over c ≠ k of n_c n_k; None if undefined."""
        if self.undefined:
            return None
        v = self._pairable
        m = v.sum(axis=1)
        n_c = v.sum(axis=0)
        n = n_c.sum()
        observed = ((m**2 - (v**2).sum(axis=1)) / (m - 1)).sum()
        expected = (n**2 - (n_c**2).sum()) / (n - 1)
        return float(1 - observed / expected)

    @property
    def raw_agreement(self) -> float | None:
        """The share of equal labels among the pairs within a unit, units weighted by their labels: 1 - D_o."""
        v = self._pairable
        m = v.sum(axis=1)
        return ratio(float(((v * (v - 1)).sum(axis=1) / (m - 1)).sum()), float(m.sum()))


def reliability(units: Iterable[Iterable[Hashable]], categories: Sequence[str]) -> Reliability:
    """Tally labels: one iterable of labels a unit; None and labels that are no category count as missing."""
    tallies = (Counter(unit) for unit in units)
    return Reliability(
        categories=tuple(categories), counts=tuple(tuple(tally[c] for c in categories) for tally in tallies)
    )
