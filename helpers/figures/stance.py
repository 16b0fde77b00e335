"""Figure of stance: who stands where toward whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.figures.style import check_table, finish, house_style, in_words, new_axes, room, say_row, wrap, write

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MID = 0.18  # luminance from which black letters have more contrast than white ones


def plot_stance(  # noqa: PLR0913 - the columns to draw
    table: pd.DataFrame,
    *,
    actor: str = "speaker_id",
    target: str = "target",
    value: str = "polarity",
    n: str | None = None,
    title: str = "",
    constructed: bool = False,
) -> Axes:
    """Draw who stands where toward whom: a grid of numbers that reads without colour.

    Parameters
    ----------
    table : DataFrame
        One row per pair: columns named by `actor`, `target`, `value` (-1 opposes to 1 supports) and `n` (what it rests
        on, written below the number); ``low`` and ``high`` are written as an interval where present. Rows and columns
        of the grid stand in the order of the table.
    actor, target, value, n : str
        Names of columns.
    title : str
    constructed : bool
        As in `plot_timeline`.

    Returns
    -------
    Axes

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the table has no rows, or a pair stands twice.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"speaker_id": ["PAK"], "target": ["taliban"], "polarity": [-0.5], "mentions": [4]})
    >>> alt_text(plot_stance(table, n="mentions"))
    'Grid of polarity, from -1 (opposes) to 1 (supports). PAK toward taliban: -0.5 (mentions 4).'
    """
    import seaborn as sns

    check_table(table, [actor, target, value, n])
    if table.duplicated([actor, target]).any():
        raise ValueError(f"a pair of {actor!r} and {target!r} stands twice: say first how they become one number")
    actors, targets = list(dict.fromkeys(table[actor])), list(dict.fromkeys(table[target]))
    grid = np.full((len(actors), len(targets)), np.nan)
    texts = np.full(grid.shape, "", dtype=object)
    told = []
    shown = [value, *(key for key in ("low", "high") if key in table)]
    for row in table.dropna(subset=[value]).to_dict("records"):
        at = actors.index(row[actor]), targets.index(row[target])
        grid[at] = row[value]
        signed = {key: ("+" if row[key] > 0 else "") + write(row[key], 2) for key in shown if np.isfinite(row[key])}
        lines = [
            signed[value],
            f"[{signed['low']}, {signed['high']}]" if "low" in signed else "",
            f"n = {row[n]}" if n else "",
        ]
        texts[at] = "\n".join(filter(None, lines))
        told.append(f"{row[actor]} toward {row[target]}: {say_row(row, value)}" + (f" ({n} {row[n]})" if n else ""))
    with house_style():
        left, below = [wrap(name, 24) for name in actors], [wrap(name, 16) for name in targets]
        broken = max(name.count("\n") for name in below)
        height = 1.2 + 0.3 * room(below) + 0.24 * broken + (0.66 if len(shown) == 1 else 0.9) * len(actors)
        axes = new_axes(2 + room(left) + (1.3 if len(shown) == 1 else 1.5) * len(targets), height)[0]
        sns.heatmap(
            grid,
            ax=axes,
            annot=texts,
            fmt="",
            vmin=-1,
            vmax=1,
            cmap="PuOr",
            linewidths=2,
            linecolor="white",
            annot_kws={"fontsize": 11},
            cbar_kws={"label": "opposes (−1) to supports (+1)"},
            xticklabels=below,
            yticklabels=left,
        )
        colours = np.asarray(axes.collections[0].get_facecolor())[np.isfinite(grid).ravel()]
        for words, colour in zip(axes.texts, colours, strict=True):
            words.set_color("black" if sns.utils.relative_luminance(colour) > _MID else "white")
        axes.set_facecolor("#EEEEEE")  # pairs without a mention are grey, not neutral white
        axes.set(xlabel=in_words(target), ylabel=in_words(actor))
        axes.tick_params(length=0)
        axes.tick_params(axis="x", rotation=20)
        axes.tick_params(axis="y", rotation=0)
        alt = f"Grid of {in_words(value)}, from -1 (opposes) to 1 (supports). " + "; ".join(told) + "."
        finish(axes, table, title=title, alt=alt, constructed=constructed)
    return axes
