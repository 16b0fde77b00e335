"""The small language that codebook patterns are written in, compiled once and matched at word starts."""

from __future__ import annotations

import functools
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD = re.compile(r"\w+")
# Between two words of a phrase: blanks, hyphens, quotation marks, a possessive; never a comma or a full stop.
_BETWEEN = r"(?:['’]s)?[\s\-\u2010-\u2013\"“”‘’'(]{1,4}"
# Inside a gap a comma may stand, an end of sentence may not.
OVER = r"[^\w.;:!?]{1,4}"
_PIECE = re.compile(
    r"\s*(?:<(?P<gap>\d+)>|\{(?P<slot>[\w.|]+)\}|(?P<open>\()|(?P<close>\)\??)|(?P<bar>\|)|(?P<word>[^\s<>{}()|]+))"
)
FARTHEST = 30
_WAYS = 1000  # to place the gaps of one pattern: a statement takes time for each
PLAIN, SLOTTED, GUARD = 0, 1, 2
REACH = 3  # words that may stand between a phrase and what fills its slot, unless a gap says otherwise


@dataclass(frozen=True)
class Pattern:
    """One pattern: its regular expression, and the layers that fill a slot before or after it.

    `single` patterns are one word, found by their first word alone: that spares most of the matching.
    """

    rule: str
    entry: str
    layer: str
    guard: bool
    regex: re.Pattern[str]
    before: str | None
    before_reach: int
    after: str | None
    after_reach: int
    single: bool


@dataclass(frozen=True, eq=False)
class Patterns:
    """Compiled entries: made by `compile_patterns`, used by `find_hits`; holds nothing that changes.

    `quick` repeats of each pattern what the innermost loop needs: single, match, kind, layer.
    """

    patterns: tuple[Pattern, ...]
    whole: Mapping[str, tuple[int, ...]]
    prefix: Mapping[str, tuple[int, ...]]
    quick: tuple[tuple[bool, Any, int, str], ...]


@functools.lru_cache(maxsize=2**17)
def starting(patterns: Patterns, word: str) -> tuple[int, ...]:
    """Return the patterns that can begin with a (lower-case) word."""
    found = set(patterns.whole.get(word, ()))
    for length in range(1, len(word) + 1):
        found.update(patterns.prefix.get(word[:length], ()))
    return tuple(sorted(found))


def entries_of(table: Mapping[str, Any], *, under: str = "") -> dict[str, Mapping[str, Any]]:
    """Flatten nested TOML tables: every table that has `patterns` becomes an entry with a dotted id."""
    found: dict[str, Mapping[str, Any]] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            name = f"{under}.{key}" if under else key
            if "patterns" in value:
                found[name] = value
            found |= entries_of(value, under=name)
    return found


def slots_of(rule: str) -> list[str]:
    """Return the layers that may fill the slots of a pattern."""
    return [layer for kind, value in _Parser(rule).pieces if kind == "slot" for layer in value.split("|")]


def _literal(word: str) -> str:
    if word.startswith("*"):
        message = f"{word!r}: a star may end a word, not begin it; write the beginnings you mean"
        raise ValueError(message)
    star, stem = word.endswith("*"), word.rstrip("*")
    if "*" in stem or not stem or not (stem[0].isalnum() or stem[0] == "_"):
        message = f"{word!r}: a word begins with a letter or digit and may end in one star"
        raise ValueError(message)
    parts = [re.sub("['’]", "['’]", re.escape(part)) for part in re.split(r"[-\u2010-\u2013]", stem)]
    body = _BETWEEN.join(parts)
    # US is not us: a word written in capitals matches only in capitals.
    if len(stem) > 1 and stem.isupper():
        body = f"(?-i:{body})"
    if star:
        return body + r"\w*"
    return body + (r"(?!\w)" if stem[-1].isalnum() else "")


def _first(word: str) -> tuple[str, bool]:
    head = WORD.match(word)
    chunk = head.group() if head else word
    return chunk.lower(), word == chunk + "*"


def _is_chunk(kind: str, value: str) -> bool:
    """Tell whether a piece is one plain word, in small letters or with one capital, with or without a star."""
    stem = value.removesuffix("*")
    return kind == "word" and WORD.fullmatch(stem) is not None and not (len(stem) > 1 and stem.isupper())


class _Parser:
    """Reads one pattern into a regular expression and the words it can begin with."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            piece = _PIECE.match(text, at)
            if piece is None:
                message = f"cannot read {text[at:]!r}"
                raise ValueError(message)
            kind = piece.lastgroup or ""
            self.pieces.append((kind, piece.group(kind)))
            at = piece.end()
        self.at = 0

    def sequence(self, *, inner: bool) -> tuple[str, set[tuple[str, bool]]]:
        """Read elements up to a bar, a closing bracket or the end."""
        out, firsts, open_start, gap = "", set[tuple[str, bool]](), True, ""
        count = 0
        while self.at < len(self.pieces) and self.pieces[self.at][0] not in {"bar", "close"}:
            kind, value = self.pieces[self.at]
            self.at += 1
            if kind == "gap":
                if not count:
                    message = "a gap <n> stands between words or beside a {slot}"
                    raise ValueError(message)
                gap = rf"(?:{OVER}\w+){{0,{int(value)}}}?{OVER}"
                continue
            if kind == "slot":
                message = "a {slot} may stand only first or last"
                raise ValueError(message)
            if kind == "open":
                body, begins, optional = self.group()
            else:
                optional = value.endswith("?")
                word = value.removesuffix("?")
                body, begins = _literal(word), {_first(word)}
            if open_start:
                firsts |= begins
            if optional:
                # A leading optional element takes its blank with it, a later one the blank before it.
                out += f"(?:{body}{_BETWEEN})?" if not count else f"(?:{gap or _BETWEEN}{body})?"
            else:
                out += ("" if not count else gap or _BETWEEN) + body
                open_start = False
                count += 1
            gap = ""
        if gap or not count:
            message = "a pattern needs a word that is not optional, and a gap needs a word after it"
            raise ValueError(message)
        if inner and open_start:
            message = "an alternative needs a word that is not optional"
            raise ValueError(message)
        return out, firsts

    def group(self) -> tuple[str, set[tuple[str, bool]], bool]:
        """Read the alternatives of a bracket."""
        bodies, firsts = [], set[tuple[str, bool]]()
        while True:
            body, begins = self.sequence(inner=True)
            bodies.append(body)
            firsts |= begins
            if self.at >= len(self.pieces):
                message = "a bracket is not closed"
                raise ValueError(message)
            kind, value = self.pieces[self.at]
            self.at += 1
            if kind == "close":
                return f"(?:{'|'.join(bodies)})", firsts, value.endswith("?")


def _compile_one(rule: str, entry: str, *, guard: bool) -> tuple[Pattern, set[tuple[str, bool]]]:
    parser = _Parser(rule)
    pieces = parser.pieces
    before = after = None
    before_reach = after_reach = REACH
    if pieces and pieces[0][0] == "slot":
        before = pieces.pop(0)[1]
        if pieces and pieces[0][0] == "gap":
            before_reach = int(pieces.pop(0)[1])
    if pieces and pieces[-1][0] == "slot":
        after = pieces.pop()[1]
        if pieces and pieces[-1][0] == "gap":
            after_reach = int(pieces.pop()[1])
    if max(before_reach, after_reach) > FARTHEST:
        message = f"a gap may be at most {FARTHEST} words"
        raise ValueError(message)
    gaps = [int(value) for kind, value in pieces if kind == "gap"]
    if math.prod(gap + 1 for gap in gaps) > _WAYS:
        message = (
            f"its gaps {gaps} can be placed in more than {_WAYS:,} ways, which is slow: take shorter or fewer gaps"
        )
        raise ValueError(message)
    body, firsts = parser.sequence(inner=False)
    if parser.at < len(pieces):
        message = "a bar or a closing bracket stands outside a bracket"
        raise ValueError(message)
    regex = re.compile(body, re.IGNORECASE)
    layer = entry.rpartition(".")[0]
    single = len(pieces) == 1 and _is_chunk(*pieces[0])
    reach = (before, before_reach, after, after_reach)
    return Pattern(rule, entry, layer, guard, regex, *reach, single), firsts


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
        threat to {referents}    a slot, first or last: an entry of that layer within three words (or <n>)
        {agents|countries} kill* one of several layers

    Examples
    --------
    >>> from helpers.codebook.match import find_hits
    >>> patterns = compile_patterns({"kind.haven": {"patterns": ["safe haven*"], "guards": ["no safe haven"]}})
    >>> [hit.start for hit in find_hits("A safe haven. No safe haven.", patterns)]
    [2]
    """
    return _compile(
        tuple(
            (name, tuple(table.get("patterns", ())), tuple(table.get("guards", ()))) for name, table in entries.items()
        )
    )


def _kind(pattern: Pattern) -> int:
    return GUARD if pattern.guard else SLOTTED if pattern.before or pattern.after else PLAIN


@functools.lru_cache(maxsize=32)
def _compile(entries: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]) -> Patterns:
    patterns: list[Pattern] = []
    whole: defaultdict[str, list[int]] = defaultdict(list)
    prefix: defaultdict[str, list[int]] = defaultdict(list)
    for entry, rules, guards in entries:
        for guard, rule in [(False, rule) for rule in rules] + [(True, rule) for rule in guards]:
            try:
                pattern, firsts = _compile_one(rule, entry, guard=guard)
            except (ValueError, re.error) as error:
                message = f"{entry}: pattern {rule!r}: {error}"
                raise ValueError(message) from None
            for word, starred in sorted(firsts):
                (prefix if starred else whole)[word].append(len(patterns))
            patterns.append(pattern)
    return Patterns(
        tuple(patterns),
        {word: tuple(found) for word, found in whole.items()},
        {word: tuple(found) for word, found in prefix.items()},
        tuple((one.single, one.regex.match, _kind(one), one.layer) for one in patterns),
    )
