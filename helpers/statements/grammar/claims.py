"""Claims: to whom a quotation belongs that no reporting verb of the codebook has claimed."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from helpers.statements.grammar.phrases import (
    Range,
    clause_subject,
    noun_phrase_after,
    noun_phrase_before,
    subject_of_verb,
)
from helpers.statements.grammar.reports import Part
from helpers.statements.grammar.tokens import Sentence, Tag

_SHORTEST_FRAGMENT = 3
_EARLIER = 30  # statements

_CLOSING = frozenset({"”", "’", "'", "''", '"', "»"})


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution as offsets in the text."""

    source: Range | None
    cue: Range | None
    spans: tuple[Range, ...]
    rule: str


def find_unclaimed(s: Sentence, parts: Sequence[Part], paragraph: Sequence[Found]) -> list[Found]:
    """Find the quotations of a sentence that lie in no content yet, and who is likely to have said them.

    `parts` are the attributions of the sentence, `paragraph` those of its paragraph so far.
    """
    found: list[Found] = []
    used = {part.cue for part in parts}
    alone = sum(quote < 0 and tag not in Tag.BREAK + Tag.STOP for tag, quote in zip(s.tag, s.quote, strict=True)) <= 1
    for i in (i for i, number in enumerate(s.quote) if number >= 0 and number != s.quote[i - 1]):
        stop = s.quote_end(i)
        if not any(first < stop and i < last for part in parts for first, last in part.pieces):
            spoke = [*paragraph[-_EARLIER:], *found[-_EARLIER:]]
            one = _goes_on(s, (i, stop), spoke) if alone else _claim(s, (i, stop), used)
            found += [one] if one is not None else []
    return found


def _goes_on(s: Sentence, quote: Range, spoke: Sequence[Found]) -> Found:
    """Give a quotation that stands alone to who was quoted last in its paragraph, or else spoke last there."""
    known = [one for one in spoke if one.source]
    last = next((one for one in reversed(known) if "quotation" in one.rule), known[-1] if known else None)
    rule = "quotation goes on" if last else "quotation alone"
    return Found(last.source if last else None, None, (s.span(quote),), rule)


def _claim(s: Sentence, quote: Range, used: Set[Range]) -> Found | None:
    """Give a quotation among other words to who is named beside it, or to the subject before it."""
    start, stop = quote
    span = (s.span(quote),)
    words = stop - start - 2
    named = _named_after(s, stop) or _named_before(s, start)
    if named is not None and named[1] not in used:
        source, cue, rule = named
        return Found(s.span(source), s.span(cue), span, rule)
    if words < _SHORTEST_FRAGMENT or _is_title(s, start, stop):
        return None
    that = next((i for i in range(start - 1, 0, -1) if s.tag[i] == Tag.THAT), None)  # it says | that “a small tax” …
    told = subject_of_verb(s, that) if that else None
    subject = told or clause_subject(s, start, main=True) or clause_subject(s, start)
    return Found(s.span(subject) if subject else None, None, (s.span((that or start, stop)),), "quotation within")


def _is_title(s: Sentence, start: int, stop: int) -> bool:
    """Tell the name of a work or a nickname, “The Long Road Home”, from words that somebody said."""
    words = [i for i in range(start + 1, stop - 1) if s.tag[i] in Tag.CONTENT_WORD]
    return all(s.text[s.start[i]].isupper() for i in words)


def _named_after(s: Sentence, stop: int) -> tuple[Range, Range, str] | None:
    """Read “…,” she surmised; “…!” roared the crowd: any verb will do beside a quotation that its mark closes."""
    last = stop - 2
    while s.lower[last] in _CLOSING:  # a quotation within closes first: “He said ‘we wait,’”
        last -= 1
    after = stop + (s.tag[stop] == Tag.COMMA)
    if s.lower[last] not in (",", "?", "!") and after == stop:
        return None
    if s.tag[after] in Tag.VERB + Tag.PARTICIPLE:
        end = noun_phrase_after(s, after + 1, s.size)
        return ((after + 1, end), (after, after + 1), "any verb, inverted") if end > after + 1 else None
    end = noun_phrase_after(s, after, s.size)
    verb = s.past(end, Tag.ADVERB)
    if s.tag[verb] not in Tag.VERB + Tag.PARTICIPLE:  # taken for a noun of the phrase: “…,” Noor concludes.
        end = verb = next((i for i in range(after + 1, end) if _is_third_person(s, i)), after)
    return None if end == after else ((after, end), (verb, verb + 1), "any verb")


def _is_third_person(s: Sentence, i: int) -> bool:
    """Tell whether a word that was taken for a noun may be a verb: it ends in -s and ends the clause."""
    return s.tag[i] == Tag.NOUN and s.lower[i].endswith("s") and s.tag[i + 1] in Tag.STOP + Tag.PREPOSITION


def _named_before(s: Sentence, start: int) -> tuple[Range, Range, str] | None:
    """Read Noor: “…”."""
    mark = start - 1
    source = noun_phrase_before(s, mark) if s.tag[mark] == Tag.COLON else None
    if source is None:
        return None
    if s.lower[source[0] - 1] == "from":
        return source, (mark, start), "label"  # And from the ministry: “…”
    if s.tag[source[1] - 1] != Tag.NAME:
        return None
    # he answered on Channel One: “…”
    return clause_subject(s, source[0], main=True) or source, (mark, start), "label"
