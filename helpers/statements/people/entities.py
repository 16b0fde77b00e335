"""Entities: which names of an article are names of one and the same."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rapidfuzz.distance.Levenshtein import distance

from helpers.statements.people.actors import STATES, Alias, country_of, fold, sound
from helpers.statements.people.mentions import NAMED, Mention, Page, initials
from helpers.statements.people.names import NameWords

_BRACKETS = re.compile(r"[ ,]{0,2}\(([A-Z][\w&.-]{1,14})\)")
_LONG_NAME = 5  # letters a name needs before one of them may differ


@dataclass(slots=True)
class Entity:
    """Somebody or something in one article."""

    kind: str
    names: list[Mention] = field(default_factory=list)
    fullest: Mention = field(default_factory=lambda: Mention(0, 0, (), ""))
    gender: str = ""
    plural: bool = False
    roles: list[tuple[str, ...]] = field(default_factory=list)
    country: str = ""
    actors: tuple[Alias, ...] = ()
    places: list[tuple[int, int, bool]] = field(default_factory=list)  # where it stands, and whether as a subject
    parts: tuple[int, ...] = ()  # the two ministers
    described: tuple[str, ...] = ()  # the words of somebody without a name
    owner: int = -1  # whose daughter or office it is


def plain(role: Iterable[str], words: NameWords) -> list[str]:
    """Give the words for one role one form: FM is foreign minister, a spokeswoman a spokesperson."""
    return [part for w in role for part in words.same_role.get(w, w).split()]


def is_plural(word: str) -> bool:
    """Say whether a noun ends as several do: officers, not a witness."""
    return word.endswith("s") and not word.endswith("ss")


def is_role(word: str, words: NameWords) -> bool:
    """Say whether a noun names somebody by what he or she does."""
    last = word.rsplit("-", 1)[-1].removesuffix("s")  # a sub-inspector, a fire-fighter
    return last in words.roles or word in words.roles or last.endswith(words.trades)


def is_held(head: str, role: Iterable[str], words: NameWords) -> bool:
    """Say whether a role told of somebody is what a word names, or of its kind: a foreign minister is a diplomat."""
    return head in role or any(kind.issubset(role) for kind in words.kinds_of_role.get(head, ()))


def link_entities(page: Page, day: str) -> list[Entity]:
    """Put the names of one article together: full names first, then surnames, acronyms and short forms."""
    entities: list[Entity] = []
    by_word: dict[str, dict[int, None]] = {}  # under each word, in order
    counts = Counter(m.country for m in page.mentions if m.country and m.kind in STATES | {"place"})
    for m in sorted(page.mentions, key=lambda m: (-len(m.words), m.start)):
        if m.kind == "role":
            continue
        _choose_actor(m, day, counts)
        at = _find(entities, by_word, m)
        if at is None:
            at = len(entities)
            entities.append(Entity(m.kind))
        m.entity = at
        _add_name(entities[at], m, page.words)
        for key in {*m.words, *_clues(m)}:
            by_word.setdefault(key, {})[at] = None
    for e in entities:
        e.names.sort(key=lambda m: m.start)
        e.places.sort()
        uses = Counter(m.words for m in e.names if m.kind not in NAMED)
        shown = [replace(m, start=m.shown) if m.shown >= 0 and m.kind == "person" else m for m in e.names]
        e.fullest = max(shown, key=lambda m: _rank(m, uses[m.words]))
    _link_acronyms(page.text, entities, by_word)
    return entities


def _choose_actor(m: Mention, day: str, counts: Counter[str]) -> None:
    """Choose among the actors of one alias by date, then by the countries the article names; else leave it open."""
    rows = tuple(
        a
        for a in m.actors
        if not (a.start or a.end) or (day and (not a.start or a.start <= day) and (not a.end or day < a.end))
    )
    if len({a.actor_id for a in rows}) > 1:
        ranked = sorted({a.country for a in rows}, key=lambda c: (-counts[c], c))
        clear = counts[ranked[0]] > max((counts[c] for c in ranked[1:]), default=0)
        rows = tuple(a for a in rows if a.country == ranked[0]) if clear else ()
    if rows != m.actors:
        m.actors = rows
        m.country = country_of(rows)
        if not rows and m.kind in STATES | {"place"}:
            m.kind = "name"


def _clues(m: Mention) -> list[str]:
    """Return under what else than its words a name is looked for: its actor, the first letter of its last word."""
    return [f"={a.actor_id}" for a in m.actors[:1]] + [f"{m.words[-1][0]}…"]


def _find(entities: list[Entity], by_word: dict[str, dict[int, None]], m: Mention) -> int | None:
    """Find the entity that a name is of: by its words, its actor, or a surname that differs in one letter."""
    *actor, letter = _clues(m)
    for some in (m.words, actor if m.kind != "place" else ()):
        same = [at for at in sorted({at for key in some for at in by_word.get(key, ())}) if _is_same(entities[at], m)]
        if same:
            return same[0] if len(same) == 1 else max(same, key=lambda at: _nearness(entities[at], m))
    if m.kind not in NAMED or len(m.words) > 2:  # noqa: PLR2004 - a name or a surname
        return None
    persons = [at for at in by_word.get(letter, ()) if entities[at].kind == "person"]
    close = [at for at in persons if _is_spelling(m.words, entities[at].fullest.words)]
    return close[0] if len(close) == 1 else None


def _nearness(e: Entity, m: Mention) -> tuple[bool, bool, int, int]:
    """Order the entities that a name may be of: by their surname, whether they are named before, how often, where."""
    earlier, near = e.names[0].start < m.start, -abs(e.names[-1].start - m.start)
    return m.words[-1] == e.fullest.words[-1], earlier, len(e.names), near


def _is_same(e: Entity, m: Mention) -> bool:
    """Say whether a name is a shorter form of an entity's."""
    full = e.fullest.words
    if any((e.kind == kind) != (m.kind == kind) for kind in ("place", "capital")):
        return False
    if e.actors and m.actors and m.kind != "place":
        return e.actors[0].actor_id == m.actors[0].actor_id and m.country in {"", e.country}
    if e.kind in NAMED and m.kind in NAMED:
        rest, short = iter(full), [w for w in m.words if len(w) > 1]
        return bool(short) and all(w in rest for w in short)
    if m.kind == "place":
        return full == m.words
    if m.kind == "name":
        return full[: len(m.words)] == m.words
    bodies = m.kind == "organisation" and e.kind in {"organisation", "media"}  # the Harbour Post, the Post
    return bodies and m.words in {full[-len(m.words) :], full[: len(m.words)]}


def _is_spelling(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Say whether a surname is another by one letter, or sounds like it: Saree, Sarea; Bagheri, Baqeri."""
    if not all(w[0] == f[0] for w, f in zip(short[:-1], full, strict=False)):
        return False
    a, b = short[-1], full[-1]
    return min(len(a), len(b)) >= _LONG_NAME and (sound(a) == sound(b) or distance(a, b) <= 1)


def _add_name(e: Entity, m: Mention, words: NameWords) -> None:
    e.names.append(m)
    if not m.quoted:
        e.places.append((m.start, m.end, m.subject))
    if m.roles:
        e.roles.append(tuple(plain(m.roles, words)))
    if m.actors and not e.actors:
        e.actors, e.kind, e.country = m.actors, m.kind, m.country
    elif e.kind == "demonym" or (e.kind == "name" and m.shown >= 0):  # Pakistani, | Pakistan; Ruiz, | Mayor Ruiz
        e.kind = m.kind
    e.country = e.country or m.country
    for w in m.roles:
        e.gender = e.gender or words.title_gender.get(w, "")
    if e.kind in NAMED and not e.gender:
        e.gender = "m" if m.words[0] in words.male else "f" if m.words[0] in words.female else ""
    if not e.fullest.words or _rank(m, 1) > _rank(e.fullest, 1):
        e.fullest = m


def _rank(m: Mention, uses: int) -> tuple[int, int, int, bool, int, int]:
    """Of a State its usual name, last its adjective; else the longest name, the usual, of the text, the first."""
    order = {"state": 1, "demonym": -1, "people": -1}.get(m.kind, 0)
    return order, 0 if order > 0 else len(m.words), uses if order >= 0 else 0, not m.quoted, m.end - m.start, -m.start


def _link_acronyms(text: str, entities: list[Entity], by_word: dict[str, dict[int, None]]) -> None:
    """World Health Organization (WHO), or the initials of a longer name: the letters are the same body."""
    for into, e in enumerate(entities):
        after = next((a for m in e.names if (a := _BRACKETS.match(text, m.end, m.end + 20))), None)
        for at in by_word.get(fold(after.group(1)), ()) if after else ():
            other = entities[at]
            if other is not e and len(other.fullest.words) == 1:
                _absorb(e, other, into)
    shown = [text[e.fullest.start : e.fullest.end] if e.names else "" for e in entities]
    whole = [(at, initials(word)) for at, word in enumerate(shown) if len(entities[at].fullest.words) > 1]
    for e, word in zip(entities, shown, strict=True):
        if e.kind == "name" and word.isupper() and len(e.fullest.words) == 1:
            for at in [at for at, letters in whole if letters.endswith(word)][:1]:
                _absorb(entities[at], e, at)


def _absorb(e: Entity, other: Entity, into: int) -> None:
    for m in other.names:
        m.entity = into
    e.names = sorted(e.names + other.names, key=lambda m: m.start)
    e.places = sorted(e.places + other.places)
    if other.actors:
        e.actors, e.kind = other.actors, other.kind
    e.country = e.country or other.country
    if e.kind == "name":
        e.kind = "organisation"
    other.names, other.places = [], []
