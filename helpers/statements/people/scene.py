"""Scene: the people and bodies of an article while it is read, and who of them is meant by a role or a pronoun."""

import re
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import NamedTuple

from helpers.statements.people.actors import STATES, ActorIndex, alias_rows, country_of
from helpers.statements.people.entities import Entity, is_held, is_plural, is_role, plain
from helpers.statements.people.mentions import NAMED, Mention, Page
from helpers.statements.people.names import NameWords

HE, SHE = frozenset({"he", "him", "himself", "his"}), frozenset({"she", "her", "herself", "hers"})
IT, THEY = frozenset({"it", "itself", "its"}), frozenset({"they", "them", "themselves", "their", "each", "both"})
SOME = frozenset({"one", "another", "some", "several", "many", "few", "others", "most", "of", "them"})
I_WE = frozenset({"i", "me", "my", "myself", "we", "us", "our", "ourselves"})
_WHICH = frozenset({"which", "that"})
_SPEAKS = frozenset({"he", "she"})
WHO = frozenset({"who", "which", "that", "whose"})
PRONOUNS = HE | SHE | IT | THEY | I_WE | WHO
_BODIES = frozenset(
    {"media", "armed_group", "party", "organisation", "international_organisation", "ministry", "security_force"}
)
_ANY_BODY = frozenset({"agency", "body"})
_SIDES = frozenset({"side", "sides", "parties", "delegations", "two"})  # that several persons may stand for
HOW_MANY = {"two": 2, "both": 2, "three": 3, "four": 4}
TURNS = 4  # who of those that spoke last may be meant by the word for a kind
_CLAUSE = re.compile(r"[;“”\"\n]|ed\b|(?:\w+ ){10}")
PLACELESS = STATES | {"place"}
FAR = 20_000  # characters: how far back is searched for one phrase, so that long texts take no longer for each
_LATEST = 20  # places of one: an earlier one weighs less
_NEAR = 6  # sentences: whoever stands further away is not meant by a pronoun


class Phrase(NamedTuple):
    """A noun phrase: where it stands, where its first part ends, the words of that part, less articles and the like."""

    start: int
    end: int
    stop: int
    words: list[str]
    bare: list[str]
    inside: list[Mention]
    depth: int  # how many phrases it was found in


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
    present: list[tuple[int, int]] = field(default_factory=list)  # where somebody stands, and who, in order
    described: dict[str, list[int]] = field(default_factory=dict)  # who has no name, by what the words end in
    issued: list[int] = field(default_factory=list)  # where somebody spoke through a document
    told_of: set[int] = field(default_factory=set)  # persons named in what is being said

    def __post_init__(self) -> None:
        """Note who stands where; a counterpart holds the office of who is named before."""
        self.present = sorted((p[0], at) for at, e in enumerate(self.entities) for p in e.places)
        named, self.entities = self.entities, []
        for e in named:
            self.add(e)
        first = {m.entity: m for m in reversed(self.page.mentions) if "counterpart" in m.roles and m.entity >= 0}
        for at, m in first.items():
            before = [self.entities[x.entity] for x in self.within(self.bounds(m.start)[0], m.start)]
            offices = [e.roles for e in before if e.kind in NAMED and e.roles]
            self.entities[at].roles.extend(offices[-1] if offices else [])

    def add(self, e: Entity) -> int:
        """Add somebody whom the article has not named; return the entity."""
        self.entities.append(e)
        at = len(self.entities) - 1
        if e.described:
            self.described.setdefault(e.described[-1], []).append(at)
        return at

    def place(self, at: int, start: int, end: int, *, acts: bool) -> None:
        """Note where an entity stands."""
        insort(self.entities[at].places, (start, end, acts))
        insort(self.present, (start, at))

    def near(self, start: int) -> list[int]:
        """Return who stands before a position and not too far to be meant: the work for one statement is bounded."""
        first = self.page.sentence(start) - _NEAR
        since = self.page.sentences[first - 1] if first > 0 else 0
        window = slice(bisect_left(self.present, (since,)), bisect_left(self.present, (start,)))
        return sorted({at for _, at in self.present[window]})

    @property
    def words(self) -> NameWords:
        """The words of people.toml."""
        return self.page.words

    def text(self, start: int, end: int) -> str:
        """Return the words between two positions."""
        return self.page.text[start:end]

    def bounds(self, position: int) -> tuple[int, int]:
        """Return where the sentence that holds a position starts and ends."""
        edges = [0, *self.page.sentences, len(self.page.text)]
        return edges[self.page.sentence(position)], edges[self.page.sentence(position) + 1]

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the names that lie between two positions: not the titles alone."""
        return [m for m in self.page.within(start, end) if m.entity >= 0]

    def latest(self, at: int, before: int) -> tuple[int, int]:
        """Return the last mention of an entity before a position, its fullest where there is none."""
        e = self.entities[at]
        last = bisect_left(e.places, (before,)) - 1
        return e.places[last][:2] if last >= 0 else (e.fullest.start, e.fullest.end)

    def named(self, at: int, m: Mention) -> Speaker:
        """Return an entity by one of its names; a shorter name shows the fullest."""
        full = self.entities[at].fullest
        return Speaker(at, (full.start, full.end) if len(full.words) > len(m.words) else None)

    def shown(self, at: int) -> Speaker:
        """Return an entity with its fullest mention as what shows it."""
        full = self.entities[at].fullest
        return Speaker(at, (full.start, full.end))

    def salience(self, at: int, start: int, *, speaking: bool = True) -> float:
        """Weigh how present somebody is: near, a subject and, unless not asked for, the last to speak."""
        places = self.entities[at].places
        before = bisect_left(places, (start,))
        if not before:
            return start - places[0][0]
        here = self.page.sentence(start)
        weight = max(
            self.page.sentence(at) - here + 1.2 * acts + (at - start) / 1e5
            for at, _, acts in places[max(0, before - _LATEST) : before]
        )
        if speaking and self.spoken and self.spoken[-1][1] == at:
            weight += 0.7 if "\n" in self.text(self.spoken[-1][0], start) else 1.5
        return weight


def is_pronoun(text: str, among: frozenset[str] = PRONOUNS) -> bool:
    """Say whether a source is a pronoun: us and who, not US and WHO."""
    return text.lower() in among and (len(text) == 1 or not text.isupper())


def is_side(phrase: Phrase, words: NameWords) -> bool:
    """Say whether a phrase may stand for persons named before: the two sides, the ministers, the Iranian side."""
    head = phrase.words[-1]
    several = phrase.words[0] in {"the", "both"} and is_plural(head)
    return head in {"side", "two"} or (several and (head in _SIDES or is_role(head, words)))


def find_sides(scene: Scene, phrase: Phrase) -> Speaker:
    """Find the two sides, the three ministers: the persons named last who may be so called; or that of one country."""
    head = phrase.words[-1]
    country = country_of(alias_rows(scene.index, phrase.bare[0])) if head == "side" else ""
    many = 1 if country else next((HOW_MANY[w] for w in phrase.words if w in HOW_MANY), 2)
    met: list[int] = []
    for m in reversed(scene.within(max(0, phrase.start - FAR), phrase.start)):
        e = scene.entities[m.entity]
        role = any(is_held(head.removesuffix("s"), r, scene.words) for r in e.roles)
        side = head in _SIDES and e.country not in {scene.entities[at].country for at in met} - {""}
        if e.kind == "person" and m.entity not in met and country in {"", e.country} and (role or side):
            met.append(m.entity)
        if len(met) == many:
            break
    else:
        return NOBODY_KNOWN
    group = sorted(met, key=lambda at: scene.entities[at].fullest.start)
    return Speaker(group[0] if country else make_group(scene, tuple(group)), scene.latest(group[0], phrase.start))


def make_group(scene: Scene, parts: tuple[int, ...]) -> int:
    """Return the entity of several together, made where it is new."""
    countries = {scene.entities[p].country for p in parts}
    country = countries.pop() if len(countries) == 1 else ""
    e = Entity("group", fullest=scene.entities[parts[0]].fullest, plural=True, parts=parts, country=country)
    return scene.add(e)


def find_holder(scene: Scene, phrase: Phrase, rest: set[str]) -> Speaker:
    """Find who holds a role: the minister, the French president."""
    bare = plain(phrase.bare, scene.words)
    wanted = [w for w in bare[:-1] if w not in scene.words.ranks] + bare[-1:]
    if is_plural(wanted[-1]):
        return NOBODY_KNOWN
    country = ""
    if scene.text(phrase.stop, phrase.end).startswith((" of ", " in ")):
        country = next((m.country for m in scene.page.within(phrase.start, phrase.end) if m.end > phrase.stop), "")
    countries = {country, *(country_of(alias_rows(scene.index, w)) for w in wanted[:-1])} - {""}
    holders = _holders(scene, wanted, countries, phrase.words[-1])
    if rest and not country:
        holders = [h for h in holders if any(rest & set(r) for r in scene.entities[h].roles)]
    holders.sort(key=lambda h: (not phrase.depth and h in scene.told_of, -scene.salience(h, phrase.start), h))
    if holders and not (rest or any(wanted[-1] in r for h in holders for r in scene.entities[h].roles)):
        # the official: who has been speaking; but the Leader is a title
        turns = [who for _, who in reversed(scene.spoken[-TURNS:]) if who in holders and who not in scene.told_of]
        free = len(wanted) == 1 and scene.text(phrase.start, phrase.stop).split()[-1].islower()
        holders = turns or (_last_holder(scene, phrase, wanted, countries) if free else []) or holders
    if holders and not scene.entities[holders[0]].names:
        # An expert came. Ruiz spoke. | The expert
        since = scene.entities[holders[0]].fullest.start
        last = _last_holder(scene, phrase, wanted, countries)
        holders = [at for at in last if scene.entities[at].names[0].start > since] or holders
    if not holders:
        holders = _guess_holder(scene, phrase, wanted, countries)
        if holders and len(wanted) > 1 and wanted[-1] not in scene.words.kinds_of_role:
            scene.entities[holders[0]].roles.append((*sorted(rest), *wanted))  # the finance minister: then the minister
    return Speaker(holders[0], scene.latest(holders[0], phrase.start)) if holders else NOBODY_KNOWN


def _guess_holder(scene: Scene, phrase: Phrase, wanted: list[str], countries: set[str]) -> list[int]:
    """Find who is meant by a role that the article told of nobody."""
    if wanted == ["author"] and scene.spoken:
        return [scene.spoken[-1][1]]  # of what was just quoted
    last = _last_holder(scene, phrase, wanted, countries)
    if last and wanted[-1] in scene.words.kinds_of_role:
        return last
    told = countries or phrase.words[0] != "the"
    return ([] if told else _unexplained(scene, phrase)) or last


def _last_holder(scene: Scene, phrase: Phrase, wanted: list[str], countries: set[str]) -> list[int]:
    """Return the person who spoke last, whom a word for a kind means: Minister Ruiz agreed. The top diplomat said."""
    *modifiers, head = wanted
    kind = head in scene.words.kinds_of_role
    said = scene.text(phrase.start, phrase.stop)
    definite = phrase.words[0] == "the" and phrase.stop == phrase.end
    gender = scene.words.title_gender.get(phrase.words[-1], "")
    turns = [who for _, who in scene.spoken[-TURNS:]]
    named = [w for w in turns if scene.entities[w].kind in NAMED and scene.entities[w].names and w not in scene.told_of]
    for who in reversed(named):
        e = scene.entities[who]
        if countries and e.country not in {"", *countries}:
            continue
        here = definite and scene.spoken[-1][1] == who and {gender, e.gender} != {"m", "f"}
        mine = head in scene.words.titles and bool(e.country or not countries) and said.split()[-1].islower()
        alone = here and mine and {*named} == {who} and not phrase.depth and not re.search("['’]s ", said)
        free = alone or (kind and definite and not any(head in r for r in e.roles))
        if not (kind or alone) and (not (here and modifiers) or (countries and not e.country)):
            return []  # the finance minister: nobody but who spoke just now
        may = free or is_untold(e, gender, scene.words) or any(is_held(head, r, scene.words) for r in e.roles)
        return [who] if may else []
    return []


def _unexplained(scene: Scene, phrase: Phrase) -> list[int]:
    """Return the person just spoken of whose role the article has not told yet: Ana Ruiz came. The judge said."""
    here = scene.page.sentence(phrase.start)
    gender = next((scene.words.title_gender[w] for w in phrase.words if w in scene.words.title_gender), "")
    present = [(at, scene.entities[at]) for at in scene.near(phrase.start) if scene.entities[at].kind in NAMED]
    near = [
        (p[0], at)
        for at, e in present
        if e.names and at not in scene.told_of and is_untold(e, gender, scene.words)
        for p in e.places
        if p[0] < phrase.start and (here - scene.page.sentence(p[0]) <= 1 or "\n" not in scene.text(p[0], phrase.start))
    ]
    others = [p[0] for _, e in present if e.names for p in e.places if p[0] < phrase.start]
    if near and max(near)[0] == max(others):
        return [max(near)[1]]
    # the adviser, and no more: the one speaker whose role was not told
    told = {
        at
        for at in {who for _, who in scene.spoken}
        if scene.entities[at].kind in NAMED and is_untold(scene.entities[at], gender, scene.words)
    }
    bare = [w for w in phrase.bare if w not in scene.words.ranks]
    return list(told) if len(told) == len(bare) == 1 and phrase.stop == phrase.end and not phrase.depth else []


def is_untold(e: Entity, gender: str, words: NameWords) -> bool:
    """Say whether a person may hold a role: the article has told none, and the role's gender is no other."""
    told = any(words.roles.intersection(r) for r in e.roles)
    return not told and len(e.fullest.words) > 1 and not (gender and e.gender and gender != e.gender)


def _holders(scene: Scene, wanted: list[str], countries: set[str], noun: str) -> list[int]:
    modifiers = [w for w in wanted[:-1] if not alias_rows(scene.index, w)]
    gender = scene.words.title_gender.get(noun, "")
    return [
        at
        for at, e in enumerate(scene.entities)
        if e.roles
        and (e.kind in NAMED or e.kind == "description")
        and e.places
        and not (gender and e.gender and gender != e.gender)
        and any(is_held(wanted[-1], r, scene.words) and all(w in r for w in modifiers) for r in e.roles)
        and (not countries or e.country in countries)
    ]


def find_body(scene: Scene, phrase: Phrase) -> Speaker:
    """Find a body by its kind: the ministry, the company, the agency."""
    bare, start, head = phrase.bare, phrase.start, phrase.bare[-1]
    found, here = [], {*scene.near(start)}
    for at, e in enumerate(scene.entities):
        if e.kind in PLACELESS | {"person", "group"} or not e.places:
            continue
        names = {*e.described, *e.fullest.words, *(w for m in e.names for w in m.words)}
        same = head in names and names.issuperset(bare)
        present = scene.salience(at, start)
        paper = e.kind == "organisation" and at in here and not scene.words.newspapers.isdisjoint(names)
        prints = paper or e.kind == "media"
        kind = head in scene.words.called.get("media" if prints else e.kind, ())
        # the industry publication, just named; the news agency
        near = prints and bare[1:] == [head] and (present > -1 or bare[0] == "news")
        if same or (kind and (len(bare) == 1 or near)):
            found.append((present + (2 if same else 0), -at))
    at = -max(found)[1] if found else _last_body(scene, phrase)
    return Speaker(at, scene.latest(at, start)) if at >= 0 else NOBODY_KNOWN


def _last_body(scene: Scene, phrase: Phrase) -> int:
    """Return the body that spoke last, -1 for none: Amnesty International said so. The human rights group …."""
    *modifiers, head = phrase.bare
    countries = {country_of(alias_rows(scene.index, w)) for w in modifiers} - {""}
    for _, who in reversed(scene.spoken[-TURNS:]):
        e = scene.entities[who]
        if e.names and e.kind in _BODIES and (not countries or e.country in {"", *countries}):
            agency = head in _ANY_BODY and "news" not in modifiers and e.kind != "media"
            return who if agency or head in scene.words.called.get(e.kind, ()) else -1
    return -1


def find_pronoun(scene: Scene, low: str, start: int, *, speaking: bool = True) -> Speaker:
    """Find whom a pronoun stands for; who spoke last is preferred unless `speaking` is false."""
    if low in WHO:
        return _find_relative(scene, low, start)
    if low in IT and scene.spoken and scene.spoken[-1][0] in scene.issued:
        return Speaker(scene.spoken[-1][1], scene.latest(scene.spoken[-1][1], start))
    scored = []
    spoken = [who for _, who in scene.spoken[-TURNS:]] if speaking else []
    for at in {*scene.near(start), *spoken[-1:]}:
        e = scene.entities[at]
        if not _agrees(e, low):
            continue
        last = scene.latest(at, start)
        if last[1] == start - 1:  # of the men around Ana Ruiz | he said: not the same
            continue
        bonus = (
            (0.4 if e.gender else 0.0)
            + (1.0 if low in THEY and e.plural else 0.0)
            - ((1.0 if at in spoken else 2.0) if e.kind == "name" and not e.gender else 0.0)
        )
        if "\n" in scene.text(last[1], start):
            bonus -= 0.8
        if at in scene.told_of and low in _SPEAKS:  # he said | Ruiz came: another
            bonus -= _NEAR
        scored.append((scene.salience(at, start, speaking=speaking) + bonus, -at))
    if not scored:
        return NOBODY_KNOWN
    at = -max(scored)[1]
    if scene.entities[at].kind in NAMED and low in HE | SHE:
        scene.entities[at].gender = "m" if low in HE else "f"  # what the text tells once it tells for good
    return Speaker(at, scene.latest(at, start))


def _find_relative(scene: Scene, low: str, start: int) -> Speaker:
    """Find who stands just before "who": Ana Ruiz, judge at the port, who; before "which": Iran, which said."""
    found = [
        (end, at, begin)
        for at, e in ((at, scene.entities[at]) for at in scene.near(start))
        for begin, end, _ in e.places
        if end <= start < end + (90 if e.kind in {"person", "group", "description"} else 3 * (low in _WHICH))
    ]
    if not found:
        return NOBODY_KNOWN
    end, at, begin = max(found)
    apart = _CLAUSE.search(scene.text(end, start)) or scene.page.sentence(end) != scene.page.sentence(start)
    return NOBODY_KNOWN if apart else Speaker(at, (begin, end))


def _agrees(e: Entity, low: str) -> bool:
    """Say whether a pronoun may stand for an entity by its number and gender."""
    if low in IT:
        acts = e.kind not in PLACELESS or any(p[2] for p in e.places)  # not in Stockholm
        return acts and e.kind not in NAMED | {"group", "place", "demonym"}
    if low in THEY:
        return e.plural or e.kind not in NAMED | PLACELESS | {"media"}
    # of two unknown words only what acts is taken for a person: not the town of Landi Kotal
    acts = len(e.fullest.words) > 1 and (len(e.names) > 2 or any(p[2] for p in e.places))  # noqa: PLR2004
    known = e.kind == "person" or (e.kind == "name" and (acts or bool(e.gender or e.roles)))
    return known and e.gender in {"", "m" if low in HE else "f"}
