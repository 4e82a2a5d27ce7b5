"""Dates, durations and ages in English text, as EDTF and ISO 8601, against the date of the article."""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec

from variorum.baselines.found import Found
from variorum.baselines.numerals import COMPARATOR, NUMBER, TENS, comparator, number
from variorum.records import Anchor, Value
from variorum.sources import Source
from variorum.values import fault

_MONTHS = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.casefold(): n for n, name in enumerate(calendar.day_name)}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_UNITS = {"day": "D", "week": "W", "month": "M", "year": "Y", "decade": "Y", "hour": "H", "minute": "M"}

_MONTH = (
    rf"(?P<month>(?-i:{'|'.join(name.title() for name in sorted(_MONTHS, key=len, reverse=True))}))\b(?:\.(?= \d))?"
)
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_PART = r"(?P<part>early|mid|late)[- ]"
_N = rf"(?P<about>{COMPARATOR})?(?<![\w.])(?P<n>{NUMBER}|an?\b)"
_UNIT = r"(?P<unit>day|week|month|year|decade|hour|minute)s?\b"
_WHICH = r"(?P<which>last|this|next)"


class Clock(msgspec.Struct, frozen=True):
    """What relative dates hang on: the day an article was written, as far as it is told."""

    anchor: Anchor | None = None

    @classmethod
    def of(cls, source: Source) -> "Clock":
        """The dateline's date, else that of publication."""
        for name, told in (("dateline", source.dateline), ("published", source.published)):
            if told is not None:
                return cls(Anchor(date=told, source=name))
        return cls()

    @property
    def day(self) -> date | None:
        try:
            return date.fromisoformat(self.anchor.date[:10]) if self.anchor else None
        except ValueError:
            return None

    @property
    def year(self) -> int | None:
        found = re.match(r"[1-9]\d{3}(?![\dX])", self.anchor.date) if self.anchor else None
        return int(found[0]) if found else None


Reading = Callable[[re.Match[str], Clock], Value | None]


def dates(text: str, low: int, high: int, clock: Clock) -> Iterator[Found]:
    """Exact dates first, then looser ones; what comes later may overlap what came before."""
    for pattern, reading in _PATTERNS:
        for found in pattern.finditer(text, low, high):
            value = reading(found, clock)
            if value is not None and fault(value.kind, value.value) is None:
                yield Found(found.start(), found.end(), "DATE", value=value)


def _date(value: str, anchor: Anchor | None = None) -> Value:
    return Value(kind="date", value=value, anchor=anchor)


def _length(value: str, about: str = "=") -> Value:
    return Value(kind="duration", value=value, comparator=about)


def _full(found: re.Match[str], clock: Clock) -> Value:
    return _date(f"{found['year']}-{_MONTHS[found['month'].casefold()]:02}-{int(found['day']):02}")


def _month_of_year(found: re.Match[str], clock: Clock) -> Value:
    return _date(f"{found['year']}-{_MONTHS[found['month'].casefold()]:02}")


def _day_of_month(found: re.Match[str], clock: Clock) -> Value | None:
    """A day without its year: the nearest before the article was written."""
    month, day = _MONTHS[found["month"].casefold()], int(found["day"])
    if clock.year is None:
        return _date(f"XXXX-{month:02}-{day:02}")
    later = clock.day is not None and (month, day) > (clock.day.month, clock.day.day)
    return _date(f"{clock.year - later}-{month:02}-{day:02}", clock.anchor)


def _bare_month(found: re.Match[str], clock: Clock) -> Value | None:
    month, which = _MONTHS[found["month"].casefold()], (found["which"] or found["whose"] or "").casefold()
    if clock.year is None:
        return _date(f"XXXX-{month:02}") if not which else Value(kind="text", value=" ".join(found[0].split()))
    year = clock.year
    if found["whose"]:
        year += {"last": -1, "this": 0, "next": 1}[which]
    elif clock.day is not None:
        year += {"next": month <= clock.day.month, "this": 0}.get(which, -(month > clock.day.month))
    return _date(f"{year}-{month:02}", clock.anchor)


def _part_of_year(found: re.Match[str], clock: Clock) -> Value:
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}[found["part"].casefold()]
    return _date(f"{found['year']}-{first:02}/{found['year']}-{last:02}")


def _season(found: re.Match[str], clock: Clock) -> Value:
    return _date(f"{found['year']}-{_SEASONS[found['season'].casefold()]}")


def _relative(found: re.Match[str], clock: Clock) -> Value | None:
    """last / this / next week, month, year, season or day of the week."""
    step, unit = {"last": -1, "this": 0, "next": 1}[found["which"].casefold()], found["unit"].casefold()
    if unit == "year" and clock.year is not None:
        return _date(str(clock.year + step), clock.anchor)
    if unit in _SEASONS and clock.year is not None:
        return _date(f"{clock.year + step}-{_SEASONS[unit]}", clock.anchor)
    if clock.day is None:
        return Value(kind="text", value=" ".join(found[0].split()))
    if unit == "month":
        months = clock.day.year * 12 + clock.day.month - 1 + step
        return _date(f"{months // 12}-{months % 12 + 1:02}", clock.anchor)
    if unit == "week":
        monday = clock.day - timedelta(days=clock.day.weekday() - 7 * step)
        return _date(f"{monday}/{monday + timedelta(days=6)}", clock.anchor)
    return _date(str(_weekday(clock.day, unit, step > 0)), clock.anchor) if unit in _DAYS else None


def _weekday(day: date, name: str, ahead: bool) -> date:
    distance = (_DAYS[name] - day.weekday()) % 7
    return day + timedelta(days=distance or 7) if ahead else day - timedelta(days=(7 - distance) % 7)


def _near(found: re.Match[str], clock: Clock) -> Value:
    """yesterday, today, tomorrow, or a day of the week alone: the last one."""
    word = found["word"].casefold()
    if clock.day is None:
        return Value(kind="text", value=found["word"])
    steps = {"yesterday": -1, "today": 0, "tomorrow": 1}
    day = clock.day + timedelta(days=steps[word]) if word in steps else _weekday(clock.day, word, False)
    return _date(str(day), clock.anchor)


def _ago(found: re.Match[str], clock: Clock) -> Value | None:
    count, unit = _count(found), found["unit"].casefold()
    if count is None or clock.day is None or not count.isdigit() or int(count) > 1000:
        return Value(kind="text", value=" ".join(found[0].split()))
    if unit in ("day", "week"):
        back = clock.day - timedelta(days=int(count) * (7 if unit == "week" else 1))
        return _date(str(back) if unit == "day" else f"{back}~", clock.anchor)
    if unit == "month":
        months = clock.day.year * 12 + clock.day.month - 1 - int(count)
        return _date(f"{months // 12}-{months % 12 + 1:02}~", clock.anchor)
    years = int(count) * (10 if unit == "decade" else 1)
    return _date(f"{clock.day.year - years}~", clock.anchor) if unit in ("year", "decade") else None


def _duration(found: re.Match[str], clock: Clock) -> Value | None:
    """A number of units; also what is so many years old."""
    count, unit = _count(found), found["unit"].casefold()
    if count is None:
        return None
    if unit == "decade":
        count = number(f"{float(count) * 10:g}")
    return _length(f"P{'T' if unit in ('hour', 'minute') else ''}{count}{_UNITS[unit]}", comparator(found["about"]))


def _count(found: re.Match[str]) -> str | None:
    return "1" if found["n"].casefold() in ("a", "an") else number(found["n"])


def _ages(found: re.Match[str], clock: Clock) -> Value:
    low = TENS[found["tens"].casefold().replace("ties", "ty")]
    return _length(f"P{low}Y/P{low + 9}Y")


_PATTERNS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reading)
    for pattern, reading in (
        (rf"(?<!\d){_DAY}(?: of)?\s+{_MONTH},?\s+{_YEAR}", _full),
        (rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}", _full),
        (r"\b(?P<iso>[12]\d{3}-\d\d-\d\d)\b", lambda found, _: _date(found["iso"])),
        (rf"\b{_MONTH}(?: of)?,?\s+{_YEAR}", _month_of_year),
        (rf"\b(?P<season>{'|'.join(_SEASONS)})(?: of)?\s+{_YEAR}", _season),
        (rf"\b{_PART}{_YEAR}", _part_of_year),
        (
            rf"(?<![\d.]){_YEAR}(?:–|-| to | and )(?P<until>(?:1[5-9]|20)\d\d)(?!\d)(?<!and \d{{4}})",
            lambda found, _: _date(f"{found['year']}/{found['until']}"),
        ),
        (r"\b(?:the )?(?P<decade>(?:1[5-9]|20)\d)0s\b", lambda found, _: _date(f"{found['decade']}X")),
        (rf"(?<!\d){_DAY}(?: of)?\s+{_MONTH}(?!\s+\d{{4}})", _day_of_month),
        (rf"\b{_MONTH}\s+{_DAY}(?!\s*(?:percent|%|million))", _day_of_month),
        (rf"\b(?P<which>){_MONTH} (?P<whose>last|this|next)\s+year\b", _bare_month),
        (rf"\b{_WHICH}(?P<whose>)\s+{_MONTH}", _bare_month),
        (rf"(?<=\bin ){_MONTH}(?P<which>)(?P<whose>)|(?!)", _bare_month),
        (rf"\b{_WHICH}\s+(?P<unit>week|month|year|{'|'.join((*_SEASONS, *_DAYS))})\b", _relative),
        (rf"{_N}\s+{_UNIT} ago\b", _ago),
        (rf"{_N}[- ](?P<unit>year|month|week|day)s?[- ]old\b", _duration),
        (r"(?<=\baged )(?P<n>\d{1,3})(?P<unit>)|(?!)", lambda found, _: _length(f"P{found['n']}Y")),
        (r"(?<=[^\W\d_], )(?P<n>[1-9]\d)(?=[,.)])", lambda found, _: _length(f"P{found['n']}Y")),
        (r"(?<=\bage of )(?P<n>[1-9]\d)\b", lambda found, _: _length(f"P{found['n']}Y")),
        (rf"(?:\bthe (?:past|last|next|first) )?{_N}[\s-]+{_UNIT}", _duration),
        (r"(?<=\b(?:his|her) )(?P<tens>(?:twen|thir|for|fif|six|seven|eigh|nine)ties)\b", _ages),
        (rf"(?<=\b(?:in|by|of|to|at) ){_YEAR}(?![-%]|\s?(?:percent|million|billion))", lambda f, _: _date(f["year"])),
        (
            rf"(?<![\d.,$£€¥-]){_YEAR}(?![-,.]?\d|%|[ -](?:people|percent|million|billion|[a-z]+s\b))",
            lambda found, _: _date(found["year"]),
        ),
        (
            r"\b(?P<word>yesterday|today|tomorrow|(?-i:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))\b",
            _near,
        ),
    )
)
