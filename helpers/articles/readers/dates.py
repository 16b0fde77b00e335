"""Dates from fields that are recognised as dates; what a field does not say is not filled in."""

import re
from datetime import datetime
from typing import NamedTuple

from helpers.articles.readers.labels import WORDS


class When(NamedTuple):
    """A date with the precision it was given in: second, minute, day, month or year."""

    date: datetime
    precision: str


MONTHS = {name: int(number) for number, names in WORDS["months"].items() for name in names}
_PLAIN = str.maketrans("áàâäéèêëíìîïóòôöúùûüç", "aaaaeeeeiiiioooouuuuc")

_DATE_WORDS = frozenset(WORDS["beside_dates"]).union(MONTHS)

_MONTH = r"(?P<month>[a-z]{3,10})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_CLOCK = r"(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?:\.\d+)? ?(?P<half>[ap]\.?m\.?)?"
_NAMED = (
    re.compile(rf"\b{_DAY}[ /-](?:de |d')?{_MONTH}(?:,? |[/-])(?:de |del )?{_YEAR}\b"),
    re.compile(rf"\b{_MONTH} {_DAY},? {_YEAR}\b"),
    re.compile(rf"\b{_MONTH},? (?:de )?{_YEAR}\b"),
    re.compile(rf"\b{_YEAR} ?[-/.年] ?(?P<month>0?[1-9]|1[0-2])(?: ?[-/.月] ?(?P<day>0?[1-9]|[12]\d|3[01]))?(?!\d)"),
    re.compile(rf"\A{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
)
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>(?:1[89]|20)\d\d)(?!\d)")
_BARE_YEAR = re.compile(rf"\s*{_YEAR}(?:\.0)?\s*")
_TIME = re.compile(rf"(?:(?<=\d)t|\s){_CLOCK}")
_LATER = re.compile(r"\b(?:updated|modified)\b")
_ANY_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*+")
_LONGEST = 120  # a field longer than this is no date, whatever stands in it


def parse_date(field: str, *, day_first: bool | None = None) -> When | None:
    """Read a date field, or return None where it holds none.

    `day_first` settles ``03/04/2012``; without it such a field yields the year alone: the rest would be a guess.
    """
    if _ANY_YEAR.search(field) is None:
        return None
    text = " ".join(field[: _LONGEST + 1].split()).lower().translate(_PLAIN)
    if len(text) > _LONGEST:
        return None
    if match := _BARE_YEAR.fullmatch(text):
        return When(datetime(int(match["year"]), 1, 1), "year")  # noqa: DTZ001
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            found = match.groupdict()
            if month := int(found["month"]) if found["month"].isdecimal() else MONTHS.get(found["month"]):
                return _made(found["year"], month, found.get("day"), text[match.end() - 1 :])
    match = _NUMERIC.search(text)
    return _from_numbers(match, text, day_first=day_first) if match else None


def words_beside_date(line: str) -> list[str] | None:
    """Return the words of a line that are no part of its date, or None where it has no date."""
    if parse_date(line) is None:
        return None
    words = _WORD.findall(line)
    return [word for word in words if word.lower().translate(_PLAIN).replace(".", "") not in _DATE_WORDS]


def order_of(fields: list[str]) -> bool | None:
    """Tell whether numeric dates in a column put the day first: True, False, or None where none of them tells."""
    pairs = [(int(m["a"]), int(m["b"])) for field in fields if (m := _NUMERIC.search(field[:_LONGEST]))]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)  # noqa: PLR2004
    return None if first == second else first


def _from_numbers(match: re.Match[str], text: str, *, day_first: bool | None) -> When | None:
    a, b = int(match["a"]), int(match["b"])
    if a > 12 or a == b or "." in match[0]:  # noqa: PLR2004
        day_first = True  # dotted dates are written day first wherever they are used
    elif b > 12:  # noqa: PLR2004
        day_first = False
    if day_first is None:
        return _made(match["year"], None, None, "")
    day, month = (a, b) if day_first else (b, a)
    return _made(match["year"], month, str(day), text[match.end() :])


def _made(year: str, month: int | None, day: str | None, rest: str) -> When | None:
    try:
        if day is None or month is None:
            return When(datetime(int(year), month or 1, 1), "month" if month else "year")  # noqa: DTZ001
        date = datetime(int(year), month, int(day))  # noqa: DTZ001
    except ValueError:
        return None
    clock = _TIME.search(_LATER.split(rest, maxsplit=1)[0])
    if clock is None:
        return When(date, "day")
    hour = int(clock["hour"])
    if clock["half"] and 1 <= hour <= 12:  # noqa: PLR2004
        hour = hour % 12 + (12 if clock["half"].startswith("p") else 0)
    date = date.replace(hour=hour, minute=int(clock["minute"]), second=int(clock["second"] or 0))
    return When(date, "second" if clock["second"] else "minute")
