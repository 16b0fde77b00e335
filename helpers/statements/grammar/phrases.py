"""Phrases: noun phrases, verb groups and their subjects, found from the classes of tokens without a parser."""

from helpers.statements.grammar.tokens import Sentence, Tag

Range = tuple[int, int]
_BE = frozenset(
    "be is are was were been being am 's ’s isn't isn’t aren't aren’t wasn't wasn’t weren't weren’t get got".split()  # noqa: SIM905
)
_ATTACHING = frozenset("and of for from with in at on near against by under".split())  # noqa: SIM905
_BEFORE_DAY = frozenset({"on", "in", "late", "earlier", "last"})  # Noor | late on Sunday said
_BELONGING = frozenset({"of", "for", "from", "like", "including"})  # Noor, | of the ministry, said
_REPORTING = frozenset("saying adding noting stressing claiming arguing".split())  # noqa: SIM905 - begin a clause
_SETTINGS = frozenset("statement interview speech tweet turn end particular time part".split())  # noqa: SIM905
_SOME = frozenset("a an his her its their recent".split())  # noqa: SIM905
_LONGEST_ASIDE = 45  # tokens
_MOST_ASIDES = 4  # Noor, the envoy, who was born in Herat, a town in the west (left), said
_LONGEST_CLAUSE = 25


def verb_group_start(s: Sentence, head: int) -> int:
    """Walk left from a verb over its auxiliaries, adverbs and "to"."""
    i = head
    while s.tag[i - 1] in Tag.AUXILIARY + Tag.ADVERB and s.quote[i - 1] < 0:
        i -= 1
    return i - (s.tag[i - 1] == Tag.TO)


def is_passive(s: Sentence, start: int, head: int) -> bool:
    """Tell whether a verb group is passive: a form of "be" before a participle."""
    return any(s.lower[i] in _BE for i in range(start, head))


def clause_subject(s: Sentence, stop: int, *, main: bool = False) -> Range | None:
    """Find the subject of the nearest finite verb before `stop`: what a participle or an infinitive leans on.

    With `main`, clauses within clauses are passed over: in “Noor said the plan would fail, adding …” it is Noor.
    """
    for i in range(stop - 1, -1, -1):
        if s.quote[i] >= 0 or s.tag[i] not in Tag.FINITE or s.tag[i - 1] == Tag.TO:
            continue
        start = verb_group_start(s, i)
        subject = subject_with_clause(s, start) or noun_phrase_before(s, start)
        if subject is None or s.tag[subject[0]] == Tag.THAT:
            continue
        before = s.tag[subject[0] - 1]
        within = s.tag[subject[0]] == Tag.WH or before in Tag.FINITE + Tag.THAT + Tag.SUBORDINATOR + Tag.WH
        if not (main and within):
            return subject
    return None


def subject_of_verb(s: Sentence, stop: int) -> Range | None:
    """Find the subject of the verb before `stop`, a noun to all appearance or not: the board | projects that."""
    alike = s.tag[stop - 2] in Tag.NOUN_LIKE
    return noun_phrase_before(s, stop - 1) if alike else clause_subject(s, stop)


def opening_subject(s: Sentence, stop: int) -> Range | None:
    """Find the noun phrase a sentence opens with, past a lead and its comma: the subject, whatever its verb may be."""
    i = int(s.tag[0] == Tag.CONJUNCTION)
    if s.tag[i] in Tag.LEADS_IN:
        i = next((j + 1 for j in range(i, stop) if s.tag[j] == Tag.COMMA), stop)
    end = chunk_end(s, i, stop)
    while (further := _attached(s, end, stop)) is not None:
        end = further
    return (i, end) if i < end < stop else None


def subject_with_clause(s: Sentence, stop: int) -> Range | None:
    """Find the subject whose relative clause ends before `stop`: an official who declined to be named | said."""
    near = s.lower[max(1, stop - _LONGEST_CLAUSE + 1) : stop]
    if "who" not in near:
        return None
    i = stop - 1 - near[::-1].index("who")
    # the clause has a verb of its own, not: the man who said, the man who Noor said was late
    alone = i + 1 == stop or (i + 2 == stop and s.tag[i + 1] in Tag.PRONOUN + Tag.NAME)
    if alone or any(tag in Tag.MARK for tag in s.tag[i:stop]):
        return None
    inner = noun_phrase_before(s, i)
    return None if inner is None else (inner[0], stop)


def noun_phrase_before(s: Sentence, stop: int, *, asides: int = _MOST_ASIDES) -> Range | None:
    """Find the noun phrase that ends just before token `stop`, apposition and all; no more than so many `asides`."""
    last = stop - 1
    if asides < 0:
        return None
    tag = s.tag[last]
    if tag in Tag.PAUSE + Tag.CLOSE:
        return _before_aside(s, last, asides - 1)
    if tag in Tag.PRONOUN + Tag.THAT + Tag.WH:
        return last, stop
    before = _before_day(s, last, asides - 1) if tag == Tag.TIME else None
    return before if before is not None or tag not in Tag.ENDS_PHRASE else _phrase_before(s, stop, asides - 1)


def _before_day(s: Sentence, day: int, asides: int) -> Range | None:
    """Return the noun phrase before a day: Noor | late on Sunday said, Kabul | has today agreed."""
    while s.tag[day - 1] == Tag.DETERMINER or s.lower[day - 1] in _BEFORE_DAY:
        day -= 1
    return noun_phrase_before(s, verb_group_start(s, day), asides=asides)


def _phrase_before(s: Sentence, stop: int, asides: int) -> Range | None:
    """Return the noun phrase that ends in a noun, with who it is, less what leads up to it and how it is said."""
    first = stop - 1
    while first > 0 and _reaches(s, first - 1, first):
        first -= 1
    if s.tag[first] == Tag.NOUN and s.tag[first - 1] == Tag.TO and s.lower[first - 2] != "according":
        inner = noun_phrase_before(s, first - 1, asides=asides)  # their refusal to | yield
        return inner and (inner[0], stop if inner[1] == first - 1 else inner[1])
    found = _without_lead(s, first, stop, asides)
    if found is None:
        return None
    start, end = _past_comma(s, *found), found[1]
    within = range(found[0] + 1, end)
    setting = next((i for i in within if s.tag[i] == Tag.PREPOSITION and _is_setting(s, i)), None)
    return start, end if setting is None else s.past(setting - 1, Tag.ADVERB + Tag.COMMA, -1) + 1


def _is_setting(s: Sentence, i: int) -> bool:
    """Tell where a name gives way to how something is said: Noor | in a statement, the mayor | for his part."""
    setting = s.tag[i - 1] == Tag.NAME and s.lower[i] in ("in", "at", "during") and s.lower[i + 1] in _SOME
    dated = s.lower[i] == "on" and s.tag[i + 1] == Tag.TIME and s.tag[i + 2] != Tag.POSSESSIVE
    return setting or dated or (s.lower[i] in ("in", "at", "for") and not _SETTINGS.isdisjoint(s.lower[i + 1 : i + 4]))


def _past_comma(s: Sentence, first: int, stop: int) -> int:
    """Return where a list, or who somebody is, begins: Iran, | Kabul and Delhi say; The envoy, | Ana Noor said."""
    listed = Tag.CONJUNCTION in s.tag[first:stop]
    start = first
    while s.tag[start - 1] == Tag.COMMA and s.tag[start - 2] not in Tag.CIRCUMSTANCE and (start == first or listed):
        i = start - 1
        while i > 0 and _reaches(s, i - 1, i):
            i -= 1
        if i == start - 1 or s.tag[i] not in Tag.OPENS_APPOSITION:
            return first
        start = i
    comma = next((i for i in range(stop, s.size) if s.tag[i] == Tag.COMMA), s.size)
    around = s.tag[stop + 1] in Tag.MARK or s.tag[comma + 1] in Tag.FINITE  # The border, | Noor said, is shut
    opens = Tag.OPENS_SENTENCE + (Tag.COMMA if s.tag[start - 2] in Tag.CIRCUMSTANCE else "")  # On Monday, | Noor, …
    apposed = (s.tag[first - 2] == Tag.NAME) != (s.tag[stop - 1] == Tag.NAME)
    return start if (listed or apposed) and s.tag[start - 1] in opens and not around else first


def _reaches(s: Sentence, i: int, first: int) -> bool:
    """Tell whether token `i` belongs to the noun phrase that starts at `first` so far."""
    tag = s.tag[i]
    if tag == Tag.TO:
        return s.tag[first] in Tag.TO_WHOM
    opens = s.tag[first] == Tag.DETERMINER or s.lower[first] == "the"
    if (tag in Tag.NOUN + Tag.TIME and opens) or (tag == Tag.TIME and s.text[s.start[i]].islower()):
        return False  # a point | the minister; last week | Noor said
    if tag == Tag.CONJUNCTION:
        return s.tag[i - 1] in Tag.NOMINAL + Tag.GERUND and _joins_nouns(s, i)
    return tag not in Tag.BARRIER and s.lower[i] not in _REPORTING


def _before_aside(s: Sentence, last: int, asides: int) -> Range | None:
    """Return the phrase before an aside, and with it who it is: “Noor, the envoy, said”, “Noor (left) said”.

    What else stands there is no part of it: “Noor, | in a statement, said”, “Noor, | however, said”.
    """
    opening = _aside_start(s, last)
    if opening is None:
        return None
    inner = noun_phrase_before(s, opening, asides=asides)
    if inner is None:
        return None
    return inner[0], inner[1] if _is_circumstance(s, opening + 1, last) else last + (s.tag[last] == Tag.CLOSE)


def _is_circumstance(s: Sentence, i: int, last: int) -> bool:
    """Tell an aside on how or where something is said from one on who says it: of the ministry, who left in May."""
    if s.lower[i] in _BELONGING:
        return s.lower[last - 1] in ("part", "instance", "example")
    speaking = s.tag[i] == Tag.GERUND and s.lower[i + 1] != "for"
    return speaking or s.tag[i] == Tag.PREPOSITION or (s.tag[i] == Tag.ADVERB and i + 1 == last)


def _joins_nouns(s: Sentence, stop: int) -> bool:
    """No verb between the last boundary and `stop`: an "and" there joins nouns, not clauses."""
    for i in range(stop - 1, -1, -1):
        if s.tag[i] in Tag.BREAK + Tag.SUBORDINATOR + Tag.THAT:
            return True
        if s.tag[i] in Tag.FINITE:
            return s.lower[i] in ("said", "says") and i + 1 < stop  # said Iran and Kabul have agreed
    return True


def _without_lead(s: Sentence, first: int, stop: int, asides: int) -> Range | None:
    """Drop what stands before the subject: "In an interview on Tuesday | the minister"."""
    tag = s.tag
    i = first
    while i < stop and tag[i] == Tag.ADVERB:
        i += 1
    while i < stop and tag[i] == Tag.PREPOSITION:
        start = i + 1
        end = chunk_end(s, start, stop)
        if end >= stop:
            # the preposition's own phrase reaches the verb: keep the last name in it
            name = next((j for j in range(start, stop) if tag[j] == Tag.NAME), start)
            return (name, stop) if name < stop else None
        i = s.past(max(end, i + 1), Tag.CONJUNCTION)
    after_aside = i < stop and tag[i] == Tag.PARTICIPLE
    inner = _before_aside(s, i - 1, asides) if after_aside else None  # Noor, the envoy, | addressed reporters, saying
    return inner or ((i, stop) if i < stop else None)


def chunk_end(s: Sentence, start: int, high: int) -> int:
    """Return the end of the simple noun phrase that starts at `start` (no prepositions in it)."""
    if start < high and s.tag[start] in Tag.PRONOUN + Tag.OBJECT:
        return start + 1
    noun = False
    i = start
    while i < high and _continues(s, i, noun=noun):
        noun = s.tag[i] in Tag.NOMINAL
        i += 1
    return i


def _continues(s: Sentence, i: int, *, noun: bool) -> bool:
    """Tell whether token `i` goes on with a noun phrase, after a `noun` of it or not."""
    tag = s.tag[i]
    if tag in Tag.DETERMINER + Tag.PARTICIPLE + Tag.GERUND:
        return not noun
    if tag in Tag.NOMINAL:
        # "on Tuesday | Noor", "Noor | Tuesday": a day begins or ends a phrase
        return not (noun and (s.tag[i - 1] == Tag.TIME) != (tag == Tag.TIME))
    return tag in Tag.DASH + Tag.POSSESSIVE


def noun_phrase_after(s: Sentence, start: int, high: int) -> int:
    """Return the end of the noun phrase that starts at `start`, with its prepositional phrases and apposition."""
    end = _phrase_end(s, start, high)
    while end > start and s.tag[end] == Tag.COMMA and s.tag[end - 1] in Tag.NAME + Tag.NUMBER + Tag.CLOSE:
        # Noor, 65, a clerk at the port; not: to Noor, the port was shut
        further = _phrase_end(s, end + 1, high)
        if s.tag[end + 1] not in Tag.OPENS_APPOSITION or s.tag[s.past(further, Tag.ADVERB)] in Tag.VERBAL:
            break
        end = further
    return end


def _phrase_end(s: Sentence, start: int, high: int) -> int:
    """Return the end of the noun phrase that starts at `start`, with its prepositional phrases."""
    i = chunk_end(s, start, high)
    if i == start:
        return i
    while i < high - 1:
        end = _attached(s, i, high)
        if end is None:
            return i
        i = end
    return i


def _attached(s: Sentence, i: int, high: int) -> int | None:
    """Return the end of what is attached to a noun phrase at `i`: (aside), "of …", "and …"."""
    if _is_setting(s, i):
        return None
    if s.tag[i] == Tag.OPEN:
        close = next((j for j in range(i, high) if s.tag[j] == Tag.CLOSE), None)
        return None if close is None else s.past(close + 1, Tag.NAME)
    end = chunk_end(s, i + 1, high)
    # the envoy to | Kabul; not: said Noor to | the press
    attaching = s.lower[i] in _ATTACHING or (s.tag[i - 1 : i + 1] == [Tag.NOUN, Tag.TO] and s.tag[i + 1] in Tag.TO_WHOM)
    return end if end > i + 1 and attaching else None


def _aside_start(s: Sentence, last: int) -> int | None:
    """Return where the aside closed at `last` opens."""
    opener = Tag.OPEN if s.tag[last] == Tag.CLOSE else s.tag[last]
    for i in range(last - 1, max(-1, last - _LONGEST_ASIDE), -1):
        if s.tag[i] == opener and s.quote[i] == s.quote[last]:
            return i
    return None
