"""Mark spans in a text: shades, lines and labels, and the same in brackets for readers without HTML."""

import html
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from helpers.figures.style import Shown
from helpers.inputs import check_columns

Span = tuple[int, int, str]

SHADES = ("#FFE8B3", "#CFE8FA", "#D5F0E3", "#F6D9E8", "#E6E6E6", "#FBD9C4", "#E3DCF5")  # black text reads well on each
UNDERLINES = ("solid", "dashed", "dotted", "double", "solid", "dashed", "dotted")


def show_spans(text: str, rows: pd.DataFrame, *, label: str = "label") -> Shown:
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
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"start": [11], "end": [17], "label": ["agent"]})
    >>> show_spans("We condemn Daesh.", rows.assign(end=16))
    We condemn [Daesh: agent].
    """
    start, end = ("start", "end") if "start" in rows.columns else ("content_start", "content_end")
    check_columns(rows, start, end, label)
    known = rows[[start, end]].notna().all(axis=1)
    spans = sorted((int(row[start]), int(row[end]), str(row[label])) for row in rows[known].to_dict("records"))
    wrong = [span for span in spans if not 0 <= span[0] < span[1] <= len(text)]
    if wrong:
        raise ValueError(f"span {wrong[0][:2]} ({wrong[0][2]}) lies outside a text of {len(text)} characters")
    order = {name: i for i, name in enumerate(sorted({name for _, _, name in spans}))}
    markup, plain, last = [], [], 0
    for piece, inside in cut(text, spans):
        first, last = last, last + len(piece)
        closing = [span[2] for span in inside if span[1] == last]
        plain.append("[" * sum(span[0] == first for span in inside) + piece)
        plain.extend(f": {name}]" for name in closing)
        markup.append(_mark(piece, [order[span[2]] for span in inside], closing))
    tail = "" if known.all() else f"Also coded: {', '.join(map(str, rows.loc[~known, label]))}."
    foot = f'<p style="font-size:85%;margin:0.4em 0 0 0">{html.escape(tail)}</p>' if tail else ""
    body = f'<p style="line-height:2;margin:0.3em 0;max-width:45em">{"".join(markup)}</p>'
    return Shown(f"<figure>{body}{foot}</figure>", "\n".join(filter(None, ["".join(plain), tail])))


def cut(text: str, spans: Sequence[Span]) -> list[tuple[str, list[Span]]]:
    """Cut a text where a span starts or ends, and say for each piece which spans cover it.

    Examples
    --------
    >>> cut("We condemn Daesh", [(3, 10, "verb")])
    [('We ', []), ('condemn', [(3, 10, 'verb')]), (' Daesh', [])]
    """
    places = sorted({0, len(text), *(place for start, end, _ in spans for place in (start, end))})
    return [
        (text[first:last], [span for span in spans if span[0] <= first and last <= span[1]])
        for first, last in pairwise(places)
    ]


def _mark(piece: str, kinds: list[int], closing: list[str]) -> str:
    shown = html.escape(piece).replace("\n", "<br>")
    if kinds:
        shade, line = SHADES[kinds[-1] % len(SHADES)], UNDERLINES[kinds[-1] % len(UNDERLINES)]
        style = f"background-color:{shade};color:#000000;border-bottom:2px {line} #000000"
        shown = f'<span style="{style}">{shown}</span>'
    names = "".join(f"&nbsp;[{html.escape(name)}]" for name in closing)
    return shown + (f'<b style="font-size:75%">{names}</b>' if names else "")
