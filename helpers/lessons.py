"""Lessons: what several notebooks need, so that it stands in one place."""

from __future__ import annotations

import pandas as pd


def cast_actors(cast: pd.DataFrame) -> pd.DataFrame:
    """Turn a list of people into rows of an ``actors.csv``, one a spelling, to be laid over the project's actors.

    Parameters
    ----------
    cast : DataFrame
        Read from ``data/cast.csv``: ``name``, ``also_written`` (another spelling, empty or missing where there is
        none), ``country`` (ISO 3166-1 alpha-3), ``side``; all string.

    Returns
    -------
    DataFrame
        ``actor_id`` (the name in small letters, words joined by ``_``), ``alias``, ``type`` (``person``), ``country``,
        ``start``, ``end`` (empty: at any date) and ``side``, all string; first the names, then the other spellings.

    Raises
    ------
    KeyError
        If a column is missing.

    Examples
    --------
    >>> cast = pd.DataFrame({"name": ["Ana Ruiz"], "also_written": ["A. Ruiz"], "country": ["ESP"], "side": ["state"]})
    >>> cast_actors(cast)[["actor_id", "alias"]].values.tolist()
    [['ana_ruiz', 'Ana Ruiz'], ['ana_ruiz', 'A. Ruiz']]
    """
    people = cast.assign(actor_id=cast["name"].str.lower().str.replace(r"\W+", "_", regex=True))
    spelt = people[people["also_written"].fillna("").ne("")]
    rows = pd.concat([people.assign(alias=people["name"]), spelt.assign(alias=spelt["also_written"])])
    rows = rows.assign(type="person", start="", end="")
    names = ["actor_id", "alias", "type", "country", "start", "end", "side"]
    return rows[names].astype("string").reset_index(drop=True)
