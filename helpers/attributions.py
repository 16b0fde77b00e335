# ruff: noqa: C901, PLR0911, PLR0912, PLR0913, PLR0917, PLR2004
"""Attributions: the rules that find source, cue and content among the words of a sentence."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from helpers.phrases import chunk_end, is_passive, noun_phrase_after, noun_phrase_before, verb_group_start
from helpers.tokens import Tokens, read_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.tokens import Cue, Lexicon

Range = tuple[int, int]
_CIRCUMSTANCE = frozenset(
    "in on at during after before from through via by to of about with under for over amid".split()  # noqa: SIM905
)
_HOMONYM_AFTER = 'HDRPO"TWB:XM'


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution as offsets in the text."""

    source: Range | None
    cue: Range | None
    spans: tuple[Range, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution as ranges of tokens; `pieces` may be several."""

    source: Range | None
    cue: Range | None
    pieces: tuple[Range, ...]
    rule: str
    begin: int  # where the attribution itself (source or cue) begins
    form: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A cue in place: the verb at `head`, its group, and what the codebook says of it."""

    cue: Cue
    head: int
    start: int
    stop: int
    passive: bool
    infinitive: bool
    source: Range | None = None
    how: str = ""  # before, after, shared, participle, by, none
    begin: int = 0
    frames: frozenset[str] = frozenset()


def attribute(text: str, sentences: Sequence[Range], quotes: Sequence[Range], lexicon: Lexicon) -> list[Found]:
    """Find the attributions of a text, given its sentences and quotations."""
    lines: list[list[Range]] = []
    for sentence in sentences:
        if lines and text.find("\n", lines[-1][-1][1], sentence[0]) < 0:
            lines[-1].append(sentence)
        else:
            lines.append([sentence])
    found: list[Found] = []
    for line in lines:
        words = read_tokens(text, line[0][0], line[-1][1], quotes, lexicon)
        made: list[Attribution] = []
        ranges = [(bisect_left(words.start, start), bisect_left(words.start, end)) for start, end in line]
        for low, high in ranges:
            made += find_attributions(words, low, high, lexicon)
        made += _left_over(words, ranges, made)
        found += [_located(words, one) for one in made]
    return found


def _located(words: Tokens, one: Attribution) -> Found:
    def span(piece: Range) -> Range:
        return words.start[piece[0]], words.end[piece[1] - 1]

    source = span(one.source) if one.source else None
    return Found(source, span(one.cue) if one.cue else None, tuple(span(piece) for piece in one.pieces), one.rule)


def _left_over(words: Tokens, sentences: Sequence[Range], made: Sequence[Attribution]) -> list[Attribution]:
    """Give a quotation that no cue has claimed to who spoke before it in the paragraph, or to nobody."""
    taken = [piece for one in made for piece in one.pieces]
    over = []
    for low, high in sentences:
        i = low
        while i < high:
            if words.quote[i] < 0:
                i += 1
                continue
            stop = i
            while stop < high and words.quote[stop] == words.quote[i]:
                stop += 1
            if not any(first < stop and i < last for first, last in taken):
                outside = sum(1 for j in range(low, high) if words.quote[j] < 0 and words.tag[j] not in '.,"-')
                length = stop - i - 2
                earlier = [one for one in made if one.pieces[0][0] < i and one.source]
                later = [one for one in made if one.pieces[0][0] > i and one.source]
                if outside <= 1 and length >= 1:
                    near = earlier[-1] if earlier else later[0] if later else None
                    source = near.source if near else None
                    over.append(
                        Attribution(source, None, ((i, stop),), "quotation goes on" if near else "quotation alone", i)
                    )
                elif length >= 6:
                    over.append(Attribution(None, None, ((i, stop),), "quotation within", i))
            i = stop
    return over


def find_attributions(words: Tokens, low: int, high: int, lexicon: Lexicon) -> list[Attribution]:
    """Find the attributions of one sentence, the tokens `low` to `high` of `words`."""
    while high > low and words.tag[high - 1] == ".":
        high -= 1
    found = _find_cues(words, low, high, lexicon)
    done: list[Attribution] = []
    for n, _one in enumerate(found):
        made = _attribute(words, low, high, found, n, done)
        if made is not None:
            done.append(made)
    done += _phrases(words, low, high, lexicon)
    done += _colon(words, low, high, done)
    done.sort(key=lambda one: one.pieces[0])
    return _cut(words, done)


def _find_cues(words: Tokens, low: int, high: int, lexicon: Lexicon) -> list[_Found]:
    found: list[_Found] = []
    for i in range(low, high):
        entries = lexicon.cues.get(words.lower[i])
        if entries is None or words.quote[i] >= 0:
            continue
        for cue in entries:
            if cue.kind not in lexicon.kinds:
                continue
            stop = i + 1 + len(cue.particles)
            if cue.particles and (stop > high or tuple(words.lower[i + 1 : stop]) != cue.particles):
                continue
            if not cue.frames or not _is_verb(words, i, stop, low, high, cue, lexicon):
                break
            start = verb_group_start(words, i, low)
            passive = cue.form == "past" and is_passive(words, start, i)
            infinitive = any(words.tag[j] == "T" for j in range(start, i))
            found.append(
                _with_source(
                    words, low, high, _Found(cue, i, start, stop, passive, infinitive, frames=cue.frames), found
                )
            )
            break
    return found


def _is_verb(words: Tokens, i: int, stop: int, low: int, high: int, cue: Cue, lexicon: Lexicon) -> bool:
    """Tell a verb from the noun or adjective that is written alike ("claims", "the alleged plan")."""
    before = words.tag[i - 1] if i > low else "."
    after = words.tag[stop] if stop < high else "."
    if cue.form == "past":
        return not (before in "DS" or (before == "I" and words.lower[i - 1] not in ("as",)))
    if cue.form == "ing":
        return not (before == "D" or (before == "S" and after != "H"))
    j = i - 1
    while j >= low and words.tag[j] == "A":
        j -= 1
    before = words.tag[j] if j >= low else "."
    noun_like = words.lower[i] in lexicon.nouns or cue.base not in (
        "say",
        "tell",
        "write",
        "deny",
        "reply",
        "insist",
        "argue",
    )
    if cue.form == "base":
        if before in "XT":
            return True
        plural = (before in "NP" and words.lower[j].endswith("s")) or words.lower[j] in (
            "police",
            "people",
            "they",
            "we",
            "i",
            "you",
            "who",
            "sources",
            "critics",
        )
        return plural and (not noun_like or after in _HOMONYM_AFTER + "N")
    if before in "DIS.":
        return False
    return not noun_like or (after in _HOMONYM_AFTER + "NGA" and before in 'NPRW,UM")')


def _with_source(words: Tokens, low: int, high: int, one: _Found, earlier: Sequence[_Found]) -> _Found:
    """Find who said it: before the verb, after it, shared with a verb before, or the subject a participle leans on."""
    tag, lower = words.tag, words.lower
    start = one.start
    if one.passive and one.cue.base != "quote":
        if one.stop < high and lower[one.stop] == "by":
            end = noun_phrase_after(words, one.stop + 1, high)
            if end > one.stop + 1:
                return replace(one, source=(one.stop + 1, end), how="by", begin=start)
        return replace(one, how="none", begin=start)
    before = start - 1
    inverted = _inverted(words, low, high, one)
    if inverted is not None:
        return replace(one, source=inverted, how="after", begin=start)
    if one.infinitive or (one.cue.form == "ing" and not _has_auxiliary(words, one)):
        source = _leaning(words, low, high, one, earlier)
        return replace(one, source=source, how="participle", begin=start)
    if before >= low and (tag[before] == "C" or (tag[before] == "," and earlier)):
        source = (
            earlier[-1].source
            if earlier and earlier[-1].how in ("before", "shared", "participle")
            else _first_subject(words, low, before)
        )
        if tag[before] == "C" or noun_phrase_before(words, start, low) is None:
            return replace(one, source=source, how="shared", begin=start)
    source = noun_phrase_before(words, start, low)
    if source is None:
        if earlier and earlier[-1].source is not None:
            return replace(one, source=earlier[-1].source, how="shared", begin=start)
        return replace(one, source=_first_subject(words, low, start), how="shared", begin=start)
    return replace(one, source=source, how="before", begin=source[0])


def _has_auxiliary(words: Tokens, one: _Found) -> bool:
    return any(words.tag[i] == "X" for i in range(one.start, one.head))


def _inverted(words: Tokens, low: int, high: int, one: _Found) -> Range | None:
    """Find the source of "…”, said the minister": the verb follows a mark and a noun phrase follows the verb."""
    if (
        "quote" not in one.frames
        or one.cue.form == "ing"
        or one.infinitive
        or one.cue.particles
        or one.start != one.head
    ):
        return None
    before = one.start - 1
    if before < low or words.tag[before] not in ',".-' or one.stop >= high:
        return None
    if (
        words.tag[before] == ","
        and noun_phrase_before(words, one.start, low) is not None
        and not _clause_before(words, low, before)
    ):
        return None
    if words.tag[one.stop] not in "PDNROJM" or words.lower[one.stop] in ("it", "him", "them", "me", "us"):
        return None
    end = noun_phrase_after(words, one.stop, high)
    if end == one.stop:
        return None
    if end < high and words.tag[end] in "VXRH" and words.tag[end] != "H":
        return None
    return one.stop, end


def _clause_before(words: Tokens, low: int, stop: int) -> bool:
    """Tell whether what stands before a comma is a clause or a quotation (and so may be what was said)."""
    if stop > low and words.tag[stop - 1] == '"':
        return True
    return any(words.tag[i] in "VX" for i in range(low, stop)) or words.quote[stop - 1] >= 0


def _first_subject(words: Tokens, low: int, high: int) -> Range | None:
    """Return the first noun phrase of a sentence, less what leads up to it."""
    i = low
    tag = words.tag
    while i < high and tag[i] in 'ACB-"':
        i += 1
    while i < high and tag[i] in "IG":
        while i < high and tag[i] != ",":
            i += 1
        i += 1
    end = noun_phrase_after(words, i, high) if i < high else i
    return (i, end) if end > i and words.quote[i] < 0 else None


def _leaning(words: Tokens, low: int, high: int, one: _Found, earlier: Sequence[_Found]) -> Range | None:
    """Find the subject that a participle or infinitive leans on."""
    tag = words.tag
    before = one.start - 1
    lead = all(tag[i] in "ABIC" for i in range(low, one.start))
    if lead:
        # "Noting that …, the minister said": the subject follows the last comma
        for other in range(one.stop, high):
            if tag[other] == "," and words.quote[other] < 0:
                end = noun_phrase_after(words, other + 1, high)
                if end > other + 1 and end < high and tag[end] in "VXNAE" and tag[other + 1] in "RPDN":
                    return other + 1, end
        return None
    if before >= low and tag[before] in "NP" and tag[before] != "U":
        # "a statement saying that", "the minister saying that"
        source = noun_phrase_before(words, one.start, low)
        if source is not None:
            return source
    if earlier and earlier[-1].source is not None:
        return earlier[-1].source
    return _first_subject(words, low, one.start)


def _attribute(
    words: Tokens, low: int, high: int, found: Sequence[_Found], n: int, done: Sequence[Attribution]
) -> Attribution | None:
    one = found[n]
    tag, _lower = words.tag, words.lower
    after = one.source[1] if one.how == "after" and one.source else one.stop
    if one.how == "by" and one.source:
        after = one.source[1]
    left = _left_content(words, low, one.begin, done)
    cue = (one.start, one.stop)
    if one.how == "after":
        pieces = [left] if left else []
        if after < high:
            more = _resumed(words, after, high, left)
            if more:
                pieces.append(more)
        if not pieces:
            right = _right_content(words, one, after, high)
            if right:
                pieces = [right]
        return _made(one, cue, pieces, "inverted") if pieces else None
    if one.passive:
        if "noun" in one.frames and not (one.frames & {"that"}):
            subject = noun_phrase_before(words, one.start, low)
            if subject is None:
                return None
            return _made(
                one,
                cue,
                [subject] + ([(after, high)] if after < high and tag[after] in "I" and one.how == "none" else []),
                "passive noun",
            )
        right = _right_content(words, one, after, high)
        subject = noun_phrase_before(words, one.start, low)
        if right is None:
            if one.how == "by" and subject is not None and "noun" in one.frames:
                return _made(one, cue, [subject], "passive noun")
            return None
        return _made(one, cue, [right], "passive clause")
    nxt = after
    while nxt < high and tag[nxt] in "AU":
        nxt += 1
    closes = left is not None and (nxt >= high or tag[nxt] in ',."-;)' or tag[nxt] in "IBG")
    if "quote" in one.frames and left is not None and one.how in ("before", "shared") and closes:
        ends_quoted = words.quote[left[1] - 1] >= 0
        right = _right_content(words, one, after, high) if nxt < high and tag[nxt] in "I" and not ends_quoted else None
        if right is None or tag[right[0]] not in 'H"':
            pieces = [left]
            more = _resumed(words, after, high, left)
            if more:
                pieces.append(more)
            return _made(one, cue, pieces, "after quotation" if ends_quoted else "after clause")
    right = _right_content(words, one, after, high)
    if right is not None:
        return _made(one, cue, [right], "before content")
    if left is not None and "quote" in one.frames:
        return _made(one, cue, [left], "after quotation" if words.quote[left[1] - 1] >= 0 else "after clause")
    return None


def _made(one: _Found, cue: Range, pieces: Sequence[Range], rule: str) -> Attribution:
    how = {"participle": "participle", "shared": "shared subject"}.get(one.how)
    return Attribution(one.source, cue, tuple(pieces), f"{rule}, {how}" if how else rule, one.begin, one.cue.form)


def _left_content(words: Tokens, low: int, begin: int, done: Sequence[Attribution]) -> Range | None:
    """Return what stands before the attribution, if a mark closes it as something said."""
    if begin - 1 < low or words.tag[begin - 1] not in ',"-.':
        return None
    stop = begin - 1 if words.tag[begin - 1] != '"' else begin
    while stop > low and words.tag[stop - 1] in ",-":
        stop -= 1
    start = low
    for other in done:
        if other.begin < begin and other.cue is not None:
            for first, _ in other.pieces:
                if first > other.cue[0] and first < stop:
                    # a clause of its own after the last one's content
                    start = max(start, other.cue[1])
    while start < stop and words.tag[start] in "C-,.":
        start += 1
    if stop - start < 2 and words.quote[start if start < stop else stop - 1] < 0:
        return None
    quoted = words.quote[stop - 1] >= 0
    if not quoted and not any(words.tag[i] in "VX" or (words.tag[i] in "EN") for i in range(start, stop)):
        return None
    if not quoted and (words.tag[start] in "IBGA" and not _main_clause(words, start, stop)):
        return None
    if not quoted and not any(words.tag[i] in "VXE" for i in range(start, stop)):
        return None
    return start, stop


def _main_clause(words: Tokens, start: int, stop: int) -> bool:
    """Tell whether a stretch that opens with a preposition or "when" goes on to a clause of its own."""
    for i in range(start, stop):
        if words.tag[i] == "," and words.quote[i] < 0 and any(words.tag[j] in "VX" for j in range(i + 1, stop)):
            return True
    if words.tag[start] in "IA":
        return any(words.tag[j] in "VX" for j in range(start, stop))
    return False


def _resumed(words: Tokens, after: int, high: int, left: Range | None) -> Range | None:
    """Return what goes on after "…, he said,": a second quotation, or the rest of the clause."""
    tag = words.tag
    i = after
    if left is None:
        return None
    quoted = words.quote[left[1] - 1] >= 0
    if quoted:
        for j in range(i, high):
            if tag[j] == '"' and words.quote[j] >= 0:
                if (
                    any(tag[m] in ";" for m in range(i, j))
                    or j - i > 25
                    or (j > i and tag[j - 1] not in ',:A-."HBCD' and j - i > 1)
                ):
                    return None
                stop = j
                while stop < high and words.quote[stop] >= 0:
                    stop += 1
                return j, high if stop >= high - 1 else stop
        return None
    while i < high and tag[i] in "AU":
        i += 1
    if i < high and tag[i] == "," and i + 2 < high and tag[i + 1] != "G":
        return i + 1, high
    return None


def _right_content(words: Tokens, one: _Found, after: int, high: int) -> Range | None:
    """Return what follows the cue as its content, past the person told and the circumstances."""
    tag, lower, frames = words.tag, words.lower, one.frames
    i = after
    ahead = _marked_ahead(words, after, high)
    if (
        "whom" in frames
        and i < high
        and tag[i] in "PDNOMUR"
        and words.quote[i] < 0
        and not (tag[i] == "R" and lower[i] not in ("you", "it"))
    ):
        end = chunk_end(words, i, high)
        if "to" in frames or "whom" in frames:
            if ahead is not None and ahead >= end:
                return ahead, high
            j = _skip_circumstance(words, end, high)
            if j < high and tag[j] == "T" and "to" in frames:
                return j, high
            if j < high and tag[j] in "BW":
                return j, high
            if j < high and tag[j] in "RPDNM" and high - j >= 2:
                return j, high
            if j < high and lower[j] in ("of", "about"):
                return j + 1, high
            if "noun" in frames:
                return i, high
            return None
    if ahead is not None and frames & {"that", "quote"}:
        return ahead, high
    while i < high and tag[i] in "AU":
        i += 1
    if i >= high:
        return None
    if "to" in frames and tag[i] == "T":
        return i, high
    if "wh" in frames and (tag[i] == "W" or lower[i] in ("if", "whether")):
        return i, high
    if frames & {"that"}:
        j = _skip_circumstance(words, i, high)
        opens = j < high and tag[j] in "RPDNMOEBGW(A" and high - j >= 2 and tag[i] not in ',.;:"-'
        if opens and (j == i or _has_verb(words, j, high)):
            return j, high
    if "noun" in frames and tag[i] in 'PDNMOEGRHW"J':
        return i, high
    if "ing" in frames and tag[i] == "G":
        return i, high
    return None


def _has_verb(words: Tokens, start: int, high: int) -> bool:
    return any(
        words.tag[i] in "VXET" or (words.lower[i].endswith("s") and words.tag[i] == "N") for i in range(start, high)
    )


def _skip_circumstance(words: Tokens, i: int, high: int) -> int:
    """Step over "on Monday", "in a statement", "at a rally in Kabul" to where the content starts."""
    tag, lower = words.tag, words.lower
    while i < high:
        if tag[i] in "U" or (tag[i] == "A" and i + 1 < high and tag[i + 1] in "IUHRDPN"):
            i += 1
        elif lower[i] in ("last", "this", "next", "early", "late", "earlier") and i + 1 < high and tag[i + 1] == "U":
            i += 2
        elif lower[i] in _CIRCUMSTANCE:
            j = chunk_end(words, i + 1, high)
            if j == i + 1:
                return i
            i = j
        else:
            return i
    return i


def _marked_ahead(words: Tokens, after: int, high: int) -> int | None:
    """Look for the mark that opens the content: "that", a colon, or a quotation, with only circumstances in between."""
    tag = words.tag
    i = after
    limit = min(high, after + 30)
    while i < limit:
        t = tag[i]
        if t == "H" and words.quote[i] < 0:
            return i
        if t == '"' or words.quote[i] >= 0:
            return i if i + 1 < high else None
        if t == ":":
            return i + 1 if i + 1 < high else None
        if t == "," and i + 1 < high and tag[i + 1] == '"':
            return i + 1
        if t == "," and i == after and i + 1 < high and tag[i + 1] in "IG":
            return None
        if t in "VX.;-" or (t == "R" and i > after) or t in "BW" or (t == "," and i == after):
            return None
        i += 1
    return None


def _phrases(words: Tokens, low: int, high: int, lexicon: Lexicon) -> list[Attribution]:
    """Find "according to X, …" and "…, according to X"."""
    made = []
    tag = words.tag
    for i in range(low, high):
        rests = lexicon.phrases.get(words.lower[i])
        if rests is None or words.quote[i] >= 0:
            continue
        for rest in rests:
            stop = i + 1 + len(rest)
            if tuple(words.lower[i + 1 : stop]) != rest:
                continue
            end = noun_phrase_after(words, stop, high)
            if end == stop:
                break
            while end < high and tag[end] not in ',;:."-)' and tag[end] not in "RXV":
                end += 1
            aside_end = end
            left = i
            while left > low and tag[left - 1] in ",-":
                left -= 1
            piece: list[Range] = []
            if (left - low >= 3 and _has_verb(words, low, left)) or left > low:
                piece.append((low, left))
            if aside_end < high - 1 and (not piece or left - low < 8):
                first = aside_end
                while first < high and tag[first] in ",-:":
                    first += 1
                if first < high:
                    piece.append((first, high))
            if piece:
                made.append(Attribution((stop, end), (i, stop), tuple(piece), "according to", i))
            break
    return made


def _colon(words: Tokens, low: int, high: int, done: Sequence[Attribution]) -> list[Attribution]:
    """Find "Noor: Border is shut" and "Noor: “…”"."""
    for i in range(low, min(high, low + 12)):
        if words.tag[i] == ":" and words.quote[i] < 0:
            if (
                i + 2 < high
                and i > low
                and all(words.tag[j] in "PNMDIE.C" for j in range(low, i))
                and not any(a.cue and a.cue[0] < i for a in done)
            ):
                return [Attribution((low, i), (i, i + 1), ((i + 1, high),), "colon", low)]
            return []
    return []


def _cut(words: Tokens, done: Sequence[Attribution]) -> list[Attribution]:
    """End each content where the next attribution of the same level begins."""
    result = []
    for one in done:
        pieces = []
        for first, last in one.pieces:
            stop = last
            if one.cue is not None and first >= one.cue[0]:
                for other in done:
                    if (
                        other is one
                        or other.begin <= first
                        or other.begin >= stop
                        or other.cue is None
                        or other.cue == one.cue
                    ):
                        continue
                    if _separate(words, one, other, first):
                        stop = other.begin
            while stop > first and words.tag[stop - 1] in ",;C-B":
                stop -= 1
            if stop > first:
                pieces.append((first, stop))
        if pieces:
            result.append(replace(one, pieces=tuple(pieces)))
    return result


def _separate(words: Tokens, one: Attribution, other: Attribution, first: int) -> bool:
    """Tell whether `other` stands beside `one` (and ends its content) or inside its content."""
    tag = words.tag
    before = other.begin - 1
    if "according" in other.rule:
        return tag[before] == "," and before > first
    if any(p[0] < other.begin for p in other.pieces) and other.pieces[0][0] >= first:
        return False
    if "participle" in other.rule:
        return tag[before] in ",C" or words.lower[before] in ("while", "by", "before", "after")
    if "shared" in other.rule:
        return one.form == other.form
    if tag[before] in ",;-":
        return True
    if tag[before] == "C":
        return before - 1 >= 0 and (tag[before - 1] in ",;" or one.form == other.form)
    return words.lower[before] in ("while", "as", "though", "although", "after", "when")
