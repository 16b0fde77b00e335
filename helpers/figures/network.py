"""Figure of a network: who speaks about whom, with few nodes and a name on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.figures.style import check_table, finish, house_style, new_axes, room, wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LINES = {  # leaning, colour, style: it reads in grey too
    "against": ("#B34700", "solid"),
    "for": ("#0072B2", "dashed"),
    "neither": ("#777777", "dotted"),
}


def plot_network(table: pd.DataFrame, *, source: str, target: str, title: str = "", constructed: bool = False) -> Axes:
    """Draw who speaks about whom: speakers on the left, targets on the right, a line for each pair.

    A line is as broad as the pair has statements; it shows what most of those that take a side are.

    Parameters
    ----------
    table : DataFrame
        One row per pair: columns named by `source` and `target`, ``statements``, ``for``, ``against``. Nodes stand in
        the order of the table.
    source, target : str
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
    >>> import pandas as pd
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"speaker": ["Envoy"], "about": ["NATO"], "statements": [3], "for": [0], "against": [2]})
    >>> alt_text(plot_network(table, source="speaker", target="about"))
    'Network of who speaks about whom. Envoy about NATO: 3 statements, 0 for, 2 against.'
    """
    check_table(table, [source, target, "statements", "for", "against"])
    left, right = list(dict.fromkeys(table[source])), list(dict.fromkeys(table[target]))
    names = [wrap(name, 26) for name in left]
    rows = table.sort_values("statements", kind="stable").to_dict("records")
    most = max(row["statements"] for row in rows)
    told = []
    with house_style():
        axes = new_axes(
            5 + room(names) + room([wrap(name, 26) for name in right]), 1.2 + 0.5 * max(len(left), len(right))
        )[0]
        heights = {side: np.linspace(0, 1, len(nodes) + 2)[1:-1] for side, nodes in (("left", left), ("right", right))}
        for row in rows:
            lean = "neither" if row["for"] == row["against"] else max(("for", "against"), key=lambda side: row[side])
            colour, style = LINES[lean]
            ends = heights["left"][left.index(row[source])], heights["right"][right.index(row[target])]
            width = 0.8 + 5 * float(np.sqrt(row["statements"] / most))
            axes.plot([0, 1], ends, color=colour, linestyle=style, linewidth=width, alpha=0.75, solid_capstyle="round")
        for side, nodes, x, align in (("left", left, -0.03, "right"), ("right", right, 1.03, "left")):
            for y, name in zip(heights[side], nodes, strict=True):
                axes.plot(0 if side == "left" else 1, y, "o", color="black", markersize=6)
                axes.text(x, y, wrap(name, 26), ha=align, va="center")
        axes.text(-0.03, -0.02, "speaker", ha="right", va="center", fontsize=10, style="italic")
        axes.text(1.03, -0.02, "speaks about", ha="left", va="center", fontsize=10, style="italic")
        for lean, (colour, style) in LINES.items():
            axes.plot(
                [],
                [],
                color=colour,
                linestyle=style,
                linewidth=2.5,
                label=f"mostly {lean}" if lean != "neither" else lean,
            )
        axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3, handlelength=3.2)
        axes.set_ylim(1.02, -0.06)
        axes.set_axis_off()
        for row in table.to_dict("records"):
            counts = f"{row['statements']} statements, {row['for']} for, {row['against']} against"
            told.append(f"{row[source]} about {row[target]}: {counts}")
        alt = f"Network of who speaks about whom. {'; '.join(told)}."
        finish(axes, table, title=title, alt=alt, constructed=constructed)
    return axes
