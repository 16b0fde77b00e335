"""What the lessons import: checks that answer with a hint, and studies shipped without their text."""

from helpers.lessons.checks import cast_actors, check_answer, check_change, check_codes
from helpers.lessons.study import Study, find_texts, load_study, term_counts, with_words
