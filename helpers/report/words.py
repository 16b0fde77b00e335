"""The words of a report: names of speakers and codes, and what a share or a difference says as a sentence."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from jinja2 import Environment

HERE = Path(__file__).parent
# What a report measures: its name; how a code of it is said; rows in a comparison; whether it can be a headline.
_TABLE = pd.read_csv(HERE / "measures.csv", index_col="measure", dtype="str", keep_default_na=False)
MEASURES: dict[Any, dict[Any, str]] = _TABLE.to_dict("index")
WORDS = 3  # that stand for a topic without a name


class Names:
    """Looks up the names of speakers and codes in the tables of a report."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Index the tables once."""
        self._actors = dict(zip(tables["speakers"]["actor"], tables["speakers"]["name"], strict=True))
        self._codes = {(one.kind, one.code): str(one.name) for one in tables["codes"].itertuples()}
        for one in tables["topics"].to_dict("records"):
            self._codes["topic", one["topic"]] = one["name"] or ", ".join(one["words"].split(", ")[:WORDS])

    def actor(self, actor: Any) -> str:  # noqa: ANN401 - an id or nothing
        """Return the name of a speaker."""
        return "nobody named" if pd.isna(actor) or actor == "unknown" else str(self._actors.get(actor, actor))

    def code(self, kind: str, code: str) -> str:
        """Return the name of a target, or of a code; one from another slot (drugs that are blamed) has its own."""
        known = (self._codes.get((one, code)) for one in (kind, "target", "agents"))
        return next((name for name in known if name), code.replace("_", " ").capitalize())

    def say(self, form: str, measure: str, code: str) -> str:
        """Say a code in one of the forms of ``measures.csv``.

        ``label`` for a list (``against United States``, ``danger: Terrorism``), ``does`` for what statements with it
        do, ``base`` for the statements that its share is of.
        """
        name = self.code(measure, code)
        return MEASURES[measure][form].format(name, lower=name[:1].lower() + name[1:])


def percent(share: float, places: int = 0) -> str:
    r"""Write a share in percent: as a rule without decimals, none rounded to nothing; the sign stays on the line.

    Examples
    --------
    >>> percent(0.076), percent(0.002), percent(0.076, 1)
    ('8\xa0%', 'under 1\xa0%', '7.6\xa0%')
    """
    return "under 1\u00a0%" if not places and 0 < share < 0.005 else f"{100 * share:.{places}f}\u00a0%"  # noqa: PLR2004


def points(difference: float, places: int = 0) -> str:
    """Write a difference in points, with its sign.

    Examples
    --------
    >>> points(-0.081), points(0.001), points(-0.081, 1)
    ('−8', '0', '−8.1')
    """
    rounded = round(100 * difference, places)
    return f"{rounded:+.{places}f}".replace("-", "−") if rounded else "0"


def places_of(one: float, other: float) -> int:
    """Say how many decimals two shares in percent need: one where whole numbers do not tell how far apart they are.

    Examples
    --------
    >>> places_of(0.776, 0.264), places_of(0.78, 0.26)
    (1, 0)
    """
    return int(round(100 * one) - round(100 * other) != round(100 * (one - other)))


def gap_of(one: float, other: float, places: int) -> float:
    """Subtract two shares as they are shown, so that a reader who subtracts finds the same.

    Examples
    --------
    >>> points(gap_of(0.2073, 0.0146, 1), 1)
    '+19.2'
    """
    return (round(100 * one, places) - round(100 * other, places)) / 100


def is_clear(row: Mapping[Any, Any]) -> bool:
    """Tell whether a difference rests on enough and its interval leaves out zero."""
    return not row["few"] and bool(row["low"] > 0 or row["high"] < 0)


def tell_difference(row: Mapping[Any, Any], cells: Mapping[Any, Mapping[Any, Any]], names: Names) -> str:
    """Tell a clear difference of two groups in a sentence, with how sure it is.

    Parameters
    ----------
    row : mapping
        Of the table ``differences``.
    cells : mapping
        Measure, code and group to the row of ``shares``.
    names : Names
    """
    key = row["measure"], row["code"]
    pair = [cells[*key, group] for group in (row["group"], row["reference"])]
    low, high = sorted(pair, key=lambda one: one["share"])
    places = places_of(high["share"], low["share"])
    base, does, gap = names.say("base", *key), names.say("does", *key), gap_of(high["share"], low["share"], places)
    return tell("difference", row=row, high=high, low=low, base=base, does=does, places=places, gap=gap)


def tell(what: str, **given: Any) -> str:  # noqa: ANN401 - what the sentence needs
    """Say what was found, in a sentence of ``findings.txt``."""
    return str(getattr(_templates().get_template("findings.txt").module, what)(**given))


def fill(template: str, **given: Any) -> str:  # noqa: ANN401 - what the template needs
    """Fill in a template of this folder; in a page and in a network what it writes is escaped."""
    return _templates().get_template(template).render(**given)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    found = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=select_autoescape(["html", "graphml"]),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: "–" if value is None else f"{value:.2f}" if isinstance(value, float) else value,
    )
    for one in (gap_of, is_clear, percent, places_of, points, rows, when):
        found.filters[one.__name__] = one
    found.filters["query"] = urlencode
    found.globals["measures"] = MEASURES
    return found


def rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Give the rows of a table to a template, None where a cell is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def when(date: Any, precision: Any) -> str:  # noqa: ANN401 - cells
    """Write a date as far as it is known."""
    if pd.isna(date):
        return ""
    return str(date.strftime({"year": "%Y", "month": "%Y-%m"}.get(str(precision), "%Y-%m-%d")))
