"""Complements: what stands after a cue as its content, past the person told and the circumstances."""

from helpers.statements.grammar.cues import Cue
from helpers.statements.grammar.phrases import Range, chunk_end
from helpers.statements.grammar.tokens import Sentence, Tag

_CIRCUMSTANCE = frozenset(
    """
    in on at during after before from through via by to of about with under for over amid near outside following
    """.split()  # noqa: SIM905
)
_ADVERBIAL = frozenset("as when while after before since once until".split())  # noqa: SIM905
_GOING_ON = frozenset("on continue continues continued".split())  # noqa: SIM905 - went on | to say, continue | to urge
_OPENING = Tag.ENDS_PHRASE + Tag.PRONOUN + Tag.SUBORDINATOR + Tag.WH + Tag.OPEN + Tag.ADVERB


def right_content(s: Sentence, cue: Cue, after: int) -> Range | None:
    """Return what follows the cue as its content, past the person told and the circumstances."""
    frames = cue.verb.frames
    start = None
    if "whom" in frames and s.tag[after] in Tag.NOMINAL + Tag.DETERMINER + Tag.OBJECT + Tag.GERUND:
        start = _past_person(s, cue, after)
    if start is None:
        start = marked(s, after) if frames & {"that", "quote"} else None
    if start is None:
        start = _unmarked(s, cue, after)
        infinitive = s.tag[cue.start] == Tag.TO and s.lower[cue.start - 1] not in _GOING_ON
        if start is not None and infinitive and not any(s.quote[i] >= 0 for i in range(start, s.size)):
            return None
    stop = 0 if start is None else _clause_stop(s, cue, start)
    return (start, stop) if start is not None and stop > start else None


def _past_person(s: Sentence, cue: Cue, after: int) -> int | None:
    """“told reporters on Monday that …”, “urged Kabul to …”, “asked the envoy whether …”."""
    end = chunk_end(s, after, s.size)
    while s.tag[end] in Tag.PREPOSITION + Tag.CONJUNCTION:
        end = max(end + 1, chunk_end(s, end + 1, s.size))
    mark = marked(s, end)
    if mark is not None:
        return mark
    near = chunk_end(s, after, s.size)
    if cue.verb.base in ("ask", "warn") and s.lower[near] in ("about", "against", "for", "of"):
        return near
    i = past_circumstance(s, near)
    opens = s.tag[i] in Tag.OPENS_CLAUSE + Tag.SUBORDINATOR + Tag.WH + Tag.TO and s.lower[i] not in _ADVERBIAL
    # the person told is part of what he is told to do: urged | Kabul to wait
    return None if not opens or i >= s.size - 1 else after if s.tag[i] == Tag.TO else i


def marked(s: Sentence, after: int) -> int | None:
    """Look for the mark that opens the content, "that", a colon or a quotation, past circumstances only."""
    first = past_adverbs(s, past_circumstance(s, after))
    for i in range(first, s.size - 1):
        tag = s.tag[i]
        if s.quote[i] >= 0 or tag == Tag.THAT:
            return i
        if tag == Tag.COLON or (tag == Tag.COMMA and (s.quote[i + 1] >= 0 or s.tag[i + 1] == Tag.THAT)):
            return i + 1
        if tag == Tag.COMMA and i == first:
            # Noor added, she had not been asked
            return i + 1 if s.tag[i + 1] == Tag.PRONOUN else _past_aside(s, i)
        if tag in Tag.BARRIER or (i == first and tag not in Tag.PREPOSITION + Tag.PARTICIPLE):
            break
    return None


def _past_aside(s: Sentence, comma: int) -> int | None:
    """Read “revealed, somewhat wearily, that …”."""
    if s.tag[comma + 1] == Tag.ADVERB and s.tag[comma + 2] == Tag.COMMA:
        return comma + 3  # said, however, | the border
    for i in range(comma + 1, s.size):
        if s.tag[i] in Tag.COMMA + Tag.FINITE:
            return i + 1 if s.tag[i] == Tag.COMMA and s.tag[i + 1] == Tag.THAT else None
    return None


def _unmarked(s: Sentence, cue: Cue, after: int) -> int | None:
    """Find content that no mark opens: a clause, an infinitive, a question, a noun phrase."""
    frames = cue.verb.frames
    if "about" in frames:
        return after
    i = past_adverbs(s, after)
    tag = s.tag[i]
    question = "wh" in frames and s.lower[i] == "whether"
    if question or ("to" in frames and s.tag[i + (s.lower[i] == "not")] == Tag.TO):
        return i
    if "that" in frames and tag != Tag.TO and cue.start:
        j = past_circumstance(s, i)
        if after < j and s.tag[j] == Tag.COMMA:
            j += 1
        opens = s.tag[j] in _OPENING + Tag.PREPOSITION or s.lower[j] in ("having", "being")
        opens = opens or (s.tag[after] == Tag.AUXILIARY and cue.verb.form in ("past", "s"))  # Iran says | will wait
        if s.lower[j] in _ADVERBIAL and s.lower[j + 1] != "many" and not _leads_clause(s, j):
            return None  # said | as he left
        clause = has_verb(s, (j, s.size)) or ("noun" in frames and j == i < s.size - 1)
        if opens and (clause or s.lower[j] == "about"):
            return j
    if frames == {"noun"} and tag == Tag.PREPOSITION and s.tag[i + 1] == Tag.TIME:
        i = past_circumstance(s, i)  # condemned on Friday | the attack
    described = s.lower[i] == "as" and s.quote[i + 1] >= 0
    names = s.tag[i] in Tag.ENDS_PHRASE + Tag.ENDS_SUBJECT + Tag.THAT or described or s.quote[i] >= 0
    return i if "noun" in frames and names else None


def _leads_clause(s: Sentence, start: int) -> bool:
    """Tell “said | since the deal went, Kabul has paid” from “said as he left, smiling”."""
    comma = next((i for i in range(start, s.size) if s.tag[i] == Tag.COMMA), s.size)
    return s.tag[comma + 1] in Tag.OPENS_CLAUSE and has_verb(s, (start, comma)) and has_verb(s, (comma + 1, s.size))


def has_verb(s: Sentence, piece: Range) -> bool:
    """Tell whether a stretch of tokens may hold a verb, or a noun in -s that may be one where it goes on."""
    last = piece[1] - 1
    return any(
        s.tag[i] in Tag.VERBAL
        or (s.tag[i] == Tag.NOUN and s.lower[i].endswith("s") and i < last and s.tag[i + 1] not in Tag.AFTER_NOUN)
        for i in range(*piece)
    )


def past_adverbs(s: Sentence, i: int) -> int:
    """Step over "later", "Monday", "May 22", not over what opens the content: almost 40 men, not all, Monday was."""
    while _is_day(s, i) or (s.tag[i] in Tag.CIRCUMSTANCE and s.lower[i] != "not"):
        if s.tag[i + 1] in (Tag.NUMBER if s.tag[i] == Tag.ADVERB else Tag.FINITE + Tag.POSSESSIVE):
            break
        i += 1
    return i


def _is_day(s: Sentence, i: int) -> bool:
    """Tell the day of a month, May | 22, from what is counted: said Monday | 22 men."""
    return s.tag[i] == Tag.NUMBER and s.tag[i - 1] == Tag.TIME and s.tag[i + 1] not in Tag.NOMINAL


def past_circumstance(s: Sentence, i: int) -> int:
    """Step over "on Monday", "late on Monday", "in a statement", "at a rally in Kabul"."""
    while i < s.size:
        after = s.tag[i + 1]
        adverb = s.tag[i] == Tag.ADVERB and after in Tag.OPENS_MORE
        if adverb or _is_day(s, i) or (s.tag[i] == Tag.TIME and after != Tag.POSSESSIVE):
            i += 1
        elif s.lower[i] in ("last", "this", "next", "late") and (after == Tag.TIME or s.lower[i + 1] == "on"):
            i += 2
        elif s.lower[i] in _CIRCUMSTANCE and _leads_circumstance(s, i):
            i = chunk_end(s, i + 1, s.size)
        else:
            return i
    return i


def _leads_circumstance(s: Sentence, i: int) -> bool:
    """Tell "to the press", "at a rally" from "to wait", "at least three", "about 30"."""
    after, following = s.tag[i + 1], s.lower[i + 1]
    if s.tag[i] == Tag.TO:
        return after in Tag.TO_WHOM
    number = (after == Tag.NUMBER or following in ("half", "a", "one")) and s.lower[i] in ("about", "over", "under")
    return not (number or following in ("least", "most"))


def _clause_stop(s: Sentence, cue: Cue, start: int) -> int:
    """Return where the content ends: with the sentence, or with the subordinate clause the cue stands in."""
    frames = cue.verb.frames
    infinitive = s.tag[start] in Tag.TO + Tag.WH
    phrase = "noun" in frames and "that" not in frames and not infinitive  # promised | lower taxes
    bare = "noun" in frames and cue.verb.base != "say" and not infinitive and s.tag[start] != Tag.THAT
    subordinate = _is_subordinate(s, cue)
    leading = cue.how == "leaning" and all(s.tag[i] in Tag.LEADS_IN for i in range(cue.start))
    if leading and cue.source is not None:
        return cue.source[0] - 1  # Noting that it rained, | Noor said
    within = leading or (cue.source is not None and s.tag[cue.source[0]] == Tag.WH)
    for i in range(start, s.size):
        tag, comma = s.tag[i], s.tag[i] == Tag.COMMA
        if s.quote[i] >= 0:
            continue
        objects = (phrase or infinitive) and comma and s.lower[i + 1] == "but" and _turns(s, i + 1)
        closed = tag == Tag.CLOSE and Tag.OPEN not in s.tag[start:i]
        quoted = s.quote[i - 1] >= 0 and s.lower[i - 2] == "," and (within or subordinate or _turns(s, i))
        if objects or closed or quoted or tag == Tag.SEMICOLON:
            return i  # the writer goes on
        bare = bare and tag not in Tag.FINITE + Tag.TO
        last = bare and comma and Tag.COMMA not in s.tag[i + 1 : s.size]  # announced the ban, | forbidding smoking
        if i > start and (phrase or last) and _ends_phrase(s, i):
            return i
        if s.tag[start] == Tag.TO and _ends_infinitive(s, i) and Tag.SUBORDINATOR not in s.tag[start:i]:
            return i
        if comma and (within or (subordinate and s.tag[i + 1] in Tag.OPENS_CLAUSE)):
            return i
    return s.size


def _ends_infinitive(s: Sentence, i: int) -> bool:
    """Tell where the writer goes on: vowed to wait | but has left, | and Kabul waits, | angering."""
    following = i + 1 + (s.tag[i] == Tag.COMMA and s.tag[i + 1] == Tag.CONJUNCTION)
    if s.tag[i] == Tag.CONJUNCTION or following > i + 1:
        verb = s.past(chunk_end(s, following, s.size), Tag.ADVERB)
        return s.tag[verb] in Tag.FINITE and (verb > following or s.tag[verb] == Tag.AUXILIARY)
    return s.tag[i] == Tag.COMMA and s.tag[i + 1] == Tag.GERUND and s.lower[i + 1] != "including"


def _turns(s: Sentence, i: int) -> bool:
    """Tell whether the writer takes over: …, but he gave; …, while she stayed."""
    return s.lower[i] in ("but", "while", "though", "although") and s.tag[i + 1] in Tag.OPENS_CLAUSE


def _is_subordinate(s: Sentence, cue: Cue) -> bool:
    """Tell “While Noor said …, the talks went on” from a clause of its own."""
    i = cue.begin - 1
    while s.quote[i] >= 0 or s.tag[i] not in Tag.MARK:
        if s.tag[i] == Tag.SUBORDINATOR and s.tag[i - 1] in Tag.MARK + Tag.CONJUNCTION:
            return s.lower[i] != "if"
        i -= 1
    return False


def _ends_phrase(s: Sentence, i: int) -> bool:
    """Tell where a noun phrase that is all the content gives way to another clause."""
    after = s.tag[i + 1]
    if s.quote[i - 1] >= 0 and s.lower[i - 2] == ",":
        return s.quote[i + 1] < 0  # called it a “rant,” | a word …; called it “reckless,” and “late”
    if s.tag[i] == Tag.SUBORDINATOR:
        # hope that they wait, so that it ends; the truce in place since 2002
        return s.lower[i] not in ("as", "if", "so") and after not in Tag.TIME + Tag.NUMBER
    if s.tag[i] == Tag.CONJUNCTION:
        # left them dead or | injured, experts and | state-owned firms
        return after in Tag.VERBAL and s.lower[i] != "or" and "-" not in s.lower[i + 1]
    if s.lower[i + 1] == "including" or s.lower[i + 1 : i + 3] == ["as", "well"]:
        return False
    if s.tag[i] == Tag.COMMA and s.lower[i + 1] in ("a", "an") and s.tag[i + 3] in Tag.WH + Tag.OPENS_OBJECT:
        return True  # accused them of the raid, | a claim which they reject
    return (s.tag[i] == Tag.COMMA and after in Tag.WH + Tag.GERUND + Tag.SUBORDINATOR) or (
        # blamed the front - which is banned - for the attack
        s.tag[i] == Tag.DASH and not any(s.tag[j] == Tag.DASH and abs(i - j) > 1 for j in range(s.size))
    )
