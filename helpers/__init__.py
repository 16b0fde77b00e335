"""Threat Talk: who said what, about which topics, toward whom, and framing whom as a threat."""

from helpers.agreement import agreement, bootstrap, coding_sheet, corrected_share, score_spans
from helpers.articles import find_near_duplicates, find_repeated_lines, load_articles
from helpers.check import check_setup
from helpers.codebook import load_codebook
from helpers.counts import count_terms, keyness, words_in_context
from helpers.figures import (
    plot_agreement,
    plot_bars,
    plot_frames,
    plot_stance,
    plot_timeline,
    plot_topic_numbers,
    plot_topics,
    show_figure,
    show_spans,
)
from helpers.framing import code_frames, frames_wide
from helpers.parts import statement_parts
from helpers.speakers import resolve_speakers
from helpers.stance import code_stance, stance_by_target, stance_edges
from helpers.statements import extract_statements, locate, speech_statements
from helpers.streams import open_articles, save_articles
from helpers.topic_numbers import compare_topic_numbers, topic_stability
from helpers.topic_sheets import label_sheet, score_intrusion, topic_intrusion_sheet, word_intrusion_sheet
from helpers.topics import fit_topics, label_topics, topic_exemplars

__all__ = [
    "agreement",
    "bootstrap",
    "check_setup",
    "code_frames",
    "code_stance",
    "coding_sheet",
    "compare_topic_numbers",
    "corrected_share",
    "count_terms",
    "extract_statements",
    "find_near_duplicates",
    "find_repeated_lines",
    "fit_topics",
    "frames_wide",
    "keyness",
    "label_sheet",
    "label_topics",
    "load_articles",
    "load_codebook",
    "locate",
    "open_articles",
    "plot_agreement",
    "plot_bars",
    "plot_frames",
    "plot_stance",
    "plot_timeline",
    "plot_topic_numbers",
    "plot_topics",
    "resolve_speakers",
    "save_articles",
    "score_intrusion",
    "score_spans",
    "show_figure",
    "show_spans",
    "speech_statements",
    "stance_by_target",
    "stance_edges",
    "statement_parts",
    "topic_exemplars",
    "topic_intrusion_sheet",
    "topic_stability",
    "word_intrusion_sheet",
    "words_in_context",
]
