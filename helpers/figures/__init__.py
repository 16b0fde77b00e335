"""Figures: each draws one table and computes nothing."""

from helpers.figures.plots import plot_bars, plot_contrasts, plot_shares, plot_timeline
from helpers.figures.spans import show_spans
from helpers.figures.stance import plot_for_against, plot_network, plot_stance
from helpers.figures.style import alt_text, draw_svg, show_figure
from helpers.figures.topics import plot_topic_numbers, plot_topics
