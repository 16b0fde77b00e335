"""Contents: what is said, given the cue and the source of a sentence."""

from helpers.statements.grammar.complements import marked, past_adverbs, past_circumstance, right_content
from helpers.statements.grammar.cues import QUOTING, Cue, subject_after_lead
from helpers.statements.grammar.phrases import Range, chunk_end, noun_phrase_before
from helpers.statements.grammar.tokens import Sentence, Tag

Content = tuple[list[Range], str]
_FURTHEST_QUOTE = 25
_YET = frozenset({"has", "have", "had", "could"})
_NOBODY = frozenset({"no", "nobody", "none", "neither"})
_UNSAID = frozenset({"no", "nothing", "not", "never", "will", "would", "can", "could", "should", "must"})
_TOPICAL = frozenset({"mention", "cite", "quote", "respond"})  # name what is spoken of


def find_content(s: Sentence, cue: Cue, floor: int, following: Cue | None = None) -> Content | None:
    """Return the pieces of what is said and the name of the rule; `floor` is where the content before ends."""
    group = s.lower[cue.start : cue.head]
    # police have not said what caused it; no group has claimed the attack
    unsaid = ("not" in group and not _YET.isdisjoint(group)) or (cue.source and s.lower[cue.source[0]] in _NOBODY)
    after = past_adverbs(s, cue.stop)
    unsaid = unsaid or ("not" in group and (s.tag[after] == Tag.WH or s.lower[after] == "whether"))
    quoted = following is not None and following.how == "quoted"
    topical = cue.verb.form == "ing" and cue.verb.base in _TOPICAL and not quoted
    relayed = following is not None and following.head == cue.stop + 1 and s.lower[cue.stop] == "by"
    if unsaid or topical or relayed:
        return None  # Citing the map, she said; Noor responded | by saying
    if following is not None and quoted and following.source:
        return _of_quoting(s, cue, following.source, _left(s, cue, floor) or _left(s, following, floor))
    source = cue.source if cue.how == "after" else None
    after = source[1] if source else cue.stop
    if _opens_with_as(s, cue):
        return _as_reported(s, after)
    if cue.how in ("by", "none"):
        return _of_passive(s, cue)
    left = _left(s, cue, floor)
    reports = bool(cue.verb.frames & {"quote", "that"})
    around = _around(s, cue, left, after) if reports else None
    right = None if around else right_content(s, cue, after)
    return around if right is None else ([right], "before content")


def _of_quoting(s: Sentence, cue: Cue, source: Range, left: Range | None) -> Content | None:
    """Read the report around another: “The agency quoted | Noor as saying …”; “Noor was quoted as saying” is one."""
    if cue.how == "none":
        return None
    return ([left], "after clause") if left else ([(source[0], s.size)], "before content")


def _opens_with_as(s: Sentence, cue: Cue) -> bool:
    """Tell whether “as the ministry reported” stands before what it reported: As …; but, as …; that, as …."""
    as_ = cue.begin - 1
    if s.lower[as_] != "as":
        return False
    before = s.past(as_ - 1, Tag.COMMA, -1)
    return before < 0 or s.tag[before] == Tag.CONJUNCTION


def _as_reported(s: Sentence, after: int) -> Content | None:
    """Read “As the ministry reported, …”, “As reported by the ministry, …”."""
    for i in range(after, s.size - 2):
        if s.tag[i] == Tag.COMMA and s.quote[i] < 0:
            return [(i + 1, s.size)], "as reported"
    return None


def _after_name(s: Sentence, left: Range) -> str:
    return "after quotation" if s.quote[left[1] - 1] >= 0 else "after clause"


def _around(s: Sentence, cue: Cue, left: Range | None, after: int) -> Content | None:
    """“…,” he said, “…”; the move, he said, was late; which he said was late; late, as he said."""
    tag = s.tag
    begin = cue.begin
    i = _past_company(s, cue, after)
    ends = i >= s.size or tag[i] in Tag.BREAK + Tag.SEMICOLON
    thing = noun_phrase_before(s, begin) if tag[begin - 1] in Tag.NOUN_LIKE + Tag.WH else None
    if thing is not None and cue.how == "before" and tag[i] in Tag.FINITE:
        return [thing, (after, s.size)], "around, relative"
    quoted = left is not None and s.quote[left[1] - 1] >= 0
    # said although others had left, the talks went on: only a verb that takes a clause closes one
    closes = "that" in cue.verb.frames or (i >= s.size and not cue.verb.particles)
    if not quoted and ((left and not closes) or _leads_to_quotation(s, i)):
        return None
    if left is None or cue.how == "leaning":
        return _parenthesis(s, cue, i) if ends and cue.how in {"before", "after"} else None
    if quoted or ends or tag[i] in Tag.PREPOSITION + Tag.SUBORDINATOR + Tag.GERUND:
        right = None if quoted or ends else right_content(s, cue, after)
        if right is None:
            more = _resumed(s, left, after)
            return [left, *([more] if more else [])], _after_name(s, left)
    return None


def _leads_to_quotation(s: Sentence, i: int) -> bool:
    """Tell “During the talks, which were long, Noor said: “We wait””: a sentence of its own is quoted after a lead."""
    i = s.past(i, Tag.PAUSE + Tag.COLON)
    fresh = s.quote[i] >= 0 and s.text[s.start[i + 1]].isupper()
    return fresh and s.tag[0] in Tag.LEADS_IN + Tag.GERUND + Tag.PARTICIPLE


def _past_company(s: Sentence, cue: Cue, after: int) -> int:
    """Step over "told me on Friday" if a mark follows, or over "said then" otherwise."""
    i = past_adverbs(s, after)
    told = cue.verb.base == "tell" or ("whom" in cue.verb.frames and "to" not in cue.verb.frames)
    # but: Noor asked | Hale, the envoy, to wait; Noor said on July | 21
    far = past_circumstance(s, chunk_end(s, i, s.size) if told else i)
    return far if far >= s.size or s.tag[far] in Tag.PAUSE else i


def _parenthesis(s: Sentence, cue: Cue, i: int) -> Content | None:
    """Read “The move, Noor explained, was late”: a mark on either side, and no clause before."""
    begin = cue.begin
    start = s.past(0, Tag.CONJUNCTION + Tag.PAUSE)
    quoted = s.tag[begin - 1] == Tag.QUOTE
    if s.tag[begin - 1] not in Tag.BREAK:
        return None
    if i >= s.size:
        # “After the talks, Noor asked the court for help”: a lead, not what was said
        return ([(start, begin - 1)], "after phrase") if "that" in cue.verb.frames else None
    if i >= s.size - 1 or s.tag[i] not in Tag.PAUSE or s.tag[i + 1] == Tag.WH:
        return None
    if s.quote[i + 1] >= 0:
        return None  # “On Monday, he said, “…””: a day is no part of what was said
    return [(start, begin - (not quoted)), (i + 1, s.size)], "around"


def _left(s: Sentence, cue: Cue, floor: int) -> Range | None:
    """Return what stands before source and cue, where a mark closes it as a clause or a quotation."""
    begin = cue.begin
    if s.lower[begin - 1] == "as":
        begin -= 1
    if s.tag[begin - 1] not in Tag.BREAK or (cue.source and s.lower[cue.source[0]] == "who"):
        return None
    stop = s.past(begin - 1, Tag.PAUSE, -1) + 1
    start = s.past(floor, Tag.PAUSE + Tag.CONJUNCTION)
    if start >= stop:
        return None
    if s.quote[stop - 1] >= 0:
        lead = not any(s.tag[i] in Tag.VERBAL and s.quote[i] < 0 for i in range(start, stop))
        first = next(i for i in range(start, stop) if s.quote[i] >= 0)
        lead = lead and s.tag[first + 1] not in Tag.FINITE  # The plan “is a dead letter,”
        return None if lead and s.quote[start] < 0 else (start, stop)
    return (start, stop) if _is_clause(s, start, stop) else None


def _is_clause(s: Sentence, start: int, stop: int) -> bool:
    """Tell a clause of its own from what only leads up to one ("After the talks began, …")."""
    verbs = [i for i in range(start, stop) if s.tag[i] in Tag.FINITE]
    if not verbs:
        to_come = any(s.tag[i] in Tag.PARTICIPLE + Tag.TO for i in range(start, stop))
        return to_come and s.tag[start] not in Tag.LEADS_IN + Tag.GERUND + Tag.PARTICIPLE
    if s.tag[start] in Tag.SUBORDINATOR + Tag.PARTICIPLE:
        return verbs[-1] > next((i for i in range(start, stop) if s.tag[i] == Tag.COMMA), stop)
    return True


def _resumed(s: Sentence, left: Range, after: int) -> Range | None:
    """Return what goes on after the cue: a second quotation, or the rest of the clause."""
    if s.quote[left[1] - 1] >= 0:
        return _second_quotation(s, after)
    i = past_adverbs(s, after)
    goes_on = s.tag[i] == Tag.COMMA and s.tag[i + 1] not in Tag.GERUND + Tag.WH
    return (i + 1, s.size) if goes_on and i + 2 < s.size else None


def _second_quotation(s: Sentence, after: int) -> Range | None:
    """Return the quotation that goes on, unless it is the next speaker's."""
    for i in range(after, min(s.size, after + _FURTHEST_QUOTE)):
        if s.quote[i] >= 0:
            return i, s.quote_end(i)
    return None


def _of_passive(s: Sentence, cue: Cue) -> Content | None:
    """Read “It was reported that …”, “The plan was announced by Noor”, “Noor was accused of …”."""
    after = cue.source[1] if cue.source else cue.stop
    if cue.verb.base == "ask" and s.tag[after] != Tag.COMMA:
        return _of_asked(s, cue, after)
    subject = noun_phrase_before(s, cue.start)
    frames = cue.verb.frames
    mark = marked(s, after)
    if mark is not None and "that" in frames:
        return [(mark, s.size)], "passive, clause"
    # was said | to be killed, was reported | killed; not: was added to | the list
    state = s.tag[after] == Tag.PARTICIPLE or (s.tag[after] == Tag.TO and s.tag[after + 1] not in Tag.TO_WHOM)
    if state and subject is not None and frames & {"that", "to"}:
        return [subject, (after, s.size)], "passive, infinitive"
    if subject is None or "noun" not in frames or _is_unsaid(s, cue, subject):
        return None
    tail = [(after, s.size)] if s.lower[after] in ("of", "as", "for") else []
    named = tail or s.tag[subject[0]] not in Tag.WH + Tag.THAT  # not: a raid which was claimed by the front
    return ([subject, *tail], "passive, noun") if named else None


def _is_unsaid(s: Sentence, cue: Cue, subject: Range) -> bool:
    """Tell “no date was announced”, “the date will be announced”, “it was announced”, “Noor was quoted”."""
    words = (subject[0], *range(cue.start, cue.head))
    unsaid = s.tag[subject[0]] == Tag.PRONOUN or any(s.lower[i] in _UNSAID for i in words)
    return unsaid or s.lower[cue.head] in QUOTING


def _of_asked(s: Sentence, cue: Cue, after: int) -> Content | None:
    """Read “He was asked by the press whether …”, “asked on Monday about …”."""
    lead = all(s.tag[i] in Tag.LEADS_IN for i in range(cue.start))
    question = past_circumstance(s, after)
    start = question if s.tag[question] == Tag.WH else after
    subject = subject_after_lead(s, start) if lead else None
    stop = subject[0] - 1 if subject is not None else s.size
    return [(start, stop)], "passive, lead" if lead else "passive, clause"
