"""Tables: the files of a codebook are read; a researcher's own are laid over ours."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

FILES = ("cues.toml", "people.toml", "stance.toml", "threat.toml", "actors.csv", "actors_add.csv")
COLUMNS = ("actor_id", "alias", "type", "country", "start", "end")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of tables; a file that is no TOML gives a ValueError that says where."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_actors(path: Path) -> pd.DataFrame:
    """Read a file of actors; a file that is no table gives a ValueError."""
    return pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""])


def load_words(path: Path) -> frozenset[str]:
    """Read a list of words: apart by white space, ``#`` opens a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.split("#")[0].split())


def overlay(ours: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one's own settings over ours, table by table and key by key.

    A list replaces ours; a list whose key ends in ``_add`` is added to ours.

    Examples
    --------
    >>> overlay({"say": {"kind": 1, "forms": ["says"]}}, {"say": {"kind": 2, "forms_add": ["said"]}})
    {'say': {'kind': 2, 'forms': ['says', 'said']}}
    """
    merged = dict(ours)
    for key, value in sorted(own.items(), key=lambda pair: pair[0] != name_of(*pair)):  # what adds comes last
        if key != (name := name_of(key, value)):
            merged[name] = list(dict.fromkeys([*merged.get(name, []), *value]))
        else:
            merged[key] = overlay(merged.get(key, {}), value) if isinstance(value, dict) else value
    return merged


def name_of(key: str, value: object) -> str:
    """Return the key that a key stands for: that of a list without the ending ``_add``, by which it adds to ours."""
    return key.removesuffix("_add") if isinstance(value, list) else key


def walk(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Go through nested tables: the path of each key, and its value."""
    for key, value in table.items():
        yield (*above, key), value
        if isinstance(value, dict):
            yield from walk(value, (*above, key))
