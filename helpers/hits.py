"""Where the entries of a codebook stand in a text: longest match, guards, and what fills the slots."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from helpers.patterns import FARTHEST, OVER, WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from helpers.patterns import Pattern, Patterns

_LISTED = re.compile(r"\W*(?:,|\band\b|\bor\b|\bnor\b|\bas well as\b|\bincluding\b)\W*(?:\w+\W+){0,3}", re.IGNORECASE)
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


def find_hits(text: str, patterns: Patterns, *, starting: dict[str, tuple[int, ...]] | None = None) -> list[Hit]:
    """Find every entry in one text, longest match first within a layer.

    Parameters
    ----------
    text : str
    patterns : Patterns
    starting : dict, optional
        Filled while searching: pass one dict for many texts, and each word is looked up once.

    Returns
    -------
    list of Hit
        Sorted by start, end, entry. A pattern with a slot gives one hit a filler; without a filler in reach, none.
    """
    memo: dict[str, tuple[int, ...]] = {} if starting is None else starting
    plain: list[tuple[int, int, Pattern]] = []
    slotted: list[tuple[int, int, Pattern]] = []
    guards: list[tuple[int, int, Pattern]] = []
    words = list(WORD.finditer(text))
    keys = [word.group().lower() for word in words]
    # A possessive s stands between two words of a phrase without being one of them.
    follow = [after if key == "s" else key for key, after in zip([*keys[1:], ""], [*keys[2:], "", ""], strict=False)]
    for word, key, after in zip(words, keys, follow, strict=False):
        candidates = memo.get(key)
        if candidates is None:
            candidates = memo[key] = patterns.starting(key)
        for index in candidates:
            pattern = patterns.patterns[index]
            if pattern.single:
                start, end = word.span()
            elif pattern.second is not None and after not in pattern.second:
                continue
            else:
                match = pattern.regex.match(text, word.start())
                if match is None:
                    continue
                start, end = match.span()
            kept = guards if pattern.guard else slotted if pattern.before or pattern.after else plain
            kept.append((start, end, pattern))
    if guards:
        plain, slotted = _unguarded(plain, guards), _unguarded(slotted, guards)
    hits = _longest(plain)
    if slotted:
        hits += _filled(text, slotted, hits)
    return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.entry, hit.filler_start, hit.filler_end))


def _unguarded(
    found: list[tuple[int, int, Pattern]], guards: list[tuple[int, int, Pattern]]
) -> list[tuple[int, int, Pattern]]:
    return [
        (start, end, pattern)
        for start, end, pattern in found
        if not any(at <= start and end <= to and guard.entry == pattern.entry for at, to, guard in guards)
    ]


def _longest(found: list[tuple[int, int, Pattern]]) -> list[Hit]:
    kept: list[Hit] = []
    by_layer = sorted(found, key=lambda item: (item[2].layer, item[0] - item[1], item[0]))
    for _, group in groupby(by_layer, key=lambda item: item[2].layer):
        taken: list[Hit] = []
        for start, end, pattern in group:
            if all(end <= hit.start or hit.end <= start for hit in taken):
                taken.append(Hit(start, end, pattern.entry, pattern.rule))
        kept += taken
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
