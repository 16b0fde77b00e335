"""Figures of topics: their words, and what changes with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.style import COLOURS, check_table, finish, house_style, new_panels, parts_of, text_beside
from helpers.figures.wording import room, say, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURES = {
    "heldout": "held-out fit\n(log-probability of a word)",
    "npmi": "coherence\n(NPMI, held out)",
    "exclusivity": "exclusivity\n(FREX)",
    "stability": "stability\n(other documents left out)",
    "stability_seeds": "stability\n(other seeds)",
    "ari": "same main topic\n(adjusted Rand)",
}
TERM = 24  # characters of a term in one line


@house_style()
def plot_topics(
    table: pd.DataFrame, *, n_words: int = 8, columns: int = 3, title: str = "", constructed: bool = False
) -> list[Axes]:
    """Draw the weightiest words of each topic as small bar charts, all on one scale, each bar with its weight.

    Parameters
    ----------
    table : DataFrame
        ``topic, rank, term, weight`` as in ``Topics.terms``; a column ``label`` names topics where present.
    n_words : int
        Words for each topic.
    columns : int
        Charts side by side.
    title : str
    constructed : bool
        As in `plot_timeline`.

    Returns
    -------
    list of Axes
        One for each topic, in the order of their numbers.

    Raises
    ------
    KeyError, ValueError
        As in `plot_timeline`.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"topic": [1, 1], "rank": [1, 2], "term": ["war", "aid"], "weight": [0.3, 0.1]})
    >>> alt_text(plot_topics(table))
    'Weightiest words of 1 topic. Topic 1: war, aid.'
    """
    check_table(table, ["topic", "rank", "term", "weight"])
    shown = table[table["rank"] <= n_words].sort_values(["topic", "rank"], kind="stable")
    topics = parts_of(shown, "topic")
    width = 1.9 + room([wrap(term, TERM) for term in shown["term"]], 11)
    grid = new_panels(len(topics), across=columns, each=(width, 0.5 + 0.25 * n_words), margin=(0, 0.5))
    told = []
    for axes, (topic, part) in zip(grid, topics, strict=True):
        name = f"Topic {topic}" + (f": {part['label'].iloc[0]}" if "label" in part.columns else "")
        axes.barh(part["rank"], part["weight"], color=COLOURS[0], height=0.72)
        for rank, weight in zip(part["rank"], part["weight"], strict=True):
            text_beside(axes, f"{100 * weight:.1f} %", (weight, rank))
        axes.set_yticks(part["rank"], [wrap(term, TERM) for term in part["term"]], fontsize=11)
        axes.set_ylim(n_words + 0.6, 0.4)
        axes.set_xlim(0, float(shown["weight"].max()) * 1.35)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_title(wrap(name), fontsize=12, fontweight="bold")
        told.append(f"{name}{':' if ':' not in name else ','} {', '.join(map(str, part['term']))}.")
    alt = f"Weightiest words of {len(topics)} topic{'s' * (len(topics) > 1)}. " + " ".join(told)
    return finish(grid, table, title=title, alt=alt, constructed=constructed)


@house_style()
def plot_topic_numbers(table: pd.DataFrame, *, title: str = "", constructed: bool = False) -> list[Axes]:
    """Draw each measure against the number of topics; no number is marked as best, since the measures pull apart.

    Parameters
    ----------
    table : DataFrame
        From `compare_topic_numbers`: ``k`` and any of its measures.
    title : str
    constructed : bool
        As in `plot_timeline`.

    Returns
    -------
    list of Axes
        One for each measure.

    Raises
    ------
    KeyError, ValueError
        As in `plot_timeline`; also if the table has no measure.

    Examples
    --------
    >>> import pandas as pd
    >>> from helpers.figures.style import alt_text
    >>> table = pd.DataFrame({"k": [5, 10], "npmi": [0.1, 0.08]})
    >>> alt_text(plot_topic_numbers(table))
    'Line charts of measures by number of topics. coherence (NPMI, held out): 0.1 at 5, 0.08 at 10.'
    """
    check_table(table, ["k"])
    shown = [name for name in MEASURES if name in table.columns]
    if not shown:
        raise ValueError(f"the table has none of the measures {', '.join(MEASURES)}")
    ordered = table.sort_values("k", kind="stable")
    grid = new_panels(len(shown), across=3, each=(3.3, 2.5), margin=(0, 0.4))
    told = []
    for axes, name in zip(grid, shown, strict=True):
        axes.plot(ordered["k"], ordered[name], color=COLOURS[0], marker="o", linewidth=1.8)
        axes.set_title(MEASURES[name], fontsize=11)
        axes.set_xticks(ordered["k"])
        axes.set_xlabel("number of topics", fontsize=10)
        axes.tick_params(labelsize=10)
        axes.grid(axis="y")
        if name in {"stability", "stability_seeds", "ari"}:
            axes.set_ylim(-0.03, 1.05)  # a picture must not make a cliff of a step from .98 to .96
        values = ", ".join(f"{say(v)} at {k}" for k, v in zip(ordered["k"], ordered[name], strict=True))
        told.append(f"{MEASURES[name].replace(chr(10), ' ')}: {values}.")
    alt = "Line charts of measures by number of topics. " + " ".join(told)
    return finish(grid, table, title=title, alt=alt, constructed=constructed)
