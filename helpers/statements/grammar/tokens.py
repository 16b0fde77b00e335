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
# What an ending makes of a word of at least so many letters.
_ENDINGS = {"ing": ("G", 6), "n't": ("X", 4), "n’t": ("X", 4), "ly": ("A", 5), "ed": ("E", 5)}
_YEAR = re.compile(r"(?:19|20)\d\d")
_FRAMES = frozenset({"that", "quote", "whom", "to", "noun", "wh", "ing"})
_KINDS = frozenset({"speech", "belief", "finding"})
_SINGLE = frozenset("'’‘")
_NOUNS_IN_LY = frozenset("rally family supply ally reply assembly anomaly monopoly bully belly".split())  # noqa: SIM905
_MARK_LENGTH = 2
_BEFORE_FINITE = frozenset("also then later further again".split())  # noqa: SIM905
# Determiners that stand alone before a verb: "one says", "others deny".
_PRONOMINAL = frozenset("one another some many most several few both each all these those this other".split())  # noqa: SIM905
# One letter a class, so that a test for several classes is a test for a letter in a string.
CLASSES = {
    "determiner": "D", "pronoun": "R", "object": "O", "auxiliary": "X", "preposition": "I", "subordinator": "B",
    "conjunction": "C", "wh": "W", "adverb": "A", "time": "U", "verb": "V",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a reporting verb, as the codebook describes it."""

    base: str
    kind: str
    frames: frozenset[str]
    particles: tuple[str, ...]
    form: str  # base, s, past, ing


@dataclass(frozen=True)
class Lexicon:
    """The cue codebook, turned round so that a word of a text finds its entries."""

    tags: Mapping[str, str]
    verbs: Mapping[str, tuple[Verb, ...]]
    nouns: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence, as columns."""

    text: str
    lower: list[str]
    start: list[int]
    end: list[int]
    tag: list[str]
    quote: list[int]  # the number of the quotation a token stands in, -1 outside
    size: int  # tokens, less the marks that close the sentence

    def span(self, piece: tuple[int, int]) -> tuple[int, int]:
        """Turn a range of tokens into offsets of the text."""
        return self.start[piece[0]], self.end[piece[1] - 1]


def make_lexicon(cues: Mapping[str, Any]) -> Lexicon:
    """Turn the cue codebook round."""
    tags: dict[str, str] = {}
    for name, letter in CLASSES.items():
        for word in cues["words"][name]:
            tags.setdefault(word, letter)
    tags |= {"that": "H", "to": "T"}
    kinds = frozenset(cues["statements"]["kinds"])
    by_form: dict[str, list[Verb]] = {}
    for name, entry in cues["verbs"].items():
        base, *particles = name.split()
        _check_verb(name, entry)
        if entry["kind"] not in kinds:
            continue
        for form, shape in _forms(base, entry.get("forms")):
            verb = Verb(base, entry["kind"], frozenset(entry["frames"]), tuple(particles), shape)
            by_form.setdefault(form, []).append(verb)
    nouns = [noun + plural for noun, entry in cues["nouns"].items() if entry["kind"] in kinds for plural in ("", "s")]
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase, entry in cues["phrases"].items():
        if entry["kind"] in kinds:
            first, *rest = phrase.split()
            phrases.setdefault(first, []).append(tuple(rest))
    return Lexicon(
        tags,
        # the longest match wins: "call for" before "call"
        {form: tuple(sorted(verbs, key=lambda verb: -len(verb.particles))) for form, verbs in by_form.items()},
        frozenset(nouns),
        {first: tuple(sorted(rest, key=len, reverse=True)) for first, rest in phrases.items()},
        kinds,
    )


def _check_verb(name: str, entry: Mapping[str, Any]) -> None:
    """Refuse an entry that would be misread in silence."""
    unknown = sorted(set(entry.get("frames", ["missing"])) - _FRAMES)
    if unknown or entry.get("kind") not in _KINDS:
        message = (
            f"cues.toml, verbs, {name!r}: kind {entry.get('kind')!r} and frames {entry.get('frames')!r}; "
            f"kind must be one of {sorted(_KINDS)}, frames a list out of {sorted(_FRAMES)}"
        )
        raise ValueError(message)


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


def read_sentence(text: str, span: tuple[int, int], quotes: Sequence[tuple[int, int]], lexicon: Lexicon) -> Sentence:
    """Split a sentence into tokens and guess the class of each; `quotes` are those of the whole text, in order."""
    lower: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    tags: list[str] = []
    inside: list[int] = []
    known = lexicon.tags
    verbs = lexicon.verbs
    number = max(0, bisect_left(quotes, (span[0], span[0])) - 1)
    fresh = True
    for token in _WORD.finditer(text, *span):
        first, last = token.span()
        word = token.group()
        low = word.lower()
        while number < len(quotes) and quotes[number][1] <= first:
            number += 1
        inside.append(number if number < len(quotes) and quotes[number][0] <= first else -1)
        tag = known.get(low)
        if tag is None:
            tag = _guess(word, low, fresh=fresh, verbs=verbs)
        elif word[0].isupper() and not fresh and tag in "VADIBU" and (len(word) == 1 or not word.isupper()):
            tag = "U" if tag == "U" else "P"
        if word in _SINGLE and inside[-1] >= 0 and (first == quotes[number][0] or last == quotes[number][1]):
            tag = '"'
        if tag == "." and last < span[1] and inside[-1] < 0 and word == ".":
            tag = "P"  # within a sentence a full stop closes an abbreviation
        lower.append(low)
        starts.append(first)
        ends.append(last)
        tags.append(tag)
        # after “…,” a capital is that of a name: “We wait,” Fleming said
        goes_on = tag == '"' and tags[-2:-1] == [","] and inside[-1] >= 0
        fresh = tag in '."(:-' and len(word) <= _MARK_LENGTH and not goes_on
    capitals = [text[i].isupper() for i in starts]
    _settle(lower, tags, capitals, verbs)
    size = len(tags)
    while size and tags[size - 1] == "." and inside[size - 1] < 0:
        size -= 1
    return Sentence(text, lower, starts, ends, tags, inside, size)


def _guess(word: str, low: str, *, fresh: bool, verbs: Mapping[str, Any]) -> str:
    first = word[0]
    if not (first.isalpha() or first.isdigit() or first == "_"):
        if len(word) > 1 and first in "’'":
            return _CLITIC.get(low[1:], '"' if word == "''" else "S")
        return _PUNCTUATION.get(word, "-")
    if first.isdigit():
        return "U" if _YEAR.fullmatch(word) else "M"
    if first.isupper() and not fresh:
        return "P"
    ending = _ENDINGS.get(low[-3:]) or _ENDINGS.get(low[-2:])
    if ending is not None and len(low) >= ending[1] and low not in _NOUNS_IN_LY:
        return ending[0]
    return "P" if first.isupper() and low not in verbs else "N"


def _settle(lower: list[str], tags: list[str], capitals: list[bool], verbs: Mapping[str, Any]) -> None:
    """Decide, from the neighbours, what an ending left open: 's, past or participle, that."""
    size = len(tags)
    for i in range(size):
        if tags[i] in "SEHADGN":
            before = tags[i - 1] if i else "."
            after = tags[i + 1] if i + 1 < size else "."
            following = lower[i + 1] if i + 1 < size else ""
            if capitals[i] and tags[i] in "GAE" and before in '."' and _names(lower[i], after, following, verbs):
                tags[i] = "P"
                continue
            if tags[i] == "E" and i and lower[i - 1] in _BEFORE_FINITE and (i < 2 or tags[i - 2] not in "XS"):  # noqa: PLR2004
                tags[i] = "V"  # the minister also | expressed concern
                continue
            tags[i] = _settled(tags[i], lower[i], before, after, following, verbs)
        elif tags[i] == "B" and lower[i] == "once" and i and lower[i - 1] == "at":
            tags[i] = "A"  # at once
    if "V" not in tags and "X" not in tags and "E" in tags:
        tags[tags.index("E")] = "V"


def _names(word: str, after: str, following: str, verbs: Mapping[str, Any]) -> bool:
    """Tell a name that looks like a participle or an adverb by the verb after it: Fleming has said, Jolly told."""
    alike = word.endswith(("ing", "ed", "ly"))
    reports = after == "V" or (following in verbs and not following.endswith("ing"))
    return alike and (reports or (after == "X" and word.endswith("ing")))


def _settled(tag: str, word: str, before: str, after: str, following: str, verbs: Mapping[str, Any]) -> str:  # noqa: PLR0913, PLR0917
    """Return the class of a word among its neighbours."""
    if tag == "D":
        alone = word in _PRONOMINAL and (after in "VX" or following in verbs)
        return "N" if alone else "O" if word == "her" and after not in "NPEGMDAS" else "D"
    changes = {
        "S": ("X", word[1:] == "s" and (before in "RWH" or (after in "DXAGEHT" and before != "P"))),
        "E": ("V", _is_finite(word, before, after, following, verbs)),
        "G": ("N", before in "DS" or (before == "P" and after == "I" and word not in verbs)),
        "N": ("V", word.islower() and _is_present(word, before, after)),
        "H": ("D", before == "I"),
        "A": ("R", word == "there" and after in "XV"),
    }
    other, changed = changes[tag]
    return other if changed else tag


def _is_finite(word: str, before: str, after: str, following: str, verbs: Mapping[str, Any]) -> bool:
    """Tell "the ministry warned …" from "the ministry warned by …" and "the warned ministry"."""
    if before in "RWAO":
        return after != "N"
    if following == "by" or before not in 'NPUM)",':
        return before == "P" and word not in verbs and following == "by"
    if before == ",":
        return after in 'DROTH"' or (word in verbs and after == "I")
    return word in verbs or (before in "NPUM" and after in 'DROPTH"AMGS.,:') or (before == "P" and after == "I")


def _is_present(word: str, before: str, after: str) -> bool:
    """Tell "she offers", "they want", "Kabul rejects the" from nouns."""
    if before == "R":
        return after not in "XV" and word.isalpha()
    third = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return third and before == "P" and after in "DO"
