"""The small language that codebook patterns are written in: compiled once, and found in a text.

Found are the longest matches at word starts, less what a guard takes out, with what fills the slots.
"""

import functools
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from helpers.codebook.tables import walk

WORD = re.compile(r"\w+")
# Between two words of a phrase: blanks, hyphens, quotation marks, a possessive; never a comma or a full stop.
_BETWEEN = r"(?:['’]s)?[\s\-\u2010-\u2013\"“”‘’'(]{1,4}"
# Inside a gap a comma may stand, an end of sentence may not.
_OVER = r"[^\w.;:!?]{1,4}"
_PIECE = re.compile(
    r"<(?P<gap>\d+)>|\{(?P<slot>[\w.|]+)\}|(?P<open>\()|(?P<close>\)\??)|(?P<bar>\|)|(?P<word>[^\s<>{}()|]+)|(?P<stray>\S)"
)
_STEM = re.compile(r"\w+\*?")
_WORD_OF_PATTERN = re.compile(r"(\w[^*]*)(\*?)")
_FARTHEST = 30  # words in a gap
_WAYS = 1000  # to place the gaps of one pattern: a statement takes time for each
_REACH = 3  # words that may stand between a phrase and what fills its slot, unless a gap says otherwise

_Found = tuple["Pattern", int, int]  # with start and end
LISTED = re.compile(r"\W*(?:,|\band\b|\bor\b|\bnor\b|\bas well as\b|\bincluding\b)\W*(?:\w+\W+){0,3}", re.IGNORECASE)
_ORDER = attrgetter("start", "end", "entry", "filler_start", "filler_end")


class Pattern(NamedTuple):
    """One pattern: its regular expression, and the layers that fill its slot, with what may stand between, if any.

    The slot stands after the words of the pattern or, where it `leads`, before them.
    """

    rule: str
    entry: str
    layer: str
    guard: bool
    regex: re.Pattern[str]
    slot: tuple[str, ...]
    reach: re.Pattern[str]
    leads: bool


@dataclass(frozen=True, eq=False)
class Patterns:
    """Compiled entries: made by `compile_patterns`, used by `find_hits`; holds nothing that changes.

    `having` has the words of all patterns as keys, with a star where only the beginning of the word is given, and
    places in `patterns` as values: a match begins with a word of its pattern, so the others need not be tried.
    """

    patterns: tuple[Pattern, ...]
    having: Mapping[str, Sequence[int]]


@functools.lru_cache(maxsize=2**17)
def starting(patterns: Patterns, word: str) -> tuple[Pattern, ...]:
    """Return the patterns that have a (lower-case) word: only these can begin with it."""
    keys = [word, *(f"{word[:length]}*" for length in range(1, len(word) + 1))]
    return tuple(patterns.patterns[at] for at in sorted({at for key in keys for at in patterns.having.get(key, ())}))


def entries_of(table: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Flatten nested TOML tables: every table that has `patterns` becomes an entry with a dotted id."""
    return {".".join(path): keys for path, keys in walk(table) if isinstance(keys, dict) and "patterns" in keys}


def threat_entries(threat: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the entries of ``threat.toml``; hints and countries are layers of their own.

    Examples
    --------
    >>> list(threat_entries({"who": {"us": {"patterns": ["us"], "hints": ["our"]}}, "countries": {"TCD": ["Chad"]}}))
    ['who.us', 'hints.who.us', 'countries.TCD']
    """
    entries = entries_of(threat)
    hints = {f"hints.{name}": {"patterns": keys["hints"]} for name, keys in entries.items() if "hints" in keys}
    countries = {f"countries.{code}": {"patterns": names} for code, names in threat.get("countries", {}).items()}
    return entries | hints | countries


def _literal(word: str) -> str:
    """Turn a word of a pattern into a regular expression."""
    found = _WORD_OF_PATTERN.fullmatch(word)
    if found is None:
        raise ValueError(f"{word!r}: a word begins with a letter or digit, and a star may only end it")
    stem, star = found.groups()
    parts = [re.sub("['’]", "['’]", re.escape(part)) for part in re.split(r"[-\u2010-\u2013]", stem)]
    body = _BETWEEN.join(parts)
    # US is not us: a word written in capitals matches only in capitals.
    if len(stem) > 1 and stem.isupper():
        body = f"(?-i:{body})"
    end = r"\w*" if star else r"(?!\w)" if stem[-1].isalnum() else ""
    return body + end


def _sequence(pieces: list[tuple[str, str]]) -> str:
    """Turn elements up to a bar, a closing bracket or the end into a regular expression; they leave the list."""
    out, gap, begun = "", "", False  # begun: a word that is not optional was read
    while pieces and pieces[0][0] not in {"bar", "close"}:
        kind, value = pieces.pop(0)
        if kind == "gap" and begun:
            gap = rf"(?:{_OVER}\w+){{0,{int(value)}}}?{_OVER}"
            continue
        if kind in {"gap", "slot", "stray"}:
            raise ValueError("a gap <n> stands between words or beside a {slot}, and one {slot} first or last")
        body, value = _group(pieces) if kind == "open" else (_literal(value.removesuffix("?")), value)
        optional = value.endswith("?")
        between = (gap or _BETWEEN) if begun else ""
        if not optional:
            out += between + body
        else:  # a leading optional element takes its blank with it, a later one the blank before it
            out += f"(?:{between}{body})?" if begun else f"(?:{body}{_BETWEEN})?"
        begun, gap = begun or not optional, ""
    if gap or not begun:
        raise ValueError("each alternative needs a word that is not optional, and each gap a word after it")
    return out


def _group(pieces: list[tuple[str, str]]) -> tuple[str, str]:
    """Read the alternatives of a bracket, and the closing bracket as it is written."""
    bodies, kind, value = [], "bar", ""
    while kind == "bar":
        bodies.append(_sequence(pieces))
        if not pieces:
            raise ValueError("a bracket is not closed")
        kind, value = pieces.pop(0)
    return f"(?:{'|'.join(bodies)})", value


def _compile_one(rule: str, entry: str, *, guard: bool) -> Pattern:
    pieces = [(piece.lastgroup or "", piece[piece.lastgroup or ""]) for piece in _PIECE.finditer(rule)]
    gaps = [int(value) for kind, value in pieces if kind == "gap"]
    if max(gaps, default=0) > _FARTHEST or math.prod(gap + 1 for gap in gaps) > _WAYS:
        raise ValueError(f"its gaps {gaps} are slow: at most {_FARTHEST} words, and {_WAYS:,} ways to place them")
    leads = bool(pieces) and pieces[0][0] == "slot"
    side, slot, reach = 0 if leads else -1, "", _REACH
    if pieces and pieces[side][0] == "slot":
        slot = pieces.pop(side)[1]
        if pieces and pieces[side][0] == "gap":
            reach = int(pieces.pop(side)[1])
    body = _sequence(pieces)
    if pieces:
        raise ValueError("a bar or a closing bracket stands outside a bracket")
    regexes = re.compile(body, re.IGNORECASE), re.compile(rf"(?:{_OVER}\w+){{0,{reach}}}{_OVER}")
    layers = tuple(slot.split("|")) if slot else ()
    return Pattern(rule, entry, entry.rpartition(".")[0], guard, regexes[0], layers, regexes[1], leads)


def compile_patterns(entries: Mapping[str, Mapping[str, Any]]) -> Patterns:
    """Compile entries once; the same entries give the same object.

    Parameters
    ----------
    entries : mapping
        Entry id (``layer.value``) to a table with ``patterns`` and, if wished, ``guards`` (lists of text).

    Returns
    -------
    Patterns

    Raises
    ------
    ValueError
        If a pattern cannot be read; the message names the entry and the pattern.

    Notes
    -----
    The language of patterns::

        safe haven         words in order; a blank also matches a hyphen; case is ignored
        US                 a word in capitals matches only in capitals
        terroris*          a star ends a word
        (grave|serious)?   alternatives; the question mark makes them optional
        threat <2> peace   up to two words between, not over an end of sentence; two gaps <30> or three <9> at most
        threat to {referents}    one slot, first or last: an entry of that layer within three words (or <n>)
        {agents|countries} kill* one of several layers

    Examples
    --------
    >>> patterns = compile_patterns({"kind.haven": {"patterns": ["safe haven*"], "guards": ["no safe haven"]}})
    >>> [hit.start for hit in find_hits("A safe haven. No safe haven.", patterns)]
    [2]
    """
    rules = [
        (entry, rule, kind == "guards")
        for entry, table in entries.items()
        for kind in ("patterns", "guards")
        for rule in table.get(kind, ())
    ]
    return _compile(tuple(rules))


@functools.lru_cache(maxsize=32)
def _compile(rules: tuple[tuple[str, str, bool], ...]) -> Patterns:
    patterns: list[Pattern] = []
    having: defaultdict[str, list[int]] = defaultdict(list)
    for at, (entry, rule, guard) in enumerate(rules):
        try:
            patterns.append(_compile_one(rule, entry, guard=guard))
        except (ValueError, re.error) as error:
            raise ValueError(f"{entry}: pattern {rule!r}: {error}") from None
        for word in _STEM.findall(rule):
            having[word.lower()].append(at)
    return Patterns(tuple(patterns), dict(having))


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
    counted.sort(key=lambda one: (one[1] - one[2], one[1]))  # the longest first
    hits = _longest([one for one in counted if not one[0].slot])
    hits += _filled(text, [one for one in counted if one[0].slot], sorted(hits, key=_ORDER))
    return sorted(hits, key=_ORDER)


def _guards(guard: _Found, one: _Found) -> bool:
    return guard[0].entry == one[0].entry and guard[1] <= one[1] and one[2] <= guard[2]


def _longest(found: list[_Found]) -> list[Hit]:
    """Go from the longest match to the shortest, and keep what overlaps nothing kept of its layer."""
    kept: defaultdict[str, list[Hit]] = defaultdict(list)
    for pattern, start, end in found:
        if not any(start < hit.end and hit.start < end for hit in kept[pattern.layer]):
            kept[pattern.layer].append(Hit(start, end, pattern.entry, pattern.rule))
    return [hit for hits in kept.values() for hit in hits]


def _filled(text: str, slotted: list[_Found], hits: Sequence[Hit]) -> list[Hit]:
    """Go from the longest phrase to the shortest, and keep the first of a layer that claims a filler."""
    kept: dict[tuple[str, int, int], Hit] = {}
    for pattern, start, end in slotted:
        for filler in _fillers(text, pattern, start if pattern.leads else end, hits):
            hit = Hit(start, end, pattern.entry, pattern.rule, filler.entry, filler.start, filler.end)
            kept.setdefault((pattern.layer, filler.start, filler.end), hit)
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
