"""Figures of numbers: bars, lines over time, dots with intervals; each draws a table and says in words what it shows.

A figure is made outside pyplot, so nothing shows by itself and nothing piles up: hand the axes to `show_figure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.figures.style import (
    Look,
    check_table,
    finish,
    house_style,
    label_values,
    look_of,
    new_panels,
    parts_of,
    text_beside,
)
from helpers.figures.wording import decimals, in_words, is_sure, room, say, say_row, unit_of, wrap, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST = 3  # panels side by side
LINE = 26  # characters of a label or a title of a panel


@house_style()
def plot_timeline(  # noqa: PLR0913 - the columns to draw
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    group: str | None = None,
    title: str = "",
    constructed: bool = False,
) -> Axes:
    """Draw values over time, one line for each group, named at its end.

    Parameters
    ----------
    table : DataFrame
        Columns named by `x` (number or date), `y` and `group`; ``low`` and ``high`` are drawn as a band where present,
        but not where ``n`` is under 5. A column whose name ends in ``share`` or ``percent`` is shown in percent.
    x, y, group : str
        Names of columns.
    title : str
    constructed : bool
        Stamp the figure "Constructed for teaching"; so does a column ``constructed`` with any true value.

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the table has no rows.

    Examples
    --------
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"year": [2001, 2002], "share": [0.2, 0.4], "low": 0.1, "high": 0.5})
    >>> alt_text(plot_timeline(table, x="year", y="share", title="Talk of war"))
    'Talk of war. Line chart of share by year, 2001 to 2002. share: from 20 % (10 to 50) to 40 % (10 to 50).'
    """
    check_table(table, [x, y, group])
    (axes,) = new_panels(1, each=(8.5, 4.2))
    told, ends = [], []
    for i, (name, part) in enumerate(parts_of(table, group)):
        part = part.sort_values(x, kind="stable")  # noqa: PLW2901
        look = look_of(name or y, i)
        if {"low", "high"} <= set(part.columns):
            sure = [is_sure(row) for row in part.to_dict("records")]
            axes.fill_between(part[x], part["low"], part["high"], sure, color=look.colour, alpha=0.16, linewidth=0)
        axes.plot(part[x], part[y], color=look.colour, marker=look.marker, markersize=5, linewidth=1.8)
        rows = part.dropna(subset=[y]).to_dict("records")
        if rows:
            ends.append((float(rows[-1][y]), str(name), look))
            told.append(_tell_line(rows, x, y, str(name) or in_words(y)))
    if group is not None:
        _name_ends(axes, ends)
    axes.grid(axis="y")
    label_values(axes.yaxis, y)
    n = f" (n = {table['n'].min():,} to {table['n'].max():,} each)" if "n" in table else ""
    axes.set_xlabel(in_words(x) + n)
    if pd.api.types.is_integer_dtype(table[x]):
        axes.locator_params(axis="x", integer=True)
    alt = f"Line chart of {in_words(y)} by {in_words(x)}, {say(table[x].min())} to {say(table[x].max())}. "
    return finish(axes, table, title=title, alt=alt + " ".join(told), constructed=constructed)


@house_style()
def plot_bars(  # noqa: PLR0913 - the columns to draw
    table: pd.DataFrame,
    *,
    label: str,
    value: str,
    group: str | None = None,
    title: str = "",
    constructed: bool = False,
) -> Axes:
    """Draw horizontal bars with their numbers, and intervals where ``low`` and ``high`` are given.

    A column whose name ends in ``share`` or ``percent`` is shown in percent, one that ends in ``difference`` in points.

    Parameters
    ----------
    table : DataFrame
        Columns named by `label` (what a bar is), `value` and `group`; bars stand in the order of the table. ``n`` is
        written beside the number; under n = 5, or where a column ``few`` says so, no interval is drawn.
    label, value, group : str
        Names of columns.
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
    >>> table = pd.DataFrame({"agent": ["Taliban", "Daesh"], "statements": [12, 5]})
    >>> alt_text(plot_bars(table, label="agent", value="statements"))
    'Bar chart of statements for each agent. Taliban: 12; Daesh: 5.'
    """
    check_table(table, [label, value, group])
    labels, parts = list(dict.fromkeys(table[label])), parts_of(table, group)
    abreast = len(parts) if table[label].duplicated().any() else 1  # a lone bar stands at its label
    thick, places = 0.8 / abreast, decimals(table[value])
    (axes,) = new_panels(1, each=(8.5, 1.3 + max(0.38, 0.27 * abreast) * len(labels)))
    for i, (name, part) in enumerate(parts):
        look, beside = look_of(name or value, i), (i % abreast - (abreast - 1) / 2) * thick
        place = np.array([labels.index(key) for key in part[label]]) + beside
        axes.barh(place, part[value], thick * 0.9, color=look.bar, hatch=look.hatch, label=wrap(name))
        for y, row in zip(place, part.to_dict("records"), strict=True):
            if pd.isna(row[value]):
                continue
            end = max(row[value], 0)
            if is_sure(row):
                axes.plot([row["low"], row["high"]], [y, y], color="black", linewidth=1.4, marker="|", markersize=7)
                end = max(end, row["high"])
            number = say(row[value], value).removesuffix(" points") if unit_of(value)[1] else write(row[value], places)
            text_beside(axes, number + (f", n = {row['n']:,}" if value != "n" and "n" in row else ""), (end, y))
    left, right = axes.get_xlim()
    axes.set_xlim(left, right + (0.35 if "n" in table else 0.1) * (right - left))  # room for the numbers
    axes.set_yticks(range(len(labels)), [wrap(name) for name in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    label_values(axes.xaxis, value)
    if group is not None:
        axes.legend(title=in_words(group), frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    rows = table.to_dict("records")
    told = [(f"{say(row[group])}, " if group else "") + f"{say(row[label])}: {say_row(row, value)}" for row in rows]
    alt = f"Bar chart of {in_words(value)} for each {in_words(label)}{f' by {in_words(group)}' if group else ''}. "
    return finish(axes, table, title=title, alt=alt + "; ".join(told) + ".", constructed=constructed)


@house_style()
def plot_contrasts(  # noqa: PLR0913 - the columns to draw
    table: pd.DataFrame,
    *,
    label: str,
    value: str = "estimate",
    panel: str,
    title: str = "",
    constructed: bool = False,
) -> list[Axes]:
    """Draw differences with their intervals, a row for each choice and a panel for each difference.

    A filled dot has an interval that leaves out zero, an empty one does not: it reads without colour.

    Parameters
    ----------
    table : DataFrame
        Columns named by `label` (the choice), `value` (the difference) and `panel` (what differs), with ``low`` and
        ``high``. Rows and panels stand in the order of the table.
    label, value, panel : str
        Names of columns.
    title : str
    constructed : bool
        As in `plot_timeline`.

    Returns
    -------
    list of Axes
        One for each panel.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the table has no rows.

    Examples
    --------
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"coder": ["rules"], "claim": ["aid"], "estimate": [3.8], "low": [1.1], "high": [6.5]})
    >>> alt_text(plot_contrasts(table, label="coder", panel="claim"))
    'Differences with their intervals. aid: rules 3.8 (1.1 to 6.5).'
    """
    check_table(table, [label, value, panel, "low", "high"])
    labels, panels = list(dict.fromkeys(table[label])), table[panel].nunique()
    across = WIDEST if panels <= WIDEST else 2  # more would shrink the type on a page
    each = (max(2.5, 4.8 / panels), 1.5 + 0.36 * len(labels))
    grid = new_panels(panels, across=across, each=each, margin=(2.2, 0))
    drawn = table.assign(filled=table["low"].gt(0) | table["high"].lt(0))
    told = "Differences with their intervals. " + _draw_dots(grid, drawn, labels, label, value, panel)
    for axes in grid:
        axes.axvline(0, color="black", linewidth=0.8, linestyle="--")
    return finish(grid, table, title=title, alt=told, constructed=constructed)


@house_style()
def plot_shares(  # noqa: PLR0913 - the columns to draw
    table: pd.DataFrame,
    *,
    label: str = "group",
    panel: str = "value",
    breaks: Mapping[str, str] | None = None,
    across: int = 3,
    title: str = "",
    constructed: bool = False,
) -> list[Axes]:
    """Draw shares in percent with their intervals: a row for each group, a panel for each code, n beside each dot.

    All panels have one scale.

    Parameters
    ----------
    table : DataFrame
        Of `shares`: columns named by `label` and `panel`, ``n``, ``share``, ``low``, ``high``. Rows and panels stand in
        the order of the table. No interval is drawn under n = 5, or where a column ``few`` says so: the dot is empty.
    label, panel : str
        Names of columns.
    breaks : mapping of str to str, optional
        The group that opens a period, and what the line above it says.
    across : int
        Panels side by side at the most: 1 for a phone.
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
    known = table.dropna(subset=["share"])
    groups, panels = list(dict.fromkeys(table[label])), list(dict.fromkeys(known[panel]))
    names = [wrap(name, LINE) for name in groups]
    high = max(0.5, 0.22 * max(name.count("\n") + 1 for name in names)) * len(groups)
    above = 0.5 + 0.2 * max(wrap(name, LINE).count("\n") for name in panels)
    grid = new_panels(len(panels), across=across, each=(3.1, above + high), margin=(room(names), 0.8))
    most = max(0.05, *(row["high" if is_sure(row) else "share"] for row in known.to_dict("records")))
    known = known.assign(filled=[is_sure(row) for row in known.to_dict("records")])
    told = "Shares with 95 % intervals. " + _draw_dots(grid, known, groups, label, "share", panel)
    for axes, (_, part) in zip(grid, parts_of(known, panel), strict=True):
        for row in part.to_dict("records"):
            text = f"{say(row['share'], 'share')}, n = {row['n']:,}"
            axes.text(row["share"], groups.index(row[label]) - 0.16, text, ha="center", fontsize=9)
        axes.set_xlim(-0.25 * most, 1.25 * most)
    beside = grid[0].get_yaxis_transform()
    for first, text in (breaks or {}).items():
        y = groups.index(first) - 0.5
        grid[0].text(1, y, text, transform=beside, ha="right", va="bottom", fontsize=9)
        for axes in grid:
            axes.axhline(y, color="black", linewidth=1, linestyle="--")
    return finish(grid, table, title=title, alt=told, constructed=constructed)


def _name_ends(axes: Axes, ends: list[tuple[float, str, Look]]) -> None:
    """Write each name at the right of its line, moved up where lines end together."""
    bottom, top = axes.get_ylim()
    gap, last = (top - bottom) * 0.075, -np.inf
    beside = axes.get_yaxis_transform()
    for y, name, look in sorted(ends):
        last = max(y, last + gap)
        axes.plot(1.02, last, look.marker, color=look.colour, markersize=7, transform=beside, clip_on=False)
        # the marker carries the colour: light colours make poor letters
        axes.text(1.04, last, wrap(name), transform=beside, va="center")
    axes.set_ylim(bottom, top)


def _tell_line(rows: list[dict[Any, Any]], x: str, y: str, name: str) -> str:
    told = f"{name}: from {say_row(rows[0], y)} to {say_row(rows[-1], y)}"
    if len(rows) > 2:  # noqa: PLR2004 - two values are their own extremes
        most, least = max(rows, key=lambda row: row[y]), min(rows, key=lambda row: row[y])
        told += f", highest {say(most[y], y)} ({say(most[x])}), lowest {say(least[y], y)} ({say(least[x])})"
    return told + "."


def _draw_dots(grid: list[Axes], table: pd.DataFrame, labels: list[str], *columns: str) -> str:
    """Draw each panel's numbers as dots, with intervals where they rest on enough, and say every row."""
    label, value, panel = columns
    told = []
    names = [wrap(name, LINE) for name in labels]
    for axes, (name, part) in zip(grid, parts_of(table, panel), strict=True):
        look, rows, place = look_of(name), part.to_dict("records"), axes.get_subplotspec()
        for row in rows:
            y = labels.index(row[label])
            if is_sure(row):
                axes.hlines(y, row["low"], row["high"], color=look.colour, linewidth=2)
            inside = look.colour if row["filled"] else "white"
            axes.plot(row[value], y, look.marker, color=look.colour, markerfacecolor=inside, markersize=6.5)
        # Only the first panel beside the edge names the rows.
        axes.set_yticks(range(len(names)), names if place is None or place.is_first_col() else [""] * len(names))
        axes.set_ylim(len(names) - 0.5, -0.6)
        axes.grid(axis="x")
        axes.set_title(wrap(name, LINE), fontsize=11)
        label_values(axes.xaxis, value)
        axes.locator_params(axis="x", nbins=5)
        told.append(f"{say(name)}: {'; '.join(f'{say(row[label])} {say_row(row, value)}' for row in rows)}.")
    return " ".join(told)
