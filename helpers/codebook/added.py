"""Added names: find the patterns that a researcher's own folder adds to those of the project."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from helpers.codebook.load import Codebook, load_codebook
from helpers.codebook.patterns import compile_patterns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from helpers.codebook.patterns import Patterns

_SLOTS = ("agents", "referents", "types", "measures")


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
    if codebook.digest == shipped.digest:
        return compile_patterns({})
    entries: dict[str, dict[str, Any]] = {}
    for slot in _SLOTS:
        entries |= _beyond(slot, codebook.threat.get(slot, {}), shipped.threat.get(slot, {}))
    entries |= _beyond("stance", codebook.stance.get("targets", {}), shipped.stance.get("targets", {}))
    known = set(zip(shipped.actors["actor_id"], shipped.actors["alias"], strict=True))
    aliases: dict[str, list[str]] = {}
    for actor, alias in zip(codebook.actors["actor_id"], codebook.actors["alias"], strict=True):
        if (actor, alias) not in known:
            aliases.setdefault(actor, []).append(alias)
    entries |= {f"actors.{actor}": {"patterns": names} for actor, names in aliases.items()}
    return compile_patterns(entries)


@functools.cache
def _shipped() -> Codebook:
    return load_codebook()


def _beyond(layer: str, own: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for value, keys in own.items():
        known = ours.get(value, {}).get("patterns", ())
        if new := [pattern for pattern in keys.get("patterns", ()) if pattern not in known]:
            found[f"{layer}.{value}"] = {"patterns": new, "guards": keys.get("guards", ())}
    return found
