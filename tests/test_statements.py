"""Statements: invented sentences in, who said what out."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.statements import COLUMNS, extract_statements, locate, speech_statements


def said(text: str) -> list[tuple[object, ...]]:
    """Return speaker, cue and content of the statements of a text."""
    articles = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    table = extract_statements(articles, resolve=False)
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in table[["speaker", "cue", "content"]].itertuples(index=False)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Minister Amir Noor said that the border was shut.",
            [("Minister Amir Noor", "said", "that the border was shut")],
            id="indirect with that",
        ),
        pytest.param(
            "“The border is shut,” Noor said.", [("Noor", "said", "“The border is shut,”")], id="quotation first"
        ),
        pytest.param(
            "“The border is shut,” said Noor, the interior minister.",
            [("Noor", "said", "“The border is shut,”")],
            id="inverted",
        ),
        pytest.param(
            "According to the ministry, the border is shut.",
            [("the ministry", "According to", "the border is shut")],
            id="according to",
        ),
        pytest.param(
            "Border will stay shut, says Noor", [("Noor", "says", "Border will stay shut")], id="headline, inverted"
        ),
        pytest.param(
            "Noor, the interior minister, told reporters on Monday that the border was shut.",
            [
                (
                    "Noor, the interior minister",
                    "told",
                    "that the border was shut",
                )
            ],
            id="apposition and addressee",
        ),
    ],
)
def test_one_statement(text: str, expected: list[tuple[object, ...]]) -> None:
    assert said(text) == expected


def test_columns_are_those_of_the_design() -> None:
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": ["Noor said talks go on."]}), resolve=False)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMNS


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("“”\"'‘’ .,:said\n")), max_size=120))
def test_offsets_hold_on_any_text(text: str) -> None:
    table = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), resolve=False)
    for row in table.itertuples():
        assert row.content == " ".join(text[start:end] for start, end in row.spans)
        assert (row.start, row.end) == (row.spans[0][0], row.spans[-1][1])
        assert all(start < end for start, end in row.spans)
        if not pd.isna(row.speaker_start):
            assert row.speaker == text[row.speaker_start : row.speaker_end]
        if not pd.isna(row.cue_start):
            assert row.cue == text[row.cue_start : row.cue_end]


def test_locate_carries_offsets_over_pieces() -> None:
    text = "“We met,” Noor said, “and we agreed.”"
    statements = extract_statements(pd.DataFrame({"doc_id": ["a"], "text": [text]}), resolve=False)
    content = statements["content"].iloc[0]
    start = content.index("agreed")
    rows = pd.DataFrame(
        {"statement_id": statements["statement_id"], "content_start": [start], "content_end": [start + len("agreed")]}
    )
    placed = locate(rows, statements).iloc[0]
    assert text[placed["start"] : placed["end"]] == "agreed"


def test_locate_refuses_what_lies_outside() -> None:
    statements = pd.DataFrame({"statement_id": ["a#0"], "doc_id": ["a"], "spans": [((0, 5),)]})
    rows = pd.DataFrame({"statement_id": ["a#0"], "content_start": [0], "content_end": [9]})
    with pytest.raises(ValueError, match="outside the content"):
        locate(rows, statements)


def test_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="text"):
        extract_statements(pd.DataFrame({"doc_id": ["a"]}))


def test_speeches_are_packed_within_paragraphs() -> None:
    text = "We came. We saw. We met. We left.\n\nPeace is near."
    table = speech_statements(pd.DataFrame({"doc_id": ["s"], "text": [text], "country": ["NOR"]}), max_sentences=3)
    assert table["content"].tolist() == ["We came. We saw. We met.", "We left.", "Peace is near."]
    assert table["speaker_country"].tolist() == ["NOR"] * 3
