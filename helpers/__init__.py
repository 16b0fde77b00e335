"""Threat Talk: who said what, about which topics, toward whom, and framing whom as a threat."""

from inspect import ismodule as _ismodule

from helpers.articles import find_near_duplicates, find_repeated_lines, load_articles, open_articles, save_articles
from helpers.check import check_setup
from helpers.codebook import load_codebook
from helpers.coding import (
    coarse_targets,
    code_frames,
    code_stance,
    fit_coder,
    frames_wide,
    load_coder,
    load_reader,
    stance_by_target,
    stance_edges,
)
from helpers.figures import (
    plot_bars,
    plot_stance,
    plot_timeline,
    plot_topic_numbers,
    plot_topics,
    show_figure,
    show_spans,
)
from helpers.paths import DATA
from helpers.statements import (
    apply_identities,
    extract_statements,
    locate,
    propose_identities,
    resolve_speakers,
    speech_statements,
    statement_parts,
)
from helpers.topics import (
    application_sheet,
    compare_topic_numbers,
    count_terms,
    fit_topics,
    keyness,
    label_sheet,
    label_topics,
    score_intrusion,
    steering_words,
    topic_exemplars,
    topic_intrusion_sheet,
    topic_stability,
    word_intrusion_sheet,
    words_in_context,
)
from helpers.validity import agreement, bootstrap, coding_sheet, corrected_share, differences, score_spans, shares

# `help(helpers)` shows what is listed here: all that is imported above, and no room.
__all__ = [name for name, value in globals().items() if not name.startswith("_") and not _ismodule(value)]
