# ruff: noqa: PLR0911, PLR2004
"""Tokens: the words and marks of a text with a light guess at what each is, from short lists, endings and shape."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORD = re.compile(
    r"''|(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Sgt|St|Jr|Sr)\."
    r"|[’'](?:s|re|ve|d|ll|m)\b|\w+(?:[.\-&/]\w+|[’'](?!(?:s|re|ve|d|ll|m)\b)\w+)*|[^\w\s]"
)
_PUNCTUATION = {
    ",": ",", ";": ";", ":": ":", ".": ".", "!": ".", "?": ".", "…": ".", "-": "-", "–": "-", "—": "-", "―": "-",
    "(": "(", "[": "(", ")": ")", "]": ")", '"': '"', "“": '"', "”": '"', "''": '"', "‘": '"', "’": "S", "'": "S",
    "«": '"', "»": '"', "„": '"', "&": "C", "%": "N", "$": "M", "£": "M", "€": "M",
}  # fmt: skip
_CLITIC = {"re": "X", "ve": "X", "d": "X", "ll": "X", "m": "X"}
# One letter a class, so that a test for several classes is a test for a letter in a string.
CLASSES = {
    "determiner": "D", "pronoun": "R", "object": "O", "auxiliary": "X", "preposition": "I", "subordinator": "B",
    "conjunction": "C", "wh": "W", "adverb": "A", "time": "U", "verb": "V",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a reporting verb."""

    base: str
    kind: str
    frames: frozenset[str]
    particles: tuple[str, ...]
    form: str  # base, s, past, ing


@dataclass(frozen=True)
class Lexicon:
    """The cue codebook, turned round so that a word of a text finds its entries."""

    tags: Mapping[str, str]
    cues: Mapping[str, tuple[Cue, ...]]
    nouns: Mapping[str, str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a paragraph, as columns."""

    text: str
    lower: list[str]
    start: list[int]
    end: list[int]
    tag: list[str]
    quote: list[int]  # the number of the quotation a token stands in, -1 outside


def make_lexicon(cues: Mapping[str, Any]) -> Lexicon:
    """Turn the cue codebook round."""
    tags: dict[str, str] = {}
    for name, letter in CLASSES.items():
        for word in cues["words"][name]:
            tags.setdefault(word, letter)
    tags |= {"that": "H", "to": "T"}
    kinds = frozenset(cues["statements"]["kinds"])
    by_form: dict[str, list[Cue]] = {}
    for name, entry in cues["verbs"].items():
        base, *particles = name.split()
        frames = frozenset(entry["frames"])
        for form, shape in _forms(base, entry.get("forms")):
            by_form.setdefault(form, []).append(Cue(base, entry["kind"], frames, tuple(particles), shape))
    nouns = {}
    for noun, entry in cues["nouns"].items():
        nouns[noun] = entry["kind"]
        nouns[noun + "s"] = entry["kind"]
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in cues["phrases"]:
        first, *rest = phrase.split()
        phrases.setdefault(first, []).append(tuple(rest))
    return Lexicon(
        tags,
        {form: tuple(sorted(entries, key=lambda cue: -len(cue.particles))) for form, entries in by_form.items()},
        nouns,
        {first: tuple(rest) for first, rest in phrases.items()},
        kinds,
    )


def _forms(base: str, irregular: Sequence[str] | None) -> list[tuple[str, str]]:
    if irregular is not None:
        shapes = [("ing" if form.endswith("ing") else "s" if form.endswith("s") else "past") for form in irregular]
        return [(base, "base"), *zip(irregular, shapes, strict=True)]
    if base.endswith("e"):
        return [(base, "base"), (base + "s", "s"), (base + "d", "past"), (base[:-1] + "ing", "ing")]
    if base.endswith("y") and base[-2] not in "aeou":
        return [(base, "base"), (base[:-1] + "ies", "s"), (base[:-1] + "ied", "past"), (base + "ing", "ing")]
    plural = "es" if base.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [(base, "base"), (base + plural, "s"), (base + "ed", "past"), (base + "ing", "ing")]


def read_tokens(text: str, start: int, end: int, quotes: Sequence[tuple[int, int]], lexicon: Lexicon) -> Tokens:
    """Split a stretch of text into tokens and guess the class of each.

    `quotes` are those of the whole text, in order.
    """
    lower: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    tags: list[str] = []
    inside: list[int] = []
    known = lexicon.tags
    cues = lexicon.cues
    number = max(0, bisect_left(quotes, (start, start)) - 1)
    fresh = True
    for token in _WORD.finditer(text, start, end):
        first, last = token.span()
        word = token.group()
        low = word.lower()
        while number < len(quotes) and quotes[number][1] <= first:
            number += 1
        inside.append(number if number < len(quotes) and quotes[number][0] <= first else -1)
        tag = known.get(low)
        if tag is None:
            tag = _guess(word, low, fresh=fresh, cues=cues)
        elif word[0].isupper() and not fresh and tag in "VADIBU" and (len(word) == 1 or not word.isupper()):
            tag = "U" if tag == "U" else "P"
        lower.append(low)
        starts.append(first)
        ends.append(last)
        tags.append(tag)
        fresh = tag in '."(:-' and len(word) <= 2
    _settle(lower, tags)
    return Tokens(text, lower, starts, ends, tags, inside)


def _guess(word: str, low: str, *, fresh: bool, cues: Mapping[str, Any]) -> str:
    first = word[0]
    if not (first.isalpha() or first.isdigit() or first == "_"):
        if len(word) > 1 and first in "’'":
            return _CLITIC.get(low[1:], '"' if word == "''" else "S")
        return _PUNCTUATION.get(word, "-")
    if first.isdigit():
        return "M"
    if first.isupper() and not fresh:
        return "P"
    if low.endswith("ly") and len(low) > 4:
        return "A"
    if low.endswith("ing") and len(low) > 5:
        return "G"
    if low.endswith("ed") and len(low) > 4:
        return "E"
    if low.endswith(("n't", "n’t")):
        return "X"
    return "P" if first.isupper() and low not in cues else "N"


def _settle(lower: list[str], tags: list[str]) -> None:
    """Decide, from the neighbours, what an ending left open: 's, past or participle, that."""
    size = len(tags)
    for i in range(size):
        tag = tags[i]
        before = tags[i - 1] if i else "."
        after = tags[i + 1] if i + 1 < size else "."
        if tag == "S" and lower[i] in ("'s", "’s"):
            if before in "RWH" or lower[i - 1] in ("there", "here") or (after in "DXAGEHT" and before != "P"):
                tags[i] = "X"
        elif tag == "E":
            if (before in "RWAO" and after != "N") or (before in "NPUM" and after in 'DROPTH"AMGS.'):
                tags[i] = "V"
        elif tag == "H" and before in "I":
            tags[i] = "D"
