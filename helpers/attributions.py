"""Attributions: source, cue and content of everything a text reports as said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from helpers.contents import find_content
from helpers.cues import find_cues
from helpers.phrases import clause_subject, noun_phrase_after
from helpers.tokens import read_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.phrases import Range
    from helpers.tokens import Lexicon, Sentence

_SHORTEST_UNCLAIMED = 5
_LONGEST_LABEL = 12
_LONGEST_SUBJECT = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution as offsets in the text."""

    source: Range | None
    cue: Range | None
    spans: tuple[Range, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One attribution as ranges of tokens of its sentence."""

    source: Range | None
    cue: Range
    pieces: tuple[Range, ...]
    rule: str
    begin: int
    form: str = ""


def find_attributions(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Found]:
    """Find the attributions of a text, given its sentences and quotations."""
    found: list[Found] = []
    paragraph: list[Found] = []
    last = 0
    for span in _rejoined(text, sentences, quotes, lexicon):
        if "\n" in text[last : span[0]]:
            found += paragraph
            paragraph = []
        last = span[1]
        s = read_sentence(text, span, quotes, lexicon)
        parts = _of_sentence(s, lexicon)
        paragraph += [_located(s, part) for part in parts]
        paragraph += _unclaimed(s, parts, paragraph)
    return found + paragraph


def _rejoined(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Range]:
    """Join a quotation that ends in its own mark with the cue that follows: “Is it so?” | Noor asked."""
    closing = {end for _, end in quotes}
    joined: list[Range] = []
    for start, end in sentences:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before[1] in closing
            and "\n" not in text[before[1] : start]
            and text[start] not in "“\"'"
        ):
            words = text[start:end].split()[:_LONGEST_SUBJECT]
            verb = next((verb[0] for word in words if (verb := lexicon.verbs.get(word.strip(",.").lower()))), None)
            rest = text[start:end].split()[_LONGEST_SUBJECT:]
            if verb is not None and "quote" in verb.frames and not rest and "that" not in words:
                joined[-1] = (before[0], end)
                continue
        joined.append((start, end))
    return joined


def _located(s: Sentence, part: _Part) -> Found:
    source = s.span(part.source) if part.source else None
    return Found(source, s.span(part.cue), tuple(s.span(piece) for piece in part.pieces), part.rule)


def _of_sentence(s: Sentence, lexicon: Lexicon) -> list[_Part]:
    parts: list[_Part] = []
    floor = 0
    for cue in find_cues(s, lexicon):
        content = find_content(s, cue, floor)
        if content is None:
            continue
        pieces, rule = content
        name = {"leaning": ", participle", "shared": ", shared subject"}.get(cue.how, "")
        part = _Part(cue.source, (cue.head, cue.stop), tuple(pieces), rule + name, cue.begin, cue.verb.form)
        parts.append(part)
    parts += _phrases(s, lexicon)
    if not parts:
        parts += _label(s)
    return _apart(s, sorted(parts, key=lambda part: (part.begin, part.cue)))


def _phrases(s: Sentence, lexicon: Lexicon) -> list[_Part]:
    """“According to Noor, …”, “…, according to Noor”, “…, according to Noor, …”."""
    parts = []
    for i in range(s.size):
        for rest in lexicon.phrases.get(s.lower[i], ()):
            start = i + 1 + len(rest)
            if s.quote[i] >= 0 or tuple(s.lower[i + 1 : start]) != rest:
                continue
            end = noun_phrase_after(s, start, s.size)
            if end == start:
                break
            pieces = _beside(s, i, end)
            if pieces:
                parts.append(_Part((start, end), (i, start), tuple(pieces), "according to", i))
            break
    return parts


def _beside(s: Sentence, begin: int, end: int) -> list[Range]:
    """Return the clause around a phrase: before it, after it, or both."""
    stop = begin
    while stop and s.tag[stop - 1] in ",-":
        stop -= 1
    start = 0
    while start < stop and s.tag[start] in "C,-":
        start += 1
    clause = any(s.tag[i] in "VXE" or s.quote[i] >= 0 for i in range(start, stop))
    after = end
    while after < s.size and s.tag[after] not in ",;:-)" and clause:
        after += 1
    while after < s.size and s.tag[after] in ",-:":
        after += 1
    left = [(start, stop)] if stop > start else []
    if clause or after >= s.size:
        return left
    return [*left, (after, s.size)]


def _label(s: Sentence) -> list[_Part]:
    """“Noor: Border is shut”, “Noor: “The border is shut””."""
    for i in range(1, min(s.size - 1, _LONGEST_LABEL)):
        if s.quote[i] >= 0 or s.tag[i] not in "PNMDIE.C:":
            return []
        if s.tag[i] == ":":
            named = any(s.tag[j] == "P" for j in range(i)) and s.tag[0] in "PDNE"
            quoted = s.quote[i + 1] >= 0
            if named and s.size - i > 2 and (quoted or s.start[0] == 0):  # noqa: PLR2004
                return [_Part((0, i), (i, i + 1), ((i + 1, s.size),), "label", 0)]
            return []
    return []


def _apart(s: Sentence, parts: Sequence[_Part]) -> list[_Part]:
    """End each content where the next attribution beside it begins; drop mere mentions inside another's content."""
    kept = []
    for part in parts:
        pieces = []
        for first, last in part.pieces:
            stop = last
            if first >= part.cue[0]:
                for other in parts:
                    within = first < other.begin < stop and other.cue != part.cue
                    if within and _stands_beside(s, part, other, first):
                        stop = other.begin
            while stop > first and s.tag[stop - 1] in ",;C-B" and s.quote[stop - 1] < 0:
                stop -= 1
            claimed = any(part.cue[1] < other.cue[0] < first and other.pieces[0][0] <= first for other in parts)
            if stop > first and not (pieces and claimed):
                pieces.append((first, stop))
        if pieces:
            kept.append(replace(part, pieces=tuple(pieces)))
    return kept


def _stands_beside(s: Sentence, part: _Part, other: _Part, first: int) -> bool:
    """Tell whether `other` stands beside `part` (and ends its content) or inside its content."""
    before = other.begin - 1
    tag = s.tag[before]
    if other.rule == "according to":
        return tag in ',"'
    if other.pieces[0][0] >= first and other.pieces[0][0] < other.begin:
        return False
    if "participle" in other.rule:
        return tag in ',C"' or (s.lower[before] in ("while", "before", "after") and tag == ",")
    if "shared" in other.rule:
        return part.form == other.form
    if tag == "C":
        return s.tag[before - 1] in ",;" or part.form == other.form
    return tag in ",;-" or s.lower[before] in ("while", "as", "though", "although", "after", "when")


def _unclaimed(s: Sentence, parts: Sequence[_Part], paragraph: Sequence[Found]) -> list[Found]:
    """Give a quotation that no cue has claimed to who spoke before it in the paragraph, or to the clause's subject."""
    found = []
    i = 0
    size = len(s.tag)
    while i < size:
        stop = i + 1
        if s.quote[i] >= 0:
            while stop < size and s.quote[stop] == s.quote[i]:
                stop += 1
            if not any(first < stop and i < last for part in parts for first, last in part.pieces):
                one = _claim(s, i, stop, paragraph)
                if one is not None:
                    found.append(one)
        i = stop
    return found


def _claim(s: Sentence, start: int, stop: int, paragraph: Sequence[Found]) -> Found | None:
    span = (s.span((start, stop)),)
    outside = sum(1 for i in range(len(s.tag)) if s.quote[i] < 0 and s.tag[i] not in '.,"-')
    if outside <= 1:
        earlier = [one for one in paragraph if one.source and one.spans[0][0] < span[0][0]]
        quoted = [one for one in earlier if "quotation" in one.rule or one.rule == "inverted"]
        if earlier:
            return Found((quoted or earlier)[-1].source, None, span, "quotation goes on")
        return Found(None, None, span, "quotation alone") if stop - start > 3 else None  # noqa: PLR2004
    if stop - start - 2 < _SHORTEST_UNCLAIMED:
        return None
    subject = clause_subject(s, start)
    return Found(s.span(subject) if subject else None, None, span, "quotation within")
