"""The figures of a report's page: the finding is the title, and every figure has its description in words."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.figures import alt_text, draw_svg, plot_for_against, plot_network, plot_shares
from helpers.figures.style import SIDES
from helpers.report.words import tell

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
        rows = _in_order(_in_order(crossed["rows"], "within", crossed["columns"]), "group", crossed["order"][-ROWS:])
        drawn["crossed"] = _panels(stamp, table=rows, panel="within", title=crossed["finding"])
    edges = tables["stance_edges"].sort_values("statements", ascending=False, kind="stable")
    edges["speaker"] = [names.actor(actor) for actor in edges["actor"]]
    edges["about"] = [names.code("target", code) for code in edges["target"]]
    targets = edges.groupby(["target", "about"], as_index=False)[["statements", *SIDES.values()]].sum()
    targets = targets.astype(dict.fromkeys(SIDES.values(), "int64")).nlargest(BARS, "statements")
    if len(targets):
        most = {side: targets.sort_values(side, kind="stable").iloc[-1] for side in ("against", "for")}
        drawn["stance"] = _picture(plot_for_against(targets, label="about", title=tell("sides", most=most), **stamp))
    named = edges[edges["actor"].ne("unknown")]
    most_of = {side: named.groupby(side)["statements"].sum().nlargest(NODES).index for side in ("actor", "target")}
    pairs = named[named["actor"].isin(most_of["actor"]) & named["target"].isin(most_of["target"])].head(PAIRS)
    if len(pairs) > 2:  # noqa: PLR2004 - fewer are said in the table
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
    groups = one["order"][-ROWS:]
    chosen = pd.DataFrame([*one["panels"][:1], ("threat", "threat"), *one["panels"]], columns=["measure", "code"])
    chosen = chosen.drop_duplicates("code").head(PANELS)  # for and against the same target say much the same
    chosen["panel"] = [
        names.say("label", measure, code) + " (of those that name it)" * (measure in SIDES.values())
        for measure, code in chosen.itertuples(index=False, name=None)
    ]
    shares = pd.DataFrame(one["cells"].values())
    opens: dict[str, str] = {}
    for text in analysis.record["breaks"] if one["by"] in {"year", "month"} else []:
        later = [group for group in groups if _first_day(group.removeprefix("about ")) >= _first_day(text)]
        opens |= dict.fromkeys(later[:1], f"break: {text}")
    title = f"No clear difference by {one['by']}"
    if one["findings"]:
        title = one["findings"][0]["text"].rsplit(": ", 1)[0]
    rows = chosen.merge(_in_order(shares, "group", groups), on=["measure", "code"])
    return {"table": rows, "panel": "panel", "breaks": opens, "title": title}


def _in_order(rows: pd.DataFrame, column: str, order: list[str]) -> pd.DataFrame:
    """Keep the rows whose groups are listed, in the order of the list."""
    kept = rows[rows[column].isin(order)]
    return kept.sort_values(column, key=lambda groups: groups.map(order.index), kind="stable")


def _first_day(time: str) -> str:
    return f"{time[:10]}-01-01"[:10]


def _picture(axes: Axes | Sequence[Axes]) -> dict[str, str]:
    """Give what an image of the page takes."""
    coded = base64.b64encode(draw_svg(axes).encode("utf-8")).decode("ascii")
    return {"svg": f"data:image/svg+xml;base64,{coded}", "alt": alt_text(axes)}
