"""What all figures share: one style, a stamp, a description in words, and how a notebook shows them."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import pandas as pd

from helpers.figures.wording import in_words, unit_of, wrap, write
from helpers.inputs import check_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

Drawn = TypeVar("Drawn", "Axes", "list[Axes]")


class Look(NamedTuple):
    """How a group is drawn: the colour of lines and dots, that of bars, and what says the same without colour."""

    colour: str
    bar: str
    marker: str
    hatch: str
    line: str = "solid"


POLARITY = {  # in every figure: against is orange, for is blue, neutral is grey
    "against": Look("#B34700", "#F3C06B", "v", "///", "solid"),
    "for": Look("#0072B2", "#5FA8D8", "^", "", "dashed"),
    "neutral": Look("#777777", "#DDDDDD", "o", "...", "dotted"),
}
SIDES = {-1: "against", 0: "neutral", 1: "for"}  # what a polarity is called
PLAIN = Look("#333333", "#FFFFFF", "o", "")  # a dot that is no polarity
# Okabe and Ito's palette, in an order whose greys differ as well; bars are light where they are hatched.
COLOURS = ("#0072B2", "#E69F00", "#000000", "#56B4E9", "#D55E00", "#009E73", "#CC79A7")
BARS = ("#5FA8D8", "#F3C06B", "#FFFFFF", "#9CCFF0", "#D55E00", "#7FCFB8", "#E3BCD2")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "+++")
STAMP = "Constructed for teaching"
DPI = 110
HOUSE = Path(__file__).with_name("house.mplstyle")


@dataclass(frozen=True)
class Shown:
    """What a notebook shows: HTML, and words for readers without it.

    Attributes
    ----------
    markup : str
        HTML: a text with marked spans, or a picture with its description.
    plain : str
        The text with its labels in brackets, or the description.
    png : bytes
        The picture; empty for a text.
    """

    markup: str
    plain: str
    png: bytes = b""

    def __repr__(self) -> str:
        """Give the words."""
        return self.plain

    def _repr_html_(self) -> str:
        return self.markup


def show_figure(axes: Axes | Sequence[Axes]) -> Shown:
    """Turn axes into a picture that carries its description: the last line of a notebook cell.

    Parameters
    ----------
    axes : Axes or sequence of Axes
        What a ``plot_`` function gave.

    Returns
    -------
    Shown
        As ``<img alt=...>``; the same table gives the same bytes on one version of matplotlib.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"year": [2001, 2002], "share": [0.2, 0.4]})
    >>> from helpers.figures.plots import plot_timeline
    >>> show_figure(plot_timeline(table, x="year", y="share"))
    Figure: Line chart of share by year, 2001 to 2002. share: from 20 % to 40 %.
    """
    png = _draw(axes, "png", dpi=DPI, metadata={"Software": None})
    alt, source = html.escape(alt_text(axes)), base64.b64encode(png).decode("ascii")
    markup = f'<figure><img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{source}"></figure>'
    return Shown(markup, f"Figure: {alt_text(axes)}", png)


def draw_svg(axes: Axes | Sequence[Axes]) -> str:
    """Draw axes as SVG, for a page; the same table gives the same text on one version of matplotlib."""
    return _draw(axes, "svg", metadata={"Date": None, "Creator": None}).decode("utf-8")


def _draw(axes: Axes | Sequence[Axes], kind: str, **options: Any) -> bytes:  # noqa: ANN401 - of matplotlib
    buffer = io.BytesIO()
    with house_style():
        figure_of(axes).savefig(buffer, format=kind, bbox_inches="tight", **options)
    return buffer.getvalue()


def alt_text(axes: Axes | Sequence[Axes]) -> str:
    """Give the description of a figure in words.

    Parameters
    ----------
    axes : Axes or sequence of Axes

    Returns
    -------
    str
        Empty for axes that no ``plot_`` function made.
    """
    return str(figure_of(axes).get_label())


def figure_of(axes: Axes | Sequence[Axes]) -> Figure:
    """Give the figure that axes belong to."""
    from matplotlib.axes import Axes

    return cast("Figure", (axes if isinstance(axes, Axes) else axes[0]).get_figure(root=True))


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in our style, and leave matplotlib's own settings as they were: around a block, or as a decorator."""
    from matplotlib import style

    with style.context(HOUSE):
        yield


def new_panels(
    count: int, *, each: tuple[float, float], across: int = 1, margin: tuple[float, float] = (0, 0)
) -> list[Axes]:
    """Make a figure with `count` axes outside pyplot, row by row; `each` and the `margin` are inches wide and high."""
    from matplotlib.figure import Figure

    columns, rows = min(across, count), -(-count // min(across, count))
    size = (margin[0] + columns * each[0], margin[1] + rows * each[1])
    figure = Figure(figsize=size, layout="constrained")
    return [figure.add_subplot(rows, columns, i + 1) for i in range(count)]


def check_table(table: pd.DataFrame, columns: Sequence[str | None]) -> None:
    """Complain by name when a table cannot be drawn."""
    check_columns(table, *filter(None, columns), name="the table to draw")
    if table.empty:
        raise ValueError("the table has no rows: nothing to draw")


def parts_of(table: pd.DataFrame, group: str | None) -> list[tuple[Any, pd.DataFrame]]:
    """Part a table by its groups, in the order of the table; without a group it is one part without a name."""
    return [("", table)] if group is None else list(table.groupby(group, sort=False))


def finish(axes: Drawn, table: pd.DataFrame, *, title: str, alt: str, constructed: bool) -> Drawn:
    """Set the title, the stamp and the description, which opens with the title."""
    figure = figure_of(axes)
    stamped = constructed or ("constructed" in table.columns and bool(table["constructed"].fillna(value=False).any()))
    if title:
        figure.suptitle(wrap(title, int(figure.get_figwidth() * 8)), x=0.01, ha="left", fontsize=14, fontweight="bold")
    if stamped:
        figure.text(1, 0, STAMP, ha="right", va="top", fontsize=9, style="italic", color="#444444")
    parts = (f"{title}." if title else "", alt, f"{STAMP}." if stamped else "")
    figure.set_label(" ".join(part for part in parts if part))
    return axes


def look_of(name: object, i: int | None = None) -> Look:
    """Give the look of a polarity, or of what begins with one, such as ``against NATO``; else that of the i-th group.

    Without a number other names get a plain dot.

    No two of the first 49 groups are alike without colour either.

    Examples
    --------
    >>> look_of("against NATO", 0) == POLARITY["against"], look_of("Herald", 0).marker
    (True, 'o')
    """
    other = PLAIN
    if i is not None:
        shifted = (i + i // len(MARKERS)) % len(MARKERS)
        other = Look(COLOURS[i % len(COLOURS)], BARS[i % len(BARS)], MARKERS[shifted], HATCHES[shifted])
    return POLARITY.get(str(name).partition(" ")[0], other)


def text_beside(axes: Axes, text: str, at: tuple[float, float], *, left: bool = False) -> None:
    """Write a text beside a bar's end."""
    push, align = (-5, "right") if left else (5, "left")
    axes.annotate(text, at, xytext=(push, 0), textcoords="offset points", ha=align, va="center", fontsize=10)


def label_values(axis: Axis, name: str) -> None:
    """Label the axis of a column in its unit; numbers beside the bars may need room that is no share."""
    factor, unit = unit_of(name)
    axis.set_label_text(in_words(name) + (" (points)" if unit == " points" else ""))
    if unit == " %":
        axis.set_major_formatter(lambda value, _: f"{factor * value:.0f} %" if 0 <= factor * value <= 100.5 else "")  # noqa: PLR2004
    elif unit:
        axis.set_major_formatter(lambda value, _: write(factor * value, 0))
