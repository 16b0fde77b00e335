"""Tokens: the words and marks of a text with a light guess at what each is, from short lists, endings and shape."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from helpers.codebook.verbs import inflect

_WORD = re.compile(
    # most are plain words, and found without a look at the rest
    r"\w++(?![.\-–&/,’'])|''|(?:[A-Z]\.){2,}(?:-\w+)*|(?:Mr|Mrs|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Sgt|St|Jr|Sr)\."
    r"|[’'](?:s|re|ve|d|ll|m)\b|\w+(?:[.\-–&/]\w+|(?<=\d),\d{3}\b|[’'](?!(?:s|re|ve|d|ll|m)\b)\w+)*|[^\w\s]"
)


class Tag:
    """What a token may be. A class is the letters of what belongs to it, so that one test is one look into a string."""

    # words
    NOUN = "N"  # border, talks; what nothing else claims
    NAME = "P"  # Noor, Kabul, U.S.
    NUMBER = "M"  # 30, $
    TIME = "U"  # Monday, yesterday, 2020
    PRONOUN = "R"  # she, they
    OBJECT = "O"  # him, us
    DETERMINER = "D"  # the, his, three of "three men"
    ADVERB = "A"  # also, quickly
    PREPOSITION = "I"  # of, in
    CONJUNCTION = "C"  # and, but
    SUBORDINATOR = "B"  # while, because
    WH = "W"  # who, what
    THAT = "H"
    TO = "T"
    VERB = "V"  # a finite verb: said, wants
    AUXILIARY = "X"  # has, would, ’ll
    PARTICIPLE = "E"  # a word in -ed that is no finite verb: “the warned ministry”
    GERUND = "G"  # a word in -ing
    POSSESSIVE = "S"  # the ’s of “Noor’s”
    # marks
    COMMA, SEMICOLON, COLON, STOP, DASH, OPEN, CLOSE, QUOTE = ',;:.-()"'
    # classes
    FINITE = VERB + AUXILIARY  # “she | had to wait”
    VERBAL = FINITE + PARTICIPLE  # “the talks | ended”
    NOUN_LIKE = NOUN + NAME  # “the border”, “Kabul”
    NOMINAL = NOUN_LIKE + NUMBER + TIME  # what heads a noun phrase: “the last three”, “Monday”
    ENDS_PHRASE = (
        NOMINAL + PARTICIPLE + DETERMINER + GERUND + POSSESSIVE + OBJECT
    )  # “those | said”, “the wounded | said”
    ENDS_SUBJECT = NOMINAL + PRONOUN + WH  # “who | claims”
    IN_PHRASE = ENDS_PHRASE + PREPOSITION + ADVERB + TO  # “a very long road to peace”
    OPENS_CLAUSE = PRONOUN + NOUN_LIKE + DETERMINER  # “said | they would”
    OPENS_APPOSITION = NOUN_LIKE + DETERMINER + NUMBER  # “Noor, | the envoy”
    OPENS_SENTENCE = STOP + QUOTE + COLON + SEMICOLON + DASH + THAT  # “said that | he left”
    OPENS_OBJECT = DETERMINER + PRONOUN + OBJECT + TO + THAT + QUOTE  # “warned | that”, “warned | him”
    FOLLOWS_HER = NOUN_LIKE + PARTICIPLE + GERUND + NUMBER + DETERMINER + ADVERB + POSSESSIVE  # “her | plan”: no object
    FOLLOWS_IS = DETERMINER + AUXILIARY + ADVERB + GERUND + PARTICIPLE + THAT + TO  # “the plan’s | late”: is
    LEADS_IN = ADVERB + SUBORDINATOR + PREPOSITION + CONJUNCTION  # “But after | the talks”
    CIRCUMSTANCE = ADVERB + TIME  # “said | later | Monday”
    CONTENT_WORD = NOUN_LIKE + GERUND + PARTICIPLE + VERB  # what has a capital in a title: “The Long Road Home”
    ADJECTIVAL = NOUN + PARTICIPLE + ADVERB + NUMBER  # “Noor’s | second written | claim”
    BEFORE_NOUN = DETERMINER + POSSESSIVE + PREPOSITION  # “the | claims”, “of | claims”: no verb
    TO_WHOM = DETERMINER + NAME + OBJECT  # “to | the press”
    OPENS_MORE = OPENS_CLAUSE + PREPOSITION + TIME + THAT + TO  # “said | again | that”
    UNSETTLED = POSSESSIVE + PARTICIPLE + THAT + ADVERB + DETERMINER + GERUND  # what the neighbours decide
    MAY_ACT = PRONOUN + NAME + STOP  # “she | offers”: after these a noun may be none
    PAUSE = COMMA + DASH
    BREAK = PAUSE + QUOTE
    MARK = BREAK + SEMICOLON + COLON + OPEN + CLOSE + STOP
    BEFORE_CAPITAL = STOP + QUOTE + OPEN + COLON + DASH  # a capital after it makes no name
    AFTER_NOUN = COMMA + PREPOSITION + CONJUNCTION  # “the talks | in Kabul”, “the talks | and”: no verb
    LINKS = PAUSE + SEMICOLON + CONJUNCTION + SUBORDINATOR  # what a content does not end in
    FOLLOWS_FINITE = (
        OPENS_OBJECT + NAME + ADVERB + NUMBER + GERUND + POSSESSIVE + STOP + COMMA + COLON
    )  # “asked | Noor”
    BARRIER = FINITE + SUBORDINATOR + THAT + WH + PRONOUN + TO + BREAK + SEMICOLON + COLON + STOP  # ends a noun phrase


_PUNCTUATION = {
    **dict.fromkeys(("“", "„", "«", "»", "”", "‘", '"', "''"), Tag.QUOTE),
    **dict.fromkeys("-–—―", Tag.DASH),
    **dict.fromkeys(".!?…", Tag.STOP),
    **dict.fromkeys("([", Tag.OPEN),
    **dict.fromkeys(")]", Tag.CLOSE),
    **dict.fromkeys(("’", "'", "’s", "'s"), Tag.POSSESSIVE),
    **{mark + verb: Tag.AUXILIARY for mark in "’'" for verb in ("re", "ve", "d", "ll", "m")},  # they’re, I’d
    **dict.fromkeys("$£€", Tag.NUMBER),
    ",": Tag.COMMA,
    ";": Tag.SEMICOLON,
    ":": Tag.COLON,
    "&": Tag.CONJUNCTION,
    "%": Tag.NOUN,
}
# What an ending makes of a word of at least so many letters.
_ENDINGS = {
    "ing": (Tag.GERUND, 6),
    "n't": (Tag.AUXILIARY, 4),
    "n’t": (Tag.AUXILIARY, 4),
    "ly": (Tag.ADVERB, 5),
    "ed": (Tag.PARTICIPLE, 5),
}
_CAPITALS = frozenset({"IT", "US", "WHO"})  # no pronouns
_YEAR = re.compile(r"(?:19|20)\d\d")
_FRAMES = frozenset({"that", "quote", "whom", "to", "noun", "wh", "ing", "about"})
_KINDS = frozenset({"speech", "belief", "finding"})
_NOUNS_IN_LY = frozenset("rally family supply ally reply assembly anomaly monopoly bully belly".split())  # noqa: SIM905
_ADJECTIVES = frozenset("armed occupied suspected united".split())  # noqa: SIM905
# Determiners that stand alone before a verb: "one says", "others deny".
_PRONOMINAL = frozenset("one another some many most several few both each all these those this other".split())  # noqa: SIM905
# The word lists of cues.toml that say what a word is, by the name of its tag; the first list that has it decides.
_LISTED = "determiner pronoun object auxiliary preposition subordinator conjunction wh adverb time verb".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Verb:
    """One form of a reporting verb, as the codebook describes it."""

    base: str
    kind: str
    frames: frozenset[str]
    particles: tuple[str, ...]
    form: str  # base, s, past, ing
    unless: frozenset[str] = frozenset()  # claimed the | lives of nine


@dataclass(frozen=True)
class Lexicon:
    """The cue codebook, turned round so that a word of a text finds its entries."""

    tags: Mapping[str, str]
    verbs: Mapping[str, tuple[Verb, ...]]
    nouns: Mapping[str, Sequence[str]]  # the frames of each
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    others: frozenset[str]  # what reports without a verb: the nouns, the first words of the phrases, reportedly
    labels: frozenset[str]
    documents: frozenset[str]  # what may show or find


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence, as columns, and two empty ones after them (index -1, too): no walk needs a bound."""

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

    def past(self, i: int, tags: str, step: int = 1) -> int:
        """Step over tokens of these classes from `i` on, to the right or, with step -1, to the left."""
        while self.tag[i] in tags:
            i += step
        return i

    def quote_end(self, i: int) -> int:
        """Step over what is left of the quotation that token `i` stands in."""
        stop = i
        while self.quote[stop] == self.quote[i]:
            stop += 1
        return stop


def make_lexicon(cues: Mapping[str, Any]) -> Lexicon:
    """Turn the cue codebook round."""
    tags: dict[str, str] = {}
    for name in _LISTED:
        for word in cues["words"][name]:
            tags.setdefault(word, getattr(Tag, name.upper()))
    tags |= {"that": Tag.THAT, "to": Tag.TO}
    kinds = frozenset(cues["statements"]["kinds"])
    by_form: dict[str, list[Verb]] = {}
    for name, entry in cues["verbs"].items():
        base, *particles = name.split()
        _check_verb(name, entry)
        if entry["kind"] not in kinds:
            continue
        for form, shape in inflect(base, entry.get("forms", ())):
            unless = frozenset(entry.get("unless", ()))
            verb = Verb(base, entry["kind"], frozenset(entry["frames"]), tuple(particles), shape, unless)
            by_form.setdefault(form, []).append(verb)
    nouns = {
        noun + plural: entry.get("frames", ["that"])
        for noun, entry in cues["nouns"].items()
        if entry["kind"] in kinds
        for plural in ("", "s")
    }
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase, entry in cues["phrases"].items():
        if entry["kind"] in kinds:
            first, *rest = phrase.split()
            phrases.setdefault(first, []).append(tuple(rest))
    return Lexicon(
        _PUNCTUATION | tags,
        # the longest match wins: "call for" before "call"
        {form: tuple(sorted(verbs, key=lambda verb: -len(verb.particles))) for form, verbs in by_form.items()},
        nouns,
        {first: tuple(sorted(rest, key=len, reverse=True)) for first, rest in phrases.items()},
        frozenset({*nouns, *phrases, "reportedly"}),
        frozenset(cues["words"]["label"]),
        frozenset(cues["words"]["document"]),
    )


def _check_verb(name: str, entry: Mapping[str, Any]) -> None:
    """Refuse an entry that would be misread without a warning."""
    unknown = sorted(set(entry.get("frames", ["missing"])) - _FRAMES)
    if unknown or entry.get("kind") not in _KINDS or not isinstance(entry.get("unless", []), list):
        message = (
            f"cues.toml, verbs, {name!r}: kind {entry.get('kind')!r} and frames {entry.get('frames')!r}; "
            f"kind must be one of {sorted(_KINDS)}, frames a list out of {sorted(_FRAMES)}, unless a list of words"
        )
        raise ValueError(message)


def read_sentence(text: str, span: tuple[int, int], quotes: Sequence[tuple[int, int]], lexicon: Lexicon) -> Sentence:
    """Split a sentence into tokens and guess the class of each; `quotes` are those of the whole text, in order."""
    words: list[str] = _WORD.findall(text, *span)
    lower = [word.lower() for word in words]
    ends = list(accumulate(words, lambda end, word: text.index(word, end) + len(word), initial=span[0]))[1:]
    starts = [end - len(word) for end, word in zip(ends, words, strict=True)]
    tags: list[str] = []
    inside = [-1] * len(words)
    for number in range(max(0, bisect_left(quotes, span) - 1), bisect_left(quotes, (span[1],))):
        first, last = (bisect_left(starts, edge) for edge in quotes[number])
        inside[first:last] = [number] * (last - first)
    known = lexicon.tags
    fresh = True
    for word, low, end, quote in zip(words, lower, ends, inside, strict=True):
        tag = known.get(low)
        if tag is None:
            tag = _guess(word, low, fresh=fresh, verbs=lexicon.verbs)
        elif word != low:
            tag = _capital(word, tag, fresh=fresh)
        elif tag == Tag.POSSESSIVE and quote >= 0 and len(word) == 1:
            tag = Tag.QUOTE  # a single mark
        elif tag == Tag.STOP and quote < 0 and end < span[1]:
            tag = Tag.NAME  # within a sentence a full stop closes an abbreviation
        tags.append(tag)
        # after “…,” a capital is that of a name: “We wait,” Fleming said
        fresh = tag in Tag.BEFORE_CAPITAL and tags[-2:-1] != [Tag.COMMA]
    size = len(tags)
    lower += ["", ""]
    starts += [span[1], span[1]]
    ends += [span[1], span[1]]
    tags += [Tag.STOP, Tag.STOP]
    inside += [-1, -1]
    _settle(words, lower, tags, lexicon.verbs)
    while size and tags[size - 1] == Tag.STOP and inside[size - 1] < 0:
        size -= 1
    return Sentence(text, lower, starts, ends, tags, inside, size)


def _capital(word: str, tag: str, *, fresh: bool) -> str:
    """Return the class of a word of the lists that is written with a capital: May, WHO."""
    if not fresh and (word == "May" or tag == Tag.TIME):
        return Tag.TIME
    name = word[0].isupper() and not fresh and tag not in Tag.PRONOUN + Tag.OBJECT + Tag.AUXILIARY
    return Tag.NAME if name or word in _CAPITALS else tag


def _guess(word: str, low: str, *, fresh: bool, verbs: Mapping[str, Any]) -> str:
    first = word[0]
    if not first.isalnum():
        return Tag.DASH
    if first.isdigit():
        return Tag.TIME if _YEAR.fullmatch(word) else Tag.NUMBER
    if first.isupper() and (not fresh or "." in word):
        return Tag.NAME  # Noor, U.S.-led
    ending = _ENDINGS.get(low[-3:]) or _ENDINGS.get(low[-2:])
    if ending is not None and len(low) >= ending[1] and low not in _NOUNS_IN_LY:
        return ending[0]
    return Tag.NAME if first.isupper() and low not in verbs else Tag.NOUN


def _settle(words: list[str], lower: list[str], tags: list[str], verbs: Mapping[str, Any]) -> None:
    """Decide, from the neighbours, what an ending left open: 's, past or participle, that."""
    for i, word in enumerate(words):
        before = tags[i - 1]
        if tags[i] in Tag.UNSETTLED or (tags[i] == Tag.NOUN and before in Tag.MAY_ACT):
            after, following = tags[i + 1], lower[i + 1]
            named = before == Tag.STOP and word[0].isupper() and _names(lower[i], after, following, verbs)
            tags[i] = Tag.NAME if named else _settled(tags[i], lower[i], before, after, following, verbs)
        elif lower[i] == "once" and i and (lower[i - 1] == "at" or tags[i + 1] in Tag.VERBAL or lower[i + 1] in verbs):
            tags[i] = Tag.ADVERB  # at once; Noor once told; not: once told, Noor left


def _names(word: str, after: str, following: str, verbs: Mapping[str, Any]) -> bool:
    """Tell a name that looks like a participle or an adverb by the verb after it: Fleming has said, Jolly told."""
    alike = word.endswith(("ing", "ed", "ly"))
    return alike and (following in verbs or after == Tag.AUXILIARY)


def _settled(tag: str, word: str, before: str, after: str, following: str, verbs: Mapping[str, Any]) -> str:  # noqa: PLR0913, PLR0917
    """Return the class of a word among its neighbours."""
    if tag == Tag.DETERMINER:
        alone = word in _PRONOMINAL and following in verbs
        return Tag.NOUN if alone else Tag.OBJECT if word == "her" and after not in Tag.FOLLOWS_HER else Tag.DETERMINER
    other, changed = tag, False
    if tag == Tag.NOUN:
        other, changed = Tag.VERB, _is_present(word, before, after)
    elif tag == Tag.PARTICIPLE:
        other, changed = Tag.VERB, _is_finite(word, before, after, following, verbs)
    elif tag == Tag.POSSESSIVE and word[1:] == "s":
        is_ = before in Tag.PRONOUN + Tag.WH + Tag.THAT or (after in Tag.FOLLOWS_IS and before != Tag.NAME)
        other, changed = Tag.AUXILIARY, is_
    elif tag == Tag.GERUND:
        other, changed = Tag.NOUN, before in Tag.DETERMINER + Tag.POSSESSIVE
    elif tag == Tag.THAT:
        other, changed = Tag.DETERMINER, before == Tag.PREPOSITION
    elif word == "there":
        other, changed = Tag.PRONOUN, after in Tag.FINITE + Tag.POSSESSIVE
    return other if changed else tag


def _is_finite(word: str, before: str, after: str, following: str, verbs: Mapping[str, Any]) -> bool:
    """Tell "the ministry warned …" from "the ministry warned by …" and "the warned ministry"."""
    if before in Tag.PRONOUN + Tag.WH + Tag.ADVERB:
        return before == Tag.PRONOUN or after != Tag.NOUN
    if following == "by" or before not in Tag.NOMINAL + Tag.CLOSE + Tag.COMMA:
        return before == Tag.NAME
    if before == Tag.COMMA:
        return after in Tag.OPENS_OBJECT
    # Iran issued orders; not: Iranian armed men, a report by Kabul released late on Monday
    issues = before == Tag.NAME and after == Tag.NOUN and word.isalpha()
    issues = issues and word not in _ADJECTIVES and following not in ("late", "early")
    return issues or word in verbs or after in Tag.FOLLOWS_FINITE


def _is_present(word: str, before: str, after: str) -> bool:
    """Tell "she offers", "they want", "Kabul rejects the" from nouns."""
    if before == Tag.PRONOUN:
        return word.isalpha()
    third = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return third and before == Tag.NAME and after in Tag.DETERMINER + Tag.OBJECT
