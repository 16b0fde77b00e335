"""Where the entries of a codebook stand in a text: longest match, guards, and what fills the slots."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from helpers.codebook.patterns import FARTHEST, GUARD, OVER, PLAIN, SLOTTED, WORD, starting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from helpers.codebook.patterns import Pattern, Patterns

_LISTED = re.compile(r"\W*(?:,|\band\b|\bor\b|\bnor\b|\bas well as\b|\bincluding\b)\W*(?:\w+\W+){0,3}", re.IGNORECASE)
_ORDER = attrgetter("start", "end", "entry", "filler_start", "filler_end")
_Found = tuple[str, int, int, int, int]  # layer, length as a negative number, start, end, pattern: in this order
_REACHED = {n: re.compile(rf"(?:{OVER}\w+){{0,{n}}}{OVER}") for n in range(FARTHEST + 1)}


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
    plain: list[_Found] = []
    slotted: list[_Found] = []
    guards: list[_Found] = []
    kinds = {PLAIN: plain, SLOTTED: slotted, GUARD: guards}
    words = list(WORD.finditer(text))
    lower = WORD.findall(text.lower())
    # A few letters become two when made small; then the words are taken one by one.
    keys = lower if len(lower) == len(words) else [word.group().lower() for word in words]
    for word, key in zip(words, keys, strict=True):
        for index in starting(patterns, key):
            single, match, kind, layer = patterns.quick[index]
            if single:
                start, end = word.span()
            else:
                matched = match(text, word.start())
                if matched is None:
                    continue
                start, end = matched.span()
            kinds[kind].append((layer, start - end, start, end, index))
    if guards:
        plain, slotted = _unguarded(plain, guards, patterns), _unguarded(slotted, guards, patterns)
    hits = _longest(plain, patterns)
    if slotted:
        hits += _filled(text, [(start, end, patterns.patterns[at]) for _, _, start, end, at in slotted], hits)
    hits.sort(key=_ORDER)
    return hits


def _unguarded(found: list[_Found], guards: list[_Found], patterns: Patterns) -> list[_Found]:
    entries = patterns.patterns
    spans = [(start, end, entries[index].entry) for _, _, start, end, index in guards]
    guarded = {entry for _, _, entry in spans}
    return [
        one
        for one in found
        if entries[one[4]].entry not in guarded
        or not any(at <= one[2] and one[3] <= to and entry == entries[one[4]].entry for at, to, entry in spans)
    ]


def _longest(found: list[_Found], patterns: Patterns) -> list[Hit]:
    """Go through each layer from the longest match to the shortest, and keep what overlaps nothing kept."""
    kept: list[Hit] = []
    taken: list[tuple[int, int]] = []
    last = None
    for layer, _, start, end, index in sorted(found):
        if layer != last:
            taken, last = [], layer
        for since, until in taken:
            if start < until and since < end:
                break
        else:
            taken.append((start, end))
            pattern = patterns.patterns[index]
            kept.append(Hit(start, end, pattern.entry, pattern.rule))
    return kept


def _filled(text: str, slotted: list[tuple[int, int, Pattern]], hits: Sequence[Hit]) -> list[Hit]:
    ordered = sorted(hits, key=lambda hit: (hit.start, hit.end))
    kept: dict[tuple[str, int, int], Hit] = {}
    for start, end, pattern in slotted:
        left = _reach_left(text, start, pattern.before_reach, _in_layer(ordered, pattern.before))
        right = _reach_right(text, end, pattern.after_reach, _in_layer(ordered, pattern.after))
        if (pattern.before and not left) or (pattern.after and not right):
            continue
        for filler in left + right:
            hit = Hit(start, end, pattern.entry, pattern.rule, filler.entry, filler.start, filler.end)
            key = (pattern.layer, filler.start, filler.end)
            # The longest phrase that claims a filler stands, as among plain hits of one layer.
            if key not in kept or kept[key].end - kept[key].start < end - start:
                kept[key] = hit
    return list(kept.values())


def _in_layer(hits: Iterable[Hit], layers: str | None) -> list[Hit]:
    if layers is None:
        return []
    wanted = tuple(layers.split("|"))
    under = tuple(layer + "." for layer in wanted)
    return [hit for hit in hits if hit.entry in wanted or hit.entry.startswith(under)]


def _reach_right(text: str, end: int, reach: int, hits: list[Hit]) -> list[Hit]:
    taken: list[Hit] = []
    for hit in hits:
        if hit.start < end:
            continue
        pattern = _LISTED if taken else _REACHED[reach]
        if pattern.fullmatch(text, taken[-1].end if taken else end, hit.start):
            taken.append(hit)
        elif taken or hit.start - end > 40 * (reach + 1):
            break
    return taken


def _reach_left(text: str, start: int, reach: int, hits: list[Hit]) -> list[Hit]:
    taken: list[Hit] = []
    for hit in reversed(hits):
        if hit.end > start:
            continue
        pattern = _LISTED if taken else _REACHED[reach]
        if pattern.fullmatch(text, hit.end, taken[-1].start if taken else start):
            taken.append(hit)
        elif taken:
            break
    return taken[::-1]
