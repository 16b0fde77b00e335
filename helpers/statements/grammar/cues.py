"""Cues: where a sentence says that somebody speaks, and who it says is speaking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpers.statements.grammar.phrases import (
    Range,
    clause_subject,
    is_passive,
    noun_phrase_after,
    noun_phrase_before,
    opening_subject,
    subject_with_clause,
    verb_group_start,
)
from helpers.statements.grammar.tokens import Lexicon, Sentence, Tag, Verb

# After these a word that may be a noun ("claims") is a verb.
_OBJECT = Tag.OPENS_OBJECT + Tag.NAME + Tag.WH + Tag.COLON
_PLURAL = frozenset("police people they we i you who sources critics officials others many some".split())  # noqa: SIM905
QUOTING = frozenset("quote quotes quoted quoting cite cites cited citing".split())  # noqa: SIM905
_NEAR_OBJECT = 8  # tokens
_NAMING = frozenset({"call", "dub"})
# Verbs that no noun is written like.
_NEVER_NOUN = frozenset(
    """
    say tell write deny reply insist argue add suggest indicate announce confirm reject accuse condemn denounce declare
    explain describe warn admit acknowledge emphasise emphasize reiterate criticise criticize assert allege agree
    reveal recommend inform
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb in place: its group `start` to `stop`, its head, and who speaks."""

    verb: Verb
    head: int
    start: int
    stop: int
    how: str = ""  # where the source was found: before, after, by, shared, leaning, none
    source: Range | None = None
    begin: int = 0  # where source and cue begin


def find_cues(s: Sentence, lexicon: Lexicon) -> list[Cue]:
    """Find the reporting verbs of a sentence outside quotations, each with its source."""
    found: list[Cue] = []
    for i, word in enumerate(s.lower[: s.size]):
        verbs = lexicon.verbs.get(word)
        if verbs is None or s.quote[i] >= 0:
            continue
        for verb in verbs:
            stop = i + 1 + len(verb.particles)
            if tuple(s.lower[i + 1 : stop]) != verb.particles or (verb.unless and _is_idiom(s, i, verb)):
                continue
            if _is_verb(s, i, stop, verb, lexicon):
                stop = i + 1 if "about" in verb.frames else stop  # warned | of a storm
                cue = _with_source(s, Cue(verb, i, verb_group_start(s, i), stop), found)
                if verb.kind == "finding" and lexicon.documents.isdisjoint(s.lower[slice(*(cue.source or (0, 0)))]):
                    continue
                found.append(cue)
                if verb.form in ("base", "s"):
                    s.tag[i] = Tag.VERB  # no noun: officials | say
                break
    return found


def _is_idiom(s: Sentence, i: int, verb: Verb) -> bool:
    """Tell a verb that says nothing by its object: the raid claimed nine | lives, he repeats | himself."""
    for word, tag in zip(s.lower[i + 1 : i + _NEAR_OBJECT], s.tag[i + 1 :], strict=False):
        if tag in Tag.FINITE + Tag.THAT + Tag.WH:
            return False
        if word in verb.unless:
            return True
    return False


def _is_verb(s: Sentence, i: int, stop: int, verb: Verb, lexicon: Lexicon) -> bool:
    """Tell a verb from the noun or adjective that is written alike ("claims", "the alleged plan")."""
    after, before = s.tag[stop], s.tag[i - 1]
    if s.tag[i] == Tag.NAME and i:
        # the United States, but: Kabul Rejects Plan
        return s.start[0] == 0 and verb.form == "s" and verb.base != "state" and s.lower[i] not in lexicon.nouns
    if verb.form == "past":
        # the alleged plan, condemned alleged abuses, lists 112 alleged crimes
        return before not in Tag.BEFORE_NOUN and not (before in Tag.VERB + Tag.NUMBER and after == Tag.NOUN)
    if verb.form == "ing":
        return before not in Tag.DETERMINER + Tag.POSSESSIVE
    return _is_present(s, i, s.tag[s.past(stop, Tag.ADVERB)], verb, lexicon)


def _is_present(s: Sentence, i: int, after: str, verb: Verb, lexicon: Lexicon) -> bool:
    """Tell a verb in the present, by what stands before and `after` it, from a noun: officials claim that."""
    sure = verb.base in _NEVER_NOUN
    j = s.past(i - 1, Tag.ADVERB, -1)
    before = s.tag[j]
    if verb.form == "base":
        some = s.lower[j] in _PLURAL and s.tag[j - 1] not in Tag.PREPOSITION  # but: men with some claim to the land
        plural = some or (before in Tag.NOUN_LIKE and s.lower[j].endswith("s"))
        # Iran Pakistan vow to wait: a headline has lost its comma
        pair = s.start[0] == 0 and s.tag[j - 1 : j + 1] == [Tag.NAME, Tag.NAME] and verb.frames & {"noun", "to"}
        plural = plural or bool(pair)
        if before in Tag.COMMA + Tag.QUOTE:  # “critics, who had hoped for more, say”; “…,” say critics
            return sure
        return (
            before in Tag.AUXILIARY + Tag.TO
            or (sure and before in Tag.ENDS_SUBJECT and (plural or before != Tag.NOUN or verb.base == "say"))
            or (plural and after in _OBJECT + Tag.NOUN)
            or (plural and i + 1 == s.size)  # …, police confirm
        )
    if sure:
        return before not in Tag.BEFORE_NOUN
    if i + 1 == s.size and before == Tag.NOUN:  # …, the report states
        return noun_phrase_before(s, i) is not None
    if s.lower[i] in lexicon.nouns:
        named = before in Tag.NAME + Tag.WH and after in Tag.THAT + Tag.TO
        clause = before in Tag.ENDS_SUBJECT + Tag.COMMA and after in Tag.DETERMINER + Tag.PRONOUN + Tag.NAME
        if not (named or clause):
            return False
    joined = before == Tag.CONJUNCTION and after == Tag.DETERMINER
    subject = before in Tag.ENDS_SUBJECT + Tag.COMMA + Tag.THAT
    plain = after in Tag.NOUN + Tag.GERUND and before in Tag.NAME + Tag.PRONOUN  # Kabul rejects talks
    return joined or (subject and (after in _OBJECT or plain))


def _with_source(s: Sentence, cue: Cue, earlier: Sequence[Cue]) -> Cue:
    """Find who speaks; which way it is found says how the clause is built."""
    past = cue.verb.form == "past"
    follows = s.lower[cue.stop : cue.stop + 2]
    # a plan told by Noor, a letter said to be his; not: who claimed to be his
    by = follows[0] == "by" and s.tag[cue.stop + 1] != Tag.GERUND  # not: Noor responded by saying
    reduced = by or (follows == ["to", "be"] and s.tag[cue.start - 1] != Tag.WH)
    if past and (reduced or is_passive(s, cue.start, cue.head)):
        return _passive(s, cue)
    inverted = _inverted(s, cue)
    if inverted is not None:
        return replace(cue, source=inverted, how="after", begin=cue.start)
    lead = all(s.tag[i] in Tag.LEADS_IN for i in range(cue.start)) or s.lower[cue.start - 1] == "when"
    if cue.verb.base == "ask" and lead:
        return replace(cue, how="none", begin=cue.start)
    bare = not any(s.tag[i] == Tag.AUXILIARY for i in range(cue.start, cue.head))
    if any(s.tag[i] == Tag.TO for i in range(cue.start, cue.head)) or (cue.verb.form == "ing" and bare):
        return _with_lean(s, cue, earlier)
    before = cue.start - 1
    joined = s.tag[before] == Tag.CONJUNCTION
    source = None if joined else subject_with_clause(s, cue.start) or noun_phrase_before(s, cue.start)
    if source is not None:
        acts = s.tag[source[0]] in Tag.PARTICIPLE + Tag.GERUND and s.tag[source[0] - 1] == Tag.AUXILIARY
        source = None if acts else _past_phrase(s, source)  # has | freed men accused of
    if source is not None:
        return replace(cue, source=source, how="before", begin=source[0])
    return _shared(s, cue, earlier)


def _past_phrase(s: Sentence, source: Range) -> Range:
    """Step over a phrase between subject and verb: Noor, in talks with | officials, said; Noor had in Herat | said."""
    i = s.past(source[0] - 1, Tag.IN_PHRASE + Tag.CONJUNCTION, -1)
    if s.tag[source[0] - 1] not in Tag.PREPOSITION + Tag.CONJUNCTION:
        return source
    parted = s.tag[i] == Tag.COMMA or s.lower[i] in ("had", "has", "have")
    if not parted or s.tag[s.past(i + 1, Tag.CIRCUMSTANCE)] != Tag.PREPOSITION:
        return source
    return noun_phrase_before(s, i) or source


def _shared(s: Sentence, cue: Cue, earlier: Sequence[Cue]) -> Cue:
    """Find the subject that a verb shares with one before it: “he praised the plan and said …”."""
    if cue.verb.base in _NAMING and s.tag[cue.start - 1] == Tag.COMMA:
        return replace(cue, how="none", begin=cue.start)  # The plan, called Spring, was …
    spoke = [one for one in earlier if one.how == "before"]
    shared = (spoke or earlier)[-1].source if earlier else None
    shared = shared or clause_subject(s, cue.start) or opening_subject(s, cue.start)
    return replace(cue, source=shared, how="shared", begin=cue.start)


def _passive(s: Sentence, cue: Cue) -> Cue:
    """Read “The plan was announced by Noor”, “It was reported that …”, “Noor was quoted as saying”."""
    if s.lower[cue.stop] == "by":
        end = noun_phrase_after(s, cue.stop + 1, s.size)
        if end > cue.stop + 1:
            return replace(cue, source=(cue.stop + 1, end), how="by", begin=cue.start)
    return replace(cue, how="none", begin=cue.start)


def _inverted(s: Sentence, cue: Cue) -> Range | None:
    """Find the source that follows: “…,” said Noor. The verb stands after a mark and before a noun phrase."""
    if "quote" not in cue.verb.frames or cue.verb.form == "ing" or cue.start != cue.head:
        return None
    before = cue.start - 1
    opens = s.tag[cue.stop] in Tag.OPENS_CLAUSE + Tag.NUMBER  # not: the men, charged | Thursday
    end = noun_phrase_after(s, cue.stop, s.size) if opens else cue.stop
    fits = end > cue.stop and s.tag[end] not in Tag.FINITE + Tag.PRONOUN and s.tag[before] in Tag.BREAK + Tag.STOP
    # only right after a quotation may a verb that takes a person stand so: “…?” asked Noor
    told = "whom" in cue.verb.frames and s.quote[before] < 0
    clause = any(s.tag[i] in Tag.FINITE for i in range(before))
    proper = any(s.tag[i] == Tag.NAME for i in range(cue.stop, end)) and clause
    last = end == s.size and clause and cue.verb.base == "say"  # The border is shut, say officials
    named = not (proper or last) and noun_phrase_before(s, cue.start) is not None
    heard = s.quote[end] >= 0 and s.quote[before] < 0  # Noor, head of the staff, says the army “is ready”
    return (cue.stop, end) if fits and not (told or named or heard) else None


def _with_lean(s: Sentence, cue: Cue, earlier: Sequence[Cue]) -> Cue:
    """Find who speaks in a participle or an infinitive: who is quoted “as saying”, or the subject it leans on."""
    quoted = _quoted_as(s, cue)
    if quoted is not None:
        return replace(cue, source=quoted, how="quoted", begin=min([quoted[0], *(one.begin for one in earlier[-1:])]))
    return replace(cue, source=_leaning(s, cue, earlier), how="leaning", begin=cue.start)


def _quoted_as(s: Sentence, cue: Cue) -> Range | None:
    """Read “Noor was quoted as saying”, “the agency cited Noor, the envoy, as saying”: it is Noor who speaks."""
    stop = cue.start - (s.lower[cue.start - 1] == "as")
    if stop == cue.start and cue.verb.base != "say":  # Citing Noor, Hale spoke of rain, | adding that
        return None
    for i in range(stop - 1, -1, -1):
        if s.lower[i] in QUOTING:
            start = verb_group_start(s, i)
            if is_passive(s, start, i):
                return noun_phrase_before(s, start)
            end = noun_phrase_after(s, i + 1, stop)
            return (i + 1, end) if end > i + 1 else None
    return None


def _leaning(s: Sentence, cue: Cue, earlier: Sequence[Cue]) -> Range | None:
    """Find the subject that a participle or infinitive leans on."""
    if all(s.tag[i] in Tag.LEADS_IN for i in range(cue.start)):
        return subject_after_lead(s, cue.stop)
    before = s.tag[cue.start - 1]
    nearest = noun_phrase_before(s, cue.start) if cue.verb.form == "ing" else None
    company = _company(s, cue.start)
    if company is not None:
        return company
    if earlier and earlier[-1].how == "after":
        return earlier[-1].source
    reported = _reported(s, cue, earlier) if before in Tag.PAUSE else None
    subject = reported or clause_subject(s, cue.start, main=before in Tag.BREAK)
    return subject or nearest or opening_subject(s, cue.start)


def _reported(s: Sentence, cue: Cue, earlier: Sequence[Cue]) -> Range | None:
    """Find who reports the clause before a participle: Noor said the mills and the dam are shut, | adding …."""
    heads = {one.head for one in earlier}
    verb = next((i for i in range(cue.start - 1, -1, -1) if s.tag[i] in Tag.FINITE or i in heads), 0)
    for one in reversed(earlier):
        if one.source is None or one.how not in ("before", "shared"):
            continue
        first, stop = one.source
        within = s.tag[first] == Tag.WH or s.tag[first - 1] in Tag.FINITE + Tag.THAT
        nested = within or heads & {*range(first - 1, stop)}
        if not nested and (verb < one.stop or "that" in one.verb.frames):
            return one.source
    return None


def _company(s: Sentence, stop: int) -> Range | None:
    """Read “with the ministry of trade saying …”, “with Noor, Hale and Ruiz all saying …”."""
    for i in range(stop - 2, -1, -1):
        if s.lower[i] == "with":
            # not: he met with Hale, saying; with men held for | claiming
            apart = s.tag[i - 1] in Tag.COMMA + Tag.STOP and s.tag[stop - 1] not in Tag.PREPOSITION
            return (i + 1, stop) if apart else None
    return None


def subject_after_lead(s: Sentence, start: int) -> Range | None:
    """Read “Noting that …, Noor, the minister, also said”: the subject follows the comma that ends the lead."""
    for i in range(start, s.size):
        if s.tag[i] in Tag.COMMA + Tag.QUOTE:
            end = noun_phrase_after(s, i + 1, s.size)
            verb = s.past(end, Tag.COMMA + Tag.ADVERB)
            if end > i + 1 and s.tag[verb] in Tag.FINITE:
                return i + 1, end
    return None
