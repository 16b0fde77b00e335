"""Descriptions: whoever an article does not name, one or several, by the words that tell who it is."""

import re
from collections.abc import Sequence

from helpers.statements.people.actors import BODIES_OF_STATE, STATES, fold
from helpers.statements.people.entities import Entity, is_plural, is_role, plain
from helpers.statements.people.mentions import Mention, Page
from helpers.statements.people.names import NameWords
from helpers.statements.people.scene import NOBODY_KNOWN, Phrase, Scene, Speaker

_RELATIVE = re.compile(r",(?!\d)| (?:who|whose|which|that|say|says|said|has|have|had|is|are|was|were)\b")
_PERSONS = tuple("er or ist ian ant ee man men ite ani".split())  # noqa: SIM905
_LEAD = re.compile(
    r"(?:(?:[qa]\.|the|a|an|this|that|these|those|some|another|same|our|his|her|its|their|my) )+", re.IGNORECASE
)
# farmers | taking to the streets, a group | led by Noor; not: a group calling itself the Harbour Front
PARTICIPLE = re.compile(r" (?!call|nam)(?:[a-z]+(?:ed|ing)|led|held|seen|sent|shown|made|given|written)\b")
_HANGING = re.compile(r"(?:of|on|in|at|from|with|near|who|whose)\b")  # those | on the other side
_TEAM = re.compile(
    r"\b(?:(?:an?|the) )?((?:(?:international|research|joint) )*(?:researchers|scientists|team|authors)"
    r"(?: (?!the )[a-z]+){0,3}?) (?:from|at|of|by|in) (?:the )?(?=[A-Z])"
)
_UNNAMED = re.compile(r"\b([Aa]n?|One|That) ((?:[\w’'-]+ ){0,3}[\w’'-]+)")
_SEVERAL = re.compile(
    r"\b(?=[A-Z]|(?:the|some|many|two) |[a-z]+(?:s|men)\b)"  # most words are passed over at once
    r"(?:[Tt]he |[Ss]ome |[Mm]any |[Tt]wo )?(?:(?P<kind>[A-Z][\w-]+|(?:[A-Z]\.)+(?: [a-z]+)?(?= [a-z])) )?"
    r"(?P<head>[A-Z]?[a-z]+(?:s|men))\b"
    r"(?P<where> (?:of|in|at|from) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)?"
)
_NAME_NEXT = re.compile(r" ?(?:(?:named|called) )?[^\W\d_a-zß-öø-ÿ]")
NEW = frozenset({"a", "an", "another", "one"})  # somebody not met before


def may_speak(said: Sequence[str], words: NameWords) -> bool:
    """Say whether a description is of persons, a body or a document, by its last word: officials, not a blast."""
    head = said[-2] if len(said) > 1 and said[-1].isdigit() else said[-1]
    head = head.rsplit("-", 1)[-1]
    one = head[:-3] + "y" if head.endswith("ies") else head.removesuffix("es" if head.endswith("sses") else "s")
    if {head, one} & words.speaking or is_role(head, words) or is_role(one, words):
        return True
    return one.endswith(_PERSONS) and not {head, one} & words.things


def find_described(scene: Scene, phrase: Phrase) -> Speaker:
    """Find somebody whom the article has described in these words before, or whom it met here when it was read."""
    first, last = _extent(scene, phrase)
    bare = tuple(phrase.bare or phrase.words)
    for at in (at for w in bare for at in scene.described.get(w, ())):
        e = scene.entities[at]
        owns = scene.text(e.fullest.end, e.fullest.end + 2) in {"'s", "’s"}  # the province's | head of police
        if e.fullest.start == first and not owns:
            e.fullest = _mention(scene, first, last) if last > e.fullest.end else e.fullest
            e.country = e.country or _country_of_phrase(scene, phrase, last)
            return Speaker(at)
    if phrase.stop < last or phrase.words[0] in NEW:
        return NOBODY_KNOWN
    alike = [
        (scene.latest(at, phrase.start)[0] if scene.entities[at].places else -1, -at)
        for at in scene.described.get(bare[-1], ())
        if set(bare) <= {*scene.entities[at].described, *scene.entities[at].fullest.words}
    ]
    return scene.shown(-max(alike)[1]) if alike else NOBODY_KNOWN


def add_described(scene: Scene, phrase: Phrase, owner: int, begin: int) -> Speaker:
    """Add somebody described; `owner` is whose daughter or office it is (-1: nobody's), `begin` what follows it."""
    first, last = _extent(scene, phrase)
    bare = tuple(phrase.bare or phrase.words)
    if bare[-1] in scene.words.scholars and phrase.stop >= last:
        first, last = find_team(scene) or (first, last)
    e = Entity("description", fullest=_mention(scene, first, last), described=bare)
    e.country = _country_of_phrase(scene, phrase, last)
    _classify(scene, e, bare)
    if owner >= 0 and begin < last:
        e.owner, e.fullest.start = owner, begin
    return Speaker(scene.add(e))


def _extent(scene: Scene, phrase: Phrase) -> tuple[int, int]:
    """Return where a description starts, past its articles, and ends, before a clause."""
    text = scene.page.text
    lead = _LEAD.match(text, phrase.start, phrase.end)
    first = lead.end() if lead and not _HANGING.match(text, lead.end()) else phrase.start
    relative = _RELATIVE.search(text, first, phrase.end)
    last = relative.start() if relative and relative.start() > first else phrase.end
    return first, phrase.stop if first < phrase.stop < last and PARTICIPLE.match(text, phrase.stop) else last


def _mention(scene: Scene, first: int, last: int) -> Mention:
    words = (fold(w) for w in scene.text(first, last).split())
    return Mention(first, last, tuple(w for w in words if w), "description")


def find_team(scene: Scene) -> tuple[int, int] | None:
    """Find where an article names the place of its scholars: researchers from the University of Graz."""
    for team in _TEAM.finditer(scene.page.text):
        after = [m for m in scene.page.mentions if m.start == team.end()]
        if after:
            return team.start(1), after[0].end
    return None


def _country_of_phrase(scene: Scene, phrase: Phrase, last: int) -> str:
    """Return the country of a description: Afghan officials, the government of Mali; not experts on Mali."""
    for m in scene.page.within(phrase.start, last):
        before = scene.text(phrase.start, m.start)
        if m.kind in STATES | BODIES_OF_STATE and m.country:
            return m.country if m.start < phrase.stop or before.endswith((" of ", " of the ")) else ""
    return ""


def _classify(scene: Scene, e: Entity, bare: tuple[str, ...]) -> None:
    """Say what kind of speaker a description is."""
    head = bare[-1]
    many = is_plural(head) and head not in scene.words.bodies
    e.plural = many or head in {"police", "people"}
    if head in {"one", "another"}:  # another of the women
        e.kind = "person"
    elif e.plural:
        e.kind = "group"
    elif is_role(head, scene.words) or any(is_role(w, scene.words) and not is_plural(w) for w in bare):
        e.kind = "person"
        e.roles = [tuple(plain(bare, scene.words))]
    elif head in scene.words.bodies:
        e.kind = "organisation"
        if head in {"government", "administration"} and e.country in scene.index.names:
            e.actors = tuple(a for a in scene.index.aliases[scene.index.names[e.country]] if a.kind == "state")
    # the Iranian foreign ministry, the U.S. military
    kinds = scene.index.aliases.get(bare[1:], ()) if e.country else ()
    if kinds and kinds[0].kind in BODIES_OF_STATE:
        e.actors, e.kind, e.plural = kinds[:1], kinds[0].kind, head.endswith("s")
    for w in bare:
        e.gender = e.gender or scene.words.title_gender.get(w, "")


def find_unnamed(page: Page) -> list[Entity]:
    """Find who comes in without a name: an inspector of the harbour watched. He is not whoever was named before."""
    found = []
    for m in _UNNAMED.finditer(page.text):
        words = [fold(w) for w in m[2].split()]
        role = next((i for i, w in enumerate(words) if is_role(w, page.words) and not is_plural(w)), -1)
        body = next((i for i, w in enumerate(words) if w in page.words.bodies), -1) if role < 0 else -1
        role = max(role, body)
        before = page.text[max(0, m.start() - 20) : m.start()]
        last = before.split()[-1:] or [""]
        told = last[0].endswith(",") and last[0] != "One,"  # what somebody named is
        governed = body < 0 and fold(last[0]) in page.words.prepositions
        parted = not page.words.stoppers.isdisjoint(words[:role])  # an operation | the army
        if role < 0 or page.is_quoted(m.start()) or told or governed or parted:
            continue
        end = m.start(2) + len(" ".join(m[2].split(" ")[: role + 1]))
        if _NAME_NEXT.match(page.text, end):  # a lawyer | Ana Ruiz, a shopkeeper named | Ruiz
            continue
        bare = tuple(words[: role + 1])
        whole = Mention(m.start(2), end, bare, "description")
        opens = not last[0][-1:].islower() or last[0][:1].isupper()
        e = Entity(
            "person" if body < 0 else "organisation",
            fullest=whole,
            described=bare,
            roles=[tuple(plain(bare, page.words))],
            places=[(m.start(2), end, opens)],
        )
        for w in bare:
            e.gender = e.gender or page.words.title_gender.get(w, "")
        found.append(e)
    return found


def find_several(page: Page) -> list[Entity]:
    """Find who comes in as several: the boatmen; Pentagon officials. They are who "they" and "one" may stand for."""
    found: dict[tuple[str, ...], Entity] = {}
    small = page.words.prepositions | page.words.stoppers
    for m in _SEVERAL.finditer(page.text):
        head = fold(m["head"])
        if (
            not (head.endswith("men") or head[:-1] in page.words.roles)
            or head in page.words.scholars
            or page.is_quoted(m.start())
        ):
            continue
        kind = m["kind"] if m["kind"] and fold(m["kind"]) not in small else ""
        start = m.start("kind") if kind else m.start("head")
        words = tuple(fold(w) for w in page.text[start : m.end("head")].split())
        before = page.text[max(0, m.start() - 20) : m.start()].split()[-1:]
        opens = not before or before[0][-1] in ".!?”"
        stop = m.end() if opens else m.end("head")  # Smugglers in Khost, who …; but: told members | in Moscow
        alike = [known for known in found if known[-1:] == words]
        words = alike[0] if len(alike) == 1 else words
        e = found.setdefault(
            words, Entity("group", fullest=Mention(start, stop, words, "description"), described=words, plural=True)
        )
        e.country = e.country or next((x.country for x in page.within(start, m.end("head")) if x.country), "")
        e.places.append((start, stop, not (before and fold(before[0]) in page.words.prepositions)))
    return list(found.values())
