"""Attributions: source, cue and content of everything a text reports as said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from helpers.statements.grammar.claims import Found, find_unclaimed
from helpers.statements.grammar.contents import find_content, left_content, quoting_content
from helpers.statements.grammar.cues import find_cues
from helpers.statements.grammar.headlines import is_headline, lost_label, speaks_last
from helpers.statements.grammar.phrases import (
    noun_phrase_after,
    noun_phrase_before,
    subject_of_verb,
    verb_group_start,
)
from helpers.statements.grammar.quotations import LINE
from helpers.statements.grammar.tokens import Tag, read_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from helpers.statements.grammar.cues import Cue
    from helpers.statements.grammar.phrases import Range
    from helpers.statements.grammar.tokens import Lexicon, Sentence

_LABEL = re.compile(r"[“\"']{1,2}([A-Z][A-Z.'’ -]{1,30}): (?=.)")  # “NOOR: We wait for rain.
# “We wait.” — Ana Noor, a farmer; not: “We wait.” – Farmers left at noon.
_SIGNATURE = re.compile(
    r" ?[―—–-] ?([A-Z][\w.’'-]*(?: (?:[a-z]{2,3} )?[A-Z][\w.’'-]*){0,4})"
    r"(?=(?:, [^\n“”\"]{0,60}|[^\n“”\"]{0,60}(?<![.!?]))(?:\n|$))"
)
# KABUL (Agency) – | The border is shut; not: NATO – the alliance – is ready.
_DATELINE = re.compile(
    r"[A-Z][A-Z.,’' /]{2,40}(?: \([^()\n]{1,30}\))?(?: ?[–—―]| [-_]|-(?=[ -]))[-_ ]*(?=[A-Z\d“\"‘])"
)
_LONGEST_SENTENCE = 8000  # characters: a long speech quoted whole stays together
_LONGEST_SUBJECT = 10
_INTENTS = frozenset({"offer", "pledge", "promise", "proposal", "threat", "vow"})
_OWNERS = frozenset("his her their its my our your".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Part:
    """One attribution as ranges of tokens of its sentence."""

    source: Range | None
    cue: Range
    pieces: tuple[Range, ...]
    rule: str
    begin: int
    form: str = ""
    weight: bool = True  # holds within another's content too


def find_attributions(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Found]:
    """Find the attributions of a text, given its sentences and quotations."""
    found: list[Found] = []
    paragraph: list[Found] = []
    before: list[Found] = []
    announced: Found | None = None
    top: Sentence | None = None
    last = 0
    quoted = set(quotes)
    for span in _bounded(_rejoined(text, sentences, quotes, lexicon)):
        dateline = None
        if not last or LINE.sub("", text[last : span[0]]):
            found += paragraph
            before, paragraph = paragraph, []
            # “He said:”, and a paragraph that is what he said; without a cue all of it must be quoted
            whole = (span[0], span[0] + len(next(LINE.finditer(text, span[0])).group().rstrip()))
            if announced is not None and (announced.cue or whole in quoted):
                paragraph = [replace(announced, spans=(whole,))]
            dateline = _DATELINE.match(text, *span)
        last = span[1]
        s = read_sentence(text, (dateline.end() if dateline else span[0], span[1]), quotes, lexicon)
        top = s if is_headline(s) else top
        said = speaks_last(s, lexicon) if top is s else None
        if said is not None:
            paragraph.append(said)
            continue
        parts = _of_sentence(s, lexicon)
        paragraph += [_located(s, part) for part in parts]
        if not (paragraph and paragraph[0].rule == "colon, next paragraph"):
            paragraph += find_unclaimed(s, parts, paragraph, before)
        announced = _announced(s, lexicon)
    found += paragraph
    if top is not None and not any(one.spans[0][0] < top.end[top.size - 1] for one in found[:1]):
        said = lost_label(top, found, lexicon)
        found = [said, *found] if said is not None else found
    return [_signed(text, one) for one in _carried_back(text, found)]


def _signed(text: str, one: Found) -> Found:
    """Give a quotation that nobody claims to whom a label in it or a signature after it names."""
    if one.source is not None:
        return one
    start, end = one.spans[-1]
    label = _LABEL.match(text, start, end)
    if label is not None:
        return replace(one, source=label.span(1), spans=((label.end(), end),), rule="label")
    signature = _SIGNATURE.match(text, end)
    return replace(one, source=signature.span(1), rule="label") if signature else one


def _carried_back(text: str, found: list[Found]) -> list[Found]:
    """Give a quotation that its paragraph leaves open, or a heading in quotation marks, to who speaks next."""
    result = list(found)
    for i in range(len(found) - 2, -1, -1):
        one, after = result[i], result[i + 1]
        end = one.spans[-1][1]
        between = text[end : after.spans[0][0]]
        left_open = one.rule == "quotation alone" and text[end - 1] not in '”"»' and not between.strip()
        heading = one.rule.startswith("quotation") and _is_heading(text, one.spans[0][0], end) and "\n" not in between
        if after.source and (left_open or heading):
            result[i] = replace(one, source=after.source, rule="quotation carried back")
    return result


def _is_heading(text: str, start: int, end: int) -> bool:
    """Tell a heading within a paragraph, in quotation marks: ‘The dam must hold’ | Noor also said …."""
    words = text[start:end].split()
    title = all(word[0].isupper() for word in words[1:])
    return not title and text[end - 2].isalnum() and text[end : end + 1] == " " and not text[end + 1].islower()


def _announced(s: Sentence, lexicon: Lexicon) -> Found | None:
    """Read “The governor added:” at the end of a paragraph."""
    if s.tag[s.size - 1] != Tag.COLON:
        return None
    for cue in reversed(find_cues(s, lexicon)):
        if cue.source:
            return Found(s.span(cue.source), s.span((cue.head, cue.stop)), (), "colon, next paragraph")
    # “The governor issued a statement:” announces what stands in quotation marks
    subject = subject_of_verb(s, s.size - 1)
    return Found(s.span(subject), None, (), "colon, next paragraph") if subject else None


def _bounded(sentences: Iterable[Range]) -> Iterator[Range]:
    """Cut what is too long for a sentence, so that a broken file costs time in proportion to its length."""
    for start, end in sentences:
        for begin in range(start, end, _LONGEST_SENTENCE):
            yield begin, min(begin + _LONGEST_SENTENCE, end)


def _rejoined(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Range]:
    """Join a quotation that ends in its own mark with the cue that follows, “Is it so?” | Noor asked; part a heading."""
    closed = dict(quotes)
    asked = {end for start, end in quotes if text[start:end].rstrip("\"”’'").endswith(("?", "!"))}
    joined: list[Range] = []
    for start, end in sentences:
        begin, before = joined[-1] if joined else (0, 0)
        stop = closed.get(start, end)
        if before in asked and "\n" not in text[before:start] and _is_mere_cue(text[start:end].split(), lexicon):
            joined[-1] = (begin, end)
        elif stop < end and _is_heading(text, start, stop) and not _is_mere_cue(text[stop:end].split(), lexicon):
            joined += [(start, stop), (stop + 1, end)]
        else:
            joined.append((start, end))
    return joined


def _is_mere_cue(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether a sentence does no more than name who said what stands before it."""
    for i, word in enumerate(words[:_LONGEST_SUBJECT]):
        verbs = lexicon.verbs.get(word.strip(",.").lower(), ())
        # one comma ends a clause (He took the floor, Noor said), two enclose who Noor is
        clause = sum(one.endswith(",") for one in words[:i]) == 1
        if not clause and any(not verb.particles for verb in verbs):
            return "that" not in words[i : i + 3]
    return False


def _located(s: Sentence, part: Part) -> Found:
    source = s.span(part.source) if part.source else None
    return Found(source, s.span(part.cue), tuple(s.span(piece) for piece in part.pieces), part.rule)


def _of_sentence(s: Sentence, lexicon: Lexicon) -> list[Part]:
    parts: list[Part] = []
    floor = 0  # where the content before ends
    before: Range | None = None  # what stands before “…, the agency quoted Noor as saying”
    cues = find_cues(s, lexicon)
    for n, cue in enumerate(cues):
        following = cues[n + 1] if n + 1 < len(cues) else None
        if following is not None and following.how == "quoted":
            before = left_content(s, cue, floor) or left_content(s, following, floor)
            content = quoting_content(s, cue, following, before)
        elif cue.how == "quoted" and before is not None:
            content = [before], "after clause"
        else:
            content = find_content(s, cue, floor, following)
        if content is None:
            continue
        pieces, rule = content
        if rule.startswith("after "):
            floor = max(cue.stop, pieces[-1][1])
        name = {"leaning": ", participle", "shared": ", shared subject"}.get(cue.how, "")
        part = Part(
            cue.source,
            (cue.head, cue.stop),
            tuple(pieces),
            rule + name,
            cue.begin,
            cue.verb.form,
            _weighs(s, cue, pieces),
        )
        parts.append(part)
    parts += [*_phrases(s, lexicon), *_nouns(s, lexicon), *_hearsay(s)]
    parts = parts or _label(s)
    return _apart(s, sorted(parts, key=lambda part: (part.begin, part.cue)))


def _weighs(s: Sentence, cue: Cue, pieces: Sequence[Range]) -> bool:
    """Tell a report within a report (he said that she had said …) from the mere mention of one."""
    said = [i for first, last in pieces for i in range(first, last)]
    clause = bool(cue.verb.frames & {"that", "quote"}) and any(s.tag[i] in Tag.VERBAL for i in said)
    told = cue.how in ("before", "after", "shared") and cue.verb.form in ("past", "s")
    return clause and (told or cue.how == "quoted")


def _phrases(s: Sentence, lexicon: Lexicon) -> list[Part]:
    """“According to Noor, …”, “…, according to Noor”, “…, according to Noor, …”."""
    parts = []
    for i in range(s.size):
        for rest in lexicon.phrases.get(s.lower[i], ()):
            start = i + 1 + len(rest)
            if s.quote[i] >= 0 or tuple(s.lower[i + 1 : start]) != rest:
                continue
            end = noun_phrase_after(s, start, s.size)
            if end > start:
                parts.append(Part((start, end), (i, start), _beside(s, i, end), "according to", i))
            break
    return parts


def _hearsay(s: Sentence) -> Iterator[Part]:
    """Read “The raid reportedly failed”, “Reportedly, the raid failed”."""
    for i in range(s.size):
        if s.lower[i] == "reportedly" and s.quote[i] < 0:
            subject = noun_phrase_before(s, verb_group_start(s, i)) or (i, i)
            more = i + 1
            while more < s.size and s.tag[more] == Tag.COMMA:
                more += 1
            if more < s.size:
                pieces = ((subject[0], i), (more, s.size))
                yield Part(None, (i, i + 1), pieces, "reportedly", subject[0], weight=False)


def _nouns(s: Sentence, lexicon: Lexicon) -> list[Part]:
    """Read “his warning that …”, “Noor's claim that …”, “the claim by Noor that …”, “her promise to …”."""
    parts = []
    for i in range(1, s.size - 2):
        if s.lower[i] not in lexicon.nouns or s.quote[i] >= 0:
            continue
        source: Range | None = None
        stop = i + 1
        if s.lower[stop] == "by":
            end = noun_phrase_after(s, stop + 1, s.size)
            source, stop = (stop + 1, end), end
        owner = i - 1
        while s.tag[owner] in Tag.ADJECTIVAL:
            owner -= 1
        if s.lower[owner] in _OWNERS:
            source = (owner, owner + 1)
        elif s.tag[owner] == Tag.POSSESSIVE:
            source = noun_phrase_before(s, owner)
        intent = s.tag[stop] == Tag.TO and s.lower[i].removesuffix("s") in _INTENTS
        if source is not None and stop < s.size - 1 and (s.tag[stop] == Tag.THAT or intent):
            parts.append(Part(source, (i, i + 1), ((stop, s.size),), "noun", min(source[0], i)))
    return parts


def _beside(s: Sentence, begin: int, end: int) -> tuple[Range, ...]:
    """Return the clause around a phrase: before it, after it, or both."""
    stop = begin
    while s.tag[stop - 1] == Tag.COMMA:
        stop -= 1
    start = int(s.tag[0] == Tag.CONJUNCTION)
    clause = any(s.tag[i] in Tag.VERBAL for i in range(start, stop))
    after = end
    while s.tag[after] in Tag.PAUSE:
        after += 1
    return ((start, stop),) if clause or after >= s.size else ((start, stop), (after, s.size))


def _label(s: Sentence) -> list[Part]:
    """“Noor: Border is shut”, “Noor: “The border is shut””."""
    colon = noun_phrase_after(s, 0, s.size)
    if s.tag[colon] != Tag.COLON or s.tag[0] != Tag.NAME or (s.start[0] and s.quote[colon + 1] < 0):
        return []
    return [Part((0, colon), (colon, colon + 1), ((colon + 1, s.size),), "label", 0)]


def _apart(s: Sentence, parts: Sequence[Part]) -> list[Part]:
    """End each content where the next attribution beside it begins; drop mere mentions inside another's content."""
    kept = []
    for part in parts:
        pieces: list[Range] = []
        for first, last in part.pieces:
            stop = last
            if first >= part.cue[0]:
                for other in parts:
                    if other.source and other.source[0] <= part.cue[0] < other.source[1]:
                        stop = min(stop, other.source[1])  # those who warned of it | said
                    within = first + (s.tag[first] == Tag.SUBORDINATOR) < other.begin < stop
                    if within and _stands_beside(s, part, other):
                        stop = other.begin
            while s.tag[stop - 1] in Tag.LINKS and s.quote[stop - 1] < 0:
                stop -= 1
            claimed = any(part.cue[1] < other.cue[0] < first for other in parts)
            if stop > first and not (pieces and claimed):
                pieces.append((first, stop))
        if pieces:
            kept.append(replace(part, pieces=tuple(pieces)))
    return [part for part in kept if part.weight or not _is_inside(part, kept)]


def _is_inside(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether an attribution is only mentioned in what another reports: he said that she praised the plan."""
    return any(other.cue[0] < first <= part.cue[0] < last for other in parts for first, last in other.pieces)


def _stands_beside(s: Sentence, part: Part, other: Part) -> bool:
    """Tell whether `other` stands beside `part` (and ends its content) or inside its content."""
    before = other.begin - 1
    tag = s.tag[before]
    if tag == Tag.CONJUNCTION:
        return s.tag[before - 1] == Tag.COMMA or part.form == other.form
    if s.lower[other.cue[0]] == "saying":
        return True  # condemned the raid | saying that
    return tag in Tag.BREAK or s.lower[before] in ("while", "as", "although", "after", "when")
