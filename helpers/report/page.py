"""The page of a report: what was found, how groups differ, and every statement in its words, in one file."""

import base64
import html
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from helpers.figures import alt_text, draw_svg, plot_for_against, plot_network, plot_shares
from helpers.figures.spans import cut
from helpers.figures.style import SIDES
from helpers.report.collect import Analysis
from helpers.report.compare import GROUPS, OF_TIME, can_be_worth, find_worth, order_of, two_ways
from helpers.report.explorer import compress, pack
from helpers.report.handover import read_citation
from helpers.report.words import MEASURES, Names, fill, tell, tell_difference

STATEMENTS = 25  # that the page shows to readers without its script
TARGETS, FINDINGS, PANELS, ROWS = 6, 5, 3, 24  # of a comparison: what is listed, and what is drawn
BARS, NODES, PAIRS = 10, 6, 18  # of the figures of stance
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
    comparisons = [one for by in analysis.record["by"] if (one := lay_out(by, analysis, names))]
    return fill(
        "report.html",
        data=compress(packed),
        record=analysis.record,
        citation=read_citation(),
        names=names,
        tables=tables,
        count={name: len(table) for name, table in tables.items()},
        packed=packed,
        statements=every_nth(packed["statements"], STATEMENTS),
        mark_statement=mark_statement,
        figures=draw_edges(tables, names),
        comparisons=comparisons,
        crossed=cross(analysis, names, comparisons),
    )


def mark_statement(one: Sequence[Any], text: str) -> str:
    """Mark a packed statement in the text of its article as the script does, for readers without it and for paper."""
    *_, spans, source, cue, (low, high), codes, _ = one
    words = [span for _, code, decided in codes for span in (code, *decided)]
    kinds = {"content": spans, "source": [source], "cue": [cue], "word": words}
    marks = [(*span, name) for name, marked in kinds.items() for span in marked if span]
    inside = [(start - low, end - low, name) for start, end, name in marks if low <= start and end <= high]
    return mark(text[low:high], inside)


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


def lay_out(by: str, analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Lay out a comparison; nothing where there are no two groups.

    Parameters
    ----------
    by : str
        A grouping of the tables ``shares`` and ``differences``.
    analysis : Analysis
        The table ``corrected`` is shown beside the shares where it is there.
    names : Names

    Returns
    -------
    dict or None
        What ``report.html`` shows of it.
    """
    tables = analysis.tables
    shares, differences = (tables[name][tables[name]["by"].eq(by)] for name in ("shares", "differences"))
    if shares.empty:
        return None
    groups = tables["groups"]
    order, largest = order_of(groups[by], by), order_of(groups[by])[:GROUPS]
    shown = [group for group in order if group in largest]
    spoken = groups.assign(actor=tables["statements"]["actor"].to_numpy()).groupby(by)
    sizes = spoken.agg(articles=("doc_id", "nunique"), statements=("doc_id", "size"), speakers=("actor", "nunique"))
    if "corrected" in tables:
        by_hand = tables["corrected"][["by", *KEY, "corrected", "corrected_low", "corrected_high"]]
        shares = shares.merge(by_hand, on=["by", *KEY], how="left")
    cells, apart = (table.set_index(KEY, drop=False).to_dict("index") for table in (shares, differences))
    enough = shares[shares["group"].isin(shown) & ~shares["few"]].groupby(KEY[:2])["share"].agg(list).to_dict()
    told = {key: enough.get(key, []) for key in chosen_codes(tables)}
    lines = {key: some for key, some in told.items() if len(some) > 1 and max(some) >= LEAST}
    worth = find_worth(apart.values())
    findings = [{**one, "text": tell_difference(one, cells, names)} for one in worth[:FINDINGS]]
    panels = [*((one["measure"], one["code"]) for one in worth), *lines]
    order = order if by in OF_TIME else shown
    drawn = pd.DataFrame([*panels[:1], THREAT, *panels], columns=KEY[:2])
    drawn = drawn.drop_duplicates("code").head(PANELS)  # for and against the same target say much the same
    drawn["panel"] = [
        names.say("label", measure, code) + " (of those that name it)" * (measure in SIDES.values())
        for measure, code in drawn.itertuples(index=False, name=None)
    ]
    rows = drawn.merge(_in_order(shares, "group", order[-ROWS:]), on=KEY[:2])
    title = findings[0]["text"].rsplit(": ", 1)[0] if findings else f"No clear difference by {by}"
    breaks = _openings(order[-ROWS:], analysis.record["breaks"]) if by in {"year", "month"} else {}
    return {
        "by": by,
        "findings": findings,
        "figure": _panels(tables, table=rows, panel="panel", breaks=breaks, title=title),
        "tested": sum(map(can_be_worth, apart.values())),
        "panels": panels,
        "groups": [{"name": group, **sizes.loc[group].to_dict()} for group in shown],
        "order": order,
        "more": len(sizes) - len(shown),
        "lines": lines,
        "cells": cells,
        "apart": apart,
        "reference": differences["reference"].mode().iloc[0],
    }


def cross(analysis: Analysis, names: Names, comparisons: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Lay out two groupings crossed, for the code that differs most by the first; nothing where there is one grouping.

    Parameters
    ----------
    analysis : Analysis
    names : Names
    comparisons : sequence
        Of `lay_out`.

    Returns
    -------
    dict or None
        What ``report.html`` shows of it.
    """
    tables, laid = analysis.tables, {one["by"]: one for one in comparisons}
    pair = two_ways(list(laid))
    if pair is None or tables["crossed"].empty:
        return None
    columns, lines = laid[pair[0]], laid[pair[1]]
    parts = dict(list(tables["crossed"].groupby(["measure", "code"])))
    key = next(key for key in [*columns["panels"], THREAT] if key in parts)
    rows = parts[key]
    enough = rows[~rows["few"]].sort_values("share", kind="stable")
    finding = tell("extremes", label=names.say("label", *key), cells=enough.to_dict("records"))
    across = [one["name"] for one in columns["groups"]]
    order = [group for group in lines["order"] if group in set(rows["group"])]
    drawn = _in_order(_in_order(rows, "within", across), "group", order[-ROWS:])
    return {
        "by": pair,
        "finding": finding,
        "figure": _panels(tables, table=drawn, panel="within", title=finding) if 2 * len(enough) > len(rows) else None,
        "key": key,
        "columns": across,
        "order": order,
        "cells": rows.set_index(["within", "group"], drop=False).to_dict("index"),
        "few": int(rows["few"].sum()),
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


def draw_edges(tables: Mapping[str, pd.DataFrame], names: Names) -> dict[str, dict[str, str]]:
    """Draw who is for and against whom, as ``stance`` and ``network``; one without rows is left out."""
    drawn = {}
    edges = tables["stance_edges"].sort_values("statements", ascending=False, kind="stable")
    edges["speaker"] = [names.actor(actor) for actor in edges["actor"]]
    edges["about"] = [names.code("target", code) for code in edges["target"]]
    targets = edges.groupby(["target", "about"], as_index=False)[["statements", *SIDES.values()]].sum()
    targets = targets.astype(dict.fromkeys(SIDES.values(), "int64")).nlargest(BARS, "statements")
    if len(targets):
        most = {side: targets.sort_values(side, kind="stable").iloc[-1] for side in ("against", "for")}
        drawn["stance"] = _draw(plot_for_against, tables, table=targets, label="about", title=tell("sides", most=most))
    pairs = edges[edges["actor"].ne("unknown")]
    most_of = {side: pairs.groupby(side)["statements"].sum().nlargest(NODES).index for side in ("actor", "target")}
    pairs = pairs[pairs["actor"].isin(most_of["actor"]) & pairs["target"].isin(most_of["target"])].head(PAIRS)
    if len(pairs) > 2:  # noqa: PLR2004 - fewer are said in the table
        first = pairs.iloc[0]
        title = f"{first['speaker']} speaks about {first['about']} most (n = {first['statements']} statements)"
        drawn["network"] = _draw(plot_network, tables, table=pairs, source="speaker", target="about", title=title)
    return drawn


def _panels(tables: Mapping[str, pd.DataFrame], **given: Any) -> dict[str, str]:  # noqa: ANN401 - of `plot_shares`
    """Draw shares side by side, and one below the other for a phone."""
    return {**_draw(plot_shares, tables, **given), "narrow": _draw(plot_shares, tables, **given, across=1)["svg"]}


def _draw(plot: Callable[..., Any], tables: Mapping[str, pd.DataFrame], **given: Any) -> dict[str, str]:  # noqa: ANN401
    """Draw as SVG, a data URI, with alt text; stamped where any article is constructed."""
    axes = plot(**given, constructed=bool(tables["articles"]["constructed"].fillna(value=False).any()))
    coded = base64.b64encode(draw_svg(axes).encode("utf-8")).decode("ascii")
    return {"svg": f"data:image/svg+xml;base64,{coded}", "alt": alt_text(axes)}


def _openings(groups: Sequence[str], breaks: Sequence[str]) -> dict[str, str]:
    """Say above which group of time the line of each break stands."""
    opens: dict[str, str] = {}
    for text in breaks:
        later = [group for group in groups if _first_day(group.removeprefix("about ")) >= _first_day(text)]
        opens |= dict.fromkeys(later[:1], f"break: {text}")
    return opens


def _first_day(time: str) -> str:
    return f"{time[:10]}-01-01"[:10]


def _in_order(rows: pd.DataFrame, column: str, order: list[str]) -> pd.DataFrame:
    """Keep the rows whose groups are listed, in the order of the list."""
    kept = rows[rows[column].isin(order)]
    return kept.sort_values(column, key=lambda groups: groups.map(order.index), kind="stable")
