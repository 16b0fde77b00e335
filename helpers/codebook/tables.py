"""Tables: the files of a codebook, checked for their shape; a researcher's own are laid over ours."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from helpers.paths import CODEBOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FILES = ("cues.toml", "people.toml", "stance.toml", "threat.toml", "actors.csv", "actors_add.csv")
COLUMNS = ("actor_id", "alias", "type", "country", "start", "end")
_ADD = "_add"  # what a key ends in that adds to a list
_OPEN = {"same_role", "kinds_of_role"}  # tables of people.toml in which any word may be a key
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*((?:\"[^\"]*\"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[\w-]+))*)\s*=")


class Fault(NamedTuple):
    """What is wrong in a codebook, and where."""

    file: str
    key: str
    problem: str
    line: int | None = None

    def __str__(self) -> str:
        """Say it in one sentence."""
        line = f", line {self.line}" if self.line else ""
        return f"{self.file}{line}{', ' if self.key else ''}{self.key}: {self.problem}"


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of tables; a file that is no TOML gives a ValueError that says where."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # of TOML, or of UTF-8
        raise ValueError(f"cannot be read: {error}") from None


def read_actors(path: Path) -> pd.DataFrame:
    """Read a file of actors; a file without their columns gives a ValueError."""
    try:
        rows = pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""])
    except ValueError as error:
        raise ValueError(f"cannot be read: {error}") from None
    if missing := [column for column in COLUMNS if column not in rows]:
        raise ValueError(f"lacks the columns {', '.join(missing)}: the first line names {', '.join(COLUMNS)}")
    return rows


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
    for key, value in own.items():
        if not _adds(key, value):
            merged[key] = overlay(merged.get(key, {}), value) if isinstance(value, dict) else value
    for key, value in own.items():
        if _adds(key, value):
            known = merged.get(key.removesuffix(_ADD), [])
            merged[key.removesuffix(_ADD)] = [*known, *(one for one in value if one not in known)]
    return merged


def _adds(key: str, value: object) -> bool:
    return key.endswith(_ADD) and isinstance(value, list)


def find_shape_faults(path: Path) -> list[Fault]:
    """List what keeps a file of one's own from being used at all: no TOML, no columns, a text instead of a list."""
    try:
        if path.suffix == ".csv":
            read_actors(path)
            return []
        own = read_toml(path)
    except ValueError as error:
        return [Fault(path.name, "", str(error), 1 if path.suffix == ".csv" else None)]
    ours = read_toml(CODEBOOKS / path.name)
    text = path.read_text(encoding="utf-8")
    found = _misshapen(own, ours, _kinds(ours), (), closed=path.name == "people.toml")
    return [Fault(path.name, ".".join(key), problem, line_of(text, key)) for key, problem in found]


def line_of(text: str, key: tuple[str, ...]) -> int | None:
    """Return the line of a key in a TOML text, or of the table it stands in."""
    section: tuple[str, ...] = ()
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.splitlines(), 1):
        header, named = _HEADER.fullmatch(line), _KEY.match(line)
        if header:
            section = _parts(header[1])
        path = section if header else (*section, *_parts(named[1])) if named else ()
        if key[: len(path)] == path and len(path) > best[0]:
            best = (len(path), number)
    return best[1]


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", name))


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list of texts"}
    return "a table" if isinstance(value, dict) else kinds.get(type(value), "a date")


def _walk(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        yield (*path, key), value
        if isinstance(value, dict):
            yield from _walk(value, (*path, key))


def _kinds(ours: Mapping[str, Any]) -> dict[tuple[object, ...], str]:
    """Say what stands where in our file: by place, by table and key, and by table alone where all is alike."""
    found: dict[tuple[object, ...], set[str]] = {}
    for path, value in _walk(ours):
        for place in (path, (path[0], len(path), path[-1]), (path[0], len(path))):
            found.setdefault(place, set()).add(_kind(value))
    return {place: kinds.pop() for place, kinds in found.items() if len(kinds) == 1}


def _misshapen(
    own: Mapping[str, Any],
    ours: Mapping[str, Any],
    kinds: Mapping[tuple[object, ...], str],
    above: tuple[str, ...],
    *,
    closed: bool,
) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in own.items():
        name, path = key.removesuffix(_ADD) if _adds(key, value) else key, (*above, key)
        place = (*above, name)
        wanted = kinds.get(place) or kinds.get((place[0], len(place), name)) or kinds.get((place[0], len(place)))
        if not key.strip():
            yield path, "has no name: write one before the sign ="
        elif name != key and name not in {*own, *ours}:
            yield path, f"adds to {name}, which is not there: write {name} = […]"
        elif closed and place not in kinds and place[0] not in _OPEN:
            yield path, f"is not known; known here are {', '.join(ours)}"
        elif wanted and _kind(value) != wanted:
            yield path, f"must be {wanted}, not {value!r}"
        elif isinstance(value, dict):
            yield from _misshapen(value, ours.get(key, {}), kinds, path, closed=closed)
        elif isinstance(value, list) and (bad := [one for one in value if not isinstance(one, str) or not one.strip()]):
            yield path, f"must be a list of texts, and {bad[0]!r} is none"
