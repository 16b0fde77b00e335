"""Say what a figure shows: numbers in their unit, labels in lines, rows with their interval and n."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.validity.comparisons import FEW

UNITS = {"share": (100.0, " %"), "percent": (1.0, " %"), "difference": (100.0, " points")}  # by the end of the name


def wrap(name: object, width: int = 34) -> str:
    """Write a label without underscores, and break a long one into lines, so that it does not squeeze the picture."""
    return "\n".join(textwrap.wrap(in_words(str(name)), width)) or str(name)


def room(labels: Iterable[str], size: float = 12) -> float:
    """Estimate the inches that the longest line of some labels takes."""
    return max((len(line) for label in labels for line in label.split("\n")), default=0) * size / 72 * 0.62


def decimals(values: Iterable[float]) -> int:
    """Count the decimals that numbers written side by side need: two digits of the largest, none if all are whole."""
    known = [abs(float(value)) for value in values if pd.notna(value)]
    if all(value == round(value) for value in known):
        return 0
    return int(np.clip(1 - np.floor(np.log10(max(known))), 1, 6))


def write(value: float, places: int) -> str:
    """Write a number in a picture, with a true minus sign."""
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def unit_of(name: str) -> tuple[float, str]:
    """Give the factor and the unit in which a column is shown, by the last word of its name; other numbers have none.

    Examples
    --------
    >>> unit_of("mean share"), unit_of("F1")
    ((100.0, ' %'), (1.0, ''))
    """
    return UNITS.get(name.rpartition(" ")[2], (1.0, ""))


def is_sure(row: Mapping[Any, Any]) -> bool:
    """Tell whether a row has an interval and rests on enough to show it."""
    known = pd.notna(row.get("low")) and pd.notna(row.get("high"))
    return bool(known and not row.get("few", False) and row.get("n", FEW) >= FEW)


def say(value: Any, column: str = "") -> str:  # noqa: ANN401 - a number, a date or a name
    """Say a value in words: in the unit of its column, or numbers with two digits that count; dates as days.

    In a unit there are no decimals, but one for what they would round to nothing.
    """
    factor, unit = unit_of(column)
    if value is None or pd.isna(value):
        return "no value"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if unit:
        return write(factor * value, int(0 < abs(factor * value) < 1)) + unit
    if isinstance(value, float | np.floating):
        number = float(value)
        return f"{number:.2g}" if abs(number) < 1 else f"{number:.4g}"
    return in_words(str(value))


def say_row(row: Mapping[Any, Any], value: str) -> str:
    """Say the value of a row, with its interval where it rests on enough, and n where it is known."""
    ends = " to ".join(say(row[end], value).split()[0] for end in ("low", "high")) if is_sure(row) else ""
    n = f"n = {row['n']:,}" if value != "n" and "n" in row else ""
    about = ", ".join(filter(None, [ends, n]))
    return say(row[value], value) + (f" ({about})" if about else "")


def in_words(name: str) -> str:
    """Write the name of a column, or an id, as a reader would; what has blanks is written for readers already."""
    return name if " " in name else name.replace("_", " ")
