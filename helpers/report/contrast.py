"""Lay out the comparison of one grouping for the page: its groups, a row for each code, and the clearest difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.report.compare import OF_TIME, order_of, place_in_time
from helpers.report.words import Names, interval, is_clear, tell_difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

GROUPS, TARGETS = 6, 6
PLACES = {"agents": 4, "measures": 3, "blame": 3}  # rows for each slot
LEAST = 0.01  # a share that no group reaches is not shown
HEADLINE = 10  # statements in both groups that a headline needs
HEADLINES = {"threat", "agents", "for", "against"}


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
    cells, apart = _by_code(mine["shares"]), _by_code(mine["differences"])
    corrected = _by_code(tables["corrected"][tables["corrected"]["by"].eq(by)]) if "corrected" in tables else {}
    lines = []
    for measure, code in chosen_codes(tables):
        found = [cells.get((measure, code, group)) for group in shown]
        enough = [one["share"] for one in found if one and not one["few"]]
        if len(enough) < 2 or max(enough) < LEAST:  # noqa: PLR2004 - nothing to compare
            continue
        told = [one and _cell(one, apart.get((measure, code, one["group"])), corrected) for one in found]
        one = next((apart[measure, code, group] for group in shown if (measure, code, group) in apart), None)
        lines.append(
            {
                "code": (measure, code),
                "label": names.label(measure, code),
                "base": names.base(measure, code),
                "cells": told,
                "difference": one and {**one, "interval": interval(one, signed=True), "sure": is_clear(one)},
            }
        )
    worth = [one for one in apart.values() if one["measure"] in HEADLINES and is_clear(one)]
    worth = [one for one in worth if min(one["n"], one["n_reference"]) >= HEADLINE]
    worth.sort(key=lambda one: -min(abs(one["low"]), abs(one["high"])))
    missing = groups[by].isna()
    years = place_in_time(tables["articles"])["year"].fillna("")
    return {
        "by": by,
        "finding": tell_difference(worth[0], cells, names) if worth else f"No clear difference by {by}.",
        "clear": bool(worth),
        "panels": [*((one["measure"], one["code"]) for one in worth), *(line["code"] for line in lines)],
        "groups": [{"name": group, **sizes.loc[group].to_dict(), "find": {by: group}} for group in shown],
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


def _by_code(table: pd.DataFrame) -> dict[tuple[str, str, str], dict[Any, Any]]:
    return {(one["measure"], one["code"], one["group"]): one for one in table.to_dict("records")}


def _cell(
    one: Mapping[Any, Any], apart: Mapping[Any, Any] | None, corrected: Mapping[tuple[str, str, str], Mapping[Any, Any]]
) -> dict[Any, Any]:
    """Give what one share needs on the page: its interval, what finds its statements, how it differs."""
    measure, code, group = one["measure"], one["code"], one["group"]
    clear = apart is not None and is_clear(apart)
    return {
        **one,
        "interval": interval(one),
        "find": {one["by"]: group, "code": f"{measure}:{'1' if measure == 'threat' else code}"},
        "corrected": corrected.get((measure, code, group)),
        "apart": ("higher" if apart["difference"] > 0 else "lower") if apart and clear else "",
    }


def chosen_codes(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Choose what a comparison shows: threat, the targets named most, the commonest codes of some slots."""
    edges, counts = tables["stance_edges"], tables["frame_counts"]
    named = edges.groupby("target")["statements"].sum().sort_values(ascending=False, kind="stable").index[:TARGETS]
    chosen = [("threat", "threat"), *((sign, str(target)) for target in named for sign in ("against", "for"))]
    for slot, most in PLACES.items():
        chosen += [(slot, str(code)) for code in counts.loc[counts["slot"].eq(slot), "value"].head(most)]
    return chosen
