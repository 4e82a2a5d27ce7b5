"""Whether the values of two propositions fit, clash, or have nothing to say to each other."""

from collections.abc import Sequence

import msgspec

from variorum.records import Value

# Figures this near are one figure rounded (31.4 and 31 million: 1.3 %); "about" may be as far off as this.
ROUNDED, ABOUT = 0.02, 0.05
ASPECTS = {"date": "time", "duration": "time", "money": "quantity", "quantity": "quantity"}


class Comparison(msgspec.Struct, frozen=True):
    """The first clash of each kind, and how many values of the two sides fit."""

    clashes: tuple[tuple[Value, Value], ...] = ()
    fitting: int = 0

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(value.kind for value, _ in self.clashes)


def compare(left: Sequence[Value], right: Sequence[Value]) -> Comparison:
    """Kind by kind: what fits is paired off; a clash needs something left over on both sides.

    If one side's values are among the other's, nothing clashes: one of the two merely says more.
    """
    clashes, fitting = [], 0
    for kind in sorted({_measure(value) for value in left} & {_measure(value) for value in right}, key=repr):
        a = [value for value in left if _measure(value) == kind]
        b = [value for value in right if _measure(value) == kind]
        rest_a = [value for value in a if not any(fits(value, other) for other in b)]
        rest_b = [value for value in b if not any(fits(value, other) for other in a)]
        fitting += len(a) - len(rest_a)
        if rest_a and rest_b:
            clashes.append((rest_a[0], rest_b[0]))
    return Comparison(tuple(clashes), fitting)


def _measure(value: Value) -> tuple[str, str | None]:
    """Values are compared if they are of one kind and, unless they are dates, of one unit."""
    unit = value.value[-1:] if value.kind == "duration" else value.unit
    return value.kind, {"employee": "person"}.get(unit or "", unit)


def fits(a: Value, b: Value) -> bool:
    """Whether two values of one measure can be one and the same: equal, rounded, or one within the other."""
    if a.value == b.value:
        return True
    if a.kind == "date":
        return _within(a.value, b.value) or _within(b.value, a.value)
    if a.kind not in ("money", "quantity") or a.unit == "ordinal":
        return False
    (low, high), (other_low, other_high) = _range(a.value), _range(b.value)
    near = ABOUT if "~" in (a.comparator, b.comparator) else ROUNDED
    near *= max(abs(high), abs(other_high))
    counted = near < 1 and all(x.is_integer() and abs(x) < 100 for x in (low, high, other_low, other_high))
    return (low <= other_high and other_low <= high) or (
        not counted and min(abs(low - other_high), abs(other_low - high)) <= near
    )


def _within(part: str, whole: str) -> bool:
    """Whether a date lies in a coarser one, as its first characters or between the ends of an interval.

    >>> _within("2016-05", "2016"), _within("2019", "2018/2020"), _within("2015", "201X"), _within("2015", "2016")
    (True, True, True, False)
    """
    part, whole = part.rstrip("~?%"), whole.rstrip("~?%")
    if "/" in whole:
        start, end = whole.split("/", 1)
        first, last = (part.split("/", 1) * 2)[:2]
        return start.rstrip(".") <= first and last <= (end + "~" if end.strip(".") else "~")
    bare = whole.rstrip("X")
    return part.startswith(bare) and part != bare and (len(bare) != len(whole) or part[len(bare)] in "-T")


def _range(value: str) -> tuple[float, float]:
    low, _, high = value.partition("/")
    return float(low), float(high or low)


def inexact(a: Value, b: Value) -> bool:
    """Whether one of the two is told with a reserve: a second reading that may save both."""
    return any(value.comparator != "=" or value.value.endswith("~") for value in (a, b))


def a_birthday_apart(a: Value, b: Value) -> bool:
    """Two ages of one year's difference: articles of different months may both be right."""
    years = [value.value[1:-1] for value in (a, b) if value.kind == "duration" and value.value[-1] == "Y"]
    return len(years) == 2 and all(year.isdigit() for year in years) and abs(int(years[0]) - int(years[1])) == 1
