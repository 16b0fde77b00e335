"""Reports: source, cue and content of each attribution of one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from helpers.statements.grammar.contents import find_content
from helpers.statements.grammar.cues import Cue
from helpers.statements.grammar.phrases import Range, noun_phrase_after, noun_phrase_before, verb_group_start
from helpers.statements.grammar.tokens import Lexicon, Sentence, Tag

_OWNERS = frozenset("his her their its my our your".split())  # noqa: SIM905
_WHOLE = frozenset({"according to", "as reported"})
_LEANS_ON = {"leaning": ", participle", "shared": ", shared subject"}


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


def find_reports(s: Sentence, cues: Sequence[Cue], lexicon: Lexicon) -> list[Part]:
    """Find the attributions of a sentence: those of its verbs, of other words, or of a label before a colon."""
    parts = list(_verbs(s, cues))
    for i, word in enumerate(s.lower[: s.size]):
        if word not in lexicon.others or s.quote[i] >= 0:
            continue
        if word in lexicon.phrases:
            parts += _phrase(s, i, lexicon)
        elif word in lexicon.nouns:
            parts += _noun(s, i, lexicon)
        elif not any(cue.head == i + 1 for cue in cues):  # has reportedly | said that
            parts += _hearsay(s, i)
    return _apart(s, sorted(parts or _label(s), key=lambda part: (part.begin, part.cue)))


def _verbs(s: Sentence, cues: Sequence[Cue]) -> Iterator[Part]:
    floor = 0  # where the content before ends
    for cue, following in zip_longest(cues, cues[1:]):
        content = find_content(s, cue, floor, following)
        if content is None:
            continue
        pieces, rule = content
        if rule.startswith("after ") and not (following and following.how == "quoted"):
            floor = max(cue.stop, pieces[0][1])
        rule += _LEANS_ON.get(cue.how, "")
        weight = _weighs(s, cue, pieces)
        yield Part(cue.source, (cue.head, cue.stop), tuple(pieces), rule, cue.begin, cue.verb.form, weight)


def _weighs(s: Sentence, cue: Cue, pieces: Sequence[Range]) -> bool:
    """Tell a report within a report (he said that she had said …) from the mere mention of one."""
    said = [i for first, last in pieces for i in range(first, last)]
    clause = bool(cue.verb.frames & {"that", "quote"}) and any(s.tag[i] in Tag.VERBAL for i in said)
    told = cue.how in ("before", "after", "shared") and cue.verb.form in ("past", "s")
    return clause and (told or cue.how == "quoted")


def _phrase(s: Sentence, i: int, lexicon: Lexicon) -> Iterator[Part]:
    """Read “According to Noor, …”, “…, according to Noor”, “…, according to Noor, …”."""
    for rest in lexicon.phrases[s.lower[i]]:
        start = i + 1 + len(rest)
        if tuple(s.lower[i + 1 : start]) != rest:
            continue
        end = noun_phrase_after(s, start, s.size)
        if i == 0:
            end = min(end, next((j for j in range(start, end) if s.tag[j] == Tag.COMMA), end))
        comma = next((j for j in range(end, s.size) if s.tag[j] in Tag.COMMA + Tag.COLON + Tag.FINITE), s.size)
        if i == 0 and s.tag[comma] == Tag.COMMA:
            end = comma  # According to figures given by the ministry, | …
        if end > start:
            yield Part((start, end), (i, start), _beside(s, i, end), "according to", i)


def _beside(s: Sentence, begin: int, end: int) -> tuple[Range, ...]:
    """Return the clause around a phrase: before it, after it, or both."""
    stop = s.past(begin - 1, Tag.COMMA, -1) + 1
    start = int(s.tag[0] == Tag.CONJUNCTION)
    clause = any(s.tag[i] in Tag.VERBAL for i in range(start, stop))
    after = s.past(end, Tag.PAUSE)
    if clause and s.tag[begin - 1] in Tag.THAT + Tag.CONJUNCTION and after < s.size:
        return ((after, s.size),)  # Noor said that, according to Hale, | the dam is safe
    return ((start, stop),) if clause else ((start, stop), (after, s.size))


def _hearsay(s: Sentence, i: int) -> Iterator[Part]:
    """Read “The raid reportedly failed”, “Reportedly, the raid failed”."""
    subject = noun_phrase_before(s, verb_group_start(s, i)) or (i, i)
    after = i + 1 + (s.tag[i + 1] == Tag.COMMA)
    yield Part(None, (i, i + 1), ((subject[0], i), (after, s.size)), "reportedly", subject[0], weight=False)


def _noun(s: Sentence, i: int, lexicon: Lexicon) -> Iterator[Part]:
    """Read “his warning that …”, “Noor's claim that …”, “the claim by Noor that …”, “her promise to …”."""
    source: Range | None = None
    stop = i + 1
    if s.lower[stop] == "by":
        end = noun_phrase_after(s, stop + 1, s.size)
        source, stop = (stop + 1, end), end
    owner = s.past(i - 1, Tag.ADJECTIVAL, -1)
    if s.lower[owner] in _OWNERS:
        source = (owner, owner + 1)
    elif s.tag[owner] == Tag.POSSESSIVE:
        source = noun_phrase_before(s, owner)
        if source is not None:
            source = s.past(source[0], Tag.PARTICIPLE + Tag.GERUND), owner  # rejected | Noor’s claim
    opens = s.tag[stop] == Tag.THAT or (s.tag[stop] == Tag.TO and "to" in lexicon.nouns[s.lower[i]])
    # an inquiry into | claims that Noor left
    heard = s.tag[i - 1] in Tag.PREPOSITION + Tag.TO + Tag.GERUND and s.tag[i : i + 2] == [Tag.NOUN, Tag.THAT]
    if (heard and s.tag[i + 2] in Tag.OPENS_CLAUSE) or (source is not None and opens):
        yield Part(source, (i, i + 1), ((stop, s.size),), "noun", min(source[0], i) if source else i)


def _label(s: Sentence) -> Iterator[Part]:
    """Read “Noor: Border is shut”, “Noor: “The border is shut””."""
    colon = noun_phrase_after(s, 0, s.size) if s.tag[0] == Tag.NAME and Tag.COLON in s.tag else -1
    if s.tag[colon] == Tag.COLON and (s.start[0] == 0 or s.quote[colon + 1] >= 0):
        yield Part((0, colon), (colon, colon + 1), ((colon + 1, s.size),), "label", 0)


def _apart(s: Sentence, parts: Sequence[Part]) -> list[Part]:
    """End each content where the next attribution beside it begins; drop mere mentions inside another's content."""
    kept = []
    for part in parts:
        pieces: list[Range] = []
        for first, last in part.pieces:
            stop = last
            if first >= part.cue[0]:
                for other in parts:
                    if other.source and max(other.begin, other.source[0]) <= part.cue[0] < other.cue[0]:
                        stop = min(stop, verb_group_start(s, other.cue[0]))  # those who warned of it | said
                    within = first + (s.tag[first] == Tag.SUBORDINATOR) < other.begin < stop
                    if within and _stands_beside(s, part, other):
                        stop = other.begin
            # at the end of a sentence a word links nothing: for a while, to do so
            stop = s.past(stop - 1, Tag.LINKS if stop < s.size else Tag.PAUSE, -1) + 1
            claimed = any(part.cue[1] < other.cue[0] < first or other.begin == last for other in parts)
            if stop > first and not (pieces and claimed):
                pieces.append((first, stop))
        if pieces:
            kept.append(replace(part, pieces=tuple(pieces)))
    return [part for part in kept if part.weight or not _is_inside(part, kept)]


def _is_inside(part: Part, parts: Sequence[Part]) -> bool:
    """Tell whether an attribution is only mentioned in another's source or content: he said she praised the plan."""
    return any(
        other.cue[0] < first <= part.cue[0] < last
        for other in parts
        if other.rule not in _WHOLE
        for first, last in (*other.pieces, other.source or (0, 0))
    )


def _stands_beside(s: Sentence, part: Part, other: Part) -> bool:
    """Tell whether `other` stands beside `part` (and ends its content) or inside its content."""
    if part.rule in _WHOLE and other.cue[0] < other.pieces[0][0]:
        return False  # According to the agency, the envoy spoke of rain, | and Noor said | …
    before = other.begin - 1
    tag = s.tag[before]
    if tag == Tag.CONJUNCTION:
        return s.tag[before - 1] == Tag.COMMA or part.form == other.form
    if s.lower[other.cue[0]] in ("saying", "adding"):
        return True  # condemned the raid | saying that
    as_ = s.lower[before] == "as" and s.lower[before - 2] != "as"  # not: as long as
    return tag in Tag.BREAK or as_ or s.lower[before] in ("while", "although", "after", "when")
