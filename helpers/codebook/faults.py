"""What can be wrong in a codebook: patterns, examples, codes of countries, dates."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.codebook.match import find_hits
from helpers.codebook.patterns import compile_patterns, entries_of, slots_of
from helpers.codebook.tables import Fault, line_of, load_words, overlay, read_actors, read_toml
from helpers.paths import CODEBOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SLOTS = ("agents", "types", "referents", "severity", "measures", "blame", "denial")
ASIDE = ("causes", "harms", "negation", "voice", "countries")
_NO_COUNTRY = "is no country code of ISO 3166-1 alpha-3, such as AFG"


def toml_faults(path: Path, ours: Mapping[str, Any]) -> list[Fault]:
    """Return every fault in the tables of a file, read together with ours."""
    own, text = read_toml(path), path.read_text(encoding="utf-8")
    found = _table_faults(path.name, own, overlay(ours, own))
    return [Fault(path.name, key, problem, line_of(text, tuple(key.split(".")))) for key, problem in found]


def _table_faults(name: str, own: Mapping[str, Any], merged: Mapping[str, Any]) -> list[tuple[str, str]]:
    faults = [(key, "is missing") for key in ("version", "source", "licence") if not str(own.get(key, "")).strip()]
    entries, touched = entries_of(merged), entries_of(overlay({}, own))
    countries = merged.get("countries", {})
    layers = {part for entry in entries for part in _parts_of(entry)} | {"countries" for _ in countries}
    layers |= {f"hints.{part}" for entry, table in entries.items() if "hints" in table for part in _parts_of(entry)}
    if name == "threat.toml":
        known = {*SLOTS, *ASIDE}
        problem = f"is no slot; the slots are {', '.join(SLOTS)}; beside them stand {', '.join(ASIDE)}"
        faults += [(key, problem) for key, value in own.items() if isinstance(value, dict) and key not in known]
        faults += [(f"countries.{code}", _NO_COUNTRY) for code in own.get("countries", {}) if not is_country(code)]
    sound: dict[str, Mapping[str, Any]] = {}
    for entry, table in entries.items():
        parts = {kind: table.get(kind, ()) for kind in ("patterns", "guards", "hints")}
        found = [fault for kind, rules in parts.items() for fault in _pattern_faults(entry, kind, rules, layers)]
        if "country" in table and not is_country(table["country"]):
            found.append((f"{entry}.country", _NO_COUNTRY))
        if not found:
            sound[entry] = table
        if entry in touched:
            # Word lists that stand alone, outside any layer, need no example.
            wanted = ["example", "counter_example"] if "." in entry else []
            wanted += ["definition"] if name == "threat.toml" else []
            missing = [(f"{entry}.{key}", "is missing") for key in wanted if not str(table.get(key, "")).strip()]
            faults += missing + found
    if name != "threat.toml":  # other coders read their entries in their own way, so only they can try an example
        return faults
    patterns = {f"hints.{entry}": {"patterns": table["hints"]} for entry, table in sound.items() if "hints" in table}
    patterns |= {f"countries.{code}": {"patterns": names} for code, names in countries.items()}
    compiled = compile_patterns(sound | patterns)
    for entry in sorted(touched.keys() & sound.keys()):
        for key, wanted_hit in (("example", True), ("counter_example", False)):
            text = str(sound[entry].get(key, ""))
            if text and any(hit.entry == entry for hit in find_hits(text, compiled)) != wanted_hit:
                problem = "is not matched by its own entry" if wanted_hit else "is matched, and should not be"
                faults.append((f"{entry}.{key}", f"{problem}: {text!r}"))
    return faults


def _parts_of(entry: str) -> list[str]:
    names = entry.split(".")
    return [".".join(names[:count]) for count in range(1, len(names) + 1)]


def _pattern_faults(entry: str, kind: str, rules: Sequence[str], layers: set[str]) -> list[tuple[str, str]]:
    faults = []
    for rule in rules:
        try:
            asked = slots_of(rule)
            compile_patterns({entry: {"patterns": [rule]}})
        except ValueError as error:
            faults.append((f"{entry}.{kind}", str(error).removeprefix(f"{entry}: ")))
            continue
        faults += [
            (f"{entry}.{kind}", f"pattern {rule!r}: no entry fills the slot {{{slot}}}")
            for slot in asked
            if slot not in layers
        ]
    return faults


def actor_faults(path: Path) -> list[Fault]:
    """Return every fault in a file of actors."""
    return [Fault(path.name, f"row {row}", problem, row) for row, problem in _row_faults(read_actors(path))]


def _row_faults(rows: pd.DataFrame) -> list[tuple[int, str]]:
    faults = []
    dates = {name: pd.to_datetime(rows[name], format="%Y-%m-%d", errors="coerce") for name in ("start", "end")}
    seen: dict[tuple[str, ...], list[tuple[int, pd.Timestamp, pd.Timestamp]]] = {}
    for at, row in enumerate(rows.itertuples(index=False)):
        key = at + 2  # the first row holds the names of the columns
        values = dict(zip(rows.columns, row, strict=True))
        faults += [(key, f"{name} is missing") for name in ("actor_id", "alias", "type") if pd.isna(values[name])]
        if pd.notna(values["country"]) and not is_country(str(values["country"])):
            faults.append((key, f"{values['country']!r} {_NO_COUNTRY}"))
        for name, column in dates.items():
            if pd.notna(values[name]) and pd.isna(column[at]):
                faults.append((key, f"{name} {values[name]!r} is no date such as 2001-09-11"))
        start = dates["start"][at] if pd.notna(dates["start"][at]) else pd.Timestamp.min
        end = dates["end"][at] if pd.notna(dates["end"][at]) else pd.Timestamp.max
        if end < start:
            faults.append((key, f"ends before it starts: {values['start']} to {values['end']}"))
        same = seen.setdefault(tuple(str(values[name]) for name in ("actor_id", "alias", "type")), [])
        faults += [
            (key, f"repeats row {other} at the same time")
            for other, since, until in same
            if start <= until and since <= end
        ]
        same.append((at + 2, start, end))
    return faults


@functools.cache
def _codes() -> frozenset[str]:
    return load_words(CODEBOOKS / "countries.txt")


def is_country(code: object) -> bool:
    """Tell whether a code is one of three letters by ISO 3166-1, of a State that is or was."""
    return isinstance(code, str) and code in _codes()
