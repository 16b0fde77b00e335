"""The figures of a report's page: the finding is the title, and every figure has its description in words."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.figures import alt_text, draw_svg, plot_for_against, plot_network, plot_shares
from helpers.figures.style import SIDES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from helpers.report.collect import Analysis
    from helpers.report.words import Names

BARS, NODES, PAIRS, ROWS, PANELS = 10, 6, 18, 24, 3


def draw_figures(
    analysis: Analysis, names: Names, comparisons: Sequence[Mapping[str, Any]], crossed: Mapping[str, Any] | None
) -> dict[str, dict[str, str]]:
    """Draw comparisons, stance and network as SVG with alt text; one without rows is left out.

    Returns
    -------
    dict
        Name of a figure to ``svg``, a data URI, and ``alt``; ``narrow`` is the same figure for a phone.
    """
    tables = analysis.tables
    stamp: dict[str, Any] = {"constructed": bool(tables["articles"]["constructed"].fillna(value=False).any())}
    drawn = {f"compare-{one['by']}": _panels(stamp, **_compare(one, analysis, names)) for one in comparisons}
    if crossed and 2 * crossed["few"] < len(crossed["rows"]):
        drawn["crossed"] = _panels(stamp, **_cross(crossed))
    edges = tables["stance_edges"].sort_values("statements", ascending=False, kind="stable")
    targets = edges.groupby("target")[["statements", *SIDES.values()]].sum().astype(int)
    targets = targets.nlargest(BARS, "statements").reset_index()
    targets["toward"] = [names.code("target", code) for code in targets["target"]]
    if len(targets):
        drawn["stance"] = _picture(plot_for_against(targets, label="toward", title=_sides(targets), **stamp))
    named = edges[edges["actor"].ne("unknown")]
    most = {side: named.groupby(side)["statements"].sum().nlargest(NODES).index for side in ("actor", "target")}
    pairs = named[named["actor"].isin(most["actor"]) & named["target"].isin(most["target"])].head(PAIRS)
    if len(pairs) > 2:  # noqa: PLR2004 - fewer are said in the table
        pairs = pairs.assign(
            speaker=[names.actor(actor) for actor in pairs["actor"]],
            about=[names.code("target", code) for code in pairs["target"]],
        )
        first = pairs.iloc[0]
        title = f"{first['speaker']} speaks about {first['about']} most (n = {first['statements']} statements)"
        drawn["network"] = _picture(plot_network(pairs, source="speaker", target="about", title=title, **stamp))
    return drawn


def _panels(stamp: Mapping[str, Any], **options: Any) -> dict[str, str]:  # noqa: ANN401 - of `plot_shares`
    """Draw shares side by side, and one below the other for a phone."""
    narrow = _picture(plot_shares(**options, **stamp, across=1))
    return {**_picture(plot_shares(**options, **stamp)), "narrow": narrow["svg"]}


def _compare(one: Mapping[str, Any], analysis: Analysis, names: Names) -> dict[str, Any]:
    """Choose what to draw of a comparison: the clearest difference, threat, and the most common codes."""
    shares = analysis.tables["shares"]
    groups = one["order"][-ROWS:]
    shares = _in_order(shares[shares["by"].eq(one["by"])], "group", groups)
    first_of: dict[str, str] = {}  # for and against the same target say much the same
    for measure, code in [*one["panels"][:1], ("threat", "threat"), *one["panels"]]:
        first_of.setdefault(code, measure)
    parts = []
    for code, measure in list(first_of.items())[:PANELS]:
        base = " (of those that name it)" if measure in SIDES.values() else ""
        part = shares[shares["measure"].eq(measure) & shares["code"].eq(code)]
        parts.append(part.assign(panel=names.say("label", measure, code) + base))
    opens = {}
    for text in analysis.record["breaks"] if one["by"] in {"year", "month"} else []:
        later = [group for group in groups if _first_day(group.removeprefix("about ")) >= _first_day(text)]
        if later:
            opens[later[0]] = f"break: {text}"
    title = f"No clear difference by {one['by']}"
    if one["findings"]:
        title = one["findings"][0]["text"].rsplit(": ", 1)[0]
    return {"table": pd.concat(parts), "panel": "panel", "breaks": opens, "title": title}


def _cross(crossed: Mapping[str, Any]) -> dict[str, Any]:
    """Choose what to draw of two groupings: a panel for each group of the first."""
    rows = _in_order(_in_order(crossed["rows"], "within", crossed["columns"]), "group", list(crossed["lines"])[-ROWS:])
    return {"table": rows, "panel": "within", "title": crossed["finding"]}


def _in_order(rows: pd.DataFrame, column: str, order: list[str]) -> pd.DataFrame:
    """Keep the rows whose groups are listed, in the order of the list."""
    kept = rows[rows[column].isin(order)]
    return kept.sort_values(column, key=lambda groups: groups.map(order.index), kind="stable")


def _first_day(time: str) -> str:
    return f"{time[:10]}-01-01"[:10]


def _sides(targets: pd.DataFrame) -> str:
    """Say whom most statements are against, and whom for."""
    most = {side: targets.sort_values(side, kind="stable").iloc[-1] for side in ("against", "for")}
    found = [
        f"most {side}: {row['toward']} ({row[side]:,} of {row['statements']:,} statements)"
        for side, row in most.items()
        if row[side]
    ]
    return "; ".join(found).replace("most", "Most", 1) or "No statement takes a side"


def _picture(axes: Axes | Sequence[Axes]) -> dict[str, str]:
    """Give what an image of the page takes."""
    coded = base64.b64encode(draw_svg(axes).encode("utf-8")).decode("ascii")
    return {"svg": f"data:image/svg+xml;base64,{coded}", "alt": alt_text(axes)}
