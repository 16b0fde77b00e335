"""Source, cue and content of each statement as spans of its article, ready to be shown."""

import pandas as pd

COLUMNS = ["statement_id", "doc_id", "part", "start", "end"]


def statement_parts(statements: pd.DataFrame) -> pd.DataFrame:
    """List the spans that make up each statement.

    Parameters
    ----------
    statements : DataFrame
        As given by `extract_statements`; it is not changed.

    Returns
    -------
    DataFrame
        One row per span: ``statement_id``, ``doc_id`` string; ``part`` string (``source``, ``cue`` or ``content``);
        ``start``, ``end`` int64, half-open offsets into the article's text. A content in pieces has a row for each, a
        source or cue that no words express has none.

    Raises
    ------
    KeyError
        If a column of `extract_statements` is missing.

    Examples
    --------
    >>> from helpers import extract_statements
    >>> articles = pd.DataFrame({"doc_id": ["a"], "text": ["“Talks go on,” the envoy said."]})
    >>> statement_parts(extract_statements(articles))[["part", "start", "end"]].values.tolist()
    [['content', 0, 14], ['source', 15, 24], ['cue', 25, 29]]
    """
    rows = []
    for one in statements.to_dict("records"):
        spans = [(start, end, "content") for start, end in one["spans"]]
        spans += [(one["speaker_start"], one["speaker_end"], "source"), (one["cue_start"], one["cue_end"], "cue")]
        placed = sorted((int(start), int(end), part) for start, end, part in spans if not pd.isna(start))
        rows += [(one["statement_id"], one["doc_id"], part, start, end) for start, end, part in placed]
    types = {"statement_id": "string", "doc_id": "string", "part": "string", "start": "int64", "end": "int64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)
