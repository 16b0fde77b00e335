"""Figures: a table in; axes that draw it, described in words."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib import rcParams
from matplotlib.colors import to_hex
from PIL import Image
from seaborn.utils import relative_luminance

from helpers import figures
from helpers.figures import alt_text, plot_for_against, plot_network, plot_shares, show_figure, show_spans
from helpers.figures.style import COLOURS, POLARITY, STAMP, look_of

YEARS = pd.DataFrame(
    {
        "year": [2001, 2002, 2003] * 2,
        "source": ["Gazette"] * 3 + ["Wire"] * 3,
        "share": [0.1, 0.4, 0.2, 0.3, 0.3, 0.5],
    }
)
BARS = pd.DataFrame({"value": ["terror", "drugs"], "estimate": [0.5, 0.2], "low": [0.4, 0.1], "high": [0.6, 0.3]})
STANCE = pd.DataFrame(
    {
        "speaker_id": ["PAK", "PAK", "RUS"],
        "target": ["taliban", "us", "us"],
        "polarity": [-0.5, 0.25, -1.0],
        "n": [4, 2, 9],
    }
)
TOPICS = pd.DataFrame(
    {
        "topic": [1, 1, 2, 2],
        "rank": [1, 2, 1, 2],
        "term": ["war", "army", "aid", "food"],
        "weight": [0.4, 0.2, 0.3, 0.1],
    }
)
NUMBERS = pd.DataFrame({"k": [5, 10], "heldout": [-7.0, -6.5], "npmi": [0.1, 0.05], "stability": [0.9, 0.6]})
SHARES = pd.DataFrame(
    {"group": ["x", "y"], "value": "threat", "n": [40, 4], "share": [0.25, 0.5], "low": [0.1, 0.0], "high": [0.4, 1.0]}
)
PAIRS = pd.DataFrame(
    {
        "who": ["envoy", "army"],
        "target": ["war", "aid"],
        "statements": [9, 2],
        "for": [1, 0],
        "against": [6, 0],
        "neutral": [2, 2],
    }
)
DRAWN = {
    "timeline": lambda **o: figures.plot_timeline(YEARS, x="year", y="share", group="source", **o),
    "bars": lambda **o: figures.plot_bars(BARS, label="value", value="estimate", **o),
    "stance": lambda **o: figures.plot_stance(STANCE, n="n", **o),
    "topics": lambda **o: figures.plot_topics(TOPICS, **o),
    "topic numbers": lambda **o: figures.plot_topic_numbers(NUMBERS, **o),
    "shares": lambda **o: plot_shares(SHARES, **o),
    "for and against": lambda **o: plot_for_against(PAIRS, label="target", **o),
    "network": lambda **o: plot_network(PAIRS, source="who", target="target", **o),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_says_in_words_what_it_shows(name):
    alt = alt_text(DRAWN[name](title="A title"))
    assert alt.startswith("A title. ")
    assert re.search(r"\d|war", alt)
    assert STAMP not in alt


def test_no_interval_is_drawn_or_said_under_five():
    alt = alt_text(plot_shares(SHARES))
    assert alt == "Shares with 95 % intervals. threat: x 25 % (10 to 40, n = 40); y 50 % (n = 4)."
    axes = plot_shares(SHARES)[0]
    assert len(axes.collections) == 1  # the interval of x alone
    assert [line.get_markerfacecolor() for line in axes.lines][1] == "white"


def test_those_who_take_no_side_are_said_with_n():
    assert "war: 6 against, 1 for, 2 neutral (n = 9)" in alt_text(plot_for_against(PAIRS, label="target"))


LONG = "the commission of inquiry into the events at the northern crossing and their consequences " * 2
EDGES = {
    "one row": "x",
    "long": LONG,
    "one long word": "x" * 90,
    "Dari": "رأی‌دهندگان",
    "markup": "US$5_a to US$9^{b <&>",
    "number": 7,
}


def edge(draw: str, name: object):
    value = {"low": [0.1], "high": [0.3]}
    tables = {
        "timeline": lambda: figures.plot_timeline(
            pd.DataFrame({"year": [2001], "who": [name], "share": [0.2], **value}), x="year", y="share", group="who"
        ),
        "bars": lambda: figures.plot_bars(
            pd.DataFrame({"who": [name], "outlet": [name], "share": [-0.2], **value}),
            label="who",
            value="share",
            group="outlet",
        ),
        "stance": lambda: figures.plot_stance(
            pd.DataFrame({"speaker_id": [name], "target": [name], "polarity": [0.0]})
        ),
        "topics": lambda: figures.plot_topics(
            pd.DataFrame({"topic": [1], "rank": [1], "term": [name], "weight": [0.2], "label": [name]})
        ),
        "topic numbers": lambda: figures.plot_topic_numbers(NUMBERS.head(1), title=str(name)),
        "shares": lambda: plot_shares(
            pd.DataFrame({"group": [name], "value": [name], "n": 9, "share": [0.2], **value})
        ),
        "for and against": lambda: plot_for_against(
            pd.DataFrame({"who": [name], "for": [1], "against": [2], "neutral": [0]}), label="who"
        ),
        "network": lambda: plot_network(
            pd.DataFrame({"who": [name], "target": [name], "statements": [3], "for": [1], "against": [0]}),
            source="who",
            target="target",
        ),
    }
    return tables[draw]()


@pytest.mark.filterwarnings("error:constrained_layout not applied")
@pytest.mark.parametrize("kind", EDGES)
@pytest.mark.parametrize("name", DRAWN)
def test_one_row_and_any_label_can_be_drawn(name, kind):
    axes = edge(name, EDGES[kind])
    assert str(EDGES[kind]) in alt_text(axes)
    width, height = Image.open(io.BytesIO(show_figure(axes).png)).size
    assert width < 1700  # a long label is broken into lines and does not widen the picture without end
    assert height < 1100


@pytest.mark.parametrize("name", ["timeline", "bars", "stance", "topics", "topic numbers"])
def test_a_table_without_rows_is_named(name):
    draws = {
        "timeline": lambda: figures.plot_timeline(YEARS.head(0), x="year", y="share"),
        "bars": lambda: figures.plot_bars(BARS.head(0), label="value", value="estimate"),
        "stance": lambda: figures.plot_stance(STANCE.head(0)),
        "topics": lambda: figures.plot_topics(TOPICS.head(0)),
        "topic numbers": lambda: figures.plot_topic_numbers(NUMBERS.head(0)),
    }
    with pytest.raises(ValueError, match="no rows"):
        draws[name]()


def test_values_that_are_missing_are_told_and_left_empty():
    gaps = BARS.assign(estimate=[0.5, np.nan], low=np.nan, high=np.nan)
    axes = figures.plot_bars(gaps, label="value", value="estimate")
    assert [text.get_text() for text in axes.texts] == ["0.50"]
    assert "drugs: no value" in alt_text(axes)
    missing = YEARS.assign(share=np.nan)
    assert show_figure(figures.plot_timeline(missing, x="year", y="share", group="source")).png
    assert show_figure(figures.plot_bars(gaps.tail(1), label="value", value="estimate")).png


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0.65, 0.0094, 0.1], ["0.65", "0.01", "0.10"]),
        ([3, 12], ["3", "12"]),
        ([-0.049, 0.5], ["−0.05", "0.50"]),
        ([-0.001, 0.5], ["0.00", "0.50"]),
        ([0.0094, 0.0031], ["0.0094", "0.0031"]),
        ([12.5, 3.0], ["12.5", "3.0"]),
    ],
)
def test_numbers_side_by_side_have_the_same_decimals(values, written):
    axes = figures.plot_bars(pd.DataFrame({"what": range(len(values)), "n": values}), label="what", value="n")
    assert [text.get_text() for text in axes.texts] == written


def test_groups_beyond_the_palette_still_differ_without_colour():
    assert len({look_of("group", i) for i in range(49)}) == 49
    many = pd.DataFrame({"year": [1, 2] * 10, "who": [f"w{i // 2}" for i in range(20)], "n": range(20)})
    lines = [
        line
        for line in figures.plot_timeline(many, x="year", y="n", group="who").get_lines()
        if len(line.get_xdata()) == 2
    ]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 10


@pytest.mark.parametrize("name", DRAWN)
def test_every_figure_can_be_stamped(name):
    axes = DRAWN[name](constructed=True)
    figure = (axes[0] if isinstance(axes, list) else axes).figure
    assert STAMP in alt_text(axes)
    assert STAMP in [text.get_text() for text in figure.texts]


def test_a_constructed_table_stamps_itself():
    axes = figures.plot_timeline(YEARS.assign(constructed=[False] * 5 + [True]), x="year", y="share", group="source")
    assert alt_text(axes).endswith(f"{STAMP}.")
    plain = figures.plot_timeline(YEARS.assign(constructed=False), x="year", y="share", group="source")
    assert STAMP not in alt_text(plain)


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_table_gives_the_same_picture(name):
    assert show_figure(DRAWN[name]()).png == show_figure(DRAWN[name]()).png


@pytest.mark.parametrize("name", DRAWN)
def test_a_notebook_gets_a_picture_with_its_description(name):
    shown = show_figure(DRAWN[name](title='Who says "war" & <peace>'))
    markup = shown._repr_html_()
    assert 'alt="Who says &quot;war&quot; &amp; &lt;peace&gt;. ' in markup
    assert Image.open(io.BytesIO(shown.png)).size[0] > 300
    assert repr(shown).startswith("Figure: Who says")


def test_figures_leave_matplotlib_as_it_was():
    before, figures_open = dict(rcParams), plt.get_fignums()
    for draw in DRAWN.values():
        draw()
    assert dict(rcParams) == before
    assert plt.get_fignums() == figures_open


@pytest.mark.parametrize("name", DRAWN)
def test_tables_are_not_changed(name):
    tables = [YEARS, BARS, STANCE, TOPICS, NUMBERS]
    before = [table.copy(deep=True) for table in tables]
    DRAWN[name]()
    for table, copy in zip(tables, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_timeline_draws_the_numbers_and_the_band():
    axes = figures.plot_timeline(YEARS.assign(low=0.0, high=0.6), x="year", y="share", group="source")
    lines = [line for line in axes.get_lines() if len(line.get_xdata()) == 3]
    assert lines[0].get_ydata().tolist() == [0.1, 0.4, 0.2]
    assert len(axes.collections) == 2
    assert {text.get_text() for text in axes.texts} == {"Gazette", "Wire"}
    assert "Gazette: from 10 % (0 to 60) to 20 % (0 to 60), highest 40 % (2002), lowest 10 % (2001)." in alt_text(axes)


def test_timeline_takes_dates_and_gaps():
    table = pd.DataFrame({"date": pd.to_datetime(["2001-01-01", "2002-01-01"]), "n": [3.0, np.nan]})
    assert "2001-01-01 to 2002-01-01. n: from 3 to 3." in alt_text(figures.plot_timeline(table, x="date", y="n"))


def test_a_lone_bar_of_a_group_stands_at_its_label():
    table = pd.DataFrame({"term": ["war", "court"], "outlet": ["Herald", "Wire"], "z": [6.5, 4.1]})
    axes = figures.plot_bars(table, label="term", value="z", group="outlet")
    assert [bar.get_y() + bar.get_height() / 2 for bar in axes.patches] == pytest.approx([0, 1])


def test_bars_have_numbers_and_intervals():
    axes = figures.plot_bars(BARS, label="value", value="estimate")
    assert [bar.get_width() for bar in axes.patches] == [0.5, 0.2]
    assert [list(line.get_xdata()) for line in axes.get_lines()] == [[0.4, 0.6], [0.1, 0.3]]
    assert [text.get_text() for text in axes.texts] == ["0.50", "0.20"]


def test_groups_differ_without_colour():
    table = pd.concat([BARS.assign(outlet=name) for name in ("a", "b", "c")])
    axes = figures.plot_bars(table, label="value", value="estimate", group="outlet")
    assert len({container.patches[0].get_hatch() for container in axes.containers}) == 3
    lines = figures.plot_timeline(YEARS, x="year", y="share", group="source").get_lines()
    assert len({line.get_marker() for line in lines}) == 2


def grey(colour):
    return np.dot([int(colour[i : i + 2], 16) for i in (1, 3, 5)], [0.299, 0.587, 0.114])


def test_a_polarity_has_one_look_in_every_figure():
    sides = pd.DataFrame({"coder": ["a", "b"] * 3, "stance": [side for side in POLARITY for _ in "ab"], "share": 0.3})
    grouped = figures.plot_bars(sides, label="coder", value="share", group="stance")
    groups = zip(POLARITY, grouped.containers, strict=True)
    drawn = {side: {to_hex(one.patches[0].get_facecolor()).upper()} for side, one in groups}
    counted = plot_for_against(PAIRS, label="target").patches[:2]  # of the first row: against, for
    for side, bar in zip(("against", "for"), counted, strict=True):
        drawn[side].add(to_hex(bar.get_facecolor()).upper())
    assert drawn == {side: {look.bar} for side, look in POLARITY.items()}
    titles = pd.concat([SHARES.assign(value=f"{side} war") for side in POLARITY])
    lines = figures.plot_timeline(sides, x="coder", y="share", group="stance").get_lines()[:3]
    dots = [axes.lines[0] for axes in plot_shares(titles)]
    network = plot_network(PAIRS, source="who", target="target").get_lines()[-3:]  # of its legend
    for drawing in (lines, dots, network):
        assert [line.get_color() for line in drawing] == [look.colour for look in POLARITY.values()]
    cells = figures.plot_stance(STANCE.head(2).assign(polarity=[-1.0, 1.0]))
    ends = [to_hex(colour).upper() for colour in cells.collections[0].get_facecolor()]
    assert ends == [POLARITY["against"].colour, POLARITY["for"].colour]


def test_polarities_differ_in_grey():
    looks = POLARITY.values()
    assert len({look.hatch for look in looks}) == len({look.marker for look in looks}) == 3
    assert len({look.line for look in looks}) == 3
    greys = sorted(grey(look.bar) for look in looks)
    assert min(high - low for low, high in pairwise(greys)) > 15


def test_first_colours_differ_in_grey():
    greys = [grey(colour) for colour in COLOURS[:3]]
    assert min(abs(a - b) for i, a in enumerate(greys) for b in greys[:i]) > 50


def test_stance_grid_writes_every_number_and_leaves_gaps_empty():
    axes = figures.plot_stance(STANCE, n="n")
    assert [text.get_text() for text in axes.texts if text.get_text()] == [
        "−0.5\nn = 4",
        "+0.2\nn = 2",
        "−1.0\nn = 9",
    ]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["taliban", "us"]


def test_letters_on_the_stance_grid_stand_out():
    table = pd.DataFrame(
        {"speaker_id": "a", "target": [f"t{n}" for n in range(21)], "polarity": np.linspace(-1, 1, 21)}
    )
    axes = figures.plot_stance(table)
    cells = axes.collections[0].get_facecolor()
    for text, cell in zip(axes.texts, cells, strict=True):
        light, dark = sorted((relative_luminance(cell), relative_luminance(text.get_color())), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, text.get_text()  # WCAG 2 AA


def test_topics_keep_their_numbers_and_labels():
    axes = figures.plot_topics(TOPICS.assign(label=TOPICS["topic"].map({1: "War", 2: "Relief"})))
    assert [a.get_title(loc="left") for a in axes] == ["Topic 1: War", "Topic 2: Relief"]


def test_topic_numbers_draw_only_the_measures_that_are_there():
    axes = figures.plot_topic_numbers(NUMBERS.sort_values("k", ascending=False))
    assert len(axes) == 3
    assert axes[1].get_lines()[0].get_ydata().tolist() == [0.1, 0.05]


@pytest.mark.parametrize(
    ("draw", "error", "words"),
    [
        (
            lambda: figures.plot_timeline(YEARS, x="month", y="share"),
            KeyError,
            "the table to draw has no column 'month'",
        ),
        (lambda: figures.plot_timeline(YEARS.iloc[:0], x="year", y="share"), ValueError, "no rows"),
        (lambda: figures.plot_stance(pd.concat([STANCE, STANCE])), ValueError, "stands twice"),
        (lambda: figures.plot_topic_numbers(NUMBERS[["k"]]), ValueError, "none of the measures"),
    ],
)
def test_bad_tables_are_named(draw, error, words):
    with pytest.raises(error, match=words):
        draw()


def spans(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["start", "end", "label"])


def test_spans_are_labelled_escaped_and_readable_without_colour():
    shown = show_spans("Men & <guns> came.", spans((6, 12, "agent")))
    assert repr(shown) == "Men & [<guns>: agent] came."
    assert "&lt;guns&gt;</span>" in shown._repr_html_()
    assert "[agent]" in shown._repr_html_()
    assert "Men &amp; " in shown._repr_html_()


def test_overlapping_spans_and_spans_without_place():
    rows = pd.DataFrame(
        {"content_start": [0, 4, None], "content_end": [8, 8, None], "value": ["attack", "school", "high"]}
    )
    shown = show_spans("The bomb fell.", rows, label="value")
    assert repr(shown) == "[The [bomb: attack]: school] fell.\nAlso coded: high."


def test_a_span_beyond_the_text_is_named():
    with pytest.raises(ValueError, match=r"span \(0, 9\) \(x\) lies outside a text of 4"):
        show_spans("Four", spans((0, 9, "x")))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab<&\"'\n é", min_size=1, max_size=30), st.data())
def test_marking_never_changes_the_text(text, data):
    rows = []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text) - 1))
        rows.append((start, data.draw(st.integers(start + 1, len(text))), "L"))
    plain = repr(show_spans(text, spans(*rows)))
    assert plain.replace("[", "").replace(": L]", "") == text


def test_shares_are_written_in_percent_with_n_and_differences_in_points():
    table = SHARES.rename(columns={"value": "code"})
    axes = figures.plot_bars(table, label="group", value="share")
    assert [text.get_text() for text in axes.texts] == ["25 %, n = 40", "50 %, n = 4"]
    assert [list(line.get_xdata()) for line in axes.get_lines()] == [[0.1, 0.4]]  # none under five
    assert alt_text(axes).endswith("x: 25 % (10 to 40, n = 40); y: 50 % (n = 4).")
    gaps = pd.DataFrame({"path": ["reader"], "difference": [-0.076], "low": [-0.12], "high": [-0.03]})
    assert "reader: −8 points (−12 to −3)." in alt_text(figures.plot_bars(gaps, label="path", value="difference"))


def test_no_tick_says_more_than_all():
    table = SHARES.assign(share=[1.0, 0.9], low=[0.8, 0.7], high=1.0, n=40)
    axes = figures.plot_bars(table, label="group", value="share")
    ticks = [axes.xaxis.get_major_formatter()(value, 0) for value in (0, 0.5, 1, 1.2)]
    assert ticks == ["0 %", "50 %", "100 %", ""]


def test_no_band_is_drawn_under_five():
    table = YEARS.head(3).assign(low=0.0, high=0.6, n=[40, 4, 3])
    axes = figures.plot_timeline(table, x="year", y="share")
    assert axes.get_xlabel() == "year (n = 3 to 40 each)"
    assert "to 20 % (n = 3)" in alt_text(axes)


def test_single_codes_are_words_and_intervals_need_five():
    codes = STANCE.assign(polarity=[-1, 0, 1])
    assert [text.get_text() for text in figures.plot_stance(codes).texts if text.get_text()] == [
        "against",
        "neutral",
        "for",
    ]
    means = STANCE.assign(n=[40, 4, 9], low=[-0.7, 0.0, -1.0], high=[-0.2, 0.4, -1.0])
    texts = [text.get_text() for text in figures.plot_stance(means, n="n").texts if text.get_text()]
    assert texts == ["−0.5\n[−0.7 to −0.2]\nn = 40", "+0.2\nn = 4", "−1.0\nn = 9"]


def test_many_panels_stand_in_rows():
    table = pd.concat([SHARES.assign(value=name) for name in "abcd"])
    grid = plot_shares(table)
    assert len(grid) == 4
    assert {axes.get_subplotspec().rowspan.start for axes in grid} == {0, 1}


def test_ids_are_shown_without_underscores():
    axes = figures.plot_bars(pd.DataFrame({"what": ["military_action"], "n": [3]}), label="what", value="n")
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["military action"]
