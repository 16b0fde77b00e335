"""Figures of stance: who stands where toward whom, how many are for and against, who speaks about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import POLARITY, SIDES, check_table, finish, house_style, new_panels, text_beside
from helpers.figures.wording import in_words, is_sure, room, say, wrap, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MID = 0.18  # luminance from which black letters have more contrast than white ones


@house_style()
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
        on, written below the number); ``low`` and ``high`` are written as an interval where `n` is 5 or more. Rows
        and columns of the grid stand in the order of the table.
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
    'Grid of polarity, from −1 (against) to +1 (for). PAK toward taliban: −0.5 (n = 4).'
    """
    import seaborn as sns

    check_table(table, [actor, target, value, n])
    if table.duplicated([actor, target]).any():
        raise ValueError(f"a pair of {actor!r} and {target!r} stands twice: say first how they become one number")
    actors, targets = (list(dict.fromkeys(table[column])) for column in (actor, target))
    known = table.dropna(subset=[value])
    single = n is None and known[value].isin(SIDES).all()  # codes of one statement each, not means
    texts, told = [], []
    for row in known.to_dict("records"):
        number = SIDES[int(row[value])] if single else _signed(row[value])
        # No interval where a mean rests on few, or where all agree and draws cannot vary.
        sure = is_sure({**row, "n": row[n]} if n else row) and row["low"] != row["high"]
        ends = f"{_signed(row['low'])} to {_signed(row['high'])}" if sure else ""
        size = f"n = {row[n]}" if n else ""
        texts.append("\n".join(filter(None, [number, f"[{ends}]" if ends else "", size])))
        about = ", ".join(filter(None, [ends, size]))
        told.append(f"{say(row[actor])} toward {say(row[target])}: {number}" + (f" ({about})" if about else ""))
    cells = known.assign(text=texts).set_index([actor, target])
    grid, shown = (cells[name].unstack().reindex(index=actors, columns=targets) for name in (value, "text"))
    tall = any(text.count("\n") > 1 for text in texts)
    left, below = [wrap(name, 24) for name in actors], [wrap(name, 16) for name in targets]
    each = (max(1.5 if tall else 1.3, 0.2 + room(below)), 0.9 if tall else 0.66)
    broken = max(name.count("\n") for name in below)
    wide, high = 2 + room(left) + each[0] * len(targets), 1.4 + 0.24 * broken + each[1] * len(actors)
    (axes,) = new_panels(1, each=(wide, high))
    sns.heatmap(
        pd.DataFrame(grid.to_numpy(float, na_value=np.nan), left, below),
        ax=axes,
        annot=shown.fillna("").to_numpy(),
        fmt="",
        vmin=-1,
        vmax=1,
        cmap=sns.blend_palette([POLARITY["against"].colour, "#F7F7F7", POLARITY["for"].colour], as_cmap=True),
        linewidths=2,
        annot_kws={"fontsize": 11},
        cbar_kws={"label": "against (−1) to for (+1)"},
    )
    colours = np.asarray(axes.collections[0].get_facecolor())[grid.notna().to_numpy().ravel()]
    for words, colour in zip(axes.texts, colours, strict=True):
        words.set_color("black" if sns.utils.relative_luminance(colour) > _MID else "white")
    axes.set_facecolor("#EEEEEE")  # pairs without a mention are grey, not neutral white
    axes.set(xlabel=in_words(target), ylabel=in_words(actor))
    axes.tick_params(length=0, rotation=0)
    alt = f"Grid of {in_words(value)}, from −1 (against) to +1 (for). " + "; ".join(told) + "."
    return finish(axes, table, title=title, alt=alt, constructed=constructed)


def _signed(number: float) -> str:
    return ("+" if number > 0 else "") + write(number, 1)


@house_style()
def plot_for_against(
    table: pd.DataFrame, *, label: str, unit: str = "statements", title: str = "", constructed: bool = False
) -> Axes:
    """Draw how many are against (to the left) and for (to the right), and say how many are neutral.

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
    >>> import pandas as pd
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"target": ["NATO"], "for": [2], "against": [5], "neutral": [3]})
    >>> alt_text(plot_for_against(table, label="target"))
    'Statements against and for. NATO: 5 against, 2 for, 3 neutral (n = 10).'
    """
    check_table(table, [label, "for", "against", "neutral"])
    names = [wrap(name, 30) for name in table[label]]
    (axes,) = new_panels(1, each=(room(names) + 7, 1.4 + 0.5 * len(names)))
    beside, told = axes.get_yaxis_transform(), []
    for y, row in enumerate(table.to_dict("records")):
        n = row["for"] + row["against"] + row["neutral"]
        for side, end in (("against", -row["against"]), ("for", row["for"])):
            axes.barh(y, end, 0.6, color=POLARITY[side].bar, hatch=POLARITY[side].hatch)
            text_beside(axes, f"{row[side]:,}", (end, y), left=side == "against")
        axes.text(1.02, y, f"{row['neutral']:,} of {n:,}", transform=beside, va="center", fontsize=10)
        counts = f"{row['against']} against, {row['for']} for, {row['neutral']} neutral"
        told.append(f"{say(row[label])}: {counts} (n = {n})")
    most = 1.2 * max(1, *table["for"], *table["against"])
    axes.set_xlim(-most, most)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.locator_params(axis="x", nbins=7, integer=True)
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    axes.set_xlabel(f"{unit} against  ←   →  {unit} for")
    axes.text(1.02, 1.02, "neutral, of n", transform=axes.transAxes, fontsize=10, va="bottom")
    alt = f"{unit.capitalize()} against and for. {'; '.join(told)}."
    return finish(axes, table, title=title, alt=alt, constructed=constructed)


@house_style()
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
    sides = [list(dict.fromkeys(table[column])) for column in (source, target)]
    names = [[wrap(name, 26) for name in nodes] for nodes in sides]
    (axes,) = new_panels(1, each=(5 + room(names[0]) + room(names[1]), 1.2 + 0.5 * max(map(len, sides))))
    heights = [dict(zip(nodes, np.linspace(0, 1, len(nodes) + 2)[1:-1], strict=True)) for nodes in sides]
    for row in table.sort_values("statements", kind="stable").to_dict("records"):
        look = POLARITY["neutral" if row["for"] == row["against"] else max("for", "against", key=row.__getitem__)]
        ends = heights[0][row[source]], heights[1][row[target]]
        broad = 0.8 + 5 * float(np.sqrt(row["statements"] / table["statements"].max()))
        axes.plot(
            [0, 1], ends, color=look.colour, linestyle=look.line, linewidth=broad, alpha=0.75, solid_capstyle="round"
        )
    for x, beside, align, head in ((0, -0.03, "right", "speaker"), (1, 1.03, "left", "speaks about")):
        for y, name in zip(heights[x].values(), names[x], strict=True):
            axes.plot(x, y, "o", color="black", markersize=6)
            axes.text(beside, y, name, ha=align, va="center")
        axes.text(beside, -0.02, head, ha=align, va="center", fontsize=10, style="italic")
    for lean, look in POLARITY.items():
        name = lean if lean == "neutral" else f"mostly {lean}"
        axes.plot([], [], color=look.colour, linestyle=look.line, linewidth=2.5, label=name)
    axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3, handlelength=3.2)
    axes.set_ylim(1.02, -0.06)
    axes.set_axis_off()
    told = [
        f"{row[source]} about {row[target]}: {row['statements']} statements, {row['for']} for, {row['against']} against"
        for row in table.to_dict("records")
    ]
    alt = f"Network of who speaks about whom. {'; '.join(told)}."
    return finish(axes, table, title=title, alt=alt, constructed=constructed)
