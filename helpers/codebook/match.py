"""Where the entries of a codebook stand in a text: longest match, guards, and what fills the slots."""

from __future__ import annotations

import re
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.patterns import WORD, starting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.codebook.patterns import Pattern, Patterns

_Found = tuple["Pattern", int, int]  # with start and end
LISTED = re.compile(r"\W*(?:,|\band\b|\bor\b|\bnor\b|\bas well as\b|\bincluding\b)\W*(?:\w+\W+){0,3}", re.IGNORECASE)
_ORDER = attrgetter("start", "end", "entry", "filler_start", "filler_end")


class Hit(NamedTuple):
    """One place where an entry of the codebook matches: half-open offsets, the entry, the pattern as written."""

    start: int
    end: int
    entry: str
    rule: str
    filler: str | None = None
    filler_start: int = -1
    filler_end: int = -1


def find_hits(text: str, patterns: Patterns) -> list[Hit]:
    """Find every entry in one text, longest match first within a layer.

    Parameters
    ----------
    text : str
    patterns : Patterns

    Returns
    -------
    list of Hit
        Sorted by start, end, entry. A pattern with a slot gives one hit a filler; without a filler in reach, none.
    """
    found = [
        (pattern, *matched.span())
        for word in WORD.finditer(text)
        for pattern in starting(patterns, word.group().lower())
        if (matched := pattern.regex.match(text, word.start()))
    ]
    guards = [one for one in found if one[0].guard]
    counted = [one for one in found if not one[0].guard and not any(_guards(guard, one) for guard in guards)]
    hits = _longest([one for one in counted if not one[0].slot])
    hits += _filled(text, [one for one in counted if one[0].slot], sorted(hits, key=_ORDER))
    return sorted(hits, key=_ORDER)


def _guards(guard: _Found, one: _Found) -> bool:
    return guard[0].entry == one[0].entry and guard[1] <= one[1] and one[2] <= guard[2]


def _longest(found: list[_Found]) -> list[Hit]:
    """Go through each layer from the longest match to the shortest, and keep what overlaps nothing kept."""
    kept: defaultdict[str, list[Hit]] = defaultdict(list)
    for pattern, start, end in sorted(found, key=lambda one: (one[1] - one[2], one[1])):
        if not any(start < hit.end and hit.start < end for hit in kept[pattern.layer]):
            kept[pattern.layer].append(Hit(start, end, pattern.entry, pattern.rule))
    return [hit for hits in kept.values() for hit in hits]


def _filled(text: str, slotted: list[_Found], hits: Sequence[Hit]) -> list[Hit]:
    kept: dict[tuple[str, int, int], Hit] = {}
    for pattern, start, end in slotted:
        for filler in _fillers(text, pattern, start if pattern.leads else end, hits):
            hit = Hit(start, end, pattern.entry, pattern.rule, filler.entry, filler.start, filler.end)
            key = (pattern.layer, filler.start, filler.end)
            # The longest phrase that claims a filler stands, as among plain hits of one layer.
            if key not in kept or kept[key].end - kept[key].start < end - start:
                kept[key] = hit
    return list(kept.values())


def _fillers(text: str, pattern: Pattern, at: int, hits: Sequence[Hit]) -> list[Hit]:
    """Return what fills the slot of a pattern from an offset on, with all of a list."""
    taken: list[Hit] = []
    for hit in reversed(hits) if pattern.leads else hits:
        between = (hit.end, at) if pattern.leads else (at, hit.start)
        if between[0] > between[1] or not any(f"{hit.entry}.".startswith(f"{layer}.") for layer in pattern.slot):
            continue
        if (LISTED if taken else pattern.reach).fullmatch(text, *between):
            taken.append(hit)
            at = hit.start if pattern.leads else hit.end
        elif taken:
            break
    return taken
