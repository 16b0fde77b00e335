"""Antecedents: whom a noun phrase or a pronoun stands for at its place in an article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from helpers.actors import STATES, ActorIndex, country_of, fold
from helpers.entities import Entity, initials, is_role, plain
from helpers.mentions import NAMED, Mention, Page
from helpers.names import (
    BODIES,
    DETERMINERS,
    DOCUMENTS,
    FIRM_NOUNS,
    GROUP_NOUNS,
    MEDIA_NOUNS,
    NOBODY,
    ROLES,
    TITLE_GENDER,
)

HE, SHE = frozenset({"he", "him", "himself", "his"}), frozenset({"she", "her", "herself", "hers"})
IT, THEY = frozenset({"it", "itself", "its"}), frozenset({"they", "them", "themselves", "their", "each", "both"})
I_WE = frozenset({"i", "me", "my", "myself", "we", "us", "our", "ourselves"})
WHO = frozenset({"who", "which", "that", "whose"})
PRONOUNS = HE | SHE | IT | THEY | I_WE | WHO
_PHRASE_END = re.compile(
    r",|;| –|—| (?:of|from|at|in|for|who|which|on|with|by|to|that|after|near|inside|outside|over|about|under|against"
    r"|based|during)\b"
)
_RELATIVE = re.compile(r",| who\b| which\b| that\b")
_OWNER = re.compile(r"(his|her|their|its)\b|.{1,60}?(?=['’]s? )", re.IGNORECASE)
_AFTER_OWNER = re.compile(r"['’]?s?\s*")
_POSSESSIVE = re.compile(r"['’]s? ")
_BY = re.compile(r"\b(?:by|from|of) ")
_BESIDE = re.compile(r"[,–—] ?(?:[\w.’'-]+ ){0,6}$")
_JUST_BESIDE = re.compile(r"[,–—] ?(?:the )?$")
_GOVERNED = re.compile(r"\b(?:of|for|by|with|to|from|about|against)(?: [\w.’'-]+){0,3} $")
_ABOUT = re.compile(r"\b(?:for|to|on|against|in|at)\b")
_LEAD = re.compile(r"(?:(?:the|a|an|this|that|these|those|some|another) )+", re.IGNORECASE)
_AND = re.compile(r",? and ")
_PRINTED = frozenset({"official", "press", "situation", "written", "joint", "latest", "news", "new", "brief"})
_RANKS = frozenset({"top", "senior", "two", "same", "new", "outgoing", "incoming"})
_PLACELESS = STATES | {"place"}
_DEEP = 3  # a statement by the office of the minister's spokesman: how far to follow
_FAR = -6.0  # below this nobody is near enough to be meant
_FILLERS = frozenset({"", "of", "the", "for", "in", "at", "from", "and"})


class Phrase(NamedTuple):
    """A noun phrase: where it stands, where its first part ends, and the words of that part."""

    start: int
    end: int
    stop: int
    words: list[str]
    inside: list[Mention]
    depth: int  # how many phrases it was found in

    @property
    def bare(self) -> list[str]:
        """The words less articles and the like."""
        return [w for w in self.words if w not in DETERMINERS]


class Speaker(NamedTuple):
    """An entity of the article and the words that showed it."""

    entity: int = -1
    antecedent: tuple[int, int] | None = None


NOBODY_KNOWN = Speaker()


@dataclass(slots=True)
class Scene:
    """An article while its statements are read in order."""

    doc_id: str
    page: Page
    entities: list[Entity]
    index: ActorIndex
    spoken: list[tuple[int, int]] = field(default_factory=list)  # where somebody spoke, and who

    def text(self, start: int, end: int) -> str:
        """Return the words between two positions."""
        return self.page.text[start:end]

    def latest(self, at: int, before: int) -> tuple[int, int]:
        """Return the last mention of an entity before a position, its fullest where there is none."""
        places = [p for p in self.entities[at].places if p[0] < before]
        m = self.entities[at].fullest
        return places[-1][:2] if places else (m.start, m.end)

    def named(self, at: int, m: Mention) -> Speaker:
        """Return an entity by one of its names; a shorter name shows the fullest."""
        full = self.entities[at].fullest
        return Speaker(at, (full.start, full.end) if len(full.words) > len(m.words) else None)

    def salience(self, at: int, start: int) -> float:
        """Weigh how present somebody is: near, a subject, the last to speak."""
        places = [p for p in self.entities[at].places if p[0] < start]
        if not places:
            return -12.0 - (self.entities[at].places[0][0] - start) / 1000
        here = self.page.sentence(start)
        best = max(
            -1.0 * min(here - self.page.sentence(p[0]), 9) + (1.2 if p[2] else 0.0) + p[0] / 1e5 for p in places[-3:]
        )
        if self.spoken and self.spoken[-1][1] == at and start - self.spoken[-1][0] < 900:  # noqa: PLR2004 - a paragraph or two
            best += 1.5
        return best


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
    low = scene.text(start, end).lower().strip(" ,\"“”'")
    if low in PRONOUNS:
        return _read_pronoun(scene, low, start)
    inside = scene.page.within(start, end)
    named = [m for m in inside if m.entity >= 0]
    pair = _read_pair(scene, start, end, named) if depth == 0 else NOBODY_KNOWN
    if pair.entity >= 0:
        return pair
    stop = _phrase_end(scene, start, end, inside)
    first = [m for m in named if m.start < stop]
    if first and not re.search(r"\w", scene.text(first[-1].end, stop)):
        return scene.named(first[-1].entity, first[-1])
    for m in named:
        if _is_apposed(scene, m, start, end, inside):
            return scene.named(m.entity, m)
    words = [w for w in (fold(w) for w in scene.text(start, stop).split()) if w]
    return _read_description(scene, Phrase(start, end, stop, words, inside, depth)) if words else NOBODY_KNOWN


def _is_apposed(scene: Scene, m: Mention, start: int, end: int, inside: list[Mention]) -> bool:
    """Say whether a name stands beside the phrase it names: the mayor of Paris, Ana Ruiz; one news site, Znak."""
    kind = scene.entities[m.entity].kind
    lead = scene.text(start, m.start)
    ends = not scene.text(m.end, end).strip(" ,—–()" + initials(scene.page.text, m))
    if kind in _PLACELESS or (kind != "person" and not ends):
        return False
    if any(x.kind == "role" and x.roles == m.roles for x in inside):  # Ambassador to Chile | Ana Ruiz
        return True
    if _GOVERNED.search(lead.rsplit(",", 1)[-1]):
        return False
    return bool((_BESIDE if kind == "person" else _JUST_BESIDE).search(lead)) or (ends and kind == "person")


def _phrase_end(scene: Scene, start: int, end: int, inside: list[Mention]) -> int:
    """Return where the first part of a noun phrase ends: before a comma, a preposition, a relative pronoun."""
    for m in _PHRASE_END.finditer(scene.page.text, start, end):
        if m.start() > start and not any(x.start <= m.start() < x.end for x in inside):
            return m.start()
    return end


def _read_pair(scene: Scene, start: int, end: int, named: list[Mention]) -> Speaker:
    """Two names joined by "and" are one plural speaker."""
    for joint in _AND.finditer(scene.page.text, start, end):
        if any(m.start <= joint.start() < m.end for m in named) or "," in scene.text(start, joint.start()):
            continue
        left, right = [m for m in named if m.end <= joint.start()], [m for m in named if m.start >= joint.end()]
        if not left or not right or right[0].start - joint.end() > 50:  # noqa: PLR2004 - a title, not a clause
            continue
        if scene.text(left[-1].end, joint.start()).strip(" '’s") or scene.text(right[-1].end, end).strip(" '’s"):
            continue
        if left[-1].entity == right[-1].entity or _PHRASE_END.search(scene.page.text, left[0].end, left[-1].start):
            continue
        return Speaker(_group(scene, (left[-1].entity, right[-1].entity)))
    return NOBODY_KNOWN


def _group(scene: Scene, parts: tuple[int, ...]) -> int:
    for at, e in enumerate(scene.entities):
        if e.parts == parts:
            return at
    countries = {scene.entities[p].country for p in parts}
    country = countries.pop() if len(countries) == 1 else ""
    e = Entity("group", fullest=scene.entities[parts[0]].fullest, plural=True, parts=parts, country=country)
    scene.entities.append(e)
    return len(scene.entities) - 1


def _read_description(scene: Scene, phrase: Phrase) -> Speaker:
    """Resolve a phrase without a name at its head: a role, a body, a document, or somebody only described."""
    head, bare = phrase.words[-1], phrase.bare
    rest = {fold(w) for w in scene.text(phrase.stop, phrase.end).split()} - _FILLERS
    mine = phrase.words[0] in {"his", "her", "its", "their"}
    if not rest and not mine and (not bare or set(bare) <= NOBODY | {"early", "initial", "unconfirmed", "several"}):
        return NOBODY_KNOWN
    found = NOBODY_KNOWN
    if head in DOCUMENTS and phrase.depth < _DEEP:
        found = _read_issuer(scene, phrase)
        if found.entity < 0 and len(phrase.words) < 3 and not rest:  # noqa: PLR2004 - "the report" of nobody known
            return NOBODY_KNOWN
    elif bare and is_role(head):
        found = _find_holder(scene, phrase, rest)
    elif bare and head in BODIES and not rest:
        small = scene.text(phrase.start, phrase.start + 1).islower()
        if small or phrase.words[0] in DETERMINERS or len(phrase.words) == 1:
            found = _find_body(scene, bare, phrase.start)
    return found if found.entity >= 0 else _describe(scene, phrase)


def _read_issuer(scene: Scene, phrase: Phrase) -> Speaker:
    """Find who issued a statement, a report, a website: it speaks for them."""
    text, start, stop = scene.page.text, phrase.start, phrase.stop
    by, owner = _BY.search(text, stop, phrase.end), _POSSESSIVE.search(text, start, stop)
    named = [m for m in phrase.inside if m.entity >= 0 and m.end <= stop and m.kind != "place"]
    maker = [w for w in phrase.words[:-1] if w not in DETERMINERS | _PRINTED]
    if by and by.end() < phrase.end:
        found = read_source(scene, by.end(), phrase.end, phrase.depth + 1)
    elif owner:
        found = read_source(scene, start, owner.start(), phrase.depth + 1)
    elif phrase.words[0] in {"its", "his", "her", "their"}:
        found = _read_pronoun(scene, phrase.words[0], start)
    elif named:
        found = scene.named(named[-1].entity, named[-1])
    elif maker and (maker[-1] in BODIES or is_role(maker[-1])):
        found = read_source(scene, start, text.rindex(" ", start, stop), phrase.depth + 1)
    elif phrase.words[0] in {"the", "this", "that"} and scene.spoken and not maker:
        at = scene.spoken[-1][1]
        found = Speaker(at, scene.latest(at, start))
    else:
        found = NOBODY_KNOWN
    return found


def _describe(scene: Scene, phrase: Phrase) -> Speaker:
    """Take the description itself, or an earlier one of the same."""
    text = scene.page.text
    lead = _LEAD.match(text, phrase.start, phrase.end)
    first = lead.end() if lead and lead.end() < phrase.end else phrase.start
    relative = _RELATIVE.search(text, first, phrase.end)
    last = relative.start() if relative else phrase.end
    bare = tuple(phrase.bare or phrase.words)
    if phrase.stop >= last:
        for at, e in enumerate(scene.entities):
            if e.described and e.described[-1] == bare[-1] and set(bare) <= {*e.described, *e.fullest.words}:
                return Speaker(at, (e.fullest.start, e.fullest.end))
    whole = tuple(w for w in (fold(w) for w in text[first:last].split()) if w)
    e = Entity("description", fullest=Mention(first, last, whole, "description"), described=bare)
    e.country = _country_of_phrase(scene, phrase, last)
    _classify(scene, e, bare)
    owner = _OWNER.match(text, phrase.start, phrase.end)
    if owner and phrase.depth < _DEEP:
        whose = read_source(scene, phrase.start, owner.end(), phrase.depth + 1)
        after = _AFTER_OWNER.match(text, owner.end())
        if whose.entity >= 0 and after:
            e.owner, e.fullest.start = whose.entity, after.end()
    scene.entities.append(e)
    return Speaker(len(scene.entities) - 1)


def _country_of_phrase(scene: Scene, phrase: Phrase, last: int) -> str:
    """Return the country of a description: Afghan officials, the government of Mali; not experts on Mali."""
    for m in scene.page.within(phrase.start, last):
        before = scene.text(phrase.start, m.start)
        if m.kind in STATES and m.country:
            near = m.start < phrase.stop or before.endswith((" of ", " of the "))
            return m.country if near and not _ABOUT.search(before) else ""
    return ""


def _classify(scene: Scene, e: Entity, bare: tuple[str, ...]) -> None:
    """Say what kind of speaker a description is."""
    head = bare[-1]
    e.plural = head.endswith("s") or head in {"police", "people"}
    if e.plural:
        e.kind = "group"
    elif is_role(head):
        e.kind = "person"
        e.roles = [tuple(plain(bare))]
    elif head in BODIES:
        e.kind = "organisation"
        if head in {"government", "administration"} and e.country in scene.index.names and len(bare) <= 3:  # noqa: PLR2004
            e.actors = tuple(a for a in scene.index.aliases[scene.index.names[e.country]] if a.kind == "state")
    for w in bare:
        e.gender = e.gender or TITLE_GENDER.get(w, "")


def _find_holder(scene: Scene, phrase: Phrase, rest: set[str]) -> Speaker:
    """Find who holds a role: the minister, the French president, the two ministers."""
    wanted = [w for w in plain(phrase.bare) if w not in _RANKS]
    if not wanted:
        return NOBODY_KNOWN
    country = ""
    if scene.text(phrase.stop, phrase.end).startswith((" of ", " in ")):
        after = [m.country for m in phrase.inside if m.start >= phrase.stop and m.kind in _PLACELESS and m.country]
        country = after[0] if after else ""
    singular = wanted[-1].removesuffix("s")
    several = singular != wanted[-1] and singular in ROLES
    holders = _holders(scene, [*wanted[:-1], singular] if several else wanted, country)
    if rest and not country:
        holders = [h for h in holders if any(rest & set(r) for r in scene.entities[h].roles)]
    holders.sort(key=lambda h: (-scene.salience(h, phrase.start), h))
    if several and (len(holders) < 2 or not {"two", "both"} & set(phrase.words)):  # noqa: PLR2004
        return NOBODY_KNOWN
    if several:
        pair = sorted(holders[:2], key=lambda h: scene.entities[h].fullest.start)
        return Speaker(_group(scene, tuple(pair)), scene.latest(pair[0], phrase.start))
    return Speaker(holders[0], scene.latest(holders[0], phrase.start)) if holders else NOBODY_KNOWN


def _holders(scene: Scene, wanted: list[str], country: str) -> list[int]:
    aliases = scene.index.aliases
    countries = {country_of(aliases[(w,)]) for w in wanted[:-1] if (w,) in aliases} | {country}
    countries.discard("")
    modifiers = [w for w in wanted[:-1] if (w,) not in aliases]
    return [
        at
        for at, e in enumerate(scene.entities)
        if e.kind in NAMED | {"description"}
        and not e.plural
        and e.places
        and any(wanted[-1] in r and all(w in r for w in modifiers) for r in e.roles)
        and (not countries or e.country in countries)
    ]


def _find_body(scene: Scene, bare: list[str], start: int) -> Speaker:
    """Find a body by its kind: the ministry, the company, the agency."""
    head, found = bare[-1], []
    for at, e in enumerate(scene.entities):
        if e.kind in _PLACELESS | {"person", "group"} or e.parts or not e.places:
            continue
        names = {w for m in e.names for w in m.words} | set(e.described)
        same = head in names and all(w in names or w in {"national", "local"} for w in bare[:-1])
        kind = (e.kind == "media" and head in MEDIA_NOUNS) or (
            e.kind in {"armed_group", "party"} and head in GROUP_NOUNS
        )
        kind = kind or (head in FIRM_NOUNS and e.kind in {"organisation", "international_organisation"})
        if same or (kind and len(bare) == 1):
            found.append((scene.salience(at, start) + (2 if same else 0), -at))
    if not found:
        return NOBODY_KNOWN
    at = -max(found)[1]
    return Speaker(at, scene.latest(at, start))


def _read_pronoun(scene: Scene, low: str, start: int) -> Speaker:
    if low in WHO:
        before = [m for m in scene.page.mentions if m.end <= start and m.entity >= 0]
        near = bool(before) and start - before[-1].end < 60  # noqa: PLR2004 - a relative clause stands at its noun
        return scene.named(before[-1].entity, before[-1]) if near else NOBODY_KNOWN
    scored = []
    for at, e in enumerate(scene.entities):
        if not any(p[0] < start for p in e.places) or not _agrees(e, low):
            continue
        bonus = (
            (0.4 if e.gender else 0.0) + (1.0 if low in THEY and e.plural else 0.0) - (1.0 if e.kind == "name" else 0.0)
        )
        scored.append((scene.salience(at, start) + bonus, -at))
    if not scored or max(scored)[0] < _FAR:
        return NOBODY_KNOWN
    at = -max(scored)[1]
    return Speaker(at, scene.latest(at, start))


def _agrees(e: Entity, low: str) -> bool:
    """Say whether a pronoun may stand for an entity by its number and gender."""
    if low in IT:
        return e.kind not in NAMED | {"group", "place", "demonym"} and not e.plural
    if low in THEY:
        return e.plural or e.kind not in NAMED | _PLACELESS
    known = e.kind == "person" or (e.kind == "name" and (len(e.fullest.words) > 1 or bool(e.roles)))
    return known and not e.plural and e.gender in {"", "m" if low in HE else "f"}
