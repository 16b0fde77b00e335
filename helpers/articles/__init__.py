"""Articles: from files to a table of articles, with what was refused and what was cut."""

from helpers.articles.corpora import fetch_corpus, find_corpus, list_corpora
from helpers.articles.duplicates import find_near_duplicates, find_repeated_lines
from helpers.articles.load import Loaded, load_articles
from helpers.articles.streams import map_rows, open_articles, save_articles
