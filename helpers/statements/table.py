"""The table of statements: its columns, and what is asked of the articles they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def check_articles(articles: pd.DataFrame) -> None:
    """Refuse articles whose statements could not be led back to them."""
    missing = [name for name in ("doc_id", "text") if name not in articles.columns]
    if missing:
        message = f"articles lack {missing}: they have {list(articles.columns)}; give a table from load_articles"
        raise ValueError(message)
    repeated = articles["doc_id"][articles["doc_id"].duplicated()]
    if len(repeated):
        message = f"doc_id {repeated.iloc[0]!r} stands more than once: a statement must lead back to one article"
        raise ValueError(message)


def make_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Make the table of statements from its rows, with its types even where there are none."""
    columns = {}
    for name, kind in COLUMNS.items():
        values = [row[name] for row in rows]
        columns[name] = pd.Series(values, dtype=kind) if kind != "object" else _tuples(values)
    return pd.DataFrame(columns)


def _tuples(values: Sequence[Any]) -> pd.Series[Any]:
    series = pd.Series([None] * len(values), dtype="object")
    for i, value in enumerate(values):
        series.iat[i] = value
    return series
