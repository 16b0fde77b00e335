"""What all figures share: one style, a stamp, a description in words, and how a notebook shows them."""

from __future__ import annotations

import base64
import html
import io
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from helpers.inputs import check_columns
from helpers.validity.comparisons import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

# Okabe and Ito's palette, in an order whose greys differ as well; markers and hatches repeat what colour says.
COLOURS = ("#0072B2", "#E69F00", "#000000", "#56B4E9", "#D55E00", "#009E73", "#CC79A7")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "+++")
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#D9D9D9",
    "hatch.linewidth": 0.6,
    "patch.force_edgecolor": True,
    "patch.linewidth": 0.8,
    "text.parse_math": False,  # "US$5 to US$9" is no formula
    "svg.hashsalt": "threat-talk",
}
STAMP = "Constructed for teaching"
UNITS = {"share": (100.0, " %"), "percent": (1.0, " %"), "difference": (100.0, " points")}  # by the end of the name
DPI = 110
SHADES = ("#FFE8B3", "#CFE8FA", "#D5F0E3", "#F6D9E8", "#E6E6E6", "#FBD9C4", "#E3DCF5")  # black text reads well on each
UNDERLINES = ("solid", "dashed", "dotted", "double", "solid", "dashed", "dotted")


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
    >>> table = pd.DataFrame({"year": [2001, 2002], "share": [0.2, 0.4]})
    >>> from helpers.figures.plots import plot_timeline
    >>> show_figure(plot_timeline(table, x="year", y="share"))
    Figure: Line chart of share by year, 2001 to 2002. share: from 20 % to 40 %.
    """
    buffer = io.BytesIO()
    with house_style():
        figure_of(axes).savefig(buffer, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
    alt, source = html.escape(alt_text(axes)), base64.b64encode(buffer.getvalue()).decode("ascii")
    markup = f'<figure><img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{source}"></figure>'
    return Shown(markup, f"Figure: {alt_text(axes)}", buffer.getvalue())


def draw_svg(axes: Axes | Sequence[Axes]) -> str:
    """Draw axes as SVG, for a page; the same table gives the same text on one version of matplotlib."""
    buffer = io.StringIO()
    with house_style():
        figure_of(axes).savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
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


def show_spans(text: str, rows: pd.DataFrame, *, label: str = "label", caption: str = "") -> Shown:
    """Mark spans in a statement: each is shaded, underlined, and followed by its label in small type.

    Parameters
    ----------
    text : str
        A statement's ``content``, or an article's text.
    rows : DataFrame
        ``start``, ``end`` (half-open offsets in `text`), or ``content_start``, ``content_end`` as `code_frames` and
        `code_stance` give them, and the column named by `label`. Spans may overlap; rows without offsets are named
        after the text.
    label : str
        Column that says what a span is.
    caption : str
        Stands above the text, such as the speaker and the date.

    Returns
    -------
    Shown

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If a span reaches beyond the text.

    Examples
    --------
    >>> rows = pd.DataFrame({"start": [11], "end": [17], "label": ["agent"]})
    >>> show_spans("We condemn Daesh.", rows.assign(end=16))
    We condemn [Daesh: agent].
    """
    start, end = ("start", "end") if "start" in rows.columns else ("content_start", "content_end")
    check_columns(rows, start, end, label)
    placed = rows[rows[start].notna() & rows[end].notna()]
    loose = [str(name) for name in rows.loc[~rows.index.isin(placed.index), label]]
    spans = sorted((int(row[start]), int(row[end]), str(row[label])) for row in placed.to_dict("records"))
    wrong = [span for span in spans if not 0 <= span[0] < span[1] <= len(text)]
    if wrong:
        raise ValueError(f"span {wrong[0][:2]} ({wrong[0][2]}) lies outside a text of {len(text)} characters")
    order = {name: i for i, name in enumerate(sorted({name for _, _, name in spans}))}
    cuts = sorted({0, len(text), *(cut for a, b, _ in spans for cut in (a, b))})
    markup, plain = [], []
    for first, last in pairwise(cuts):
        inside = [span for span in spans if span[0] <= first and last <= span[1]]
        closing = [span[2] for span in inside if span[1] == last]
        plain.append("[" * sum(span[0] == first for span in inside) + text[first:last])
        plain.extend(f": {name}]" for name in closing)
        markup.append(_mark(text[first:last], [order[span[2]] for span in inside], closing))
    tail = f"Also coded: {', '.join(loose)}." if loose else ""
    head = f'<figcaption style="font-weight:bold">{html.escape(caption)}</figcaption>' if caption else ""
    foot = f'<p style="font-size:85%;margin:0.4em 0 0 0">{html.escape(tail)}</p>' if tail else ""
    body = f'<p style="line-height:2;margin:0.3em 0;max-width:45em">{"".join(markup)}</p>'
    return Shown(f"<figure>{head}{body}{foot}</figure>", "\n".join(p for p in (caption, "".join(plain), tail) if p))


def _mark(piece: str, kinds: list[int], closing: list[str]) -> str:
    shown = html.escape(piece).replace("\n", "<br>")
    if kinds:
        shade, line = SHADES[kinds[-1] % len(SHADES)], UNDERLINES[kinds[-1] % len(UNDERLINES)]
        style = f"background-color:{shade};color:#000000;border-bottom:2px {line} #000000"
        shown = f'<span style="{style}">{shown}</span>'
    names = "".join(f"&nbsp;[{html.escape(name)}]" for name in closing)
    return shown + (f'<b style="font-size:75%">{names}</b>' if names else "")


def figure_of(axes: Axes | Sequence[Axes]) -> Figure:
    """Give the figure that axes belong to."""
    from matplotlib.axes import Axes

    return cast("Figure", (axes if isinstance(axes, Axes) else axes[0]).get_figure(root=True))


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in our style, and leave matplotlib's own settings as they were: around a block, or as a decorator."""
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        yield


def new_axes(width: float, height: float) -> Axes:
    """Make a figure of `width` by `height` inches outside pyplot, and give its axes."""
    return new_panels(1, across=1, each=(width, height))[0]


def new_panels(
    count: int, *, across: int, each: tuple[float, float], margin: tuple[float, float] = (0, 0)
) -> list[Axes]:
    """Make a figure with `count` axes, row by row; `each` panel and the `margin` are inches wide and high."""
    from matplotlib.figure import Figure

    columns = min(across, count)
    rows = -(-count // columns)
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


def finish(axes: Axes, table: pd.DataFrame, *, title: str, alt: str, constructed: bool) -> None:
    """Set the title, the stamp and the description, which opens with the title."""
    figure = figure_of(axes)
    stamped = constructed or ("constructed" in table.columns and bool(table["constructed"].fillna(value=False).any()))
    if title:
        figure.suptitle(wrap(title, int(figure.get_figwidth() * 8)), x=0.01, ha="left", fontsize=14, fontweight="bold")
    if stamped:
        figure.text(1, 0, STAMP, ha="right", va="top", fontsize=9, style="italic", color="#444444")
    parts = (f"{title}." if title else "", alt, f"{STAMP}." if stamped else "")
    figure.set_label(" ".join(part for part in parts if part))


def sign(i: int) -> tuple[str, str, str]:
    """Give colour, marker and hatch of the i-th group: no two of the first 49 are alike without colour either."""
    shifted = (i + i // len(MARKERS)) % len(MARKERS)
    return COLOURS[i % len(COLOURS)], MARKERS[shifted], HATCHES[shifted]


def wrap(name: object, width: int = 34) -> str:
    """Write a label without underscores, and break a long one into lines, so that it does not squeeze the picture."""
    return "\n".join(textwrap.wrap(in_words(str(name)), width)) or str(name)


def room(labels: Iterable[str], size: float = 12) -> float:
    """Estimate the inches that the longest line of some labels takes."""
    return max((len(line) for label in labels for line in label.split("\n")), default=0) * size / 72 * 0.62


def decimals(values: Iterable[float]) -> int:
    """Count the decimals that numbers written side by side need: two digits of the largest, none if all are whole."""
    known = [abs(float(value)) for value in values if pd.notna(value)]
    if all(value == round(value) for value in known):
        return 0
    return int(np.clip(1 - np.floor(np.log10(max(known))), 1, 6))


def write(value: float, places: int) -> str:
    """Write a number in a picture, with a true minus sign."""
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


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


def unit_of(name: str) -> tuple[float, str]:
    """Give the factor and the unit in which a column is shown, by the last word of its name; other numbers have none.

    Examples
    --------
    >>> unit_of("mean share"), unit_of("F1")
    ((100.0, ' %'), (1.0, ''))
    """
    return UNITS.get(name.rpartition(" ")[2], (1.0, ""))


def is_sure(row: Mapping[Any, Any]) -> bool:
    """Tell whether a row has an interval and rests on enough to show it."""
    known = pd.notna(row.get("low")) and pd.notna(row.get("high"))
    return bool(known and not row.get("few", False) and row.get("n", FEW) >= FEW)


def say(value: Any, column: str = "") -> str:  # noqa: ANN401 - a number, a date or a name
    """Say a value in words: in the unit of its column, or numbers with two digits that count; dates as days.

    In a unit there are no decimals, but one for what they would round to nothing.
    """
    factor, unit = unit_of(column)
    if value is None or pd.isna(value):
        return "no value"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if unit:
        return write(factor * value, int(0 < abs(factor * value) < 1)) + unit
    if isinstance(value, float | np.floating):
        number = float(value)
        return f"{number:.2g}" if abs(number) < 1 else f"{number:.4g}"
    return in_words(str(value))


def say_row(row: Mapping[Any, Any], value: str) -> str:
    """Say the value of a row, with its interval where it rests on enough, and n where it is known."""
    ends = " to ".join(say(row[end], value).split()[0] for end in ("low", "high")) if is_sure(row) else ""
    n = f"n = {row['n']:,}" if value != "n" and "n" in row else ""
    about = ", ".join(filter(None, [ends, n]))
    return say(row[value], value) + (f" ({about})" if about else "")


def in_words(name: str) -> str:
    """Write the name of a column, or an id, as a reader would; what has blanks is written for readers already."""
    return name if " " in name else name.replace("_", " ")
