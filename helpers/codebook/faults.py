"""What can be wrong in a codebook: its shape, patterns, examples, codes of countries, dates."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from helpers.codebook.patterns import compile_patterns, entries_of, find_hits, threat_entries
from helpers.codebook.tables import COLUMNS, load_words, name_of, overlay, read_actors, read_toml, walk
from helpers.paths import CODEBOOKS

_COUNTRIES = CODEBOOKS / "countries.txt"
_NO_COUNTRY = "is no country code of ISO 3166-1 alpha-3, such as AFG"
_KINDS = {dict: "a table", list: "a list of texts", str: "a text", bool: "true or false"}
_KINDS |= dict.fromkeys((int, float), "a number")
_CLOSED = "people.toml"  # a file in which only the keys of ours are known
_OPEN = {"same_role", "kinds_of_role"}  # its tables in which any word may be a key
_NAME = r"\"[^\"]*\"|'[^']*'|[\w-]+"
_LINE = re.compile(rf"\s*(?:\[(?P<table>[^\[\]]+)\]\s*(?:#.*)?$|(?P<key>(?:{_NAME})(?:\s*\.\s*(?:{_NAME}))*)\s*=)")
Key = tuple[str, ...]
Problem = tuple[Key, str]  # the dotted path of a key, and what is wrong with it


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


def find_shape_faults(path: Path) -> list[Fault]:
    """List what keeps a file of one's own from being used at all: no TOML, no columns, a text instead of a list."""
    is_csv = path.suffix == ".csv"
    try:
        own = read_actors(path) if is_csv else read_toml(path)
    except ValueError as error:  # of CSV, of TOML, or of UTF-8
        return [Fault(path.name, "", f"cannot be read: {error}", 1 if is_csv else None)]
    if isinstance(own, pd.DataFrame):
        missing = ", ".join(column for column in COLUMNS if column not in own)
        problem = f"lacks the columns {missing}: the first line names {', '.join(COLUMNS)}"
        return [Fault(path.name, "", problem, 1)] if missing else []
    return _with_lines(path, _misshapen(path.name, own, read_toml(CODEBOOKS / path.name)))


def _with_lines(path: Path, problems: Iterable[Problem]) -> list[Fault]:
    text = path.read_text(encoding="utf-8")
    return [Fault(path.name, ".".join(key), problem, _line_of(text, key)) for key, problem in problems]


def _line_of(text: str, key: Key) -> int | None:
    """Return the line of a key in a TOML text, or of the table it stands in."""
    section: Key = ()
    lines: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _LINE.match(line):
            parts = tuple(part.strip("\"'") for part in re.findall(_NAME, found["table"] or found["key"]))
            section = parts if found["table"] else section
            lines.setdefault(parts if found["table"] else (*section, *parts), number)
    return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), None)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "a date")


def _kinds(ours: Mapping[str, Any]) -> dict[tuple[object, ...], str]:
    """Say what stands where in our file: by table, depth and key, and by table and depth where all is alike."""
    found: defaultdict[tuple[object, ...], set[str]] = defaultdict(set)
    for path, value in walk(ours):
        found[path[0], len(path), path[-1]].add(_kind(value))
        found[path[0], len(path)].add(_kind(value))
    return {place: kinds.pop() for place, kinds in found.items() if len(kinds) == 1}


def _misshapen(file: str, own: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Problem]:
    """Find the keys that do not have the kind of value that stands in our file, and lists with a text that is none."""
    kinds = _kinds(ours)

    def look(table: Mapping[str, Any], beside: Mapping[str, Any], above: Key) -> Iterator[Problem]:
        for key, value in table.items():
            name, path = name_of(key, value), (*above, key)
            place = ((*above, name)[0], len(path), name)
            wanted = kinds.get(place) or kinds.get(place[:2])
            if not key.strip():
                yield path, "has no name: write one before the sign ="
            elif name != key and name not in {*table, *beside}:
                yield path, f"adds to {name}, which is not there: write {name} = […]"
            elif file == _CLOSED and place not in kinds and place[0] not in _OPEN:
                yield path, f"is not known; known here are {', '.join(beside)}"
            elif wanted and _kind(value) != wanted:
                yield path, f"must be {wanted}, not {value!r}"
            elif isinstance(value, dict):
                yield from look(value, beside.get(key, {}), path)
            elif isinstance(value, list) and (bad := [w for w in value if not isinstance(w, str) or not w.strip()]):
                yield path, f"must be a list of texts, and {bad[0]!r} is none"

    return look(own, ours, ())


def find_file_faults(path: Path) -> list[Fault]:
    """List every fault of a file: what keeps it from being used or, where nothing does, what it says wrongly."""
    if faults := find_shape_faults(path):
        return faults
    if path.suffix == ".csv":
        return _actor_faults(path)
    own, ours = read_toml(path), read_toml(CODEBOOKS / path.name)
    return _with_lines(path, _table_problems(path.name, own, ours))


def _table_problems(name: str, own: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what is wrong in the tables of a file, read together with ours."""
    yield from _missing(own, (), ["version", "source", "licence"])
    countries = load_words(_COUNTRIES)
    if name == "threat.toml":
        known = [key for key, value in ours.items() if isinstance(value, dict)]
        unknown = [key for key, value in own.items() if isinstance(value, dict) and key not in known]
        yield from (((key,), f"is no slot or table of this file; these are {', '.join(known)}") for key in unknown)
        wrong = [code for code in own.get("countries", {}) if code not in countries]
        yield from ((("countries", code), _NO_COUNTRY) for code in wrong)
    entries, touched = threat_entries(overlay(ours, own)), entries_of(overlay({}, own))
    layers = {layer for entry in entries for layer in accumulate(entry.split("."), "{}.{}".format)}
    sound = {}
    for entry, table in entries.items():
        found = list(_pattern_problems(entry, table, layers))
        yield from found  # our own entries have none
        if "country" in table and table["country"] not in countries:
            yield (*entry.split("."), "country"), _NO_COUNTRY
        if not found:
            sound[entry] = table
        if entry in touched:
            # Word lists that stand alone, outside any layer, need no example.
            yield from _missing(table, entry.split("."), ["example", "counter_example"] if "." in entry else [])
            yield from _missing(table, entry.split("."), ["definition"] if name == "threat.toml" else [])
    if name != "threat.toml":  # other coders read their entries in their own way, so only they can try an example
        return
    compiled = compile_patterns(sound)
    for entry in sorted(touched.keys() & sound.keys()):
        for key, wanted in (("example", True), ("counter_example", False)):
            text = str(sound[entry].get(key, ""))
            if text and any(hit.entry == entry for hit in find_hits(text, compiled)) != wanted:
                problem = "is not matched by its own entry" if wanted else "is matched, and should not be"
                yield (*entry.split("."), key), f"{problem}: {text!r}"


def _missing(table: Mapping[str, Any], above: Iterable[str], keys: Iterable[str]) -> Iterator[Problem]:
    return (((*above, key), "is missing") for key in keys if not str(table.get(key, "")).strip())


def _pattern_problems(entry: str, table: Mapping[str, Any], layers: Collection[str]) -> Iterator[Problem]:
    hinted = entry.startswith("hints.")
    place = entry.removeprefix("hints.").split(".")
    rules = [(rule, "hints" if hinted else kind) for kind in ("patterns", "guards") for rule in table.get(kind, ())]
    for rule, kind in rules:
        try:
            (pattern,) = compile_patterns({entry: {"patterns": [rule]}}).patterns
        except ValueError as error:
            yield (*place, kind), str(error).removeprefix(f"{entry}: ")
            continue
        unknown = [layer for layer in pattern.slot if layer not in layers]
        yield from (((*place, kind), f"pattern {rule!r}: no entry fills the slot {{{layer}}}") for layer in unknown)


def _actor_faults(path: Path) -> list[Fault]:
    rows = read_actors(path)
    rows.index += 2  # the first row holds the names of the columns
    start, end = (pd.to_datetime(rows[name], format="%Y-%m-%d", errors="coerce") for name in ("start", "end"))
    keys = ["actor_id", "alias", "type"]
    tests = [
        *((rows[name].isna(), f"{name} is missing") for name in keys),
        (rows["country"].notna() & ~rows["country"].isin(load_words(_COUNTRIES)), f"{{country!r}} {_NO_COUNTRY}"),
        (rows["start"].notna() & start.isna(), "start {start!r} is no date such as 2001-09-11"),
        (rows["end"].notna() & end.isna(), "end {end!r} is no date such as 2001-09-11"),
        (end < start, "ends before it starts: {start} to {end}"),
    ]
    faults = [(at, problem.format(**rows.loc[at])) for wrong, problem in tests for at in rows.index[wrong]]
    times = rows[keys].assign(row=rows.index, since=start, until=end)
    pairs = times.merge(times, on=keys).query("row_x > row_y and not since_x > until_y and not since_y > until_x")
    faults += [(row, f"repeats row {other} at the same time") for row, other in pairs[["row_x", "row_y"]].to_numpy()]
    return [Fault(path.name, f"row {row}", problem, row) for row, problem in sorted(faults, key=itemgetter(0))]
