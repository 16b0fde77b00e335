"""Antecedents: whom a noun phrase or a pronoun stands for at its place in an article."""

import re
from bisect import bisect_left
from itertools import chain, pairwise

from helpers.statements.people.actors import fold
from helpers.statements.people.descriptions import NEW, PARTICIPLE, add_described, find_described, may_speak
from helpers.statements.people.entities import Entity, is_plural, is_role
from helpers.statements.people.mentions import NAMED, SIDE_BY_SIDE, Mention, initials
from helpers.statements.people.scene import (
    FAR,
    HOW_MANY,
    NOBODY_KNOWN,
    PLACELESS,
    SOME,
    TURNS,
    WHO,
    Phrase,
    Scene,
    Speaker,
    find_body,
    find_holder,
    find_pronoun,
    find_sides,
    is_pronoun,
    is_side,
    make_group,
)

_PHRASE_END = re.compile(
    r",|;| –|—| \((?=an? |the )| (?:of|from|at|in|for|who|whose|which|on|with|by|to|that|after|near|inside|outside|over"
    r"|about|under|against|based|during|between|among|into)\b"
    r"|(?<!\b[Aa])(?<!\b[Tt]he) (?:dated|issued|published|released|signed)\b"
)
_OWNER = re.compile(r"(his|her|their|its)\b|.{1,60}?(?=['’]s? )", re.IGNORECASE)
_AFTER_OWNER = re.compile(r"['’]?s?\s*")
_POSSESSIVE = re.compile(r"['’]s? ")
_BY = re.compile(r"\b(?:by|from|of) ")
_BESIDE = re.compile(r"[,–—] ?(?:[\w.’'-]+ ){0,6}$")
_GOVERNED = re.compile(r"\b(?:of(?! staff )|for|by|with|to|from|about|against)(?: [\w.’'-]+){0,3} $")
_NUMBER_OF = re.compile(r"(?:an? )?(?:[a-z]+ )?(?:number|handful|couple|dozens|hundreds) of ", re.IGNORECASE)
# What follows the noun that speaks: sources | close to the talks, a statement | issued on Thursday
_GOES_ON = re.compile(
    r"\w+(?:ed|ing)|close|familiar|responsible|aware|present|there|here|sent|on|at|from|in|of|to|with|for|by|who|over|about"
)
# Around who speaks: On Friday, | the minister; they, | the drivers; the port, | in the person of Ana Ruiz;
# a heading without a mark | The minister
_BEFORE = re.compile(
    r"(?:On )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[Tt]oday|[Yy]esterday)(?:['’]s|,) "
    r"|(?i:(?:them|he|she|they|we|one of them), (?=an? |the ))|.*?,? in the person of |.*\w (?=The [a-z])"
)
# the group, | which fights in Kashmir; the minister | also; an officer | there; the court | itself
_AFTER = re.compile(
    r"(?:, (?:who|which|whose) .*"
    r"|,? (?:(?:(?:on|late|early|last) )*(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: \w+ing)?|also|earlier|later"
    r"|further|elsewhere|for (?:his|her|its|their) part|here|there|himself|herself|itself|themselves)"
    r"| (?:own|both|all))+$",
    re.DOTALL,
)
# No noun phrase: addressing a conference; to the minister
_NO_SOURCE = re.compile(r"(?:[A-Za-z]+(?:ing|ed|ts) (?:an?|the|its|his|her|their|many|more)|to|including|on)\b")
_DETERMINER = re.compile(
    r"\b(?:[Aa]n?|[Tt]h[eo]se|[Tt]he|[Ss]ome|[Oo]ne|[Tt]wo|[Tt]hree|[Mm]any|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Aa]nother) "
    r"|(?:(?<=[.!?”’] )|(?<=\n))[A-Z]"
)
_WITHIN = re.compile(r"(?:[\w’'-]+ ){1,4}(?:of|in|at|from|on) ")
_PART = re.compile(r"(?:[\w’'-]+ ){1,4}?(?:of|in|at|from|on|by|for|to) ")
_WHOSE = frozenset({"his", "her", "its", "their"})
_MARK = re.compile(r"[.,;:“”\"\n]")
_BOTH = re.compile(r"\b[Bb]oth (?:[a-z]+ )?[a-z]+s\b")
_AND = re.compile(r",? and ")
_COMMA = re.compile(", ")
_PRINTED = frozenset({"official", "press", "situation", "written", "joint", "latest", "news", "new", "brief", "same"})
_ISSUED_BY = re.compile(
    r" (?:compiled|issued|passed|posted|prepared|provided|published|released|signed|submitted)"
    r"(?: [\w.]+){0,5}? by (?:the )?"
)
_MADE_BY = re.compile(r" (?:\w+ )?(?:by|from|in) (?:the )?|" + _ISSUED_BY.pattern)
_PRINTS = frozenset({"report", "article"})  # may be an agency's; a statement beside an agency is not
_OF_BODIES = frozenset({"data", "figures", "poll", "report", "resolution", "statistics", "study", "survey"})
_ISSUING = frozenset({"media", "armed_group", "organisation", "international_organisation", "ministry", "party"})
_LONGEST_NAME = 200  # characters
_WITHIN_PHRASE = 25  # characters: a document as near to where somebody spoke is part of the source
_SITE = re.compile(r"[\w-]+(?:\.[a-z]+)+")
_FILLERS = frozenset({"", "of", "the", "for", "in", "at", "from", "and", "a", "an", "its", "on", "to", "s"})


def read_source(scene: Scene, start: int, end: int, depth: int) -> Speaker:
    """Say whom the words between two positions stand for.

    Parameters
    ----------
    scene : Scene
        The article as read so far; descriptions of nobody named before are added to its entities.
    start, end : int
        The noun phrase or pronoun.
    depth : int
        How many phrases this one was found in, 0 for a source itself.

    Returns
    -------
    Speaker
        Entity -1 where it cannot be known.
    """
    before = _BEFORE.match(scene.page.text, start, end)
    start = before.end() if before else start
    after = _AFTER.search(scene.text(start, end))
    end = start + after.start() if after else end
    said = scene.text(start, end)
    both = _BOTH.search(scene.page.text, scene.bounds(start)[0], start) if said == "both" else None
    if both:
        return read_source(scene, *both.span(), depth + 1)
    if is_pronoun(said):
        found = find_pronoun(scene, said.lower(), start)
        return _read_before(scene, start) if found.entity < 0 and said.lower() in WHO else found
    inside = scene.within(start, end)
    several = _read_several(scene, start, end, inside) if inside and depth == 0 else NOBODY_KNOWN
    if several.entity >= 0:
        return several
    stop = _phrase_end(scene, start, end, inside)
    head = _named_head(scene, start, end, stop, inside)
    if head:
        return scene.named(head.entity, head)
    words = [w for w in (fold(w) for w in scene.text(start, stop).split()) if w]
    bare = [w for w in words if w not in scene.words.determiners]
    phrase = Phrase(start, end, stop, words, bare, inside, depth)
    return _read_description(scene, phrase) if words else NOBODY_KNOWN


def _read_before(scene: Scene, start: int) -> Speaker:
    """Read what stands just before "who": a headmaster in Wardak who wrote; one of those members, who asked."""
    stop = len(scene.page.text[:start].rstrip(" ,"))
    begins = [m.start() for m in _DETERMINER.finditer(scene.page.text, scene.bounds(start)[0], stop)]
    if not begins:
        return NOBODY_KNOWN
    at = begins.pop()
    while begins and _WITHIN.fullmatch(scene.text(begins[-1], at)):  # one of | those members
        at = begins.pop()
    person = scene.page.text[start : start + 3].lower() == "who"  # the plan | that said: may it speak?
    while person and (part := _PART.match(scene.page.text, at, stop)):  # a protest by | villagers who
        *head, _ = part.group().lower().split()
        if head[-1] == "those" or may_speak(head, scene.words):
            break
        at = part.end()
    return NOBODY_KNOWN if _MARK.search(scene.text(at, stop)) else read_source(scene, at, stop, int(person))


def _named_head(scene: Scene, start: int, end: int, stop: int, inside: list[Mention]) -> Mention | None:
    """Return the name that a phrase is about, if it has one."""
    if not inside:
        return None
    title = set(map(fold, scene.text(start, inside[0].start).split())) - scene.words.determiners
    owner = _POSSESSIVE.match(scene.page.text, inside[0].end, end)
    if title and title <= {*inside[0].roles, "of"} and not owner:  # Secretary of Justice | Ana Ruiz
        return inside[0]
    first, last = [m for m in inside if m.start < stop], inside[-1]
    if first and first[-1].kind == "demonym" and last is not first[-1] and _is_apposed(scene, last, start, end, inside):
        return last  # the Spaniard, | Ana Ruiz
    beside = set(map(fold, scene.text(first[-1].end, stop).split())) if first else set()
    prints = first and (first[-1].kind == "media" or (first[-1].kind == "organisation" and len(first[-1].words) > 1))
    own = scene.words.media_nouns | {"news"} if prints else set()
    if first and beside - {""} <= own:  # the Harbour Herald | newspaper
        return first[-1]
    return next((m for m in inside if _is_apposed(scene, m, start, end, inside)), None)


def _is_apposed(scene: Scene, m: Mention, start: int, end: int, inside: list[Mention]) -> bool:
    """Say whether a name stands beside the phrase it names: the mayor of Paris, Ana Ruiz; one news site, Znak."""
    kind = scene.entities[m.entity].kind
    lead = scene.text(start, m.start)
    ends = not scene.text(m.end, end).strip(" ,—–()" + initials(scene.text(m.start, m.end)))
    if kind in PLACELESS or (kind != "person" and not ends):
        return False
    office = m.roles and m.roles[-1] in map(fold, lead.split()[:-1])  # the envoy to Kabul | Ana Ruiz
    if office or any(x.end + 1 == m.start for x in inside):  # head of the Supreme Court | Ana Ruiz
        return True
    if _GOVERNED.search(lead.rsplit(",", 1)[-1]):
        return False
    return bool(_BESIDE.search(lead)) or (ends and kind == "person")


def _phrase_end(scene: Scene, start: int, end: int, inside: list[Mention]) -> int:
    """Return where the first part of a noun phrase ends: before a comma, a preposition, a relative, a participle."""
    parts = _PHRASE_END.finditer(scene.page.text, start, end)
    stop = next((m.start() for m in parts if not any(x.start <= m.start() < x.end for x in inside)), end)
    for m in PARTICIPLE.finditer(scene.page.text, start, stop):  # farmers | taking to the streets
        noun = scene.text(start, m.start()).lower().split()
        if noun[-1] not in scene.words.documents | SOME and may_speak(noun, scene.words):
            return stop if may_speak(scene.text(start, stop).lower().split(), scene.words) else m.start()
    return stop


def _read_several(scene: Scene, start: int, end: int, named: list[Mention]) -> Speaker:
    """Names joined by "and", perhaps with commas before, are one plural speaker: Iran, Turkey and Russia."""
    beside = [(x.end, y.start) for x, y in pairwise(named) if x.end + 1 == y.start and {x.kind, y.kind} <= SIDE_BY_SIDE]
    for joint in [m.span() for m in _AND.finditer(scene.page.text, start, end)] or beside[-1:]:
        aside = scene.page.text.find(",", joint[1], end)
        until = aside if aside >= 0 else end
        commas = [m.span() for m in _COMMA.finditer(scene.page.text, start, joint[0])]
        edges = [start, *chain.from_iterable(sorted({*commas, *beside, joint})), until]
        members = [_last_name(scene, low, high, named) for low, high in zip(edges[::2], edges[1::2], strict=True)]
        beyond = named[-1].start > until and scene.entities[named[-1].entity].kind == "person"
        if None not in members and not beyond:  # head of the port and of the fire service, Ana Ruiz
            return Speaker(make_group(scene, tuple(m.entity for m in members if m)))
    return NOBODY_KNOWN


def _last_name(scene: Scene, low: int, high: int, named: list[Mention]) -> Mention | None:
    """Return the name that a member of a list ends with: President | Ana Ruiz."""
    mine = [m for m in named if low <= m.start and m.end <= high]
    if not mine or scene.text(mine[-1].end, high).strip(" '’s"):
        return None
    return None if _PHRASE_END.search(scene.page.text, low, mine[-1].start) else mine[-1]


def _read_description(scene: Scene, phrase: Phrase) -> Speaker:
    """Resolve a phrase without a name at its head: a role, a body, a document, or somebody only described."""
    if beside := _name_beside(scene, phrase):
        return scene.named(beside.entity, beside)
    if SOME.issuperset(scene.text(phrase.start, phrase.end).lower().split()):
        return _read_some(scene, phrase)
    rest = {fold(w) for w in scene.text(phrase.stop, phrase.end).split()} - _FILLERS
    told = rest or phrase.words[0] in _WHOSE
    if not told and scene.words.nobody.issuperset(phrase.bare):
        return NOBODY_KNOWN  # rumours
    found = _find_meant(scene, phrase, rest)
    return found if found.entity >= 0 else _describe(scene, phrase)


def _find_meant(scene: Scene, phrase: Phrase, rest: set[str]) -> Speaker:
    """Find who in the article is meant by a role, by the kind of a body, or by a document."""
    head, bare = phrase.words[-1], phrase.bare
    if is_side(phrase, scene.words):
        known = NOBODY_KNOWN if HOW_MANY.keys() & {*phrase.words} else find_described(scene, phrase)
        return known if known.entity >= 0 else find_sides(scene, phrase)
    if head in scene.words.documents:
        scene.issued.append(phrase.start)
        return _read_issuer(scene, phrase)
    if phrase.words[0] in NEW or not bare or PARTICIPLE.match(scene.page.text, phrase.stop, phrase.end):
        return NOBODY_KNOWN
    if is_role(head, scene.words):
        return find_holder(scene, phrase, rest)
    return find_body(scene, phrase) if head in scene.words.bodies and not rest else NOBODY_KNOWN


def _read_some(scene: Scene, phrase: Phrase) -> Speaker:
    """Read one, some, several, one of them: of the people just spoken of together."""
    among = find_pronoun(scene, "them", phrase.start, speaking=False)
    if among.entity < 0 or not scene.entities[among.entity].plural:
        return NOBODY_KNOWN
    few = scene.page.text[phrase.start : phrase.end].split()[0]
    whole = Mention(phrase.start, phrase.start + len(few), (fold(few),), "description")
    one = fold(few) in {"one", "another"}
    e = Entity("person" if one else "group", fullest=whole, described=(fold(few),), plural=not one, owner=among.entity)
    e.country = scene.entities[among.entity].country
    return Speaker(scene.add(e), among.antecedent)


def _name_beside(scene: Scene, phrase: Phrase) -> Mention | None:
    """Return the name that stands just before an apposition."""
    other = is_plural(phrase.words[-1]) and phrase.words[0] not in scene.words.determiners  # Achin, | residents say
    if not phrase.depth and not other and scene.text(phrase.start - 2, phrase.start) == ", ":
        before = scene.within(scene.bounds(phrase.start)[0], phrase.start - 2)[-1:]
        if before and before[0].subject and before[0].kind in NAMED and before[0].end == phrase.start - 2:
            return before[0]  # Ana Ruiz, | a spokeswoman for the port said
    return None


def _read_issuer(scene: Scene, phrase: Phrase) -> Speaker:
    """Find who issued a statement, a report, a website: it speaks for them."""
    text, start, stop, end = scene.page.text, phrase.start, phrase.stop, phrase.end
    by, owner = _BY.search(text, stop, end), _POSSESSIVE.search(text, start, stop)
    named = [m for m in scene.within(start, stop) if m.kind != "capital"]
    maker = [w for w in phrase.words[:-1] if w not in scene.words.determiners | _PRINTED]
    own = fold(text[start : owner.start()].rpartition(" ")[2]) if owner else ""
    if maker and maker[-1] != own and maker[-1] in scene.words.bodies | ({"media"} if named else set()):
        # an Israeli army | statement, Iran's Foreign Ministry | website
        found = read_source(scene, start, text.rindex(" ", start, stop), phrase.depth + 1)
    elif owner:
        found = read_source(scene, start, owner.start(), phrase.depth + 1)
    elif by and not any(m.start <= by.start() < m.end for m in phrase.inside):
        found = read_source(scene, by.end(), end, phrase.depth + 1)
        e = scene.entities[found.entity] if found.entity >= 0 else None
        if e and (e.kind == "place" or (e.described and not may_speak(e.described, scene.words))):
            found = NOBODY_KNOWN  # reports from | the scene
    elif phrase.words[0] in _WHOSE:
        found = find_pronoun(scene, phrase.words[0], start)
    elif named:
        found = scene.named(named[-1].entity, named[-1])
    elif channels := [m for m in phrase.inside if m.kind in _ISSUING | {"name"}]:  # a report in the Herald
        found = scene.named(channels[0].entity, channels[0])
    else:
        found = _read_context(scene, phrase, told=bool(maker))
    return found


def _read_context(scene: Scene, phrase: Phrase, *, told: bool) -> Speaker:
    """Find who issued a document from what stands before it; `told` says that it has a maker's words of its own."""
    if maker := _find_maker(scene, _ISSUED_BY, phrase.end):
        return scene.named(maker.entity, maker)
    definite = phrase.words[0] == "the" and not told
    found = _find_told(scene, phrase) if definite else NOBODY_KNOWN
    new = phrase.words[0] in NEW and len(phrase.words) == 2 and phrase.words[-1] not in _PRINTS  # noqa: PLR2004
    if found.entity < 0 and (definite or new):
        spoke = [who for _, who in scene.spoken[-TURNS:] if _may_issue(scene, who, phrase.words[-1])]
        found = Speaker(spoke[-1], scene.latest(spoke[-1], phrase.start)) if spoke else NOBODY_KNOWN
    return found


def _find_told(scene: Scene, phrase: Phrase) -> Speaker:
    """Find whose a document is where it was last told of: a report by the board; Hamas said so in a message."""
    document = phrase.words[-1]
    pattern = re.compile(rf"\b{re.escape(document)}\b", re.IGNORECASE)
    low = max(0, phrase.start - FAR)
    for place in reversed(list(pattern.finditer(scene.page.text, low, phrase.start))):
        first, last = scene.bounds(place.start())
        spoke = [
            (abs(at - place.start()), who)
            for at, who in scene.spoken[bisect_left(scene.spoken, (first,)) :]
            if at < last and _may_issue(scene, who, document)
        ]
        maker = _find_maker(scene, _MADE_BY, place.end())
        if maker and min(spoke, default=(_WITHIN_PHRASE, -1))[0] >= _WITHIN_PHRASE:
            return scene.named(maker.entity, maker)
        acting = (m for m in scene.within(first, place.start()) if m.kind not in {"place", "capital"})
        acts = [(place.start() - m.start, m.entity) for m in acting]
        if spoke or acts:
            who = min(spoke or acts)[1]
            return Speaker(who, scene.latest(who, phrase.start))
    return NOBODY_KNOWN


def _find_maker(scene: Scene, pattern: re.Pattern[str], end: int) -> Mention | None:
    """Find who is named as the maker of a document that ends here: a statement | issued by the Harbour Board."""
    by = pattern.match(scene.page.text, end)
    made = scene.within(by.end(), by.end() + _LONGEST_NAME) if by else []
    return made[0] if by and made and made[0].start == by.end() else None


def _may_issue(scene: Scene, who: int, document: str) -> bool:
    """Say whether somebody may be whose a document is: no agency beside a statement, no person beside a resolution."""
    e = scene.entities[who]
    paper = e.kind == "media" and document not in _PRINTS
    persons = e.kind in {"person", "group"} and document in _OF_BODIES
    return not (paper or persons) and scene.words.documents.isdisjoint(e.described[-1:])


def _describe(scene: Scene, phrase: Phrase) -> Speaker:
    """Take the description itself, or an earlier one of the same, and the name that follows it as a title."""
    known = may_speak(phrase.words, scene.words) or _has_speaker(scene, phrase)
    if not phrase.depth and (not known or _NO_SOURCE.match(scene.page.text, phrase.start, phrase.end)):
        return NOBODY_KNOWN
    found = find_described(scene, phrase)
    return found if found.entity >= 0 else _introduce(scene, phrase)


def _has_speaker(scene: Scene, phrase: Phrase) -> bool:
    """Say whether somebody who may speak stands in a span whose last word may not: a general two tables away."""
    text, start, end = scene.page.text, phrase.start, phrase.end
    if _SITE.fullmatch(text, start, end) or any(is_role(w, scene.words) for w in phrase.words):
        return True
    number = _NUMBER_OF.match(text, start, end)
    words = [fold(w) for w in text[number.end() if number else start : end].split()] or [""]
    last = next((n for n in range(1, len(words)) if _GOES_ON.fullmatch(words[n])), len(words))
    return words[last - 1] not in scene.words.determiners and may_speak(words[:last], scene.words)


def _introduce(scene: Scene, phrase: Phrase) -> Speaker:
    """Add somebody described, and say whose it is: Ruiz's | daughter."""
    owner = _OWNER.match(scene.page.text, phrase.start, phrase.stop)
    after = _AFTER_OWNER.match(scene.page.text, owner.end()) if owner else None
    whose = read_source(scene, phrase.start, owner.end(), phrase.depth + 1).entity if owner else -1
    return add_described(scene, phrase, whose, after.end() if after else phrase.start)
