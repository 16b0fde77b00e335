"""Compare groups: the share of a code in each group, and how far two groups differ, with intervals over units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.inputs import check_columns
from helpers.validity.intervals import LEVEL, Floats, check_draws, draw_weights, percentiles

FEW = 5  # rows or units below which a share tells little
TAIL = (1 - LEVEL) / 2


def shares(  # noqa: PLR0913 - the plan of a comparison
    frame: pd.DataFrame, value: str, *, by: str, unit: str, seed: int = 0, repeats: int = 1000
) -> pd.DataFrame:
    """Give the share of each code in each group, with an interval over units.

    Parameters
    ----------
    frame : DataFrame
        One row per statement (or mention), with the columns named by `value`, `by` and `unit`.
    value : str
        Column with the codes: one code per row; a tuple of codes (each counts); or booleans (0 and 1), which give one
        row per group, named after the column. A row without a code counts in `n`.
    by : str
        Column with the groups. Rows without a group are left out.
    unit : str
        Column that names what was sampled, such as the article: whole units are drawn again for the interval, because
        statements of one article resemble each other.
    seed, repeats : int
        Of the bootstrap.

    Returns
    -------
    DataFrame
        Sorted by group and value: ``group``, ``value`` string; ``n`` int64, rows of the group; ``count`` int64, rows
        with the code; ``units`` int64, units of the group; ``share``, ``low``, ``high`` float64 (95 %; NA where the
        group has one unit); ``few`` bool: fewer than 5 rows or units, too few for a claim.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If no row has a group, a unit is missing, or `repeats` is below 2.

    Notes
    -----
    Percentile bootstrap over clusters (Davison and Hinkley, 1997, chapter 3.8). Draws cannot vary where all rows of a
    group agree: there the interval is the exact binomial one (Clopper and Pearson, 1934), with the units as trials.

    Examples
    --------
    >>> frame = pd.DataFrame({"source": list("aaabbb"), "doc_id": list("uvwxyz"), "threat": [1, 1, 0, 0, 0, 0]})
    >>> shares(frame, "threat", by="source", unit="doc_id").round(2)[["group", "n", "share", "high"]].values.tolist()
    [['a', 3, 0.67, 1.0], ['b', 3, 0.0, 0.71]]
    """
    return _draw(frame, value, by=by, unit=unit, seed=seed, repeats=repeats)[0]


def differences(  # noqa: PLR0913 - the plan of a comparison
    frame: pd.DataFrame,
    value: str,
    *,
    by: str,
    unit: str,
    reference: str | None = None,
    seed: int = 0,
    repeats: int = 1000,
) -> pd.DataFrame:
    """Give the difference between the share of each code in a group and in a reference group, with an interval.

    Parameters
    ----------
    frame, value, by, unit, seed, repeats
        As in `shares`. A unit with rows in both groups is drawn for both.
    reference : str, optional
        The reference group. Default: the first group in order.

    Returns
    -------
    DataFrame
        One row for each other group and value: ``group``, ``reference``, ``value`` string; ``n``, ``n_reference``
        int64; ``difference`` float64, share in `group` minus share in `reference`; ``low``, ``high`` float64 (95 %;
        NA where either group has one unit); ``few`` bool: one of both has fewer than 5 rows or units.

    Raises
    ------
    KeyError, ValueError
        As in `shares`; also if `reference` is no group.

    Notes
    -----
    As in `shares`. Where all rows of a group agree, the interval joins those of both shares (Newcombe, 1998).

    Examples
    --------
    >>> frame = pd.DataFrame({"source": list("aaabbb"), "doc_id": list("uvwxyz"), "threat": [1, 1, 0, 0, 0, 0]})
    >>> differences(frame, "threat", by="source", unit="doc_id").round(2)[["group", "reference", "difference"]]
      group reference  difference
    0     b         a       -0.67
    """
    told, draws = _draw(frame, value, by=by, unit=unit, seed=seed, repeats=repeats)
    groups = sorted(frame[by].dropna().astype("string").unique())
    base = groups[0] if reference is None else str(reference)
    if base not in groups:
        raise ValueError(f"reference is {reference!r}: choose one of {', '.join(groups)}")
    theirs = np.tile(np.flatnonzero(told["group"].eq(base)), len(groups))
    other = told.iloc[theirs].reset_index(drop=True)
    table = told[["group"]].assign(reference=other["group"], value=told["value"], n=told["n"], n_reference=other["n"])
    table["difference"] = told["share"] - other["share"]
    table["low"], table["high"] = percentiles(draws - draws[:, theirs])
    fixed = told["share"].isin([0, 1]) | other["share"].isin([0, 1])
    down = np.hypot(told["share"] - told["low"], other["high"] - other["share"])
    up = np.hypot(told["high"] - told["share"], other["share"] - other["low"])
    table["low"] = table["low"].mask(fixed, table["difference"] - down)
    table["high"] = table["high"].mask(fixed, table["difference"] + up)
    table.loc[told["units"].eq(1) | other["units"].eq(1), ["low", "high"]] = np.nan
    table["few"] = told["few"] | other["few"]
    return table[table["group"].ne(base)].reset_index(drop=True)


def _codes(column: pd.Series[Any]) -> pd.Series[Any]:
    """List the codes of each row, each once; the index names the row."""
    if pd.api.types.is_numeric_dtype(column):  # also booleans
        return pd.Series(str(column.name), index=column.index[column.fillna(0).astype(bool)], dtype="string")
    codes = column.explode().dropna().astype("string")
    return codes[~codes.reset_index().duplicated().to_numpy()]


def _draw(  # noqa: PLR0913 - the plan of a comparison
    frame: pd.DataFrame, value: str, *, by: str, unit: str, seed: int, repeats: int
) -> tuple[pd.DataFrame, Floats]:
    """Return what `shares` gives, and the shares in each draw (draws by rows of the table)."""
    check_columns(frame, value, by, unit)
    rows = frame.loc[frame[by].notna(), list(dict.fromkeys((value, by, unit)))].reset_index(drop=True)
    if rows.empty:
        raise ValueError(f"no row has a value in {by!r}: nothing to compare")
    check_draws(rows, unit, repeats)
    units, names = pd.factorize(rows[unit].astype("string"), sort=True)
    groups, labels = pd.factorize(rows[by].astype("string"), sort=True)
    codes = _codes(rows[value])
    values = [value] if pd.api.types.is_numeric_dtype(rows[value]) else sorted(codes.unique())
    sizes = np.zeros((len(names), len(labels)), dtype=np.int64)
    np.add.at(sizes, (units, groups), 1)
    hits = np.zeros((*sizes.shape, len(values)), dtype=np.int64)
    np.add.at(hits, (units[codes.index], groups[codes.index], pd.Index(values).get_indexer(pd.Index(codes))), 1)
    weights = draw_weights(len(names), seed, repeats)
    with np.errstate(invalid="ignore"):  # a group that no draw reached
        draws = np.tensordot(weights, hits, 1) / (weights @ sizes)[:, :, None]
    grid = pd.MultiIndex.from_product([labels, values], names=["group", "value"])
    table = grid.to_frame(index=False).astype("string")
    table["n"] = np.repeat(sizes.sum(axis=0), len(values))
    table["count"] = hits.sum(axis=0).ravel()
    table["units"] = np.repeat((sizes > 0).sum(axis=0), len(values))
    table["share"] = table["count"] / table["n"]
    draws = draws.reshape(repeats, len(table))
    table["low"], table["high"] = percentiles(draws)
    table["high"] = table["high"].mask(table["share"].eq(0), 1 - TAIL ** (1 / table["units"]))
    table["low"] = table["low"].mask(table["share"].eq(1), TAIL ** (1 / table["units"]))
    table.loc[table["units"].eq(1), ["low", "high"]] = np.nan
    table["few"] = table[["n", "units"]].min(axis=1) < FEW
    return table, draws
