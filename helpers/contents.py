"""Contents: what is said, given the cue and the source of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.phrases import chunk_end, noun_phrase_before

if TYPE_CHECKING:
    from helpers.cues import Cue
    from helpers.phrases import Range
    from helpers.tokens import Sentence

Content = tuple[list["Range"], str]
_CIRCUMSTANCE = frozenset(
    "in on at during after before from through via by to of about with under for over amid outside following".split()  # noqa: SIM905
)
_FURTHEST_MARK = 30
_FURTHEST_QUOTE = 25


def find_content(s: Sentence, cue: Cue, floor: int, following: Cue | None = None) -> Content | None:
    """Return the pieces of what is said and the name of the rule; `floor` is where the previous content ended."""
    source = cue.source if cue.how in ("after", "by") else None
    after = source[1] if source else cue.stop
    if s.lower[0] == "as" and cue.begin == 1 and cue.source:
        return _as_reported(s, after)
    if cue.how in ("by", "none"):
        return _of_passive(s, cue)
    left = left_content(s, cue, floor)
    if cue.how == "after":
        return _inverted(s, cue, left, after, following)
    reports = bool(cue.verb.frames & {"quote", "that"})
    around = _around(s, cue, left, after, following) if reports else None
    right = None if around else right_content(s, cue, after)
    if right is not None:
        thing = _antecedent(s, cue)
        return ([thing, right], "relative") if thing else ([right], "before content")
    if around is None and left is not None and reports and cue.how != "leaning":
        return [left], _after_name(s, left)
    return around


def _antecedent(s: Sentence, cue: Cue) -> Range | None:
    """Read “a plan that Noor called reckless”: what is spoken of stands before “that”."""
    that = cue.begin - 1
    if cue.how != "before" or "that" in cue.verb.frames or that < 1 or s.tag[that] != "H":
        return None
    return noun_phrase_before(s, that)


def _as_reported(s: Sentence, after: int) -> Content | None:
    """Read “As the ministry reported, …”, “As reported by the ministry, …”."""
    for i in range(after, s.size - 2):
        if s.tag[i] == "," and s.quote[i] < 0:
            return [(i + 1, s.size)], "as reported"
    return None


def _after_name(s: Sentence, left: Range) -> str:
    return "after quotation" if s.quote[left[1] - 1] >= 0 else "after clause"


def _inverted(s: Sentence, cue: Cue, left: Range | None, after: int, following: Cue | None) -> Content | None:
    """“…,” said Noor, “…”."""
    if left is None:
        right = right_content(s, cue, after)
        return ([right], "inverted") if right else None
    more = _resumed(s, left, after, following)
    return [left, *([more] if more else [])], "inverted"


def _around(s: Sentence, cue: Cue, left: Range | None, after: int, following: Cue | None) -> Content | None:
    """“…,” he said, “…”; the move, he said, was late; which he said was late; late, as he said."""
    tag = s.tag
    begin = cue.begin
    i = _past_company(s, cue, after)
    ends = i >= s.size or tag[i] in ',.;-)"'
    if begin and tag[begin - 1] in "WH" and cue.how == "before" and i < s.size and tag[i] in "XV":
        return [(begin - 1, begin), (after, s.size)], "around, relative"
    quoted = left is not None and s.quote[left[1] - 1] >= 0
    if left is None or cue.how == "leaning":
        return _parenthesis(s, cue, i) if ends and cue.how == "before" else None
    if quoted or ends or tag[i] in "IBG":
        right = None if quoted or ends else right_content(s, cue, after)
        if right is None or (tag[right[0]] not in 'H"' and not _has_verb(s, right)):
            more = _resumed(s, left, after, following)
            return [left, *([more] if more else [])], _after_name(s, left)
    return None


def _past_company(s: Sentence, cue: Cue, after: int) -> int:
    """Step over "told me on Friday" if a mark follows, or over "said then" otherwise."""
    i = after
    while i < s.size and s.tag[i] in "AU":
        i += 1
    far = chunk_end(s, i, s.size) if "whom" in cue.verb.frames and i < s.size and s.quote[i] < 0 else i
    far = _past_circumstance(s, far)
    return far if far >= s.size or s.tag[far] in ",-" else i


def _parenthesis(s: Sentence, cue: Cue, i: int) -> Content | None:
    """Read “The move, Noor explained, was late”: a mark on either side, and no clause before."""
    begin = cue.begin
    start = 0
    while start < begin and s.tag[start] in 'C-,."':
        start += 1
    if start >= begin - 1 or s.tag[begin - 1] not in ",-":
        return None
    if i >= s.size:
        return [(start, begin - 1)], "after phrase"
    if i >= s.size - 1 or s.tag[i] not in ",-" or s.quote[i + 1] >= 0 or s.tag[i + 1] in 'WC"':
        return None
    finite = s.tag[i + 1] != "G" or any(s.tag[j] in "VX" for j in range(i + 1, s.size))
    return ([(start, begin - 1), (i + 1, s.size)], "around") if finite else None


def left_content(s: Sentence, cue: Cue, floor: int) -> Range | None:
    """Return what stands before source and cue, where a mark closes it as a clause or a quotation."""
    begin = cue.begin
    if begin and s.lower[begin - 1] == "as" and cue.how == "before":
        begin -= 1
    if begin < 1 or s.tag[begin - 1] not in ',"-.':
        return None
    stop = begin if s.tag[begin - 1] in '".' and s.quote[begin - 1] >= 0 else begin - 1
    while stop and s.tag[stop - 1] in ",-" and s.quote[stop - 1] < 0:
        stop -= 1
    start = floor
    while start < stop and s.tag[start] in "C-,.;":
        start += 1
    if start >= stop:
        return None
    if s.quote[stop - 1] >= 0:
        return start, stop
    return (start, stop) if _is_clause(s, start, stop) else None


def _is_clause(s: Sentence, start: int, stop: int) -> bool:
    """Tell a clause of its own from what only leads up to one ("After the talks began, …")."""
    verbs = [i for i in range(start, stop) if s.tag[i] in "VX"]
    if not verbs:
        return stop - start > 3 and any(s.tag[i] in "ET" for i in range(start, stop)) and s.tag[start] not in "IBAGE"  # noqa: PLR2004
    if s.tag[start] in "BGEV" or s.lower[start] in ("after", "before", "since", "when"):
        commas = [i for i in range(start, stop) if s.tag[i] == "," and s.quote[i] < 0]
        return any(verb > commas[0] for verb in verbs) if commas else False
    return True


def _resumed(s: Sentence, left: Range, after: int, following: Cue | None) -> Range | None:
    """Return what goes on after the cue: a second quotation, or the rest of the clause."""
    if s.quote[left[1] - 1] >= 0:
        return _second_quotation(s, after, following)
    i = after
    while i < s.size and s.tag[i] in "AU":
        i += 1
    if (
        i + 2 < s.size
        and s.tag[i] in ",-"
        and s.tag[i + 1] not in "GW"
        and s.lower[i + 1] not in ("as", "when", "while")
    ):
        return i + 1, s.size
    return None


def _second_quotation(s: Sentence, after: int, following: Cue | None) -> Range | None:
    """Return the quotation that goes on, unless it is the next speaker's."""
    for i in range(after, min(s.size, after + _FURTHEST_QUOTE)):
        if s.tag[i] == ";":
            return None
        if s.quote[i] >= 0:
            if i > after + 1 and s.tag[i - 1] not in ',:A-."HBCD':
                return None
            stop = i
            while stop < s.size and s.quote[stop] == s.quote[i]:
                stop += 1
            if following is not None and following.begin == stop and following.how in ("before", "after"):
                return None
            return i, s.size if stop >= s.size - 1 else stop
    return None


def right_content(s: Sentence, cue: Cue, after: int) -> Range | None:
    """Return what follows the cue as its content, past the person told and the circumstances."""
    frames = cue.verb.frames
    start = None
    if "whom" in frames and after < s.size and s.tag[after] in "PDNOMU" and s.quote[after] < 0:
        start = _past_person(s, cue, after)
        if start is None and not frames & {"noun"} and cue.verb.base in ("tell", "ask", "inform", "assure", "remind"):
            return None
    if start is None:
        start = _marked(s, after) if frames & {"that", "quote"} else None
    if start is None:
        start = _unmarked(s, cue, after)
        infinitive = any(s.tag[i] == "T" for i in range(cue.start, cue.head))
        if start is not None and infinitive and not any(s.quote[i] >= 0 for i in range(start, s.size)):
            return None
    if start is None or s.size - start < 1:
        return None
    stop = _clause_stop(s, cue, start)
    return (start, stop) if stop > start else None


def _past_person(s: Sentence, cue: Cue, after: int) -> int | None:
    """“told reporters on Monday that …”, “urged Kabul to …”, “asked the envoy whether …”."""
    end = chunk_end(s, after, s.size)
    while end + 1 < s.size and s.tag[end] in "IC" and s.tag[end + 1] != "U":
        further = chunk_end(s, end + 1, s.size)
        if further == end + 1:
            break
        end = further
    mark = _marked(s, end)
    if mark is not None:
        return mark
    i = _past_circumstance(s, chunk_end(s, after, s.size))
    if i >= s.size:
        return None
    if s.tag[i] in "BWRPDNM" or (s.tag[i] == "T" and "to" in cue.verb.frames):
        return i if s.size - i > 1 else None
    return None


def _marked(s: Sentence, after: int) -> int | None:
    """Look for the mark that opens the content, "that", a colon or a quotation, past circumstances only."""
    first = _past_circumstance(s, after)
    while first < s.size - 1 and s.tag[first] in "AU" and s.tag[first + 1] in ",H:":
        first += 1
    for i in range(first, min(s.size - 1, first + _FURTHEST_MARK)):
        tag = s.tag[i]
        if s.quote[i] >= 0 or tag == "H":
            return i
        if tag == ":" or (tag == "," and (s.quote[i + 1] >= 0 or s.tag[i + 1] == "H")):
            return i + 1
        if tag == "," and i == first:
            return _past_aside(s, i)
        if tag in "VXRBW,.;-T(" or (i == first and tag not in "IE"):
            break
    return None


def _past_aside(s: Sentence, comma: int) -> int | None:
    """Read “revealed, somewhat wearily, that …”."""
    for i in range(comma + 1, min(comma + 12, s.size - 1)):
        if s.tag[i] == "," and s.tag[i + 1] == "H":
            return i + 1
        if s.tag[i] in "VX;" or s.quote[i] >= 0:
            return None
    return None


def _unmarked(s: Sentence, cue: Cue, after: int) -> int | None:
    """Find content that no mark opens: a clause, an infinitive, a question, a noun phrase."""
    frames = cue.verb.frames
    i = after
    while i < s.size - 1 and s.tag[i] in "AU" and s.tag[i + 1] != "S":
        i += 1
    if i >= s.size:
        return None
    tag = s.tag[i]
    question = "wh" in frames and (tag == "W" or s.lower[i] in ("if", "whether"))
    if question or ("to" in frames and tag == "T") or ("ing" in frames and tag == "G"):
        return i
    lead = cue.how == "leaning" and cue.start == 0
    if "that" in frames and tag not in ',.;:"-)T' and not (lead and tag == "I"):
        j = _past_circumstance(s, i)
        if i < j < s.size - 2 and s.tag[j] == ",":
            j += 1
        number = s.tag[j : j + 1] == ["I"] and not _leads_circumstance(s, j)
        if j < s.size - 1 and (number or s.tag[j] in "RPDNMOEBGWU(A") and (j == i or _has_verb(s, (j, s.size))):
            return j
    described = s.lower[i] == "as" and i + 1 < s.size and s.quote[i + 1] >= 0
    return i if "noun" in frames and (tag in "PDNMOEGRHWU" or described or s.quote[i] >= 0) else None


def _has_verb(s: Sentence, piece: Range) -> bool:
    return any(s.tag[i] in "VXET" or (s.tag[i] == "N" and s.lower[i].endswith("s")) for i in range(*piece))


def _past_circumstance(s: Sentence, i: int) -> int:
    """Step over "on Monday", "in a statement", "at a rally in Kabul"."""
    while i < s.size and s.quote[i] < 0:
        after = s.tag[i + 1] if i + 1 < s.size else "."
        if (s.tag[i] == "U" and after != "S") or (s.tag[i] == "A" and after in 'AIUHRDPNT"'):
            i += 1
        elif after == "U" and s.tag[i] in "DNEA" and s.lower[i] in ("last", "this", "next", "early", "late", "earlier"):
            i += 2
        elif s.lower[i] in _CIRCUMSTANCE and _leads_circumstance(s, i):
            end = chunk_end(s, i + 1, s.size)
            if end == i + 1:
                return i
            i = end
        else:
            return i
    return i


def _leads_circumstance(s: Sentence, i: int) -> bool:
    """Tell "to the press", "at a rally" from "to wait", "at least three", "about 30"."""
    after = s.tag[i + 1] if i + 1 < s.size else "."
    if s.tag[i] == "T":
        return after in "DPO"
    number = after == "M" and s.lower[i] in ("about", "over", "under")
    possessive = after == "U" and i + 2 < s.size and s.tag[i + 2] == "S"
    return not (number or possessive or (i + 1 < s.size and s.lower[i + 1] in ("least", "most")))


def _clause_stop(s: Sentence, cue: Cue, start: int) -> int:
    """Return where the content ends: with the sentence, or with the subordinate clause or aside the cue stands in."""
    subordinate = _is_subordinate(s, cue)
    relative = cue.source is not None and cue.how == "before" and s.tag[cue.source[0]] == "W"
    lead = cue.how == "leaning" and all(s.tag[i] in "ABIC" for i in range(cue.start))
    until = cue.source[0] - 1 if lead and cue.source is not None else start
    phrase = not cue.verb.frames & {"that"} and s.tag[start] not in "HT"
    depth = 0
    for i in range(start, s.size):
        tag = s.tag[i]
        if s.quote[i] >= 0:
            continue
        depth += (tag == "(") - (tag == ")")
        if depth < 0 or (phrase and i > start and _ends_phrase(s, i, cue)):
            return i
        if tag == "," and not depth and i >= until:
            opens = i + 1 < s.size and s.tag[i + 1] in "RPDN"
            if relative or lead or (subordinate and opens):
                return i
    return s.size


def _is_subordinate(s: Sentence, cue: Cue) -> bool:
    """Tell “While Noor said …, the talks went on” from a clause of its own."""
    i = cue.begin - 1
    while i >= 0 and s.tag[i] not in ",;:-HC" and s.quote[i] < 0:
        if s.tag[i] in "BW" or s.lower[i] in ("after", "before", "since", "where"):
            return s.lower[i] not in ("who", "which", "what", "if", "whether")
        i -= 1
    return False


def _ends_phrase(s: Sentence, i: int, cue: Cue) -> bool:
    """Tell where a noun phrase that is all the content gives way to another clause."""
    after = s.tag[i + 1] if i + 1 < s.size else "."
    if s.quote[i - 1] >= 0 and s.lower[i - 2] == ",":
        return True  # called it a “rant,” a word …
    if s.tag[i] == "B":
        return s.lower[i] not in ("as", "if", "whether")
    if s.tag[i] == "C":
        return after in "VX" or (after == "E" and cue.verb.form == "past")
    return (s.tag[i] == "," and after in "WGB") or (s.tag[i] == "-" and s.end[i] < s.start[min(i + 1, s.size - 1)])


def _of_passive(s: Sentence, cue: Cue) -> Content | None:
    """Read “It was reported that …”, “The plan was announced by Noor”, “Noor was accused of …”."""
    after = cue.source[1] if cue.source else cue.stop
    if cue.how == "none" and all(s.tag[i] in "ABIC" for i in range(cue.start)):
        return _of_lead(s, after)
    subject = noun_phrase_before(s, cue.start)
    frames = cue.verb.frames
    mark = _marked(s, after)
    if mark is not None and frames & {"that"}:
        return [(mark, s.size)], "passive, clause"
    if after < s.size and s.tag[after] == "T" and subject is not None:
        return [subject, (after, s.size)], "passive, infinitive"
    if subject is None or (s.tag[subject[0]] == "R" and cue.how == "none"):
        return None
    if "noun" in frames:
        tail = (
            [(after, s.size)] if cue.how == "none" and after < s.size and s.lower[after] in ("of", "as", "for") else []
        )
        return [subject, *tail], "passive, noun"
    return None


def _of_lead(s: Sentence, after: int) -> Content | None:
    """Read “Asked about the talks, Noor said …”, “When asked whether …, he …”: up to the comma."""
    for i in range(after, s.size):
        if s.tag[i] == "," and s.quote[i] < 0:
            return ([(after, i)], "passive, lead") if i > after else None
    return None
