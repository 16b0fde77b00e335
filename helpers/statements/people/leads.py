"""Leads: who is meant by a role whose holder the article names further down."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from helpers.statements.people.entities import Entity, is_held, is_role, plain
from helpers.statements.people.mentions import NAMED
from helpers.statements.people.names import NameWords
from helpers.statements.people.scene import Scene, Speaker

_BODY_END = re.compile(r"\w\.$")
_LONG = 80  # characters of a line that may also end in another mark than a stop
_UNNAMED_STAYS = re.compile(
    r"\banonym|\bnot (?:be |to be )?(?:named|identified|authori[sz]ed)|declined to be|unnamed|unidentified"
    r"|^(?:\w+ ){0,3}source"
)
_ANYBODY = re.compile(r"(?:an?|one) ", re.IGNORECASE)
_TELLING = frozenset({"top", "senior", "chief", "head", "commander", "leader", "former", "minister", "mp", "prominent"})
_LEAD = 2  # paragraphs, with the headline
_FIRST = 40  # statements that are looked at, so that long articles take no longer
_MADE = re.compile(r" made (?:the|these|those) (?:remark|comment|statement|announcement)")
_STEM = re.compile(r"\w{4,6}")
_FEW = 5  # words of a content: fewer are not enough to know it again
_ENOUGH = 1.0  # to be named next and not before, or to hold the office and say some of the same
_SURE = 1.75  # where no more is told than what somebody is: a resident
_FAR = 2.5  # below the lead: to say the same, too


def headline_end(text: str) -> int:
    """Return where the first paragraph of an article starts, below its headline."""
    start = 0
    for line in text.split("\n"):
        if _BODY_END.search(line[-2:]) or (len(line) > _LONG and line.endswith((":", "!", "?", "”", '"', "'", "’"))):
            return start
        start += len(line) + 1
    return 0


def name_leads(scene: Scene, rows: Sequence[dict[str, Any]], told: Sequence[Speaker], top: int) -> dict[int, int]:
    """Give who is only described the name of the likeliest who speaks below."""
    order = sorted((row["speaker_start"] or row["start"] or 0, i) for i, row in enumerate(rows) if told[i].entity >= 0)
    order = order[:_FIRST]
    names = _name_makers(scene, [(at, told[i].entity) for at, i in order])
    for n, (at, i) in enumerate(order):
        who = told[i].entity
        e = scene.entities[who]
        line, _, _ = scene.page.text[at:].partition("\n")
        if who not in names and e.described and not (e.names or e.plural or _UNNAMED_STAYS.search(line)):
            far = at >= top and scene.text(0, at).count("\n\n") >= _LEAD
            anybody = _ANYBODY.match(line) and not (e.country or _TELLING.intersection(e.described))  # a resident
            below = [j for place, j in order[n + 1 :] if place >= top]
            score, best = max(_likeness(scene, rows, told, i, below), default=(0.0, -1))
            if score >= (_FAR if far else _SURE if anybody else _ENOUGH):
                names[who] = best
    return names


def _name_makers(scene: Scene, spoke: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Name whoever is only described by who is said to have spoken: A judge said so. Ana Ruiz made the remarks."""
    names: dict[int, int] = {}
    for made in _MADE.finditer(scene.page.text):
        who = [who for at, who in spoke if at < made.start()][-1:]
        named = scene.within(made.start() - _LONG, made.start())[-1:]
        if who and named and named[0].end == made.start() and named[0].kind in NAMED:
            e = scene.entities[who[0]]
            bare = e.described and not (e.names or e.plural)
            if bare and _fit(e, scene.entities[named[0].entity], scene.words) is not None:
                names[who[0]] = named[0].entity
    return names


def _likeness(
    scene: Scene, rows: Sequence[dict[str, Any]], told: Sequence[Speaker], i: int, below: Sequence[int]
) -> Iterator[tuple[float, int]]:
    """Weigh who of those named below it is likely to be: by office, if named next and not before, by the same words."""
    e, at = scene.entities[told[i].entity], int(rows[i]["speaker_start"] or 0)
    kinds = {"media"} if e.described[-1] in scene.words.media_nouns else NAMED
    said, first = _stems(scene, rows[i]), -1
    for j in below:
        who = told[j].entity
        named = scene.entities[who]
        if named.names and named.kind in kinds:
            first = who if first < 0 else first
            fit = _fit(e, named, scene.words)
            new = who == first and at < named.names[0].start
            if fit is not None:
                same = len(said & _stems(scene, rows[j])) / max(len(said), _FEW)
                yield fit + new + 3 * same, who


def _stems(scene: Scene, row: dict[str, Any]) -> set[str]:
    """Return the beginnings of the longer words of a content."""
    return {w for start, end in row["spans"] or () for w in _STEM.findall(scene.text(start, end).lower())}


def _fit(e: Entity, named: Entity, words: NameWords) -> float | None:
    """Weigh how well somebody named is what is described; nothing for another country, gender or kind."""
    head = plain(e.described, words)[-1]
    apart = any(a and b and a != b for a, b in ((e.country, named.country), (e.gender, named.gender)))
    if apart or not (head in words.media_nouns or is_role(head, words)):
        return None
    telling = {*e.described[:-1]} - _TELLING
    held = any(telling.intersection(r) or is_held(head, r, words) for r in named.roles)
    return 0.5 if held and (named.country or not e.country) else 0.0
