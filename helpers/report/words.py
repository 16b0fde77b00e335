"""The words of a report: names of speakers and codes, and what a share or a difference says as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

SLOTS = {
    "threat": "claim of threat",
    "agents": "danger",
    "types": "harm",
    "referents": "endangered",
    "severity": "how grave",
    "measures": "demand",
    "blame": "blamed",
    "denial": "denial",
    "topic": "topic",
}
SIDES = {-1: "against", 0: "neither", 1: "for"}
WORDS = 3  # that stand for a topic without a name
COMMON = {"types", "measures"}  # slots whose names are no proper names
VERBS = {  # what statements do, with the name of the code
    "threat": "claim a threat",
    "agents": "call {} a danger",
    "types": "name the harm {}",
    "referents": "say that {} is in danger",
    "measures": "call for {}",
    "blame": "blame {}",
    "denial": "deny a danger or play it down",
    "topic": "are about {}",
    "for": "are for it",
    "against": "are against it",
}


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
        """Return the name of a code; one that fills a slot from elsewhere (drugs that are blamed) has its own."""
        known = (self._codes.get((one, code)) for one in (kind, "target", "agents"))
        return next((name for name in known if name), code.replace("_", " ").capitalize())

    def label(self, measure: str, code: str) -> str:
        """Say what a code is, for a list: ``against United States``, ``danger: Terrorism``."""
        if measure in {"for", "against"}:
            return f"{measure} {self.code('target', code)}"
        if measure == "neither":
            return f"names {self.code('target', code)}, takes no side"
        if measure in {"severity", "denial"}:
            return self.code(measure, "1" if measure == "denial" else code)
        return SLOTS[measure] if measure == "threat" else f"{SLOTS[measure]}: {self.code(measure, code)}"

    def does(self, measure: str, code: str) -> str:
        """Say what statements with a code do, for a sentence."""
        name = self.code(measure, code)
        return VERBS[measure].format(name if measure not in COMMON else name[:1].lower() + name[1:])

    def base(self, measure: str, code: str) -> str:
        """Say of which statements a share is."""
        return f"statements that name {self.code('target', code)}" if measure in {"for", "against"} else "statements"


def percent(share: float) -> str:
    r"""Write a share in percent: no decimals, and none that are rounded to nothing; the sign stays on the line.

    Examples
    --------
    >>> percent(0.076), percent(0.002)
    ('8\xa0%', 'under 1\xa0%')
    """
    return "under 1\u00a0%" if 0 < share < 0.005 else f"{100 * share:.0f}\u00a0%"  # noqa: PLR2004 - rounds to 0


def points(difference: float) -> str:
    """Write a difference in points, with its sign.

    Examples
    --------
    >>> points(-0.081), points(0.001)
    ('−8', '0')
    """
    rounded = round(100 * difference)
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"


def interval(row: Mapping[Any, Any], *, signed: bool = False) -> str:
    """Write the interval of a row in percent (or points); nothing where it has none or is of few."""
    if row["few"] or pd.isna(row["low"]):
        return ""
    if signed:
        return f"{points(row['low'])} to {points(row['high'])}"
    low, high = 100 * row["low"], 100 * row["high"]
    places = int(round(low) == round(high))  # ends that would read alike
    return f"{low:.{places}f} to {high:.{places}f}"


def in_group(by: str, group: str) -> str:
    """Say where statements stand: ``in Amu Herald``, ``before 2021-08-15``."""
    return group if by == "period" else f"in {group}"


def is_clear(row: Mapping[Any, Any]) -> bool:
    """Tell whether a difference rests on enough and its interval leaves out zero."""
    return not row["few"] and bool(row["low"] > 0 or row["high"] < 0)


def tell_difference(
    row: Mapping[Any, Any], cells: Mapping[tuple[str, str, str], Mapping[Any, Any]], names: Names
) -> str:
    """Tell a clear difference of two groups in a sentence, with how sure it is.

    Parameters
    ----------
    row : mapping
        Of the table ``differences``.
    cells : mapping
        Measure, code and group to the row of ``shares``.
    names : Names
    """
    measure, code, by = row["measure"], row["code"], row["by"]
    shares = {group: cells[measure, code, group]["share"] for group in (row["group"], row["reference"])}
    high, low = sorted(shares, key=lambda group: -shares[group])
    told = in_group(by, high)
    gap = points(abs(row["difference"])).lstrip("+")
    ends = sorted((abs(100 * row["low"]), abs(100 * row["high"])))
    return (
        f"{told[0].upper()}{told[1:]}, {percent(shares[high])} of the {names.base(measure, code)} "
        f"{names.does(measure, code)}, {in_group(by, low)} {percent(shares[low])}: {gap} points apart "
        f"(95 % interval {ends[0]:.0f} to {ends[1]:.0f})."
    )
