"""Figures of shares and counts: percent with intervals by group, and how many speak for and against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.style import COLOURS, check_table, finish, house_style, new_axes, room, say, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

LEAST = 5  # rows below which an interval would feign knowledge


def plot_shares(  # noqa: PLR0913 - the columns to draw
    table: pd.DataFrame,
    *,
    label: str = "group",
    panel: str = "value",
    breaks: Mapping[str, str] | None = None,
    title: str = "",
    constructed: bool = False,
) -> list[Axes]:
    """Draw shares in percent with their intervals: a row for each group, a panel for each code, n beside each dot.

    Parameters
    ----------
    table : DataFrame
        Of `shares`: columns named by `label` and `panel`, ``n``, ``share``, ``low``, ``high``. Rows and panels stand in
        the order of the table. No interval is drawn under n = 5, or where a column ``few`` says so: the dot is empty.
    label, panel : str
        Names of columns.
    breaks : mapping of str to str, optional
        The group that opens a period, and what the line above it says.
    title : str
    constructed : bool
        As in `plot_timeline`.

    Returns
    -------
    list of Axes
        One for each panel.

    Raises
    ------
    KeyError, ValueError
        As in `plot_timeline`.

    Examples
    --------
    >>> from helpers.figures.style import alt_text
    >>> row = {"group": "Herald", "value": "threat", "n": 40, "share": 0.25, "low": 0.1, "high": 0.4}
    >>> alt_text(plot_shares(pd.DataFrame([row])))
    'Shares with 95 % intervals. threat: Herald 25 % (10 to 40, n = 40).'
    """
    check_table(table, [label, panel, "n", "share", "low", "high"])
    groups, panels = list(dict.fromkeys(table[label])), list(dict.fromkeys(table[panel]))
    names = [wrap(name, 26) for name in groups]
    told = []
    with house_style():
        high = max(0.55, 0.22 * max(name.count("\n") + 1 for name in names)) * len(groups)
        above = 0.2 * max(wrap(name, 30).count("\n") for name in panels)
        grid = new_axes(room(names) + 3.1 * len(panels), 1.3 + above + high, columns=len(panels))
        for axes, name in zip(grid, panels, strict=True):
            rows = table[table[panel] == name].dropna(subset=["share"]).to_dict("records")
            words, most = [], 0.05
            for row in rows:
                y, sure = (
                    groups.index(row[label]),
                    row["n"] >= LEAST and pd.notna(row["low"]) and not row.get("few", False),
                )
                most = max(most, row["high"] if sure else row["share"])
                if sure:
                    axes.hlines(y, row["low"], row["high"], color=COLOURS[0], linewidth=2)
                axes.plot(row["share"], y, "o", color=COLOURS[0], markerfacecolor=COLOURS[0] if sure else "white")
                axes.text(
                    row["share"], y - 0.16, f"{100 * row['share']:.0f} %, n = {row['n']:,}", ha="center", fontsize=9
                )
                span = f"{100 * row['low']:.0f} to {100 * row['high']:.0f}, " if sure else ""
                words.append(f"{row[label]} {100 * row['share']:.0f} % ({span}n = {row['n']:,})")
            for first, text in (breaks or {}).items():
                edge = groups.index(first) - 0.5
                axes.axhline(edge, color="black", linewidth=1, linestyle="--")
                if axes is grid[0]:
                    axes.text(1, edge, text, transform=axes.get_yaxis_transform(), ha="right", va="bottom", fontsize=9)
            axes.set_yticks(range(len(groups)), names if axes is grid[0] else [""] * len(groups))
            axes.set_ylim(len(groups) - 0.5, -0.6)
            axes.set_xlim(-0.25 * most, 1.25 * most)
            axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %" if value >= 0 else "")
            axes.locator_params(axis="x", nbins=4)
            axes.set_title(wrap(name, 30), fontsize=11)
            axes.grid(axis="x")
            told.append(f"{name}: {'; '.join(words)}.")
        alt = "Shares with 95 % intervals. " + " ".join(told)
        finish(grid[0], table, title=title, alt=alt, constructed=constructed)
    return grid


def plot_for_against(
    table: pd.DataFrame, *, label: str, unit: str = "statements", title: str = "", constructed: bool = False
) -> Axes:
    """Draw how many are against (to the left) and for (to the right), and say how many take no side.

    Parameters
    ----------
    table : DataFrame
        Column named by `label` (one row each), ``for``, ``against``, ``neutral``: counts.
    label : str
        Name of the column.
    unit : str
        What is counted, in words.
    title : str
    constructed : bool
        As in `plot_timeline`.

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, ValueError
        As in `plot_timeline`.

    Examples
    --------
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"target": ["NATO"], "for": [2], "against": [5], "neutral": [3]})
    >>> alt_text(plot_for_against(table, label="target"))
    'Statements against and for. NATO: 5 against, 2 for, 3 neither (n = 10).'
    """
    check_table(table, [label, "for", "against", "neutral"])
    rows = table.to_dict("records")
    names = [wrap(row[label], 30) for row in rows]
    told = []
    with house_style():
        axes = new_axes(room(names) + 7, 1.4 + 0.5 * len(rows))[0]
        for y, row in enumerate(rows):
            axes.barh(y, -row["against"], 0.6, color="#F3C06B", hatch="///", edgecolor="black", linewidth=0.8)
            axes.barh(y, row["for"], 0.6, color="#5FA8D8", edgecolor="black", linewidth=0.8)
            for side, push in (("against", -1), ("for", 1)):
                axes.annotate(
                    f"{row[side]:,}",
                    (push * row[side], y),
                    xytext=(5 * push, 0),
                    textcoords="offset points",
                    ha="right" if push < 0 else "left",
                    va="center",
                    fontsize=10,
                )
            n = row["for"] + row["against"] + row["neutral"]
            axes.text(
                1.02, y, f"{row['neutral']:,} of {n:,}", transform=axes.get_yaxis_transform(), va="center", fontsize=10
            )
            told.append(
                f"{say(row[label])}: {row['against']} against, {row['for']} for, {row['neutral']} neither (n = {n})"
            )
        most = 1.2 * max(1, *(max(row["for"], row["against"]) for row in rows))
        axes.set_xlim(-most, most)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(range(len(rows)), names)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.locator_params(axis="x", nbins=7, integer=True)
        axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
        axes.set_xlabel(f"{unit} against  ←   →  {unit} for")
        axes.text(1.02, 1.02, "neither, of n", transform=axes.transAxes, fontsize=10, va="bottom")
        alt = f"{unit.capitalize()} against and for. {'; '.join(told)}."
        finish(axes, table, title=title, alt=alt, constructed=constructed)
    return axes
