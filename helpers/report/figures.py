"""The figures of a report's page: the finding is the title, and every figure has its description in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from helpers.report.analysis import Analysis
    from helpers.report.words import Names

BARS, NODES, PAIRS, ROWS, PANELS = 10, 6, 18, 24, 3


def draw_figures(
    analysis: Analysis, names: Names, comparisons: Sequence[Mapping[str, Any]], crossed: Mapping[str, Any] | None
) -> dict[str, dict[str, str]]:
    """Draw comparisons, stance and network as SVG with alt text; one without rows is left out."""
    from helpers.figures import plot_for_against, plot_network

    tables = analysis.tables
    stamp: dict[str, Any] = {"constructed": bool(tables["articles"]["constructed"].fillna(value=False).any())}
    drawn = {f"compare-{one['by']}": _panels(stamp, **_compare(one, analysis, names)) for one in comparisons}
    if crossed and 2 * crossed["few"] < crossed["cells"]:
        drawn["crossed"] = _panels(stamp, **_cross(crossed))
    edges = tables["stance_edges"]
    targets = edges.groupby("target")[["statements", "for", "against", "neutral"]].sum().astype(int)
    targets = targets.sort_values("statements", ascending=False, kind="stable").head(BARS).reset_index()
    targets["toward"] = [names.code("target", code) for code in targets["target"]]
    if len(targets):
        title = _sides(targets)
        drawn["stance"] = _picture(plot_for_against(targets, label="toward", title=title, **stamp))
    named = edges[edges["actor"].ne("unknown")]
    keep = {
        side: named.groupby(side)["statements"].sum().sort_values(ascending=False, kind="stable").index[:NODES]
        for side in ("actor", "target")
    }
    pairs = named[named["actor"].isin(keep["actor"]) & named["target"].isin(keep["target"])]
    if len(pairs) > 2:  # noqa: PLR2004 - fewer are said in the table
        pairs = pairs.sort_values("statements", ascending=False, kind="stable").head(PAIRS)
        actors = list(dict.fromkeys(pairs["actor"]))
        called = dict(zip(actors, unique([short(names.actor(actor)) for actor in actors]), strict=True))
        shown = pairs.assign(
            speaker=pairs["actor"].map(called), about=[names.code("target", code) for code in pairs["target"]]
        )
        first = shown.iloc[0]
        title = f"{first['speaker']} speaks about {first['about']} most (n = {first['statements']} statements)"
        drawn["network"] = _picture(plot_network(shown, source="speaker", target="about", title=title, **stamp))
    return drawn


def _panels(stamp: Mapping[str, Any], **options: Any) -> dict[str, str]:  # noqa: ANN401 - of `plot_shares`
    """Draw shares side by side, and one below the other for a phone."""
    from helpers.figures import plot_shares

    narrow = _picture(plot_shares(**options, **stamp, across=1))
    return {**_picture(plot_shares(**options, **stamp)), "narrow": narrow["svg"]}


def _compare(one: Mapping[str, Any], analysis: Analysis, names: Names) -> dict[str, Any]:
    """Choose what to draw of a comparison: the clearest difference, threat, and the most common codes."""
    shares = analysis.tables["shares"]
    shares = shares[shares["by"].eq(one["by"])]
    groups = one["order"][-ROWS:]
    first_of: dict[str, str] = {}  # for and against the same target say much the same
    for measure, code in [*one["panels"][:1], ("threat", "threat"), *one["panels"]]:
        first_of.setdefault(code, measure)
    panels = [(measure, code) for code, measure in first_of.items()][:PANELS]
    parts = []
    for measure, code in panels:
        part = shares[shares["measure"].eq(measure) & shares["code"].eq(code) & shares["group"].isin(groups)]
        base = "" if measure not in {"for", "against"} else " (of those that name it)"
        parts.append(part.assign(panel=names.label(measure, code) + base, place=part["group"].map(groups.index)))
    table = pd.concat(parts, ignore_index=True).sort_values("place", kind="stable")
    table["panel"] = pd.Categorical(table["panel"], [part["panel"].iloc[0] for part in parts if len(part)])
    table = table.sort_values(["panel", "place"], kind="stable").assign(panel=lambda rows: rows["panel"].astype(str))
    opens = {}
    for text in analysis.record["breaks"] if one["by"] in {"year", "month"} else []:
        later = [group for group in groups if _first_day(group.removeprefix("about ")) >= _first_day(text)]
        if later:
            opens[later[0]] = f"break: {text}"
    title = f"No clear difference by {one['by']}"
    if one["findings"]:
        title = one["findings"][0]["text"].rsplit(": ", 1)[0]
    return {"table": table, "panel": "panel", "breaks": opens, "title": title}


def _cross(crossed: Mapping[str, Any]) -> dict[str, Any]:
    """Choose what to draw of two groupings: a panel for each group of the first."""
    rows, columns = crossed["rows"], crossed["columns"]
    order = [line["group"] for line in crossed["lines"]][-ROWS:]
    rows = rows[rows["within"].isin(columns) & rows["group"].isin(order)]
    places = rows.assign(panel=rows["within"].map(columns.index), place=rows["group"].map(order.index))
    table = places.sort_values(["place", "panel"], kind="stable")
    return {"table": table, "panel": "within", "title": crossed["finding"]}


def _first_day(time: str) -> str:
    return f"{time[:10]}-01-01"[:10]


def _sides(targets: pd.DataFrame) -> str:
    """Say whom most statements are against, and whom for."""
    most = {side: targets.sort_values(side, kind="stable").iloc[-1] for side in ("against", "for")}
    if most["against"].name == most["for"].name and most["for"]["for"]:
        row = most["for"]
        told = f"{row['toward']} divides most: {row['against']:,} statements against it, {row['for']:,} for it"
        return f"{told} (of {row['statements']:,})"
    found = [
        f"{row['toward']} has most statements {side} it ({row[side]:,} of {row['statements']:,})"
        for side, row in most.items()
        if row[side]
    ]
    return ", ".join(found) or "No statement takes a side"


def _picture(axes: Axes | Sequence[Axes]) -> dict[str, str]:
    from helpers.figures import alt_text, draw_svg

    return {"svg": draw_svg(axes), "alt": alt_text(axes)}


def short(name: str) -> str:
    """Cut a long name for the edge of a figure."""
    return name if len(name) <= 40 else f"{name[:38].rstrip()} …"  # noqa: PLR2004


def unique(names: Sequence[str]) -> list[str]:
    """Give names that two actors share a number."""
    return [
        name if names[:i].count(name) == 0 else f"{name} ({names[:i].count(name) + 1})" for i, name in enumerate(names)
    ]
