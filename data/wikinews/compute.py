"""Compute the codes and counts of Wikinews articles from their text: ``python -m data.wikinews.compute``.

Run it from the root of the project. It says which shipped figures change, and writes them into this folder. The text
must be on this machine: ``python -m helpers fetch wikinews``.

The tables hold no text; columns of words hold words of the codebook or single terms.

- ``articles``: one row per article: ``doc_id``, ``title``, ``url`` string; ``date`` datetime64; ``words``, ``n_tokens``
  Int64 (runs between white space; words that `count_terms` sees); ``text_sha256`` string (of the text as loaded);
  ``war_words`` Int64, how many words of war and terrorism the text has; ``war`` boolean: at least three; ``learned``
  boolean: the reader learned from coded statements of this article.
- ``statements``: one row per statement, as `extract_statements` gives it, without words: ``statement_id``, ``doc_id``,
  ``kind`` string; ``start``, ``end``, ``cue_start``, ``cue_end``, ``speaker_start``, ``speaker_end`` Int64 (code points
  of the text as loaded); ``speaker_id`` string, where the list of actors has the speaker, because other ids are words
  of the article; ``speaker_country``, ``speaker_type`` string.
- ``terms``: ``doc_id``, ``term`` string, ``n`` Int64: how often.
- ``stance``, ``frames``: ``coder`` (``rules``, ``reader``) and the columns of `code_stance` and `code_frames`, without
  the words; of the evidence offsets and weights are left.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from data.computing import CODERS, code_both, describe_texts, list_terms, recompute_study, record_run, stack_codes
from helpers.articles.load import load_articles
from helpers.codebook.load import load_codebook
from helpers.lessons.study import Study, load_study
from helpers.paths import DATA
from helpers.statements.extract import extract_statements
from helpers.topics.counts import count_terms

if TYPE_CHECKING:
    from pathlib import Path

CORPUS = "wikinews"
FOLDER = DATA / CORPUS
WAR = (
    r"(?i)\b(?:terroris\w*|militan\w*|insurgen\w*|taliban|taleban|al[- ]qa[ei]da|bomb\w*|wars?|troops?|soldiers?"
    r"|air ?strikes?|hostages?|gunm[ae]n|rebels?|missiles?|hijack\w*)\b"
)
WAR_WORDS = 3  # an article with fewer of them is not on war and terrorism
MIN_DOCS = 3  # articles that hold a term
PLACES = ["start", "end", "cue_start", "cue_end", "speaker_start", "speaker_end"]


def compute_news(archive: str | Path, *, doc_ids: pd.Series[str] | None = None) -> Study:
    """Compute every figure from the text.

    Parameters
    ----------
    archive : path
        As `helpers.articles.corpora.fetch_corpus` returns it.
    doc_ids : Series of str, optional
        Compute from these articles only. The phrases among the terms depend on the articles they are counted in.

    Returns
    -------
    Study

    Raises
    ------
    FileNotFoundError
        If there is no such archive.

    Examples
    --------
    >>> compute_news(fetch_corpus("wikinews"))  # doctest: +SKIP
    """
    book = load_codebook()
    articles = load_articles(archive).articles.sort_values("doc_id", ignore_index=True)
    if doc_ids is not None:
        articles = articles[articles["doc_id"].isin(doc_ids)].reset_index(drop=True)
    said = extract_statements(articles, codebook=book)
    coded_by = {coder: code_both(said, book, coder=coder, n_jobs=1) for coder in CODERS}
    frames, stance = ({coder: both[at] for coder, both in coded_by.items()} for at in (0, 1))
    counts = count_terms(articles, text="text", id="doc_id", min_docs=MIN_DOCS)
    described = describe_texts(articles, columns=["title", "url", "date"])
    war_words = articles["text"].str.count(WAR).astype("Int64")
    tables = {
        "articles": described.assign(
            n_tokens=counts.docs["n_tokens"].astype("Int64"),
            war_words=war_words,
            war=war_words.ge(WAR_WORDS).astype("boolean"),
            learned=articles["doc_id"].isin(find_learned()).astype("boolean"),
        ),
        "statements": drop_words(said),
        "terms": list_terms(counts, id="doc_id"),
        "stance": stack_codes(stance),
        "frames": stack_codes(frames),
    }
    choices = {"war": WAR, "war_words": WAR_WORDS, "min_docs": MIN_DOCS}
    source = {"corpus": CORPUS, "articles": len(articles)}
    return Study(tables, run=record_run(described, book, source=source, choices=choices))


def find_learned() -> pd.Series[str]:
    """Return the ids of articles whose coded statements taught the reader; the gold names them ``wikinews-sel-…``."""
    units = pd.read_parquet(DATA / "gold" / "news_units.parquet")
    return units.loc[units["part"].isin(["train", "more"]), "doc_id"].str.replace("wikinews-sel-", "wikinews-")


def drop_words(said: pd.DataFrame) -> pd.DataFrame:
    """Keep places and codes of statements, and the ids of speakers that the list of actors has."""
    local = said["speaker_id"].str.contains(":", regex=False).astype("boolean").fillna(value=False)
    speakers = said[["speaker_id", "speaker_country", "speaker_type"]].assign(speaker_id=said["speaker_id"].mask(local))
    return said[["statement_id", "doc_id", "kind", *PLACES]].join(speakers)


if __name__ == "__main__":
    known = load_study(FOLDER)["articles"]["doc_id"]
    recompute_study(CORPUS, partial(compute_news, doc_ids=known), FOLDER)
