"""The figures of a report's page."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

BARS, CELLS = 10, 7


def draw_figures(
    tables: Mapping[str, pd.DataFrame], name_of: Callable[[Any], str], code_of: Callable[[str, str], str]
) -> dict[str, dict[str, str]]:
    """Draw speakers, stance and threat as PNG in base64 with alt text; a figure without rows is left out."""
    from helpers.figures.plots import plot_stance

    constructed = bool(tables["articles"]["constructed"].fillna(value=False).any())
    drawn: dict[str, dict[str, str]] = {}
    speakers = tables["speakers"].dropna(subset=["actor"]).head(BARS)
    if len(speakers):
        drawn["speakers"] = picture(
            _bars(
                speakers.assign(speaker=unique([short(name_of(actor)) for actor in speakers["actor"]])),
                label="speaker",
                value="statements",
                title="Whose words the articles report",
                constructed=constructed,
            )
        )
    edges = tables["stance_edges"]
    edges = edges[edges["actor"].ne("unknown")]
    actors = edges.groupby("actor")["statements"].sum().sort_values(ascending=False, kind="stable").index[:CELLS]
    targets = edges.groupby("target")["statements"].sum().sort_values(ascending=False, kind="stable").index[:CELLS]
    grid = edges[edges["actor"].isin(actors) & edges["target"].isin(targets)]
    if len(grid):
        named = dict(zip(actors, unique([short(name_of(actor)) for actor in actors]), strict=True))
        grid = grid.assign(
            speaker=grid["actor"].map(named),
            toward=[code_of("target", code) for code in grid["target"]],
            _order=grid["actor"].map(list(actors).index),
        ).sort_values(["_order", "target"], kind="stable")
        drawn["stance"] = picture(
            plot_stance(
                grid,
                actor="speaker",
                target="toward",
                value="mean",
                n="statements",
                title="Who is for and against whom",
                constructed=constructed,
            )
        )
    agents = tables["frame_counts"]
    agents = agents[agents["slot"].eq("agents")].head(BARS)
    if len(agents):
        drawn["frames"] = picture(
            _bars(
                agents.assign(danger=[code_of("agents", value) for value in agents["value"]]),
                label="danger",
                value="statements",
                title="Who or what is called a danger",
                constructed=constructed,
            )
        )
    return drawn


def _bars(table: pd.DataFrame, **columns: Any) -> Axes:  # noqa: ANN401 - as for plot_bars
    """Draw bars of counts: half a statement is no tick."""
    from matplotlib.ticker import MaxNLocator

    from helpers.figures.plots import plot_bars

    axes = plot_bars(table, **columns)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return axes


def picture(axes: Axes) -> dict[str, str]:
    """Return a figure as it stands in a page."""
    from helpers.figures.style import show_figure

    shown = show_figure(axes)
    return {"png": base64.b64encode(shown.png).decode("ascii"), "alt": shown.alt}


def short(name: str) -> str:
    """Cut a long name for the edge of a figure; dollar signs would be read as formulas."""
    return (name if len(name) <= 40 else f"{name[:38].rstrip()} …").replace("$", r"\$")  # noqa: PLR2004


def unique(names: Sequence[str]) -> list[str]:
    """Give names that two actors share a number."""
    return [
        name if names[:i].count(name) == 0 else f"{name} ({names[:i].count(name) + 1})" for i, name in enumerate(names)
    ]
