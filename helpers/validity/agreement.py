"""Do coders agree: coefficients with intervals, and spans against gold."""

from contextlib import suppress
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from helpers.inputs import check_columns
from helpers.validity.intervals import Floats, Ints, draw_weights, percentiles

LEVELS = ("nominal", "ordinal", "interval", "set")
MATCHES = ("exact", "half", "overlap")
ABSENT = frozenset({"", "0", "0.0", "none", "no", "false"})


def agreement(codes: pd.DataFrame, *, level: str, seed: int = 0, repeats: int = 1000) -> pd.DataFrame:
    """Measure how far coders agree, beyond chance, for each variable.

    Parameters
    ----------
    codes : DataFrame
        ``unit_id, coder, variable, value``: one row per code. A missing value, or a missing row, is a unit that the
        coder did not code. For level ``set`` a value is a set, tuple or list of ids, or ids joined by ";".
    level : {"nominal", "ordinal", "interval", "set"}
        How far apart two values are: equal or not; by their order in the data; by their difference; by what two sets
        share (MASI). Values of ``ordinal`` and ``interval`` are numbers.
    seed, repeats : int
        Of the bootstrap over units.

    Returns
    -------
    DataFrame
        ``variable`` string, ``coefficient`` string, ``value``, ``low``, ``high`` float64 (95 %), ``n_units`` int64
        (coded at least twice), ``n_positive`` int64 (of these, where a coder saw something: not 0, none, no or
        empty). Coefficients: ``percent`` (mean of 1 less the distance between two codes; for ordinal the share of equal
        codes), ``alpha`` (Krippendorff), and for nominal ``ac1`` (Gwet), which holds for rare codes, where alpha
        collapses although coders hardly ever differ: report both, with `n_positive`. A coefficient is NA when all
        codes are the same value, since nothing then tells agreement from chance.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If the level is unknown, a coder coded a unit twice, no unit was coded twice, or a value is no number where
        numbers are needed.

    Notes
    -----
    Krippendorff (2004), chapter 11; Gwet (2008) for AC1; Passonneau (2006) for MASI. The distances are nltk's; alpha
    equals ``nltk.metrics.agreement.AnnotationTask.alpha`` and is computed here for all draws at once.

    Examples
    --------
    >>> codes = pd.DataFrame({"unit_id": list("aabbccdd"), "coder": ["x", "y"] * 4, "variable": "threat",
    ...                       "value": [1, 1, 0, 0, 1, 0, 0, 0]})
    >>> agreement(codes, level="nominal").round(3)[["coefficient", "value", "n_units", "n_positive"]]
      coefficient  value  n_units  n_positive
    0     percent  0.750        4           2
    1       alpha  0.533        4           2
    2         ac1  0.529        4           2
    """
    check_columns(codes, "unit_id", "coder", "variable", "value")
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}: choose one of {', '.join(LEVELS)}")
    twice = codes[codes.duplicated(["unit_id", "coder", "variable"])]
    if len(twice):
        row = twice.iloc[0]
        raise ValueError(f"{row['coder']!r} coded {row['variable']!r} of unit {row['unit_id']!r} more than once")
    tables = []
    for variable, part in codes.dropna(subset=["value"]).groupby("variable", sort=True):
        values = [_read_value(value, level, str(variable)) for value in part["value"]]
        kinds = sorted(set(values), key=sorted if level == "set" else None)
        units, numbers = pd.factorize(part["unit_id"])[0], np.array([kinds.index(value) for value in values])
        table = pd.crosstab(units, numbers).to_numpy(float)
        table = table[table.sum(axis=1) > 1]
        if not len(table):
            raise ValueError(f"no unit of variable {variable!r} was coded by two coders")
        positive = np.array([bool(kind) and str(kind).strip().lower() not in ABSENT for kind in kinds])
        n_positive = int((table[:, positive].sum(axis=1) > 0).sum())
        weights = np.vstack([np.ones(len(table)), draw_weights(len(table), seed, repeats)])
        for name, draws in _coefficients(table, kinds, level, weights).items():
            low, high = percentiles(draws[1:, None])
            tables.append((variable, name, draws[0], low[0], high[0], len(table), n_positive))
    columns = ["variable", "coefficient", "value", "low", "high", "n_units", "n_positive"]
    return pd.DataFrame(tables, columns=columns).astype({"variable": "string", "coefficient": "string"})


def match_spans(gold: pd.DataFrame, predicted: pd.DataFrame, *, match: str, by: str | None = None) -> pd.DataFrame:
    """Count for each document how many spans of two tables match, one to one.

    Parameters
    ----------
    gold, predicted : DataFrame
        ``doc_id``, ``start``, ``end`` (half-open offsets), and the column named by `by`.
    match : {"exact", "half", "overlap"}
        Two spans match if they are equal; if what they share is at least half of what they cover together; if they
        share a character.
    by : str, optional
        Column, such as a slot, that must be equal as well.

    Returns
    -------
    DataFrame
        ``doc_id`` string, ``label`` string (the value of `by`, or ``all``), ``n_gold``, ``n_predicted``, ``n_matched``
        int64: the table to hand to `bootstrap`.

    Raises
    ------
    KeyError
        If a column is missing.
    ValueError
        If `match` is unknown, or a span does not end after its start.

    Examples
    --------
    >>> gold = pd.DataFrame({"doc_id": ["a", "a"], "start": [0, 10], "end": [5, 20]})
    >>> found = pd.DataFrame({"doc_id": ["a"], "start": [1], "end": [5]})
    >>> match_spans(gold, found, match="half")
      doc_id label  n_gold  n_predicted  n_matched
    0      a   all       2            1          1
    """
    if match not in MATCHES:
        raise ValueError(f"match is {match!r}: choose one of {', '.join(MATCHES)}")
    sides = [_spans(table, name, by) for table, name in ((gold, "gold"), (predicted, "predicted"))]
    rows = []
    for doc, label in sorted(set(sides[0]) | set(sides[1])):
        ours, theirs = (side.get((doc, label), np.zeros((0, 2), dtype=np.int64)) for side in sides)
        rows.append((doc, label, len(ours), len(theirs), _count_matches(ours, theirs, match)))
    table = pd.DataFrame(rows, columns=["doc_id", "label", "n_gold", "n_predicted", "n_matched"])
    return table.astype({"doc_id": "string", "label": "string"} | dict.fromkeys(table.columns[2:], "int64"))


def score_spans(gold: pd.DataFrame, predicted: pd.DataFrame, *, match: str, by: str | None = None) -> pd.DataFrame:
    """Score spans against gold.

    Parameters
    ----------
    gold, predicted : DataFrame
    match : {"exact", "half", "overlap"}
    by : str, optional
        As in `match_spans`.

    Returns
    -------
    DataFrame
        ``label`` string, ``n_gold``, ``n_predicted``, ``n_matched`` int64, ``precision``, ``recall``, ``f1`` float64
        (NA where nothing was to be found and nothing was): one row for each label, the last one for all of them.

    Raises
    ------
    KeyError, ValueError
        As in `match_spans`.

    Examples
    --------
    >>> gold = pd.DataFrame({"doc_id": ["a", "a"], "start": [0, 10], "end": [5, 20]})
    >>> found = pd.DataFrame({"doc_id": ["a"], "start": [1], "end": [5]})
    >>> score_spans(gold, found, match="overlap")[["precision", "recall"]].iloc[0].tolist()
    [1.0, 0.5]
    """
    counted = match_spans(gold, predicted, match=match, by=by)
    numbers = ["n_gold", "n_predicted", "n_matched"]
    table = counted.groupby("label", sort=True)[numbers].sum()
    table.loc["all"] = counted[numbers].sum()
    table = table.reset_index().astype({"label": "string"})
    n_gold, n_predicted, n_matched = (table[name].astype(float) for name in numbers)
    table["precision"] = n_matched / n_predicted.where(n_predicted > 0)
    table["recall"] = n_matched / n_gold.where(n_gold > 0)
    table["f1"] = 2 * n_matched / (n_gold + n_predicted).where(n_gold + n_predicted > 0)
    return table


def _read_value(value: object, level: str, variable: str) -> Any:  # noqa: ANN401 - text, number or set
    if level == "set":
        parts = value.split(";") if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        return frozenset(part.strip() for part in map(str, parts) if part.strip())
    if level == "nominal":
        return str(value)
    with suppress(TypeError, ValueError):
        number = float(value)  # type: ignore[arg-type]
        if isfinite(number):
            return number
    raise ValueError(f"variable {variable!r} has the value {value!r}: level {level!r} needs numbers, and finite ones")


def _coefficients(table: Floats, kinds: list[Any], level: str, weights: Floats) -> dict[str, Floats]:
    """Compute each coefficient for every row of weights over units."""
    from nltk.metrics.distance import binary_distance, interval_distance, masi_distance

    measure = {"interval": interval_distance, "set": masi_distance}.get(level, binary_distance)
    # equal values are 0 apart by definition; nltk's MASI divides by zero on two empty sets
    distance = np.array([[0.0 if a == b else float(measure(a, b)) for b in kinds] for a in kinds])
    n_codes = table.sum(axis=1)
    totals = weights @ table
    if level == "ordinal":  # the metric itself depends on how often each value was used
        alpha = np.array([_alpha(w, table, n_codes, _ordinal(total)) for w, total in zip(weights, totals, strict=True)])
    else:
        alpha = _alpha(weights, table, n_codes, distance)
    apart = distance if level != "interval" else np.abs(np.subtract.outer(kinds, kinds)) / max(np.ptp(kinds), 1e-12)
    pairs = n_codes * (n_codes - 1)
    percent = weights @ (1 - np.einsum("ui,ij,uj->u", table, apart, table) / pairs) / weights.sum(axis=1)
    found = {"percent": percent, "alpha": alpha}
    if level == "nominal":
        shares = weights @ (table / n_codes[:, None]) / weights.sum(axis=1, keepdims=True)
        chance = (shares * (1 - shares)).sum(axis=1) / max(len(kinds) - 1, 1)
        found["ac1"] = (percent - chance) / (1 - chance) if len(kinds) > 1 else np.full(len(weights), np.nan)
    return found


def _alpha(weights: Floats, table: Floats, n_codes: Floats, distance: Floats) -> Floats:
    observed = weights @ (np.einsum("ui,ij,uj->u", table, distance, table) / (n_codes - 1)) / (weights @ n_codes)
    totals = weights @ table
    n = totals.sum(axis=-1)
    expected = ((totals @ distance) * totals).sum(axis=-1) / (n * (n - 1))
    with np.errstate(invalid="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _ordinal(totals: Floats) -> Floats:
    """Krippendorff's ordinal metric: codes between two values, with half of those at either end, squared."""
    reached = np.cumsum(totals) - totals / 2
    return np.subtract.outer(reached, reached) ** 2


def _spans(table: pd.DataFrame, name: str, by: str | None) -> dict[tuple[str, str], Ints]:
    check_columns(table, "doc_id", "start", "end", *([by] if by else []), name=name)
    if wrong := int((table["end"] <= table["start"]).sum()):
        raise ValueError(f"{name} has spans that do not end after their start: {wrong}")
    keys = {"doc": table["doc_id"].astype("string"), "label": table[by].astype("string") if by else "all"}
    groups = table.assign(**keys).groupby(["doc", "label"])[["start", "end"]]
    return {(str(doc), str(label)): part.to_numpy(np.int64) for (doc, label), part in groups}


def _count_matches(ours: Ints, theirs: Ints, match: str) -> int:
    from scipy.optimize import linear_sum_assignment

    first = np.maximum(ours[:, None, 0], theirs[None, :, 0])
    last = np.minimum(ours[:, None, 1], theirs[None, :, 1])
    common = np.clip(last - first, 0, None)
    cover = (ours[:, 1] - ours[:, 0])[:, None] + (theirs[:, 1] - theirs[:, 0])[None, :] - common
    allowed = {"exact": common == cover, "half": 2 * common >= cover, "overlap": common > 0}[match]
    rows, columns = linear_sum_assignment(-allowed.astype(float))
    return int(allowed[rows, columns].sum())
