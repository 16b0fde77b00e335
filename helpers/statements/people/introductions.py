"""Introductions: who comes into an article without a name, alone or as several, and may be meant by a pronoun."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.statements.people.actors import fold
from helpers.statements.people.entities import Entity, is_plural, is_role, plain
from helpers.statements.people.mentions import Mention

if TYPE_CHECKING:
    from helpers.statements.people.mentions import Page

_UNNAMED = re.compile(r"\b([Aa]n?|One) ((?:[\w’'-]+ ){0,3}[\w’'-]+)")
_SEVERAL = re.compile(
    r"\b(?:[Tt]he |[Ss]ome |[Mm]any |[Tt]wo )?(?:(?P<kind>[A-Z][\w-]+|(?:[A-Z]\.)+(?: [a-z]+)?(?= [a-z])) )?"
    r"(?P<head>[A-Z]?[a-z]+(?:s|men))\b"
    r"(?P<where> (?:of|in|at|from) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)?"
)
_NAME_NEXT = re.compile(r" ?(?:(?:named|called) )?[^\W\d_a-zß-öø-ÿ]")


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
        if role < 0 or page.is_quoted(m.start()) or told or governed:
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
