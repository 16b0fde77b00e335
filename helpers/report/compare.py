"""Compare groups of statements, by outlet, time or any column; find clear differences; draw from each group."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product
from statistics import NormalDist
from typing import Any

import pandas as pd

from helpers.coding.frames import LISTS
from helpers.coding.stance import stance_by_target
from helpers.report.words import MEASURES, is_clear
from helpers.validity.comparisons import FEW, differences, shares

BREAK = "period"
GROUPS = 6  # that are shown side by side, and drawn from
ITEMS = 100  # to code by hand: of statements, and of pairs of statement and target
HEADLINE = 10  # statements in both groups that a headline needs
NORMAL = NormalDist()
CROSSED = {"threat", "for", "against"}  # measures that two groupings are crossed for
OF_TIME = ("year", "month", BREAK)
OF_STATEMENTS = {"country": "speaker_country", "kind": "kind", "speaker": "actor"}  # no columns of the articles
NOT_GROUPS = {"doc_id", "text", "text_sha256", "body_start", "date", "date_precision", "unit", "statement_id"}
_YEARS = re.compile(r"(~?)\s*(\d{4})(?:\.0)?(?:\s*[-–/]\s*(\d{4}))?")


class ChoiceError(ValueError):
    """A choice that a report cannot follow; the message lists what can be given."""


def check_groupings(articles: pd.DataFrame, by: Sequence[str] | None, breaks: Sequence[str]) -> list[str]:
    """Name the columns to compare by; without `by` outlet and year, where there are two of them.

    Raises
    ------
    ChoiceError
        If a column is not there, or a break is no date; the message lists what can be given.
    """
    columns = [str(name) for name in articles if name not in NOT_GROUPS]
    allowed = dict.fromkeys([*OF_TIME[: 2 + bool(breaks)], *OF_STATEMENTS, *columns])
    for name in by or []:
        if name not in allowed:
            raise ChoiceError(f"there is no column {name!r} to compare by: choose from {', '.join(allowed)}")
    _cuts(breaks)
    if by is None:
        offered = articles[["source"]].assign(year=place_in_time(articles)["year"])
        by = [str(name) for name in offered if offered[name].nunique() > 1]
    return list(dict.fromkeys([*by, *[BREAK] * bool(breaks)]))


def _cuts(breaks: Sequence[str]) -> dict[str, pd.Timestamp]:
    """Read the days of breaks, the earliest first."""
    for text in breaks:
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text) or pd.isna(pd.to_datetime(text, errors="coerce")):
            raise ChoiceError(f"the break is {text!r}: write a date as 2021-08-15, 2021-08 or 2021")
    days = {text: pd.Timestamp(text) for text in breaks}
    return dict(sorted(days.items(), key=lambda cut: cut[1]))


def place_in_time(articles: pd.DataFrame, breaks: Sequence[str] = ()) -> pd.DataFrame:
    """Say in which year, month and period each article stands, as far as its date tells.

    Parameters
    ----------
    articles : DataFrame
        ``date``, ``date_precision``; a column ``year`` of the input (``2018``, ``~2018`` for about, ``2004-2010``) is
        used where there is no date.
    breaks : sequence of str
        Dates that part the periods: the day of a break opens the new one.

    Returns
    -------
    DataFrame
        In the order of `articles`: ``year``, ``month``, ``period`` string, NA where the date does not tell: a year
        alone has no month, and cannot be placed by a break within it.

    Examples
    --------
    >>> articles = pd.DataFrame({"date": pd.NaT, "date_precision": None, "year": ["~2018", "2021", ""]})
    >>> place_in_time(articles, ["2021-08-15"]).astype(object).fillna("?").values.tolist()
    [['about 2018', '?', 'before 2021-08-15'], ['2021', '?', '?'], ['?', '?', '?']]
    """
    written = articles["year"] if "year" in articles.columns else pd.Series(pd.NA, index=articles.index)
    cuts = _cuts(breaks)
    names, days = list(cuts), list(cuts.values())
    between = [f"{opened} to {closed}" for opened, closed in pairwise(names)]
    periods = [f"before {names[0]}", *between, f"from {names[-1]}"] if cuts else [None]
    rows = []
    for one in zip(articles["date"], articles["date_precision"], written, strict=True):
        first, last, label = _span(*one)
        month = first.strftime("%Y-%m") if first.to_period("M") == last.to_period("M") else None
        at, until = bisect_right(days, first), bisect_right(days, last)
        rows.append((label, month, periods[at] if at == until else None))
    return pd.DataFrame(rows, columns=list(OF_TIME), index=articles.index, dtype="string")


def _span(date: Any, precision: Any, year: Any) -> tuple[pd.Timestamp, pd.Timestamp, str | None]:  # noqa: ANN401 - cells
    """Give the first and the last day on which an article can have appeared, and the label of its year."""
    if pd.notna(date):
        span = pd.Period(date, freq={"year": "Y", "month": "M"}.get(str(precision), "D"))
        return span.start_time, span.end_time, str(date.year)
    told = _YEARS.fullmatch("" if pd.isna(year) else str(year).strip())
    if told is None:
        return pd.Timestamp.min, pd.Timestamp.max, None
    about, first, last = told.groups()
    label = ("about " if about else "") + first + (f"–{last}" if last else "")
    return pd.Period(first, freq="Y").start_time, pd.Period(last or first, freq="Y").end_time, label


def group_statements(tables: Mapping[str, pd.DataFrame], by: Sequence[str], breaks: Sequence[str]) -> pd.DataFrame:
    """Give each statement its group in each grouping, and the unit to draw: near duplicates are one article.

    Returns
    -------
    DataFrame
        ``statement_id``, ``doc_id``, ``unit`` and a column for each of `by`, all string.
    """
    articles, statements, copies = tables["articles"], tables["statements"], tables["near_duplicates"]
    first = copies.groupby("group")["doc_id"].transform("first").set_axis(copies["doc_id"])
    about = articles.assign(**place_in_time(articles, breaks))
    about["unit"] = articles["doc_id"].map(first).astype("string").fillna(articles["doc_id"])
    said = {name: statements[OF_STATEMENTS[name]] for name in by if name not in about}
    about = about[["doc_id", "unit", *(name for name in by if name not in said)]]
    rows = statements[["statement_id", "doc_id"]].assign(**said).merge(about, on="doc_id", how="left")
    return rows[["statement_id", "doc_id", "unit", *by]].astype("string").replace("", pd.NA)


def order_of(groups: pd.Series[Any], name: str = "") -> list[str]:
    """List groups in the order to show: of time by their years, others by size."""
    sizes = groups.value_counts()
    if name in OF_TIME:
        return sorted(sizes.index, key=lambda one: (re.sub(r"\D", "", one), not one.startswith("before"), one))
    return sorted(sizes.index, key=lambda one: (-sizes[one], one))


def compare_groups(
    tables: Mapping[str, pd.DataFrame], by: Sequence[str], breaks: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Compare what groups of statements hold.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``articles``, ``near_duplicates``, ``statements``, ``stance``, ``frames_wide``, ``statement_topics``, as
        `analyse` makes them.
    by, breaks : sequence of str
        Columns to compare by (of `check_groupings`), dates that part periods.

    Returns
    -------
    dict of str to DataFrame
        ``groups``, of `group_statements`; ``shares``: ``by``, ``measure`` string (``threat``, a slot of the frame,
        ``topic``, or ``for``, ``against``: of the statements that name the target), ``code`` string, and the columns
        of `shares` (validity); ``differences``: the same of `differences`, each group against the largest;
        ``crossed``: the shares by the second of two groupings (`two_ways`), within each of the largest groups of the
        first, named ``within``.
    """
    groups = group_statements(tables, by, breaks)
    frames = groups.merge(tables["frames_wide"], on="statement_id")
    frames = frames.merge(tables["statement_topics"][["statement_id", "topic"]], on="statement_id", how="left")
    polarity = stance_by_target(tables["stance"])[["statement_id", "target", "polarity"]]
    stance = groups.merge(polarity, on="statement_id")
    stance["for"], stance["against"] = stance["polarity"].eq(1), stance["polarity"].eq(-1)
    named = {str(name): part for name, part in stance.groupby("target") if len(part) >= FEW}
    plan: list[tuple[str, str | None, pd.DataFrame]] = [  # a measure; its code, where values do not name it; the rows
        *((slot, None, frames) for slot in ("threat", *LISTS, "denial", "topic")),
        *((sign, target, part) for target, part in named.items() for sign in ("against", "for")),
    ]
    found: dict[str, list[pd.DataFrame]] = {"shares": [], "differences": [], "crossed": []}
    for name, (measure, code, rows) in product(by, plan):
        if rows[name].nunique() > 1:
            about = {"by": name, "measure": measure, "code": code}
            largest = order_of(groups[name])[0]
            there = largest if rows[name].eq(largest).any() else None
            apart = differences(rows, measure, by=name, unit="unit", reference=there)
            found["shares"].append(shares(rows, measure, by=name, unit="unit").assign(**about))
            found["differences"].append(apart.assign(**about))
    first, second = two_ways(by) or ("", "")
    for within, (measure, code, rows) in product(order_of(groups[first])[:GROUPS] if first else [], plan):
        inside = rows[rows[first].eq(within)].dropna(subset=[second])
        if measure in CROSSED and len(inside):
            about = {"within": within, "by": second, "measure": measure, "code": code}
            found["crossed"].append(shares(inside, measure, by=second, unit="unit").assign(**about))
    numbers = ["n", "count", "units", "share", "low", "high", "few"]
    contrast = ["reference", "n", "n_reference", "difference", "low", "high", "few"]
    return {
        "groups": groups,
        "shares": _table(found["shares"], ["by", "measure", "code", "group", *numbers]),
        "differences": _table(found["differences"], ["by", "measure", "code", "group", *contrast]),
        "crossed": _table(found["crossed"], ["within", "by", "measure", "code", "group", *numbers]),
    }


def two_ways(by: Sequence[str]) -> tuple[str, str] | None:
    """Choose two groupings to cross, never time by time: of three, the period rather than years; None where none."""
    pairs = [(first, second) for i, second in enumerate(by) for first in by[:i] if not {first, second} <= set(OF_TIME)]
    return min(pairs, key=lambda pair: pair[1] != BREAK, default=None)


def _table(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*columns, "value"])
    table["code"] = table["code"].fillna(table["value"])
    words = [name for name in columns if name in {"by", "measure", "code", "group", "within"}]
    return table[columns].astype(dict.fromkeys(words, "string"))


def can_be_worth(one: Mapping[Any, Any]) -> bool:
    """Tell whether a difference rests on enough, and is of a measure that makes a headline."""
    enough = not one["few"] and min(one["n"], one["n_reference"]) >= HEADLINE
    return enough and bool(MEASURES[one["measure"]]["headline"])


def find_worth(differences: Iterable[Mapping[Any, Any]]) -> list[Mapping[Any, Any]]:
    """Find differences clear enough for a headline, the largest first, each code and target once.

    They stay clear when the level is divided by the number of differences looked at (Bonferroni), with the width of
    the interval as a measure of the standard error.
    """
    tested = [one for one in differences if can_be_worth(one)]
    needed = NORMAL.inv_cdf(1 - 0.025 / max(1, len(tested))) / (2 * NORMAL.inv_cdf(0.975))  # in widths
    clear = [one for one in tested if is_clear(one) and abs(one["difference"]) > needed * (one["high"] - one["low"])]
    first: dict[str, Mapping[Any, Any]] = {}  # for and against the same target say much the same
    for one in sorted(clear, key=lambda one: -min(abs(one["low"]), abs(one["high"]))):
        first.setdefault(one["code"], one)
    return list(first.values())


def draw_sample(tables: Mapping[str, pd.DataFrame], by: Sequence[str], *, seed: int = 0) -> pd.DataFrame:
    """Draw what is coded by hand: statements, and pairs of statement and target, as many from each group.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``groups``, ``stance`` as `analyse` makes them.
    by : sequence of str
        The groupings; the first is drawn from group by group, the largest six.
    seed : int

    Returns
    -------
    DataFrame
        ``sheet`` string (``statements`` or ``stance``), ``item`` int64 from 1 in each sheet, in shuffled order;
        ``statement_id``, ``target`` (NA for statements), ``group`` string.
    """
    groups = tables["groups"]
    whole = groups[["statement_id"]].assign(group=groups[by[0]] if len(by) else "all")
    pairs = stance_by_target(tables["stance"])[["statement_id", "target"]].merge(whole)
    drawn = []
    for sheet, rows in (("statements", whole.assign(target=None)), ("stance", pairs)):
        largest = order_of(rows["group"])[:GROUPS]
        shuffled = rows[rows["group"].isin(largest)].sample(frac=1, random_state=seed)
        chosen = shuffled.groupby("group").head(ITEMS // max(1, len(largest))).sample(frac=1, random_state=seed)
        drawn.append(chosen.assign(sheet=sheet, item=range(1, len(chosen) + 1)))
    table = pd.concat(drawn, ignore_index=True)[["sheet", "item", "statement_id", "target", "group"]]
    return table.astype(dict.fromkeys(("sheet", "statement_id", "target", "group"), "string"))
