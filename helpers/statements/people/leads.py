"""Leads: who is meant by a role at the top of an article that names its holder further down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from helpers.statements.people.entities import Entity, is_held, is_role, plain
from helpers.statements.people.mentions import NAMED
from helpers.statements.people.scene import Scene, Speaker, is_untold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.statements.people.names import NameWords

_BODY_END = re.compile(r"\w\.$")
_LONG = 80  # characters of a line that may also end in another mark than a stop
_UNNAMED_STAYS = re.compile(
    r"\banonym|\bnot (?:be |to be )?(?:named|identified|authori[sz]ed)|declined to be|unnamed|unidentified"
)
_TELLING = frozenset({"top", "senior", "chief", "head", "commander", "leader", "former", "minister", "mp", "prominent"})
_MEDIA = frozenset({"media", "organisation"})
_LEAD = 2  # paragraphs, with the headline
_SOON = 1800  # characters from a description to the name


def headline_end(text: str) -> int:
    """Return where the first paragraph of an article starts, below its headline."""
    start = 0
    for line in text.split("\n"):
        if _BODY_END.search(line[-2:]) or (len(line) > _LONG and line.endswith(("!", "?", "”", '"', "'", "’"))):
            return start
        start += len(line) + 1
    return 0


def name_leads(scene: Scene, rows: Sequence[dict[str, Any]], told: Sequence[Speaker]) -> dict[int, int]:
    """Give somebody described the name of who speaks next and is new: A top official said. … Ana Ruiz, who heads …."""
    order = sorted(range(len(rows)), key=lambda i: rows[i]["speaker_start"] or rows[i]["start"] or 0)
    names: dict[int, int] = {}
    spoken: set[int] = set()  # before anybody named
    for n, i in enumerate(order):
        who, at = told[i].entity, rows[i]["speaker_start"]
        if who < 0 or at is None or who in spoken:
            continue
        e = scene.entities[who]
        if len(scene.text(0, int(at)).split("\n\n")) > _LEAD or (e.names and e.kind in NAMED):
            break
        if not e.names and e.described and not _stays_unnamed(scene, e, int(at)):
            later = (told[j].entity for j in order[n + 1 :])
            kinds = _MEDIA if e.described[-1] in scene.words.media_nouns else NAMED
            named = next(
                (x for x in later if x >= 0 and scene.entities[x].names and scene.entities[x].kind in kinds), -1
            )
            if named >= 0 and _is_new(scene, named, int(at)) and _may_be(e, scene.entities[named], scene.words):
                names[who] = named
        spoken.add(who)
    return names


def _stays_unnamed(scene: Scene, e: Entity, at: int) -> bool:
    """Say whether an article keeps back who somebody is, or tells no more than what: a resident."""
    around = scene.page.text[at:].split("\n", 1)[0]
    anybody = around[:3].lower().startswith(("a ", "an ")) and not (e.country or _TELLING.intersection(e.described))
    return bool(anybody or _UNNAMED_STAYS.search(around))


def _is_new(scene: Scene, who: int, at: int) -> bool:
    """Say whether a speaker is named, and not before a position, headlines left out."""
    e = scene.entities[who]
    return bool(e.places) and at < e.places[0][0] < at + _SOON


def _may_be(e: Entity, named: Entity, words: NameWords) -> bool:
    """Say whether somebody described may be somebody named: no other country, gender or office."""
    if e.country and named.country and e.country != named.country:
        return False
    head = plain(e.described, words)[-1]
    if e.plural or not (is_role(head, words) or head in words.media_nouns):
        return False
    if head in words.media_nouns:
        return named.kind == "media"
    telling = {*e.described[:-1]} - _TELLING
    if is_untold(named, e.gender, words) or any(
        telling.intersection(r) or is_held(head, r, words) for r in named.roles
    ):
        return True
    offices = any(is_held(kind, r, words) for kind in ("official", "leader", "officer") for r in named.roles)
    return not offices
