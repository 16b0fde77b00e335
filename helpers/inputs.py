"""What every verb asks of a table that comes in: its columns, ids, texts and dates; and the hash that names a text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import pandas as pd


class MissingColumnError(KeyError, ValueError):
    """A table lacks a column: a `KeyError`, as in pandas, and a `ValueError` like every other fault of a table."""

    __str__ = ValueError.__str__  # a KeyError shows its message in quotation marks


def check_columns(table: pd.DataFrame, *columns: str, name: str = "the table") -> None:
    """Refuse a table that lacks a column.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"doc_id": ["a"]}), "doc_id", "text", name="articles")
    Traceback (most recent call last):
    ...
    helpers.inputs.MissingColumnError: articles has no column 'text': it has 'doc_id'
    """
    missing = ", ".join(repr(column) for column in columns if column not in table.columns)
    if missing:
        has = ", ".join(map(repr, table.columns)) or "no columns at all"
        raise MissingColumnError(f"{name} has no column {missing}: it has {has}")


def read_ids(table: pd.DataFrame, column: str, *, name: str = "the table") -> pd.Series[Any]:
    """Return a column of ids as text; refuse it where an id is missing, or names two rows (as 1 and "1" do).

    Examples
    --------
    >>> read_ids(pd.DataFrame({"doc_id": [1, 2]}), "doc_id").tolist()
    ['1', '2']
    """
    check_columns(table, column, name=name)
    if missing := int(table[column].isna().sum()):
        raise ValueError(f"{missing} rows of {name} have no {column!r}: give each an id of its own")
    ids = table[column].map(str)
    if twice := ids[ids.duplicated()].tolist():
        raise ValueError(
            f"{column} {twice[0]!r} stands more than once in {name}: it repeats, or differs only in type (1 and '1'); "
            "give each row an id of its own"
        )
    return _readable(ids.tolist(), ids, table, column)


def read_texts(table: pd.DataFrame, column: str, *, ids: Iterable[Any]) -> pd.Series[Any]:
    """Return a column of texts, empty where one is missing; refuse a text that no file can hold.

    Examples
    --------
    >>> read_texts(pd.DataFrame({"text": ["Snow fell.", None]}), "text", ids=["a", "b"]).tolist()
    ['Snow fell.', '']
    """
    return _readable(["" if pd.isna(value) else str(value) for value in table[column]], ids, table, column)


def read_dates(table: pd.DataFrame, column: str, *, name: str = "the table") -> pd.Series[Any]:
    """Return a column of dates as datetime64; text counts as a date where it is written year first.

    Any other order would be a guess: 03/04/2012 is a day in March or in April.

    Examples
    --------
    >>> read_dates(pd.DataFrame({"date": ["2012-03-14", None]}), "date").dt.year.tolist()
    [2012.0, nan]
    """
    given = table[column]
    if pd.api.types.is_datetime64_any_dtype(given):
        return given
    dates = pd.to_datetime(given.map(str, na_action="ignore"), format="ISO8601", errors="coerce")
    wrong = given[dates.isna() & given.notna() & given.ne("")]
    if len(wrong):
        raise ValueError(
            f"{column} of {name} holds {str(wrong.iloc[0])!r}: give dates as pandas.Timestamp or with the year first "
            "(2012-03-14), and leave empty what is not known"
        )
    return dates


def sha256(content: str | bytes) -> str:
    """Return the SHA-256 of a text (in UTF-8) or of bytes, in hexadecimal digits.

    Examples
    --------
    >>> sha256("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def _readable(texts: list[str], ids: Iterable[Any], table: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Refuse halves of surrogate pairs, which broken JSON and file names in old encodings leave."""
    for name, text in zip(ids, texts, strict=True):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the {column} of {name!a} holds {text[error.start]!a} at {error.start}, half of a character "
                'that no file can hold: use text.encode("utf-8", "backslashreplace").decode("utf-8") in its place'
            ) from None
    return pd.Series(texts, index=table.index, dtype="string")
