"""Lay out comparisons for the page: groups, a row for each code, the clearest differences; two groupings crossed."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from helpers.report.compare import GROUPS, OF_TIME, order_of, place_in_time, two_ways
from helpers.report.words import MEASURES, Names, is_clear, percent, places_of, tell_difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

TARGETS, FINDINGS = 6, 5
LEAST = 0.01  # a share that no group reaches is not shown
HEADLINE = 10  # statements in both groups that a headline needs
NORMAL = NormalDist()
KEY = ["measure", "code", "group"]


def lay_out(by: str, tables: Mapping[str, pd.DataFrame], names: Names) -> dict[str, Any] | None:
    """Lay out a comparison; nothing where there are no two groups.

    Parameters
    ----------
    by : str
        A grouping of the tables ``shares`` and ``differences``.
    tables : mapping of str to DataFrame
        Of `analyse`; ``corrected`` is shown beside the shares where it is there.
    names : Names

    Returns
    -------
    dict or None
        What ``report.html`` shows of it.
    """
    mine = {name: tables[name][tables[name]["by"].eq(by)] for name in ("shares", "differences")}
    if mine["shares"].empty:
        return None
    groups = tables["groups"]
    order = order_of(groups[by], by)
    spoken = groups.assign(actor=tables["statements"]["actor"].to_numpy()).groupby(by)
    sizes = spoken.agg(articles=("doc_id", "nunique"), statements=("doc_id", "size"), speakers=("actor", "nunique"))
    largest = set(sizes["statements"].sort_values(ascending=False, kind="stable").index[:GROUPS])
    shown = [group for group in order if group in largest]
    if "corrected" in tables:
        by_hand = tables["corrected"][tables["corrected"]["by"].eq(by)]
        by_hand = by_hand[[*KEY, "corrected", "corrected_low", "corrected_high"]]
        mine["shares"] = mine["shares"].merge(by_hand, on=KEY, how="left")
    cells: dict[Any, Any] = mine["shares"].set_index(KEY, drop=False).to_dict("index")
    apart: dict[Any, Any] = mine["differences"].set_index(KEY, drop=False).to_dict("index")
    lines = []
    for measure, code in chosen_codes(tables):
        keys = [(measure, code, group) for group in shown]
        found = [cells.get(key) for key in keys]
        enough = [one["share"] for one in found if one and not one["few"]]
        if len(enough) > 1 and max(enough) >= LEAST:
            gaps = [apart.get(key) for key in keys]
            places = places_of(*enough) if len(shown) == 2 == len(enough) else 0  # noqa: PLR2004 - a pair is subtracted
            lines.append({"key": (measure, code), "cells": list(zip(found, gaps, strict=True)), "places": places})
    worth = find_worth(apart.values())
    missing = groups[by].isna()
    years = place_in_time(tables["articles"])["year"].fillna("")
    return {
        "by": by,
        "findings": [
            {
                "text": tell_difference(one, cells, names),
                "behind": [cells[one["measure"], one["code"], group] for group in (one["reference"], one["group"])],
            }
            for one in worth[:FINDINGS]
        ],
        "panels": [*((one["measure"], one["code"]) for one in worth), *(line["key"] for line in lines)],
        "tested": sum(_can_be_worth(one) for one in apart.values()),
        "groups": [{"name": group, **sizes.loc[group].to_dict()} for group in shown],
        "order": order if by in OF_TIME else shown,
        "more": len(order) - len(shown),
        "lines": lines,
        "reference": mine["differences"]["reference"].mode().iloc[0],
        "looked": len(mine["differences"]),
        "missing": int(missing.sum()),
        "missing_articles": groups.loc[missing, "doc_id"].nunique(),
        "in_time": by in OF_TIME,
        "mixed": by in OF_TIME and tables["articles"]["source"].nunique() > 1,
        "about": int(years.str.startswith("about").sum()),
    }


def find_worth(differences: Iterable[Mapping[Any, Any]]) -> list[Mapping[Any, Any]]:
    """Find differences clear enough for a headline, the largest first, each code and target once.

    They stay clear when the level is divided by the number of differences looked at (Bonferroni), with the width of
    the interval as a measure of the standard error.
    """
    tested = [one for one in differences if _can_be_worth(one)]
    needed = -NORMAL.inv_cdf(0.025 / max(1, len(tested)))
    reach = -2 * NORMAL.inv_cdf(0.025)
    clear = [one for one in tested if abs(one["difference"]) > needed * (one["high"] - one["low"]) / reach]
    first: dict[str, Mapping[Any, Any]] = {}  # for and against the same target say much the same
    for one in sorted(filter(is_clear, clear), key=lambda one: -min(abs(one["low"]), abs(one["high"]))):
        first.setdefault(one["code"], one)
    return list(first.values())


def _can_be_worth(one: Mapping[Any, Any]) -> bool:
    enough = min(one["n"], one["n_reference"]) >= HEADLINE
    return bool(MEASURES[one["measure"]]["headline"]) and not one["few"] and enough


def cross(
    tables: Mapping[str, pd.DataFrame], names: Names, comparisons: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Lay out two groupings crossed, for the code that differs most by the first; nothing where there is one grouping.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    names : Names
    comparisons : sequence
        Of `lay_out`.

    Returns
    -------
    dict or None
        What ``report.html`` shows of it, and ``rows``, what is drawn.
    """
    laid = {one["by"]: one for one in comparisons}
    pair = two_ways(list(laid))
    if pair is None:
        return None
    first, second = pair
    rows = tables["crossed"]
    there = set(rows[["measure", "code"]].itertuples(index=False, name=None))
    measure, code = next(key for key in [*laid[first]["panels"], ("threat", "threat")] if key in there)
    rows = rows[rows["measure"].eq(measure) & rows["code"].eq(code)]
    enough = rows[~rows["few"]].sort_values("share", kind="stable")
    cells = rows.set_index(["within", "group"], drop=False).to_dict("index")
    columns = [one["name"] for one in laid[first]["groups"]]
    finding = "Every cell has too few statements for a claim."
    if len(enough):
        low, high = (_in_cell(enough.iloc[at]) for at in (0, -1))
        finding = f"{names.label(measure, code)}: highest {high}, lowest {low}"
    return {
        "by": pair,
        "finding": finding[0].upper() + finding[1:],
        "key": (measure, code),
        "columns": columns,
        "lines": {
            group: [cells.get((within, group)) for within in columns]
            for group in laid[second]["order"]
            if any((within, group) in cells for within in columns)
        },
        "few": int(rows["few"].sum()),
        "rows": rows,
    }


def _in_cell(one: pd.Series[Any]) -> str:
    return f"in {one['within']}, {one['group']} ({percent(one['share'])}, n = {one['n']:,})"


def chosen_codes(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Choose what a comparison shows: threat, the targets named most, the commonest codes of some slots, topics."""
    edges, counts = tables["stance_edges"], tables["frame_counts"]
    named = edges.groupby("target")["statements"].sum().sort_values(ascending=False, kind="stable").index[:TARGETS]
    chosen = [("threat", "threat"), *((sign, str(target)) for target in named for sign in ("against", "for"))]
    for slot, one in MEASURES.items():
        most = int(one["rows"] or 0)
        chosen += [(slot, str(code)) for code in counts.loc[counts["slot"].eq(slot), "value"].head(most)]
    return [*chosen, *(("topic", str(topic)) for topic in tables["topics"]["topic"])]
