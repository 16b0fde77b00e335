"""Figures: each draws one table and computes nothing."""

from helpers.figures.contrasts import plot_contrasts
from helpers.figures.plots import plot_agreement, plot_bars, plot_frames, plot_timeline
from helpers.figures.stance import plot_stance
from helpers.figures.style import alt_text, show_figure, show_spans
from helpers.figures.topics import plot_topic_numbers, plot_topics

__all__ = [
    "alt_text",
    "plot_agreement",
    "plot_bars",
    "plot_contrasts",
    "plot_frames",
    "plot_stance",
    "plot_timeline",
    "plot_topic_numbers",
    "plot_topics",
    "show_figure",
    "show_spans",
]
