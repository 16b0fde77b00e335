"""Answers of students: whether an answer agrees with the expected one, and if not, in which direction it is wrong."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

SHOWN = 3
TOO_LARGE = "Too large. Do you count rows that the question does not ask for, or count rows twice?"
TOO_SMALL = "Too small. Do you leave out rows that belong to the question?"
OTHER_TEXT = "The answer is another text. Sort the table by the column in question, and look at its first row."
KINDS = ((str, "a text"), (bool, "True or False"), (Integral, "a whole number"), (Real, "a number"))


def is_blank(given: object) -> bool:
    """Tell whether an answer is, or contains, three dots."""
    items = list(given.values()) if isinstance(given, dict) else given
    return given is ... or (isinstance(items, list | tuple | set) and any(item is ... for item in items))


def kind_of(value: object) -> str:
    """Name the kind of an answer in plain words.

    Examples
    --------
    >>> kind_of(3), kind_of("war"), kind_of(["war"])
    ('a whole number', 'a text', 'a list of 1 entries')
    """
    if isinstance(value, dict):
        return f"a dictionary with the keys {', '.join(map(repr, value))}"
    for kind, name in KINDS:
        if isinstance(value, kind):
            return name
    return f"a list of {len(value)} entries" if hasattr(value, "__len__") else f"a {type(value).__name__}"


def in_words(answer: Any) -> str:  # noqa: ANN401 - a number, a text, a list or a dictionary
    """Write an answer as a reader would: two places, entries after commas.

    Examples
    --------
    >>> in_words(0.4567), in_words(["war", "crime"]), in_words({"rejects": 1})
    ('0.46', 'war, crime', 'rejects: 1')
    """
    if isinstance(answer, dict):
        return ", ".join(f"{key}: {in_words(value)}" for key, value in answer.items())
    if isinstance(answer, str | Integral):
        return str(answer)
    return f"{answer:.2f}" if isinstance(answer, Real) else ", ".join(map(str, answer))


def difference(given: object, expected: object) -> str | None:
    """Say in which direction an answer is wrong, without giving the answer away; None where it agrees.

    Numbers agree as far as they were written out, words and lists without regard to case and order.

    Examples
    --------
    >>> difference(9, 4)
    'Too large. Do you count rows that the question does not ask for, or count rows twice?'
    >>> difference(0.07, 0.0731), difference(["b", "A"], {"a", "b"})
    (None, None)
    """
    if isinstance(expected, dict) and isinstance(given, dict):
        off = [key for key in {**expected, **given} if difference(given.get(key), expected.get(key))]
        return f"Look again at {listed(off)}; the other entries agree." if off else None
    if isinstance(expected, Real) and isinstance(given, Real):
        direction = TOO_LARGE if float(given) > float(expected) else TOO_SMALL
        return None if close(given, expected) else direction
    if isinstance(expected, str) and isinstance(given, str):
        return None if words([given]) == words([expected]) else OTHER_TEXT
    try:
        extra, missing = words(given) - words(expected), words(expected) - words(given)
    except TypeError:
        return f"You gave {kind_of(given)}; the question asks for {kind_of(expected)}."
    example = f", for example {min(extra)}" if extra else ""
    return f"{len(missing)} missing, and {len(extra)} too many{example}." if missing or extra else None


def close(given: Real, expected: Real) -> bool:
    """Tell whether a number agrees as far as it was written out, with two places at least; whole numbers exactly."""
    a, b = float(given), float(expected)
    if isinstance(expected, Integral):
        return a == b
    places = len(repr(a).partition(".")[2]) if "e" not in repr(a) else 9
    return abs(a - b) <= 0.5 * 10.0 ** -max(places, 2) + 1e-9


def words(values: Any) -> set[str]:  # noqa: ANN401 - whatever a reader wrote that can be gone through
    """Return the entries of a list, set, column or index as a set of texts in small letters."""
    if isinstance(values, str | dict):
        raise TypeError("one text is not a list")
    return {str(value).strip().casefold() for value in values}


def listed(items: list[object]) -> str:
    """Return the first items in words."""
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(map(str, items[:SHOWN])) + more
