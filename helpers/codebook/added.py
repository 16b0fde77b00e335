"""Added names: find the patterns that a researcher's own folder adds to those of the project."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from helpers.codebook.load import Codebook, load_codebook
from helpers.codebook.patterns import compile_patterns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.codebook.patterns import Patterns


def added_names(codebook: Codebook) -> Patterns:
    """Compile the names that a codebook has beyond those of the project.

    The reader learned the project's own names; a name that a researcher adds is found by its patterns, and the reader
    says which role it has.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    Patterns
        Entries ``agents.ID``, ``referents.ID``, ``types.ID``, ``measures.ID`` from ``threat.toml``, ``stance.ID`` from
        the targets of ``stance.toml``, and ``actors.ID`` from ``actors.csv``; none for the project's own codebook.

    Raises
    ------
    ValueError
        If a pattern cannot be read.

    Examples
    --------
    >>> added_names(load_codebook()).patterns
    ()
    """
    shipped = _shipped()
    entries: dict[str, dict[str, Any]] = {}
    for layer, table in _tables(codebook).items():
        for value, keys in table.items():
            known = _tables(shipped)[layer].get(keys.get("reads_as", value), {}).get("patterns", ())
            if new := [pattern for pattern in keys.get("patterns", ()) if pattern not in known]:
                entries[f"{layer}.{value}"] = {"patterns": new, "guards": keys.get("guards", ())}
    new_actors = codebook.actors[~codebook.actors["alias"].isin(shipped.actors["alias"])].dropna(subset=["alias"])
    for actor, rows in new_actors.groupby("actor_id"):
        entries[f"actors.{actor}"] = {"patterns": rows["alias"].tolist()}
    return compile_patterns(entries)


def reader_ids(codebook: Codebook) -> dict[tuple[str, str], str]:
    """Map the ids that the reader learned to those of a codebook that gives them other names.

    The reader can only say the ids that stand on its card. A codebook that renames one says so with ``reads_as``; all
    others have the same id in both, and are not in the mapping.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    dict
        Slot (``stance`` for targets) and id of the reader to id of the codebook. Blame takes the ids of agents too.

    Examples
    --------
    >>> reader_ids(load_codebook())
    {}
    """
    tables = _tables(codebook)
    tables["blame"] = {**tables["agents"], **codebook.threat.get("blame", {})}
    named = [(slot, value, keys) for slot, table in tables.items() for value, keys in table.items()]
    return {(slot, keys["reads_as"]): value for slot, value, keys in named if "reads_as" in keys}


def _tables(codebook: Codebook) -> dict[str, Mapping[str, Any]]:
    """Return what the reader learned to tell apart: targets of stance, and the values of the slots."""
    slots = {slot: codebook.threat.get(slot, {}) for slot in ("agents", "referents", "types", "measures")}
    return {"stance": codebook.stance.get("targets", {}), **slots}


@functools.cache
def _shipped() -> Codebook:
    return load_codebook()
