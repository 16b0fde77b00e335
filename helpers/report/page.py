"""The page of a report: what was found, how groups differ, and every statement in its words, in one file."""

from __future__ import annotations

import html
from itertools import groupby
from typing import TYPE_CHECKING, Any

from helpers.figures.spans import cut
from helpers.report.compare import GROUPS, OF_TIME, can_be_worth, find_worth, order_of, place_in_time, two_ways
from helpers.report.explorer import compress, pack
from helpers.report.figures import draw_figures
from helpers.report.handover import read_citation
from helpers.report.words import MEASURES, Names, fill, tell, tell_difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from helpers.report.collect import Analysis

STATEMENTS = 25  # that the page shows to readers without its script
TARGETS, FINDINGS = 6, 5  # of a comparison
LEAST = 0.01  # a share that no group reaches is not shown
THREAT = ("threat", "threat")  # measure and code
KEY = ["measure", "code", "group"]


def render_page(analysis: Analysis) -> str:
    """Write the page of a report.

    Parameters
    ----------
    analysis : Analysis
        Of `helpers.report.collect.analyse`.

    Returns
    -------
    str
        HTML with its styles, its script and all statements (of more than 20,000 a part, and it says so). It loads
        nothing; without JavaScript it shows every n-th statement.

    Examples
    --------
    >>> render_page(analyse("data/articles"))  # doctest: +SKIP
    """
    tables, names = analysis.tables, Names(analysis.tables)
    packed = pack(tables, names)
    comparisons = [one for by in analysis.record["by"] if (one := lay_out(by, tables, names))]
    crossed = cross(tables, names, comparisons)
    years = place_in_time(tables["articles"])["year"].fillna("")
    return fill(
        "report.html",
        data=compress(packed),
        record=analysis.record,
        citation=read_citation(),
        names=names,
        tables=tables,
        count={name: len(table) for name, table in tables.items()},
        packed=packed,
        statements=[show_statement(one, packed) for one in every_nth(packed["statements"], STATEMENTS)],
        figures=draw_figures(analysis, names, comparisons, crossed),
        comparisons=comparisons,
        crossed=crossed,
        about=int(years.str.startswith("about").sum()),
    )


def show_statement(one: Sequence[Any], packed: Mapping[str, Any]) -> dict[str, Any]:
    """Show a packed statement as the script does, for readers without it and for paper."""
    _, article, actor, kind, spans, source, cue, (low, high), codes, _ = one
    title, outlet, date, text = packed["articles"][article]
    title = title if len(packed["articles"]) > 1 else ""
    words = [span for _, code, decided in codes for span in (code, *decided)]
    kinds = {"content": spans, "source": [source], "cue": [cue], "word": words}
    marks = [(*span, name) for name, marked in kinds.items() for span in marked if span]
    inside = [(start - low, end - low, name) for start, end, name in marks if low <= start and end <= high]
    return {
        "speaker": "nobody named" if actor < 0 else packed["actors"][actor][1],
        "about": ", ".join(filter(None, (kind, outlet, date, title))),
        "words": mark(text[low:high], inside),
        "codes": [packed["codes"][code][1] for code, *_ in codes],
    }


def mark(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Mark spans in a text: each kind is a class, whose look differs without colour too; HTML, escaped.

    Examples
    --------
    >>> mark("Noor said <no>", [(0, 4, "source"), (10, 14, "content")])
    '<span class="source">Noor</span> said <span class="content">&lt;no&gt;</span>'
    """

    def kinds_of(piece: tuple[str, list[tuple[int, int, str]]]) -> str:
        return " ".join(sorted({kind for *_, kind in piece[1]}))

    told = []
    for kinds, run in groupby(cut(text, spans), kinds_of):  # neighbours that look alike are one
        shown = html.escape("".join(piece for piece, _ in run).replace("\n", " "))
        told.append(f'<span class="{kinds}">{shown}</span>' if kinds else shown)
    return "".join(told)


def every_nth(items: Sequence[Any], most: int) -> Sequence[Any]:
    """Take items at even distances, at most so many: a sample that no seed and no order of findings decides."""
    return items[:: max(1, -(-len(items) // most))]


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
    shares, differences = (tables[name][tables[name]["by"].eq(by)] for name in ("shares", "differences"))
    if shares.empty:
        return None
    groups = tables["groups"].assign(actor=tables["statements"]["actor"].to_numpy())
    order = order_of(groups[by], by)
    shown = [group for group in order if group in order_of(groups[by])[:GROUPS]]
    sizes = groups.groupby(by).agg(
        articles=("doc_id", "nunique"), statements=("doc_id", "size"), speakers=("actor", "nunique")
    )
    if "corrected" in tables:
        by_hand = tables["corrected"][["by", *KEY, "corrected", "corrected_low", "corrected_high"]]
        shares = shares.merge(by_hand, on=["by", *KEY], how="left")
    cells, apart = (table.set_index(KEY, drop=False).to_dict("index") for table in (shares, differences))
    enough = shares[shares["group"].isin(shown) & ~shares["few"]].groupby(KEY[:2])["share"].agg(list).to_dict()
    told = {key: enough.get(key, []) for key in chosen_codes(tables)}
    lines = {key: some for key, some in told.items() if len(some) > 1 and max(some) >= LEAST}
    worth = find_worth(apart.values())
    return {
        "by": by,
        "in_time": by in OF_TIME,
        "findings": [{**one, "text": tell_difference(one, cells, names)} for one in worth[:FINDINGS]],
        "tested": sum(map(can_be_worth, apart.values())),
        "panels": [*((one["measure"], one["code"]) for one in worth), *lines],
        "groups": [{"name": group, **sizes.loc[group].to_dict()} for group in shown],
        "order": order if by in OF_TIME else shown,
        "more": len(order) - len(shown),
        "lines": lines,
        "cells": cells,
        "apart": apart,
        "reference": differences["reference"].mode().iloc[0],
    }


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
    columns, lines = laid[pair[0]], laid[pair[1]]
    parts = dict(list(tables["crossed"].groupby(["measure", "code"])))
    key = next(key for key in [*columns["panels"], THREAT] if key in parts)
    rows = parts[key]
    enough = rows[~rows["few"]].sort_values("share", kind="stable")
    return {
        "by": pair,
        "finding": tell("extremes", label=names.say("label", *key), cells=enough.to_dict("records")),
        "key": key,
        "columns": [one["name"] for one in columns["groups"]],
        "order": [group for group in lines["order"] if group in set(rows["group"])],
        "cells": rows.set_index(["within", "group"], drop=False).to_dict("index"),
        "few": int(rows["few"].sum()),
        "rows": rows,
    }


def chosen_codes(tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Choose what a comparison shows: threat, the targets named most, the commonest codes of some slots, topics."""
    edges, counts = tables["stance_edges"], tables["frame_counts"]
    named = edges.groupby("target")["statements"].sum().sort_values(ascending=False, kind="stable").index[:TARGETS]
    chosen = [THREAT, *((sign, str(target)) for target in named for sign in ("against", "for"))]
    for slot, one in MEASURES.items():
        most = int(one["rows"] or 0)
        chosen += [(slot, str(code)) for code in counts.loc[counts["slot"].eq(slot), "value"].head(most)]
    return [*chosen, *(("topic", str(topic)) for topic in tables["topics"]["topic"])]
