"""The spans of a statement, as shown to a reader."""

from __future__ import annotations

import pandas as pd

from helpers.statements.extract import extract_statements
from helpers.statements.parts import COLUMNS, statement_parts

TEXT = "“Talks go on,” envoy Parwin Zhwandai said, “and so do we.”\n\nThe ministry denied that the road was closed."


def test_every_part_is_what_the_statement_says_stands_there() -> None:
    statements = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [TEXT]})).set_index("statement_id")
    parts = statement_parts(statements.reset_index())
    assert {"source", "cue", "content"} == set(parts["part"])
    for row in parts.itertuples():
        statement = statements.loc[row.statement_id]
        whole = {"source": statement["speaker"], "cue": statement["cue"], "content": statement["content"]}[row.part]
        assert TEXT[row.start : row.end] in whole


def test_content_in_pieces_has_a_row_for_each_and_no_source_has_none() -> None:
    statements = pd.DataFrame(
        {
            "statement_id": ["a#0"],
            "doc_id": ["a"],
            "spans": [((0, 4), (9, 12))],
            "speaker_start": pd.array([pd.NA], dtype="Int64"),
            "speaker_end": pd.array([pd.NA], dtype="Int64"),
            "cue_start": pd.array([5], dtype="Int64"),
            "cue_end": pd.array([8], dtype="Int64"),
        }
    )
    assert statement_parts(statements)["part"].tolist() == ["content", "cue", "content"]


def test_no_statements_give_an_empty_table_with_the_same_columns() -> None:
    empty = statement_parts(extract_statements(pd.DataFrame({"doc_id": ["a"], "text": ["Nothing was said."]})).head(0))
    assert empty.columns.tolist() == COLUMNS
    assert empty.empty
