"""Codebook: the names and words that a researcher edits, read, checked and found in statements."""

from helpers.codebook.load import Codebook, check_codebook, find_terms, load_codebook, load_stopwords
from helpers.codebook.patterns import compile_patterns
