"""The normal forms of values: dates in EDTF, durations in ISO 8601, decimals; what is wrong with one, in words.

EDTF is ISO 8601-2:2019 (https://www.loc.gov/standards/datetime/), levels 0 to 2. A range of durations or decimals is
written `low/high`; a range of dates is an EDTF interval.
"""

import contextlib
import io
import json
import re
import warnings
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache

import isodate

from variorum import schema
from variorum.problems import shown

MAX_LENGTH = 64  # the EDTF parser takes 0.2 s for the worst strings of this length, and much more for longer ones
VALUE_KINDS = {"DATE": ("date", "duration", "text"), "MONEY": ("money", "text"), "QUANTITY": ("quantity", "text")}

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?")
_EDTF = re.compile(r"[0-9A-Z?~%.,/{}\[\]:+-]+")
_DURATION = re.compile(r"P(?=[0-9T])([0-9]+(\.[0-9]+)?[YMWD])*(T(?=[0-9])([0-9]+(\.[0-9]+)?[HMS])+)?")


def fault(kind: str, value: str) -> str | None:
    """What is wrong with how a value of a kind is written, or None. Any phrase will do for kind `text`.

    >>> fault("date", "2018-21"), fault("quantity", "2/1")
    (None, "the range '2/1' runs from the higher to the lower")
    """
    return _FAULTS[kind](value) if kind in _FAULTS else None


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217, current and withdrawn."""
    codes = json.loads((schema.FOLDER / "currencies.json").read_bytes())
    return frozenset(codes["current"]) | frozenset(codes["withdrawn"])


@lru_cache(maxsize=65536)
def date_fault(value: str) -> str | None:
    """What is wrong with a date or an interval of dates in EDTF, or None."""
    if _MONTH.fullmatch(value) or (_DAY.fullmatch(value) and _is_day(value)):
        return None  # the parser takes 10 ms even for these
    if len(value) > MAX_LENGTH:
        return f"a date has at most {MAX_LENGTH} characters, this one {len(value)}"
    no_date = f"{shown(value)} is no EDTF date (such as 2025-01-27, 2018-21 for spring 2018, 198X, 2019~, 2016/2018)"
    if not _EDTF.fullmatch(value):
        return no_date
    parsed = _parse_edtf(value)
    if parsed is None:
        return no_date
    return f"the interval {shown(value)} ends before it starts" if "/" in value and _runs_back(parsed) else None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _parse_edtf(value: str) -> object | None:
    """The parsed date, or None if it is none; whatever the parser prints, warns or raises stays here."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from edtf import parse_edtf

            parsed: object = parse_edtf(value)
        except Exception:  # AttributeError and others, beside its own exception
            return None
        return parsed


def _runs_back(interval: object) -> bool:
    """Whether the last day of an interval's end is before the first day of its start; False if that has no answer."""
    try:
        return bool(interval.upper_strict() < interval.lower_strict())  # type: ignore[attr-defined]
    except Exception:  # years beyond what it can calculate with, open ends
        return False


def _range_fault(value: str, part: Callable[[str], object], what: str) -> str | None:
    """For `low/high` or a single value: each part is well written, and low is not above high."""
    if len(value) > MAX_LENGTH:
        return f"a {what} has at most {MAX_LENGTH} characters, this one {len(value)}"
    try:
        read = [part(each) for each in value.split("/", 1)]
    except (ValueError, OverflowError, ArithmeticError):
        return f"{shown(value)} is no {what}, nor a range low/high"
    back = len(read) == 2 and read[0] > read[1]  # type: ignore[operator]
    return f"the range {shown(value)} runs from the higher to the lower" if back else None


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _duration(text: str) -> timedelta:
    """The length of an ISO 8601 duration, for comparison only: years and months are counted from a fixed day."""
    if not _DURATION.fullmatch(text):
        raise ValueError(text)
    length = isodate.parse_duration(text)
    if isinstance(length, timedelta):
        return length
    months = length.years * 12 + length.months
    return timedelta(days=float(months) * 30.436875) + length.tdelta  # type: ignore[no-any-return]


def _duration_fault(value: str) -> str | None:
    return _range_fault(value, _duration, "ISO 8601 duration (such as P39Y or PT2H)")


def _decimal_fault(value: str) -> str | None:
    return _range_fault(value, _decimal, "plain decimal (such as 5600000 or 2.5; no signs for thousands, no words)")


_FAULTS: dict[str, Callable[[str], str | None]] = {
    "date": date_fault,
    "duration": _duration_fault,
    "money": _decimal_fault,
    "quantity": _decimal_fault,
}
