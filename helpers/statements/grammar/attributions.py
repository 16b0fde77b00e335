"""Attributions: source, cue and content of everything a text reports as said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from helpers.statements.grammar.claims import Found, find_unclaimed
from helpers.statements.grammar.cues import Cue, find_cues
from helpers.statements.grammar.headlines import is_headline, lost_label, speaks_last
from helpers.statements.grammar.phrases import Range, subject_of_verb
from helpers.statements.grammar.quotations import LINE
from helpers.statements.grammar.reports import Part, find_reports
from helpers.statements.grammar.tokens import Lexicon, Sentence, Tag, read_sentence

_LABEL = re.compile(r"[“\"']{1,2}([A-Z][A-Z.'’ -]{1,30}): (?=.)")  # “NOOR: We wait for rain.
# “We wait.” — Ana Noor, a farmer; not: “We wait.” – Farmers left at noon.
_SIGNATURE = re.compile(
    r" ?[―—–-] ?([A-Z][\w.’'-]*(?: (?:[a-z]{2,3} )?[A-Z][\w.’'-]*){0,4})"
    r"(?=(?:, [^\n“”\"]{0,60}|[^\n“”\"]{0,60}(?<![.!?]))(?:\n|$))"
)
# KABUL (Agency) – | The border is shut; not: NATO – the alliance – is ready.
_DATELINE = re.compile(
    r"[A-Z][A-Z.’' /]{2,40}(?:, ?[A-Z][\w. ]{2,25})?(?: \([^()\n]{1,30}\))?"
    r"(?: ?[–—―]| [-_]|-(?=[ -]))[-_ ]*(?=[A-Z\d“\"‘])"
)
_LONGEST_SENTENCE = 8000  # characters: a long speech quoted whole stays together
_LONGEST_SUBJECT = 10


def find_attributions(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Found]:
    """Find the attributions of a text, given its sentences and quotations."""
    found: list[Found] = []
    paragraph: list[Found] = []
    announced: Found | None = None
    top: Sentence | None = None
    last = 0
    quoted = set(quotes)
    for span in _bounded(_rejoined(text, sentences, quotes, lexicon)):
        dateline = None
        if not last or LINE.sub("", text[last : span[0]]):
            found += paragraph
            paragraph = []
            # “He said:”, and a paragraph that is what he said; without a cue all of it must be quoted
            if announced is not None:
                whole = (span[0], span[0] + len(next(LINE.finditer(text, span[0])).group().rstrip()))
                paragraph = [replace(announced, spans=(whole,))] if announced.cue or whole in quoted else []
            dateline = _DATELINE.match(text, *span)
        last = span[1]
        s = read_sentence(text, (dateline.end() if dateline else span[0], span[1]), quotes, lexicon)
        top = s if is_headline(s) else top
        said = speaks_last(s, lexicon) if top is s else None
        if said is not None:
            paragraph.append(said)
            continue
        cues = find_cues(s, lexicon)
        parts = find_reports(s, cues, lexicon)
        paragraph += [_located(s, part) for part in parts]
        if max(s.quote) >= 0 and not (paragraph and paragraph[0].rule == "colon, next paragraph"):
            paragraph += find_unclaimed(s, parts, paragraph)
        announced = _announced(s, cues)
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


def _announced(s: Sentence, cues: Sequence[Cue]) -> Found | None:
    """Read “The governor added:” at the end of a paragraph."""
    if s.tag[s.size - 1] != Tag.COLON:
        return None
    for cue in reversed(cues):
        if cue.source:
            return Found(s.span(cue.source), s.span((cue.head, cue.stop)), (), "colon, next paragraph")
    # “The governor issued a statement:” announces what stands in quotation marks
    subject = subject_of_verb(s, s.size - 1)
    return Found(s.span(subject), None, (), "colon, next paragraph") if subject else None


def _bounded(sentences: Iterable[Range]) -> Iterator[Range]:
    """Cut what is too long for a sentence, so that a broken file costs time in proportion to its length."""
    for start, end in sentences:
        for begin in range(start, end, _LONGEST_SENTENCE):
            yield begin, min(end, begin + _LONGEST_SENTENCE)


def _rejoined(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Range]:
    """Join a quotation that ends in its own mark with the cue that follows, “So?” | Noor asked; part a heading."""
    closed = dict(quotes)
    asked = {end for start, end in quotes if text[start:end].rstrip("\"”’'").endswith(("?", "!"))}
    joined: list[Range] = []
    for start, end in sentences:
        begin, before = joined[-1] if joined else (0, 0)
        stop = closed.get(start, end)
        if before in asked and "\n" not in text[before:start] and _is_mere_cue(text[start:end].split(), lexicon):
            joined[-1] = (begin, end)
        elif stop < end and _is_heading(text, start, stop) and not _is_brief_cue(text[stop:end].split(), lexicon):
            joined += [(start, stop), (stop + 1, end)]
        else:
            joined.append((start, end))
    return joined


def _is_brief_cue(words: Sequence[str], lexicon: Lexicon) -> bool:
    return len(words) <= _LONGEST_SUBJECT and _is_mere_cue(words, lexicon)


def _is_mere_cue(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell whether a sentence does no more than name who said what stands before it."""
    for i, word in enumerate(words[:_LONGEST_SUBJECT]):
        verbs = lexicon.verbs.get(word.strip(",.").lower(), ())
        if any(not verb.particles for verb in verbs):
            return "that" not in words[i : i + 3]
    return False


def _located(s: Sentence, part: Part) -> Found:
    source = s.span(part.source) if part.source else None
    return Found(source, s.span(part.cue), tuple(s.span(piece) for piece in part.pieces), part.rule)
