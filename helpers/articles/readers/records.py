"""What a reader hands over: a record for each article found, made of paragraphs and named fields, or a reject."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from helpers.articles.readers.clean import NOTICE, Cut, ends_sentence, tidy
from helpers.articles.readers.dates import When, parse_date
from helpers.articles.readers.labels import WORDS

_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]+(?: [A-ZÀ-ÖØ-Þ.'’-]+){0,3}"
_PLACE = rf"{_CAPITALS}(?:/{_CAPITALS})?(?:, (?:{_CAPITALS}|[A-Z][\w.]+(?: (?:and |of |the )?[A-Z][\w.]+){{0,3}}))?"
_DAY = r"(?:,? \(?(?:[A-Z][a-z]{2,8}\.?,? )?(?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}\.?)(?:,? \d{4})?\)?)"
_AGENCY = r"(?: ?\([^()]{2,60}\))"
# A dateline opens the body: the place in capitals with a colon or a dash, or any capitalised place with an agency.
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}){_DAY}?{_AGENCY}?,? ?(?::|–|—|--|-)\s+(?=\S)"
    rf"|(?P<town>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){{0,2}}(?:, [A-Z][\w'’-]+)?){_DAY}?{_AGENCY} ?(?:–|—|--|-)\s+(?=\S)"
)
_CAPITALISED = re.compile(r"[^\W\d_]{3,}")
_NO_PLACE = frozenset(WORDS["no_place"])
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
_REPORTED_FROM = re.compile(r".* in ([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,3})")
_LEAD_BLOCKS = 4
TITLE_LENGTH = 240  # no title or subtitle is longer
_OWN = ("source", "byline", "language", "title", "subtitles", "place", "date", "when", "doc_id", "constructed")
_TRUE = {"true", "1", "1.0", "yes", "y", "t"}


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its source gives it, cleaned; missing fields are None.

    `title` and `subtitles` and `body` (paragraphs) become the column ``text``; `cuts` is all that cleaning took out.
    """

    body: tuple[str, ...]
    format: str
    title: str | None = None
    subtitles: tuple[str, ...] = ()
    source: str | None = None
    byline: str | None = None
    place: str | None = None
    when: When | None = None
    language: str | None = None
    own_id: str | None = None
    constructed: bool = False
    cuts: tuple[Cut, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that came in and could not be read: in plain words, why, and on which line of its file it stood."""

    reason: str
    line: int | None = None


class UnreadableError(Exception):
    """What keeps a file, or a member of an archive, from being read, in plain words."""


def number_repeated(name: str, given: Counter[str]) -> str:
    """Return a name that has not been given before: itself, or the name with a number."""
    given[name] += 1
    return name if given[name] == 1 else number_repeated(f"{name} ({given[name]})", given)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Say what is broken, whatever its parser raises: a damaged file fails in as many ways as it can be damaged."""
    try:
        yield
    except UnreadableError:
        raise
    except Exception as error:
        told = str(error)[:120] or type(error).__name__
        raise UnreadableError(f"{what} is broken or cut short: {told}") from error


def make_record(body: list[str], fields: Mapping[str, Any], cuts: list[Cut], *, form: str) -> Record:
    """Make a record; fields that no column of ours holds are its extras. What is taken out is added to the cuts."""
    extras = dict(fields)
    own = {name: extras.pop(name, None) for name in _OWN}
    title = " ".join(tidy(own["title"] or "", cuts).split()) or None
    byline = _BY.sub("", own["byline"] or "") or None
    if notice := extras.pop("notice", None):
        cuts.append(Cut("notice", notice))
    if title and body[:1] == [title] and len(body) > 1:
        cuts.append(Cut("title repeated in the text", title))
        body = body[1:]
    if own["date"]:
        extras["date_text"] = own["date"]
    lead = _lead_of(body)
    noticed = any(NOTICE in cut.text.lower() for cut in cuts)
    return Record(
        body=tuple(body[lead:]),
        format=form,
        title=title,
        subtitles=(*(own["subtitles"] or ()), *body[:lead]),
        source=own["source"],
        byline=byline,
        place=own["place"] or _place_of(body, byline),
        when=own["when"] or parse_date(own["date"] or ""),
        language=own["language"],
        own_id=own["doc_id"],
        constructed=noticed or (own["constructed"] or "").lower() in _TRUE,
        cuts=tuple(cuts),
        extras=extras,
    )


def dateline(paragraph: str) -> str | None:
    """Return the place a paragraph opens with, as in ``KABUL: ...``; capitals are written as names are."""
    match = _DATELINE.match(paragraph[:160])
    if match is None:
        return None
    place: str = match["place"] or match["town"]
    if place.upper() in _NO_PLACE or (match["place"] and len(place) < 3):  # noqa: PLR2004
        return None
    return place_name(place)


def place_name(place: str) -> str:
    """Write a place in capitals as a name; ``U.S.`` and ``UK`` stay."""
    return _CAPITALISED.sub(lambda word: word[0].capitalize() if word[0].isupper() else word[0], place)


def _place_of(body: Sequence[str], byline: str | None) -> str | None:
    """Return the place of the dateline near the head of a body, or the one that a by-line names (``... in Kabul``)."""
    found = next(filter(None, map(dateline, body[:_LEAD_BLOCKS])), None)
    match = _REPORTED_FROM.fullmatch(byline) if byline and not found and byline.count(" in ") == 1 else None
    return match[1] if match else found


def _lead_of(body: Sequence[str]) -> int:
    """Return how many blocks above a dateline are subtitles."""
    at = next((n for n, block in enumerate(body[:_LEAD_BLOCKS]) if dateline(block)), 0)
    return 0 if any(ends_sentence(block) or len(block) > TITLE_LENGTH for block in body[:at]) else at
