"""Topics: from statements to terms, and from terms to topics."""

from helpers.topics.counts import TermCounts, count_terms, keyness
from helpers.topics.fit import Topics, fit_topics, label_topics, steering_words, topic_exemplars
from helpers.topics.numbers import compare_topic_numbers, topic_stability
from helpers.topics.sheets import (
    application_sheet,
    label_sheet,
    score_intrusion,
    topic_intrusion_sheet,
    word_intrusion_sheet,
)
from helpers.topics.word_forms import words_in_context
