"""Headlines: who speaks in the first line of an article, where marks are few or a web page has lost them."""

import re
from collections.abc import Sequence

from helpers.statements.grammar.claims import Found
from helpers.statements.grammar.complements import has_verb
from helpers.statements.grammar.phrases import Range, noun_phrase_after
from helpers.statements.grammar.tokens import Lexicon, Sentence, Tag

_LONGEST_LABEL = 5
_FIRST = 3  # statements of the body that tell who speaks in its headline
_SMALL = frozenset("the a an of and in for to from at on by with s his her their its he she it they who".split())  # noqa: SIM905


def is_headline(s: Sentence) -> bool:
    """Tell whether a sentence is the whole first line, without a stop."""
    end = s.end[s.size - 1]
    return s.start[0] == 0 and s.text[end : end + 1] in ("", "\n")


def speaks_last(s: Sentence, lexicon: Lexicon) -> Found | None:
    """Read “Border is shut say officials”, “Border is shut Noor says of talks”, “Border is shut: minister”."""
    for i in range(2, s.size):
        if s.tag[i] == Tag.COLON:
            named = all(tag in Tag.NOUN_LIKE for tag in s.tag[i + 1 : s.size])
            if named and 0 < s.size - i - 1 <= _LONGEST_LABEL:
                return _found(s, (i + 1, s.size), (i, i + 1), (0, i), "label")
        if s.tag[i - 1] in Tag.PAUSE or not _reports(s, i, lexicon):
            continue
        told = any("whom" in verb.frames for verb in lexicon.verbs[s.lower[i]])  # Kabul must pay Iran tells | France
        inverted = not told and s.tag[i - 1] != Tag.TO
        if inverted and noun_phrase_after(s, i + 1, s.size) == s.size > i + 1 and _is_claim(s, i):
            return _found(s, (i + 1, s.size), (i, i + 1), (0, i), "inverted")
        first = max(s.past(i - 1, Tag.NAME, -1) + 1, i - 1)  # along the border with Iran | Kabul says
        if first < i and _is_claim(s, first):
            return _found(s, (first, i), (i, i + 1), (0, first), "after clause")
    return None


def lost_label(s: Sentence, body: Sequence[Found], lexicon: Lexicon) -> Found | None:
    """Find the speaker of a headline that has lost its colon, Noor Border is shut, among those who speak below it."""
    names = {word for one in body[:_FIRST] if one.source for word in _naming(s.text[slice(*one.source)])}
    if not any(s.tag[i] in Tag.CONTENT_WORD and s.text[s.start[i]].islower() for i in range(s.size)):
        return None  # in a title every word has a capital
    below = s.text[s.end[s.size - 1] :]
    for k in range(1, min(_LONGEST_LABEL, s.size - 2)):
        if s.lower[k - 1] in names and _begins(s, k, below):
            return _found(s, (0, k), None, (k, s.size), "label")
    first = s.size
    while s.lower[first - 1] in names:
        first -= 1
    before, last = s.lower[s.size - 2], s.lower[s.size - 1]
    noun = before.endswith("s") or (s.tag[s.size - 2] == Tag.NOUN and not last.endswith("s"))
    role = noun and last in lexicon.labels and f" {before} {last}" not in below
    people = last[:4] in {name[:4] for name in names} and s.tag[s.size - 3] != Tag.TO  # Iran: an Iranian envoy
    first -= first == s.size and (role or (people and s.tag[s.size - 1] == Tag.NAME))
    if first < s.size and s.tag[first - 1] in Tag.NOMINAL and (_is_claim(s, first) or has_verb(s, (1, first))):
        return _found(s, (first, s.size), None, (0, first), "label")
    return None


def _naming(source: str) -> set[str]:
    """Return the words of a source that may name it in a headline: its names, and the noun at the head of it."""
    heads = [re.split(r" (?:of|in|to|for|at|from|on|with|who)\b", part)[0].split() for part in source.split(",")]
    return {word.lower() for head in heads for word in head} - _SMALL


def _begins(s: Sentence, k: int, below: str) -> bool:
    """Tell whether a sentence begins in the midst of a headline: a capital that neither a name nor a title explains."""
    word = s.text[s.start[k] : s.end[k]]
    before = s.text[s.start[k - 1] : s.end[k - 1]]
    if not word[0].isupper() or any(f"{one} {word}" in below for one in (before, before.lower())):
        return False
    return s.tag[k] != Tag.NAME or any(
        f" {known}" in below for known in (f"{s.lower[k]} ", f"in {word}", f"the {word}")
    )


def _reports(s: Sentence, i: int, lexicon: Lexicon) -> bool:
    """Tell a verb in the present that may stand beside what was said."""
    return any(
        verb.frames >= {"quote", "that"} and not verb.particles and verb.form in ("s", "base")
        for verb in lexicon.verbs.get(s.lower[i], ())
    )


def _is_claim(s: Sentence, stop: int) -> bool:
    """Tell a clause from the name of who speaks: it has a verb, or what may be one."""
    return any(s.tag[i] in Tag.VERBAL + Tag.GERUND + Tag.TO or s.quote[i] >= 0 for i in range(1, stop))


def _found(s: Sentence, source: Range, cue: Range | None, content: Range, rule: str) -> Found:
    return Found(s.span(source), s.span(cue) if cue else None, (s.span(content),), rule)
