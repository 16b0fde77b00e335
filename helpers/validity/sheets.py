"""Sheets for coding by hand: blind, shuffled, and read back as codes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.inputs import check_columns, read_ids


def coding_sheet(  # noqa: PLR0913 - the plan of a coding exercise
    frame: pd.DataFrame,
    *,
    variables: Sequence[str],
    n: int,
    text: str = "content",
    id: str = "statement_id",
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw statements at random for coding by hand: blind to source, speaker and any code, in shuffled order.

    Parameters
    ----------
    frame : DataFrame
        With the columns named by `text` and `id`.
    variables : sequence of str
        What to code: one empty column each.
    n : int
        How many statements.
    text, id : str
        Names of these columns.
    seed : int

    Returns
    -------
    sheet : DataFrame
        ``item`` int64 from 1, ``text`` string, and an empty string column for each variable; write it with
        ``sheet.to_csv("sheet.csv", index=False)``.
    key : DataFrame
        ``item`` int64, ``unit_id`` string: kept from the coders, since ids may name the outlet.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If there are fewer than `n` statements, ids repeat, or a variable has the name of a fixed column.

    Examples
    --------
    >>> frame = pd.DataFrame({"statement_id": ["a", "b"], "content": ["Peace now.", "War again."]})
    >>> sheet, key = coding_sheet(frame, variables=["threat"], n=2)
    >>> sheet.columns.tolist(), key.columns.tolist()
    (['item', 'text', 'threat'], ['item', 'unit_id'])
    """
    check_columns(frame, text)
    ids = read_ids(frame, id)
    if not 1 <= n <= len(frame):
        raise ValueError(f"n is {n}: with {len(frame)} statements it can be 1 to {len(frame)}")
    if set(variables) & {"item", "text"} or len(set(variables)) < len(variables):
        raise ValueError(f"variables are {list(variables)}: each needs a name of its own, not 'item' or 'text'")
    drawn = np.random.default_rng(seed).permutation(len(frame))[:n]
    sheet = pd.DataFrame({"text": frame[text].iloc[drawn].array, **dict.fromkeys(variables, "")}, dtype="string")
    sheet.insert(0, "item", np.arange(1, n + 1))
    return sheet, pd.DataFrame({"item": sheet["item"], "unit_id": ids.iloc[drawn].array})


def read_sheet(sheet: pd.DataFrame, key: pd.DataFrame, *, coder: str) -> pd.DataFrame:
    """Bring a filled coding sheet to the long table that `agreement` takes.

    Parameters
    ----------
    sheet : DataFrame
        From `coding_sheet`, filled in; an empty cell is a unit not coded.
    key : DataFrame
        Its key.
    coder : str
        Who coded.

    Returns
    -------
    DataFrame
        ``unit_id``, ``coder``, ``variable``, ``value`` string; empty cells are NA.

    Raises
    ------
    KeyError
        If an item of the sheet is not in the key.

    Examples
    --------
    >>> frame = pd.DataFrame({"statement_id": ["a"], "content": ["Peace now."]})
    >>> sheet, key = coding_sheet(frame, variables=["threat"], n=1)
    >>> read_sheet(sheet.assign(threat="0"), key, coder="me").iloc[0].tolist()
    ['a', 'me', 'threat', '0']
    """
    unknown = sheet.loc[~sheet["item"].isin(key["item"]), "item"].tolist()
    if unknown:
        raise KeyError(f"items {unknown} are not in the key: was the sheet made from another draw?")
    long = sheet.drop(columns="text").melt(id_vars="item", var_name="variable", value_name="value")
    long = long.merge(key, on="item", how="left").assign(coder=coder)
    value = long["value"].astype("string").str.strip().str.removesuffix(".0")  # spreadsheets write 1 as 1.0
    long["value"] = value.where(value != "")
    return long[["unit_id", "coder", "variable", "value"]].astype("string")
