"""Headlines and leads: who is meant by a role at the top of an article that names its holder further down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from helpers.statements.people.actors import country_of, fold
from helpers.statements.people.entities import Entity, is_role, plain
from helpers.statements.people.mentions import NAMED
from helpers.statements.people.scene import Scene, Speaker, is_held, is_untold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpers.statements.people.names import NameWords

_BODY = re.compile(r"(?:[^\n]{80,}[!?”\"'’]|[^\n]*\w\.)$", re.MULTILINE)
_QUOTED = re.compile(r"[“\"‘']+([^“”\"\n]{8,}?)[,.!?…]*(?:[”\"’]|'')")
_UNNAMED_STAYS = re.compile(
    r"\banonym|\bnot (?:be |to be )?(?:named|identified|authori[sz]ed)|declined to be|unnamed|unidentified"
)
_FOLK = frozenset("source witness eyewitness resident bystander onlooker observer survivor victim".split())  # noqa: SIM905
_TELLING = frozenset({"top", "senior", "chief", "head", "commander", "leader", "former", "minister", "mp", "prominent"})
_MEDIA = frozenset({"media", "organisation"})
_LEAD = 2  # paragraphs, with the headline
_SOON = 1800  # characters from a description to the name
_NEAR = 60  # characters around a name that tell of what body it is
_ANYBODY = frozenset({"man", "woman", "figure", "chief", "head", "architect", "boss"})


def headline_end(text: str) -> int:
    """Return where the first paragraph of an article starts, below its headline."""
    body = _BODY.search(text)
    return body.start() if body else 0


def name_headlines(scene: Scene, rows: Sequence[dict[str, Any]], answers: Sequence[Speaker]) -> list[Speaker]:
    """Give a role in a headline the one person of the article who holds it, or whose words the headline quotes.

    Parameters
    ----------
    scene : Scene
        The article, all its statements read.
    rows : sequence of dict
        Its statements: ``speaker``, ``start``, ``spans``.
    answers : sequence of Speaker
        Who said each, as read in order.

    Returns
    -------
    list of Speaker
        The answers, those of headlines replaced where the article tells more.
    """
    top = headline_end(scene.page.text)
    told = list(answers)
    for i, row in enumerate(rows):
        at = row["speaker_start"] if row["speaker_start"] is not None else row["start"] or 0
        e = scene.entities[told[i].entity] if told[i].entity >= 0 else None
        if at >= top or (e is not None and (e.names or e.actors or e.parts)):
            continue
        who = _quoted(scene, rows, told, i, top)
        if who < 0 and row["speaker"]:
            who = _holder(scene, row["speaker"], top)
        if who >= 0:
            told[i] = scene.shown(who)
    names = name_leads(scene, rows, told)
    return [scene.shown(names[one.entity]) if one.entity in names else one for one in told]


def name_leads(scene: Scene, rows: Sequence[dict[str, Any]], told: Sequence[Speaker]) -> dict[int, int]:
    """Give somebody described the name of who speaks next and is new: A top official said. … Ana Ruiz, who heads …."""
    order = sorted(range(len(rows)), key=lambda i: rows[i]["speaker_start"] or rows[i]["start"] or 0)
    names: dict[int, int] = {}
    spoken: set[int] = set()  # before anybody named
    for n, i in enumerate(order):
        who, at = told[i].entity, rows[i]["speaker_start"]
        if who < 0 or at is None or who in names or who in spoken:
            continue
        e = scene.entities[who]
        if len(scene.text(0, int(at)).split("\n\n")) > _LEAD or (e.names and e.kind in NAMED):
            break
        if not e.names and not e.parts and e.described and not _stays_unnamed(scene, e, int(at)):
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
    """Say whether an article keeps back who somebody is, or tells it in the description."""
    text = scene.page.text
    around = text[at:].split("\n", 1)[0]
    anybody = around[:3].lower().startswith(("a ", "an ")) and not (e.country or _TELLING.intersection(e.described))
    return bool(anybody or _UNNAMED_STAYS.search(around) or _FOLK.intersection(e.described))


def _is_new(scene: Scene, who: int, at: int) -> bool:
    """Say whether a speaker is named, and not before a position, headlines left out."""
    e = scene.entities[who]
    return not e.parts and at < e.places[0][0] < at + _SOON if e.places else False


def _may_be(e: Entity, named: Entity, words: NameWords) -> bool:
    """Say whether somebody described may be somebody named: no other country, gender or office."""
    if e.country and named.country and e.country != named.country:
        return False
    head = plain(e.described, words)[-1]
    if e.plural or not (is_role(head, words) or head in words.media_nouns):
        return False
    if head in words.media_nouns:
        return named.kind == "media" or (
            named.kind == "organisation" and not words.newspapers.isdisjoint(w for m in named.names for w in m.words)
        )
    if named.kind not in NAMED or len(named.fullest.words) < 2 or (e.gender and named.gender not in {"", e.gender}):  # noqa: PLR2004
        return False
    telling = {w for w in e.described[:-1] if w not in _TELLING}
    if (
        is_untold(named, e.gender, words)
        or any(telling.intersection(r) for r in named.roles)
        or any(is_held(head, r, words) for r in named.roles)
    ):
        return True
    offices = any(is_held(kind, r, words) for kind in ("official", "leader", "officer") for r in named.roles)
    return not offices and head not in words.kinds_of_role and not is_held("official", (head,), words)


def _quoted(scene: Scene, rows: Sequence[dict[str, Any]], told: Sequence[Speaker], i: int, top: int) -> int:
    """Return who says below what a headline quotes."""
    said = " ".join(scene.text(start, end) for start, end in rows[i]["spans"] or ())
    for quoted in _QUOTED.finditer(said):
        for other, row in zip(told, rows, strict=True):
            pieces = [scene.text(start, end).lower() for start, end in row["spans"] or () if start >= top]
            if other.entity >= 0 and any(quoted[1].lower() in piece for piece in pieces):
                return other.entity
    return -1


def _holder(scene: Scene, shown: str, top: int) -> int:
    """Return the one person below with a role, and with all that stands beside it: FO spokesman, Khost elder."""
    words = [w for w in (fold(w) for w in shown.split()) if w]
    stop = next((i for i, w in enumerate(words) if i and w in scene.words.prepositions | {"of"}), len(words))
    head = plain(words[:stop], scene.words)[-1:]
    if not head or head[0].endswith("s") or not (head[0] in _ANYBODY or is_role(head[0], scene.words)):
        return -1
    gender = scene.words.title_gender.get(words[stop - 1], "")
    demonyms = {w: country_of(scene.index.aliases.get((w,), ())) for w in words}
    countries = {c for c in demonyms.values() if c}
    beside = [
        w
        for w in words
        if not demonyms[w]
        and w not in scene.words.stoppers | scene.words.prepositions | {words[stop - 1], "former", "ex"}
    ]
    speaking = {who for _, who in scene.spoken}
    fit = []
    for at, e in enumerate(scene.entities):
        held = (
            head[0] in _ANYBODY
            or any(is_held(head[0], r, scene.words) for r in e.roles)
            or (beside and is_untold(e, gender, scene.words))
        )
        foreign = bool(countries) and e.country not in {"", *countries}
        if e.kind not in {"person", "name"} or not e.names or foreign or (gender and e.gender not in {"", gender}):
            continue
        around = [_around(scene, m.start, m.end) for m in e.names if m.start >= top]
        # said Ana Ruiz, who coached the boys: the coach
        held = held or (
            at in speaking and is_untold(e, gender, scene.words) and _tells(around, head[0], capitals=False)
        )
        if not held:
            continue
        if (beside or head[0] not in _ANYBODY) and all(_tells(around, w, capitals=w.upper() in shown) for w in beside):
            fit.append(at)
    return fit[0] if len(fit) == 1 else -1


def _around(scene: Scene, start: int, end: int) -> str:
    """Return the words beside a name, within its paragraph."""
    before, after = scene.text(max(0, start - _NEAR), start), scene.text(start, end + _NEAR)
    return before.rsplit("\n", 1)[-1] + after.split("\n", 1)[0]


def _tells(around: Sequence[str], word: str, *, capitals: bool) -> bool:
    """Say whether a word, or the words that capitals stand for, stands near a name."""
    for text in around:
        found = re.findall(r"\w+", text)
        if any(fold(w)[:5] == word[:5] for w in found):
            return True
        if capitals and word in "".join(w[0].lower() for w in found if w[0].isupper()):
            return True
    return False
