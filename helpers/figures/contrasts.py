"""Figure of contrasts: one difference by many choices, so that a reader sees which of them it survives."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from helpers.figures.style import check_table, finish, house_style, in_words, new_axes, say_row

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


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
    labels, panels = list(dict.fromkeys(table[label])), list(dict.fromkeys(table[panel]))
    told = []
    with house_style():
        grid = new_axes(2.2 + 2.5 * len(panels), 1.5 + 0.36 * len(labels), columns=len(panels))
        for axes, name in zip(grid, panels, strict=True):
            rows = table[table[panel] == name].to_dict("records")
            for row in rows:
                y, clear = labels.index(row[label]), row["low"] > 0 or row["high"] < 0
                axes.hlines(y, row["low"], row["high"], color="black", linewidth=1.4)
                face = "black" if clear else "white"
                axes.plot(row[value], y, "o", color="black", markerfacecolor=face, markersize=6.5)
            axes.axvline(0, color="black", linewidth=0.8, linestyle="--")
            axes.set_yticks(range(len(labels)), [str(one) for one in labels] if axes is grid[0] else [""] * len(labels))
            axes.set_ylim(len(labels) - 0.5, -0.5)
            axes.set_title(fill(str(name), 24), fontsize=11)
            axes.set_xlabel(in_words(value))
            axes.grid(axis="x")
            axes.locator_params(axis="x", nbins=5)
            told.append(f"{name}: " + "; ".join(f"{row[label]} {say_row(row, value)}" for row in rows) + ".")
        alt = "Differences with their intervals. " + " ".join(told)
        finish(grid[0], table, title=title, alt=alt, constructed=constructed)
    return grid
