"""The table of statements: its columns, and what is asked of the articles they come from."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.inputs import check_columns, read_dates, read_ids, read_texts

COLUMNS = {
    "statement_id": "string",
    "doc_id": "string",
    "kind": "string",
    "speaker": "string",
    "speaker_start": "Int64",
    "speaker_end": "Int64",
    "cue": "string",
    "cue_start": "Int64",
    "cue_end": "Int64",
    "content": "string",
    "start": "Int64",
    "end": "Int64",
    "spans": "object",
    "rule": "string",
    "reported_by": "string",
}


def check_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """Return articles with ids and texts as strings and dates as datetime64; refuse what could not be led back to."""
    check_columns(articles, "doc_id", "text", name="articles")
    ids = read_ids(articles, "doc_id", name="articles")
    dates = {"date": read_dates(articles, "date", name="articles")} if "date" in articles else {}
    return articles.assign(doc_id=ids, text=read_texts(articles, "text", ids=ids), **dates)


def make_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Make the table of statements from its rows, with its types even where there are none."""
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
