"""What can be wrong in a codebook: patterns, examples, codes of countries, dates."""

from __future__ import annotations

import functools
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.codebook.match import find_hits
from helpers.codebook.patterns import compile_patterns, entries_of, threat_entries
from helpers.codebook.tables import Fault, line_of, load_words, overlay, read_actors, read_toml
from helpers.paths import CODEBOOKS

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    entries, touched = threat_entries(merged), entries_of(overlay({}, own))
    layers = {layer for entry in entries for layer in accumulate(entry.split("."), "{}.{}".format)}
    if name == "threat.toml":
        known = {*SLOTS, *ASIDE}
        problem = f"is no slot; the slots are {', '.join(SLOTS)}; beside them stand {', '.join(ASIDE)}"
        faults += [(key, problem) for key, value in own.items() if isinstance(value, dict) and key not in known]
        faults += [(f"countries.{code}", _NO_COUNTRY) for code in own.get("countries", {}) if not is_country(code)]
    sound: dict[str, Mapping[str, Any]] = {}
    for entry, table in entries.items():
        found = [
            (f"{entry.removeprefix('hints.')}.{'hints' if entry.startswith('hints.') else kind}", problem)
            for kind in ("patterns", "guards")
            for rule in table.get(kind, ())
            for problem in _pattern_faults(entry, rule, layers)
        ]
        if "country" in table and not is_country(table["country"]):
            found.append((f"{entry}.country", _NO_COUNTRY))
        if not found:
            sound[entry] = table
        faults += found  # our own entries have none
        if entry in touched:
            # Word lists that stand alone, outside any layer, need no example.
            wanted = ["example", "counter_example"] if "." in entry else []
            wanted += ["definition"] if name == "threat.toml" else []
            faults += [(f"{entry}.{key}", "is missing") for key in wanted if not str(table.get(key, "")).strip()]
    if name != "threat.toml":  # other coders read their entries in their own way, so only they can try an example
        return faults
    compiled = compile_patterns(sound)
    for entry in sorted(touched.keys() & sound.keys()):
        for key, wanted_hit in (("example", True), ("counter_example", False)):
            text = str(sound[entry].get(key, ""))
            if text and any(hit.entry == entry for hit in find_hits(text, compiled)) != wanted_hit:
                problem = "is not matched by its own entry" if wanted_hit else "is matched, and should not be"
                faults.append((f"{entry}.{key}", f"{problem}: {text!r}"))
    return faults


def _pattern_faults(entry: str, rule: str, layers: set[str]) -> list[str]:
    try:
        (pattern,) = compile_patterns({entry: {"patterns": [rule]}}).patterns
    except ValueError as error:
        return [str(error).removeprefix(f"{entry}: ")]
    asked = [layer for slot in (pattern.before, pattern.after) if slot for layer in slot.layers]
    return [f"pattern {rule!r}: no entry fills the slot {{{layer}}}" for layer in asked if layer not in layers]


def actor_faults(path: Path) -> list[Fault]:
    """Return every fault in a file of actors."""
    rows = read_actors(path)
    rows.index += 2  # the first row holds the names of the columns
    start, end = (pd.to_datetime(rows[name], format="%Y-%m-%d", errors="coerce") for name in ("start", "end"))
    keys = ["actor_id", "alias", "type"]
    tests = [(rows[name].isna(), f"{name} is missing") for name in keys]
    tests += [
        (rows["country"].notna() & ~rows["country"].map(is_country), f"{{country!r}} {_NO_COUNTRY}"),
        (rows["start"].notna() & start.isna(), "start {start!r} is no date such as 2001-09-11"),
        (rows["end"].notna() & end.isna(), "end {end!r} is no date such as 2001-09-11"),
        (end < start, "ends before it starts: {start} to {end}"),
    ]
    faults = [(at, problem.format(**rows.loc[at])) for wrong, problem in tests for at in rows.index[wrong]]
    times = rows[keys].assign(row=rows.index, since=start, until=end)
    pairs = times.merge(times, on=keys).query("row_x > row_y and not since_x > until_y and not since_y > until_x")
    faults += [(row, f"repeats row {other} at the same time") for row, other in pairs[["row_x", "row_y"]].to_numpy()]
    return [Fault(path.name, f"row {row}", problem, row) for row, problem in sorted(faults, key=itemgetter(0))]


@functools.cache
def _codes() -> frozenset[str]:
    return load_words(CODEBOOKS / "countries.txt")


def is_country(code: object) -> bool:
    """Tell whether a code is one of three letters by ISO 3166-1, of a State that is or was."""
    return isinstance(code, str) and code in _codes()
