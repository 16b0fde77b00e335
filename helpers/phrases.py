# ruff: noqa: C901, PLR0911, PLR0912
"""Phrases: noun phrases and verb groups, found from tokens and their classes without a parser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.tokens import Tokens

_BE = frozenset(
    "be is are was were been being am 's ’s isn't isn’t aren't aren’t wasn't wasn’t weren't weren’t get got".split()  # noqa: SIM905
)
_STOP_BACK = 'VXBHWR,;:."-T'
_LONGEST_ASIDE = 45


def verb_group_start(words: Tokens, head: int, low: int) -> int:
    """Walk left from a verb over its auxiliaries, adverbs and "to"."""
    i = head
    while i > low:
        tag = words.tag[i - 1]
        if (
            tag == "X"
            or (tag == "T" and i == head)
            or (tag == "A" and words.quote[i - 1] < 0)
            or (tag == "T" and words.tag[i] == "X" and words.lower[i] in ("be", "have"))
        ):
            i -= 1
        else:
            break
    # "Earlier on Monday …, also": adverbs before the auxiliaries belong to the clause unless the group needs them
    while i < head and words.tag[i] == "A" and words.lower[i] not in ("also", "not", "never"):
        i += 1
    return i


def is_passive(words: Tokens, start: int, head: int) -> bool:
    """Tell whether a verb group is passive: a form of "be" before a participle."""
    return any(words.lower[i] in _BE for i in range(start, head))


def is_nominal(words: Tokens, i: int) -> bool:
    """Tell whether a token can end a noun phrase."""
    return words.tag[i] in "NPMUOREDWS)"


def noun_phrase_before(words: Tokens, stop: int, low: int) -> tuple[int, int] | None:
    """Find the noun phrase that ends just before token `stop`, apposition and all."""
    last = stop - 1
    if last < low:
        return None
    tag = words.tag
    if tag[last] in ",-" or tag[last] == ")":
        opening = _aside_start(words, last, low)
        if opening is None:
            return None
        inner = noun_phrase_before(words, opening, low)
        if inner is None or tag[inner[1] - 1] not in "NPMOE.S":
            return None
        return inner[0], last + (tag[last] == ")")
    if tag[last] in "RO" or (tag[last] == "W" and words.lower[last] in ("who", "which", "what")):
        return last, stop
    if tag[last] == "H":
        return last, stop
    if tag[last] not in "NPMUEDGS" and not (tag[last] == "A" and words.lower[last] in ("others",)):
        return None
    first = last
    while first > low:
        t = tag[first - 1]
        if words.quote[first - 1] != words.quote[last] and words.quote[first - 1] < 0:
            break
        if t == ")":
            opening = _aside_start(words, first - 1, low)
            if opening is None:
                break
            first = opening
            continue
        if t in _STOP_BACK and not (
            t == "." and words.lower[first - 1].endswith(".") and len(words.lower[first - 1]) > 1
        ):
            break
        if t == "C" and not (first - 2 >= low and tag[first - 2] in "NPMSEU" and _verbless(words, low, first - 1)):
            break
        first -= 1
    return _strip_lead(words, first, stop)


def _verbless(words: Tokens, low: int, stop: int) -> bool:
    """No verb between the last boundary and `stop`: an "and" there joins nouns, not clauses."""
    i = stop - 1
    while i >= low and words.tag[i] not in ',;:."-BH':
        if words.tag[i] in "VXT":
            return False
        i -= 1
    return True


def _strip_lead(words: Tokens, first: int, stop: int) -> tuple[int, int] | None:
    """Drop what stands before the subject: "In an interview on Tuesday | the minister"."""
    tag = words.tag
    i = first
    while (
        i < stop and tag[i] in "ACGE" and not (tag[i] in "EG" and i + 1 < stop and tag[i + 1] in "NPE" and i == first)
    ):
        i += 1
    while i < stop and tag[i] in "IU":
        j = i + 1 if tag[i] == "I" else i
        k = chunk_end(words, j, stop)
        if k >= stop:
            if tag[i] == "U":
                break
            # the preposition's own phrase reaches the verb: keep the last name in it
            names = [m for m in range(j, stop) if tag[m] == "P"]
            return (names[0], stop) if names else None
        i = max(k, i + 1)
        while i < stop and tag[i] in "AC":
            i += 1
    return (i, stop) if i < stop else None


def chunk_end(words: Tokens, i: int, high: int) -> int:
    """Return the end of the simple noun phrase that starts at `i` (no prepositions in it)."""
    tag, lower = words.tag, words.lower
    start = i
    seen_noun = False
    while i < high:
        t = tag[i]
        if t in "D" and (not seen_noun or tag[i - 1] == "S" or i == start):
            pass
        elif t in "NPMO":
            if t == "P" and seen_noun and tag[i - 1] == "U":
                break
            seen_noun = True
        elif t == "U":
            if seen_noun and tag[i - 1] in "P" and i > start:
                break
            seen_noun = True
        elif t == "R":
            return i + 1 if i == start else i
        elif t == "E" or (t == "G" and i + 1 < high and tag[i + 1] in "NP"):
            if seen_noun and not (i + 1 < high and tag[i + 1] in "N"):
                break
        elif (
            (t == "S" and seen_noun)
            or (t == "A" and not seen_noun and i + 1 < high and tag[i + 1] in "NEAPM")
            or (t == "-" and i + 1 < high and lower[i] == "-" and words.end[i] == words.start[i + 1])
        ):
            pass
        else:
            break
        i += 1
    return i


def noun_phrase_after(words: Tokens, start: int, high: int) -> int:
    """Return the end of the noun phrase that starts at `start`, with its prepositional phrases, appositions not."""
    tag = words.tag
    i = chunk_end(words, start, high)
    if i == start:
        return start
    if tag[start] in "R" and i == start + 1:
        return i
    while i < high - 1:
        t = tag[i]
        if t == "(":
            close = i
            while close < high and tag[close] != ")":
                close += 1
            if close >= high:
                return i
            i = close + 1
        elif t == "I" and words.lower[i] in ("of", "for", "from", "with", "in", "at", "on", "to", "near", "against"):
            if words.lower[i] in ("in", "on", "at", "to") and tag[i + 1] == "U":
                return i
            j = chunk_end(words, i + 1, high)
            if j == i + 1:
                return i
            i = j
        elif t == "C" and words.lower[i] in ("and", "&", "or"):
            j = chunk_end(words, i + 1, high)
            if j == i + 1 or (j < high and tag[j] in "VX") or tag[i + 1] == "R":
                return i
            i = j
        elif t == "A" and words.lower[i] in ("here", "there"):
            i += 1
        else:
            return i
    return i


def _aside_start(words: Tokens, last: int, low: int) -> int | None:
    """Return where the aside closed at `last` opens: “Noor, the deputy minister, said”, “Noor (left) said”."""
    close = words.tag[last]
    opener = {",": ",", ")": "(", "-": "-"}[close]
    depth = 0
    i = last - 1
    while i >= max(low, last - _LONGEST_ASIDE):
        t = words.tag[i]
        if t == ")" and close != ")":
            depth += 1
        elif t == "(" and depth:
            depth -= 1
        elif t == opener and not depth and words.quote[i] == words.quote[last]:
            return i
        elif t in ";" or (t == '"' and close == ","):
            return None
        i -= 1
    return None
