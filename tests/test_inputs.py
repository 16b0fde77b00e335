"""Tables that users make by hand: what is wrong is said before any work, with what was given and what to do."""

import datetime as dt

import pandas as pd
import pytest

from helpers import (
    code_frames,
    code_stance,
    count_terms,
    extract_statements,
    find_near_duplicates,
    locate,
    resolve_speakers,
    speech_statements,
)
from helpers.inputs import MissingColumnError, check_columns, read_dates, sha256

TEXT = "Talks will go on, Minister Noor said on Monday. Terrorism is a grave threat to the whole region."
OF_ARTICLES = [extract_statements, speech_statements, find_near_duplicates]
OF_STATEMENTS = [code_frames, code_stance, count_terms]


def table(verb, ids, texts=(TEXT, TEXT), **more):
    """Make the table that a verb takes, of plain Python objects."""
    names = ("doc_id", "text") if verb in OF_ARTICLES else ("statement_id", "content")
    return pd.DataFrame(dict(zip(names, (list(ids), list(texts)), strict=True)) | more, dtype=object)


@pytest.mark.parametrize("verb", [*OF_ARTICLES, *OF_STATEMENTS], ids=lambda verb: verb.__name__)
@pytest.mark.parametrize(
    ("ids", "texts", "told"),
    [
        pytest.param([1, "1"], [TEXT, TEXT], r"_id '1' stands more than once.*type", id="1 and '1'"),
        pytest.param(["a", "a"], [TEXT, TEXT], r"_id 'a' stands more than once", id="repeated"),
        pytest.param(["a", None], [TEXT, TEXT], r"1 rows of .* have no '\w+_id'", id="missing"),
        pytest.param(["a", "b"], [TEXT, "x\ud800"], r"of 'b' holds '\\ud800' at 1.*backslashreplace", id="surrogate"),
    ],
)
def test_ids_and_texts_that_lead_nowhere_are_refused(verb, ids, texts, told):
    with pytest.raises(ValueError, match=told):
        verb(table(verb, ids, texts))


@pytest.mark.parametrize("verb", [*OF_ARTICLES, *OF_STATEMENTS], ids=lambda verb: verb.__name__)
def test_a_missing_column_is_a_key_error_and_a_value_error(verb):
    lacking = table(verb, "ab").drop(columns=["text", "content"], errors="ignore")
    for kind in (KeyError, ValueError):
        with pytest.raises(kind, match=r"has no column '(text|content)': it has '\w+_id'$"):
            verb(lacking)


def test_numbers_as_ids_are_ids():
    articles = table(extract_statements, [7, 8])
    statements = extract_statements(articles)
    assert statements["doc_id"].unique().tolist() == ["7", "8"]
    assert statements["statement_id"].is_unique
    assert statements["speaker_name"].notna().any()
    again = resolve_speakers(statements.astype({"doc_id": int}), articles)
    assert again["speaker_name"].tolist() == statements["speaker_name"].tolist()
    numbered = table(code_frames, [1, 2])
    frames = code_frames(numbered, coder="rules")
    places = locate(frames, numbered.assign(doc_id="a", spans=[((0, len(TEXT)),)] * 2))
    assert places["statement_id"].unique().tolist() == ["1", "2"]
    shown = places.dropna(subset="start")
    assert [TEXT[a:b] for a, b in zip(shown["start"], shown["end"], strict=True)] == shown["text"].tolist()


@pytest.mark.parametrize(
    "verb", [extract_statements, find_near_duplicates, code_stance], ids=lambda verb: verb.__name__
)
def test_dates_as_text_are_read_where_the_year_comes_first_and_refused_otherwise(verb):
    assert len(verb(table(verb, "ab", date=["2012-03-14", ""]))) > 0
    with pytest.raises(ValueError, match=r"date of .* holds '03/04/2012': .*\(2012-03-14\)"):
        verb(table(verb, "ab", date=["2012-03-14", "03/04/2012"]))


@pytest.mark.parametrize("value", ["2012-03-14", dt.date(2012, 3, 14), pd.Timestamp("2012-03-14"), 20120314])
def test_dates_of_every_kind_are_one_kind(value):
    dates = read_dates(pd.DataFrame({"date": [value, None]}, dtype=object), "date")
    assert dates.tolist() == [pd.Timestamp("2012-03-14"), pd.NaT]


def test_what_comes_in_is_left_as_it_was():
    articles = table(extract_statements, [7, 8], date=["2012-03-14", None])
    before = articles.copy(deep=True)
    extract_statements(articles)
    pd.testing.assert_frame_equal(articles, before)


def test_message_of_a_missing_column_stands_without_quotation_marks_around_it():
    with pytest.raises(MissingColumnError) as caught:
        check_columns(pd.DataFrame(), "text", name="articles")
    assert str(caught.value) == "articles has no column 'text': it has no columns at all"


def test_hash_of_a_text_is_that_of_its_bytes():
    assert sha256("é") == sha256("é".encode())
