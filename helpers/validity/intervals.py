"""How sure a figure is: resampling whole articles, and correcting a share by a hand-coded sample."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from helpers.inputs import check_columns, read_ids

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

LEVEL = 0.95


def bootstrap(
    frame: pd.DataFrame,
    statistic: Callable[[pd.DataFrame], float | pd.Series[Any]],
    *,
    unit: str | None,
    seed: int = 0,
    repeats: int = 1000,
) -> pd.DataFrame:
    """Give a figure an interval by drawing whole units again, with replacement.

    Statements of one article resemble each other, so drawing statements makes intervals too narrow: name the unit that
    was sampled (article, group of duplicates, country).

    Parameters
    ----------
    frame : DataFrame
    statistic : callable
        Takes a table like `frame`; gives a number, or a Series of numbers when several are wanted at once.
    unit : str or None
        Column that names the unit of each row. None draws single rows, which is right only if rows are independent.
    seed : int
    repeats : int
        How many times units are drawn.

    Returns
    -------
    DataFrame
        ``estimate`` float64 (on `frame` itself), ``low``, ``high`` float64 (2.5th and 97.5th percentile over draws; NA
        draws are left out, and where there is one unit both are NA); one row, or one for each entry of the Series,
        whose index comes first as columns (``statistic`` where it has no name).

    Raises
    ------
    KeyError
        If there is no column `unit`.
    ValueError
        If the table is empty, a unit is missing, or `repeats` is below 2.

    Warns
    -----
    UserWarning
        If there is one unit: nothing to draw from, so no interval.

    Notes
    -----
    Percentile bootstrap over clusters: Davison and Hinkley (1997), chapter 3.8.

    Examples
    --------
    >>> frame = pd.DataFrame({"doc_id": list("aabb"), "threat": [1, 1, 0, 0]})
    >>> bootstrap(frame, lambda table: table["threat"].mean(), unit="doc_id").iloc[0].tolist()
    [0.5, 0.0, 1.0]
    """
    if frame.empty:
        raise ValueError("the table has no rows: nothing to draw from")
    if unit is None:
        units = list(np.arange(len(frame))[:, None])
    else:
        check_columns(frame, unit)
        units = [np.asarray(rows) for _, rows in sorted(frame.groupby(unit).indices.items(), key=str)]
    check_draws(frame, unit, repeats)
    rng = np.random.default_rng(seed)
    given = statistic(frame)
    draws = []
    for _ in range(repeats):
        drawn = [units[chosen] for chosen in rng.integers(len(units), size=len(units))]
        draws.append(pd.Series(statistic(frame.iloc[np.concatenate(drawn)])))
    estimate = pd.Series(given)
    values = pd.concat(draws, axis=1).reindex(estimate.index).T.astype("Float64")
    low, high = percentiles(values.to_numpy(float, na_value=np.nan))
    table = pd.DataFrame({"estimate": estimate.astype(float), "low": low, "high": high})
    if len(units) == 1:
        warnings.warn(f"one value of {unit or 'row'!r} cannot vary: there is no interval, only NA", stacklevel=2)
        table[["low", "high"]] = np.nan
    if not isinstance(given, pd.Series):
        return table
    return table.reset_index(names=["statistic"] if estimate.index.names == [None] else None)


def corrected_share(
    coded: pd.DataFrame, predicted: pd.DataFrame, *, unit: str, id: str = "statement_id", value: str = "value"
) -> pd.DataFrame:
    """Correct a share found by a coder of many statements with a random sample of them coded by hand.

    A coder's errors do not cancel out, and differ by outlet: correct each group by its own sample.

    Parameters
    ----------
    coded : DataFrame
        A random sample of the statements, columns named by `id` and `value`: the hand codes, 0 or 1 (or any number).
    predicted : DataFrame
        All statements, columns named by `id`, `value` (what the coder gave) and `unit`.
    unit : str
        Column of `predicted` that names the cluster (article, speech) within which statements resemble each other.
    id, value : str
        Names of these columns.

    Returns
    -------
    DataFrame
        Three rows; ``method`` string, ``estimate``, ``low``, ``high`` float64 (95 %), ``n`` int64 (statements):
        ``predicted`` takes the coder at its word, so its interval leaves out the coder's errors; ``coded`` uses the
        hand codes alone; ``corrected`` uses both. The interval of a share is cut at 0 and 1.

    Raises
    ------
    KeyError
        If a column is missing, or a hand-coded statement is not in `predicted`.
    ValueError
        If an id repeats, a value or a unit is missing, or fewer than two units were coded.

    Notes
    -----
    Prediction-powered inference with power tuning: Angelopoulos et al. (2023), Science 382; Angelopoulos, Duchi and
    Zrnic (2023), "PPI++". Standard errors are clustered by `unit`, the interval uses the t distribution with as many
    degrees of freedom as units coded, less one.

    Examples
    --------
    >>> predicted = pd.DataFrame({"statement_id": range(40), "doc_id": range(40), "value": [1, 1, 0, 0] * 10})
    >>> coded = pd.DataFrame({"statement_id": range(20), "value": [1, 0, 0, 0] * 5})
    >>> corrected_share(coded, predicted, unit="doc_id").round(2)["estimate"].tolist()
    [0.5, 0.25, 0.25]
    """
    for table, name, others in ((coded, "coded", [value]), (predicted, "predicted", [value, unit])):
        check_columns(table, *others, name=name)
        read_ids(table, id, name=name)
        for column in others:
            if table[column].isna().any():
                raise ValueError(f"{name} has {int(table[column].isna().sum())} rows without {column!r}")
    absent = coded.loc[~coded[id].isin(predicted[id]), id]
    if len(absent):
        raise KeyError(f"{len(absent)} coded statements are not among the predicted, the first is {absent.iloc[0]!r}")
    hand = predicted[id].map(coded.set_index(id)[value]).to_numpy(float, na_value=np.nan)
    given = predicted[value].to_numpy(float)
    clusters = pd.factorize(predicted[unit])[0]
    by_hand = ~np.isnan(hand)
    if len(np.unique(clusters[by_hand])) < 2:  # noqa: PLR2004
        raise ValueError(f"hand codes from fewer than two values of {unit!r}: code a random sample over several")
    tuning = _tuning(hand[by_hand], given[by_hand], int((~by_hand).sum()))
    rows = [
        ("predicted", *_mean_interval([(given, np.ones(len(given), bool))], clusters)),
        ("coded", *_mean_interval([(hand, by_hand)], clusters)),
        ("corrected", *_mean_interval([(hand - tuning * given, by_hand), (tuning * given, ~by_hand)], clusters)),
    ]
    table = pd.DataFrame(rows, columns=["method", "estimate", "low", "high", "n"]).astype({"method": "string"})
    if set(np.unique(np.r_[given, hand[by_hand]])) <= {0.0, 1.0}:
        table[["estimate", "low", "high"]] = table[["estimate", "low", "high"]].clip(0, 1)
    return table


def check_draws(frame: pd.DataFrame, unit: str | None, repeats: int) -> None:
    """Refuse rows without a unit, and fewer than two draws."""
    if unit is not None and frame[unit].isna().any():
        raise ValueError(f"{int(frame[unit].isna().sum())} rows have no {unit!r}: name their unit or leave them out")
    if repeats < 2:  # noqa: PLR2004
        raise ValueError(f"repeats is {repeats}: an interval needs at least 2, better 1000")


@lru_cache(maxsize=2)  # a report asks the same units about many codes
def draw_weights(units: int, seed: int, repeats: int) -> Floats:
    """Say how often each unit is drawn, draw by draw."""
    return np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=repeats).astype(float)


def percentiles(draws: Floats) -> tuple[Floats, Floats]:
    """Give the 2.5th and 97.5th percentile of each column; draws that are NA are left out."""
    low, high = pd.DataFrame(draws).quantile([(1 - LEVEL) / 2, (1 + LEVEL) / 2]).to_numpy()
    return low, high


def _tuning(hand: Floats, given: Floats, others: int) -> float:
    """Weigh the coder by how much it tells about the hand codes; 0 leaves it out, as when all were coded by hand."""
    if not others or given.var() == 0:
        return 0.0
    slope = np.cov(hand, given)[0, 1] / given.var(ddof=1)
    return float(np.clip(slope / (1 + len(hand) / others), 0.0, 1.0))


def _mean_interval(parts: list[tuple[Floats, Bools]], clusters: Ints) -> tuple[float, float, float, int]:
    """Give the sum of the parts' means with a cluster-robust interval; clusters may reach over parts."""
    from scipy.stats import t

    estimate, influence = 0.0, np.zeros(clusters.max() + 1)
    for values, chosen in parts:
        if not chosen.any():
            continue
        mean = values[chosen].mean()
        estimate += mean
        influence += np.bincount(clusters[chosen], (values[chosen] - mean) / chosen.sum(), minlength=len(influence))
    n_clusters = len(np.unique(clusters[parts[0][1]]))
    error = np.sqrt((influence**2).sum() * n_clusters / max(n_clusters - 1, 1))
    reach = float(t.ppf((1 + LEVEL) / 2, max(n_clusters - 1, 1)) * error)
    return estimate, estimate - reach, estimate + reach, int(sum(chosen.sum() for _, chosen in parts))
