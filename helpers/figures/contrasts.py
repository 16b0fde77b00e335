"""Figures of dots with their intervals: shares of groups, and one difference by many choices; a panel for each code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.figures.style import check_table, finish, house_style, label_values, new_panels, parts_of, polarity_of
from helpers.figures.wording import is_sure, room, say, say_row, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from helpers.figures.style import Look

WIDEST = 3  # panels side by side
LINE = 26  # characters of a label or a title


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
    >>> import pandas as pd
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
    for axes, (name, part) in zip(grid, parts_of(table, panel), strict=True):
        for row in part.to_dict("records"):
            filled = row["low"] > 0 or row["high"] < 0
            _dot(axes, row, value, labels.index(row[label]), polarity_of(name), filled=filled)
        axes.axvline(0, color="black", linewidth=0.8, linestyle="--")
        _lay_out(axes, labels, name, value)
    told = "Differences with their intervals. " + _tell(table, label, value, panel)
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
    >>> import pandas as pd
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
    for axes, (name, part) in zip(grid, parts_of(known, panel), strict=True):
        for row in part.to_dict("records"):
            y = groups.index(row[label])
            _dot(axes, row, "share", y, polarity_of(name), filled=is_sure(row))
            text = f"{say(row['share'], 'share')}, n = {row['n']:,}"
            axes.text(row["share"], y - 0.16, text, ha="center", fontsize=9)
        for first in breaks or {}:
            axes.axhline(groups.index(first) - 0.5, color="black", linewidth=1, linestyle="--")
        axes.set_xlim(-0.25 * most, 1.25 * most)
        _lay_out(axes, groups, name, "share")
    beside = grid[0].get_yaxis_transform()
    for first, text in (breaks or {}).items():
        grid[0].text(1, groups.index(first) - 0.5, text, transform=beside, ha="right", va="bottom", fontsize=9)
    told = "Shares with 95 % intervals. " + _tell(known, label, "share", panel)
    return finish(grid, table, title=title, alt=told, constructed=constructed)


def _dot(axes: Axes, row: Mapping[Any, Any], value: str, y: float, look: Look, *, filled: bool) -> None:  # noqa: PLR0913
    """Draw a number as a dot, with its interval where it rests on enough."""
    if is_sure(row):
        axes.hlines(y, row["low"], row["high"], color=look.colour, linewidth=2)
    inside = look.colour if filled else "white"
    axes.plot(row[value], y, look.marker, color=look.colour, markerfacecolor=inside, markersize=6.5)


def _lay_out(axes: Axes, labels: list[str], title: object, value: str) -> None:
    """Give a panel its title, its scale, and the names of its rows if it is the first one beside the edge."""
    names, place = [wrap(name, LINE) for name in labels], axes.get_subplotspec()
    axes.set_yticks(range(len(names)), names if place is None or place.is_first_col() else [""] * len(names))
    axes.set_ylim(len(names) - 0.5, -0.6)
    axes.grid(axis="x")
    axes.set_title(wrap(title, LINE), fontsize=11)
    label_values(axes.xaxis, value)
    axes.locator_params(axis="x", nbins=5)


def _tell(table: pd.DataFrame, label: str, value: str, panel: str) -> str:
    """Say every row, panel by panel."""
    return " ".join(
        f"{say(name)}: {'; '.join(f'{say(row[label])} {say_row(row, value)}' for row in part.to_dict('records'))}."
        for name, part in parts_of(table, panel)
    )
